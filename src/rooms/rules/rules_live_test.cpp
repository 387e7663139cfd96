// Versions, activation, and judging as the house does it: through the lane, on both engines.
#include "rooms/rules/rules_trial.hpp"
#include "support/device_hand.hpp"
#include "support/house_fixture.hpp"
#include "support/known.hpp"

namespace lifang::rules {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

std::string above(double limit, const std::string& more = "") {
  return fmt::format(R"({{"name":"扬尘","applies_to":{{"profile":"air"}},"severity":"warning",
    "raise":{{"when":{{"metric":"pm25","op":">","value":{}}}{}}}}})", limit, more);
}

class LiveRules : public HouseTest {
 protected:
  LiveRules() : hand_(house_, world_) {
    hand_.place("gate", places::Kind::spot);
    hand_.profile("air", R"({"name":"空气站","metrics":[{"id":"pm25"},{"id":"rain"}]})");
    hand_.device("station", "air", "gate");
  }
  Kept put(const std::string& words, const std::string& id = "dust") {
    return hand_.act([&](Tx& tx) { return house_.rules.put(tx, root_, RuleId{id}, words); });
  }
  Kept activate(const std::string& id = "dust") {
    return hand_.act([&](Tx& tx) { return house_.rules.activate(tx, root_, RuleId{id}); });
  }
  void say(double pm25) {
    hand_.pass(minutes(1));
    hand_.say("station", {{"pm25", pm25}});
  }
  std::string standing() {
    std::string text;
    for (const auto& s : hand_.situations())
      text = fmt::format("v{} {}{}{}", s.rule_version, enum_name(s.state), text.empty() ? "" : ", ", text);
    return text;
  }
  DeviceHand hand_;
};
BOTH_ENGINES(LiveRules);

TEST_P(LiveRules, a_draft_judges_nothing_until_it_is_activated) {
  EXPECT_EQ(put(above(150)).state, State::draft);
  say(200);
  EXPECT_EQ(standing(), "");
  const Kept kept = activate();
  EXPECT_EQ(kept.state, State::active);
  EXPECT_EQ(kept.version, 1);
  say(201);
  EXPECT_EQ(standing(), "v1 open");
}

TEST_P(LiveRules, the_same_words_are_the_same_version_and_others_a_new_draft_beside_the_active_one) {
  put(above(150));
  activate();
  EXPECT_EQ(put(above(150)).version, 1);
  const Kept kept = put(above(200));
  EXPECT_EQ(kept.version, 2);
  EXPECT_EQ(kept.state, State::draft);
  const RuleView view = ask([](Reader& r) { return Rules::get(r, RuleId{"dust"}); });
  EXPECT_EQ(view.version, 2);
  EXPECT_EQ(view.active_version, 1);
  say(160);
  EXPECT_EQ(standing(), "v1 open") << "version 1 still judges";
  const auto versions = ask([](Reader& r) { return Rules::versions(r, RuleId{"dust"}); });
  ASSERT_EQ(versions.size(), 2U);
  EXPECT_FALSE(versions[0].activated_at);
  EXPECT_TRUE(versions[1].activated_at);
}

TEST_P(LiveRules, an_open_situation_keeps_the_version_that_opened_it_until_it_clears) {
  put(above(150));
  activate();
  say(160);
  put(above(100));
  activate();
  EXPECT_EQ(standing(), "v1 open");
  say(120);
  EXPECT_EQ(standing(), "v1 cleared, v2 open") << "by the old words it is over, by the new ones it begins";
  say(90);
  EXPECT_EQ(standing(), "v1 cleared, v2 cleared");
  say(120);
  EXPECT_EQ(standing(), "v1 cleared, v2 cleared, v2 open");
}

TEST_P(LiveRules, a_retired_rule_raises_no_more_but_lets_what_is_open_clear) {
  put(above(150));
  activate();
  say(160);
  EXPECT_EQ(hand_.act([&](Tx& tx) { return house_.rules.retire(tx, root_, RuleId{"dust"}); }).state, State::retired);
  EXPECT_EQ(ask([](Reader& r) { return Rules::get(r, RuleId{"dust"}); }).state, State::retired);
  say(170);
  EXPECT_EQ(standing(), "v1 open");
  say(100);
  EXPECT_EQ(standing(), "v1 cleared");
  say(300);
  EXPECT_EQ(standing(), "v1 cleared");
  activate();
  say(301);
  EXPECT_EQ(standing(), "v1 cleared, v1 open");
}

