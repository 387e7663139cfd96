// Routes of the room scorecards.
#pragma once

namespace lifang {
struct World;
}
namespace lifang::http {
class Routes;
}
namespace lifang::scorecards {
class Scorecards;
void add_routes(http::Routes& routes, Scorecards& scorecards, World& world, int offset_minutes);
}  // namespace lifang::scorecards
