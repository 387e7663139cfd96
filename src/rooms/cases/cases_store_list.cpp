// Lists of cases. With a million of them no single index serves every combination of filters, so the filter that leaves
// fewest rows leads; where none leaves few, rows are walked in the order of the list until the page is full.
#include <fmt/format.h>

#include <algorithm>

#include "base/members.hpp"
#include "base/text.hpp"
#include "rooms/cases/cases_store.hpp"
#include "rooms/cases/cases_store_query.hpp"
#include "rooms/cases/cases_store_row.hpp"

namespace lifang::cases::store {
namespace {

/// A filter that leaves at most so many rows is worth sorting for.
constexpr std::int64_t kFew = 4000;
/// The same of what somebody is called to, where only what is open is asked for: open ones lie far apart.
constexpr std::int64_t kFewOpen = 10'000;

/// One condition with the index that could serve it; `plain` lets the planner use that index, `hidden` does not.
struct Condition {
  std::string column;
  enum class Kind { equal, subtree, other } kind = Kind::other;
  std::string value, end;  ///< equal: the value; subtree: from, to
  std::string words;       ///< other: the condition itself with at most one $, or with @from and @to for `value` and `end`
  std::optional<std::int64_t> number = {};
  bool indexed = false;
  std::int64_t few = kFew + 1;  ///< rows that it leaves, at most kFew + 1
};

Condition equal(std::string column, std::string value, bool indexed) {
  return {std::move(column), Condition::Kind::equal, std::move(value), {}, {}, {}, indexed};
}
Condition subtree(const std::string& path) { return {"path", Condition::Kind::subtree, path, end_of(path), {}, {}, true}; }
Condition other(std::string words, std::optional<std::int64_t> number = {}) {
  return {{}, Condition::Kind::other, {}, {}, std::move(words), number};
}

/// The condition with both its ends, each a parameter once.
std::string between(db::Where& where, const Condition& c) {
  std::string words = c.words;
  for (const auto& [mark, value] : {std::pair<std::string, const std::string&>{"@from", c.value}, {"@to", c.end}}) {
    const std::string placeholder = where.placeholder(value);
    for (auto at = words.find(mark); at != std::string::npos; at = words.find(mark, at + placeholder.size()))
      words.replace(at, mark.size(), placeholder);
  }
  return words;
}

void add(db::Where& where, const Condition& c, bool plain) {
  const std::string column = plain ? c.column : c.column + " || ''";
  switch (c.kind) {
    case Condition::Kind::equal: where.add(column + " = $", c.value); break;
    case Condition::Kind::subtree:
      where.add(column + " >= $", c.value);
      where.add(column + " < $", c.end);
      break;
    case Condition::Kind::other:
      if (!c.end.empty()) where.plain(between(where, c));
      else if (c.number) where.add(c.words, *c.number);
      else if (!c.value.empty()) where.add(c.words, c.value);
      else where.plain(c.words);
      break;
  }
}

/// How many rows the condition leaves, counted up to kFew + 1 in its index.
std::int64_t count_few(Reader& reader, const Condition& c, bool open) {
  db::Where where;
  if (open) where.plain("open = 1");
  add(where, c, true);
  const std::string limit = where.placeholder(kFew + 1);
  std::int64_t n = 0;
  reader.each_of("SELECT COUNT(*) FROM (SELECT 1 FROM cases" + where.sql() + " LIMIT " + limit + ") AS few", where.params(),
                 [&](const db::Row& row) { n = row.integer(0); });
  return n;
}

bool is_number(const std::string& q) {
  return q.size() >= 4 && q.find_first_not_of("0123456789-") == std::string::npos;
}

/// Cases whose words hold all terms of `q`, the newest of them; or those whose number, ours or an outside system's, it is.
void add_search(std::vector<Condition>& all, Reader& reader, const std::string& q) {
  if (is_number(q)) {
    Condition either = other("id IN (SELECT id FROM cases WHERE number >= @from AND number < @to UNION SELECT id FROM cases "
                             "WHERE outer_number <> '' AND outer_number >= @from AND outer_number < @to)");
    either.value = q;
    either.end = q + ":";  // follows the digits
    all.push_back(either);
    return;
  }
  if (of_outer_number(reader, q)) {
    Condition same = other("id IN (SELECT id FROM cases WHERE outer_number <> '' AND outer_number = $)");
    same.value = q;
    all.push_back(same);
    return;
  }
  const bool sqlite = reader.session().engine() == db::Engine::sqlite;
  std::string terms;
  for (std::string term : search_terms(q)) {
    std::erase(term, '"');
    if (term.empty()) continue;
    if (sqlite) terms += (terms.empty() ? "\"" : " AND \"") + term + "\"";
    else terms += (terms.empty() ? "" : " ") + term;
  }
  if (terms.empty()) {
    all.push_back(other("1 = 0"));
    return;
  }
  Condition search = other(sqlite ? "seq IN (SELECT rowid FROM cases_words WHERE cases_words MATCH $ ORDER BY rowid DESC LIMIT 2000)"
                                  : "terms @> string_to_array($, ' ')");
  search.value = terms;
  all.push_back(search);
}

class Query {
 public:
  Query(Reader& reader, const Scope& scope, const Filter& filter, Time now)
      : reader_(reader), scope_(scope), filter_(filter), open_(filter.open.value_or(filter.by_due || filter.overdue || filter.mine)) {
    scope_conditions();
    plain_conditions(now);
  }
  /// For whoever has another reason to see them: neither places nor `mine`.
  static db::Where of_any(Reader& reader, const Scope& scope, Filter filter, Time now) {
    filter.mine = filter.reported = false;
    filter.open = filter.open.value_or(true);
    const Scope everywhere{{"/"}, scope.person, scope.account, {}, {}, {}};
    return Query(reader, everywhere, filter, now).where(nullptr);
  }

