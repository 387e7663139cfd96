// Pure decisions about devices: which words are acceptable, what they come to in memory.
#pragma once
#include <functional>
#include <memory>

#include "rooms/devices/devices_registry.hpp"
#include "rooms/devices/devices_values.hpp"

namespace lifang::devices {

/// @throws Refusal invalid devices.bad_profile at the leaf to blame
void check_words(const ProfileWords& words);
/// Ids that the profile did not have before must fit one piece of a path, for a reading is asked for by it
/// (`why/reading:air-1:pm25:…`); those that stand stay. @throws Refusal invalid devices.bad_profile
void check_new_metrics(const std::vector<Metric>& metrics, const std::vector<Metric>& before);
/// @throws Refusal invalid devices.bad_secret, devices.bad_words
void check_words(const DeviceWords& words);

/// A bound as it is in memory: a number, or the name of an attribute.
struct Bound {
  double number = 0;
  std::string attribute;
};
/// nullopt if the words are neither.
std::optional<Bound> bound_of(const JsonAny& words);

/// The profile with its metrics numbered.
std::shared_ptr<const ProfileEntry> entry_of(const Profile& profile, std::uint32_t revision,
                                             const std::function<std::uint16_t(const std::string&)>& number_of);

/// The numeric members of an attributes object (true and false as 1 and 0).
std::unordered_map<std::string, double> numbers_in(const JsonObject& attributes);
/// `changes` laid over `before`; null removes. @throws Refusal devices.bad_attributes beyond 16 KiB
JsonObject merged(const JsonObject& before, const std::string& changes);

}  // namespace lifang::devices
