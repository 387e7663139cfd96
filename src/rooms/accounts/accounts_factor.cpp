#include "rooms/accounts/accounts_factor.hpp"

#include <algorithm>

#include "base/refusal.hpp"
#include "rooms/accounts/accounts_store.hpp"

namespace lifang::accounts {
namespace {

constexpr std::string_view kWithFactor = "SELECT id FROM accounts_roles WHERE second_factor = 1";
constexpr std::string_view kDemandFactor = "UPDATE accounts_roles SET second_factor = $2 WHERE id = $1";

}  // namespace

std::set<std::string> roles_with_factor(Reader& reader) {
  const auto found = reader.all(kWithFactor, [](const db::Row& row) { return std::string(row.text(0)); });
  return {found.begin(), found.end()};
}

void demand_factor(Tx& tx, const Caller& caller, const std::string& role, bool demanded) {
  caller.must("accounts.write", "/");
  if (tx.run(kDemandFactor, role, demanded) == 0) throw missing("accounts.unknown_role", "no such role");
}

bool must_enrol(Reader& reader, const AccountId& account, Time now) {
  const auto row = store::find(reader, account);
  if (!row || row->account.second_factor) return false;
  const auto held = store::held_by(reader, account, now);
  return std::any_of(held.begin(), held.end(), [](const store::Held& h) { return h.second_factor; });
}

}  // namespace lifang::accounts
