// Roles that demand a second factor: whoever holds one and has none gets no right before they have. A part of the door of accounts.
#pragma once
#include <set>
#include <string>

#include "base/caller.hpp"
#include "platform/db/tx.hpp"
#include "rooms/accounts/accounts_types.hpp"

namespace lifang::accounts {

/// Roles that demand it now.
std::set<std::string> roles_with_factor(Reader& reader);
/// Right accounts.write over everything. @throws Refusal missing accounts.unknown_role
void demand_factor(Tx& tx, const Caller& caller, const std::string& role, bool demanded);
/// Whether the account holds such a role now and has no second factor yet.
bool must_enrol(Reader& reader, const AccountId& account, Time now);

}  // namespace lifang::accounts
