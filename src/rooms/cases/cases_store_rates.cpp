// The three rates and the cases behind them, out of holdings: whoever held a case answers for that stretch of it.
#include <fmt/format.h>

#include <algorithm>

#include "base/check.hpp"
#include "rooms/cases/cases_store.hpp"

namespace lifang::cases::store {
namespace {

// Decided: taken, or left lying beyond its time. A holding that was passed on in time counts for nobody.
constexpr std::string_view kResponseAll =
    "h.accept_by IS NOT NULL AND (h.accepted_at IS NOT NULL OR (h.until IS NOT NULL AND h.until >= h.accept_by))";
constexpr std::string_view kResponseGood = "h.accept_by IS NOT NULL AND h.accepted_at IS NOT NULL AND h.accepted_at <= h.accept_by";
// The outcome belongs to whoever handled it last.
constexpr std::string_view kHandler = "h.handled_at IS NOT NULL AND h.handled_at = c.handled_at";
constexpr std::string_view kSolvedAll = "h.handled_at = c.handled_at AND c.solved IS NOT NULL";
constexpr std::string_view kSolvedGood = "h.handled_at = c.handled_at AND c.solved = 1";
constexpr std::string_view kSatisfiedAll = "h.handled_at = c.handled_at AND c.scores > 0";
constexpr std::string_view kSatisfiedGood = "h.handled_at = c.handled_at AND c.scores > 0 AND c.score_sum >= 3 * c.scores";
constexpr std::string_view kOverdue =
    "((h.accept_by IS NOT NULL AND (h.accepted_at > h.accept_by OR (h.accepted_at IS NULL AND h.until >= h.accept_by))) OR "
    "(h.handle_by IS NOT NULL AND (h.handled_at > h.handle_by OR (h.handled_at IS NULL AND h.until >= h.handle_by))))";
constexpr std::string_view kReopened = "h.handled_at = c.handled_at AND c.reopened > 0";

std::string key_of(RatesBy by) {
  return by == RatesBy::organisation ? "h.organisation" : by == RatesBy::post ? "h.post" : "c.kind";
}

db::Where where_of(const std::vector<std::string>& roots, const RatesFilter& filter) {
  db::Where where;
  where.plain("c.drill = 0");
  where.plain("c.ending <> 'merged'");
  where.plain("c.appeal <> 'granted'");
  if (std::find(roots.begin(), roots.end(), "/") == roots.end()) where.under("c.path", roots);
  if (filter.place_path) where.under("c.path", {*filter.place_path});
  where.maybe("h.since >= $", filter.from);
  where.maybe("h.since < $", filter.to);
  if (filter.key) where.add(key_of(filter.by) + " = $", *filter.key);
  return where;
}

std::string sum(std::string_view condition) { return fmt::format("COALESCE(SUM(CASE WHEN {} THEN 1 ELSE 0 END), 0)", condition); }

std::optional<double> share(std::int64_t good, std::int64_t all) {
  if (all == 0) return std::nullopt;
  return static_cast<double>(good) / static_cast<double>(all);
}

std::string condition_of(Measure measure, bool good) {
  const auto against = [](std::string_view all, std::string_view well) { return fmt::format("({}) AND NOT ({})", all, well); };
  switch (measure) {
    case Measure::response: return good ? std::string(kResponseGood) : against(kResponseAll, kResponseGood);
    case Measure::solved: return good ? std::string(kSolvedGood) : against(kSolvedAll, kSolvedGood);
    case Measure::satisfied: return good ? std::string(kSatisfiedGood) : against(kSatisfiedAll, kSatisfiedGood);
    case Measure::overdue: return good ? fmt::format("NOT COALESCE({}, 1 = 0)", kOverdue) : std::string(kOverdue);
    case Measure::reopened: return good ? fmt::format("{} AND c.reopened = 0", kHandler) : std::string(kReopened);
  }
  check(false, "a measure has its condition");
  return {};
}

}  // namespace

std::vector<Rates> rates(Reader& reader, const std::vector<std::string>& roots, const RatesFilter& filter) {
  const std::string key = key_of(filter.by);
  const db::Where where = where_of(roots, filter);
  std::string sql = "SELECT " + key + ", COUNT(DISTINCT h.case_id)";
  for (const std::string_view measure : {kResponseGood, kResponseAll, kSolvedGood, kSolvedAll, kSatisfiedGood, kSatisfiedAll,
                                         kOverdue, kReopened})
    sql += ", " + sum(measure);
  sql += " FROM cases_holdings h JOIN cases c ON c.id = h.case_id" + where.sql() + " GROUP BY " + key + " ORDER BY " + key;
  std::vector<Rates> found;
  reader.each_of(sql, where.params(), [&](const db::Row& row) {
    Rates r;
    r.key = row.text(0);
    r.cases = row.integer(1);
    r.response_good = row.integer(2);
    r.response_all = row.integer(3);
    r.solved_good = row.integer(4);
    r.solved_all = row.integer(5);
    r.satisfied_good = row.integer(6);
    r.satisfied_all = row.integer(7);
    r.overdue = row.integer(8);
    r.reopened = row.integer(9);
    r.response = share(r.response_good, r.response_all);
    r.solved = share(r.solved_good, r.solved_all);
    r.satisfied = share(r.satisfied_good, r.satisfied_all);
    found.push_back(std::move(r));
  });
  return found;
}

std::vector<CaseId> behind(Reader& reader, const std::vector<std::string>& roots, const RatesFilter& filter, Measure measure) {
  db::Where where = where_of(roots, filter);
  where.plain("(" + condition_of(measure, filter.good) + ")");
  where.maybe("h.case_id < $", filter.after);
  const std::string limit = where.placeholder(filter.limit);
  std::vector<CaseId> found;
  reader.each_of("SELECT DISTINCT h.case_id FROM cases_holdings h JOIN cases c ON c.id = h.case_id" + where.sql() +
                     " ORDER BY h.case_id DESC LIMIT " + limit,
                 where.params(), [&](const db::Row& row) { found.push_back(row.get<CaseId>(0)); });
  return found;
}

}  // namespace lifang::cases::store
