#include "platform/bus/typed.hpp"
#include "support/device_hand.hpp"
#include "support/house_fixture.hpp"

namespace lifang::actions {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using Words = std::vector<std::string>;

/// Mist against dust, but never in frost or rain.
const std::string kMist = R"({"name":"扬尘","applies_to":{"profile":"air"},"severity":"warning",
  "raise":{"when":{"metric":"pm25","op":">","value":150}},"clear":{"when":{"metric":"pm25","op":"<","value":115}},
  "actions":[{"notify":"estate-office","text":"扬尘"},
             {"command":"set_mist","params":{"on":true},"release":{"command":"set_mist","params":{"on":false}},
              "when":{"all":[{"metric":"temp","op":">=","value":0},{"metric":"rain","op":"<=","value":0}]}}]})";
/// A lift that is held while an e-bike stands in it.
const std::string kHold = R"({"name":"电动车入梯","applies_to":{"profile":"lift"},"severity":"critical",
  "raise":{"when":{"detection":"ebike","confidence":0.6}},"clear":{"when":{"metric":"empty","op":"==","value":1}},
  "actions":[{"command":"hold","release":{"command":"go"},"hold":"PT2M"}]})";

class ActionsRoom : public HouseTest {
 protected:
  ActionsRoom() : hand_(house_, world_) {
    hand_.place("fuyuan", places::Kind::compound);
    hand_.profile("air", R"({"name":"空气站","metrics":[{"id":"pm25"},{"id":"temp"},{"id":"rain"}],"commands":[{"method":"set_mist"}]})");
    hand_.device("station", "air", "fuyuan");
    hand_.profile("lift", R"({"name":"电梯","metrics":[{"id":"empty"}],"detections":["ebike"],"commands":[{"method":"hold"},{"method":"go"}]})");
    hand_.device("lift", "lift", "fuyuan");
  }
  Action only() {
    const auto all = hand_.actions();
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? Action{} : all.front();
  }
  Caller guard(const std::string& path = "/") { return {"account-7", "", "guard", {}, {}, {{"actions.release", path}, {"actions.read", path}}}; }
  DeviceHand hand_;
};
BOTH_ENGINES(ActionsRoom);

TEST_P(ActionsRoom, a_command_goes_out_is_answered_and_is_taken_back_when_it_is_over) {
  hand_.rule("dust", kMist);
  hand_.say("station", {{"pm25", 151}, {"temp", 12}, {"rain", 0}});
  EXPECT_EQ(only().state, State::commanded);
  EXPECT_EQ(only().step, 1);
  EXPECT_EQ(hand_.commands("station"), Words{"set_mist waiting"});
  hand_.answer("station");
  EXPECT_EQ(only().state, State::held);
  hand_.pass(minutes(1));
  hand_.say("station", {{"pm25", 100}});
  EXPECT_EQ(only().state, State::released);
  EXPECT_EQ(only().reason, "actions.situation_cleared");
  EXPECT_EQ(hand_.commands("station"), (Words{"set_mist answered", "set_mist waiting"}));
  const auto told = ask([](Reader& r) { return bus::Bus::after(r, 0, {"actions"}, 100); });
  Words topics;
  for (const auto& event : told) topics.push_back(event.topic);
  EXPECT_EQ(topics, (Words{"actions.notify", "actions.commanded", "actions.ended", "actions.released"}));
  EXPECT_EQ(ask([](Reader& r) { return *r.value<std::int64_t>("SELECT COUNT(*) FROM notices WHERE post = 'estate-office' AND text = '扬尘' AND path = '/fuyuan/'"); }), 1)
      << "and the word of the rule is in the inbox of that post";
}

