#include "support/device_hand.hpp"
#include "support/house_fixture.hpp"

namespace lifang::situations {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const std::string kDust = R"({"name":"扬尘","applies_to":{"profile":"air"},"severity":"warning",
  "raise":{"when":{"metric":"pm25","op":">","value":150}},"clear":{"when":{"metric":"pm25","op":"<","value":115}},
  "escalate":[{"when":{"metric":"pm25","op":">","value":300},"severity":"critical"}],"case":"dust"})";

class SituationsRoom : public HouseTest {
 protected:
  SituationsRoom() : hand_(house_, world_) { furnish(hand_); }
  static void furnish(DeviceHand& hand) {
    hand.place("fuyuan", places::Kind::compound);
    hand.place("gate", places::Kind::spot, "fuyuan");
    hand.profile("air", R"({"name":"空气站","metrics":[{"id":"pm25","name":"PM2.5","unit":"µg/m³","min":0,"max":2000},{"id":"temp"}]})");
    hand.device("station", "air", "gate");
  }
  Situation only() {
    const auto all = hand_.situations();
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? Situation{} : all.front();
  }
  static Caller with(const std::string& right, const std::string& path = "/") {
    return {"account-7", "", "somebody", {}, {}, {{right, path}, {"situations.read", path}}};
  }
  Caller guard_ = with("situations.handle");
  DeviceHand hand_;
};
BOTH_ENGINES(SituationsRoom);

TEST_P(SituationsRoom, one_opens_stays_one_and_clears_by_its_own_condition) {
  hand_.rule("dust", kDust);
  hand_.say("station", {{"pm25", 151}});
  const Time began = hand_.now();
  EXPECT_EQ(only().state, State::open);
  hand_.pass(minutes(10));
  hand_.say("station", {{"pm25", 180}});
  hand_.pass(minutes(10));
  hand_.say("station", {{"pm25", 120}});
  EXPECT_EQ(only().state, State::open) << "between the two limits nothing changes";
  hand_.pass(minutes(10));
  hand_.say("station", {{"pm25", 110}});
  const Situation s = only();
  EXPECT_EQ(s.state, State::cleared);
  EXPECT_EQ(s.began_at, began);
  EXPECT_EQ(s.ended_at, hand_.now());
  EXPECT_EQ(s.peak, 180);
  EXPECT_EQ(s.readings, 3);
  hand_.pass(minutes(10));
  hand_.say("station", {{"pm25", 151}});
  EXPECT_EQ(hand_.situations().size(), 2U);
}

TEST_P(SituationsRoom, says_why_in_one_sentence_of_each_language) {
  hand_.rule("dust", kDust);
  hand_.say("station", {{"pm25", 151}});
  EXPECT_EQ(only().text, "station（fuyuan · gate）的 PM2.5 在 08:00 为 151 µg/m³，高于 150，规则“扬尘”第 1 版据此判定。");
  EXPECT_EQ(only().text_en,
            "PM2.5 of station (fuyuan · gate) was 151 µg/m³ at 08:00, above 150; rule “扬尘”, version 1, therefore raised the situation.");
}

TEST_P(SituationsRoom, names_the_last_two_places_and_not_the_whole_chain) {
  hand_.place("xihu", places::Kind::district);
  hand_.place("wenxin", places::Kind::street, "xihu");
  hand_.place("fuyuan", places::Kind::compound, "wenxin");
  hand_.rule("dust", kDust);
  hand_.say("station", {{"pm25", 151}});
  EXPECT_TRUE(only().text.starts_with("station（fuyuan · gate）的 PM2.5 在 08:00")) << only().text;
  EXPECT_TRUE(only().text_en.starts_with("PM2.5 of station (fuyuan · gate) was 151")) << only().text_en;
}

