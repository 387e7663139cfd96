// The rates where somebody simply lets it lie: in the great circle, when called, and with a part of a joint order.
#include <algorithm>

#include "base/embedded.hpp"
#include "platform/db/migrate.hpp"
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
    const auto scores = ask([&](Reader& r) { return cases::scores(r, house_.cases, root_, filter); });
    EXPECT_EQ(scores.size(), found == rates.end() ? 0U : 1U);
    if (scores.size() == 1 && found != rates.end()) {
      EXPECT_EQ(scores[0].response_all, found->response_all);
      EXPECT_EQ(scores[0].overdue, found->overdue);
      EXPECT_EQ(scores[0].cases, found->cases);
      EXPECT_EQ(std::pair(scores[0].solved_all, scores[0].solved_good),
                std::pair(found->solved_all, found->solved_good));
      EXPECT_EQ(std::pair(scores[0].satisfied_all, scores[0].satisfied_good),
                std::pair(found->satisfied_all, found->satisfied_good));
      EXPECT_EQ(scores[0].reopened, found->reopened);
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
  /// "solved 0 of 1, satisfied 0 of 1, reopened 1", and that each figure is the number of cases behind it.
  std::string outcome(const std::string& organisation) {
    const Rates r = of(organisation);
    const auto counted = [&](Measure measure, bool good) {
      return static_cast<std::int64_t>(behind(organisation, measure, good).size());
    };
    EXPECT_EQ(counted(Measure::solved, true), r.solved_good) << organisation;
    EXPECT_EQ(counted(Measure::solved, false), r.solved_all - r.solved_good) << organisation;
    EXPECT_EQ(counted(Measure::satisfied, true), r.satisfied_good) << organisation;
    EXPECT_EQ(counted(Measure::satisfied, false), r.satisfied_all - r.satisfied_good) << organisation;
    EXPECT_EQ(counted(Measure::reopened, false), r.reopened) << organisation;
    return in_words(r);
  }
  /// The same of the compound, the kind or the month.
  std::string outcome(ScoresBy by, const std::string& key) {
    ScoresFilter filter;
    filter.by = by;
    filter.key = key;
    const auto found = ask([&](Reader& r) { return scores(r, house_.cases, root_, filter); });
    if (found.size() != 1U) return "found " + std::to_string(found.size());
    const auto counted = [&](Measure measure, bool good) {
      filter.good = good;
      return static_cast<std::int64_t>(
          ask([&](Reader& r) { return scores_behind(r, house_.cases, root_, filter, measure); }).size());
    };
    const Rates& r = found[0];
    EXPECT_EQ(r.cases, 1) << key;
    EXPECT_EQ(counted(Measure::solved, true), r.solved_good) << key;
    EXPECT_EQ(counted(Measure::solved, false), r.solved_all - r.solved_good) << key;
    EXPECT_EQ(counted(Measure::satisfied, true), r.satisfied_good) << key;
    EXPECT_EQ(counted(Measure::reopened, false), r.reopened) << key;
    return in_words(r);
  }
  static std::string in_words(const Rates& r) {
    const auto of = [](std::int64_t good, std::int64_t all) {
      return std::to_string(good) + " of " + std::to_string(all);
    };
    return "solved " + of(r.solved_good, r.solved_all) + ", satisfied " + of(r.satisfied_good, r.satisfied_all) +
           ", reopened " + std::to_string(r.reopened);
  }
  void rate(const CaseId& id, const std::string& evaluation, std::int64_t score) {
    act([&](Tx& tx) {
      return house_.cases.rated(tx, id, {evaluation, false, score, score >= 3, score <= 2, "account-zhao"});
    });
  }
  /// The repairer of the estate mends it badly; then the community does it well.
  CaseId mended_by_another() {
    const CaseId id = report(resident("zhao"), "leak").id;
    move(repairer_, id, Move::accept);
    move(repairer_, id, Move::handle);
    move(manager_, id, Move::verify);
    rate(id, "evaluation_1", 1);
    EXPECT_EQ(look(id).state, State::reopened);
    EXPECT_EQ(outcome("fuyuan-estate"), "solved 0 of 1, satisfied 0 of 1, reopened 1")
        << "at once, and not when somebody has mended it";
    Words to;
    to.post = PostId{"community-office"};
    pass(5min);
    move(manager_, id, Move::assign, to);
    const Caller community = worker("community");
    move(community, id, Move::accept);
    move(community, id, Move::handle);
    EXPECT_EQ(outcome("fuyuan-community"), "solved 0 of 0, satisfied 0 of 0, reopened 0") << "nobody has judged theirs";
    move(manager_, id, Move::verify);
    rate(id, "evaluation_2", 5);
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

TEST_P(CasesRates, whoever_did_it_badly_has_the_blame_and_whoever_mended_it_the_praise) {
  const CaseId id = mended_by_another();
  EXPECT_EQ(outcome("fuyuan-estate"), "solved 0 of 1, satisfied 0 of 1, reopened 1");
  EXPECT_EQ(outcome("fuyuan-community"), "solved 1 of 1, satisfied 1 of 1, reopened 0");
  EXPECT_EQ(behind("fuyuan-estate", Measure::solved), std::vector<CaseId>{id});
  EXPECT_EQ(behind("fuyuan-community", Measure::solved, true), std::vector<CaseId>{id});
  RatesFilter posts;
  posts.by = RatesBy::post;
  const auto by_post = ask([&](Reader& r) { return house_.cases.rates(r, root_, posts); });
  ASSERT_EQ(by_post.size(), 2U);
  EXPECT_EQ(in_words(by_post[0]), "solved 1 of 1, satisfied 1 of 1, reopened 0") << by_post[0].key;
  EXPECT_EQ(in_words(by_post[1]), "solved 0 of 1, satisfied 0 of 1, reopened 1") << by_post[1].key;
  // Of the place, the kind and the month it is one case, as it stands: solved, three in the mean, opened again once.
  for (const auto& [by, key] :
       {std::pair{ScoresBy::place, "fuyuan"}, {ScoresBy::kind, "leak"}, {ScoresBy::month, "2026-03"}})
    EXPECT_EQ(outcome(by, key), "solved 1 of 1, satisfied 1 of 1, reopened 1") << key;
}

TEST_P(CasesRates, who_mends_what_they_had_done_badly_has_solved_it_and_was_opened_again) {
  const CaseId id = report(resident("zhao"), "leak").id;
  for (const std::int64_t score : {1, 5}) {
    move(repairer_, id, Move::accept);
    move(repairer_, id, Move::handle);
    move(manager_, id, Move::verify);
    rate(id, "evaluation_" + std::to_string(score), score);
  }
  EXPECT_EQ(outcome("fuyuan-estate"), "solved 1 of 1, satisfied 1 of 1, reopened 1");
  move(manager_, id, Move::reopen, note("又漏了"));
  EXPECT_EQ(outcome("fuyuan-estate"), "solved 1 of 1, satisfied 1 of 1, reopened 1") << "one case, however often";
}

TEST_P(CasesRates, what_nobody_had_done_is_opened_again_against_nobody) {
  const CaseId id = report(resident("zhao"), "leak").id;
  move(manager_, id, Move::refuse, note("不归物业管"));
  move(manager_, id, Move::reopen, note("归物业管"));
  move(repairer_, id, Move::accept);
  move(repairer_, id, Move::handle);
  move(manager_, id, Move::verify);
  rate(id, "evaluation_1", 4);
  EXPECT_EQ(outcome("fuyuan-estate"), "solved 1 of 1, satisfied 1 of 1, reopened 0");
}

TEST_P(CasesRates, what_was_said_before_rounds_were_kept_stays_with_whoever_handled_it_last) {
  mended_by_another();
  act([&](Tx& tx) {
    for (const char* column : {"solved", "score_sum", "scores", "reopened"})
      tx.session().script(std::string("ALTER TABLE cases_holdings DROP COLUMN ") + column);
    const auto files = embedded::schemas();
    const auto rounds = std::find_if(files.begin(), files.end(), [](const embedded::File& f) {
      return f.path.ends_with("cases/schema/0012_rounds.sql");
    });
    ASSERT_NE(rounds, files.end());
    tx.session().script(db::text_for(tx.session().engine(), rounds->bytes));
  });
  EXPECT_EQ(outcome("fuyuan-estate"), "solved 0 of 0, satisfied 0 of 0, reopened 1")
      << "who had it before it was opened again is known";
  EXPECT_EQ(outcome("fuyuan-community"), "solved 1 of 1, satisfied 1 of 1, reopened 0");
  EXPECT_EQ(outcome(ScoresBy::place, "fuyuan"), "solved 1 of 1, satisfied 1 of 1, reopened 1");
}

}  // namespace
}  // namespace lifang::cases
