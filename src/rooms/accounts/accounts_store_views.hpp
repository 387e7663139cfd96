// SQL of the views that people keep.
#pragma once
#include <string>
#include <vector>

#include "platform/db/tx.hpp"
#include "rooms/accounts/accounts_types.hpp"

namespace lifang::accounts::store {

struct KeptViews {
  std::string list;
  std::string sealed;
  Time kept_at;
};
/// By list.
std::vector<KeptViews> views_of(Reader& reader, const AccountId& account);
std::int64_t count_views(Reader& reader, const AccountId& account);
/// Where nothing is kept of this list.
void keep_views(Tx& tx, const AccountId& account, const KeptViews& kept);
void remove_views(Tx& tx, const AccountId& account, const std::string& list);
void remove_all_views(Tx& tx, const AccountId& account);

}  // namespace lifang::accounts::store
