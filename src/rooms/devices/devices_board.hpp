// The board of devices: how many stand where, for the map. A part of the door.
#pragma once
#include "rooms/devices/devices.hpp"

namespace lifang::devices {

/// Devices at a place that a map shows, or inside of it. `heard`: those that have said anything since the node started.
struct PlaceCount {
  std::string place;
  std::int64_t devices = 0, heard = 0;
};
BOOST_DESCRIBE_STRUCT(PlaceCount, (), (place, devices, heard))

/// In order of place. Right `devices.read`. @throws Refusal places.unknown, access.not_here
std::vector<PlaceCount> board(Reader& reader, const Registry& registry, const Caller& caller, const std::optional<std::string>& place);

}  // namespace lifang::devices
