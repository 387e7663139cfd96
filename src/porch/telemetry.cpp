#include "porch/telemetry.hpp"

#include <cmath>
#include <optional>

#include "base/id.hpp"
#include "porch/scanner.hpp"

namespace lifang::porch {
namespace {

using devices::DeviceEntry;
using readings::Batch;

constexpr double kMaxTs = 253'402'300'800'000.0;  // the year 10000
constexpr std::size_t kMaxAttributes = 16 * 1024;

/// One message on its way into the batch; forgets all of it if the message turns out unreadable.
class Message {
 public:
  Message(std::string_view payload, const Limits& limits, Batch& batch)
      : scan_(payload, limits.max_depth), limits_(limits), batch_(batch), items_(batch.items.size()),
        values_(batch.values.size()), detections_(batch.detections.size()) {}

  Scanner& scan() { return scan_; }
  void refuse(Refused why) { ++taken_.refused[static_cast<std::size_t>(why)]; }
  /// At the end: whether it was readable, and what was taken of it.
  Taken finish() {
    const bool readable = scan_.finished() && !too_many_;
    if (!readable) {
      batch_.items.resize(items_);
      batch_.values.resize(values_);
      batch_.detections.resize(detections_);
      taken_ = {};
      taken_.readable = false;
      refuse(too_many_ ? Refused::too_many : Refused::unreadable);
    }
    taken_.items = static_cast<std::uint32_t>(batch_.items.size() - items_ + batch_.detections.size() - detections_);
    return taken_;
  }

  void telemetry(const DeviceEntry& device) {
    if (scan_.peek() == '[') scan_.array([&] { telemetry_object(device); });
    else telemetry_object(device);
  }
  void detections(const DeviceEntry& device) {
    if (scan_.peek() == '[') scan_.array([&] { detection(device); });
    else detection(device);
  }
  /// Members are devices of the gateway; `each(device)` takes the value.
  template <class Each>
  void gateway(const DeviceEntry& gateway, const devices::Registry& registry, Each&& each) {
    scan_.object([&](std::string_view id) {
      const auto device = registry.find(id);
      if (!device || (device->gateway != gateway.id && device->id != gateway.id)) {
        refuse(Refused::not_its_device);
        scan_.skip();
        return;
      }
      each(*device);
    });
  }

 private:
  void telemetry_object(const DeviceEntry& device) {
    const char* start = scan_.position();
    bool has_ts = false, has_values = false;
    double ts = 0;
    const std::size_t first = batch_.values.size();
    scan_.object([&](std::string_view key) {
      if (key == "ts") {
        if (scan_.value(ts) != Scanner::Kind::number || ts != std::floor(ts) || std::abs(ts) > kMaxTs) scan_.spoil();
        has_ts = true;
      } else if (key == "values" && scan_.peek() == '{') {
        has_values = true;
        scan_.object([&](std::string_view metric) { value(device, metric); });
      } else {
        scan_.skip();
      }
    });
    if (!scan_.good()) return;
    if (!has_values) {
      // {"pm25":151}: the object itself holds the values.
      scan_.rewind(start);
      scan_.object([&](std::string_view metric) {
        if (metric == "ts" && has_ts) scan_.skip();
        else value(device, metric);
      });
    }
    item(device, has_ts ? std::optional(static_cast<std::int64_t>(ts)) : std::nullopt, first);
  }

  void value(const DeviceEntry& device, std::string_view metric) {
    const devices::MetricEntry* known = device.profile->find(metric);
    double number = 0;
    const auto kind = scan_.value(number);
    if (!scan_.good()) return;
    if (!known) return refuse(Refused::unknown_metric);
    if (kind == Scanner::Kind::other) return refuse(Refused::bad_value);
    if (batch_.values.size() - values_ >= limits_.max_values) {
      too_many_ = true;
      return scan_.spoil();
    }
    const auto flags = static_cast<std::uint8_t>(device.suspect(*known, number) ? readings::suspect : 0);
    if (flags) ++device.state->suspect;
    batch_.values.push_back({number, known->number, flags});
  }

