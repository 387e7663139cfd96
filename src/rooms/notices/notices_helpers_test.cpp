// Who reports for somebody, or without standing in the register, is told and asked like everybody else.
#include "rooms/accounts/accounts.hpp"
#include "rooms/notices/notices.hpp"
#include "rooms/people/people.hpp"
#include "support/ward_fixture.hpp"

namespace lifang::notices {
namespace {

using cases::Move;

class Helpers : public WardTest {
 protected:
  Helpers() {
    father_ = person("王老伯");
    daughter_ = person("王小妹");
    caller_ = login("daughter", daughter_.text);
    helper_ = act([&](Tx& tx) {
                return house_.people.add_helper(tx, root_, {father_, daughter_, {"report", "evaluate"}, {}, "desk"});
              }).id;
  }
  people::PersonId person(const std::string& name) {
    people::PersonWords words{name, {}, {}, {}, {}, {}, places::PlaceId{"b3"}};
    return act([&](Tx& tx) { return house_.people.add(tx, root_, words).id; });
  }
  Caller login(const std::string& name, const std::string& person) {
    accounts::AccountWords words{name, "", {}, {}, "resident", places::PlaceId{"fuyuan"}};
    if (!person.empty()) words.person = person;
    const auto made = act([&](Tx& tx) { return house_.accounts.add(tx, root_, words, ""); });
    return {made.id.text, person, name, {}, {}, {{"cases.report", "/xihu/wenxin/fuyuan/"}}};
  }
  cases::CaseId report_for(const Caller& caller, const people::PersonId& whom) {
    cases::Report words;
    words.kind = "leak";
    words.place = places::PlaceId{"b3"};
    words.reporter = cases::ReporterWords{PersonId{whom.text}, {}, {}};
    return act([&](Tx& tx) { return house_.cases.report(tx, caller, words).id; });
  }
  void settle(const cases::CaseId& id) {
    move(repairer_, id, Move::accept);
    move(repairer_, id, Move::handle);
    move(manager_, id, Move::verify);
    move(manager_, id, Move::close);
  }
  std::vector<Notice> inbox(const Caller& caller, bool to_tell = false) {
    Filter filter;
    filter.to_tell = to_tell;
    return ask([&](Reader& r) { return house_.notices.list(r, caller, filter); });
  }
  std::vector<cases::Case> reported(const Caller& caller) {
    cases::Filter filter;
    filter.reported = true;
    return ask([&](Reader& r) { return house_.cases.list(r, caller, filter); });
  }
  std::vector<evaluations::Evaluation> questions(const Caller& caller) {
    evaluations::Filter filter;
    filter.mine = true;
    const auto found = ask([&](Reader& r) { return house_.evaluations.list(r, caller, filter); });
    EXPECT_EQ(static_cast<std::int64_t>(found.size()), ask([&](Reader& r) { return house_.evaluations.count(r, caller, filter); }));
    return found;
  }
  people::PersonId father_, daughter_;
  people::HelperId helper_;
  Caller caller_;
  Caller desk_ = who("desk", {"notices.send"}, "/xihu/wenxin/fuyuan/");
};
BOTH_ENGINES(Helpers);

TEST_P(Helpers, a_daughter_who_reported_for_her_father_is_told_and_asked_and_he_is_called) {
  const auto id = report_for(caller_, father_);
  settle(id);
  EXPECT_EQ(inbox(caller_).size(), 5U) << "accepted, handled, verified, closed, and asked";
  EXPECT_EQ(inbox(caller_).front().class_, Class::question);
  const auto to_call = inbox(desk_, true);
  ASSERT_EQ(to_call.size(), 2U) << "he has no login: closed, and asked";
  for (const Notice& notice : to_call) {
    EXPECT_EQ(notice.person, PersonId{father_.text});
    EXPECT_EQ(notice.channel, cases::Channel::call);
  }
  ASSERT_EQ(reported(caller_).size(), 1U);
  EXPECT_EQ(reported(caller_)[0].id, id);
  ASSERT_EQ(questions(caller_).size(), 1U);
  const auto asked = questions(caller_)[0].id;
  EXPECT_EQ(ask([&](Reader& r) { return house_.evaluations.get(r, caller_, asked); }).case_, id);
  const auto given = act([&](Tx& tx) { return house_.evaluations.give(tx, caller_, asked.text, {5, true, {}, {}}); });
  EXPECT_TRUE(given.on_behalf);
  EXPECT_EQ(look(id).score, 5.0);
}

TEST_P(Helpers, what_a_daughter_says_is_marked_as_hers_and_not_as_entered_by_staff) {
  const auto id = report_for(caller_, father_);
  const auto reporters = [&](const cases::CaseId& of) { return ask([&](Reader& r) { return house_.cases.reporters(r, of); }); };
  EXPECT_TRUE(reporters(id).at(0).on_behalf);
  EXPECT_TRUE(reporters(id).at(0).by_helper);
  EXPECT_EQ(diary(id).front().words, "收到上报（手机，登记的代办人代报）：漏水");
  EXPECT_EQ(diary(id).front().words_en, "Reported by app, by their registered helper: Water leak");
  settle(id);
  act([&](Tx& tx) { return house_.evaluations.give(tx, caller_, questions(caller_).at(0).id.text, {5, true, {}, {}}); });
  EXPECT_EQ(diary(id).back().words, "上报人登记的代办人评价：5分");
  // Staff who enter it for somebody are staff.
  cases::Report words;
  words.kind = "leak";
  words.place = places::PlaceId{"b4"};
  words.reporter = cases::ReporterWords{PersonId{father_.text}, cases::Channel::call, {}};
  const auto entered = act([&](Tx& tx) { return house_.cases.report(tx, manager_, words).id; });
  EXPECT_TRUE(reporters(entered).at(0).on_behalf);
  EXPECT_FALSE(reporters(entered).at(0).by_helper);
  // And who joins says for whom, too.
  words.reporter = cases::ReporterWords{PersonId{father_.text}, {}, {}};
  words.place = places::PlaceId{"b3"};
  const auto another = act([&](Tx& tx) {
    cases::Report own;
    own.kind = "street-light";
    own.place = places::PlaceId{"b3"};
    return house_.cases.report(tx, resident("zhao"), own).id;
  });
  words.kind = "street-light";
  EXPECT_EQ(act([&](Tx& tx) { return house_.cases.report(tx, caller_, words).id; }), another);
  EXPECT_TRUE(diary(another).back().words.starts_with("另有居民上报同一问题（手机，登记的代办人代报）")) << diary(another).back().words;
}

TEST_P(Helpers, who_a_helper_of_somebody_unnamed_is_stands_nowhere_either) {
  cases::Report words;
  words.kind = "leak";
  words.place = places::PlaceId{"b3"};
  words.reporter = cases::ReporterWords{PersonId{father_.text}, {}, true};
  const auto id = act([&](Tx& tx) { return house_.cases.report(tx, caller_, words).id; });
  const auto seen = ask([&](Reader& r) { return house_.cases.reporters(r, repairer_, id); });
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_FALSE(seen[0].person);
  EXPECT_EQ(seen[0].account, "");
  for (const auto& line : ask([&](Reader& r) { return house_.cases.diary(r, repairer_, id, 0, 100); }))
    EXPECT_TRUE(line.by != caller_.account && (!line.person || line.person->text != daughter_.text)) << line.words;
  settle(id);
  const Caller reads = who("reader", {"cases.read", "evaluations.read"}, "/xihu/wenxin/fuyuan/");
  evaluations::Filter filter;
  filter.case_ = id;
  const auto seen_by_others = ask([&](Reader& r) { return house_.evaluations.list(r, reads, filter); });
  ASSERT_EQ(seen_by_others.size(), 1U);
  EXPECT_FALSE(seen_by_others[0].person);
  EXPECT_EQ(seen_by_others[0].account, "");
}

TEST_P(Helpers, who_only_answers_for_somebody_unnamed_stands_in_no_diary_of_others) {
  const Caller himself = login("father", father_.text);
  cases::Report words;
  words.kind = "leak";
  words.place = places::PlaceId{"b3"};
  words.reporter = cases::ReporterWords{{}, {}, true};
  const auto id = act([&](Tx& tx) { return house_.cases.report(tx, himself, words).id; });
  settle(id);
  const auto asked = questions(himself).at(0).id;
  act([&](Tx& tx) { return house_.evaluations.give(tx, caller_, asked.text, {5, true, {}, {}}); });
  const auto seen = [&](const Caller& caller) {
    const auto lines = ask([&](Reader& r) { return house_.cases.diary(r, caller, id, 0, 100); });
    EXPECT_EQ(lines.back().code, "rated");
    return lines.back();
  };
  EXPECT_EQ(diary(id).back().by, caller_.account) << "it is kept";
  EXPECT_EQ(seen(repairer_).by, "");
  EXPECT_FALSE(seen(repairer_).person);
}

TEST_P(Helpers, a_father_with_a_login_has_it_in_his_own_inbox_and_nobody_calls) {
  const Caller himself = login("father", father_.text);
  settle(report_for(caller_, father_));
  EXPECT_EQ(inbox(himself).size(), 5U);
  EXPECT_EQ(inbox(caller_).size(), 5U);
  EXPECT_TRUE(inbox(desk_, true).empty());
  EXPECT_EQ(questions(himself).size(), 1U);
}

TEST_P(Helpers, whose_help_has_ended_hears_nothing_more) {
  const auto id = report_for(caller_, father_);
  move(repairer_, id, Move::accept);
  EXPECT_EQ(inbox(caller_).size(), 1U);
  act([&](Tx& tx) { house_.people.end_helper(tx, root_, helper_); });
  world_.clock.advance(Duration{1});
  move(repairer_, id, Move::handle);
  move(manager_, id, Move::verify);
  move(manager_, id, Move::close);
  EXPECT_EQ(inbox(caller_).size(), 1U);
  EXPECT_TRUE(reported(caller_).empty());
  EXPECT_TRUE(questions(caller_).empty());
  EXPECT_EQ(inbox(desk_, true).size(), 2U) << "he is told all the same";
}

TEST_P(Helpers, who_reported_for_themselves_too_hears_of_each_step_once) {
  const auto id = report(caller_, "leak").id;
  EXPECT_EQ(report_for(caller_, father_), id) << "one leak";
  move(repairer_, id, Move::accept);
  EXPECT_EQ(inbox(caller_).size(), 1U);
}

TEST_P(Helpers, what_staff_enter_for_somebody_is_theirs_to_tell_and_in_no_list_of_their_own) {
  const auto id = report_for(manager_, father_);
  settle(id);
  EXPECT_TRUE(inbox(caller_).empty()) << "she has reported nothing";
  EXPECT_EQ(inbox(desk_, true).size(), 2U);
  EXPECT_TRUE(reported(manager_).empty());
}

TEST_P(Helpers, a_login_with_nobody_in_the_register_behind_it_is_asked_too) {
  const Caller unknown = login("visitor", "");
  settle(report(unknown, "leak").id);
  ASSERT_FALSE(inbox(unknown).empty());
  EXPECT_EQ(inbox(unknown).front().class_, Class::question);
  ASSERT_EQ(questions(unknown).size(), 1U);
  act([&](Tx& tx) { return house_.evaluations.give(tx, unknown, questions(unknown)[0].id.text, {4, true, {}, {}}); });
  EXPECT_EQ(questions(unknown).size(), 1U);
  EXPECT_TRUE(questions(login("other", "")).empty());
}

// ---- every step, once ------------------------------------------------------------------------------------------------

TEST_P(Helpers, a_reporter_hears_of_what_becomes_of_their_report_in_words_of_their_own) {
  const Caller zhao = resident("zhao");
  const auto texts = [&] {
    std::vector<std::string> all;
    for (const Notice& notice : inbox(zhao)) all.push_back(notice.text);
    return all;
  };
  const auto id = report(zhao, "leak").id;
  EXPECT_TRUE(texts().empty()) << "the answer to the report said who has it";
  move(repairer_, id, Move::accept);
  move(repairer_, id, Move::return_, note("业主骂人，不去了"));
  ASSERT_EQ(texts().size(), 2U);
  EXPECT_EQ(texts()[0], "承办人员退回了工单，正在另行安排") << "what staff say of it stays with them";
  world_.clock.advance(Duration{1});
  cases::Words to;
  to.post = cases::PostId{"cleaner"};
  move(manager_, id, Move::assign, to);
  ASSERT_EQ(texts().size(), 3U);
  EXPECT_NE(texts()[0].find("派给"), std::string::npos);
  pass(std::chrono::hours(24));  // nobody takes it: up it goes
  const auto all = texts();
  const auto has = [&](const std::string& words) {
    return std::count_if(all.begin(), all.end(), [&](const std::string& t) { return t.find(words) != std::string::npos; });
  };
  EXPECT_EQ(has("升级到"), 2);
  EXPECT_EQ(has("派给"), 1) << "an escalation and who has it then are one step";
  EXPECT_GE(has("办理超过了时限，已由上级督办"), 1);
}

TEST_P(Helpers, what_was_not_good_enough_is_told_with_its_reason) {
  const auto id = report(resident("zhao"), "leak").id;
  move(repairer_, id, Move::accept);
  move(repairer_, id, Move::handle);
  cases::Words not_yet = note("还在滴水");
  not_yet.passed = false;
  move(manager_, id, Move::verify, not_yet);
  const auto texts = inbox(resident("zhao"));
  ASSERT_EQ(texts.size(), 3U);
  EXPECT_NE(texts[0].text.find("还在滴水"), std::string::npos);
}

}  // namespace
}  // namespace lifang::notices
