// The live stream: every supplied role × every room × inside and outside of its place, against what may be heard; then what
// two neighbours hear of each other, and what a login that ended hears.
#include <fmt/format.h>

#include <atomic>
#include <map>
#include <thread>

#include "house_live.hpp"
#include "platform/bus/typed.hpp"
#include "rooms/accounts/accounts_rules.hpp"
#include "support/live_node.hpp"

namespace lifang {
namespace {

const std::vector<std::string> kRoles = {"admin", "operator", "street",   "community", "property",   "bureau",   "guard",
                                         "worker", "doctor",  "merchant", "integrator", "resident", "viewer"};
const std::vector<std::string> kRooms = {"places",     "people",  "accounts", "files",   "audit",    "devices", "readings",
                                         "rules",      "situations", "rosters", "cases",  "actions",  "notices", "evaluations",
                                         "exchange",   "drills",  "imports",  "affairs", "scorecards"};

struct Heard {
  int status = 0;
  std::string all;  ///< everything that was said
};

class LiveStream : public testing::Test {
 protected:
  LiveStream() {
    admin_ = node_.enter();
    put("/api/v1/places/xihu", R"({"kind":"district","name":"西湖区"})");
    for (const char* compound : {"here", "there"}) {
      put(fmt::format("/api/v1/places/{}", compound), R"({"kind":"compound","name":"小区","parent":"xihu"})");
      put(fmt::format("/api/v1/places/{}-1", compound), fmt::format(R"({{"kind":"home","name":"101","parent":"{}"}})", compound));
    }
    put("/api/v1/people/organisations/estate", R"({"kind":"property_company","name":"物业","place":"here"})");
    for (const char* post : {"guard", "repairer", "district-command"})
      put(fmt::format("/api/v1/rosters/posts/{}", post), R"({"name":"岗","organisation":"estate"})");
    guard_ = person("李强");
    for (const char* post : {"guard", "repairer", "district-command"})
      put(fmt::format("/api/v1/rosters/shifts/s-{}", post),
          fmt::format(R"({{"post":"{}","place":"{}","organisation":"estate","persons":["{}"],"from":"00:00","to":"24:00"}})", post,
                      std::string(post) == "district-command" ? "xihu" : "here", guard_));
    first_ = person("王建国");
    second_ = person("欧阳若兰");
  }
  std::string made(const std::string& target, const std::string& body, const std::string& token) {
    const auto reply = node_.ask("POST", target, token, body);
    EXPECT_LT(reply.status, 300) << target << " " << reply.body;
    return HttpName::of(reply, "id");
  }
  void put(const std::string& target, const std::string& body) {
    const auto reply = node_.ask("PUT", target, admin_, body);
    EXPECT_EQ(reply.status, 200) << target << " " << reply.body;
  }
  std::string person(const std::string& name) { return made("/api/v1/people", R"({"name":")" + name + R"(","place":"here"})", admin_); }
  std::string login(const std::string& name, const std::string& role, const std::string& place, const std::string& person = {}) {
    const std::string more = person.empty() ? "" : R"(,"person":")" + person + "\"";
    made("/api/v1/accounts", fmt::format(R"({{"login":"{}","role":"{}","place":"{}","password":"{}"{}}})", name, role, place, kPassword, more), admin_);
    const auto reply = node_.ask("POST", "/api/v1/sessions", {}, fmt::format(R"({{"login":"{}","password":"{}"}})", name, kPassword));
    EXPECT_EQ(reply.status, 200) << reply.body;
    return HttpName::of(reply, "token");
  }
  void tell(const std::string& topic, const std::string& path) {
    House& house = node_.house();
    house.lane.now([&](Tx& tx) { house.bus.tell(tx, topic, R"({"n":1})", {"noise", path, {}, {}}); });
  }
  /// All of the past and present of these topics until `last` is told.
  Heard hear(const std::string& token, const std::string& topics, const std::string& last) {
    Heard heard;
    const http::Pairs headers{{"Authorization", "Bearer " + token}, {"Last-Event-ID", "0"}};
    const auto reply = http::Client(node_.origin()).events("/api/v1/live?topics=" + topics, headers, [&](const http::Event& event) {
      heard.all += event.name + " " + event.data + "\n";
      return event.name != last;
    });
    heard.status = reply.status;
    return heard;
  }
  struct HttpName {
    static std::string of(const http::Reply& reply, const char* name) {
      const auto answer = parse_json(reply.body);
      const auto* found = answer.is_object() ? answer.get_object().if_contains(name) : nullptr;
      return found && found->is_string() ? std::string(found->get_string()) : "";
    }
  };

