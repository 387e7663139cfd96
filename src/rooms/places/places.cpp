#include "rooms/places/places.hpp"

#include "platform/bus/typed.hpp"
#include "rooms/places/places_rules.hpp"
#include "rooms/places/places_store.hpp"

namespace lifang::places {

void Places::must_still_hold(Reader& reader, const PlaceId& id, Kind kind) {
  for (const Kind child : store::kinds_in(reader, id))
    if (!may_stand_under(child, kind))
      throw invalid("places.bad_kind", "/kind", std::string(enum_name(child)) + " stands in it and could not stand in " +
                                                    std::string(enum_name(kind)));
}

Place Places::put(Tx& tx, const Caller& caller, const PlaceId& id, const PlaceWords& words) {
  check_words(words);
  std::string parent_path = "/";
  if (words.parent) {
    const auto parent = store::find(tx, *words.parent);
    if (!parent) throw invalid("places.bad_parent", "/parent", "no such place");
    if (!may_stand_under(words.kind, parent->kind))
      throw invalid("places.bad_parent", "/parent", "a place stands under one of a kind above its own");
    parent_path = parent->path;
  }
  caller.must("places.write", parent_path);
  const auto before = store::find(tx, id);
  if (before) {
    caller.must("places.write", before->path);
    if (parent_path.starts_with(before->path)) throw invalid("places.cycle", "/parent", "a place cannot stand in itself");
    if (before->kind != words.kind) must_still_hold(tx, id, words.kind);
  }
  const Place place{id,           words.kind,    words.name,   words.parent, parent_path + id.text + "/",
                    words.position, words.outline, words.floors, words.height};
  if (before && before->path != place.path) move(tx, caller, *before, place.path);
  store::keep(tx, place);
  bus::tell(bus_, tx, Kept{id}, {id.text, place.path, {}, caller.account});
  return place;
}

void Places::move(Tx& tx, const Caller& caller, const Place& place, const std::string& to) {
  store::rebase(tx, place.path, to);
  bus::tell(bus_, tx, Moved{place.id, place.path, to}, {place.id.text, to, {}, caller.account});
}

std::optional<Place> Places::find(Reader& reader, const PlaceId& id) { return store::find(reader, id); }

std::optional<Kind> Places::kind_of(Reader& reader, const PlaceId& id) { return store::kind_of(reader, id); }

Place Places::get(Reader& reader, const PlaceId& id) {
  auto place = store::find(reader, id);
  if (!place) throw missing("places.unknown", "no such place");
  return *std::move(place);
}

std::string Places::path_of(Reader& reader, const PlaceId& id, std::string_view field) {
  auto path = store::path_of(reader, id);
  if (!path) throw invalid("places.unknown", std::string(field), "no such place");
  return *std::move(path);
}

PlaceId Places::asked_for(Reader& reader, const std::string& id) {
  PlaceId place{id};
  path_of(reader, place, "?place");
  return place;
}

std::vector<Place> Places::list(Reader& reader, const Caller& caller, const Filter& filter) {
  return store::list(reader, caller.paths("places.read"), filter);
}

std::int64_t Places::count(Reader& reader, const Caller& caller, const Filter& filter) {
  return store::count(reader, caller.paths("places.read"), filter);
}

std::vector<Named> Places::names(Reader& reader, const Caller& caller, const std::vector<std::string>& ids) {
  std::vector<Named> found;
  for (const std::string& id : ids)
    if (auto place = find(reader, PlaceId{id}); place && caller.may("places.read", place->path))
      found.push_back({std::move(place->id), place->kind, std::move(place->name), std::move(place->parent), std::move(place->path)});
  return found;
}

namespace {

/// The last `most` names of its path.
std::string joined(Reader& reader, const PlaceId& id, std::size_t most) {
  const auto path = store::path_of(reader, id);
  if (!path) return id.text;
  auto ids = Places::ids_in(*path);
  if (ids.size() > most) ids.erase(ids.begin(), ids.end() - static_cast<std::ptrdiff_t>(most));
  std::string text;
  for (const std::string& name : store::names(reader, ids)) text += (text.empty() ? "" : " · ") + name;
  return text;
}

}  // namespace

std::string Places::spoken(Reader& reader, const PlaceId& id) { return joined(reader, id, std::string::npos); }
std::string Places::spoken_near(Reader& reader, const PlaceId& id) { return joined(reader, id, 2); }

std::vector<std::string> Places::ids_in(std::string_view path) {
  std::vector<std::string> ids;
  while (path.size() > 1) {
    path.remove_prefix(1);
    const auto end = path.find('/');
    ids.emplace_back(path.substr(0, end));
    path.remove_prefix(std::min(end, path.size()));
  }
  return ids;
}

}  // namespace lifang::places
