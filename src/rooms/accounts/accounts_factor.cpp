#include "rooms/accounts/accounts_factor.hpp"

#include <algorithm>

#include "base/refusal.hpp"
#include "rooms/accounts/accounts_store.hpp"

namespace lifang::accounts {

std::set<std::string> roles_with_factor(Reader& reader) {
  const auto found = store::roles_with_factor(reader);
  return {found.begin(), found.end()};
}

void demand_factor(Tx& tx, const Caller& caller, const std::string& role, bool demanded) {
  caller.must("accounts.write", "/");
  if (!store::demand_factor(tx, role, demanded)) throw missing("accounts.unknown_role", "no such role");
}

bool must_enrol(Reader& reader, const AccountId& account, Time now) {
  const auto row = store::find(reader, account);
  if (!row || row->account.second_factor) return false;
  const auto held = store::held_by(reader, account, now);
  return std::any_of(held.begin(), held.end(), [](const store::Held& h) { return h.second_factor; });
}

}  // namespace lifang::accounts
