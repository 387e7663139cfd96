#include "rooms/rules/rules_schedule.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"

namespace lifang::rules {
namespace {

constexpr int kDay = 1440;
constexpr int kWeek = 7 * kDay;
constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kWeekMs = kWeek * kMinuteMs;

/// Milliseconds since the last Monday 00:00 of the zone's wall clock. 1970-01-01 was a Thursday.
std::int64_t ms_of_week(Time t, int offset_minutes) {
  const std::int64_t shift = (offset_minutes + 3 * kDay) * kMinuteMs;
  const std::int64_t w = (to_ms(t) % kWeekMs + shift) % kWeekMs;
  return w < 0 ? w + kWeekMs : w;
}

}  // namespace

std::vector<std::uint16_t> minutes_of_week(const Schedule& schedule) {
  std::vector<bool> covered(kWeek, false);
  for (const Window& window : schedule.windows) {
    const int length =
        window.to > window.from ? window.to - window.from : window.to + kDay - window.from;
    for (int day = 0; day < 7; ++day) {
      if ((window.days >> day & 1) == 0) continue;
      for (int i = 0; i < length; ++i)
        covered[static_cast<std::size_t>((day * kDay + window.from + i) % kWeek)] = true;
    }
  }
  std::vector<std::uint16_t> minutes;
  for (int i = 0; i < kWeek; ++i) {
    const bool before = covered[static_cast<std::size_t>((i + kWeek - 1) % kWeek)];
    if (!covered[static_cast<std::size_t>(i)] || before) continue;
    int end = i;
    while (covered[static_cast<std::size_t>(end % kWeek)])
      ++end;  // ends: the minute before i is free
    minutes.push_back(static_cast<std::uint16_t>(i));
    minutes.push_back(static_cast<std::uint16_t>(end));
  }
  check(!minutes.empty() || covered[0], "a schedule without a window");
  return minutes;
}

Duration longest_window(std::span<const std::uint16_t> minutes) {
  int longest = 0;
  for (std::size_t i = 0; i < minutes.size(); i += 2)
    longest = std::max(longest, minutes[i + 1] - minutes[i]);
  return std::chrono::minutes(longest);
}

bool WeekClock::inside(Time t) const {
  const std::int64_t w = ms_of_week(t, offset_minutes);
  for (std::size_t i = 0; i < minutes.size(); i += 2) {
    const std::int64_t begin = minutes[i] * kMinuteMs, end = minutes[i + 1] * kMinuteMs;
    if ((w >= begin && w < end) || w + kWeekMs < end) return true;
  }
  return false;
}

Time WeekClock::close_of(Time t) const {
  const std::int64_t w = ms_of_week(t, offset_minutes);
  for (std::size_t i = 0; i < minutes.size(); i += 2) {
    const std::int64_t begin = minutes[i] * kMinuteMs, end = minutes[i + 1] * kMinuteMs;
    if (w >= begin && w < end) return plus(t, Duration{end - w});
    if (w + kWeekMs < end) return plus(t, Duration{end - w - kWeekMs});
  }
  return t;
}

Time WeekClock::next_opening(Time t) const {
  const std::int64_t w = ms_of_week(t, offset_minutes);
  std::int64_t soonest = kWeekMs;
  for (std::size_t i = 0; i < minutes.size(); i += 2) {
    std::int64_t wait = minutes[i] * kMinuteMs - w;
    if (wait <= 0) wait += kWeekMs;
    soonest = std::min(soonest, wait);
  }
  return plus(t, Duration{soonest});
}

bool WeekClock::opens_at(Time t) const {
  const std::int64_t w = ms_of_week(t, offset_minutes);
  for (std::size_t i = 0; i < minutes.size(); i += 2)
    if (minutes[i] * kMinuteMs == w) return true;
  return false;
}

}  // namespace lifang::rules
