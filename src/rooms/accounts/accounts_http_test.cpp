#include "support/http_house.hpp"

namespace lifang::accounts {
namespace {

class AccountsOverHttp : public testing::Test {
 protected:
  AccountsOverHttp() {
    ward_.place("fuyuan", places::Kind::compound);
    admin_ = ward_.login("admin", "admin");
  }
  http::Reply ask(const std::string& method, const std::string& target, const std::string& token = {},
                  const std::string& body = {}, http::Pairs headers = {}) {
    return ward_.ask(method, target, token, body, std::move(headers));
  }
  /// Logs in as a page does. @returns the Cookie header
  std::string cookie() {
    const auto reply = ask("POST", "/api/v1/sessions", {}, R"({"login":"admin","password":"correct horse 7","cookie":true})",
                           {{"Origin", ward_.origin()}});
    EXPECT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(HttpHouse::text_of(reply, "token"), "") << "no script may hold it";
    const std::string set(reply.header("Set-Cookie"));
    EXPECT_NE(set.find("; HttpOnly"), std::string::npos);
    EXPECT_NE(set.find("; SameSite=Strict"), std::string::npos);
    EXPECT_NE(set.find("; Path=/"), std::string::npos);
    return set.substr(0, set.find(';'));
  }
  HttpHouse ward_;
  std::string admin_;
};

TEST_F(AccountsOverHttp, a_program_logs_in_asks_and_logs_out) {
  const auto me = ask("GET", "/api/v1/sessions/me", admin_);
  EXPECT_EQ(me.status, 200);
  EXPECT_EQ(HttpHouse::text_of(me, "login"), "admin");
  EXPECT_EQ(parse_json(me.body).at("rights").as_array().at(0).at("right").as_string(), "*");
  EXPECT_EQ(ask("DELETE", "/api/v1/sessions", admin_).status, 200);
  const auto gone = ask("GET", "/api/v1/sessions/me", admin_);
  EXPECT_EQ(gone.status, 401);
  EXPECT_EQ(HttpHouse::code_of(gone), "accounts.bad_token");
  EXPECT_EQ(gone.header("WWW-Authenticate"), "Bearer");
  EXPECT_EQ(HttpHouse::code_of(ask("GET", "/api/v1/sessions/me")), "access.login_needed");
}

TEST_F(AccountsOverHttp, wrong_words_say_nothing_and_are_counted) {
  const std::string wrong = R"({"login":"admin","password":"wrong"})";
  for (int i = 0; i < 10; ++i) {
    const auto reply = ask("POST", "/api/v1/sessions", {}, wrong);
    EXPECT_EQ(reply.status, 401);
    EXPECT_EQ(HttpHouse::code_of(reply), "accounts.wrong_login");
  }
  EXPECT_EQ(HttpHouse::code_of(ask("POST", "/api/v1/sessions", {}, R"({"login":"nobody","password":"x"})")), "accounts.wrong_login");
  const auto locked = ask("POST", "/api/v1/sessions", {}, R"({"login":"admin","password":"correct horse 7"})");
  EXPECT_EQ(locked.status, 429);
  EXPECT_NE(locked.header("Retry-After"), "");
  EXPECT_GE(ward_.house().metrics.of("lifang_refused_total")["accounts.wrong_login"], 11U);
}

TEST_F(AccountsOverHttp, a_page_speaks_by_cookie_and_proves_that_it_is_ours_when_it_changes_something) {
  const std::string cookie_header = cookie();
  const auto with = [&](http::Pairs headers) {
    headers.emplace_back("Cookie", "other=1; " + cookie_header);
    return headers;
  };
  EXPECT_EQ(ask("GET", "/api/v1/sessions/me", {}, {}, with({})).status, 200);
  const std::string place = R"({"kind":"compound","name":"别处"})";
  const auto put = [&](http::Pairs headers) { return ask("PUT", "/api/v1/places/other", {}, place, with(std::move(headers))).status; };
  EXPECT_EQ(put({}), 403) << "nothing proves where it comes from";
  EXPECT_EQ(put({{"Origin", "https://evil.example"}}), 403);
  EXPECT_EQ(put({{"Origin", "null"}}), 403);
  EXPECT_EQ(put({{"Sec-Fetch-Site", "cross-site"}}), 403);
  EXPECT_EQ(put({{"Sec-Fetch-Site", "same-site"}}), 403) << "another port or subdomain is not us";
  EXPECT_EQ(put({{"Sec-Fetch-Site", "cross-site"}, {"X-Lifang-Page", "1"}, {"Origin", ward_.origin()}}), 403);
  EXPECT_EQ(put({{"Sec-Fetch-Site", "same-origin"}}), 200);
  EXPECT_EQ(put({{"Origin", ward_.origin()}}), 200);
  EXPECT_EQ(put({{"X-Lifang-Page", "1"}}), 200);
  EXPECT_EQ(HttpHouse::code_of(ask("POST", "/api/v1/sessions", {}, R"({"login":"admin","password":"correct horse 7","cookie":true})",
                                   {{"Origin", "https://evil.example"}})),
            "accounts.cross_site") << "nor may a foreign page log somebody in";
  const auto out = ask("DELETE", "/api/v1/sessions", {}, {}, with({{"Sec-Fetch-Site", "same-origin"}}));
  EXPECT_NE(out.header("Set-Cookie").find("Max-Age=0"), std::string_view::npos);
  EXPECT_EQ(ask("GET", "/api/v1/sessions/me", {}, {}, with({})).status, 401);
}

TEST_F(AccountsOverHttp, a_token_is_never_kept_for_a_repeated_request) {
  const std::string words = R"({"login":"admin","password":"correct horse 7"})";
  const auto one = ask("POST", "/api/v1/sessions", {}, words, {{"Idempotency-Key", "k1"}});
  const auto two = ask("POST", "/api/v1/sessions", {}, words, {{"Idempotency-Key", "k1"}});
  EXPECT_NE(HttpHouse::text_of(one, "token"), HttpHouse::text_of(two, "token"));
}

TEST_F(AccountsOverHttp, every_right_of_a_supplied_role_may_be_put_into_another) {
  const std::string known = ask("GET", "/api/v1/accounts/rights?limit=500", admin_).body;
  for (const char* right : {"cases.read", "cases.called", "cases.dispatch", "cases.verify", "cases.oversee", "places.read"})
    EXPECT_NE(known.find(fmt::format(R"("right":"{}")", right)), std::string::npos) << right;
  EXPECT_EQ(known.find('*'), std::string::npos) << "patterns are spelt out";
}

TEST_F(AccountsOverHttp, an_administrator_makes_an_account_a_role_and_a_key) {
  const auto made = ask("POST", "/api/v1/accounts", admin_,
                        R"({"login":"gate","name":"门岗","password":"a long enough one","role":"guard","place":"fuyuan"})");
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.body.find("argon2"), std::string::npos);
  EXPECT_EQ(HttpHouse::code_of(ask("POST", "/api/v1/accounts", admin_, R"({"login":"gate2","password":"short","role":"guard"})")),
            "accounts.weak_password");
  EXPECT_EQ(ask("GET", "/api/v1/accounts/" + HttpHouse::text_of(made, "id"), admin_).status, 200);
  EXPECT_EQ(ask("GET", "/api/v1/accounts/account_x", admin_).status, 404);
  const auto list = parse_json(ask("GET", "/api/v1/accounts?count=true&role=guard", admin_).body);
  EXPECT_EQ(list.at("count").as_int64(), 1);
  EXPECT_EQ(ask("PUT", "/api/v1/accounts/roles/sweeper", admin_, R"({"name":"保洁","rights":["cases.read"]})").status, 200);
  const auto key = parse_json(ask("POST", "/api/v1/accounts/keys", admin_, R"({"name":"bins","rights":["places.read"]})").body);
  const std::string token(key.at("token").as_string());
  EXPECT_TRUE(token.starts_with("lf_"));
  EXPECT_EQ(ask("GET", "/api/v1/places", token).status, 200);
  EXPECT_EQ(ask("GET", "/api/v1/accounts", token).status, 403);
  const std::string id(key.at("key").at("id").as_string());
  EXPECT_EQ(ask("DELETE", "/api/v1/accounts/keys/" + id, admin_).status, 200);
  EXPECT_EQ(ask("GET", "/api/v1/places", token).status, 401);
}

TEST_F(AccountsOverHttp, somebody_changes_the_password_and_the_other_sessions_end) {
  const std::string other = ward_.enter("admin");
  const auto change = [&](const std::string& current, const std::string& next) {
    return ask("POST", "/api/v1/accounts/me/password", admin_, R"({"current":")" + current + R"(","password":")" + next + "\"}");
  };
  EXPECT_EQ(HttpHouse::code_of(change("wrong", "another horse 8")), "accounts.wrong_password");
  EXPECT_EQ(HttpHouse::code_of(change("correct horse 7", "short")), "accounts.weak_password");
  EXPECT_EQ(change("correct horse 7", "another horse 8").status, 200);
  EXPECT_EQ(ask("GET", "/api/v1/sessions/me", admin_).status, 200);
  EXPECT_EQ(ask("GET", "/api/v1/sessions/me", other).status, 401);
}

