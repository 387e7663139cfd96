// Whose work it stays: with bureaus called in, parts that are open, work given back or found wanting.
#include <algorithm>

#include "support/ward_fixture.hpp"

namespace lifang::cases {
namespace {

using namespace std::chrono_literals;

class CasesRounds : public WardTest {
 protected:
  Beside beside(const CaseId& id) {
    return ask([&](Reader& r) { return house_.cases.beside(r, id); });
  }
  CaseId open(const std::string& situation) {
    return *act([&](Tx& tx) {
      return house_.cases.open_for_situation(tx, {situation, "rule-1", 1, "bin-3", places::PlaceId{"b3"}, "warning", "bin-full", "桶满了", {}, false});
    });
  }
  void clear(const std::string& situation) {
    act([&](Tx& tx) { house_.cases.situation_cleared(tx, situation, tx.now()); });
  }
  Caller police_ = who("police-officer", {"cases.read", "cases.handle"}, "/xihu/");
};
BOTH_ENGINES(CasesRounds);

TEST_P(CasesRounds, a_whistle_in_the_great_circle_calls_bureaus_and_takes_nothing_from_whoever_is_at_it) {
  const CaseId id = report(resident("zhao"), "fire").id;
  move(district_, id, Move::accept);
  const Case before = look(id);
  ASSERT_EQ(before.circle, Circle::great);
  pass(5min);
  Words words = note("需要城管清障");
  words.call = std::vector<OrganisationId>{OrganisationId{"urban-management"}};
  const Case after = move(district_, id, Move::whistle, words);
  EXPECT_EQ(after.state, State::accepted);
  EXPECT_EQ(after.person, before.person);
  EXPECT_EQ(after.post, before.post);
  EXPECT_EQ(after.due, before.due);
  EXPECT_EQ(after.handle_by, before.handle_by);
  EXPECT_EQ(after.accepted_at, before.accepted_at);
  const auto called = beside(id).called;
  EXPECT_TRUE(std::any_of(called.begin(), called.end(), [](const Called& c) { return c.organisation.text == "urban-management"; }));
}

TEST_P(CasesRounds, a_device_ends_nothing_of_which_parts_are_open) {
  const CaseId id = open("situation_1");
  move(cleaner_, id, Move::accept);
  Words joint;
  joint.parts = std::vector<PartWords>{{PostId{"police"}, "疏导交通", {}}, {PostId{"guard"}, "看守现场", {}}};
  move(cleaner_, id, Move::joint, joint);
  clear("situation_1");
  EXPECT_EQ(look(id).state, State::accepted);
  EXPECT_EQ(diary(id).back().code, "cleared-parts");
  move(wang_, id, Move::done, note("已看守"));
  EXPECT_EQ(look(id).state, State::accepted) << "the other part is open";
  const Case done = move(police_, id, Move::done, note("已疏导"));
  EXPECT_EQ(done.state, State::closed) << "the last part ends it, as the device has said its word";
  EXPECT_EQ(done.ending, Ending::solved);
  EXPECT_EQ(done.parts_open, 0);
}

TEST_P(CasesRounds, a_device_that_speaks_again_before_the_last_part_is_asked_again) {
  const CaseId id = open("situation_1");
  move(cleaner_, id, Move::accept);
  Words joint;
  joint.parts = std::vector<PartWords>{{PostId{"guard"}, "看守现场", {}}};
  move(cleaner_, id, Move::joint, joint);
  clear("situation_1");
  ASSERT_EQ(open("situation_2"), id);
  EXPECT_EQ(move(wang_, id, Move::done, note("已看守")).state, State::handled);
  clear("situation_2");
  EXPECT_EQ(look(id).state, State::closed);
}

TEST_P(CasesRounds, what_is_found_wanting_goes_back_to_whoever_did_it_and_not_to_the_verifier) {
  const CaseId id = report(resident("zhao"), "leak").id;
  move(repairer_, id, Move::accept);
  move(repairer_, id, Move::handle);
  pass(24h);  // nobody verified it: the street owes that now
  ASSERT_EQ(look(id).circle, Circle::small);
  ASSERT_EQ(look(id).person, PersonId{"street"});
  Words bad = note("仍在漏");
  bad.passed = false;
  const Case again = move(street_, id, Move::verify, bad);
  EXPECT_EQ(again.state, State::accepted);
  EXPECT_EQ(again.circle, Circle::micro);
  EXPECT_EQ(again.post, PostId{"repairer"});
  EXPECT_EQ(again.person, PersonId{"repairer"});
  EXPECT_EQ(again.organisation, OrganisationId{"fuyuan-estate"});
  EXPECT_EQ(again.due, world_.clock.now() + 4h);
  move(repairer_, id, Move::handle);
  pass(24h);
  move(street_, id, Move::verify);
  act([&](Tx& tx) { return house_.cases.rated(tx, id, {"evaluation_1", false, 1, false, true, "account-zhao"}); });
  const Case reopened = look(id);
  EXPECT_EQ(reopened.state, State::reopened);
  EXPECT_EQ(reopened.circle, Circle::micro);
  EXPECT_EQ(reopened.person, PersonId{"repairer"});
}

TEST_P(CasesRounds, what_is_found_wanting_waits_at_the_post_where_whoever_did_it_has_left) {
  const CaseId id = report(resident("zhao"), "leak").id;
  move(repairer_, id, Move::accept);
  move(repairer_, id, Move::handle);
  pass(24h);
  shift("repairer", "fuyuan", {"repairer-sun"}, "fuyuan-estate");
  Words bad = note("仍在漏");
  bad.passed = false;
  const Case again = move(street_, id, Move::verify, bad);
  EXPECT_EQ(again.state, State::assigned);
  EXPECT_EQ(again.circle, Circle::micro);
  EXPECT_EQ(again.person, PersonId{"repairer-sun"});
}

TEST_P(CasesRounds, giving_back_and_taking_again_sets_no_clock_back) {
  const CaseId id = report(resident("zhao"), "leak").id;
  move(repairer_, id, Move::accept);
  const Time by = *look(id).handle_by;
  pass(3h);
  EXPECT_EQ(move(repairer_, id, Move::return_, note("等会儿")).due, world_.clock.now() + 15min);
  EXPECT_EQ(move(repairer_, id, Move::accept).handle_by, by);
  pass(50min);
  EXPECT_EQ(move(repairer_, id, Move::return_, note("再等会儿")).due, by) << "no time to accept beyond the time to handle";
  EXPECT_EQ(move(repairer_, id, Move::accept).due, by);
  pass(10min);
  EXPECT_EQ(look(id).circle, Circle::small);
}

TEST_P(CasesRounds, what_is_found_wanting_is_given_back_with_what_is_left_of_its_time) {
  const CaseId id = report(resident("zhao"), "leak").id;
  move(repairer_, id, Move::accept);
  move(repairer_, id, Move::handle);
  Words bad = note("仍在漏");
  bad.passed = false;
  const Time by = *move(manager_, id, Move::verify, bad).handle_by;
  pass(1h);
  move(repairer_, id, Move::return_, note("等会儿"));
  EXPECT_EQ(move(repairer_, id, Move::accept).handle_by, by);
}

TEST_P(CasesRounds, whoever_only_reported_is_shown_no_other_cases) {
  const CaseId id = report(resident("zhao"), "leak").id;
  EXPECT_EQ(refused([&](Tx& tx) { house_.cases.similar(tx, resident("zhao"), id); }), "access.no_right");
  EXPECT_EQ(refused([&](Tx& tx) { house_.cases.similar(tx, manager_, id); }), "");
}

TEST_P(CasesRounds, another_post_of_the_organisation_has_what_is_left_and_a_new_round_its_own_time) {
  const CaseId id = report(resident("zhao"), "leak").id;
  const Time by = *move(repairer_, id, Move::accept).due;
  pass(1h);
  Words guard = note("归保安");
  guard.post = PostId{"guard"};
  move(repairer_, id, Move::transfer, guard);
  EXPECT_EQ(move(wang_, id, Move::accept).due, by);
  move(wang_, id, Move::handle);
  move(manager_, id, Move::verify);
  pass(1h);
  move(manager_, id, Move::reopen, note("还在漏"));
  EXPECT_EQ(move(wang_, id, Move::accept).due, world_.clock.now() + 4h);
}

TEST_P(CasesRounds, another_organisation_has_its_own_time) {
  const CaseId id = report(resident("zhao"), "leak").id;
  move(repairer_, id, Move::accept);
  pass(1h);
  Words community = note("是公共水管");
  community.post = PostId{"community-office"};
  move(repairer_, id, Move::transfer, community);
  EXPECT_EQ(move(worker("community"), id, Move::accept).due, world_.clock.now() + 4h);
}

TEST_P(CasesRounds, a_sub_order_of_working_hours_is_due_in_the_hours_of_whoever_does_it) {
  world_.clock.set(local("2026-02-13T16:30"));
  act([&](Tx& tx) {
    return house_.rosters.put_hours(tx, root_, OrganisationId{"police"}, {{{{1, 2, 3, 4, 5, 6, 7}, {0}, {24 * 60}}}, false});
  });
  const CaseId id = report(resident("zhao"), "road-damaged").id;
  Words joint;
  joint.parts = std::vector<PartWords>{{PostId{"police"}, "疏导交通", Duration{4h}}, {PostId{"guard"}, "看守现场", Duration{4h}},
                                       {PostId{"guard"}, "围挡", {}}};
  move(repairer_, id, Move::joint, joint);
  const auto parts = beside(id).parts;
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[0].due, local("2026-02-13T20:30")) << "around the clock";
  EXPECT_EQ(parts[1].due, local("2026-02-14T11:30")) << "Saturday the 14th is worked";
  EXPECT_EQ(parts[2].due, move(repairer_, id, Move::accept).handle_by) << "as long as the case itself";
}

TEST_P(CasesRounds, what_is_merged_takes_its_duties_and_its_deadline_along) {
  const CaseId id = report(resident("zhao"), "leak").id;
  Words joint;
  joint.parts = std::vector<PartWords>{{PostId{"police"}, "疏导交通", Duration{2h}}, {PostId{"guard"}, "看守现场", Duration{2h}}};
  move(repairer_, id, Move::accept);
  move(repairer_, id, Move::joint, joint);
  Words second;
  second.part = 2;
  move(wang_, id, Move::done, second);
  pass(3h);  // the police are late
  ASSERT_TRUE(look(id).was_late);
  const CaseId other = report(resident("qian"), "leak", "b4").id;
  move(repairer_, other, Move::accept);
  const Time due = *look(id).due;
  ASSERT_LT(due, *look(other).due);
  ASSERT_FALSE(look(other).was_late);
  Words into;
  into.into = other;
  move(manager_, id, Move::merge, into);
  const Case after = look(other);
  EXPECT_EQ(after.parts_open, 1);
  EXPECT_EQ(after.due, due) << "the earlier one";
  EXPECT_TRUE(after.was_late);
  const auto parts = beside(other).parts;
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].task, "疏导交通");
  EXPECT_TRUE(parts[0].late);
  EXPECT_TRUE(ask([&](Reader& r) { return house_.cases.has_done(r, other, wang_); })) << "and does not verify it";
  EXPECT_EQ(refused_move(repairer_, other, Move::handle), "cases.parts_open");
  EXPECT_EQ(move(police_, other, Move::done, note("已疏导")).state, State::handled);
}

