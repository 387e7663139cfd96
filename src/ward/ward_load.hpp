// Loading the made-up district through the doors of the rooms, without sockets.
#pragma once
#include <functional>
#include <string>

#include "house.hpp"
#include "ward/ward_plan.hpp"

namespace lifang::ward {

/// Everything but the people who live there and the past: places, profiles, devices, rules, posts, shifts and the
/// demo logins (all with this password), in slices of a few thousand rows. `told` hears what is being done.
struct Loaded {
  std::size_t places = 0, devices = 0, rules = 0, households = 0, persons = 0;
};
Loaded load_ward(House& house, const WardPlan& plan, const std::string& password,
                 const std::function<void(const std::string&)>& told);

}  // namespace lifang::ward
