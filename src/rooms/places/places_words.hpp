// What the room places would refuse of the words alone, for rooms that must say so beforehand. A part of the door.
#pragma once
#include "rooms/places/places.hpp"

namespace lifang::places {

/// `parent`: the kind of the place above, if there is one. @throws Refusal as Places::put does
void check(const PlaceWords& words, const std::optional<Kind>& parent);

}  // namespace lifang::places
