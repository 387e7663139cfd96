// Weekly windows of a schedule, and sums of times that stop at the ends of time.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "rooms/rules/rules_rules.hpp"

namespace lifang::rules {

constexpr Time kNever = Time::min();    ///< has not happened
constexpr Time kForever = Time::max();  ///< will not happen

/// Devices may claim any instant: sums saturate instead of wrapping round.
constexpr Time plus(Time t, Duration d) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(to_ms(t), d.count(), &sum)) return from_ms(sum);
  return d.count() > 0 ? kForever : kNever;
}
constexpr Duration between(Time from, Time to) {
  std::int64_t d = 0;
  if (!__builtin_sub_overflow(to_ms(to), to_ms(from), &d)) return Duration{d};
  return to > from ? Duration::max() : Duration::min();
}

/// The windows as minutes of the week from Monday 00:00, pairs [begin, end) in order, touching ones
/// joined. The last pair may reach beyond the week's end (10080) into the next. Empty: no window is
/// ever left.
std::vector<std::uint16_t> minutes_of_week(const Schedule& schedule);
/// Length of the longest of them.
Duration longest_window(std::span<const std::uint16_t> minutes);

/// `minutes` as above and not empty; `offset_minutes` is the zone of its wall clock.
struct WeekClock {
  std::span<const std::uint16_t> minutes;
  int offset_minutes = 0;

  bool inside(Time t) const;
  /// When the window that holds `t` closes; `t` itself if none holds it.
  Time close_of(Time t) const;
  /// The first opening after `t`.
  Time next_opening(Time t) const;
  bool opens_at(Time t) const;
};

}  // namespace lifang::rules
