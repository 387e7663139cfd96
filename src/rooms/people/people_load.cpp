// The bulk way in: sealing off the lane, writing in slices on it.
#include "platform/bus/typed.hpp"
#include "rooms/people/people.hpp"
#include "rooms/people/people_sight.hpp"

namespace lifang::people {

struct Prepared {
  store::HouseholdRow home;
  std::vector<store::PersonRow> persons;
  std::vector<Residency> residencies;
  std::vector<std::pair<PersonId, std::string>> tags;
};

std::shared_ptr<const Prepared> People::prepare(const LoadHousehold& words, Time now, Ids& ids) const {
  auto prepared = std::make_shared<Prepared>();
  Household& home = prepared->home.household;
  home.id = HouseholdId::make(ids);
  home.kind = words.kind;
  home.place = words.place;
  home.path = words.path;
  home.code_at = home.made_at = home.confirmed_at = now;
  const std::string code = make_code(ids);
  prepared->home.code = seal_code(vault_, home.id, code, ids);
  prepared->home.code_ix = index_of(vault_, kCodeIndex, code);
  prepared->home.confirmed_by = "system";
  for (const LoadMember& member : words.members) {
    store::PersonRow row;
    row.id = member.id ? *member.id : PersonId::make(ids);
    row.path = words.path;
    row.sealed = seal_person(vault_, row.id, plain_of(member.person, now), {}, ids);
    row.source = member.person.source;
    row.made_at = row.confirmed_at = now;
    row.confirmed_by = "system";
    prepared->residencies.push_back({ResidencyId::make(ids), row.id, home.id, member.role, words.since, {}});
    for (const std::string& tag : member.tags) prepared->tags.emplace_back(row.id, tag);
    prepared->persons.push_back(std::move(row));
  }
  return prepared;
}

struct SealedAhead {
  PersonId id;
  Sealed sealed;
};

std::shared_ptr<const SealedAhead> People::seal_ahead(const PersonWords& words, Time now, Ids& ids) const {
  SealedAhead ahead{PersonId::make(ids), {}};
  ahead.sealed = seal_person(vault_, ahead.id, plain_of(words, now), {}, ids);
  return std::make_shared<const SealedAhead>(std::move(ahead));
}

PersonId People::add(Tx& tx, const Caller& caller, const PersonWords& words, const SealedAhead& ahead) {
  return add_sealed(tx, caller, words, ahead, places::Places::path_of(tx, words.place));
}

PersonId People::add(Tx& tx, const Caller& caller, const PersonWords& words, const SealedAhead& ahead,
                     const Household& home, ResidentRole role) {
  if (home.closed_at) throw conflict("people.is_closed", "this household was closed");
  const PersonId id = add_sealed(tx, caller, words, ahead, home.path);
  store::insert_residency(tx, {ResidencyId::make(tx.ids()), id, home.id, role, tx.now(), {}});
  bus::tell(bus_, tx, MovedIn{id, home.id}, {id.text, home.path, {}, caller.account});
  return id;
}

PersonId People::add_sealed(Tx& tx, const Caller& caller, const PersonWords& words, const SealedAhead& ahead,
                            const std::string& path) {
  store::PersonRow row;
  row.id = ahead.id;
  row.path = path;
  caller.must("people.write", row.path);
  row.sealed = ahead.sealed;
  row.source = words.source;
  row.made_at = row.confirmed_at = tx.now();
  row.confirmed_by = caller.account;
  must_be_new(tx, row);
  store::insert(tx, row);
  tell_kept(tx, caller, row.id, row.path);
  return row.id;
}

struct HouseholdAhead {
  HouseholdId id;
  std::string code;  ///< sealed
  std::int64_t code_ix = 0;
};

std::shared_ptr<const HouseholdAhead> People::seal_household_ahead(Ids& ids) const {
  HouseholdAhead ahead{HouseholdId::make(ids), {}, 0};
  const std::string code = make_code(ids);
  ahead.code = seal_code(vault_, ahead.id, code, ids);
  ahead.code_ix = index_of(vault_, kCodeIndex, code);
  return std::make_shared<const HouseholdAhead>(std::move(ahead));
}

Household People::add_household(Tx& tx, const Caller& caller, const HouseholdWords& words,
                                const HouseholdAhead& ahead) {
  store::HouseholdRow row;
  Household& home = row.household;
  home.id = ahead.id;
  home.kind = words.kind;
  home.place = words.place;
  home.path = places::Places::path_of(tx, words.place);
  caller.must("people.write", home.path);
  home.code_at = home.made_at = home.confirmed_at = tx.now();
  row.confirmed_by = caller.account;
  row.code = ahead.code;
  row.code_ix = ahead.code_ix;
  store::insert_household(tx, row);
  bus::tell(bus_, tx, HouseholdKept{home.id}, {home.id.text, home.path, {}, caller.account});
  return home;
}

void People::load(Tx& tx, std::span<const std::shared_ptr<const Prepared>> households) {
  Loaded loaded;
  for (const auto& prepared : households) {
    store::insert_household(tx, prepared->home);
    for (const auto& person : prepared->persons) store::insert(tx, person);
    for (const auto& residency : prepared->residencies) store::insert_residency(tx, residency);
    for (const auto& [person, tag] : prepared->tags) store::tag(tx, person, tag, "system");
    ++loaded.households;
    loaded.persons += static_cast<std::int64_t>(prepared->persons.size());
  }
  bus::tell(bus_, tx, loaded, {"people", "/", {}, "system"});
}

}  // namespace lifang::people