  bool open() const { return open_; }

  /// WHERE … for the page or the count; `lead` is what the planner may use an index for. A count looks at all there is, so
  /// what somebody is called to is a set then, however much it is.
  db::Where where(const Condition* lead, bool counting = false) const {
    db::Where where;
    if (open_) where.plain("open = 1");
    if (filter_.open == std::optional(false)) where.plain("open = 0");
    for (const Condition& c : all_) add(where, c, &c == lead);
    mine(where);
    own(where, counting || called_.few <= kFew);
    for (const std::vector<std::string>& roots : any_) {
      std::string any;
      for (const std::string& root : roots) {
        const std::string low = where.placeholder(root), high = where.placeholder(end_of(root));
        any += fmt::format("{}(path || '' >= {} AND path || '' < {})", any.empty() ? "" : " OR ", low, high);
      }
      where.plain("(" + any + ")");
    }
    return where;
  }

  /// The condition that leaves fewest rows, if they are few; otherwise one whose index has the order of the list.
  const Condition* lead() {
    const Condition* best = nullptr;
    for (Condition& c : all_) {
      if (!c.indexed) continue;
      if (open_ && c.kind == Condition::Kind::equal && (c.column == "state" || c.column == "kind")) continue;
      c.few = count_few(reader_, c, open_);
      if (c.few <= kFew && (!best || c.few < best->few)) best = &c;
    }
    count_called();
    if (called_.few <= kFew && (!best || called_.few < best->few)) best = &called_;
    if (best) return best;
    for (const Condition& c : all_)
      if (c.indexed && c.kind == Condition::Kind::equal &&
          (open_ ? c.column == "circle" || c.column == "post" || c.column == "person" : c.column == "kind" || c.column == "state"))
        return &c;
    return nullptr;
  }

 private:
  void scope_conditions() {
    if (!scope_.roots.empty() && !filter_.reported) {
      if (sees_everything() || !scope_.called.empty()) return;  // with what they are called to: see own()
      if (scope_.roots.size() == 1) all_.push_back(subtree(scope_.roots.front()));
      else any_.push_back(scope_.roots);
    }
  }

