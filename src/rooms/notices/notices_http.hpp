// Routes of the room notices.
#pragma once

namespace lifang::http {
class Routes;
}
namespace lifang::notices {
class Notices;
void add_routes(http::Routes& routes, Notices& notices);
}  // namespace lifang::notices
