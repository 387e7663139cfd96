// The working calendar: which days are worked and in which hours. Pure; a part of the door of rosters.
#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "base/time.hpp"

namespace lifang::rosters {

using Day = std::chrono::local_days;  ///< a day in the district's zone

/// "2026-02-14" in ISO 8601 order of text; the key of stored days.
std::string to_text(Day day);
std::optional<Day> day_of_text(std::string_view text);

/// Minutes since local midnight, 0…1440. Written "08:30", "24:00".
struct ClockTime {
  int minutes = 0;
  auto operator<=>(const ClockTime&) const = default;
};

/// One stretch of a week: on these days (1 Monday … 7 Sunday) from … to, `from` < `to`.
struct Stretch {
  std::vector<std::int64_t> days;
  ClockTime from, to;
};
BOOST_DESCRIBE_STRUCT(Stretch, (), (days, from, to))

/// The working hours of an organisation. `keeps_holidays`: public holidays are free and make-up days are worked
/// as a Monday; without it the week alone counts (guards, hospitals).
struct WorkingHours {
  static constexpr auto defaulted = members("keeps_holidays");
  std::vector<Stretch> week;
  bool keeps_holidays = true;
};
BOOST_DESCRIBE_STRUCT(WorkingHours, (), (week, keeps_holidays))

/// Monday to Friday 08:30–12:00 and 13:30–17:30: what offices keep unless they say otherwise.
WorkingHours office_hours();

/// A district's calendar over some stretch of days.
class Calendar {
 public:
  /// `offset_minutes`: of the district's zone from UTC. `days`: those that differ from the week: true is off
  /// (holiday), false is worked (make-up day).
  Calendar(int offset_minutes, std::map<Day, bool> days) : offset_(offset_minutes), days_(std::move(days)) {}

  Day local_day(Time t) const;
  /// Minutes since local midnight.
  int local_minutes(Time t) const;
  Time at(Day day, ClockTime clock) const;

  /// Whether the day is worked by those who keep holidays.
  bool is_working(Day day) const;
  /// The stretches of one day, in order.
  std::vector<std::pair<Time, Time>> stretches(Day day, const WorkingHours& hours) const;

  /// The instant at which `duration` of working time has passed since `start`; exact to the millisecond. Where a
  /// stretch is used up exactly, its end ("by 17:30"), not the next morning. Nothing to add: `start`.
  Time add(Time start, Duration duration, const WorkingHours& hours) const;
  /// Working time in [from, to).
  Duration between(Time from, Time to, const WorkingHours& hours) const;
  /// The first working instant at or after `t`.
  Time next_opening(Time t, const WorkingHours& hours) const;

 private:
  int offset_;
  std::map<Day, bool> days_;
};

}  // namespace lifang::rosters

namespace lifang {
template <>
struct JsonText<rosters::ClockTime> {
  static std::optional<rosters::ClockTime> from(std::string_view text);
  static std::string to(const rosters::ClockTime& clock);
  static constexpr std::string_view code = "json.bad_clock", expected = "a time of day such as 08:30";
};
}  // namespace lifang
