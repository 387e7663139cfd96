// Routes of the room files.
#pragma once

namespace lifang {
struct World;
}
namespace lifang::bus {
class Bus;
}
namespace lifang::lane {
class Lane;
}
namespace lifang::http {
class Routes;
}
namespace lifang::files {
class Files;
/// Looking at what a camera saw is written down through the lane and the bus.
void add_routes(http::Routes& routes, Files& files, World& world, lane::Lane& lane, bus::Bus& bus);
}  // namespace lifang::files