TEST_P(ActionsRoom, a_rule_whistles_by_itself_once_for_the_case_that_it_opens) {
  hand_.rule("dust", R"({"name":"扬尘","applies_to":{"profile":"air"},"severity":"warning","case":"dust",
    "raise":{"when":{"metric":"pm25","op":">","value":150}},"clear":{"when":{"metric":"pm25","op":"<","value":115}},
    "actions":[{"whistle":["urban-management","police"],"report_in":"PT20M"}]})");
  hand_.say("station", {{"pm25", 151}});
  const auto all = ask([&](Reader& r) { return house_.cases.list(r, root_, {}); });
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].circle, cases::Circle::small) << "one circle up";
  EXPECT_EQ(all[0].calls_open, 2);
  const auto called = ask([&](Reader& r) { return house_.cases.beside(r, all[0].id).called; });
  ASSERT_EQ(called.size(), 2U);
  EXPECT_EQ(called[0].whistle, cases::WhistleKind::data) << "figures alone raised it";
  EXPECT_EQ(called[0].report_in_by - called[0].called_at, minutes(20));
  // It comes back within the kind's steady time: the case reopens and nobody is whistled for again.
  hand_.pass(minutes(1));
  hand_.say("station", {{"pm25", 100}});
  hand_.pass(minutes(1));
  hand_.say("station", {{"pm25", 160}});
  std::int64_t whistles = 0;
  for (const auto& line : ask([&](Reader& r) { return house_.cases.diary(r, root_, all[0].id, 0, 500); })) whistles += line.code == "whistle";
  EXPECT_EQ(whistles, 1);
}

TEST_P(ActionsRoom, a_rule_that_goes_by_what_a_device_saw_whistles_by_technology) {
  hand_.rule("seen", R"({"name":"电动车入梯","applies_to":{"profile":"lift"},"severity":"critical","case":"ebike-in-lift",
    "raise":{"when":{"detection":"ebike","confidence":0.6}},"clear":{"when":{"metric":"empty","op":"==","value":1}},
    "actions":[{"whistle":["police"]}]})");
  hand_.see("lift", "ebike", 0.9);
  const auto all = ask([&](Reader& r) { return house_.cases.list(r, root_, {}); });
  ASSERT_EQ(all.size(), 1U);
  const auto called = ask([&](Reader& r) { return house_.cases.beside(r, all[0].id).called; });
  ASSERT_EQ(called.size(), 1U);
  EXPECT_EQ(called[0].whistle, cases::WhistleKind::technology) << "though a figure ends it";
}

TEST_P(ActionsRoom, a_rule_that_weighs_figures_and_sight_whistles_by_intelligence) {
  hand_.rule("both", R"({"name":"电动车入梯","applies_to":{"profile":"lift"},"severity":"critical","case":"ebike-in-lift",
    "raise":{"when":{"all":[{"detection":"ebike","confidence":0.6},{"metric":"empty","op":"==","value":0}]}},
    "clear":{"when":{"metric":"empty","op":"==","value":1}},"actions":[{"whistle":["police"]}]})");
  hand_.say("lift", {{"empty", 0}});
  hand_.pass(seconds(1));
  hand_.see("lift", "ebike", 0.9);
  const auto all = ask([&](Reader& r) { return house_.cases.list(r, root_, {}); });
  ASSERT_EQ(all.size(), 1U);
  const auto called = ask([&](Reader& r) { return house_.cases.beside(r, all[0].id).called; });
  ASSERT_EQ(called.size(), 1U);
  EXPECT_EQ(called[0].whistle, cases::WhistleKind::intelligence);
}

TEST_P(ActionsRoom, frost_rain_or_not_knowing_moves_nothing_and_says_so) {
  hand_.rule("dust", kMist);
  const auto reason_after = [&](DeviceHand::Values values) {
    hand_.pass(minutes(1));
    hand_.say("station", std::move(values));
    const std::string reason = hand_.actions().front().reason;
    EXPECT_EQ(hand_.actions().front().state, State::blocked);
    hand_.pass(minutes(1));
    hand_.say("station", {{"pm25", 100}});
    return reason;
  };
  EXPECT_EQ(reason_after({{"pm25", 151}}), "actions.interlock_unknown") << "nobody knows whether it freezes";
  EXPECT_EQ(reason_after({{"pm25", 151}, {"temp", -1}, {"rain", 0}}), "actions.interlock");
  EXPECT_EQ(reason_after({{"pm25", 151}, {"temp", 5}, {"rain", 0.2}}), "actions.interlock");
  EXPECT_TRUE(hand_.commands("station").empty());
}

TEST_P(ActionsRoom, an_interlock_counts_by_the_values_of_the_item_that_raised_not_by_those_that_came_since) {
  hand_.rule("dust", kMist);
  const Time t = hand_.now();
  // One batch: by the time that the command is judged, the frost of its own hour is past.
  hand_.say_all("station", {{t, {{"pm25", 151}, {"temp", -1}, {"rain", 0}}}, {t + minutes(1), {{"pm25", 160}, {"temp", 3}, {"rain", 0}}}});
  EXPECT_EQ(only().state, State::blocked);
  EXPECT_EQ(only().reason, "actions.interlock");
  EXPECT_TRUE(hand_.commands("station").empty());
}

