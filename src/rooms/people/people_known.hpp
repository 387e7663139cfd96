// Lists that come again: who in the register is meant, and what the room would refuse of the words alone. A part of the
// door.
#pragma once
#include "base/caller.hpp"
#include "base/secret.hpp"
#include "platform/db/tx.hpp"
#include "rooms/people/people_values.hpp"

namespace lifang::people {

/// Somebody whom a list means. `same`: it says nothing that the register does not hold. `path`: where they are registered.
struct Known {
  PersonId id;
  bool same = false;
  std::vector<std::string> tags;
  State state = State::present;
  std::string path = {};
};

/// @throws Refusal as People::add does
void check(const PersonWords& words, Time now);
/// But for the chain above. @throws Refusal as People::put_organisation does
void check(const OrganisationWords& words);
/// As it is kept: digits with an optional '+'.
std::optional<std::string> kept_phone(std::string_view typed);

/// Present persons with this number, for the machine's own proofs (a code to a phone), never for an answer. At most 20.
std::vector<PersonId> with_phone(Reader& reader, const Vault& vault, const std::string& phone);

/// The person with this identity number, else with this name and phone, else with this name at that place.
/// @throws Refusal conflict people.known_already if it is one whom the caller may not write
std::optional<Known> known(Reader& reader, const Vault& vault, const Caller& caller, const PersonWords& words, Time now);
/// The person of this id, and whether `words` would change anything. Nothing for one whom the caller may not write.
/// @throws Refusal as People::change does, but for an erased person, of whom nothing is compared
std::optional<Known> known(Reader& reader, const Vault& vault, const Caller& caller, const PersonId& id, const PersonChange& words, Time now);

}  // namespace lifang::people