TEST_P(SituationsRoom, the_sentence_tells_how_long_it_held_and_which_test_stood_under_a_not) {
  hand_.rule("hot", R"({"name":"闷热","applies_to":{"profile":"air"},"severity":"info",
    "raise":{"when":{"all":[{"metric":"temp","op":">","value":30},{"not":{"metric":"pm25","op":"<","value":50}}]},"for":"PT20M"}})");
  hand_.say("station", {{"temp", 31}, {"pm25", 60}});
  hand_.pass(minutes(30));
  const Situation s = only();
  EXPECT_NE(s.text.find("temp 在 08:00 为 31，高于 30"), std::string::npos) << s.text;
  EXPECT_NE(s.text.find("PM2.5 在 08:00 为 60 µg/m³，不低于 50"), std::string::npos) << s.text;
  EXPECT_NE(s.text.find("持续 20 分钟"), std::string::npos) << s.text;
  EXPECT_NE(s.text_en.find("for 20 minutes"), std::string::npos) << s.text_en;
  ASSERT_EQ(s.evidence.size(), 2U);
  EXPECT_FALSE(s.evidence[0].held.has_value());
  EXPECT_EQ(s.evidence[1].held, false);
}

TEST_P(SituationsRoom, open_or_cleared_it_is_seen_or_unseen) {
  hand_.rule("dust", kDust);
  hand_.say("station", {{"pm25", 151}});
  const SituationId first = only().id;
  EXPECT_FALSE(only().seen_at);
  Situation s = hand_.act([&](Tx& tx) { return house_.situations.acknowledge(tx, guard_, first); });
  EXPECT_EQ(s.state, State::open);
  EXPECT_EQ(s.seen_by, "account-7");
  const Time seen = *s.seen_at;
  hand_.pass(minutes(1));
  s = hand_.act([&](Tx& tx) { return house_.situations.acknowledge(tx, with("situations.handle"), first); });
  EXPECT_EQ(s.seen_at, seen) << "the first who saw it stays";
  hand_.say("station", {{"pm25", 100}});
  EXPECT_EQ(only().state, State::cleared);
  EXPECT_EQ(only().seen_at, seen);
  hand_.pass(minutes(1));
  hand_.say("station", {{"pm25", 151}});
  hand_.pass(minutes(1));
  hand_.say("station", {{"pm25", 100}});
  const Situation second = hand_.situations().front();
  EXPECT_EQ(second.state, State::cleared);
  EXPECT_FALSE(second.seen_at);
  s = hand_.act([&](Tx& tx) { return house_.situations.acknowledge(tx, guard_, second.id); });
  EXPECT_EQ(s.state, State::cleared);
  EXPECT_TRUE(s.seen_at) << "one that is over may still be seen";
}

TEST_P(SituationsRoom, severity_rises_while_it_is_open_and_never_drops_silently) {
  hand_.rule("dust", kDust);
  hand_.say("station", {{"pm25", 200}});
  EXPECT_EQ(only().severity, Severity::warning);
  hand_.pass(minutes(1));
  hand_.say("station", {{"pm25", 301}});
  EXPECT_EQ(only().severity, Severity::critical);
  hand_.pass(minutes(1));
  hand_.say("station", {{"pm25", 160}});
  EXPECT_EQ(only().severity, Severity::critical);
  const auto told = ask([&](Reader& r) { return bus::Bus::after(r, 0, {"situations"}, 100); });
  std::vector<std::string> topics;
  for (const auto& event : told) topics.push_back(event.topic);
  EXPECT_EQ(topics, (std::vector<std::string>{"situations.opened", "situations.rose"}));
}

TEST_P(SituationsRoom, a_rise_has_its_reason_its_peak_and_its_cause) {
  hand_.rule("dust", kDust);
  hand_.say("station", {{"pm25", 200}});
  hand_.pass(minutes(1));
  hand_.say("station", {{"pm25", 301}});
  const Time rose_at = hand_.now();
  const Situation s = only();
  EXPECT_EQ(s.peak, 301);
  EXPECT_EQ(s.readings, 2);
  ASSERT_EQ(s.evidence.size(), 2U);
  EXPECT_FALSE(s.evidence[0].rose_to);
  EXPECT_EQ(s.evidence[0].value, 200);
  EXPECT_EQ(s.evidence[1].rose_to, Severity::critical);
  EXPECT_EQ(s.evidence[1].metric, "pm25");
  EXPECT_EQ(s.evidence[1].value, 301);
  EXPECT_EQ(s.evidence[1].limit, 300);
  EXPECT_EQ(s.evidence[1].ts, rose_at);
  const auto told = ask([&](Reader& r) { return bus::Bus::after(r, 0, {"situations"}, 100); });
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[1].cause, fmt::format("reading:station:pm25:{}", to_ms(rose_at)));
  const auto event = from_json<Rose>(told[1].body);
  EXPECT_EQ(event.situation, s.id);
  EXPECT_EQ(event.at, rose_at);
  EXPECT_EQ(event.peak, 301);
  EXPECT_EQ(event.text, "station（fuyuan · gate）的 PM2.5 在 08:01 为 301 µg/m³，高于 300，规则“扬尘”第 1 版据此升为“严重”。");
  EXPECT_NE(event.text_en.find("raised its severity to critical"), std::string::npos) << event.text_en;
  // As it was told before there was a reason in it.
  EXPECT_EQ(from_json<Rose>(R"({"situation":")" + s.id.text + R"(","severity":"critical"})").text, "");
}

