#include "rooms/people/people_sight.hpp"

#include <algorithm>

namespace lifang::people {

store::PersonRow row_of(Reader& reader, const PersonId& id) {
  auto row = store::find(reader, id);
  if (!row) throw missing("people.unknown", "no such person");
  return *std::move(row);
}

bool is_own(const Caller& caller, const PersonId& id) { return !id.empty() && caller.person == id.text; }

std::vector<std::string> paths_of(Reader& reader, const store::PersonRow& row) {
  std::vector<std::string> paths = store::paths_of(reader, row.id);
  paths.push_back(row.path);
  return paths;
}

bool may(Reader& reader, const Caller& caller, std::string_view right, const store::PersonRow& row) {
  if (caller.may(right, row.path)) return true;
  const auto paths = store::paths_of(reader, row.id);
  return std::any_of(paths.begin(), paths.end(), [&](const std::string& path) { return caller.may(right, path); });
}

void must(Reader& reader, const Caller& caller, std::string_view right, const store::PersonRow& row) {
  caller.must(right);
  if (!may(reader, caller, right, row)) throw missing("people.unknown", "no such person");
}

void must_or_own(Reader& reader, const Caller& caller, std::string_view right, const store::PersonRow& row) {
  if (!is_own(caller, row.id)) must(reader, caller, right, row);
}

}  // namespace lifang::people
