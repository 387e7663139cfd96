#include "rooms/accounts/accounts_store.hpp"

#include <algorithm>

#include "base/members.hpp"
#include "base/reflect.hpp"

namespace lifang::accounts::store {
namespace {

constexpr std::string_view kAccount =
    "SELECT id, login, name, person, state, must_change, made_at, last_login, totp_on, password, made_by, totp, "
    "totp_step FROM accounts";
constexpr std::string_view kInsert =
    "INSERT INTO accounts (id, login, name, person, password, state, must_change, made_by, made_at, totp_on, totp_step) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0)";
constexpr std::string_view kByPerson =
    "SELECT id FROM accounts WHERE person = $1 AND state = 'active' ORDER BY id LIMIT 1";
constexpr std::string_view kAllOfPerson = "SELECT id FROM accounts WHERE person = $1 AND person <> '' ORDER BY id";
constexpr std::string_view kLogin = "SELECT login FROM accounts WHERE id = $1";
constexpr std::string_view kSetWords = "UPDATE accounts SET name = $2, person = $3 WHERE id = $1";
constexpr std::string_view kSetPassword = "UPDATE accounts SET password = $2, must_change = $3 WHERE id = $1";
constexpr std::string_view kSetState = "UPDATE accounts SET state = $2 WHERE id = $1";
constexpr std::string_view kSetLastLogin = "UPDATE accounts SET last_login = $2 WHERE id = $1";
constexpr std::string_view kSetTotp = "UPDATE accounts SET totp = $2, totp_on = $3, totp_step = $4 WHERE id = $1";

constexpr std::string_view kInsertSession =
    "INSERT INTO accounts_sessions (id, token, account, made_at, seen_at, expires_at, address, agent) "
    "VALUES ($1, $2, $3, $4, $4, $5, $6, $7)";
constexpr std::string_view kSessionByToken =
    "SELECT id, made_at, seen_at, expires_at, address, agent, account FROM accounts_sessions WHERE token = $1";
constexpr std::string_view kSessionsOf =
    "SELECT id, made_at, seen_at, expires_at, address, agent FROM accounts_sessions "
    "WHERE account = $1 AND expires_at > $2 AND seen_at > $3 ORDER BY made_at, id";
constexpr std::string_view kTouch = "UPDATE accounts_sessions SET seen_at = $2 WHERE id = $1";
constexpr std::string_view kRemoveSession = "DELETE FROM accounts_sessions WHERE account = $1 AND id = $2";
constexpr std::string_view kRemoveSessions = "DELETE FROM accounts_sessions WHERE account = $1 AND id <> $2";
constexpr std::string_view kRemoveEnded =
    "DELETE FROM accounts_sessions WHERE id IN (SELECT id FROM accounts_sessions WHERE expires_at <= $1 OR "
    "seen_at <= $2 LIMIT $3)";
constexpr std::string_view kRemoveAttempts =
    "DELETE FROM accounts_attempts WHERE subject IN (SELECT subject FROM accounts_attempts WHERE since <= $1 LIMIT $2)";

constexpr std::string_view kRole = "SELECT id, name, rights, purposes, staff, seed FROM accounts_roles";
constexpr std::string_view kKeepRole =
    "INSERT INTO accounts_roles (id, name, rights, purposes, staff, seed) VALUES ($1, $2, $3, $4, $5, $6) "
    "ON CONFLICT (id) DO UPDATE SET name = excluded.name, rights = excluded.rights, purposes = excluded.purposes, "
    "staff = excluded.staff, seed = excluded.seed";
constexpr std::string_view kWithFactor = "SELECT id FROM accounts_roles WHERE second_factor = 1 ORDER BY id";
constexpr std::string_view kDemandFactor = "UPDATE accounts_roles SET second_factor = $2 WHERE id = $1";
constexpr std::string_view kSeed = "SELECT seed FROM accounts_roles WHERE id = $1";

constexpr std::string_view kInsertAssignment =
    "INSERT INTO accounts_assignments (id, account, role, path, starts, ends, source, made_by, made_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
constexpr std::string_view kAssignmentsOf =
    "SELECT id, account, role, path, starts, ends, source FROM accounts_assignments WHERE account = $1 ORDER BY id";
constexpr std::string_view kRemoveAssignment = "DELETE FROM accounts_assignments WHERE account = $1 AND id = $2";
constexpr std::string_view kRemoveLent = "DELETE FROM accounts_assignments WHERE source = $1";
/// What began when it was given is not away again while the clock is set back behind that.
constexpr std::string_view kInForce =
    "(a.starts <= $1 OR a.starts <= a.made_at) AND a.ends > $1 AND (a.source = '' OR EXISTS (SELECT 1 FROM accounts_assignments s "
    "JOIN accounts o ON o.id = s.account WHERE s.id = a.source AND (s.starts <= $1 OR s.starts <= s.made_at) AND s.ends > $1 "
    "AND o.state = 'active'))";
constexpr std::string_view kHeld =
    "SELECT a.path, r.rights, r.purposes, r.staff, r.second_factor FROM accounts_assignments a JOIN accounts_roles r ON r.id = a.role "
    "WHERE a.account = $2 AND ";
constexpr std::string_view kIsStaff =
    "SELECT 1 FROM accounts c JOIN accounts_assignments a ON a.account = c.id JOIN accounts_roles r ON r.id = a.role "
    "WHERE c.person = $2 AND c.state = 'active' AND r.staff = 1 AND ";
constexpr std::string_view kHolders =
    "SELECT a.account, r.rights FROM accounts_assignments a JOIN accounts_roles r ON r.id = a.role "
    "JOIN accounts c ON c.id = a.account WHERE c.state = 'active' AND substr(CAST($2 AS TEXT), 1, length(a.path)) = a.path AND ";

constexpr std::string_view kKey =
    "SELECT id, name, owner, rights, path, made_at, expires_at, revoked_at FROM accounts_keys";
constexpr std::string_view kInsertKey =
    "INSERT INTO accounts_keys (id, name, token, owner, rights, path, made_at, expires_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
constexpr std::string_view kRevokeKey = "UPDATE accounts_keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
constexpr std::string_view kRevokeKeysOf =
    "UPDATE accounts_keys SET revoked_at = $2 WHERE owner = $1 AND revoked_at IS NULL";

constexpr std::string_view kFailures = "SELECT failures, since FROM accounts_attempts WHERE subject = $1";
constexpr std::string_view kSetFailures =
    "INSERT INTO accounts_attempts (subject, failures, since) VALUES ($1, $2, $3) "
    "ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures, since = excluded.since";
constexpr std::string_view kForgetFailures = "DELETE FROM accounts_attempts WHERE subject = $1";

constexpr std::string_view kRebaseAssignments =
    "UPDATE accounts_assignments SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4";
constexpr std::string_view kRebaseKeys =
    "UPDATE accounts_keys SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4";

/// Open ends are stored as the last instant that RFC 3339 can spell, so that comparisons stay simple.
constexpr Time kNever = from_ms(253'402'300'799'999);

AccountRow account_of(const db::Row& row) {
  AccountRow found;
  Account& a = found.account;
  a.id = row.get<AccountId>(0);
  a.login = row.text(1);
  a.name = row.text(2);
  if (!row.text(3).empty()) a.person = std::string(row.text(3));
  a.state = enum_of<State>(row.text(4));
  a.must_change_password = row.get<bool>(5);
  a.made_at = row.time(6);
  a.last_login = row.get<std::optional<Time>>(7);
  a.second_factor = row.get<bool>(8);
  found.password = row.text(9);
  found.made_by = row.text(10);
  if (!row.null(11)) found.totp = row.blob(11);
  found.totp_step = row.integer(12);
  return found;
}

Session session_of(const db::Row& row) {
  return {row.get<std::string>(0), row.time(1), row.time(2), row.time(3), row.get<std::string>(4),
          row.get<std::string>(5), false};
}

std::vector<std::string> words_of(std::string_view json) { return from_json<std::vector<std::string>>(json); }

Role role_of(const db::Row& row) {
  return {row.get<std::string>(0), row.get<std::string>(1), words_of(row.text(2)), words_of(row.text(3)),
          row.get<bool>(4), row.integer(5) == 0};
}

Assignment assignment_of(const db::Row& row) {
  Assignment a{row.get<std::string>(0), row.get<std::string>(1), row.get<std::string>(2), row.get<std::string>(3),
               row.time(4), {}, {}};
  if (row.time(5) < kNever) a.until = row.time(5);
  if (!row.text(6).empty()) a.stands_in_for = std::string(row.text(6));
  return a;
}

Key key_of(const db::Row& row) {
  return {row.get<std::string>(0), row.get<std::string>(1), row.get<std::string>(2), words_of(row.text(3)),
          row.get<std::string>(4), row.time(5), row.get<std::optional<Time>>(6), row.get<std::optional<Time>>(7)};
}

/// With an assignment below one of the roots.
void assigned_under(db::Where& where, const std::vector<std::string>& roots) {
  std::string any;
  for (const std::string& root : roots) {
    std::string end = root;
    end.back() = '0';  // follows '/': everything below the root lies between
    const std::string low = where.placeholder(root), high = where.placeholder(end);
    any += (any.empty() ? "(a.path >= " : " OR (a.path >= ") + low + " AND a.path < " + high + ")";
  }
  if (any.empty()) any = "1 = 0";
  where.plain("EXISTS (SELECT 1 FROM accounts_assignments a WHERE a.account = accounts.id AND (" + any + "))");
}

/// The root "/" sees also those without any assignment.
db::Where where_of(const std::vector<std::string>& roots, const AccountFilter& filter) {
  db::Where where;
  if (!filter.closed) where.plain("state = 'active'");
  if (filter.login) where.add("login LIKE '%' || $ || '%'", *filter.login);
  if (std::find(roots.begin(), roots.end(), "/") == roots.end()) assigned_under(where, roots);
  if (filter.under) assigned_under(where, {*filter.under});
  if (filter.role)
    where.add("EXISTS (SELECT 1 FROM accounts_assignments a WHERE a.account = accounts.id AND a.role = $)",
              *filter.role);
  return where;
}

}  // namespace

// ---- accounts -----------------------------------------------------------------------------------------------

void insert(Tx& tx, const AccountRow& row) {
  const Account& a = row.account;
  tx.run(kInsert, a.id, a.login, a.name, a.person.value_or(""), row.password, enum_name(a.state),
         a.must_change_password, row.made_by, a.made_at);
}

std::optional<AccountRow> find(Reader& reader, const AccountId& id) {
  static const std::string sql = std::string(kAccount) + " WHERE id = $1";
  return reader.one(sql, account_of, id);
}

std::optional<AccountRow> find_by_login(Reader& reader, std::string_view login) {
  static const std::string sql = std::string(kAccount) + " WHERE login = $1";
  return reader.one(sql, account_of, login);
}

std::optional<AccountId> find_by_person(Reader& reader, const std::string& person) {
  return reader.one(kByPerson, [](const db::Row& row) { return row.get<AccountId>(0); }, person);
}

std::vector<AccountId> all_of_person(Reader& reader, const std::string& person) {
  return reader.all(kAllOfPerson, [](const db::Row& row) { return row.get<AccountId>(0); }, person);
}

std::optional<std::string> login_of(Reader& reader, const std::string& id) {
  return reader.value<std::string>(kLogin, id);
}

std::vector<Account> list(Reader& reader, const std::vector<std::string>& roots, const AccountFilter& filter) {
  db::Where where = where_of(roots, filter);
  where.maybe("login > $", filter.after);
  const std::string limit = where.placeholder(filter.limit);
  std::vector<Account> found;
  reader.each_of(std::string(kAccount) + where.sql() + " ORDER BY login LIMIT " + limit, where.params(),
                 [&](const db::Row& row) { found.push_back(account_of(row).account); });
  for (Account& account : found) account.assignments = assignments_of(reader, account.id);
  return found;
}

std::int64_t count(Reader& reader, const std::vector<std::string>& roots, const AccountFilter& filter) {
  const db::Where where = where_of(roots, filter);
  std::int64_t n = 0;
  reader.each_of("SELECT COUNT(*) FROM accounts" + where.sql(), where.params(),
                 [&](const db::Row& row) { n = row.integer(0); });
  return n;
}

void set_words(Tx& tx, const AccountId& id, const std::string& name, const std::string& person) {
  tx.run(kSetWords, id, name, person);
}
void set_password(Tx& tx, const AccountId& id, const std::string& hash, bool must_change) {
  tx.run(kSetPassword, id, hash, must_change);
}
void set_state(Tx& tx, const AccountId& id, State state) { tx.run(kSetState, id, enum_name(state)); }
void set_last_login(Tx& tx, const AccountId& id) { tx.run(kSetLastLogin, id, tx.now()); }
void set_totp(Tx& tx, const AccountId& id, const std::optional<std::string>& sealed, bool on, std::int64_t step) {
  const std::optional<db::Blob> blob = sealed ? std::optional(db::Blob{*sealed}) : std::nullopt;
  tx.run(kSetTotp, id, blob, on, step);
}

// ---- sessions -----------------------------------------------------------------------------------------------

void insert_session(Tx& tx, const SessionRow& row, const std::string& token_hash) {
  const Session& s = row.session;
  tx.run(kInsertSession, s.id, token_hash, row.account, s.made_at, s.expires_at, s.address, s.agent);
}

std::optional<SessionRow> session_by_token(Reader& reader, const std::string& token_hash) {
  return reader.one(kSessionByToken, [](const db::Row& row) { return SessionRow{session_of(row), row.get<AccountId>(6)}; },
                    token_hash);
}

std::vector<Session> sessions_of(Reader& reader, const AccountId& account, Time now, Time seen_after) {
  return reader.all(kSessionsOf, session_of, account, now, seen_after);
}

void touch_session(Tx& tx, const std::string& id) { tx.run(kTouch, id, tx.now()); }
std::int64_t remove_session(Tx& tx, const AccountId& account, const std::string& id) {
  return tx.run(kRemoveSession, account, id);
}
void remove_sessions(Tx& tx, const AccountId& account, const std::string& but) { tx.run(kRemoveSessions, account, but); }
void remove_ended(Tx& tx, Time seen_before, Time attempts_before, int limit) {
  tx.run(kRemoveEnded, tx.now(), seen_before, limit);
  tx.run(kRemoveAttempts, attempts_before, limit);
}

// ---- roles and assignments ------------------------------------------------------------------------------------

void keep_role(Tx& tx, const Role& role, std::int64_t seed) {
  tx.run(kKeepRole, role.id, role.name, to_json(role.rights), to_json(role.purposes), role.staff, seed);
}
std::optional<Role> find_role(Reader& reader, const std::string& id) {
  static const std::string sql = std::string(kRole) + " WHERE id = $1";
  return reader.one(sql, role_of, id);
}
std::optional<std::int64_t> role_seed(Reader& reader, const std::string& id) {
  return reader.value<std::int64_t>(kSeed, id);
}
std::vector<Role> roles(Reader& reader) {
  static const std::string sql = std::string(kRole) + " ORDER BY id";
  return reader.all(sql, role_of);
}

std::vector<std::string> roles_with_factor(Reader& reader) {
  return reader.all(kWithFactor, [](const db::Row& row) { return std::string(row.text(0)); });
}
bool demand_factor(Tx& tx, const std::string& role, bool demanded) { return tx.run(kDemandFactor, role, demanded) > 0; }

void insert_assignment(Tx& tx, const Assignment& a, const std::string& made_by) {
  tx.run(kInsertAssignment, a.id, a.account, a.role, a.path, a.from, a.until.value_or(kNever),
         a.stands_in_for.value_or(""), made_by, tx.now());
}
std::vector<Assignment> assignments_of(Reader& reader, const AccountId& account) {
  return reader.all(kAssignmentsOf, assignment_of, account);
}
std::int64_t remove_assignment(Tx& tx, const AccountId& account, const std::string& id) {
  const std::int64_t removed = tx.run(kRemoveAssignment, account, id);
  if (removed > 0) tx.run(kRemoveLent, id);
  return removed;
}

std::vector<Held> held_by(Reader& reader, const AccountId& account, Time now) {
  static const std::string sql = std::string(kHeld) + std::string(kInForce);
  return reader.all(sql, [](const db::Row& row) {
    return Held{row.get<std::string>(0), words_of(row.text(1)), words_of(row.text(2)), row.get<bool>(3),
                row.get<bool>(4)};
  }, now, account);
}

bool is_staff(Reader& reader, const std::string& person, Time now) {
  static const std::string sql = std::string(kIsStaff) + std::string(kInForce) + " LIMIT 1";
  return !person.empty() && reader.value<std::int64_t>(sql, now, person).has_value();
}

std::vector<std::pair<AccountId, std::vector<std::string>>> holders(Reader& reader, std::string_view path, Time now) {
  static const std::string sql = std::string(kHolders) + std::string(kInForce) + " ORDER BY c.login";
  return reader.all(sql, [](const db::Row& row) { return std::pair{row.get<AccountId>(0), words_of(row.text(1))}; },
                    now, path);
}

// ---- keys -----------------------------------------------------------------------------------------------------

void insert_key(Tx& tx, const Key& key, const std::string& token_hash) {
  tx.run(kInsertKey, key.id, key.name, token_hash, key.owner, to_json(key.rights), key.path, key.made_at,
         key.expires_at);
}
std::optional<Key> key_by_token(Reader& reader, const std::string& token_hash) {
  static const std::string sql = std::string(kKey) + " WHERE token = $1";
  return reader.one(sql, key_of, token_hash);
}
std::optional<Key> find_key(Reader& reader, const std::string& id) {
  static const std::string sql = std::string(kKey) + " WHERE id = $1";
  return reader.one(sql, key_of, id);
}
std::vector<Key> keys(Reader& reader, const std::vector<std::string>& roots, const std::optional<std::string>& after,
                      std::size_t limit) {
  db::Where where;
  where.under("path", roots);
  where.maybe("id > $", after);
  const std::string most = where.placeholder(limit);
  std::vector<Key> found;
  reader.each_of(std::string(kKey) + where.sql() + " ORDER BY id LIMIT " + most, where.params(),
                 [&](const db::Row& row) { found.push_back(key_of(row)); });
  return found;
}
void revoke_key(Tx& tx, const std::string& id) { tx.run(kRevokeKey, id, tx.now()); }
void revoke_keys_of(Tx& tx, const AccountId& owner) { tx.run(kRevokeKeysOf, owner, tx.now()); }

// ---- attempts -------------------------------------------------------------------------------------------------

Failures failures(Reader& reader, const std::string& subject) {
  return reader.one(kFailures, [](const db::Row& row) { return Failures{row.integer(0), row.time(1)}; }, subject)
      .value_or(Failures{});
}
void set_failures(Tx& tx, const std::string& subject, const Failures& failures) {
  tx.run(kSetFailures, subject, failures.count, failures.since);
}
void forget_failures(Tx& tx, const std::string& subject) { tx.run(kForgetFailures, subject); }

void rebase(Tx& tx, const std::string& from, const std::string& to) {
  std::string end = from;
  end.back() = '0';
  const auto cut = static_cast<std::int64_t>(from.size()) + 1;
  tx.run(kRebaseAssignments, to, cut, from, end);
  tx.run(kRebaseKeys, to, cut, from, end);
}

}  // namespace lifang::accounts::store
