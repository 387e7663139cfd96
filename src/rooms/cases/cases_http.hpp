// Routes of the room cases.
#pragma once

namespace lifang::http {
class Routes;
}
namespace lifang::cases {
class Cases;
void add_routes(http::Routes& routes, Cases& cases);
void add_draft_routes(http::Routes& routes, Cases& cases);
}  // namespace lifang::cases
