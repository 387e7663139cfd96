// Cases through the door: dispatch, deadlines, circles, reporters, verification.
#include "rooms/cases/cases.hpp"

#include "rooms/cases/cases_rules.hpp"
#include "support/ward_fixture.hpp"

namespace lifang::cases {
namespace {

using namespace std::chrono_literals;

class Cases : public WardTest {
 protected:
  CaseId taken(const std::string& kind = "leak") {
    const CaseId id = report(resident("zhao"), kind).id;
    move(repairer_, id, Move::accept);
    return id;
  }
  static Words until(const std::string& text, const std::string& why = "等配件") {
    Words words = note(why);
    words.until = local(text);
    return words;
  }
};
BOTH_ENGINES(Cases);

TEST_P(Cases, a_report_goes_to_whoever_is_on_duty_and_to_the_end) {
  const Case opened = report(resident("zhao"), "leak", "b3", "厨房漏水");
  EXPECT_EQ(opened.state, State::assigned);
  EXPECT_EQ(opened.circle, Circle::micro);
  EXPECT_EQ(opened.person->text, "repairer");
  EXPECT_EQ(opened.organisation->text, "fuyuan-estate");
  EXPECT_EQ(opened.title, "漏水 · 府苑新村 3幢");
  EXPECT_EQ(opened.number, "20260302-0001");
  EXPECT_EQ(opened.due, local("2026-03-02T10:15"));
  move(repairer_, opened.id, Move::accept);
  move(repairer_, opened.id, Move::arrive);
  const Case handled = move(repairer_, opened.id, Move::handle, note("换了阀门"));
  EXPECT_EQ(handled.state, State::handled);
  EXPECT_EQ(move(manager_, opened.id, Move::verify).state, State::verified);
  pass(24h);
  EXPECT_EQ(look(opened.id).state, State::closed);
  EXPECT_EQ(codes(opened.id), "open assign accept arrive handle verify close");
  EXPECT_EQ(diary(opened.id)[1].words, "派给维修岗在岗人员，请于3月2日 10:15前接单");
}

TEST_P(Cases, the_doer_does_not_verify_not_even_with_the_right) {
  const CaseId id = report(resident("zhao"), "leak").id;
  Words to;
  to.person = PersonId{"manager"};
  move(manager_, id, Move::assign, to);
  move(manager_, id, Move::accept);
  move(manager_, id, Move::handle);
  EXPECT_EQ(refused_move(manager_, id, Move::verify), "cases.doer_may_not_verify");
  EXPECT_EQ(refused_move(repairer_, id, Move::verify), "cases.not_yours");
  EXPECT_EQ(move(resident("zhao"), id, Move::verify).state, State::verified);
}

TEST_P(Cases, what_the_desk_does_for_a_holder_is_marked_and_neither_of_them_verifies) {
  const CaseId id = report(resident("zhao"), "leak").id;
  move(manager_, id, Move::accept);
  EXPECT_EQ(look(id).person->text, "repairer");
  EXPECT_TRUE(diary(id).back().on_behalf);
  move(manager_, id, Move::handle);
  EXPECT_EQ(refused_move(manager_, id, Move::verify), "cases.doer_may_not_verify");
  const Caller promoted = who("repairer", {"cases.*"}, "/xihu/wenxin/fuyuan/");
  EXPECT_EQ(refused_move(promoted, id, Move::verify), "cases.doer_may_not_verify");
}

TEST_P(Cases, a_missed_deadline_moves_up_at_that_minute_and_keeps_its_past) {
  const CaseId id = report(resident("zhao"), "leak").id;
  at("2026-03-02T10:14");
  EXPECT_EQ(look(id).circle, Circle::micro);
  at("2026-03-02T10:15");
  Case now = look(id);
  EXPECT_EQ(now.circle, Circle::small);
  EXPECT_EQ(now.person->text, "street");
  EXPECT_FALSE(now.overdue) << "the street has an hour";
  EXPECT_TRUE(now.was_late);
  EXPECT_EQ(now.late_since, local("2026-03-02T10:15"));
  EXPECT_EQ(now.due, local("2026-03-02T11:15"));
  at("2026-03-02T11:15");
  now = look(id);
  EXPECT_EQ(now.circle, Circle::great);
  at("2026-03-03T10:00");
  now = look(id);
  EXPECT_TRUE(now.supervised);
  EXPECT_EQ(now.circle, Circle::great);
  const auto holdings = ask([&](Reader& r) { return house_.cases.holdings(r, root_, id); });
  ASSERT_EQ(holdings.size(), 3U);
  EXPECT_EQ(holdings[0].person->text, "repairer");
  EXPECT_EQ(holdings[0].until, local("2026-03-02T10:15"));
  EXPECT_EQ(codes(id).substr(0, 53), "open assign warn escalate assign warn escalate unmann");
}

TEST_P(Cases, a_deadline_that_passed_while_the_node_was_down_is_missed_when_it_starts) {
  if (GetParam() == db::Engine::postgres) GTEST_SKIP() << "the first node still holds the lane of this database";
  const CaseId id = report(resident("zhao"), "leak").id;
  house_.lane.stop();
  world_.clock.advance(3h);  // nothing runs meanwhile
  House second(plan(), database_.database(), world_.world);
  second.open();
  second.lane.settle();
  Reader reader(second.lane.session());
  const Case now = second.cases.get(reader, root_, id);
  EXPECT_EQ(now.circle, Circle::small);
  EXPECT_EQ(now.late_since, local("2026-03-02T10:15"));
}

TEST_P(Cases, its_holder_is_warned_before_the_deadline) {
  const CaseId id = taken();  // 4 hours to handle
  at("2026-03-02T12:47");
  EXPECT_EQ(codes(id), "open assign accept");
  at("2026-03-02T12:48");  // 70 % of them
  EXPECT_EQ(codes(id), "open assign accept warn");
  EXPECT_EQ(diary(id).back().words, "提醒：办结时限将至（3月2日 14:00）");
}

TEST_P(Cases, nobody_on_duty_means_the_post_above_and_a_note) {
  no_shift("repairer-fuyuan");
  const Case opened = report(resident("zhao"), "leak");
  EXPECT_EQ(opened.post->text, "estate-office");
  EXPECT_EQ(opened.person->text, "manager");
  EXPECT_EQ(opened.circle, Circle::micro);
  EXPECT_EQ(codes(opened.id), "open unmanned assign");
  EXPECT_EQ(diary(opened.id)[1].words, "维修岗此刻无人值守，由物业值班室承办");
}

TEST_P(Cases, where_nobody_is_on_duty_at_all_it_waits_for_its_post_and_says_so) {
  place("far", places::Kind::compound, "远处", "");
  const Case opened = report(resident("zhao"), "leak", "far");
  EXPECT_EQ(opened.state, State::reported);
  EXPECT_EQ(opened.post->text, "repairer");
  EXPECT_FALSE(opened.person);
  EXPECT_NE(opened.unmanned, "");
  const Caller anybody = who("new", {"cases.read", "cases.handle"}, "/far/");
  EXPECT_EQ(move(anybody, opened.id, Move::accept).person->text, "new");
}

TEST_P(Cases, a_shift_may_let_its_people_grab_or_take_turns) {
  auto words = shift_words("repairer", "fuyuan", {"a", "b"}, "fuyuan-estate");
  words.hand_out = rosters::HandOut::grab;
  keep_shift("repairer-fuyuan", words);
  const Case waiting = report(resident("zhao"), "leak");
  EXPECT_EQ(waiting.state, State::assigned);
  EXPECT_FALSE(waiting.person);
  EXPECT_EQ(refused_move(cleaner_, waiting.id, Move::accept), "cases.not_yours");
  EXPECT_EQ(move(worker("b"), waiting.id, Move::accept).person->text, "b");
  EXPECT_EQ(refused_move(worker("a"), waiting.id, Move::accept), "cases.not_yours");
  words.hand_out = rosters::HandOut::rotate;
  keep_shift("repairer-fuyuan", words);
  EXPECT_EQ(report(resident("zhao"), "power-outage", "b4").person->text, "a");
  EXPECT_EQ(report(resident("zhao"), "power-outage", "b3").person->text, "b");
}

TEST_P(Cases, two_reports_of_one_thing_are_one_case_with_two_reporters) {
  const Case first = report(resident("zhao"), "leak", "b3", "楼道漏水");
  pass(5min);
  const Case second = report(resident("qian"), "leak", "b3", "三楼漏水了");
  EXPECT_EQ(second.id, first.id);
  EXPECT_EQ(second.reporters, 2);
  EXPECT_EQ(report(resident("qian"), "leak", "b3", "还在漏").reporters, 2) << "the same person again";
  EXPECT_NE(report(resident("sun"), "leak", "b4").id, first.id) << "another place";
  EXPECT_NE(report(resident("sun"), "noise", "b3").id, first.id) << "another kind";
  pass(2h);
  EXPECT_NE(report(resident("sun"), "leak", "b3").id, first.id) << "too long ago";
}

TEST_P(Cases, alike_texts_are_proposed_and_merged_by_a_person) {
  const Case first = report(resident("zhao"), "leak", "b3", "地下室水管爆了，到处是水");
  const Case other = report(resident("qian"), "drain-blocked", "b4", "地下室水管爆了，水漫出来了");
  report(resident("sun"), "noise", "b4", "楼上装修太吵");
  const auto similar = ask([&](Reader& r) { return house_.cases.similar(r, manager_, other.id); });
  ASSERT_EQ(similar.size(), 1U);
  EXPECT_EQ(similar[0].id, first.id);
  Words into;
  into.into = first.id;
  EXPECT_EQ(move(manager_, other.id, Move::merge, into).state, State::merged);
  EXPECT_EQ(look(first.id).reporters, 2);
  into.into = other.id;
  EXPECT_EQ(refused_move(manager_, first.id, Move::merge, into), "cases.not_in_this_state");
  into.into = first.id;
  EXPECT_EQ(refused_move(manager_, first.id, Move::merge, into), "cases.into_itself");
}

TEST_P(Cases, a_refusal_needs_an_honest_reason) {
  const CaseId id = report(resident("zhao"), "illegal-building").id;
  EXPECT_EQ(refused_move(manager_, id, Move::refuse), "cases.reason_needed");
  EXPECT_EQ(refused_move(repairer_, id, Move::refuse, note("不想做")), "cases.not_yours");
  const Case refused = move(manager_, id, Move::refuse, note("该建筑有合法审批手续"));
  EXPECT_EQ(refused.state, State::refused);
  EXPECT_EQ(diary(id).back().words, "不予受理：该建筑有合法审批手续");
  EXPECT_FALSE(look(id).due);
}

TEST_P(Cases, a_return_goes_back_to_the_desk_with_a_reason_and_without_turning_back_the_clock) {
  const CaseId id = report(resident("zhao"), "leak").id;
  pass(5min);
  EXPECT_EQ(refused_move(repairer_, id, Move::return_), "cases.reason_needed");
  const Case back = move(repairer_, id, Move::return_, note("不是我的专业"));
  EXPECT_EQ(back.state, State::reported);
  EXPECT_FALSE(back.person);
  EXPECT_EQ(back.due, local("2026-03-02T10:15"));
  Words to;
  to.post = PostId{"guard"};
  EXPECT_EQ(move(manager_, id, Move::assign, to).person->text, "guard-wang");
}

TEST_P(Cases, it_is_handed_on_three_times_at_most) {
  const CaseId id = report(resident("zhao"), "leak").id;
  Words guard = note("归保安"), repair = note("归维修");
  guard.post = PostId{"guard"};
  repair.post = PostId{"repairer"};
  EXPECT_EQ(move(repairer_, id, Move::transfer, guard).person->text, "guard-wang");
  move(wang_, id, Move::transfer, repair);
  move(repairer_, id, Move::transfer, guard);
  EXPECT_EQ(refused_move(wang_, id, Move::transfer, repair), "cases.too_many_transfers");
}

TEST_P(Cases, in_the_great_circle_another_person_approves_the_deferral) {
  const CaseId id = taken();
  move(repairer_, id, Move::whistle, note("请街道来"));
  move(street_, id, Move::whistle, note("请区里来"));
  ASSERT_EQ(look(id).circle, Circle::great);
  move(district_, id, Move::accept);
  const Case asked = move(district_, id, Move::defer, until("2026-03-07T00:00"));
  EXPECT_EQ(asked.state, State::accepted) << "nobody grants their own work time";
  EXPECT_TRUE(asked.deferral_asked);
  EXPECT_EQ(std::count(asked.allowed.begin(), asked.allowed.end(), Move::approve), 0);
  EXPECT_EQ(refused_move(district_, id, Move::approve), "cases.own_deferral");
  const Caller colleague = who("second", {"cases.*"}, "/xihu/");
  EXPECT_EQ(move(colleague, id, Move::approve).state, State::deferred);
}

TEST_P(Cases, a_deferral_is_asked_below_and_approved_above) {
  const CaseId id = taken();
  EXPECT_EQ(refused_move(repairer_, id, Move::defer, note("等配件")), "json.missing");
  Words no_reason;
  no_reason.until = local("2026-03-10T00:00");
  EXPECT_EQ(refused_move(repairer_, id, Move::defer, no_reason), "cases.reason_needed");
  EXPECT_EQ(refused_move(repairer_, id, Move::defer, until("2026-03-01T00:00")), "cases.bad_until");
  const Case asked = move(repairer_, id, Move::defer, until("2026-03-07T00:00"));  // a Saturday
  EXPECT_EQ(asked.state, State::accepted);
  EXPECT_TRUE(asked.deferral_asked);
  EXPECT_EQ(asked.deferred_until, local("2026-03-09T08:30"));
  EXPECT_EQ(refused_move(manager_, id, Move::approve), "cases.not_yours") << "the compound does not defer its own work";
  EXPECT_EQ(move(street_, id, Move::approve).state, State::deferred);
  at("2026-03-09T08:29");
  EXPECT_EQ(look(id).state, State::deferred);
  at("2026-03-09T08:30");
  const Case awake = look(id);
  EXPECT_EQ(awake.state, State::accepted);
  EXPECT_EQ(awake.due, local("2026-03-09T12:30"));
  EXPECT_EQ(refused_move(street_, id, Move::deny, note("不行")), "cases.no_deferral_asked");
}

TEST_P(Cases, false_alarms_end_with_a_reason_and_can_be_appealed_out_of_the_rates) {
  const CaseId id = report(resident("zhao"), "stranger").id;
  EXPECT_EQ(refused_move(wang_, id, Move::false_alarm), "cases.reason_needed");
  EXPECT_EQ(move(wang_, id, Move::false_alarm, note("是快递员")).state, State::handled) << "somebody saw it: another one verifies";
  EXPECT_EQ(refused_move(wang_, id, Move::verify), "cases.doer_may_not_verify");
  const Case over = move(manager_, id, Move::verify);
  EXPECT_EQ(over.state, State::closed);
  EXPECT_EQ(over.ending, Ending::false_alarm);
  const auto pending = [&] {
    Filter filter;
    filter.appeal = Appeal::asked;
    return ask([&](Reader& r) { return house_.cases.list(r, street_, filter); });
  };
  const auto may = [&](const Caller& caller, Move move) {
    const auto allowed = ask([&](Reader& r) { return house_.cases.get(r, caller, id).allowed; });
    return std::find(allowed.begin(), allowed.end(), move) != allowed.end();
  };
  EXPECT_TRUE(may(manager_, Move::appeal));
  EXPECT_FALSE(may(street_, Move::decide)) << "nobody has appealed";
  EXPECT_TRUE(pending().empty());
  EXPECT_EQ(move(manager_, id, Move::appeal, note("不该计入")).state, State::closed);
  ASSERT_EQ(pending().size(), 1U) << "whoever is to decide finds it";
  EXPECT_EQ(pending()[0].appeal, Appeal::asked) << "and the case says so itself";
  EXPECT_TRUE(may(street_, Move::decide));
  EXPECT_FALSE(may(manager_, Move::decide));
  EXPECT_FALSE(may(manager_, Move::appeal)) << "one a case";
  EXPECT_EQ(refused_move(manager_, id, Move::appeal, note("再申诉")), "cases.appealed_already");
  Words granted;
  granted.granted = true;
  EXPECT_EQ(refused_move(manager_, id, Move::decide, granted), "cases.not_yours");
  EXPECT_EQ(move(street_, id, Move::decide, granted).appeal, Appeal::granted);
  EXPECT_FALSE(may(street_, Move::decide));
  EXPECT_TRUE(pending().empty());
  EXPECT_EQ(diary(id).back().words, "申诉成立，不计入考核");
}

TEST_P(Cases, a_resident_sees_their_own_cases_and_nobody_elses) {
  const Case own = report(resident("zhao"), "leak");
  const Case other = report(resident("qian"), "noise", "b4");
  EXPECT_EQ(ask([&](Reader& r) { return house_.cases.list(r, resident("zhao"), {}).size(); }), 1U);
  EXPECT_EQ(refused_move(resident("zhao"), other.id, Move::urge), "cases.unknown");
  EXPECT_EQ(move(resident("zhao"), own.id, Move::urge).urged, 1);
  EXPECT_EQ(refused_move(resident("zhao"), own.id, Move::urge), "cases.urged_just_now");
  EXPECT_EQ(refused_move(resident("zhao"), own.id, Move::whistle), "cases.not_late");
  const Caller far = who("far", {"cases.*"}, "/xihu/wenxin/yuli/");
  EXPECT_EQ(refused_move(far, own.id, Move::assign), "cases.unknown");
}

TEST_P(Cases, staff_enter_what_people_without_a_phone_say_and_it_is_marked) {
  Report words;
  words.kind = "leak";
  words.place = places::PlaceId{"b3"};
  words.reporter = ReporterWords{PersonId{"granny"}, Channel::call, {}};
  EXPECT_EQ(refused([&](Tx& tx) { house_.cases.report(tx, resident("zhao"), words); }), "access.no_right");
  const Case opened = act([&](Tx& tx) { return house_.cases.report(tx, manager_, words); });
  const auto reporters = ask([&](Reader& r) { return house_.cases.reporters(r, opened.id); });
  ASSERT_EQ(reporters.size(), 1U);
  EXPECT_TRUE(reporters[0].on_behalf);
  EXPECT_EQ(reporters[0].person->text, "granny");
  EXPECT_EQ(reporters[0].channel, Channel::call);
  EXPECT_EQ(diary(opened.id)[0].words, "收到上报（电话，工作人员代录）：漏水");
}

TEST_P(Cases, a_report_that_says_nothing_anybody_could_act_on_is_refused_at_its_text) {
  Report words;
  words.place = places::PlaceId{"b3"};
  const Caller zhao = resident("zhao");
  const auto code_and_field = [&] {
    try {
      act([&](Tx& tx) { house_.cases.report(tx, zhao, words); });
      return std::string();
    } catch (const Refusal& refusal) {
      return refusal.code + " " + refusal.field;
    }
  };
  for (const char* kind : {"other", "suggest-facility", "ask-policy"}) {
    words.kind = kind;
    for (const auto& text : {std::optional<std::string>{}, std::optional<std::string>{""}, std::optional<std::string>{" \n　"}}) {
      words.text = text;
      EXPECT_EQ(code_and_field(), "cases.text_needed /text") << kind;
    }
  }
  words.kind = "other";
  words.files = std::vector<std::string>{};
  EXPECT_EQ(code_and_field(), "cases.text_needed /text");
  words.files = std::vector{picture(zhao, "seen").text};
  EXPECT_EQ(code_and_field(), "") << "a picture alone is enough";
  words.files.reset();
  words.text = "走廊里有一只猫";
  EXPECT_EQ(code_and_field(), "");
  for (const char* kind : {"leak", "sos"}) {  // these say of themselves what is the matter
    words.kind = kind;
    words.text.reset();
    EXPECT_EQ(code_and_field(), "") << kind;
  }
}

TEST_P(Cases, the_same_outer_number_is_one_case) {
  Report words;
  words.kind = "other";
  words.place = places::PlaceId{"b3"};
  words.outer_number = "12345-20260302-7";
  const Case first = act([&](Tx& tx) { return house_.cases.report(tx, manager_, words); });
  const Case again = act([&](Tx& tx) { return house_.cases.report(tx, manager_, words); });
  EXPECT_EQ(first.id, again.id);
  EXPECT_EQ(codes(first.id), "open unmanned assign");
}

TEST_P(Cases, words_that_do_not_fit_the_move_are_refused_by_name) {
  const CaseId id = taken();
  Words words;
  words.granted = true;
  try {
    act([&](Tx& tx) { house_.cases.move(tx, repairer_, id, Move::handle, words); });
    FAIL();
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.code, "cases.not_for_this_move");
    EXPECT_EQ(refusal.field, "/granted");
  }
  EXPECT_EQ(refused_move(repairer_, id, Move::accept), "cases.already_accepted");
}

TEST_P(Cases, evidence_is_asked_for_and_its_absence_written_down) {
  const CaseId id = taken();
  move(repairer_, id, Move::handle);
  EXPECT_EQ(diary(id).back().words, "已办结（未附照片、说明），请于3月3日 10:00前核实");
  const CaseId strict = report(resident("zhao"), "illegal-building").id;
  move(manager_, strict, Move::accept);
  EXPECT_EQ(refused_move(manager_, strict, Move::handle, note("已拆除")), "cases.evidence_needed");
}

TEST_P(Cases, a_batch_is_assigned_one_by_one) {
  const CaseId a = report(resident("zhao"), "leak").id, b = report(resident("zhao"), "noise").id;
  move(manager_, b, Move::refuse, note("重复"));
  Words to;
  to.post = PostId{"guard"};
  const auto results = act([&](Tx& tx) { return house_.cases.move_all(tx, manager_, {a, b, CaseId{"case_x"}}, Move::assign, to); });
  ASSERT_EQ(results.size(), 3U);
  EXPECT_TRUE(results[0].done);
  EXPECT_EQ(results[1].code, "cases.not_in_this_state");
  EXPECT_EQ(results[2].code, "cases.unknown");
  EXPECT_EQ(look(a).person->text, "guard-wang");
}

TEST_P(Cases, they_move_along_with_their_place) {
  const CaseId id = report(resident("zhao"), "leak").id;
  place("other", places::Kind::street, "别的街道", "xihu");
  place("fuyuan", places::Kind::compound, "府苑新村", "other");
  EXPECT_EQ(look(id).path, "/xihu/other/fuyuan/b3/");
}

TEST(Likeness, of_texts_is_the_share_of_pairs_that_they_have_in_common) {
  EXPECT_EQ(likeness("漏水", "漏水"), 1.0);
  EXPECT_EQ(likeness("漏水", "噪音"), 0.0);
  EXPECT_EQ(likeness("", "噪音"), 0.0);
  EXPECT_GT(likeness("地下室水管爆了", "水管爆了"), 0.3);
}

}  // namespace
}  // namespace lifang::cases
