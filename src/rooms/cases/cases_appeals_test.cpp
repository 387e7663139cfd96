// Appeals and deferrals that wait for the circle above: who is told, by when it is decided, and how it ended.
#include <gtest/gtest.h>

#include <algorithm>

#include "support/leap.hpp"
#include "support/ward_fixture.hpp"

namespace lifang::cases {
namespace {

using namespace std::chrono_literals;

class Appeals : public WardTest {
 protected:
  /// Marked as a false alarm by the guard, verified as one, and appealed by the manager.
  CaseId appealed() {
    const CaseId id = report(resident("zhao"), "stranger").id;
    move(wang_, id, Move::false_alarm, note("是快递员"));
    move(community_, id, Move::verify);
    move(manager_, id, Move::appeal, note("不该计入"));
    return id;
  }
  std::vector<Case> waiting(const Caller& who) {
    Filter filter;
    filter.deciding = true;
    return ask([&](Reader& r) { return house_.cases.list(r, who, filter); });
  }
  /// What the newest notice about the case says to this person.
  std::string told(const std::string& person, const CaseId& id) {
    notices::Filter filter;
    filter.case_ = id;
    const auto all = ask([&](Reader& r) { return house_.notices.list(r, who(person, {"notices.read"}, "/"), filter); });
    return all.empty() ? "" : all.front().text;
  }
  Caller community_ = who("community", {"cases.read", "cases.verify"}, "/xihu/wenxin/fuyuan/");
  static Words granted(bool yes, const std::string& why = "") {
    Words words;
    words.granted = yes;
    if (!why.empty()) words.note = why;
    return words;
  }
};
BOTH_ENGINES(Appeals);

TEST_P(Appeals, the_mediator_above_is_told_finds_it_in_the_queue_and_whoever_appealed_hears_how_it_ended) {
  const CaseId id = appealed();
  const Case asked = look(id);
  EXPECT_EQ(asked.appeal, Appeal::asked);
  EXPECT_EQ(asked.appeal_circle, Circle::small);
  ASSERT_TRUE(asked.appeal_by.has_value());
  EXPECT_GT(*asked.appeal_by, world_.clock.now() + 24h) << "24 hours of work are more than a day";
  EXPECT_NE(told("street", id).find("申诉不计入考核：不该计入"), std::string::npos) << told("street", id);
  ASSERT_EQ(waiting(street_).size(), 1U);
  EXPECT_EQ(waiting(street_)[0].id, id);
  Filter filter;
  filter.deciding = true;
  EXPECT_EQ(ask([&](Reader& r) { return house_.cases.count(r, street_, filter); }), 1);
  EXPECT_TRUE(waiting(manager_).empty()) << "nobody decides on their own appeal";
  EXPECT_TRUE(waiting(wang_).empty());
  EXPECT_EQ(refused_move(street_, id, Move::decide, granted(false)), "cases.reason_needed");
  move(street_, id, Move::decide, granted(false, "照片里没有快递员"));
  EXPECT_TRUE(waiting(street_).empty());
  EXPECT_FALSE(look(id).appeal_by);
  EXPECT_NE(told("manager", id).find("申诉不成立：照片里没有快递员"), std::string::npos) << told("manager", id);
  leap(house_, world_, 24h * 14);
  EXPECT_EQ(look(id).appeal, Appeal::refused) << "what is decided moves up no more";
}

TEST_P(Appeals, what_nobody_decides_in_time_moves_up_and_at_the_top_is_called_out_every_day) {
  const CaseId id = appealed();
  const Time by = *look(id).appeal_by;
  leap(house_, world_, by - world_.clock.now() - 1min);
  EXPECT_EQ(look(id).appeal_circle, Circle::small);
  leap(house_, world_, 1min);
  const Case up = look(id);
  EXPECT_EQ(up.appeal_circle, Circle::great);
  EXPECT_GT(*up.appeal_by, by);
  EXPECT_EQ(up.appeal, Appeal::asked);
  EXPECT_TRUE(waiting(street_).empty()) << "it is with the district now";
  EXPECT_EQ(refused_move(street_, id, Move::decide, granted(true)), "cases.not_yours");
  ASSERT_EQ(waiting(district_).size(), 1U);
  EXPECT_NE(codes(id).find("appeal-up"), std::string::npos);
  leap(house_, world_, *up.appeal_by - world_.clock.now());
  EXPECT_TRUE(look(id).supervised);
  EXPECT_NE(codes(id).find("appeal-late"), std::string::npos);
  const auto lines = [&] {
    const auto all = diary(id);
    return std::count_if(all.begin(), all.end(), [](const DiaryLine& l) { return l.code == "appeal-late"; });
  };
  EXPECT_EQ(lines(), 1);
  leap(house_, world_, 24h);
  EXPECT_EQ(lines(), 2);
  EXPECT_EQ(move(district_, id, Move::decide, granted(true)).appeal, Appeal::granted);
  leap(house_, world_, 48h);
  EXPECT_EQ(lines(), 2);
}

TEST_P(Appeals, who_did_it_does_not_decide_and_a_case_that_reopens_takes_its_appeal_along) {
  const CaseId own = report(resident("zhao"), "stranger").id;
  move(street_, own, Move::false_alarm, note("误报"));
  move(manager_, own, Move::appeal, note("是真的"));
  EXPECT_EQ(refused_move(street_, own, Move::decide, granted(true)), "cases.own_appeal");
  EXPECT_TRUE(waiting(street_).empty());
  ASSERT_EQ(waiting(district_).size(), 1U) << "whoever stands higher still may";
  const CaseId id = appealed();
  move(manager_, id, Move::reopen, note("再看一次"));
  EXPECT_FALSE(look(id).appeal);
  EXPECT_NE(codes(id).find("appeal-void"), std::string::npos);
  EXPECT_NE(told("manager", id).find("未裁定的申诉失效"), std::string::npos);
  leap(house_, world_, 24h * 14);
  EXPECT_EQ(codes(id).find("appeal-up"), std::string::npos);
}

TEST_P(Appeals, a_deferral_that_is_asked_for_waits_in_the_same_queue_and_is_told) {
  const CaseId id = report(resident("zhao"), "leak").id;
  move(repairer_, id, Move::accept);
  Words later = note("等配件");
  later.until = local("2026-03-09T09:00");
  move(repairer_, id, Move::defer, later);
  ASSERT_EQ(waiting(street_).size(), 1U);
  EXPECT_EQ(waiting(street_)[0].id, id);
  EXPECT_TRUE(waiting(manager_).empty());
  EXPECT_NE(told("street", id).find("申请挂账至3月9日"), std::string::npos) << told("street", id);
  move(street_, id, Move::approve);
  EXPECT_TRUE(waiting(street_).empty());
}

}  // namespace
}  // namespace lifang::cases
