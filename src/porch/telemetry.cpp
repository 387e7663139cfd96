#include "porch/telemetry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/id.hpp"
#include "base/reflect.hpp"
#include "base/time.hpp"
#include "porch/scanner.hpp"

namespace lifang::porch {
namespace {

using devices::DeviceEntry;
using readings::Batch;

constexpr double kMaxTs = 253'402'300'800'000.0;  // the year 10000
/// A whole number that is no instant of ours any more (microseconds, say) stands for one so far ahead that it is refused.
std::int64_t instant_of(double ts) { return static_cast<std::int64_t>(std::min(ts, kMaxTs - 1)); }

constexpr std::size_t kMaxAttributes = 16 * 1024;
constexpr std::int64_t kSetBack = 60'000;  // ms

/// What stands where a number was due, by its first character.
std::string_view kind_of(char first) {
  switch (first) {
    case '"': return "\"…\"";
    case '{': return "{…}";
    case '[': return "[…]";
    case 'n': return "null";
    default: return "NaN, ±∞";
  }
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

/// Rooms read attributes again with the house's own reader, which is stricter than the scanner (one key twice, U+0000, 1e400):
/// what it refuses there would be a fault of the node, so it is asked here. Detections are few.
bool is_kept_json(std::string_view attributes) { return is_json(attributes, {kMaxAttributes, 32}); }

/// One message on its way into the batch; forgets all of it if the message turns out unreadable.
class Message {
 public:
  Message(std::string_view payload, const DeviceEntry& speaker, const Limits& limits, Batch& batch)
      : payload_(payload), speaker_(speaker), scan_(payload, limits.max_depth), limits_(limits), batch_(batch),
        items_(batch.items.size()), values_(batch.values.size()), detections_(batch.detections.size()) {}

  /// `sample()` is made only for the first of its kind.
  template <class Sample>
  void refuse(const DeviceEntry& device, Refused why, Sample&& sample) {
    ++taken_.refused[static_cast<std::size_t>(why)];
    trace(device, name(why), sample);
  }
  /// At the end: whether it was readable, and what was taken of it.
  Taken finish() {
    const bool readable = scan_.finished() && !too_many_;
    if (!readable) {
      batch_.items.resize(items_);
      batch_.values.resize(values_);
      batch_.detections.resize(detections_);
      taken_ = {};
      taken_.readable = false;
      if (too_many_) refuse(speaker_, Refused::too_many, [&] { return fmt::format("> {}", limits_.max_values); });
      else refuse(speaker_, Refused::unreadable, [&] { return fmt::format("{}/{}", scan_.position() - payload_.data(), payload_.size()); });
    }
    taken_.items = static_cast<std::uint32_t>(batch_.items.size() - items_ + batch_.detections.size() - detections_);
    if (readable && taken_.items == 0 && taken_.traces.empty()) refuse(speaker_, Refused::empty, [] { return std::string(); });
    return std::move(taken_);
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
      auto device = registry.find(id);
      if (!device || (device->gateway != gateway.id && device->id != gateway.id)) {
        refuse(gateway, Refused::not_its_device, [&] { return std::string(id.substr(0, 65)); });
        scan_.skip();
        return;
      }
      const DeviceEntry& known = *taken_.spoken_for.emplace_back(std::move(device));
      each(known);
    });
  }

 private:
  template <class Sample>
  void trace(const DeviceEntry& device, std::string_view reason, Sample&& sample) {
    // Devices stand one behind the other in a message: the last few traces are the ones to look at.
    for (auto at = taken_.traces.rbegin(); at != taken_.traces.rend() && at->device == &device; ++at)
      if (at->reason == reason) {
        ++at->times;
        return;
      }
    taken_.traces.push_back({&device, reason, 1, sample()});
  }

