// Rounds through the door, on both engines.
#include "rooms/rosters/rosters_rounds.hpp"

#include <gtest/gtest.h>

#include "base/reflect.hpp"
#include "house_why.hpp"
#include "rooms/files/files.hpp"
#include "support/house_fixture.hpp"
#include "support/known.hpp"

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
      make_known(tx, shift);
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
  /// A picture as a phone sends it, uploaded by that login.
  std::string photo(const std::string& who) {
    const std::string png("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDATx\x9c"
                          "c\xf8\xcf\xc0\0\0\3\1\1\0\xc9\xfe\x92\xef\0\0\0\0IEND\xae\x42\x60\x82", 69);
    const auto upload = house_.files.take_in(png, "", "image/png", world_.world.ids);
    Caller caller = as(who);
    caller.grants.push_back({"files.write", "/fuyuan/"});
    return act([&](Tx& tx) { return house_.files.keep(tx, caller, upload).id.text; });
  }
  std::vector<Task> of(const Caller& caller, const TaskFilter& filter) {
    return ask([&](Reader& r) { return house_.rounds->tasks(r, caller, filter); });
  }
  Point gate_, pump_;
};
BOTH_ENGINES(RoundsRoom);

TEST_P(RoundsRoom, what_is_used_no_more_is_taken_off_and_its_past_stays) {
  pass(std::chrono::hours(1));
  const Task task = tasks()[0];
  EXPECT_EQ(refused([&](Tx& tx) { house_.rounds->remove_point(tx, root_, gate_.id); }), "rosters.in_use");
  EXPECT_EQ(refused([&](Tx& tx) { house_.rounds->remove_route(tx, root_, RouteId{"evening"}); }), "rosters.in_use");
  EXPECT_EQ(refused([&](Tx& tx) { house_.rounds->remove_plan(tx, as("wang"), PlanId{"nightly"}); }), "access.no_right");
  act([&](Tx& tx) { house_.rounds->remove_plan(tx, root_, PlanId{"nightly"}); });
  act([&](Tx& tx) { house_.rounds->remove_route(tx, root_, RouteId{"evening"}); });
  act([&](Tx& tx) { house_.rounds->remove_point(tx, root_, gate_.id); });
  EXPECT_EQ(refused([&](Tx& tx) { house_.rounds->remove_point(tx, root_, gate_.id); }), "rosters.unknown_point");
  EXPECT_EQ(ask([&](Reader& r) { return Rounds::points(r, root_, {}, 50).size(); }), 1U);
  EXPECT_TRUE(ask([&](Reader& r) { return Rounds::plans(r, root_, {}, 50).empty() && Rounds::routes(r, root_, {}, 50).empty(); }));
  const Task done = check(task, by_code(gate_));
  EXPECT_TRUE(done.checks[0].at) << "the round that went on is gone to its end";
  EXPECT_EQ(done.checks[0].name, "东门");
  EXPECT_EQ(done.name, "夜巡");
  pass(std::chrono::hours(24));
  EXPECT_EQ(tasks().size(), 1U) << "and none begins any more";
  const Point again = act([&](Tx& tx) { return house_.rounds->put_point(tx, root_, gate_.id, {"东门", places::PlaceId{"gate"}, {}, {}}); });
  EXPECT_EQ(again.code, gate_.code) << "what hangs there serves again";
}

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

TEST_P(RoundsRoom, my_rounds_are_those_of_my_person_and_posts_and_come_in_pages) {
  pass(std::chrono::hours(5));
  TaskFilter mine;
  mine.mine = true;
  EXPECT_EQ(of(as("li"), mine).size(), 2U) << "both of the evening: the post's are everybody's of the post";
  EXPECT_TRUE(of(as("zhao"), mine).empty());
  Caller desk = as("manager");
  desk.grants.push_back({"rosters.write", "/fuyuan/"});
  EXPECT_TRUE(of(desk, mine).empty()) << "who may write rosters does not walk every round";
  EXPECT_EQ(of(desk, {}).size(), 2U);
  mine.limit = 1;
  const auto first = of(as("wang"), mine);
  ASSERT_EQ(first.size(), 1U);
  mine.after = first[0].id.text;
  const auto second = of(as("wang"), mine);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_LT(second[0].from, first[0].from) << "newest first";
  TaskFilter early;
  early.to = *parse_time("2026-03-02T22:00:00+08:00");
  EXPECT_EQ(of(root_, early).size(), 1U);
  early.from = *parse_time("2026-03-02T21:00:00+08:00");
  EXPECT_TRUE(of(root_, early).empty()) << "none touches that hour";
  Caller elsewhere = as("li");
  elsewhere.grants = {{"rosters.read", "/other/"}};
  EXPECT_TRUE(of(elsewhere, {}).empty());
}

TEST_P(RoundsRoom, a_phone_in_the_cellar_knows_its_points_by_their_marks) {
  EXPECT_EQ(mark_of(""), "811c9dc5");
  EXPECT_EQ(mark_of("pt_gate"), "7a72f7f5") << "the same as the pages make";
  pass(std::chrono::hours(1));
  const Task task = of(as("wang"), {})[0];
  EXPECT_EQ(task.name, "夜巡");
  EXPECT_EQ(task.checks[0].name, "东门");
  EXPECT_EQ(task.checks[0].look, "门禁是否常闭");
  EXPECT_EQ(task.checks[0].mark, mark_of(gate_.code));
  EXPECT_EQ(task.checks[1].mark, mark_of(pump_.code));
  EXPECT_EQ(to_json(task).find(gate_.code), std::string::npos) << "the code itself is for those who print it";
}

