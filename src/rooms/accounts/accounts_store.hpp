// Every SQL statement of the room accounts.
#pragma once
#include "platform/db/tx.hpp"
#include "rooms/accounts/accounts_types.hpp"

namespace lifang::accounts::store {

/// An account's row with what is not for answers.
struct AccountRow {
  Account account;  ///< without its assignments
  std::string password;
  std::string made_by;
  std::string totp;  ///< sealed secret, empty: none begun
  std::int64_t totp_step = 0;
};

void insert(Tx& tx, const AccountRow& row);
std::optional<AccountRow> find(Reader& reader, const AccountId& id);
std::optional<AccountRow> find_by_login(Reader& reader, std::string_view login);
std::optional<AccountId> find_by_person(Reader& reader, const std::string& person);
/// Closed ones too.
std::vector<AccountId> all_of_person(Reader& reader, const std::string& person);
std::optional<std::string> login_of(Reader& reader, const std::string& id);
std::vector<Account> list(Reader& reader, const std::vector<std::string>& roots, const AccountFilter& filter);
std::int64_t count(Reader& reader, const std::vector<std::string>& roots, const AccountFilter& filter);
void set_words(Tx& tx, const AccountId& id, const std::string& name, const std::string& person);
void set_password(Tx& tx, const AccountId& id, const std::string& hash, bool must_change);
void set_state(Tx& tx, const AccountId& id, State state);
void set_last_login(Tx& tx, const AccountId& id);
void set_totp(Tx& tx, const AccountId& id, const std::optional<std::string>& sealed, bool on, std::int64_t step);

struct SessionRow {
  Session session;
  AccountId account;
};
void insert_session(Tx& tx, const SessionRow& row, const std::string& token_hash);
std::optional<SessionRow> session_by_token(Reader& reader, const std::string& token_hash);
std::vector<Session> sessions_of(Reader& reader, const AccountId& account, Time now, Time seen_after);
void touch_session(Tx& tx, const std::string& id);
std::int64_t remove_session(Tx& tx, const AccountId& account, const std::string& id);
void remove_sessions(Tx& tx, const AccountId& account, const std::string& but);
void remove_ended(Tx& tx, Time seen_before, Time attempts_before, int limit);

void keep_role(Tx& tx, const Role& role, std::int64_t seed);
std::optional<Role> find_role(Reader& reader, const std::string& id);
std::optional<std::int64_t> role_seed(Reader& reader, const std::string& id);
std::vector<Role> roles(Reader& reader);
std::vector<std::string> roles_with_factor(Reader& reader);
/// False if there is no such role.
bool demand_factor(Tx& tx, const std::string& role, bool demanded);

void insert_assignment(Tx& tx, const Assignment& assignment, const std::string& made_by);
std::vector<Assignment> assignments_of(Reader& reader, const AccountId& account);
std::int64_t remove_assignment(Tx& tx, const AccountId& account, const std::string& id);
/// Role texts and paths in force now; a deputy's only while the owner's own is.
struct Held {
  std::string path;
  std::vector<std::string> rights;
  std::vector<std::string> purposes;
  bool staff = false;
  bool second_factor = false;  ///< its role demands one
};
std::vector<Held> held_by(Reader& reader, const AccountId& account, Time now);
/// Whether an open account of the person has an assignment in force to a role of staff.
bool is_staff(Reader& reader, const std::string& person, Time now);
/// Open accounts with an assignment in force whose path lies above or at `path`, with the rights of its role.
std::vector<std::pair<AccountId, std::vector<std::string>>> holders(Reader& reader, std::string_view path, Time now);

void insert_key(Tx& tx, const Key& key, const std::string& token_hash);
std::optional<Key> key_by_token(Reader& reader, const std::string& token_hash);
std::optional<Key> find_key(Reader& reader, const std::string& id);
std::vector<Key> keys(Reader& reader, const std::vector<std::string>& roots, const std::optional<std::string>& after,
                      std::size_t limit);
void revoke_key(Tx& tx, const std::string& id);
void revoke_keys_of(Tx& tx, const AccountId& owner);

struct Failures {
  std::int64_t count = 0;
  Time since;
};
Failures failures(Reader& reader, const std::string& subject);
void set_failures(Tx& tx, const std::string& subject, const Failures& failures);
void forget_failures(Tx& tx, const std::string& subject);

/// Rewrites the front of every path at or below `from`.
void rebase(Tx& tx, const std::string& from, const std::string& to);

}  // namespace lifang::accounts::store
