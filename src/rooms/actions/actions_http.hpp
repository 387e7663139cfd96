// Routes of the room actions.
#pragma once

namespace lifang::http {
class Routes;
}
namespace lifang::actions {
class Actions;
void add_routes(http::Routes& routes, Actions& actions);
}  // namespace lifang::actions
