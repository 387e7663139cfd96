// Idempotency-Key over HTTP: what a repeated POST does, on both engines (contract: the first answer again, for 24 hours).
#include <thread>

#include "support/http_house.hpp"

namespace lifang {
namespace {

class Repeated : public testing::TestWithParam<db::Engine> {
 protected:
  Repeated() : ward_(GetParam()) {
    ward_.place("here", places::Kind::compound);
    admin_ = ward_.login("root", "admin");
  }
  http::Reply post(const std::string& target, const std::string& body, const std::string& key) {
    return ward_.ask("POST", target, admin_, body, {{"Idempotency-Key", key}});
  }
  std::int64_t number(const std::string& sql) {
    return ward_.house().lane.get([&](Tx& tx) { return tx.value<std::int64_t>(sql).value_or(-1); });
  }
  void later(Duration by) {
    ward_.world().clock.set(ward_.world().clock.now() + by);
    ward_.house().lane.wake();
    admin_ = ward_.enter("root");
  }
  static constexpr const char* kLeak = R"({"kind":"leak","place":"here","text":"漏水"})";
  HttpHouse ward_;
  std::string admin_;
};

TEST_P(Repeated, the_first_answer_comes_again_with_its_status_and_nothing_is_made_twice) {
  const std::string words = R"({"name":"王小明","place":"here"})";
  const auto first = post("/api/v1/people", words, "k"), second = post("/api/v1/people", words, "k");
  EXPECT_EQ(first.status, 201) << first.body;
  EXPECT_EQ(second.status, 201);
  EXPECT_EQ(second.body, first.body);
  EXPECT_EQ(number("SELECT COUNT(*) FROM people_persons"), 1);
  EXPECT_NE(HttpHouse::text_of(post("/api/v1/people", words, "other"), "id"), HttpHouse::text_of(first, "id"));
}

TEST_P(Repeated, another_body_under_the_same_key_is_refused) {
  post("/api/v1/cases", kLeak, "k");
  const auto other = post("/api/v1/cases", R"({"kind":"noise","place":"here","text":"吵"})", "k");
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(HttpHouse::code_of(other), "http.idempotency_key_reused");
  EXPECT_EQ(HttpHouse::code_of(post("/api/v1/cases", kLeak, std::string(201, 'k'))), "http.bad_idempotency_key");
}

TEST_P(Repeated, a_refusal_wrote_nothing_and_may_be_mended_under_its_key) {
  const std::string there = R"({"kind":"leak","place":"there","text":"漏水"})";
  const auto refused = post("/api/v1/cases", there, "k");
  EXPECT_GE(refused.status, 400);
  EXPECT_EQ(post("/api/v1/cases", there, "k").body, refused.body) << "asked anew, answered the same";
  ward_.place("there", places::Kind::compound);
  EXPECT_LT(post("/api/v1/cases", there, "k").status, 300);
}

TEST_P(Repeated, a_refusal_that_a_route_put_into_words_itself_is_not_kept_either) {
  const std::string words = R"({"login":"late","password":")" + std::string(HttpHouse::kPassword) + R"("})";
  const http::Pairs key = {{"Idempotency-Key", "k"}};
  EXPECT_EQ(ward_.ask("POST", "/api/v1/sessions", {}, words, key).status, 401);
  EXPECT_EQ(number("SELECT COUNT(*) FROM http_answers"), 0);
  ward_.login("late", "guard", "here");
  EXPECT_EQ(ward_.ask("POST", "/api/v1/sessions", {}, words, key).status, 200);
  const auto change = [&](const std::string& now) {
    return post("/api/v1/accounts/me/password", R"({"current":")" + now + R"(","password":"another horse 9"})", "p");
  };
  EXPECT_EQ(change("not this one").status, 422);
  EXPECT_EQ(number("SELECT COUNT(*) FROM http_answers"), 0);
}

TEST_P(Repeated, after_a_day_a_key_is_new_and_what_was_kept_is_gone) {
  post("/api/v1/cases", kLeak, "k");
  later(std::chrono::hours(23));
  const std::string body = post("/api/v1/cases", kLeak, "k").body;
  EXPECT_EQ(number("SELECT COUNT(*) FROM cases"), 1);
  later(std::chrono::minutes(61));
  while (number("SELECT COUNT(*) FROM http_answers") > 0) std::this_thread::yield();  // the hourly sweep
  EXPECT_NE(post("/api/v1/cases", kLeak, "k").body, body);
}

TEST_P(Repeated, a_secret_is_made_once_and_kept_nowhere) {
  const std::string words = R"({"name":"bins","rights":["places.read"]})";
  const auto first = post("/api/v1/accounts/keys", words, "k");
  ASSERT_EQ(first.status, 201) << first.body;
  const auto second = post("/api/v1/accounts/keys", words, "k");
  EXPECT_EQ(second.status, 409);
  EXPECT_EQ(HttpHouse::code_of(second), "http.answered_once");
  EXPECT_EQ(second.body.find("lf_"), std::string::npos);
  EXPECT_EQ(parse_json(ward_.ask("GET", "/api/v1/accounts/keys", admin_).body).at("items").as_array().size(), 1U);
}

TEST_P(Repeated, only_posts_are_remembered) {
  const http::Pairs key = {{"Idempotency-Key", "k"}};
  for (const char* name : {"a", "b"})
    EXPECT_EQ(ward_.ask("PUT", "/api/v1/places/west", admin_, R"({"kind":"compound","name":")" + std::string(name) + "\"}", key).status, 200);
  EXPECT_EQ(HttpHouse::text_of(ward_.ask("GET", "/api/v1/places/west", admin_), "name"), "b");
}

INSTANTIATE_TEST_SUITE_P(Engines, Repeated, testing::Values(db::Engine::sqlite, db::Engine::postgres),
                         [](const auto& engine) { return engine.param == db::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace lifang
