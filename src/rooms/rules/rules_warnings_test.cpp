// What people are warned of when rules and types of devices no longer fit each other, and what a trial must not do.
#include "support/http_house.hpp"

#include <boost/json.hpp>

namespace lifang::rules {
namespace {

constexpr const char* kDust = R"({"name":"扬尘","applies_to":{"profile":"air"},"severity":"warning","case":"dust",
  "raise":{"when":{"metric":"pm25","op":">","value":150}}})";

class RulesWarn : public testing::TestWithParam<db::Engine> {
 protected:
  RulesWarn() : ward_(GetParam()), admin_(ward_.login("root", "admin")) {
    must("PUT", "/api/v1/places/gate", R"({"kind":"spot","name":"大门"})");
    must("PUT", "/api/v1/devices/profiles/air",
         R"({"name":"空气站","metrics":[{"id":"pm25","unit":"µg/m³"},{"id":"temp","unit":"℃"}],"detections":["smoke"]})");
    must("PUT", "/api/v1/devices/station", R"({"profile":"air","place":"gate"})");
  }
  boost::json::value must(const std::string& method, const std::string& target, const std::string& body = {}) {
    const auto reply = ward_.ask(method, target, admin_, body);
    EXPECT_TRUE(reply.good()) << method << " " << target << " " << reply.status << " " << reply.body;
    return reply.good() ? parse_json(reply.body) : boost::json::object{};
  }
  static std::vector<std::string> warnings(const boost::json::value& answer, const char* member = "warnings") {
    std::vector<std::string> all;
    for (const auto& each : answer.at(member).as_array()) all.emplace_back(each.as_string());
    return all;
  }
  std::int64_t now() { return to_ms(ward_.world().clock.now()); }
  void say(double value, std::int64_t ahead_ms = 0) {
    House& house = ward_.house();
    const auto entry = house.devices.registry().find("station");
    readings::Batch batch;
    batch.items.push_back({now() + ahead_ms, now(), entry->number, 0, 1});
    batch.values.push_back({value, entry->profile->find("pm25")->number, 0});
    house.lane.now([&](Tx& tx) { house.take(tx, batch); });
  }
  HttpHouse ward_;
  std::string admin_;
};
BOTH_ENGINES(RulesWarn);

using Texts = std::vector<std::string>;

TEST_P(RulesWarn, a_kind_of_case_and_an_organisation_that_nobody_knows_are_told_in_the_draft_and_at_activation) {
  const std::string words = R"({"name":"扬尘","applies_to":{"profile":"air"},"severity":"warning","case":"no-such-kind",
    "raise":{"when":{"metric":"pm10","op":">","value":150}},"actions":[{"whistle":["no-such-bureau"]}]})";
  const Texts expected{"no kind of case is called no-such-kind", "whistle: no organisation is called no-such-bureau",
                       "profile air has no metric pm10"};
  EXPECT_EQ(warnings(must("PUT", "/api/v1/rules/dust", words)), expected);
  const auto active = must("POST", "/api/v1/rules/dust/activate");
  EXPECT_EQ(warnings(active), expected);
  EXPECT_EQ(warnings(active, "warnings_zh").front(), "没有名为 no-such-kind 的工单类别");
  EXPECT_TRUE(warnings(must("PUT", "/api/v1/rules/fine", kDust)).empty());
}

TEST_P(RulesWarn, a_post_that_is_no_id_is_refused_and_one_that_nobody_knows_is_told) {
  const auto rule = [](const std::string& whom) {
    return R"({"name":"扬尘","applies_to":{"profile":"air"},"severity":"warning","raise":{"when":{"metric":"pm25","op":">","value":150}},
      "actions":[{"notify":")" + whom + R"(","text":"扬尘"}]})";
  };
  for (const std::string whom : {"门岗", "x y/z"}) {
    const auto reply = ward_.ask("PUT", "/api/v1/rules/dust", admin_, rule(whom));
    EXPECT_EQ(reply.status, 422) << reply.body;
    EXPECT_NE(reply.body.find("/actions/0/notify"), std::string::npos) << reply.body;
  }
  EXPECT_EQ(warnings(must("PUT", "/api/v1/rules/dust", rule("no-such-post"))), Texts{"notify: no post is called no-such-post"});
}

