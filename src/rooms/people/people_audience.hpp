// An audience by household: how many, and who of one. A part of the door of people.
#pragma once
#include <cstdint>
#include <vector>

#include "platform/db/tx.hpp"
#include "rooms/people/people_values.hpp"

namespace lifang::people {

/// In how many households its persons live: each counts in the one that they have lived in longest (the first of
/// People::residencies_of), whoever lives in none counts alone.
std::int64_t audience_households(Reader& reader, const Audience& audience);

/// Somebody of an audience, with what tells whom of a household to speak to.
struct OfHousehold {
  PersonId person;
  ResidentRole role = ResidentRole::member;
  std::optional<std::int64_t> born;  ///< year
};
/// Those of the audience who count in this household, in order of id.
std::vector<OfHousehold> audience_of_household(Reader& reader, const Audience& audience, const HouseholdId& household);

}  // namespace lifang::people
