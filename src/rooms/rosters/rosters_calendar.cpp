#include "rooms/rosters/rosters_calendar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace lifang::rosters {
namespace {

using std::chrono::days;
using std::chrono::minutes;

/// Eleven years: what takes longer is due then. A calendar without hours would search for ever.
constexpr int kFarthest = 4000;

std::optional<int> number(std::string_view text) {
  int n = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (ec != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return n;
}

}  // namespace

std::string to_text(Day day) {
  const std::chrono::year_month_day date{day};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::optional<Day> day_of_text(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto y = number(text.substr(0, 4)), m = number(text.substr(5, 2)), d = number(text.substr(8, 2));
  if (!y || !m || !d || *m < 1 || *d < 1) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*y}, std::chrono::month{static_cast<unsigned>(*m)},
                                         std::chrono::day{static_cast<unsigned>(*d)}};
  if (!date.ok()) return std::nullopt;
  return Day{date};
}

WorkingHours office_hours() {
  const std::vector<std::int64_t> week{1, 2, 3, 4, 5};
  return {{{week, {8 * 60 + 30}, {12 * 60}}, {week, {13 * 60 + 30}, {17 * 60 + 30}}}, true};
}

Day Calendar::local_day(Time t) const {
  const auto local = t.time_since_epoch() + minutes(offset_);
  return Day{std::chrono::floor<days>(local)};
}

int Calendar::local_minutes(Time t) const {
  const auto since = t.time_since_epoch() + minutes(offset_) - local_day(t).time_since_epoch();
  return static_cast<int>(std::chrono::floor<minutes>(since).count());
}

Time Calendar::at(Day day, ClockTime clock) const {
  return Time{std::chrono::duration_cast<Duration>(day.time_since_epoch() + minutes(clock.minutes) - minutes(offset_))};
}

bool Calendar::is_working(Day day) const {
  const auto special = days_.find(day);
  if (special != days_.end()) return !special->second;
  return std::chrono::weekday{day}.iso_encoding() <= 5;
}

std::vector<std::pair<Time, Time>> Calendar::stretches(Day day, const WorkingHours& hours) const {
  std::int64_t weekday = std::chrono::weekday{day}.iso_encoding();
  if (hours.keeps_holidays) {
    const auto special = days_.find(day);
    if (special != days_.end()) {
      if (special->second) return {};
      if (weekday > 5) weekday = 1;
    }
  }
  std::vector<std::pair<Time, Time>> found;
  for (const Stretch& stretch : hours.week)
    if (std::find(stretch.days.begin(), stretch.days.end(), weekday) != stretch.days.end())
      found.emplace_back(at(day, stretch.from), at(day, stretch.to));
  std::sort(found.begin(), found.end());
  return found;
}

Time Calendar::add(Time start, Duration duration, const WorkingHours& hours) const {
  if (duration <= Duration{0}) return start;
  Duration left = duration;
  Day day = local_day(start);
  for (int i = 0; i < kFarthest; ++i, day += days(1)) {
    for (const auto& [from, to] : stretches(day, hours)) {
      const Time begin = std::max(from, start);
      if (begin >= to) continue;
      if (left <= to - begin) return begin + left;
      left -= to - begin;
    }
  }
  return at(day, {0});
}

Duration Calendar::between(Time from, Time to, const WorkingHours& hours) const {
  Duration sum{};
  for (Day day = local_day(from); day <= local_day(to); day += days(1))
    for (const auto& [begin, end] : stretches(day, hours))
      sum += std::max(Duration{0}, std::min(end, to) - std::max(begin, from));
  return sum;
}

Time Calendar::next_opening(Time t, const WorkingHours& hours) const {
  Day day = local_day(t);
  for (int i = 0; i < kFarthest; ++i, day += days(1))
    for (const auto& [from, to] : stretches(day, hours))
      if (t < to) return std::max(from, t);
  return t;
}

}  // namespace lifang::rosters

namespace lifang {

std::optional<rosters::ClockTime> JsonText<rosters::ClockTime>::from(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto h = rosters::number(text.substr(0, 2)), m = rosters::number(text.substr(3, 2));
  if (!h || !m || *h < 0 || *m < 0 || *m > 59 || *h * 60 + *m > 24 * 60) return std::nullopt;
  return rosters::ClockTime{*h * 60 + *m};
}

std::string JsonText<rosters::ClockTime>::to(const rosters::ClockTime& clock) {
  return fmt::format("{:02}:{:02}", clock.minutes / 60, clock.minutes % 60);
}

}  // namespace lifang
