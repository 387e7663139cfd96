#include "rooms/accounts/accounts.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "platform/bus/typed.hpp"
#include "rooms/accounts/accounts_rules.hpp"
#include "rooms/accounts/accounts_store.hpp"
#include "rooms/accounts/accounts_store_phones.hpp"
#include "rooms/accounts/accounts_totp.hpp"

namespace lifang::accounts {
namespace {

constexpr std::string_view kSessionPrefix = "lfs_";
constexpr std::string_view kKeyPrefix = "lf_";

/// What failures are counted by, and how many are allowed relative to Settings::login_attempts: one login from one
/// address; one login from anywhere, wider so that a stranger cannot lock a desk out with ten tries; one
/// address, wider still because an office shares one.
struct Counter {
  std::string subject;
  std::int64_t factor;
};

std::vector<Counter> counters_of(const Attempt& attempt) {
  const std::string login = normal_login(attempt.login);
  // Hashed: people type passwords into the wrong field.
  return {{blake2b_hex("pair\n" + login + "\n" + attempt.address), 1},
          {blake2b_hex("login\n" + login), 5},
          {blake2b_hex("address\n" + attempt.address), 20}};
}

bool too_many(Reader& reader, const Attempt& attempt, const Settings& settings, Time now) {
  for (const Counter& counter : counters_of(attempt)) {
    const store::Failures failures = store::failures(reader, counter.subject);
    if (failures.count >= counter.factor * settings.login_attempts && now < failures.since + settings.login_window)
      return true;
  }
  return false;
}

Caller caller_for(const store::AccountRow& row, std::vector<Grant> grants, std::string purpose) {
  return {row.account.id.text, row.account.person.value_or(""), row.account.login, std::move(purpose), {},
          std::move(grants)};
}

bool lacks_factor(const Account& account, const std::vector<store::Held>& held) {
  return !account.second_factor && std::any_of(held.begin(), held.end(), [](const store::Held& h) { return h.second_factor; });
}

}  // namespace

void Accounts::open(Tx& tx) {
  for (const SuppliedRole& supplied : supplied_roles()) {
    const auto seed = store::role_seed(tx, std::string(supplied.id));
    if (seed && (*seed == 0 || *seed >= kRolesVersion)) continue;
    Role role{std::string(supplied.id), std::string(supplied.name), {}, {}, supplied.staff, false};
    role.rights.assign(supplied.rights.begin(), supplied.rights.end());
    role.purposes.assign(supplied.purposes.begin(), supplied.purposes.end());
    store::keep_role(tx, role, kRolesVersion);
  }
}

void Accounts::know_rights(std::vector<std::string> rights) {
  // Some are asked for behind the door, by what a thing is, and stand at no route.
  for (const SuppliedRole& supplied : supplied_roles()) rights.insert(rights.end(), supplied.rights.begin(), supplied.rights.end());
  std::erase_if(rights, [](const std::string& right) { return !is_right(right) || right.ends_with('*'); });
  std::sort(rights.begin(), rights.end());
  rights.erase(std::unique(rights.begin(), rights.end()), rights.end());
  rights_ = std::move(rights);
}

std::vector<std::string> Accounts::rights_at(const Caller& caller, std::string_view path) const {
  std::vector<std::string> held;
  for (const std::string& right : rights_)
    if (caller.may(right, path)) held.push_back(right);
  return held;
}

// ---- logging in -----------------------------------------------------------------------------------------------

Judged Accounts::judge(Reader& reader, const Attempt& attempt, std::string_view password, Time now, Ids& ids) const {
  if (too_many(reader, attempt, settings_, now))
    throw Refusal(RefusalKind::too_many, "accounts.too_many", "too many wrong passwords; wait a quarter of an hour");
  Judged judged;
  const auto row = store::find_by_login(reader, normal_login(attempt.login));
  if (!row || row->account.state != State::active || row->password.empty()) {
    verify_nobody(password, settings_.cost);
    return judged;
  }
  judged.account = row->account.id;
  judged.hash = row->password;
  judged.right = verify_password(row->password, password);
  if (judged.right && is_outdated(row->password, settings_.cost)) judged.renewed = hash(password, ids);
  return judged;
}

void Accounts::count_failure(Tx& tx, const Attempt& attempt, const std::optional<AccountId>& account) {
  bool locked = false;
  for (const Counter& counter : counters_of(attempt)) {
    store::Failures failures = store::failures(tx, counter.subject);
    if (tx.now() >= failures.since + settings_.login_window) failures = {0, tx.now()};
    ++failures.count;
    store::set_failures(tx, counter.subject, failures);
    locked = locked || failures.count == counter.factor * settings_.login_attempts;
  }
  if (locked && account) bus::tell(bus_, tx, Locked{*account}, {account->text, "/", {}, account->text});
}

bool Accounts::is_locked(Tx& tx, const Attempt& attempt) const { return too_many(tx, attempt, settings_, tx.now()); }

bool Accounts::proven(Tx& tx, const Attempt& attempt, const Judged& judged) {
  const auto row = judged.account ? store::find(tx, *judged.account) : std::nullopt;
  // The password may have been changed, or the account closed, since the worker looked.
  if (row && judged.right && row->account.state == State::active && row->password == judged.hash) return true;
  count_failure(tx, attempt, judged.account);
  return false;
}

Entry Accounts::log_in(Tx& tx, const Attempt& attempt, const Judged& judged) {
  if (too_many(tx, attempt, settings_, tx.now())) return {{}, "accounts.too_many"};
  if (!proven(tx, attempt, judged)) return {{}, "accounts.wrong_login"};
  const auto row = store::find(tx, *judged.account);
  const Account& account = row->account;
  if (account.second_factor) {
    if (attempt.code.empty()) return {{}, "accounts.code_needed"};
    if (!code_fits(tx, account.id, attempt.code)) {
      count_failure(tx, attempt, account.id);
      return {{}, "accounts.wrong_code"};
    }
  }
  const auto counters = counters_of(attempt);
  store::forget_failures(tx, counters[0].subject);
  store::forget_failures(tx, counters[1].subject);
  if (!judged.renewed.empty()) store::set_password(tx, account.id, judged.renewed, account.must_change_password);
  return {open_session(tx, account, attempt), {}};
}

LoggedIn Accounts::open_session(Tx& tx, const Account& account, const Attempt& attempt) {
  const std::string token = lifang::make_token(tx.ids(), kSessionPrefix);
  store::SessionRow row{{"session_" + tx.ids().ulid(), tx.now(), tx.now(), tx.now() + settings_.session_lifetime,
                         attempt.address, attempt.agent.substr(0, 200), false},
                        account.id};
  if (!valid_utf8(row.session.agent)) row.session.agent.clear();
  store::insert_session(tx, row, hash_token(token));
  store::set_last_login(tx, account.id);
  bus::tell(bus_, tx, LoggedInEvent{account.id, row.session.id}, {account.id.text, "/", {}, account.id.text});
  LoggedIn in{token, row.session.expires_at, row.session.id, account.id, account.login, account.name, {},
              account.must_change_password, {}};
  if (account.person) in.person.emplace(*account.person);
  const auto held = store::held_by(tx, account.id, tx.now());
  if (!account.must_change_password && !lacks_factor(account, held)) in.rights = grants_of(held);
  return in;
}

std::optional<Known> Accounts::authenticate(Reader& reader, std::string_view token, const std::string& purpose,
                                            Time now) const {
  if (!purpose.empty() && std::find(purposes().begin(), purposes().end(), purpose) == purposes().end())
    throw invalid("accounts.unknown_purpose", "?purpose", "not one of the known purposes");
  if (!token.starts_with(kSessionPrefix)) return by_key(reader, token, purpose, now);
  const auto session = store::session_by_token(reader, hash_token(token));
  if (!session || now >= session->session.expires_at || now >= session->session.seen_at + settings_.session_idle)
    return std::nullopt;
  const auto row = store::find(reader, session->account);
  if (!row || row->account.state != State::active) return std::nullopt;
  Known known;
  known.must_change_password = row->account.must_change_password;
  const auto held = store::held_by(reader, session->account, now);
  // Until the password is changed, and the second factor there that a role demands, the login can do nothing else.
  std::vector<Grant> grants;
  if (!known.must_change_password && !lacks_factor(row->account, held)) grants = grants_of(held);
  known.caller = caller_for(*row, std::move(grants), purpose);
  known.caller.session = session->session.id;
  known.expires_at = session->session.expires_at;
  known.stale = now >= session->session.seen_at + std::min<Duration>(settings_.session_idle / 20, std::chrono::hours(1));
  return known;
}

std::optional<Caller> Accounts::standing_of(Reader& reader, const std::string& person, Time now) {
  const auto id = store::find_by_person(reader, person);
  const auto row = id ? store::find(reader, *id) : std::nullopt;
  if (!row) return std::nullopt;
  return caller_for(*row, grants_of(store::held_by(reader, *id, now)), {});
}

std::optional<Known> Accounts::by_key(Reader& reader, std::string_view token, const std::string& purpose, Time now) const {
  if (!token.starts_with(kKeyPrefix)) return std::nullopt;
  const auto key = store::key_by_token(reader, hash_token(token));
  if (!key || key->revoked_at || (key->expires_at && now >= *key->expires_at)) return std::nullopt;
  const auto owner = store::find(reader, AccountId{key->owner});
  if (!owner || owner->account.state != State::active) return std::nullopt;
  Known known;
  known.caller = {key->id, {}, key->name, purpose, {},
                  capped(*key, grants_of(store::held_by(reader, owner->account.id, now)))};
  known.expires_at = key->expires_at.value_or(now + settings_.session_lifetime);
  return known;
}

void Accounts::touch(Tx& tx, const std::string& session) { store::touch_session(tx, session); }

std::vector<Session> Accounts::sessions_of(Reader& reader, const AccountId& account, Time now) const {
  return store::sessions_of(reader, account, now, now - settings_.session_idle);
}

void Accounts::log_out(Tx& tx, const Caller& caller, const std::string& session) {
  if (store::remove_session(tx, AccountId{caller.account}, session) == 0)
    throw missing("accounts.no_session", "no such session of this login");
  bus::tell(bus_, tx, SessionsEnded{AccountId{caller.account}, session}, {caller.account, "/", {}, caller.account});
}

void Accounts::log_out_all(Tx& tx, const Caller& caller, const AccountId& account) {
  must_stand_above(tx, caller, account);
  store::remove_sessions(tx, account, "");
  store::remove_pins(tx, account.text, "");
  bus::tell(bus_, tx, SessionsEnded{account, ""}, {account.text, "/", {}, caller.account});
}

// ---- passwords ------------------------------------------------------------------------------------------------

void Accounts::check_password(std::string_view login, std::string_view password) const {
  if (const std::string why = weakness(login, password, settings_.min_password_length); !why.empty())
    throw invalid("accounts.weak_password", "/password", why);
}

std::string Accounts::hash(std::string_view password, Ids& ids) const {
  return hash_password(password, settings_.cost, ids);
}

void Accounts::change_password(Tx& tx, const Caller& caller, const std::string& hash) {
  const AccountId id{caller.account};
  store::set_password(tx, id, hash, false);
  store::remove_sessions(tx, id, caller.session);
  store::remove_pins(tx, id.text, caller.session);
  tell_of(tx, caller, id, "password");
}

void Accounts::reset_password(Tx& tx, const Caller& caller, const AccountId& account, const std::string& hash) {
  must_stand_above(tx, caller, account);
  store::set_password(tx, account, hash, true);
  store::remove_sessions(tx, account, "");
  store::remove_pins(tx, account.text, "");
  tell_of(tx, caller, account, "password");
}

// ---- second factor --------------------------------------------------------------------------------------------

TotpSecret Accounts::begin_totp(Tx& tx, const Caller& caller) {
  const auto row = store::find(tx, AccountId{caller.account});
  if (!row) throw forbidden("accounts.no_password", "only people log in with a second factor");
  if (row->account.second_factor) throw conflict("accounts.totp_on", "end the present second factor first");
  const std::string secret = tx.ids().random_bytes(kTotpSecretBytes);
  store::set_totp(tx, row->account.id, vault_.seal_own("accounts.totp " + caller.account, secret, tx.ids()), false, 0);
  const std::string text = to_base32(secret);
  return {text, "otpauth://totp/Lifang:" + row->account.login + "?secret=" + text + "&issuer=Lifang"};
}

bool Accounts::code_fits(Tx& tx, const AccountId& id, const std::string& code) {
  const auto row = store::find(tx, id);
  if (!row || row->totp.empty()) return false;
  const auto secret = vault_.unseal_own("accounts.totp " + id.text, row->totp);
  if (!secret) return false;
  const auto step = totp_fits(*secret, code, tx.now(), row->totp_step);
  if (!step) return false;
  store::set_totp(tx, id, row->totp, row->account.second_factor, *step);
  return true;
}

void Accounts::confirm_totp(Tx& tx, const Caller& caller, const std::string& code) {
  const AccountId id{caller.account};
  const auto row = store::find(tx, id);
  if (!row || row->totp.empty() || row->account.second_factor)
    throw conflict("accounts.no_totp", "ask for a new secret first");
  if (!code_fits(tx, id, code)) throw invalid("accounts.wrong_code", "/code", "not the code of this minute");
  store::set_totp(tx, id, row->totp, true, store::find(tx, id)->totp_step);
  tell_of(tx, caller, id, "totp_on");
}

bool Accounts::end_own_totp(Tx& tx, const Caller& caller, const Attempt& attempt) {
  const AccountId id{caller.account};
  for (const store::Held& held : store::held_by(tx, id, tx.now()))
    if (held.second_factor) throw conflict("accounts.factor_demanded", "one of the roles demands a second factor");
  if (too_many(tx, attempt, settings_, tx.now())) return false;
  if (!code_fits(tx, id, attempt.code)) {
    count_failure(tx, attempt, id);
    return false;
  }
  store::set_totp(tx, id, std::nullopt, false, 0);
  tell_of(tx, caller, id, "totp_off");
  return true;
}

void Accounts::end_totp(Tx& tx, const Caller& caller, const AccountId& account) {
  must_stand_above(tx, caller, account);
  store::set_totp(tx, account, std::nullopt, false, 0);
  tell_of(tx, caller, account, "totp_off");
}

}  // namespace lifang::accounts
