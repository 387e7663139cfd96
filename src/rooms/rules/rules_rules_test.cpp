#include "rooms/rules/rules_rules.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

#include "base/refusal.hpp"
#include "rooms/rules/rules_schedule.hpp"

namespace lifang::rules {
namespace {

using namespace std::chrono_literals;

/// A rule with the given members in place of, or beside, the usual ones.
std::string with(const std::string& name, const std::string& value) {
  std::vector<std::pair<std::string, std::string>> members{
      {"name", R"("扬尘")"},
      {"applies_to", R"({"profile":"air-station"})"},
      {"raise", R"({"when":{"metric":"pm25","op":">","value":150}})"},
      {"severity", R"("warning")"},
  };
  bool replaced = false;
  std::string text = "{";
  for (auto& [key, old] : members) {
    if (key == name) old = value, replaced = true;
    if (!old.empty()) text += fmt::format("{}\"{}\":{}", text.size() > 1 ? "," : "", key, old);
  }
  if (!replaced) text += fmt::format(",\"{}\":{}", name, value);
  return text + "}";
}

std::string raise_when(const std::string& when) {
  return with("raise", "{\"when\":" + when + "}");
}

/// "code field" of the refusal, or "fine".
std::string refusal(const std::string& text) {
  try {
    parse_rule(text);
  } catch (const Refusal& r) {
    return fmt::format("{} {}", r.code, r.field);
  }
  return "fine";
}

constexpr const char* kFull = R"({
  "name":"扬尘","applies_to":{"profile":"air-station","place":"xihu","tags":["street","dust"],"devices":["a-1","a-2"]},
  "raise":{"when":{"all":[{"metric":"pm25","op":">","value":150.5},
                          {"any":[{"metric":"TEMP","op":">=","attribute":"limit"},{"not":{"detection":"rain","confidence":0.6}}]},
                          {"not":{"silent":"PT30M"}},{"not":{"metric":"pm10","silent":"PT3H"}},{"not":{"detection":"rain","silent":"P1D"}}]},
           "for":"PT5M","times":3,"within":"PT1H"},
  "clear":{"when":{"metric":"pm25","op":"<","value":115},"for":"PT10M"},
  "severity":"info","escalate":[{"when":{"metric":"pm25","op":">","value":250},"severity":"critical"}],
  "schedule":{"zone":"+08:00","windows":[{"days":["mon","fri"],"from":"22:00","to":"06:00"},{"from":"12:00","to":"24:00"}]},
  "on_duty":"bin-attendant",
  "actions":[{"command":"set_mist","params":{"on":true,"level":2.5},"device":"mist-1",
              "when":{"all":[{"metric":"TEMP","op":">=","value":0},{"metric":"RAIN","op":"<=","value":0}]},
              "release":{"command":"set_mist","params":{"on":false}},"hold":"PT20M","max_age":"PT1M","timeout":"PT3S"},
             {"notify":"duty-officer","text":"扬尘超标，请到现场查看。"}],
  "case":"dust"})";

TEST(RuleText, reads_every_member) {
  const Rule r = parse_rule(kFull);
  EXPECT_EQ(r.name, "扬尘");
  EXPECT_EQ(r.applies_to.devices, (std::vector<std::string>{"a-1", "a-2"}));
  ASSERT_EQ(r.raise.when.parts.size(), 5U);
  EXPECT_EQ(r.raise.when.parts[0].value, 150.5);
  EXPECT_EQ(r.raise.when.parts[1].parts[0].attribute, "limit");
  EXPECT_EQ(r.raise.when.parts[2].parts[0].silence, 30min);
  EXPECT_EQ(r.raise.held_for, 5min);
  EXPECT_EQ(r.raise.times, 3);
  EXPECT_EQ(r.raise.within, 1h);
  ASSERT_TRUE(r.clear);
  EXPECT_EQ(r.clear->held_for, 10min);
  EXPECT_EQ(r.escalate.at(0).severity, Severity::critical);
  EXPECT_EQ(r.schedule->offset_minutes, 480);
  EXPECT_EQ(r.on_duty, "bin-attendant");
  EXPECT_EQ(r.schedule->windows.at(0), (Window{0b0010001, 1320, 360}));
  const auto& command = std::get<Command>(r.actions.at(0));
  EXPECT_EQ(command.params, R"({"on":true,"level":2.5})");
  EXPECT_EQ(command.release_params, R"({"on":false})");
  EXPECT_EQ(command.hold, 20min);
  EXPECT_EQ(command.max_age, 1min);
  EXPECT_EQ(command.timeout, 3s);
  EXPECT_EQ(std::get<Notify>(r.actions.at(1)).whom, "duty-officer");
  EXPECT_EQ(r.case_kind, "dust");
}