TEST_P(ActionsRoom, an_interlock_counts_by_what_stands_now_as_well) {
  hand_.rule("dust", kMist);
  const Time t = hand_.now();
  hand_.say_all("station", {{t, {{"pm25", 151}, {"temp", 5}, {"rain", 0}}}, {t + minutes(1), {{"pm25", 160}, {"temp", -1}}}});
  EXPECT_EQ(only().state, State::blocked);
  EXPECT_EQ(only().reason, "actions.interlock");
}

TEST_P(ActionsRoom, values_that_stand_behind_the_threshold_in_one_item_count_for_the_interlock) {
  hand_.rule("dust", kMist);
  hand_.say("station", {{"temp", 5}, {"rain", 0}, {"pm25", 20}});
  hand_.pass(minutes(1));
  hand_.say("station", {{"pm25", 151}, {"temp", -1}});
  EXPECT_EQ(only().reason, "actions.interlock") << "the whole item is one instant";
}

TEST_P(ActionsRoom, old_evidence_opens_a_situation_and_moves_nothing) {
  hand_.rule("dust", kMist);
  hand_.say_at("station", hand_.now() - minutes(6), {{"pm25", 151}, {"temp", 5}, {"rain", 0}});
  EXPECT_EQ(hand_.situations().size(), 1U);
  EXPECT_EQ(only().reason, "actions.stale_evidence");
}

TEST_P(ActionsRoom, a_for_that_ends_long_after_the_last_word_moves_nothing) {
  hand_.rule("dust", R"({"name":"扬尘","applies_to":{"profile":"air"},"severity":"warning",
    "raise":{"when":{"metric":"pm25","op":">","value":150},"for":"PT30M"},"actions":[{"command":"set_mist"}]})");
  hand_.say("station", {{"pm25", 151}});
  hand_.pass(hours(1));
  EXPECT_EQ(hand_.situations().size(), 1U);
  EXPECT_EQ(only().reason, "actions.stale_evidence") << "half an hour old when the rule raised";
}

TEST_P(ActionsRoom, a_clock_that_runs_ahead_does_not_make_old_news_young) {
  hand_.rule("dust", R"({"name":"扬尘","applies_to":{"profile":"air"},"severity":"warning",
    "raise":{"when":{"metric":"pm25","op":">","value":150}},"actions":[{"command":"set_mist"}]})");
  hand_.house().lane.now([&](Tx& tx) {
    readings::Batch batch;
    const auto entry = house_.devices.registry().find("station");
    batch.items.push_back({to_ms(hand_.now() + hours(20)), to_ms(hand_.now()), entry->number, 0, 1});
    batch.values.push_back({151, entry->profile->find("pm25")->number, 0});
    house_.take(tx, batch);
  });
  world_.clock.advance(hours(1));  // the hearer comes late
  house_.lane.settle();
  EXPECT_EQ(only().reason, "actions.stale_evidence");
}

TEST_P(ActionsRoom, in_maintenance_and_after_its_end_nothing_moves) {
  hand_.rule("dust", kMist);
  hand_.act([&](Tx& tx) {
    house_.devices.maintain(tx, root_, devices::DeviceId{"station"}, {hand_.now(), hand_.now() + minutes(5), "检修"});
  });
  hand_.say("station", {{"pm25", 151}, {"temp", 5}, {"rain", 0}});
  EXPECT_EQ(only().reason, "actions.maintenance");
  hand_.say_at("station", hand_.now() + seconds(1), {{"pm25", 100}});
  hand_.pass(minutes(10));
  const Time t = hand_.now();
  hand_.say_all("station", {{t, {{"pm25", 151}}}, {t + seconds(1), {{"pm25", 100}}}});
  EXPECT_EQ(hand_.actions().front().reason, "actions.already_over");
}