TEST_F(AccountsOverHttp, me_tells_what_may_be_done_at_a_place) {
  const std::string gate = ward_.login("gate", "guard", "fuyuan");
  const auto me = parse_json(ask("GET", "/api/v1/sessions/me?place=fuyuan", gate).body);
  std::vector<std::string> here;
  for (const auto& right : me.at("here").as_array()) here.emplace_back(right.as_string());
  EXPECT_NE(std::find(here.begin(), here.end(), "places.read"), here.end());
  EXPECT_EQ(std::find(here.begin(), here.end(), "places.write"), here.end());
  EXPECT_EQ(std::find(here.begin(), here.end(), "*"), here.end()) << "patterns are spelt out";
}

TEST_F(AccountsOverHttp, a_session_that_is_used_does_not_idle_out) {
  const auto day = std::chrono::hours(24);
  for (int i = 0; i < 4; ++i) {
    ward_.world().clock.advance(day * 5);
    EXPECT_EQ(ask("GET", "/api/v1/sessions/me", admin_).status, 200) << i;
    ward_.house().lane.now([](Tx&) {});  // the touch was handed to the lane before this
  }
  ward_.world().clock.advance(day * 8);
  EXPECT_EQ(ask("GET", "/api/v1/sessions/me", admin_).status, 401);
}

