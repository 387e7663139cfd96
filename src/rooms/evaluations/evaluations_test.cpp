#include "rooms/evaluations/evaluations.hpp"

#include <set>

#include "support/ward_fixture.hpp"

namespace lifang::evaluations {
namespace {

using namespace std::chrono_literals;
using cases::Move;

class Evaluations : public WardTest {
 protected:
  /// Reported by zhao, handled by the repairer, verified by the manager, closed.
  cases::CaseId closed() {
    const auto id = report(resident("zhao"), "leak").id;
    move(repairer_, id, Move::accept);
    move(repairer_, id, Move::handle);
    move(manager_, id, Move::verify);
    move(manager_, id, Move::close);
    return id;
  }
  /// The same, told on the phone by zhao and written down by staff.
  cases::CaseId told() {
    act([&](Tx& tx) {
      tx.run("INSERT INTO people_persons (id, state, path, source, made_at, confirmed_at, confirmed_by) "
             "VALUES ('zhao', 'present', '/xihu/wenxin/fuyuan/', 'register', 0, 0, '') ON CONFLICT (id) DO NOTHING");
    });
    cases::Report said{"leak", places::PlaceId{"b3"}, "漏水", {}, cases::ReporterWords{cases::PersonId{"zhao"}, cases::Channel::call, {}}, {}, {}, {}};
    const auto id = act([&](Tx& tx) { return house_.cases.report(tx, manager_, said).id; });
    move(repairer_, id, Move::accept);
    move(repairer_, id, Move::handle);
    move(street_, id, Move::verify);
    move(street_, id, Move::close);
    return id;
  }
  static Words words(std::int64_t score, std::optional<bool> solved = {}) { return {score, solved, {}, {}}; }
  Evaluation give(const Caller& caller, const std::string& id, const Words& w) {
    return act([&](Tx& tx) { return house_.evaluations.give(tx, caller, id, w); });
  }
  std::string refusal(const Caller& caller, const std::string& id, const Words& w) {
    return refused([&](Tx& tx) { house_.evaluations.give(tx, caller, id, w); });
  }
  std::vector<Evaluation> of(const cases::CaseId& id) {
    Filter filter;
    filter.case_ = id;
    return ask([&](Reader& r) { return house_.evaluations.list(r, root_, filter); });
  }
  cases::CaseId alarm(const std::string& situation) {
    const cases::SituationOpened s{situation, "r", 1, "bin-3", places::PlaceId{"b3"}, "warning", "bin-full", "满", {}, false};
    return *act([&](Tx& tx) { return house_.cases.open_for_situation(tx, s); });
  }
  void clear(const std::string& situation) {
    act([&](Tx& tx) { house_.cases.situation_cleared(tx, situation, tx.now()); });
  }
  Caller staff_ = who("staff", {"cases.*", "evaluations.*"}, "/xihu/wenxin/fuyuan/");
};
BOTH_ENGINES(Evaluations);

TEST_P(Evaluations, every_reporter_is_asked_once_when_a_case_closes) {
  const auto id = report(resident("zhao"), "leak").id;
  report(resident("qian"), "leak");
  move(repairer_, id, Move::accept);
  move(repairer_, id, Move::handle);
  EXPECT_TRUE(of(id).empty());
  move(manager_, id, Move::verify);
  move(manager_, id, Move::close);
  ASSERT_EQ(of(id).size(), 2U);
  EXPECT_EQ(give(resident("qian"), id.text, words(4)).reporter, 2);
  EXPECT_EQ(refusal(resident("qian"), id.text, words(4)), "evaluations.already_given");
  EXPECT_EQ(refusal(resident("sun"), id.text, words(1)), "evaluations.unknown");
  EXPECT_EQ(look(id).score, 4.0);
}

TEST_P(Evaluations, staff_speak_for_whoever_called_and_not_for_whoever_has_the_app) {
  const auto id = closed();
  const EvaluationId asked = of(id)[0].id;
  EXPECT_EQ(refusal(staff_, asked.text, words(5)), "evaluations.asked_themselves");
  EXPECT_EQ(refusal(staff_, id.text, words(5)), "evaluations.asked_themselves") << "nor as a word of their own";
  EXPECT_FALSE(look(id).score);
  EXPECT_EQ(codes(id), "open assign accept handle verify close") << "nothing was said";
  EXPECT_EQ(give(resident("zhao"), id.text, words(2)).by, By::reporter);
}

TEST_P(Evaluations, one_click_of_staff_neither_closes_a_case_nor_speaks_once_the_reporter_has) {
  const auto id = report(resident("zhao"), "leak").id;
  move(repairer_, id, Move::accept);
  move(repairer_, id, Move::handle);
  move(manager_, id, Move::verify);
  EXPECT_EQ(refusal(staff_, id.text, words(5)), "evaluations.asked_themselves");
  EXPECT_EQ(look(id).state, cases::State::verified) << "it waits for the reporter, or for its time";
  give(resident("zhao"), id.text, words(4));
  EXPECT_EQ(refusal(staff_, id.text, words(5)), "evaluations.asked_themselves");
  EXPECT_EQ(look(id).score, 4.0);
}

TEST_P(Evaluations, staff_answer_once_for_whoever_called_and_then_no_more) {
  const auto id = told();
  give(staff_, id.text, words(4));
  const auto lines = diary(id);
  EXPECT_EQ(lines.back().words, "上报人评价：4分");
  EXPECT_TRUE(lines.back().on_behalf) << "it says that somebody else wrote it down";
  EXPECT_EQ(lines.back().by, "account-staff");
  EXPECT_EQ(refusal(staff_, id.text, words(5)), "evaluations.already_given");
  EXPECT_EQ(look(id).score, 4.0);
}

TEST_P(Evaluations, the_question_says_whether_it_is_the_callers_to_answer) {
  const auto may = [&](const Caller& caller, const EvaluationId& id) {
    return ask([&](Reader& r) { return house_.evaluations.get(r, caller, id).may_answer; });
  };
  const EvaluationId apps = of(closed())[0].id;
  EXPECT_FALSE(may(staff_, apps));
  EXPECT_TRUE(may(resident("zhao"), apps));
  give(resident("zhao"), apps.text, words(5));
  EXPECT_FALSE(may(resident("zhao"), apps));
  pass(24h * 8);
  const EvaluationId phoned = of(told())[0].id;
  EXPECT_TRUE(may(staff_, phoned));
  EXPECT_FALSE(may(who("repairer", {"cases.*", "evaluations.*"}, "/xihu/wenxin/fuyuan/"), phoned)) << "whoever did it";
  give(staff_, phoned.text, words(3));
  EXPECT_FALSE(may(staff_, phoned));
  EXPECT_TRUE(may(resident("zhao"), phoned)) << "over what was said in their name";
}

TEST_P(Evaluations, who_an_anonymous_reporter_is_stands_in_no_evaluation) {
  cases::Report said{"dirty", places::PlaceId{"b3"}, "楼道很脏", {}, cases::ReporterWords{{}, {}, true}, {}, {}, {}};
  const auto id = act([&](Tx& tx) { return house_.cases.report(tx, resident("zhao"), said).id; });
  move(cleaner_, id, Move::accept);
  move(cleaner_, id, Move::handle);
  move(manager_, id, Move::verify);
  move(manager_, id, Move::close);
  const Caller reads = who("reader", {"cases.read", "evaluations.read"}, "/xihu/wenxin/fuyuan/");
  Filter filter;
  filter.case_ = id;
  const auto seen = [&](const Caller& caller) { return ask([&](Reader& r) { return house_.evaluations.list(r, caller, filter); }); };
  ASSERT_EQ(seen(reads).size(), 1U);
  EXPECT_FALSE(seen(reads)[0].person);
  EXPECT_TRUE(seen(reads)[0].account.empty());
  EXPECT_FALSE(ask([&](Reader& r) { return house_.evaluations.get(r, reads, seen(reads)[0].id); }).person);
  EXPECT_FALSE(seen(staff_)[0].person) << "cases.oversee in the compound alone is no seat above";
  EXPECT_EQ(seen(who("overseer", {"cases.*", "evaluations.*"}, "/xihu/"))[0].person->text, "zhao");
}

TEST_P(Evaluations, the_id_may_be_the_cases_or_the_questions_own) {
  const auto id = closed();
  const auto asked = of(id);
  ASSERT_EQ(asked.size(), 1U);
  const Evaluation given = give(resident("zhao"), asked[0].id.text, words(5, true));
  EXPECT_EQ(given.id, asked[0].id);
  EXPECT_EQ(given.solved, true);
  EXPECT_EQ(ask([&](Reader& r) { return evaluations::Evaluations::cause_of(r, given.id.text)->cause; }), id.text);
}

TEST_P(Evaluations, a_good_answer_to_what_is_only_verified_closes_it) {
  const auto id = report(resident("zhao"), "leak").id;
  move(repairer_, id, Move::accept);
  EXPECT_EQ(refusal(resident("zhao"), id.text, words(5)), "evaluations.not_yet");
  move(repairer_, id, Move::handle);
  move(manager_, id, Move::verify);
  give(resident("zhao"), id.text, words(5));
  EXPECT_EQ(look(id).state, cases::State::closed);
}

TEST_P(Evaluations, two_stars_or_not_solved_is_bad_and_opens_again) {
  const auto first = closed();
  EXPECT_TRUE(give(resident("zhao"), first.text, words(2)).reopened);
  EXPECT_EQ(look(first).state, cases::State::reopened);
  pass(24h);
  const auto second = closed();
  EXPECT_TRUE(give(resident("zhao"), second.text, words(5, false)).reopened) << "friendly, but not solved";
  pass(24h);
  const auto third = closed();
  EXPECT_FALSE(give(resident("zhao"), third.text, words(3)).reopened);
}

TEST_P(Evaluations, each_round_asks_again) {
  const auto id = closed();
  give(resident("zhao"), id.text, words(1));
  move(repairer_, id, Move::accept);
  move(repairer_, id, Move::handle);
  move(manager_, id, Move::verify);
  move(manager_, id, Move::close);
  EXPECT_EQ(give(resident("zhao"), id.text, words(5)).round, 1);
  EXPECT_EQ(of(id).size(), 2U);
}

TEST_P(Evaluations, staff_answer_for_those_without_a_phone_and_never_for_their_own_work) {
  cases::Report report;
  report.kind = "leak";
  report.place = places::PlaceId{"b3"};
  report.reporter = cases::ReporterWords{cases::PersonId{"granny"}, cases::Channel::call, {}};
  const auto id = act([&](Tx& tx) { return house_.cases.report(tx, manager_, report).id; });
  move(repairer_, id, Move::accept);
  move(repairer_, id, Move::handle);
  move(manager_, id, Move::verify);
  move(manager_, id, Move::close);
  const Caller doer = who("repairer", {"cases.*", "evaluations.*"}, "/xihu/wenxin/fuyuan/");
  EXPECT_EQ(refusal(doer, id.text, words(5)), "evaluations.doer_may_not");
  const Evaluation given = give(staff_, id.text, words(4));
  EXPECT_TRUE(given.on_behalf);
  EXPECT_EQ(given.person->text, "granny");
}

TEST_P(Evaluations, who_was_spoken_for_may_answer_over_it_once_and_their_own_counts) {
  const auto id = told();
  const Evaluation said = give(staff_, id.text, words(3));
  EXPECT_TRUE(said.on_behalf);
  EXPECT_EQ(said.account, "account-staff") << "the record says who gave it";
  EXPECT_EQ(look(id).score, 3.0);
  const Evaluation own = give(resident("zhao"), id.text, words(5));
  EXPECT_EQ(own.id, said.id);
  EXPECT_FALSE(own.on_behalf);
  EXPECT_EQ(look(id).score, 5.0) << "the other no longer counts";
  const auto all = of(id);
  ASSERT_EQ(all.size(), 2U) << "both are kept";
  const Evaluation& kept = all[0].by == By::overruled ? all[0] : all[1];
  EXPECT_EQ(kept.by, By::overruled);
  EXPECT_EQ(kept.score, 3);
  EXPECT_EQ(kept.account, "account-staff");
  EXPECT_EQ(refusal(resident("zhao"), id.text, words(1)), "evaluations.already_given") << "once";
  EXPECT_EQ(refusal(staff_, said.id.text, words(1)), "evaluations.already_given") << "nobody speaks over the person";
}

TEST_P(Evaluations, a_bad_word_of_ones_own_opens_again_what_was_praised_in_ones_name) {
  const auto id = told();
  give(staff_, id.text, words(5));
  EXPECT_TRUE(give(resident("zhao"), id.text, words(1)).reopened);
  EXPECT_EQ(look(id).state, cases::State::reopened);
  EXPECT_EQ(look(id).score, 1.0);
}

TEST_P(Evaluations, a_device_that_stays_quiet_says_that_it_is_solved) {
  const auto id = alarm("s1");
  move(cleaner_, id, Move::accept);
  clear("s1");
  ASSERT_EQ(of(id).size(), 1U);
  EXPECT_FALSE(of(id)[0].answered_at);
  pass(30min);
  EXPECT_EQ(of(id)[0].solved, true);
  EXPECT_EQ(of(id)[0].by, By::device);
  EXPECT_EQ(codes(id), "open assign accept clear close rated");
  EXPECT_EQ(give(staff_, id.text, words(4, false)).by, By::staff) << "nobody reported it, so staff may say";
  EXPECT_FALSE(look(id).score) << "which is no reporter's satisfaction";
  const auto lines = diary(id);
  const auto rated = std::find_if(lines.rbegin(), lines.rend(), [](const cases::DiaryLine& line) { return line.code == "rated"; });
  ASSERT_NE(rated, lines.rend());
  EXPECT_EQ(rated->words, "工作人员评价：4分，未解决或不满意");
  EXPECT_EQ(rated->words_en.value_or(""), "Evaluated by staff: 4 of 5, not solved or not satisfied");
  EXPECT_FALSE(rated->on_behalf);
  const auto solved = ask([&](Reader& r) {
    return r.one("SELECT solved FROM cases WHERE id = $1", [](const db::Row& row) { return row.get<bool>(0); }, id.text);
  });
  EXPECT_EQ(solved, true) << "what the device measured stands";
}

TEST_P(Evaluations, a_device_that_speaks_up_again_says_that_it_is_not) {
  const auto id = alarm("s1");
  clear("s1");
  pass(10min);
  alarm("s2");
  EXPECT_EQ(look(id).state, cases::State::reopened);
  EXPECT_EQ(of(id)[0].solved, false);
  EXPECT_TRUE(of(id)[0].reopened);
  pass(30min);
  EXPECT_EQ(of(id).size(), 1U);
}

TEST_P(Evaluations, nobody_is_asked_about_what_was_refused_or_never_there) {
  const auto id = report(resident("zhao"), "stranger").id;
  move(wang_, id, Move::false_alarm, note("快递员"));
  move(manager_, id, Move::verify);
  EXPECT_TRUE(of(id).empty());
  EXPECT_EQ(refusal(resident("zhao"), id.text, words(1)), "evaluations.not_asked");
}

TEST_P(Evaluations, the_words_of_whoever_was_erased_go_and_their_score_stays) {
  const auto person = act([&](Tx& tx) { return house_.people.add(tx, root_, {"王小明", {}, {}, {}, {}, {}, places::PlaceId{"b3"}}).id; });
  const auto id = report(resident(person.text), "leak").id;
  report(resident("qian"), "leak");
  move(repairer_, id, Move::accept);
  move(repairer_, id, Move::handle);
  move(manager_, id, Move::verify);
  move(manager_, id, Move::close);
  Words mine = words(5), others = words(3);
  mine.text = "谢谢，我是王小明";
  others.text = "还行";
  give(resident(person.text), id.text, mine);
  give(resident("qian"), id.text, others);
  act([&](Tx& tx) { house_.people.erase(tx, root_, person); });
  std::set<std::string> texts;
  for (const Evaluation& e : of(id)) texts.insert(e.text);
  EXPECT_EQ(texts, (std::set<std::string>{std::string(cases::kWithdrawn), "还行"}));
  EXPECT_EQ(look(id).score, 4.0);
}

TEST_P(Evaluations, words_out_of_bounds_are_refused) {
  const auto id = closed();
  EXPECT_EQ(refusal(resident("zhao"), id.text, words(0)), "evaluations.bad_score");
  EXPECT_EQ(refusal(resident("zhao"), id.text, words(6)), "evaluations.bad_score");
  EXPECT_EQ(refusal(resident("zhao"), "nonsense", words(5)), "evaluations.unknown");
}

}  // namespace
}  // namespace lifang::evaluations