  /// The instant that a message without ts gets: its arrival, strictly increasing for the device.
  std::int64_t arrival(const DeviceEntry& device) const {
    auto& last = device.state->last_arrival;
    std::int64_t before = last.load(std::memory_order_relaxed), now;
    do now = std::max(limits_.now, before + 1);
    while (!last.compare_exchange_weak(before, now, std::memory_order_relaxed));
    return now;
  }

  void item(const DeviceEntry& device, std::optional<std::int64_t> ts, std::size_t first) {
    const std::size_t count = batch_.values.size() - first;
    if (count == 0) return;
    if (ts && *ts > limits_.now + limits_.max_ahead) {
      batch_.values.resize(first);
      return refuse(Refused::future);
    }
    batch_.items.push_back({ts ? *ts : arrival(device), limits_.now, device.number, static_cast<std::uint32_t>(first),
                            static_cast<std::uint32_t>(count)});
  }

  void detection(const DeviceEntry& device) {
    readings::Detection d;
    d.device = device.number;
    d.arrived = limits_.now;
    std::optional<std::int64_t> ts;
    bool bad = false;
    scan_.object([&](std::string_view key) {
      std::string_view text;
      if (key == "kind" && scan_.peek() == '"') {
        if (scan_.string(text)) d.kind = text;
      } else if (key == "file" && scan_.peek() == '"') {
        if (scan_.string(text)) d.file = text;
      } else if (key == "confidence") {
        bad |= scan_.value(d.confidence) != Scanner::Kind::number;
      } else if (key == "ts") {
        double number = 0;
        if (scan_.value(number) != Scanner::Kind::number || number != std::floor(number) || std::abs(number) > kMaxTs) bad = true;
        else ts = static_cast<std::int64_t>(number);
      } else if (key == "attributes" && scan_.peek() == '{') {
        const char* from = scan_.position();
        scan_.skip();
        d.attributes.assign(from, scan_.position());
      } else {
        scan_.skip();
      }
    });
    if (!scan_.good()) return;
    bad |= d.kind.empty() || d.kind.size() > 64 || d.confidence < 0 || d.confidence > 1 ||
           d.attributes.size() > kMaxAttributes || d.attributes.find("NaN") != std::string::npos ||
           (!d.file.empty() && !is_client_id(d.file));
    if (bad) return refuse(Refused::bad_detection);
    if (ts && *ts > limits_.now + limits_.max_ahead) return refuse(Refused::future);
    if (batch_.detections.size() - detections_ >= limits_.max_values) {
      too_many_ = true;
      return scan_.spoil();
    }
    d.ts = ts ? *ts : arrival(device);
    batch_.detections.push_back(std::move(d));
  }

  Scanner scan_;
  const Limits& limits_;
  Batch& batch_;
  std::size_t items_, values_, detections_;
  Taken taken_;
  bool too_many_ = false;
};

}  // namespace

std::string_view name(Refused why) {
  switch (why) {
    case Refused::unreadable: return "porch.unreadable";
    case Refused::unknown_metric: return "porch.unknown_metric";
    case Refused::bad_value: return "porch.bad_value";
    case Refused::future: return "porch.future";
    case Refused::too_many: return "porch.too_many_values";
    case Refused::not_its_device: return "porch.not_its_device";
    case Refused::bad_detection: return "porch.bad_detection";
  }
  return "porch.unknown";
}

Taken read_telemetry(std::string_view payload, const DeviceEntry& device, const Limits& limits, Batch& batch) {
  Message message(payload, limits, batch);
  message.telemetry(device);
  return message.finish();
}

Taken read_gateway_telemetry(std::string_view payload, const DeviceEntry& gateway, const devices::Registry& registry,
                             const Limits& limits, Batch& batch) {
  Message message(payload, limits, batch);
  message.gateway(gateway, registry, [&](const DeviceEntry& device) { message.telemetry(device); });
  return message.finish();
}

Taken read_detections(std::string_view payload, const DeviceEntry& device, const Limits& limits, Batch& batch) {
  Message message(payload, limits, batch);
  message.detections(device);
  return message.finish();
}

Taken read_gateway_detections(std::string_view payload, const DeviceEntry& gateway, const devices::Registry& registry,
                              const Limits& limits, Batch& batch) {
  Message message(payload, limits, batch);
  message.gateway(gateway, registry, [&](const DeviceEntry& device) { message.detections(device); });
  return message.finish();
}

}  // namespace lifang::porch
