// What every way of logging in over HTTP shares.
#pragma once
#include <string>

#include "platform/http/message.hpp"
#include "rooms/accounts/accounts.hpp"
#include "rooms/accounts/accounts_http.hpp"

namespace lifang::http {
struct Call;
class Routes;
}

namespace lifang::accounts {

bool comes_from_our_page(const Doorstep& doorstep, const http::Request& request);
Attempt attempt_of(const http::Call& call, std::string login);
/// A refusal that must not undo what was counted.
http::Response refused(const Doorstep& doorstep, const std::string& code);
/// The session as the page or the program wants it: the token in a cookie or in the body.
http::Response let_in(const Doorstep& d, Tx& tx, const http::Call& call, LoggedIn in, bool cookie);
/// The login that a path means: an id, or `me`. @throws Refusal missing accounts.unknown
AccountId account_in(const http::Call& call, const char* name = "id");
/// Who stands in for whom (accounts_http_deputies.cpp).
void add_deputy_routes(http::Routes& routes, const Doorstep& doorstep);
/// Views of lists that people keep (accounts_http_views.cpp).
void add_view_routes(http::Routes& routes, const Doorstep& doorstep);
/// Phones and their PINs (accounts_http_phones.cpp).
void add_phone_routes(http::Routes& routes, const Doorstep& doorstep);
/// The cookie that holds the token for a page.
void add_cookie(const Doorstep& d, Tx& tx, const http::Call& call, LoggedIn& in, http::Response& response);

}  // namespace lifang::accounts
