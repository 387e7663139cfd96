#include "platform/mqtt/topic.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace lifang::mqtt {
namespace {

TEST(MqttTopic, text_must_be_well_formed_utf8_without_null) {
  EXPECT_EQ(check_text(""), Why::ok);
  EXPECT_EQ(check_text("府苑新村 \xF0\x9F\x9A\xAA"), Why::ok);
  // The examples of tables 3-7: overlong, surrogate, beyond U+10FFFF, cut off, stray continuation.
  for (const char* bad :
       {"\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE4\xBD", "\x80", "\xE4\x41\xA0", "\xFF"}) {
    EXPECT_EQ(check_text(bad), Why::utf8_malformed) << bad;
    EXPECT_EQ(check_text("seven b" + std::string(bad)), Why::utf8_malformed) << bad;
  }
  EXPECT_EQ(check_text("\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF"), Why::ok);
  for (std::size_t before = 0; before < 20; ++before) {
    std::string text(before, 'a');
    text.push_back('\0');
    EXPECT_EQ(check_text(text), Why::utf8_null);
    EXPECT_EQ(check_text(text + "tail"), Why::utf8_null);
  }
  // A zero-width no-break space is a character like any other [MQTT-1.5.4-3].
  EXPECT_EQ(check_text("\xEF\xBB\xBF"), Why::ok);
}

TEST(MqttTopic, names_have_no_wildcards_and_are_not_empty) {
  EXPECT_EQ(check_topic("v1/devices/me/telemetry"), Why::ok);
  EXPECT_EQ(check_topic("/"), Why::ok);
  EXPECT_EQ(check_topic(""), Why::topic_empty);
  for (std::size_t before = 0; before < 20; ++before)
    for (const char wild : {'+', '#'}) {
      EXPECT_EQ(check_topic(std::string(before, 'a') + wild), Why::topic_wildcard);
      EXPECT_EQ(check_topic(std::string(before, 'a') + wild + "bcdefghijk"), Why::topic_wildcard);
    }
}

TEST(MqttTopic, filters_have_wildcards_as_whole_levels) {
  // 4.7.1.2 and 4.7.1.3 of both specifications.
  for (const char* good :
       {"sport/tennis/player1/#", "#", "sport/tennis/#", "+", "+/tennis/#", "sport/+/player1", "/+",
        "+/+", "/", "a//b", "$SYS/#", "v1/devices/me/rpc/request/+"})
    EXPECT_EQ(check_filter(good), Why::ok) << good;
  for (const char* bad : {"", "sport/tennis#", "sport/tennis/#/ranking", "sport+", "+a", "a/b+/c",
                          "a/+b", "##", "#/", "a/#b", "++"})
    EXPECT_EQ(check_filter(bad), Why::filter_malformed) << bad;
}

TEST(MqttTopic, filters_take_topics_as_the_specification_says) {
  struct Case {
    const char* filter;
    const char* topic;
    bool takes;
  };
  const Case cases[] = {
      {"sport/tennis/player1/#", "sport/tennis/player1", true},
      {"sport/tennis/player1/#", "sport/tennis/player1/ranking", true},
      {"sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true},
      {"sport/#", "sport", true},
      {"#", "anything/at/all", true},
      {"#", "/", true},
      {"sport/tennis/+", "sport/tennis/player1", true},
      {"sport/tennis/+", "sport/tennis/player1/ranking", false},
      {"sport/+", "sport", false},
      {"sport/+", "sport/", true},
      {"+/+", "/finance", true},
      {"/+", "/finance", true},
      {"+", "/finance", false},
      {"+", "finance", true},
      {"#", "$SYS/monitor", false},
      {"+/monitor/Clients", "$SYS/monitor/Clients", false},
      {"$SYS/#", "$SYS/monitor", true},
      {"$SYS/monitor/+", "$SYS/monitor/Clients", true},
      {"ACCOUNTS", "Accounts", false},
      {"a/b", "a/b", true},
      {"a/b", "a/b/c", false},
      {"a/b/c", "a/b", false},
      {"a/+/c", "a/b/c", true},
      {"a/+/c", "a//c", true},
      {"a/+/c", "a/b/d", false},
      {"a/+/#", "a/b", true},
      {"a/+/#", "a", false},
      {"+/#", "a", true},
      {"a", "a/", false},
  };
  for (const Case& c : cases)
    EXPECT_EQ(matches(c.filter, c.topic), c.takes) << c.filter << " " << c.topic;
}

TEST(MqttReason, every_way_to_end_has_a_name_of_its_own) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < kWhys; ++i) names.push_back(name(static_cast<Why>(i)));
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::unique(names.begin(), names.end()), names.end());
}

}  // namespace
}  // namespace lifang::mqtt
