#include "rooms/people/people_known.hpp"

#include <set>

#include "base/text.hpp"
#include "rooms/people/people.hpp"
#include "rooms/people/people_sight.hpp"

namespace lifang::people {
namespace {

/// Whether the register holds all that the list says; what it does not say is as before.
bool holds_all(const Plain& before, const Plain& said) {
  const auto fits = [](const auto& kept, const auto& told) { return !told || kept == told; };
  return normalise(before.name) == normalise(said.name) && fits(before.phone, said.phone) && fits(before.identity, said.identity) &&
         fits(before.birth, said.birth) && fits(before.sex, said.sex) && fits(before.remarks, said.remarks);
}

/// Two people of one name at one place are not one person if both their numbers are known and differ.
bool may_be_one(const Plain& before, const Plain& said) {
  const auto apart = [](const auto& kept, const auto& told) { return kept && told && *kept != *told; };
  return !apart(before.identity, said.identity) && !apart(before.birth, said.birth);
}

bool are_same(const Plain& a, const Plain& b) {
  return a.name == b.name && a.phone == b.phone && a.identity == b.identity && a.birth == b.birth && a.remarks == b.remarks &&
         a.sex.value_or(Sex::unknown) == b.sex.value_or(Sex::unknown);
}

}  // namespace

void check(const PersonWords& words, Time now) { plain_of(words, now); }

void check(const OrganisationWords& words) {
  if (words.name.empty() || length_of(words.name) > 100) throw invalid("people.bad_name", "/name", "1 to 100 characters");
  if (words.phone && !normal_phone(*words.phone)) throw invalid("people.bad_phone", "/phone", "5 to 15 digits");
}

std::optional<std::string> kept_phone(std::string_view typed) { return normal_phone(typed); }

std::vector<PersonId> with_phone(Reader& reader, const Vault& vault, const std::string& phone) {
  std::vector<PersonId> found;
  for (const auto& row : store::by_index(reader, "phone_ix", index_of(vault, kPhoneIndex, phone), 20))
    if (row.state == State::present) found.push_back(row.id);
  return found;
}

std::optional<Known> known(Reader& reader, const Vault& vault, const Caller& caller, const PersonWords& words, Time now) {
  const Plain said = plain_of(words, now);
  const auto found = [&](const store::PersonRow& row, const Plain& before) {
    return Known{row.id, row.state == State::present && holds_all(before, said), store::tags_of(reader, row.id, true), row.state, row.path};
  };
  if (said.identity)
    for (const auto& row : store::by_index(reader, "identity_ix", index_of(vault, kIdentityIndex, *said.identity), 2)) {
      if (!may(reader, caller, "people.write", row))
        throw conflict("people.known_already", "there is a person with this identity number");
      return found(row, open_person(vault, row.id, row.sealed));
    }
  const std::string path = places::Places::path_of(reader, words.place);
  const std::int64_t phone_ix = said.phone ? index_of(vault, kPhoneIndex, *said.phone) : 0;
  std::optional<std::set<PersonId>> here_now;  // asked once, whatever the number of namesakes
  for (const auto& row : store::by_index(reader, "name_ix", index_of(vault, kNameIndex, normalise(said.name)), 5000)) {
    if (row.state == State::erased) continue;
    // A common name has namesakes all over: only those at this place or behind this number are opened.
    const bool calls_alike = said.phone && row.sealed.phone_ix == phone_ix;
    if (row.path != path && !here_now) here_now = store::living_at(reader, path);
    const bool here = row.path == path || here_now->contains(row.id);
    if ((!calls_alike && !here) || !may(reader, caller, "people.write", row)) continue;
    const Plain before = open_person(vault, row.id, row.sealed);
    if (!may_be_one(before, said)) continue;
    const bool same_phone = said.phone && before.phone == said.phone;
    if (same_phone || (here && (!said.phone || !before.phone || said.identity))) return found(row, before);
  }
  return std::nullopt;
}

std::optional<Known> known(Reader& reader, const Vault& vault, const Caller& caller, const PersonId& id, const PersonChange& words, Time now) {
  const auto row = store::find(reader, id);
  if (!row || !may(reader, caller, "people.write", *row)) return std::nullopt;
  Known found{id, true, store::tags_of(reader, id, true), row->state, row->path};
  if (row->state == State::erased) return found;
  const Plain before = open_person(vault, id, row->sealed);
  const Plain after = changed(before, words, now);
  if (after.identity && after.identity != before.identity)
    for (const auto& other : store::by_index(reader, "identity_ix", index_of(vault, kIdentityIndex, *after.identity), 2))
      if (other.id != id) throw conflict("people.known_already", "there is a person with this identity number");
  const bool moves = words.place && places::Places::path_of(reader, *words.place) != row->path;
  found.same = are_same(before, after) && !moves && words.state.value_or(row->state) == row->state;
  return found;
}

}  // namespace lifang::people
