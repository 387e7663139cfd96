// The machine's clock is set back: ids stay sorted, timers ring when the clock gets there, and the node says so.
#include "rooms/rules/rules.hpp"
#include "support/ward_fixture.hpp"

namespace lifang {
namespace {

using namespace std::chrono_literals;

class FaultClock : public WardTest {
 protected:
  RealIds ids_{world_.clock};  ///< as a node makes them
};
BOTH_ENGINES(FaultClock);

TEST_P(FaultClock, ids_stay_sorted_and_the_lane_says_that_the_clock_went_back) {
  const Time start = world_.clock.now();
  std::vector<std::string> ids;
  for (const Duration step : {Duration{1h}, Duration{-2h}, Duration{0}, Duration{-1ms}, Duration{3h}, Duration{-24h}}) {
    world_.clock.advance(step);
    for (int i = 0; i < 100; ++i) ids.push_back(ids_.ulid());
  }
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
  EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end()), ids.end());

  world_.clock.set(start);
  act([](Tx&) {});
  world_.clock.advance(-1h);
  act([](Tx&) {});
  EXPECT_NE(house_.lane.health().clock_note.find("set back"), std::string::npos);
  EXPECT_EQ(house_.lane.health().trouble, "") << "it works on";
  world_.clock.advance(61min);
  act([](Tx&) {});
  EXPECT_EQ(house_.lane.health().clock_note, "");
}

TEST_P(FaultClock, a_step_of_a_second_or_two_is_waited_out_and_rows_keep_their_order) {
  const auto first = act([](Tx& tx) { return tx.now(); });
  world_.clock.advance(-1500ms);
  EXPECT_EQ(act([](Tx& tx) { return tx.now(); }), first);
  EXPECT_EQ(house_.lane.health().clock_note, "");
}

TEST_P(FaultClock, a_deadline_rings_when_the_clock_reaches_it_and_not_before_and_once) {
  const auto id = report(resident("mrs-chen"), "noise").id;
  const auto due = look(id).due;
  ASSERT_TRUE(due);
  world_.clock.set(*due - 1min);
  house_.lane.settle();
  const auto warned = codes(id);
  world_.clock.advance(-3h);  // set back just before it was due
  house_.lane.settle();
  world_.clock.advance(3h);
  house_.lane.settle();
  EXPECT_EQ(codes(id), warned) << "a minute too early, twice";
  EXPECT_EQ(look(id).circle, cases::Circle::micro);
  world_.clock.set(*due);
  house_.lane.settle();
  EXPECT_EQ(look(id).circle, cases::Circle::small);
  const auto late_since = look(id).late_since;
  world_.clock.advance(-3h);  // and back again behind it
  house_.lane.settle();
  pass(3h - 1ms);
  EXPECT_EQ(look(id).circle, cases::Circle::small) << "it moved up once";
  EXPECT_EQ(look(id).late_since, late_since);
  EXPECT_EQ(late_since, due);
}

TEST_P(FaultClock, a_node_that_starts_with_a_clock_behind_its_own_rows_says_so) {
  report(resident("mrs-chen"), "noise");
  world_.clock.advance(-24h);
  House again(plan(), database_.database(), world_.world);
  if (GetParam() == db::Engine::postgres) house_.lane.session().script("SELECT pg_advisory_unlock_all()");
  again.open();
  again.lane.now([](Tx&) {});
  EXPECT_NE(again.lane.health().clock_note.find("set back"), std::string::npos);
}

}  // namespace
}  // namespace lifang