TEST_P(SituationsRoom, a_false_alarm_needs_a_reason_counts_in_the_rate_and_can_be_taken_back) {
  hand_.rule("dust", kDust);
  hand_.say("station", {{"pm25", 151}});
  const SituationId id = only().id;
  const auto mark = [&](bool is_false, const std::string& reason) {
    return [&, is_false, reason](Tx& tx) { return house_.situations.mark_false(tx, guard_, id, is_false, reason); };
  };
  EXPECT_EQ(refused(mark(true, "")), "situations.reason_needed");
  const Situation marked = hand_.act(mark(true, "有人在旁边烧烤"));
  EXPECT_TRUE(marked.false_alarm);
  EXPECT_EQ(marked.false_reason, "有人在旁边烧烤");
  EXPECT_EQ(refused(mark(true, "再一次")), "situations.already_marked");
  const auto rate = [&] { return ask([&](Reader& r) { return Situations::false_rate(r, rules::RuleId{"dust"}); }); };
  EXPECT_EQ(rate().situations, 1);
  EXPECT_EQ(rate().false_alarms, 1);
  EXPECT_EQ(ask([&](Reader& r) { return Situations::false_rates(r); }).size(), 1U);
  hand_.act(mark(false, "查了监控，是真的"));
  EXPECT_EQ(rate().false_alarms, 0);
}

TEST_P(SituationsRoom, who_may_not_handle_or_stands_elsewhere_changes_nothing) {
  hand_.rule("dust", kDust);
  hand_.say("station", {{"pm25", 151}});
  const SituationId id = only().id;
  const auto see = [&](const Caller& caller) { return refused([&](Tx& tx) { house_.situations.acknowledge(tx, caller, id); }); };
  EXPECT_EQ(see(with("situations.other")), "access.no_right");
  EXPECT_EQ(see(with("situations.handle", "/elsewhere/")), "access.not_here");
  EXPECT_EQ(see(with("situations.handle", "/fuyuan/gate/")), "");
  EXPECT_EQ(refused([&](Tx& tx) { house_.situations.acknowledge(tx, root_, SituationId{"situation_00000000000000000000000000"}); }),
            "situations.unknown");
}

TEST_P(SituationsRoom, silence_opens_at_its_due_instant_and_ends_with_the_first_word) {
  hand_.rule("quiet", R"({"name":"失联","applies_to":{"profile":"air"},"severity":"info","raise":{"when":{"silent":"PT30M"}}})");
  hand_.say("station", {{"pm25", 20}});
  const Time last = hand_.now();
  hand_.pass(minutes(29));
  EXPECT_TRUE(hand_.situations().empty());
  hand_.pass(hours(2));
  Situation s = only();
  EXPECT_EQ(s.began_at, last + minutes(30)) << "stamped with its due instant, however late somebody looks";
  EXPECT_EQ(s.cause, "silence:station:" + std::to_string(to_ms(last)));
  EXPECT_NE(s.text.find("没有新数据"), std::string::npos) << s.text;
  hand_.say("station", {{"pm25", 20}});
  s = only();
  EXPECT_EQ(s.state, State::cleared);
  EXPECT_EQ(s.ended_at, hand_.now());
}

