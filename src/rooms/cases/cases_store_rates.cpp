// The three rates and the cases behind them, out of holdings: whoever held a case answers for that stretch of it, and
// whoever handled it for how that round of work ended.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "base/check.hpp"
#include "rooms/cases/cases.hpp"
#include "rooms/cases/cases_scores.hpp"
#include "rooms/cases/cases_store_query.hpp"

namespace lifang::cases::store {
namespace {

// @lay: until when it lay with them. What stands open still does, unless it was put off.
constexpr std::string_view kLay = "COALESCE(h.until, CASE WHEN c.open = 1 AND c.state <> 'deferred' THEN {} ELSE h.since END)";
// Decided: taken, or left lying beyond its time. A holding that was passed on in time counts for nobody.
constexpr std::string_view kResponseAll =
    "h.accept_by IS NOT NULL AND (h.accepted_at IS NOT NULL OR @lay >= h.accept_by)";
constexpr std::string_view kResponseGood = "h.accept_by IS NOT NULL AND h.accepted_at IS NOT NULL AND h.accepted_at <= h.accept_by";
// Of a place, a kind or a month the case is counted by how it stands, with whoever handled it last; of a post or an
// organisation by how their own round of work ended (judged_last).
constexpr std::string_view kHandler =
    "h.held = 1 AND h.handled_at IS NOT NULL AND (h.handled_at = c.handled_at OR h.reopened > 0)";
constexpr std::string_view kSolvedAll = "h.held = 1 AND h.handled_at = c.handled_at AND c.solved IS NOT NULL";
constexpr std::string_view kSolvedGood = "c.solved = 1";
constexpr std::string_view kSatisfiedAll = "h.held = 1 AND h.handled_at = c.handled_at AND c.scores > 0";
constexpr std::string_view kSatisfiedGood = "c.score_sum >= 3 * c.scores";
constexpr std::string_view kOverdue =
    "((h.accept_by IS NOT NULL AND (h.accepted_at > h.accept_by OR (h.accepted_at IS NULL AND @lay >= h.accept_by))) OR "
    "(h.handle_by IS NOT NULL AND (h.handled_at > h.handle_by OR (h.handled_at IS NULL AND @lay >= h.handle_by))))";
constexpr std::string_view kAny = "1 = 1";

constexpr std::string_view kHoldings =
    "(SELECT case_id, n, organisation, post, since, until, accept_by, accepted_at, handle_by, handled_at, solved, "
    "score_sum, scores, reopened, 1 AS held FROM cases_holdings)";
// Who was called and who owes a part answer for that beside the holder, in the same words. Lateness is noted at the
// deadline itself, so a case that ended before it counts for nobody; a part counts when it was due. What was called before
// its organisation was kept stands under the name by which it was called.
constexpr std::string_view kWithBeside =
    "(SELECT case_id, n, organisation, post, since, until, accept_by, accepted_at, handle_by, handled_at, solved, "
    "score_sum, scores, reopened, 1 AS held FROM cases_holdings "
    "UNION ALL SELECT case_id, 0, COALESCE(answers_for, organisation), organisation, called_at, "
    "CASE WHEN late = 1 THEN report_in_by ELSE called_at END, report_in_by, in_at, CAST(NULL AS BIGINT), "
    "CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), 0, 0, 0, 0 FROM cases_called "
    "UNION ALL SELECT case_id, 0, organisation, post, due, CASE WHEN late = 1 THEN due ELSE due - 1 END, "
    "CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), due, done_at, CAST(NULL AS BIGINT), 0, 0, 0, 0 FROM cases_parts)";

/// What a measure counts: stretches that matter to it, and which of them are well. A case is good when all of its
/// stretches that matter are, so that a figure is the number of cases behind it.
struct Weighed {
  std::string all, good;
};

/// The same condition with the placeholder of the moment of asking.
std::string at(std::string_view condition, const std::string& now) {
  const std::string lay = fmt::format(kLay, now);
  std::string words(condition);
  for (auto cut = words.find("@lay"); cut != std::string::npos; cut = words.find("@lay", cut + lay.size())) words.replace(cut, 4, lay);
  return words;
}

std::string key_of(RatesBy by) {
  return by == RatesBy::organisation ? "h.organisation" : by == RatesBy::post ? "h.post" : "c.kind";
}

constexpr std::int64_t kDay = 86'400'000;

/// Places and months are rolled up from paths and days afterwards: neither engine knows our tree or our zone.
std::string key_of(const ScoresFilter& filter) {
  switch (filter.by) {
    case ScoresBy::organisation: return "h.organisation";
    case ScoresBy::post: return "h.post";
    case ScoresBy::kind: return "c.kind";
    case ScoresBy::place: return "c.path";
    case ScoresBy::month: return fmt::format("CAST((c.opened_at + {}) / {} AS BIGINT)", filter.offset_minutes * 60'000, kDay);
  }
  return {};
}

/// What is called to others too says of itself, by organisation and by post, how well whoever looks did their own part.
std::string own_line(db::Where& where, const Scope& scope, const std::string& key) {
  if (scope.called.empty()) return {};
  std::string any;
  if (key == "h.organisation") {
    if (!scope.organisations.empty()) any = key + " IN (" + where.placeholders(scope.organisations) + ")";
  } else if (key == "h.post") {
    for (const auto& [post, path] : scope.posts_at)
      any += fmt::format("{}({} = {} AND {})", any.empty() ? "" : " OR ", key, where.placeholder(post), within(where, "c.path", path));
  } else {
    return {};
  }
  return " AND (" + (any.empty() ? std::string("1 = 0") : any) + ")";
}

/// `key`: by what the figures are split.
db::Where where_of(const Scope& scope, const RatesFilter& filter, const std::string& key) {
  db::Where where;
  where.plain("c.drill = 0");
  // What was merged counts with the case that goes on, but whoever was late with it by then was late.
  where.plain("(c.ending <> 'merged' OR (h.held = 1 AND (h.accepted_at > h.accept_by OR (h.accepted_at IS NULL AND h.until >= h.accept_by) OR "
              "h.handled_at > h.handle_by OR (h.handled_at IS NULL AND h.until >= h.handle_by))))");
  where.plain("c.appeal <> 'granted'");
  add_sight(where, scope, "c.", own_line(where, scope, key));
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

Rates with_shares(Rates r) {
  r.response = share(r.response_good, r.response_all);
  r.solved = share(r.solved_good, r.solved_all);
  r.satisfied = share(r.satisfied_good, r.satisfied_all);
  return r;
}

/// Whether the key is of whoever held it: a post or an organisation.
bool is_of_holders(const std::string& key) { return key == "h.organisation" || key == "h.post"; }

/// The last of their rounds with the case of which this is so: who mended what they had done badly has mended it, and
/// was opened again all the same.
std::string judged_last(const std::string& key, std::string_view judged) {
  return fmt::format(
      "h.held = 1 AND h.{0} AND NOT EXISTS (SELECT 1 FROM cases_holdings l WHERE l.case_id = h.case_id AND l.n > h.n "
      "AND l.{1} = {2} AND l.{0})",
      judged, key.substr(2), key);
}

Weighed weighed(Measure measure, const std::string& key) {
  const auto weigh = [](std::string_view all, std::string_view good) {
    return Weighed{std::string(all), std::string(good)};
  };
  const bool own = is_of_holders(key);
  switch (measure) {
    case Measure::response: return weigh(kResponseAll, kResponseGood);
    case Measure::solved:
      return own ? weigh(judged_last(key, "solved IS NOT NULL"), "h.solved = 1") : weigh(kSolvedAll, kSolvedGood);
    case Measure::satisfied:
      return own ? weigh(judged_last(key, "scores > 0"), "h.score_sum >= 3 * h.scores")
                 : weigh(kSatisfiedAll, kSatisfiedGood);
    case Measure::overdue: return weigh(kAny, {});
    case Measure::reopened: return weigh(kHandler, own ? "h.reopened = 0" : "c.reopened = 0");
  }
  return {};
}

/// Stretches that count against somebody. Never NULL.
std::string against(Measure measure, const std::string& key) {
  if (measure == Measure::overdue) return fmt::format("COALESCE({}, 1 = 0)", kOverdue);
  const Weighed w = weighed(measure, key);
  return fmt::format("({}) AND NOT ({})", w.all, w.good);
}

}  // namespace

namespace {

void add(Rates& to, const Rates& r) {
  to.cases += r.cases;
  to.response_good += r.response_good, to.response_all += r.response_all;
  to.solved_good += r.solved_good, to.solved_all += r.solved_all;
  to.satisfied_good += r.satisfied_good, to.satisfied_all += r.satisfied_all;
  to.overdue += r.overdue, to.reopened += r.reopened;
}

/// Whether somebody can be meant who was only called, or owed a part.
std::string_view stretches_of(const std::string& key) { return is_of_holders(key) ? kWithBeside : kHoldings; }

std::vector<Rates> rates_by(Reader& reader, const std::string& key, db::Where where, Time asked) {
  const std::string now = where.placeholder(asked);
  const auto cases = [&](const std::string& condition) {
    return fmt::format(", COUNT(DISTINCT CASE WHEN {} THEN h.case_id END)", at(condition, now));
  };
  std::string sql = "SELECT " + key + ", COUNT(DISTINCT h.case_id)";
  for (const Measure measure : {Measure::response, Measure::solved, Measure::satisfied})
    sql += cases(weighed(measure, key).all) + cases(against(measure, key));
  for (const Measure measure : {Measure::overdue, Measure::reopened}) sql += cases(against(measure, key));
  sql += fmt::format(" FROM {} h JOIN cases c ON c.id = h.case_id{} GROUP BY {} ORDER BY {}", stretches_of(key), where.sql(), key, key);
  std::vector<Rates> found;
  reader.each_of(sql, where.params(), [&](const db::Row& row) {
    Rates r;
    r.key = row.null(0) ? "" : std::string(row.text(0));
    r.cases = row.integer(1);
    r.response_all = row.integer(2), r.response_good = r.response_all - row.integer(3);
    r.solved_all = row.integer(4), r.solved_good = r.solved_all - row.integer(5);
    r.satisfied_all = row.integer(6), r.satisfied_good = r.satisfied_all - row.integer(7);
    r.overdue = row.integer(8);
    r.reopened = row.integer(9);
    found.push_back(with_shares(std::move(r)));
  });
  return found;
}

}  // namespace

std::vector<Rates> rates(Reader& reader, const Scope& scope, const RatesFilter& filter, Time now) {
  return rates_by(reader, key_of(filter.by), where_of(scope, filter, key_of(filter.by)), now);
}

namespace {

/// What of a page is asked for: whose figure, from where on, and when.
struct Behind {
  std::string key;
  Measure measure;
  bool good;
  std::optional<std::string> after;
  std::size_t limit;
  Time now;
};

/// The cases that one figure counts: with `good` those of which nothing speaks against them.
std::vector<CaseId> behind_where(Reader& reader, db::Where where, const Behind& asked) {
  where.maybe("h.case_id < $", asked.after);
  const std::string bad = sum(against(asked.measure, asked.key));
  std::string having =
      asked.good ? fmt::format("{} > 0 AND {} = 0", sum(weighed(asked.measure, asked.key).all), bad) : bad + " > 0";
  // PostgreSQL takes no parameter that nothing names: not every measure looks at the clock.
  if (having.find("@lay") != std::string::npos) having = at(having, where.placeholder(asked.now));
  const std::string limit = where.placeholder(asked.limit);
  const std::string sql = fmt::format(
      "SELECT h.case_id FROM {} h JOIN cases c ON c.id = h.case_id{} GROUP BY h.case_id HAVING {} ORDER BY h.case_id DESC LIMIT {}",
      stretches_of(asked.key), where.sql(), having, limit);
  std::vector<CaseId> found;
  reader.each_of(sql, where.params(), [&](const db::Row& row) { found.push_back(row.get<CaseId>(0)); });
  return found;
}

}  // namespace

std::vector<CaseId> behind(Reader& reader, const Scope& scope, const RatesFilter& filter, Measure measure, Time now) {
  return behind_where(reader, where_of(scope, filter, key_of(filter.by)), {key_of(filter.by), measure, filter.good, filter.after, filter.limit, now});
}

}  // namespace lifang::cases::store

namespace lifang::cases {
namespace {

using store::add;
using store::kDay;

/// The local month of a day number: "2026-03".
std::string month_of(std::int64_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  return fmt::format("{:04}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()));
}

/// The compound in a path, or the last place of it where there is none.
std::string compound_in(Reader& reader, const std::string& path, std::map<std::string, std::string>& known) {
  if (const auto found = known.find(path); found != known.end()) return found->second;
  const auto ids = places::Places::ids_in(path);
  std::string last = ids.empty() ? "" : ids.back();
  for (const std::string& id : ids)
    if (places::Places::kind_of(reader, places::PlaceId{id}) == places::Kind::compound) last = id;
  return known[path] = last;
}

/// The instant at which the local month "2026-03" begins, or the one after it.
Time month_begins(const std::string& month, int plus, int offset_minutes) {
  const int year = std::stoi(month.substr(0, 4)), number = std::stoi(month.substr(5, 2));
  const auto first = std::chrono::year{year} / std::chrono::month{static_cast<unsigned>(number)} + std::chrono::months{plus};
  return Time{std::chrono::sys_days{first / 1}} - std::chrono::minutes{offset_minutes};
}

bool is_month(const std::string& text) {
  return text.size() == 7 && text[4] == '-' && text.find_first_not_of("0123456789-") == std::string::npos && text.substr(5) >= "01" &&
         text.substr(5) <= "12";
}

db::Where where_of(Reader& reader, const store::Scope& scope, const ScoresFilter& filter) {
  RatesFilter plain;
  plain.place_path = filter.place_path;
  if (filter.by != ScoresBy::month) {
    plain.from = filter.from;
    plain.to = filter.to;
  }
  db::Where where = store::where_of(scope, plain, store::key_of(filter));
  if (filter.by == ScoresBy::month) {
    where.maybe("c.opened_at >= $", filter.from);
    where.maybe("c.opened_at < $", filter.to);
  }
  if (!filter.key) return where;
  if (filter.by == ScoresBy::place) {
    const auto place = places::Places::find(reader, places::PlaceId{*filter.key});
    where.under("c.path", place ? std::vector{place->path} : std::vector<std::string>{});
  } else if (filter.by == ScoresBy::month) {
    if (!is_month(*filter.key)) throw invalid("cases.bad_month", "?key", "a month such as 2026-03");
    where.add("c.opened_at >= $", month_begins(*filter.key, 0, filter.offset_minutes));
    where.add("c.opened_at < $", month_begins(*filter.key, 1, filter.offset_minutes));
  } else {
    where.add(store::key_of(filter) + " = $", *filter.key);
  }
  return where;
}

}  // namespace

std::vector<Rates> scores(Reader& reader, const Cases& cases, const Caller& caller, const ScoresFilter& filter) {
  const auto where = where_of(reader, cases.sight(reader, caller), filter);
  const auto found = store::rates_by(reader, store::key_of(filter), where, cases.now());
  if (filter.by != ScoresBy::place && filter.by != ScoresBy::month) return found;
  std::map<std::string, Rates> rolled;
  std::map<std::string, std::string> known;
  for (const Rates& r : found) {
    const std::string key = filter.by == ScoresBy::month ? month_of(std::stoll(r.key)) : compound_in(reader, r.key, known);
    rolled[key].key = key;
    add(rolled[key], r);
  }
  std::vector<Rates> all;
  for (const auto& [key, r] : rolled) all.push_back(store::with_shares(r));
  return all;
}

std::vector<CaseId> scores_behind(Reader& reader, const Cases& cases, const Caller& caller, const ScoresFilter& filter, Measure measure) {
  return store::behind_where(reader, where_of(reader, cases.sight(reader, caller), filter),
                             {store::key_of(filter), measure, filter.good, filter.after, filter.limit, cases.now()});
}

Figures figures(Reader& reader, const Caller& caller, const std::string& place_path, Time from, Time to, Time now) {
  db::Where where;
  const auto roots = caller.paths("cases.read");
  if (std::find(roots.begin(), roots.end(), "/") == roots.end()) where.under("path", roots);
  where.under("path", {place_path});
  where.plain("drill = 0");
  const std::string since = where.placeholder(from), until = where.placeholder(to), at = where.placeholder(now);
  const auto within = [&](std::string_view column) { return fmt::format("{0} >= {1} AND {0} < {2}", column, since, until); };
  const std::string sql =
      "SELECT " + store::sum(within("opened_at")) + ", " +
      store::sum(fmt::format("({}) OR (verified_at IS NULL AND {})", within("verified_at"), within("closed_at"))) + ", " +
      store::sum("open = 1") + ", " + store::sum(fmt::format("open = 1 AND due IS NOT NULL AND due < {}", at)) +
      ", " + store::sum("state = 'deferred'") + ", " + store::sum("open = 1 AND supervised = 1") + " FROM cases" + where.sql();
  Figures f;
  reader.each_of(sql, where.params(), [&](const db::Row& row) {
    f = {row.integer(0), row.integer(1), row.integer(2), row.integer(3), row.integer(4), row.integer(5)};
  });
  return f;
}

}  // namespace lifang::cases