TEST_P(ActionsRoom, after_maintenance_newer_evidence_moves_the_machine_and_what_was_seen_during_it_does_not) {
  hand_.rule("dust", kMist);
  const auto maintain = [&] {
    hand_.act([&](Tx& tx) {
      house_.devices.maintain(tx, root_, devices::DeviceId{"station"}, {hand_.now(), hand_.now() + hours(1), "检修"});
    });
  };
  maintain();
  hand_.say("station", {{"pm25", 151}, {"temp", 5}, {"rain", 0}});
  hand_.pass(hours(1));
  EXPECT_EQ(hand_.actions().front().reason, "actions.stale_evidence") << "an hour old";
  hand_.say("station", {{"pm25", 100}});
  hand_.pass(minutes(1));
  maintain();
  hand_.say("station", {{"pm25", 151}});
  hand_.pass(minutes(59));
  hand_.say("station", {{"pm25", 160}, {"temp", 5}});
  EXPECT_TRUE(hand_.commands("station").empty());
  hand_.pass(minutes(1));
  EXPECT_EQ(hand_.actions().front().state, State::commanded);
  EXPECT_EQ(hand_.commands("station"), Words{"set_mist waiting"});
}

TEST_P(ActionsRoom, a_word_that_the_device_does_not_know_blocks_and_stops_nobody) {
  hand_.rule("dust", R"({"name":"扬尘","applies_to":{"profile":"air"},"severity":"warning",
    "raise":{"when":{"metric":"pm25","op":">","value":150}},
    "actions":[{"command":"dance"},{"command":"set_mist","device":"not-there"},{"command":"set_mist"}]})");
  hand_.say("station", {{"pm25", 151}});
  const auto all = hand_.actions();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].state, State::commanded);
  EXPECT_EQ(all[1].reason, "actions.no_such_device");
  EXPECT_EQ(all[2].reason, "devices.unknown_command");
}

TEST_P(ActionsRoom, what_a_device_could_not_do_or_never_answered_is_said) {
  hand_.rule("dust", kMist);
  hand_.say("station", {{"pm25", 151}, {"temp", 5}, {"rain", 0}});
  hand_.pass(seconds(11));
  EXPECT_EQ(only().state, State::expired) << "ten seconds for an answer";
  EXPECT_EQ(hand_.commands("station"), Words{"set_mist expired"});
  hand_.say("station", {{"pm25", 100}});
  EXPECT_EQ(only().state, State::released) << "it may have happened all the same";
}

TEST_P(ActionsRoom, a_guard_lets_a_held_lift_go_at_once_with_a_reason) {
  hand_.rule("ebike", kHold);
  hand_.see("lift", "ebike", 0.9);
  hand_.answer("lift");
  const ActionId id = only().id;
  EXPECT_EQ(only().state, State::held);
  const auto release = [&](const Caller& caller, const std::string& reason) {
    return refused([&](Tx& tx) { house_.actions.release(tx, caller, id, reason); });
  };
  EXPECT_EQ(release(guard(), ""), "actions.reason_needed");
  EXPECT_EQ(release(guard("/elsewhere/"), "放行"), "access.not_here");
  EXPECT_EQ(release({"account-8", "", "resident", {}, {}, {{"actions.read", "/"}}}, "放行"), "access.no_right");
  EXPECT_EQ(release(guard("/fuyuan/"), "是婴儿车"), "");
  EXPECT_EQ(only().state, State::released);
  EXPECT_EQ(only().reason, "是婴儿车");
  EXPECT_EQ(only().released_by, "account-7");
  EXPECT_EQ(hand_.commands("lift"), (Words{"hold answered", "go waiting"}));
  EXPECT_EQ(release(guard(), "再来"), "actions.not_held");
}

TEST_P(ActionsRoom, a_hold_without_fresh_evidence_lets_go_by_itself) {
  hand_.rule("ebike", kHold);
  hand_.see("lift", "ebike", 0.9);
  hand_.answer("lift");
  hand_.pass(seconds(119));
  EXPECT_EQ(only().state, State::held);
  hand_.pass(seconds(1));
  EXPECT_EQ(only().state, State::released);
  EXPECT_EQ(only().reason, "actions.no_fresh_evidence");
  EXPECT_EQ(hand_.situations().front().state, situations::State::open) << "the fact stands until it clears";
}

