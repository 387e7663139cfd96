#include "rooms/places/places_store.hpp"

#include "base/reflect.hpp"

namespace lifang::places::store {
namespace {

constexpr std::string_view kKeep =
    "INSERT INTO places (id, kind, name, parent, path, outline, floors, height, lon, lat) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, "
    "name = excluded.name, parent = excluded.parent, path = excluded.path, outline = excluded.outline, "
    "floors = excluded.floors, height = excluded.height, lon = excluded.lon, lat = excluded.lat";
constexpr std::string_view kColumns = "SELECT id, kind, name, parent, path, outline, floors, height, lon, lat FROM places";
constexpr std::string_view kFind =
    "SELECT id, kind, name, parent, path, outline, floors, height, lon, lat FROM places WHERE id = $1";
constexpr std::string_view kPath = "SELECT path FROM places WHERE id = $1";
constexpr std::string_view kKind = "SELECT kind FROM places WHERE id = $1";
constexpr std::string_view kKindsIn = "SELECT DISTINCT kind FROM places WHERE parent = $1 ORDER BY kind";
constexpr std::string_view kName = "SELECT name FROM places WHERE id = $1";
constexpr std::string_view kRebase =
    "UPDATE places SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4";

Place place_of(const db::Row& row) {
  Place place;
  place.id = row.get<PlaceId>(0);
  place.kind = enum_of<Kind>(row.text(1));
  place.name = row.text(2);
  if (!row.text(3).empty()) place.parent = row.get<PlaceId>(3);
  place.path = row.text(4);
  if (!row.text(5).empty()) place.outline = from_json<std::vector<Point>>(row.text(5));
  if (row.integer(6) > 0) place.floors = row.integer(6);
  if (row.real(7) > 0) place.height = row.real(7);
  if (!row.null(8)) place.position = Point{row.real(8), row.real(9)};
  return place;
}

db::Where where_of(const std::vector<std::string>& roots, const Filter& filter, Reader& reader) {
  db::Where where;
  where.under("path", roots);
  if (filter.kind) where.add("kind = $", enum_name(*filter.kind));
  where.maybe("parent = $", filter.parent);
  if (filter.under) {
    const auto path = path_of(reader, *filter.under);
    where.under("path", path ? std::vector{*path} : std::vector<std::string>{});
  }
  if (filter.name) where.add("name LIKE '%' || $ || '%'", *filter.name);
  return where;
}

/// Kinds that a map shows; a spot is among them unless it lies in a building.
constexpr std::string_view kOnMap = "kind IN ('city', 'district', 'street', 'community', 'compound', 'building', 'spot')";

/// Rows of what a map shows, in order of path; `columns` begin with kind and path.
void each_on_map(Reader& reader, const std::vector<std::string>& roots, std::string_view columns,
                 const std::function<void(const db::Row&)>& fn) {
  db::Where where;
  where.plain(kOnMap);
  where.under("path", roots);
  std::string building;  // in order of path a subtree lies in one piece
  reader.each_of("SELECT " + std::string(columns) + " FROM places" + where.sql() + " ORDER BY path", where.params(),
                 [&](const db::Row& row) {
                   if (row.text(0) == "building") building = row.text(1);
                   if (row.text(0) == "spot" && !building.empty() && row.text(1).starts_with(building)) return;
                   fn(row);
                 });
}

}  // namespace

void keep(Tx& tx, const Place& p) {
  tx.run(kKeep, p.id, enum_name(p.kind), p.name, p.parent ? p.parent->text : "", p.path,
         p.outline ? to_json(*p.outline) : "", p.floors.value_or(0), p.height.value_or(0.0),
         p.position ? std::optional(p.position->lon) : std::nullopt,
         p.position ? std::optional(p.position->lat) : std::nullopt);
}

std::optional<Place> find(Reader& reader, const PlaceId& id) { return reader.one(kFind, place_of, id); }

std::optional<Kind> kind_of(Reader& reader, const PlaceId& id) {
  return reader.one(kKind, [](const db::Row& row) { return enum_of<Kind>(row.text(0)); }, id);
}

std::vector<Kind> kinds_in(Reader& reader, const PlaceId& parent) {
  return reader.all(kKindsIn, [](const db::Row& row) { return enum_of<Kind>(row.text(0)); }, parent);
}

std::optional<std::string> path_of(Reader& reader, const PlaceId& id) { return reader.value<std::string>(kPath, id); }

std::vector<Place> list(Reader& reader, const std::vector<std::string>& roots, const Filter& filter) {
  db::Where where = where_of(roots, filter, reader);
  where.maybe("path > $", filter.after);
  const std::string limit = where.placeholder(filter.limit);
  std::vector<Place> places;
  reader.each_of(std::string(kColumns) + where.sql() + " ORDER BY path LIMIT " + limit, where.params(),
                 [&](const db::Row& row) { places.push_back(place_of(row)); });
  return places;
}

std::int64_t count(Reader& reader, const std::vector<std::string>& roots, const Filter& filter) {
  const db::Where where = where_of(roots, filter, reader);
  std::int64_t n = 0;
  reader.each_of("SELECT COUNT(*) FROM places" + where.sql(), where.params(),
                 [&](const db::Row& row) { n = row.integer(0); });
  return n;
}

std::vector<std::string> names(Reader& reader, const std::vector<std::string>& ids) {
  std::vector<std::string> found;
  for (const std::string& id : ids) found.push_back(reader.value<std::string>(kName, id).value_or(id));
  return found;
}

std::vector<Place> shown(Reader& reader, const std::vector<std::string>& roots) {
  std::vector<Place> places;
  each_on_map(reader, roots, "kind, path, id, name, parent, outline, floors, height, lon, lat", [&](const db::Row& row) {
    Place place;
    place.kind = enum_of<Kind>(row.text(0));
    place.path = row.text(1);
    place.id = row.get<PlaceId>(2);
    place.name = row.text(3);
    if (!row.text(4).empty()) place.parent = row.get<PlaceId>(4);
    if (!row.text(5).empty()) place.outline = from_json<std::vector<Point>>(row.text(5));
    if (row.integer(6) > 0) place.floors = row.integer(6);
    if (row.real(7) > 0) place.height = row.real(7);
    if (!row.null(8)) place.position = Point{row.real(8), row.real(9)};
    places.push_back(std::move(place));
  });
  return places;
}

void each_shown_path(Reader& reader, const std::vector<std::string>& roots, const std::function<void(std::string_view)>& fn) {
  each_on_map(reader, roots, "kind, path", [&](const db::Row& row) { fn(row.text(1)); });
}

void rebase(Tx& tx, const std::string& from, const std::string& to) {
  std::string end = from;
  end.back() = '0';  // follows '/': everything below `from` lies between
  tx.run(kRebase, to, static_cast<std::int64_t>(from.size()) + 1, from, end);
}

}  // namespace lifang::places::store