TEST_F(AccountsOverHttp, plain_data_is_shown_for_a_purpose_and_not_kept) {
  const auto person = ask("POST", "/api/v1/people", admin_, R"({"name":"王小明","phone":"13800138000","place":"fuyuan"})");
  ASSERT_EQ(person.status, 201) << person.body;
  const std::string id = HttpHouse::text_of(person, "id");
  EXPECT_EQ(person.body.find("王小明"), std::string::npos);
  const std::string reveal = "/api/v1/people/" + id + "/reveal";
  EXPECT_EQ(HttpHouse::code_of(ask("POST", reveal, admin_)), "people.no_purpose");
  EXPECT_EQ(HttpHouse::code_of(ask("POST", reveal, admin_, "", {{"X-Purpose", "fun"}})), "accounts.unknown_purpose");
  const auto plain = ask("POST", reveal, admin_, "", {{"X-Purpose", "care"}, {"Idempotency-Key", "r1"}});
  EXPECT_EQ(HttpHouse::text_of(plain, "phone"), "13800138000");
  EXPECT_EQ(plain.header("Cache-Control"), "no-store");
  const auto kept = ward_.house().lane.get([](Tx& tx) {
    return tx.value<std::int64_t>("SELECT COUNT(*) FROM http_answers").value_or(0);
  });
  EXPECT_EQ(kept, 0);
  const auto found = parse_json(ask("POST", "/api/v1/people/search", admin_, R"({"phone_tail":"8000"})").body);
  EXPECT_EQ(found.at("items").as_array().at(0).at("phone").as_string(), "138****8000");
}

