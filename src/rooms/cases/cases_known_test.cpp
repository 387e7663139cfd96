// What moves may name, when they are offered, and what putting off gives back.
#include <algorithm>

#include "rooms/cases/cases.hpp"
#include "rooms/cases/cases_board.hpp"
#include "support/ward_fixture.hpp"

namespace lifang::cases {
namespace {

using namespace std::chrono_literals;

class CasesKnown : public WardTest {
 protected:
  static Words to(const std::string& post, const std::string& person) {
    Words words = note("请办理");
    if (!post.empty()) words.post = PostId{post};
    if (!person.empty()) words.person = PersonId{person};
    return words;
  }
  static Words until(const std::string& text) {
    Words words = note("等配件");
    words.until = local(text);
    return words;
  }
  static Words calling(const std::vector<std::string>& called) {
    Words words = note("请到场");
    words.call.emplace();
    for (const std::string& one : called) words.call->emplace_back(one);
    return words;
  }
  /// A porter of another compound, here for a day.
  void stands_in_for_the_repairer(const std::string& person) {
    shift("porter", "yuli", {person}, "yuli-estate");
    act([&](Tx& tx) {
      return house_.rosters.report_absence(
          tx, root_,
          {PersonId{"repairer"}, local("2026-03-02T00:00"), local("2026-03-03T00:00"), PersonId{person}, {}});
    });
  }
  /// The code and the field that a move is refused for.
  std::string refusal(const Caller& caller, const CaseId& id, Move move, const Words& words) {
    std::string found = "done";
    try {
      act([&](Tx& tx) { return house_.cases.move(tx, caller, id, move, words); });
    } catch (const Refusal& refusal) {
      found = refusal.code + " " + refusal.field;
    }
    return found;
  }
  bool may(const Caller& caller, const CaseId& id, Move move) {
    const auto allowed = ask([&](Reader& r) { return house_.cases.get(r, caller, id).allowed; });
    return std::find(allowed.begin(), allowed.end(), move) != allowed.end();
  }
  std::size_t listed(const Filter& filter) {
    return ask([&](Reader& r) { return house_.cases.list(r, root_, filter); }).size();
  }
  std::size_t searched(const std::string& q) {
    Filter filter;
    filter.q = q;
    return listed(filter);
  }
};
BOTH_ENGINES(CasesKnown);

TEST_P(CasesKnown, a_case_is_not_handed_to_a_ghost) {
  const CaseId id = report(resident("zhao"), "leak").id;
  const std::string before = codes(id);
  EXPECT_EQ(refusal(manager_, id, Move::assign, to("", "person_NOPE")), "cases.unknown_person /person");
  EXPECT_EQ(refusal(manager_, id, Move::assign, to("nope", "")), "cases.unknown_post /post");
  EXPECT_EQ(refusal(repairer_, id, Move::transfer, to("", "person_NOPE")), "cases.unknown_person /person");
  EXPECT_EQ(refusal(repairer_, id, Move::transfer, to("nope", "")), "cases.unknown_post /post");
  Words joint = note("一起办");
  joint.parts = std::vector<PartWords>{{PostId{"guard"}, "看守", {}}, {PostId{"nope"}, "查", {}}};
  EXPECT_EQ(refusal(manager_, id, Move::joint, joint), "cases.unknown_post /parts/1/post");
  EXPECT_EQ(refusal(manager_, id, Move::whistle, calling({"police", "nope"})), "cases.unknown_organisation /call/1");
  const Case now = look(id);
  EXPECT_EQ(codes(id), before);
  EXPECT_EQ(now.person->text, "repairer");
  EXPECT_EQ(now.parts_open + now.calls_open, 0);
  EXPECT_EQ(refusal(manager_, id, Move::assign, to("guard", "guard-li")), "done");
  EXPECT_EQ(look(id).person->text, "guard-li");
}

TEST_P(CasesKnown, nor_to_whoever_reported_it_nor_to_somebody_who_is_no_staff_there) {
  const CaseId id = report(resident("cleaner"), "leak").id;
  EXPECT_EQ(refusal(manager_, id, Move::assign, to("", "cleaner")), "cases.own_report /person");
  act([&](Tx& tx) { make_known(tx, PersonId{"zhao"}); });
  EXPECT_EQ(refusal(manager_, id, Move::assign, to("", "zhao")), "cases.not_staff /person");
  shift("guard", "yuli", {"yuli-guard"}, "yuli-estate");
  EXPECT_EQ(refusal(manager_, id, Move::assign, to("", "yuli-guard")), "cases.not_staff /person") << "of another compound";
  // Whoever stands in for somebody of the roster, and whoever has a login that handles cases there, is staff.
  stands_in_for_the_repairer("new");
  EXPECT_EQ(refusal(manager_, id, Move::assign, to("", "new")), "done");
  act([&](Tx& tx) {
    accounts::AccountWords login{"zhao", "", "zhao", {}, "worker", places::PlaceId{"fuyuan"}};
    return house_.accounts.add(tx, root_, login, "");
  });
  EXPECT_EQ(refusal(manager_, id, Move::assign, to("", "zhao")), "done");
}

TEST_P(CasesKnown, what_a_rule_or_a_kind_calls_in_vain_stands_in_the_diary_and_stops_nothing) {
  const CaseId id = report(resident("zhao"), "fire-lane-blocked").id;
  const Caller machine = Caller::system();
  move(machine, id, Move::whistle, calling({"police", "nope"}));
  EXPECT_EQ(look(id).calls_open, 1);
  const auto lines = diary(id);
  EXPECT_TRUE(std::any_of(lines.begin(), lines.end(), [](const DiaryLine& line) {
    return line.words == "应呼叫的“nope”不在册，未能呼叫，请核对目录或规则";
  }));
}

TEST_P(CasesKnown, a_called_post_counts_for_its_organisation) {
  const CaseId id = report(resident("zhao"), "fire-lane-blocked").id;
  move(manager_, id, Move::whistle, calling({"guard", "police"}));
  const auto called = ask([&](Reader& r) { return house_.cases.beside(r, id); }).called;
  ASSERT_EQ(called.size(), 2U);
  EXPECT_EQ(called[0].organisation.text, "guard");
  EXPECT_EQ(called[0].answers_for, OrganisationId{"fuyuan-estate"});
  EXPECT_EQ(called[1].answers_for, OrganisationId{"police"});
  pass(40min);
  RatesFilter filter;
  const auto rates = ask([&](Reader& r) { return house_.cases.rates(r, root_, filter); });
  const auto has = [&](const char* key) { return std::any_of(rates.begin(), rates.end(), [&](const Rates& r) { return r.key == key; }); };
  EXPECT_FALSE(has("guard")) << "a post is no organisation";
  EXPECT_TRUE(has("fuyuan-estate"));
  filter.by = RatesBy::post;
  filter.key = "guard";
  EXPECT_EQ(ask([&](Reader& r) { return house_.cases.rates(r, root_, filter); }).at(0).overdue, 1) << "by posts it stands under its own name";
}

TEST_P(CasesKnown, what_is_put_off_to_later_today_wakes_then_with_what_was_left) {
  const CaseId id = report(resident("zhao"), "leak").id;
  move(repairer_, id, Move::accept);  // four hours to handle, until 14:00
  pass(1h);
  const Case asked = move(repairer_, id, Move::defer, until("2026-03-02T16:00"));
  EXPECT_EQ(asked.deferred_until, local("2026-03-02T16:00"));
  pass(30min);
  EXPECT_EQ(move(street_, id, Move::approve).state, State::deferred) << "the hour asked for has not come";
  EXPECT_EQ(diary(id).back().words, "同意挂账至3月2日 16:00");
  at("2026-03-02T15:59");
  EXPECT_EQ(look(id).state, State::deferred);
  at("2026-03-02T16:00");
  const Case awake = look(id);
  EXPECT_EQ(awake.state, State::accepted);
  EXPECT_EQ(awake.due, local("2026-03-02T18:30")) << "two and a half hours were left of four";
  EXPECT_EQ(refusal(repairer_, id, Move::defer, until("2026-03-02T09:00")), "cases.bad_until /until");
}

TEST_P(CasesKnown, putting_off_again_and_again_gives_no_new_term) {
  const CaseId id = report(resident("zhao"), "leak").id;
  move(repairer_, id, Move::accept);
  for (const char* day : {"2026-03-03T00:00", "2026-03-04T00:00"}) {
    pass(1h);
    move(street_, id, Move::defer, until(day));
    at(std::string(day).substr(0, 10) + "T08:30");
    ASSERT_EQ(look(id).state, State::accepted);
  }
  EXPECT_EQ(look(id).due, local("2026-03-04T10:30"));
}

TEST_P(CasesKnown, overdue_is_the_deadline_that_runs_now_and_was_late_what_was) {
  const CaseId id = report(resident("zhao"), "leak").id;
  EXPECT_FALSE(look(id).was_late);
  Filter overdue;
  overdue.overdue = true;
  pass(16min);
  Case now = look(id);
  ASSERT_EQ(now.circle, Circle::small);
  EXPECT_FALSE(now.overdue) << "the street has time yet";
  EXPECT_TRUE(now.was_late);
  EXPECT_EQ(listed(overdue), 0U);
  const auto overdue_on_board = [&] {
    std::int64_t n = 0;
    for (const CircleCount& circle : ask([&](Reader& r) { return house_.cases.board(r, root_, {}); }).circles) n += circle.overdue;
    return n;
  };
  EXPECT_EQ(overdue_on_board(), 0);
  for (int hours = 0; look(id).circle != Circle::great && hours < 200; ++hours) pass(1h);
  pass(10 * 24h);
  now = look(id);
  EXPECT_TRUE(now.overdue) << "nothing stands above the great circle";
  EXPECT_EQ(listed(overdue), 1U);
  EXPECT_EQ(overdue_on_board(), 1);
  move(district_, id, Move::accept);
  EXPECT_FALSE(look(id).overdue);
  EXPECT_TRUE(look(id).was_late);
}

TEST_P(CasesKnown, only_what_would_be_done_is_offered) {
  const Caller zhao = resident("zhao");
  const CaseId id = report(zhao, "leak").id;
  EXPECT_FALSE(may(zhao, id, Move::whistle)) << "nothing is late";
  EXPECT_EQ(refusal(zhao, id, Move::whistle, {}), "cases.not_late ");
  EXPECT_TRUE(may(zhao, id, Move::urge));
  move(zhao, id, Move::urge);
  EXPECT_FALSE(may(zhao, id, Move::urge)) << "once an hour";
  EXPECT_TRUE(may(manager_, id, Move::urge)) << "others may";
  pass(61min);
  EXPECT_TRUE(may(zhao, id, Move::urge));
  ASSERT_EQ(look(id).circle, Circle::small);
  EXPECT_TRUE(may(zhao, id, Move::whistle));
  EXPECT_EQ(refusal(zhao, id, Move::whistle, {}), "done");
  ASSERT_EQ(look(id).circle, Circle::great);
  EXPECT_FALSE(may(zhao, id, Move::whistle)) << "nobody stands above";
  EXPECT_EQ(refusal(zhao, id, Move::whistle, {}), "cases.nobody_above ");
  EXPECT_EQ(refusal(district_, id, Move::whistle, {}), "cases.nobody_above ");
  EXPECT_EQ(refusal(district_, id, Move::whistle, calling({"police"})), "done") << "bureaus can be called";
}

TEST_P(CasesKnown, one_of_a_batch_that_is_refused_undoes_none_of_the_others) {
  std::vector<CaseId> ids;
  for (int i = 0; i < 20; ++i) {
    pass(2min);
    ids.push_back(report(resident("p" + std::to_string(i)), i % 2 ? "leak" : "noise", i % 2 ? "b3" : "b4").id);
    pass(3h);
  }
  for (const CaseId& id : {ids[3], ids[4], ids[19]}) move(district_, id, Move::urge);
  const auto results = act([&](Tx& tx) { return house_.cases.move_all(tx, district_, ids, Move::urge, {}); });
  ASSERT_EQ(results.size(), ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const bool again = i == 3 || i == 4 || i == 19;
    EXPECT_EQ(results[i].id, ids[i]);
    EXPECT_EQ(results[i].done, !again) << i << " " << results[i].code;
    EXPECT_EQ(results[i].code, again ? "cases.urged_just_now" : "") << i;
    EXPECT_EQ(look(ids[i]).urged, 1) << i;
  }
}

TEST_P(CasesKnown, a_colleague_of_another_post_does_not_end_a_sub_order) {
  const CaseId id = report(resident("zhao"), "stall").id;
  move(manager_, id, Move::accept);
  Words joint = note("一起办");
  joint.parts = std::vector<PartWords>{{PostId{"guard"}, "看守", {}}, {PostId{"repairer"}, "修", {}}, {PostId{"gardener"}, "剪枝", {}}};
  move(manager_, id, Move::joint, joint);
  const auto done = [](std::int64_t n) {
    Words words = note("好了");
    words.part = n;
    return words;
  };
  EXPECT_EQ(refusal(repairer_, id, Move::done, done(1)), "cases.not_yours ") << "the same organisation, another post";
  EXPECT_EQ(refusal(cleaner_, id, Move::done, done(1)), "cases.not_yours ");
  EXPECT_EQ(refusal(li_, id, Move::done, done(1)), "done") << "the same post";
  stands_in_for_the_repairer("new");
  Filter mine;
  mine.mine = true;
  EXPECT_EQ(ask([&](Reader& r) { return house_.cases.list(r, worker("new"), mine).size(); }), 1U) << "it is in their queue";
  EXPECT_EQ(refusal(worker("new"), id, Move::done, done(2)), "done") << "who stands in for them";
  const Caller office = who("manager", {"cases.read", "cases.handle"}, "/xihu/wenxin/fuyuan/");
  EXPECT_EQ(refusal(office, id, Move::done, done(3)), "done") << "no gardener is there, and the post above answers";
}

TEST_P(CasesKnown, what_an_absent_person_accepted_is_their_substitutes_for_so_long) {
  world_.clock.set(local("2026-03-02T09:00"));
  const CaseId id = report(resident("zhao"), "street-light").id;
  move(manager_, id, Move::assign, to("", "repairer"));
  move(repairer_, id, Move::accept);
  const Caller stand_in = worker("new");
  const auto queue = [&] {
    Filter mine;
    mine.mine = true;
    return ask([&](Reader& r) { return house_.cases.list(r, stand_in, mine).size(); });
  };
  EXPECT_EQ(queue(), 0U);
  stands_in_for_the_repairer("new");
  EXPECT_EQ(queue(), 1U);
  EXPECT_EQ(refusal(stand_in, id, Move::handle, note("已更换灯泡")), "done");
  EXPECT_EQ(look(id).state, State::handled);
}

TEST_P(CasesKnown, the_search_finds_the_outside_systems_number) {
  Report words;
  words.kind = "noise";
  words.place = places::PlaceId{"b3"};
  words.outer_number = "12345-20260302-7";
  const CaseId id = act([&](Tx& tx) { return house_.cases.report(tx, root_, words).id; });
  words.place = places::PlaceId{"b4"};
  words.outer_number = "HZ/2026/88";
  act([&](Tx& tx) { return house_.cases.report(tx, root_, words).id; });
  EXPECT_EQ(searched("12345-20260302-7"), 1U);
  EXPECT_EQ(searched("12345-2026"), 1U) << "as far as it was typed";
  EXPECT_EQ(searched("HZ/2026/88"), 1U);
  EXPECT_EQ(searched(look(id).number), 1U) << "and ours as before";
  EXPECT_EQ(searched("99999"), 0U);
}

}  // namespace
}  // namespace lifang::cases
