// Figures through the door, on both engines.
#include "rooms/scorecards/scorecards.hpp"

#include <gtest/gtest.h>

#include "base/members.hpp"
#include "base/reflect.hpp"
#include "platform/sheet/sheet.hpp"
#include "support/house_fixture.hpp"
#include "support/known.hpp"

namespace lifang::scorecards {
namespace {

class ScorecardsRoom : public HouseTest {
 protected:
  ScorecardsRoom() {
    world_.clock.set(*parse_time("2026-03-02T08:00:00+08:00"));
    place("wenxin", places::Kind::street, {});
    place("fuyuan", places::Kind::compound, "wenxin");
    place("b3", places::Kind::building, "fuyuan");
    place("gudang", places::Kind::compound, "wenxin");
    duty("fuyuan", "fuyuan-estate");
    duty("gudang", "gudang-estate");
    // What moves up goes to the street, and not down again for want of anybody else.
    for (const char* post : {"street-office", "water-utility"}) {
      rosters::ShiftWords shift;
      shift.post = rosters::PostId{post};
      shift.place = places::PlaceId{"wenxin"};
      shift.organisation = rosters::OrganisationId{"wenxin-street"};
      shift.persons = {rosters::PersonId{"street"}};
      shift.to = {1440};
      keep(post, shift);
    }
  }
  void keep(const std::string& id, const rosters::ShiftWords& shift) {
    act([&](Tx& tx) {
      make_known(tx, shift);
      house_.rosters.put_shift(tx, root_, rosters::ShiftId{id}, shift);
    });
  }
  void place(const std::string& id, places::Kind kind, const std::string& parent) {
    places::PlaceWords words{kind, id + "<b>", {}, {}, {}, {}, {}};
    if (!parent.empty()) words.parent = places::PlaceId{parent};
    act([&](Tx& tx) { house_.places.put(tx, root_, places::PlaceId{id}, words); });
  }
  void duty(const std::string& at, const std::string& organisation) {
    rosters::ShiftWords shift;
    shift.post = rosters::PostId{"repairer"};
    shift.place = places::PlaceId{at};
    shift.organisation = rosters::OrganisationId{organisation};
    shift.persons = {rosters::PersonId{"worker-" + at}};
    shift.to = {1440};
    keep(at, shift);
  }
  cases::CaseId report(const std::string& at, bool drill = false) {
    cases::Report words{"leak", places::PlaceId{at}, "漏水", {}, {}, {}, {}, drill};
    return act([&](Tx& tx) { return house_.cases.report(tx, root_, words).id; });
  }
  void accept(const cases::CaseId& id, const std::string& at) {
    const Caller worker{"account-" + at, "worker-" + at, "worker", "", "", {{"cases.handle", "/wenxin/"}, {"cases.read", "/wenxin/"}}};
    act([&](Tx& tx) { house_.cases.move(tx, worker, id, cases::Move::accept, {}); });
  }
  std::vector<Score> by(ScoresBy what) {
    ScoresFilter filter;
    filter.by = what;
    return ask([&](Reader& r) { return house_.scorecards->scores(r, root_, filter); });
  }
  const Score* find(const std::vector<Score>& all, const std::string& id) {
    for (const Score& s : all)
      if (s.id == id) return &s;
    return nullptr;
  }
};
BOTH_ENGINES(ScorecardsRoom);

TEST_P(ScorecardsRoom, the_one_in_time_stands_above_the_one_who_was_late) {
  accept(report("b3"), "fuyuan");
  const auto late = report("gudang");
  pass(std::chrono::hours(30));
  report("fuyuan", true);
  const auto all = by(ScoresBy::organisation);
  const Score* good = find(all, "fuyuan-estate");
  const Score* bad = find(all, "gudang-estate");
  ASSERT_TRUE(good && bad);
  EXPECT_EQ(good->response, 100.0);
  EXPECT_FALSE(good->rank) << "nor has anybody a rank for one";
  EXPECT_EQ(bad->response, 0.0);
  EXPECT_EQ(bad->overdue, 1);
  EXPECT_FALSE(good->commended) << "one case is not enough";

  ScoresFilter filter;
  filter.by = ScoresBy::place;
  filter.key = "gudang";
  const auto behind = ask([&](Reader& r) { return house_.scorecards->behind(r, root_, filter, cases::Measure::response); });
  ASSERT_EQ(behind.size(), 1U);
  EXPECT_EQ(behind[0].id, late);
}

TEST_P(ScorecardsRoom, every_figure_is_the_number_of_cases_behind_it) {
  // One case that lies with the same estate again and again is one case.
  const auto id = report("gudang");
  for (int i = 0; i < 3; ++i) {
    accept(id, "gudang");
    pass(std::chrono::minutes(5));
    act([&](Tx& tx) {
      cases::Words why;
      why.note = "退回";
      house_.cases.move(tx, root_, id, cases::Move::return_, why);
      cases::Words to;
      to.post = cases::PostId{"repairer"};
      house_.cases.move(tx, root_, id, cases::Move::assign, to);
    });
  }
  pass(std::chrono::hours(30));
  accept(report("b3"), "fuyuan");
  for (const ScoresBy what : {ScoresBy::organisation, ScoresBy::post, ScoresBy::kind, ScoresBy::place}) {
    const cases::RatesBy plain = what == ScoresBy::post ? cases::RatesBy::post : what == ScoresBy::kind ? cases::RatesBy::kind : cases::RatesBy::organisation;
    for (const Score& s : by(what)) {
      ScoresFilter filter;
      filter.by = what;
      filter.key = s.id;
      filter.limit = 500;
      const auto count = [&](cases::Measure measure, bool well) {
        filter.good = well;
        return static_cast<std::int64_t>(ask([&](Reader& r) { return house_.scorecards->behind(r, root_, filter, measure); }).size());
      };
      const std::string where = std::string(enum_name(what)) + " " + s.id;
      EXPECT_EQ(s.overdue, count(cases::Measure::overdue, false)) << where;
      EXPECT_EQ(s.cases, count(cases::Measure::overdue, false) + count(cases::Measure::overdue, true)) << where;
      EXPECT_LE(s.overdue_rate.value_or(0), 100.0) << where;
      if (what == ScoresBy::place) continue;
      cases::RatesFilter one;
      one.by = plain;
      one.key = s.id;
      const auto rates = ask([&](Reader& r) { return house_.cases.rates(r, root_, one); });
      ASSERT_EQ(rates.size(), 1U) << where;
      EXPECT_EQ(rates[0].response_good, count(cases::Measure::response, true)) << where;
      EXPECT_EQ(rates[0].response_all - rates[0].response_good, count(cases::Measure::response, false)) << where;
      EXPECT_LE(rates[0].response_all, rates[0].cases) << where;
    }
  }
}

TEST_P(ScorecardsRoom, ranks_number_the_order_that_was_asked_for_and_start_at_five_cases) {
  for (int i = 0; i < 6; ++i) {
    const auto id = report("gudang");
    if (i < 4) accept(id, "gudang");
    pass(std::chrono::hours(3));
  }
  for (int i = 0; i < 5; ++i) {
    accept(report("b3"), "fuyuan");
    pass(std::chrono::hours(3));
  }
  duty("b3", "b3-estate");  // nearer than the compound's
  accept(report("b3"), "b3");
  const auto in = [&](Order order) {
    ScoresFilter filter;
    const auto all = ask([&](Reader& r) { return house_.scorecards->scores(r, root_, filter, order); });
    std::string said;
    for (const Score& s : all)
      if (s.id.ends_with("-estate")) said += s.id + (s.rank ? "#" + std::to_string(*s.rank) : "") + " ";
    return said;
  };
  EXPECT_EQ(in(Order::response), "fuyuan-estate#1 gudang-estate#2 b3-estate ") << "one case is no ranking";
  EXPECT_EQ(in(Order::cases).substr(0, 16), "gudang-estate#2 ") << "the most first: below the street, that had them all";
}

TEST_P(ScorecardsRoom, places_are_compounds_and_months_begin_at_local_midnight) {
  world_.clock.set(*parse_time("2026-03-31T23:59:00+08:00"));
  report("b3");
  world_.clock.set(*parse_time("2026-04-01T00:01:00+08:00"));
  report("gudang");
  const auto places = by(ScoresBy::place);
  ASSERT_TRUE(find(places, "fuyuan"));
  EXPECT_EQ(find(places, "fuyuan")->cases, 1);
  EXPECT_FALSE(find(places, "b3"));
  const auto months = by(ScoresBy::month);
  ASSERT_EQ(months.size(), 2U);
  EXPECT_EQ(months[0].id, "2026-03");
  EXPECT_EQ(months[1].id, "2026-04");
  EXPECT_EQ(months[0].cases, 1);
  EXPECT_FALSE(months[0].rank);
}

TEST_P(ScorecardsRoom, a_spreadsheet_and_a_printed_day_say_the_same) {
  accept(report("b3"), "fuyuan");
  report("gudang");
  pass(std::chrono::hours(3));
  const auto rows = sheet::read_table(house_.scorecards->as_xlsx(by(ScoresBy::organisation), ScoresBy::organisation));
  ASSERT_GE(rows.size(), 3U);
  EXPECT_EQ(rows[0].cells[1], "单位");
  const std::string page = ask([&](Reader& r) {
    return house_.scorecards->brief(r, root_, places::PlaceId{"wenxin"}, "2026-03-02", world_.clock.now());
  });
  EXPECT_NE(page.find("治理日报"), std::string::npos);
  EXPECT_NE(page.find("<tr><td>2</td><td>0</td><td>2</td>"), std::string::npos) << page;
  EXPECT_EQ(page.find("<b>"), std::string::npos) << "names are escaped";
  EXPECT_EQ(refused([&](Tx& tx) { house_.scorecards->brief(tx, root_, places::PlaceId{"wenxin"}, "gestern", tx.now()); }), "scorecards.bad_day");
}

TEST_P(ScorecardsRoom, everybody_sees_the_figures_of_their_own_places) {
  report("b3");
  report("gudang");
  const Caller here{"a", "", "a", "", "", {{"scorecards.read", "/wenxin/fuyuan/"}}};
  ScoresFilter filter;
  filter.by = ScoresBy::place;
  const auto seen = ask([&](Reader& r) { return house_.scorecards->scores(r, here, filter); });
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].id, "fuyuan");
  EXPECT_EQ(refused([&](Tx& tx) { house_.scorecards->brief(tx, here, places::PlaceId{"gudang"}, "2026-03-02", tx.now()); }), "access.not_here");
}

