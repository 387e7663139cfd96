// The database: one thin layer over SQLite and PostgreSQL, prepared once, the same SQL on both.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include "base/id.hpp"
#include "base/time.hpp"

namespace lifang::db {

enum class Engine { sqlite, postgres };

/// What went wrong below us. `lost`: the connection or the disk is gone and what was not committed is
/// void; `full`: no space; `busy`: somebody else holds the lock; `taken`: a unique key exists;
/// `broken`: anything else (a defect in our SQL, a damaged file).
struct Error : std::runtime_error {
  enum class Kind { lost, full, busy, taken, broken };
  Error(Kind kind_, const std::string& words) : std::runtime_error(words), kind(kind_) {}
  Kind kind;
};

/// Bytes as BYTEA/BLOB; text goes as std::string or std::string_view.
struct Blob {
  std::string_view bytes;
};

/// A view of one statement parameter; what it points to must live until the call returns.
struct Param {
  enum class Kind { null, integer, real, text, blob };
  Kind kind = Kind::null;
  std::int64_t integer = 0;
  double real = 0;
  std::string_view text;
};

inline Param param(std::nullopt_t) { return {}; }
inline Param param(std::string_view v) { return {Param::Kind::text, 0, 0, v}; }
inline Param param(const std::string& v) { return {Param::Kind::text, 0, 0, v}; }
inline Param param(const char* v) { return {Param::Kind::text, 0, 0, v}; }
inline Param param(Blob v) { return {Param::Kind::blob, 0, 0, v.bytes}; }
inline Param param(Time v) { return {Param::Kind::integer, to_ms(v), 0, {}}; }
inline Param param(Duration v) { return {Param::Kind::integer, v.count(), 0, {}}; }
inline Param param(double v) { return {Param::Kind::real, 0, v, {}}; }
template <class T>
  requires std::is_integral_v<T>
Param param(T v) {
  return {Param::Kind::integer, static_cast<std::int64_t>(v), 0, {}};
}
template <class Tag>
Param param(const Id<Tag>& id) {
  return param(std::string_view(id.text));
}
template <class T>
Param param(const std::optional<T>& v) {
  return v ? param(*v) : Param{};
}

/// One row of an answer; the views end with the callback that got it. Columns count from 0.
class Row {
 public:
  virtual ~Row() = default;
  virtual int columns() const = 0;
  virtual bool null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual double real(int column) const = 0;
  virtual std::string_view text(int column) const = 0;
  virtual std::string_view blob(int column) const = 0;

  Time time(int column) const { return from_ms(integer(column)); }
  /// The value of a column as T: integers, bool, double, std::string, Time, Duration, Id<…>, optional of these.
  template <class T>
  T get(int column) const;
};

/// One connection. Not for two threads at once. Statements are prepared once per connection and text.
class Session {
 public:
  using Each = std::function<void(const Row&)>;
  virtual ~Session() = default;
  virtual Engine engine() const = 0;
  /// Runs one statement and hands each row to `each`. @returns the number of rows changed.
  virtual std::int64_t execute(std::string_view sql, std::span<const Param> params, const Each* each) = 0;
  /// Several statements without parameters: schema files, BEGIN, SAVEPOINT.
  virtual void script(const std::string& sql) = 0;
  /// False once the connection is beyond use (PostgreSQL lost it); open another.
  virtual bool alive() const = 0;
};

/// Asks. Queries of a room take `Reader&`, so that they work inside a use case and outside of it.
class Reader {
 public:
  explicit Reader(Session& session) : session_(&session) {}

  template <class... P>
  void each(std::string_view sql, const Session::Each& fn, const P&... p) {
    const Param params[sizeof...(P) + 1] = {param(p)...};
    session_->execute(sql, {params, sizeof...(P)}, &fn);
  }
  /// Each row through `map` (const Row&) → T.
  template <class Map, class... P>
  auto all(std::string_view sql, Map&& map, const P&... p) {
    std::vector<std::decay_t<std::invoke_result_t<Map, const Row&>>> rows;
    each(sql, [&](const Row& row) { rows.push_back(map(row)); }, p...);
    return rows;
  }
  /// The first row through `map`, if there is one.
  template <class Map, class... P>
  auto one(std::string_view sql, Map&& map, const P&... p) {
    std::optional<std::decay_t<std::invoke_result_t<Map, const Row&>>> found;
    each(sql, [&](const Row& row) { if (!found) found = map(row); }, p...);
    return found;
  }
  /// The first column of the first row, if there is one and it is not null.
  template <class T, class... P>
  std::optional<T> value(std::string_view sql, const P&... p) {
    std::optional<T> found;
    each(sql, [&](const Row& row) { if (!found && !row.null(0)) found = row.get<T>(0); }, p...);
    return found;
  }
  /// With parameters gathered at run time, for lists with optional filters (see Where).
  void each_of(std::string_view sql, std::span<const Param> params, const Session::Each& fn) {
    session_->execute(sql, params, &fn);
  }
  Session& session() { return *session_; }

