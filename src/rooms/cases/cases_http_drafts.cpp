// Routes of the drafts of kinds.
#include "platform/http/routes.hpp"
#include "rooms/cases/cases.hpp"
#include "rooms/cases/cases_drafts.hpp"
#include "rooms/cases/cases_http.hpp"

namespace lifang::cases {

void add_draft_routes(http::Routes& routes, Cases& cases) {
  routes.get("/api/v1/cases/drafts", "cases.catalogue", "Kinds that are being written, each with what stands in its way",
             [&cases](Reader& reader, const http::Call& call) {
               const Drafts drafts(cases.catalogue());
               http::List<Draft> list{drafts.list(reader, call.caller, call.after(), call.limit()), {}, {}};
               if (list.items.size() == call.limit()) list.next = list.items.back().code;
               if (call.flag("count")) list.count = static_cast<std::int64_t>(drafts.list(reader, call.caller, {}, 100'000).size());
               return list;
             });
  routes.get("/api/v1/cases/drafts/{id}", "cases.catalogue", "One draft of a kind", [&cases](Reader& reader, const http::Call& call) {
    return Drafts(cases.catalogue()).get(reader, call.caller, call.id());
  });
  routes.put<KindWords>("/api/v1/cases/drafts/{id}", "cases.catalogue", "Keeps a draft of a kind, also half done",
                        [&cases](Tx& tx, const http::Call& call, const KindWords& words) {
                          return Drafts(cases.catalogue()).put(tx, call.caller, call.id(), words);
                        });
  routes.remove("/api/v1/cases/drafts/{id}", "cases.catalogue", "Throws a draft away", [&cases](Tx& tx, const http::Call& call) {
    Drafts(cases.catalogue()).drop(tx, call.caller, call.id());
    return http::Nothing{};
  });
  routes.post<http::Nothing>("/api/v1/cases/drafts/{id}/publish", "cases.catalogue", "The draft becomes the newest version of its kind",
                             [&cases](Tx& tx, const http::Call& call, const http::Nothing&) {
                               return Drafts(cases.catalogue()).publish(tx, call.caller, call.id());
                             });
  routes.post<http::Nothing>("/api/v1/cases/drafts/{id}/rebase", "cases.catalogue",
                             "The draft stands on the version that was published meanwhile",
                             [&cases](Tx& tx, const http::Call& call, const http::Nothing&) {
                               return Drafts(cases.catalogue()).rebase(tx, call.caller, call.id());
                             });
}

}  // namespace lifang::cases
