// What the made-up devices measure and see at an instant: daily rhythm, weather, noise, troubles, faults. Pure.
#pragma once
#include <string>
#include <vector>

#include "base/time.hpp"
#include "ward/ward_plan.hpp"

namespace lifang::ward {

struct SeenThing {
  std::string kind;
  double confidence = 0;
};
struct Sensed {
  std::vector<std::pair<std::string, double>> values;  ///< none: the device is silent
  std::vector<SeenThing> seen;
};

/// What a command has changed on the device.
struct DeviceStates {
  bool mist = false, held = false, irrigating = false;
};

/// What `device` says at `at`; troubles that passed since `last` are seen too. The same arguments, the same answer.
Sensed sense(const PlannedDevice& device, std::uint64_t seed, Time last, Time at, const DeviceStates& states);
/// How often a device of this profile speaks, in its own time.
Duration interval_of(const devices::ProfileId& profile);
/// {"ts":…,"values":{…}}; what is seen as {"ts":…,"kind":…,"confidence":…}. Empty if there is nothing to say.
std::string telemetry_text(const Sensed& sensed, Time ts);
std::vector<std::string> detection_texts(const Sensed& sensed, Time ts);

}  // namespace lifang::ward
