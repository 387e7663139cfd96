// What a wall screen counts. Each query is answered by one index of 0003_board.sql alone, unless a kind is asked for or whoever
// looks sees what they are called to.
#include <fmt/format.h>

#include "base/members.hpp"
#include "rooms/cases/cases_store_query.hpp"

namespace lifang::cases::store {
namespace {

constexpr std::int64_t kDay = 86'400'000;

void add_seen(db::Where& where, const Scope& scope, const BoardFilter& filter) {
  where.plain("drill = 0");
  add_sight(where, scope, "");
  where.maybe("kind = $", filter.kind);
}

std::vector<OfDay> by_day(Reader& reader, const std::string& column, const Scope& scope,
                          const BoardFilter& filter, Time from, int offset_minutes) {
  db::Where where;
  where.add(column + " >= $", from);
  add_seen(where, scope, filter);
  std::vector<OfDay> found;
  reader.each_of(fmt::format("SELECT ({} + {}) / {}, circle, COUNT(*) FROM cases{} GROUP BY 1, 2", column,
                             offset_minutes * 60'000LL, kDay, where.sql()),
                 where.params(), [&](const db::Row& row) {
                   found.push_back({row.integer(0), enum_of<Circle>(row.text(1)), row.integer(2)});
                 });
  return found;
}

}  // namespace

std::vector<OpenCount> open_counts(Reader& reader, const Scope& scope, const BoardFilter& filter, Time now) {
  db::Where where;
  where.plain("open = 1");
  add_seen(where, scope, filter);
  const std::string late = fmt::format("CASE WHEN urgency < {} THEN 1 ELSE 0 END", where.placeholder(to_ms(now)));
  std::vector<OpenCount> found;
  reader.each_of("SELECT path, circle, state, " + late + ", COUNT(*) FROM cases" + where.sql() + " GROUP BY 1, 2, 3, 4",
                 where.params(), [&](const db::Row& row) {
                   found.push_back({std::string(row.text(0)), enum_of<Circle>(row.text(1)), enum_of<State>(row.text(2)),
                                    row.get<bool>(3), row.integer(4)});
                 });
  return found;
}

std::vector<OfDay> opened_by_day(Reader& reader, const Scope& scope, const BoardFilter& filter, Time from, int offset_minutes) {
  return by_day(reader, "opened_at", scope, filter, from, offset_minutes);
}

std::vector<OfDay> ended_by_day(Reader& reader, const Scope& scope, const BoardFilter& filter, Time from, int offset_minutes) {
  return by_day(reader, "closed_at", scope, filter, from, offset_minutes);
}

}  // namespace lifang::cases::store
