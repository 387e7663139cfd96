// Routes of the room affairs.
#pragma once

namespace lifang::http {
class Routes;
}
namespace lifang::affairs {
class Affairs;
void add_routes(http::Routes& routes, Affairs& affairs);
}  // namespace lifang::affairs
