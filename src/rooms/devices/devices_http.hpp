// Routes of the room devices.
#pragma once

namespace lifang::http {
class Routes;
}
namespace lifang::devices {
class Devices;
void add_routes(http::Routes& routes, Devices& devices);
}  // namespace lifang::devices
