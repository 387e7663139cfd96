#include "rooms/people/people_http.hpp"

#include "platform/http/again.hpp"
#include "platform/http/routes.hpp"
#include "rooms/people/people.hpp"

namespace lifang::people {
namespace {

PersonId id_of(const http::Call& call) {
  const std::string& text = call.path.at("id");
  const std::string& id = text == "me" ? call.caller.person : text;
  if (!PersonId::fits(id)) throw missing("people.unknown", "no such person");
  return PersonId{id};
}

http::Answer<http::Nothing> done() { return http::json_response("{}"); }

/// Not even kept sealed for a repeated request: it holds what tells who somebody is.
template <class T>
http::Answer<T> plain(const T& answer) {
  http::Answer<T> response = http::json_response(to_json(answer));
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

PersonFilter filter_of(Reader& reader, const http::Call& call) {
  PersonFilter filter;
  if (const auto place = call.query("place"))
    filter.under = places::Places::path_of(reader, places::PlaceId{*place}, "?place");
  filter.tag = call.query("tag");
  filter.born_from = call.integer("born_from");
  filter.born_to = call.integer("born_to");
  filter.confirmed_before = call.time("confirmed_before");
  filter.gone = call.flag("gone");
  filter.after = call.after();
  filter.limit = call.limit();
  return filter;
}

/// A list by a sensitive tag is in the log before it is answered: once a request, however many pages a sheet has.
void log_guarded(Reader& reader, lane::Lane& lane, People& people, const http::Call& call, const PersonFilter& filter) {
  if (call.path.contains(http::kAgain) || !People::is_guarded(reader, filter)) return;
  const std::int64_t found = People::count(reader, call.caller, filter);
  lane.now([&](Tx& tx) { people.note_listed(tx, call.caller, filter, found); });
}

void add_persons(http::Routes& routes, People& people, lane::Lane& lane) {
  routes.get("/api/v1/people", "people.read",
             "Persons, masked: ?place= &tag= &born_from= &born_to= (years) &confirmed_before= &gone=true",
             [&people, &lane](Reader& reader, const http::Call& call) {
               const PersonFilter filter = filter_of(reader, call);
               log_guarded(reader, lane, people, call, filter);
               http::List<Person> list{people.list(reader, call.caller, filter), {}, {}};
               if (list.items.size() == filter.limit)
                 list.next = list.items.back().path + "\n" + list.items.back().id.text;
               if (call.flag("count")) list.count = People::count(reader, call.caller, filter);
               return list;
             });
  routes.get("/api/v1/people/names", http::kAnyLogin,
             "Names of at most 100 persons, masked as one by one; who is out of sight is left out: ?ids= (with commas between)",
             [&people](Reader& reader, const http::Call& call) {
               return http::List<Named>{people.names(reader, call.caller, call.ids()), {}, {}};
             });
  routes.get("/api/v1/people/{id}", http::kAnyLogin, "One person, masked; `me` plainly",
             [&people](Reader& reader, const http::Call& call) { return people.get(reader, call.caller, id_of(call)); });
  routes.post<PersonWords>("/api/v1/people", "people.write", "Registers a person",
                           [&people](Tx& tx, const http::Call& call, const PersonWords& words) {
                             http::Answer<Person> response = http::json_response(to_json(people.add(tx, call.caller, words)));
                             response.status = 201;
                             return response;
                           });
  routes.write<PersonChange>("PATCH", "/api/v1/people/{id}", "people.write", "Changes what is known of a person",
                             [&people](Tx& tx, const http::Call& call, const PersonChange& words) {
                               return people.change(tx, call.caller, id_of(call), words);
                             });
  // A body and not a query: names and numbers do not belong in addresses, which are logged.
  routes.post_slow<SearchWords, http::List<Person>>(
      "/api/v1/people/search", "people.read", "Finds persons by the whole name, a number or its last four characters",
      [&people](Reader& reader, const http::Call& call, const SearchWords& words) -> http::Routes::UseCase {
        http::List<Person> list{people.search(reader, call.caller, words), {}, {}};
        return [&people, words, list](Tx& tx, const http::Call& c) {
          people.note_search(tx, c.caller, words, list.items.size());
          http::Response response = http::Routes::render(list);
          response.headers.emplace_back("Cache-Control", "no-store");
          return response;
        };
      });
  routes.post<RevealWords>("/api/v1/people/{id}/reveal", "people.reveal",
                           "Plain fields for a purpose (X-Purpose); the person sees who looked",
                           [&people](Tx& tx, const http::Call& call, const RevealWords& words) {
                             return plain(people.reveal(tx, call.caller, id_of(call), words.fields));
                           });
  routes.post<http::Nothing>("/api/v1/people/{id}/export", http::kAnyLogin, "All that is known of the person, for the person",
                             [&people](Tx& tx, const http::Call& call, const http::Nothing&) {
                               return plain(people.export_of(tx, call.caller, id_of(call)));
                             });
  routes.post<http::Nothing>("/api/v1/people/{id}/confirm", http::kAnyLogin, "The record is still true",
                             [&people](Tx& tx, const http::Call& call, const http::Nothing&) {
                               people.confirm(tx, call.caller, id_of(call));
                               return done();
                             });
  routes.post<http::Nothing>("/api/v1/people/{id}/erase", "people.erase", "Destroys the person's data for good",
                             [&people](Tx& tx, const http::Call& call, const http::Nothing&) {
                               people.erase(tx, call.caller, id_of(call));
                               return done();
                             });
  routes.put<http::Nothing>("/api/v1/people/{id}/tags/{tag}", "people.write", "Puts a tag on a person",
                            [&people](Tx& tx, const http::Call& call, const http::Nothing&) {
                              people.tag(tx, call.caller, id_of(call), call.path.at("tag"));
                              return done();
                            });
  routes.remove("/api/v1/people/{id}/tags/{tag}", "people.write", "Takes a tag off",
                [&people](Tx& tx, const http::Call& call) {
                  people.untag(tx, call.caller, id_of(call), call.path.at("tag"));
                  return done();
                });
}

void add_consents_and_helpers(http::Routes& routes, People& people) {
  routes.get("/api/v1/people/{id}/consents", http::kAnyLogin, "Consents given and withdrawn",
             [&people](Reader& reader, const http::Call& call) {
               return http::List<Consent>{people.consents(reader, call.caller, id_of(call)), {}, {}};
             });
  routes.post<ConsentWords>("/api/v1/people/{id}/consents", http::kAnyLogin, "Consents to a purpose",
                            [&people](Tx& tx, const http::Call& call, const ConsentWords& words) {
                              return people.give_consent(tx, call.caller, id_of(call), words);
                            });
  routes.post<ConsentWords>("/api/v1/people/{id}/consents/withdraw", http::kAnyLogin, "Withdraws a consent",
                            [&people](Tx& tx, const http::Call& call, const ConsentWords& words) {
                              return people.withdraw_consent(tx, call.caller, id_of(call), words);
                            });
  const auto helper_id = [](const http::Call& call) {
    if (!HelperId::fits(call.id())) throw missing("people.unknown_helper", "no such helper");
    return HelperId{call.id()};
  };
  routes.get("/api/v1/people/helpers/{id}", http::kAnyLogin, "One helper",
             [helper_id](Reader& reader, const http::Call& call) {
               return People::helper(reader, call.caller, helper_id(call));
             });
  routes.post<HelperWords>("/api/v1/people/helpers", http::kAnyLogin, "Registers who acts for a person",
                           [&people](Tx& tx, const http::Call& call, const HelperWords& words) {
                             return people.add_helper(tx, call.caller, words);
                           });
  routes.post<http::Nothing>("/api/v1/people/helpers/{id}/end", http::kAnyLogin, "Ends it",
                             [&people, helper_id](Tx& tx, const http::Call& call, const http::Nothing&) {
                               people.end_helper(tx, call.caller, helper_id(call));
                               return done();
                             });
}

}  // namespace

void add_routes(http::Routes& routes, People& people, World& world, lane::Lane& lane) {
  add_persons(routes, people, lane);
  add_consents_and_helpers(routes, people);
  add_own_routes(routes, people, world);
  add_home_routes(routes, people);
}

}  // namespace lifang::people