TEST_F(AccountsOverHttp, a_file_goes_in_and_comes_out_with_its_own_type_and_nothing_runs) {
  const std::string png = "\x89PNG\r\n\x1A\n" + std::string("\0\0\0\x0D", 4) + "IHDR" + std::string("\0\0\0\x09\0\0\0\x09", 8) + "<script>";
  const auto made = ask("POST", "/api/v1/files", admin_, png, {{"Content-Type", "image/png"}});
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string at = "/api/v1/files/" + HttpHouse::text_of(made, "id");
  const auto out = ask("GET", at + "/content", admin_);
  EXPECT_EQ(out.body, png);
  EXPECT_EQ(out.header("Content-Type"), "image/png");
  EXPECT_EQ(out.header("X-Content-Type-Options"), "nosniff");
  EXPECT_NE(out.header("Content-Security-Policy").find("sandbox"), std::string_view::npos);
  EXPECT_EQ(ask("GET", at + "/content").status, 401);
  const std::string link = HttpHouse::text_of(ask("GET", at + "/link", admin_), "url");
  EXPECT_EQ(ask("GET", link).body, png);
  EXPECT_EQ(ask("GET", link + "x").status, 403);
  const auto part = ask("GET", link, {}, {}, {{"Range", "bytes=1-3"}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "PNG");
  EXPECT_EQ(part.header("Content-Range"), "bytes 1-3/" + std::to_string(png.size()));
  EXPECT_EQ(ask("GET", link, {}, {}, {{"Range", "bytes=9999-"}}).status, 416);
  EXPECT_EQ(ask("GET", link, {}, {}, {{"If-None-Match", out.header("ETag").empty() ? "x" : std::string(out.header("ETag"))}}).status, 304);
  const std::string large = std::string("\0\0\0\x18", 4) + "ftypisom" + std::string(3 << 20, 'v');
  const auto clip = ask("POST", "/api/v1/files", admin_, large, {{"Content-Type", "video/mp4"}});
  ASSERT_EQ(clip.status, 201) << clip.body;
  EXPECT_EQ(ask("GET", "/api/v1/files/" + HttpHouse::text_of(clip, "id") + "/content", admin_).body, large);
  EXPECT_EQ(ask("POST", "/api/v1/files", admin_, "<svg/>", {{"Content-Type", "image/svg+xml"}}).status, 422);
  for (const char* path : {"/api/v1/files/..%2f..%2fkeys%2fnode.key/content", "/api/v1/files/../../keys/node.key",
                           "/api/v1/files/%2e%2e/%2e%2e/keys/node.key", "/api/v1/files/file_00000000000000000000000000/content"}) {
    const int status = ask("GET", path, admin_).status;
    EXPECT_TRUE(status == 400 || status == 404) << path << " " << status;
  }
}

TEST_F(AccountsOverHttp, views_of_lists_are_kept_with_the_login) {
  const std::string gate = ward_.login("gate", "guard", "fuyuan");
  const std::string at = "/api/v1/accounts/me/views";
  const std::string views = R"([{"name":"南区","search":"井盖","sort":{"key":"due","down":true},"columns":["title"],"filters":{"place":"fuyuan"}}])";
  EXPECT_EQ(HttpHouse::code_of(ask("GET", at + "/cases", gate)), "accounts.no_views");
  const auto kept = ask("PUT", at + "/cases", gate, R"({"views":)" + views + "}");
  ASSERT_EQ(kept.status, 200) << kept.body;
  EXPECT_EQ(parse_json(kept.body).at("views"), parse_json(views));
  const auto list = parse_json(ask("GET", at + "?count=true", gate).body);
  EXPECT_EQ(list.at("count").as_int64(), 1);
  EXPECT_EQ(list.at("items").as_array().at(0).at("id").as_string(), "cases");
  EXPECT_EQ(parse_json(ask("GET", at + "/cases", gate).body).at("views"), parse_json(views));
  EXPECT_TRUE(parse_json(ask("GET", at, admin_).body).at("items").as_array().empty()) << "nobody else's";
  EXPECT_EQ(ask("PUT", at + "/people", gate, R"({"views":[{"name":"高龄","sort":null}]})").status, 200) << "what is not said is empty";
  const auto wrong = ask("PUT", at + "/cases", gate, R"({"views":[{"name":""}]})");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_EQ(HttpHouse::code_of(wrong), "accounts.bad_view");
  EXPECT_EQ(parse_json(wrong.body).at("field").as_string(), "/views/0/name");
  EXPECT_EQ(ask("PUT", at + "/cases", gate, R"({"views":[]})").status, 200);
  EXPECT_EQ(ask("GET", at + "/cases", gate).status, 404);
  EXPECT_EQ(ask("GET", at).status, 401);
  const auto key = parse_json(ask("POST", "/api/v1/accounts/keys", admin_, R"({"name":"bins","rights":["places.read"]})").body);
  const std::string program(key.at("token").as_string());
  EXPECT_EQ(HttpHouse::code_of(ask("PUT", at + "/cases", program, R"({"views":[{"name":"x"}]})")), "accounts.no_account");
}

}  // namespace
}  // namespace lifang::accounts
