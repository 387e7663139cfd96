// Whether two reports of one kind may be of one thing: how far apart their places are, by floors and by metres.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "platform/db/db.hpp"
#include "rooms/cases/cases_kinds.hpp"
#include "rooms/places/places.hpp"

namespace lifang::cases {

/// The floor in the name of a home: "302" and "3-302室" are on the 3rd, "1201" on the 12th; nothing where it says none.
std::optional<std::int64_t> floor_in(std::string_view home_name);

/// Metres between two points, good to a percent within a city (equirectangular approximation, mean radius 6,371 km).
double metres_between(const places::Point& a, const places::Point& b);

/// Where something was reported: the building around it, the floor, and the point where one is known.
struct Spot {
  places::PlaceId place;
  std::string building;                ///< id; empty outside of buildings
  bool whole_building = false;         ///< the building or a unit of it, not a home
  std::optional<std::int64_t> floor;
  std::optional<places::Point> point;  ///< as reported, else of the place, else the middle of its outline or its building's
};
Spot spot_of(Reader& reader, const places::PlaceId& place, const std::optional<places::Point>& reported);

/// Near enough for the kind; the same place always is.
bool is_near(const Near& near, const Spot& a, const Spot& b);

/// Below which path neighbours are looked for: the compound, or where there is none above it the street.
std::string neighbourhood_of(Reader& reader, std::string_view path);

}  // namespace lifang::cases
