#include "rooms/rules/rules_backtest.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

#include "support/paths.hpp"
#include "support/rule_desk.hpp"

namespace lifang::rules {
namespace {

const std::string kDust =
    R"("raise":{"when":{"metric":"pm25","op":">","value":150}},"clear":{"when":{"metric":"pm25","op":"<","value":115}})";

void say(Backtest& test, std::size_t subject, double minute, double pm25, Mark mark = Mark::good) {
  const Value value{10, mark, pm25};
  test.feed(subject, {at(minute), at(minute), {&value, 1}, {}});
}

TEST(Backtest, tells_which_situations_a_rule_would_have_caused) {
  Backtest test({make_rule(5, 1, "dust", rule_text(kDust))});
  const std::size_t a = test.add_subject("a", desk_words()),
                    b = test.add_subject("b", desk_words());
  double minute = 0;
  for (const double v : {100., 160., 300., 120., 100., 200.}) say(test, a, minute++, v);
  say(test, b, 0, 151);
  say(test, b, 1, 10);
  test.finish(at(60));
  const auto& list = test.situations();
  ASSERT_EQ(list.size(), 3U);
  EXPECT_EQ(list[0].subject, "a");
  EXPECT_EQ(list[0].rule, 5U);
  EXPECT_EQ(minute_of(list[0].began_at), 1);
  EXPECT_EQ(list[0].ended_at, at(4));
  EXPECT_EQ(list[0].peak, 300);
  EXPECT_EQ(list[0].count, 3U);
  EXPECT_EQ(minute_of(list[1].began_at), 5);
  EXPECT_FALSE(list[1].ended_at) << "still open at the end";
  EXPECT_EQ(list[2].subject, "b");
}

TEST(Backtest, lets_timers_run_until_its_end_and_skips_what_is_flagged) {
  Backtest test(
      {make_rule(1, 1, "r", rule_text(R"("raise":{"when":{"metric":"pm25","silent":"PT30M"}})")),
       make_rule(2, 1, "q", rule_text(R"("raise":{"when":{"silent":"PT30M"}})"))});
  const std::size_t a = test.add_subject("a", desk_words());
  say(test, a, 0, 1);
  say(test, a, 20, 999, Mark::suspect);
  say(test, a, 25, 1, Mark::skip);
  test.finish(at(45));
  ASSERT_EQ(test.situations().size(), 1U);
  EXPECT_EQ(test.situations()[0].rule, 1U);
  EXPECT_EQ(minute_of(test.situations()[0].began_at), 30);
}

TEST(Backtest, uses_todays_attributes) {
  Backtest test({make_rule(
      1, 1, "r", rule_text(R"("raise":{"when":{"metric":"pm25","op":">","attribute":"limit"}})"))});
  const auto limits = [](double limit) {
    return [limit](std::string_view name) { return name == "limit" ? limit : std::nan(""); };
  };
  const std::size_t a = test.add_subject("a", desk_words(), limits(50)),
                    b = test.add_subject("b", desk_words(), limits(500));
  say(test, a, 0, 100);
  say(test, b, 0, 100);
  test.finish(at(1));
  ASSERT_EQ(test.situations().size(), 1U);
  EXPECT_EQ(test.situations()[0].subject, "a");
}

// --- the recorded air of two stations ---

struct Recording {
  std::string station;
  std::size_t situations;
};

std::filesystem::path recordings() {
  const char* given = std::getenv("LIFANG_DATA");
  return given != nullptr ? given : std::filesystem::path(source_dir()) / "../shared/data";
}

/// Fields of one line; quotes are only ever around whole fields without commas in this file.
std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> list(1);
  for (const char c : line) {
    if (c == ',')
      list.emplace_back();
    else if (c != '"' && c != '\r')
      list.back() += c;
  }
  return list;
}

/// Hours since 1970 of the columns year, month, day, hour.
Time hour_of(const std::vector<std::string>& f) {
  const std::chrono::year_month_day day{std::chrono::year(std::stoi(f[1])),
                                        std::chrono::month(static_cast<unsigned>(std::stoi(f[2]))),
                                        std::chrono::day(static_cast<unsigned>(std::stoi(f[3])))};
  return std::chrono::sys_days(day) + std::chrono::hours(std::stoi(f[4]));
}

TEST(Backtest, finds_the_known_situations_in_the_recorded_air) {
  for (const Recording& r : {Recording{"Aotizhongxin", 389}, Recording{"Wanshouxigong", 405}}) {
    const auto path =
        recordings() / "air" / fmt::format("PRSA_Data_{}_20130301-20170228.csv", r.station);
    std::ifstream file(path);
    if (!file) GTEST_SKIP() << "no recording at " << path;
    Backtest test({make_rule(1, 1, "dust", rule_text(kDust))});
    const std::size_t station = test.add_subject(r.station, desk_words());
    std::string line;
    std::getline(file, line);
    Time t{};
    for (std::size_t rows = 0; std::getline(file, line); ++rows) {
      const auto f = fields(line);
      t = hour_of(f);
      if (f.at(5) == "NA") continue;
      const Value value{10, Mark::good, std::stod(f[5])};
      test.feed(station, {t, t, {&value, 1}, {}});
    }
    test.finish(t);
    EXPECT_EQ(test.situations().size(), r.situations) << r.station;
  }
}

TEST(Backtest, finds_the_long_gaps_in_the_recorded_air_as_silences) {
  const auto path = recordings() / "air" / "PRSA_Data_Aotizhongxin_20130301-20170228.csv";
  std::ifstream file(path);
  if (!file) GTEST_SKIP() << "no recording at " << path;
  Backtest test({make_rule(1, 1, "blind",
                           rule_text(R"("raise":{"when":{"metric":"pm25","silent":"P1D"}})"))});
  const std::size_t station = test.add_subject("a", desk_words());
  std::string line;
  std::getline(file, line);
  Time t{}, last{};
  Duration longest{0};
  std::size_t gaps = 0;
  while (std::getline(file, line)) {
    const auto f = fields(line);
    t = hour_of(f);
    if (f.at(5) == "NA") continue;
    if (last != Time{}) {
      longest = std::max(longest, t - last);
      gaps += t - last >= std::chrono::hours(24);
    }
    last = t;
    say(test, station, minute_of(t), std::stod(f[5]));
  }
  test.finish(t);
  ASSERT_EQ(test.situations().size(), gaps);
  Duration silence{0};
  for (const PastSituation& s : test.situations()) {
    ASSERT_TRUE(s.ended_at);
    silence = std::max(silence, *s.ended_at - s.began_at + std::chrono::hours(24));
  }
  EXPECT_EQ(silence, longest);
}

// --- milder rules ---

/// Feeds a made-up day: (minute, value) pairs of one device.
std::optional<Proposal> search(const std::string& members,
                               const std::vector<std::pair<double, double>>& day,
                               const std::vector<Marked>& marked) {
  Backtest test(milder_rules(parse_rule(rule_text(members)), marked));
  test.tally(marked);
  const std::size_t a = test.add_subject("a", desk_words());
  for (const auto& [minute, value] : day) say(test, a, minute, value);
  test.finish(at(24 * 60));
  return propose(test, marked);
}

Marked mark(double began, double ended, double peak, bool false_alarm) {
  return {"a", at(began), at(ended), peak, false_alarm};
}

TEST(MilderRules, a_threshold_moves_just_beyond_the_false_alarms_and_keeps_the_true_one) {
  const auto found = search(
      kDust,
      {{0, 155}, {10, 100}, {20, 162}, {30, 100}, {40, 240}, {50, 100}, {60, 151}, {70, 100}},
      {mark(0, 10, 155, true), mark(20, 30, 162, true), mark(40, 50, 240, false)});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->rule.raise.when.value, 162);
  EXPECT_EQ(found->rule.raise.held_for, Duration{0});
  EXPECT_EQ(found->false_alarms, 2U);
  EXPECT_EQ(found->spared, 2U);
  EXPECT_EQ(found->kept, 1U);
  EXPECT_EQ(found->situations_before, 4U);
  EXPECT_EQ(found->situations_after, 1U);
}

