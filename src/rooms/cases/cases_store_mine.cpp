// The queue of one person: what they hold, and what they owe on cases that others hold (called to report in, a sub-order).
// What is owed is little, so it is found first by its own indexes and merged into the page of what is held.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/members.hpp"
#include "rooms/cases/cases_store.hpp"
#include "rooms/cases/cases_store_query.hpp"
#include "rooms/cases/cases_store_row.hpp"

namespace lifang::cases::store {
namespace {

/// Nobody can owe more at once and still mean it; the soonest come first.
constexpr std::size_t kMostOwed = 500;
/// Rows asked for in one statement; shorter lists are filled up, so that few texts of it are prepared.
constexpr std::size_t kAtOnce = 50;

constexpr std::string_view kCallsWait = "UPDATE cases_called SET waits = $2 WHERE case_id = $1 AND in_at IS NULL AND waits <> $2";
constexpr std::string_view kPartsWait = "UPDATE cases_parts SET waits = $2 WHERE case_id = $1 AND done_at IS NULL AND waits <> $2";

/// One thing owed, with what it was found by: a post counts only at its own places.
struct Claim {
  std::string case_id;
  Owed owed;
  std::string post;  ///< whose the claim is through, or empty: the person's or the organisation's own
};

template <class T>
std::optional<T> id_or_none(const db::Row& row, int column) {
  if (row.text(column).empty()) return std::nullopt;
  return T{std::string(row.text(column))};
}

std::string me_in(const Scope& scope) { return scope.person.empty() ? scope.account : scope.person; }
bool holds(const std::vector<std::string>& all, const std::string& one) { return std::find(all.begin(), all.end(), one) != all.end(); }

void add_calls(Reader& reader, const Scope& scope, std::vector<Claim>& claims) {
  std::vector<std::string> names = scope.organisations;
  names.insert(names.end(), scope.posts.begin(), scope.posts.end());
  db::Where where;
  where.plain("waits = 1");
  std::string whose = "person = " + where.placeholder(me_in(scope));
  if (!names.empty()) whose += " OR organisation IN (" + where.placeholders(names) + ")";
  where.plain("(" + whose + ")");
  const std::string most = where.placeholder(kMostOwed);
  reader.each_of("SELECT case_id, organisation, person, report_in_by, late FROM cases_called" + where.sql() +
                     " ORDER BY report_in_by, case_id LIMIT " + most,
                 where.params(), [&](const db::Row& row) {
                   Claim claim{std::string(row.text(0)), {}, {}};
                   claim.owed.organisation = OrganisationId{std::string(row.text(1))};
                   claim.owed.person = id_or_none<PersonId>(row, 2);
                   claim.owed.due = row.time(3);
                   claim.owed.late = row.get<bool>(4);
                   const std::string& called = claim.owed.organisation->text;
                   if (row.text(2) != me_in(scope) && !holds(scope.organisations, called)) claim.post = called;
                   claims.push_back(std::move(claim));
                 });
}

void add_parts(Reader& reader, const Scope& scope, std::vector<Claim>& claims) {
  db::Where where;
  where.plain("waits = 1");
  std::string whose = "person = " + where.placeholder(me_in(scope));
  if (!scope.stands_for.empty()) whose += " OR person IN (" + where.placeholders(scope.stands_for) + ")";
  // What was given to one of the post is the whole post's once it is late.
  if (!scope.posts.empty()) whose += " OR (post IN (" + where.placeholders(scope.posts) + ") AND (person = '' OR late = 1))";
  where.plain("(" + whose + ")");
  const std::string most = where.placeholder(kMostOwed);
  reader.each_of("SELECT case_id, n, post, organisation, person, task, due, late FROM cases_parts" + where.sql() +
                     " ORDER BY due, case_id LIMIT " + most,
                 where.params(), [&](const db::Row& row) {
                   Claim claim{std::string(row.text(0)), {}, {}};
                   claim.owed = {row.integer(1),        id_or_none<OrganisationId>(row, 3), row.get<PostId>(2), id_or_none<PersonId>(row, 4),
                                 std::string(row.text(5)), row.time(6),                     row.get<bool>(7)};
                   if (row.text(4) != me_in(scope) && !holds(scope.stands_for, std::string(row.text(4)))) claim.post = claim.owed.post->text;
                   claims.push_back(std::move(claim));
                 });
}

/// What the caller owes, by case.
std::map<std::string, std::vector<Claim>> claims_of(Reader& reader, const Scope& scope) {
  std::vector<Claim> all;
  add_calls(reader, scope, all);
  add_parts(reader, scope, all);
  std::sort(all.begin(), all.end(), [](const Claim& a, const Claim& b) { return a.owed.due < b.owed.due; });
  if (all.size() > kMostOwed) all.resize(kMostOwed);
  std::map<std::string, std::vector<Claim>> by_case;
  for (Claim& claim : all) by_case[claim.case_id].push_back(std::move(claim));
  return by_case;
}

bool is_held(const Scope& scope, const Record& record) {
  if (record.person) return record.person->text == me_in(scope) || holds(scope.stands_for, record.person->text);
  return record.post && holds(scope.posts, record.post->text);
}

/// The cases on which something is owed and that the filter lets through, with their order's key.
struct Found {
  std::vector<Record> records;
  std::set<std::string> ids;
  std::size_t held = 0;  ///< of which the caller holds the case as well
};
Found owed_cases(Reader& reader, const Scope& scope, const Filter& filter, Time now) {
  const auto claims = claims_of(reader, scope);
  std::vector<std::string> ids;
  for (const auto& [id, all] : claims) ids.push_back(id);
  Found found;
  for (std::size_t from = 0; from < ids.size(); from += kAtOnce) {
    std::vector<std::string> some(ids.begin() + static_cast<std::ptrdiff_t>(from),
                                  ids.begin() + static_cast<std::ptrdiff_t>(std::min(ids.size(), from + kAtOnce)));
    some.resize(kAtOnce, some.back());
    db::Where where = where_of_any(reader, scope, filter, now);
    where.plain("id IN (" + where.placeholders(some) + ")");
    reader.each_of("SELECT " + std::string(kCaseColumns) + " FROM cases" + where.sql(), where.params(), [&](const db::Row& row) {
      Record record = record_of(row);
      for (const Claim& claim : claims.at(record.id.text)) {
        const bool there = claim.post.empty() || std::any_of(scope.posts_at.begin(), scope.posts_at.end(), [&](const auto& at) {
                             return at.first == claim.post && record.path.starts_with(at.second);
                           });
        if (there) record.owed.push_back(claim.owed);
      }
      if (record.owed.empty()) return;
      record.owed_by = record.owed.front().due;
      if (is_held(scope, record)) {
        ++found.held;
        if (record.due) record.owed_by = std::min(*record.owed_by, *record.due);
      }
      found.ids.insert(record.id.text);
      found.records.push_back(std::move(record));
    });
  }
  return found;
}

std::pair<std::int64_t, std::string> key_of(const Record& record, bool by_due) {
  if (!by_due) return {0, record.id.text};
  const auto due = record.owed_by ? record.owed_by : record.due;
  return {due ? to_ms(*due) : kNeverMs, record.id.text};
}

}  // namespace

void keep_waiting(Tx& tx, const CaseId& id, bool open) {
  tx.run(kCallsWait, id, open);
  tx.run(kPartsWait, id, open);
}

std::vector<Record> list_mine(Reader& reader, const Scope& scope, const Filter& filter, Time now) {
  Found owed = owed_cases(reader, scope, filter, now);
  if (owed.records.empty()) return list(reader, scope, filter, now);
  const auto before = [&](const Record& a, const Record& b) {
    if (filter.by_due) return key_of(a, true) < key_of(b, true);
    return b.id < a.id;
  };
  std::sort(owed.records.begin(), owed.records.end(), before);
  if (filter.after) {
    const auto last = filter.by_due ? due_cursor(*filter.after) : std::pair(std::int64_t{0}, *filter.after);
    std::erase_if(owed.records, [&](const Record& r) {
      return filter.by_due ? key_of(r, true) <= last : !(r.id.text < last.second);
    });
  }
  // What is held and owed stands among the owed, so the page of the held is longer by as many.
  Filter wider = filter;
  wider.limit += owed.held;
  std::vector<Record> held = list(reader, scope, wider, now);
  std::erase_if(held, [&](const Record& r) { return owed.ids.contains(r.id.text); });
  if (held.size() > filter.limit) held.resize(filter.limit);
  std::vector<Record> page;
  std::merge(std::make_move_iterator(held.begin()), std::make_move_iterator(held.end()), std::make_move_iterator(owed.records.begin()),
             std::make_move_iterator(owed.records.end()), std::back_inserter(page), before);
  if (page.size() > filter.limit) page.resize(filter.limit);
  return page;
}

std::int64_t count_mine(Reader& reader, const Scope& scope, const Filter& filter, Time now) {
  const Found owed = owed_cases(reader, scope, filter, now);
  return count(reader, scope, filter, now) + static_cast<std::int64_t>(owed.records.size() - owed.held);
}

}  // namespace lifang::cases::store