TEST_P(RulesWarn, a_detection_that_nothing_clears_is_told) {
  const auto told = [&](const std::string& raise) {
    return warnings(must("PUT", "/api/v1/rules/smoke", R"({"name":"烟","applies_to":{"profile":"air"},"severity":"warning",)" + raise + "}"));
  };
  const std::string smoke = R"({"detection":"smoke","confidence":0.6})";
  const std::string hot = R"({"metric":"temp","op":">","value":60})";
  const Texts endless = told(R"("raise":{"when":)" + smoke + "}");
  ASSERT_EQ(endless.size(), 1U);
  EXPECT_EQ(endless[0].find("clear: a detection is an instant"), 0U) << endless[0];
  EXPECT_EQ(told(R"("raise":{"when":{"any":[)" + smoke + "," + hot + "]}}").size(), 1U);
  EXPECT_TRUE(told(R"("raise":{"when":{"all":[)" + smoke + "," + hot + "]}}").empty()) << "it ends when it is cool again";
  EXPECT_TRUE(told(R"("raise":{"when":)" + smoke + R"(},"clear":{"when":{"silent":"PT5M"}})").empty());
  for (const std::string& warning : told(R"("raise":{"when":)" + smoke + R"(},"clear":{"when":{"detection":"smoke_over"}})"))
    EXPECT_EQ(warning.find("clear:"), std::string::npos) << "the camera tells that it is over: " << warning;
}

TEST_P(RulesWarn, a_for_over_a_detection_is_told) {
  const auto told = [&](const std::string& raise) {
    return warnings(must("PUT", "/api/v1/rules/smoke", R"({"name":"烟","applies_to":{"profile":"air"},"severity":"warning",
      "clear":{"when":{"detection":"smoke","silent":"PT5M"}},)" + raise + "}"));
  };
  const Texts once = told(R"("raise":{"when":{"any":[{"detection":"smoke"},{"metric":"temp","op":">","value":60}]},"for":"PT5M"})");
  ASSERT_EQ(once.size(), 1U);
  EXPECT_EQ(once[0].find("raise: a detection is an instant"), 0U) << once[0];
  EXPECT_TRUE(told(R"("raise":{"when":{"detection":"smoke"},"times":3,"within":"PT5M"})").empty());
  const auto beside = [](const std::string& silent) {
    return R"("raise":{"when":{"all":[{"detection":"smoke"},{"not":)" + silent + R"(}]},"for":"PT5M"})";
  };
  EXPECT_TRUE(told(beside(R"({"detection":"smoke","silent":"PT1M"})")).empty()) << "it must be seen again and again";
  EXPECT_EQ(told(beside(R"({"metric":"temp","silent":"PT1M"})")), once) << "of something else";
  EXPECT_EQ(told(beside(R"({"silent":"PT1M"})")), once);
  EXPECT_TRUE(told(R"("raise":{"when":{"detection":"smoke","silent":"PT5M"},"for":"PT5M"})").empty()) << "a silence lasts";
}

TEST_P(RulesWarn, whom_a_rule_does_not_meet_is_told) {
  const auto told = [&](const std::string& to, const char* member = "warnings") {
    return warnings(must("PUT", "/api/v1/rules/dust", R"({"name":"扬尘","applies_to":)" + to +
                                R"(,"severity":"info","raise":{"when":{"metric":"pm25","op":">","value":150}}})"), member);
  };
  EXPECT_EQ(told(R"({"place":"nowhere"})"), Texts{"no place nowhere is known yet"});
  EXPECT_EQ(told(R"({"place":"nowhere"})", "warnings_zh"), Texts{"地点 nowhere 还没有登记"});
  EXPECT_EQ(told(R"({"devices":["station","ghost"]})"), Texts{"no device ghost is known yet"});
  EXPECT_EQ(told(R"({"profile":"steam"})"), Texts{"no profile steam is known yet"});
  EXPECT_EQ(told(R"({"tags":["roof"]})"), Texts{"applies_to: it fits no device today"});
  EXPECT_EQ(told(R"({"tags":["roof"]})", "warnings_zh"), Texts{"适用范围：目前没有符合的设备"});
  EXPECT_TRUE(told(R"({"place":"gate"})").empty());
  EXPECT_TRUE(told(R"({"devices":["station"]})").empty());
}

