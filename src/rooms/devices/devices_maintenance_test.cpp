// A maintenance window over HTTP: made, looked at, ended, and looked at again.
#include "support/http_house.hpp"

namespace lifang::devices {
namespace {

class MaintenanceOverHttp : public testing::TestWithParam<db::Engine> {
 protected:
  MaintenanceOverHttp() : ward_(GetParam()) {
    ward_.place("here", places::Kind::compound);
    admin_ = ward_.login("root", "admin");
    EXPECT_EQ(ask("PUT", "profiles/air", R"({"name":"空气站"})").status, 200);
    for (const char* id : {"air-1", "air-2"}) EXPECT_EQ(ask("PUT", id, R"({"profile":"air","place":"here"})").status, 200);
  }
  http::Reply ask(const std::string& method, const std::string& target, const std::string& body = {}) {
    return ward_.ask(method, "/api/v1/devices/" + target, admin_, body);
  }
  /// @returns the window's id
  std::string maintain(Duration from, Duration to) {
    const Time now = ward_.world().clock.now();
    const auto made = ask("POST", "air-1/maintenance", R"({"begins":")" + to_rfc3339(now + from) + R"(","ends":")" +
                                                           to_rfc3339(now + to) + R"(","reason":"换滤膜"})");
    EXPECT_EQ(made.status, 200) << made.body;
    return HttpHouse::text_of(made, "id");
  }
  HttpHouse ward_;
  std::string admin_;
};

TEST_P(MaintenanceOverHttp, a_window_has_an_address_and_an_end) {
  const std::string window = "air-1/maintenance/" + maintain(std::chrono::hours(0), std::chrono::hours(5));
  EXPECT_FALSE(parse_json(ask("GET", window).body).as_object().contains("ended_at"));
  const auto ended = ask("POST", window + "/end");
  EXPECT_EQ(ended.status, 200) << ended.body;
  EXPECT_EQ(HttpHouse::text_of(ended, "ends"), to_rfc3339(ward_.world().clock.now()));
  EXPECT_EQ(ask("GET", window).body, ended.body);
  const auto again = ask("POST", window + "/end");
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(HttpHouse::code_of(again), "devices.window_over");
}

TEST_P(MaintenanceOverHttp, another_device_has_no_such_window) {
  const std::string id = maintain(std::chrono::hours(1), std::chrono::hours(2));
  for (const std::string& window : {"air-2/maintenance/" + id, std::string("air-1/maintenance/nonsense")}) {
    EXPECT_EQ(HttpHouse::code_of(ask("GET", window)), "devices.unknown_window") << window;
    const auto refused = ask("POST", window + "/end", "{}");
    EXPECT_EQ(refused.status, 404) << window;
    EXPECT_EQ(HttpHouse::code_of(refused), "devices.unknown_window") << window;
  }
  const auto withdrawn = ask("POST", "air-1/maintenance/" + id + "/end");
  EXPECT_EQ(HttpHouse::text_of(withdrawn, "ends"), HttpHouse::text_of(withdrawn, "begins"));
}

INSTANTIATE_TEST_SUITE_P(Engines, MaintenanceOverHttp, testing::Values(db::Engine::sqlite, db::Engine::postgres),
                         [](const auto& engine) { return engine.param == db::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace lifang::devices
