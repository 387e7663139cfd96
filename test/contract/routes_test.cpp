// Every route × every supplied role × inside and outside of the role's place, against rights.golden, which people
// read. A new route, right or role changes that file: LIFANG_WRITE_GOLDEN=1 lifang_tests --gtest_filter='RouteRights*'
// writes it anew; look at the difference before committing it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "platform/http/routes.hpp"
#include "rooms/accounts/accounts_rules.hpp"
#include "support/furnished.hpp"
#include "support/paths.hpp"

namespace lifang {
namespace {

const std::string kGolden = source_dir() + "/test/contract/rights.golden";
const std::vector<std::string> kRoles = {"admin", "operator", "street",   "community", "property",   "bureau",   "guard",
                                         "worker", "doctor",  "merchant", "integrator", "resident", "viewer"};

class RouteRights : public testing::Test {
 protected:
  http::Reply ask(const http::Routes::Route& route, const std::string& token) {
    http::Pairs headers{{"X-Purpose", "emergency"}};
    if (!token.empty()) headers.emplace_back("Authorization", "Bearer " + token);
    // It never ends: read as far as its first event, which an id that is none calls forth at once.
    if (route.pattern == "/api/v1/live")
      return http::Client(node_.origin())
          .events(route.pattern + "?topics=situations&last_event_id=none", headers, [](const http::Event&) { return false; });
    const auto words = ward_.words_of(route);
    headers.emplace_back("Content-Type", words.type);
    return client_.request(route.method, ward_.target_of(route) + words.query, headers, words.body);
  }
  const std::vector<http::Routes::Route>& routes() { return node_.house().routes->all(); }
  /// A route that may end the session that asks.
  static bool ends_sessions(const std::string& pattern) {
    static const std::set<std::string> also = {"/api/v1/accounts/{id}/close", "/api/v1/accounts/{id}/password", "/api/v1/accounts/me/password"};
    return pattern.find("/sessions") != std::string::npos || also.contains(pattern);
  }
  static int order(const http::Routes::Route& route) {
    if (route.method == "GET") return 0;
    if (route.pattern.ends_with("/erase")) return 3;
    return route.method == "DELETE" ? 2 : 1;
  }
  /// + let in, ~ the words (or none) were refused before it mattered who asks, - forbidden, 0 nothing there (or nothing
  /// that this login may see).
  static char letter(int status) {
    if (status == 401) return '?';
    if (status == 403) return '-';
    if (status == 400 || status == 422) return '~';
    return status == 404 ? '0' : '+';
  }

