// Routes of the room rules.
#pragma once

namespace lifang::http {
class Routes;
}
namespace lifang::devices {
class Devices;
}
namespace lifang::readings {
class Readings;
}
namespace lifang {
struct World;
}
namespace lifang::rules {
class Rules;
void add_routes(http::Routes& routes, Rules& rules, devices::Devices& devices, readings::Readings& readings, World& world);
}  // namespace lifang::rules
