// What moves between the circles: whistles, joint orders, grade I, devices, working time over holidays.
#include "support/ward_fixture.hpp"

namespace lifang::cases {
namespace {

using namespace std::chrono_literals;

class CasesCircles : public WardTest {
 protected:
  SituationOpened alarm(const std::string& situation, const std::string& kind, const std::string& device = "bin-3") {
    return {situation, "rule-1", 1, device, places::PlaceId{"b3"}, "warning", kind, "桶满了", {}, false};
  }
  CaseId open(const SituationOpened& words) {
    return *act([&](Tx& tx) { return house_.cases.open_for_situation(tx, words); });
  }
  void clear(const std::string& situation) {
    act([&](Tx& tx) { house_.cases.situation_cleared(tx, situation, tx.now()); });
  }
  Beside beside(const CaseId& id) {
    return ask([&](Reader& r) { return house_.cases.beside(r, id); });
  }
  Caller fire_ = who("fireman", {"cases.read", "cases.handle"}, "/xihu/");
  Caller police_ = who("police-officer", {"cases.read", "cases.handle"}, "/xihu/");
};
BOTH_ENGINES(CasesCircles);

TEST_P(CasesCircles, a_whistle_brings_the_circle_above_and_the_bureaus_that_it_names) {
  const CaseId id = report(resident("zhao"), "fire-lane-blocked").id;
  move(wang_, id, Move::accept);
  Words whistle = note("车主不配合");
  whistle.call = std::vector<OrganisationId>{OrganisationId{"police"}, OrganisationId{"fire"}, OrganisationId{"urban-management"}};
  whistle.report_in = Duration{30min};
  const Case up = move(wang_, id, Move::whistle, whistle);
  EXPECT_EQ(up.circle, Circle::small);
  EXPECT_EQ(up.state, State::assigned);
  EXPECT_EQ(up.person->text, "street");
  EXPECT_EQ(up.calls_open, 3);
  pass(10min);
  move(police_, id, Move::report_in);
  EXPECT_EQ(refused_move(police_, id, Move::report_in), "cases.not_called");
  EXPECT_EQ(refused_move(wang_, id, Move::report_in), "cases.not_yours");
  pass(20min);  // the deadline
  EXPECT_EQ(look(id).calls_open, 2);
  move(fire_, id, Move::report_in);
  Words for_them;
  for_them.organisation = OrganisationId{"urban-management"};
  move(district_, id, Move::report_in, for_them);  // it has moved up once more meanwhile
  const auto called = beside(id).called;
  ASSERT_EQ(called.size(), 3U);
  for (const Called& each : called) EXPECT_EQ(each.late, each.organisation.text != "police") << each.organisation.text;
  int not_in = 0;
  for (const DiaryLine& line : diary(id)) not_in += line.code == "not-in";
  EXPECT_EQ(not_in, 2);
  EXPECT_EQ(look(id).calls_open, 0);
}

TEST_P(CasesCircles, the_compound_has_no_say_over_what_has_moved_up) {
  const CaseId id = report(resident("zhao"), "noise").id;
  move(wang_, id, Move::whistle);
  Words to;
  to.post = PostId{"guard"};
  EXPECT_EQ(refused_move(manager_, id, Move::assign, to), "cases.not_yours");
  EXPECT_EQ(move(street_, id, Move::assign, to).person->text, "guard-wang");
  EXPECT_EQ(look(id).circle, Circle::small) << "the street may let the guard do it, but keeps it";
}

TEST_P(CasesCircles, grade_one_begins_in_the_great_circle_and_calls_all_at_once) {
  const Case fire = report(resident("zhao"), "fire");
  EXPECT_EQ(fire.circle, Circle::great);
  EXPECT_EQ(fire.person->text, "commander");
  EXPECT_NE(fire.emergency.find("119"), std::string::npos);
  const Beside all = beside(fire.id);
  std::string called;
  for (const Called& each : all.called) called += each.organisation.text + " ";
  EXPECT_EQ(called, "fire guard medical police street-safety ");
  EXPECT_EQ(all.checklist.size(), 5U);
  move(wang_, fire.id, Move::report_in);
  Words first;
  first.check = 1;
  move(wang_, fire.id, Move::confirm, first);
  EXPECT_EQ(refused_move(wang_, fire.id, Move::confirm, first), "cases.confirmed_already");
  EXPECT_EQ(beside(fire.id).checklist[0].by, "account-guard-wang");
  pass(5min);
  EXPECT_TRUE(beside(fire.id).called[0].late);
}

TEST_P(CasesCircles, a_joint_case_is_handled_when_every_part_is) {
  const CaseId id = report(resident("zhao"), "stall").id;
  move(street_, id, Move::assign);
  Words joint;
  joint.parts = std::vector<PartWords>{{PostId{"police"}, "疏导交通", Duration{2h}}, {PostId{"guard"}, "看守现场", {}}};
  move(manager_, id, Move::accept);
  move(manager_, id, Move::joint, joint);
  EXPECT_EQ(look(id).parts_open, 2);
  EXPECT_EQ(refused_move(manager_, id, Move::handle), "cases.parts_open");
  move(wang_, id, Move::done, note("已看守"));
  Words other;
  other.part = 1;
  EXPECT_EQ(refused_move(wang_, id, Move::done, other), "cases.not_yours");
  pass(2h);
  EXPECT_TRUE(beside(id).parts[0].late);
  const Case done = move(police_, id, Move::done, note("已疏导"));
  EXPECT_EQ(done.state, State::handled);
  EXPECT_EQ(refused_move(police_, id, Move::verify), "cases.doer_may_not_verify");
}

TEST_P(CasesCircles, a_deferral_wakes_on_the_first_working_day_after_spring_festival) {
  world_.clock.set(local("2026-02-13T10:00"));
  const CaseId id = report(resident("zhao"), "leak").id;
  move(repairer_, id, Move::accept);
  Words defer = note("春节停工");
  defer.until = local("2026-02-16T00:00");
  move(repairer_, id, Move::defer, defer);
  const Case asleep = move(street_, id, Move::approve);
  EXPECT_EQ(asleep.deferred_until, local("2026-02-24T08:30"));
  EXPECT_FALSE(asleep.due);
  at("2026-02-24T08:30");
  EXPECT_EQ(look(id).state, State::accepted);
}

TEST_P(CasesCircles, deadlines_in_working_time_are_the_organisations_own) {
  world_.clock.set(local("2026-02-13T16:30"));
  const Case opened = report(resident("zhao"), "road-damaged");  // 4 working hours to accept
  EXPECT_EQ(opened.due, local("2026-02-14T11:30")) << "Saturday the 14th is worked";
  act([&](Tx& tx) {
    return house_.rosters.put_hours(tx, root_, OrganisationId{"fuyuan-estate"},
                                    {{{{1, 2, 3, 4, 5, 6, 7}, {0}, {24 * 60}}}, false});
  });
  EXPECT_EQ(report(resident("zhao"), "road-damaged", "b4").due, local("2026-02-13T20:30"));
}

// ---- devices ------------------------------------------------------------------------------------------------

TEST_P(CasesCircles, a_situation_has_one_case_and_its_end_verifies_it) {
  const CaseId id = open(alarm("situation_1", "bin-full"));
  EXPECT_EQ(open(alarm("situation_1", "bin-full")), id);
  EXPECT_EQ(look(id).cause, "situation_1");
  move(cleaner_, id, Move::accept);
  clear("situation_1");
  const Case over = look(id);
  EXPECT_EQ(over.state, State::closed);
  EXPECT_EQ(over.ending, Ending::solved);
  EXPECT_EQ(codes(id), "open assign accept clear close");
}

TEST_P(CasesCircles, what_ends_by_itself_before_anybody_came_says_so) {
  const CaseId id = open(alarm("situation_1", "bin-full"));
  clear("situation_1");
  EXPECT_EQ(look(id).ending, Ending::cleared);
  EXPECT_EQ(diary(id)[2].words, "情况已自行解除，设备确认");
}

TEST_P(CasesCircles, a_situation_that_comes_back_soon_opens_the_same_case_again) {
  const CaseId id = open(alarm("situation_1", "bin-full"));
  clear("situation_1");
  pass(29min);
  EXPECT_EQ(open(alarm("situation_2", "bin-full")), id);
  EXPECT_EQ(look(id).state, State::reopened);
  EXPECT_EQ(look(id).reopened, 1);
  clear("situation_2");
  pass(30min);
  EXPECT_NE(open(alarm("situation_3", "bin-full")), id);
}

TEST_P(CasesCircles, two_devices_of_one_place_are_one_case_until_both_are_quiet) {
  const CaseId id = open(alarm("situation_1", "bin-full", "bin-3"));
  EXPECT_EQ(open(alarm("situation_2", "bin-full", "bin-4")), id);
  clear("situation_1");
  EXPECT_EQ(look(id).state, State::assigned);
  clear("situation_2");
  EXPECT_EQ(look(id).state, State::closed);
}

TEST_P(CasesCircles, a_device_does_not_settle_what_people_must_look_at) {
  const CaseId id = open(alarm("situation_1", "home-intrusion"));
  clear("situation_1");
  EXPECT_EQ(look(id).state, State::assigned);
  EXPECT_EQ(diary(id).back().words, "设备告警已解除，仍须人工核实");
}

TEST_P(CasesCircles, a_kind_that_nobody_knows_is_not_lost) {
  const CaseId id = open(alarm("situation_1", "no-such-kind"));
  EXPECT_EQ(look(id).kind, "other");
  EXPECT_NE(diary(id)[1].words.find("no-such-kind"), std::string::npos);
}

TEST_P(CasesCircles, a_situation_marked_false_ends_its_case) {
  const CaseId id = open(alarm("situation_1", "falling-object"));
  act([&](Tx& tx) { house_.cases.situation_was_false(tx, "account-x", "situation_1", "飞鸟"); });
  EXPECT_EQ(look(id).ending, Ending::false_alarm);
  EXPECT_EQ(diary(id).back().by, "account-x");
}

TEST_P(CasesCircles, one_wrong_alarm_of_two_does_not_end_what_the_other_one_owes) {
  const CaseId id = open(alarm("situation_1", "bin-full", "bin-3"));
  EXPECT_EQ(open(alarm("situation_2", "bin-full", "bin-4")), id);
  act([&](Tx& tx) { house_.cases.situation_was_false(tx, "account-x", "situation_2", "蛛网"); });
  EXPECT_EQ(look(id).state, State::assigned);
  EXPECT_EQ(diary(id).back().code, "false-one");
  clear("situation_1");
  EXPECT_EQ(look(id).state, State::closed);
  EXPECT_NE(look(id).ending, Ending::false_alarm) << "the bins were full";
}

TEST_P(CasesCircles, a_wrong_alarm_does_not_make_a_person_wrong_who_reported_the_same) {
  const CaseId id = open(alarm("situation_1", "bin-full", "bin-3"));
  EXPECT_EQ(report(resident("zhao"), "bin-full").id, id);
  ASSERT_EQ(look(id).reporters, 1);
  act([&](Tx& tx) { house_.cases.situation_was_false(tx, "account-x", "situation_1", "蛛网"); });
  EXPECT_TRUE(is_open(look(id).state));
}

// ---- rates and verdicts -------------------------------------------------------------------------------------

TEST_P(CasesCircles, a_bad_verdict_reopens_once_and_then_goes_to_the_mediator_above) {
  const CaseId id = report(resident("zhao"), "leak").id;
  const auto settle = [&](const Caller& doer, const Caller& judge) {
    move(doer, id, Move::accept);
    move(doer, id, Move::handle);
    move(judge, id, Move::verify);
  };
  const auto bad = [&] {
    return act([&](Tx& tx) { return house_.cases.rated(tx, id, {"evaluation_1", false, 1, false, true, "account-zhao"}); });
  };
  settle(repairer_, manager_);
  EXPECT_TRUE(bad());
  EXPECT_EQ(look(id).state, State::reopened);
  EXPECT_EQ(look(id).circle, Circle::micro);
  settle(repairer_, manager_);
  EXPECT_TRUE(bad());
  EXPECT_EQ(look(id).circle, Circle::small);
  EXPECT_TRUE(look(id).supervised);
  settle(street_, district_);
  EXPECT_FALSE(bad()) << "nobody goes round in circles";
}

TEST_P(CasesCircles, reopenings_by_the_desk_leave_the_reporter_their_own) {
  const CaseId id = report(resident("zhao"), "leak").id;
  const auto settle = [&] {
    move(repairer_, id, Move::accept);
    move(repairer_, id, Move::handle);
    move(manager_, id, Move::verify);
  };
  for (int i = 0; i < 2; ++i) {
    settle();
    Words why;
    why.note = "看着没修好";
    move(manager_, id, Move::reopen, why);
  }
  settle();
  EXPECT_TRUE(act([&](Tx& tx) { return house_.cases.rated(tx, id, {"evaluation_1", false, 1, false, true, "account-zhao"}); }));
  EXPECT_EQ(look(id).state, State::reopened);
  EXPECT_EQ(look(id).circle, Circle::micro) << "the first bad answer goes to whoever did it, not to the mediator";
  EXPECT_FALSE(look(id).supervised);
}

TEST_P(CasesCircles, rates_count_for_whoever_held_the_case_at_that_time) {
  const CaseId late = report(resident("zhao"), "leak").id;
  pass(20min);  // the repairer missed it; the street takes it
  move(street_, late, Move::accept);
  move(street_, late, Move::handle);
  move(district_, late, Move::verify);
  act([&](Tx& tx) { return house_.cases.rated(tx, late, {"evaluation_1", false, 5, true, false, "a"}); });
  const CaseId good = report(resident("zhao"), "noise", "b4").id;
  move(wang_, good, Move::accept);
  move(wang_, good, Move::handle);
  move(manager_, good, Move::verify);
  act([&](Tx& tx) { return house_.cases.rated(tx, good, {"evaluation_2", false, 2, true, true, "a"}); });
  RatesFilter filter;
  const auto rates = ask([&](Reader& r) { return house_.cases.rates(r, district_, filter); });
  ASSERT_EQ(rates.size(), 2U);
  EXPECT_EQ(rates[0].key, "fuyuan-estate");
  EXPECT_EQ(rates[0].response_good, 1);
  EXPECT_EQ(rates[0].response_all, 2);
  EXPECT_EQ(rates[0].overdue, 1);
  EXPECT_EQ(rates[1].key, "wenxin-street");
  EXPECT_EQ(rates[1].response, 1.0);
  EXPECT_EQ(rates[1].satisfied, 1.0);
  filter.key = "fuyuan-estate";
  EXPECT_EQ(ask([&](Reader& r) { return house_.cases.behind(r, district_, filter, Measure::response); }), std::vector<CaseId>{late});
  filter.good = true;
  EXPECT_EQ(ask([&](Reader& r) { return house_.cases.behind(r, district_, filter, Measure::response); }), std::vector<CaseId>{good});
  move(wang_, good, Move::accept);  // reopened by the bad verdict
  move(wang_, good, Move::false_alarm, note("没有噪音"));
}

}  // namespace
}  // namespace lifang::cases
