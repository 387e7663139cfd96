#include "rooms/accounts/accounts_store_codes.hpp"

namespace lifang::accounts::store {
namespace {

constexpr std::string_view kKeepCode =
    "INSERT INTO accounts_codes (number, code, made_at, expires_at, tries) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (number) DO UPDATE SET "
    "code = excluded.code, made_at = excluded.made_at, expires_at = excluded.expires_at, tries = excluded.tries";
constexpr std::string_view kCode = "SELECT code, made_at, expires_at, tries FROM accounts_codes WHERE number = $1";
constexpr std::string_view kRemoveCode = "DELETE FROM accounts_codes WHERE number = $1";
constexpr std::string_view kAsks = "SELECT asked, since FROM accounts_asks WHERE subject = $1";
constexpr std::string_view kSetAsks =
    "INSERT INTO accounts_asks (subject, asked, since) VALUES ($1, $2, $3) ON CONFLICT (subject) DO UPDATE SET asked = excluded.asked, "
    "since = excluded.since";
constexpr std::string_view kEndedCodes =
    "DELETE FROM accounts_codes WHERE number IN (SELECT number FROM accounts_codes WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)";
constexpr std::string_view kOldAsks =
    "DELETE FROM accounts_asks WHERE subject IN (SELECT subject FROM accounts_asks WHERE since < $1 ORDER BY since LIMIT $2)";
constexpr std::string_view kOfPerson = "SELECT id FROM accounts WHERE person = $1 AND state = 'active' ORDER BY id LIMIT 20";
constexpr std::string_view kHadAccount = "SELECT 1 FROM accounts WHERE person = $1 LIMIT 1";
constexpr std::string_view kKeepWechat =
    "INSERT INTO accounts_wechat (account, openid, bound_at, sealed) VALUES ($1, $2, $3, $4) ON CONFLICT (account) DO UPDATE SET "
    "openid = excluded.openid, bound_at = excluded.bound_at, sealed = excluded.sealed";
constexpr std::string_view kSealWechat = "UPDATE accounts_wechat SET sealed = $2 WHERE account = $1";
constexpr std::string_view kSealedWechat = "SELECT sealed FROM accounts_wechat WHERE account = $1";
constexpr std::string_view kOfWechat = "SELECT account FROM accounts_wechat WHERE openid = $1";
constexpr std::string_view kBoundAt = "SELECT bound_at FROM accounts_wechat WHERE account = $1";
constexpr std::string_view kRemoveWechat = "DELETE FROM accounts_wechat WHERE account = $1";

}  // namespace

void keep_code(Tx& tx, const std::string& number, const CodeRow& row) {
  tx.run(kKeepCode, number, row.code, row.made_at, row.expires_at, row.tries);
}

std::optional<CodeRow> find_code(Reader& reader, const std::string& number) {
  return reader.one(kCode, [](const db::Row& row) {
    return CodeRow{std::string(row.text(0)), row.time(1), row.time(2), row.integer(3)};
  }, number);
}

void remove_code(Tx& tx, const std::string& number) { tx.run(kRemoveCode, number); }

Failures asks(Reader& reader, const std::string& subject) {
  return reader.one(kAsks, [](const db::Row& row) { return Failures{row.integer(0), row.time(1)}; }, subject).value_or(Failures{});
}

void set_asks(Tx& tx, const std::string& subject, const Failures& asks) { tx.run(kSetAsks, subject, asks.count, asks.since); }

void remove_codes(Tx& tx, Time ended_before, Time asked_before, int limit) {
  tx.run(kEndedCodes, ended_before, static_cast<std::int64_t>(limit));
  tx.run(kOldAsks, asked_before, static_cast<std::int64_t>(limit));
}

bool had_account(Reader& reader, const std::string& person) { return reader.value<std::int64_t>(kHadAccount, person).has_value(); }

std::vector<AccountId> accounts_of(Reader& reader, const std::string& person) {
  return reader.all(kOfPerson, [](const db::Row& row) { return row.get<AccountId>(0); }, person);
}

void keep_wechat(Tx& tx, const AccountId& account, const std::string& index, const std::string& sealed) {
  tx.run(kKeepWechat, account, index, tx.now(), db::Blob{sealed});
}

void seal_wechat(Tx& tx, const AccountId& account, const std::string& sealed) { tx.run(kSealWechat, account, db::Blob{sealed}); }

std::optional<std::string> sealed_wechat(Reader& reader, const AccountId& account) {
  return reader.one(kSealedWechat, [](const db::Row& row) { return row.null(0) ? std::string() : std::string(row.blob(0)); }, account);
}

std::optional<AccountId> account_of_wechat(Reader& reader, const std::string& openid) {
  return reader.one(kOfWechat, [](const db::Row& row) { return row.get<AccountId>(0); }, openid);
}

std::optional<Time> wechat_bound_at(Reader& reader, const AccountId& account) {
  return reader.one(kBoundAt, [](const db::Row& row) { return row.time(0); }, account);
}

std::int64_t remove_wechat(Tx& tx, const AccountId& account) { return tx.run(kRemoveWechat, account); }

}  // namespace lifang::accounts::store
