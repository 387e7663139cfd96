// Nobody's name, phone or identity number stands in any answer to a GET for whoever does not give the right and a purpose:
// one made-up resident is put wherever the house knows people, and every route is asked by every supplied role.
#include <fmt/format.h>

#include <set>
#include <thread>

#include "platform/http/routes.hpp"
#include "support/furnished.hpp"

namespace lifang {
namespace {

const std::vector<std::string> kRoles = {"admin", "operator", "street",   "community", "property",   "bureau",   "guard",
                                         "worker", "doctor",  "merchant", "integrator", "resident", "viewer"};

class Masking : public testing::Test {
 protected:
  http::Reply ask(const std::string& method, const std::string& target, const std::string& token, const std::string& body = {},
                  http::Pairs headers = {}) {
    headers.emplace_back("Authorization", "Bearer " + token);
    return client_.request(method, target, headers, body);
  }
  /// What of her stands plainly in an answer.
  static std::string plain_in(const std::string& body) {
    std::string found;
    for (const std::string what : {Furnished::kName, Furnished::kPhone, Furnished::kIdentity})
      if (body.find(what) != std::string::npos) found += what + " ";
    return found;
  }

  const TestFolder folder_;
  TestNode node_{folder_.path()};
  Furnished ward_{node_};
  http::Client client_{node_.origin()};
};

TEST_F(Masking, no_list_and_no_item_shows_a_resident_plainly_to_any_role) {
  // Whoever looks finds her in her own answers: the search below can fail.
  EXPECT_NE(plain_in(ask("GET", "/api/v1/people/me", ward_.own()).body), "");
  std::set<std::string> answered;
  for (const auto& route : node_.house().routes->all()) {
    if (route.method != "GET" || route.pattern == "/api/v1/live") continue;
    const std::string target = ward_.target_of(route);
    for (const std::string& role : kRoles)
      for (const std::string& form : {target, target + ".csv", target + "?limit=500&count=true&place=here"}) {
        const auto reply = ask("GET", form, ward_.login(role, "here"));
        if (reply.status != 200) continue;
        answered.insert(route.pattern);
        EXPECT_EQ(plain_in(reply.body), "") << role << " " << form << "\n" << reply.body.substr(0, 600);
      }
  }
  for (const char* pattern : {"/api/v1/people", "/api/v1/people/{id}", "/api/v1/people/households/{id}/members", "/api/v1/people/{id}/helpers",
                              "/api/v1/rosters/shifts/{id}", "/api/v1/rosters/duty", "/api/v1/rosters/absences/{id}", "/api/v1/cases/{id}/reporters",
                              "/api/v1/cases/{id}/holdings", "/api/v1/cases/{id}/diary", "/api/v1/notices/rings", "/api/v1/accounts/{id}",
                              "/api/v1/affairs/runs/{id}/blanks", "/api/v1/audit"})
    EXPECT_TRUE(answered.contains(pattern)) << pattern << " was answered to nobody: this test looks past it";
}

TEST_F(Masking, the_right_alone_shows_nothing_and_with_a_purpose_it_is_logged) {
  const std::string guard = ward_.login("guard", "here"), person = ward_.person();
  const auto reveal = [&](const std::string& token, http::Pairs headers) {
    return ask("POST", "/api/v1/people/" + person + "/reveal", token, R"({"fields":["name","phone"]})", std::move(headers));
  };
  const auto views = [&] {
    const auto log = parse_json(ask("GET", "/api/v1/audit/views/me?limit=100", ward_.own()).body);
    return log.at("items").as_array().size();
  };
  const auto before = views();
  EXPECT_EQ(plain_in(reveal(guard, {}).body), "") << "without a purpose";
  EXPECT_EQ(plain_in(reveal(guard, {{"X-Purpose", "marketing"}}).body), "") << "for a purpose that is not theirs";
  EXPECT_EQ(plain_in(reveal(ward_.login("worker", "here"), {{"X-Purpose", "emergency"}}).body), "") << "without the right";
  EXPECT_EQ(plain_in(reveal(ward_.login("resident", "here"), {{"X-Purpose", "emergency"}}).body), "");
  EXPECT_EQ(plain_in(ask("GET", "/api/v1/people/" + person, guard, {}, {{"X-Purpose", "emergency"}}).body), "")
      << "a purpose on a plain GET reveals nothing unlogged";
  EXPECT_EQ(views(), before);
  const auto shown = reveal(guard, {{"X-Purpose", "emergency"}});
  EXPECT_NE(shown.body.find(Furnished::kPhone), std::string::npos) << shown.body;
  // The log hears of it in the lane's next transaction.
  for (int i = 0; i < 10'000 && views() == before; ++i) std::this_thread::yield();
  EXPECT_EQ(views(), before + 1) << "she reads who looked";
}

TEST_F(Masking, a_case_as_the_purpose_is_named_and_stands_in_the_log) {
  const std::string guard = ward_.login("guard", "here"), person = ward_.person();
  const auto code = [&](const std::string& token, const std::string& purpose) {
    const auto reply = ask("POST", "/api/v1/people/" + person + "/reveal", token, R"({"fields":["phone"]})", {{"X-Purpose", purpose}});
    if (reply.status == 200) return std::string("shown");
    EXPECT_EQ(plain_in(reply.body), "");
    return std::string(parse_json(reply.body).at("code").as_string());
  };
  const auto made = parse_json(ask("POST", "/api/v1/cases", guard, R"({"kind":"leak","place":"here","text":"漏水"})").body);
  const std::string id(made.at("id").as_string()), number(made.at("number").as_string());
  EXPECT_EQ(code(guard, "case"), "cases.purpose_names_none");
  EXPECT_EQ(code(guard, "case:20000101-0001"), "cases.purpose_not_theirs");
  EXPECT_EQ(code(ward_.login("guard", "there"), "case:" + id), "cases.purpose_not_theirs");
  EXPECT_EQ(code(guard, "case:" + number), "shown");
  const auto last = [&] {
    const auto log = parse_json(ask("GET", "/api/v1/audit/views/me?limit=1", ward_.own()).body);
    const auto& items = log.at("items").as_array();
    const auto* named = items.empty() ? nullptr : items[0].as_object().if_contains("case");
    return named == nullptr ? std::string() : std::string(named->as_string());
  };
  for (int i = 0; i < 10'000 && last() != id; ++i) std::this_thread::yield();
  EXPECT_EQ(last(), id);
}

}  // namespace
}  // namespace lifang
