// Routes of announcements, templates, paper and the answers of the telephone gateway.
#pragma once
#include <string>

namespace lifang {
struct World;
}
namespace lifang::http {
class Routes;
}
namespace lifang::notices {
class Announcements;
class Phones;
void add_announcement_routes(http::Routes& routes, Announcements& announcements, Phones& phones, World& world, const std::string& public_url);
}  // namespace lifang::notices
