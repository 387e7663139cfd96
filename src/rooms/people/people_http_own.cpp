// What a resident's own page asks: where I live, who helps me and whom I help.
#include "base/world.hpp"
#include "platform/http/routes.hpp"
#include "rooms/people/people.hpp"
#include "rooms/people/people_http.hpp"

namespace lifang::people {
namespace {

/// A household where somebody lives, with its place in words.
struct Home {
  HouseholdId household;
  ResidentRole role = ResidentRole::member;
  HouseholdKind kind = HouseholdKind::owned;
  places::PlaceId place;
  std::string path;
  std::string address;  ///< names from the top down: 余杭区 · 府苑新村 · 3 幢 · 301
  Time since;
};
BOOST_DESCRIBE_STRUCT(Home, (), (household, role, kind, place, path, address, since))

/// `person_name` and `helper_name`: masked, so that both know who is meant.
struct NamedHelper : Helper {
  std::string person_name, helper_name;
};
BOOST_DESCRIBE_STRUCT(NamedHelper, (Helper), (person_name, helper_name))

PersonId id_of(const http::Call& call) {
  const std::string& text = call.id() == "me" ? call.caller.person : call.id();
  if (!PersonId::fits(text)) throw missing("people.unknown", "no such person");
  return PersonId{text};
}

http::List<Home> homes(Reader& reader, const http::Call& call, const People& people, Time now) {
  const PersonId id = id_of(call);
  // Who acts for somebody must be able to say where.
  const bool helps = !call.caller.person.empty() && People::may_act_for(reader, PersonId{call.caller.person}, id, "report", now);
  if (!helps) people.get(reader, call.caller, id);  // refuses those who may not see the person
  http::List<Home> list;
  for (const Residency& residency : People::residencies_of(reader, id)) {
    Home home{residency.household, residency.role, {}, {}, {}, {}, residency.from};
    // Whoever lives there, or helps somebody who does, is told the address; the code and the members stand behind their own rights.
    Caller member = call.caller;
    member.person = id.text;
    const Household household = People::household(reader, member, residency.household);
    home.kind = household.kind;
    home.place = household.place;
    home.path = household.path;
    home.address = places::Places::spoken(reader, household.place);
    list.items.push_back(std::move(home));
  }
  return list;
}

http::List<NamedHelper> helpers(Reader& reader, const http::Call& call, const People& people) {
  http::List<NamedHelper> list;
  for (Helper& helper : People::helpers(reader, call.caller, id_of(call))) {
    NamedHelper named;
    static_cast<Helper&>(named) = std::move(helper);
    named.person_name = people.masked_name(reader, named.person);
    named.helper_name = people.masked_name(reader, named.helper);
    list.items.push_back(std::move(named));
  }
  return list;
}

}  // namespace

void add_own_routes(http::Routes& routes, People& people, World& world) {
  routes.get("/api/v1/people/{id}/homes", http::kAnyLogin, "Where somebody lives: `me`, whom I help, or with the right",
             [&people, &world](Reader& reader, const http::Call& call) {
               return homes(reader, call, people, world.clock.now());
             });
  routes.get("/api/v1/people/{id}/helpers", http::kAnyLogin, "Who helps this person, and whom this person helps",
             [&people](Reader& reader, const http::Call& call) { return helpers(reader, call, people); });
}

}  // namespace lifang::people