  void plain_conditions(Time now) {
    const auto id = [&](const char* column, const auto& value, bool indexed) {
      if (value) all_.push_back(equal(column, value->text, indexed));
    };
    if (filter_.state) all_.push_back(equal("state", std::string(enum_name(*filter_.state)), true));
    if (filter_.circle) all_.push_back(equal("circle", std::string(enum_name(*filter_.circle)), open_));
    if (filter_.grade) all_.push_back(equal("grade", std::string(enum_name(*filter_.grade)), false));
    if (filter_.kind) all_.push_back(equal("kind", *filter_.kind, true));
    id("post", filter_.post, open_);
    id("person", filter_.person, open_);
    id("organisation", filter_.organisation, false);
    if (filter_.place_path) all_.push_back(subtree(*filter_.place_path));
    if (filter_.overdue) all_.push_back(other("urgency < $", to_ms(now)));
    if (filter_.from) all_.push_back(other("opened_at >= $", to_ms(*filter_.from)));
    if (filter_.to) all_.push_back(other("opened_at < $", to_ms(*filter_.to)));
    if (filter_.closed_from) all_.push_back(other("closed_at >= $", to_ms(*filter_.closed_from)));
    if (filter_.appeal) {
      Condition c = other("id IN (SELECT id FROM cases WHERE appeal <> '' AND appeal = $)");
      c.value = std::string(enum_name(*filter_.appeal));
      all_.push_back(c);
    }
    if (filter_.deciding)
      all_.push_back(other("id IN (SELECT id FROM cases WHERE appeal = 'asked' UNION "
                           "SELECT id FROM cases WHERE open = 1 AND deferred_until IS NOT NULL AND state <> 'deferred')"));
    if (filter_.situation) {
      Condition c = other("id IN (SELECT case_id FROM cases_situations WHERE situation = $)");
      c.value = *filter_.situation;
      all_.push_back(c);
    }
    if (filter_.q) add_search(all_, reader_, *filter_.q);
  }

  void mine(db::Where& where) const {
    if (!filter_.mine) return;
    std::string words = "(person = " + where.placeholder(scope_.person.empty() ? scope_.account : scope_.person);
    if (!scope_.stands_for.empty()) words += " OR person IN (" + where.placeholders(scope_.stands_for) + ")";
    if (!scope_.posts.empty()) words += " OR (person = '' AND post IN (" + where.placeholders(scope_.posts) + "))";
    where.plain(words + ")");
  }

  bool sees_everything() const { return std::find(scope_.roots.begin(), scope_.roots.end(), "/") != scope_.roots.end(); }

  /// Whether what they are called to, and what they reported, is all that they see: then it may lead.
  void count_called() {
    if (filter_.mine || filter_.reported || scope_.called.empty() || !scope_.roots.empty()) return;
    const std::int64_t most = open_ ? kFewOpen : kFew;
    db::Where where;
    const std::string ids = own_report_ids(where) + " UNION ALL " + ids_called_to(where, scope_);
    const std::string limit = where.placeholder(most + 1);
    std::int64_t n = 0;
    reader_.each_of("SELECT COUNT(*) FROM (SELECT 1 FROM (" + ids + ") AS seen LIMIT " + limit + ") AS few", where.params(),
                    [&](const db::Row& row) { n = row.integer(0); });
    called_.few = n > most ? kFew + 1 : std::min(n, kFew);
  }

  /// One's own reports, for those who have no cases to see otherwise, or ask for them; and what one's organisation is called to.
  void own(db::Where& where, bool as_set) const {
    if (filter_.reported || (scope_.roots.empty() && scope_.called.empty())) {
      where.plain("id IN (" + own_report_ids(where) + ")");
      return;
    }
    if (scope_.called.empty() || sees_everything()) return;
    std::string words = "id IN (" + own_report_ids(where);
    if (filter_.mine) words += ") OR " + in_queue(where);
    else if (as_set) words += " UNION ALL " + ids_called_to(where, scope_) + ")";
    else words += ") OR " + is_called_to(where, scope_, "cases");
    for (const std::string& root : scope_.roots) words += " OR " + within(where, "path", root);
    where.plain("(" + words + ")");
  }

  /// For one's own queue, which asks for the holder itself, the places are enough.
  std::string in_queue(db::Where& where) const {
    std::string words = "person = " + where.placeholder(actor_in(scope_));
    for (const auto& [post, path] : scope_.posts_at)
      words += " OR (post = " + where.placeholder(post) + " AND " + within(where, "path", path) + ")";
    return words;
  }

