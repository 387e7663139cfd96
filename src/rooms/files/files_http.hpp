// Routes of the room files.
#pragma once

namespace lifang {
struct World;
}
namespace lifang::http {
class Routes;
}
namespace lifang::files {
class Files;
void add_routes(http::Routes& routes, Files& files, World& world);
}  // namespace lifang::files
