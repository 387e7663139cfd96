// Routes of the room readings.
#pragma once

namespace lifang::http {
class Routes;
}
namespace lifang::devices {
class Devices;
}
namespace lifang::lane {
class Lane;
}
namespace lifang::bus {
class Bus;
}
namespace lifang::readings {
class Readings;
/// What the routes need beside the room. `offset_minutes`: the district's zone, in which days begin where a request names no other.
struct Around {
  devices::Devices& devices;
  lane::Lane& lane;  ///< a look at plain plates and faces is in the log before it is answered
  bus::Bus& bus;
  int offset_minutes = 480;
};
void add_routes(http::Routes& routes, Readings& readings, const Around& around);
}  // namespace lifang::readings
