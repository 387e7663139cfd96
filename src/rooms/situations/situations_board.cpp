#include "rooms/situations/situations_board.hpp"

#include <algorithm>
#include <map>

#include "rooms/places/places_outlines.hpp"
#include "rooms/situations/situations_store.hpp"

namespace lifang::situations {
namespace {

template <class Count>
void add(Count& count, Severity severity, std::int64_t n) {
  (severity == Severity::critical ? count.critical : severity == Severity::warning ? count.warning : count.info) += n;
}

}  // namespace

Board Situations::board(Reader& reader, const Caller& caller, const BoardFilter& filter) const {
  const auto roots = places::board_roots(reader, caller, "situations.read", filter.place);
  const places::Shown shown(reader, roots);
  Board board;
  std::map<std::string, PlaceCount, std::less<>> places;
  store::each_on_board(reader, roots, [&](Mark&& mark, std::string_view path, bool silenced, bool drill) {
    board.silenced += silenced ? 1 : 0;
    board.drills += drill ? 1 : 0;
    if (silenced || drill) return;
    mark.shown = shown.id_of(path);
    add(board, mark.severity, 1);
    board.unseen += mark.seen ? 0 : 1;
    auto& place = places[mark.shown];
    place.place = mark.shown;
    add(place, mark.severity, 1);
    board.marks.push_back(std::move(mark));
  });
  std::sort(board.marks.begin(), board.marks.end(), [](const Mark& a, const Mark& b) {
    return a.severity != b.severity ? a.severity > b.severity : a.id.text > b.id.text;
  });
  if (board.marks.size() > filter.limit) board.marks.resize(filter.limit);
  for (auto& [id, count] : places) board.places.push_back(std::move(count));
  if (!filter.from) return board;
  for (const store::OfDay& of : store::by_day(reader, roots, *filter.from, offset_minutes_)) {
    if (board.days.empty() || board.days.back().day != of.day) board.days.push_back({of.day});
    add(board.days.back(), of.severity, of.count);
  }
  return board;
}

}  // namespace lifang::situations
