// What rooms are told of rooms that stand below them: words that others keep, readings beside a device.
#pragma once
#include "rooms/cases/cases.hpp"
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
/// The rule itself calls those that it names; not for a further situation that joined a case, nor for one that came back.
void whistle_by_rule(House& house, Tx& tx, const cases::CaseId& id, const std::string& situation, const rules::Rule& rule);

}  // namespace lifang