  const TestFolder folder_;
  TestNode node_{folder_.path()};
  Furnished ward_{node_};
  http::Client client_{node_.origin()};
};

TEST_F(RouteRights, nobody_gets_in_without_a_login_but_where_anyone_may) {
  std::set<std::string> open = {"POST /api/v1/sessions", "POST /api/v1/sessions/pin", "GET /api/v1/sessions/ways",
                                "POST /api/v1/sessions/code", "POST /api/v1/sessions/code/ask", "GET /api/v1/sessions/wechat",
                                "POST /api/v1/sessions/wechat", "POST /api/v1/sessions/bind", "POST /api/v1/sessions/phone",
                                "GET /api/v1/files/{id}/content", "GET /open311/v2/services/{id}",
                                "GET /open311/v2/requests/{id}", "GET /open311/v2/tokens/{id}"};
  for (const std::string suffix : {"", ".json", ".xml"})
    open.merge(std::set<std::string>{"GET /open311/v2/services" + suffix, "GET /open311/v2/requests" + suffix,
                                     "POST /open311/v2/requests" + suffix});
  std::set<std::string> found;
  for (const char* name : {"GET /healthz", "GET /readyz", "GET /metrics", "GET /api/openapi.json", "GET /api/v1/node", "GET /authority",
                           "GET /authority/root.crt", "GET /authority/root.pem", "GET /authority/root.mobileconfig",
                           "GET /.well-known/acme-challenge/{token}"})
    open.insert(name);
  for (const auto& route : routes()) {
    const std::string name = route.method + " " + route.pattern;
    if (route.pattern.starts_with("/api/v1/{token}/")) {  // the porch: a device's secret is its login
      EXPECT_EQ(client_.request(route.method, "/api/v1/made-up" + route.pattern.substr(15), {}, "{}").status, 401) << name;
      continue;
    }
    if (route.right == http::kAnyone) {
      found.insert(name);
    } else {
      EXPECT_EQ(ask(route, "").status, 401) << name;
    }
    if (route.pattern.starts_with("/api/v1/") && route.pattern != "/api/v1/node") {
      EXPECT_EQ(ask(route, "lfs_made_up").status, 401) << name;
    }
  }
  EXPECT_EQ(found, open) << "a route for anyone is named here on purpose";
}

TEST_F(RouteRights, every_route_lets_in_the_roles_of_the_golden_table) {
  std::map<std::string, std::vector<Grant>> grants;
  for (const auto& role : accounts::supplied_roles())
    for (const auto right : role.rights) grants[std::string(role.id)].push_back({std::string(right), "/here/"});
  std::string table = "# Roles from left to right:";
  for (const std::string& role : kRoles) table += " " + role;
  table += "\n# + let in, ~ let in as far as the words, which are refused (422), - forbidden (403), 0 nothing there or out of sight (404); first over the place that holds the "
           "things asked for, then over another, then over the whole district; last the one letter of who made the things, to whom "
           "some alone belong (what the first removed is gone for who is asked later).\n";
  // What destroys comes last, and the mighty after the weak, so that everybody finds the same things.
  auto all = routes();
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return order(a) < order(b); });
  for (const auto& route : all) {
    if (ends_sessions(route.pattern) && route.method != "GET") continue;  // these end the logins that ask; own tests
    constexpr const char* kSides[] = {"here", "there", ""};
    std::array<std::string, 3> letters;
    letters.fill(std::string(kRoles.size(), ' '));
    for (const std::size_t side : {1U, 0U, 2U})
      for (std::size_t i = kRoles.size(); i-- > 0;) {
        const std::string& role = kRoles[i];
        const int status = ask(route, ward_.login(role, kSides[side])).status;
        EXPECT_LT(status, 500) << route.method << " " << route.pattern << " as " << role;
        letters[side][i] = letter(status);
        const bool named = route.right != http::kAnyone && route.right != http::kAnyLogin;
        if (named && !accounts::holds(grants[role], route.right, "/here/")) {
          EXPECT_EQ(status, 403) << route.method << " " << route.pattern << " as " << role << ", who lacks " << route.right;
        }
      }
    const char maker = letter(ask(route, ward_.maker()).status);
    table += fmt::format("{:<6} {:<58} {:<18} {} {} {} {}\n", route.method, route.pattern,
                         route.right.empty() ? "(anyone)" : route.right == http::kAnyLogin ? "(any login)" : route.right,
                         letters[0], letters[1], letters[2], maker);
  }
  if (std::getenv("LIFANG_WRITE_GOLDEN")) {
    std::ofstream(kGolden) << table;
    return;
  }
  std::ifstream in(kGolden);
  std::stringstream golden;
  golden << in.rdbuf();
  std::istringstream want(golden.str()), have(table);
  std::map<std::string, std::string> wanted;
  for (std::string line; std::getline(want, line);) wanted[line.substr(0, 65)] = line;
  for (std::string line; std::getline(have, line);) {
    EXPECT_EQ(wanted[line.substr(0, 65)], line) << "see the head of this file";
    wanted.erase(line.substr(0, 65));
  }
  for (const auto& [key, line] : wanted) ADD_FAILURE() << "no longer there: " << line;
}

TEST_F(RouteRights, no_summary_leaves_words_out) {
  for (const auto& route : routes())
    EXPECT_EQ(route.summary.find("…"), std::string::npos) << route.method << " " << route.pattern << ": a word that its summary lacks is refused";
}

TEST_F(RouteRights, the_cases_behind_a_filtered_figure_are_opened) {
  const http::Pairs headers{{"Authorization", "Bearer " + ward_.maker()}};
  for (const std::string list : {"/api/v1/scorecards/cases", "/api/v1/cases/rates/cases"}) {
    const auto reply = client_.request("GET", list + "?measure=response&by=kind&place=here&from=2020-01-01T00:00:00Z&to=2040-01-01T00:00:00Z&good=true",
                                       headers, "");
    EXPECT_EQ(reply.status, 200) << list << " " << reply.body;
  }
}

}  // namespace
}  // namespace lifang
