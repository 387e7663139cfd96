#include "rooms/cases/cases_board.hpp"

#include <algorithm>
#include <map>

#include "rooms/cases/cases.hpp"
#include "rooms/cases/cases_parts.hpp"
#include "rooms/cases/cases_store.hpp"
#include "rooms/places/places_outlines.hpp"

namespace lifang::cases {
namespace {

constexpr std::int64_t kDay = 86'400'000;

std::int64_t& in_state(CircleCount& count, State state) {
  switch (state) {
    case State::accepted: return count.working;
    case State::handled:
    case State::verified: return count.checking;
    case State::deferred: return count.deferred;
    default: return count.waiting;
  }
}

/// What is counted of what they see: below the place, or wherever they see any. @throws as places::board_roots
store::Scope below(Reader& reader, const Caller& caller, store::Scope scope, const std::optional<std::string>& place) {
  if (!place) return scope;
  const auto found = places::Places::find(reader, places::PlaceId{*place});
  const bool reads = found ? caller.may("cases.read", found->path) || !caller.may("cases.called") : caller.may("cases.read");
  const auto roots = places::board_roots(reader, caller, reads ? "cases.read" : "cases.called", place);
  if (reads) {
    scope.roots = roots;
    scope.called.clear();
    return scope;
  }
  std::erase_if(scope.roots, [&](const std::string& root) { return !root.starts_with(roots.front()); });
  scope.called = roots;
  return scope;
}

}  // namespace

Board Cases::board(Reader& reader, const Caller& caller, const BoardFilter& filter) const {
  const rosters::Rosters& rosters = parts_->tools.rosters;
  const store::Scope scope = below(reader, caller, sight(reader, caller), filter.place);
  Board board{rosters.now(), {{Circle::micro}, {Circle::small}, {Circle::great}}, {}, {}};
  const auto of = [&](Circle circle) -> CircleCount& { return board.circles.at(static_cast<std::size_t>(circle)); };
  std::vector<std::string> roots = scope.roots;
  roots.insert(roots.end(), scope.called.begin(), scope.called.end());
  const places::Shown shown(reader, roots);
  std::map<std::string, PlaceCount, std::less<>> places;
  for (const store::OpenCount& count : store::open_counts(reader, scope, filter, board.at)) {
    CircleCount& circle = of(count.circle);
    const std::int64_t late = count.overdue ? count.count : 0;
    circle.open += count.count;
    circle.overdue += late;
    in_state(circle, count.state) += count.count;
    const std::string id{shown.id_of(count.path)};
    PlaceCount& place = places[id];
    place.place = places::PlaceId{id};
    place.open += count.count;
    place.overdue += late;
    place.highest = std::max(place.highest, count.circle);
  }
  for (auto& [id, place] : places) board.places.push_back(std::move(place));

  const std::int64_t shift = rosters.offset_minutes() * 60'000LL;
  const std::int64_t today = (to_ms(board.at) + shift) / kDay;
  const Time midnight = from_ms(today * kDay - shift);
  const Time from = std::min(filter.from.value_or(midnight), midnight);
  std::map<std::int64_t, DayCount> days;
  for (const store::OfDay& day : store::opened_by_day(reader, scope, filter, from, rosters.offset_minutes())) {
    days[day.day].opened += day.count;
    if (day.day == today) of(day.circle).opened_today += day.count;
  }
  for (const store::OfDay& day : store::ended_by_day(reader, scope, filter, from, rosters.offset_minutes())) {
    days[day.day].ended += day.count;
    if (day.day == today) of(day.circle).ended_today += day.count;
  }
  if (!filter.from) return board;
  for (auto& [day, count] : days) {
    count.day = to_rfc3339(from_ms(day * kDay)).substr(0, 10);
    board.days.push_back(std::move(count));
  }
  return board;
}

}  // namespace lifang::cases
