// A district that has lived already: loads it and drives a month of readings and cases through the rooms, on a clock
// that is turned by hand.
#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "platform/config/config.hpp"
#include "ward/ward_load.hpp"

namespace lifang::ward {

struct Begin {
  WardSize size;
  std::string password;         ///< of the demo logins
  int days = 30;                ///< of the past
  std::size_t compounds = 2;    ///< how many of them have a past with readings
  int offset_minutes = 480;     ///< the zone in which day and night are meant
  Ended ended{};                ///< asked after each hour of the past
};
/// Whether there is no district here yet. Opens the database, and makes it if it is not there.
bool is_empty(const config::Config& config, const std::filesystem::path& directory);
/// Fills an empty database; afterwards a node may open it. `told` hears what is being done.
/// @returns nothing where it was ended before: what is there is no district
std::optional<Loaded> begin_ward(config::Config config, const std::filesystem::path& directory, const Begin& begin, const WardPlan& plan,
                                 Time now, const std::function<void(const std::string&)>& told);

}  // namespace lifang::ward
