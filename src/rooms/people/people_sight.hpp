// Who may see whom: the rights over a person, asked at every place where the person is registered or lives.
#pragma once
#include "base/caller.hpp"
#include "rooms/people/people_store.hpp"

namespace lifang::people {

/// @throws Refusal missing people.unknown
store::PersonRow row_of(Reader& reader, const PersonId& id);
bool is_own(const Caller& caller, const PersonId& id);
/// The paths where a right over this person counts.
std::vector<std::string> paths_of(Reader& reader, const store::PersonRow& row);
bool may(Reader& reader, const Caller& caller, std::string_view right, const store::PersonRow& row);
/// 403 without the right anywhere, else "unknown".
void must(Reader& reader, const Caller& caller, std::string_view right, const store::PersonRow& row);
/// The person himself, or the right.
void must_or_own(Reader& reader, const Caller& caller, std::string_view right, const store::PersonRow& row);

}  // namespace lifang::people
