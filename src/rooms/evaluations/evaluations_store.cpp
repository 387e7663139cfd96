#include "rooms/evaluations/evaluations_store.hpp"

#include "base/members.hpp"

namespace lifang::evaluations::store {
namespace {

constexpr std::string_view kKeep =
    "INSERT INTO evaluations (id, case_id, path, by, round, reporter, person, channel, asked_at, until, answered_at, score, "
    "solved, text, account, on_behalf, reopened, cause) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, "
    "$15, $16, $17, $18) ON CONFLICT (id) DO UPDATE SET channel = excluded.channel, until = excluded.until, "
    "answered_at = excluded.answered_at, score = excluded.score, solved = excluded.solved, text = excluded.text, "
    "account = excluded.account, on_behalf = excluded.on_behalf, reopened = excluded.reopened";
constexpr std::string_view kColumns =
    "SELECT id, case_id, path, by, round, reporter, person, channel, asked_at, until, answered_at, score, solved, text, "
    "account, on_behalf, reopened, cause FROM evaluations";
constexpr std::string_view kFind =
    "SELECT id, case_id, path, by, round, reporter, person, channel, asked_at, until, answered_at, score, solved, text, "
    "account, on_behalf, reopened, cause FROM evaluations WHERE id = $1";
constexpr std::string_view kOfCase =
    "SELECT id, case_id, path, by, round, reporter, person, channel, asked_at, until, answered_at, score, solved, text, "
    "account, on_behalf, reopened, cause FROM evaluations WHERE case_id = $1 AND round = $2 ORDER BY reporter, id";
constexpr std::string_view kWithdraw = "UPDATE evaluations SET text = $2 WHERE person <> '' AND person = $1 AND text <> ''";
constexpr std::string_view kRebase = "UPDATE evaluations SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4";

Evaluation evaluation_of(const db::Row& row) {
  Evaluation e;
  e.id = row.get<EvaluationId>(0);
  e.case_ = row.get<cases::CaseId>(1);
  e.path = row.text(2);
  e.by = enum_of<By>(row.text(3));
  e.round = row.integer(4);
  e.reporter = row.integer(5);
  if (!row.text(6).empty()) e.person = row.get<cases::PersonId>(6);
  e.channel = enum_of<cases::Channel>(row.text(7));
  e.asked_at = row.time(8);
  e.until = row.get<std::optional<Time>>(9);
  e.answered_at = row.get<std::optional<Time>>(10);
  e.score = row.get<std::optional<std::int64_t>>(11);
  e.solved = row.get<std::optional<bool>>(12);
  e.text = row.text(13);
  e.account = row.text(14);
  e.on_behalf = row.get<bool>(15);
  e.reopened = row.get<bool>(16);
  e.cause = row.text(17);
  return e;
}

/// One's own questions. Each part names the column of an index of its own.
void add_own(db::Where& where, const Asking& who) {
  const std::string account = where.placeholder(who.account);
  std::string own = "(person = '' AND account = " + account + " AND account <> '' AND by = 'reporter' AND on_behalf = 0)";
  if (!who.person.empty()) own += " OR (person <> '' AND person = " + where.placeholder(who.person) + ")";
  if (!who.helped.empty())
    own += " OR (person <> '' AND person IN (" + where.placeholders(who.helped) + ") AND on_behalf = 1 AND account = " + account + ")";
  where.plain("(" + own + ")");
}

db::Where where_of(const Asking& who, const std::vector<std::string>& roots, const Filter& filter) {
  db::Where where;
  if (filter.mine || roots.empty()) add_own(where, who);
  else where.under("path", roots);
  where.maybe("case_id = $", filter.case_);
  if (filter.place_path) where.under("path", {*filter.place_path});
  if (filter.answered) where.plain(*filter.answered ? "answered_at IS NOT NULL" : "answered_at IS NULL");
  if (filter.channel) where.add("channel = $", enum_name(*filter.channel));
  if (filter.by) where.add("by = $", enum_name(*filter.by));
  return where;
}

}  // namespace

void keep(Tx& tx, const Evaluation& e) {
  tx.run(kKeep, e.id, e.case_, e.path, enum_name(e.by), e.round, e.reporter, e.person ? e.person->text : "",
         enum_name(e.channel), e.asked_at, e.until, e.answered_at, e.score, e.solved, e.text, e.account, e.on_behalf, e.reopened,
         e.cause);
}

std::optional<Evaluation> find(Reader& reader, const EvaluationId& id) { return reader.one(kFind, evaluation_of, id); }

std::vector<Evaluation> of_case(Reader& reader, const cases::CaseId& id, std::int64_t round) {
  return reader.all(kOfCase, evaluation_of, id, round);
}

std::vector<Evaluation> list(Reader& reader, const Asking& who, const std::vector<std::string>& roots, const Filter& filter) {
  db::Where where = where_of(who, roots, filter);
  where.maybe("id < $", filter.after);
  const std::string limit = where.placeholder(filter.limit);
  std::vector<Evaluation> found;
  reader.each_of(std::string(kColumns) + where.sql() + " ORDER BY id DESC LIMIT " + limit, where.params(),
                 [&](const db::Row& row) { found.push_back(evaluation_of(row)); });
  return found;
}

std::int64_t count(Reader& reader, const Asking& who, const std::vector<std::string>& roots, const Filter& filter) {
  const db::Where where = where_of(who, roots, filter);
  std::int64_t n = 0;
  reader.each_of("SELECT COUNT(*) FROM evaluations" + where.sql(), where.params(),
                 [&](const db::Row& row) { n = row.integer(0); });
  return n;
}

void withdraw(Tx& tx, const cases::PersonId& person) { tx.run(kWithdraw, person, cases::kWithdrawn); }

void rebase(Tx& tx, const std::string& from, const std::string& to) {
  std::string end = from;
  end.back() = '0';  // follows '/'
  tx.run(kRebase, to, static_cast<std::int64_t>(from.size()) + 1, from, end);
}

}  // namespace lifang::evaluations::store