TEST_P(LiveRules, a_version_that_applies_elsewhere_leaves_its_old_devices_and_takes_its_new_ones) {
  hand_.place("yard", places::Kind::spot);
  hand_.device("other", "air", "yard");
  const auto at = [](const std::string& place) {
    return fmt::format(R"({{"name":"扬尘","applies_to":{{"place":"{}"}},"severity":"info",
      "raise":{{"when":{{"metric":"pm25","op":">","value":150}}}}}})", place);
  };
  const auto raised_by = [&] {
    hand_.pass(minutes(1));
    for (const auto* name : {"station", "other"}) hand_.say(name, {{"pm25", 10}});
    hand_.pass(minutes(1));
    for (const auto* name : {"station", "other"}) hand_.say(name, {{"pm25", 200}});
    return hand_.situations().front().device.text;
  };
  put(at("gate"));
  activate();
  EXPECT_EQ(raised_by(), "station");
  ASSERT_EQ(hand_.situations().size(), 1U);
  put(at("yard"));
  activate();
  EXPECT_EQ(raised_by(), "other");
  EXPECT_EQ(hand_.situations().size(), 2U) << "the gate's station is judged no more";
  EXPECT_EQ(house_.rules.live().rules(), 1U);
}

TEST_P(LiveRules, an_activation_that_is_undone_changes_nothing) {
  put(above(150));
  EXPECT_EQ(refused([&](Tx& tx) {
    house_.rules.activate(tx, root_, RuleId{"dust"});
    throw conflict("test.undone", "undone");
  }), "test.undone");
  say(200);
  EXPECT_EQ(standing(), "");
  EXPECT_EQ(house_.rules.live().rules(), 0U);
}

TEST_P(LiveRules, a_device_that_changes_its_attribute_is_judged_by_the_new_one) {
  put(R"({"name":"扬尘","applies_to":{"profile":"air"},"severity":"info","raise":{"when":{"metric":"pm25","op":">","attribute":"limit"}}})");
  activate();
  say(160);
  EXPECT_EQ(standing(), "") << "without the attribute nobody knows";
  hand_.act([&](Tx& tx) { return house_.devices.set_attributes(tx, root_, devices::DeviceId{"station"}, R"({"limit":150})"); });
  say(161);
  EXPECT_EQ(standing(), "v1 open");
}

TEST_P(LiveRules, a_removed_device_ends_what_is_open) {
  put(above(150));
  activate();
  say(160);
  hand_.act([&](Tx& tx) { house_.devices.remove(tx, root_, devices::DeviceId{"station"}); });
  EXPECT_EQ(standing(), "v1 cleared");
  EXPECT_EQ(house_.situations.open_now(), 0U);
}

