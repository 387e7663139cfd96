// Routes of the room drills.
#pragma once

namespace lifang::http {
class Routes;
}
namespace lifang::drills {
class Drills;
void add_routes(http::Routes& routes, Drills& drills);
}  // namespace lifang::drills
