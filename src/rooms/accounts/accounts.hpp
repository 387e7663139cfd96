// Accounts: who may log in, as what and where. Sessions, roles × places, API keys. The door of the room.
#pragma once
#include "base/caller.hpp"
#include "base/secret.hpp"
#include "platform/bus/bus.hpp"
#include "rooms/accounts/accounts_types.hpp"
#include "rooms/people/people_events.hpp"
#include "rooms/places/places.hpp"

namespace lifang::accounts {

/// What an operator sets; see docs/operate/configuration.md.
struct Settings {
  Duration session_lifetime = std::chrono::hours(30 * 24);
  Duration session_idle = std::chrono::hours(7 * 24);
  std::uint32_t min_password_length = 10;  ///< characters
  bool self_registration = true;           ///< a code to the phone opens a registered resident's first login
  std::int64_t login_attempts = 10;      ///< failures of one login from one address within the window
  Duration login_window = std::chrono::minutes(15);
  PasswordCost cost{};
};

/// A login attempt as the door gets it. Hashing is done between `check_attempt` and `log_in`, off the lane.
struct Attempt {
  std::string login;    ///< as typed
  std::string address;  ///< of the client
  std::string agent;    ///< User-Agent, at most 200 bytes are kept
  std::string code;     ///< of the second factor, or empty
};

/// What a worker found out about an attempt without holding the lane.
struct Judged {
  std::optional<AccountId> account;  ///< empty: no such login, or one that is closed
  std::string hash;                  ///< that the password was held against
  bool right = false;                ///< the password fits
  std::string renewed;               ///< the password hashed at today's cost, or empty
};

/// How a login ended: exactly one of the two.
struct Entry {
  std::optional<LoggedIn> in;
  std::string refused;  ///< accounts.wrong_login, accounts.code_needed, accounts.too_many, and of a phone
};

class Accounts {
 public:
  Accounts(bus::Bus& bus, const Vault& vault, Settings settings)
      : bus_(bus), vault_(vault), settings_(std::move(settings)) {}

  /// Puts the supplied roles there that are new or newer; roles that people changed stay. In House::open.
  void open(Tx& tx);
  /// The rights that routes ask for; with those of the supplied roles patterns ("cases.*") can be spelt out.
  void know_rights(std::vector<std::string> rights);

  // ---- logging in -------------------------------------------------------------------------------------------
  /// Refuses too_many accounts.too_many before any hashing; answers what the password must fit. Takes as long
  /// for a login that does not exist. Off the lane.
  Judged judge(Reader& reader, const Attempt& attempt, std::string_view password, Time now, Ids& ids) const;
  /// Counts a failure, or makes the session. Never throws for a wrong login: the count must be kept.
  Entry log_in(Tx& tx, const Attempt& attempt, const Judged& judged);
  /// Whether the password that was judged is right now; counts a failure. Never throws, as above.
  bool proven(Tx& tx, const Attempt& attempt, const Judged& judged);
  /// Who holds this token, or nullopt. `purpose` as claimed; unknown ones are refused, invalid
  /// accounts.unknown_purpose.
  std::optional<Known> authenticate(Reader& reader, std::string_view token, const std::string& purpose, Time now) const;
  /// Keeps a session from idling out; cheap to ask often (see Known::stale).
  static void touch(Tx& tx, const std::string& session);
  std::vector<Session> sessions_of(Reader& reader, const AccountId& account, Time now) const;
  /// Ends one session of the caller's own. @throws Refusal missing accounts.no_session
  void log_out(Tx& tx, const Caller& caller, const std::string& session);
  /// Ends all sessions of an account that the caller stands above.
  void log_out_all(Tx& tx, const Caller& caller, const AccountId& account);

  // ---- passwords and second factor --------------------------------------------------------------------------
  /// @throws Refusal invalid accounts.weak_password
  void check_password(std::string_view login, std::string_view password) const;
  std::uint32_t min_password_length() const { return settings_.min_password_length; }
  /// Hashes at today's cost. Slow: off the lane.
  std::string hash(std::string_view password, Ids& ids) const;
  /// The caller's own password, once `proven`; ends the other sessions.
  void change_password(Tx& tx, const Caller& caller, const std::string& hash);
  /// Somebody else's: right accounts.write over all of its places; ends its sessions, to be changed at login.
  void reset_password(Tx& tx, const Caller& caller, const AccountId& account, const std::string& hash);
  /// A secret for an authenticator (RFC 6238, SHA-1, 6 digits, 30 s); in force after `confirm_totp`.
  TotpSecret begin_totp(Tx& tx, const Caller& caller);
  /// @throws Refusal invalid accounts.wrong_code, conflict accounts.no_totp
  void confirm_totp(Tx& tx, const Caller& caller, const std::string& code);
  /// The caller's own, with a code. @returns false for a wrong one, which is counted.
  bool end_own_totp(Tx& tx, const Caller& caller, const Attempt& attempt);
  /// Another's, by whoever stands above it (a lost phone).
  void end_totp(Tx& tx, const Caller& caller, const AccountId& account);

