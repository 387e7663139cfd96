#include "base/time.hpp"

#include <gtest/gtest.h>

namespace lifang {
namespace {

using namespace std::chrono_literals;

TEST(Time, reads_rfc3339_with_zone_and_writes_it_back) {
  EXPECT_EQ(parse_time("2026-01-01T08:00:00+08:00"), from_ms(1'767'225'600'000));
  EXPECT_EQ(parse_time("2026-01-01T00:00:00.250Z"), from_ms(1'767'225'600'250));
  EXPECT_EQ(to_rfc3339(from_ms(1'767'225'600'250)), "2026-01-01T00:00:00.250Z");
  EXPECT_EQ(to_rfc3339(from_ms(1'767'225'600'000), 480), "2026-01-01T08:00:00+08:00");
  EXPECT_EQ(to_rfc3339(from_ms(-1)), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(to_rfc3339(from_ms(1'767'225'661'007), -210), "2025-12-31T20:31:01.007-03:30");
  EXPECT_EQ(to_rfc3339(from_ms(-62'135'596'800'000)), "0001-01-01T00:00:00Z");
}

TEST(Time, reads_unix_milliseconds) { EXPECT_EQ(parse_time("1700000000000"), from_ms(1'700'000'000'000)); }

TEST(Time, refuses_what_is_no_instant) {
  for (const char* bad : {"", "2026-01-01", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z",
                          "2026-01-01T00:00:00", "2026-01-01T00:00:00+99:00", "x", "99999999999999999999", "1e3"})
    EXPECT_FALSE(parse_time(bad)) << bad;
}

TEST(Time, reads_durations_of_fixed_length) {
  EXPECT_EQ(parse_duration("PT30M"), 30min);
  EXPECT_EQ(parse_duration("P1DT2H"), 26h);
  EXPECT_EQ(parse_duration("P2W"), 14 * 24h);
  EXPECT_EQ(parse_duration("PT0.5S"), 500ms);
  EXPECT_EQ(parse_duration("PT0S"), 0ms);
  for (const char* bad : {"", "P", "PT", "P1Y", "P1M", "PT-1S", "-PT1S", "PT1H1H", "PT1M1H", "1H", "PT1.5H", "P999999999D"})
    EXPECT_FALSE(parse_duration(bad)) << bad;
}

TEST(Time, writes_durations_that_it_reads_back) {
  for (const Duration d : {Duration{0}, Duration{500}, Duration{90'000}, Duration{93'784'000}})
    EXPECT_EQ(parse_duration(to_iso8601(d)), d);
  EXPECT_EQ(to_iso8601(26h), "P1DT2H");
}

}  // namespace
}  // namespace lifang
