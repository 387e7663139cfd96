// Every SQL statement of the room drills.
#pragma once
#include "rooms/drills/drills.hpp"

namespace lifang::drills::store {

void insert(Tx& tx, const Drill& drill);
void end(Tx& tx, const DrillId& id, Time at);
std::optional<Drill> find(Reader& reader, const DrillId& id);
bool runs(Reader& reader, const std::string& kind, const places::PlaceId& place);
std::vector<Drill> list(Reader& reader, const std::vector<std::string>& roots, const Filter& filter);
std::int64_t count(Reader& reader, const std::vector<std::string>& roots, const Filter& filter);
void rebase(Tx& tx, const std::string& from, const std::string& to);

}  // namespace lifang::drills::store
