// Pure decisions about accounts: what a login, a password and a role may be, who may grant what.
#pragma once
#include <span>

#include "rooms/accounts/accounts_store.hpp"

namespace lifang::accounts {

/// The form under which a login is kept and looked up: trimmed, half-width, lower case.
std::string normal_login(std::string_view typed);
/// 2 to 64 characters of letters, digits, '.', '_', '-', '@', '+' or CJK, in normal form.
bool is_login(std::string_view normal);

/// Empty, or why the password is refused: too short or too long, too like the login, or widely known.
std::string weakness(std::string_view login, std::string_view password, std::size_t min_length);

/// A right ("cases.read"), a room's ("cases.*") or all ("*").
bool is_right(std::string_view text);
/// Why personal data may be asked for (PIPL: every handling has a purpose).
std::span<const std::string_view> purposes();

/// What assignments in force amount to. The purposes of a role are rights too: "purpose.case", so that rooms which
/// unmask ask for both, and nobody hands out a purpose that is not theirs.
std::vector<Grant> grants_of(const std::vector<store::Held>& held);
/// `wanted` as far as `owner` has it too.
std::vector<Grant> capped(const Key& wanted, const std::vector<Grant>& owner);
/// Whether the caller holds `right` (a pattern too) over the whole subtree.
bool holds(const std::vector<Grant>& grants, std::string_view right, std::string_view path);

/// The roles that the program brings along, and the version of their text.
struct SuppliedRole {
  std::string_view id, name;
  std::vector<std::string_view> rights;
  std::vector<std::string_view> purposes;
  bool staff;
};
inline constexpr std::int64_t kRolesVersion = 5;
const std::vector<SuppliedRole>& supplied_roles();

}  // namespace lifang::accounts
