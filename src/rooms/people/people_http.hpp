// Routes of the room people.
#pragma once

namespace lifang::http {
class Routes;
}
namespace lifang::people {
class People;
void add_routes(http::Routes& routes, People& people);
/// Households, organisations, tags: a part of the above.
void add_home_routes(http::Routes& routes, People& people);
}  // namespace lifang::people