TEST_P(SituationsRoom, maintenance_keeps_what_happens_and_calls_nobody) {
  hand_.rule("dust", kDust);
  hand_.act([&](Tx& tx) {
    house_.devices.maintain(tx, root_, devices::DeviceId{"station"}, {hand_.now(), hand_.now() + hours(1), "换滤膜"});
  });
  hand_.say("station", {{"pm25", 151}});
  EXPECT_TRUE(only().silenced);
  EXPECT_EQ(ask([&](Reader& r) { return house_.cases.count(r, root_, {}); }), 0);
  EXPECT_EQ(ask([&](Reader& r) { return Situations::false_rate(r, rules::RuleId{"dust"}); }).situations, 0);
  hand_.say_at("station", hand_.now() + minutes(1), {{"pm25", 100}});
  hand_.pass(hours(2));
  hand_.say("station", {{"pm25", 151}});
  EXPECT_FALSE(hand_.situations().front().silenced);
  EXPECT_EQ(ask([&](Reader& r) { return house_.cases.count(r, root_, {}); }), 1);
}

TEST_P(SituationsRoom, what_began_during_maintenance_and_lasts_is_owed_to_somebody_at_its_end) {
  hand_.rule("dust", kDust);
  const auto maintain = [&](Duration from, Duration to) {
    hand_.act([&](Tx& tx) {
      house_.devices.maintain(tx, root_, devices::DeviceId{"station"}, {hand_.now() + from, hand_.now() + to, "换滤膜"});
    });
  };
  const auto cases = [&] { return ask([&](Reader& r) { return house_.cases.count(r, root_, {}); }); };
  maintain(minutes(0), hours(1));
  maintain(minutes(30), hours(2));
  hand_.say("station", {{"pm25", 151}});
  const Time began = hand_.now();
  hand_.pass(minutes(90));
  EXPECT_TRUE(only().silenced) << "the second window goes on";
  hand_.pass(minutes(29));
  EXPECT_EQ(cases(), 0);
  hand_.pass(minutes(1));
  EXPECT_FALSE(only().silenced);
  EXPECT_EQ(only().began_at, began);
  EXPECT_EQ(cases(), 1);
  hand_.say("station", {{"pm25", 180}});
  hand_.pass(hours(3));
  EXPECT_EQ(cases(), 1);
  EXPECT_EQ(ask([&](Reader& r) { return Situations::false_rate(r, rules::RuleId{"dust"}); }).situations, 1);
}

TEST_P(SituationsRoom, what_was_marked_false_during_maintenance_calls_nobody_at_its_end) {
  hand_.rule("dust", kDust);
  hand_.act([&](Tx& tx) {
    house_.devices.maintain(tx, root_, devices::DeviceId{"station"}, {hand_.now(), hand_.now() + hours(1), "换滤膜"});
  });
  hand_.say("station", {{"pm25", 151}});
  hand_.act([&](Tx& tx) { return house_.situations.mark_false(tx, root_, only().id, true, "校准"); });
  hand_.pass(hours(2));
  const auto cases = [&] { return ask([&](Reader& r) { return house_.cases.count(r, root_, {}); }); };
  EXPECT_EQ(cases(), 0);
  hand_.act([&](Tx& tx) { return house_.situations.mark_false(tx, root_, only().id, false, "是真的"); });
  hand_.pass(minutes(1));
  EXPECT_EQ(cases(), 1) << "taken back, it is owed after all";
}

TEST_P(SituationsRoom, a_window_that_is_over_when_the_reading_arrives_silences_for_no_time) {
  hand_.rule("dust", kDust);
  hand_.act([&](Tx& tx) {
    house_.devices.maintain(tx, root_, devices::DeviceId{"station"}, {hand_.now(), hand_.now() + minutes(10), "换滤膜"});
  });
  const Time then = hand_.now() + minutes(5);
  hand_.pass(minutes(30));
  hand_.say_at("station", then, {{"pm25", 151}});
  EXPECT_FALSE(only().silenced);
  EXPECT_EQ(ask([&](Reader& r) { return house_.cases.count(r, root_, {}); }), 1);
}

TEST_P(SituationsRoom, what_is_late_repeated_or_out_of_range_neither_raises_nor_clears) {
  hand_.rule("dust", kDust);
  hand_.say("station", {{"pm25", 20}});
  hand_.say_at("station", hand_.now() - minutes(5), {{"pm25", 400}});
  hand_.say_at("station", hand_.now() + minutes(1), {{"pm25", 5000}});
  EXPECT_TRUE(hand_.situations().empty());
  hand_.say_at("station", hand_.now() + minutes(2), {{"pm25", 151}});
  hand_.say_at("station", hand_.now() + minutes(2), {{"pm25", 3}});
  EXPECT_EQ(only().state, State::open);
}