TEST_P(ActionsRoom, a_device_whose_clock_runs_ahead_holds_no_longer_for_it) {
  hand_.rule("open-door", R"({"name":"门未关","applies_to":{"profile":"lift"},"severity":"warning",
    "raise":{"when":{"metric":"empty","op":"<","value":1}},"clear":{"when":{"metric":"empty","op":"==","value":1}},
    "actions":[{"command":"hold","release":{"command":"go"},"hold":"PT2M"}]})");
  hand_.say_at("lift", hand_.now() + hours(1), {{"empty", 0}});
  hand_.answer("lift");
  EXPECT_EQ(only().state, State::held);
  hand_.pass(minutes(1));
  hand_.say_at("lift", hand_.now() + hours(1), {{"empty", 0}});
  hand_.pass(seconds(119));
  EXPECT_EQ(only().state, State::held) << "it was seen once more";
  hand_.pass(seconds(1));
  EXPECT_EQ(only().state, State::released);
  EXPECT_EQ(only().reason, "actions.no_fresh_evidence");
}

TEST_P(ActionsRoom, a_hold_stands_as_long_as_it_is_seen_and_no_doubtful_sight_prolongs_it) {
  hand_.rule("ebike", kHold);
  hand_.see("lift", "ebike", 0.9);
  hand_.answer("lift");
  for (int i = 0; i < 5; ++i) {
    hand_.pass(seconds(100));
    hand_.see("lift", "ebike", 0.8);
  }
  EXPECT_EQ(only().state, State::held);
  const Time last = hand_.now();
  hand_.pass(seconds(60));
  hand_.see("lift", "ebike", 0.2);
  hand_.pass(seconds(60));
  EXPECT_EQ(only().state, State::released);
  EXPECT_EQ(only().ended_at, last + minutes(2));
}

TEST_P(ActionsRoom, what_lifted_the_severity_holds_nothing) {
  hand_.rule("ebike", R"({"name":"电动车入梯","applies_to":{"profile":"lift"},"severity":"warning",
    "raise":{"when":{"detection":"ebike","confidence":0.6}},"clear":{"when":{"metric":"empty","op":"==","value":1}},
    "escalate":[{"when":{"metric":"empty","op":"==","value":0},"severity":"critical"}],
    "actions":[{"command":"hold","release":{"command":"go"},"hold":"PT2M"}]})");
  hand_.see("lift", "ebike", 0.9);
  hand_.answer("lift");
  const Time seen = hand_.now();
  hand_.pass(seconds(100));
  hand_.say("lift", {{"empty", 0}});
  EXPECT_EQ(hand_.situations().front().severity, situations::Severity::critical);
  hand_.pass(seconds(20));
  EXPECT_EQ(only().state, State::released);
  EXPECT_EQ(only().ended_at, seen + minutes(2));
}

TEST_P(ActionsRoom, a_hold_that_was_never_answered_lets_go_too) {
  hand_.rule("ebike", kHold);
  hand_.see("lift", "ebike", 0.9);
  hand_.pass(minutes(2));
  EXPECT_EQ(only().state, State::released) << "it may hold without having said so";
  EXPECT_EQ(hand_.commands("lift"), (Words{"hold expired", "go waiting"}));
}

TEST_P(ActionsRoom, a_release_that_nobody_answers_is_sent_again_until_somebody_does) {
  hand_.rule("ebike", kHold);
  hand_.see("lift", "ebike", 0.9);
  hand_.answer("lift");
  hand_.pass(minutes(2));
  EXPECT_EQ(hand_.commands("lift"), (Words{"hold answered", "go waiting"}));
  hand_.pass(minutes(11));
  EXPECT_EQ(hand_.commands("lift"), (Words{"hold answered", "go expired", "go waiting"}));
  hand_.pass(minutes(61));
  EXPECT_EQ(hand_.commands("lift"), (Words{"hold answered", "go expired", "go expired", "go waiting"}));
  hand_.answer("lift");
  hand_.pass(hours(3));
  EXPECT_EQ(hand_.commands("lift"), (Words{"hold answered", "go expired", "go expired", "go answered"}));
  std::size_t told = 0;
  for (const auto& event : ask([](Reader& r) { return bus::Bus::after(r, 0, {"actions"}, 100); }))
    told += event.topic == "actions.release_unanswered";
  EXPECT_EQ(told, 2U);
}

