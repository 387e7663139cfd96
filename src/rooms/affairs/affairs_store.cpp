#include "rooms/affairs/affairs_store.hpp"

#include "base/members.hpp"
#include "base/reflect.hpp"

namespace lifang::affairs::store {
namespace {

constexpr std::string_view kKeep =
    "INSERT INTO affairs_forms (id, words, kept_at, by) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET "
    "words = excluded.words, kept_at = excluded.kept_at, by = excluded.by";
constexpr std::string_view kForm = "SELECT id, words, kept_at, by FROM affairs_forms WHERE id = $1";
constexpr std::string_view kForms = "SELECT id, words, kept_at, by FROM affairs_forms ORDER BY id";
constexpr std::string_view kInsert =
    "INSERT INTO affairs_runs (id, form, place, path, by, made_at, counts) VALUES ($1, $2, $3, $4, $5, $6, $7)";
constexpr std::string_view kRunColumns = "SELECT id, form, place, path, by, made_at, counts FROM affairs_runs";
constexpr std::string_view kRunPaths = "SELECT DISTINCT path FROM affairs_runs WHERE form = $1";
constexpr std::string_view kRun = "SELECT id, form, place, path, by, made_at, counts FROM affairs_runs WHERE id = $1";
constexpr std::string_view kKeepCounts = "UPDATE affairs_runs SET counts = $2 WHERE id = $1";
constexpr std::string_view kGive =
    "INSERT INTO affairs_given (run, cell, subject, by, at, print) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (run, cell) DO UPDATE SET "
    "by = excluded.by, at = excluded.at, print = excluded.print";
constexpr std::string_view kGiven = "SELECT cell, by, at, print FROM affairs_given WHERE run = $1";
constexpr std::string_view kContradict =
    "INSERT INTO affairs_conflicts (id, run, cell, subject, sealed, print, by, at, earlier_by, earlier_at, kept, settled_by) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', '')";
constexpr std::string_view kSettle = "UPDATE affairs_conflicts SET kept = $2, settled_by = $3, settled_at = $4 WHERE id = $1";
constexpr std::string_view kConflict =
    "SELECT id, run, cell, subject, sealed, print, by, at, earlier_by, earlier_at, kept, settled_by, settled_at FROM affairs_conflicts";
constexpr std::string_view kOpenConflicts = "SELECT COUNT(*) FROM affairs_conflicts WHERE run = $1 AND kept = ''";
constexpr std::string_view kForgetGiven = "DELETE FROM affairs_given WHERE subject = $1";
constexpr std::string_view kForgetConflicts = "DELETE FROM affairs_conflicts WHERE subject = $1";
constexpr std::string_view kKeepAnswer =
    "INSERT INTO affairs_answers (subject, key, sealed, by, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (subject, key) DO UPDATE SET "
    "sealed = excluded.sealed, by = excluded.by, at = excluded.at";
constexpr std::string_view kAnswer = "SELECT sealed, by, at FROM affairs_answers WHERE subject = $1 AND key = $2";
constexpr std::string_view kForget = "DELETE FROM affairs_answers WHERE subject = $1";
constexpr std::string_view kRebase = "UPDATE affairs_runs SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4";

Form form_of(const db::Row& row) {
  Form form;
  static_cast<FormWords&>(form) = from_json<FormWords>(row.text(1));
  form.id = row.get<FormId>(0);
  form.kept_at = row.time(2);
  form.by = row.text(3);
  return form;
}

Run run_of(const db::Row& row) {
  Run run;
  static_cast<Counts&>(run) = from_json<Counts>(row.text(6));
  run.id = row.get<RunId>(0);
  run.form = row.get<FormId>(1);
  run.place = row.get<places::PlaceId>(2);
  run.path = row.text(3);
  run.by = row.text(4);
  run.made_at = row.time(5);
  return run;
}

Contradiction contradiction_of(const db::Row& row) {
  Contradiction c;
  c.words.id = row.text(0);
  c.words.run = row.get<RunId>(1);
  c.words.cell = row.text(2);
  c.words.subject = row.text(3);
  c.sealed = std::string(row.blob(4));
  c.print = row.text(5);
  c.words.later_by = row.text(6);
  c.words.later_at = row.time(7);
  c.words.earlier_by = row.text(8);
  c.words.earlier_at = row.get<std::optional<Time>>(9);
  if (!row.text(10).empty()) c.words.kept = enum_of<Kept>(row.text(10));
  c.words.settled_by = row.text(11);
  c.words.settled_at = row.get<std::optional<Time>>(12);
  return c;
}

}  // namespace

void keep(Tx& tx, const Form& form) { tx.run(kKeep, form.id, to_json(static_cast<const FormWords&>(form)), form.kept_at, form.by); }
std::optional<Form> find_form(Reader& reader, const FormId& id) { return reader.one(kForm, form_of, id); }
std::vector<Form> forms(Reader& reader) { return reader.all(kForms, form_of); }

void insert(Tx& tx, const Run& run) {
  tx.run(kInsert, run.id, run.form, run.place, run.path, run.by, run.made_at, to_json(static_cast<const Counts&>(run)));
}
std::vector<std::string> run_paths(Reader& reader, const FormId& form) {
  return reader.all(kRunPaths, [](const db::Row& row) { return row.get<std::string>(0); }, form);
}

void keep_counts(Tx& tx, const Run& run) { tx.run(kKeepCounts, run.id, to_json(static_cast<const Counts&>(run))); }

void give(Tx& tx, const RunId& run, const std::string& cell, const std::string& subject, const Given& g) {
  tx.run(kGive, run, cell, subject, g.by, g.at, g.print);
}

std::map<std::string, Given> given(Reader& reader, const RunId& run) {
  std::map<std::string, Given> all;
  reader.each(kGiven, [&](const db::Row& row) {
    all[std::string(row.text(0))] = {std::string(row.text(1)), std::string(row.text(3)), row.time(2)};
  }, run);
  return all;
}

void insert(Tx& tx, const Contradiction& c) {
  tx.run(kContradict, c.words.id, c.words.run, c.words.cell, c.words.subject, db::Blob{c.sealed}, c.print, c.words.later_by,
         c.words.later_at, c.words.earlier_by, c.words.earlier_at);
}

void settle(Tx& tx, const std::string& id, Kept kept, const std::string& by) { tx.run(kSettle, id, enum_name(kept), by, tx.now()); }

std::optional<Contradiction> find_conflict(Reader& reader, const std::string& id) {
  static const std::string sql = std::string(kConflict) + " WHERE id = $1";
  return reader.one(sql, contradiction_of, id);
}

std::vector<Contradiction> conflicts(Reader& reader, const RunId& run, bool open) {
  static const std::string all = std::string(kConflict) + " WHERE run = $1 ORDER BY id DESC LIMIT 500";
  static const std::string waiting = std::string(kConflict) + " WHERE run = $1 AND kept = '' ORDER BY id DESC LIMIT 500";
  return reader.all(open ? waiting : all, contradiction_of, run);
}

std::int64_t open_conflicts(Reader& reader, const RunId& run) { return reader.value<std::int64_t>(kOpenConflicts, run).value_or(0); }

std::int64_t count_runs(Reader& reader, const std::vector<std::string>& roots) {
  db::Where where;
  where.under("path", roots);
  std::int64_t n = 0;
  reader.each_of("SELECT COUNT(*) FROM affairs_runs" + where.sql(), where.params(), [&](const db::Row& row) { n = row.integer(0); });
  return n;
}

std::optional<Run> find_run(Reader& reader, const RunId& id) { return reader.one(kRun, run_of, id); }

std::vector<Run> runs(Reader& reader, const std::vector<std::string>& roots, const std::optional<std::string>& after, std::size_t limit) {
  db::Where where;
  where.under("path", roots);
  where.maybe("id < $", after);
  const std::string most = where.placeholder(limit);
  std::vector<Run> found;
  reader.each_of(std::string(kRunColumns) + where.sql() + " ORDER BY id DESC LIMIT " + most, where.params(),
                 [&](const db::Row& row) { found.push_back(run_of(row)); });
  return found;
}

void keep_answer(Tx& tx, const std::string& subject, const std::string& key, const Answer& answer) {
  tx.run(kKeepAnswer, subject, key, db::Blob{answer.sealed}, answer.by, answer.at);
}

std::optional<Answer> find_answer(Reader& reader, const std::string& subject, const std::string& key) {
  return reader.one(kAnswer, [](const db::Row& row) { return Answer{std::string(row.blob(0)), std::string(row.text(1)), row.time(2)}; },
                    subject, key);
}

void forget(Tx& tx, const std::string& subject) {
  tx.run(kForget, subject);
  tx.run(kForgetGiven, subject);
  tx.run(kForgetConflicts, subject);
}

void rebase(Tx& tx, const std::string& from, const std::string& to) {
  std::string end = from;
  end.back() = '0';  // the character after '/'
  tx.run(kRebase, to, static_cast<std::int64_t>(from.size()) + 1, from, end);
}

}  // namespace lifang::affairs::store
