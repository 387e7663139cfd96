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

TEST(Judge, raises_once_and_clears_by_hysteresis) {
  Desk desk({{"dust", kDust}});
  EXPECT_EQ(desk.say(0, {{"pm25", 150}}), "") << "not above 150";
  EXPECT_EQ(desk.say(1, {{"pm25", 151}}), "raise dust 1 warning");
  EXPECT_EQ(desk.say(2, {{"pm25", 300}}), "") << "at most one open situation";
  EXPECT_EQ(desk.say(3, {{"pm25", 115}}), "") << "not yet below 115";
  EXPECT_EQ(desk.say(4, {{"pm25", 114}}), "clear dust 4 warning");
  EXPECT_EQ(desk.say(5, {{"pm25", 140}}), "") << "between the two nothing changes";
  EXPECT_EQ(desk.say(6, {{"pm25", 151}}), "raise dust 6 warning");
}

TEST(Judge, clears_without_a_clear_condition_when_the_raise_condition_no_longer_holds) {
  Desk desk({{"dust", kPlain}});
  EXPECT_EQ(desk.say(0, {{"pm25", 151}}), "raise dust 0 warning");
  EXPECT_EQ(desk.say(1, {{"pm25", 150}}), "clear dust 1 warning");
}

TEST(Judge, knows_every_comparison) {
  struct Case {
    const char* op;
    bool below, equal, above;
  };
  for (const Case& c : {Case{">", false, false, true}, Case{">=", false, true, true},
                        Case{"<", true, false, false}, Case{"<=", true, true, false},
                        Case{"==", false, true, false}, Case{"!=", true, false, true}}) {
    const std::string test =
        std::string(R"({"metric":"temp","op":")") + c.op + R"(","value":-0.5})";
    for (const bool simple : {true, false}) {  // as a bare threshold, and as a tree
      const std::string rule = raise_on(simple ? test : R"({"all":[)" + test + "]}");
      const auto raised = [&](double value) {
        return !Desk({{"r", rule}}).say(0, {{"temp", value}}).empty();
      };
      EXPECT_EQ(raised(std::nextafter(-0.5, -1)), c.below) << c.op;
      EXPECT_EQ(raised(-0.5), c.equal) << c.op;
      EXPECT_EQ(raised(std::nextafter(-0.5, 1)), c.above) << c.op;
    }
  }
}

TEST(Judge, compares_with_an_attribute_of_the_device) {
  Desk desk({{"r", raise_on(R"({"metric":"pm25","op":">","attribute":"limit"})")}});
  EXPECT_EQ(desk.program().attributes, std::vector<std::string>{"limit"});
  EXPECT_EQ(desk.say(0, {{"pm25", 500}}), "") << "no attribute given: unknown";
  desk.attributes = {std::nan("")};
  EXPECT_EQ(desk.say(1, {{"pm25", 500}}), "");
  desk.attributes = {75};
  EXPECT_EQ(desk.say(2, {{"pm25", 76}}), "raise r 2 warning");
  ASSERT_EQ(desk.out.evidence.size(), 1U);
  EXPECT_EQ(desk.out.evidence[0].limit, 75);
  desk.attributes = {80};
  EXPECT_EQ(desk.say(3, {{"pm25", 76}}), "clear r 3 warning");
}

TEST(Judge, an_unknown_operand_leaves_all_unknown_unless_another_decides) {
  const std::string hot = R"({"metric":"temp","op":">","value":30})",
                    dusty = R"({"metric":"pm25","op":">","value":150})";
  Desk both({{"r", raise_on(R"({"all":[)" + hot + "," + dusty + "]}")}});
  EXPECT_EQ(both.say(0, {{"temp", 35}}), "");
  EXPECT_EQ(both.say(1, {{"pm25", 200}}), "raise r 1 warning") << "the latest temp stands";
  EXPECT_EQ(both.say(2, {{"temp", 20}}), "clear r 2 warning") << "one failing part fails all";
  Desk either({{"r", raise_on(R"({"any":[)" + hot + "," + dusty + "]}")}});
  EXPECT_EQ(either.say(0, {{"temp", 20}}), "");
  EXPECT_EQ(either.say(1, {{"pm25", 200}}), "raise r 1 warning");
  EXPECT_EQ(either.say(2, {{"pm25", 100}}), "clear r 2 warning");
  Desk negated({{"r", raise_on(R"({"not":{"any":[)" + hot + "," + dusty + "]}}")}});
  EXPECT_EQ(negated.say(0, {{"temp", 20}}), "") << "not unknown is unknown";
  EXPECT_EQ(negated.say(1, {{"pm25", 100}}), "raise r 1 warning");
  EXPECT_EQ(negated.say(2, {{"pm25", 151}}), "clear r 2 warning");
}

TEST(Judge, an_unknown_clear_condition_keeps_the_situation_open) {
  Desk desk({{"r", kPlain + R"(,"clear":{"when":{"metric":"temp","op":"<","value":0}})"}});
  EXPECT_EQ(desk.say(0, {{"pm25", 200}}), "raise r 0 warning");
  EXPECT_EQ(desk.say(1, {{"pm25", 10}}), "");
  EXPECT_EQ(desk.say(2, {{"temp", -1}}), "clear r 2 warning");
}

TEST(Judge, a_metric_that_the_profile_lacks_is_never_known) {
  Desk desk(
      {{"r",
        raise_on(
            R"({"any":[{"metric":"radon","op":">","value":1},{"metric":"pm25","op":">","value":150}]})")},
       {"s", raise_on(R"({"metric":"radon","silent":"PT1M"})")},
       {"t", raise_on(R"({"metric":"radon","op":">","value":1})")}});
  EXPECT_EQ(desk.say(0, {{"radon", 5}, {"pm25", 1}}), "");
  EXPECT_EQ(desk.say(100, {{"pm25", 151}}), "raise r 100 warning");
}

TEST(Judge, all_values_of_an_item_are_applied_before_it_is_judged) {
  Desk desk(
      {{"r",
        raise_on(
            R"({"all":[{"metric":"pm25","op":">","value":150},{"metric":"rain","op":"<=","value":0}]})")}});
  EXPECT_EQ(desk.say(0, {{"pm25", 200}, {"rain", 3}}), "");
  EXPECT_EQ(desk.say(1, {{"pm25", 210}, {"rain", 0}}), "raise r 1 warning");
  EXPECT_EQ(desk.say(2, {{"rain", 1}, {"pm25", 220}}), "clear r 2 warning");
}

TEST(Judge, an_item_may_clear_one_rule_and_raise_another) {
  Desk desk({{"high", kPlain}, {"low", raise_on(R"({"metric":"pm25","op":"<","value":10})")}});
  EXPECT_EQ(desk.say(0, {{"pm25", 200}}), "raise high 0 warning");
  EXPECT_EQ(desk.say(1, {{"pm25", 5}}), "clear high 1 warning, raise low 1 warning");
}

TEST(Judge, no_item_both_raises_and_clears_one_rule) {
  Desk desk({{"r", kPlain + R"(,"clear":{"when":{"metric":"pm25","op":">","value":100}})"}});
  EXPECT_EQ(desk.say(0, {{"pm25", 200}}), "raise r 0 warning");
  EXPECT_EQ(desk.say(1, {{"pm25", 200}}), "clear r 1 warning");
  EXPECT_EQ(desk.say(2, {{"pm25", 200}}), "raise r 2 warning");
}

TEST(Judge, a_late_value_has_no_effect) {
  Desk desk({{"dust", kDust}});
  EXPECT_EQ(desk.say(10, {{"pm25", 100}}), "");
  EXPECT_EQ(desk.say(9, {{"pm25", 500}}), "");
  EXPECT_EQ(desk.out.fates, std::vector<Fate>{Fate::late});
  EXPECT_EQ(desk.memory().latest()[0].value, 100);
  EXPECT_EQ(minute_of(desk.memory().newest()), 10);
}

TEST(Judge, lateness_is_of_a_metric_not_of_the_device) {
  Desk desk({{"dust", kDust}, {"hot", raise_on(R"({"metric":"temp","op":">","value":30})")}});
  EXPECT_EQ(desk.say(10, {{"pm25", 100}}), "");
  EXPECT_EQ(desk.say(5, {{"temp", 35}, {"pm25", 900}}), "raise hot 5 warning")
      << "stamped with its own time";
  EXPECT_EQ(desk.out.fates, (std::vector<Fate>{Fate::fresh, Fate::late}));
  EXPECT_EQ(minute_of(desk.memory().newest()), 10);
}

TEST(Judge, a_repeated_reading_has_no_effect_and_the_first_value_stands) {
  Desk desk({{"dust", kDust}});
  EXPECT_EQ(desk.say(1, {{"pm25", 100}, {"pm25", 500}}), "");
  EXPECT_EQ(desk.out.fates, (std::vector<Fate>{Fate::fresh, Fate::duplicate}));
  EXPECT_EQ(desk.say(1, {{"pm25", 500}}), "");
  EXPECT_EQ(desk.say(2, {{"pm25", 160}}), "raise dust 2 warning");
  const RuleState before = desk.memory().states()[0];
  EXPECT_EQ(desk.say(2, {{"pm25", 170}}), "");
  EXPECT_EQ(desk.memory().states()[0].count, before.count);
  EXPECT_EQ(desk.memory().states()[0].peak, 160);
}

TEST(Judge, a_suspect_value_changes_nothing_but_shows_that_the_device_speaks) {
  Desk desk({{"dust", kDust},
             {"quiet", kSilent},
             {"blind", raise_on(R"({"metric":"pm25","silent":"PT40M"})")}});
  EXPECT_EQ(desk.say(0, {{"pm25", 100}}), "");
  desk.mark = Mark::suspect;
  EXPECT_EQ(desk.say(20, {{"pm25", 999}}), "");
  EXPECT_EQ(desk.out.fates, std::vector<Fate>{Fate::suspect});
  EXPECT_EQ(desk.say(39, {{"pm25", 999}}), "") << "the device spoke at 20";
  EXPECT_EQ(desk.say(45, {{"pm25", 999}}), "raise blind 40 warning")
      << "but the metric is silent since 0";
  desk.mark = Mark::good;
  EXPECT_EQ(desk.say(46, {{"pm25", 100}}), "clear blind 46 warning");
}

TEST(Judge, what_the_readings_flagged_late_or_repeated_is_as_if_unsaid) {
  Desk desk({{"dust", kDust}, {"quiet", kSilent}});
  desk.say(0, {{"pm25", 100}});
  desk.mark = Mark::skip;
  EXPECT_EQ(desk.say(20, {{"pm25", 999}}), "");
  EXPECT_EQ(desk.out.fates, std::vector<Fate>{Fate::skipped});
  EXPECT_EQ(desk.until(30), "raise quiet 30 warning");
}

TEST(Judge, infinities_and_nan_are_taken_as_suspect) {
  Desk desk({{"dust", kDust}, {"odd", raise_on(R"({"metric":"pm25","op":"!=","value":1})")}});
  EXPECT_EQ(desk.say(0, {{"pm25", std::nan("")}}), "");
  EXPECT_EQ(desk.say(1, {{"pm25", HUGE_VAL}}), "");
  EXPECT_EQ(desk.out.fates, std::vector<Fate>{Fate::suspect});
}

// --- detections ---

TEST(JudgeDetection, raises_by_kind_and_confidence) {
  Desk desk({{"r", raise_on(R"({"detection":"ebike","confidence":0.6})")}});
  EXPECT_EQ(desk.see(0, "dog", 0.99), "");
  EXPECT_EQ(desk.see(1, "ebike", 0.59), "");
  EXPECT_EQ(desk.see(2, "ebike", 0.6), "raise r 2 warning");
  EXPECT_EQ(desk.see(3, "ebike", 0.9), "");
  EXPECT_EQ(desk.out.list.size(), 0U);
  EXPECT_EQ(desk.memory().states()[0].peak, 0.9);
  EXPECT_EQ(desk.see(4, "ebike", 0.2), "clear r 4 warning")
      << "seen again and not believed: it no longer holds";
}

TEST(JudgeDetection, is_an_instant_so_other_items_neither_raise_nor_clear) {
  Desk desk(
      {{"r",
        raise_on(R"({"all":[{"detection":"ebike"},{"metric":"temp","op":">","value":30}]})")}});
  EXPECT_EQ(desk.see(0, "ebike", 0.9), "");
  EXPECT_EQ(desk.say(1, {{"temp", 35}}), "") << "the detection is over";
  EXPECT_EQ(desk.see(2, "ebike", 0.9), "raise r 2 warning");
  EXPECT_EQ(desk.say(3, {{"temp", 36}}), "");
  EXPECT_EQ(desk.say(4, {{"temp", 20}}), "clear r 4 warning") << "one part fails for sure";
}

TEST(JudgeDetection,
     late_and_repeated_ones_have_no_effect_but_a_surer_one_of_the_same_instant_has) {
  Desk desk({{"r", raise_on(R"({"detection":"ebike","confidence":0.6})")}});
  EXPECT_EQ(desk.see(5, "ebike", 0.3), "");
  EXPECT_EQ(desk.see(4, "ebike", 0.9), "");
  EXPECT_EQ(desk.out.fates, std::vector<Fate>{Fate::late});
  EXPECT_EQ(desk.see(5, "ebike", 0.3), "");
  EXPECT_EQ(desk.out.fates, std::vector<Fate>{Fate::duplicate});
  EXPECT_EQ(desk.see(5, "ebike", 0.8), "raise r 5 warning") << "two in one picture";
}

TEST(JudgeDetection, may_be_counted) {
  Desk desk({{"r", raise_on(R"({"detection":"bag"})", R"(,"times":3,"within":"PT1H")")}});
  EXPECT_EQ(desk.see(0, "bag", 0.5), "");
  EXPECT_EQ(desk.see(30, "bag", 0.5), "");
  EXPECT_EQ(desk.see(60, "bag", 0.5), "raise r 60 warning");
}

TEST(JudgeDetection, for_holds_until_a_doubtful_one_breaks_it) {
  Desk desk({{"r", raise_on(R"({"detection":"ebike","confidence":0.6})", R"(,"for":"PT1M")")}});
  desk.see(0, "ebike", 0.9);
  desk.see(0.5, "ebike", 0.1);
  EXPECT_EQ(desk.until(2), "");
  desk.see(3, "ebike", 0.9);
  EXPECT_EQ(desk.until(5), "raise r 4 warning");
  ASSERT_EQ(desk.out.evidence.size(), 1U)
      << "at the due instant the newest detection is the evidence";
  EXPECT_EQ(desk.out.evidence[0].value, 0.9);
}

// --- severity, peak, evidence, maintenance ---

TEST(JudgeSeverity, rises_and_never_drops) {
  Desk desk(
      {{"dust",
        kDust +
            R"(,"escalate":[{"when":{"metric":"pm25","op":">","value":250},"severity":"critical"}])"}});
  EXPECT_EQ(desk.say(0, {{"pm25", 200}}), "raise dust 0 warning");
  EXPECT_EQ(desk.say(1, {{"pm25", 251}}), "rise dust 1 critical");
  EXPECT_EQ(minute_of(desk.out.list[0].began_at), 0);
  EXPECT_EQ(desk.say(2, {{"pm25", 160}}), "");
  EXPECT_EQ(desk.say(3, {{"pm25", 300}}), "") << "risen once";
  EXPECT_EQ(desk.say(4, {{"pm25", 100}}), "clear dust 4 critical");
  EXPECT_EQ(desk.say(5, {{"pm25", 300}}), "raise dust 5 critical")
      << "a bad beginning is told as one verdict";
  EXPECT_EQ(desk.say(6, {{"pm25", 100}}), "clear dust 6 critical");
  EXPECT_EQ(desk.say(7, {{"pm25", 200}}), "raise dust 7 warning");
}

TEST(JudgeSeverity, a_rise_tells_the_value_that_lifted_it_and_its_peak) {
  Desk desk(
      {{"dust",
        kDust +
            R"(,"escalate":[{"when":{"metric":"pm25","op":">","value":250},"severity":"critical"}])"}});
  desk.say(0, {{"pm25", 200}});
  ASSERT_EQ(desk.say(1, {{"pm25", 251}}), "rise dust 1 critical");
  EXPECT_EQ(desk.out.list[0].peak, 251);
  EXPECT_EQ(desk.out.list[0].count, 2U);
  const auto why = desk.out.evidence_of(desk.out.list[0]);
  ASSERT_EQ(why.size(), 1U);
  EXPECT_EQ(why[0].value, 251);
  EXPECT_EQ(why[0].limit, 250);
}

TEST(JudgeSeverity, may_rise_because_a_metric_falls_silent) {
  Desk desk(
      {{"dust",
        kDust +
            R"(,"escalate":[{"when":{"metric":"pm25","silent":"PT20M"},"severity":"critical"}])"}});
  desk.say(0, {{"pm25", 200}});
  EXPECT_EQ(desk.until(60), "rise dust 20 critical");
}

TEST(JudgePeak, keeps_the_extreme_in_the_direction_of_the_first_comparison) {
  Desk desk(
      {{"dust", kDust},
       {"frost",
        raise_on(
            R"({"all":[{"metric":"temp","op":"<","value":0},{"metric":"pm25","op":">","value":0}]})")},
       {"cold", raise_on(R"({"not":{"metric":"temp","op":">=","value":0}})")}});
  desk.say(0, {{"pm25", 200}, {"temp", -1}});
  desk.say(1, {{"pm25", 900}, {"temp", -9}});
  desk.say(2, {{"pm25", 300}, {"temp", -3}});
  EXPECT_EQ(desk.memory().states()[0].peak, 900);
  EXPECT_EQ(desk.memory().states()[1].peak, -9);
  EXPECT_EQ(desk.memory().states()[2].peak, -9) << "not (temp >= 0) looks downwards";
  desk.say(3, {{"pm25", 100}, {"temp", 5}});
  ASSERT_EQ(desk.out.list.size(), 3U);
  for (const Verdict& v : desk.out.list) {
    EXPECT_EQ(v.kind, VerdictKind::clear);
    EXPECT_EQ(v.count, 3U) << "the raising one included, the clearing one not";
    EXPECT_EQ(v.peak, v.entry == 0 ? 900 : -9);
    EXPECT_EQ(minute_of(v.began_at), 0);
  }
}

TEST(JudgePeak, a_rule_that_measures_nothing_has_none) {
  Desk desk({{"quiet", kSilent}});
  desk.say(0, {{"temp", 1}});
  desk.until(60);
  ASSERT_EQ(desk.out.list.size(), 1U);
  EXPECT_TRUE(std::isnan(desk.out.list[0].peak));
  EXPECT_EQ(desk.out.list[0].count, 0U);
}

TEST(JudgeEvidence, holds_the_tests_that_decided) {
  Desk desk(
      {{"r",
        raise_on(
            R"({"any":[{"metric":"temp","op":">","value":40},{"all":[{"metric":"pm25","op":">","value":150},{"metric":"rain","op":"<=","value":0}]}]})")}});
  desk.say(0, {{"temp", 20}, {"rain", 0}});
  ASSERT_EQ(desk.say(5, {{"pm25", 151}}), "raise r 5 warning");
  const auto raised = desk.out.evidence_of(desk.out.list[0]);
  ASSERT_EQ(raised.size(), 2U) << "the heat had no part in it";
  EXPECT_EQ(desk.program().metric_names[raised[0].of], "pm25");
  EXPECT_EQ(raised[0].value, 151);
  EXPECT_EQ(raised[0].limit, 150);
  EXPECT_EQ(raised[0].op, Op::gt);
  EXPECT_TRUE(raised[0].held);
  EXPECT_EQ(minute_of(raised[0].ts), 5);
  EXPECT_EQ(desk.program().metric_names[raised[1].of], "rain");
  EXPECT_EQ(minute_of(raised[1].ts), 0) << "an older value that still stands";
  ASSERT_EQ(desk.say(6, {{"rain", 2}}), "clear r 6 warning");
  const auto cleared = desk.out.evidence_of(desk.out.list[0]);
  ASSERT_EQ(cleared.size(), 2U) << "neither the heat nor all of the rest";
  EXPECT_EQ(desk.program().metric_names[cleared[0].of], "temp");
  EXPECT_EQ(desk.program().metric_names[cleared[1].of], "rain");
  EXPECT_FALSE(cleared[1].held);
}

TEST(JudgeEvidence, of_a_silence_is_the_newest_data_and_the_length) {
  Desk desk({{"quiet", kSilent}});
  desk.say(7, {{"temp", 1}});
  desk.until(60);
  ASSERT_EQ(desk.out.evidence.size(), 1U);
  EXPECT_EQ(desk.out.evidence[0].kind, Evidence::Kind::silence);
  EXPECT_EQ(minute_of(desk.out.evidence[0].ts), 7);
  EXPECT_EQ(desk.out.evidence[0].silence, std::chrono::minutes(30));
}

TEST(JudgeMaintenance, marks_what_is_raised_and_loses_nothing) {
  Desk desk(
      {{"dust",
        kDust +
            R"(,"escalate":[{"when":{"metric":"pm25","op":">","value":250},"severity":"critical"}])"}});
  desk.maintenance = {{at(10), at(20)}};
  EXPECT_EQ(desk.say(10, {{"pm25", 200}}), "raise dust 10 warning silenced");
  EXPECT_EQ(desk.say(12, {{"pm25", 260}}), "rise dust 12 critical silenced");
  EXPECT_EQ(desk.say(15, {{"pm25", 100}}), "clear dust 15 critical");
  EXPECT_EQ(desk.say(20, {{"pm25", 200}}), "raise dust 20 warning") << "the end is no part of it";
}

// --- interlocks ---

/// What the interlocks of the first verdict said, "yes no unknown".
std::string interlocks(const Desk& desk) {
  constexpr const char* kWords[] = {"no", "yes", "unknown"};
  std::string text;
  for (const Truth truth : desk.out.interlocks_of(desk.out.list.at(0)))
    text += (text.empty() ? "" : " ") + std::string(kWords[static_cast<int>(truth)]);
  return text;
}

const std::string kMist =
    R"("raise":{"when":{"metric":"pm25","op":">","value":150}},"actions":[{"notify":"x","text":"y"},
       {"command":"mist","when":{"metric":"temp","op":">=","value":0}},{"command":"lamp"}])";