  // ---- accounts, roles, keys --------------------------------------------------------------------------------
  /// Right accounts.write over the place; the role may hold nothing that the caller does not hold there.
  /// @throws Refusal conflict accounts.login_taken; invalid accounts.bad_login, accounts.unknown_role;
  ///   forbidden accounts.beyond_own
  Account add(Tx& tx, const Caller& caller, const AccountWords& words, const std::string& hash);
  Account change(Tx& tx, const Caller& caller, const AccountId& id, const AccountChange& words);
  /// Closes for good: sessions end, keys die, the row stays for the diaries.
  void close(Tx& tx, const Caller& caller, const AccountId& id);
  Assignment assign(Tx& tx, const Caller& caller, const AccountId& id, const AssignmentWords& words);
  void unassign(Tx& tx, const Caller& caller, const AccountId& id, const std::string& assignment);
  /// Lends the account's own assignments for a time (absence) to a staff login that the caller may choose
  /// (accounts_deputies.hpp). The account itself, or whoever stands above it.
  std::vector<Assignment> delegate(Tx& tx, const Caller& caller, const AccountId& id, const DeputyWords& words);

  /// Right accounts.read over one of its places, or the account itself. @throws Refusal missing accounts.unknown
  static Account get(Reader& reader, const Caller& caller, const AccountId& id);
  /// Those of them that `get` would give, in the order asked for, by the name that it would show.
  static std::vector<Named> names(Reader& reader, const Caller& caller, const std::vector<std::string>& ids);
  static std::vector<Account> list(Reader& reader, const Caller& caller, const AccountFilter& filter);
  static std::int64_t count(Reader& reader, const Caller& caller, const AccountFilter& filter);
  /// For other rooms: nullopt if unknown or closed.
  static std::optional<AccountId> find_by_login(Reader& reader, std::string_view login);
  static std::optional<AccountId> find_by_person(Reader& reader, const std::string& person);
  /// Whether any open login of the person has a role of staff now.
  static bool is_staff(Reader& reader, const std::string& person, Time now);
  /// Who stands behind an open account, or "".
  static std::string person_of(Reader& reader, const std::string& account);
  /// Somebody as their login would stand now, for no purpose and in no session; nothing without an open account.
  static std::optional<Caller> standing_of(Reader& reader, const std::string& person, Time now);
  /// Login (shown in diaries) of any account, also a closed one; its id if unknown.
  static std::string login_of(Reader& reader, const std::string& account);
  /// Open accounts that hold the right over the path now, by login.
  static std::vector<AccountId> holders(Reader& reader, std::string_view right, std::string_view path, Time now);

  static std::vector<Role> roles(Reader& reader);
  /// Rights accounts.write and all of the role's rights, over everything.
  Role put_role(Tx& tx, const Caller& caller, const std::string& id, const RoleWords& words);

  /// Answers the token, this once. Right accounts.write and each right of the key over its place.
  MadeKey make_key(Tx& tx, const Caller& caller, const KeyWords& words);
  void revoke_key(Tx& tx, const Caller& caller, const std::string& id);
  static std::vector<Key> keys(Reader& reader, const Caller& caller, const std::optional<std::string>& after, std::size_t limit);
  static Key key(Reader& reader, const Caller& caller, const std::string& id);

  /// Every known right that the caller holds over the path, patterns spelt out.
  std::vector<std::string> rights_at(const Caller& caller, std::string_view path) const;

  // ---- wiring -----------------------------------------------------------------------------------------------
  void on_moved(Tx& tx, const places::Moved& moved);
  /// Closes the logins of a person whose data was erased, and takes name and person out of those that were closed before.
  /// @returns all of them, for whoever keeps what was done through a login
  std::vector<AccountId> on_erased(Tx& tx, const people::Erased& erased);
  /// Removes ended sessions and old attempts, at most `limit` of each.
  void sweep(Tx& tx, int limit);
  const Settings& settings() const { return settings_; }

 private:
  friend class Deputies;
  friend class Phonebook;
  friend class Views;
  LoggedIn open_session(Tx& tx, const Account& account, const Attempt& attempt);
  std::optional<Known> by_key(Reader& reader, std::string_view token, const std::string& purpose, Time now) const;
  /// The right over all of its places, and everything there that its roles hold.
  static void must_stand_above(Reader& reader, const Caller& caller, const AccountId& id, std::string_view right = "accounts.write");
  void tell_of(Tx& tx, const Caller& caller, const AccountId& id, std::string_view what);
  bool is_locked(Tx& tx, const Attempt& attempt) const;
  bool code_fits(Tx& tx, const AccountId& id, const std::string& code);
  void must_leave_an_admin(Tx& tx) const;
  Assignment give(Tx& tx, const Caller& caller, Assignment assignment);
  void count_failure(Tx& tx, const Attempt& attempt, const std::optional<AccountId>& account);

  bus::Bus& bus_;
  const Vault& vault_;
  Settings settings_;
  std::vector<std::string> rights_;
};

}  // namespace lifang::accounts
