// Accounts, roles, assignments and keys: who may make and change them.
#include <algorithm>

#include "base/text.hpp"
#include "platform/bus/typed.hpp"
#include "rooms/accounts/accounts.hpp"
#include "rooms/accounts/accounts_rules.hpp"
#include "rooms/accounts/accounts_store_codes.hpp"
#include "rooms/accounts/accounts_store_views.hpp"
#include "rooms/people/people.hpp"

namespace lifang::accounts {
namespace {

std::string path_of(Reader& reader, const std::optional<places::PlaceId>& place) {
  return place ? places::Places::path_of(reader, *place) : std::string("/");
}

/// Nobody gives what is not theirs: neither a right nor a place nor a purpose.
void must_hold(const Caller& caller, const std::vector<std::string>& rights, const std::vector<std::string>& purposes,
               const std::string& path) {
  const auto need = [&](const std::string& right) {
    if (!holds(caller.grants, right, path))
      throw forbidden("accounts.beyond_own", "this login does not hold " + right + " there itself");
  };
  for (const std::string& right : rights) need(right);
  for (const std::string& purpose : purposes) need("purpose." + purpose);
}

Role role_of(Reader& reader, const std::string& id) {
  auto role = store::find_role(reader, id);
  if (!role) throw invalid("accounts.unknown_role", "/role", "no such role");
  return *std::move(role);
}

/// Behind a login stands a person of the register, or nobody.
void must_know(Reader& reader, const std::optional<std::string>& person) {
  if (!person || person->empty() || people::People::path_of(reader, people::PersonId{*person})) return;
  throw invalid("accounts.unknown_person", "/person", "no such person");
}

store::AccountRow row_of(Reader& reader, const AccountId& id) {
  auto row = store::find(reader, id);
  if (!row) throw missing("accounts.unknown", "no such account");
  return *std::move(row);
}

bool sees(Reader& reader, const Caller& caller, const store::AccountRow& row) {
  if (row.account.id.text == caller.account || caller.may("accounts.read", "/")) return true;
  const auto assignments = store::assignments_of(reader, row.account.id);
  return std::any_of(assignments.begin(), assignments.end(),
                     [&](const Assignment& a) { return caller.may("accounts.read", a.path); });
}

void check_words(const std::string& name, const std::vector<std::string>& rights) {
  if (name.empty() || name.size() > 200) throw invalid("accounts.bad_name", "/name", "1 to 200 bytes");
  if (rights.empty() || rights.size() > 200) throw invalid("accounts.bad_rights", "/rights", "1 to 200 rights");
  for (std::size_t i = 0; i < rights.size(); ++i)
    if (!is_right(rights[i]))
      throw invalid("accounts.bad_rights", "/rights/" + std::to_string(i), "a right such as cases.read, cases.* or *");
}

}  // namespace

void Accounts::must_stand_above(Reader& reader, const Caller& caller, const AccountId& id, std::string_view right) {
  caller.must(right);
  const store::AccountRow row = row_of(reader, id);
  if (!sees(reader, caller, row)) throw missing("accounts.unknown", "no such account");
  const auto assignments = store::assignments_of(reader, id);
  if (assignments.empty() && row.made_by != caller.account) caller.must(right, "/");
  for (const Assignment& a : assignments) {
    caller.must(right, a.path);
    const Role role = role_of(reader, a.role);
    must_hold(caller, role.rights, role.purposes, a.path);
  }
}

void Accounts::tell_of(Tx& tx, const Caller& caller, const AccountId& id, std::string_view what) {
  bus::tell(bus_, tx, Changed{id, std::string(what)}, {id.text, "/", {}, caller.account});
}

/// A node that nobody may administer any more can only be mended with the command line.
void Accounts::must_leave_an_admin(Tx& tx) const {
  if (holders(tx, "*", "/", tx.now()).empty())
    throw conflict("accounts.last_admin", "somebody must be left who may do everything");
}

Account Accounts::add(Tx& tx, const Caller& caller, const AccountWords& words, const std::string& hash) {
  const std::string login = normal_login(words.login);
  if (!is_login(login))
    throw invalid("accounts.bad_login", "/login", "2 to 64 letters, digits, '.', '_', '-', '@', '+' or Han characters");
  if (words.name.size() > 200) throw invalid("accounts.bad_name", "/name", "at most 200 bytes");
  caller.must("accounts.write", path_of(tx, words.place));
  must_know(tx, words.person);
  if (store::find_by_login(tx, login)) throw conflict("accounts.login_taken", "there is such a login already");
  store::AccountRow row;
  row.account.id = AccountId::make(tx.ids());
  row.account.login = login;
  row.account.name = words.name.empty() ? login : words.name;
  row.account.person = words.person;
  row.account.made_at = tx.now();
  row.password = hash;
  row.made_by = caller.account;
  store::insert(tx, row);
  give(tx, caller, {{}, row.account.id.text, words.role, path_of(tx, words.place), tx.now(), {}, {}});
  tell_of(tx, caller, row.account.id, "opened");
  return get(tx, Caller::system(), row.account.id);
}

Account Accounts::change(Tx& tx, const Caller& caller, const AccountId& id, const AccountChange& words) {
  must_stand_above(tx, caller, id);
  const Account account = row_of(tx, id).account;
  const std::string name = words.name.value_or(account.name);
  if (name.empty() || name.size() > 200) throw invalid("accounts.bad_name", "/name", "1 to 200 bytes");
  must_know(tx, words.person);
  store::set_words(tx, id, name, words.person.value_or(account.person.value_or("")));
  tell_of(tx, caller, id, "changed");
  return get(tx, Caller::system(), id);
}

void Accounts::close(Tx& tx, const Caller& caller, const AccountId& id) {
  must_stand_above(tx, caller, id);
  store::set_state(tx, id, State::closed);
  store::remove_sessions(tx, id, "");
  store::revoke_keys_of(tx, id);
  store::remove_wechat(tx, id);
  store::remove_all_views(tx, id);
  must_leave_an_admin(tx);
  tell_of(tx, caller, id, "closed");
}

Assignment Accounts::give(Tx& tx, const Caller& caller, Assignment assignment) {
  const Role role = role_of(tx, assignment.role);
  caller.must("accounts.write", assignment.path);
  must_hold(caller, role.rights, role.purposes, assignment.path);
  if (assignment.until && *assignment.until <= assignment.from)
    throw invalid("accounts.bad_time", "/until", "later than the beginning");
  assignment.id = "assignment_" + tx.ids().ulid();
  store::insert_assignment(tx, assignment, caller.account);
  return assignment;
}

Assignment Accounts::assign(Tx& tx, const Caller& caller, const AccountId& id, const AssignmentWords& words) {
  const store::AccountRow row = row_of(tx, id);
  if (!sees(tx, caller, row) && row.made_by != caller.account) throw missing("accounts.unknown", "no such account");
  if (row.account.state != State::active) throw conflict("accounts.closed", "this account is closed");
  Assignment made =
      give(tx, caller, {{}, id.text, words.role, path_of(tx, words.place), words.from.value_or(tx.now()), words.until, {}});
  tell_of(tx, caller, id, "assigned");
  return made;
}

void Accounts::unassign(Tx& tx, const Caller& caller, const AccountId& id, const std::string& assignment) {
  const auto all = store::assignments_of(tx, id);
  const auto found = std::find_if(all.begin(), all.end(), [&](const Assignment& a) { return a.id == assignment; });
  if (found == all.end() || !caller.may("accounts.write", found->path))
    throw missing("accounts.no_assignment", "no such assignment of this account");
  const Role role = role_of(tx, found->role);
  must_hold(caller, role.rights, role.purposes, found->path);
  store::remove_assignment(tx, id, assignment);
  must_leave_an_admin(tx);
  tell_of(tx, caller, id, "unassigned");
}

/// The name of a registered person is masked here as it is in their record; whoever must know it reveals it there.
static void mask_for(const Caller& caller, Account& account) {
  if (account.person && account.id.text != caller.account) account.name = mask_name(account.name);
}

Account Accounts::get(Reader& reader, const Caller& caller, const AccountId& id) {
  const store::AccountRow row = row_of(reader, id);
  if (!sees(reader, caller, row)) throw missing("accounts.unknown", "no such account");
  Account account = row.account;
  account.assignments = store::assignments_of(reader, id);
  mask_for(caller, account);
  return account;
}

std::vector<Named> Accounts::names(Reader& reader, const Caller& caller, const std::vector<std::string>& ids) {
  std::vector<Named> found;
  for (const std::string& id : ids) {
    auto row = AccountId::fits(id) ? store::find(reader, AccountId{id}) : std::nullopt;
    if (!row || !sees(reader, caller, *row)) continue;
    mask_for(caller, row->account);
    found.push_back({row->account.id, row->account.login, row->account.name});
  }
  return found;
}

std::vector<Account> Accounts::list(Reader& reader, const Caller& caller, const AccountFilter& filter) {
  auto all = store::list(reader, caller.paths("accounts.read"), filter);
  for (Account& account : all) mask_for(caller, account);
  return all;
}

std::int64_t Accounts::count(Reader& reader, const Caller& caller, const AccountFilter& filter) {
  return store::count(reader, caller.paths("accounts.read"), filter);
}

std::optional<AccountId> Accounts::find_by_login(Reader& reader, std::string_view login) {
  const auto row = store::find_by_login(reader, normal_login(login));
  if (!row || row->account.state != State::active) return std::nullopt;
  return row->account.id;
}

std::optional<AccountId> Accounts::find_by_person(Reader& reader, const std::string& person) {
  return store::find_by_person(reader, person);
}

bool Accounts::is_staff(Reader& reader, const std::string& person, Time now) {
  return store::is_staff(reader, person, now);
}

std::string Accounts::person_of(Reader& reader, const std::string& account) {
  const auto row = AccountId::fits(account) ? store::find(reader, AccountId{account}) : std::nullopt;
  return row && row->account.state != State::closed ? row->account.person.value_or("") : std::string();
}

std::string Accounts::login_of(Reader& reader, const std::string& account) {
  if (account.starts_with("key_")) {
    const auto key = store::find_key(reader, account);
    return key ? key->name : account;
  }
  return store::login_of(reader, account).value_or(account);
}

std::vector<AccountId> Accounts::holders(Reader& reader, std::string_view right, std::string_view path, Time now) {
  std::vector<AccountId> found;
  for (auto& [account, rights] : store::holders(reader, path, now)) {
    if (!found.empty() && found.back() == account) continue;  // they come by login
    if (std::any_of(rights.begin(), rights.end(), [&](const std::string& r) { return covers(r, right); }))
      found.push_back(account);
  }
  return found;
}

// ---- roles ----------------------------------------------------------------------------------------------------

std::vector<Role> Accounts::roles(Reader& reader) { return store::roles(reader); }

Role Accounts::put_role(Tx& tx, const Caller& caller, const std::string& id, const RoleWords& words) {
  caller.must("accounts.write", "/");
  check_words(words.name, words.rights);
  for (std::size_t i = 0; i < words.purposes.size(); ++i)
    if (words.purposes[i] != "*" && std::find(purposes().begin(), purposes().end(), words.purposes[i]) == purposes().end())
      throw invalid("accounts.unknown_purpose", "/purposes/" + std::to_string(i), "not one of the known purposes");
  must_hold(caller, words.rights, words.purposes, "/");
  if (const auto before = store::find_role(tx, id)) must_hold(caller, before->rights, before->purposes, "/");
  Role role{id, words.name, words.rights, words.purposes, words.staff, true};
  store::keep_role(tx, role, 0);
  must_leave_an_admin(tx);
  bus::tell(bus_, tx, RoleChanged{id}, {id, "/", {}, caller.account});
  return role;
}

// ---- keys -----------------------------------------------------------------------------------------------------

MadeKey Accounts::make_key(Tx& tx, const Caller& caller, const KeyWords& words) {
  check_words(words.name, words.rights);
  const std::string path = path_of(tx, words.place);
  caller.must("accounts.write", path);
  must_hold(caller, words.rights, {}, path);
  if (!AccountId::fits(caller.account)) throw forbidden("accounts.no_owner", "a key belongs to the login of a person");
  if (words.expires_at && *words.expires_at <= tx.now())
    throw invalid("accounts.bad_time", "/expires_at", "a time to come");
  MadeKey made{{"key_" + tx.ids().ulid(), words.name, caller.account, words.rights, path, tx.now(), words.expires_at, {}},
               lifang::make_token(tx.ids())};
  store::insert_key(tx, made.key, hash_token(made.token));
  bus::tell(bus_, tx, KeyChanged{made.key.id, "made"}, {made.key.id, path, {}, caller.account});
  return made;
}

void Accounts::revoke_key(Tx& tx, const Caller& caller, const std::string& id) {
  const Key found = key(tx, caller, id);
  caller.must("accounts.write", found.path);
  store::revoke_key(tx, id);
  bus::tell(bus_, tx, KeyChanged{id, "revoked"}, {id, found.path, {}, caller.account});
}

std::vector<Key> Accounts::keys(Reader& reader, const Caller& caller, const std::optional<std::string>& after,
                                std::size_t limit) {
  return store::keys(reader, caller.paths("accounts.read"), after, limit);
}

Key Accounts::key(Reader& reader, const Caller& caller, const std::string& id) {
  auto found = store::find_key(reader, id);
  if (!found || !caller.may("accounts.read", found->path)) throw missing("accounts.no_key", "no such key");
  return *std::move(found);
}

// ---- wiring ---------------------------------------------------------------------------------------------------

void Accounts::on_moved(Tx& tx, const places::Moved& moved) { store::rebase(tx, moved.from, moved.to); }

std::vector<AccountId> Accounts::on_erased(Tx& tx, const people::Erased& erased) {
  auto theirs = store::all_of_person(tx, erased.person.text);
  for (const AccountId& id : theirs) {
    const bool was_closed = row_of(tx, id).account.state == State::closed;
    store::set_words(tx, id, "", "");
    if (was_closed) continue;
    store::set_state(tx, id, State::closed);
    store::remove_sessions(tx, id, "");
    store::revoke_keys_of(tx, id);
    store::remove_wechat(tx, id);
    store::remove_all_views(tx, id);
    tell_of(tx, Caller::system(), id, "closed");
  }
  return theirs;
}

void Accounts::sweep(Tx& tx, int limit) {
  store::remove_ended(tx, tx.now() - settings_.session_idle, tx.now() - settings_.login_window, limit);
}

}  // namespace lifang::accounts
