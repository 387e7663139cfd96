// Persons between the open and the sealed form: which column is sealed how, and which blind index stands beside it.
#pragma once
#include "base/secret.hpp"
#include "rooms/people/people_rules.hpp"

namespace lifang::people {

/// The sealed columns of a row of people_persons. Empty text stands for null.
struct Sealed {
  std::string key;
  std::string name, phone, identity, birth, sex, remarks;
  std::optional<std::int64_t> name_ix, phone_ix, phone_tail_ix, identity_ix, identity_tail_ix;
  std::optional<std::int64_t> born;
};

/// A new key when `key` is empty, else under the person's present one.
Sealed seal_person(const Vault& vault, const PersonId& id, const Plain& plain, const std::string& key, Ids& ids);
/// @throws Bug if the row does not open: another node's key, or somebody moved columns about.
Plain open_person(const Vault& vault, const PersonId& id, const Sealed& sealed);
/// Name, phone and identity alone, masked.
Plain open_masked(const Vault& vault, const PersonId& id, const Sealed& sealed);

/// The first 64 bits of the blind index of a normal form.
std::int64_t index_of(const Vault& vault, std::string_view purpose, std::string_view normal);
inline constexpr std::string_view kNameIndex = "people.name";
inline constexpr std::string_view kPhoneIndex = "people.phone";
inline constexpr std::string_view kPhoneTailIndex = "people.phone_tail";
inline constexpr std::string_view kIdentityIndex = "people.identity";
inline constexpr std::string_view kIdentityTailIndex = "people.identity_tail";
inline constexpr std::string_view kCodeIndex = "people.code";

std::string seal_code(const Vault& vault, const HouseholdId& household, std::string_view code, Ids& ids);
std::string open_code(const Vault& vault, const HouseholdId& household, std::string_view sealed);

}  // namespace lifang::people