TEST_P(LiveRules, nobody_is_missed_who_need_not_be_there) {
  put(R"({"name":"离岗","applies_to":{"profile":"air"},"severity":"info","on_duty":"keeper",
    "raise":{"when":{"metric":"pm25","op":">","value":150}}})");
  activate();
  say(200);
  EXPECT_EQ(standing(), "v1 open") << "where no roster is kept everybody counts";
  say(10);
  ASSERT_EQ(standing(), "v1 cleared");
  hand_.act([&](Tx& tx) {
    rosters::ShiftWords shift;
    shift.post = rosters::PostId{"keeper"};
    shift.place = places::PlaceId{"gate"};
    const auto minute = static_cast<int>((to_ms(tx.now()) / 60'000 + 480) % 1440);
    shift.from = {(minute + 180) % 1440};
    shift.to = {(minute + 300) % 1440};
    make_known(tx, shift);
    return house_.rosters.put_shift(tx, root_, rosters::ShiftId{"s1"}, shift);
  });
  const Time before = hand_.now();
  say(210);
  EXPECT_EQ(standing(), "v1 cleared") << "nobody is due yet";
  hand_.pass(hours(3));
  say(220);
  EXPECT_EQ(standing(), "v1 cleared, v1 open") << "it still stands, and now somebody is due";
  say(10);
  hand_.pass(hours(3));
  say(230);
  EXPECT_EQ(standing(), "v1 cleared, v1 cleared") << "the shift is over";

  db::ReaderPool readers(database_.database());
  const std::atomic<bool> ending{false};
  const RulePtr rule = ask([](Reader& r) { return Rules::version(r, RuleId{"dust"}, 1); });
  const auto past = try_on_past(db::Snapshots(readers, ending), root_, house_.rules.live(), house_.devices, house_.readings, rule,
                                before, std::nullopt, hand_.now());
  EXPECT_EQ(past.situations, 1) << "the past is asked with the same roster";
}

TEST_P(LiveRules, what_a_removed_device_left_open_ends_even_if_judging_knows_nothing_of_it) {
  put(above(150));
  activate();
  say(160);
  // As after a crash between the removal and its hearers: the memory was skipped because the device was gone.
  act([&](Tx& tx) { house_.situations.device_removed(tx, devices::DeviceId{"station"}); });
  EXPECT_EQ(standing(), "v1 cleared");
  EXPECT_EQ(house_.situations.open_now(), 0U);
  act([&](Tx& tx) { house_.situations.device_removed(tx, devices::DeviceId{"station"}); });
  EXPECT_EQ(standing(), "v1 cleared") << "once";
}

TEST_P(LiveRules, what_a_failed_batch_judged_is_forgotten_with_it) {
  put(above(150, R"(,"for":"PT10M")"));
  activate();
  const auto entry = house_.devices.registry().find("station");
  readings::Batch batch;
  batch.items.push_back({to_ms(hand_.now()), to_ms(hand_.now()), entry->number, 0, 1});
  batch.values.push_back({400, entry->profile->find("pm25")->number, 0});
  class Fails final : public lane::Work {
   public:
    Fails(House& house, readings::Batch batch) : house_(house), batch_(std::move(batch)) {}
    void run(Tx& tx) override {
      house_.take(tx, batch_);
      throw std::runtime_error("a defect");
    }

   private:
    House& house_;
    readings::Batch batch_;
  };
  house_.lane.submit(std::make_unique<Fails>(house_, batch));
  house_.lane.settle();
  hand_.pass(hours(1));
  EXPECT_EQ(standing(), "") << "no `for` runs on from what was never stored";
  say(400);
  hand_.pass(minutes(10));
  EXPECT_EQ(standing(), "v1 open");
}

TEST_P(LiveRules, a_profile_with_silent_after_brings_its_own_rule) {
  hand_.profile("air", R"({"name":"空气站","metrics":[{"id":"pm25"},{"id":"rain"}],"silent_after":"PT20M"})");
  say(10);
  hand_.pass(minutes(21));
  ASSERT_EQ(hand_.situations().size(), 1U);
  EXPECT_EQ(hand_.situations().front().rule.text, "silent.air");
  hand_.profile("air", R"({"name":"空气站","metrics":[{"id":"pm25"},{"id":"rain"}]})");
  EXPECT_EQ(ask([](Reader& r) { return Rules::get(r, RuleId{"silent.air"}); }).state, State::retired);
  EXPECT_EQ(ask([](Reader& r) { return Rules::get(r, RuleId{"silent.air"}); }).active_version, 0);
}

TEST_P(LiveRules, a_profile_that_is_kept_again_leaves_the_silence_rule_as_people_made_it) {
  const auto profile = [&](const std::string& name, const std::string& silent) {
    hand_.profile("air", R"({"name":")" + name + R"(","metrics":[{"id":"pm25"},{"id":"rain"}],"silent_after":")" + silent + "\"}");
  };
  const auto rule = [&] { return ask([](Reader& r) { return Rules::get(r, RuleId{"silent.air"}); }); };
  profile("空气站", "PT20M");
  hand_.act([&](Tx& tx) { return house_.rules.retire(tx, root_, RuleId{"silent.air"}); });
  profile("空气监测站", "PT20M");
  EXPECT_EQ(rule().active_version, 0) << "retired by people, and nothing about silence changed";
  EXPECT_EQ(rule().version, 1);
  profile("空气监测站", "PT25M");
  EXPECT_EQ(rule().active_version, 2) << "the machine's own follows its profile";
  Caller person = root_;
  person.account = "account-7";
  const std::string own = R"({"name":"失联","applies_to":{"profile":"air"},"severity":"info","raise":{"when":{"silent":"PT45M"}}})";
  hand_.act([&](Tx& tx) { return house_.rules.put(tx, person, RuleId{"silent.air"}, own); });
  profile("空气站", "PT30M");
  EXPECT_EQ(rule().version, 3);
  EXPECT_EQ(rule().active_version, 2);
  hand_.profile("air", R"({"name":"空气站","metrics":[{"id":"pm25"},{"id":"rain"}]})");
  EXPECT_EQ(rule().active_version, 2);
}

