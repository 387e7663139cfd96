#include "rooms/places/places_http.hpp"

#include <algorithm>
#include <iterator>

#include "base/secret.hpp"
#include "platform/http/routes.hpp"
#include "rooms/places/places_outlines.hpp"

namespace lifang::places {
namespace {

PlaceId id_of(const http::Call& call) {
  if (!is_client_id(call.id())) throw missing("places.unknown", "no such place");
  return PlaceId{call.id()};
}

Filter filter_of(Reader& reader, const http::Call& call) {
  Filter filter;
  if (const auto kind = call.query("kind")) filter.kind = read<Kind>(boost::json::value(*kind), "?kind");
  if (const auto parent = call.query("parent")) filter.parent = PlaceId{*parent};
  if (const auto under = call.query("place")) filter.under = Places::asked_for(reader, *under);
  filter.name = call.query("name");
  filter.after = call.after();
  filter.limit = call.limit();
  return filter;
}

http::List<Place> list(Reader& reader, const http::Call& call) {
  const Filter filter = filter_of(reader, call);
  http::List<Place> list{Places::list(reader, call.caller, filter), {}, {}};
  if (list.items.size() == filter.limit) list.next = list.items.back().path;
  if (call.flag("count")) list.count = Places::count(reader, call.caller, filter);
  return list;
}

/// What a report may be about: everything shared, never somebody's home.
http::List<Place> around(Reader& reader, const http::Call& call) {
  Caller eyes;
  for (const std::string& path : call.caller.paths("cases.report")) eyes.grants.push_back({"places.read", path});
  Filter filter = filter_of(reader, call);
  std::vector<Place> found;
  for (const Kind kind : {Kind::compound, Kind::building, Kind::unit, Kind::spot}) {
    if (call.query("kind") && read<Kind>(boost::json::value(*call.query("kind")), "?kind") != kind) continue;
    filter.kind = kind;
    std::ranges::move(Places::list(reader, eyes, filter), std::back_inserter(found));
  }
  std::ranges::sort(found, {}, &Place::path);
  if (found.size() > filter.limit) found.resize(filter.limit);
  http::List<Place> list{std::move(found), {}, {}};
  if (list.items.size() == filter.limit) list.next = list.items.back().path;
  return list;
}

/// The whole picture at once, with its digest as ETag: a wall screen asks for it again and again, and it hardly changes.
http::Response map_of(Reader& reader, const http::Call& call) {
  const auto under = call.query("place");
  http::List<Outline> list{outlines(reader, call.caller, under ? std::optional(PlaceId{*under}) : std::nullopt), {}, {}};
  if (call.flag("count")) list.count = static_cast<std::int64_t>(list.items.size());
  http::Response response = http::Routes::render(list);
  const std::string tag = "\"" + blake2b_hex(response.body).substr(0, 32) + "\"";
  if (call.request.header("If-None-Match") == tag) {
    response = {};
    response.status = 304;
  }
  response.headers.emplace_back("ETag", tag);
  response.headers.emplace_back("Cache-Control", "private, no-cache");
  return response;
}

}  // namespace

void add_routes(http::Routes& routes, Places& places) {
  routes.get("/api/v1/places", "places.read", "Places: ?kind= &parent= &place= (a subtree) &name=", list);
  routes.get("/api/v1/places/around", "cases.report", "Shared places that a report may be about: ?kind= &parent= &place= &name=", around);
  routes.get("/api/v1/places/outlines", "places.read",
             "What a map shows: ground plans and floors down to buildings, with an ETag: ?place= (a subtree) &count=true", map_of);
  routes.get("/api/v1/places/names", "places.read",
             "Names of at most 100 places; what is out of sight is left out: ?ids= (with commas between)",
             [](Reader& reader, const http::Call& call) {
               return http::List<Named>{Places::names(reader, call.caller, call.ids()), {}, {}};
             });
  routes.get("/api/v1/places/{id}", "places.read", "One place", [](Reader& reader, const http::Call& call) {
    Place place = Places::get(reader, id_of(call));
    call.caller.must("places.read", place.path);
    return place;
  });
  routes.put<PlaceWords>("/api/v1/places/{id}", "places.write", "Makes or describes a place",
                         [&places](Tx& tx, const http::Call& call, const PlaceWords& words) {
                           if (!is_client_id(call.id()))
                             throw invalid("places.bad_id", "/id", "letters, digits, '.', '_', '-', at most 64");
                           return places.put(tx, call.caller, PlaceId{call.id()}, words);
                         });
}

}  // namespace lifang::places
