#include "rooms/accounts/accounts_deputies.hpp"

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "rooms/accounts/accounts_rules.hpp"
#include "rooms/accounts/accounts_store.hpp"
#include "rooms/accounts/accounts_store_deputies.hpp"

namespace lifang::accounts {
namespace {

constexpr auto kLongestDeputy = std::chrono::hours(24 * 366);

/// The community that a place lies in, else the place itself: there people know each other.
std::string community_of(Reader& reader, const std::string& path) {
  std::string so_far = "/";
  for (const std::string& id : places::Places::ids_in(path)) {
    so_far += id + "/";
    const auto kind = places::Places::kind_of(reader, places::PlaceId{id});
    if (kind && *kind >= places::Kind::community) return so_far;
  }
  return path;
}

/// Below which places the caller may choose somebody.
std::vector<std::string> roots_of(Reader& reader, const Caller& caller, Time now) {
  std::vector<std::string> roots = caller.paths("accounts.read");
  for (const store::Held& held : store::held_by(reader, AccountId{caller.account}, now))
    if (held.staff) roots.push_back(community_of(reader, held.path));
  std::sort(roots.begin(), roots.end());
  roots.erase(std::unique(roots.begin(), roots.end()), roots.end());
  return roots;
}

bool is_below(const std::vector<std::string>& roots, const std::string& path) {
  return std::any_of(roots.begin(), roots.end(), [&](const std::string& root) { return path.starts_with(root); });
}

std::map<std::string, std::string> names_of_roles(Reader& reader) {
  std::map<std::string, std::string> names;
  for (const Role& role : store::roles(reader)) names[role.id] = role.name;
  return names;
}

Candidate candidate_of(const Account& account, const std::vector<std::string>& roots, const std::map<std::string, std::string>& roles,
                       Time now) {
  Candidate found{account.id, account.login, account.person ? mask_name(account.name) : account.name, {}};
  for (const Assignment& a : account.assignments) {
    if (a.stands_in_for || a.from > now || (a.until && *a.until <= now) || !is_below(roots, a.path)) continue;
    const auto role = roles.find(a.role);
    found.duties.push_back({a.role, role == roles.end() ? a.role : role->second, a.path});
  }
  return found;
}

/// What was lent in one go stands in one line.
std::vector<Deputy> lines_of(Reader& reader, const Caller& caller, Time now) {
  const auto roles = names_of_roles(reader);
  std::vector<Deputy> lines;
  Time made_at;
  for (const store::Lent& lent : store::lent(reader, caller.paths("accounts.read"), caller.account, now)) {
    const Assignment& a = lent.assignment;
    const bool goes_on = !lines.empty() && made_at == lent.made_at && lines.back().owner == lent.owner &&
                         lines.back().deputy.text == a.account && lines.back().from == a.from && lines.back().until == a.until;
    if (!goes_on) {
      const bool concerned = caller.account == lent.owner.text || caller.account == a.account;
      const auto shown = [&](const std::string& name, bool person) { return person && !concerned ? mask_name(name) : name; };
      lines.push_back({a.id, lent.owner, shown(lent.owner_name, lent.owner_is_person), AccountId{a.account},
                       shown(lent.deputy_name, lent.deputy_is_person), {}, a.from, *a.until, a.from <= now && now < *a.until});
    }
    made_at = lent.made_at;
    const auto role = roles.find(a.role);
    lines.back().duties.push_back({a.role, role == roles.end() ? a.role : role->second, a.path});
  }
  return lines;
}

}  // namespace

std::vector<Candidate> Deputies::candidates(Reader& reader, const Caller& caller, const CandidateFilter& filter, Time now) {
  const auto roots = roots_of(reader, caller, now);
  const auto roles = names_of_roles(reader);
  std::vector<Candidate> found;
  for (const Account& account : store::candidates(reader, roots, filter, caller.account, now))
    found.push_back(candidate_of(account, roots, roles, now));
  return found;
}

std::int64_t Deputies::count(Reader& reader, const Caller& caller, const CandidateFilter& filter, Time now) {
  return store::count_candidates(reader, roots_of(reader, caller, now), filter, caller.account, now);
}

Candidate Deputies::candidate(Reader& reader, const Caller& caller, const AccountId& id, Time now) {
  const auto roots = roots_of(reader, caller, now);
  auto row = store::find(reader, id);
  if (!row || id.text == caller.account || !store::is_candidate(reader, roots, id, now)) throw missing("accounts.unknown", "no such account");
  row->account.assignments = store::assignments_of(reader, id);
  return candidate_of(row->account, roots, names_of_roles(reader), now);
}

std::vector<Assignment> Accounts::delegate(Tx& tx, const Caller& caller, const AccountId& id, const DeputyWords& words) {
  if (id.text != caller.account) must_stand_above(tx, caller, id);
  const Time from = words.from.value_or(tx.now());
  if (words.until <= from || words.until > from + kLongestDeputy)
    throw invalid("accounts.bad_time", "/until", "later than the beginning, by a year at most");
  if (words.deputy == id || !store::is_candidate(tx, roots_of(tx, caller, tx.now()), words.deputy, tx.now()))
    throw invalid("accounts.bad_deputy", "/deputy", "the login of another member of the staff, of your communities");
  std::vector<Assignment> lent;
  for (const Assignment& own : store::assignments_of(tx, id)) {
    if (own.stands_in_for) continue;  // what is borrowed is not lent on
    if (own.until && *own.until <= from) continue;
    Assignment a{"assignment_" + tx.ids().ulid(), words.deputy.text, own.role, own.path, from, words.until, own.id};
    store::insert_assignment(tx, a, caller.account);
    lent.push_back(std::move(a));
  }
  tell_of(tx, caller, words.deputy, "delegated");
  return lent;
}

std::vector<Deputy> Deputies::list(Reader& reader, const Caller& caller, const DeputyFilter& filter, Time now) {
  std::vector<Deputy> found;
  for (Deputy& line : lines_of(reader, caller, now)) {
    if (filter.owner && line.owner != *filter.owner) continue;
    if (filter.deputy && line.deputy != *filter.deputy) continue;
    if (filter.after && line.id <= *filter.after) continue;
    if (found.size() == filter.limit) break;
    found.push_back(std::move(line));
  }
  return found;
}

Deputy Deputies::get(Reader& reader, const Caller& caller, const std::string& id, Time now) {
  for (Deputy& line : lines_of(reader, caller, now))
    if (line.id == id) return std::move(line);
  throw missing("accounts.no_assignment", "nobody stands in by this id");
}

void Deputies::end(Tx& tx, const Caller& caller, const std::string& id) const {
  const Deputy line = get(tx, caller, id, tx.now());
  if (caller.account != line.owner.text && caller.account != line.deputy.text) Accounts::must_stand_above(tx, caller, line.owner);
  Time made_at;
  const auto all = store::lent(tx, caller.paths("accounts.read"), caller.account, tx.now());
  for (const store::Lent& lent : all)
    if (lent.assignment.id == id) made_at = lent.made_at;
  for (const store::Lent& lent : all)
    if (lent.made_at == made_at && lent.owner == line.owner && lent.assignment.account == line.deputy.text &&
        lent.assignment.from == line.from && lent.assignment.until == line.until)
      store::remove_assignment(tx, line.deputy, lent.assignment.id);
  accounts_->tell_of(tx, caller, line.deputy, "undelegated");
}

}  // namespace lifang::accounts