TEST_P(SituationsRoom, the_evidence_of_a_detection_names_its_picture) {
  hand_.profile("eye", R"({"name":"摄像机","detections":["ebike"]})");
  hand_.device("cam", "eye", "gate");
  hand_.rule("ebike", R"({"name":"电动车入梯","applies_to":{"profile":"eye"},"severity":"critical",
    "raise":{"when":{"detection":"ebike","confidence":0.6}}})");
  hand_.see("cam", "ebike", 0.5);
  EXPECT_TRUE(hand_.situations().empty());
  hand_.pass(minutes(1));
  hand_.see("cam", "ebike", 0.93, "file_00000000000000000000000001");
  const Situation s = only();
  ASSERT_EQ(s.evidence.size(), 1U);
  EXPECT_EQ(s.evidence[0].file, "file_00000000000000000000000001");
  EXPECT_EQ(s.evidence[0].limit, 0.6);
  EXPECT_EQ(s.cause, s.evidence[0].detection_id);
  EXPECT_EQ(s.peak, 0.93);
}

TEST_P(SituationsRoom, what_fell_from_where_stands_in_the_sentence) {
  hand_.profile("facade", R"({"name":"摄像机","detections":["falling_object"]})");
  hand_.device("eye", "facade", "gate");
  hand_.rule("fallen", R"({"name":"高空抛物","applies_to":{"profile":"facade"},"severity":"critical",
    "raise":{"when":{"detection":"falling_object","confidence":0.6}}})");
  hand_.see("eye", "falling_object", 0.9, "", R"({"floor":12,"floor_error":0.72,"column":3,"column_error":0.31,"origin_m":35.2})");
  const Situation s = only();
  ASSERT_EQ(s.evidence.size(), 1U);
  EXPECT_NE(s.text.find("“高空抛物，约楼层 12 ± 0.7、列 3 ± 0.3”"), std::string::npos) << s.text;
  EXPECT_NE(s.text_en.find("about floor 12 ± 0.7, column 3 ± 0.3"), std::string::npos) << s.text_en;
}

TEST_P(SituationsRoom, attributes_that_are_odd_do_not_break_the_sentence) {
  hand_.profile("facade", R"({"name":"摄像机","detections":["falling_object"]})");
  hand_.device("eye", "facade", "gate");
  hand_.rule("fallen", R"({"name":"高空抛物","applies_to":{"profile":"facade"},"severity":"critical",
    "raise":{"when":{"detection":"falling_object","confidence":0.6}}})");
  hand_.see("eye", "falling_object", 0.9, "", R"({"floor":"twelve","column":-1,"floor_error":1e300})");
  const Situation s = only();
  EXPECT_EQ(s.text.find("楼层"), std::string::npos) << s.text;
}

TEST_P(SituationsRoom, attributes_that_nobody_can_read_undo_nothing) {
  hand_.profile("facade", R"({"name":"摄像机","detections":["falling_object"]})");
  hand_.device("eye", "facade", "gate");
  hand_.rule("fallen", R"({"name":"高空抛物","applies_to":{"profile":"facade"},"severity":"critical",
    "raise":{"when":{"detection":"falling_object","confidence":0.6}}})");
  hand_.see("eye", "falling_object", 0.9, "", R"({"floor":12,"x":"\ud800"})");
  EXPECT_EQ(only().state, State::open) << "the alarm stands without its floor";
}

