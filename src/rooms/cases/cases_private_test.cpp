// Whose words are whose: what joins, who reads what another said, and what reporters may do against an end they do not believe.
#include "support/ward_fixture.hpp"

namespace lifang::cases {
namespace {

using namespace std::chrono_literals;

class CasesPrivate : public WardTest {
 protected:
  std::vector<DiaryLine> diary_for(const Caller& caller, const CaseId& id) {
    return ask([&](Reader& r) { return house_.cases.diary(r, caller, id, 0, 500); });
  }
  Case seen_by(const Caller& caller, const CaseId& id) {
    return ask([&](Reader& r) { return house_.cases.get(r, caller, id); });
  }
  bool may(const Caller& caller, const CaseId& id, Move what) {
    const auto all = seen_by(caller, id).allowed;
    return std::find(all.begin(), all.end(), what) != all.end();
  }
  static bool names(const std::vector<DiaryLine>& lines, const std::string& person) {
    return std::any_of(lines.begin(), lines.end(), [&](const DiaryLine& line) {
      return line.by == "account-" + person || (line.person && line.person->text == person);
    });
  }
  static bool says(const std::vector<DiaryLine>& lines, const std::string& words) {
    return std::any_of(lines.begin(), lines.end(), [&](const DiaryLine& line) { return line.note.find(words) != std::string::npos; });
  }
};
BOTH_ENGINES(CasesPrivate);

TEST_P(CasesPrivate, what_concerns_a_person_never_joins_what_another_said) {
  for (const char* kind : {"hardship", "sos", "privacy", "dispute", "noise"}) {
    const Case first = report(resident("zhao"), kind, "fuyuan", "家里断粮");
    const Case second = report(resident("qian"), kind, "fuyuan", "别人的事");
    EXPECT_NE(first.id, second.id) << kind;
    EXPECT_EQ(report(resident("zhao"), kind, "fuyuan", "补充").id, first.id) << kind << ": one's own word again";
  }
  EXPECT_EQ(report(resident("zhao"), "street-light").id, report(resident("qian"), "street-light").id) << "a lamp is one lamp";
  EXPECT_EQ(report(resident("zhao"), "site-noise", "fuyuan").id, report(resident("qian"), "site-noise", "fuyuan").id) << "the kind says that it concerns all";
}

TEST_P(CasesPrivate, whoever_joins_reads_their_own_words_and_nobody_elses) {
  const CaseId id = report(resident("zhao"), "street-light", "b3", "我家301门口灯不亮，老人摔过").id;
  ASSERT_EQ(report(resident("qian"), "street-light", "b3", "灯坏了").id, id);
  EXPECT_EQ(seen_by(resident("zhao"), id).text, "我家301门口灯不亮，老人摔过");
  EXPECT_EQ(seen_by(resident("qian"), id).text, "灯坏了");
  EXPECT_FALSE(names(diary_for(resident("qian"), id), "zhao"));
  EXPECT_FALSE(says(diary_for(resident("qian"), id), "老人摔过"));
  EXPECT_TRUE(says(diary_for(resident("qian"), id), "灯坏了"));
  EXPECT_FALSE(says(diary_for(resident("zhao"), id), "灯坏了"));
  EXPECT_TRUE(says(diary_for(repairer_, id), "老人摔过")) << "whoever does it reads what was said";
}

TEST_P(CasesPrivate, an_anonymous_reporter_stays_so_in_the_diary) {
  Report words{"dirty", places::PlaceId{"b3"}, "楼道很脏", {}, ReporterWords{{}, {}, true}, {}, {}, {}};
  const CaseId id = act([&](Tx& tx) { return house_.cases.report(tx, resident("zhao"), words).id; });
  EXPECT_FALSE(names(diary_for(cleaner_, id), "zhao"));
  EXPECT_TRUE(says(diary_for(cleaner_, id), "楼道很脏"));
  EXPECT_TRUE(names(diary_for(street_, id), "zhao")) << "whoever oversees may know";
  EXPECT_TRUE(names(diary_for(resident("zhao"), id), "zhao"));
}

TEST_P(CasesPrivate, whoever_holds_it_does_not_learn_who_complained_whatever_they_oversee) {
  Report words{"dirty", places::PlaceId{"b3"}, "楼道很脏", {}, ReporterWords{{}, {}, true}, {}, {}, {}};
  const CaseId id = act([&](Tx& tx) { return house_.cases.report(tx, resident("zhao"), words).id; });
  Caller holder = cleaner_;
  holder.grants.push_back({"cases.oversee", "/"});
  const auto learns = [&] {
    const auto reporters = ask([&](Reader& r) { return house_.cases.reporters(r, holder, id); });
    return names(diary_for(holder, id), "zhao") || reporters.front().person.has_value();
  };
  EXPECT_FALSE(learns()) << "it stands at their post";
  move(cleaner_, id, Move::accept);
  EXPECT_FALSE(learns());
  move(cleaner_, id, Move::handle, note("已清扫"));
  EXPECT_FALSE(learns()) << "nor afterwards";
  EXPECT_TRUE(ask([&](Reader& r) { return house_.cases.reporters(r, street_, id).front().person; })) << "the circle above may know";
}

TEST_P(CasesPrivate, an_outside_number_opens_nothing_to_whoever_knows_it) {
  Report words{"noise", places::PlaceId{"b3"}, "x", {}, {}, {}, "A2026-7001", {}};
  EXPECT_EQ(refused([&](Tx& tx) { house_.cases.report(tx, resident("zhao"), words); }), "access.no_right");
  act([&](Tx& tx) { house_.cases.report(tx, who("yuli-desk", {"cases.read", "cases.report", "cases.handle"}, "/xihu/wenxin/yuli/"),
                                        {"noise", places::PlaceId{"yuli"}, "x", {}, {}, {}, "A2026-7001", {}}); });
  EXPECT_EQ(refused([&](Tx& tx) { house_.cases.report(tx, wang_, words); }), "cases.outer_number_taken");
}

TEST_P(CasesPrivate, who_reported_may_object_once_to_a_refusal_and_to_a_false_alarm) {
  const CaseId refused_ = report(resident("zhao"), "noise").id;
  EXPECT_FALSE(may(resident("zhao"), refused_, Move::reopen));
  move(manager_, refused_, Move::refuse, note("不归我们管"));
  EXPECT_TRUE(may(resident("zhao"), refused_, Move::reopen));
  EXPECT_EQ(refused_move(resident("zhao"), refused_, Move::reopen), "cases.reason_needed");
  const Case again = move(resident("zhao"), refused_, Move::reopen, note("就是楼下装修"));
  EXPECT_EQ(again.state, State::reopened);
  EXPECT_EQ(again.circle, Circle::small);
  EXPECT_TRUE(again.supervised);
  move(street_, refused_, Move::refuse, note("确实不归我们管"));
  EXPECT_EQ(refused_move(resident("zhao"), refused_, Move::reopen, note("还是不服")), "cases.nothing_to_object");

  const CaseId nothing = report(resident("qian"), "stranger").id;
  move(wang_, nothing, Move::false_alarm, note("没看见人"));
  EXPECT_EQ(look(nothing).ending, Ending::false_alarm);
  EXPECT_FALSE(may(wang_, nothing, Move::false_alarm));
  EXPECT_EQ(refused_move(wang_, nothing, Move::false_alarm, note("真没有")), "cases.to_be_verified") << "saying it twice ends nothing";
  Words no;
  no.passed = false;
  no.note = "录像里有人";
  const Case back = move(manager_, nothing, Move::verify, no);
  EXPECT_EQ(back.state, State::accepted);
  EXPECT_FALSE(back.ending);
  move(wang_, nothing, Move::false_alarm, note("是快递员"));
  EXPECT_EQ(move(manager_, nothing, Move::verify).state, State::closed);
  EXPECT_EQ(codes(nothing).find("false-alarm-asked") != std::string::npos, true);
  EXPECT_EQ(move(resident("qian"), nothing, Move::reopen, note("不是快递员")).circle, Circle::small);
  const CaseId done = report(resident("sun"), "dirty").id;
  move(cleaner_, done, Move::accept);
  move(cleaner_, done, Move::handle, note("已清扫"));
  move(manager_, done, Move::verify);
  EXPECT_EQ(refused_move(resident("sun"), done, Move::reopen, note("没扫")), "cases.nothing_to_object") << "that is said by evaluating";
}

TEST_P(CasesPrivate, what_others_owe_is_asked_for_again_when_a_case_is_opened_again) {
  const CaseId id = report(resident("zhao"), "stall").id;
  move(street_, id, Move::assign);
  move(manager_, id, Move::accept);
  Words joint;
  joint.parts = std::vector<PartWords>{{PostId{"police"}, "疏导交通", Duration{2h}}};
  move(manager_, id, Move::joint, joint);
  move(manager_, id, Move::refuse, note("不归我们管"));
  pass(3h);
  EXPECT_FALSE(ask([&](Reader& r) { return house_.cases.beside(r, id); }).parts[0].late) << "nobody owes anything on what has ended";
  move(manager_, id, Move::reopen, note("还是要办"));
  pass(1min);
  EXPECT_TRUE(ask([&](Reader& r) { return house_.cases.beside(r, id); }).parts[0].late);
}

TEST_P(CasesPrivate, who_reported_reads_what_comes_next_and_not_what_staff_are_asked_to_do) {
  const CaseId id = report(resident("zhao"), "leak").id;
  move(repairer_, id, Move::accept);
  move(repairer_, id, Move::handle);
  const auto mine = diary_for(resident("zhao"), id), staffs = diary(id);
  ASSERT_EQ(codes(id), "open assign accept handle");
  EXPECT_EQ(mine[1].words, "已派给维修岗在岗人员，预计3月2日 10:15前接单");
  EXPECT_EQ(mine[1].words_en.value_or(""), "Assigned to 维修岗, to the person on duty; it should be accepted by 2 Mar 10:15");
  EXPECT_EQ(mine[2].words, "维修岗已接单，预计3月2日 14:00前办结");
  EXPECT_EQ(mine[2].words_en.value_or(""), "维修岗 has accepted it; it should be handled by 2 Mar 14:00");
  EXPECT_EQ(mine[3].words, "已办结，正在核实");
  EXPECT_EQ(mine[3].words_en.value_or(""), "Handled; it is being verified");
  EXPECT_EQ(staffs[1].words, "派给维修岗在岗人员，请于3月2日 10:15前接单") << "staff read what they are asked to do";
  EXPECT_EQ(staffs[3].words, "已办结（未附照片、说明），请于3月3日 10:00前核实");
}

TEST_P(CasesPrivate, a_real_case_does_not_vanish_in_a_drill) {
  const CaseId real = report(resident("zhao"), "dirty").id;
  const CaseId drill = act([&](Tx& tx) { return house_.cases.report(tx, root_, {"dirty", places::PlaceId{"b4"}, "演练", {}, {}, {}, {}, true}).id; });
  Words into = note("同一件事");
  into.into = drill;
  EXPECT_EQ(refused_move(manager_, real, Move::merge, into), "cases.drill_and_real");
}

}  // namespace
}  // namespace lifang::cases
