// Routes of households, residencies, organisations and tags.
#include "platform/http/routes.hpp"
#include "rooms/people/people.hpp"
#include "rooms/people/people_http.hpp"

namespace lifang::people {
namespace {

struct CodeWords {
  std::string code;
};
BOOST_DESCRIBE_STRUCT(CodeWords, (), (code))

HouseholdId id_of(const http::Call& call) {
  if (!HouseholdId::fits(call.id())) throw missing("people.unknown_household", "no such household");
  return HouseholdId{call.id()};
}

OrganisationId organisation_of(const http::Call& call) {
  if (!is_client_id(call.id())) throw missing("people.unknown_organisation", "no such organisation");
  return OrganisationId{call.id()};
}

http::Answer<http::Nothing> done() { return http::json_response("{}"); }

http::Answer<HouseholdCode> code_answer(const HouseholdCode& code) {
  http::Answer<HouseholdCode> response = http::json_response(to_json(code));
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

http::List<Household> households(Reader& reader, const http::Call& call) {
  HouseholdFilter filter;
  if (const auto place = call.query("place"))
    filter.under = places::Places::path_of(reader, places::PlaceId{*place}, "?place");
  if (const auto kind = call.query("kind")) filter.kind = read<HouseholdKind>(boost::json::value(*kind), "?kind");
  filter.confirmed_before = call.time("confirmed_before");
  filter.after = call.after();
  filter.limit = call.limit();
  http::List<Household> list{People::households(reader, call.caller, filter), {}, {}};
  if (list.items.size() == filter.limit) list.next = list.items.back().path + "\n" + list.items.back().id.text;
  if (call.flag("count")) list.count = People::count_households(reader, call.caller, filter);
  return list;
}

void add_households(http::Routes& routes, People& people) {
  routes.get("/api/v1/people/households", "people.read", "Households: ?place= &kind= &confirmed_before=", households);
  routes.get("/api/v1/people/households/{id}", http::kAnyLogin, "One household",
             [](Reader& reader, const http::Call& call) { return People::household(reader, call.caller, id_of(call)); });
  routes.post<HouseholdWords>("/api/v1/people/households", "people.write", "Opens a household; its code is made",
                              [&people](Tx& tx, const http::Call& call, const HouseholdWords& words) {
                                http::Answer<Household> response =
                                    http::json_response(to_json(people.add_household(tx, call.caller, words)));
                                response.status = 201;
                                return response;
                              });
  routes.write<HouseholdWords>("PATCH", "/api/v1/people/households/{id}", "people.write", "Moves it, or changes its kind",
                               [&people](Tx& tx, const http::Call& call, const HouseholdWords& words) {
                                 return people.change_household(tx, call.caller, id_of(call), words);
                               });
  routes.post<http::Nothing>("/api/v1/people/households/{id}/close", "people.write", "Nobody lives in it any more",
                             [&people](Tx& tx, const http::Call& call, const http::Nothing&) {
                               people.close_household(tx, call.caller, id_of(call));
                               return done();
                             });
  routes.post<http::Nothing>("/api/v1/people/households/{id}/confirm", http::kAnyLogin, "The record is still true",
                             [&people](Tx& tx, const http::Call& call, const http::Nothing&) {
                               people.confirm_household(tx, call.caller, id_of(call));
                               return done();
                             });
  routes.get("/api/v1/people/households/{id}/code", http::kAnyLogin, "The code of the caller's own household",
             [&people](Reader& reader, const http::Call& call) {
               return code_answer(people.code(reader, call.caller, id_of(call)));
             });
  routes.post<http::Nothing>("/api/v1/people/households/{id}/code/show", "people.write", "The code, to print it; logged",
                             [&people](Tx& tx, const http::Call& call, const http::Nothing&) {
                               return code_answer(people.show_code(tx, call.caller, id_of(call)));
                             });
  routes.post<http::Nothing>("/api/v1/people/households/{id}/code", http::kAnyLogin, "Makes a new code; the old one dies",
                             [&people](Tx& tx, const http::Call& call, const http::Nothing&) {
                               http::Answer<HouseholdCode> made = code_answer(people.renew_code(tx, call.caller, id_of(call)));
                               made.status = 201;
                               return made;
                             });
  // A POST, because a code is a key to the door and does not belong in an address.
  routes.post_slow<CodeWords, Household>(
      "/api/v1/people/households/by-code", "people.read", "The household of a code",
      [&people](Reader& reader, const http::Call& call, const CodeWords& words) -> http::Routes::UseCase {
        const auto home = people.household_by_code(reader, words.code);
        if (!home || !call.caller.may("people.read", home->path))
          throw missing("people.unknown_household", "no household has this code");
        return [home](Tx&, const http::Call&) { return http::Routes::render(*home); };
      });
  routes.get("/api/v1/people/households/{id}/members", http::kAnyLogin, "Who lives in it; ?past=true also who did",
             [&people](Reader& reader, const http::Call& call) {
               return http::List<Member>{people.members(reader, call.caller, id_of(call), call.flag("past")), {}, {}};
             });
  routes.post<ResidencyWords>("/api/v1/people/households/{id}/members", "people.write", "Somebody moves in",
                              [&people](Tx& tx, const http::Call& call, const ResidencyWords& words) {
                                return people.move_in(tx, call.caller, id_of(call), words);
                              });
  routes.post<http::Nothing>("/api/v1/people/residencies/{id}/end", "people.write", "Somebody moves out",
                             [&people](Tx& tx, const http::Call& call, const http::Nothing&) {
                               if (!ResidencyId::fits(call.id()))
                                 throw missing("people.unknown_residency", "no such residency");
                               people.move_out(tx, call.caller, ResidencyId{call.id()});
                               return done();
                             });
}

void add_registers(http::Routes& routes, People& people) {
  routes.get("/api/v1/people/organisations", http::kAnyLogin, "Organisations: ?kind= &place=",
             [](Reader& reader, const http::Call& call) {
               std::optional<OrganisationKind> kind;
               if (const auto text = call.query("kind")) kind = read<OrganisationKind>(boost::json::value(*text), "?kind");
               std::optional<std::string> under;
               if (const auto place = call.query("place"))
                 under = places::Places::path_of(reader, places::PlaceId{*place}, "?place");
               http::List<Organisation> list{People::organisations(reader, kind, under, call.after(), call.limit()), {}, {}};
               if (list.items.size() == call.limit()) list.next = list.items.back().id.text;
               return list;
             });
  routes.get("/api/v1/people/organisations/{id}", http::kAnyLogin, "One organisation",
             [](Reader& reader, const http::Call& call) {
               auto found = People::find_organisation(reader, organisation_of(call));
               if (!found) throw missing("people.unknown_organisation", "no such organisation");
               return *std::move(found);
             });
  routes.put<OrganisationWords>("/api/v1/people/organisations/{id}", "people.write", "Makes or describes an organisation",
                                [&people](Tx& tx, const http::Call& call, const OrganisationWords& words) {
                                  return people.put_organisation(tx, call.caller, OrganisationId{call.id()}, words);
                                });
  routes.get("/api/v1/people/tags", http::kAnyLogin, "Kinds of tags", [](Reader& reader, const http::Call&) {
    return http::List<TagKind>{People::tag_kinds(reader), {}, {}};
  });
  routes.get("/api/v1/people/tags/{id}", http::kAnyLogin, "One kind of tag", [](Reader& reader, const http::Call& call) {
    for (TagKind& kind : People::tag_kinds(reader))
      if (kind.id == call.id()) return kind;
    throw missing("people.unknown_tag", "no such tag");
  });
  routes.put<TagKindWords>("/api/v1/people/tags/{id}", "people.write", "Makes or renames a kind of tag",
                           [&people](Tx& tx, const http::Call& call, const TagKindWords& words) {
                             return people.put_tag_kind(tx, call.caller, call.id(), words);
                           });
}

}  // namespace

void add_home_routes(http::Routes& routes, People& people) {
  add_households(routes, people);
  add_registers(routes, people);
}

}  // namespace lifang::people
