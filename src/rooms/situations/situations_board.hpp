// The board of situations: what a wall screen shows of a subtree at a glance. A part of the door.
#pragma once
#include "rooms/situations/situations.hpp"

namespace lifang::situations {

struct BoardFilter {
  std::optional<std::string> place;  ///< its subtree; absent: wherever the caller has the right
  std::optional<Time> from;          ///< days are counted from this one on; absent: no days
  std::size_t limit = 400;           ///< marks
};

/// An open situation as a mark on the map. `shown`: the place on the map at or around it, never a home.
struct Mark {
  SituationId id;
  rules::RuleId rule;
  devices::DeviceId device;
  std::string shown;
  Severity severity = Severity::info;
  Time began_at;
  bool seen = false;
};
/// Open situations at a place on the map.
struct PlaceCount {
  std::string place;
  std::int64_t critical = 0, warning = 0, info = 0;
};
/// Situations that began on a day of the district's zone.
struct DayCount {
  std::string day;
  std::int64_t critical = 0, warning = 0, info = 0;
};
/// Drills and what is silenced by maintenance are left out of everything but their own counts.
struct Board {
  std::int64_t critical = 0, warning = 0, info = 0;
  std::int64_t unseen = 0, drills = 0, silenced = 0;
  std::vector<Mark> marks;  ///< the worst first, then the newest; at most the limit
  std::vector<PlaceCount> places;
  std::vector<DayCount> days;
};
BOOST_DESCRIBE_STRUCT(BoardFilter, (), (place, from, limit))
BOOST_DESCRIBE_STRUCT(Mark, (), (id, rule, device, shown, severity, began_at, seen))
BOOST_DESCRIBE_STRUCT(PlaceCount, (), (place, critical, warning, info))
BOOST_DESCRIBE_STRUCT(DayCount, (), (day, critical, warning, info))
BOOST_DESCRIBE_STRUCT(Board, (), (critical, warning, info, unseen, drills, silenced, marks, places, days))

}  // namespace lifang::situations
