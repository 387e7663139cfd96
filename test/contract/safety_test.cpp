// What is tried against every web program, tried against this one: through real sockets, and refused.
#include <fmt/format.h>

#include <fstream>

#include "platform/sheet/sheet.hpp"
#include "platform/sheet/zip.hpp"
#include "support/certificate.hpp"
#include "support/http_house.hpp"
#include "support/raw_client.hpp"
#include "support/live_node.hpp"

namespace lifang {
namespace {

http::Pairs with_cookie(const http::Reply& login, http::Pairs headers) {
  const std::string set(login.header("Set-Cookie"));
  headers.emplace_back("Cookie", set.substr(0, set.find(';')));
  return headers;
}

const std::string kLogin = R"({"login":"admin","password":"correct horse 7","cookie":true})";

// ---- what every answer carries ---------------------------------------------------------------------------------

TEST(HttpSafety, answers_of_the_api_are_kept_by_nobody_and_guessed_by_nobody) {
  LiveNode node;
  const std::string token = node.enter();
  for (const char* target : {"/api/v1/places", "/api/v1/places/nothing", "/api/v1/nothing", "/api/v1/places.csv",
                             "/api/openapi.json", "/healthz", "/metrics"}) {
    const auto reply = node.ask("GET", target, token);
    EXPECT_EQ(reply.header("X-Content-Type-Options"), "nosniff") << target;
    EXPECT_EQ(reply.header("Cache-Control"), "no-store") << target;
    EXPECT_EQ(reply.header("Content-Security-Policy"), "default-src 'none'; frame-ancestors 'none'") << target;
    EXPECT_EQ(reply.header("Cross-Origin-Resource-Policy"), "same-origin") << target;
    EXPECT_EQ(reply.header("Access-Control-Allow-Origin"), "") << target << ": other pages may read nothing";
  }
  const auto preflight = node.ask("OPTIONS", "/api/v1/places", {}, {},
                                  {{"Origin", "https://evil.example"}, {"Access-Control-Request-Method", "PUT"}});
  EXPECT_GE(preflight.status, 400);
  EXPECT_EQ(preflight.header("Access-Control-Allow-Origin"), "");
}

TEST(HttpSafety, pages_run_only_what_comes_from_this_node) {
  LiveNode node;
  const auto page = node.ask("GET", "/console/");
  const std::string policy(page.header("Content-Security-Policy"));
  for (const char* rule : {"default-src 'none'", "script-src 'self';", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"})
    EXPECT_NE(policy.find(rule), std::string::npos) << rule << " in " << policy;
  EXPECT_EQ(policy.find("unsafe-eval"), std::string::npos);
  EXPECT_EQ(policy.find("script-src 'self' 'unsafe-inline'"), std::string::npos);
  EXPECT_EQ(page.header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(page.header("Referrer-Policy"), "no-referrer");
  EXPECT_EQ(page.header("Cross-Origin-Opener-Policy"), "same-origin");
}

TEST(HttpSafety, nobody_is_sent_elsewhere) {
  LiveNode node;
  EXPECT_EQ(node.ask("GET", "/console").header("Location"), "/console/");
  for (const char* target : {"//evil.example/", "/%2f%2fevil.example", "/\\evil.example", "/console/..%2f..%2fevil.example",
                             "/?next=https://evil.example", "/console?to=//evil.example"}) {
    const auto reply = node.ask("GET", target);
    const std::string_view location = reply.header("Location");
    EXPECT_FALSE(location.starts_with("//") || location.find("evil") != std::string_view::npos) << target << " " << location;
  }
}

// ---- cookies ---------------------------------------------------------------------------------------------------

TEST(HttpSafety, under_tls_the_cookie_is_secure_and_bound_to_the_host) {
  config::Config config;
  const auto made = Certificate::make("localhost", "DNS:localhost");
  config.http.tls_certificate = made.certificate;
  config.http.tls_key = made.key;
  LiveNode node(config);
  node.client_config.authorities = made.certificate;
  const auto login = node.ask("POST", "/api/v1/sessions", {}, kLogin, {{"Sec-Fetch-Site", "same-origin"}});
  ASSERT_EQ(login.status, 200) << login.body << http::failure_name(login.failure);
  const std::string cookie(login.header("Set-Cookie"));
  EXPECT_TRUE(cookie.starts_with("__Host-lifang=lfs_")) << cookie;
  for (const char* part : {"; Secure", "; HttpOnly", "; SameSite=Strict", "; Path=/"})
    EXPECT_NE(cookie.find(part), std::string::npos) << cookie;
  EXPECT_EQ(cookie.find("Domain"), std::string::npos);
  EXPECT_EQ(parse_json(login.body).as_object().contains("token"), false) << "no script may hold it";
  EXPECT_NE(login.header("Strict-Transport-Security"), "");
  EXPECT_NE(node.ask("GET", "/console/").header("Strict-Transport-Security"), "");
  EXPECT_EQ(node.ask("GET", "/api/v1/sessions/me", {}, {}, with_cookie(login, {})).status, 200);
}

TEST(HttpSafety, a_foreign_page_changes_nothing_with_the_visitors_cookie) {
  LiveNode node;
  const auto login = node.ask("POST", "/api/v1/sessions", {}, kLogin, {{"Origin", node.origin()}});
  ASSERT_EQ(login.status, 200) << login.body;
  const auto forged = [&](const std::string& method, const std::string& target, http::Pairs headers) {
    return node.ask(method, target, {}, R"({"kind":"compound","name":"x"})", with_cookie(login, std::move(headers)));
  };
  const std::vector<http::Pairs> foreign = {
      {},
      {{"Origin", "https://evil.example"}},
      {{"Origin", "null"}},
      {{"Sec-Fetch-Site", "cross-site"}},
      {{"Sec-Fetch-Site", "same-site"}},
      {{"Sec-Fetch-Site", "none"}},
      {{"Content-Type", "text/plain"}},  // what a form of another site can send without asking
      {{"Content-Type", "application/x-www-form-urlencoded"}, {"Referer", "https://evil.example/"}},
      {{"Origin", node.origin() + ".evil.example"}},
      {{"Origin", "https://" + node.origin().substr(7)}},
  };
  for (const auto& headers : foreign)
    for (const char* method : {"PUT", "POST", "PATCH", "DELETE"}) {
      const auto reply = forged(method, std::string(method) == "PUT" ? "/api/v1/places/x" : "/api/v1/accounts/me/close", headers);
      EXPECT_TRUE(reply.status == 403 || reply.status == 405) << method << " " << reply.body;
      if (reply.status == 403) {
        EXPECT_EQ(HttpHouse::code_of(reply), "accounts.cross_site") << method;
      }
    }
  EXPECT_EQ(forged("PUT", "/api/v1/places/x", {{"Origin", node.origin()}}).status, 200) << "our own page may";
  EXPECT_EQ(node.ask("GET", "/api/v1/places/x", {}, {}, with_cookie(login, {})).status, 200);
}

// ---- paths -----------------------------------------------------------------------------------------------------

TEST(HttpSafety, no_path_leads_out) {
  LiveNode node;
  const std::string token = node.enter();
  std::ofstream(node.directory() + "/secret.txt") << "the secret";
  for (const char* target :
       {"/../secret.txt", "/console/../../secret.txt", "/console/..%2f..%2fsecret.txt", "/console/%2e%2e/%2e%2e/secret.txt",
        "/console/%252e%252e/secret.txt", "/console/..\\..\\secret.txt", "/console/....//secret.txt", "/console/assets/../../../lifang.db",
        "/files/lifang.db", "/console/\xc0\xae\xc0\xae/secret.txt", "/%00/secret.txt", "/console/secret.txt%00.html",
        "/api/v1/files/..%2f..%2fsecret.txt", "/api/v1/files/..%2f..%2fsecret.txt/content", "/api/v1/files/%2e%2e/content",
        "/api/v1/places/..%2f..%2fsecret.txt", "/keys/node.key", "/console/keys/node.key"}) {
    const auto reply = node.ask("GET", target, token);
    EXPECT_EQ(reply.body.find("the secret"), std::string::npos) << target;
    EXPECT_EQ(reply.body.find("SQLite format"), std::string::npos) << target;
    EXPECT_TRUE(reply.status == 400 || reply.status == 404 || reply.header("Content-Type").starts_with("text/"))
        << target << " " << reply.status;
  }
}

// ---- bombs -----------------------------------------------------------------------------------------------------

TEST(HttpSafety, deep_and_wide_json_is_refused_before_it_costs_anything) {
  LiveNode node;
  const std::string token = node.enter();
  const auto code = [&](const std::string& body) {
    const auto reply = node.ask("PUT", "/api/v1/places/x", token, body);
    EXPECT_TRUE(reply.status == 400 || reply.status == 413 || reply.status == 422) << reply.status;
    return HttpHouse::code_of(reply);
  };
  EXPECT_EQ(code(std::string(1'000'000, '[')), "json.unreadable");
  EXPECT_EQ(code(std::string(100'000, '[') + std::string(100'000, ']')), "json.unreadable");
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += R"({"a":)";
  EXPECT_EQ(code(deep), "json.unreadable");
  EXPECT_EQ(code(R"({"kind":"spot","name":"x","kind":"city"})"), "json.unreadable") << "which of the two?";
  EXPECT_EQ(code(R"({"kind":"spot","name":"x","floors":1e999})"), "json.unreadable");
  const auto huge = node.ask("PUT", "/api/v1/places/x", token, std::string(8U << 20, ' '));
  EXPECT_EQ(huge.status, 413) << "more than http.max_body";
  EXPECT_EQ(node.ask("GET", "/healthz").status, 200);
}

TEST(HttpSafety, a_packed_bomb_is_left_packed) {
  sheet::ZipWriter zip;
  zip.begin("[Content_Types].xml");
  zip.add("<Types/>");
  zip.begin("xl/workbook.xml");
  zip.add("<workbook><sheets><sheet name=\"a\" id=\"r1\"/></sheets></workbook>");
  zip.begin("xl/worksheets/sheet1.xml");
  const std::string zeros(1U << 20, ' ');
  for (int i = 0; i < 300; ++i) zip.add(zeros);
  const std::string bomb = zip.finish();
  EXPECT_LT(bomb.size(), 2U << 20) << "300 MiB packed";
  EXPECT_THROW(sheet::read_table(bomb), Refusal);
  sheet::ZipReader reader(bomb);
  EXPECT_THROW(reader.take("xl/worksheets/sheet1.xml"), Refusal);

  // Entities that multiply ("billion laughs") are no spreadsheet either.
  sheet::ZipWriter laughs;
  laughs.begin("xl/workbook.xml");
  laughs.add("<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;\">]><workbook>&c;</workbook>");
  EXPECT_THROW(sheet::read_table(laughs.finish()), Refusal);
}

TEST(HttpSafety, an_upload_is_what_its_bytes_are_and_no_larger_than_allowed) {
  config::Config config;
  config.files.max_upload = 4096;
  LiveNode node(config);
  const std::string token = node.enter();
  const auto upload = [&](const std::string& bytes, const std::string& type) {
    return node.ask("POST", "/api/v1/files", token, bytes, {{"Content-Type", type}});
  };
  EXPECT_GE(upload("<script>alert(1)</script>", "image/png").status, 400) << "it calls itself a picture";
  EXPECT_GE(upload("<!DOCTYPE html><script>alert(1)</script>", "text/html").status, 400);
  EXPECT_GE(upload("<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>", "image/svg+xml").status, 400);
  EXPECT_GE(upload(std::string("MZ\x90\0\x03", 5) + std::string(100, 'x'), "application/octet-stream").status, 400);
  EXPECT_EQ(upload("\x89PNG\r\n\x1a\n" + std::string(8192, 'x'), "image/png").status, 413);
}

// ---- what others wrote and own -----------------------------------------------------------------------------------

TEST(HttpSafety, a_stored_script_comes_back_as_json_that_no_browser_runs) {
  LiveNode node;
  const std::string token = node.enter();
  const std::string script = "<script>alert(1)</script>";
  ASSERT_EQ(node.ask("PUT", "/api/v1/places/x", token, R"({"kind":"compound","name":")" + script + "\"}").status, 200);
  const auto reply = node.ask("GET", "/api/v1/places/x", token);
  EXPECT_EQ(reply.header("Content-Type"), "application/json");
  EXPECT_EQ(reply.header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(HttpHouse::text_of(reply, "name"), script) << "kept as it was said; pages write it as text";
  const auto problem = node.ask("GET", "/api/v1/places/" + std::string("%3Cscript%3E"), token);
  EXPECT_EQ(problem.header("Content-Type"), "application/problem+json");
}

class Horizontal : public testing::Test {
 protected:
  Horizontal() {
    for (const char* compound : {"east", "west"}) {
      ward_.place(compound, places::Kind::compound);
      ward_.place(compound + std::string("-1"), places::Kind::home, compound);
    }
    admin_ = ward_.login("root", "admin");
  }
  std::string made(const std::string& target, const std::string& body) {
    const auto reply = ward_.ask("POST", target, admin_, body);
    EXPECT_LT(reply.status, 300) << target << " " << reply.body;
    return HttpHouse::text_of(reply, "id");
  }
  /// A person who lives in a household of their own. @returns person, household
  std::pair<std::string, std::string> resident(const std::string& name, const std::string& home) {
    const std::string person = made("/api/v1/people", R"({"name":")" + name + R"(","place":")" + home + "\"}");
    const std::string household = made("/api/v1/people/households", R"({"place":")" + home + "\"}");
    const auto moved = ward_.ask("POST", "/api/v1/people/households/" + household + "/members", admin_,
                                 R"({"person":")" + person + "\",\"role\":\"owner\"}");
    EXPECT_LT(moved.status, 300) << moved.body;
    return {person, household};
  }
  HttpHouse ward_;
  std::string admin_;
};

TEST_F(Horizontal, a_resident_reads_nothing_of_another_household) {
  const auto [mine, my_home] = resident("甲", "east-1");
  const auto [other, other_home] = resident("乙", "west-1");
  const std::string me = ward_.login("resident-1", "resident", "east-1", mine);
  EXPECT_EQ(ward_.ask("GET", "/api/v1/people/me", me).status, 200);
  for (const std::string& target :
       {"/api/v1/people/" + other, "/api/v1/people/" + other + "/consents", "/api/v1/people/" + other + "/helpers",
        "/api/v1/people/households/" + other_home, "/api/v1/people/households/" + other_home + "/members",
        std::string("/api/v1/people"), std::string("/api/v1/people/households"), std::string("/api/v1/accounts"),
        std::string("/api/v1/audit"), std::string("/api/v1/people.xlsx")}) {
    const auto reply = ward_.ask("GET", target, me);
    EXPECT_TRUE(reply.status == 403 || reply.status == 404) << target << " " << reply.status << " " << reply.body;
  }
  for (const std::string& target : {"/api/v1/people/" + other + "/reveal", "/api/v1/people/" + other + "/export",
                                    "/api/v1/people/" + other + "/erase", "/api/v1/people/" + other + "/confirm",
                                    "/api/v1/people/households/" + other_home + "/code/show"}) {
    const auto reply = ward_.ask("POST", target, me, target.ends_with("/reveal") ? R"({"fields":["phone"]})" : "{}");
    EXPECT_TRUE(reply.status == 403 || reply.status == 404) << target << " " << reply.status << " " << reply.body;
  }
}

TEST_F(Horizontal, a_residents_case_is_theirs_and_their_compounds) {
  const auto [mine, my_home] = resident("甲", "east-1");
  const auto [other, other_home] = resident("乙", "west-1");
  const std::string me = ward_.login("resident-1", "resident", "east-1", mine);
  const std::string neighbour = ward_.login("resident-2", "resident", "west-1", other);
  const auto reported = ward_.ask("POST", "/api/v1/cases", me, R"({"kind":"noise","place":"east-1","text":"吵"})");
  ASSERT_LT(reported.status, 300) << reported.body;
  const std::string id = HttpHouse::text_of(reported, "id");
  EXPECT_EQ(ward_.ask("GET", "/api/v1/cases/" + id, me).status, 200);
  const std::string east = ward_.login("east-desk", "property", "east"), west = ward_.login("west-desk", "property", "west");
  EXPECT_EQ(ward_.ask("GET", "/api/v1/cases/" + id, east).status, 200);
  for (const std::string& who : {neighbour, west}) {
    for (const char* part : {"", "/diary", "/reporters", "/similar", "/holdings"}) {
      const int status = ward_.ask("GET", "/api/v1/cases/" + id + part, who).status;
      EXPECT_TRUE(status == 403 || status == 404) << part << " " << status;
    }
    for (const char* move : {"accept", "assign", "close", "refuse", "urge", "note"}) {
      const int status = ward_.ask("POST", "/api/v1/cases/" + id + "/" + move, who, R"({"note":"mine now"})").status;
      EXPECT_TRUE(status == 403 || status == 404 || status == 405) << move << " " << status;
    }
  }
  const auto seen = parse_json(ward_.ask("GET", "/api/v1/cases?count=true", west).body);
  EXPECT_EQ(seen.at("count").as_int64(), 0) << "not even counted";
}

TEST_F(Horizontal, staff_of_one_compound_move_nothing_of_another) {
  const auto put = [&](const std::string& who, const std::string& target, const std::string& body) {
    return ward_.ask("PUT", target, who, body).status;
  };
  ASSERT_EQ(put(admin_, "/api/v1/devices/profiles/lift", R"({"name":"电梯","metrics":[],"commands":[{"method":"stop"}]})"), 200);
  ASSERT_EQ(put(admin_, "/api/v1/devices/lift-e", R"({"profile":"lift","place":"east","secret":"a-long-secret"})"), 200);
  const std::string west = ward_.login("west-desk", "operator", "west");
  EXPECT_EQ(put(west, "/api/v1/devices/lift-e", R"({"profile":"lift","place":"west"})"), 404) << "nor pull it over";
  EXPECT_EQ(put(west, "/api/v1/places/east", R"({"kind":"compound","name":"mine"})"), 404);
  EXPECT_EQ(ward_.ask("POST", "/api/v1/devices/lift-e/commands", west, R"({"method":"stop"})").status, 404);
  EXPECT_EQ(ward_.ask("DELETE", "/api/v1/devices/lift-e", west).status, 404);
  EXPECT_EQ(ward_.ask("GET", "/api/v1/devices/lift-e", west).status, 404);
  const auto east_only = parse_json(ward_.ask("GET", "/api/v1/devices", west).body);
  EXPECT_TRUE(east_only.at("items").as_array().empty());
}

TEST_F(Horizontal, nobody_gives_away_more_than_they_have) {
  const std::string west = ward_.login("west-desk", "operator", "west");
  const auto give = [&](const std::string& body) { return ward_.ask("POST", "/api/v1/accounts", west, body).status; };
  EXPECT_GE(give(R"({"login":"friend","role":"admin","place":"west","password":"correct horse 8"})"), 400);
  EXPECT_GE(give(R"({"login":"friend2","role":"guard","place":"east","password":"correct horse 8"})"), 400);
  EXPECT_GE(give(R"({"login":"friend3","role":"guard","password":"correct horse 8"})"), 400) << "over everything";
  EXPECT_GE(ward_.ask("PUT", "/api/v1/accounts/roles/guard", west, R"({"name":"x","rights":["*"]})").status, 400);
  EXPECT_GE(ward_.ask("POST", "/api/v1/accounts/me/assignments", west, R"({"role":"admin"})").status, 400);
}

// ---- too much ----------------------------------------------------------------------------------------------------

TEST(HttpSafety, one_login_asks_only_so_often_in_a_minute) {
  config::Config config;
  config.limits.requests_a_minute = 20;
  LiveNode node(config);
  const std::string token = node.enter();
  http::Reply last;
  for (int i = 0; i < 40; ++i) last = node.ask("GET", "/api/v1/places", token);
  EXPECT_EQ(last.status, 429);
  EXPECT_EQ(HttpHouse::code_of(last), "http.too_many");
  EXPECT_NE(last.header("Retry-After"), "");
  EXPECT_EQ(node.ask("GET", "/healthz").status, 200) << "others are served";
}

}  // namespace
}  // namespace lifang
