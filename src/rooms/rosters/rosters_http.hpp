// Routes of the room rosters.
#pragma once

namespace lifang::http {
class Routes;
}
namespace lifang::rosters {
class Rosters;
void add_routes(http::Routes& routes, Rosters& rosters);
}  // namespace lifang::rosters
