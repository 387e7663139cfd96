// The board of cases: what a wall screen shows of a subtree at a glance. A part of the door.
#pragma once
#include "rooms/cases/cases_values.hpp"

namespace lifang::cases {

struct BoardFilter {
  std::optional<std::string> place;  ///< its subtree; absent: wherever the caller has a right
  std::optional<std::string> kind;
  std::optional<Time> from;          ///< days are counted from this one on; absent: no days
};

/// `waiting`: nobody has taken it; `working`: taken; `checking`: handled, not yet verified and closed.
struct CircleCount {
  Circle circle = Circle::micro;
  std::int64_t open = 0, overdue = 0;
  std::int64_t waiting = 0, working = 0, checking = 0, deferred = 0;
  std::int64_t opened_today = 0, ended_today = 0;  ///< since midnight of the district's zone
};
/// Open cases at a place on the map, or inside of it where a map shows no deeper: never by home.
struct PlaceCount {
  places::PlaceId place;
  std::int64_t open = 0, overdue = 0;
  Circle highest = Circle::micro;  ///< the highest circle that holds one of them
};
struct DayCount {
  std::string day;  ///< of the district's zone: "2026-11-22"
  std::int64_t opened = 0, ended = 0;
};
/// Drills count nowhere.
struct Board {
  Time at;
  std::vector<CircleCount> circles;  ///< all three, from the micro circle up
  std::vector<PlaceCount> places;
  std::vector<DayCount> days;
};
BOOST_DESCRIBE_STRUCT(BoardFilter, (), (place, kind, from))
BOOST_DESCRIBE_STRUCT(CircleCount, (), (circle, open, overdue, waiting, working, checking, deferred, opened_today, ended_today))
BOOST_DESCRIBE_STRUCT(PlaceCount, (), (place, open, overdue, highest))
BOOST_DESCRIBE_STRUCT(DayCount, (), (day, opened, ended))
BOOST_DESCRIBE_STRUCT(Board, (), (at, circles, places, days))

}  // namespace lifang::cases
