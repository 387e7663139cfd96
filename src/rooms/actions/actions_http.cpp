#include "rooms/actions/actions_http.hpp"

#include "platform/http/routes.hpp"
#include "rooms/actions/actions.hpp"

namespace lifang::actions {
namespace {

struct ReleaseWords {
  std::optional<std::string> reason, note;
};
BOOST_DESCRIBE_STRUCT(ReleaseWords, (), (reason, note))

ActionId id_of(const http::Call& call) {
  if (!ActionId::fits(call.id())) throw missing("actions.unknown", "no such action");
  return ActionId{call.id()};
}

}  // namespace

void add_routes(http::Routes& routes, Actions& actions) {
  routes.get("/api/v1/actions", "actions.read", "What the machine did, newest first: ?situation= &device= &state=",
             [](Reader& reader, const http::Call& call) {
               Filter filter;
               if (const auto situation = call.query("situation")) filter.situation = situations::SituationId{*situation};
               if (const auto device = call.query("device")) filter.device = devices::DeviceId{*device};
               if (const auto state = call.query("state")) filter.state = read<State>(boost::json::value(*state), "?state");
               filter.after = call.after();
               filter.limit = call.limit();
               http::List<Action> list{Actions::list(reader, call.caller, filter), {}, {}};
               if (list.items.size() == filter.limit) list.next = list.items.back().id.text;
               return list;
             });
  routes.get("/api/v1/actions/{id}", "actions.read", "One action",
             [](Reader& reader, const http::Call& call) { return Actions::get(reader, call.caller, id_of(call)); });
  routes.post<ReleaseWords>("/api/v1/actions/{id}/release", "actions.release", "Lets a held machine go at once",
                            [&actions](Tx& tx, const http::Call& call, const ReleaseWords& words) {
                              return actions.release(tx, call.caller, id_of(call),
                                                     words.reason.value_or(words.note.value_or("")));
                            });
}

}  // namespace lifang::actions
