#include "rooms/rosters/rosters_rounds_http.hpp"

#include "platform/http/routes.hpp"
#include "rooms/rosters/rosters_rounds.hpp"

namespace lifang::rosters {
namespace {

template <class Id>
Id id_of(const http::Call& call) {
  if (!is_client_id(call.id())) throw invalid("rosters.bad_id", "/id", "letters, digits, '.', '_', '-', at most 64");
  return Id{call.id()};
}

template <class T>
http::List<T> page(std::vector<T> items, const http::Call& call) {
  http::List<T> list{std::move(items), {}, {}};
  if (list.items.size() == call.limit()) list.next = list.items.back().id.text;
  return list;
}

/// The thing, if there is one at a place that the caller may read.
template <class T>
T seen(std::optional<T> found, const http::Call& call, const char* code) {
  if (!found || !call.caller.may("rosters.read", found->path)) throw missing(code, "no such thing");
  return *std::move(found);
}

void add_keeping(http::Routes& routes, Rounds& rounds) {
  routes.get("/api/v1/rosters/points", "rosters.read", "Points of inspection", [](Reader& reader, const http::Call& call) {
    return page(Rounds::points(reader, call.caller, call.after(), call.limit()), call);
  });
  routes.get("/api/v1/rosters/points/{id}", "rosters.read", "One point", [](Reader& reader, const http::Call& call) {
    Point point = seen(Rounds::find_point(reader, PointId{call.id()}), call, "rosters.unknown_point");
    if (!call.caller.may("rosters.write", point.path)) {
      point.code.clear();
      point.tag.reset();
    }
    return point;
  });
  routes.put<PointWords>("/api/v1/rosters/points/{id}", "rosters.write", "Makes or changes a point; its code is to be printed",
                         [&rounds](Tx& tx, const http::Call& call, const PointWords& words) {
                           return rounds.put_point(tx, call.caller, id_of<PointId>(call), words);
                         });
  routes.get("/api/v1/rosters/routes", "rosters.read", "Routes of inspection", [](Reader& reader, const http::Call& call) {
    return page(Rounds::routes(reader, call.caller, call.after(), call.limit()), call);
  });
  routes.get("/api/v1/rosters/routes/{id}", "rosters.read", "One route", [](Reader& reader, const http::Call& call) {
    return seen(Rounds::find_route(reader, RouteId{call.id()}), call, "rosters.unknown_route");
  });
  routes.put<RouteWords>("/api/v1/rosters/routes/{id}", "rosters.write", "Makes or changes a route",
                         [&rounds](Tx& tx, const http::Call& call, const RouteWords& words) {
                           return rounds.put_route(tx, call.caller, id_of<RouteId>(call), words);
                         });
  routes.get("/api/v1/rosters/plans", "rosters.read", "When routes are gone", [](Reader& reader, const http::Call& call) {
    return page(Rounds::plans(reader, call.caller, call.after(), call.limit()), call);
  });
  routes.get("/api/v1/rosters/plans/{id}", "rosters.read", "One plan", [](Reader& reader, const http::Call& call) {
    return seen(Rounds::find_plan(reader, PlanId{call.id()}), call, "rosters.unknown_plan");
  });
  routes.put<PlanWords>("/api/v1/rosters/plans/{id}", "rosters.write", "Makes or changes a plan",
                        [&rounds](Tx& tx, const http::Call& call, const PlanWords& words) {
                          return rounds.put_plan(tx, call.caller, id_of<PlanId>(call), words);
                        });
  routes.remove("/api/v1/rosters/points/{id}", "rosters.write", "Takes a point off; rounds that were gone keep it",
                [&rounds](Tx& tx, const http::Call& call) {
                  rounds.remove_point(tx, call.caller, PointId{call.id()});
                  return http::Nothing{};
                });
  routes.remove("/api/v1/rosters/routes/{id}", "rosters.write", "Takes a route off", [&rounds](Tx& tx, const http::Call& call) {
    rounds.remove_route(tx, call.caller, RouteId{call.id()});
    return http::Nothing{};
  });
  routes.remove("/api/v1/rosters/plans/{id}", "rosters.write", "Takes a plan off: no more rounds of it", [&rounds](Tx& tx, const http::Call& call) {
    rounds.remove_plan(tx, call.caller, PlanId{call.id()});
    return http::Nothing{};
  });
  routes.post<http::Nothing>("/api/v1/rosters/plans/{id}/begin", "rosters.write", "A round out of turn, from now on",
                             [&rounds](Tx& tx, const http::Call& call, const http::Nothing&) {
                               return rounds.begin_now(tx, call.caller, PlanId{call.id()});
                             });
}

}  // namespace

void add_round_routes(http::Routes& routes, Rounds& rounds) {
  add_keeping(routes, rounds);
  routes.get("/api/v1/rosters/tasks", "rosters.read", "Rounds, newest first: ?state=open|done|missed &place= &from= &to= &mine=true",
             [&rounds](Reader& reader, const http::Call& call) {
               TaskFilter filter;
               if (const auto state = call.query("state")) filter.state = read<TaskState>(boost::json::value(*state), "?state");
               if (const auto place = call.query("place")) filter.place_path = places::Places::path_of(reader, places::PlaceId{*place}, "?place");
               filter.mine = call.flag("mine");
               filter.from = call.time("from");
               filter.to = call.time("to");
               filter.after = call.after();
               filter.limit = call.limit();
               auto list = page(rounds.tasks(reader, call.caller, filter), call);
               if (call.flag("count")) {
                 filter.after.reset();
                 filter.limit = 100'000;
                 list.count = static_cast<std::int64_t>(rounds.tasks(reader, call.caller, filter).size());
               }
               return list;
             });
  routes.get("/api/v1/rosters/tasks/{id}", "rosters.read", "One round with what was looked at", [](Reader& reader, const http::Call& call) {
    if (!TaskId::fits(call.id())) throw missing("rosters.unknown_task", "no such round");
    return seen(Rounds::find_task(reader, TaskId{call.id()}), call, "rosters.unknown_task");
  });
  routes.post<CheckWords>("/api/v1/rosters/tasks/{id}/check", "rosters.read", "At a point: its code or tag, and what was found",
                          [&rounds](Tx& tx, const http::Call& call, const CheckWords& words) {
                            if (!TaskId::fits(call.id())) throw missing("rosters.unknown_task", "no such round");
                            return rounds.check(tx, call.caller, TaskId{call.id()}, words);
                          });
}

}  // namespace lifang::rosters
