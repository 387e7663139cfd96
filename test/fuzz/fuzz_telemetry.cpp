// Any bytes as a device's message, in all four shapes: what is taken is bounded, finite and really JSON; what is refused left
// nothing behind.
#include "fuzz_main.hpp"

#include <boost/json.hpp>
#include <cmath>

#include "base/check.hpp"
#include "porch/telemetry.hpp"

namespace {

using namespace lifang;

constexpr double kLow[] = {0, -100, -INFINITY}, kHigh[] = {2000, 100, INFINITY};

devices::DevicePtr device(const char* id, std::uint32_t number, const char* gateway) {
  static const auto profile = [] {
    auto made = std::make_shared<devices::ProfileEntry>();
    made->id = "p";
    made->metrics.resize(3);
    constexpr const char* kNames[] = {"pm25", "t", "water \xe4\xbd\x8d"};
    for (std::size_t i = 0; i < 3; ++i) {
      made->metrics[i].name = kNames[i];
      made->metrics[i].number = static_cast<std::uint16_t>(10 + i);
      made->metrics[i].min = kLow[i];
      made->metrics[i].max = kHigh[i];
    }
    return made;
  }();
  auto entry = std::make_shared<devices::DeviceEntry>();
  entry->id = id;
  entry->number = number;
  entry->gateway = gateway;
  entry->profile = profile;
  entry->state = std::make_shared<devices::DeviceState>();
  return entry;
}

/// As another parser sees it, which alone minds exponents of many digits.
bool is_json(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = 64;
  options.allow_invalid_utf8 = true;
  boost::system::error_code error;
  boost::json::stream_parser parser({}, options);
  parser.write(text.data(), text.size(), error);
  if (!error) parser.finish(error);
  return !error || error == boost::json::error::exponent_overflow;
}

void check_item(const readings::Batch& batch, const readings::Item& item, const porch::Limits& limits) {
  check(item.first + item.count <= batch.values.size() && item.count > 0, "an item points at its values");
  check(item.device == 1 || item.device == 2, "a device that nobody spoke for");
  check(item.ts <= limits.now + limits.max_ahead, "a future time was taken");
  for (const auto& value : batch.values_of(item)) {
    check(std::isfinite(value.value), "no finite value");
    check(value.metric >= 10 && value.metric < 13, "a metric that the profile has not");
    const bool outside = value.value < kLow[value.metric - 10] || value.value > kHigh[value.metric - 10];
    check(outside == ((value.flags & readings::suspect) != 0), "suspect is what lies outside the range");
  }
}

void check_taken(std::string_view text, const porch::Taken& taken, const readings::Batch& batch, const porch::Limits& limits) {
  check(taken.items == batch.items.size() + batch.detections.size(), "what was counted was taken");
  std::uint64_t refused = 0, traced = 0;
  for (const auto count : taken.refused) refused += count;
  for (const porch::Trace& trace : taken.traces) {
    check(trace.device->number == 1 || trace.device->number == 2, "a trace of somebody else");
    if (trace.reason != porch::kSuspect) traced += trace.times;
  }
  check(refused == traced, "what is refused leaves its trace");
  check(taken.items > 0 || refused > 0, "who got nothing in is told why");
  if (!taken.readable) {
    check(batch.empty() && batch.values.empty(), "an unreadable message left something behind");
    return;
  }
  if (!is_json(text)) std::fprintf(stderr, "%.*s\n", static_cast<int>(text.size()), text.data());
  check(is_json(text), "readable, and no JSON");
  check(batch.values.size() + batch.detections.size() <= limits.max_values, "more than a message may hold");
  for (const auto& item : batch.items) check_item(batch, item, limits);
  for (const auto& seen : batch.detections) {
    check(!seen.kind.empty() && seen.confidence >= 0 && seen.confidence <= 1, "a detection without sense");
    check(seen.attributes.empty() || is_json(seen.attributes), "attributes are no JSON");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto speaker = device("a", 1, ""), other = device("b", 2, "a");
  static devices::Registry registry;
  static const bool kept = [] {
    registry.keep(std::const_pointer_cast<devices::DeviceEntry>(speaker));
    registry.keep(std::const_pointer_cast<devices::DeviceEntry>(other));
    return true;
  }();
  (void)kept;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  porch::Limits limits;
  limits.now = 1'700'000'000'000;
  limits.max_values = 20;
  readings::Batch batch;
  const auto hold = [&](const porch::Taken& taken) {
    check_taken(text, taken, batch, limits);
    batch.clear();
  };
  hold(porch::read_telemetry(text, *speaker, limits, batch));
  hold(porch::read_detections(text, *speaker, limits, batch));
  hold(porch::read_gateway_telemetry(text, *speaker, registry, limits, batch));
  hold(porch::read_gateway_detections(text, *speaker, registry, limits, batch));
  return 0;
}
