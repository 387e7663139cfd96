#include "rooms/cases/cases_near.hpp"

#include <cmath>
#include <numbers>

namespace lifang::cases {
namespace {

constexpr double kEarthMetres = 6'371'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<places::Point> middle_of(const places::Place& place) {
  if (place.position) return place.position;
  if (!place.outline || place.outline->empty()) return std::nullopt;
  places::Point sum;
  for (const places::Point& corner : *place.outline) {
    sum.lon += corner.lon;
    sum.lat += corner.lat;
  }
  const auto n = static_cast<double>(place.outline->size());
  return places::Point{sum.lon / n, sum.lat / n};
}

}  // namespace

std::optional<std::int64_t> floor_in(std::string_view name) {
  std::size_t end = name.size();
  while (end > 0 && !is_digit(name[end - 1])) --end;
  std::size_t begin = end;
  while (begin > 0 && is_digit(name[begin - 1])) --begin;
  // Two digits number the home on its floor; one or two before them are the floor.
  if (end - begin < 3 || end - begin > 4) return std::nullopt;
  std::int64_t floor = 0;
  for (std::size_t i = begin; i + 2 < end; ++i) floor = floor * 10 + (name[i] - '0');
  return floor == 0 ? std::nullopt : std::optional(floor);
}

double metres_between(const places::Point& a, const places::Point& b) {
  constexpr double kRadian = std::numbers::pi / 180;
  const double x = (b.lon - a.lon) * kRadian * std::cos((a.lat + b.lat) / 2 * kRadian), y = (b.lat - a.lat) * kRadian;
  return kEarthMetres * std::hypot(x, y);
}

Spot spot_of(Reader& reader, const places::PlaceId& id, const std::optional<places::Point>& reported) {
  Spot spot;
  spot.place = id;
  spot.point = reported;
  const auto place = places::Places::find(reader, id);
  if (!place) return spot;
  if (place->kind == places::Kind::home) spot.floor = floor_in(place->name);
  spot.whole_building = place->kind == places::Kind::building || place->kind == places::Kind::unit;
  if (!spot.point) spot.point = middle_of(*place);
  const auto around = places::Places::ids_in(place->path);
  for (auto at = around.rbegin(); at != around.rend(); ++at) {
    const auto outer = places::Places::find(reader, places::PlaceId{*at});
    if (!outer || outer->kind < places::Kind::building) break;
    if (outer->kind != places::Kind::building) continue;
    spot.building = outer->id.text;
    if (!spot.point) spot.point = middle_of(*outer);
  }
  return spot;
}

bool is_near(const Near& near, const Spot& a, const Spot& b) {
  if (a.place == b.place) return true;
  const bool one_building = !a.building.empty() && a.building == b.building;
  if (one_building) {
    // Indoors a position says little; floors do. Who named the building itself may mean any of them.
    if (near.floors == 0) return false;
    if (a.whole_building || b.whole_building) return true;
    return a.floor && b.floor && std::abs(*a.floor - *b.floor) <= near.floors;
  }
  return near.metres > 0 && a.point && b.point && metres_between(*a.point, *b.point) <= static_cast<double>(near.metres);
}

std::string neighbourhood_of(Reader& reader, std::string_view path) {
  std::string around = "/";
  for (const std::string& id : places::Places::ids_in(path)) {
    const auto kind = places::Places::kind_of(reader, places::PlaceId{id});
    if (!kind || *kind > places::Kind::compound) break;
    around += id + "/";
  }
  return around;
}

}  // namespace lifang::cases
