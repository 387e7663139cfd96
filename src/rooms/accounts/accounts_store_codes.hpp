// The SQL of codes to phones and of WeChat bindings.
#pragma once
#include "rooms/accounts/accounts_store.hpp"

namespace lifang::accounts::store {

struct CodeRow {
  std::string code;
  Time made_at, expires_at;
  std::int64_t tries = 0;
};
void keep_code(Tx& tx, const std::string& number, const CodeRow& row);
std::optional<CodeRow> find_code(Reader& reader, const std::string& number);
void remove_code(Tx& tx, const std::string& number);

Failures asks(Reader& reader, const std::string& subject);
void set_asks(Tx& tx, const std::string& subject, const Failures& asks);
/// Codes that have ended and counts that began before; at most `limit` of each.
void remove_codes(Tx& tx, Time ended_before, Time asked_before, int limit);

/// Open logins of a person.
/// Whether the person has or had a login.
bool had_account(Reader& reader, const std::string& person);
std::vector<AccountId> accounts_of(Reader& reader, const std::string& person);

/// `index`: blind; `sealed`: the openid.
void keep_wechat(Tx& tx, const AccountId& account, const std::string& index, const std::string& sealed);
void seal_wechat(Tx& tx, const AccountId& account, const std::string& sealed);
/// Empty: bound, but since before openids were kept.
std::optional<std::string> sealed_wechat(Reader& reader, const AccountId& account);
std::optional<AccountId> account_of_wechat(Reader& reader, const std::string& openid);
std::optional<Time> wechat_bound_at(Reader& reader, const AccountId& account);
std::int64_t remove_wechat(Tx& tx, const AccountId& account);

}  // namespace lifang::accounts::store
