// Working time, exactly: over nights, weekends, holidays and make-up days, in the district's zone.
#include <gtest/gtest.h>

#include <random>

#include "rooms/rosters/rosters_rules.hpp"

namespace lifang::rosters {
namespace {

using namespace std::chrono_literals;

/// China's published years in China's zone.
Calendar china() {
  std::map<Day, bool> days;
  for (const auto& [year, words] : published_years())
    for (const SpecialDay& day : words.days) days[day.day.day] = day.off;
  return {480, days};
}

Time at(const std::string& text) { return *parse_time(text + "+08:00"); }
std::string shown(Time t) { return to_rfc3339(t, 480).substr(0, 16); }
std::string add(const std::string& start, Duration duration, const WorkingHours& hours = office_hours()) {
  return shown(china().add(at(start), duration, hours));
}

TEST(WorkingTime, passes_over_lunch_night_and_weekend) {
  EXPECT_EQ(add("2026-03-02T09:00:00", 2h), "2026-03-02T11:00");
  EXPECT_EQ(add("2026-03-02T11:30:00", 1h), "2026-03-02T14:00");
  EXPECT_EQ(add("2026-03-02T17:00:00", 1h), "2026-03-03T09:00");
  EXPECT_EQ(add("2026-03-06T17:00:00", 1h), "2026-03-09T09:00");  // Friday to Monday
  EXPECT_EQ(add("2026-03-07T10:00:00", 1h), "2026-03-09T09:30");  // from a Saturday
}

TEST(WorkingTime, that_uses_up_a_stretch_ends_with_it) {
  EXPECT_EQ(add("2026-03-02T08:30:00", 3h + 30min), "2026-03-02T12:00");
  EXPECT_EQ(add("2026-03-02T08:30:00", 7h + 30min), "2026-03-02T17:30");
  EXPECT_EQ(shown(china().add(at("2026-03-02T08:30:00"), 7h + 30min + 1ms, office_hours())), "2026-03-03T08:30");
  EXPECT_EQ(add("2026-03-02T20:00:00", 0h), "2026-03-02T20:00");
}

TEST(WorkingTime, over_the_spring_festival_of_2026_counts_the_make_up_days) {
  // The festival is 15–23 February; Saturday the 14th and Saturday the 28th are worked.
  EXPECT_EQ(add("2026-02-13T17:00:00", 1h), "2026-02-14T09:00");
  EXPECT_EQ(add("2026-02-14T17:00:00", 1h), "2026-02-24T09:00");
  EXPECT_EQ(add("2026-02-18T12:00:00", 30min), "2026-02-24T09:00");
  EXPECT_EQ(add("2026-02-27T17:00:00", 1h), "2026-02-28T09:00");
  EXPECT_EQ(add("2026-02-13T08:30:00", 5 * (7h + 30min)), "2026-02-26T17:30");  // 13, 14, 24, 25, 26
}

TEST(WorkingTime, over_the_spring_festivals_of_2024_and_2025) {
  EXPECT_EQ(add("2024-02-09T17:00:00", 1h), "2024-02-18T09:00");  // a Sunday made up
  EXPECT_EQ(add("2025-01-27T17:00:00", 1h), "2025-02-05T09:00");
  EXPECT_EQ(add("2025-01-24T17:00:00", 1h), "2025-01-26T09:00");
}

TEST(WorkingTime, of_those_who_do_not_keep_holidays_runs_on) {
  const WorkingHours day_and_night{{{{1, 2, 3, 4, 5, 6, 7}, {0}, {24 * 60}}}, false};
  EXPECT_EQ(add("2026-02-16T23:00:00", 2h, day_and_night), "2026-02-17T01:00");
}

TEST(WorkingTime, of_a_year_that_is_not_published_counts_weekends_alone) {
  EXPECT_EQ(add("2027-10-01T09:00:00", 1h), "2027-10-01T10:00");
  EXPECT_EQ(add("2027-10-02T09:00:00", 1h), "2027-10-04T09:30");
}

TEST(WorkingTime, is_a_matter_of_the_districts_own_day) {
  // 23:30 UTC on Sunday is 07:30 on Monday in China.
  const Calendar calendar = china();
  EXPECT_EQ(shown(calendar.next_opening(*parse_time("2026-03-01T23:30:00Z"), office_hours())), "2026-03-02T08:30");
  EXPECT_EQ(to_text(calendar.local_day(*parse_time("2026-03-01T23:30:00Z"))), "2026-03-02");
  EXPECT_EQ(to_text(Calendar(-480, {}).local_day(*parse_time("2026-03-01T02:00:00Z"))), "2026-02-28");
}

TEST(WorkingTime, that_is_added_is_what_lies_between) {
  const Calendar calendar = china();
  std::mt19937 chance(20260214);
  const WorkingHours odd{{{{1, 3, 5}, {60}, {7 * 60 + 13}}, {{6, 7}, {0}, {24 * 60}}, {{1}, {9 * 60}, {10 * 60}}}, true};
  for (const WorkingHours& hours : {office_hours(), odd}) {
    for (int i = 0; i < 2000; ++i) {
      const Time start = at("2024-01-01T00:00:00") + Duration{static_cast<std::int64_t>(chance()) * 22 % (1000LL * 86'400'000)};
      const Duration some{static_cast<std::int64_t>(chance()) % (20 * 8 * 3'600'000LL)};
      const Time end = calendar.add(start, some, hours);
      ASSERT_EQ(calendar.between(start, end, hours), some) << shown(start) << " + " << some.count();
      ASSERT_LE(calendar.add(start, some, hours), calendar.add(start, some + 1ms, hours));
      ASSERT_GE(end, start);
    }
  }
}

TEST(WorkingTime, published_years_are_whole) {
  const auto years = published_years();
  ASSERT_EQ(years.size(), 3U);
  std::map<std::int64_t, std::pair<int, int>> counted;  // days off, days made up
  for (const auto& [year, words] : years) {
    EXPECT_NO_THROW(check_words(year, words));
    for (const SpecialDay& day : words.days) ++(day.off ? counted[year].first : counted[year].second);
  }
  EXPECT_EQ(counted[2024], std::pair(28, 8));
  EXPECT_EQ(counted[2025], std::pair(28, 5));
  EXPECT_EQ(counted[2026], std::pair(33, 6));
  EXPECT_FALSE(years.contains(2027));
}

TEST(WorkingTime, knows_clock_times) {
  EXPECT_EQ(JsonText<ClockTime>::from("08:30")->minutes, 510);
  EXPECT_EQ(JsonText<ClockTime>::from("24:00")->minutes, 1440);
  for (const char* wrong : {"24:01", "8:30", "08:60", "08-30", "", "ab:cd", "-1:00"}) EXPECT_FALSE(JsonText<ClockTime>::from(wrong));
  EXPECT_EQ(to_text(*day_of_text("2024-02-29")), "2024-02-29");
  for (const char* wrong : {"2025-02-29", "2025-13-01", "2025-1-1", "20250101", ""}) EXPECT_FALSE(day_of_text(wrong));
}

TEST(WorkingTime, by_hours_so_few_that_no_end_comes_in_sight_are_no_defect) {
  const WorkingHours minute{{{{1}, {0}, {1}}}, false};
  EXPECT_GT(china().add(at("2026-03-02T08:00:00"), 100h, minute), at("2036-01-01T00:00:00"));
  EXPECT_EQ(china().next_opening(at("2026-03-02T08:00:00"), {}), at("2026-03-02T08:00:00"));
}

}  // namespace
}  // namespace lifang::rosters
