// SQL of deputies.
#pragma once
#include "platform/db/tx.hpp"
#include "rooms/accounts/accounts_deputies.hpp"

namespace lifang::accounts::store {

/// Open staff logins with a role of their own in force below one of the roots, by login; not `but`.
std::vector<Account> candidates(Reader& reader, const std::vector<std::string>& roots, const CandidateFilter& filter,
                                const std::string& but, Time now);
std::int64_t count_candidates(Reader& reader, const std::vector<std::string>& roots, const CandidateFilter& filter,
                              const std::string& but, Time now);
bool is_candidate(Reader& reader, const std::vector<std::string>& roots, const AccountId& id, Time now);

/// One assignment that is lent, with both names as they are stored.
struct Lent {
  Assignment assignment;
  AccountId owner;
  std::string owner_name, deputy_name;
  bool owner_is_person = false, deputy_is_person = false;
  Time made_at;
};
/// Not yet ended, of open logins, in the order in which they were lent; `about`: as owner or deputy, or below the roots.
std::vector<Lent> lent(Reader& reader, const std::vector<std::string>& roots, const std::string& about, Time now);

}  // namespace lifang::accounts::store
