// Nobody's name, phone or identity number stands in any answer to a GET for whoever does not give the right and a purpose:
// one made-up resident is put wherever the house knows people, and every route is asked by every supplied role.
#include <fmt/format.h>

#include <map>
#include <set>
#include <sstream>
#include <thread>

#include "support/http_house.hpp"

namespace lifang {
namespace {

const std::string kName = "欧阳若兰", kPhone = "13800138000", kIdentity = "330106195103020024";
const std::vector<std::string> kRoles = {"admin", "operator", "street",   "community", "property",   "bureau",   "guard",
                                         "worker", "doctor",  "merchant", "integrator", "resident", "viewer"};

class Masking : public testing::Test {
 protected:
  Masking() {
    ward_.place("xihu", places::Kind::district);
    ward_.place("here", places::Kind::compound, "xihu");
    ward_.place("here-1", places::Kind::home, "here");
    admin_ = ward_.login("root", "admin");
    person_ = made("/api/v1/people", fmt::format(R"({{"name":"{}","phone":"{}","identity":"{}","birth":"1951-03-02","place":"here-1"}})",
                                                 kName, kPhone, kIdentity));
    ids_["/api/v1/people"] = person_;
    const std::string friend_ = made("/api/v1/people", R"({"name":"李四","place":"here"})");
    const std::string household = made("/api/v1/people/households", R"({"place":"here-1"})");
    ids_["/api/v1/people/households"] = household;
    made("/api/v1/people/households/" + household + "/members", fmt::format(R"({{"person":"{}","role":"owner"}})", person_));
    ids_["/api/v1/people/helpers"] =
        made("/api/v1/people/helpers", fmt::format(R"({{"person":"{}","helper":"{}","scope":["report"]}})", person_, friend_));
    put("/api/v1/people/organisations/estate", R"({"kind":"property_company","name":"物业","place":"here"})");
    own_ = ward_.login("her-own", "resident", "here", person_);
    ids_["/api/v1/accounts"] =
        made("/api/v1/accounts", fmt::format(R"({{"login":"ou-yang","name":"{}","role":"guard","place":"here","person":"{}"}})", kName, person_));
    work();
    for (const std::string& role : kRoles) tokens_[role] = ward_.login(role + "-login", role, "here");
  }
  /// She is on duty, reports, holds, is told, rings, stands in a form and in a list that was brought.
  void work() {
    for (const char* post : {"guard", "repairer", "estate-office", "community-office", "district-command"})
      put(std::string("/api/v1/rosters/posts/") + post, R"({"name":"岗","organisation":"estate"})");
    for (const char* post : {"guard", "repairer", "district-command"})
      put(std::string("/api/v1/rosters/shifts/s-") + post,
          fmt::format(R"({{"post":"{}","place":"here","organisation":"estate","persons":["{}"],"from":"00:00","to":"24:00"}})", post, person_));
    ids_["/api/v1/rosters/shifts"] = "s-guard";
    ids_["/api/v1/rosters/handovers"] = made("/api/v1/rosters/handovers", R"({"post":"guard","place":"here","note":"钥匙在抽屉里"})");
    ids_["/api/v1/rosters/absences"] = made("/api/v1/rosters/absences", fmt::format(
        R"({{"person":"{}","from":"2030-01-01T00:00:00Z","until":"2030-01-02T00:00:00Z"}})", person_));
    put("/api/v1/rosters/points/gate", R"({"name":"东门","place":"here"})");
    put("/api/v1/rosters/routes/evening", R"({"name":"夜巡","place":"here","points":["gate"]})");
    put("/api/v1/rosters/plans/nightly", R"({"route":"evening","post":"guard","times":["20:00"],"within":"PT30M"})");
    const std::string id = made("/api/v1/cases", fmt::format(
        R"({{"kind":"leak","place":"here","text":"漏水","reporter":{{"person":"{}","channel":"call"}}}})", person_));
    ids_["/api/v1/cases"] = id;
    made("/api/v1/cases", R"({"kind":"lift-trapped","place":"here","text":"有人被困"})");
    made("/api/v1/notices", fmt::format(R"({{"title":"请来一趟","text":"有事","place":"here","persons":["{}"]}})", person_));
    put("/api/v1/affairs/forms/meals", R"({"name":"助餐","subject":"person","columns":[{"heading":"姓名","source":"person.name"},)"
                                       R"({"heading":"联系电话","source":"person.phone"},{"heading":"是否助餐","source":"ask"}]})");
    ids_["/api/v1/affairs/forms"] = "meals";
    ids_["/api/v1/affairs/runs"] = made("/api/v1/affairs/runs", R"({"form":"meals","place":"here"})");
  }
  std::string made(const std::string& target, const std::string& body) {
    const auto reply = ward_.ask("POST", target, admin_, body);
    EXPECT_LT(reply.status, 300) << target << " " << reply.body;
    return HttpHouse::text_of(reply, "id");
  }
  void put(const std::string& target, const std::string& body) {
    const auto reply = ward_.ask("PUT", target, admin_, body);
    EXPECT_EQ(reply.status, 200) << target << " " << reply.body;
  }
  std::string target_of(const std::string& pattern) const { return HttpHouse::target_of(pattern, ids_); }
  /// What of her stands plainly in an answer.
  static std::string plain_in(const std::string& body) {
    std::string found;
    for (const std::string& what : {kName, kPhone, kIdentity})
      if (body.find(what) != std::string::npos) found += what + " ";
    return found;
  }

