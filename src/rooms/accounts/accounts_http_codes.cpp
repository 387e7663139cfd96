// Codes to phones and WeChat over HTTP: read the request, call the door, write the answer.
#include "base/reflect.hpp"
#include "platform/http/routes.hpp"
#include "platform/metrics/metrics.hpp"
#include "rooms/accounts/accounts_codes.hpp"
#include "rooms/accounts/accounts_http_entry.hpp"

namespace lifang::accounts {
namespace {

/// Several logins of one number: which ones is told, because the number is proven.
struct WhichLogin {
  std::int64_t status = 409;
  std::string code = "accounts.which_login";
  std::string detail = "several logins belong to this number";
  std::string field = "/login";
  std::vector<std::string> logins;
};
BOOST_DESCRIBE_STRUCT(WhichLogin, (), (status, code, detail, field, logins))

void must_be_our_page(const Doorstep& d, const http::Call& call, bool cookie) {
  // A foreign page must not log its visitor in under a login of its own either.
  if (cookie && !comes_from_our_page(d, call.request))
    throw forbidden("accounts.cross_site", "a login by cookie must come from one of our own pages");
}

AccountId own(const http::Call& call) {
  if (!AccountId::fits(call.caller.account)) throw missing("accounts.not_bound", "only people's logins are bound");
  return AccountId{call.caller.account};
}

void add_codes(http::Routes& routes, const Doorstep& d, const std::shared_ptr<const PhoneCodes>& codes,
               const std::shared_ptr<const Wechat>& wechat) {
  routes.get("/api/v1/sessions/ways", http::kAnyone, "How people may log in on this node", [codes, wechat](Reader&, const http::Call&) {
    return Ways{true, codes->offered(), wechat->offered()};
  });
  routes.post<CodeAskWords>("/api/v1/sessions/code/ask", http::kAnyone,
                            "Sends a code to a resident's phone; the answer is the same for a number that nobody has",
                            [codes](Tx& tx, const http::Call& call, const CodeAskWords& words) {
                              return codes->ask(tx, words.phone, call.request.remote_address);
                            });
  routes.post<CodeEntryWords>(
      "/api/v1/sessions/code", http::kAnyone, "Logs in by the code that came to the phone; five tries, five minutes",
      [d, codes, wechat](Tx& tx, const http::Call& call, const CodeEntryWords& words) -> http::Answer<LoggedIn> {
        must_be_our_page(d, call, words.cookie);
        Attempt attempt = attempt_of(call, {});
        attempt.code = words.second.value_or("");
        const auto openid = words.ticket ? std::optional(wechat->opened(*words.ticket, tx.now())) : std::nullopt;
        Entry entry = codes->enter(tx, words, attempt);
        if (entry.in) {
          if (openid) wechat->bind(tx, entry.in->account, *openid);
          return let_in(d, tx, call, *std::move(entry.in), words.cookie);
        }
        if (entry.refused != "accounts.which_login") return refused(d, entry.refused);
        d.metrics.refused(entry.refused);
        WhichLogin which;
        which.logins = codes->logins(tx, words.phone, tx.now());
        http::Response response = http::json_response(to_json(which), 409);
        response.content_type = "application/problem+json";
        return response;
      });
}

void add_wechat(http::Routes& routes, const Doorstep& d, const std::shared_ptr<const Wechat>& wechat) {
  routes.get("/api/v1/sessions/wechat", http::kAnyone, "Where a page sends its visitor to be known by WeChat",
             [d, wechat](Reader&, const http::Call&) { return wechat->door(d.public_url, d.world.ids); });
  routes.post_slow<WechatEntryWords, WechatEntry>(
      "/api/v1/sessions/wechat", http::kAnyone, "Logs in by WeChat's code, or answers a ticket that binds",
      [d, wechat](Reader& reader, const http::Call& call, const WechatEntryWords& words) -> http::Routes::UseCase {
        must_be_our_page(d, call, words.cookie);
        const std::string openid = wechat->openid(reader, words.code, call.request.remote_address, d.world.clock.now());
        return [d, wechat, words, openid](Tx& tx, const http::Call& c) {
          Attempt attempt = attempt_of(c, {});
          attempt.code = words.second.value_or("");
          std::string why;
          WechatEntry entry = wechat->enter(tx, openid, std::move(attempt), why);
          if (!why.empty()) return refused(d, why);
          http::Response cookies;
          if (entry.in && words.cookie) add_cookie(d, tx, c, *entry.in, cookies);
          http::Response response = http::json_response(to_json(entry));
          response.headers = std::move(cookies.headers);
          response.headers.emplace_back("Cache-Control", "no-store");
          return response;
        };
      });
  routes.post_slow<WechatBindWords, WechatBinding>(
      "/api/v1/accounts/wechat", http::kAnyLogin, "Binds the login to a WeChat user, by a ticket or by WeChat's code",
      [d, wechat](Reader& reader, const http::Call& call, const WechatBindWords& words) -> http::Routes::UseCase {
        const AccountId account = own(call);
        const Time now = d.world.clock.now();
        const std::string openid = words.ticket ? wechat->opened(*words.ticket, now)
                                                : wechat->openid(reader, words.code.value_or(""), call.request.remote_address, now);
        return [wechat, account, openid](Tx& tx, const http::Call&) {
          return http::json_response(to_json(wechat->bind(tx, account, openid)));
        };
      });
  routes.get("/api/v1/accounts/wechat", http::kAnyLogin, "Whether a WeChat user is bound to the login", [](Reader& reader, const http::Call& call) {
    return Wechat::binding(reader, AccountId{call.caller.account});
  });
  routes.remove("/api/v1/accounts/wechat", http::kAnyLogin, "Ends that", [wechat](Tx& tx, const http::Call& call) {
    wechat->unbind(tx, own(call));
    return http::Nothing{};
  });
}

}  // namespace

void add_code_routes(http::Routes& routes, const Doorstep& doorstep, std::shared_ptr<const PhoneCodes> codes,
                     std::shared_ptr<const Wechat> wechat) {
  add_codes(routes, doorstep, codes, wechat);
  add_wechat(routes, doorstep, wechat);
}

}  // namespace lifang::accounts
