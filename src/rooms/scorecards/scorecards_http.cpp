#include "rooms/scorecards/scorecards_http.hpp"

#include "platform/http/routes.hpp"
#include "rooms/scorecards/scorecards.hpp"

namespace lifang::scorecards {
namespace {

template <class E>
std::optional<E> choice(const http::Call& call, std::string_view name) {
  const auto text = call.query(name);
  if (!text) return std::nullopt;
  return read<E>(boost::json::value(*text), "?" + std::string(name));
}

ScoresFilter filter_of(Reader& reader, const http::Call& call) {
  ScoresFilter filter;
  filter.by = choice<ScoresBy>(call, "by").value_or(ScoresBy::organisation);
  filter.key = call.query("key");
  if (const auto place = call.query("place")) filter.place_path = places::Places::path_of(reader, places::PlaceId{*place}, "?place");
  filter.from = call.time("from");
  filter.to = call.time("to");
  filter.good = call.flag("good");
  filter.after = call.after();
  filter.limit = call.limit();
  return filter;
}

cases::Measure measure_of(const http::Call& call) {
  const auto measure = choice<cases::Measure>(call, "measure");
  if (!measure) throw invalid("json.missing", "?measure", "response, solved, satisfied, overdue or reopened");
  return *measure;
}

Order order_of(const http::Call& call) { return choice<Order>(call, "order").value_or(Order::score); }

http::Response xlsx(std::string bytes, const std::string& name) {
  http::Response response;
  response.content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + name + ".xlsx\"");
  response.body = std::move(bytes);
  return response;
}

/// A stretch of an ordered list, by the id of the last one seen.
http::List<Score> page(std::vector<Score> all, const http::Call& call) {
  http::List<Score> list;
  if (call.flag("count")) list.count = static_cast<std::int64_t>(all.size());
  auto from = all.begin();
  if (const auto after = call.after()) {
    from = std::find_if(all.begin(), all.end(), [&](const Score& s) { return s.id == *after; });
    if (from != all.end()) ++from;
  }
  const auto rest = static_cast<std::size_t>(all.end() - from);
  const auto to = from + static_cast<std::ptrdiff_t>(std::min(rest, call.limit()));
  list.items.assign(from, to);
  if (to != all.end()) list.next = list.items.back().id;
  return list;
}

}  // namespace

void add_routes(http::Routes& routes, Scorecards& scorecards, World& world, int offset_minutes) {
  routes.get("/api/v1/scorecards", "scorecards.read", "Three rates, overdue, reopened, with ranks: ?by=organisation|post|kind|place|month"
             " &order=score|cases|response|solved|satisfied|overdue|reopened (numbers the lines) &place= &from= &to= &key= &good=true",
             [&scorecards](Reader& reader, const http::Call& call) {
               return page(scorecards.scores(reader, call.caller, filter_of(reader, call), order_of(call)), call);
             });
  routes.get("/api/v1/scorecards/{id}", "scorecards.read", "One line of them: ?by=organisation|post|kind|place|month"
             " &order=score|cases|response|solved|satisfied|overdue|reopened &place= &from= &to= &key= &good=true &after= &limit=", [&scorecards](Reader& reader, const http::Call& call) {
    for (Score& score : scorecards.scores(reader, call.caller, filter_of(reader, call), order_of(call)))
      if (score.id == call.id()) return score;
    throw missing("scorecards.unknown", "no figures for it");
  });
  routes.get("/api/v1/scorecards/file", "scorecards.read", "The same as .xlsx: ?by=organisation|post|kind|place|month"
             " &order=score|cases|response|solved|satisfied|overdue|reopened &place= &from= &to= &key= &good=true &after= &limit=", [&scorecards](Reader& reader, const http::Call& call) {
    const ScoresFilter filter = filter_of(reader, call);
    return xlsx(scorecards.as_xlsx(scorecards.scores(reader, call.caller, filter, order_of(call)), filter.by), "scorecards");
  });
  routes.get("/api/v1/scorecards/cases", "scorecards.read",
             "The cases behind a figure: ?measure=response|solved|satisfied|overdue|reopened"
             " &by=organisation|post|kind|place|month &place= &from= &to= &key= &good=true",
             [&scorecards](Reader& reader, const http::Call& call) {
               http::List<Behind> list{scorecards.behind(reader, call.caller, filter_of(reader, call), measure_of(call)), {}, {}};
               if (list.items.size() == call.limit()) list.next = list.items.back().id.text;
               return list;
             });
  routes.get("/api/v1/scorecards/cases/file", "scorecards.read", "The same as .xlsx, at most 10,000:"
             " ?measure=response|solved|satisfied|overdue|reopened &by=organisation|post|kind|place|month &place= &from= &to= &key= &good=true &after= &limit=", [&scorecards](Reader& reader, const http::Call& call) {
    ScoresFilter filter = filter_of(reader, call);
    filter.limit = 10'000;
    return xlsx(scorecards.as_xlsx(scorecards.behind(reader, call.caller, filter, measure_of(call))), "cases");
  });
  routes.get("/api/v1/scorecards/brief", "scorecards.read", "A day of a place as a page to be printed: ?place= &day=2026-03-02 (today)",
             [&scorecards, &world, offset_minutes](Reader& reader, const http::Call& call) {
               const auto place = call.query("place");
               if (!place) throw invalid("json.missing", "?place", "of which place");
               const Time now = world.clock.now();
               http::Response response;
               response.content_type = "text/html; charset=utf-8";
               response.headers.emplace_back("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
               response.body = scorecards.brief(reader, call.caller, places::PlaceId{*place},
                                                call.query("day").value_or(to_rfc3339(now, offset_minutes).substr(0, 10)), now);
               return response;
             });
}

}  // namespace lifang::scorecards