TEST(RuleText, writes_what_it_reads_back_the_same) {
  const Rule full = parse_rule(kFull);
  const std::string text = to_json(full);
  EXPECT_EQ(parse_rule(text), full);
  EXPECT_EQ(to_json(parse_rule(text)), text);
  const Rule least = parse_rule(with("severity", "\"info\""));
  EXPECT_EQ(
      to_json(least),
      R"({"name":"扬尘","applies_to":{"profile":"air-station"},"raise":{"when":{"metric":"pm25","op":">","value":150}},"severity":"info"})");
  EXPECT_EQ(parse_rule(to_json(least)), least);
}

TEST(RuleText, takes_the_rule_of_the_contract) {
  const Rule r = parse_rule(R"({"name":"扬尘","applies_to":{"profile":"air-station"},
    "raise":{"when":{"metric":"pm25","op":">","value":150},"for":"PT0S","times":1},
    "clear":{"when":{"metric":"pm25","op":"<","value":115}},"severity":"warning","actions":[],"case":"dust"})");
  EXPECT_EQ(r.raise.held_for, 0ms);
  EXPECT_EQ(r.raise.times, 1);
  EXPECT_EQ(parse_rule(to_json(r)), r);
}

TEST(RuleText, knows_its_defaults) {
  const Rule r = parse_rule(with("actions", R"([{"command":"open","device":"self"}])"));
  const auto& command = std::get<Command>(r.actions.at(0));
  EXPECT_EQ(command.device, "");
  EXPECT_EQ(command.params, "{}");
  EXPECT_EQ(command.max_age, 5min);
  EXPECT_EQ(command.timeout, 10s);
  EXPECT_FALSE(r.clear);
  EXPECT_FALSE(r.schedule);
  EXPECT_EQ(parse_rule(raise_when(R"({"detection":"fire"})")).raise.when.confidence, 0);
  EXPECT_EQ(parse_rule(raise_when(R"({"metric":"door","op":"==","value":true})")).raise.when.value,
            1);
  EXPECT_EQ(parse_rule(with("clear", "null")).clear, std::nullopt);
}

TEST(RuleText, names_the_member_that_is_missing) {
  EXPECT_EQ(refusal(with("name", "")), "json.missing /name");
  EXPECT_EQ(refusal(with("applies_to", "")), "json.missing /applies_to");
  EXPECT_EQ(refusal(with("raise", "")), "json.missing /raise");
  EXPECT_EQ(refusal(with("raise", "{}")), "json.missing /raise/when");
  EXPECT_EQ(refusal(with("severity", "")), "json.missing /severity");
  EXPECT_EQ(refusal(raise_when(R"({"metric":"pm25"})")), "json.missing /raise/when/op");
  EXPECT_EQ(refusal(raise_when(R"({"metric":"pm25","op":">"})")), "json.missing /raise/when/value");
  EXPECT_EQ(refusal(with("clear", "{}")), "json.missing /clear/when");
  EXPECT_EQ(refusal(with("raise", R"({"when":{"metric":"a","op":">","value":1},"times":3})")),
            "json.missing /raise/within");
  EXPECT_EQ(refusal(with("raise", R"({"when":{"metric":"a","op":">","value":1},"within":"PT1H"})")),
            "json.missing /raise/times");
  EXPECT_EQ(refusal(with("actions", R"([{"command":"hold_lift","hold":"PT5M"}])")),
            "json.missing /actions/0/release");
  EXPECT_NE(refusal(with("actions", R"([{"whistle":[]}])")), "") << "nobody is called";
  EXPECT_EQ(refusal(with("actions", R"([{"notify":"guard"}])")), "json.missing /actions/0/text");
}