TEST_P(CasesRounds, what_waits_to_be_taken_keeps_the_time_of_what_was_merged_into_it) {
  const CaseId id = report(resident("zhao"), "leak").id;
  const Time by = *move(repairer_, id, Move::accept).due;
  pass(3h);
  const CaseId waits = report(resident("qian"), "leak", "b4").id, sleeps = report(resident("sun"), "leak", "fuyuan").id;
  Words into;
  into.into = waits;
  ASSERT_EQ(look(waits).state, State::assigned);
  const Time accept_by = *look(waits).due;
  move(manager_, id, Move::merge, into);
  EXPECT_EQ(look(waits).due, accept_by) << "it is still to be taken first";
  EXPECT_EQ(move(repairer_, waits, Move::accept).due, by) << "an hour was left of it, and not four";
  // What is put off wakes with no more than was left of what came to it meanwhile.
  move(repairer_, sleeps, Move::accept);
  Words later = note("等配件");
  later.until = local("2026-03-03T00:00");
  ASSERT_EQ(move(street_, sleeps, Move::defer, later).state, State::deferred);
  into.into = sleeps;
  move(manager_, waits, Move::merge, into);
  at("2026-03-03T08:30");
  EXPECT_EQ(look(sleeps).due, local("2026-03-03T09:30"));
}

