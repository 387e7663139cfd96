// What the almanac's routes say: false alarms, and milder rules that would have spared them.
#include "support/http_house.hpp"

namespace lifang::rules {
namespace {

constexpr const char* kDust = R"({"name":"扬尘","applies_to":{"profile":"air"},"severity":"warning",
  "raise":{"when":{"metric":"pm25","op":">","value":150}},"clear":{"when":{"metric":"pm25","op":"<","value":115}}})";

class RulesRoutes : public testing::TestWithParam<db::Engine> {
 protected:
  RulesRoutes() : ward_(GetParam()), admin_(ward_.login("root", "admin")) {
    must("PUT", "/api/v1/places/gate", R"({"kind":"spot","name":"大门"})");
    must("PUT", "/api/v1/devices/profiles/air", R"({"name":"空气站","metrics":[{"id":"pm25"}]})");
    must("PUT", "/api/v1/devices/station", R"({"profile":"air","place":"gate"})");
    must("PUT", "/api/v1/rules/dust", kDust);
    must("POST", "/api/v1/rules/dust/activate");
  }
  boost::json::value must(const std::string& method, const std::string& target, const std::string& body = {}) {
    const auto reply = ward_.ask(method, target, admin_, body);
    EXPECT_TRUE(reply.good()) << method << " " << target << " " << reply.status << " " << reply.body;
    return reply.good() ? parse_json(reply.body) : boost::json::object{};
  }
  /// What the station said, a value a minute from the first on.
  void say(const std::vector<double>& values) {
    House& house = ward_.house();
    const auto entry = house.devices.registry().find("station");
    for (const double value : values) {
      ward_.world().clock.advance(std::chrono::minutes(1));
      const std::int64_t now = to_ms(ward_.world().clock.now());
      house.lane.now([&](Tx& tx) {
        readings::Batch batch;
        batch.items.push_back({now, now, entry->number, 0, 1});
        batch.values.push_back({value, entry->profile->find("pm25")->number, 0});
        house.take(tx, batch);
      });
    }
  }
  /// Oldest first.
  std::vector<std::string> situations() {
    std::vector<std::string> ids;
    const auto answer = must("GET", "/api/v1/situations?rule=dust");
    for (const auto& item : answer.at("items").as_array())
      ids.insert(ids.begin(), std::string(item.at("id").as_string()));
    return ids;
  }
  void false_alarm(const std::string& id) {
    must("POST", "/api/v1/situations/" + id + "/false-alarm", R"({"reason":"烧烤"})");
  }
  HttpHouse ward_;
  std::string admin_;
};
BOTH_ENGINES(RulesRoutes);

TEST_P(RulesRoutes, show_how_often_a_rule_was_wrong) {
  auto rule = must("GET", "/api/v1/rules/dust");
  EXPECT_EQ(rule.at("situations").to_number<int>(), 0);
  EXPECT_FALSE(rule.as_object().if_contains("false_rate")) << "of nothing there is no rate";
  say({155, 100, 240, 100, 160, 100, 170, 100});
  false_alarm(situations()[0]);
  rule = must("GET", "/api/v1/rules/dust");
  EXPECT_EQ(rule.at("situations").to_number<int>(), 4);
  EXPECT_EQ(rule.at("false_alarms").to_number<int>(), 1);
  EXPECT_EQ(rule.at("false_rate").to_number<double>(), 0.25);
  EXPECT_EQ(must("GET", "/api/v1/rules").at("items").at(0).at("false_rate").to_number<double>(), 0.25);
}

