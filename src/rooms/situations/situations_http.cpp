#include "rooms/situations/situations_http.hpp"

#include "platform/http/routes.hpp"
#include "rooms/situations/situations_board.hpp"

namespace lifang::situations {
namespace {

struct FalseWords {
  std::optional<std::string> reason, note;
  std::optional<bool> false_alarm;  ///< false takes the mark back; default true
};
BOOST_DESCRIBE_STRUCT(FalseWords, (), (reason, note, false_alarm))

SituationId id_of(const http::Call& call) {
  if (!SituationId::fits(call.id())) throw missing("situations.unknown", "no such situation");
  return SituationId{call.id()};
}

Filter filter_of(Reader& reader, const http::Call& call) {
  Filter filter;
  if (const auto rule = call.query("rule")) filter.rule = rules::RuleId{*rule};
  if (const auto device = call.query("device")) filter.device = devices::DeviceId{*device};
  if (const auto place = call.query("place")) filter.place = places::Places::asked_for(reader, *place);
  if (const auto state = call.query("state")) filter.state = read<State>(boost::json::value(*state), "?state");
  if (const auto severity = call.query("severity")) filter.severity = read<Severity>(boost::json::value(*severity), "?severity");
  filter.from = call.time("from");
  filter.to = call.time("to");
  filter.after = call.after();
  filter.limit = call.limit();
  return filter;
}

}  // namespace

void add_routes(http::Routes& routes, Situations& situations) {
  routes.get("/api/v1/situations", "situations.read",
             "Situations, newest first: ?rule= &device= &place= &state=open|cleared &severity= &from= &to=",
             [](Reader& reader, const http::Call& call) {
               const Filter filter = filter_of(reader, call);
               http::List<Situation> list{Situations::list(reader, call.caller, filter), {}, {}};
               if (list.items.size() == filter.limit) list.next = list.items.back().id.text;
               if (call.flag("count")) list.count = Situations::count(reader, call.caller, filter);
               return list;
             });
  routes.get("/api/v1/situations/board", "situations.read",
             "What a wall screen shows: counts, open situations as marks, by place and (with ?from=) by day: ?place= &limit=",
             [&situations](Reader& reader, const http::Call& call) {
               return situations.board(reader, call.caller,
                                       {call.query("place"), call.time("from"), call.query("limit") ? call.limit() : 400});
             });
  routes.get("/api/v1/situations/{id}", "situations.read", "One situation with its evidence",
             [](Reader& reader, const http::Call& call) { return Situations::get(reader, call.caller, id_of(call)); });
  routes.post<http::Nothing>("/api/v1/situations/{id}/acknowledge", "situations.handle", "Somebody has seen it",
                             [&situations](Tx& tx, const http::Call& call, const http::Nothing&) {
                               return situations.acknowledge(tx, call.caller, id_of(call));
                             });
  routes.post<FalseWords>("/api/v1/situations/{id}/false-alarm", "situations.handle",
                          "Marks a false alarm, with a reason, or takes the mark back",
                          [&situations](Tx& tx, const http::Call& call, const FalseWords& words) {
                            return situations.mark_false(tx, call.caller, id_of(call), words.false_alarm.value_or(true),
                                                         words.reason.value_or(words.note.value_or("")));
                          });
  routes.get("/api/v1/situations/false-rates", "rules.read", "How often each rule was wrong, by what staff marked",
             [](Reader& reader, const http::Call&) {
               return http::List<FalseRate>{Situations::false_rates(reader), {}, {}};
             });
}

}  // namespace lifang::situations