TEST_P(CasesRounds, what_was_given_back_keeps_its_time_where_it_is_merged) {
  const CaseId id = report(resident("zhao"), "leak").id;
  const Time by = *move(repairer_, id, Move::accept).due;
  pass(3h);
  move(repairer_, id, Move::return_, note("等会儿"));
  const CaseId other = report(resident("qian"), "leak", "b4").id;
  move(repairer_, other, Move::accept);
  Words into;
  into.into = other;
  move(manager_, id, Move::merge, into);
  EXPECT_EQ(look(other).due, by);
}

TEST_P(CasesRounds, bureaus_that_were_called_are_called_to_the_case_that_goes_on) {
  const CaseId id = report(resident("zhao"), "fire-lane-blocked").id;
  const CaseId other = report(resident("qian"), "noise", "b4").id;
  Words call = note("车主不配合");
  call.call = std::vector<OrganisationId>{OrganisationId{"police"}};
  call.report_in = Duration{30min};
  move(manager_, id, Move::whistle, call);
  Words into;
  into.into = other;
  move(street_, id, Move::merge, into);
  EXPECT_EQ(look(other).calls_open, 1);
  pass(30min);
  EXPECT_TRUE(beside(other).called.at(0).late) << "its clock runs on";
  move(police_, other, Move::report_in);
  EXPECT_EQ(look(other).calls_open, 0);
}

TEST_P(CasesRounds, merging_takes_nobodys_lateness_out_of_the_figures) {
  const CaseId late = report(resident("zhao"), "leak").id;
  pass(20min);  // the repairer missed it; the street has it
  const CaseId other = report(resident("qian"), "leak", "b4").id;
  Words into;
  into.into = other;
  move(street_, late, Move::merge, into);
  RatesFilter filter;
  filter.key = "fuyuan-estate";
  EXPECT_EQ(ask([&](Reader& r) { return house_.cases.behind(r, district_, filter, Measure::overdue); }), std::vector<CaseId>{late});
  filter.key = "wenxin-street";
  EXPECT_TRUE(ask([&](Reader& r) { return house_.cases.behind(r, district_, filter, Measure::overdue); }).empty());
}

}  // namespace
}  // namespace lifang::cases