TEST_P(RulesWarn, what_none_of_the_devices_that_it_meets_can_say_is_told) {
  must("PUT", "/api/v1/devices/profiles/lift", R"({"name":"电梯","metrics":[{"id":"held"}],"commands":[{"method":"hold"}]})");
  must("PUT", "/api/v1/devices/lift-1", R"({"profile":"lift","place":"gate"})");
  const auto told = [&](const std::string& to, const std::string& when, const std::string& more = "") {
    return warnings(must("PUT", "/api/v1/rules/r", R"({"name":"试","applies_to":)" + to + R"(,"severity":"info","raise":{"when":)" + when +
                                R"(},"clear":{"when":{"silent":"PT1H"}})" + more + "}"));
  };
  const std::string here = R"({"place":"gate"})", one = R"({"devices":["lift-1"]})", held = R"({"metric":"held","op":"==","value":1})";
  EXPECT_EQ(told(here, R"({"metric":"pm10","op":">","value":1})"), Texts{"none of the profiles air, lift has the metric pm10"});
  EXPECT_EQ(told(one, R"({"metric":"pm25","op":">","value":1})"), Texts{"profile lift has no metric pm25"});
  EXPECT_TRUE(told(here, R"({"metric":"pm25","op":">","value":1})").empty()) << "one of them has it";
  EXPECT_EQ(told(here, R"({"detection":"ebike"})"), Texts{"none of the profiles air, lift sees ebike"});
  EXPECT_EQ(told(one, R"({"metric":"held","op":">","attribute":"limit"})"), Texts{"no device that it meets has a number as attribute limit"});
  must("PUT", "/api/v1/devices/lift-1", R"({"profile":"lift","place":"gate","attributes":{"limit":3}})");
  EXPECT_TRUE(told(one, R"({"metric":"held","op":">","attribute":"limit"})").empty());
  EXPECT_EQ(told(one, held, R"(,"actions":[{"command":"stop","release":{"command":"go"}}])"),
            (Texts{"command: profile lift has no command stop", "command: profile lift has no command go"}));
  EXPECT_TRUE(told(here, held, R"(,"actions":[{"command":"hold"}])").empty());
  EXPECT_EQ(told(one, held, R"(,"actions":[{"command":"hold","device":"station"}])"), Texts{"command: profile air has no command hold"});
  EXPECT_EQ(told(one, held, R"(,"actions":[{"command":"hold","device":"ghost"}])"), Texts{"command: no device is called ghost"});
  EXPECT_EQ(told(one, held, R"(,"actions":[{"command":"hold","when":{"metric":"rain","op":"<","value":1}}])"),
            Texts{"profile lift has no metric rain"})
      << "an interlock over what nobody measures never says yes";
}