 protected:
  Session* session_;
};

/// Builds `WHERE a AND b …` with numbered placeholders; texts are copied, so callers may pass temporaries.
class Where {
 public:
  /// `condition` holds one `$` where the value goes: "kind = $".
  template <class T>
  Where& add(std::string_view condition, const T& v) {
    return add_param(condition, param(v));
  }
  template <class T>
  Where& maybe(std::string_view condition, const std::optional<T>& v) {
    return v ? add_param(condition, param(*v)) : *this;
  }
  Where& plain(std::string_view condition);
  /// The place subtree under any of the roots; `column` holds the place's path ("/xihu/fuyuan/…/").
  Where& under(std::string_view column, const std::vector<std::string>& path_prefixes);
  /// Adds a parameter without a condition and returns its placeholder ("$3"), for LIMIT and the like.
  template <class T>
  std::string placeholder(const T& v) {
    return next(param(v));
  }
  /// The same for each of a range: "$3, $4", as IN (…) takes them. Empty for none, which no IN allows.
  template <class Range>
  std::string placeholders(const Range& values) {
    std::string words;
    for (const auto& v : values) words += (words.empty() ? "" : ", ") + placeholder(v);
    return words;
  }
  std::string sql() const { return conditions_.empty() ? "" : " WHERE " + conditions_; }
  std::vector<Param> params() const;

 private:
  Where& add_param(std::string_view condition, Param p);
  std::string next(Param p);
  struct Held {
    Param param;
    std::string text;
  };
  std::string conditions_;
  std::vector<Held> held_;
};

/// Where connections come from.
class Database {
 public:
  struct Options {
    std::string synchronous = "FULL";  ///< SQLite only: FULL or NORMAL
    /// SQLite only: the first writer gives the log its full size, some 20 MiB, before anybody waits for a commit. A
    /// log that grows under the first messages makes every commit wait for the file system's own journal as well.
    bool roomy_log = false;
  };
  virtual ~Database() = default;
  virtual Engine engine() const = 0;
  virtual std::unique_ptr<Session> connect() = 0;
  /// For the one that writes as long as the node runs.
  virtual std::unique_ptr<Session> connect_writer() { return connect(); }
  /// Read-only where the engine can enforce it.
  virtual std::unique_ptr<Session> connect_reader() = 0;
  /// `url`: "sqlite:PATH" or a libpq URL "postgres://…" / "postgresql://…". @throws Error
  static std::unique_ptr<Database> open(const std::string& url, Options options);
  static std::unique_ptr<Database> open(const std::string& url) { return open(url, Options{}); }
};

std::unique_ptr<Database> open_sqlite(std::string path, Database::Options options);
std::unique_ptr<Database> open_postgres(std::string url);

/// A few connections for readers, leased for one request each; grows on demand, shrinks to `keep`.
class ReaderPool {
 public:
  explicit ReaderPool(Database& database, std::size_t keep = 4);
  ~ReaderPool();
  /// A leased connection inside a read transaction: one snapshot for the whole request.
  class Lease {
   public:
    Lease(ReaderPool& pool, std::unique_ptr<Session> session);
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    Reader& reader() { return reader_; }

   private:
    ReaderPool* pool_;
    std::unique_ptr<Session> session_;
    Reader reader_;
  };
  Lease lease();

 private:
  friend class Lease;
  void give_back(std::unique_ptr<Session> session);
  struct Shelf;
  Database& database_;
  std::size_t keep_;
  std::unique_ptr<Shelf> shelf_;
};

// ---- how a column becomes a value -------------------------------------------------------------------------

template <class T>
struct Column {
  static T get(const Row& row, int column) {
    if constexpr (std::is_same_v<T, bool>) return row.integer(column) != 0;
    else if constexpr (std::is_integral_v<T>) return static_cast<T>(row.integer(column));
    else if constexpr (std::is_floating_point_v<T>) return row.real(column);
    else return T(row.text(column));
  }
};
template <>
struct Column<Time> {
  static Time get(const Row& row, int column) { return row.time(column); }
};
template <>
struct Column<Duration> {
  static Duration get(const Row& row, int column) { return Duration{row.integer(column)}; }
};
template <class Tag>
struct Column<Id<Tag>> {
  static Id<Tag> get(const Row& row, int column) { return Id<Tag>{std::string(row.text(column))}; }
};
template <class T>
struct Column<std::optional<T>> {
  static std::optional<T> get(const Row& row, int column) {
    if (row.null(column)) return std::nullopt;
    return Column<T>::get(row, column);
  }
};
template <class T>
T Row::get(int column) const {
  return Column<T>::get(*this, column);
}

}  // namespace lifang::db
