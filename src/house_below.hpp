// What rooms are told of rooms that stand below them: words that others keep, readings beside a device.
#pragma once
#include "rooms/devices/devices_http.hpp"
#include "rooms/rules/rules.hpp"

namespace lifang {
class House;

/// For the routes of devices: what the active rules would lose, and whether a device is ahead of the node's clock.
devices::Below below_devices(House& house);
/// For rules: which kinds of cases, organisations and posts there are.
rules::Rules::Known known_to_rules(House& house);
/// A situation becomes worse or ends, and its case hears how; people say that it is over, and the rule that cannot see
/// it ends it.
void hear_of_situations(House& house);

}  // namespace lifang
