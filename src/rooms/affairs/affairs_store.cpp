#include "rooms/affairs/affairs_store.hpp"

#include "base/reflect.hpp"

namespace lifang::affairs::store {
namespace {

constexpr std::string_view kKeep =
    "INSERT INTO affairs_forms (id, words, kept_at, by) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET "
    "words = excluded.words, kept_at = excluded.kept_at, by = excluded.by";
constexpr std::string_view kForm = "SELECT id, words, kept_at, by FROM affairs_forms WHERE id = $1";
constexpr std::string_view kForms = "SELECT id, words, kept_at, by FROM affairs_forms ORDER BY id";
constexpr std::string_view kInsert = "INSERT INTO affairs_runs (id, form, place, path, by, made_at) VALUES ($1, $2, $3, $4, $5, $6)";
constexpr std::string_view kRunColumns = "SELECT id, form, place, path, by, made_at FROM affairs_runs";
constexpr std::string_view kRun = "SELECT id, form, place, path, by, made_at FROM affairs_runs WHERE id = $1";
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
  run.id = row.get<RunId>(0);
  run.form = row.get<FormId>(1);
  run.place = row.get<places::PlaceId>(2);
  run.path = row.text(3);
  run.by = row.text(4);
  run.made_at = row.time(5);
  return run;
}

}  // namespace

void keep(Tx& tx, const Form& form) { tx.run(kKeep, form.id, to_json(static_cast<const FormWords&>(form)), form.kept_at, form.by); }
std::optional<Form> find_form(Reader& reader, const FormId& id) { return reader.one(kForm, form_of, id); }
std::vector<Form> forms(Reader& reader) { return reader.all(kForms, form_of); }

void insert(Tx& tx, const Run& run) { tx.run(kInsert, run.id, run.form, run.place, run.path, run.by, run.made_at); }
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

void forget(Tx& tx, const std::string& subject) { tx.run(kForget, subject); }

void rebase(Tx& tx, const std::string& from, const std::string& to) {
  std::string end = from;
  end.back() = '0';  // the character after '/'
  tx.run(kRebase, to, static_cast<std::int64_t>(from.size()) + 1, from, end);
}

}  // namespace lifang::affairs::store
