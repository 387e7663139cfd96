#include "rooms/rules/rules_memory.hpp"

#include <gtest/gtest.h>

#include "base/check.hpp"
#include "support/rule_desk.hpp"

namespace lifang::rules {
namespace {

const std::string kDust =
    R"("raise":{"when":{"metric":"pm25","op":">","value":150}},"clear":{"when":{"metric":"pm25","op":"<","value":115}})";
const std::string kStrict =
    R"("raise":{"when":{"metric":"pm25","op":">","value":100}},"clear":{"when":{"metric":"pm25","op":"<","value":50}})";
const std::string kHeld =
    R"("raise":{"when":{"metric":"pm25","op":">","value":150},"for":"PT10M"})";
const std::string kSilent = R"("raise":{"when":{"silent":"PT30M"}})";

TEST(RuleVersions, an_open_situation_is_cleared_by_the_version_that_opened_it) {
  Desk desk({{"dust", kDust}});
  EXPECT_EQ(desk.say(0, {{"pm25", 200}}), "raise dust 0 warning");
  desk.change(1, 2, kStrict);
  EXPECT_EQ(desk.say(1, {{"pm25", 130}}), "")
      << "above 100, but version 1 still holds the situation";
  EXPECT_EQ(desk.say(2, {{"pm25", 114}}), "clear dust 2 warning, raise dust 2 warning v2")
      << "version 1 lets go at 115, and version 2 judges from then on";
  EXPECT_TRUE(desk.out.pin_released);
  desk.rebuild();
  EXPECT_EQ(desk.program().entries.size(), 1U);
  EXPECT_EQ(desk.say(3, {{"pm25", 60}}), "");
  EXPECT_EQ(desk.say(4, {{"pm25", 49}}), "clear dust 4 warning v2");
}

TEST(RuleVersions, a_pinned_version_never_raises_again) {
  Desk desk({{"dust", kDust}});
  desk.say(0, {{"pm25", 200}});
  desk.change(1, 2, R"("raise":{"when":{"metric":"pm25","op":">","value":500}})");
  EXPECT_EQ(desk.say(1, {{"pm25", 100}}), "clear dust 1 warning");
  EXPECT_EQ(desk.say(2, {{"pm25", 300}}), "");
  EXPECT_EQ(desk.say(3, {{"pm25", 501}}), "raise dust 3 warning v2");
}

TEST(RuleVersions, the_new_version_begins_nothing_while_the_old_one_is_open) {
  Desk desk({{"dust", kDust}});
  desk.say(0, {{"pm25", 200}});
  desk.change(1, 2, R"("raise":{"when":{"metric":"pm25","op":">","value":100},"for":"PT10M"})");
  desk.say(1, {{"pm25", 160}});
  EXPECT_EQ(desk.say(30, {{"pm25", 110}}), "clear dust 30 warning")
      << "no ten minutes were saved up";
  EXPECT_EQ(desk.until(60), "raise dust 40 warning v2");
}

TEST(RuleVersions, a_silence_of_the_new_version_is_known_when_the_old_one_lets_go) {
  const std::string hot = R"("raise":{"when":{"metric":"temp","op":">","value":30}})";
  Desk desk({{"r", kDust}, {"hot", hot}});
  desk.say(0, {{"pm25", 200}, {"temp", 1}});
  desk.change(1, 2, R"("raise":{"when":{"metric":"temp","silent":"PT10M"}})");
  EXPECT_EQ(desk.say(20, {{"pm25", 100}}), "clear r 20 warning, raise r 20 warning v2");
}

TEST(RuleVersions, a_metric_that_no_rule_named_before_is_unknown_until_it_is_told) {
  Desk desk({{"dust", kDust}});
  desk.say(0, {{"pm25", 100}, {"temp", 1}});
  desk.change(1, 2, R"("raise":{"when":{"metric":"temp","silent":"PT10M"}})");
  EXPECT_EQ(desk.until(60), "");
  desk.memory().set_latest(desk.program(), 11, at(0), 1);  // the readings know it
  rearm(desk.program(), desk.memory(), {});
  EXPECT_EQ(desk.until(60), "raise dust 10 warning v2");
}

TEST(RuleMemory, is_never_put_back_to_an_older_value) {
  Desk desk({{"dust", kDust}});
  desk.say(5, {{"pm25", 200}});
  desk.memory().set_latest(desk.program(), 10, at(4), 100);
  EXPECT_EQ(desk.memory().latest()[0].value, 200);
}

TEST(RuleVersions, a_rule_that_is_withdrawn_still_clears) {
  Desk desk({{"dust", kDust}, {"quiet", kSilent}});
  desk.say(0, {{"pm25", 200}});
  desk.withdraw(1);
  EXPECT_EQ(desk.say(1, {{"pm25", 100}}), "clear dust 1 warning");
  desk.rebuild();
  EXPECT_EQ(desk.say(2, {{"pm25", 200}}), "");
}

TEST(RuleVersions, a_new_version_keeps_nothing_of_the_old_ones_counting) {
  Desk desk({{"dust", kHeld}});
  desk.say(0, {{"pm25", 200}});
  desk.change(1, 2, kHeld);
  EXPECT_EQ(desk.until(60), "") << "it has seen no reading yet";
  EXPECT_EQ(desk.say(61, {{"pm25", 200}}), "");
  EXPECT_EQ(desk.until(80), "raise dust 71 warning v2");
}

TEST(RuleVersions, a_change_beside_it_leaves_a_rules_memory_as_it_was) {
  Desk desk(
      {{"held", kHeld},
       {"often",
        R"("raise":{"when":{"metric":"pm25","op":">","value":150},"times":3,"within":"PT1H"})"},
       {"x", kDust}});
  desk.say(0, {{"pm25", 200}});
  desk.say(1, {{"pm25", 200}});
  desk.change(3, 2, kStrict);
  desk.withdraw(3);
  EXPECT_EQ(desk.say(20, {{"pm25", 200}}), "raise held 10 warning, raise often 20 warning");
}

TEST(RuleVersions, carrying_over_without_the_pin_is_a_bug) {
  Desk desk({{"dust", kDust}});
  desk.say(0, {{"pm25", 200}});
  const ProgramPtr bare = compile(desk_words(), {});
  EXPECT_THROW(carry_over(desk.program(), desk.memory(), *bare, {}), Bug);
}

TEST(RuleVersions, a_situation_can_be_ended_by_hand) {
  Desk desk({{"dust", kDust}});
  EXPECT_FALSE(end_by_hand(desk.program(), desk.memory(), 0, at(0)));
  desk.say(0, {{"pm25", 200}});
  const auto ended = end_by_hand(desk.program(), desk.memory(), 0, at(5));
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->kind, VerdictKind::clear);
  EXPECT_EQ(minute_of(ended->began_at), 0);
  EXPECT_EQ(minute_of(ended->at), 5);
  EXPECT_EQ(ended->peak, 200);
  EXPECT_EQ(desk.say(6, {{"pm25", 200}}), "raise dust 6 warning");
}

// --- what outlives a restart ---

TEST(RuleMemory, a_for_survives_a_restart) {
  Desk desk({{"dust", kHeld}});
  desk.say(0, {{"pm25", 200}});
  desk.restart();
  EXPECT_EQ(desk.due(), 10);
  EXPECT_EQ(desk.server(30), "raise dust 10 warning")
      << "stamped with its due instant, however late the start was";
  desk.restart();
  EXPECT_EQ(desk.say(31, {{"pm25", 100}}), "clear dust 31 warning");
}

TEST(RuleMemory, peak_severity_and_count_survive_a_restart) {
  Desk desk(
      {{"dust",
        kDust +
            R"(,"escalate":[{"when":{"metric":"pm25","op":">","value":250},"severity":"critical"}])"}});
  desk.say(0, {{"pm25", 200}});
  desk.say(1, {{"pm25", 900}});
  desk.restart();
  EXPECT_EQ(desk.say(2, {{"pm25", 100}}), "clear dust 2 critical");
  EXPECT_EQ(desk.out.list[0].peak, 900);
  EXPECT_EQ(desk.out.list[0].count, 2U);
}

TEST(RuleMemory, occurrences_survive_a_restart_in_their_order) {
  const std::string often =
      R"("raise":{"when":{"metric":"pm25","op":">","value":150},"times":3,"within":"PT10M"})";
  Desk desk({{"r", often}});
  for (const int m : {0, 20, 40, 41}) desk.say(m, {{"pm25", 200}});  // the ring has turned
  desk.restart();
  EXPECT_EQ(desk.say(50, {{"pm25", 200}}), "raise r 50 warning");
}

TEST(RuleMemory, a_repeated_detection_is_known_after_a_restart) {
  const std::string seen =
      R"("raise":{"when":{"detection":"ebike"}},"clear":{"when":{"detection":"ebike","silent":"PT5M"}})";
  Desk desk({{"r", seen}});
  desk.see(0, "ebike", 0.9);
  EXPECT_EQ(desk.until(10), "clear r 5 warning");
  desk.restart();
  EXPECT_EQ(desk.see(0, "ebike", 0.9), "") << "sent again by a device that missed our answer";
  EXPECT_EQ(desk.out.fates, std::vector<Fate>{Fate::duplicate});
}

TEST(RuleMemory, nothing_to_remember_is_an_empty_blob) {
  Desk desk({{"dust", kDust}});
  desk.say(0, {{"pm25", 100}});
  EXPECT_EQ(desk.memory().blob(desk.program()), "");
}

TEST(RuleMemory, a_blob_is_small) {
  std::vector<NamedRule> rules;
  for (int i = 0; i < 20; ++i) rules.push_back({"r", i == 0 ? kDust : kHeld});
  Desk desk(rules);
  desk.say(0, {{"pm25", 200}});
  EXPECT_LE(desk.memory().blob(desk.program()).size(), 220U);
}

TEST(RuleMemory, asks_to_be_written_only_when_something_must_be_remembered) {
  Desk desk({{"dust", kDust}, {"quiet", kSilent}});
  desk.say(0, {{"pm25", 100}});
  EXPECT_FALSE(desk.memory().must_write() || desk.memory().may_write())
      << "latest values are the readings' own";
  desk.say(1, {{"pm25", 200}});
  EXPECT_TRUE(desk.memory().must_write()) << "raised";
  desk.memory().written();
  desk.say(2, {{"pm25", 180}});
  EXPECT_FALSE(desk.memory().must_write());
  EXPECT_TRUE(desk.memory().may_write()) << "one more reading counted";
  desk.memory().written();
  desk.say(3, {{"pm25", 220}});
  EXPECT_TRUE(desk.memory().must_write()) << "a new peak";
  desk.memory().written();
  desk.until(100);
  EXPECT_TRUE(desk.memory().must_write()) << "silent";
}

TEST(RuleMemory, a_silence_that_began_is_remembered_even_if_nothing_follows_from_it_yet) {
  const std::string rule =
      R"("raise":{"when":{"all":[{"metric":"temp","silent":"PT10M"},{"metric":"pm25","op":">","value":1}]}},)"
      R"("schedule":{"windows":[{"from":"00:00","to":"00:15"}]})";
  Desk desk({{"r", rule}});
  desk.say(0, {{"temp", 1}, {"pm25", 0}});
  desk.memory().written();
  EXPECT_EQ(desk.until(12), "");
  EXPECT_TRUE(desk.memory().must_write());
  EXPECT_EQ(desk.say(20, {{"pm25", 5}}), "") << "the window is shut";
  desk.restart();
  EXPECT_EQ(desk.until(21), "") << "the silence does not begin again at 10, with a value of 20";
}

TEST(RuleMemory, a_before_image_puts_everything_back) {
  Desk desk(
      {{"dust", kDust},
       {"held", kHeld},
       {"often",
        R"("raise":{"when":{"metric":"pm25","op":">","value":150},"times":3,"within":"PT1H"})"}});
  desk.say(0, {{"pm25", 200}});
  const DeviceMemory before = desk.memory();
  const std::string blob = desk.memory().blob(desk.program());
  desk.say(5, {{"pm25", 300}});
  desk.say(20, {{"pm25", 10}});
  EXPECT_NE(desk.memory().blob(desk.program()), blob);
  desk.memory() = before;
  EXPECT_EQ(desk.memory().blob(desk.program()), blob);
  EXPECT_EQ(desk.say(5, {{"pm25", 10}}), "clear dust 5 warning")
      << "as if the lost batch had never been";
}

TEST(RuleMemory, an_image_may_be_empty_or_of_another_shape) {
  Desk small({{"dust", kDust}}), large({{"dust", kDust}, {"held", kHeld}});
  DeviceMemory image;
  EXPECT_TRUE(image.empty());
  image = small.memory();
  image = large.memory();
  EXPECT_EQ(image.states().size(), 2U);
  image = DeviceMemory{};
  EXPECT_TRUE(image.empty());
}

TEST(RuleMemory, tells_from_a_blob_which_versions_must_be_pinned) {
  Desk desk({{"dust", kDust}, {"held", kHeld}});
  EXPECT_TRUE(open_in(std::string_view{}).empty());
  desk.say(0, {{"pm25", 200}});
  EXPECT_EQ(open_in(desk.memory().blob(desk.program())), (std::vector<RuleRef>{{1, 1}}));
}

TEST(RuleMemory, a_blob_is_read_by_a_program_whose_rules_stand_in_another_order) {
  Desk desk({{"dust", kDust}, {"held", kHeld}});
  desk.say(0, {{"pm25", 200}});
  const std::string blob = desk.memory().blob(desk.program());
  const std::vector<RulePtr> turned{desk.program().entries[1].rule, desk.program().entries[0].rule};
  const ProgramPtr program = compile(desk_words(), turned);
  DeviceMemory memory(*program);
  memory.load(*program, blob);
  EXPECT_EQ(memory.states()[0].pending_since, at(0));
  EXPECT_TRUE(memory.states()[1].open);
  const ProgramPtr one = compile(desk_words(), std::span(turned).first(1));
  DeviceMemory part(*one);
  part.load(*one, blob);
  EXPECT_EQ(part.states()[0].pending_since, at(0)) << "what the program lacks is left out";
}

TEST(RuleMemory, a_damaged_blob_is_a_bug_and_never_read_beyond_its_end) {
  Desk desk(
      {{"dust", kDust},
       {"often",
        R"("raise":{"when":{"metric":"pm25","op":">","value":500},"times":3,"within":"PT1H"})"},
       {"r", R"("raise":{"when":{"detection":"ebike"}})"}});
  desk.say(0, {{"pm25", 501}});
  desk.see(1, "ebike", 0.9);
  const std::string blob = desk.memory().blob(desk.program());
  for (std::size_t n = 1; n < blob.size(); ++n) {
    DeviceMemory memory(desk.program());
    EXPECT_THROW(memory.load(desk.program(), blob.substr(0, n)), Bug) << n;
  }
  for (std::size_t i = 0; i < blob.size(); ++i)
    for (const int flip : {0x01, 0x80, 0xff}) {
      std::string bad = blob;
      bad[i] = static_cast<char>(bad[i] ^ flip);
      DeviceMemory memory(desk.program());
      try {
        memory.load(desk.program(), bad);
      } catch (const Bug&) {
      }
    }
  DeviceMemory memory(desk.program());
  EXPECT_THROW(memory.load(desk.program(), blob + "x"), Bug);
}

// --- which rules apply ---

RulePtr rule_for(std::uint32_t number, const std::string& applies_to) {
  return make_rule(
      number, 1, "r",
      R"({"name":"n","severity":"info","raise":{"when":{"metric":"pm25","op":">","value":1}},"applies_to":)" +
          applies_to + "}");
}

TEST(RuleSet, chooses_by_profile_place_tags_and_devices_together) {
  const RuleSet set({rule_for(7, R"({"devices":["a-1","a-1","a-2"]})"),
                     rule_for(1, R"({"profile":"air"})"), rule_for(2, R"({"profile":"bin"})"),
                     rule_for(3, R"({"place":"xihu"})"),
                     rule_for(4, R"({"profile":"air","place":"gongshu"})"),
                     rule_for(5, R"({"tags":["street","dust"]})"),
                     rule_for(6, R"({"profile":"air","devices":["a-2"]})")});
  const auto numbers = [&](std::string_view id, std::string_view profile,
                           std::vector<std::string> tags) {
    const std::vector<std::string> places{"gate", "fuyuan", "xihu"};
    std::vector<std::uint32_t> found;
    for (const RulePtr& rule : set.applying({id, profile, tags, places}))
      found.push_back(rule->number);
    return found;
  };
  using List = std::vector<std::uint32_t>;
  EXPECT_EQ(numbers("a-1", "air", {}), (List{1, 3, 7}));
  EXPECT_EQ(numbers("a-2", "air", {"street"}), (List{1, 3, 6, 7}));
  EXPECT_EQ(numbers("b-1", "bin", {"dust", "street", "new"}), (List{2, 3, 5}));
  EXPECT_EQ(numbers("c-1", "lift", {}), (List{3}));
}

TEST(RuleSet, a_version_takes_the_place_of_the_one_before_wherever_that_stood) {
  RuleSet set({rule_for(1, R"({"profile":"air"})"), rule_for(2, R"({"devices":["a-1"]})"), rule_for(3, R"({"tags":["dust"]})")});
  const auto numbers = [&](std::string_view id, std::string_view profile) {
    const std::vector<std::string> tags{"dust"};
    std::vector<std::uint32_t> found;
    for (const RulePtr& rule : set.applying({id, profile, tags, {}})) found.push_back(rule->number);
    return found;
  };
  using List = std::vector<std::uint32_t>;
  EXPECT_EQ(numbers("a-1", "air"), (List{1, 2, 3}));
  set.put(rule_for(3, R"({"profile":"air"})"));
  set.put(rule_for(1, R"({"devices":["a-2"]})"));
  EXPECT_EQ(numbers("a-1", "air"), (List{2, 3})) << "by number, in whatever order they came";
  EXPECT_EQ(numbers("a-2", "bin"), (List{1}));
  set.remove(2);
  set.remove(9);
  EXPECT_EQ(numbers("a-1", "air"), (List{3}));
  EXPECT_EQ(set.size(), 2U);
  EXPECT_EQ(set.find(2), nullptr);
}

TEST(Programs, like_devices_share_one_and_the_unused_are_forgotten) {
  const std::vector<RulePtr> rules{rule_for(1, R"({"profile":"air"})"),
                                   rule_for(2, R"({"profile":"air"})")};
  Programs programs;
  ProgramPtr a = programs.fitting(desk_words(), rules);
  EXPECT_EQ(programs.fitting(desk_words(), rules), a);
  const ProgramPtr fewer = programs.fitting(desk_words(), std::span(rules).first(1));
  EXPECT_NE(fewer, a);
  EXPECT_NE(programs.fitting(desk_words(), std::span(rules).first(1), std::span(rules).last(1)), a);
  Words revised = desk_words();
  revised.revision = 2;
  EXPECT_NE(programs.fitting(revised, rules), a);
  a.reset();
  programs.sweep();
  EXPECT_EQ(programs.size(), 1U);
}

TEST(Programs, thresholds_are_judged_without_touching_rules_of_other_metrics) {
  Desk desk({{"dust", kDust},
             {"held", kHeld},
             {"hot", R"("raise":{"when":{"metric":"temp","op":">","value":30}})"}});
  EXPECT_EQ(desk.program().metric_thresholds[0].count, 1U);
  EXPECT_EQ(desk.program().metric_touches[0].count, 1U);
  EXPECT_EQ(desk.program().metric_thresholds[1].count, 1U);
  EXPECT_EQ(desk.program().metric_touches[1].count, 0U);
}

}  // namespace
}  // namespace lifang::rules