TEST(MilderRules, a_loose_bound_moves_by_one_in_its_last_place) {
  const auto found = search(R"("raise":{"when":{"metric":"pm25","op":">=","value":150}})",
                            {{0, 155.5}, {10, 100}, {40, 240}, {50, 100}},
                            {mark(0, 10, 155.5, true), mark(40, 50, 240, false)});
  ASSERT_TRUE(found);
  EXPECT_DOUBLE_EQ(found->rule.raise.when.value, 155.6);
}

TEST(MilderRules, downward_and_negated_thresholds_move_down) {
  const auto down =
      search(R"("raise":{"when":{"metric":"pm25","op":"<","value":10}})",
             {{0, 8}, {10, 20}, {40, 1}, {50, 20}}, {mark(0, 10, 8, true), mark(40, 50, 1, false)});
  ASSERT_TRUE(down);
  EXPECT_EQ(down->rule.raise.when.value, 8);
  const auto negated =
      search(R"("raise":{"when":{"not":{"metric":"pm25","op":">","value":10}}})",
             {{0, 8}, {10, 20}, {40, 1}, {50, 20}}, {mark(0, 10, 8, true), mark(40, 50, 1, false)});
  ASSERT_TRUE(negated);
  EXPECT_EQ(negated->rule.raise.when.parts[0].value, 7);
}

