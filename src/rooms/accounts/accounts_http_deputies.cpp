// Routes of deputies.
#include "base/reflect.hpp"
#include "platform/http/routes.hpp"
#include "rooms/accounts/accounts_deputies.hpp"
#include "rooms/accounts/accounts_http_entry.hpp"

namespace lifang::accounts {
namespace {

std::optional<AccountId> account_named(const http::Call& call, const char* name) {
  const auto text = call.query(name);
  if (!text) return std::nullopt;
  return AccountId{*text == "me" ? call.caller.account : *text};
}

}  // namespace

void add_deputy_routes(http::Routes& routes, const Doorstep& d) {
  routes.get("/api/v1/accounts/candidates", http::kAnyLogin, "Staff whom the login may choose as a deputy: ?q= login or name",
             [d](Reader& reader, const http::Call& call) {
               const CandidateFilter filter{call.query("q"), call.after(), call.limit()};
               http::List<Candidate> list{Deputies::candidates(reader, call.caller, filter, d.world.clock.now()), {}, {}};
               if (list.items.size() == filter.limit) list.next = list.items.back().login;
               if (call.flag("count")) list.count = Deputies::count(reader, call.caller, filter, d.world.clock.now());
               return list;
             });
  routes.get("/api/v1/accounts/candidates/{id}", http::kAnyLogin, "One of them", [d](Reader& reader, const http::Call& call) {
    return Deputies::candidate(reader, call.caller, account_in(call), d.world.clock.now());
  });
  routes.get("/api/v1/accounts/deputies", http::kAnyLogin,
             "Who stands in for whom, now or later: the login's own, and those that accounts.read shows: ?owner=me &deputy=me",
             [d](Reader& reader, const http::Call& call) {
               DeputyFilter filter{account_named(call, "owner"), account_named(call, "deputy"), call.after(), call.limit()};
               http::List<Deputy> list{Deputies::list(reader, call.caller, filter, d.world.clock.now()), {}, {}};
               if (list.items.size() == filter.limit) list.next = list.items.back().id;
               if (!call.flag("count")) return list;
               filter.after.reset();
               filter.limit = 1'000'000;
               list.count = static_cast<std::int64_t>(Deputies::list(reader, call.caller, filter, d.world.clock.now()).size());
               return list;
             });
  routes.get("/api/v1/accounts/deputies/{id}", http::kAnyLogin, "One of them", [d](Reader& reader, const http::Call& call) {
    return Deputies::get(reader, call.caller, call.id(), d.world.clock.now());
  });
  routes.remove("/api/v1/accounts/deputies/{id}", http::kAnyLogin, "Ends it at once: the owner, the deputy, or who stands above",
                [d](Tx& tx, const http::Call& call) {
                  Deputies(d.accounts).end(tx, call.caller, call.id());
                  return http::Answer<http::Nothing>(http::json_response("{}"));
                });
  routes.post<DeputyWords>("/api/v1/accounts/{id}/deputies", http::kAnyLogin, "Lends the account's roles to a deputy for a time",
                           [d](Tx& tx, const http::Call& call, const DeputyWords& words) {
                             return http::List<Assignment>{d.accounts.delegate(tx, call.caller, account_in(call), words), {}, {}};
                           });
}

}  // namespace lifang::accounts
