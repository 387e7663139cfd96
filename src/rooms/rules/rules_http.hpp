// Routes of the room rules.
#pragma once

namespace lifang::http {
class Routes;
}
namespace lifang::rules {
class Rules;
void add_routes(http::Routes& routes, Rules& rules);
}  // namespace lifang::rules
