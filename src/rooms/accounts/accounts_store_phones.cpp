#include "rooms/accounts/accounts_store_phones.hpp"

namespace lifang::accounts::store {
namespace {

constexpr std::string_view kInsert =
    "INSERT INTO accounts_phones (id, name, token, bound_at, account, session) VALUES ($1, $2, $3, $4, '', '')";
constexpr std::string_view kByToken = "SELECT id, name, bound_at FROM accounts_phones WHERE token = $1";
constexpr std::string_view kPhonesOf =
    "SELECT p.id, p.name, p.bound_at, COALESCE((SELECT a.login FROM accounts a WHERE a.id = p.account), '') FROM accounts_phones p "
    "WHERE EXISTS (SELECT 1 FROM accounts_pins n WHERE n.phone = p.id AND n.account = $1) ORDER BY p.id";
constexpr std::string_view kKeepPin =
    "INSERT INTO accounts_pins (phone, account, pin, wrong) VALUES ($1, $2, $3, 0) ON CONFLICT (phone, account) DO UPDATE SET "
    "pin = excluded.pin, wrong = 0";
constexpr std::string_view kRemovePin = "DELETE FROM accounts_pins WHERE phone = $1 AND account = $2";
constexpr std::string_view kRemovePins =
    "DELETE FROM accounts_pins WHERE account = $1 AND phone NOT IN (SELECT id FROM accounts_phones WHERE account = $1 AND session = $2 "
    "AND session <> '')";
constexpr std::string_view kRemoveCodesOf = "DELETE FROM accounts_bind_codes WHERE account = $1";
constexpr std::string_view kPin = "SELECT pin, wrong FROM accounts_pins WHERE phone = $1 AND account = $2";
constexpr std::string_view kWrong = "UPDATE accounts_pins SET wrong = $3 WHERE phone = $1 AND account = $2";
constexpr std::string_view kLoginsOf =
    "SELECT a.login, a.name, n.wrong FROM accounts_pins n, accounts a WHERE n.phone = $1 AND a.id = n.account AND a.state = 'active' "
    "ORDER BY a.login";
constexpr std::string_view kKeepBindCode =
    "INSERT INTO accounts_bind_codes (account, code, expires_at) VALUES ($1, $2, $3) ON CONFLICT (account) DO UPDATE SET "
    "code = excluded.code, expires_at = excluded.expires_at";
constexpr std::string_view kFindBindCode = "SELECT account FROM accounts_bind_codes WHERE code = $1 AND expires_at > $2";
constexpr std::string_view kRemoveBindCodes = "DELETE FROM accounts_bind_codes WHERE code = $1 OR expires_at <= $2";
constexpr std::string_view kHolder = "SELECT account, session FROM accounts_phones WHERE id = $1";
constexpr std::string_view kSetHolder = "UPDATE accounts_phones SET account = $2, session = $3 WHERE id = $1";

}  // namespace

void insert_phone(Tx& tx, const Phone& phone, const std::string& token_hash) {
  tx.run(kInsert, phone.id, phone.name, token_hash, phone.bound_at);
}

std::optional<PhoneRow> phone_by_token(Reader& reader, const std::string& token_hash) {
  return reader.one(kByToken, [](const db::Row& row) {
    return PhoneRow{{std::string(row.text(0)), std::string(row.text(1)), row.time(2), {}}};
  }, token_hash);
}

std::vector<Phone> phones_of(Reader& reader, const std::string& account) {
  return reader.all(kPhonesOf, [](const db::Row& row) {
    return Phone{std::string(row.text(0)), std::string(row.text(1)), row.time(2), std::string(row.text(3))};
  }, account);
}

void keep_pin(Tx& tx, const std::string& phone, const std::string& account, const std::string& hash) {
  tx.run(kKeepPin, phone, account, hash);
}

std::int64_t remove_pin(Tx& tx, const std::string& phone, const std::string& account) { return tx.run(kRemovePin, phone, account); }

void remove_pins(Tx& tx, const std::string& account, const std::string& but_session) {
  tx.run(kRemovePins, account, but_session);
  tx.run(kRemoveCodesOf, account);
}

std::optional<PinRow> find_pin(Reader& reader, const std::string& phone, const std::string& account) {
  return reader.one(kPin, [](const db::Row& row) { return PinRow{std::string(row.text(0)), row.integer(1)}; }, phone, account);
}

void set_wrong(Tx& tx, const std::string& phone, const std::string& account, std::int64_t wrong) {
  tx.run(kWrong, phone, account, wrong);
}

std::vector<PhoneLogin> logins_of(Reader& reader, const std::string& phone) {
  return reader.all(kLoginsOf, [](const db::Row& row) {
    return PhoneLogin{std::string(row.text(0)), std::string(row.text(1)), kMostWrongPins - row.integer(2)};
  }, phone);
}

void keep_bind_code(Tx& tx, const std::string& account, const std::string& hash, Time until) {
  tx.run(kKeepBindCode, account, hash, until);
}

std::optional<std::string> find_bind_code(Reader& reader, const std::string& hash, Time now) {
  return reader.value<std::string>(kFindBindCode, hash, now);
}

void remove_bind_code(Tx& tx, const std::string& hash, Time now) { tx.run(kRemoveBindCodes, hash, now); }

std::optional<Holder> holder_of(Reader& reader, const std::string& phone) {
  return reader.one(kHolder, [](const db::Row& row) { return Holder{std::string(row.text(0)), std::string(row.text(1))}; }, phone);
}

void set_holder(Tx& tx, const std::string& phone, const std::string& account, const std::string& session) {
  tx.run(kSetHolder, phone, account, session);
}

}  // namespace lifang::accounts::store
