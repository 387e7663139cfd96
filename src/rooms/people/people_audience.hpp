// An audience counted by household. A part of the door of people.
#pragma once
#include <cstdint>

#include "platform/db/tx.hpp"
#include "rooms/people/people_values.hpp"

namespace lifang::people {

/// In how many households its persons live: each counts in the one that they have lived in longest (the first of
/// People::residencies_of), whoever lives in none counts alone.
std::int64_t audience_households(Reader& reader, const Audience& audience);

}  // namespace lifang::people
