#include "rooms/accounts/accounts_store_views.hpp"

namespace lifang::accounts::store {
namespace {

constexpr std::string_view kViewsOf =
    "SELECT list, sealed, kept_at FROM accounts_views WHERE account = $1 ORDER BY list";
constexpr std::string_view kCountViews = "SELECT COUNT(*) FROM accounts_views WHERE account = $1";
constexpr std::string_view kKeepViews =
    "INSERT INTO accounts_views (account, list, sealed, kept_at) VALUES ($1, $2, $3, $4)";
constexpr std::string_view kRemoveViews = "DELETE FROM accounts_views WHERE account = $1 AND list = $2";
constexpr std::string_view kRemoveAllViews = "DELETE FROM accounts_views WHERE account = $1";

}  // namespace

std::vector<KeptViews> views_of(Reader& reader, const AccountId& account) {
  return reader.all(kViewsOf, [](const db::Row& row) {
    return KeptViews{std::string(row.text(0)), std::string(row.blob(1)), row.time(2)};
  }, account);
}

std::int64_t count_views(Reader& reader, const AccountId& account) {
  return reader.value<std::int64_t>(kCountViews, account).value_or(0);
}

void keep_views(Tx& tx, const AccountId& account, const KeptViews& kept) {
  tx.run(kKeepViews, account, kept.list, db::Blob{kept.sealed}, kept.kept_at);
}

void remove_views(Tx& tx, const AccountId& account, const std::string& list) { tx.run(kRemoveViews, account, list); }

void remove_all_views(Tx& tx, const AccountId& account) { tx.run(kRemoveAllViews, account); }

}  // namespace lifang::accounts::store
