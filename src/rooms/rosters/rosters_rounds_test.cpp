// Rounds through the door, on both engines.
#include "rooms/rosters/rosters_rounds.hpp"

#include <gtest/gtest.h>

#include "support/house_fixture.hpp"

namespace lifang::rosters {
namespace {

class RoundsRoom : public HouseTest {
 protected:
  RoundsRoom() {
    world_.clock.set(*parse_time("2026-03-02T19:00:00+08:00"));
    act([&](Tx& tx) {
      house_.places.put(tx, root_, places::PlaceId{"fuyuan"}, {places::Kind::compound, "府苑新村", {}, {}, {}, {}, {}});
      house_.places.put(tx, root_, places::PlaceId{"gate"}, {places::Kind::spot, "东门", places::PlaceId{"fuyuan"}, {}, {}, {}, {}});
      ShiftWords shift;
      shift.post = PostId{"guard"};
      shift.place = places::PlaceId{"fuyuan"};
      shift.persons = {PersonId{"wang"}, PersonId{"li"}};
      shift.to = {1440};
      house_.rosters.put_shift(tx, root_, ShiftId{"night"}, shift);
      gate_ = house_.rounds->put_point(tx, root_, PointId{"p-gate"}, {"东门", places::PlaceId{"gate"}, "04A2-77", "门禁是否常闭"});
      pump_ = house_.rounds->put_point(tx, root_, PointId{"p-pump"}, {"泵房", places::PlaceId{"fuyuan"}, {}, {}});
      house_.rounds->put_route(tx, root_, RouteId{"evening"}, {"夜巡", places::PlaceId{"fuyuan"}, {PointId{"p-gate"}, PointId{"p-pump"}}});
    });
    PlanWords plan;
    plan.route = RouteId{"evening"};
    plan.post = PostId{"guard"};
    plan.times = {{20 * 60}, {23 * 60}};
    plan.within = std::chrono::minutes(30);
    plan.missed = "attendant-absent";
    act([&](Tx& tx) { house_.rounds->put_plan(tx, root_, PlanId{"nightly"}, plan); });
  }
  Caller as(const std::string& who) { return {"account-" + who, who, who, "", "", {{"rosters.read", "/fuyuan/"}}}; }
  std::vector<Task> tasks(std::optional<TaskState> state = {}) {
    TaskFilter filter;
    filter.state = state;
    return ask([&](Reader& r) { return house_.rounds->tasks(r, root_, filter); });
  }
  Task check(const Task& task, const CheckWords& words, const std::string& who = "wang") {
    return act([&](Tx& tx) { return house_.rounds->check(tx, as(who), task.id, words); });
  }
  static CheckWords by_code(const Point& point) {
    CheckWords words;
    words.code = point.code;
    return words;
  }
  std::vector<cases::Case> all_cases() {
    return ask([&](Reader& r) { return house_.cases.list(r, root_, {}); });
  }
  Point gate_, pump_;
};
BOTH_ENGINES(RoundsRoom);

TEST_P(RoundsRoom, a_round_begins_at_its_time_and_is_done_when_every_point_was_looked_at) {
  pass(std::chrono::hours(1));
  ASSERT_EQ(tasks().size(), 1U);
  const Task task = tasks()[0];
  EXPECT_EQ(task.person->text, "wang");
  CheckWords tag;
  tag.tag = "04A2-77";
  EXPECT_EQ(check(task, tag).state, TaskState::open);
  EXPECT_EQ(check(task, tag).checks[0].at, world_.clock.now()) << "told twice is once";
  EXPECT_EQ(check(task, by_code(pump_), "li").state, TaskState::done) << "anybody of the post";
  EXPECT_EQ(refused([&](Tx& tx) { house_.rounds->check(tx, as("zhao"), task.id, tag); }), "rosters.not_your_round");
  CheckWords wrong;
  wrong.code = "pt_made_up";
  EXPECT_EQ(refused([&](Tx& tx) { house_.rounds->check(tx, as("wang"), task.id, wrong); }), "rosters.unknown_code");
  pass(std::chrono::hours(5));
  EXPECT_EQ(tasks().size(), 2U) << "the second time of the evening";
  EXPECT_TRUE(all_cases().size() == 1U) << "the second was missed";
}

TEST_P(RoundsRoom, a_finding_becomes_a_case_where_it_was_found) {
  pass(std::chrono::hours(1));
  CheckWords found = by_code(gate_);
  found.kind = "leak";
  found.note = "门禁坏了，水管也漏";
  EXPECT_FALSE(check(tasks()[0], found).checks[0].fine);
  ASSERT_EQ(all_cases().size(), 1U);
  EXPECT_EQ(all_cases()[0].kind, "leak");
  EXPECT_EQ(all_cases()[0].place.text, "gate");
  EXPECT_NE(all_cases()[0].text.find("水管也漏"), std::string::npos);
  // A kind that nobody knows loses nothing.
  CheckWords odd = by_code(pump_);
  odd.kind = "no-such-kind";
  check(tasks()[0], odd);
  EXPECT_EQ(all_cases().size(), 2U);
}

TEST_P(RoundsRoom, who_does_not_come_is_off_duty) {
  pass(std::chrono::hours(1));
  check(tasks()[0], by_code(gate_));
  pass(std::chrono::minutes(31));
  EXPECT_EQ(tasks()[0].state, TaskState::missed);
  ASSERT_EQ(all_cases().size(), 1U);
  EXPECT_EQ(all_cases()[0].kind, "attendant-absent");
  EXPECT_EQ(refused([&](Tx& tx) { house_.rounds->check(tx, as("wang"), tasks()[0].id, by_code(pump_)); }), "rosters.round_over");
  // They had been in the cellar without a network: the phone tells it later.
  CheckWords later = by_code(pump_);
  later.at = world_.clock.now() - std::chrono::minutes(10);
  EXPECT_EQ(check(tasks()[0], later).state, TaskState::done);
}

TEST_P(RoundsRoom, codes_are_for_those_who_print_them) {
  const auto seen = ask([&](Reader& r) { return Rounds::points(r, as("wang"), {}, 50); });
  ASSERT_EQ(seen.size(), 2U);
  for (const Point& point : seen) EXPECT_TRUE(point.code.empty() && !point.tag);
}

TEST_P(RoundsRoom, a_plan_survives_a_holiday_and_can_be_paused) {
  PlanWords plan;
  plan.route = RouteId{"evening"};
  plan.post = PostId{"guard"};
  plan.times = {{9 * 60}};
  plan.on = On::working;
  plan.within = std::chrono::minutes(30);
  plan.paused = true;
  act([&](Tx& tx) { house_.rounds->put_plan(tx, root_, PlanId{"nightly"}, plan); });
  world_.clock.set(*parse_time("2026-09-30T20:00:00+08:00"));
  plan.paused = false;
  act([&](Tx& tx) { house_.rounds->put_plan(tx, root_, PlanId{"nightly"}, plan); });
  pass(std::chrono::hours(24 * 3));
  EXPECT_TRUE(tasks().empty()) << "the National Day";
  plan.paused = true;
  act([&](Tx& tx) { house_.rounds->put_plan(tx, root_, PlanId{"nightly"}, plan); });
  pass(std::chrono::hours(24 * 14));
  EXPECT_TRUE(tasks().empty());
}

}  // namespace
}  // namespace lifang::rosters
