// Routes of rounds.
#pragma once

namespace lifang::http {
class Routes;
}
namespace lifang::rosters {
class Rounds;
void add_round_routes(http::Routes& routes, Rounds& rounds);
}  // namespace lifang::rosters
