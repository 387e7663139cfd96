// Batch: what devices said, decoded and bounded, as it passes through the lane in one transaction.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lifang::readings {

/// Facts about one value; bits of Value::flags.
enum Flag : std::uint8_t {
  suspect = 1,  ///< outside the profile's range: stored, kept from latest, rules and roll-ups
  late = 2,     ///< older than the newest one of its series: history only, never judged
  repeated =
      4,  ///< its (device, metric, ts) is already there: counted, not stored again, never judged
};

/// One number of an item. `metric` is the devices room's number of the metric.
struct Value {
  double value = 0;  ///< finite
  std::uint16_t metric = 0;
  std::uint8_t flags =
      0;  ///< the porch sets `suspect`; Readings::append sets `late` and `repeated`
};

/// Of a device that gives no times, no moment lies before an earlier one: where its newest lies ahead of the node's clock
/// (which was ahead, and was set back), it goes on from there, and a quarter of what passes is given back until they agree.
/// `passed` ms of the node are so many of the device …
constexpr std::int64_t paced(std::int64_t passed) { return passed - passed / 4; }
/// … and the least number of the node's in which so many of the device pass.
constexpr std::int64_t until_paced(std::int64_t ahead) {
  if (ahead < 1) return ahead;
  return ahead > INT64_MAX / 4 * 3 ? INT64_MAX : ahead + (ahead - 1) / 3;
}

/// One (device, ts) with its values: `values[first] … values[first + count - 1]` of the batch.
struct Item {
  std::int64_t ts =
      0;  ///< Unix milliseconds, by the device's clock (or the arrival, if it gave none)
  std::int64_t arrived = 0;  ///< Unix milliseconds, by the server's clock
  std::uint32_t device = 0;  ///< the devices room's number of the device
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  bool by_arrival = false;  ///< it gave no time: Readings::append lifts `ts` over what it said before
};

/// Something seen rather than measured ("ebike_in_lift"). Rare beside values, so it may own text.
struct Detection {
  std::int64_t ts = 0;
  std::int64_t arrived = 0;
  std::uint32_t device = 0;
  std::uint8_t flags = 0;
  double confidence = 1;  ///< 0…1
  std::string kind;
  std::string attributes;  ///< a JSON object as text, or empty
  std::string file;        ///< id of the picture or clip, or empty
  std::string id;  ///< "det_…", made by Readings::append; empty if the detection is repeated
  bool masked = false;  ///< read back without what tells who
  bool by_arrival = false;  ///< as Item::by_arrival
};

/// Flat columns, so that filling and clearing one costs no allocation once it has grown.
/// Items stand in order of arrival. Items of devices that are unknown or refused are not in it.
struct Batch {
  std::vector<Item> items;
  std::vector<Value> values;
  std::vector<Detection> detections;

  std::span<const Value> values_of(const Item& item) const {
    return std::span(values).subspan(item.first, item.count);
  }
  bool empty() const { return items.empty() && detections.empty(); }
  void clear() {
    items.clear();
    values.clear();
    detections.clear();
  }
};

}  // namespace lifang::readings
