// Every SQL statement of the room places.
#pragma once
#include <functional>

#include "rooms/places/places.hpp"

namespace lifang::places::store {

void keep(Tx& tx, const Place& place);
std::optional<Place> find(Reader& reader, const PlaceId& id);
std::optional<Kind> kind_of(Reader& reader, const PlaceId& id);
/// The kinds of its children, each once.
std::vector<Kind> kinds_in(Reader& reader, const PlaceId& parent);
std::optional<std::string> path_of(Reader& reader, const PlaceId& id);
std::vector<Place> list(Reader& reader, const std::vector<std::string>& roots, const Filter& filter);
std::int64_t count(Reader& reader, const std::vector<std::string>& roots, const Filter& filter);
std::vector<std::string> names(Reader& reader, const std::vector<std::string>& ids);
/// What a map shows below the roots: down to buildings, and the spots outside of them; parents before children.
std::vector<Place> shown(Reader& reader, const std::vector<std::string>& roots);
void each_shown_path(Reader& reader, const std::vector<std::string>& roots, const std::function<void(std::string_view)>& fn);
/// Rewrites the front of every path below `from`.
void rebase(Tx& tx, const std::string& from, const std::string& to);

}  // namespace lifang::places::store
