// SQLite: WAL, one writer, many readers; the default engine of a node.
#include <fmt/format.h>
#include <sqlite3.h>

#include <filesystem>
#include <utility>

#include "base/check.hpp"
#include "platform/db/db.hpp"

namespace lifang::db {
namespace {

[[noreturn]] void fail(sqlite3* handle, int rc, std::string_view sql) {
  auto kind = Error::Kind::broken;
  switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: kind = Error::Kind::busy; break;
    case SQLITE_FULL: kind = Error::Kind::full; break;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY: kind = Error::Kind::lost; break;
    case SQLITE_CONSTRAINT: kind = Error::Kind::taken; break;
    default: break;
  }
  throw Error(kind, fmt::format("sqlite: {} ({}) in: {}", sqlite3_errmsg(handle), rc, sql.substr(0, 200)));
}

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : s_(statement) {}
  int columns() const override { return sqlite3_column_count(s_); }
  bool null(int c) const override { return sqlite3_column_type(s_, c) == SQLITE_NULL; }
  std::int64_t integer(int c) const override { return sqlite3_column_int64(s_, c); }
  double real(int c) const override { return sqlite3_column_double(s_, c); }
  std::string_view text(int c) const override {
    const auto* p = reinterpret_cast<const char*>(sqlite3_column_text(s_, c));
    return p ? std::string_view(p, static_cast<std::size_t>(sqlite3_column_bytes(s_, c))) : std::string_view();
  }
  std::string_view blob(int c) const override {
    const auto* p = static_cast<const char*>(sqlite3_column_blob(s_, c));
    return p ? std::string_view(p, static_cast<std::size_t>(sqlite3_column_bytes(s_, c))) : std::string_view();
  }

 private:
  sqlite3_stmt* s_;
};

/// Prepared once; `slots[i]` is the parameter number that the i-th binding of SQLite stands for, since
/// "$2" before "$1" is legal and SQLite numbers names by first appearance.
struct Prepared {
  sqlite3_stmt* statement = nullptr;
  std::vector<int> slots;
  bool in_use = false;
};

class SqliteSession final : public Session {
 public:
  explicit SqliteSession(sqlite3* handle) : handle_(handle) {}
  ~SqliteSession() override {
    for (auto& [sql, p] : cache_) sqlite3_finalize(p.statement);
    sqlite3_close_v2(handle_);
  }
  Engine engine() const override { return Engine::sqlite; }
  bool alive() const override { return true; }

  std::int64_t execute(std::string_view sql, std::span<const Param> params, const Each* each) override {
    Prepared& cached = prepare(sql);
    // The same statement may be under way further up the stack (a row's callback asks again).
    Prepared own;
    if (cached.in_use) own = compile(sql);
    Prepared& p = cached.in_use ? own : cached;
    struct Reset {
      Prepared& p;
      bool finalise;
      ~Reset() {
        if (finalise) {
          sqlite3_finalize(p.statement);
        } else {
          sqlite3_reset(p.statement);
          sqlite3_clear_bindings(p.statement);
          p.in_use = false;
        }
      }
    } reset{p, cached.in_use};
    p.in_use = true;
    bind(p, params, sql);
    const SqliteRow row(p.statement);
    int rc;
    while ((rc = sqlite3_step(p.statement)) == SQLITE_ROW)
      if (each) (*each)(row);
    if (rc != SQLITE_DONE) fail(handle_, sqlite3_extended_errcode(handle_), sql);
    return sqlite3_changes64(handle_);
  }

  void script(const std::string& sql) override {
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
      fail(handle_, sqlite3_extended_errcode(handle_), sql);
  }

