#include "rooms/accounts/accounts_http.hpp"

#include <algorithm>
#include <iterator>

#include "platform/http/routes.hpp"
#include "platform/metrics/metrics.hpp"
#include "rooms/accounts/accounts.hpp"
#include "rooms/accounts/accounts_factor.hpp"
#include "rooms/accounts/accounts_http_entry.hpp"
#include "rooms/accounts/accounts_rules.hpp"

namespace lifang::accounts {
namespace {

constexpr std::string_view kCookie = "lifang";
constexpr std::string_view kSecureCookie = "__Host-lifang";  // RFC 6265bis §4.1.3.2: Secure, this host, path /

struct LoginWords {
  std::string login;
  std::string password;
  std::optional<std::string> code;
  bool cookie = false;  ///< for pages: the token goes into a cookie that no script can read
  static constexpr auto defaulted = members("cookie");
};
BOOST_DESCRIBE_STRUCT(LoginWords, (), (login, password, code, cookie))

struct PasswordWords {
  std::optional<std::string> current;
  std::string password;
};
BOOST_DESCRIBE_STRUCT(PasswordWords, (), (current, password))

struct CodeWords {
  std::string code;
};
BOOST_DESCRIBE_STRUCT(CodeWords, (), (code))

/// Who am I: as after the login, and what the login may do at the place that was asked for.
struct Me {
  std::string account;
  std::string login;
  OrNull<std::string> person;
  std::string session;
  OrNull<Time> expires_at;
  bool must_change_password = false;
  bool must_enrol = false;
  std::vector<Grant> rights;
  std::optional<std::vector<std::string>> here;
};
BOOST_DESCRIBE_STRUCT(Me, (), (account, login, person, session, expires_at, must_change_password, must_enrol, rights, here))

struct Right {
  std::string right;
};
BOOST_DESCRIBE_STRUCT(Right, (), (right))

/// A role with what it demands of a login.
struct RoleShown : Role {
  static constexpr std::string_view schema_name = "accounts.Role";
  bool second_factor = false;
};
BOOST_DESCRIBE_STRUCT(RoleShown, (Role), (second_factor))
struct RolePut : RoleWords {
  static constexpr std::string_view schema_name = "accounts.RoleWords";
  std::optional<bool> second_factor;  ///< absent: as before
};
BOOST_DESCRIBE_STRUCT(RolePut, (RoleWords), (second_factor))

std::vector<RoleShown> shown_roles(Reader& reader) {
  const auto demand = roles_with_factor(reader);
  std::vector<RoleShown> all;
  for (Role& role : Accounts::roles(reader)) {
    RoleShown shown;
    static_cast<Role&>(shown) = std::move(role);
    shown.second_factor = demand.contains(shown.id);
    all.push_back(std::move(shown));
  }
  return all;
}

RoleShown shown_role(Reader& reader, const std::string& id) {
  for (RoleShown& role : shown_roles(reader))
    if (role.id == id) return role;
  throw missing("accounts.unknown_role", "no such role");
}

bool is_secure(const Doorstep& doorstep, const http::Request& request) {
  return request.tls || doorstep.public_url.starts_with("https://");
}

std::string_view cookie_of(const http::Request& request, std::string_view name) {
  std::string_view rest = request.header("Cookie");
  while (!rest.empty()) {
    while (rest.starts_with(' ')) rest.remove_prefix(1);
    const auto end = std::min(rest.find(';'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
      return pair.substr(name.size() + 1);
  }
  return {};
}

std::string set_cookie(const Doorstep& doorstep, const http::Request& request, std::string_view token,
                       std::int64_t seconds) {
  const bool secure = is_secure(doorstep, request);
  std::string text(secure ? kSecureCookie : kCookie);
  text.append("=").append(token).append("; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(seconds));
  if (secure) text += "; Secure";
  return text;
}

}  // namespace

bool comes_from_our_page(const Doorstep& doorstep, const http::Request& request) {
  if (const auto site = request.header("Sec-Fetch-Site"); !site.empty()) return site == "same-origin";
  if (const auto origin = request.header("Origin"); !origin.empty()) {
    if (!doorstep.public_url.empty() && origin == doorstep.public_url) return true;
    const std::string own = (request.tls ? "https://" : "http://") + std::string(request.header("Host"));
    return origin == own;
  }
  return !request.header("X-Lifang-Page").empty();
}

namespace {

constexpr std::string_view kCasePurpose = "case";

/// "care", or "case:ID" with a case's id or number.
struct Claimed {
  std::string purpose, of_case;
};
Claimed purpose_of(const http::Request& request) {
  std::string words(request.header("X-Purpose"));
  if (words.empty()) words = request.parameter("purpose").value_or("");
  const auto colon = words.find(':');
  if (colon == std::string::npos || words.substr(0, colon) != kCasePurpose) return {std::move(words), {}};
  return {words.substr(0, colon), words.substr(colon + 1)};
}

struct Said {
  std::string token;
  bool by_cookie = false;
};

Said token_of(const http::Request& request) {
  const std::string_view words = request.header("Authorization");
  if (words.size() > 7 && http::same_token(words.substr(0, 7), "Bearer ")) return {std::string(words.substr(7)), false};
  std::string_view cookie = cookie_of(request, kSecureCookie);
  if (cookie.empty()) cookie = cookie_of(request, kCookie);
  return {std::string(cookie), true};
}

bool reads_only(const http::Request& request) { return request.method == "GET" || request.method == "HEAD"; }

std::optional<Known> known_of(const Doorstep& doorstep, Reader& reader, const http::Request& request) {
  const Said said = token_of(request);
  if (said.token.empty()) return std::nullopt;
  Claimed claimed = purpose_of(request);
  auto known = doorstep.accounts.authenticate(reader, said.token, claimed.purpose, doorstep.world.clock.now());
  if (!known) {
    // A page whose cookie has run out is a visitor; a program with a wrong token must be told.
    if (said.by_cookie) return std::nullopt;
    throw Refusal(RefusalKind::unauthenticated, "accounts.bad_token", "this token is unknown, or has ended");
  }
  if (said.by_cookie && !reads_only(request) && !comes_from_our_page(doorstep, request))
    throw forbidden("accounts.cross_site", "a change that comes by cookie must come from one of our own pages");
  if (claimed.purpose != kCasePurpose || !doorstep.case_for) return known;
  known->caller.of_case = doorstep.case_for(reader, known->caller, claimed.of_case);
  return known;
}

http::Answer<http::Nothing> done() { return http::json_response("{}"); }

}  // namespace

AccountId account_in(const http::Call& call, const char* name) {
  const std::string& text = call.path.at(name);
  if (text == "me") return AccountId{call.caller.account};
  if (!AccountId::fits(text)) throw missing("accounts.unknown", "no such account");
  return AccountId{text};
}

Attempt attempt_of(const http::Call& call, std::string login) {
  return {std::move(login), call.request.remote_address, std::string(call.request.header("User-Agent")), {}};
}

http::Response refused(const Doorstep& doorstep, const std::string& code) {
  doorstep.metrics.refused(code);
  if (code == "accounts.too_many") {
    http::Response response = http::problem(429, code, "too many wrong passwords; wait a quarter of an hour");
    response.headers.emplace_back("Retry-After", "900");
    return response;
  }
  if (code == "accounts.wrong_pin") return http::problem(401, code, "not the PIN of this login on this phone", "/pin");
  if (code == "accounts.pin_locked") return http::problem(401, code, "too many wrong PINs: the desk gives a new code for this phone", "/pin");
  if (code == "accounts.wrong_bind_code") return http::problem(401, code, "no such code, or it is older than a quarter of an hour", "/code");
  if (code == "accounts.wrong_password") return http::problem(422, code, "not the present password", "/current");
  if (code == "accounts.wrong_code") return http::problem(401, code, "not the code of this minute", "/code");
  if (code == "accounts.which_login") return http::problem(409, code, "several logins belong to this number", "/login");
  if (code == "accounts.code_needed") return http::problem(401, code, "the code of the second factor is needed", "/code");
  return http::problem(401, code, "login or password is wrong");
}

http::Response let_in(const Doorstep& d, Tx& tx, const http::Call& call, LoggedIn in, bool cookie) {
  http::Response response;
  if (cookie) add_cookie(d, tx, call, in, response);
  http::Response said = http::json_response(to_json(in));
  said.headers.emplace_back("Cache-Control", "no-store");  // a token is not kept for a repeated request
  std::move(response.headers.begin(), response.headers.end(), std::back_inserter(said.headers));
  return said;
}

void add_cookie(const Doorstep& d, Tx& tx, const http::Call& call, LoggedIn& in, http::Response& response) {
  const auto lasts = std::chrono::duration_cast<std::chrono::seconds>(in.expires_at - tx.now());
  response.headers.emplace_back("Set-Cookie", set_cookie(d, call.request, *in.token, lasts.count()));
  in.token.reset();
}

namespace {

void add_login(http::Routes& routes, const Doorstep& d) {
  routes.post_slow<LoginWords, LoggedIn>(
      "/api/v1/sessions", http::kAnyone, "Logs in; with `cookie` for pages",
      [d](Reader& reader, const http::Call& call, const LoginWords& words) -> http::Routes::UseCase {
        // A foreign page must not log its visitor in under a login of its own either.
        if (words.cookie && !comes_from_our_page(d, call.request))
          throw forbidden("accounts.cross_site", "a login by cookie must come from one of our own pages");
        Attempt attempt = attempt_of(call, words.login);
        attempt.code = words.code.value_or("");
        const Judged judged = d.accounts.judge(reader, attempt, words.password, d.world.clock.now(), d.world.ids);
        return [d, attempt, judged, cookie = words.cookie](Tx& tx, const http::Call& c) {
          Entry entry = d.accounts.log_in(tx, attempt, judged);
          if (!entry.in) return refused(d, entry.refused);
          return let_in(d, tx, c, *std::move(entry.in), cookie);
        };
      });
  const auto leave = [d](Tx& tx, const http::Call& call) {
    if (!call.caller.session.empty()) d.accounts.log_out(tx, call.caller, call.caller.session);
    http::Answer<http::Nothing> response = done();
    if (token_of(call.request).by_cookie)
      response.headers.emplace_back("Set-Cookie", set_cookie(d, call.request, "", 0));
    return response;
  };
  routes.remove("/api/v1/sessions", http::kAnyLogin, "Logs out", leave);
  routes.remove("/api/v1/sessions/me", http::kAnyLogin, "Logs out", leave);
  routes.remove("/api/v1/sessions/{id}", http::kAnyLogin, "Ends one of the login's own sessions",
                [d](Tx& tx, const http::Call& call) {
                  d.accounts.log_out(tx, call.caller, call.id());
                  return done();
                });
}

void add_me(http::Routes& routes, const Doorstep& d) {
  routes.get("/api/v1/sessions/me", http::kAnyLogin, "Who am I; ?place= adds the rights there",
             [d](Reader& reader, const http::Call& call) {
               const auto known = known_of(d, reader, call.request);
               const Caller& c = call.caller;
               Me me{c.account, c.name, {}, c.session, {}, known && known->must_change_password, false, c.grants, {}};
               me.must_enrol = AccountId::fits(c.account) && must_enrol(reader, AccountId{c.account}, d.world.clock.now());
               if (!c.person.empty()) me.person.emplace(c.person);
               if (known) me.expires_at.emplace(known->expires_at);
               if (const auto place = call.query("place"))
                 me.here = d.accounts.rights_at(c, places::Places::path_of(reader, places::PlaceId{*place}, "?place"));
               return me;
             });
  routes.get("/api/v1/sessions", http::kAnyLogin, "The login's own sessions", [d](Reader& reader, const http::Call& call) {
    http::List<Session> list;
    list.items = d.accounts.sessions_of(reader, AccountId{call.caller.account}, d.world.clock.now());
    for (Session& session : list.items) session.current = session.id == call.caller.session;
    if (call.flag("count")) list.count = static_cast<std::int64_t>(list.items.size());
    return list;
  });
  routes.get("/api/v1/sessions/{id}", http::kAnyLogin, "One of the login's own sessions",
             [d](Reader& reader, const http::Call& call) {
               for (Session& session : d.accounts.sessions_of(reader, AccountId{call.caller.account}, d.world.clock.now()))
                 if (session.id == call.id()) return session;
               throw missing("accounts.no_session", "no such session of this login");
             });
  routes.post_slow<PasswordWords, http::Nothing>(
      "/api/v1/accounts/me/password", http::kAnyLogin, "Changes the login's own password; its other sessions end",
      [d](Reader& reader, const http::Call& call, const PasswordWords& words) -> http::Routes::UseCase {
        const Attempt attempt = attempt_of(call, call.caller.name);
        const Judged judged =
            d.accounts.judge(reader, attempt, words.current.value_or(""), d.world.clock.now(), d.world.ids);
        d.accounts.check_password(call.caller.name, words.password);
        const std::string hash = judged.right ? d.accounts.hash(words.password, d.world.ids) : "";
        return [d, attempt, judged, hash](Tx& tx, const http::Call& c) {
          if (!d.accounts.proven(tx, attempt, judged)) return http::Answer<http::Nothing>(refused(d, "accounts.wrong_password"));
          d.accounts.change_password(tx, c.caller, hash);
          return done();
        };
      });
  routes.post<http::Nothing>("/api/v1/accounts/me/totp", http::kAnyLogin, "A secret for an authenticator",
                             [d](Tx& tx, const http::Call& call, const http::Nothing&) {
                               return d.accounts.begin_totp(tx, call.caller);
                             });
  routes.post<CodeWords>("/api/v1/accounts/me/totp/confirm", http::kAnyLogin, "Puts the second factor in force",
                         [d](Tx& tx, const http::Call& call, const CodeWords& words) {
                           d.accounts.confirm_totp(tx, call.caller, words.code);
                           return done();
                         });
  routes.post<CodeWords>("/api/v1/accounts/me/totp/end", http::kAnyLogin, "Ends the second factor, with a code",
                         [d](Tx& tx, const http::Call& call, const CodeWords& words) {
                           Attempt attempt = attempt_of(call, call.caller.name);
                           attempt.code = words.code;
                           return d.accounts.end_own_totp(tx, call.caller, attempt) ? done()
                                                                                   : http::Answer<http::Nothing>(refused(d, "accounts.wrong_code"));
                         });
}

AccountFilter filter_of(Reader& reader, const http::Call& call) {
  AccountFilter filter;
  filter.login = call.query("login");
  filter.role = call.query("role");
  if (const auto place = call.query("place")) filter.under = places::Places::path_of(reader, places::PlaceId{*place}, "?place");
  filter.after = call.after();
  filter.closed = call.flag("closed");
  filter.limit = call.limit();
  return filter;
}

void add_accounts(http::Routes& routes, const Doorstep& d) {
  routes.get("/api/v1/accounts", "accounts.read", "Accounts: ?login= &role= &place= &closed=true",
             [](Reader& reader, const http::Call& call) {
               const AccountFilter filter = filter_of(reader, call);
               http::List<Account> list{Accounts::list(reader, call.caller, filter), {}, {}};
               if (list.items.size() == filter.limit) list.next = list.items.back().login;
               if (call.flag("count")) list.count = Accounts::count(reader, call.caller, filter);
               return list;
             });
  routes.get("/api/v1/accounts/names", http::kAnyLogin,
             "Logins and names of at most 100 accounts; what is out of sight is left out: ?ids= (with commas between)",
             [](Reader& reader, const http::Call& call) {
               return http::List<Named>{Accounts::names(reader, call.caller, call.ids()), {}, {}};
             });
  routes.get("/api/v1/accounts/{id}", http::kAnyLogin, "One account, or `me`",
             [](Reader& reader, const http::Call& call) { return Accounts::get(reader, call.caller, account_in(call)); });
  routes.post_slow<AccountWords, Account>(
      "/api/v1/accounts", "accounts.write", "Makes an account with its first role",
      [d](Reader&, const http::Call&, const AccountWords& words) -> http::Routes::UseCase {
        std::string hash;
        if (words.password) {
          d.accounts.check_password(words.login, *words.password);
          hash = d.accounts.hash(*words.password, d.world.ids);
        }
        return [d, words, hash](Tx& tx, const http::Call& c) {
          http::Response response = http::json_response(to_json(d.accounts.add(tx, c.caller, words, hash)));
          response.status = 201;
          return response;
        };
      });
  routes.write<AccountChange>("PATCH", "/api/v1/accounts/{id}", "accounts.write", "Changes name or person",
                              [d](Tx& tx, const http::Call& call, const AccountChange& words) {
                                return d.accounts.change(tx, call.caller, account_in(call), words);
                              });
  routes.post<http::Nothing>("/api/v1/accounts/{id}/close", "accounts.write", "Closes an account for good",
                             [d](Tx& tx, const http::Call& call, const http::Nothing&) {
                               d.accounts.close(tx, call.caller, account_in(call));
                               return done();
                             });
  routes.post_slow<PasswordWords, http::Nothing>(
      "/api/v1/accounts/{id}/password", "accounts.write", "Sets a password that must be changed at the next login",
      [d](Reader& reader, const http::Call& call, const PasswordWords& words) -> http::Routes::UseCase {
        const AccountId id = account_in(call);
        d.accounts.check_password(Accounts::get(reader, call.caller, id).login, words.password);
        const std::string hash = d.accounts.hash(words.password, d.world.ids);
        return [d, id, hash](Tx& tx, const http::Call& c) {
          d.accounts.reset_password(tx, c.caller, id, hash);
          return done();
        };
      });
  routes.remove("/api/v1/accounts/{id}/sessions", "accounts.write", "Ends all sessions of an account",
                [d](Tx& tx, const http::Call& call) {
                  d.accounts.log_out_all(tx, call.caller, account_in(call));
                  return done();
                });
  routes.remove("/api/v1/accounts/{id}/totp", "accounts.write", "Ends an account's second factor (a lost phone)",
                [d](Tx& tx, const http::Call& call) {
                  d.accounts.end_totp(tx, call.caller, account_in(call));
                  return done();
                });
  routes.post<AssignmentWords>("/api/v1/accounts/{id}/assignments", "accounts.write", "Gives a role over a place",
                               [d](Tx& tx, const http::Call& call, const AssignmentWords& words) {
                                 return d.accounts.assign(tx, call.caller, account_in(call), words);
                               });
  routes.remove("/api/v1/accounts/{id}/assignments/{assignment}", "accounts.write", "Takes a role back",
                [d](Tx& tx, const http::Call& call) {
                  d.accounts.unassign(tx, call.caller, account_in(call), call.path.at("assignment"));
                  return done();
                });
}

void add_roles_and_keys(http::Routes& routes, const Doorstep& d) {
  routes.get("/api/v1/accounts/roles", http::kAnyLogin, "Roles and their rights", [](Reader& reader, const http::Call&) {
    return http::List<RoleShown>{shown_roles(reader), {}, {}};
  });
  routes.get("/api/v1/accounts/roles/{id}", http::kAnyLogin, "One role", [](Reader& reader, const http::Call& call) {
    return shown_role(reader, call.id());
  });
  routes.put<RolePut>("/api/v1/accounts/roles/{id}", "accounts.write", "Makes or changes a role",
                      [d](Tx& tx, const http::Call& call, const RolePut& words) {
                        if (!is_client_id(call.id()))
                          throw invalid("accounts.bad_id", "/id", "letters, digits, '.', '_', '-', at most 64");
                        d.accounts.put_role(tx, call.caller, call.id(), words);
                        if (words.second_factor) demand_factor(tx, call.caller, call.id(), *words.second_factor);
                        return shown_role(tx, call.id());
                      });
  routes.get("/api/v1/accounts/rights", "accounts.read", "Rights that the login may put into a role: those that it holds everywhere",
             [d](Reader&, const http::Call& call) {
               http::List<Right> list;
               for (std::string& right : d.accounts.rights_at(call.caller, "/")) list.items.push_back({std::move(right)});
               return list;
             });
  routes.get("/api/v1/accounts/purposes", http::kAnyLogin, "Purposes for which personal data may be asked",
             [](Reader&, const http::Call&) {
               http::List<Right> list;
               for (const std::string_view purpose : purposes()) list.items.push_back({std::string(purpose)});
               return list;
             });
  routes.get("/api/v1/accounts/keys", "accounts.read", "API keys", [](Reader& reader, const http::Call& call) {
    http::List<Key> list{Accounts::keys(reader, call.caller, call.after(), call.limit()), {}, {}};
    if (list.items.size() == call.limit()) list.next = list.items.back().id;
    return list;
  });
  routes.get("/api/v1/accounts/keys/{id}", "accounts.read", "One API key", [](Reader& reader, const http::Call& call) {
    return Accounts::key(reader, call.caller, call.id());
  });
  routes.post<KeyWords>("/api/v1/accounts/keys", "accounts.write", "Makes an API key; its token is shown this once",
                        [d](Tx& tx, const http::Call& call, const KeyWords& words) {
                          const auto made = d.accounts.make_key(tx, call.caller, words);
                          http::Answer<std::remove_cv_t<decltype(made)>> response(http::json_response(to_json(made), 201));
                          response.headers.emplace_back("Cache-Control", "no-store");
                          return response;
                        });
  routes.remove("/api/v1/accounts/keys/{id}", "accounts.write", "Revokes an API key",
                [d](Tx& tx, const http::Call& call) {
                  d.accounts.revoke_key(tx, call.caller, call.id());
                  return done();
                });
}

}  // namespace

Caller caller_of(const Doorstep& doorstep, Reader& reader, const http::Request& request) {
  auto known = known_of(doorstep, reader, request);
  if (!known) return {};
  if (known->stale && doorstep.touch) doorstep.touch(known->caller.session);
  return std::move(known->caller);
}

void add_routes(http::Routes& routes, const Doorstep& doorstep) {
  add_login(routes, doorstep);
  add_phone_routes(routes, doorstep);
  add_me(routes, doorstep);
  add_accounts(routes, doorstep);
  add_roles_and_keys(routes, doorstep);
  add_deputy_routes(routes, doorstep);
  add_view_routes(routes, doorstep);
}

}  // namespace lifang::accounts
