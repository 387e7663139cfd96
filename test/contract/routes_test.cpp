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

#include "rooms/accounts/accounts_rules.hpp"
#include "support/http_house.hpp"
#include "support/paths.hpp"

namespace lifang {
namespace {

const std::string kGolden = source_dir() + "/test/contract/rights.golden";
const std::vector<std::string> kRoles = {"admin", "operator", "street",   "community", "property",   "bureau",   "guard",
                                         "worker", "doctor",  "merchant", "integrator", "resident", "viewer"};

class RouteRights : public testing::Test {
 protected:
  RouteRights() {
    ward_.place("here", places::Kind::compound);
    ward_.place("there", places::Kind::compound);
    admin_ = ward_.login("root", "admin");
    const auto made = [&](const std::string& target, const std::string& body) {
      const auto reply = ward_.ask("POST", target, admin_, body);
      EXPECT_LT(reply.status, 300) << target << " " << reply.body;
      return HttpHouse::text_of(reply, "id");
    };
    const std::string person = made("/api/v1/people", R"({"name":"王小明","place":"here"})");
    ids_["/api/v1/places"] = "here";
    ids_["/api/v1/people"] = person;
    ids_["/api/v1/people/households"] = made("/api/v1/people/households", R"({"place":"here"})");
    ids_["/api/v1/people/organisations"] = "estate";
    ids_["/api/v1/people/tags"] = "volunteer";
    ids_["/api/v1/accounts"] = made("/api/v1/accounts", R"({"login":"gate","role":"worker","place":"here"})");
    ids_["/api/v1/accounts/roles"] = "guard";
    ids_["/api/v1/audit"] = "1";
    ids_["/api/v1/devices/profiles"] = "lift";
    ids_["/api/v1/devices"] = "lift-1";
    put("/api/v1/people/organisations/estate", R"({"kind":"property_company","name":"物业","place":"here"})");
    put("/api/v1/devices/profiles/lift", R"({"name":"电梯","metrics":[]})");
    put("/api/v1/devices/lift-1", R"({"profile":"lift","place":"here","secret":"a-long-secret"})");
    put("/api/v1/rules/dust", R"({"name":"扬尘","applies_to":{"place":"here"},"severity":"warning",
      "raise":{"when":{"metric":"pm25","op":">","value":150}}})");
    ids_["/api/v1/rules"] = "dust";
    ids_["/api/v1/cases"] = made("/api/v1/cases", R"({"kind":"noise","place":"here","text":"夜里施工"})");
    ids_["/api/v1/cases/kinds"] = "noise";
    ids_["/api/v1/rosters/posts"] = "guard";
    for (const std::string& role : kRoles)
      for (const std::string where : {"here", "there", ""}) tokens_[role + "@" + where] = ward_.login(role + "-" + where, role, where);
  }
  void put(const std::string& target, const std::string& body) {
    const auto reply = ward_.ask("PUT", target, admin_, body);
    EXPECT_EQ(reply.status, 200) << target << " " << reply.body;
  }
  std::string target_of(const std::string& pattern) const { return HttpHouse::target_of(pattern, ids_); }
  http::Reply ask(const http::Routes::Route& route, const std::string& token) {
    return ward_.ask(route.method, target_of(route.pattern), token, route.method == "GET" ? "" : "{}");
  }
  /// A route that may end the session that asks.
  static bool ends_sessions(const std::string& pattern) {
    static const std::set<std::string> also = {"/api/v1/accounts/{id}/close", "/api/v1/accounts/{id}/password", "/api/v1/accounts/me/password"};
    return pattern.find("/sessions") != std::string::npos || also.contains(pattern);
  }
  static int order(const http::Routes::Route& route) {
    if (route.method == "GET") return 0;
    return route.method == "DELETE" || route.pattern.ends_with("/erase") ? 2 : 1;
  }
  /// + it did not matter who asked, - forbidden, 0 nothing there (or nothing that this login may see).
  static char letter(int status) {
    if (status == 401) return '?';
    if (status == 403) return '-';
    return status == 404 ? '0' : '+';
  }

  HttpHouse ward_;
  std::string admin_;
  std::map<std::string, std::string> ids_;
  std::map<std::string, std::string> tokens_;
};

TEST_F(RouteRights, nobody_gets_in_without_a_login_but_where_anyone_may) {
  std::set<std::string> open = {"POST /api/v1/sessions", "POST /api/v1/sessions/pin", "GET /api/v1/sessions/ways",
                                "POST /api/v1/sessions/code", "POST /api/v1/sessions/code/ask", "GET /api/v1/sessions/wechat",
                                "POST /api/v1/sessions/wechat", "GET /api/v1/files/{id}/content", "GET /open311/v2/services/{id}",
                                "GET /open311/v2/requests/{id}", "GET /open311/v2/tokens/{id}"};
  for (const std::string suffix : {"", ".json", ".xml"})
    open.merge(std::set<std::string>{"GET /open311/v2/services" + suffix, "GET /open311/v2/requests" + suffix,
                                     "POST /open311/v2/requests" + suffix});
  std::set<std::string> found;
  for (const auto& route : ward_.house().routes->all()) {
    const std::string name = route.method + " " + route.pattern;
    if (route.right == http::kAnyone) {
      found.insert(name);
    } else {
      EXPECT_EQ(ask(route, "").status, 401) << name;
    }
    EXPECT_EQ(ask(route, "lfs_made_up").status, 401) << name;
  }
  EXPECT_EQ(found, open) << "a route for anyone is named here on purpose";
}

TEST_F(RouteRights, every_route_lets_in_the_roles_of_the_golden_table) {
  std::map<std::string, std::vector<Grant>> grants;
  for (const auto& role : accounts::supplied_roles())
    for (const auto right : role.rights) grants[std::string(role.id)].push_back({std::string(right), "/here/"});
  std::string table = "# Roles from left to right:";
  for (const std::string& role : kRoles) table += " " + role;
  table += "\n# + let in, - forbidden (403), 0 nothing there or out of sight (404); first over the place that holds the "
           "things asked for, then over another, then over the whole district (asked last: what the first removed is gone).\n";
  // What destroys comes last, and the mighty after the weak, so that everybody finds the same things.
  auto routes = ward_.house().routes->all();
  std::stable_sort(routes.begin(), routes.end(), [](const auto& a, const auto& b) { return order(a) < order(b); });
  for (const auto& route : routes) {
    if (ends_sessions(route.pattern) && route.method != "GET") continue;  // these end the logins that ask; own tests
    constexpr const char* kSides[] = {"@here", "@there", "@"};
    std::array<std::string, 3> letters;
    letters.fill(std::string(kRoles.size(), ' '));
    for (const std::size_t side : {1U, 0U, 2U})
      for (std::size_t i = kRoles.size(); i-- > 0;) {
        const std::string& role = kRoles[i];
        const int status = ask(route, tokens_.at(role + kSides[side])).status;
        EXPECT_LT(status, 500) << route.method << " " << route.pattern << " as " << role;
        letters[side][i] = letter(status);
        const bool named = route.right != http::kAnyone && route.right != http::kAnyLogin;
        if (named && !accounts::holds(grants[role], route.right, "/here/")) {
          EXPECT_EQ(status, 403) << route.method << " " << route.pattern << " as " << role << ", who lacks " << route.right;
        }
      }
    table += fmt::format("{:<6} {:<58} {:<18} {} {} {}\n", route.method, route.pattern,
                         route.right.empty() ? "(anyone)" : route.right == http::kAnyLogin ? "(any login)" : route.right,
                         letters[0], letters[1], letters[2]);
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

}  // namespace
}  // namespace lifang
