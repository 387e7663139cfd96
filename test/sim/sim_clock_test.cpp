// A device that gives no times, on a node whose clock was ahead and is set back: nothing of it is late, rules judge it
// on, and a backtest gives what live gave.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "base/reflect.hpp"
#include "rooms/rules/rules_trial.hpp"
#include "support/sim_house.hpp"

namespace lifang {
namespace {

using namespace std::chrono_literals;

class SimClock : public testing::TestWithParam<db::Engine> {
 protected:
  SimClock() : sim_(GetParam()) {
    sim_.clock().set(kBegin);
    const Caller root = Caller::system();
    sim_.act([&](Tx& tx) {
      House& h = sim_.house();
      places::PlaceWords words{places::Kind::compound, "府苑新村", {}, {}, {}, {}, {}};
      h.places.put(tx, root, places::PlaceId{"fuyuan"}, words);
      const std::string profile = R"({"name":"post","metrics":[{"id":"heat","min":-50,"max":150}]})";
      h.devices.put_profile(tx, root, devices::ProfileId{"post"}, from_json<devices::ProfileWords>(profile));
      h.devices.put(tx, root, devices::DeviceId{"post"},
                    from_json<devices::DeviceWords>(R"({"profile":"post","place":"fuyuan","secret":"not-used-here"})"));
      h.rules.put(tx, root, rules::RuleId{"heat"},
                  R"({"name":"heat","applies_to":{"profile":"post"},"severity":"warning",
                      "raise":{"when":{"metric":"heat","op":">","value":60},"for":"PT5M"},
                      "clear":{"when":{"metric":"heat","op":"<","value":55}}})");
      h.rules.activate(tx, root, rules::RuleId{"heat"});
    });
  }
  void say(double heat) {
    sim_.say("post", fmt::format(R"({{"heat":{}}})", heat), [](bool stored) { EXPECT_TRUE(stored); });
    sim_.hand_over();
    sim_.house().lane.settle();
  }
  /// A value a minute.
  void say_for(int minutes, double heat) {
    for (int i = 0; i < minutes; ++i) {
      sim_.pass_to(sim_.clock().now() + 1min);
      say(heat);
    }
  }
  void jump(Duration by) {
    sim_.clock().set(sim_.clock().now() + by);
    sim_.house().lane.settle();
  }
  std::vector<situations::Situation> found() {
    Reader reader = sim_.reader();
    return situations::Situations::list(reader, Caller::system(), situations::Filter{});
  }
  /// (began, ended) of each, as a backtest over all that is stored tells it.
  std::vector<std::pair<Time, std::optional<Time>>> tried() {
    House& h = sim_.house();
    rules::RulePtr rule;
    {
      auto lease = h.readers.lease();
      rule = rules::Rules::version(lease.reader(), rules::RuleId{"heat"}, 1);
    }
    std::atomic<bool> ending{false};
    const db::Snapshots past(h.readers, ending);
    const auto answer = rules::try_on_past(past, Caller::system(), h.rules.live(), h.devices, h.readings, rule, {}, {},
                                           sim_.clock().now());
    std::vector<std::pair<Time, std::optional<Time>>> all;
    for (const auto& item : answer.items) all.emplace_back(item.began_at, item.ended_at);
    return all;
  }
  const Time kBegin = *parse_time("2026-03-02T00:00:00Z");
  SimHouse sim_;
};
BOTH_ENGINES(SimClock);

TEST_P(SimClock, a_device_without_a_clock_is_judged_on_when_the_nodes_clock_is_set_back) {
  jump(5h);
  say_for(3, 20);
  jump(-5h);
  for (const bool crash : {false, true}) {
    if (crash) {
      sim_.drop();
      sim_.open();
    }
    const std::size_t before = found().size();
    say_for(5, 70);
    EXPECT_EQ(found().size(), before) << "five minutes are not over";
    say_for(4, 70);
    ASSERT_EQ(found().size(), before + 1) << "they are, by the device's clock, which is slowed";
    say_for(1, 50);
    for (const auto& s : found()) EXPECT_EQ(s.state, situations::State::cleared);
    EXPECT_EQ(sim_.house().readings.counters().late.load(), 0U);
    EXPECT_EQ(sim_.house().readings.counters().repeated.load(), 0U);
  }
  sim_.pass_to(sim_.clock().now() + 24h);
  say_for(1, 70);
  const auto device = sim_.house().devices.registry().find("post");
  const auto latest = sim_.house().readings.latest(device->number, device->profile->find("heat")->number);
  ASSERT_TRUE(latest);
  EXPECT_EQ(latest->ts, to_ms(sim_.clock().now())) << "both clocks agree again";
  say_for(6, 70);
  say_for(1, 50);

  std::vector<std::pair<Time, std::optional<Time>>> live;
  for (const auto& s : found()) live.emplace_back(s.began_at, s.ended_at);
  std::sort(live.begin(), live.end());
  ASSERT_EQ(live.size(), 3U);
  EXPECT_EQ(tried(), live) << "a backtest gives what live gave";
}

}  // namespace
}  // namespace lifang