TEST_P(ScorecardsRoom, who_is_only_called_has_their_own_figures_with_the_rank_that_these_have_among_all) {
  for (int i = 0; i < 6; ++i) {
    const auto id = report("gudang");
    if (i < 4) accept(id, "gudang");
    pass(std::chrono::hours(3));
  }
  const cases::CaseId other = report("b3");
  accept(other, "fuyuan");
  const Caller called{"account-street", "street", "street", "", "", {{"scorecards.read", "/wenxin/"}, {"cases.called", "/wenxin/"}}};
  ScoresFilter filter;
  filter.limit = 500;
  const auto seen = [&](const Caller& caller, ScoresBy what) {
    filter.by = what;
    return ask([&](Reader& r) { return house_.scorecards->scores(r, caller, filter); });
  };
  const auto all = seen(root_, ScoresBy::organisation), own = seen(called, ScoresBy::organisation);
  ASSERT_EQ(own.size(), 1U);
  const Score* same = find(all, "wenxin-street");
  ASSERT_TRUE(same && same->rank);
  EXPECT_EQ(to_json(own[0]), to_json(*same)) << "what everybody else sees of them";
  const auto kinds = seen(called, ScoresBy::kind);
  ASSERT_EQ(kinds.size(), 1U);
  EXPECT_EQ(kinds[0].cases, same->cases);
  EXPECT_LT(kinds[0].cases, seen(root_, ScoresBy::kind)[0].cases);
  filter.by = ScoresBy::kind;
  filter.key = "leak";
  std::size_t listed = 0;
  for (const bool good : {false, true}) {
    filter.good = good;
    for (const Behind& one : ask([&](Reader& r) { return house_.scorecards->behind(r, called, filter, cases::Measure::overdue); })) {
      EXPECT_NE(one.id, other);
      ++listed;
    }
  }
  EXPECT_EQ(static_cast<std::int64_t>(listed), same->cases);
  const auto brief = [&](const Caller& caller) {
    return refused([&](Tx& tx) { house_.scorecards->brief(tx, caller, places::PlaceId{"wenxin"}, "2026-03-02", tx.now()); });
  };
  EXPECT_EQ(brief(called), "scorecards.only_called");
  Caller reads = called;
  reads.grants.push_back({"cases.read", "/wenxin/"});
  EXPECT_EQ(brief(reads), "");
  EXPECT_EQ(seen(reads, ScoresBy::kind)[0].cases, 7);
}

}  // namespace
}  // namespace lifang::scorecards