  static constexpr const char* kPassword = "gate-and-lane-77";
  LiveNode node_;
  std::string admin_, guard_, first_, second_;
};

TEST_F(LiveStream, every_role_hears_the_rooms_that_it_may_read_and_of_its_own_place_alone) {
  for (const std::string& room : kRooms) {
    tell(room + ".noise_there", "/xihu/there/");
    tell(room + ".noise_here", "/xihu/here/");
    tell(room + ".end", "/xihu/here/");
    tell(room + ".end", "/xihu/there/");
  }
  std::map<std::string, const accounts::SuppliedRole*> supplied;
  for (const auto& role : accounts::supplied_roles()) supplied[std::string(role.id)] = &role;
  int heard_at_all = 0;
  for (const std::string& role : kRoles) {
    std::vector<Grant> grants;
    for (const auto right : supplied.at(role)->rights) grants.push_back({std::string(right), "/xihu/here/"});
    for (const std::string side : {"here", "there"}) {
      const std::string token = login(role + "-" + side, role, side);
      for (const std::string& room : kRooms) {
        // A bureau hears of these what names it alone, and never what ends this test (cases_bureau_test.cpp).
        if (role == "bureau" && (room == "cases" || room == "evaluations")) continue;
        const auto heard = hear(token, room, room + ".end");
        const bool may = accounts::holds(grants, room + ".read", "/xihu/here/");
        EXPECT_EQ(heard.status, may ? 200 : 403) << role << " " << room;
        const std::string other = side == "here" ? "there" : "here";
        EXPECT_EQ(heard.all.find(".noise_" + other), std::string::npos) << role << "@" << side << " hears of " << other;
        EXPECT_EQ(heard.all.find("/xihu/" + other), std::string::npos) << role << "@" << side << "\n" << heard.all;
        EXPECT_EQ(heard.all.find(".noise_" + side) != std::string::npos, may) << role << "@" << side << " " << room;
        heard_at_all += may;
      }
    }
  }
  EXPECT_GT(heard_at_all, 100);
}

TEST_F(LiveStream, neighbours_hear_their_own_inbox_and_nothing_of_each_other) {
  const std::string first = login("first", "resident", "here", first_), second = login("second", "resident", "here", second_);
  const std::string guard = login("guard", "guard", "here", guard_);
  const std::string report = R"({"kind":"leak","place":"here-1","text":"漏水"})", help = R"({"kind":"sos","place":"here-1","text":"救命"})";
  const std::string case_ = made("/api/v1/cases", report, first);
  const std::string other = made("/api/v1/cases", R"({"kind":"noise","place":"here","text":"吵"})", second);
  const auto rang = node_.ask("POST", "/api/v1/cases", second, help);
  ASSERT_LT(rang.status, 300) << rang.body;
  for (const auto& [who, person] : {std::pair("first", first_), std::pair("second", second_)})
    EXPECT_LT(node_.ask("POST", "/api/v1/notices", admin_, fmt::format(R"({{"title":"给{}","text":"请来","place":"here","persons":["{}"]}})", who, person)).status, 300);
  EXPECT_LT(node_.ask("POST", "/api/v1/notices", admin_, R"({"title":"给岗位","text":"请来","place":"here","posts":["guard"]})").status, 300);
  node_.house().lane.now([](Tx&) {});
  const auto settled = [&] { return hear(admin_, "notices", "notices.end").all; };
  tell("notices.end", "/xihu/here/");
  ASSERT_NE(settled().find("notices.ringing"), std::string::npos) << "something rang: " << settled();
  for (const auto& [token, own, theirs] : {std::tuple(first, first_, second_), std::tuple(second, second_, first_)}) {
    const std::string all = hear(token, "notices", "notices.end").all;
    EXPECT_NE(all.find(own), std::string::npos) << "their own inbox: " << all;
    EXPECT_EQ(all.find(theirs), std::string::npos) << all;
    EXPECT_EQ(all.find(guard_), std::string::npos) << "whom it rings: " << all;
    EXPECT_EQ(all.find("notices.ring"), std::string::npos) << all;
    EXPECT_EQ(all.find("\"post\":\""), std::string::npos) << all;
    for (const std::string& id : {case_, other, HttpName::of(rang, "id")}) EXPECT_EQ(all.find(id), std::string::npos) << all;
    for (const char* room : {"cases", "situations", "people", "accounts", "rosters", "audit"})
      EXPECT_EQ(hear(token, std::string("notices,") + room, "notices.end").status, 403) << room << ": refused as a whole";
  }
  const std::string staff = hear(guard, "notices", "notices.end").all;
  EXPECT_NE(staff.find("notices.ringing"), std::string::npos) << "it rings at the guard";
  EXPECT_EQ(staff.find("\"person\":\"" + first_), std::string::npos) << "not what is in a resident's inbox: " << staff;
  // What rings is no list for residents either, nor for whoever reads notices without reading cases.
  const std::string doctor = login("doctor", "doctor", "here");
  for (const std::string& token : {first, second, doctor})
    EXPECT_EQ(parse_json(node_.ask("GET", "/api/v1/notices/rings?count=true", token).body).at("count").as_int64(), 0);
  const auto rings = parse_json(node_.ask("GET", "/api/v1/notices/rings", guard).body);
  ASSERT_FALSE(rings.at("items").as_array().empty());
  const std::string ring(rings.at("items").as_array()[0].at("id").as_string());
  EXPECT_EQ(node_.ask("GET", "/api/v1/notices/rings/" + ring, guard).status, 200);
  for (const std::string& token : {first, second, doctor}) EXPECT_EQ(node_.ask("GET", "/api/v1/notices/rings/" + ring, token).status, 404);
}

TEST_F(LiveStream, whose_login_ended_or_lost_its_rights_hears_nothing_more) {
  const std::string viewer = login("viewer", "viewer", "here");
  for (const bool logs_out : {true, false}) {
    const std::string token = logs_out ? viewer : HttpName::of(node_.ask("POST", "/api/v1/sessions", {}, fmt::format(R"({{"login":"viewer","password":"{}"}})", kPassword)), "token");
    std::string all;
    std::atomic<bool> hears{false}, over{false};
    std::thread listener([&] {
      http::Client(node_.origin()).events("/api/v1/live?topics=situations", {{"Authorization", "Bearer " + token}}, [&](const http::Event& event) {
        all += event.name + "\n";
        hears = true;
        return true;
      });
      over = true;
    });
    while (!hears) {
      tell("situations.before", "/xihu/here/");
      std::this_thread::yield();
    }
    if (logs_out) {
      EXPECT_LT(node_.ask("DELETE", "/api/v1/sessions/me", token).status, 300);
    } else {
      const auto me = parse_json(node_.ask("GET", "/api/v1/accounts?login=viewer", admin_).body).at("items").as_array()[0];
      const std::string account(me.at("id").as_string()), assignment(me.at("assignments").as_array()[0].at("id").as_string());
      EXPECT_LT(node_.ask("DELETE", "/api/v1/accounts/" + account + "/assignments/" + assignment, admin_).status, 300);
    }
    tell("situations.after", "/xihu/here/");
    listener.join();  // the node ended it
    EXPECT_TRUE(over);
    EXPECT_EQ(all.find("situations.after"), std::string::npos);
    EXPECT_EQ(node_.ask("GET", "/api/v1/live?topics=situations", token).status, logs_out ? 401 : 403);
  }
}

// ---- the rule itself ---------------------------------------------------------------------------------------------------

TEST(MayHear, holds_back_inboxes_rings_and_the_log_of_views) {
  const auto told = [](const std::string& topic, const std::string& body) { return bus::Told{1, {}, topic, "x", "/here/", {}, {}, body}; };
  const Caller resident{"account_r", "person_r", "r", {}, {}, {{"notices.read", "/here/"}}};
  const Caller nobody{"account_n", {}, "n", {}, {}, {{"notices.read", "/here/"}}};
  const Caller guard{"account_g", "person_g", "g", {}, {}, {{"notices.read", "/here/"}, {"cases.read", "/here/"}, {"cases.handle", "/here/"}}};
  const Caller elsewhere{"account_e", "person_e", "e", {}, {}, {{"notices.read", "/"}, {"cases.read", "/there/"}, {"cases.handle", "/there/"}}};
  const auto own = told("notices.arrived", R"({"notice":"n","person":"person_r","post":null,"urgent":false})");
  const auto longer = told("notices.arrived", R"({"notice":"n","person":"person_r2","post":null,"urgent":false})");
  const auto account = told("notices.arrived", R"({"notice":"n","person":"account_n","post":null,"urgent":false})");
  const auto post = told("notices.arrived", R"({"notice":"n","person":null,"post":"guard","urgent":false})");
  EXPECT_TRUE(may_hear(resident, own));
  EXPECT_FALSE(may_hear(resident, longer)) << "an id that begins like theirs is another's";
  EXPECT_FALSE(may_hear(guard, own));
  EXPECT_TRUE(may_hear(nobody, account)) << "staff without a person are known by their account";
  EXPECT_FALSE(may_hear(resident, account));
  EXPECT_TRUE(may_hear(guard, post));
  EXPECT_FALSE(may_hear(resident, post));
  EXPECT_FALSE(may_hear(elsewhere, post));
  const auto ring = told("notices.ringing", R"({"ring":"r","case":"c","person":"person_g","step":1,"drill":false})");
  EXPECT_TRUE(may_hear(guard, ring));
  EXPECT_FALSE(may_hear(resident, ring));
  EXPECT_FALSE(may_hear(elsewhere, ring));
  const Caller clerk{"account_c", {}, "c", {}, {}, {{"people.read", "/"}}}, auditor{"account_a", {}, "a", {}, {}, {{"people.read", "/"}, {"audit.read", "/"}}};
  for (const char* topic : {"people.revealed", "people.searched", "people.exported"}) {
    EXPECT_FALSE(may_hear(clerk, told(topic, "{}")));
    EXPECT_TRUE(may_hear(auditor, told(topic, "{}")));
  }
  EXPECT_TRUE(may_hear(clerk, told("people.kept", "{}")));
}

}  // namespace
}  // namespace lifang
