#include "rooms/situations/situations_store.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/reflect.hpp"

namespace lifang::situations::store {
namespace {

constexpr std::string_view kAdd =
    "INSERT INTO situations (id, rule, rule_number, rule_version, device, device_number, place, path, severity, state, "
    "silenced, drill, began_at, raised_at, peak, readings, text, text_en, evidence, cause, seen_by, false_alarm, "
    "false_reason, false_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10, $11, $12, $13, $14, $15, $16, $17, "
    "$18, $19, '', 0, '', '')";
constexpr std::string_view kRise =
    "UPDATE situations SET severity = $1, peak = $2, readings = $3, evidence = $4 WHERE id = $5";
constexpr std::string_view kUnsilence = "UPDATE situations SET silenced = 0 WHERE id = $1";
constexpr std::string_view kClear =
    "UPDATE situations SET state = 'cleared', ended_at = $1, cleared_at = $2, peak = $3, readings = $4 WHERE id = $5";
constexpr std::string_view kSee = "UPDATE situations SET seen_by = $1, seen_at = $2 WHERE id = $3";
constexpr std::string_view kMark =
    "UPDATE situations SET false_alarm = $1, false_reason = $2, false_by = $3 WHERE id = $4";
constexpr std::string_view kFalseRates =
    "SELECT rule, COUNT(*), SUM(false_alarm) FROM situations WHERE silenced = 0 AND drill = 0 GROUP BY rule ORDER BY rule";
constexpr std::string_view kFalseRate =
    "SELECT COUNT(*), SUM(false_alarm) FROM situations WHERE rule = $1 AND silenced = 0 AND drill = 0";
constexpr std::string_view kOpenOf =
    "SELECT device_number, rule_number, id, path FROM situations WHERE device = $1 AND state = 'open' ORDER BY id";
constexpr std::string_view kEnd = "UPDATE situations SET state = 'cleared', ended_at = $1, cleared_at = $1 WHERE id = $2";
constexpr std::string_view kOpen = "SELECT device_number, rule_number, id FROM situations WHERE state = 'open'";
constexpr std::string_view kSilenced =
    "SELECT id, device FROM situations WHERE state = 'open' AND silenced = 1 AND false_alarm = 0 ORDER BY id";
constexpr std::string_view kRebase =
    "UPDATE situations SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4";
constexpr std::string_view kColumns =
    "SELECT id, rule, rule_version, device, place, path, severity, state, silenced, drill, began_at, ended_at, raised_at, "
    "cleared_at, peak, readings, text, text_en, evidence, cause, seen_by, seen_at, false_alarm, false_reason FROM situations";

Situation situation_of(const db::Row& r) {
  Situation s;
  s.id = r.get<SituationId>(0);
  s.rule = r.get<rules::RuleId>(1);
  s.rule_version = r.integer(2);
  s.device = r.get<devices::DeviceId>(3);
  s.place = r.get<places::PlaceId>(4);
  s.path = r.text(5);
  s.severity = enum_of<Severity>(r.text(6));
  s.state = enum_of<State>(r.text(7));
  s.silenced = r.get<bool>(8);
  s.drill = r.get<bool>(9);
  s.began_at = r.time(10);
  s.ended_at = r.get<std::optional<Time>>(11);
  s.raised_at = r.time(12);
  s.cleared_at = r.get<std::optional<Time>>(13);
  s.peak = r.get<std::optional<double>>(14);
  s.readings = r.integer(15);
  s.text = r.text(16);
  s.text_en = r.text(17);
  s.evidence = from_json<std::vector<Evidence>>(r.text(18));
  s.cause = r.text(19);
  if (!r.text(20).empty()) s.seen_by = r.get<std::string>(20);
  s.seen_at = r.get<std::optional<Time>>(21);
  s.false_alarm = r.get<bool>(22);
  if (!r.text(23).empty()) s.false_reason = r.get<std::string>(23);
  return s;
}

db::Where where_of(const std::vector<std::string>& roots, const std::optional<std::string>& under, const Filter& filter) {
  db::Where where;
  where.under("path", roots);
  if (under) where.under("path", {*under});
  where.maybe("rule = $", filter.rule).maybe("device = $", filter.device).maybe("began_at >= $", filter.from);
  where.maybe("began_at < $", filter.to);
  if (filter.state) where.add("state = $", enum_name(*filter.state));
  if (filter.severity) where.add("severity = $", enum_name(*filter.severity));
  return where;
}

}  // namespace

void add(Tx& tx, const Situation& s, std::uint32_t rule_number, std::uint32_t device_number) {
  tx.run(kAdd, s.id, s.rule, rule_number, s.rule_version, s.device, device_number, s.place, s.path, enum_name(s.severity),
         s.silenced, s.drill, s.began_at, s.raised_at, s.peak, s.readings, s.text, s.text_en, to_json(s.evidence), s.cause);
}
void rise(Tx& tx, const Situation& s) {
  tx.run(kRise, enum_name(s.severity), s.peak, s.readings, to_json(s.evidence), s.id);
}
void unsilence(Tx& tx, const SituationId& id) { tx.run(kUnsilence, id); }
void clear(Tx& tx, const SituationId& id, Time ended_at, std::optional<double> peak, std::int64_t readings) {
  tx.run(kClear, ended_at, tx.now(), peak, readings, id);
}
std::vector<OpenOne> open_of(Reader& reader, const devices::DeviceId& device) {
  return reader.all(kOpenOf, [](const db::Row& r) {
    return OpenOne{r.get<std::uint32_t>(0), r.get<std::uint32_t>(1), r.get<SituationId>(2), std::string(r.text(3))};
  }, device);
}
void end(Tx& tx, const SituationId& id) { tx.run(kEnd, tx.now(), id); }
void see(Tx& tx, const SituationId& id, const std::string& by) { tx.run(kSee, by, tx.now(), id); }
void mark(Tx& tx, const SituationId& id, bool is_false, const std::string& reason, const std::string& by) {
  tx.run(kMark, is_false, reason, by, id);
}

std::optional<Situation> find(Reader& reader, const SituationId& id) {
  static const std::string sql = std::string(kColumns) + " WHERE id = $1";
  return reader.one(sql, situation_of, id);
}

std::vector<Situation> list(Reader& reader, const std::vector<std::string>& roots, const std::optional<std::string>& under,
                            const Filter& filter) {
  db::Where where = where_of(roots, under, filter);
  where.maybe("id < $", filter.after);
  const std::string limit = where.placeholder(filter.limit);
  std::vector<Situation> list;
  reader.each_of(std::string(kColumns) + where.sql() + " ORDER BY id DESC LIMIT " + limit, where.params(),
                 [&](const db::Row& r) { list.push_back(situation_of(r)); });
  return list;
}

std::int64_t count(Reader& reader, const std::vector<std::string>& roots, const std::optional<std::string>& under,
                   const Filter& filter) {
  const db::Where where = where_of(roots, under, filter);
  std::int64_t n = 0;
  reader.each_of("SELECT COUNT(*) FROM situations" + where.sql(), where.params(), [&](const db::Row& r) { n = r.integer(0); });
  return n;
}

std::vector<FalseRate> false_rates(Reader& reader) {
  return reader.all(kFalseRates, [](const db::Row& r) { return FalseRate{r.get<rules::RuleId>(0), r.integer(1), r.integer(2)}; });
}

FalseRate false_rate(Reader& reader, const rules::RuleId& rule) {
  const auto rate = reader.one(kFalseRate, [&](const db::Row& r) {
    return FalseRate{rule, r.integer(0), r.get<std::optional<std::int64_t>>(1).value_or(0)};
  }, rule);
  return rate.value_or(FalseRate{rule, 0, 0});
}

std::vector<Outcome> outcomes(Reader& reader, const rules::RuleId& rule, std::optional<Time> from, std::optional<Time> to,
                              std::size_t limit) {
  db::Where where;
  where.maybe("rule = $", std::optional(rule)).maybe("began_at >= $", from).maybe("began_at < $", to);
  where.add("silenced = $", false).add("drill = $", false);
  const std::string most = where.placeholder(limit);
  std::vector<Outcome> list;
  reader.each_of("SELECT device, began_at, ended_at, peak, false_alarm FROM situations" + where.sql() +
                     " ORDER BY id DESC LIMIT " + most,
                 where.params(), [&](const db::Row& r) {
                   list.push_back({r.get<std::string>(0), r.time(1), r.get<std::optional<Time>>(2),
                                   r.get<std::optional<double>>(3), r.get<bool>(4)});
                 });
  return list;
}

void each_open(Reader& reader, const std::function<void(std::uint32_t, std::uint32_t, SituationId)>& fn) {
  reader.each(kOpen, [&](const db::Row& r) { fn(r.get<std::uint32_t>(0), r.get<std::uint32_t>(1), r.get<SituationId>(2)); });
}

std::vector<std::pair<SituationId, devices::DeviceId>> silenced(Reader& reader) {
  const auto pair_of = [](const db::Row& r) { return std::pair{r.get<SituationId>(0), r.get<devices::DeviceId>(1)}; };
  return reader.all(kSilenced, pair_of);
}

void each_on_board(Reader& reader, const std::vector<std::string>& roots,
                   const std::function<void(Mark&&, std::string_view, bool, bool)>& fn) {
  db::Where where;
  where.plain("state = 'open'");
  where.under("path", roots);
  reader.each_of("SELECT id, rule, device, path, severity, began_at, seen_at, silenced, drill FROM situations" + where.sql(),
                 where.params(), [&](const db::Row& r) {
                   Mark mark{r.get<SituationId>(0), r.get<rules::RuleId>(1), r.get<devices::DeviceId>(2), {},
                             enum_of<Severity>(r.text(4)), r.time(5), !r.null(6)};
                   fn(std::move(mark), r.text(3), r.get<bool>(7), r.get<bool>(8));
                 });
}

std::vector<OfDay> by_day(Reader& reader, const std::vector<std::string>& roots, Time from, int offset_minutes) {
  constexpr std::int64_t kDay = 86'400'000;
  db::Where where;
  where.add("began_at >= $", from);
  where.plain("silenced = 0 AND drill = 0");
  if (std::find(roots.begin(), roots.end(), "/") == roots.end()) where.under("path", roots);
  const std::string day = fmt::format("(began_at + {}) / {}", offset_minutes * 60'000LL, kDay);
  std::vector<OfDay> found;
  reader.each_of("SELECT " + day + ", severity, COUNT(*) FROM situations" + where.sql() + " GROUP BY 1, 2 ORDER BY 1, 2",
                 where.params(), [&](const db::Row& r) {
                   found.push_back({to_rfc3339(from_ms(r.integer(0) * kDay)).substr(0, 10), enum_of<Severity>(r.text(1)), r.integer(2)});
                 });
  return found;
}

void rebase(Tx& tx, const std::string& from, const std::string& to) {
  std::string end = from;
  end.back() = '0';  // follows '/': everything below `from` lies between
  tx.run(kRebase, to, static_cast<std::int64_t>(from.size()) + 1, from, end);
}

}  // namespace lifang::situations::store