TEST_P(RoundsRoom, a_phones_clock_may_be_off_by_five_minutes) {
  pass(std::chrono::hours(1) + std::chrono::minutes(1));
  const Time now = world_.clock.now();
  const auto at = [&](const Point& point, Duration off) {
    CheckWords words = by_code(point);
    words.at = now + off;
    return words;
  };
  EXPECT_EQ(refused([&](Tx& tx) { house_.rounds->check(tx, as("wang"), tasks()[0].id, at(gate_, std::chrono::minutes(6))); }), "rosters.bad_time");
  EXPECT_EQ(refused([&](Tx& tx) { house_.rounds->check(tx, as("wang"), tasks()[0].id, at(gate_, -std::chrono::minutes(7))); }), "rosters.bad_time");
  EXPECT_EQ(check(tasks()[0], at(gate_, std::chrono::minutes(4))).checks[0].at, now) << "it cannot have been later than now";
  EXPECT_EQ(check(tasks()[0], at(pump_, -std::chrono::minutes(3))).checks[1].at, tasks()[0].from) << "nor before the round";
}

TEST_P(RoundsRoom, photos_stay_with_the_round_and_go_along_into_the_case) {
  pass(std::chrono::hours(1));
  CheckWords found = by_code(gate_);
  found.kind = "leak";
  found.files = std::vector<std::string>{photo("wang")};
  const std::string strangers = photo("zhao");
  CheckWords theirs = found;
  theirs.files = std::vector<std::string>{strangers};
  EXPECT_EQ(refused([&](Tx& tx) { house_.rounds->check(tx, as("wang"), tasks()[0].id, theirs); }), "files.unknown");
  EXPECT_FALSE(tasks()[0].checks[0].at) << "nothing of a refused check stays";
  check(tasks()[0], found);
  const Task task = tasks()[0];
  ASSERT_EQ(all_cases().size(), 1U);
  const auto opened = all_cases()[0];
  EXPECT_EQ(task.checks[0].found, opened.id.text) << "the phone leads on to the case";
  EXPECT_EQ(opened.files, *found.files);
  EXPECT_EQ(opened.cause, task.id.text);
  ask([&](Reader& r) {
    EXPECT_TRUE(files::Files::held_by(r, "task", task.id.text).size() == 1U && files::Files::held_by(r, "case", opened.id.text).size() == 1U);
    EXPECT_NO_THROW(house_.files.get(r, as("li"), files::FileId{(*found.files)[0]})) << "a colleague looks at it";
    const Why why = explain(r, house_, root_, opened.id.text);
    EXPECT_EQ(why.chain.size(), 2U);
    EXPECT_EQ(why.chain.back().kind, "round");
    EXPECT_NE(why.chain.back().text.find("夜巡"), std::string::npos) << why.chain.back().text;
    return 0;
  });
}

TEST_P(RoundsRoom, who_tells_late_that_they_were_there_is_heard_by_the_case) {
  pass(std::chrono::hours(1));
  check(tasks()[0], by_code(gate_));
  pass(std::chrono::minutes(40));
  const std::string missed = tasks()[0].missed;
  ASSERT_EQ(missed, all_cases().at(0).id.text);
  CheckWords later = by_code(pump_);
  later.at = tasks()[0].from + std::chrono::minutes(12);
  check(tasks()[0], later);
  const auto lines = ask([&](Reader& r) { return house_.cases.diary(r, root_, cases::CaseId{missed}, 0, 100); });
  EXPECT_NE(lines.back().words.find("补报"), std::string::npos) << lines.back().words;
  EXPECT_EQ(lines.back().cause, tasks()[0].id.text);
  EXPECT_EQ(tasks()[0].state, TaskState::done);
}

TEST_P(RoundsRoom, a_missed_round_is_owed_to_somebody_unless_the_plan_says_that_it_is_only_shown) {
  PlanWords plan = ask([&](Reader& r) { return static_cast<PlanWords>(*Rounds::find_plan(r, PlanId{"nightly"})); });
  plan.missed.reset();
  act([&](Tx& tx) { house_.rounds->put_plan(tx, root_, PlanId{"nightly"}, plan); });
  pass(std::chrono::hours(2));
  ASSERT_EQ(all_cases().size(), 1U);
  EXPECT_EQ(all_cases()[0].kind, "round-missed");
  plan.missed = "";
  act([&](Tx& tx) { house_.rounds->put_plan(tx, root_, PlanId{"nightly"}, plan); });
  pass(std::chrono::hours(3));
  EXPECT_EQ(tasks().size(), 2U);
  EXPECT_EQ(tasks()[0].state, TaskState::missed);
  EXPECT_EQ(all_cases().size(), 1U);
}

TEST_P(RoundsRoom, a_round_can_be_asked_for_out_of_turn) {
  EXPECT_EQ(refused([&](Tx& tx) { house_.rounds->begin_now(tx, as("wang"), PlanId{"nightly"}); }), "access.no_right");
  EXPECT_EQ(refused([&](Tx& tx) { house_.rounds->begin_now(tx, root_, PlanId{"none"}); }), "rosters.unknown_plan");
  const Task extra = act([&](Tx& tx) { return house_.rounds->begin_now(tx, root_, PlanId{"nightly"}); });
  EXPECT_EQ(extra.checks.size(), 2U);
  EXPECT_EQ(extra.until, extra.from + std::chrono::minutes(30));
  pass(std::chrono::hours(1));
  EXPECT_EQ(tasks().size(), 2U) << "the one in turn begins all the same";
  EXPECT_EQ(tasks(TaskState::missed).size(), 1U) << "and this one ends by its own time";
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
