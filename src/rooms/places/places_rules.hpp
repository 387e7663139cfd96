// Pure decisions about places: who may stand under whom, what an outline may be.
#pragma once
#include "rooms/places/places.hpp"

namespace lifang::places {

/// Levels may be skipped; a spot may stand anywhere, and nothing but a spot under a spot.
bool may_stand_under(Kind child, Kind parent);
/// @throws Refusal invalid at the leaf to blame
void check_words(const PlaceWords& words);

}  // namespace lifang::places
