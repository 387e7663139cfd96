// Routes of the room readings.
#pragma once

namespace lifang::http {
class Routes;
}
namespace lifang::devices {
class Devices;
}
namespace lifang::readings {
class Readings;
/// `offset_minutes`: the district's zone, in which days begin where a request names no other.
void add_routes(http::Routes& routes, Readings& readings, devices::Devices& devices,
                int offset_minutes);
}  // namespace lifang::readings