TEST_P(RulesWarn, a_threshold_that_no_value_within_its_bounds_can_cross_is_told) {
  must("PUT", "/api/v1/devices/profiles/tank", R"({"name":"水箱","metrics":[{"id":"level","min":0,"max":110},{"id":"flow","min":0}]})");
  const auto told = [&](const std::string& when) {
    return warnings(must("PUT", "/api/v1/rules/tank", R"({"name":"水箱","applies_to":{"profile":"tank"},"severity":"info","raise":{"when":)" + when + "}}"));
  };
  const auto level = [](const std::string& op, const std::string& value) { return R"({"metric":"level","op":")" + op + R"(","value":)" + value + "}"; };
  EXPECT_EQ(told(level(">", "110")), Texts{"level > 110 can never hold: profile tank bounds it to 0…110"});
  EXPECT_EQ(told(level("<", "0")), Texts{"level < 0 can never hold: profile tank bounds it to 0…110"});
  EXPECT_EQ(told(level("==", "500")), Texts{"level == 500 can never hold: profile tank bounds it to 0…110"});
  EXPECT_EQ(told(level(">=", "0")), Texts{"level >= 0 always holds: profile tank bounds it to 0…110"});
  EXPECT_EQ(told(level("!=", "-1")), Texts{"level != -1 always holds: profile tank bounds it to 0…110"});
  for (const char* op : {">=", "<=", "==", "!="})
    EXPECT_EQ(told(level(op, "110")).size(), std::string(op) == "<=" ? 1U : 0U) << op;
  EXPECT_TRUE(told(R"({"metric":"flow","op":">","value":100000})").empty()) << "it has no upper bound";
  EXPECT_EQ(told(R"({"metric":"flow","op":"<","value":-1})"), Texts{"flow < -1 can never hold: profile tank bounds it to 0…"});
}

TEST_P(RulesWarn, a_silence_rule_that_a_person_changed_is_left_and_it_is_told) {
  const auto profile = [](const std::string& silent) {
    return R"({"name":"空气站","metrics":[{"id":"pm25","unit":"µg/m³"},{"id":"temp","unit":"℃"}],"detections":["smoke"],"silent_after":")" + silent + "\"}";
  };
  must("PUT", "/api/v1/devices/profiles/air", profile("PT20M"));
  must("PUT", "/api/v1/rules/silent.air", R"({"name":"失联","applies_to":{"profile":"air"},"severity":"info","raise":{"when":{"silent":"PT45M"}}})");
  EXPECT_EQ(warnings(must("PUT", "/api/v1/devices/profiles/air", profile("PT30M"))),
            Texts{"silent_after: a person changed the rule silent.air: it stays as it is"});
  EXPECT_TRUE(warnings(must("PUT", "/api/v1/devices/profiles/air", profile("PT30M"))).empty());
}

TEST_P(RulesWarn, a_profile_whose_unit_changes_or_whose_metric_goes_tells_which_active_rules_stand_on_it) {
  must("PUT", "/api/v1/rules/dust", kDust);
  const std::string in_mg = R"({"name":"空气站","metrics":[{"id":"pm25","unit":"mg/m³"},{"id":"temp","unit":"K"}],"detections":["smoke"]})";
  EXPECT_TRUE(warnings(must("PUT", "/api/v1/devices/profiles/air", in_mg)).empty()) << "a draft judges nothing";
  must("POST", "/api/v1/rules/dust/activate");
  must("PUT", "/api/v1/rules/by-device", R"({"name":"烟","applies_to":{"devices":["station"]},"severity":"warning","raise":{"when":{"detection":"smoke","confidence":0.5}}})");
  must("POST", "/api/v1/rules/by-device/activate");
  const std::string again = R"({"name":"空气站","metrics":[{"id":"pm25","unit":"µg/m³"}],"detections":["smoke"]})";
  const auto unit = must("PUT", "/api/v1/devices/profiles/air", again);
  EXPECT_EQ(warnings(unit), Texts{"metric pm25 changes its unit from “mg/m³” to “µg/m³”: the active rule dust (扬尘) stands on it"});
  EXPECT_EQ(warnings(unit, "warnings_zh"), Texts{"指标 pm25 的单位由“mg/m³”改为“µg/m³”：正在生效的规则 dust（扬尘）以它为据"});
  EXPECT_EQ(warnings(must("PUT", "/api/v1/devices/profiles/air", R"({"name":"空气站"})")),
            (Texts{"detection smoke goes: the active rule by-device (烟) stands on it", "metric pm25 goes: the active rule dust (扬尘) stands on it"}));
}