TEST_P(SituationsRoom, lists_by_rule_device_place_state_and_time) {
  hand_.place("lake", places::Kind::spot);
  hand_.device("other", "air", "lake");
  hand_.rule("dust", kDust);
  hand_.say("station", {{"pm25", 151}});
  const Time first = hand_.now();
  hand_.pass(minutes(10));
  hand_.say("station", {{"pm25", 100}});
  hand_.say("other", {{"pm25", 151}});
  const auto count = [&](const Filter& filter, const Caller& caller) {
    const auto n = ask([&](Reader& r) { return Situations::count(r, caller, filter); });
    EXPECT_EQ(ask([&](Reader& r) { return Situations::list(r, caller, filter); }).size(), static_cast<std::size_t>(n));
    return n;
  };
  const auto where = [](const std::function<void(Filter&)>& narrow) {
    Filter filter;
    narrow(filter);
    return filter;
  };
  EXPECT_EQ(count({}, root_), 2);
  EXPECT_EQ(count(where([](Filter& f) { f.state = State::open; }), root_), 1);
  EXPECT_EQ(count(where([](Filter& f) { f.device = devices::DeviceId{"station"}; }), root_), 1);
  EXPECT_EQ(count(where([](Filter& f) { f.rule = rules::RuleId{"none"}; }), root_), 0);
  EXPECT_EQ(count(where([](Filter& f) { f.place = places::PlaceId{"fuyuan"}; }), root_), 1);
  EXPECT_EQ(count(where([](Filter& f) { f.place = places::PlaceId{"nowhere"}; }), root_), 0);
  EXPECT_EQ(count(where([&](Filter& f) { f.from = first + minutes(1); }), root_), 1);
  EXPECT_EQ(count(where([&](Filter& f) { f.to = first + minutes(1); }), root_), 1);
  EXPECT_EQ(count({}, with("x", "/lake/")), 1);
  EXPECT_EQ(count({}, with("x", "/lak/")), 0);
}

/// On one connection after the other: a node that ends and another that begins on its rows.
class SituationsAfterARestart : public testing::TestWithParam<db::Engine> {
 protected:
  SituationsAfterARestart() : database_(GetParam()) {}
  House::Plan plan() {
    House::Plan plan;
    plan.directory = database_.directory();
    plan.node_key = Secret(std::string(kKeyBytes, 'k'));
    plan.accounts.cost = PasswordCost::for_tests();
    return plan;
  }
  template <class Fn>
  void run(Fn&& fn) {
    House house(plan(), database_.database(), world_.world);
    house.open();
    DeviceHand hand(house, world_);
    fn(hand);
  }
  FakeWorld world_;
  TestDatabase database_;
};
BOTH_ENGINES(SituationsAfterARestart);

TEST_P(SituationsAfterARestart, what_is_open_stays_one_and_clears) {
  run([](DeviceHand& hand) {
    hand.place("gate", places::Kind::spot);
    hand.profile("air", R"({"name":"空气站","metrics":[{"id":"pm25"}]})");
    hand.device("station", "air", "gate");
    hand.rule("dust", kDust);
    hand.say("station", {{"pm25", 151}});
  });
  run([](DeviceHand& hand) {
    EXPECT_EQ(hand.house().situations.open_now(), 1U);
    hand.pass(minutes(1));
    hand.say("station", {{"pm25", 400}});
    ASSERT_EQ(hand.situations().size(), 1U);
    EXPECT_EQ(hand.situations().front().severity, Severity::critical);
  });
  run([](DeviceHand& hand) {
    hand.pass(minutes(1));
    hand.say("station", {{"pm25", 100}});
    ASSERT_EQ(hand.situations().size(), 1U);
    EXPECT_EQ(hand.situations().front().state, State::cleared);
    EXPECT_EQ(hand.situations().front().peak, 400);
    EXPECT_EQ(hand.situations().front().readings, 2);
  });
}

TEST_P(SituationsAfterARestart, a_for_that_ran_goes_on_and_raises_at_its_instant) {
  const Time began = world_.clock.now();
  run([](DeviceHand& hand) {
    hand.place("gate", places::Kind::spot);
    hand.profile("air", R"({"name":"空气站","metrics":[{"id":"pm25"}]})");
    hand.device("station", "air", "gate");
    hand.rule("dust", R"({"name":"扬尘","applies_to":{"profile":"air"},"severity":"warning",
      "raise":{"when":{"metric":"pm25","op":">","value":150},"for":"PT30M"}})");
    hand.say("station", {{"pm25", 151}});
    hand.pass(minutes(10));
    EXPECT_TRUE(hand.situations().empty());
  });
  world_.clock.advance(hours(1));
  run([&](DeviceHand& hand) {
    hand.pass(minutes(0));
    ASSERT_EQ(hand.situations().size(), 1U);
    EXPECT_EQ(hand.situations().front().began_at, began + minutes(30));
  });
}

}  // namespace
}  // namespace lifang::situations
