// Routes of the viewing libraries and their captures.
#pragma once

namespace lifang::http {
class Routes;
}
namespace lifang::exchange {
class Captures;
void add_capture_routes(http::Routes& routes, Captures& captures);
}  // namespace lifang::exchange
