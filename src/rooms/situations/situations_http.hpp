// Routes of the room situations.
#pragma once

namespace lifang::http {
class Routes;
}
namespace lifang::situations {
class Situations;
void add_routes(http::Routes& routes, Situations& situations);
}  // namespace lifang::situations