TEST(RuleText, names_the_leaf_that_is_wrong) {
  EXPECT_EQ(refusal(raise_when(R"({"metric":"pm25","op":"=>","value":1})")),
            "json.not_one_of /raise/when/op");
  EXPECT_EQ(refusal(raise_when(R"({"metric":"pm25","op":">","value":"150"})")),
            "json.wrong_type /raise/when/value");
  EXPECT_EQ(refusal(raise_when(
                R"({"all":[{"metric":"a","op":">","value":1},{"metric":"a","op":5,"value":1}]})")),
            "json.wrong_type /raise/when/all/1/op");
  EXPECT_EQ(refusal(raise_when(R"({"not":{"any":[]}})")), "rules.invalid /raise/when/not/any");
  EXPECT_EQ(refusal(raise_when(R"({"silent":"PT0S"})")), "rules.invalid /raise/when/silent");
  EXPECT_EQ(refusal(raise_when(R"({"silent":"P1M"})")), "json.bad_duration /raise/when/silent");
  EXPECT_EQ(refusal(raise_when(R"({"detection":"fire","confidence":1.5})")),
            "json.out_of_range /raise/when/confidence");
  EXPECT_EQ(refusal(raise_when(R"({"detection":""})")), "rules.invalid /raise/when/detection");
  EXPECT_EQ(refusal(raise_when(R"({})")), "rules.invalid /raise/when");
  EXPECT_EQ(refusal(raise_when(R"([])")), "json.wrong_type /raise/when");
  EXPECT_EQ(refusal(raise_when(R"({"metric":"a","op":">","value":1,"attribute":"b"})")),
            "rules.invalid /raise/when/attribute");
  EXPECT_EQ(refusal(raise_when(R"({"silent":"PT1M","metric":"a","detection":"b"})")),
            "rules.invalid /raise/when/detection");
  EXPECT_EQ(refusal(with("severity", "\"fatal\"")), "json.not_one_of /severity");
  EXPECT_EQ(refusal(with("name", "\"\"")), "rules.invalid /name");
  EXPECT_EQ(refusal(with("applies_to", "{}")), "rules.invalid /applies_to");
  EXPECT_EQ(refusal(with("applies_to", R"({"profile":"no spaces"})")),
            "json.bad_id /applies_to/profile");
  EXPECT_EQ(refusal(with("applies_to", R"({"devices":["ok","/"]})")),
            "json.bad_id /applies_to/devices/1");
  EXPECT_EQ(
      refusal(
          with("raise", R"({"when":{"metric":"a","op":">","value":1},"times":0,"within":"PT1H"})")),
      "json.out_of_range /raise/times");
  EXPECT_EQ(
      refusal(
          with("raise", R"({"when":{"metric":"a","op":">","value":1},"times":2,"within":"PT0S"})")),
      "rules.invalid /raise/within");
  EXPECT_EQ(refusal(with("escalate",
                         R"([{"when":{"metric":"a","op":">","value":1},"severity":"warning"}])")),
            "rules.invalid /escalate/0/severity");
  EXPECT_EQ(refusal(with("actions", R"([{"case":"dust"}])")), "rules.invalid /actions/0");
  EXPECT_EQ(refusal(with("actions", R"([{"command":"x","params":[]}])")),
            "json.wrong_type /actions/0/params");
  EXPECT_EQ(refusal(with("actions", R"([{"command":"x","when":{"not":{"detection":"p"}}}])")),
            "rules.invalid /actions/0/when");
  EXPECT_EQ(refusal(with("actions", R"([{"command":"x","max_age":"PT0S"}])")),
            "rules.invalid /actions/0/max_age");
  EXPECT_EQ(refusal(with("schedule", R"({"windows":[]})")), "rules.invalid /schedule/windows");
  EXPECT_NE(refusal(with("on_duty", R"("a post")")).find("/on_duty"), std::string::npos);
  EXPECT_EQ(refusal(with("schedule", R"({"windows":[{"from":"24:00","to":"06:00"}]})")),
            "rules.invalid /schedule/windows/0/from");
  EXPECT_EQ(refusal(with("schedule", R"({"windows":[{"from":"08:00","to":"08:60"}]})")),
            "rules.invalid /schedule/windows/0/to");
  EXPECT_EQ(refusal(with("schedule", R"({"windows":[{"from":"08:00","to":"08:00"}]})")),
            "rules.invalid /schedule/windows/0/to");
  EXPECT_EQ(refusal(with("schedule", R"({"zone":"8","windows":[{"from":"08:00","to":"09:00"}]})")),
            "rules.invalid /schedule/zone");
  EXPECT_EQ(
      refusal(with("schedule", R"({"windows":[{"days":["Monday"],"from":"08:00","to":"09:00"}]})")),
      "json.not_one_of /schedule/windows/0/days/0");
}

