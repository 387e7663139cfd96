// The words and values of the room accounts.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/time.hpp"
#include "rooms/places/places.hpp"

namespace lifang::accounts {

struct AccountTag {
  static constexpr std::string_view prefix = "account";
};
using AccountId = Id<AccountTag>;

enum class State { active, closed };
BOOST_DESCRIBE_ENUM(State, active, closed)

/// `rights`: names and patterns; `purposes`: which of them may be claimed to unmask (people.reveal); "*" is all.
/// `staff`: may be asked to stand in for others.
struct RoleWords {
  std::string name;
  std::vector<std::string> rights;
  std::vector<std::string> purposes;
  bool staff = true;
  static constexpr auto defaulted = members("purposes", "staff");
};
BOOST_DESCRIBE_STRUCT(RoleWords, (), (name, rights, purposes, staff))

struct Role {
  std::string id;
  std::string name;
  std::vector<std::string> rights;
  std::vector<std::string> purposes;
  bool staff = true;
  bool changed = false;  ///< people changed it; supplied texts no longer replace it
};
BOOST_DESCRIBE_STRUCT(Role, (), (id, name, rights, purposes, staff, changed))

/// A role over a place subtree; without a place over everything.
struct AssignmentWords {
  std::string role;
  std::optional<places::PlaceId> place;
  std::optional<Time> from;
  std::optional<Time> until;
};
BOOST_DESCRIBE_STRUCT(AssignmentWords, (), (role, place, from, until))

struct Assignment {
  std::string id;
  std::string account;
  std::string role;
  std::string path;
  Time from;
  std::optional<Time> until;
  std::optional<std::string> stands_in_for;  ///< the assignment that a deputy holds for its owner
};
BOOST_DESCRIBE_STRUCT(Assignment, (), (id, account, role, path, from, until, stands_in_for))

/// `name` is shown to others: a duty ("府苑物业前台") rather than a person. `password` may be absent where nobody
/// is to log in with one.
struct AccountWords {
  std::string login;
  std::string name;
  std::optional<std::string> person;
  std::optional<std::string> password;
  std::string role;
  std::optional<places::PlaceId> place;
  static constexpr auto defaulted = members("name");
};
BOOST_DESCRIBE_STRUCT(AccountWords, (), (login, name, person, password, role, place))

struct AccountChange {
  std::optional<std::string> name;
  std::optional<std::string> person;  ///< empty: none any more
};
BOOST_DESCRIBE_STRUCT(AccountChange, (), (name, person))

struct Account {
  AccountId id;
  std::string login;
  std::string name;
  std::optional<std::string> person;
  State state = State::active;
  Time made_at;
  std::optional<Time> last_login;
  bool second_factor = false;
  bool must_change_password = false;
  std::vector<Assignment> assignments;
};
BOOST_DESCRIBE_STRUCT(Account, (), (id, login, name, person, state, made_at, last_login, second_factor,
                                    must_change_password, assignments))

/// How a list of other things calls an account.
struct Named {
  AccountId id;
  std::string login, name;
};
BOOST_DESCRIBE_STRUCT(Named, (), (id, login, name))

struct AccountFilter {
  std::optional<std::string> login;  ///< part of it
  std::optional<std::string> role;
  std::optional<std::string> under;  ///< place path
  std::optional<std::string> after;  ///< login of the last one seen
  bool closed = false;               ///< also closed ones
  std::size_t limit = 50;
};

/// From now or `from` until `until`, at most a year.
struct DeputyWords {
  AccountId deputy;
  std::optional<Time> from;
  Time until;
};
BOOST_DESCRIBE_STRUCT(DeputyWords, (), (deputy, from, until))

struct Session {
  std::string id;
  Time made_at;
  Time seen_at;
  Time expires_at;
  std::string address;
  std::string agent;
  bool current = false;
};
BOOST_DESCRIBE_STRUCT(Session, (), (id, made_at, seen_at, expires_at, address, agent, current))

struct LoggedIn {
  std::optional<std::string> token;  ///< absent where it went into a cookie
  Time expires_at;
  std::string session;
  AccountId account;
  std::string login;
  std::string name;
  OrNull<std::string> person;
  bool must_change_password = false;
  std::vector<Grant> rights;
};
BOOST_DESCRIBE_STRUCT(LoggedIn, (), (token, expires_at, session, account, login, name, person, must_change_password,
                                     rights))

/// A token's holder. `stale`: the session should be touched soon, so that it does not idle out.
struct Known {
  Caller caller;
  bool stale = false;
  Time expires_at;
  bool must_change_password = false;
};

/// `place` absent: everything. At most what the maker may do.
struct KeyWords {
  std::string name;
  std::vector<std::string> rights;
  std::optional<places::PlaceId> place;
  std::optional<Time> expires_at;
};
BOOST_DESCRIBE_STRUCT(KeyWords, (), (name, rights, place, expires_at))

struct Key {
  std::string id;
  std::string name;
  std::string owner;
  std::vector<std::string> rights;
  std::string path;
  Time made_at;
  std::optional<Time> expires_at;
  std::optional<Time> revoked_at;
};
BOOST_DESCRIBE_STRUCT(Key, (), (id, name, owner, rights, path, made_at, expires_at, revoked_at))

struct MadeKey {
  Key key;
  std::string token;  ///< shown this once
};
BOOST_DESCRIBE_STRUCT(MadeKey, (), (key, token))

/// For an authenticator: the secret in base 32 and the same as an otpauth: address for a square code.
struct TotpSecret {
  std::string secret;
  std::string address;
};
BOOST_DESCRIBE_STRUCT(TotpSecret, (), (secret, address))

/// An account or its rights were changed: `what` is one of opened, changed, closed, assigned, unassigned,
/// delegated, undelegated, password, totp_on, totp_off.
struct Changed {
  static constexpr std::string_view topic = "accounts.changed";
  AccountId account;
  std::string what;
};
BOOST_DESCRIBE_STRUCT(Changed, (), (account, what))

struct LoggedInEvent {
  static constexpr std::string_view topic = "accounts.logged_in";
  AccountId account;
  std::string session;
};
BOOST_DESCRIBE_STRUCT(LoggedInEvent, (), (account, session))

/// Too many wrong passwords within the window.
struct Locked {
  static constexpr std::string_view topic = "accounts.locked";
  AccountId account;
};
BOOST_DESCRIBE_STRUCT(Locked, (), (account))

struct SessionsEnded {
  static constexpr std::string_view topic = "accounts.sessions_ended";
  AccountId account;
  std::string session;  ///< empty: all, or all but the one that asked
};
BOOST_DESCRIBE_STRUCT(SessionsEnded, (), (account, session))

struct RoleChanged {
  static constexpr std::string_view topic = "accounts.role_changed";
  std::string role;
};
BOOST_DESCRIBE_STRUCT(RoleChanged, (), (role))

/// `what`: made or revoked.
struct KeyChanged {
  static constexpr std::string_view topic = "accounts.key_changed";
  std::string key;
  std::string what;
};
BOOST_DESCRIBE_STRUCT(KeyChanged, (), (key, what))

}  // namespace lifang::accounts
