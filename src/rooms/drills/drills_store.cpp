#include "rooms/drills/drills_store.hpp"

#include "base/reflect.hpp"

namespace lifang::drills::store {
namespace {

constexpr std::string_view kInsert =
    "INSERT INTO drills (id, kind, rule, device, note, place, path, case_id, by, began_at, until, ended_at, blocked, cause) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL, $12, $9)";
constexpr std::string_view kColumns =
    "SELECT id, kind, rule, device, note, place, path, case_id, by, began_at, until, ended_at, blocked FROM drills";
constexpr std::string_view kFind =
    "SELECT id, kind, rule, device, note, place, path, case_id, by, began_at, until, ended_at, blocked FROM drills WHERE id = $1";
constexpr std::string_view kEnd = "UPDATE drills SET ended_at = $2 WHERE id = $1";
constexpr std::string_view kRuns = "SELECT 1 FROM drills WHERE kind = $1 AND place = $2 AND ended_at IS NULL";
constexpr std::string_view kRebase = "UPDATE drills SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4";

Drill drill_of(const db::Row& row) {
  Drill d;
  d.id = row.get<DrillId>(0);
  d.kind = row.text(1);
  d.rule = row.text(2);
  d.device = row.text(3);
  d.note = row.text(4);
  d.place = row.get<places::PlaceId>(5);
  d.path = row.text(6);
  d.case_ = row.get<cases::CaseId>(7);
  d.by = row.text(8);
  d.began_at = row.time(9);
  d.until = row.time(10);
  d.ended_at = row.get<std::optional<Time>>(11);
  d.blocked = from_json<std::vector<std::string>>(row.text(12));
  return d;
}

db::Where where_of(const std::vector<std::string>& roots, const Filter& filter) {
  db::Where where;
  where.under("path", roots);
  if (filter.place_path) where.under("path", {*filter.place_path});
  if (filter.running) where.plain("ended_at IS NULL");
  return where;
}

}  // namespace

void insert(Tx& tx, const Drill& d) {
  tx.run(kInsert, d.id, d.kind, d.rule, d.device, d.note, d.place, d.path, d.case_, d.by, d.began_at, d.until, to_json(d.blocked));
}

void end(Tx& tx, const DrillId& id, Time at) { tx.run(kEnd, id, at); }

std::optional<Drill> find(Reader& reader, const DrillId& id) { return reader.one(kFind, drill_of, id); }

bool runs(Reader& reader, const std::string& kind, const places::PlaceId& place) {
  return reader.value<std::int64_t>(kRuns, kind, place).has_value();
}

std::vector<Drill> list(Reader& reader, const std::vector<std::string>& roots, const Filter& filter) {
  db::Where where = where_of(roots, filter);
  where.maybe("id < $", filter.after);
  const std::string limit = where.placeholder(filter.limit);
  std::vector<Drill> found;
  reader.each_of(std::string(kColumns) + where.sql() + " ORDER BY id DESC LIMIT " + limit, where.params(),
                 [&](const db::Row& row) { found.push_back(drill_of(row)); });
  return found;
}

std::int64_t count(Reader& reader, const std::vector<std::string>& roots, const Filter& filter) {
  const db::Where where = where_of(roots, filter);
  std::int64_t n = 0;
  reader.each_of("SELECT COUNT(*) FROM drills" + where.sql(), where.params(), [&](const db::Row& row) { n = row.integer(0); });
  return n;
}

void rebase(Tx& tx, const std::string& from, const std::string& to) {
  std::string end = from;
  end.back() = '0';  // the character after '/'
  tx.run(kRebase, to, static_cast<std::int64_t>(from.size()) + 1, from, end);
}

}  // namespace lifang::drills::store
