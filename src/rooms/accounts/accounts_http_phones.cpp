// Bound phones over HTTP: read the request, call the door, write the answer.
#include "base/reflect.hpp"
#include "platform/http/routes.hpp"
#include "rooms/accounts/accounts_http_entry.hpp"
#include "rooms/accounts/accounts_phones.hpp"

namespace lifang::accounts {

namespace {

void add_bind_by_code(http::Routes& routes, const Doorstep& d) {
  const Phonebook phones(d.accounts);
  routes.post_slow<CodeBindWords, BoundIn>(
      "/api/v1/sessions/bind", http::kAnyone, "Binds this phone by a code of the desk, with a PIN, and logs in; its token is shown this once",
      [d, phones](Reader&, const http::Call& call, const CodeBindWords& words) -> http::Routes::UseCase {
        if (words.cookie && !comes_from_our_page(d, call.request))
          throw forbidden("accounts.cross_site", "a login by cookie must come from one of our own pages");
        if (const std::string why = Phonebook::weakness_of_pin(words.pin); !why.empty()) throw invalid("accounts.weak_pin", "/pin", why);
        const std::string hash = d.accounts.hash(words.pin, d.world.ids);
        const Attempt attempt = attempt_of(call, {});
        return [d, phones, words, attempt, hash](Tx& tx, const http::Call& c) {
          Phonebook::Bound bound = phones.bind_by_code(tx, attempt, words, hash);
          if (!bound.entry.in) return refused(d, bound.entry.refused);
          BoundIn in;
          static_cast<LoggedIn&>(in) = *std::move(bound.entry.in);
          in.phone = std::move(bound.phone);
          http::Response cookies;
          if (words.cookie) add_cookie(d, tx, c, in, cookies);
          http::Response response = http::json_response(to_json(in), 201);
          response.headers.emplace_back("Cache-Control", "no-store");
          std::move(cookies.headers.begin(), cookies.headers.end(), std::back_inserter(response.headers));
          return response;
        };
      });
}

/// What the desk does, and what a phone may ask before anybody is in.
void add_desk(http::Routes& routes, const Phonebook& phones) {
  routes.post<PhoneToken>("/api/v1/sessions/phone", http::kAnyone, "Who may take the phone with this token in hand",
                          [](Tx& tx, const http::Call&, const PhoneToken& words) { return Phonebook::facts(tx, words.phone); });
  routes.post<http::Nothing>("/api/v1/accounts/{id}/bind-code", "accounts.bind", "A code with which the login gets into a phone; shown this once",
                             [phones](Tx& tx, const http::Call& call, const http::Nothing&) {
                               const auto made = phones.make_code(tx, call.caller, account_in(call));
                               http::Answer<std::remove_cv_t<decltype(made)>> response(http::json_response(to_json(made), 201));
                               response.headers.emplace_back("Cache-Control", "no-store");
                               return response;
                             });
  routes.get("/api/v1/accounts/{id}/phones", "accounts.read", "Phones that a login is bound to", [](Reader& reader, const http::Call& call) {
    return http::List<Phone>{Phonebook::phones_of(reader, call.caller, account_in(call)), {}, {}};
  });
  routes.get("/api/v1/accounts/{id}/phones/{phone}", "accounts.read", "One of them", [](Reader& reader, const http::Call& call) {
    for (Phone& phone : Phonebook::phones_of(reader, call.caller, account_in(call)))
      if (phone.id == call.path.at("phone")) return phone;
    throw missing("accounts.unknown_phone", "no such phone of this login");
  });
  routes.remove("/api/v1/accounts/{id}/phones/{phone}", "accounts.bind", "Takes a login off a phone, and out of it",
                [phones](Tx& tx, const http::Call& call) {
                  phones.revoke(tx, call.caller, account_in(call), call.path.at("phone"));
                  return http::Answer<http::Nothing>(http::json_response("{}"));
                });
}

}  // namespace

void add_phone_routes(http::Routes& routes, const Doorstep& d) {
  const Phonebook phones(d.accounts);
  routes.post_slow<BindWords, BoundPhone>(
      "/api/v1/accounts/phones", http::kAnyLogin, "Binds this phone to the login, with a PIN; its token is shown this once",
      [d, phones](Reader&, const http::Call&, const BindWords& words) -> http::Routes::UseCase {
        if (const std::string why = Phonebook::weakness_of_pin(words.pin); !why.empty()) throw invalid("accounts.weak_pin", "/pin", why);
        const std::string hash = d.accounts.hash(words.pin, d.world.ids);
        return [phones, words, hash](Tx& tx, const http::Call& c) {
          http::Response response = http::json_response(to_json(phones.bind(tx, c.caller, words, hash)), 201);
          response.headers.emplace_back("Cache-Control", "no-store");
          return response;
        };
      });
  routes.get("/api/v1/accounts/phones", http::kAnyLogin, "Phones that the login is bound to", [](Reader& reader, const http::Call& call) {
    return http::List<Phone>{Phonebook::phones_of(reader, call.caller), {}, {}};
  });
  routes.get("/api/v1/accounts/phones/{id}", http::kAnyLogin, "One of them", [](Reader& reader, const http::Call& call) {
    for (Phone& phone : Phonebook::phones_of(reader, call.caller))
      if (phone.id == call.id()) return phone;
    throw missing("accounts.unknown_phone", "no such phone of this login");
  });
  routes.remove("/api/v1/accounts/phones/{id}", http::kAnyLogin, "The login is bound to it no more", [phones](Tx& tx, const http::Call& call) {
    phones.unbind(tx, call.caller, call.id());
    return http::Answer<http::Nothing>(http::json_response("{}"));
  });
  routes.post_slow<PinWords, LoggedIn>(
      "/api/v1/sessions/pin", http::kAnyone, "Logs in from a bound phone by PIN; whoever had it before is logged out",
      [d, phones](Reader& reader, const http::Call& call, const PinWords& words) -> http::Routes::UseCase {
        if (words.cookie && !comes_from_our_page(d, call.request))
          throw forbidden("accounts.cross_site", "a login by cookie must come from one of our own pages");
        const Attempt attempt = attempt_of(call, words.login);
        const auto judged = phones.judge(reader, words, d.accounts.settings().cost);
        return [d, phones, attempt, judged, cookie = words.cookie](Tx& tx, const http::Call& c) {
          Entry entry = phones.log_in(tx, attempt, judged);
          if (!entry.in) return refused(d, entry.refused);
          return let_in(d, tx, c, *std::move(entry.in), cookie);
        };
      });
  add_bind_by_code(routes, d);
  add_desk(routes, phones);
}

}  // namespace lifang::accounts
