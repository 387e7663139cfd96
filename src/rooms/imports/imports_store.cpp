#include "rooms/imports/imports_store.hpp"

#include "base/reflect.hpp"

namespace lifang::imports::store {
namespace {

constexpr std::string_view kInsert =
    "INSERT INTO imports (id, what, state, by, at, until, applied_at, rows_read, made, changed, same, bad, ignored, problems, file) "
    "VALUES ($1, $2, $3, $4, $5, $6, NULL, $7, $8, $9, $10, $11, $12, $13, $14)";
constexpr std::string_view kApplied =
    "UPDATE imports SET state = 'applied', applied_at = $2, made = $3, changed = $4, same = $5, bad = $6, problems = $7 "
    "WHERE id = $1";
constexpr std::string_view kFind =
    "SELECT id, what, state, by, at, until, applied_at, rows_read, made, changed, same, bad, ignored, problems FROM imports WHERE id = $1";
constexpr std::string_view kList =
    "SELECT id, what, state, by, at, until, applied_at, rows_read, made, changed, same, bad, ignored, problems FROM imports "
    "WHERE by = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
constexpr std::string_view kFile = "SELECT file FROM imports WHERE id = $1";
constexpr std::string_view kForget = "DELETE FROM imports WHERE until < $1";

Import import_of(const db::Row& row) {
  Import found;
  found.id = row.get<ImportId>(0);
  found.what = enum_of<What>(row.text(1));
  found.state = enum_of<State>(row.text(2));
  found.by = row.text(3);
  found.at = row.time(4);
  found.until = row.time(5);
  found.applied_at = row.get<std::optional<Time>>(6);
  found.rows = row.integer(7);
  found.made = row.integer(8);
  found.changed = row.integer(9);
  found.same = row.integer(10);
  found.bad = row.integer(11);
  found.ignored = from_json<std::vector<std::string>>(row.text(12));
  found.problems = from_json<std::vector<Problem>>(row.text(13));
  return found;
}

}  // namespace

void insert(Tx& tx, const Import& i, const std::string& sealed) {
  tx.run(kInsert, i.id, enum_name(i.what), enum_name(i.state), i.by, i.at, i.until, i.rows, i.made, i.changed, i.same, i.bad,
         to_json(i.ignored), to_json(i.problems), db::Blob{sealed});
}

void applied(Tx& tx, const Import& i) { tx.run(kApplied, i.id, i.applied_at, i.made, i.changed, i.same, i.bad, to_json(i.problems)); }

std::optional<Import> find(Reader& reader, const ImportId& id) { return reader.one(kFind, import_of, id); }

std::string file_of(Reader& reader, const ImportId& id) {
  return reader.one(kFile, [](const db::Row& row) { return std::string(row.blob(0)); }, id).value_or("");
}

std::vector<Import> list(Reader& reader, const std::string& by, const std::optional<std::string>& after, std::size_t limit) {
  return reader.all(kList, import_of, by, after.value_or("~"), limit);
}

void forget(Tx& tx, Time before) { tx.run(kForget, before); }

}  // namespace lifang::imports::store