TEST_P(ActionsRoom, a_machine_that_is_gone_fails_alone_and_every_other_moves_on) {
  hand_.rule("ebike", kHold);
  hand_.rule("dust", kMist);
  hand_.see("lift", "ebike", 0.9);
  hand_.answer("lift");
  hand_.act([&](Tx& tx) { house_.devices.remove(tx, root_, devices::DeviceId{"lift"}); });
  EXPECT_TRUE(house_.bus.parked().empty());
  EXPECT_EQ(only().state, State::failed);
  EXPECT_EQ(only().reason, "devices.unknown");
  hand_.say("station", {{"pm25", 151}, {"temp", 12}, {"rain", 0}});
  EXPECT_EQ(hand_.commands("station"), Words{"set_mist waiting"});
  hand_.pass(hours(3));
  EXPECT_TRUE(house_.jobs.failing().empty());
  std::size_t told = 0;
  for (const auto& event : ask([](Reader& r) { return bus::Bus::after(r, 0, {"actions"}, 100); }))
    told += event.topic == "actions.release_unanswered" && event.path == "/fuyuan/";
  EXPECT_GE(told, 1U) << "whoever stands at the lift must know";
}

TEST_P(ActionsRoom, a_release_whose_word_left_the_profile_is_said_and_goes_out_when_the_word_is_back) {
  const std::string without = R"({"name":"电梯","metrics":[{"id":"empty"}],"detections":["ebike"],"commands":[{"method":"hold"}]})";
  const std::string with = R"({"name":"电梯","metrics":[{"id":"empty"}],"detections":["ebike"],"commands":[{"method":"hold"},{"method":"go"}]})";
  hand_.rule("ebike", kHold);
  hand_.see("lift", "ebike", 0.9);
  hand_.answer("lift");
  hand_.profile("lift", without);
  const ActionId id = only().id;
  EXPECT_EQ(refused([&](Tx& tx) { house_.actions.release(tx, guard(), id, "放行"); }), "devices.unknown_command");
  EXPECT_EQ(only().state, State::held) << "who lets go by hand is told, and nothing is forgotten";
  hand_.pass(minutes(2));
  EXPECT_EQ(only().state, State::failed);
  EXPECT_EQ(only().reason, "devices.unknown_command");
  EXPECT_TRUE(house_.jobs.failing().empty());
  hand_.profile("lift", with);
  hand_.pass(hours(1));
  EXPECT_EQ(only().state, State::released);
  EXPECT_EQ(hand_.commands("lift"), (Words{"hold answered", "go waiting"}));
}

TEST_P(ActionsRoom, what_was_seen_long_ago_and_comes_now_keeps_nothing_held) {
  hand_.rule("ebike", kHold);
  hand_.see("lift", "ebike", 0.9);
  hand_.answer("lift");
  for (int i = 0; i < 7; ++i) {
    hand_.pass(seconds(20));
    readings::Batch batch;
    batch.detections.push_back({to_ms(hand_.now() - hours(1)), to_ms(hand_.now()), house_.devices.registry().find("lift")->number, 0,
                                0.9, "ebike", "", "", ""});
    act([&](Tx& tx) { house_.take(tx, batch); });
  }
  EXPECT_EQ(only().state, State::released);
  EXPECT_EQ(only().reason, "actions.no_fresh_evidence");
}

TEST_P(ActionsRoom, a_word_for_a_post_that_is_no_id_is_passed_over) {
  hand_.rule("dust", kMist);
  hand_.say("station", {{"pm25", 151}});
  const auto situation = hand_.situations().front();
  act([&](Tx& tx) {  // as a version from before posts were checked would
    bus::tell(house_.bus, tx, Notify{situation.id, "门岗", "扬尘"}, {situation.id.text, situation.path, situation.id.text, {}});
    bus::tell(house_.bus, tx, Notify{situation.id, "estate-office", "还在扬尘"}, {situation.id.text, situation.path, situation.id.text, {}});
  });
  EXPECT_TRUE(house_.bus.parked().empty());
  EXPECT_EQ(ask([](Reader& r) { return *r.value<std::int64_t>("SELECT COUNT(*) FROM notices WHERE text = '还在扬尘'"); }), 1);
}

