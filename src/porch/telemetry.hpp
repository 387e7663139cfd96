// Telemetry: the JSON that devices send, read straight into a batch. Pure; bounded; any bytes are safe.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rooms/devices/devices_registry.hpp"
#include "rooms/readings/readings_batch.hpp"

namespace lifang::porch {

/// Why something was not taken; each has its own count in lifang_refused_total.
enum class Refused : std::uint8_t {
  unreadable,      ///< no JSON, or not of the contract's shape: nothing of the message was taken
  unknown_metric,  ///< the profile has none of that name
  bad_value,       ///< text, null, nested, NaN or infinity where a number was due
  future,          ///< further ahead of our clock than we believe
  too_many,        ///< more values than a message may hold: nothing was taken
  not_its_device,  ///< a gateway spoke for a device that is not its own
  bad_detection,   ///< no kind, a confidence outside 0…1, or attributes that are not JSON as the house reads it
  empty,           ///< readable, but nothing stands in it
};
constexpr std::size_t kRefusals = 8;
std::string_view name(Refused why);  ///< "porch.unreadable" …

/// What the page of a device is to say of one message: what was refused of it, and what is suspect.
struct Trace {
  const devices::DeviceEntry* device;
  std::string_view reason;  ///< name(Refused), or kSuspect
  std::uint32_t times = 1;
  std::string sample;       ///< metric, field, time or id; no value but a number
};
inline constexpr std::string_view kSuspect = "readings.suspect";  ///< outside the profile's range; taken

/// What became of one message.
struct Taken {
  bool readable = true;          ///< false: nothing was taken, whatever the counts say
  std::uint32_t items = 0;       ///< items or detections that will be stored
  std::uint32_t refused[kRefusals] = {};
  std::vector<Trace> traces;                    ///< one a device and reason, empty for most messages
  std::vector<devices::DevicePtr> spoken_for;   ///< by a gateway, and known; the traces may name them
  bool anything() const { return readable && items > 0; }
};

struct Limits {
  std::int64_t now = 0;          ///< Unix ms, the arrival
  std::int64_t max_ahead = 86'400'000;
  std::uint32_t max_values = 1000;
  std::uint32_t max_depth = 32;
};

/// `{"pm25":151}`, `{"ts":…,"values":{…}}`, or an array of either, said by `device`. Values outside the profile's
/// range carry `suspect`. Names and numbers that are refused leave the rest standing.
Taken read_telemetry(std::string_view payload, const devices::DeviceEntry& device, const Limits& limits,
                     readings::Batch& batch);
/// `{"device-a":[…],"device-b":{…}}`, said by `gateway` for devices whose gateway it is (and for itself).
Taken read_gateway_telemetry(std::string_view payload, const devices::DeviceEntry& gateway,
                             const devices::Registry& registry, const Limits& limits, readings::Batch& batch);
/// `{"ts":…,"kind":…,"confidence":…,"attributes":{…},"file":…}` or an array of them.
Taken read_detections(std::string_view payload, const devices::DeviceEntry& device, const Limits& limits,
                      readings::Batch& batch);
/// `{"device-a":[…],"device-b":{…}}` with detections, said by `gateway` as above.
Taken read_gateway_detections(std::string_view payload, const devices::DeviceEntry& gateway,
                              const devices::Registry& registry, const Limits& limits, readings::Batch& batch);

}  // namespace lifang::porch
