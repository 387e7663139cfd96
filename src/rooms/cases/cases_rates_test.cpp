// The rates where somebody simply lets it lie: in the great circle, when called, and with a part of a joint order.
#include "rooms/cases/cases_scores.hpp"
#include "support/ward_fixture.hpp"

namespace lifang::cases {
namespace {

using namespace std::chrono_literals;

class CasesRates : public WardTest {
 protected:
  Rates of(const std::string& organisation) {
    const auto rates = ask([&](Reader& r) { return house_.cases.rates(r, root_, {}); });
    const auto found = std::find_if(rates.begin(), rates.end(), [&](const Rates& each) { return each.key == organisation; });
    EXPECT_TRUE(std::is_sorted(rates.begin(), rates.end(), [](const Rates& a, const Rates& b) { return a.key < b.key; }));
    // The scorecards say the same.
    ScoresFilter filter;
    filter.key = organisation;
    const auto scores = ask([&](Reader& r) { return cases::scores(r, root_, filter, house_.cases.now()); });
    EXPECT_EQ(scores.size(), found == rates.end() ? 0U : 1U);
    if (scores.size() == 1 && found != rates.end()) {
      EXPECT_EQ(scores[0].response_all, found->response_all);
      EXPECT_EQ(scores[0].overdue, found->overdue);
      EXPECT_EQ(scores[0].cases, found->cases);
    }
    return found == rates.end() ? Rates{} : *found;
  }
  std::vector<CaseId> behind(const std::string& organisation, Measure measure, bool good = false) {
    RatesFilter filter;
    filter.key = organisation;
    filter.good = good;
    return ask([&](Reader& r) { return house_.cases.behind(r, root_, filter, measure); });
  }
  CaseId whistled(const std::vector<std::string>& called) {
    const CaseId id = report(resident("zhao"), "fire-lane-blocked").id;
    Words words = note("车主不配合");
    words.call.emplace();
    for (const std::string& one : called) words.call->emplace_back(one);
    words.report_in = Duration{30min};
    move(manager_, id, Move::whistle, words);
    return id;
  }
  Caller police_ = who("police-officer", {"cases.handle"}, "/bureaus/");
};
BOTH_ENGINES(CasesRates);

TEST_P(CasesRates, an_order_that_nobody_takes_in_the_great_circle_is_missed_and_overdue) {
  const CaseId id = report(resident("zhao"), "leak").id;
  for (int hours = 0; look(id).circle != Circle::great && hours < 200; ++hours) pass(1h);
  ASSERT_EQ(look(id).circle, Circle::great);
  const std::string holder = look(id).organisation->text;
  EXPECT_EQ(of(holder).response_all, 0) << "it has just come";
  EXPECT_EQ(of(holder).overdue, 0);
  pass(10 * 24h);
  ASSERT_FALSE(look(id).accepted_at);
  EXPECT_EQ(of(holder).response_all, 1);
  EXPECT_EQ(of(holder).response_good, 0);
  EXPECT_EQ(of(holder).overdue, 1);
  EXPECT_EQ(behind(holder, Measure::response), std::vector<CaseId>{id});
  EXPECT_EQ(behind(holder, Measure::overdue), std::vector<CaseId>{id});
  EXPECT_TRUE(behind(holder, Measure::overdue, true).empty());
  move(district_, id, Move::refuse, note("不归本区管"));
  EXPECT_EQ(of(holder).overdue, 1) << "an end does not make it good";
}

TEST_P(CasesRates, an_order_that_lies_taken_beyond_its_time_is_overdue_unless_it_was_put_off) {
  const CaseId id = report(resident("zhao"), "leak").id;
  move(repairer_, id, Move::accept);
  EXPECT_EQ(of("fuyuan-estate").overdue, 0);
  Words later = note("等配件");
  later.until = local("2026-03-20T09:00");
  move(street_, id, Move::defer, later);
  ASSERT_EQ(look(id).state, State::deferred);
  pass(10 * 24h);
  EXPECT_EQ(of("fuyuan-estate").overdue, 0) << "until the day that was agreed";
}

TEST_P(CasesRates, a_bureau_that_reports_in_late_answers_for_it_beside_the_holder) {
  const CaseId id = whistled({"police", "fire", "urban-management"});
  move(street_, id, Move::accept);
  pass(10min);
  move(police_, id, Move::report_in);
  EXPECT_EQ(of("fire").response_all, 0) << "there is time yet";
  pass(40min);
  move(who("fireman", {"cases.handle"}, "/bureaus/"), id, Move::report_in);
  EXPECT_EQ(of("police").response_good, 1);
  EXPECT_EQ(of("police").overdue, 0);
  EXPECT_EQ(of("police").cases, 1);
  for (const char* late : {"fire", "urban-management"}) {
    EXPECT_EQ(of(late).response_all, 1) << late;
    EXPECT_EQ(of(late).response_good, 0) << late;
    EXPECT_EQ(of(late).overdue, 1) << late;
    EXPECT_EQ(behind(late, Measure::response), std::vector<CaseId>{id}) << late;
    EXPECT_EQ(behind(late, Measure::overdue), std::vector<CaseId>{id}) << late;
  }
  EXPECT_EQ(behind("police", Measure::response, true), std::vector<CaseId>{id});
  EXPECT_TRUE(behind("police", Measure::overdue).empty());
}

TEST_P(CasesRates, a_case_that_ends_before_the_called_had_to_come_counts_for_none_of_them) {
  const CaseId id = whistled({"police"});
  move(street_, id, Move::refuse, note("车已开走"));
  pass(24h);
  EXPECT_EQ(of("police").response_all, 0);
  EXPECT_EQ(of("police").overdue, 0);
}

TEST_P(CasesRates, a_part_that_is_late_counts_for_whoever_owed_it) {
  const CaseId id = report(resident("zhao"), "stall").id;
  move(manager_, id, Move::accept);
  Words joint;
  joint.parts = std::vector<PartWords>{{PostId{"police"}, "疏导交通", Duration{2h}}, {PostId{"guard"}, "看守现场", Duration{2h}}};
  move(manager_, id, Move::joint, joint);
  pass(1h);
  Words done;
  done.part = 2;
  move(wang_, id, Move::done, done);
  EXPECT_EQ(of("police").overdue, 0);
  pass(90min);
  EXPECT_EQ(of("police").overdue, 1);
  EXPECT_EQ(of("police").cases, 1);
  EXPECT_EQ(behind("police", Measure::overdue), std::vector<CaseId>{id});
}

}  // namespace
}  // namespace lifang::cases
