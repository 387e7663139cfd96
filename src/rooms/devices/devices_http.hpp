// Routes of the room devices.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "platform/db/tx.hpp"
#include "rooms/devices/devices_values.hpp"

namespace lifang::http {
class Routes;
}
namespace lifang::devices {
class Devices;

/// What the routes show of rooms that stand below. Each may be empty.
struct Below {
  struct Warnings {
    std::vector<std::string> en, zh;
  };
  /// What the active rules would lose by these words.
  std::function<Warnings(Reader&, const Profile& before, const ProfileWords& after)> warnings;
  /// The instant of the newest reading of the device with that number, if it lies in the future.
  std::function<std::optional<Time>(std::uint32_t device)> ahead;
};
void add_routes(http::Routes& routes, Devices& devices, Below below = {});
}  // namespace lifang::devices
