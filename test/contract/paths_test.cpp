// What stands at a path and what does not: ids that the API needs itself, and the methods that a path knows.
#include "support/http_house.hpp"

namespace lifang {
namespace {

class Paths : public testing::TestWithParam<db::Engine> {
 protected:
  Paths() : ward_(GetParam()) {
    ward_.place("here", places::Kind::compound);
    admin_ = ward_.login("root", "admin");
    EXPECT_EQ(put("devices/profiles/air", R"({"name":"空气站"})").status, 200);
  }
  http::Reply put(const std::string& target, const std::string& body) {
    return ward_.ask("PUT", "/api/v1/" + target, admin_, body);
  }
  HttpHouse ward_;
  std::string admin_;
};

TEST_P(Paths, an_id_that_is_a_word_of_the_api_is_refused_because_nobody_could_read_it) {
  const std::string device = R"({"profile":"air","place":"here"})", place = R"({"kind":"spot","name":"门","parent":"here"})";
  for (const char* id : {"board", "profiles", "ready", "commands", "board.csv", "profiles.xlsx"}) {
    const auto reply = put(std::string("devices/") + id, device);
    EXPECT_EQ(reply.status, 422) << id;
    EXPECT_EQ(HttpHouse::code_of(reply), "http.reserved_id") << id << " " << reply.body;
    EXPECT_EQ(HttpHouse::text_of(reply, "field"), "/id") << id;
  }
  for (const char* id : {"around", "outlines"})
    EXPECT_EQ(HttpHouse::code_of(put(std::string("places/") + id, place)), "http.reserved_id") << id;
  const std::string rule = R"({"name":"x","applies_to":{"profile":"air"},"severity":"info","raise":{"when":{"silent":"PT30M"}}})";
  EXPECT_EQ(HttpHouse::code_of(put("rules/ready", rule)), "http.reserved_id");
  for (const char* id : {"boards", "Board", "air.csv", "ready-2"}) {
    EXPECT_EQ(put(std::string("devices/") + id, device).status, 200) << id;
    const auto read = ward_.ask("GET", std::string("/api/v1/devices/") + id, admin_);
    EXPECT_EQ(HttpHouse::text_of(read, "id"), id) << "and it is read there";
  }
  EXPECT_EQ(put("places/board", place).status, 200) << "a word of another list is none here";
  EXPECT_EQ(put("rules/outlines", rule).status, 200);
}

TEST_P(Paths, a_login_without_the_right_is_told_that_first) {
  const std::string viewer = ward_.login("looker", "viewer", "here");
  const auto reply = ward_.ask("PUT", "/api/v1/devices/board", viewer, "{}");
  EXPECT_EQ(reply.status, 403) << reply.body;
}

TEST_P(Paths, a_method_that_a_path_does_not_know_is_told_which_it_knows) {
  const auto methods = [&](const std::string& method, const std::string& target) {
    const auto reply = ward_.ask(method, target, admin_, "{}");
    EXPECT_EQ(reply.status, 405) << target;
    return std::string(reply.header("Allow"));
  };
  EXPECT_EQ(methods("POST", "/api/v1/devices/air-1"), "GET, HEAD, PUT, DELETE");
  EXPECT_EQ(methods("DELETE", "/api/v1/devices/air-1/commands"), "POST");
  EXPECT_EQ(methods("PATCH", "/api/v1/situations"), "GET, HEAD");
  EXPECT_TRUE(ward_.ask("POST", "/api/v1/nowhere", admin_, "{}").header("Allow").empty());
}

INSTANTIATE_TEST_SUITE_P(Engines, Paths, testing::Values(db::Engine::sqlite, db::Engine::postgres),
                         [](const auto& engine) { return engine.param == db::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace lifang
