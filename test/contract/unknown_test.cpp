// Words of a request that name what is not there are refused, instead of being answered with nothing for ever.
#include "support/http_house.hpp"

namespace lifang {
namespace {

class Unknown : public testing::TestWithParam<db::Engine> {
 protected:
  Unknown() : ward_(GetParam()) {
    ward_.place("here", places::Kind::compound);
    admin_ = ward_.login("root", "admin");
  }
  http::Reply get(const std::string& target) { return ward_.ask("GET", "/api/v1/" + target, admin_); }
  HttpHouse ward_;
  std::string admin_;
};

TEST_P(Unknown, a_place_that_there_is_not_is_no_empty_list) {
  for (const std::string list :
       {"devices", "devices/board", "situations", "situations/board", "cases", "cases/board", "cases/rates", "places",
        "places/around", "places/outlines", "evaluations", "readings/latest", "readings/detections", "people",
        "people/households", "people/organisations", "audit", "accounts", "rosters/shifts", "rosters/handovers",
        "rosters/tasks", "drills", "scorecards", "exchange/hotline", "sessions/me"}) {
    const auto typo = get(list + "?place=heer");
    EXPECT_EQ(typo.status, 422) << list << " " << typo.body;
    EXPECT_EQ(HttpHouse::code_of(typo), "places.unknown") << list;
    EXPECT_EQ(HttpHouse::text_of(typo, "field"), "?place") << list;
    const auto right = get(list + "?place=here");
    EXPECT_EQ(right.status, 200) << list << " " << right.body;
  }
}

TEST_P(Unknown, a_webhook_hears_only_rooms_that_there_are) {
  const auto put = [&](const std::string& topics) {
    return ward_.ask("PUT", "/api/v1/notices/webhooks/desk", admin_,
                     R"({"url":"https://hook.example/","topics":)" + topics + "}");
  };
  for (const char* topics : {R"(["nosuchroom"])", R"(["case.opened"])", R"([".opened"])"}) {
    const auto refused = put(topics);
    EXPECT_EQ(refused.status, 422) << topics << " " << refused.body;
    EXPECT_EQ(HttpHouse::code_of(refused), "notices.bad_topic") << topics;
    EXPECT_EQ(HttpHouse::text_of(refused, "field"), "/topics/0") << topics;
  }
  EXPECT_EQ(HttpHouse::text_of(put(R"(["cases","casez"])"), "field"), "/topics/1");
  EXPECT_EQ(get("notices/webhooks/desk").status, 404);
  EXPECT_LT(put(R"(["cases","situations.opened","devices"])").status, 300);
}

INSTANTIATE_TEST_SUITE_P(Engines, Unknown, testing::Values(db::Engine::sqlite, db::Engine::postgres),
                         [](const auto& engine) { return engine.param == db::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace lifang
