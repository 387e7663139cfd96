// The people of the made-up district: sealed on several threads, written in slices.
#include <algorithm>
#include <deque>
#include <future>
#include <thread>
#include <unordered_map>

#include "ward/ward_load.hpp"

namespace lifang::ward {
namespace {

constexpr std::size_t kSlice = 1000;          ///< households of one transaction
constexpr std::size_t kWorthThreads = 5000;   ///< below it a second thread gains nothing that anybody sees

using Slice = std::vector<std::shared_ptr<const people::Prepared>>;

/// Path of every planned place, by its index.
std::vector<std::string> paths_of(const WardPlan& plan) {
  std::vector<std::string> paths;
  std::unordered_map<std::string_view, std::size_t> known;
  paths.reserve(plan.places.size());
  for (const PlannedPlace& place : plan.places) {
    paths.push_back((place.words.parent ? paths[known.at(place.words.parent->text)] : "/") + place.id.text + "/");
    known[place.id.text] = paths.size() - 1;
  }
  return paths;
}

people::LoadMember member_of(const MadeUpPerson& person, const places::PlaceId& place) {
  people::LoadMember member;
  member.person.name = person.name;
  member.person.phone = person.phone;
  member.person.identity = person.identity;
  member.person.place = place;
  member.person.source = "demo";
  if (person.old && person.alone) member.tags.push_back("living-alone");
  if (person.born <= 1945) member.tags.push_back("very-old");
  return member;
}

class Register {
 public:
  Register(House& house, const WardPlan& plan) : house_(house), plan_(plan), paths_(paths_of(plan)), now_(house.world.clock.now()) {
    for (const PlannedResident& one : residents(plan)) logins_[one.home] = people::PersonId{one.id.text};
  }

  /// One household a home; nobody lives in some of them.
  people::LoadHousehold home(std::size_t number) const {
    const PlannedHome& planned = plan_.homes[number];
    Chance chance(plan_.size.seed ^ (number * 0x2545f4914f6cdd1dU), "home");
    people::LoadHousehold home;
    home.place = plan_.places[planned.place].id;
    home.path = paths_[planned.place];
    home.since = now_ - std::chrono::days(chance.between(60, 6000));
    const auto members = household_of(plan_, number);
    const bool rented = chance.one_in(5);
    home.kind = members.empty() ? people::HouseholdKind::vacant
                                : rented ? people::HouseholdKind::rented : people::HouseholdKind::owned;
    for (const MadeUpPerson& person : members) {
      home.members.push_back(member_of(person, home.place));
      if (person.head) home.members.back().role = rented ? people::ResidentRole::tenant : people::ResidentRole::owner;
      if (chance.one_in(40) && person.born < 2005) home.members.back().tags.push_back("volunteer");
    }
    const auto login = logins_.find(number);
    if (login != logins_.end() && !home.members.empty()) home.members.front().id = login->second;
    return home;
  }

  /// Those who work at a place, under its roof.
  std::vector<people::LoadHousehold> staff_homes() const {
    std::unordered_map<std::string_view, std::size_t> place_of;
    for (std::size_t i = 0; i < plan_.places.size(); ++i)
      if (plan_.places[i].words.kind <= places::Kind::compound) place_of[plan_.places[i].id.text] = i;
    std::vector<people::LoadHousehold> all;
    std::unordered_map<std::string, std::size_t> at;
    std::size_t number = 0;
    for (const PlannedStaff& one : staff(plan_)) {
      const auto [found, fresh] = at.try_emplace(one.place.text, all.size());
      if (fresh) {
        people::LoadHousehold home;
        home.place = one.place;
        home.path = paths_[place_of.at(one.place.text)];
        home.kind = people::HouseholdKind::dormitory;
        home.since = now_ - std::chrono::days(400);
        all.push_back(std::move(home));
      }
      auto member = member_of(staff_person(plan_, one, number++), one.place);
      member.id = people::PersonId{one.id.text};
      all[found->second].members.push_back(std::move(member));
    }
    return all;
  }

  Slice prepare(std::size_t from, std::size_t to) const {
    Slice slice;
    slice.reserve(to - from);
    for (std::size_t i = from; i < to; ++i) slice.push_back(house_.people.prepare(home(i), now_, house_.world.ids));
    return slice;
  }

 private:
  House& house_;
  const WardPlan& plan_;
  const std::vector<std::string> paths_;
  const Time now_;
  std::unordered_map<std::size_t, people::PersonId> logins_;
};

}  // namespace

void load_people(House& house, const WardPlan& plan, Loaded& loaded, const Ended& ended) {
  const Register words(house, plan);
  const auto write = [&](const Slice& slice) {
    house.lane.now([&](Tx& tx) { house.people.load(tx, slice); });
  };
  const std::size_t homes = plan.homes.size();
  const std::size_t threads = homes < kWorthThreads ? 0 : std::max(1U, std::thread::hardware_concurrency());
  // Sealing costs more than writing: it runs ahead on the other threads, a few slices at most.
  std::deque<std::future<Slice>> ahead;
  for (std::size_t next = 0, done = 0; done < homes;) {
    if (ended && ended()) return;
    for (; next < homes && ahead.size() < threads + 1; next += kSlice) {
      const std::size_t to = std::min(homes, next + kSlice);
      ahead.push_back(std::async(threads == 0 ? std::launch::deferred : std::launch::async,
                                 [&words, next, to] { return words.prepare(next, to); }));
    }
    write(ahead.front().get());
    ahead.pop_front();
    done += std::min(kSlice, homes - done);
  }
  Slice works;
  for (const people::LoadHousehold& home : words.staff_homes()) works.push_back(house.people.prepare(home, house.world.clock.now(), house.world.ids));
  write(works);
  house.lane.settle();
  loaded.households = homes;
  Reader reader(house.lane.session());
  loaded.persons = static_cast<std::size_t>(people::People::count(reader, Caller::system(), {}));

  // A neighbour acts for somebody without a smartphone.
  const auto with_login = residents(plan);
  if (with_login.size() < 2) return;
  house.lane.now([&](Tx& tx) {
    house.people.add_helper(tx, Caller::system(), {people::PersonId{with_login[0].id.text}, people::PersonId{with_login[1].id.text},
                                                   {"report", "evaluate", "notices"}, {}, "paper"});
  });
}

}  // namespace lifang::ward
