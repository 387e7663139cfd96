#include "rooms/rules/rules_explain.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/rule_desk.hpp"

namespace lifang::rules {
namespace {

Names air_station() {
  Names names;
  names.device = "fuyuan-gate";
  names.profile = "空气站";
  names.offset_minutes = 0;
  names.today = at(8 * 60);
  names.metric = [](std::string_view id) -> Names::Metric {
    if (id == "pm25") return {"PM2.5", "µg/m³"};
    return {};
  };
  names.detection = [](std::string_view id) -> std::string {
    return id == "ebike" ? "电动车入梯" : "";
  };
  return names;
}

/// Both sentences about the last verdict of a desk.
struct Said {
  std::string zh, en;
};
Said said(const Desk& desk, const Names& names = air_station()) {
  const Verdict& v = desk.out.list.back();
  const auto proofs = proofs_of(desk.program(), desk.out, v);
  EXPECT_EQ(to_json(parse_proofs(to_json(proofs))), to_json(proofs));
  const Rule& rule = desk.program().entries[v.entry].rule->rule;
  Told told{v.kind, v.at, v.severity, "扬尘", 3, {}, 1, {}, proofs};
  if (v.kind == VerdictKind::raise)
    told.held_for = rule.raise.held_for, told.times = rule.raise.times,
    told.within = rule.raise.within;
  if (v.kind == VerdictKind::clear && rule.clear) told.held_for = rule.clear->held_for;
  return {explain_zh(told, names), explain_en(told, names)};
}

std::string raise_on(const std::string& when, const std::string& more = "") {
  return R"("raise":{"when":)" + when + more + "}";
}
const std::string kDusty = R"({"metric":"pm25","op":">","value":150})";

TEST(Explain, says_what_a_threshold_saw) {
  Desk desk(
      {{"dust",
        raise_on(kDusty) +
            R"(,"escalate":[{"when":{"metric":"pm25","op":">=","value":250.5},"severity":"critical"}])"}});
  desk.say(8 * 60, {{"pm25", 151}});
  EXPECT_EQ(
      said(desk).zh,
      "空气站 fuyuan-gate 的 PM2.5 在 08:00 为 151 µg/m³，高于 150，规则“扬尘”第 3 版据此判定。");
  EXPECT_EQ(said(desk).en,
            "PM2.5 of 空气站 fuyuan-gate was 151 µg/m³ at 08:00, above 150; rule “扬尘”, version "
            "3, therefore raised the situation.");
  desk.say(8 * 60 + 1, {{"pm25", 250.5}});
  EXPECT_EQ(said(desk).zh,
            "空气站 fuyuan-gate 的 PM2.5 在 08:01 为 250.5 µg/m³，不低于 250.5，规则“扬尘”第 3 "
            "版据此升为“严重”。");
  desk.say(8 * 60 + 2, {{"pm25", 150}});
  EXPECT_EQ(
      said(desk).zh,
      "空气站 fuyuan-gate 的 PM2.5 在 08:02 为 150 µg/m³，不高于 150，规则“扬尘”第 3 版据此解除。");
  EXPECT_EQ(said(desk).en,
            "PM2.5 of 空气站 fuyuan-gate was 150 µg/m³ at 08:02, not above 150; rule “扬尘”, "
            "version 3, therefore cleared the situation.");
}

TEST(Explain, joins_several_tests_and_says_the_subject_once) {
  Desk desk(
      {{"dust", raise_on(R"({"all":[)" + kDusty + R"(,{"metric":"rain","op":"<=","value":0}]})",
                         R"(,"for":"PT90M")")}});
  desk.say(7 * 60, {{"pm25", 200}, {"rain", 0}});
  desk.until(10 * 60);
  EXPECT_EQ(said(desk).zh,
            "空气站 fuyuan-gate 的 PM2.5 在 07:00 为 200 µg/m³，高于 150，rain 在 07:00 为 "
            "0，不高于 0，持续 1 小时 30 分钟，规则“扬尘”第 3 版据此判定。");
  EXPECT_EQ(said(desk).en,
            "PM2.5 of 空气站 fuyuan-gate was 200 µg/m³ at 07:00, above 150, and rain of 空气站 "
            "fuyuan-gate was 0 at 07:00, not above 0, for 1 hour 30 minutes; "
            "rule “扬尘”, version 3, therefore raised the situation.");
}

TEST(Explain, counts) {
  Desk desk({{"dust", raise_on(kDusty, R"(,"times":2,"within":"P1D")")}});
  desk.say(1, {{"pm25", 200}});
  desk.say(2, {{"pm25", 201}});
  EXPECT_EQ(said(desk).zh,
            "空气站 fuyuan-gate 的 PM2.5 在 00:02 为 201 µg/m³，高于 150，1 天内第 2 "
            "次，规则“扬尘”第 3 版据此判定。");
}

TEST(Explain, says_silences_and_their_ends) {
  Desk desk({{"quiet", raise_on(R"({"silent":"PT30M"})")},
             {"blind", raise_on(R"({"metric":"pm25","silent":"PT3H"})")}});
  desk.say(60, {{"pm25", 1}});
  desk.until(100);
  EXPECT_EQ(said(desk).zh,
            "空气站 fuyuan-gate 自 01:00 起已有 30 分钟没有新数据，规则“扬尘”第 3 版据此判定。");
  EXPECT_EQ(said(desk).en,
            "空气站 fuyuan-gate has been silent since 01:00, for 30 minutes; rule “扬尘”, version "
            "3, therefore raised the situation.");
  desk.until(300);
  EXPECT_EQ(
      said(desk).zh,
      "空气站 fuyuan-gate 的 PM2.5 自 01:00 起已有 3 小时没有新数据，规则“扬尘”第 3 版据此判定。");
  desk.say(301, {{"temp", 1}});
  EXPECT_EQ(said(desk).zh, "空气站 fuyuan-gate 在 05:01 有新数据，规则“扬尘”第 3 版据此解除。");
}

TEST(Explain, says_detections_and_doubts) {
  Desk desk({{"ebike", raise_on(R"({"detection":"ebike","confidence":0.6})")}});
  desk.see(8 * 60, "ebike", 0.934);
  EXPECT_EQ(
      said(desk).zh,
      "空气站 fuyuan-gate 在 08:00 发现“电动车入梯”（可信度 93.4%），规则“扬尘”第 3 版据此判定。");
  desk.see(8 * 60 + 1, "ebike", 0.2);
  EXPECT_EQ(said(desk).zh,
            "空气站 fuyuan-gate 在 08:01 发现“电动车入梯”（可信度 20%，低于 60%），规则“扬尘”第 3 "
            "版据此解除。");
  EXPECT_EQ(said(desk).en,
            "空气站 fuyuan-gate saw “电动车入梯” at 08:01 (confidence 20%, below 60%); rule "
            "“扬尘”, version 3, therefore cleared the situation.");
}

TEST(Explain, names_the_attribute_that_was_the_limit) {
  Desk desk({{"dust", raise_on(R"({"metric":"pm25","op":">","attribute":"limit"})")}});
  desk.attributes = {75};
  desk.say(8 * 60, {{"pm25", 76}});
  EXPECT_EQ(said(desk).zh,
            "空气站 fuyuan-gate 的 PM2.5 在 08:00 为 76 µg/m³，高于设定值 75，规则“扬尘”第 3 "
            "版据此判定。");
  EXPECT_EQ(said(desk).en,
            "PM2.5 of 空气站 fuyuan-gate was 76 µg/m³ at 08:00, above its set value 75; rule “扬尘”, version 3, therefore raised "
            "the situation.");
  Names names = air_station();
  names.attribute = [](std::string_view id) { return id == "limit" ? std::string("限值") : std::string(); };
  EXPECT_EQ(said(desk, names).zh,
            "空气站 fuyuan-gate 的 PM2.5 在 08:00 为 76 µg/m³，高于限值 75，规则“扬尘”第 3 版据此判定。");
}

TEST(Explain, says_numbers_as_people_do) {
  const auto value_said = [](double value, const std::string& limit) {
    Desk desk({{"dust", raise_on(R"({"metric":"pm25","op":">","value":)" + limit + "}")}});
    desk.say(8 * 60, {{"pm25", value}});
    const std::string zh = said(desk).zh;
    const auto from = zh.find("为 ") + std::string_view("为 ").size();
    return zh.substr(from, zh.find("，规则") - from);
  };
  EXPECT_EQ(value_said(96.01891024594003, "90"), "96.02 µg/m³，高于 90");
  EXPECT_EQ(value_said(123456.789, "115.25"), "123457 µg/m³，高于 115.25");
  EXPECT_EQ(value_said(0.0123456, "0.001"), "0.0123 µg/m³，高于 0.001");
  EXPECT_EQ(value_said(7.5, "-3"), "7.5 µg/m³，高于 -3");
  EXPECT_EQ(value_said(150.001, "150"), "150.001 µg/m³，高于 150") << "rounded, it would not be above";
}

TEST(Explain, says_the_date_when_it_is_not_the_readers_day) {
  Desk desk({{"dust", raise_on(kDusty)}});
  desk.say(8 * 60 + 0.5, {{"pm25", 151}});
  Names names = air_station();
  names.profile.clear();
  names.today = at(40 * 1440);
  EXPECT_EQ(said(desk, names).zh,
            "fuyuan-gate 的 PM2.5 在 1 月 1 日 08:00:30 为 151 µg/m³，高于 150，规则“扬尘”第 3 "
            "版据此判定。");
  names.today = at(400 * 1440);
  EXPECT_EQ(said(desk, names).zh,
            "fuyuan-gate 的 PM2.5 在 2024 年 1 月 1 日 08:00:30 为 151 µg/m³，高于 "
            "150，规则“扬尘”第 3 版据此判定。");
  EXPECT_EQ(said(desk, names).en,
            "PM2.5 of fuyuan-gate was 151 µg/m³ at 08:00:30 on 1 Jan 2024, above 150; rule “扬尘”, "
            "version 3, therefore raised the situation.");
}

TEST(Explain, proofs_are_stored_as_plain_json) {
  Desk desk({{"dust", raise_on(R"({"any":[)" + kDusty + R"(,{"silent":"PT30M"}]})")}});
  desk.say(0, {{"pm25", 151}});
  EXPECT_EQ(
      to_json(proofs_of(desk.program(), desk.out, desk.out.list[0])),
      R"([{"kind":"metric","name":"pm25","op":">","ts":"2024-01-01T00:00:00Z","value":151,"limit":150}])");
  desk.say(1, {{"pm25", 100}});
  EXPECT_EQ(
      to_json(proofs_of(desk.program(), desk.out, desk.out.list[0])),
      R"([{"kind":"metric","name":"pm25","op":">","held":false,"ts":"2024-01-01T00:01:00Z","value":100,"limit":150},)"
      R"({"kind":"silence","of":"device","held":false,"ts":"2024-01-01T00:01:00Z","silence":"PT30M"}])");
}

}  // namespace
}  // namespace lifang::rules