TEST_P(RulesWarn, a_trial_into_the_future_raises_no_silence_that_nobody_has_seen) {
  say(1);
  ward_.world().clock.advance(std::chrono::minutes(10));
  const std::string trial = R"({"to":)" + std::to_string(now() + 86'400'000) +
                            R"(,"rule":{"name":"静","applies_to":{"profile":"air"},"severity":"info","raise":{"when":{"silent":"PT30M"}}}})";
  EXPECT_EQ(must("POST", "/api/v1/rules/backtest", trial).at("situations").to_number<int>(), 0);
  ward_.world().clock.advance(std::chrono::minutes(30));
  EXPECT_EQ(must("POST", "/api/v1/rules/backtest", trial).at("situations").to_number<int>(), 1) << "now it is true";
}

TEST_P(RulesWarn, a_trial_counts_all_lists_the_first_and_numbers_no_kinds_of_the_lane) {
  House& house = ward_.house();
  const std::uint32_t number = house.devices.registry().find("station")->number;
  readings::Batch batch;
  for (int i = 0; i < 2400; ++i) {
    readings::Detection d;
    d.device = number;
    d.ts = d.arrived = now() - 10'000'000 + i * 1000;
    d.kind = "smoke";
    d.confidence = i % 2 == 0 ? 0.9 : 0.1;
    batch.detections.push_back(d);
    d.kind = "made-up-" + std::to_string(i);
    if (i < 50) batch.detections.push_back(d);
  }
  house.lane.now([&](Tx& tx) { house.readings.append(tx, batch); });
  const auto answer = must("POST", "/api/v1/rules/backtest",
                           R"({"rule":{"name":"烟","applies_to":{"profile":"air"},"severity":"info","raise":{"when":{"detection":"smoke","confidence":0.5}}}})");
  EXPECT_EQ(answer.at("situations").to_number<int>(), 1200);
  EXPECT_EQ(answer.at("items").as_array().size(), 1000U);
  EXPECT_EQ(answer.at("judged").to_number<int>(), 2450);
  EXPECT_NE(lifang::to_json(answer.at("notes")).find("only the first"), std::string::npos);
  EXPECT_EQ(house.devices.registry().kind_number("made-up-1"), 0) << "a trial leaves the lane's numbers alone";
  EXPECT_EQ(house.devices.registry().kind_number("smoke"), 0);
}

TEST_P(RulesWarn, a_face_alone_moves_no_machine) {
  const auto rule = [](const std::string& when, const std::string& action) {
    return R"({"name":"门","applies_to":{"profile":"air"},"severity":"info","raise":{"when":)" + when + R"(},"actions":[)" + action + "]}";
  };
  const std::string face = R"({"detection":"face","confidence":0.5})", open = R"({"command":"open"})";
  const auto refused = ward_.ask("PUT", "/api/v1/rules/gate", admin_, rule(face, R"({"notify":"guard","text":"认出了人"},)" + open));
  EXPECT_EQ(refused.status, 422);
  EXPECT_NE(refused.body.find("rules.face_alone"), std::string::npos) << refused.body;
  EXPECT_NE(refused.body.find("/actions/1/command"), std::string::npos) << refused.body;
  must("PUT", "/api/v1/rules/gate", rule(face, R"({"notify":"guard","text":"认出了人"})"));
  must("PUT", "/api/v1/rules/gate", rule(R"({"all":[{"metric":"pm25","op":"==","value":1},)" + face + "]}", open));
}

TEST_P(RulesWarn, a_device_whose_newest_reading_lies_in_the_future_says_so) {
  say(1);
  EXPECT_FALSE(must("GET", "/api/v1/devices/station/condition").as_object().contains("ahead"));
  say(2, 23 * 3'600'000);
  const auto condition = must("GET", "/api/v1/devices/station/condition");
  EXPECT_EQ(condition.at("ahead").as_string(), to_rfc3339(from_ms(now() + 23 * 3'600'000)));
  EXPECT_NE(std::string(condition.at("note").as_string()).find("在未来"), std::string::npos);
  EXPECT_NE(std::string(condition.at("note_en").as_string()).find("lies in the future"), std::string::npos);
  ward_.world().clock.advance(std::chrono::hours(24));
  EXPECT_FALSE(must("GET", "/api/v1/devices/station/condition").as_object().contains("ahead"));
}

}  // namespace
}  // namespace lifang::rules