TEST(RuleText, refuses_members_that_it_does_not_know) {
  EXPECT_EQ(refusal(with("colour", "1")), "json.unknown_member /colour");
  EXPECT_EQ(refusal(raise_when(R"({"metric":"a","op":">","value":1,"unit":"m"})")),
            "json.unknown_member /raise/when/unit");
  EXPECT_EQ(refusal(raise_when(R"({"all":[{"silent":"PT1M"}],"any":[{"silent":"PT1M"}]})")),
            "json.unknown_member /raise/when/any");
  EXPECT_EQ(refusal(with("raise", R"({"when":{"silent":"PT1M"},"after":"PT1M"})")),
            "json.unknown_member /raise/after");
  EXPECT_EQ(refusal(with("schedule", R"({"windows":[{"from":"08:00","to":"09:00","tz":1}]})")),
            "json.unknown_member /schedule/windows/0/tz");
}

TEST(RuleText, refuses_what_is_no_json) {
  EXPECT_EQ(refusal(""), "json.unreadable ");
  EXPECT_EQ(refusal("{"), "json.unreadable ");
  EXPECT_EQ(refusal("NaN"), "json.unreadable ");
  EXPECT_EQ(refusal(raise_when(R"({"metric":"a","op":">","value":NaN})")), "json.unreadable ");
  EXPECT_EQ(refusal(raise_when(R"({"metric":"a","op":">","value":1e999})")), "json.unreadable ");
  EXPECT_EQ(refusal(std::string(70'000, ' ')), "json.too_large ");
  EXPECT_EQ(refusal("[]"), "json.wrong_type ");
}

TEST(RuleText, bounds_depth_and_size_of_conditions) {
  const auto nested = [](int levels) {
    std::string when = R"({"silent":"PT1M"})";
    for (int i = 1; i < levels; ++i) when = R"({"not":)" + when + "}";
    return raise_when(when);
  };
  EXPECT_EQ(refusal(nested(16)), "fine");
  std::string field = "/raise/when";
  for (int i = 0; i < 16; ++i) field += "/not";
  EXPECT_EQ(refusal(nested(17)), "rules.invalid " + field);
  const auto wide = [](int leaves) {
    std::string when = R"({"all":[)";
    for (int i = 0; i < leaves; ++i)
      when += std::string(i ? "," : "") + R"({"metric":"a","op":">","value":1})";
    return raise_when(when + "]}");
  };
  EXPECT_EQ(refusal(wide(63)), "fine");
  EXPECT_EQ(refusal(wide(64)), "rules.invalid /raise/when/all/63");
  std::string silences;
  for (int i = 0; i < 33; ++i) silences += std::string(i ? "," : "") + R"({"silent":"PT1M"})";
  EXPECT_EQ(refusal(raise_when(R"({"any":[)" + silences + "]}")),
            "rules.invalid /raise/when/any/32");
}

TEST(RuleText, refuses_a_for_that_no_window_is_long_enough_for) {
  const auto text = [](const char* length) {
    return fmt::format(R"({{"name":"n","applies_to":{{"profile":"p"}},"severity":"info",
      "raise":{{"when":{{"metric":"a","op":">","value":1}},"for":"{}"}},
      "schedule":{{"windows":[{{"from":"08:00","to":"10:00"}},{{"from":"10:00","to":"11:00"}}]}}}})",
                       length);
  };
  EXPECT_EQ(refusal(text("PT2H59M")), "fine");
  EXPECT_EQ(refusal(text("PT3H")), "rules.invalid /raise/for");
}

TEST(RuleText, lists_what_it_mentions_once) {
  const Mentions m = mentions(parse_rule(kFull));
  EXPECT_EQ(m.metrics, (std::vector<std::string>{"pm25", "TEMP", "pm10"}));
  EXPECT_EQ(m.attributes, std::vector<std::string>{"limit"});
  EXPECT_EQ(m.detections, std::vector<std::string>{"rain"});
}

