// SQLite: WAL, one writer, many readers; the default engine of a node.
#include <fmt/format.h>
#include <sqlite3.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

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

/// Copies the log back into the database beside the writer. A checkpoint that rides on a commit, as SQLite does it by
/// itself, holds up everybody who waits for that commit by the copying and the flushing of some thousand pages.
/// The log begins anew only when all of it was copied while nobody wrote, so the writer copies the last few pages itself.
class Checkpointer {
 public:
  explicit Checkpointer(std::string path) : path_(std::move(path)), thread_([this] { loop(); }) {}
  ~Checkpointer() {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    bell_.notify_one();
    thread_.join();
  }
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  /// After each commit on `writer`: the log holds `pages`. Failures (a full disk) are met again by the next commit.
  void grown(sqlite3* writer, int pages) {
    if (pages < kBegin) {
      copied_ = asked_ = 0;
      return;
    }
    const int copied = copied_;
    const bool nearly = copied > 0 && pages - copied <= kRest;
    const bool behind = pages >= kMost && pages - asked_ >= kBegin;
    if (nearly || behind) {
      sqlite3_wal_checkpoint_v2(writer, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
      copied_ = 0;
      asked_ = pages;
    } else if (asked_ == 0 || pages - asked_ >= kRest) {
      asked_ = pages;
      {
        const std::lock_guard lock(mutex_);
        wanted_ = true;
      }
      bell_.notify_one();
    }
  }

 private:
  static constexpr int kBegin = 4'000;  ///< pages, 16 MB
  static constexpr int kRest = 500;     ///< pages that the writer copies itself
  static constexpr int kMost = 64'000;  ///< pages: the writer is faster than the copying, or a reader stays long

  void loop() {
    std::unique_lock lock(mutex_);
    sqlite3* handle = nullptr;
    for (;;) {
      bell_.wait(lock, [this] { return over_ || wanted_; });
      if (over_) break;
      wanted_ = false;
      lock.unlock();
      if (!handle && sqlite3_open_v2(path_.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK) {
        sqlite3_close_v2(handle);
        handle = nullptr;
      }
      int pages = 0, copied = 0;
      if (handle && sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_PASSIVE, &pages, &copied) == SQLITE_OK) copied_ = copied;
      lock.lock();
    }
    sqlite3_close_v2(handle);
  }

  std::string path_;
  std::mutex mutex_;
  std::condition_variable bell_;
  bool wanted_ = false, over_ = false;
  std::atomic<int> copied_ = 0;  ///< pages of the log that are in the database
  std::atomic<int> asked_ = 0;   ///< pages of the log when the thread was last asked
  std::thread thread_;
};

class SqliteSession final : public Session {
 public:
  explicit SqliteSession(sqlite3* handle) : handle_(handle) {}
  void checkpoint_by(std::shared_ptr<Checkpointer> checkpointer) {
    checkpointer_ = std::move(checkpointer);
    sqlite3_wal_hook(handle_, [](void* to, sqlite3* writer, const char*, int pages) {
      static_cast<Checkpointer*>(to)->grown(writer, pages);
      return SQLITE_OK;
    }, checkpointer_.get());
  }
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
  std::shared_ptr<Checkpointer> checkpointer_;  ///< of a writer; outlives the last one's commits
  std::unordered_map<std::string, Prepared, Hash, std::equal_to<>> cache_;
};

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(std::string path, Options options) : path_(std::move(path)), options_(std::move(options)) {
    check(options_.synchronous == "FULL" || options_.synchronous == "NORMAL", "synchronous is FULL or NORMAL");
  }
  Engine engine() const override { return Engine::sqlite; }
  std::unique_ptr<Session> connect() override {
    // A log that was grown by one long reader is cut back.
    auto session = open(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                        fmt::format("PRAGMA journal_mode=WAL; PRAGMA synchronous={}; PRAGMA journal_size_limit=67108864;"
                                    "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;",
                                    options_.synchronous));
    if (!checkpointer_) checkpointer_ = std::make_shared<Checkpointer>(path_);
    session->checkpoint_by(checkpointer_);
    return session;
  }
  std::unique_ptr<Session> connect_reader() override {
    return open(SQLITE_OPEN_READWRITE, "PRAGMA query_only=1; PRAGMA cache_size=-16384; PRAGMA temp_store=MEMORY;"
                                       "PRAGMA mmap_size=268435456;");
  }

 private:
  std::unique_ptr<SqliteSession> open(int flags, const std::string& pragmas) {
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
  std::shared_ptr<Checkpointer> checkpointer_;
};

}  // namespace

std::unique_ptr<Database> open_sqlite(std::string path, Database::Options options) {
  return std::make_unique<SqliteDatabase>(std::move(path), std::move(options));
}

}  // namespace lifang::db
