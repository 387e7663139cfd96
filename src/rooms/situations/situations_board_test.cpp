// The board of situations: what stands on the map of a wall screen.
#include "rooms/situations/situations_board.hpp"

#include "rooms/situations/situations_store.hpp"
#include "support/ward_fixture.hpp"

namespace lifang::situations {
namespace {

class SituationsBoard : public WardTest {
 protected:
  SituationId begin(const std::string& path, Severity severity, bool drill = false) {
    Situation s;
    s.rule = rules::RuleId{"flood"};
    s.device = devices::DeviceId{"level-1"};
    s.path = path;
    s.severity = severity;
    s.drill = drill;
    s.began_at = s.raised_at = world_.clock.now();
    s.cause = "reading:level-1:level:1";
    return act([&](Tx& tx) {
      s.id = SituationId::make(tx.ids());
      store::add(tx, s, 1, 1);
      return s.id;
    });
  }
  Board board(const Caller& caller, const BoardFilter& filter = {}) {
    return ask([&](Reader& r) { return house_.situations.board(r, caller, filter); });
  }
  Caller watcher_ = who("watcher", {"situations.read"}, "/xihu/wenxin/fuyuan/");
};
BOTH_ENGINES(SituationsBoard);

TEST_P(SituationsBoard, the_worst_stand_first_and_what_is_within_a_building_stands_on_it) {
  place("b3-u1", places::Kind::unit, "1单元", "b3");
  begin("/xihu/wenxin/fuyuan/b3/b3-u1/", Severity::info);
  const SituationId grave = begin("/xihu/wenxin/fuyuan/b3/", Severity::critical);
  begin("/xihu/wenxin/yuli/", Severity::warning);
  begin("/xihu/wenxin/yuli/", Severity::warning, true);
  const Board all = board(root_);
  ASSERT_EQ(all.marks.size(), 3U);
  EXPECT_EQ(all.marks[0].id, grave);
  EXPECT_EQ(all.marks[2].shown, "b3");
  EXPECT_EQ(all.critical, 1);
  EXPECT_EQ(all.warning, 1);
  EXPECT_EQ(all.info, 1);
  EXPECT_EQ(all.drills, 1);
  EXPECT_EQ(all.unseen, 3);
  ASSERT_EQ(all.places.size(), 2U);
  EXPECT_EQ(all.places[0].place, "b3");
  EXPECT_EQ(all.places[0].critical, 1);
  EXPECT_EQ(board(root_, {{}, {}, 1}).marks.size(), 1U);
  EXPECT_EQ(board(root_, {{}, {}, 1}).warning, 1);
}

TEST_P(SituationsBoard, a_login_sees_what_stands_in_its_own_places) {
  begin("/xihu/wenxin/fuyuan/b3/", Severity::critical);
  begin("/xihu/wenxin/yuli/", Severity::warning);
  EXPECT_EQ(board(watcher_).marks.size(), 1U);
  EXPECT_EQ(refused([&](Tx& tx) { house_.situations.board(tx, watcher_, {"yuli", {}, 10}); }), "access.not_here");
}

TEST_P(SituationsBoard, days_are_those_of_the_district) {
  begin("/xihu/wenxin/fuyuan/b3/", Severity::critical);
  at("2026-03-03T00:30");  // still the second of March in UTC
  begin("/xihu/wenxin/fuyuan/b3/", Severity::info);
  begin("/xihu/wenxin/fuyuan/b3/", Severity::info);
  const Board all = board(root_, {{}, local("2026-03-01T00:00"), 10});
  ASSERT_EQ(all.days.size(), 2U);
  EXPECT_EQ(all.days[0].day, "2026-03-02");
  EXPECT_EQ(all.days[0].critical, 1);
  EXPECT_EQ(all.days[1].day, "2026-03-03");
  EXPECT_EQ(all.days[1].info, 2);
}

}  // namespace
}  // namespace lifang::situations
