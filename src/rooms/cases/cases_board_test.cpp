// The board of cases: what a wall screen counts, and for whom.
#include "rooms/cases/cases_board.hpp"

#include "support/ward_fixture.hpp"

namespace lifang::cases {
namespace {

using namespace std::chrono_literals;

class CasesBoard : public WardTest {
 protected:
  Board board(const Caller& caller, const BoardFilter& filter = {}) {
    return ask([&](Reader& r) { return house_.cases.board(r, caller, filter); });
  }
};
BOTH_ENGINES(CasesBoard);

TEST_P(CasesBoard, counts_by_circle_and_state_and_moves_a_late_case_up) {
  const CaseId taken = report(resident("zhao"), "leak").id;
  move(repairer_, taken, Move::accept);
  report(resident("zhao"), "noise", "b4");
  Board now = board(district_);
  ASSERT_EQ(now.circles.size(), 3U);
  EXPECT_EQ(now.circles[0].open, 2);
  EXPECT_EQ(now.circles[0].working, 1);
  EXPECT_EQ(now.circles[0].waiting, 1);
  EXPECT_EQ(now.circles[0].opened_today, 2);
  EXPECT_EQ(now.circles[0].overdue, 0);
  pass(24h * 3);
  now = board(district_);
  EXPECT_EQ(now.circles[0].open + now.circles[1].open + now.circles[2].open, 2);
  EXPECT_EQ(now.circles[0].overdue + now.circles[1].overdue + now.circles[2].overdue, 2);
  EXPECT_GT(now.circles[1].open + now.circles[2].open, 0);
  EXPECT_EQ(now.circles[0].opened_today, 0);
}

TEST_P(CasesBoard, names_buildings_and_never_a_home) {
  place("b3-u1", places::Kind::unit, "1单元", "b3");
  place("b3-101", places::Kind::home, "101室", "b3-u1");
  report(district_, "leak", "b3-101");
  report(district_, "noise", "b3");
  const Board now = board(district_);
  ASSERT_EQ(now.places.size(), 1U);
  EXPECT_EQ(now.places[0].place.text, "b3");
  EXPECT_EQ(now.places[0].open, 2);
}

TEST_P(CasesBoard, counts_the_days_on_which_cases_began_and_ended) {
  const Time from = local("2026-03-01T00:00");
  const CaseId first = report(resident("zhao"), "leak").id;
  move(repairer_, first, Move::accept);
  at("2026-03-03T09:00");
  const CaseId dark = report(resident("zhao"), "noise", "b4").id;
  move(manager_, dark, Move::refuse, note("不属于本小区"));
  const Board now = board(district_, {{}, {}, from});
  ASSERT_EQ(now.days.size(), 2U);
  EXPECT_EQ(now.days[0].day, "2026-03-02");
  EXPECT_EQ(now.days[0].opened, 1);
  EXPECT_EQ(now.days[0].ended, 0);
  EXPECT_EQ(now.days[1].day, "2026-03-03");
  EXPECT_EQ(now.days[1].opened, 1);
  EXPECT_EQ(now.days[1].ended, 1);
  EXPECT_TRUE(board(district_).days.empty());
}

TEST_P(CasesBoard, shows_a_login_its_own_places_alone_and_drills_nowhere) {
  report(district_, "leak", "yuli");
  Report drill;
  drill.kind = "leak";
  drill.place = places::PlaceId{"b3"};
  drill.drill = true;
  act([&](Tx& tx) { return house_.cases.report(tx, district_, drill); });
  EXPECT_EQ(board(district_).circles[0].open, 1);
  EXPECT_EQ(board(district_, {"fuyuan", {}, {}}).circles[0].open, 0);
  EXPECT_EQ(board(manager_).circles[0].open, 0);
  EXPECT_EQ(board(district_, {{}, "leak", {}}).circles[0].open, 1);
  EXPECT_EQ(board(district_, {{}, "noise", {}}).circles[0].open, 0);
  EXPECT_EQ(refused([&](Tx& tx) { house_.cases.board(tx, manager_, {"yuli", {}, {}}); }), "access.not_here");
  EXPECT_EQ(refused([&](Tx& tx) { house_.cases.board(tx, resident("zhao"), {"fuyuan", {}, {}}); }), "access.no_right");
}

}  // namespace
}  // namespace lifang::cases
