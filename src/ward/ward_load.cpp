#include "ward/ward_load.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/members.hpp"
#include "base/reflect.hpp"
#include "rooms/devices/devices_ready.hpp"

namespace lifang::ward {
namespace {

constexpr std::size_t kSlice = 4000;

/// Runs `work` over [0, n) in slices, each a use case of its own, and lets everybody hear of it.
void in_slices(House& house, std::size_t n, const Ended& ended, const std::function<void(Tx&, std::size_t)>& work) {
  for (std::size_t from = 0; from < n && !(ended && ended()); from += kSlice) {
    house.lane.now([&](Tx& tx) {
      for (std::size_t i = from; i < std::min(n, from + kSlice); ++i) work(tx, i);
    });
    house.lane.settle();
  }
}

}  // namespace

Loaded load_ward(House& house, const WardPlan& plan, const std::string& password,
                 const std::function<void(const std::string&)>& told, const Ended& ended) {
  const Caller system = Caller::system();
  Loaded loaded;
  told("places");
  in_slices(house, plan.places.size(), ended, [&](Tx& tx, std::size_t i) {
    house.places.put(tx, system, plan.places[i].id, plan.places[i].words);
  });
  loaded.places = plan.places.size();

  told("profiles and rules");
  in_slices(house, 1, ended, [&](Tx& tx, std::size_t) { devices::adopt(tx, house.devices, system, {profiles(), {}, {}}); });
  told("devices");
  in_slices(house, plan.devices.size(), ended, [&](Tx& tx, std::size_t i) {
    house.devices.put(tx, system, plan.devices[i].id, plan.devices[i].words);
  });
  loaded.devices = plan.devices.size();
  in_slices(house, rules().size(), ended, [&](Tx& tx, std::size_t i) {
    house.rules.put(tx, system, rules::RuleId{rules()[i].id}, rules()[i].words);
    house.rules.activate(tx, system, rules::RuleId{rules()[i].id});
  });
  loaded.rules = rules().size();

  if (ended && ended()) return loaded;
  told("who lives and works there");
  load_people(house, plan, loaded, ended);
  if (ended && ended()) return loaded;
  in_slices(house, 1, ended, [&](Tx& tx, std::size_t) {
    int number = 0;
    for (const PlannedOrganisation& one : organisations(plan)) {
      // Whom residents may call; a made-up number of a desk.
      std::optional<std::string> phone;
      if (one.kind != "bureau" && one.kind != "district_centre") phone = fmt::format("0571-{:08}", ++number);
      house.people.put_organisation(tx, system, people::OrganisationId{one.id},
                                    {enum_of<people::OrganisationKind>(one.kind), one.name, one.place, {}, phone});
    }
  });

  told("posts and shifts");
  const auto all_posts = posts();
  in_slices(house, all_posts.size(), ended, [&](Tx& tx, std::size_t i) {
    house.rosters.put_post(tx, system, all_posts[i].id, all_posts[i].words);
  });
  const auto all_shifts = shifts(plan);
  in_slices(house, all_shifts.size(), ended, [&](Tx& tx, std::size_t i) {
    house.rosters.put_shift(tx, system, all_shifts[i].id, all_shifts[i].words);
  });

  told("logins");
  house.lane.now([&](Tx& tx) {
    house.accounts.put_role(tx, system, kInspectorRole,
                            {"核查专员",
                             {"places.read", "situations.read", "readings.read", "devices.read", "cases.read", "cases.verify",
                              "evaluations.read", "evaluations.write", "rosters.read", "files.write", "notices.read", "why.read", "live.read"},
                             {},
                             true});
  });
  // One password, one hash: it costs as much as a login.
  const std::string hash = house.accounts.hash(password, house.world.ids);
  const auto all_logins = logins(plan);
  in_slices(house, all_logins.size(), ended, [&](Tx& tx, std::size_t i) { house.accounts.add(tx, system, all_logins[i].words, hash); });
  house.lane.settle();
  return loaded;
}

}  // namespace lifang::ward
