// Time: UTC instants in milliseconds and durations, with their spellings (RFC 3339, ISO 8601).
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lifang {

using Duration = std::chrono::milliseconds;
using Time = std::chrono::sys_time<Duration>;

/// Unix milliseconds, the one spelling of time in databases and device messages.
constexpr std::int64_t to_ms(Time t) { return t.time_since_epoch().count(); }
constexpr Time from_ms(std::int64_t ms) { return Time{Duration{ms}}; }

/// "2026-11-21T23:06:52.123Z"; an offset in minutes shifts the shown wall clock ("+08:00").
std::string to_rfc3339(Time t, int offset_minutes = 0);
/// RFC 3339 with a zone (seconds may carry a fraction), or Unix milliseconds in digits. Years 0001–9999.
std::optional<Time> parse_time(std::string_view text);

/// ISO 8601 duration of fixed length: weeks, days, hours, minutes, seconds ("PT30M", "P1DT2H", "PT0.5S").
/// Years and months have no fixed length and are refused, as is anything negative.
std::optional<Duration> parse_duration(std::string_view text);
std::string to_iso8601(Duration d);

/// Calendar day number (days since 1970-01-01) of an instant, UTC; floors below the epoch too.
constexpr std::int64_t day_of(Time t) {
  return std::chrono::floor<std::chrono::days>(t).time_since_epoch().count();
}

}  // namespace lifang
