#include "platform/db/copy.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lifang::db {
namespace {

constexpr std::size_t kPage = 1000;  ///< rows fetched at a time where the engine would give all of them at once
constexpr std::size_t kMostParams = 30'000;
constexpr std::size_t kMostBytes = 4U << 20;

constexpr std::string_view kTablesSqlite =
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name";
constexpr std::string_view kTablesPostgres = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename";
constexpr std::string_view kColumnsSqlite = "SELECT name, type FROM pragma_table_info($1) ORDER BY cid";
constexpr std::string_view kColumnsPostgres =
    "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1 "
    "ORDER BY ordinal_position";

using Columns = std::vector<std::pair<std::string, Param::Kind>>;

Param::Kind kind_of(std::string type) {
  std::transform(type.begin(), type.end(), type.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (type.find("INT") != std::string::npos) return Param::Kind::integer;
  if (type.find("DOUBLE") != std::string::npos) return Param::Kind::real;
  return type == "BYTEA" ? Param::Kind::blob : Param::Kind::text;
}

bool is_sqlite(const Session& session) { return session.engine() == Engine::sqlite; }

std::vector<std::string> tables_of(Session& session) {
  std::vector<std::string> names;
  Reader(session).each(is_sqlite(session) ? kTablesSqlite : kTablesPostgres, [&](const Row& row) { names.emplace_back(row.text(0)); });
  std::erase(names, "schema_files");
  return names;
}

Columns columns_of(Session& session, const std::string& table) {
  Columns columns;
  Reader(session).each(is_sqlite(session) ? kColumnsSqlite : kColumnsPostgres,
                       [&](const Row& row) { columns.emplace_back(row.text(0), kind_of(std::string(row.text(1)))); }, table);
  return columns;
}

/// Rows gathered for one INSERT.
class Rows {
 public:
  Rows(Session& to, const std::string& table, const Columns& columns) : to_(to), columns_(columns) {
    for (const auto& [name, kind] : columns) names_ += (names_.empty() ? "" : ", ") + name;
    head_ = fmt::format("INSERT INTO {} ({}) VALUES ", table, names_);
  }
  const std::string& names() const { return names_; }

  void add(const Row& row) {
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      const int at = static_cast<int>(c);
      Held held;
      held.param.kind = row.null(at) ? Param::Kind::null : columns_[c].second;
      switch (held.param.kind) {
        case Param::Kind::null: break;
        case Param::Kind::integer: held.param.integer = row.integer(at); break;
        case Param::Kind::real: held.param.real = row.real(at); break;
        case Param::Kind::text: held.text = row.text(at); break;
        case Param::Kind::blob: held.text = row.blob(at); break;
      }
      bytes_ += held.text.size();
      held_.push_back(std::move(held));
    }
    if (++rows_ == kMostRows || held_.size() + columns_.size() > kMostParams || bytes_ > kMostBytes) write();
  }

  void write() {
    if (rows_ == 0) return;
    std::string sql = head_;
    std::vector<Param> params;
    for (std::size_t i = 0; i < held_.size(); ++i) {
      const bool first = i % columns_.size() == 0, last = (i + 1) % columns_.size() == 0;
      sql += fmt::format("{}${}{}", first ? (i == 0 ? "(" : ", (") : ", ", i + 1, last ? ")" : "");
      params.push_back(held_[i].param);
      params.back().text = held_[i].text;
    }
    to_.execute(sql, params, nullptr);
    held_.clear();
    rows_ = bytes_ = 0;
  }

 private:
  static constexpr std::size_t kMostRows = 100;
  struct Held {
    Param param;
    std::string text;
  };
  Session& to_;
  const Columns& columns_;
  std::string names_, head_;
  std::vector<Held> held_;
  std::size_t rows_ = 0, bytes_ = 0;
};

/// Every row of a table, a page at a time.
void each_row(Session& from, const std::string& table, const std::string& names, const Session::Each& fn) {
  const std::string all = fmt::format("SELECT {} FROM {}", names, table);
  if (is_sqlite(from)) {
    from.execute(all, {}, &fn);
    return;
  }
  from.script("DECLARE lifang_copy NO SCROLL CURSOR FOR " + all);
  const std::string fetch = fmt::format("FETCH {} FROM lifang_copy", kPage);
  for (std::size_t seen = kPage; seen == kPage;) {
    seen = 0;
    const Session::Each count = [&](const Row& row) { ++seen, fn(row); };
    from.execute(fetch, {}, &count);
  }
  from.script("CLOSE lifang_copy");
}

void copy_table(Session& from, Session& to, const std::string& table) {
  const Columns theirs = columns_of(to, table);
  Columns columns = columns_of(from, table);
  std::erase_if(columns, [&](const auto& column) {
    return std::none_of(theirs.begin(), theirs.end(), [&](const auto& other) { return other.first == column.first; });
  });
  to.execute("DELETE FROM " + table, {}, nullptr);
  Rows rows(to, table, columns);
  each_row(from, table, rows.names(), [&](const Row& row) { rows.add(row); });
  rows.write();
}

/// Ends a transaction that was not committed.
class Within {
 public:
  explicit Within(Session& session, const std::string& begin) : session_(session) { session_.script(begin); }
  ~Within() {
    if (done_ || !session_.alive()) return;
    try {
      session_.script("ROLLBACK");
    } catch (const Error&) {  // the connection went meanwhile, and the transaction with it
    }
  }
  Within(const Within&) = delete;
  Within& operator=(const Within&) = delete;
  void commit() { session_.script("COMMIT"), done_ = true; }

 private:
  Session& session_;
  bool done_ = false;
};

}  // namespace

bool is_used(Session& session) {
  const char* sql = is_sqlite(session) ? "SELECT COUNT(*) FROM pragma_table_list WHERE schema = 'main' AND name = 'schema_files'"
                                       : "SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_files'";
  return Reader(session).value<std::int64_t>(sql).value_or(0) > 0;
}

void copy_rows(Session& from, Session& to) {
  const Within snapshot(from, is_sqlite(from) ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  Within writing(to, "BEGIN");
  const std::vector<std::string> there = tables_of(to);
  for (const std::string& table : tables_of(from))
    if (std::find(there.begin(), there.end(), table) != there.end()) copy_table(from, to, table);
  writing.commit();
}

}  // namespace lifang::db
