// Loading the made-up district through the doors of the rooms, without sockets.
#pragma once
#include <functional>
#include <string>

#include "house.hpp"
#include "ward/ward_plan.hpp"

namespace lifang::ward {

/// How much was made.
struct Loaded {
  std::size_t places = 0, devices = 0, rules = 0, households = 0, persons = 0;
};
/// Whether somebody wants it to end: what is made then stays half made.
using Ended = std::function<bool()>;

/// Everything but the past: places, profiles, devices, rules, people and households, organisations, posts, shifts and
/// the demo logins (all with this password), in slices of a few thousand rows. `told` hears what is being done.
/// An administrator must be there.
Loaded load_ward(House& house, const WardPlan& plan, const std::string& password,
                 const std::function<void(const std::string&)>& told, const Ended& ended = {});

/// A household for each home, and those who work in the district. A part of load_ward.
void load_people(House& house, const WardPlan& plan, Loaded& loaded, const Ended& ended);

}  // namespace lifang::ward
