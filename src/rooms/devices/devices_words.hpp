// What the room devices would refuse of the words alone, for rooms that must say so beforehand. A part of the door.
#pragma once
#include "rooms/devices/devices_values.hpp"

namespace lifang::devices {

/// @throws Refusal as Devices::put does
void check(const DeviceWords& words);

}  // namespace lifang::devices
