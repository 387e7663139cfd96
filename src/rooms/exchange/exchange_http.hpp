// Routes of the room exchange.
#pragma once

namespace lifang {
struct World;
}
namespace lifang::http {
class Routes;
}
namespace lifang::exchange {
class Exchange;
void add_routes(http::Routes& routes, Exchange& exchange, World& world, int offset_minutes);
/// Open311 GeoReport v2 under /open311/v2: a part of the above.
void add_open311_routes(http::Routes& routes, Exchange& exchange, World& world, int offset_minutes);
}  // namespace lifang::exchange
