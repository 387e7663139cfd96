#include "rooms/drills/drills_http.hpp"

#include "platform/http/routes.hpp"
#include "rooms/drills/drills.hpp"

namespace lifang::drills {
namespace {

DrillId id_of(const http::Call& call) {
  if (!DrillId::fits(call.id())) throw missing("drills.unknown", "no such drill");
  return DrillId{call.id()};
}

}  // namespace

void add_routes(http::Routes& routes, Drills& drills) {
  routes.get("/api/v1/drills", "drills.read", "Drills, newest first: ?running=true &place=", [](Reader& reader, const http::Call& call) {
    Filter filter;
    filter.running = call.flag("running");
    if (const auto place = call.query("place")) filter.place_path = places::Places::path_of(reader, places::PlaceId{*place}, "?place");
    filter.after = call.after();
    filter.limit = call.limit();
    http::List<Drill> list{Drills::list(reader, call.caller, filter), {}, {}};
    if (list.items.size() == filter.limit) list.next = list.items.back().id.text;
    if (call.flag("count")) list.count = Drills::count(reader, call.caller, filter);
    return list;
  });
  routes.get("/api/v1/drills/{id}", "drills.read", "Who answered when, and which numbers are dead",
             [&drills](Reader& reader, const http::Call& call) { return drills.report(reader, call.caller, id_of(call)); });
  routes.post<DrillWords>("/api/v1/drills", "drills.run", "Rings an alarm chain as a drill: {rule, device} or {kind, place}",
                          [&drills](Tx& tx, const http::Call& call, const DrillWords& words) {
                            return drills.begin(tx, call.caller, words);
                          });
  routes.post<http::Nothing>("/api/v1/drills/{id}/end", "drills.run", "Ends a drill and what rings for it",
                             [&drills](Tx& tx, const http::Call& call, const http::Nothing&) {
                               return drills.end(tx, call.caller, id_of(call));
                             });
}

}  // namespace lifang::drills
