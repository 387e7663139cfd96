// Routes of the room evaluations.
#pragma once

namespace lifang::http {
class Routes;
}
namespace lifang::evaluations {
class Evaluations;
void add_routes(http::Routes& routes, Evaluations& evaluations);
}  // namespace lifang::evaluations
