#include "rooms/rules/rules_http.hpp"

#include "platform/http/routes.hpp"
#include "rooms/rules/rules.hpp"

namespace lifang::rules {
namespace {

RuleId id_of(const http::Call& call) {
  if (!is_client_id(call.id())) throw missing("rules.unknown", "no such rule");
  return RuleId{call.id()};
}

}  // namespace

void add_routes(http::Routes& routes, Rules& rules) {
  routes.get("/api/v1/rules", "rules.read", "Rules", [](Reader& reader, const http::Call& call) {
    http::List<RuleView> list{Rules::list(reader, call.after(), call.limit()), {}, {}};
    if (list.items.size() == call.limit()) list.next = list.items.back().id.text;
    return list;
  });
  routes.get("/api/v1/rules/{id}", "rules.read", "One rule",
             [](Reader& reader, const http::Call& call) { return Rules::get(reader, id_of(call)); });
  routes.get("/api/v1/rules/{id}/versions", "rules.read", "All versions of a rule, newest first",
             [](Reader& reader, const http::Call& call) {
               return http::List<VersionView>{Rules::versions(reader, id_of(call)), {}, {}};
             });
  routes.put<JsonObject>("/api/v1/rules/{id}", "rules.write", "A new version of a rule, as a draft",
                         [&rules](Tx& tx, const http::Call& call, const JsonObject& words) {
                           if (!is_client_id(call.id()))
                             throw invalid("rules.bad_id", "/id", "letters, digits, '.', '_', '-', at most 64");
                           return rules.put(tx, call.caller, RuleId{call.id()}, words.text);
                         });
  routes.post<http::Nothing>("/api/v1/rules/{id}/activate", "rules.write", "The newest version judges from here on",
                             [&rules](Tx& tx, const http::Call& call, const http::Nothing&) {
                               return rules.activate(tx, call.caller, id_of(call));
                             });
  routes.post<http::Nothing>("/api/v1/rules/{id}/retire", "rules.write", "No version judges any more",
                             [&rules](Tx& tx, const http::Call& call, const http::Nothing&) {
                               return rules.retire(tx, call.caller, id_of(call));
                             });
}

}  // namespace lifang::rules
