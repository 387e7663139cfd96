#include "rooms/cases/cases_ringing.hpp"

#include <algorithm>

#include "rooms/accounts/accounts.hpp"
#include "rooms/cases/cases_parts.hpp"

namespace lifang::cases {
namespace {

constexpr std::size_t kMostOfDesk = 3;

constexpr Standings without_others(Standings standings) {
  return static_cast<Standings>(standings & (bit(Standing::holder) | bit(Standing::desk)));
}

}  // namespace

Caller at_ring(Reader& reader, const PersonId& person, const std::string& path, Time now) {
  auto login = accounts::Accounts::standing_of(reader, person.text, now);
  if (login) return *std::move(login);
  return {"phone:" + person.text, person.text, "phone", {}, {}, {{"cases.handle", path}, {"cases.read", path}}};
}

bool Cases::can_answer(Reader& reader, const CaseId& id, const PersonId& person, const std::optional<OrganisationId>& called) const {
  auto record = store::find(reader, id);
  if (!record) return false;
  const Caller caller = at_ring(reader, person, record->path, now());
  Viewer viewer(reader, parts_->tools.rosters, caller);
  if (!called) {
    record->person = person;  // as it would be theirs
    const Standings standings = viewer.standings(*record);
    return is_allowed(record->state, Move::accept, standings) || is_allowed(record->state, Move::assign, standings);
  }
  const auto all = store::called(reader, id);
  const bool own = std::any_of(all.begin(), all.end(), [&](const Called& c) {
    return c.organisation == *called && (viewer.is_partner_for(c.organisation, record->path) || c.person == person);
  });
  const Standings standings = viewer.standings(*record);
  return is_allowed(record->state, Move::report_in, own ? standings : without_others(standings));
}

std::vector<PersonId> Cases::desk_of(Reader& reader, const CaseId& id) const {
  const auto record = store::find(reader, id);
  if (!record) return {};
  const rosters::Rosters& rosters = parts_->tools.rosters;
  std::vector<PersonId> there;
  for (const rosters::OnDuty& duty : rosters.on_duty_for(reader, record->path, now())) there.insert(there.end(), duty.persons.begin(), duty.persons.end());
  struct One {
    PersonId person;
    bool on_duty;
    std::size_t near;  ///< of the path of the nearest roster that they stand in
  };
  std::vector<One> desk;
  for (const accounts::AccountId& account : accounts::Accounts::holders(reader, "cases.dispatch", record->path, now())) {
    const PersonId person{accounts::Accounts::person_of(reader, account.text)};
    if (person.text.empty()) continue;
    const Caller caller = at_ring(reader, person, record->path, now());
    Viewer viewer(reader, rosters, caller);
    if (caller.may("*", "/") || (viewer.standings(*record) & bit(Standing::desk)) == 0) continue;  // whoever keeps the machine is no desk
    One one{person, std::find(there.begin(), there.end(), person) != there.end(), 0};
    for (const rosters::Membership& m : rosters.memberships(reader, person, now()))
      if (record->path.starts_with(m.path)) one.near = std::max(one.near, m.path.size());
    desk.push_back(std::move(one));
  }
  std::stable_sort(desk.begin(), desk.end(), [](const One& a, const One& b) { return std::pair(a.on_duty, a.near) > std::pair(b.on_duty, b.near); });
  std::vector<PersonId> persons;
  for (One& one : desk)
    if (persons.size() < kMostOfDesk) persons.push_back(std::move(one.person));
  return persons;
}

}  // namespace lifang::cases