TEST(Interlock, holds_only_on_values_that_are_known) {
  const Condition mist = parse_condition(
      R"({"all":[{"metric":"TEMP","op":">=","value":0},{"metric":"RAIN","op":"<=","value":0}]})");
  std::map<std::string, double, std::less<>> values;
  Standing standing;
  standing.latest = [&](std::string_view metric) -> std::optional<Standing::Reading> {
    const auto found = values.find(metric);
    if (found == values.end()) return std::nullopt;
    return Standing::Reading{from_ms(0), found->second};
  };
  standing.attribute = [](std::string_view) { return std::optional{5.0}; };
  EXPECT_EQ(evaluate(mist, standing), Truth::unknown);
  values["TEMP"] = -1;
  EXPECT_EQ(evaluate(mist, standing), Truth::no) << "frost alone forbids it";
  values["TEMP"] = 4;
  EXPECT_EQ(evaluate(mist, standing), Truth::unknown) << "rain is not known";
  values["RAIN"] = 0;
  EXPECT_EQ(evaluate(mist, standing), Truth::yes);
  values["RAIN"] = 0.1;
  EXPECT_EQ(evaluate(mist, standing), Truth::no);
  EXPECT_EQ(
      evaluate(parse_condition(R"({"metric":"TEMP","op":"<","attribute":"limit"})"), standing),
      Truth::yes);
  standing.now = from_ms(60'000);
  EXPECT_EQ(evaluate(parse_condition(R"({"not":{"metric":"TEMP","silent":"PT2M"}})"), standing),
            Truth::yes);
  standing.now = from_ms(120'000);
  EXPECT_EQ(evaluate(parse_condition(R"({"not":{"metric":"TEMP","silent":"PT2M"}})"), standing),
            Truth::no);
}

TEST(Condition, refusals_lead_with_the_given_pointer) {
  try {
    parse_condition(R"({"metric":"a","op":"?","value":1})", "/when");
    FAIL();
  } catch (const Refusal& r) {
    EXPECT_EQ(r.field, "/when/op");
    EXPECT_EQ(r.detail, "not one of >, >=, <, <=, ==, !=");
  }
}

TEST(Schedule, joins_windows_and_carries_nights_over_the_week) {
  const auto minutes = [](std::vector<Window> windows) {
    return minutes_of_week({0, std::move(windows)});
  };
  using List = std::vector<std::uint16_t>;
  EXPECT_EQ(minutes({{0b1, 480, 600}, {0b1, 600, 660}}), (List{480, 660}));
  EXPECT_EQ(minutes({{0b1000000, 1320, 360}}), (List{6 * 1440 + 1320, 7 * 1440 + 360}))
      << "Sunday night";
  EXPECT_EQ(minutes({{0x7f, 0, 1440}}), List{}) << "always";
}

TEST(Schedule, tells_inside_close_and_next_opening_on_a_wall_clock) {
  const auto monday = [](int hour, int minute = 0) {
    return from_ms(1'704'067'200'000 + (hour * 60 + minute) * 60'000LL);
  };
  const auto minutes =
      minutes_of_week({480, {{0b0011111, 22 * 60, 6 * 60}}});  // week nights in UTC+8
  const WeekClock week{minutes, 480};
  EXPECT_FALSE(week.inside(monday(13, 59)));
  EXPECT_TRUE(week.inside(monday(14)));
  EXPECT_TRUE(week.opens_at(monday(14)));
  EXPECT_TRUE(week.inside(monday(21, 59)));
  EXPECT_FALSE(week.inside(monday(22)));
  EXPECT_EQ(week.close_of(monday(15)), monday(22));
  EXPECT_EQ(week.next_opening(monday(14)), monday(38));
  EXPECT_EQ(week.next_opening(monday(4 * 24 + 14)), monday(7 * 24 + 14))
      << "no window on Saturday and Sunday";
  EXPECT_FALSE(week.inside(monday(-8))) << "Sunday evening in UTC, Monday 00:00 in the zone";
  for (const Time end : {Time::min(), Time::max()})
    EXPECT_GE(week.next_opening(end), end) << "no trap at the ends of time";
}

TEST(RulesRules, a_face_alone_is_known_as_such_and_a_face_with_a_card_is_not) {
  const auto alone = [](const std::string& when) {
    return raises_on_face_alone(parse_rule(R"({"name":"门","applies_to":{"profile":"gate"},"severity":"info","raise":{"when":)" + when + "}}"));
  };
  const std::string face = R"({"detection":"face","confidence":0.5})", card = R"({"metric":"card","op":"==","value":1})";
  EXPECT_TRUE(alone(face));
  EXPECT_TRUE(alone(R"({"any":[)" + card + "," + face + "]}"));
  EXPECT_TRUE(alone(R"({"all":[)" + face + R"(,{"any":[)" + card + "," + face + "]}]}"));
  EXPECT_TRUE(alone(R"({"not":{"not":)" + face + "}}"));
  EXPECT_FALSE(alone(R"({"all":[)" + card + "," + face + "]}"));
  EXPECT_FALSE(alone(R"({"not":{"any":[{"not":)" + face + R"(},{"not":)" + card + "}]}}")) << "both, said the other way round";
  EXPECT_FALSE(alone(card));
  EXPECT_FALSE(alone(R"({"not":)" + face + "}"));
  EXPECT_FALSE(alone(R"({"detection":"face_not_living"})"));
}

}  // namespace
}  // namespace lifang::rules
