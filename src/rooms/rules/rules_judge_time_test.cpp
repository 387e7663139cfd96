#include "rooms/rules/rules_judge.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/rule_desk.hpp"

namespace lifang::rules {
namespace {

const std::string kDust =
    R"("raise":{"when":{"metric":"pm25","op":">","value":150}},"clear":{"when":{"metric":"pm25","op":"<","value":115}})";
const std::string kPlain = R"("raise":{"when":{"metric":"pm25","op":">","value":150}})";
const std::string kSilent = R"("raise":{"when":{"silent":"PT30M"}})";

std::string raise_on(const std::string& when, const std::string& more = "") {
  return R"("raise":{"when":)" + when + more + "}";
}

// --- for ---

TEST(JudgeFor, raises_at_the_due_instant_and_not_before) {
  Desk desk({{"r", raise_on(R"({"metric":"pm25","op":">","value":150})", R"(,"for":"PT10M")")}});
  EXPECT_EQ(desk.say(0, {{"pm25", 200}}), "");
  EXPECT_EQ(desk.say(9.5, {{"pm25", 200}}), "");
  EXPECT_EQ(desk.until(9.99), "");
  EXPECT_EQ(desk.until(10), "raise r 10 warning");
  EXPECT_TRUE(desk.out.list[0].by_timer);
}

TEST(JudgeFor, a_break_begins_it_anew) {
  Desk desk({{"r", raise_on(R"({"metric":"pm25","op":">","value":150})", R"(,"for":"PT10M")")}});
  desk.say(0, {{"pm25", 200}});
  desk.say(5, {{"pm25", 100}});
  desk.say(6, {{"pm25", 200}});
  EXPECT_EQ(desk.say(15, {{"pm25", 200}}), "");
  EXPECT_EQ(desk.say(16, {{"pm25", 200}}), "raise r 16 warning");
}

TEST(JudgeFor, fires_before_a_later_reading_is_judged_even_if_that_would_break_it) {
  Desk desk({{"r", raise_on(R"({"metric":"pm25","op":">","value":150})", R"(,"for":"PT10M")")}});
  desk.say(0, {{"pm25", 200}});
  EXPECT_EQ(desk.say(60, {{"pm25", 10}}), "raise r 10 warning, clear r 60 warning");
  desk.say(70, {{"pm25", 200}});
  EXPECT_EQ(desk.say(80, {{"pm25", 10}}), "raise r 80 warning, clear r 80 warning")
      << "due at the very instant: first";
}

TEST(JudgeFor, clear_may_ask_for_a_duration_too) {
  Desk desk(
      {{"r",
        kPlain + R"(,"clear":{"when":{"metric":"pm25","op":"<","value":115},"for":"PT10M"})"}});
  desk.say(0, {{"pm25", 200}});
  desk.say(1, {{"pm25", 100}});
  EXPECT_EQ(desk.say(5, {{"pm25", 120}}), "") << "a break";
  desk.say(6, {{"pm25", 100}});
  EXPECT_EQ(desk.until(15.9), "");
  EXPECT_EQ(desk.until(100), "clear r 16 warning");
}

TEST(JudgeFor, a_clear_condition_that_stands_when_it_raises_begins_its_for_then) {
  Desk desk({{"r", raise_on(R"({"detection":"ebike"})") +
                       R"(,"clear":{"when":{"metric":"door","op":"==","value":0},"for":"PT5M"})"}});
  desk.say(0, {{"door", 0}});
  EXPECT_EQ(desk.see(10, "ebike", 0.9), "raise r 10 warning");
  EXPECT_EQ(desk.until(100), "clear r 15 warning");
}

TEST(JudgeFor, timers_of_many_rules_fire_in_order_of_their_due_instants) {
  Desk desk({{"b", raise_on(R"({"metric":"pm25","op":">","value":150})", R"(,"for":"PT20M")")},
             {"a", raise_on(R"({"metric":"pm25","op":">","value":150})", R"(,"for":"PT10M")")},
             {"quiet", raise_on(R"({"silent":"PT15M"})")}});
  desk.say(0, {{"pm25", 200}});
  EXPECT_EQ(
      desk.say(60, {{"temp", 1}}),
      "raise a 10 warning, raise quiet 15 warning, raise b 20 warning, clear quiet 60 warning");
}

TEST(JudgeFor, an_item_out_of_order_starts_a_for_that_is_already_over) {
  Desk desk({{"r", raise_on(R"({"metric":"temp","op":">","value":30})", R"(,"for":"PT10M")")}});
  desk.say(100, {{"pm25", 1}, {"temp", 0}});
  Desk other(
      {{"r",
        raise_on(
            R"({"all":[{"metric":"temp","op":">","value":30},{"metric":"pm25","op":">=","value":0}]})",
            R"(,"for":"PT10M")")}});
  other.say(100, {{"pm25", 1}});
  EXPECT_EQ(other.say(50, {{"temp", 31}}), "");
  EXPECT_EQ(other.server(100), "raise r 60 warning") << "the device's clock shows 100";
}

// --- times within ---

TEST(JudgeTimes, counts_items_for_which_the_condition_holds_within_the_window) {
  Desk desk({{"r", raise_on(R"({"metric":"pm25","op":">","value":150})",
                            R"(,"times":3,"within":"PT60M")")}});
  EXPECT_EQ(desk.say(0, {{"pm25", 200}}), "");
  EXPECT_EQ(desk.say(10, {{"pm25", 100}}), "") << "a break does not reset the count";
  EXPECT_EQ(desk.say(20, {{"pm25", 200}}), "");
  EXPECT_EQ(desk.say(61, {{"pm25", 200}}), "") << "the first is too old by a minute";
  EXPECT_EQ(desk.say(80, {{"pm25", 200}}), "raise r 80 warning") << "20, 61, 80: both ends count";
}

TEST(JudgeTimes, a_raise_uses_its_occurrences_up) {
  Desk desk({{"r", raise_on(R"({"metric":"pm25","op":">","value":150})",
                            R"(,"times":2,"within":"PT60M")")}});
  desk.say(0, {{"pm25", 200}});
  EXPECT_EQ(desk.say(1, {{"pm25", 200}}), "raise r 1 warning");
  EXPECT_EQ(desk.say(2, {{"pm25", 100}}), "clear r 2 warning");
  EXPECT_EQ(desk.say(3, {{"pm25", 200}}), "");
  EXPECT_EQ(desk.say(4, {{"pm25", 200}}), "raise r 4 warning");
}

TEST(JudgeTimes, an_item_that_does_not_name_the_rules_metrics_is_no_occurrence) {
  Desk desk({{"r", raise_on(R"({"metric":"pm25","op":">","value":150})",
                            R"(,"times":2,"within":"PT60M")")}});
  desk.say(0, {{"pm25", 200}});
  EXPECT_EQ(desk.say(1, {{"temp", 20}}), "");
  EXPECT_EQ(desk.say(2, {{"pm25", 200}}), "raise r 2 warning");
}

TEST(JudgeTimes, with_for_both_must_be_reached) {
  const std::string rule = raise_on(R"({"metric":"pm25","op":">","value":150})",
                                    R"(,"for":"PT10M","times":3,"within":"PT1H")");
  Desk few({{"r", rule}});
  few.say(0, {{"pm25", 200}});
  few.say(5, {{"pm25", 200}});
  EXPECT_EQ(few.until(30), "") << "held for long enough, but seen twice only";
  EXPECT_EQ(few.say(31, {{"pm25", 200}}), "raise r 31 warning");
  Desk many({{"r", rule}});
  for (const int m : {0, 1, 2, 3}) EXPECT_EQ(many.say(m, {{"pm25", 200}}), "");
  EXPECT_EQ(many.until(30), "raise r 10 warning");
}

TEST(JudgeTimes, the_beginning_of_a_silence_is_an_occurrence) {
  Desk desk({{"r", raise_on(R"({"silent":"PT10M"})", R"(,"times":2,"within":"PT2H")")}});
  desk.say(0, {{"temp", 1}});
  EXPECT_EQ(desk.say(30, {{"temp", 1}}), "");
  EXPECT_EQ(desk.say(60, {{"temp", 1}}), "raise r 40 warning, clear r 60 warning");
}

// --- silence ---

TEST(JudgeSilence, of_a_device_is_armed_by_its_first_data_and_cleared_by_the_next) {
  Desk desk({{"quiet", kSilent}});
  EXPECT_EQ(desk.until(1000), "") << "never heard of: nothing to miss";
  EXPECT_EQ(desk.say(0, {{"temp", 1}}), "");
  EXPECT_EQ(desk.say(20, {{"temp", 1}}), "");
  EXPECT_EQ(desk.until(49), "");
  EXPECT_EQ(desk.until(50), "raise quiet 50 warning") << "stamped newest + duration";
  EXPECT_EQ(desk.until(500), "") << "once";
  EXPECT_EQ(desk.say(501, {{"radon", 1}}), "clear quiet 501 warning")
      << "any data, even of a metric that no rule names";
  EXPECT_EQ(desk.until(1000), "raise quiet 531 warning");
}

TEST(JudgeSilence, of_one_metric_is_not_broken_by_another) {
  Desk desk({{"blind", raise_on(R"({"metric":"pm25","silent":"PT30M"})")}});
  desk.say(0, {{"temp", 1}});
  EXPECT_EQ(desk.until(100), "") << "pm25 was never seen";
  desk.say(100, {{"pm25", 1}});
  for (int m = 105; m < 130; m += 5) EXPECT_EQ(desk.say(m, {{"temp", 1}}), "");
  EXPECT_EQ(desk.say(135, {{"temp", 1}}), "raise blind 130 warning");
  EXPECT_EQ(desk.say(140, {{"temp", 1}, {"pm25", 1}}), "clear blind 140 warning");
}

TEST(JudgeSilence, a_gap_in_a_replay_raises_and_clears_as_it_did_live) {
  Desk desk({{"quiet", kSilent}});
  desk.say(0, {{"temp", 1}});
  EXPECT_EQ(desk.say(343 * 60, {{"temp", 1}}), "raise quiet 30 warning, clear quiet 20580 warning");
}

TEST(JudgeSilence, works_inside_a_tree_and_with_for) {
  Desk desk(
      {{"r",
        raise_on(
            R"({"all":[{"metric":"door","op":"==","value":1},{"metric":"temp","silent":"PT10M"}]})",
            R"(,"for":"PT5M")")}});
  desk.say(0, {{"temp", 1}, {"door", 1}});
  EXPECT_EQ(desk.until(14.9), "");
  EXPECT_EQ(desk.until(15), "raise r 15 warning");
  EXPECT_EQ(desk.say(16, {{"door", 1}}), "");
  EXPECT_EQ(desk.say(17, {{"temp", 1}}), "clear r 17 warning");
}

TEST(JudgeSilence, may_be_a_clear_condition) {
  Desk desk({{"r", raise_on(R"({"detection":"ebike","confidence":0.6})") +
                       R"(,"clear":{"when":{"detection":"ebike","silent":"PT2M"}})"}});
  EXPECT_EQ(desk.see(0, "ebike", 0.9), "raise r 0 warning");
  EXPECT_EQ(desk.see(1, "ebike", 0.9), "");
  EXPECT_EQ(desk.say(2.5, {{"temp", 1}}), "");
  EXPECT_EQ(desk.until(10), "clear r 3 warning");
  EXPECT_EQ(desk.see(20, "ebike", 0.9), "raise r 20 warning");
}

TEST(JudgeSilence, beside_a_detection_makes_a_for_need_sightings_that_go_on) {
  const std::string seen = R"({"detection":"ebike","confidence":0.6})";
  const std::string goes_on = R"({"all":[)" + seen + R"(,{"not":{"detection":"ebike","silent":"PT1M"}}]})";
  Desk once({{"r", raise_on(seen, R"(,"for":"PT5M")")}});
  once.see(0, "ebike", 0.9);
  EXPECT_EQ(once.until(10), "raise r 5 warning") << "what is missing changes nothing: the rule's words are warned of";
  Desk desk({{"r", raise_on(goes_on, R"(,"for":"PT5M")")}});
  desk.see(0, "ebike", 0.9);
  EXPECT_EQ(desk.until(10), "") << "seen once, then no more";
  for (int half = 0; half < 10; ++half) EXPECT_EQ(desk.see(20 + half * 0.5, "ebike", 0.9), "");
  EXPECT_EQ(desk.until(25), "raise r 25 warning") << "and not from the first of all, twenty minutes before";
  EXPECT_EQ(desk.until(26), "clear r 25.5 warning");
}

TEST(JudgeSilence, a_rule_without_timers_is_never_due) {
  Desk desk({{"dust", kDust}});
  desk.say(0, {{"pm25", 200}});
  EXPECT_EQ(desk.due(), -1);
}

// --- the server's clock ---

TEST(JudgeClock, a_devices_clock_is_its_newest_ts_plus_the_time_since_that_arrived) {
  Desk desk({{"quiet", kSilent}});
  desk.say_at(0, 1000, {{"temp", 1}});
  EXPECT_EQ(desk.due(), 1030);
  EXPECT_EQ(desk.server(1029), "");
  EXPECT_EQ(desk.server(1030), "raise quiet 30 warning") << "stamped by the device's clock";
}

TEST(JudgeClock, a_server_clock_that_was_set_back_fires_nothing) {
  Desk desk({{"quiet", kSilent}});
  desk.say_at(0, 1000, {{"temp", 1}});
  EXPECT_EQ(desk.server(10), "");
  EXPECT_EQ(desk.server(1031), "raise quiet 30 warning");
}

TEST(JudgeClock, one_that_is_the_servers_own_gives_back_a_quarter_of_what_it_is_ahead) {
  Desk desk({{"quiet", kSilent}});
  desk.by_arrival = true;
  desk.say_at(300, 0, {{"temp", 1}});
  EXPECT_NEAR(desk.due(), 40, 0.001) << "thirty minutes of it take forty";
  EXPECT_EQ(desk.server(39.9), "");
  desk.restart();
  EXPECT_EQ(desk.server(40), "raise quiet 330 warning");
  EXPECT_EQ(desk.memory().shown(at(1000)), at(1050));
  EXPECT_EQ(desk.memory().shown(at(1300)), at(1300)) << "they agree again";
  EXPECT_EQ(desk.say_at(1300, 1300, {{"temp", 1}}), "clear quiet 1300 warning");
  EXPECT_EQ(desk.due(), 1330);
  for (const Time due : {at(1300.5), at(1301), at(1302), at(1307), at(1400)}) {
    desk.memory().set_clock(at(1300), at(1000), true);
    const Time there = desk.memory().server_time(due);
    EXPECT_GE(desk.memory().shown(there), due) << "not early: a lane would turn round and round";
    EXPECT_LT(desk.memory().shown(plus(there, Duration{-1})), due) << "not late";
  }
}

TEST(JudgeClock, a_lazy_timer_moves_on_without_firing) {
  Desk desk({{"quiet", kSilent}});
  desk.say(0, {{"temp", 1}});
  desk.say(20, {{"temp", 1}});
  EXPECT_LE(desk.due(), 50) << "never later than the truth";
  EXPECT_EQ(desk.server(30), "");
  EXPECT_EQ(desk.due(), 50);
  EXPECT_EQ(desk.server(50), "raise quiet 50 warning");
  EXPECT_EQ(desk.due(), -1) << "nothing more to wait for";
}

TEST(JudgeClock,
     data_that_was_under_way_when_the_silence_fired_clears_it_without_running_backwards) {
  Desk desk({{"quiet", kSilent}});
  desk.say(0, {{"temp", 1}});
  EXPECT_EQ(desk.server(31), "raise quiet 30 warning");
  EXPECT_EQ(desk.say_at(5, 32, {{"temp", 1}}), "clear quiet 30 warning")
      << "a clear never lies before its raise";
  EXPECT_EQ(desk.server(32 + 30), "raise quiet 35 warning");
}

TEST(JudgeClock, the_ends_of_time_do_not_trap) {
  Desk desk({{"quiet", kSilent},
             {"r", raise_on(R"({"metric":"pm25","op":">","value":150})", R"(,"for":"PT10M")")},
             {"s", raise_on(R"({"metric":"pm25","op":">","value":150})", R"(,"for":"PT10M")") +
                       R"(,"schedule":{"windows":[{"from":"08:00","to":"09:00"}]})"}});
  const Value value{10, Mark::good, 200};
  desk.judge_item({Time::min(), Time::max(), {&value, 1}, {}});
  EXPECT_GT(desk.memory().newest(), Time::min()) << "Time::min itself means never";
  const std::string text = desk.judge_item({Time::max(), Time::min(), {&value, 1}, {}});
  EXPECT_NE(text.find("raise quiet"), std::string::npos);
  desk.judge_item({from_ms(0), from_ms(0), {&value, 1}, {}});
  EXPECT_EQ(desk.out.fates, std::vector<Fate>{Fate::late});
}

// --- schedule ---

const std::string kDayShift = R"(,"schedule":{"windows":[{"from":"08:00","to":"18:00"}]})";
constexpr double kHour = 60;

TEST(JudgeSchedule, outside_its_windows_a_rule_does_not_raise) {
  Desk desk({{"dust", kDust + kDayShift}});
  EXPECT_EQ(desk.say(7 * kHour, {{"pm25", 100}}), "");
  EXPECT_EQ(desk.say(8 * kHour, {{"pm25", 200}}), "raise dust 480 warning")
      << "the opening minute is inside";
  EXPECT_EQ(desk.say(9 * kHour, {{"pm25", 100}}), "clear dust 540 warning");
  EXPECT_EQ(desk.say(18 * kHour, {{"pm25", 200}}), "") << "the closing minute is not";
}

TEST(JudgeSchedule, what_is_open_stays_open_until_it_clears_in_or_out_of_the_windows) {
  Desk desk(
      {{"dust",
        kDust + kDayShift +
            R"(,"escalate":[{"when":{"metric":"pm25","op":">","value":250},"severity":"critical"}])"}});
  desk.say(17 * kHour, {{"pm25", 200}});
  EXPECT_EQ(desk.say(18.5 * kHour, {{"pm25", 260}}), "rise dust 1110 critical");
  EXPECT_EQ(desk.say(19 * kHour, {{"pm25", 100}}), "clear dust 1140 critical");
}

TEST(JudgeSchedule, a_condition_that_stands_when_the_window_opens_raises_then) {
  Desk desk({{"dust", kDust + kDayShift}});
  EXPECT_EQ(desk.say(7 * kHour, {{"pm25", 200}}), "");
  EXPECT_EQ(desk.until(7.9 * kHour), "");
  EXPECT_EQ(desk.until(10 * kHour), "raise dust 480 warning");
}

TEST(JudgeSchedule, a_silence_that_began_at_night_raises_in_the_morning) {
  Desk desk({{"quiet", kSilent + kDayShift}});
  desk.say(2 * kHour, {{"temp", 1}});
  EXPECT_EQ(desk.until(24 * kHour), "raise quiet 480 warning");
}

TEST(JudgeSchedule, a_detection_of_the_night_does_not_raise_in_the_morning) {
  Desk desk({{"r", raise_on(R"({"detection":"ebike"})") + kDayShift}});
  EXPECT_EQ(desk.see(7 * kHour, "ebike", 0.9), "");
  EXPECT_EQ(desk.until(12 * kHour), "");
}

TEST(JudgeSchedule, the_end_of_a_window_breaks_a_for_and_the_next_opening_begins_it_anew) {
  Desk desk({{"r", raise_on(R"({"metric":"pm25","op":">","value":150})", R"(,"for":"PT2H")") +
                       kDayShift}});
  EXPECT_EQ(desk.say(17 * kHour, {{"pm25", 200}}), "");
  EXPECT_EQ(desk.until(24 * kHour), "");
  EXPECT_EQ(desk.until(48 * kHour), "raise r 2040 warning") << "Tuesday 10:00";
}

TEST(JudgeSchedule, a_for_begins_at_the_opening_at_the_earliest) {
  Desk desk({{"r", raise_on(R"({"metric":"pm25","op":">","value":150})", R"(,"for":"PT1H")") +
                       kDayShift}});
  desk.say(5 * kHour, {{"pm25", 200}});
  EXPECT_EQ(desk.say(8.5 * kHour, {{"pm25", 200}}), "");
  EXPECT_EQ(desk.until(12 * kHour), "raise r 540 warning");
}

TEST(JudgeSchedule, occurrences_outside_its_windows_do_not_count) {
  Desk desk(
      {{"r", raise_on(R"({"metric":"pm25","op":">","value":150})", R"(,"times":2,"within":"P1D")") +
                 kDayShift}});
  desk.say(7 * kHour, {{"pm25", 200}});
  EXPECT_EQ(desk.say(9 * kHour, {{"pm25", 200}}), "");
  EXPECT_EQ(desk.say(10 * kHour, {{"pm25", 200}}), "raise r 600 warning");
}

TEST(JudgeSchedule, nights_and_zones_are_understood) {
  Desk desk(
      {{"r",
        kPlain +
            R"(,"schedule":{"zone":"+08:00","windows":[{"days":["mon"],"from":"22:00","to":"06:00"}]})"}});
  EXPECT_EQ(desk.say(13 * kHour, {{"pm25", 200}}), "") << "Monday 21:00 in the zone";
  EXPECT_EQ(desk.say(21 * kHour, {{"pm25", 200}}), "raise r 840 warning")
      << "it opened at 22:00 on a standing condition";
  EXPECT_EQ(desk.say(22 * kHour, {{"pm25", 10}}), "clear r 1320 warning");
  EXPECT_EQ(desk.say(23 * kHour, {{"pm25", 200}}), "") << "Tuesday 07:00 in the zone";
}

TEST(JudgeSchedule, a_leap_of_ages_does_not_hang) {
  Desk desk({{"r", raise_on(R"({"metric":"pm25","op":">","value":150})",
                            R"(,"for":"PT9H","times":2,"within":"PT20H")") +
                       kDayShift},
             {"quiet", kSilent + kDayShift}});
  desk.say(9 * kHour, {{"pm25", 200}});
  const Value value{10, Mark::good, 200};
  desk.judge_item({from_ms(200'000'000'000'000'000), from_ms(0), {&value, 1}, {}});
  EXPECT_EQ(desk.out.fates, std::vector<Fate>{Fate::fresh});
}

}  // namespace
}  // namespace lifang::rules
