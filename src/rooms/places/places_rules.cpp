#include "rooms/places/places_rules.hpp"

#include <cmath>

#include "rooms/places/places_words.hpp"

namespace lifang::places {
namespace {

bool on_earth(const Point& p) {
  return std::isfinite(p.lon) && std::isfinite(p.lat) && std::abs(p.lon) <= 180 && std::abs(p.lat) <= 90;
}

}  // namespace

bool may_stand_under(Kind child, Kind parent) {
  if (child == Kind::spot) return true;
  return static_cast<int>(parent) < static_cast<int>(child) && parent != Kind::spot;
}

void check_words(const PlaceWords& words) {
  if (words.name.empty() || words.name.size() > 200) throw invalid("places.bad_name", "/name", "1 to 200 bytes");
  if (words.position && !on_earth(*words.position))
    throw invalid("places.bad_position", "/position", "longitude -180 to 180, latitude -90 to 90");
  if (words.outline) {
    if (words.outline->size() < 3 || words.outline->size() > 500)
      throw invalid("places.bad_outline", "/outline", "3 to 500 corners");
    for (std::size_t i = 0; i < words.outline->size(); ++i)
      if (!on_earth((*words.outline)[i]))
        throw invalid("places.bad_outline", "/outline/" + std::to_string(i), "longitude -180 to 180, latitude -90 to 90");
  }
  if (words.floors && (*words.floors < 1 || *words.floors > 200))
    throw invalid("places.bad_floors", "/floors", "1 to 200");
  if (words.height && !(*words.height >= 0 && *words.height <= 1000))
    throw invalid("places.bad_height", "/height", "0 to 1000 metres");
}

void check(const PlaceWords& words, const std::optional<Kind>& parent) {
  check_words(words);
  if (parent && !may_stand_under(words.kind, *parent))
    throw invalid("places.bad_parent", "/parent", "a place stands under one of a kind above its own");
}

}  // namespace lifang::places
