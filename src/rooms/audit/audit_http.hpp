// Routes of the room audit.
#pragma once

namespace lifang {
struct World;
}
namespace lifang::http {
class Routes;
}
namespace lifang::audit {
class Audit;
void add_routes(http::Routes& routes, Audit& audit, World& world);
}  // namespace lifang::audit
