// Routes of the room places.
#pragma once

namespace lifang::http {
class Routes;
}
namespace lifang::places {
class Places;
void add_routes(http::Routes& routes, Places& places);
}  // namespace lifang::places