TEST(Interlocks, are_judged_over_what_is_known_when_the_rule_raises) {
  Desk desk({{"dust", kMist}});
  EXPECT_EQ(desk.say(0, {{"pm25", 151}}), "raise dust 0 warning");
  EXPECT_EQ(interlocks(desk), "yes unknown yes") << "an action without an interlock bars nothing";
  desk.say(1, {{"pm25", 100}, {"temp", -3}});
  desk.say(2, {{"pm25", 151}});
  EXPECT_EQ(interlocks(desk), "yes no yes");
  desk.say(3, {{"pm25", 100}});
  desk.say(4, {{"pm25", 151}, {"temp", 3}});
  EXPECT_EQ(interlocks(desk), "yes yes yes") << "all values of the item, in whatever order";
}

TEST(Interlocks, at_the_end_of_a_for_are_judged_before_the_item_that_comes_later) {
  const std::string slow = R"("raise":{"when":{"metric":"pm25","op":">","value":150},"for":"PT10M"},
    "actions":[{"command":"mist","when":{"metric":"temp","op":">=","value":0}}])";
  Desk desk({{"dust", slow}});
  desk.say(0, {{"pm25", 151}, {"temp", -1}});
  EXPECT_EQ(desk.say(20, {{"temp", 5}}), "raise dust 10 warning");
  EXPECT_EQ(interlocks(desk), "no") << "at minute 10 it froze";
}

TEST(Interlocks, touch_no_rule_and_stay_out_of_clears) {
  Desk desk({{"dust", kMist}});
  desk.say(0, {{"pm25", 151}, {"temp", 1}});
  EXPECT_EQ(desk.say(1, {{"temp", -1}}), "");
  EXPECT_EQ(desk.say(2, {{"pm25", 1}}), "clear dust 2 warning");
  EXPECT_EQ(interlocks(desk), "");
}

}  // namespace
}  // namespace lifang::rules
