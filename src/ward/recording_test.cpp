#include "ward/recording.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "base/refusal.hpp"

namespace lifang::ward {
namespace {

std::string spelt(std::string_view text, Numbers numbers = Numbers::as_they_look) {
  bool implausible = false;
  const auto time = parse_recorded_time(text, numbers, implausible);
  return time ? to_rfc3339(*time) : implausible ? "implausible" : "";
}

TEST(Recording, times_are_read_as_recordings_spell_them) {
  EXPECT_EQ(spelt("2014-03-05T13:20:00Z"), "2014-03-05T13:20:00Z");
  EXPECT_EQ(spelt("2014-03-05T13:20:00+08:00"), "2014-03-05T05:20:00Z");
  EXPECT_EQ(spelt("2014-03-05 13:20:07"), "2014-03-05T13:20:07Z");
  EXPECT_EQ(spelt("2014-03-05T13:20"), "2014-03-05T13:20:00Z");
  EXPECT_EQ(spelt(" 2014-03-05 "), "2014-03-05T00:00:00Z");
  EXPECT_EQ(spelt("05/03/2014 13:20"), "2014-03-05T13:20:00Z");
  EXPECT_EQ(spelt("5/3/2014 3:02:01"), "2014-03-05T03:02:01Z");
  EXPECT_EQ(spelt("1700000000"), "2023-11-14T22:13:20Z");
  EXPECT_EQ(spelt("1700000000000"), "2023-11-14T22:13:20Z");
  for (const char* wrong : {"", "yesterday", "2014-13-05 10:00", "2014-02-30 10:00", "31/02/2014 10:00", "2014-03-05 25:00",
                            "2014-03-05 10:61", "2014-03-05 10:00 or so", "2014-03"})
    EXPECT_EQ(spelt(wrong), "") << wrong;
}

TEST(Recording, a_number_is_a_date_or_a_plausible_instant_unless_somebody_says_what_it_is) {
  EXPECT_EQ(spelt("20230101"), "2023-01-01T00:00:00Z");
  EXPECT_EQ(spelt(" 19850704 "), "1985-07-04T00:00:00Z") << "a date says itself what it is";
  EXPECT_EQ(spelt("631152000"), "1990-01-01T00:00:00Z");
  EXPECT_EQ(spelt("631152000000"), "1990-01-01T00:00:00Z");
  for (const char* wrong : {"0", "12", "1996", "20231301", "20230230", "41000000", "631151999", "631151999999", "-1700000000", "99999999999",
                            "20230101120000"})
    EXPECT_EQ(spelt(wrong), "implausible") << wrong;
  EXPECT_EQ(spelt("20230101", Numbers::seconds), "1970-08-23T03:28:21Z");
  EXPECT_EQ(spelt("12", Numbers::seconds), "1970-01-01T00:00:12Z");
  EXPECT_EQ(spelt("12", Numbers::milliseconds), "1970-01-01T00:00:00.012Z");
  EXPECT_EQ(spelt("1700000000000", Numbers::milliseconds), "2023-11-14T22:13:20Z");
  EXPECT_EQ(spelt("17000000000000000", Numbers::seconds), "");
  EXPECT_EQ(spelt("2014-03-05", Numbers::seconds), "2014-03-05T00:00:00Z") << "only numbers are meant";
}

TEST(Recording, numbers_that_are_no_time_are_counted_with_the_first_of_them) {
  std::istringstream file("at,\"p\"\"m\"\n20230101,1\n17,2\n18,3\n");
  Recording recording(file, {"at", {{"p\"m", "p\"m"}}});
  EXPECT_EQ(recording.next()->payload, R"({"ts":1672531200000,"values":{"p\"m":1}})") << "and a name is written as JSON wants it";
  EXPECT_FALSE(recording.next());
  EXPECT_EQ(recording.counts().without_time, 2U);
  EXPECT_EQ(recording.counts().implausible_times, 2U);
  EXPECT_EQ(recording.counts().implausible, "17");
}

