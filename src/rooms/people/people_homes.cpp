// Households, their codes, and who lives in them.
#include <algorithm>

#include "platform/bus/typed.hpp"
#include "rooms/people/people.hpp"
#include "rooms/people/people_sight.hpp"

namespace lifang::people {
namespace {

store::HouseholdRow home_of(Reader& reader, const HouseholdId& id) {
  auto row = store::find_household(reader, id);
  if (!row) throw missing("people.unknown_household", "no such household");
  return *std::move(row);
}

bool lives_in(Reader& reader, const Caller& caller, const HouseholdId& id) {
  if (caller.person.empty()) return false;
  const auto members = store::members_of(reader, id, false);
  return std::any_of(members.begin(), members.end(), [&](const Residency& r) { return r.person.text == caller.person; });
}

void must_at(const Caller& caller, std::string_view right, const Household& home) {
  caller.must(right);
  if (!caller.may(right, home.path)) throw missing("people.unknown_household", "no such household");
}

void must_live_or(Reader& reader, const Caller& caller, std::string_view right, const Household& home) {
  if (!lives_in(reader, caller, home.id)) must_at(caller, right, home);
}

void must_be_open(const Household& home) {
  if (home.closed_at) throw conflict("people.is_closed", "this household was closed");
}

}  // namespace

Household People::add_household(Tx& tx, const Caller& caller, const HouseholdWords& words) {
  return add_household(tx, caller, words, *seal_household_ahead(tx.ids()));
}

Household People::change_household(Tx& tx, const Caller& caller, const HouseholdId& id, const HouseholdWords& words) {
  Household home = home_of(tx, id).household;
  must_at(caller, "people.write", home);
  must_be_open(home);
  home.kind = words.kind;
  home.place = words.place;
  home.path = places::Places::path_of(tx, words.place);
  caller.must("people.write", home.path);
  store::update_household(tx, home);
  bus::tell(bus_, tx, HouseholdKept{id}, {id.text, home.path, {}, caller.account});
  return home;
}

void People::close_household(Tx& tx, const Caller& caller, const HouseholdId& id) {
  Household home = home_of(tx, id).household;
  must_at(caller, "people.write", home);
  must_be_open(home);
  for (const Residency& residency : store::members_of(tx, id, false)) leave(tx, caller, residency);
  home.closed_at = tx.now();
  store::update_household(tx, home);
  bus::tell(bus_, tx, HouseholdKept{id}, {id.text, home.path, {}, caller.account});
}

void People::confirm_household(Tx& tx, const Caller& caller, const HouseholdId& id) {
  const Household home = home_of(tx, id).household;
  must_live_or(tx, caller, "people.write", home);
  store::confirm_household(tx, id, caller.account);
  bus::tell(bus_, tx, Confirmed{id.text}, {id.text, home.path, {}, caller.account});
}

Household People::household(Reader& reader, const Caller& caller, const HouseholdId& id) {
  const Household home = home_of(reader, id).household;
  must_live_or(reader, caller, "people.read", home);
  return home;
}

std::optional<Household> People::find_household(Reader& reader, const HouseholdId& id) {
  auto row = store::find_household(reader, id);
  return row ? std::optional(std::move(row->household)) : std::nullopt;
}

std::vector<Household> People::households(Reader& reader, const Caller& caller, const HouseholdFilter& filter) {
  return store::households(reader, caller.paths("people.read"), filter);
}

std::int64_t People::count_households(Reader& reader, const Caller& caller, const HouseholdFilter& filter) {
  return store::count_households(reader, caller.paths("people.read"), filter);
}

HouseholdCode People::code(Reader& reader, const Caller& caller, const HouseholdId& id) const {
  const store::HouseholdRow row = home_of(reader, id);
  if (!lives_in(reader, caller, id)) throw missing("people.unknown_household", "no such household");
  must_be_open(row.household);
  return {id, open_code(vault_, id, row.code), row.household.code_at};
}

HouseholdCode People::show_code(Tx& tx, const Caller& caller, const HouseholdId& id) {
  const store::HouseholdRow row = home_of(tx, id);
  must_at(caller, "people.write", row.household);
  must_be_open(row.household);
  bus::tell(bus_, tx, CodeShown{id}, {id.text, row.household.path, {}, caller.account});
  return {id, open_code(vault_, id, row.code), row.household.code_at};
}

HouseholdCode People::renew_code(Tx& tx, const Caller& caller, const HouseholdId& id) {
  const Household home = home_of(tx, id).household;
  must_live_or(tx, caller, "people.write", home);
  must_be_open(home);
  const std::string code = make_code(tx.ids());
  store::set_code(tx, id, seal_code(vault_, id, code, tx.ids()), index_of(vault_, kCodeIndex, code));
  bus::tell(bus_, tx, CodeRenewed{id}, {id.text, home.path, {}, caller.account});
  return {id, code, tx.now()};
}

std::vector<Member> People::members(Reader& reader, const Caller& caller, const HouseholdId& id, bool past) const {
  const Household home = home_of(reader, id).household;
  const bool own = lives_in(reader, caller, id);
  if (!own) must_at(caller, "people.read", home);
  std::vector<Member> members;
  // Who lived here before is not the business of those who live here now.
  for (const Residency& residency : store::members_of(reader, id, past && !own))
    members.push_back({residency, shown(reader, row_of(reader, residency.person), !is_own(caller, residency.person))});
  return members;
}

Residency People::move_in(Tx& tx, const Caller& caller, const HouseholdId& id, const ResidencyWords& words) {
  const Household home = home_of(tx, id).household;
  must_at(caller, "people.write", home);
  must_be_open(home);
  store::PersonRow person = row_of(tx, words.person);
  must(tx, caller, "people.read", person);
  if (person.state == State::erased) throw conflict("people.is_erased", "this person's data was erased");
  const auto homes = store::residencies_of(tx, words.person, false);
  if (std::any_of(homes.begin(), homes.end(), [&](const Residency& r) { return r.household == id; }))
    throw conflict("people.lives_there", "this person lives in this household already");
  Residency residency{ResidencyId::make(tx.ids()), words.person, id, words.role, words.from.value_or(tx.now()), {}};
  store::insert_residency(tx, residency);
  if ((homes.empty() && person.path != home.path) || person.state != State::present) {
    person.path = home.path;
    person.state = State::present;
    store::update(tx, person);
  }
  bus::tell(bus_, tx, MovedIn{words.person, id}, {words.person.text, home.path, {}, caller.account});
  return residency;
}

void People::move_out(Tx& tx, const Caller& caller, const ResidencyId& id) {
  const auto residency = store::find_residency(tx, id);
  if (!residency) throw missing("people.unknown_residency", "no such residency");
  must_at(caller, "people.write", home_of(tx, residency->household).household);
  if (residency->until) throw conflict("people.moved_out", "this residency has ended");
  leave(tx, caller, *residency);
}

void People::leave(Tx& tx, const Caller& caller, const Residency& residency) {
  store::end_residency(tx, residency.id, tx.now());
  const Household home = home_of(tx, residency.household).household;
  bus::tell(bus_, tx, MovedOut{residency.person, residency.household},
            {residency.person.text, home.path, {}, caller.account});
}

std::optional<Household> People::household_by_code(Reader& reader, std::string_view typed) const {
  const auto code = normal_code(typed);
  if (!code) return std::nullopt;
  const auto row = store::household_by_code(reader, index_of(vault_, kCodeIndex, *code));
  if (!row || row->household.closed_at) return std::nullopt;
  return row->household;
}

std::vector<Household> People::households_at(Reader& reader, const places::PlaceId& place) {
  return store::households_at(reader, place);
}

std::vector<Residency> People::residencies_of(Reader& reader, const PersonId& id) {
  return store::residencies_of(reader, id, false);
}

std::vector<Residency> People::residents_of(Reader& reader, const HouseholdId& id) {
  return store::members_of(reader, id, false);
}

}  // namespace lifang::people
