// Routes of the room notices.
#pragma once
#include <functional>
#include <string_view>

namespace lifang::http {
class Routes;
}
namespace lifang::notices {
class Notices;
/// `is_room`: whether events may ever come from there; a webhook for others would wait for ever.
void add_routes(http::Routes& routes, Notices& notices, std::function<bool(std::string_view)> is_room);
}  // namespace lifang::notices