/// A node that ends and another that begins on its rows.
class LiveRulesAfterARestart : public testing::TestWithParam<db::Engine> {
 protected:
  LiveRulesAfterARestart() : database_(GetParam()) {}
  template <class Fn>
  void run(Fn&& fn) {
    House::Plan plan;
    plan.directory = database_.directory();
    plan.node_key = Secret(std::string(kKeyBytes, 'k'));
    plan.accounts.cost = PasswordCost::for_tests();
    House house(std::move(plan), database_.database(), world_.world);
    house.open();
    DeviceHand hand(house, world_);
    fn(hand);
  }
  static void furnish(DeviceHand& hand, const std::string& rule) {
    hand.place("gate", places::Kind::spot);
    hand.profile("air", R"({"name":"空气站","metrics":[{"id":"pm25"},{"id":"rain"}],"commands":[{"method":"mist"}]})");
    hand.device("station", "air", "gate");
    hand.rule("dust", rule);
  }
  FakeWorld world_;
  TestDatabase database_;
};
BOTH_ENGINES(LiveRulesAfterARestart);

TEST_P(LiveRulesAfterARestart, a_for_is_broken_by_what_is_said_after_it) {
  run([](DeviceHand& hand) {
    furnish(hand, above(150, R"(,"for":"PT30M")"));
    hand.say("station", {{"pm25", 151}});
    hand.pass(minutes(20));
  });
  run([](DeviceHand& hand) {
    hand.say("station", {{"pm25", 100}});
    hand.pass(hours(1));
    EXPECT_TRUE(hand.situations().empty());
    hand.say("station", {{"pm25", 151}});
    hand.pass(minutes(29));
    EXPECT_TRUE(hand.situations().empty());
    hand.pass(minutes(1));
    EXPECT_EQ(hand.situations().size(), 1U);
  });
}

TEST_P(LiveRulesAfterARestart, a_device_that_had_only_just_begun_to_speak_is_missed_all_the_same) {
  run([](DeviceHand& hand) {
    furnish(hand, R"({"name":"失联","applies_to":{"profile":"air"},"severity":"info","raise":{"when":{"silent":"PT75S"}}})");
    hand.say("station", {{"pm25", 10}});
    hand.pass(std::chrono::seconds(1));
  });
  run([](DeviceHand& hand) {
    hand.pass(std::chrono::seconds(80));
    ASSERT_EQ(hand.situations().size(), 1U);
    EXPECT_EQ(hand.situations().front().state, situations::State::open);
  });
}

std::string silent(const std::string& length) {
  return R"({"name":"失联","applies_to":{"profile":"air"},"severity":"info","raise":{"when":{"silent":")" + length + "\"}}}";
}

TEST_P(LiveRulesAfterARestart, who_speaks_in_detections_alone_is_not_silent_and_is_missed_at_its_instant) {
  run([](DeviceHand& hand) {
    furnish(hand, silent("PT8S"));
    for (int i = 0; i < 50; ++i) {
      hand.see("station", "walker", 0.5 + i * 0.001);
      hand.pass(std::chrono::seconds(2));
    }
    EXPECT_TRUE(hand.situations().empty());
  });
  run([](DeviceHand& hand) {
    hand.pass(std::chrono::seconds(1));
    EXPECT_TRUE(hand.situations().empty()) << "the clock that is written once a minute knows nothing of the last detections";
    hand.see("station", "walker", 0.4);
    const Time last = hand.now();
    hand.pass(std::chrono::milliseconds(7999));
    EXPECT_TRUE(hand.situations().empty());
    hand.pass(std::chrono::milliseconds(1));
    ASSERT_EQ(hand.situations().size(), 1U);
    EXPECT_EQ(hand.situations().front().began_at, last + std::chrono::seconds(8));
  });
}

