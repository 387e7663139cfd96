// Routes of the room people.
#pragma once

namespace lifang::http {
class Routes;
}
namespace lifang {
struct World;
}
namespace lifang::lane {
class Lane;
}
namespace lifang::people {
class People;
/// A list by a sensitive tag is written down through the lane before it is answered.
void add_routes(http::Routes& routes, People& people, World& world, lane::Lane& lane);
/// What a resident's own page asks: their homes and helpers, with words that people read. A part of the above.
void add_own_routes(http::Routes& routes, People& people, World& world);
/// Households, organisations, tags: a part of the above.
void add_home_routes(http::Routes& routes, People& people);
}  // namespace lifang::people
