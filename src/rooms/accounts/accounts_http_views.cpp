// Routes of the views that people keep of the lists of the pages.
#include "base/reflect.hpp"
#include "platform/http/routes.hpp"
#include "rooms/accounts/accounts_http_entry.hpp"
#include "rooms/accounts/accounts_views.hpp"

namespace lifang::accounts {
namespace {

struct ViewsWords {
  std::vector<View> views;
};
BOOST_DESCRIBE_STRUCT(ViewsWords, (), (views))

}  // namespace

void add_view_routes(http::Routes& routes, const Doorstep& d) {
  routes.get("/api/v1/accounts/me/views", http::kAnyLogin,
             "Views that the login keeps of the lists of the pages, by list",
             [d](Reader& reader, const http::Call& call) {
               return http::List<ListViews>{Views(d.accounts).list(reader, call.caller), {}, {}};
             });
  routes.get("/api/v1/accounts/me/views/{id}", http::kAnyLogin, "Those of one list",
             [d](Reader& reader, const http::Call& call) {
               return Views(d.accounts).get(reader, call.caller, call.id());
             });
  routes.put<ViewsWords>("/api/v1/accounts/me/views/{id}", http::kAnyLogin,
                         "Keeps the views of one list in place of those before: {views}; none: forgets them",
                         [d](Tx& tx, const http::Call& call, const ViewsWords& words) {
                           return Views(d.accounts).keep(tx, call.caller, call.id(), words.views);
                         });
}

}  // namespace lifang::accounts