TEST_P(LiveRulesAfterARestart, a_silence_that_runs_over_the_restart_ends_where_it_would_have) {
  Time last{};
  run([&](DeviceHand& hand) {
    furnish(hand, silent("PT8S"));
    for (int i = 0; i < 50; ++i) {
      hand.pass(std::chrono::seconds(2));
      hand.see("station", "walker", 0.5 + i * 0.001);
    }
    last = hand.now();
    hand.pass(std::chrono::seconds(3));
  });
  world_.clock.advance(minutes(1));
  run([&](DeviceHand& hand) {
    hand.pass(minutes(0));
    ASSERT_EQ(hand.situations().size(), 1U);
    EXPECT_EQ(hand.situations().front().began_at, last + std::chrono::seconds(8));
  });
}

TEST_P(LiveRulesAfterARestart, a_value_out_of_range_is_a_word_all_the_same) {
  run([](DeviceHand& hand) {
    furnish(hand, silent("PT8S"));
    hand.profile("air", R"({"name":"空气站","metrics":[{"id":"pm25","max":500},{"id":"rain"}]})");
    hand.say("station", {{"pm25", 10}});
    for (int i = 0; i < 50; ++i) {
      hand.pass(std::chrono::seconds(2));
      hand.say("station", {{"pm25", 9000 + i}});
    }
  });
  run([](DeviceHand& hand) {
    hand.pass(std::chrono::seconds(7));
    EXPECT_TRUE(hand.situations().empty());
    hand.pass(std::chrono::seconds(1));
    EXPECT_EQ(hand.situations().size(), 1U);
  });
}

TEST_P(LiveRulesAfterARestart, what_arrived_late_moves_the_clock_as_it_did_live) {
  run([](DeviceHand& hand) {
    furnish(hand, silent("PT60S"));
    const Time first = hand.now();
    hand.say("station", {{"pm25", 10}});
    hand.pass(std::chrono::seconds(30));
    hand.say_at("station", first + std::chrono::seconds(1), {{"pm25", 11}});
  });
  run([](DeviceHand& hand) {
    hand.pass(std::chrono::seconds(59));
    EXPECT_TRUE(hand.situations().empty());
    hand.pass(std::chrono::seconds(1));
    EXPECT_EQ(hand.situations().size(), 1U);
  });
}

TEST_P(LiveRulesAfterARestart, a_clean_stop_writes_every_clock_that_moved) {
  run([](DeviceHand& hand) {
    furnish(hand, silent("PT1H"));
    hand.say("station", {{"pm25", 10}});
    hand.pass(std::chrono::milliseconds(10));
    hand.say("station", {{"pm25", 11}});
    const auto kept = [&] { return hand.ask([](Reader& r) { return r.value<Time>("SELECT newest FROM rules_memory"); }); };
    EXPECT_NE(kept(), hand.now());
    hand.act([&](Tx& tx) { hand.house().rules.live().close(tx); });
    EXPECT_EQ(kept(), hand.now());
  });
}

TEST_P(LiveRulesAfterARestart, an_old_version_still_clears_what_it_opened) {
  run([](DeviceHand& hand) {
    furnish(hand, above(150));
    hand.say("station", {{"pm25", 160}});
    hand.rule("dust", above(100));
  });
  run([](DeviceHand& hand) {
    hand.pass(minutes(1));
    hand.say("station", {{"pm25", 120}});
    const auto all = hand.situations();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[1].rule_version, 1);
    EXPECT_EQ(all[1].state, situations::State::cleared);
    EXPECT_EQ(all[0].rule_version, 2);
    EXPECT_EQ(all[0].state, situations::State::open);
  });
}

TEST_P(LiveRulesAfterARestart, what_only_an_interlock_names_is_known_again) {
  run([](DeviceHand& hand) {
    furnish(hand, R"({"name":"扬尘","applies_to":{"profile":"air"},"severity":"info","raise":{"when":{"metric":"pm25","op":">","value":150}},
      "actions":[{"command":"mist","when":{"metric":"rain","op":"<=","value":0}}]})");
    hand.say("station", {{"rain", 0}, {"pm25", 10}});
  });
  run([](DeviceHand& hand) {
    hand.pass(minutes(1));
    hand.say("station", {{"pm25", 160}});
    ASSERT_EQ(hand.actions().size(), 1U);
    EXPECT_EQ(hand.actions().front().state, actions::State::commanded) << hand.actions().front().reason;
  });
}

}  // namespace
}  // namespace lifang::rules
