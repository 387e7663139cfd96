#include "rooms/accounts/accounts_views.hpp"

#include <set>
#include <string_view>

#include "base/reflect.hpp"
#include "rooms/accounts/accounts_store.hpp"
#include "rooms/accounts/accounts_store_views.hpp"

namespace lifang::accounts {
namespace {

constexpr std::size_t kMostViews = 20, kMostViewBytes = 4096, kMostViewNameBytes = 200;
constexpr std::int64_t kMostLists = 100;

/// Bound to the row: moved to another login or list it opens nothing.
std::string views_purpose(const AccountId& account, const std::string& list) {
  return "accounts.views " + account.text + " " + list;
}

void must_be_kept(const std::vector<View>& views) {
  if (views.size() > kMostViews) throw invalid("accounts.too_many_views", "/views", "at most 20 of one list");
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < views.size(); ++i) {
    const std::string at = "/views/" + std::to_string(i);
    const std::string& name = views[i].name;
    if (name.empty() || name.size() > kMostViewNameBytes)
      throw invalid("accounts.bad_view", at + "/name", "1 to 200 bytes");
    if (!names.insert(name).second)
      throw invalid("accounts.bad_view", at + "/name", "another view of this list has this name");
    if (to_json(views[i]).size() > kMostViewBytes) throw invalid("accounts.bad_view", at, "at most 4096 bytes");
  }
}

}  // namespace

std::vector<ListViews> Views::list(Reader& reader, const Caller& caller) const {
  const AccountId account{caller.account};
  std::vector<ListViews> found;
  for (const store::KeptViews& kept : store::views_of(reader, account))
    if (const auto plain = accounts_->vault_.unseal_own(views_purpose(account, kept.list), kept.sealed))
      found.push_back({kept.list, from_json<std::vector<View>>(*plain), kept.kept_at});
  return found;
}

ListViews Views::get(Reader& reader, const Caller& caller, const std::string& list) const {
  for (ListViews& kept : this->list(reader, caller))
    if (kept.id == list) return std::move(kept);
  throw missing("accounts.no_views", "this login keeps no views of this list");
}

ListViews Views::keep(Tx& tx, const Caller& caller, const std::string& list, const std::vector<View>& views) const {
  const AccountId account{caller.account};
  if (!store::find(tx, account)) throw forbidden("accounts.no_account", "only people who log in keep views");
  if (!is_client_id(list)) throw invalid("accounts.bad_id", "/id", "letters, digits, '.', '_', '-', at most 64");
  must_be_kept(views);
  store::remove_views(tx, account, list);
  if (views.empty()) return {list, {}, tx.now()};
  if (store::count_views(tx, account) >= kMostLists)
    throw invalid("accounts.too_many_views", "/id", "at most 100 lists have views of one login");
  const std::string sealed = accounts_->vault_.seal_own(views_purpose(account, list), to_json(views), tx.ids());
  store::keep_views(tx, account, {list, sealed, tx.now()});
  return {list, views, tx.now()};
}

}  // namespace lifang::accounts
