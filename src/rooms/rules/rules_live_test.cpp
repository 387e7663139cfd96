// Versions, activation, and judging as the house does it: through the lane, on both engines.
#include "support/device_hand.hpp"
#include "support/house_fixture.hpp"

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
  EXPECT_EQ(ask([](Reader& r) { return Rules::get(r, RuleId{"silent.air"}); }).state, State::draft);
  EXPECT_EQ(ask([](Reader& r) { return Rules::get(r, RuleId{"silent.air"}); }).active_version, 0);
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
