// Routes of the room imports.
#pragma once

namespace lifang {
struct World;
}
namespace lifang::http {
class Routes;
}
namespace lifang::imports {
class Imports;
void add_routes(http::Routes& routes, Imports& imports, World& world);
}  // namespace lifang::imports
