#include "rooms/places/places_outlines.hpp"

#include "rooms/places/places_store.hpp"

namespace lifang::places {
namespace {

/// The id at the end of a path: "/a/b/" → "b".
std::string_view last_id(std::string_view path) {
  if (path.size() < 2) return {};
  path.remove_suffix(1);
  return path.substr(path.rfind('/') + 1);
}

std::string_view up(std::string_view path) {
  if (path.size() < 2) return {};
  return path.substr(0, path.size() - last_id(path).size() - 1);
}

}  // namespace

std::vector<std::string> board_roots(Reader& reader, const Caller& caller, std::string_view right,
                                     const std::optional<std::string>& place) {
  if (!place) return caller.paths(right);
  std::string path = Places::path_of(reader, PlaceId{*place}, "?place");
  caller.must(right, path);
  return {std::move(path)};
}

std::vector<Outline> outlines(Reader& reader, const Caller& caller, const std::optional<PlaceId>& under) {
  const auto roots = board_roots(reader, caller, "places.read", under ? std::optional(under->text) : std::nullopt);
  std::vector<Outline> found;
  for (Place& place : store::shown(reader, roots)) {
    Outline o{std::move(place.id), place.kind, std::move(place.name), place.parent ? place.parent->text : "",
              place.floors.value_or(0), place.height.value_or(0), {}, {}};
    if (place.position) o.at = {place.position->lon, place.position->lat};
    if (place.outline)
      for (const Point& corner : *place.outline) o.ring.insert(o.ring.end(), {corner.lon, corner.lat});
    found.push_back(std::move(o));
  }
  return found;
}

Shown::Shown(Reader& reader, const std::vector<std::string>& roots) {
  store::each_shown_path(reader, roots, [this](std::string_view path) { paths_.emplace(path); });
}

std::string_view Shown::id_of(std::string_view path) const {
  for (std::string_view at = path; at.size() > 1; at = up(at))
    if (paths_.contains(at)) return last_id(at);
  return last_id(path);
}

}  // namespace lifang::places