TEST(MilderRules, a_short_spike_higher_than_the_true_one_is_spared_by_a_longer_for) {
  const auto found = search(kDust, {{0, 500}, {3, 100}, {20, 160}, {30, 160}, {40, 160}, {50, 100}},
                            {mark(0, 3, 500, true), mark(20, 50, 160, false)});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->rule.raise.when.value, 150);
  EXPECT_EQ(found->rule.raise.held_for, std::chrono::minutes(5));
}

TEST(MilderRules, nothing_is_proposed_that_would_lose_a_true_one) {
  EXPECT_FALSE(search(kDust, {{0, 500}, {30, 100}, {40, 160}, {70, 100}},
                      {mark(0, 30, 500, true), mark(40, 70, 160, false)}));
  EXPECT_FALSE(search(kDust, {{0, 500}, {30, 100}}, {mark(0, 30, 500, false)}))
      << "nothing to spare";
}

TEST(MilderRules, among_what_can_be_spared_the_most_are) {
  const auto found =
      search(kDust, {{0, 155}, {5, 100}, {10, 300}, {40, 100}, {60, 200}, {90, 100}},
             {mark(0, 5, 155, true), mark(10, 40, 300, true), mark(60, 90, 200, false)});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->rule.raise.when.value, 155)
      << "the other one is higher and as long as the true one";
  EXPECT_EQ(found->spared, 1U);
  EXPECT_EQ(found->false_alarms, 2U);
}

TEST(MilderRules, a_tally_says_what_the_kept_situations_say_and_keeps_none) {
  std::vector<std::pair<double, double>> day;
  std::vector<Marked> marked;
  for (int i = 0; i < 700; ++i) {
    const double value = 120 + (i * 37) % 90, next = 120 + ((i + 1) * 37) % 90;
    day.emplace_back(i * 2, value);
    if (value > 150 && next <= 150 && i % 3 == 0) marked.push_back(mark(i * 2 - 1, i * 2 + 1, value, i % 2 == 0));
  }
  ASSERT_GT(marked.size(), 20U);
  const auto rules = milder_rules(parse_rule(rule_text(kDust)), marked);
  const auto run = [&](bool tally) {
    auto test = std::make_unique<Backtest>(rules);
    if (tally) test->tally(marked);
    for (const char* device : {"b", "a"}) {  // the marks are of "a" alone
      const std::size_t subject = test->add_subject(device, desk_words());
      for (const auto& [minute, value] : day) say(*test, subject, minute, value);
      test->finish(subject, at(24 * 60));
    }
    return test;
  };
  const auto kept = run(false), tallied = run(true);
  EXPECT_TRUE(tallied->situations().empty());
  EXPECT_EQ(tallied->raised(), kept->situations().size());
  EXPECT_GT(tallied->raised(), 40U);
  int met = 0, missed = 0;
  for (std::size_t rule = 0; rule < rules.size(); ++rule) {
    std::size_t raised = 0;
    for (const PastSituation& s : kept->situations()) raised += s.rule == rule;
    EXPECT_EQ(tallied->raised_by(rule), raised);
    for (std::size_t m = 0; m < marked.size(); ++m) {
      const bool meets = std::any_of(kept->situations().begin(), kept->situations().end(), [&](const PastSituation& s) {
        return s.rule == rule && s.subject == marked[m].subject && s.began_at <= *marked[m].ended_at && s.ended_at.value_or(kForever) >= marked[m].began_at;
      });
      EXPECT_EQ(tallied->has_met(rule, m), meets) << rule << " " << m;
      ++(meets ? met : missed);
    }
  }
  EXPECT_GT(met, 20);
  EXPECT_GT(missed, 20);
}

TEST(MilderRules, candidates_are_bounded_and_stay_within_a_schedule) {
  std::vector<Marked> many;
  for (int i = 0; i < 1000; ++i) many.push_back(mark(i, i + 1, 151 + i, true));
  const Rule rule =
      parse_rule(rule_text(kDust + R"(,"schedule":{"windows":[{"from":"08:00","to":"08:30"}]})"));
  const auto list = milder_rules(rule, many);
  EXPECT_LE(list.size(), 400U);
  EXPECT_EQ(list[0]->rule, rule);
  for (const RulePtr& candidate : list)
    EXPECT_EQ(parse_rule(to_json(candidate->rule)), candidate->rule);
}

}  // namespace
}  // namespace lifang::rules