  HttpHouse ward_;
  std::string admin_, person_, own_;
  std::map<std::string, std::string> ids_, tokens_;
};

TEST_F(Masking, no_list_and_no_item_shows_a_resident_plainly_to_any_role) {
  // Whoever looks finds her in her own answers: the search below can fail.
  EXPECT_NE(plain_in(ward_.ask("GET", "/api/v1/people/me", own_).body), "");
  std::set<std::string> answered;
  for (const auto& route : ward_.house().routes->all()) {
    if (route.method != "GET" || route.pattern == "/api/v1/live") continue;
    const std::string target = target_of(route.pattern);
    for (const std::string& role : kRoles)
      for (const std::string& form : {target, target + ".csv", target + "?limit=500&count=true&place=here"}) {
        const auto reply = ward_.ask("GET", form, tokens_.at(role));
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
  const std::string guard = tokens_.at("guard");
  const auto reveal = [&](const std::string& token, http::Pairs headers) {
    return ward_.ask("POST", "/api/v1/people/" + person_ + "/reveal", token, R"({"fields":["name","phone"]})", std::move(headers));
  };
  const auto views = [&] {
    const auto log = parse_json(ward_.ask("GET", "/api/v1/audit/views/me?limit=100", own_).body);
    return log.at("items").as_array().size();
  };
  const auto before = views();
  EXPECT_EQ(plain_in(reveal(guard, {}).body), "") << "without a purpose";
  EXPECT_EQ(plain_in(reveal(guard, {{"X-Purpose", "marketing"}}).body), "") << "for a purpose that is not theirs";
  EXPECT_EQ(plain_in(reveal(tokens_.at("worker"), {{"X-Purpose", "case"}}).body), "") << "without the right";
  EXPECT_EQ(plain_in(reveal(tokens_.at("resident"), {{"X-Purpose", "case"}}).body), "");
  EXPECT_EQ(plain_in(ward_.ask("GET", "/api/v1/people/" + person_, guard, {}, {{"X-Purpose", "case"}}).body), "")
      << "a purpose on a plain GET reveals nothing unlogged";
  EXPECT_EQ(views(), before);
  const auto shown = reveal(guard, {{"X-Purpose", "case"}});
  EXPECT_NE(shown.body.find(kPhone), std::string::npos) << shown.body;
  // The log hears of it in the lane's next transaction.
  for (int i = 0; i < 10'000 && views() == before; ++i) std::this_thread::yield();
  EXPECT_EQ(views(), before + 1) << "she reads who looked";
}

}  // namespace
}  // namespace lifang
