#include "rooms/people/people_seal.hpp"

#include <charconv>

#include "base/check.hpp"
#include "base/members.hpp"
#include "base/text.hpp"

namespace lifang::people {
namespace {

constexpr std::string_view kTable = "people_persons";

std::string day_text(Day day) {
  return std::to_string(std::chrono::sys_days(day).time_since_epoch().count());
}

Day day_of_text(const std::string& text) {
  int days = 0;
  std::from_chars(text.data(), text.data() + text.size(), days);
  return Day{std::chrono::sys_days(std::chrono::days(days))};
}

class Opener {
 public:
  Opener(const Vault& vault, const PersonId& id, const Sealed& sealed) : id_(id) {
    auto key = vault.unwrap(sealed.key, id.text);
    check(key.has_value(), "a person's key opens with the node's");
    key_ = *std::move(key);
  }
  std::string open(std::string_view sealed, std::string_view column) const {
    auto plain = unseal(key_, sealed, place_of_field(kTable, id_.text, column));
    check(plain.has_value(), "a sealed field opens with its person's key");
    return *std::move(plain);
  }
  std::optional<std::string> maybe(const std::string& sealed, std::string_view column) const {
    if (sealed.empty()) return std::nullopt;
    return open(sealed, column);
  }

 private:
  const PersonId& id_;
  Secret key_;
};

}  // namespace

std::int64_t index_of(const Vault& vault, std::string_view purpose, std::string_view normal) {
  const std::string hex = vault.blind_index(purpose, normal);
  std::uint64_t bits = 0;
  std::from_chars(hex.data(), hex.data() + 16, bits, 16);
  return static_cast<std::int64_t>(bits);
}

Sealed seal_person(const Vault& vault, const PersonId& id, const Plain& plain, const std::string& key, Ids& ids) {
  Sealed sealed;
  sealed.key = key.empty() ? vault.make_wrapped_key(id.text, ids) : key;
  const auto own = vault.unwrap(sealed.key, id.text);
  check(own.has_value(), "a person's key opens with the node's");
  const auto close = [&](std::string_view text, std::string_view column) {
    return seal(*own, text, place_of_field(kTable, id.text, column), ids);
  };
  sealed.name = close(plain.name, "name");
  sealed.name_ix = index_of(vault, kNameIndex, normalise(plain.name));
  if (plain.phone) {
    sealed.phone = close(*plain.phone, "phone");
    sealed.phone_ix = index_of(vault, kPhoneIndex, *plain.phone);
    if (const auto tail = tail_of(*plain.phone)) sealed.phone_tail_ix = index_of(vault, kPhoneTailIndex, *tail);
  }
  if (plain.identity) {
    sealed.identity = close(*plain.identity, "identity");
    sealed.identity_ix = index_of(vault, kIdentityIndex, *plain.identity);
    if (const auto tail = tail_of(*plain.identity)) sealed.identity_tail_ix = index_of(vault, kIdentityTailIndex, *tail);
  }
  if (plain.birth) {
    sealed.birth = close(day_text(*plain.birth), "birth");
    sealed.born = static_cast<int>(plain.birth->year());
  }
  if (plain.sex && *plain.sex != Sex::unknown) sealed.sex = close(enum_name(*plain.sex), "sex");
  if (plain.remarks) sealed.remarks = close(*plain.remarks, "remarks");
  return sealed;
}

Plain open_person(const Vault& vault, const PersonId& id, const Sealed& sealed) {
  const Opener opener(vault, id, sealed);
  Plain plain;
  plain.name = opener.open(sealed.name, "name");
  plain.phone = opener.maybe(sealed.phone, "phone");
  plain.identity = opener.maybe(sealed.identity, "identity");
  plain.remarks = opener.maybe(sealed.remarks, "remarks");
  if (const auto birth = opener.maybe(sealed.birth, "birth")) plain.birth = day_of_text(*birth);
  if (const auto sex = opener.maybe(sealed.sex, "sex")) plain.sex = enum_of<Sex>(*sex);
  return plain;
}

Plain open_masked(const Vault& vault, const PersonId& id, const Sealed& sealed) {
  const Opener opener(vault, id, sealed);
  Plain plain;
  plain.name = mask_name(opener.open(sealed.name, "name"));
  if (const auto phone = opener.maybe(sealed.phone, "phone")) plain.phone = mask_phone(*phone);
  if (const auto identity = opener.maybe(sealed.identity, "identity")) plain.identity = mask_identity(*identity);
  return plain;
}

std::string seal_code(const Vault& vault, const HouseholdId& household, std::string_view code, Ids& ids) {
  return vault.seal_own("people.code " + household.text, code, ids);
}

std::string open_code(const Vault& vault, const HouseholdId& household, std::string_view sealed) {
  auto code = vault.unseal_own("people.code " + household.text, sealed);
  check(code.has_value(), "a household's code opens with the node's key");
  return *std::move(code);
}

}  // namespace lifang::people
