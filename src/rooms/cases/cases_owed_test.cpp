// What others owe on a case: in their queue with a deadline of its own, and told upward when it is missed.
#include "support/ward_fixture.hpp"

namespace lifang::cases {
namespace {

using namespace std::chrono_literals;

class CasesOwed : public WardTest {
 protected:
  /// A blocked fire lane, held by the guard, whistled with these called to report in within the half hour.
  CaseId whistled(const std::vector<std::string>& called, const std::string& kind = "fire-lane-blocked", const std::string& where = "b3") {
    const CaseId id = report(resident("zhao"), kind, where).id;
    Words words = note("车主不配合");
    words.call.emplace();
    for (const std::string& one : called) words.call->emplace_back(one);
    words.report_in = Duration{30min};
    move(manager_, id, Move::whistle, words);
    return id;
  }
  /// A stall, taken by the desk and shared among posts with two hours each.
  CaseId shared(const std::vector<std::string>& posts) {
    const CaseId id = report(resident("zhao"), "stall").id;
    move(manager_, id, Move::accept);
    Words joint;
    joint.parts.emplace();
    for (const std::string& post : posts) joint.parts->push_back({PostId{post}, "去看看", Duration{2h}});
    move(manager_, id, Move::joint, joint);
    return id;
  }
  static Filter queue(std::size_t limit = 50) {
    Filter filter;
    filter.mine = filter.by_due = true;
    filter.limit = limit;
    return filter;
  }
  std::vector<Case> mine(const Caller& who, const Filter& filter = queue()) {
    return ask([&](Reader& r) { return house_.cases.list(r, who, filter); });
  }
  std::int64_t count(const Caller& who) {
    return ask([&](Reader& r) { return house_.cases.count(r, who, queue()); });
  }
  std::string ids(const std::vector<Case>& cases) {
    std::string all;
    for (const Case& one : cases) all += one.number.substr(9) + " ";
    return all;
  }
  std::vector<std::string> notices(const Caller& who) {
    std::vector<std::string> texts;
    notices::Filter filter;
    for (const notices::Notice& n : ask([&](Reader& r) { return house_.notices.list(r, who, filter); })) texts.push_back(n.text);
    return texts;
  }
  bool heard(const Caller& who, const std::string& words) {
    for (const std::string& text : notices(who))
      if (text.find(words) != std::string::npos) return true;
    return false;
  }
  /// Bureaus have no rights over the compound: they see what they were called to.
  Caller police_ = who("police-officer", {"cases.handle"}, "/bureaus/");
  Caller fire_ = who("fireman", {"cases.read", "cases.handle"}, "/xihu/");
};
BOTH_ENGINES(CasesOwed);

TEST_P(CasesOwed, a_called_bureau_has_the_case_in_its_queue_until_it_has_reported_in) {
  const CaseId id = whistled({"police", "fire"});
  auto queue_of_police = mine(police_);
  ASSERT_EQ(queue_of_police.size(), 1U);
  ASSERT_EQ(queue_of_police[0].owed.size(), 1U);
  EXPECT_FALSE(queue_of_police[0].owed[0].part);
  EXPECT_EQ(queue_of_police[0].owed[0].organisation->text, "police");
  EXPECT_EQ(queue_of_police[0].owed_by, local("2026-03-02T10:30"));
  EXPECT_EQ(count(police_), 1);
  EXPECT_EQ(mine(fire_).size(), 1U);
  EXPECT_TRUE(mine(who("medical", {"cases.handle"}, "/xihu/")).empty());
  move(police_, id, Move::report_in);
  EXPECT_TRUE(mine(police_).empty());
  EXPECT_EQ(count(police_), 0);
  EXPECT_EQ(mine(fire_).size(), 1U);
}

TEST_P(CasesOwed, a_sub_order_stands_in_the_queue_of_its_post_and_goes_with_its_end) {
  const CaseId id = shared({"police", "urban-management"});
  const auto before = mine(police_);
  ASSERT_EQ(before.size(), 1U);
  EXPECT_EQ(before[0].owed[0].part, 1);
  EXPECT_EQ(before[0].owed[0].task, "去看看");
  EXPECT_EQ(before[0].owed[0].due, local("2026-03-02T12:00"));
  move(police_, id, Move::done, note("已疏导"));
  EXPECT_TRUE(mine(police_).empty());
  EXPECT_EQ(ask([&](Reader& r) { return house_.cases.beside(r, id); }).parts[0].note, "已疏导");
}

TEST_P(CasesOwed, what_is_owed_and_what_is_held_stand_in_one_order_and_are_paged_as_one) {
  // The street holds four by whistle (an hour to accept); it is called to a fifth and shares in a sixth.
  for (const char* kind : {"noise", "dirty", "dog", "road-occupied"}) {
    const CaseId id = whistled({}, kind);
    pass(2min);
    if (look(id).person == PersonId{"street"}) move(street_, id, Move::accept);
  }
  const CaseId called = whistled({"wenxin-street"});
  const CaseId part = shared({"street-care"});
  const auto all = mine(street_);
  ASSERT_GE(all.size(), 4U);
  std::string paged;
  std::size_t pages = 0;
  for (Filter filter = queue(2);; ++pages) {
    const auto page = mine(street_, filter);
    paged += ids(page);
    if (page.size() < 2 || pages > 10) break;
    filter.after = house_.cases.cursor_of(page.back(), filter);
  }
  EXPECT_EQ(paged, ids(all)) << "no case twice, none lost";
  EXPECT_EQ(count(street_), static_cast<std::int64_t>(all.size()));
  const auto by = [](const Case& c) { return c.owed_by ? *c.owed_by : *c.due; };
  for (std::size_t i = 1; i < all.size(); ++i) EXPECT_LE(by(all[i - 1]), by(all[i]));
  int found = 0;
  for (const Case& one : all) found += one.id == called || one.id == part;
  EXPECT_EQ(found, 2);
}

TEST_P(CasesOwed, a_post_of_the_same_name_elsewhere_is_not_called) {
  shift("guard", "yuli", {"yuli-guard"}, "yuli-estate");
  const CaseId fire = report(resident("zhao"), "fire").id;
  const Caller elsewhere = who("yuli-guard", {"cases.handle"}, "/xihu/wenxin/yuli/");
  EXPECT_TRUE(mine(elsewhere).empty());
  EXPECT_EQ(refused_move(elsewhere, fire, Move::report_in), "cases.unknown");
  EXPECT_EQ(mine(wang_).size(), 1U);
}

TEST_P(CasesOwed, what_ends_is_owed_by_nobody_and_owed_again_when_it_reopens) {
  const CaseId id = whistled({"police"});
  move(street_, id, Move::refuse, note("已由交警处理"));
  EXPECT_TRUE(mine(police_).empty());
  move(district_, id, Move::reopen, note("并没有"));
  EXPECT_EQ(mine(police_).size(), 1U);
}

TEST_P(CasesOwed, who_does_not_report_in_is_told_and_so_are_holder_whistler_and_the_circle_above) {
  const CaseId id = whistled({"police", "urban-management"});
  move(street_, id, Move::accept);
  const Caller urban = who("chengguan", {"cases.handle"}, "/bureaus/");
  move(urban, id, Move::report_in);
  pass(30min);
  const Case late = look(id);
  EXPECT_TRUE(late.supervised) << "督办";
  EXPECT_TRUE(ask([&](Reader& r) { return house_.cases.beside(r, id); }).called[0].late);
  for (const Caller& each : {police_, street_, manager_, fire_}) EXPECT_TRUE(heard(each, "未按时报到")) << each.person;
  EXPECT_FALSE(heard(urban, "未按时报到")) << "they came";
  std::string said;
  int lines = 0;
  for (const DiaryLine& line : diary(id)) {
    if (line.code != "not-in") continue;
    ++lines;
    said = line.words;
  }
  EXPECT_EQ(lines, 1) << "one line, however many hear of it";
  EXPECT_NE(said.find("转上级督办"), std::string::npos);
  EXPECT_EQ(mine(police_)[0].owed[0].late, true);
  pass(24h);
  bool again = false;
  for (const DiaryLine& line : diary(id)) again = again || line.words.find("仍未报到") != std::string::npos;
  EXPECT_TRUE(again) << "it does not rest";
}

TEST_P(CasesOwed, a_late_part_is_told_to_whoever_asked_for_it_and_upward) {
  const CaseId id = shared({"police", "guard"});
  move(wang_, id, Move::done, note("看守了"));
  pass(2h);
  EXPECT_TRUE(heard(police_, "超过时限"));
  EXPECT_TRUE(heard(manager_, "超过时限")) << "the holder, who asked";
  EXPECT_TRUE(heard(street_, "超过时限")) << "the circle above";
  EXPECT_TRUE(look(id).supervised);
  const Case done = move(police_, id, Move::done, note("已疏导"));
  EXPECT_EQ(done.state, State::handled);
  bool said = false;
  for (const DiaryLine& line : diary(id)) said = said || line.words.find("分项1（公安）逾期办结") != std::string::npos;
  EXPECT_TRUE(said);
}

}  // namespace
}  // namespace lifang::cases