TEST_P(ActionsRoom, a_detection_that_nothing_clears_ends_by_people_and_may_come_again) {
  hand_.rule("ebike", R"({"name":"电动车","applies_to":{"profile":"lift"},"severity":"warning","case":"dust",
    "raise":{"when":{"detection":"ebike","confidence":0.6}}})");
  hand_.see("lift", "ebike", 0.9);
  const auto first = hand_.situations().front();
  act([&](Tx& tx) { house_.situations.mark_false(tx, root_, first.id, true, "是婴儿车"); });
  EXPECT_EQ(hand_.situations().front().state, situations::State::cleared);
  hand_.pass(minutes(1));
  hand_.see("lift", "ebike", 0.9);
  ASSERT_EQ(hand_.situations().size(), 2U) << "and is raised anew";
  const auto all = ask([&](Reader& r) { return house_.cases.list(r, root_, {}); });
  ASSERT_EQ(all.size(), 2U);
  cases::Words words;
  words.note = "已劝离";
  const Caller desk{"account-9", "", "desk", {}, {}, {{"*", "/"}}};
  act([&](Tx& tx) { house_.cases.move(tx, desk, all[0].id, cases::Move::refuse, words); });
  EXPECT_EQ(hand_.situations().front().state, situations::State::cleared) << "the duty ended, and with it what nobody else could end";
  hand_.pass(hours(30));
  hand_.see("lift", "ebike", 0.9);
  EXPECT_EQ(hand_.situations().size(), 3U);
}

TEST_P(ActionsRoom, a_false_alarm_of_what_is_measured_stands_until_it_is_measured_otherwise) {
  hand_.rule("dust", kMist);
  hand_.say("station", {{"pm25", 151}});
  act([&](Tx& tx) { house_.situations.mark_false(tx, root_, hand_.situations().front().id, true, "探头脏"); });
  hand_.pass(minutes(1));
  hand_.say("station", {{"pm25", 151}});
  EXPECT_EQ(hand_.situations().size(), 1U) << "else each reading would alarm again";
  EXPECT_EQ(hand_.situations().front().state, situations::State::open);
}

TEST_P(ActionsRoom, a_device_that_is_taken_away_verifies_no_case) {
  hand_.rule("dust", R"({"name":"扬尘","applies_to":{"profile":"air"},"severity":"warning","case":"dust",
    "raise":{"when":{"metric":"pm25","op":">","value":150}}})");
  hand_.say("station", {{"pm25", 151}});
  const auto id = ask([&](Reader& r) { return house_.cases.list(r, root_, {}); }).at(0).id;
  hand_.act([&](Tx& tx) { house_.devices.remove(tx, root_, devices::DeviceId{"station"}); });
  EXPECT_EQ(hand_.situations().front().state, situations::State::cleared);
  EXPECT_TRUE(cases::is_open(ask([&](Reader& r) { return house_.cases.list(r, root_, {}); }).at(0).state));
  std::string last;
  for (const auto& line : ask([&](Reader& r) { return house_.cases.diary(r, root_, id, 0, 500); })) last = line.words;
  EXPECT_EQ(last, "设备已撤除，须人工核实");
}

TEST_P(ActionsRoom, a_late_release_does_not_undo_a_newer_hold) {
  hand_.rule("ebike", kHold);
  hand_.see("lift", "ebike", 0.9);
  hand_.answer("lift");
  hand_.pass(minutes(2));
  hand_.say("lift", {{"empty", 1}});
  hand_.pass(minutes(7));
  hand_.say("lift", {{"empty", 0}});
  hand_.see("lift", "ebike", 0.9);
  ASSERT_EQ(hand_.actions().size(), 2U);
  for (int i = 0; i < 5; ++i) {
    hand_.pass(minutes(1));
    hand_.see("lift", "ebike", 0.9);
  }
  EXPECT_EQ(hand_.actions().front().state, State::expired) << "it stands: it may have happened";
  std::size_t waiting = 0;
  for (const auto& command : hand_.commands("lift")) waiting += command == "go waiting";
  EXPECT_EQ(waiting, 0U);
}

TEST_P(ActionsRoom, lists_are_scoped_and_know_their_situation) {
  hand_.rule("dust", kMist);
  hand_.say("station", {{"pm25", 151}, {"temp", 5}, {"rain", 0}});
  const Action action = only();
  EXPECT_EQ(action.situation, hand_.situations().front().id);
  Filter filter;
  filter.situation = action.situation;
  EXPECT_EQ(ask([&](Reader& r) { return Actions::list(r, guard("/fuyuan/"), filter); }).size(), 1U);
  EXPECT_TRUE(ask([&](Reader& r) { return Actions::list(r, guard("/elsewhere/"), filter); }).empty());
  filter.state = State::blocked;
  EXPECT_TRUE(hand_.actions(filter).empty());
}

}  // namespace
}  // namespace lifang::actions