 private:
  Prepared compile(std::string_view sql) {
    Prepared p;
    if (sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &p.statement,
                           nullptr) != SQLITE_OK)
      fail(handle_, sqlite3_extended_errcode(handle_), sql);
    const int n = sqlite3_bind_parameter_count(p.statement);
    for (int i = 1; i <= n; ++i) {
      const char* name = sqlite3_bind_parameter_name(p.statement, i);
      check(name && name[0] == '$', "parameters are written $1, $2, …");
      p.slots.push_back(std::atoi(name + 1));
    }
    return p;
  }

  Prepared& prepare(std::string_view sql) {
    if (const auto it = cache_.find(sql); it != cache_.end()) return it->second;
    return cache_.emplace(std::string(sql), compile(sql)).first->second;
  }

  void bind(Prepared& p, std::span<const Param> params, std::string_view sql) {
    for (std::size_t i = 0; i < p.slots.size(); ++i) {
      const auto number = static_cast<std::size_t>(p.slots[i]);
      check(number >= 1 && number <= params.size(), "a placeholder without its parameter");
      const Param& v = params[number - 1];
      const int at = static_cast<int>(i) + 1;
      int rc = SQLITE_OK;
      switch (v.kind) {
        case Param::Kind::null: rc = sqlite3_bind_null(p.statement, at); break;
        case Param::Kind::integer: rc = sqlite3_bind_int64(p.statement, at, v.integer); break;
        case Param::Kind::real: rc = sqlite3_bind_double(p.statement, at, v.real); break;
        case Param::Kind::text:
          rc = sqlite3_bind_text64(p.statement, at, v.text.data() ? v.text.data() : "", v.text.size(), SQLITE_STATIC,
                                   SQLITE_UTF8);
          break;
        case Param::Kind::blob:
          rc = sqlite3_bind_blob64(p.statement, at, v.text.data() ? v.text.data() : "", v.text.size(), SQLITE_STATIC);
          break;
      }
      if (rc != SQLITE_OK) fail(handle_, rc, sql);
    }
  }

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };
  sqlite3* handle_;
  std::unordered_map<std::string, Prepared, Hash, std::equal_to<>> cache_;
};

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(std::string path, Options options) : path_(std::move(path)), options_(std::move(options)) {
    check(options_.synchronous == "FULL" || options_.synchronous == "NORMAL", "synchronous is FULL or NORMAL");
  }
  Engine engine() const override { return Engine::sqlite; }
  std::unique_ptr<Session> connect() override {
    // A log that was grown by one long reader is cut back; checkpoints ride on commits.
    return open(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                fmt::format("PRAGMA journal_mode=WAL; PRAGMA synchronous={}; PRAGMA journal_size_limit=67108864;"
                            "PRAGMA wal_autocheckpoint={}; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;",
                            options_.synchronous, kLogPages));
  }
  std::unique_ptr<Session> connect_writer() override {
    auto session = connect();
    if (options_.roomy_log && !std::exchange(log_grown_, true) && has_room()) grow_log(*session);
    return session;
  }
  std::unique_ptr<Session> connect_reader() override {
    return open(SQLITE_OPEN_READWRITE, "PRAGMA query_only=1; PRAGMA cache_size=-16384; PRAGMA temp_store=MEMORY;"
                                       "PRAGMA mmap_size=268435456;");
  }

 private:
  static constexpr int kLogPages = 4000;  ///< the log is copied back and begun anew at this size

  /// Fills the log with a transaction that is taken back: its pages overflow a small cache into the log, the file keeps its
  /// size, the database nothing. Where the disk is nearly full it grows by and by instead.
  static void grow_log(Session& session) {
    session.script("PRAGMA cache_size=50; BEGIN IMMEDIATE; CREATE TABLE log_filler (page BLOB)");
    for (int i = 0; i < kLogPages / 8; ++i) session.script("INSERT INTO log_filler VALUES (zeroblob(36000))");
    session.script("ROLLBACK; PRAGMA cache_size=-65536");
  }
  bool has_room() const {
    std::error_code error;
    const auto space = std::filesystem::space(std::filesystem::absolute(path_).parent_path(), error);
    return !error && space.available > 512U << 20;
  }
  std::unique_ptr<Session> open(int flags, const std::string& pragmas) {
    sqlite3* handle = nullptr;
    const int rc = sqlite3_open_v2(path_.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    auto session = std::make_unique<SqliteSession>(handle);
    if (rc != SQLITE_OK) fail(handle, rc, path_);
    sqlite3_busy_timeout(handle, 5000);
    session->script(pragmas);
    return session;
  }
  std::string path_;
  Options options_;
  bool log_grown_ = false;
};

}  // namespace

std::unique_ptr<Database> open_sqlite(std::string path, Database::Options options) {
  return std::make_unique<SqliteDatabase>(std::move(path), std::move(options));
}

}  // namespace lifang::db