TEST(Recording, a_cell_is_a_number_or_nothing_or_unreadable) {
  bool readable = true;
  EXPECT_EQ(parse_recorded_value("12.5", readable), 12.5);
  EXPECT_EQ(parse_recorded_value(" -3e2 ", readable), -300);
  EXPECT_EQ(parse_recorded_value("+7", readable), 7);
  EXPECT_EQ(parse_recorded_value("true", readable), 1);
  EXPECT_TRUE(readable);
  for (const char* none : {"", "  ", "NA", "NaN", "null", "-"}) {
    EXPECT_FALSE(parse_recorded_value(none, readable)) << none;
    EXPECT_TRUE(readable) << none;
  }
  for (const char* wrong : {"warm", "1,5", "12 µg", "inf", "+"}) {
    EXPECT_FALSE(parse_recorded_value(wrong, readable)) << wrong;
    EXPECT_FALSE(readable) << wrong;
  }
}

TEST(Recording, rows_become_messages_and_the_rest_is_counted) {
  std::istringstream file(
      "No,year,month,day,hour,PM2.5,TEMP\r\n"
      "1,2013,3,1,0,4,-0.7\r\n"
      "2,2013,3,1,1,NA,-1.1\r\n"
      "3,2013,3,1,2,NA,NA\r\n"
      "4,2013,3,31,x,5,1\r\n"
      "5,2013,3,1,4,dust,2\r\n");
  Recording recording(file, {"year,month,day,hour", {{"pm25", "PM2.5"}, {"temp", "TEMP"}}});
  std::vector<std::string> payloads;
  while (auto message = recording.next()) payloads.push_back(message->payload);
  EXPECT_EQ(payloads, (std::vector<std::string>{R"({"ts":1362096000000,"values":{"pm25":4,"temp":-0.7}})",
                                                R"({"ts":1362099600000,"values":{"temp":-1.1}})",
                                                R"({"ts":1362110400000,"values":{"temp":2}})"}));
  EXPECT_EQ(recording.counts().rows, 5U);
  EXPECT_EQ(recording.counts().without_values, 1U);
  EXPECT_EQ(recording.counts().without_time, 1U);
  EXPECT_EQ(recording.counts().unreadable_values, 1U);
  EXPECT_EQ(recording.counts().values, 4U);
}

TEST(Recording, a_column_that_is_not_there_is_named) {
  std::istringstream file("time,temp\n2014-01-01,3\n");
  try {
    Recording recording(file, {"time", {{"temp", "Temp"}}});
    FAIL() << "must refuse";
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.code, "replay.no_column");
    EXPECT_NE(refusal.detail.find("Temp"), std::string::npos);
  }
  EXPECT_THROW(parse_pair("temp", "--value"), Refusal);
  EXPECT_EQ(parse_pair("temp=Temp (=F)", "--value"), (std::pair<std::string, std::string>{"temp", "Temp (=F)"}));
}

TEST(Recording, files_without_a_header_and_files_of_many_devices_are_read) {
  std::istringstream flow("1596503593 0.5\n1596503604\n");
  Recording of_flow(flow, {"unix", {{"flow", "flow"}}, {}, {"unix", "flow"}, ' '});
  EXPECT_EQ(of_flow.next()->payload, R"({"ts":1596503593000,"values":{"flow":0.5}})");
  EXPECT_FALSE(of_flow.next());
  EXPECT_EQ(of_flow.counts().without_values, 1U);

  std::istringstream parks("code,free,at\nA,1,2016-10-04 07:59:42\nB,2,2016-10-04 07:59:42\n");
  Recording of_parks(parks, {"at", {{"free", "free"}}, {{"code", "B"}}});
  EXPECT_EQ(of_parks.next()->payload, R"({"ts":1475567982000,"values":{"free":2}})");
  EXPECT_FALSE(of_parks.next());
  EXPECT_EQ(of_parks.counts().rows, 1U);
}

}  // namespace
}  // namespace lifang::ward