TEST_P(RulesRoutes, propose_a_threshold_that_spares_false_alarms_and_loses_no_true_one) {
  say({155, 100, 240, 100, 162, 100, 50});
  false_alarm(situations()[0]);
  false_alarm(situations()[2]);
  const auto answer = must("POST", "/api/v1/rules/dust/propose");
  EXPECT_EQ(answer.at("version").to_number<int>(), 1);
  EXPECT_EQ(answer.at("situations").to_number<int>(), 3);
  EXPECT_EQ(answer.at("false_alarms").to_number<int>(), 2);
  EXPECT_GT(answer.at("tried").to_number<int>(), 1);
  ASSERT_FALSE(answer.at("candidates").as_array().empty());
  const auto best = answer.at("candidates").at(0);
  EXPECT_EQ(best.at("spared").to_number<int>(), 2);
  EXPECT_EQ(best.at("kept").to_number<int>(), 1);
  EXPECT_EQ(best.at("situations_before").to_number<int>(), 3);
  EXPECT_EQ(best.at("situations_after").to_number<int>(), 1);
  EXPECT_EQ(best.at("text").as_string(), "pm25 > 150 改为 > 162");
  EXPECT_EQ(best.at("rule").at("raise").at("when").at("value").to_number<double>(), 162);
  EXPECT_EQ(must("GET", "/api/v1/rules/dust").at("version").to_number<int>(), 1) << "nothing is written";

  // A person approves: the words of the candidate are a rule.
  const auto kept = must("PUT", "/api/v1/rules/dust", lifang::to_json(best.at("rule")));
  EXPECT_EQ(kept.at("version").to_number<int>(), 2);
  must("POST", "/api/v1/rules/dust/activate");
  say({155, 100, 162, 100, 163, 100});
  EXPECT_EQ(situations().size(), 4U);
}

TEST_P(RulesRoutes, propose_nothing_where_a_true_one_would_be_lost_or_nothing_is_marked) {
  say({240, 100, 160, 100});
  auto answer = must("POST", "/api/v1/rules/dust/propose");
  EXPECT_TRUE(answer.at("candidates").as_array().empty());
  EXPECT_EQ(answer.at("tried").to_number<int>(), 0);
  false_alarm(situations()[0]);  // the higher one, as long as the true one
  answer = must("POST", "/api/v1/rules/dust/propose");
  EXPECT_TRUE(answer.at("candidates").as_array().empty());
  EXPECT_GT(answer.at("tried").to_number<int>(), 0);
}

TEST_P(RulesRoutes, a_trial_asks_only_devices_whose_readings_the_caller_may_read) {
  must("PUT", "/api/v1/places/elsewhere", R"({"kind":"compound","name":"别处"})");
  say({155, 100, 240, 100});
  false_alarm(situations()[0]);
  const auto try_as = [&](const std::string& token, const char* route, const char* body) {
    const auto reply = ward_.ask("POST", route, token, body);
    EXPECT_EQ(reply.status, 200) << reply.body;
    return parse_json(reply.body);
  };
  const auto here = ward_.login("looks-here", "viewer", "gate"), there = ward_.login("looks-there", "viewer", "elsewhere");
  const std::string unkept = std::string(R"({"rule":)") + kDust + "}";
  EXPECT_EQ(try_as(here, "/api/v1/rules/dust/backtest", "{}").at("situations").to_number<int>(), 2);
  EXPECT_EQ(try_as(here, "/api/v1/rules/backtest", unkept.c_str()).at("devices").to_number<int>(), 1);
  for (const auto& [route, body] : {std::pair<const char*, const char*>{"/api/v1/rules/dust/backtest", "{}"},
                                    {"/api/v1/rules/backtest", unkept.c_str()}}) {
    const auto answer = try_as(there, route, body);
    EXPECT_EQ(answer.at("devices").to_number<int>(), 0) << route;
    EXPECT_EQ(answer.at("judged").to_number<int>(), 0) << route;
    EXPECT_TRUE(answer.at("items").as_array().empty()) << route;
  }
  EXPECT_GT(try_as(here, "/api/v1/rules/dust/propose", "{}").at("judged").to_number<int>(), 0);
  EXPECT_EQ(try_as(there, "/api/v1/rules/dust/propose", "{}").at("judged").to_number<int>(), 0);
}

TEST_P(RulesRoutes, propose_refuses_what_is_off) {
  EXPECT_EQ(ward_.ask("POST", "/api/v1/rules/none/propose", admin_).status, 404);
  EXPECT_EQ(HttpHouse::code_of(ward_.ask("POST", "/api/v1/rules/dust/propose", admin_, R"({"from":2000,"to":1000})")), "rules.bad_stretch");
  EXPECT_EQ(ward_.ask("POST", "/api/v1/rules/dust/propose", ward_.login("zhao", "resident", "gate")).status, 403);
}

}  // namespace
}  // namespace lifang::rules