  std::string own_report_ids(db::Where& where) const {
    const std::string account = where.placeholder(scope_.account);
    std::string words = "SELECT case_id FROM cases_reporters WHERE account = " + account + " AND on_behalf = 0";
    if (!scope_.helped.empty())
      words += " UNION SELECT case_id FROM cases_reporters WHERE account = " + account + " AND on_behalf = 1 AND person IN (" +
               where.placeholders(scope_.helped) + ")";
    if (!scope_.person.empty())
      words += " UNION SELECT case_id FROM cases_reporters WHERE person = " + where.placeholder(scope_.person) + " AND person <> ''";
    return words;
  }

  Reader& reader_;
  const Scope& scope_;
  const Filter& filter_;
  bool open_;
  std::vector<Condition> all_;
  std::vector<std::vector<std::string>> any_;  ///< subtrees of which one must hold it
  Condition called_ = other({});  ///< what they are called to, as a lead; own() says it in words
};

}  // namespace

std::pair<std::int64_t, std::string> due_cursor(const std::string& text) {
  const auto cut = text.find('|');
  const std::string digits = text.substr(0, cut);
  if (cut == std::string::npos || digits.empty() || digits.size() > 15 ||
      digits.find_first_not_of("0123456789") != std::string::npos)
    throw invalid("http.bad_cursor", "?after", "the `next` of an earlier answer, unchanged");
  return {std::stoll(digits), text.substr(cut + 1)};
}

db::Where where_of_any(Reader& reader, const Scope& scope, const Filter& filter, Time now) {
  return Query::of_any(reader, scope, filter, now);
}

std::vector<Record> list(Reader& reader, const Scope& scope, const Filter& filter, Time now) {
  Query query(reader, scope, filter, now);
  const Condition* lead = query.lead();
  const bool few = lead != nullptr && lead->few <= kFew;
  // Somebody's queue is short wherever it lies: its own index finds it, however many others are due before.
  if (filter.mine && !few) lead = nullptr;
  const bool sorted_by_index = !few && !filter.mine;
  db::Where where = query.where(lead);
  // Hiding the column keeps the planner from walking the whole table in order when few rows are to be sorted.
  const std::string id = sorted_by_index ? "id" : "id || ''";
  const std::string urgency = sorted_by_index ? "urgency" : "urgency + 0";
  std::string order = " ORDER BY " + id + " DESC";
  if (filter.by_due) order = " ORDER BY " + urgency + ", " + id;
  if (filter.after && filter.by_due) {
    const auto [ms, last] = due_cursor(*filter.after);
    const std::string low = where.placeholder(ms), after = where.placeholder(last);
    where.plain(fmt::format("(urgency, id) > ({}, {})", low, after));
  } else if (filter.after) {
    where.add("id < $", *filter.after);
  }
  const std::string limit = where.placeholder(filter.limit);
  std::vector<Record> found;
  reader.each_of("SELECT " + std::string(kCaseColumns) + " FROM cases" + where.sql() + order + " LIMIT " + limit, where.params(),
                 [&](const db::Row& row) { found.push_back(record_of(row)); });
  return found;
}

std::int64_t count(Reader& reader, const Scope& scope, const Filter& filter, Time now) {
  Query query(reader, scope, filter, now);
  const db::Where where = query.where(query.lead(), true);
  std::int64_t n = 0;
  reader.each_of("SELECT COUNT(*) FROM cases" + where.sql(), where.params(), [&](const db::Row& row) { n = row.integer(0); });
  return n;
}

std::string cursor_of(const Case& item, const Filter& filter) {
  if (!filter.by_due) return item.id.text;
  const auto due = filter.mine && item.owed_by ? item.owed_by : item.due;
  return fmt::format("{}|{}", due ? to_ms(*due) : kNeverMs, item.id.text);
}

std::vector<Record> near(Reader& reader, const std::string& path, Time since, std::size_t limit) {
  db::Where where;
  where.plain("open = 1");
  where.under("path", {path});
  where.add("opened_at >= $", since);
  const std::string most = where.placeholder(limit);
  std::vector<Record> found;
  reader.each_of("SELECT " + std::string(kCaseColumns) + " FROM cases" + where.sql() + " ORDER BY id DESC LIMIT " + most,
                 where.params(), [&](const db::Row& row) { found.push_back(record_of(row)); });
  return found;
}

}  // namespace lifang::cases::store
