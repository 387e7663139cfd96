#include "rooms/evaluations/evaluations_http.hpp"

#include "platform/http/routes.hpp"
#include "rooms/evaluations/evaluations.hpp"

namespace lifang::evaluations {
namespace {

template <class E>
std::optional<E> choice(const http::Call& call, std::string_view name) {
  const auto text = call.query(name);
  if (!text) return std::nullopt;
  return read<E>(boost::json::value(*text), "?" + std::string(name));
}

Filter filter_of(Reader& reader, const http::Call& call) {
  Filter filter;
  if (const auto about = call.query("case")) filter.case_ = cases::CaseId{*about};
  if (const auto place = call.query("place"))
    filter.place_path = places::Places::path_of(reader, places::PlaceId{*place}, "?place");
  if (call.query("answered")) filter.answered = call.flag("answered");
  filter.channel = choice<cases::Channel>(call, "channel");
  filter.by = choice<By>(call, "by");
  filter.mine = call.flag("mine");
  filter.after = call.after();
  filter.limit = call.limit();
  return filter;
}

}  // namespace

void add_routes(http::Routes& routes, Evaluations& evaluations) {
  routes.get("/api/v1/evaluations", http::kAnyLogin,
             "Evaluations: ?case= &place= &answered=true &channel=call|paper (to be asked by staff) &by= &mine=true",
             [&evaluations](Reader& reader, const http::Call& call) {
               const Filter filter = filter_of(reader, call);
               http::List<Evaluation> list{evaluations.list(reader, call.caller, filter), {}, {}};
               if (list.items.size() == filter.limit) list.next = list.items.back().id.text;
               if (call.flag("count")) list.count = evaluations.count(reader, call.caller, filter);
               return list;
             });
  routes.get("/api/v1/evaluations/{id}", http::kAnyLogin, "One evaluation", [&evaluations](Reader& reader, const http::Call& call) {
    if (!EvaluationId::fits(call.id())) throw missing("evaluations.unknown", "no such evaluation");
    return evaluations.get(reader, call.caller, EvaluationId{call.id()});
  });
  routes.post<Words>("/api/v1/evaluations/{id}", http::kAnyLogin, "Evaluates; the id is an evaluation's or a case's",
                     [&evaluations](Tx& tx, const http::Call& call, const Words& words) {
                       return evaluations.give(tx, call.caller, call.id(), words);
                     });
}

}  // namespace lifang::evaluations