  void telemetry_object(const DeviceEntry& device) {
    const char* start = scan_.position();
    bool has_ts = false, has_values = false;
    double ts = 0;
    const std::size_t first = batch_.values.size();
    scan_.object([&](std::string_view key) {
      if (key == "ts") {
        if (scan_.value(ts) != Scanner::Kind::number || ts != std::floor(ts) || ts < -kMaxTs) scan_.spoil();
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
    item(device, has_ts ? std::optional(instant_of(ts)) : std::nullopt, first);
  }

  void value(const DeviceEntry& device, std::string_view metric) {
    const devices::MetricEntry* known = device.profile->find(metric);
    double number = 0;
    const char first = scan_.peek();
    // A name with escapes lives until the next text is read: what is said of it is made before.
    if (!known) {
      refuse(device, Refused::unknown_metric, [&] { return std::string(metric.substr(0, 65)); });
      return scan_.skip();
    }
    const auto kind = scan_.value(number);
    if (!scan_.good()) return;
    if (kind == Scanner::Kind::other)
      return refuse(device, Refused::bad_value, [&] { return known->name + ": " + std::string(kind_of(first)); });
    if (batch_.values.size() - values_ >= limits_.max_values) {
      too_many_ = true;
      return scan_.spoil();
    }
    const auto flags = static_cast<std::uint8_t>(device.suspect(*known, number) ? readings::suspect : 0);
    if (flags) trace(device, kSuspect, [&] { return fmt::format("{}: {}", known->name, number); });
    batch_.values.push_back({number, known->number, flags});
  }

  /// The instant that a message without ts gets: its arrival, strictly increasing for the device. What lies more than a
  /// minute ahead is no quick succession: the node's clock was set back. The readings know what is stored and go on there.
  std::int64_t arrival(const DeviceEntry& device) const {
    auto& last = device.state->last_arrival;
    std::int64_t before = last.load(std::memory_order_relaxed), now;
    do now = before > limits_.now + kSetBack ? limits_.now : std::max(limits_.now, before + 1);
    while (!last.compare_exchange_weak(before, now, std::memory_order_relaxed));
    return now;
  }

  void item(const DeviceEntry& device, std::optional<std::int64_t> ts, std::size_t first) {
    const std::size_t count = batch_.values.size() - first;
    if (count == 0) return;
    if (ts && *ts > limits_.now + limits_.max_ahead) {
      batch_.values.resize(first);
      return refuse(device, Refused::future, [&] { return to_rfc3339(from_ms(*ts)); });
    }
    batch_.items.push_back({ts ? *ts : arrival(device), limits_.now, device.number, static_cast<std::uint32_t>(first),
                            static_cast<std::uint32_t>(count), !ts});
  }

  void detection(const DeviceEntry& device) {
    readings::Detection d;
    d.device = device.number;
    d.arrived = limits_.now;
    std::optional<std::int64_t> ts;
    const char* bad = nullptr;  // the field
    scan_.object([&](std::string_view key) {
      std::string_view text;
      if (key == "kind" && scan_.peek() == '"') {
        if (scan_.string(text)) d.kind = text;
      } else if (key == "file" && scan_.peek() != 'n') {
        if (scan_.peek() != '"') {
          bad = "file";
          scan_.skip();
        } else if (scan_.string(text)) {
          d.file = text;
        }
      } else if (key == "confidence") {
        if (scan_.value(d.confidence) != Scanner::Kind::number) bad = "confidence";
      } else if (key == "ts") {
        double number = 0;
        if (scan_.value(number) != Scanner::Kind::number || number != std::floor(number) || number < -kMaxTs) bad = "ts";
        else ts = instant_of(number);
      } else if (key == "attributes" && scan_.peek() != 'n') {
        if (scan_.peek() != '{') bad = "attributes";
        const char* from = scan_.position();
        scan_.skip();
        d.attributes.assign(from, scan_.position());
      } else {
        scan_.skip();
      }
    });
    if (!scan_.good()) return;
    if (d.kind.empty() || d.kind.size() > 64 || std::ranges::any_of(d.kind, is_control)) bad = "kind";
    if (d.confidence < 0 || d.confidence > 1) bad = "confidence";
    if (!d.attributes.empty() && !is_kept_json(d.attributes)) bad = "attributes";
    if (!d.file.empty() && !is_client_id(d.file)) bad = "file";
    if (bad) return refuse(device, Refused::bad_detection, [&] { return std::string(bad); });
    if (ts && *ts > limits_.now + limits_.max_ahead)
      return refuse(device, Refused::future, [&] { return to_rfc3339(from_ms(*ts)); });
    if (batch_.detections.size() - detections_ >= limits_.max_values) {
      too_many_ = true;
      return scan_.spoil();
    }
    d.ts = ts ? *ts : arrival(device);
    d.by_arrival = !ts;
    batch_.detections.push_back(std::move(d));
  }

  std::string_view payload_;
  const DeviceEntry& speaker_;
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
    case Refused::empty: return "porch.empty";
  }
  return "porch.unknown";
}

Taken read_telemetry(std::string_view payload, const DeviceEntry& device, const Limits& limits, Batch& batch) {
  Message message(payload, device, limits, batch);
  message.telemetry(device);
  return message.finish();
}

Taken read_gateway_telemetry(std::string_view payload, const DeviceEntry& gateway, const devices::Registry& registry,
                             const Limits& limits, Batch& batch) {
  Message message(payload, gateway, limits, batch);
  message.gateway(gateway, registry, [&](const DeviceEntry& device) { message.telemetry(device); });
  return message.finish();
}

Taken read_detections(std::string_view payload, const DeviceEntry& device, const Limits& limits, Batch& batch) {
  Message message(payload, device, limits, batch);
  message.detections(device);
  return message.finish();
}

Taken read_gateway_detections(std::string_view payload, const DeviceEntry& gateway, const devices::Registry& registry,
                              const Limits& limits, Batch& batch) {
  Message message(payload, gateway, limits, batch);
  message.gateway(gateway, registry, [&](const DeviceEntry& device) { message.detections(device); });
  return message.finish();
}

}  // namespace lifang::porch
