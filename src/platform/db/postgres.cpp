// PostgreSQL 15 through libpq: text parameters, server-side prepared statements, one connection a session.
#include <fmt/format.h>
#include <libpq-fe.h>

#include <charconv>

#include "base/check.hpp"
#include "platform/db/db.hpp"

namespace lifang::db {
namespace {

struct Clear {
  void operator()(PGresult* r) const { PQclear(r); }
};
using Result = std::unique_ptr<PGresult, Clear>;

class PostgresRow final : public Row {
 public:
  explicit PostgresRow(PGresult* result) : r_(result) {}
  void move_to(int row) { row_ = row; }
  int columns() const override { return PQnfields(r_); }
  bool null(int c) const override { return PQgetisnull(r_, row_, c) != 0; }
  std::int64_t integer(int c) const override {
    const auto t = text(c);
    if (t == "t") return 1;
    std::int64_t v = 0;
    std::from_chars(t.data(), t.data() + t.size(), v);
    return v;
  }
  double real(int c) const override {
    const auto t = text(c);
    double v = 0;
    std::from_chars(t.data(), t.data() + t.size(), v);
    return v;
  }
  std::string_view text(int c) const override {
    return {PQgetvalue(r_, row_, c), static_cast<std::size_t>(PQgetlength(r_, row_, c))};
  }
  std::string_view blob(int c) const override {  // hex, as bytea_output=hex gives it: \x…
    const auto t = text(c);
    if (t.size() < 2) return {};
    auto& bytes = blobs_[static_cast<std::size_t>(c) % std::size(blobs_)];
    bytes.resize((t.size() - 2) / 2);
    const auto digit = [](char d) { return d <= '9' ? d - '0' : d - 'a' + 10; };
    for (std::size_t i = 0; i < bytes.size(); ++i)
      bytes[i] = static_cast<char>(digit(t[2 + 2 * i]) << 4 | digit(t[3 + 2 * i]));
    return bytes;
  }

 private:
  PGresult* r_;
  int row_ = 0;
  mutable std::string blobs_[8];  // a row has few; each stays valid until the next row
};

class PostgresSession final : public Session {
 public:
  explicit PostgresSession(const std::string& url) : connection_(connect(url)) {
    if (PQstatus(connection_) != CONNECTION_OK) {
      const std::string words = PQerrorMessage(connection_);
      PQfinish(connection_);
      throw Error(Error::Kind::lost, "postgres: " + words);
    }
    PQsetNoticeProcessor(connection_, [](void*, const char*) {}, nullptr);
  }
  PostgresSession(const PostgresSession&) = delete;
  PostgresSession& operator=(const PostgresSession&) = delete;
  ~PostgresSession() override { PQfinish(connection_); }
  Engine engine() const override { return Engine::postgres; }
  bool alive() const override { return !lost_ && PQstatus(connection_) == CONNECTION_OK; }

  std::int64_t execute(std::string_view sql, std::span<const Param> params, const Each* each) override {
    const std::string& name = prepare(sql, params.size());
    std::vector<std::string> numbers(params.size());
    std::vector<const char*> values(params.size());
    std::vector<int> lengths(params.size()), formats(params.size());
    for (std::size_t i = 0; i < params.size(); ++i) {
      const Param& p = params[i];
      switch (p.kind) {
        case Param::Kind::null: values[i] = nullptr; break;
        case Param::Kind::integer: values[i] = (numbers[i] = fmt::format("{}", p.integer)).c_str(); break;
        case Param::Kind::real: values[i] = (numbers[i] = fmt::format("{}", p.real)).c_str(); break;
        case Param::Kind::text: values[i] = (numbers[i] = p.text).c_str(); break;
        case Param::Kind::blob:
          values[i] = p.text.data() ? p.text.data() : "";
          lengths[i] = static_cast<int>(p.text.size());
          formats[i] = 1;
          break;
      }
    }
    Result r(PQexecPrepared(connection_, name.c_str(), static_cast<int>(params.size()), values.data(), lengths.data(),
                            formats.data(), 0));
    expect(r.get(), sql);
    if (each && PQresultStatus(r.get()) == PGRES_TUPLES_OK) {
      PostgresRow row(r.get());
      const int n = PQntuples(r.get());
      for (int i = 0; i < n; ++i) {
        row.move_to(i);
        (*each)(row);
      }
    }
    const std::string_view changed = PQcmdTuples(r.get());
    std::int64_t n = 0;
    std::from_chars(changed.data(), changed.data() + changed.size(), n);
    return n;
  }

  void script(const std::string& sql) override {
    const Result r(PQexec(connection_, sql.c_str()));
    expect(r.get(), sql);
    // COMMIT of a transaction that has failed is no error to PostgreSQL: it answers ROLLBACK.
    if (sql == "COMMIT" && std::string_view(PQcmdStatus(r.get())) != "COMMIT")
      throw Error(Error::Kind::broken, "postgres: the transaction had failed and was rolled back");
  }

 private:
  /// A server that went without a word is noticed within half a minute; the URL may say otherwise.
  static PGconn* connect(const std::string& url) {
    static constexpr const char* kWords[] = {"connect_timeout", "keepalives_idle", "keepalives_interval", "keepalives_count",
                                             "tcp_user_timeout", "dbname", nullptr};
    const char* values[] = {"10", "10", "5", "3", "25000", url.c_str(), nullptr};
    return PQconnectdbParams(kWords, values, 1);
  }

  const std::string& prepare(std::string_view sql, std::size_t count) {
    if (const auto it = cache_.find(sql); it != cache_.end()) return it->second;
    const std::string name = fmt::format("s{}", cache_.size());
    const Result r(PQprepare(connection_, name.c_str(), std::string(sql).c_str(), static_cast<int>(count), nullptr));
    expect(r.get(), sql);
    return cache_.emplace(std::string(sql), name).first->second;
  }

  void expect(const PGresult* r, std::string_view sql) {
    const auto status = PQresultStatus(r);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return;
    const char* state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : nullptr;
    const std::string_view code = state ? state : "";
    auto kind = Error::Kind::broken;
    // Without a state the word is libpq's own: the server gave none. Its status may be good even then, where a dying
    // server said something before it closed; what was under way may or may not be done.
    if (code.empty() || !alive() || code.starts_with("57P") || code.starts_with("08")) kind = Error::Kind::lost;
    else if (code == "53100") kind = Error::Kind::full;
    else if (code == "55P03" || code == "40P01" || code == "40001") kind = Error::Kind::busy;
    else if (code == "23505") kind = Error::Kind::taken;
    lost_ = lost_ || kind == Error::Kind::lost;
    throw Error(kind, fmt::format("postgres: {} ({}) in: {}", PQerrorMessage(connection_), code, sql.substr(0, 200)));
  }

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };
  PGconn* connection_;
  bool lost_ = false;
  std::unordered_map<std::string, std::string, Hash, std::equal_to<>> cache_;
};

class PostgresDatabase final : public Database {
 public:
  explicit PostgresDatabase(std::string url) : url_(std::move(url)) {}
  Engine engine() const override { return Engine::postgres; }
  std::unique_ptr<Session> connect() override {
    auto session = std::make_unique<PostgresSession>(url_);
    // Texts are compared byte by byte on both engines (place paths rely on it), see the collation check.
    session->script("SET client_min_messages = warning; SET timezone = 'UTC'; SET bytea_output = 'hex'");
    return session;
  }
  std::unique_ptr<Session> connect_reader() override {
    auto session = connect();
    session->script("SET default_transaction_read_only = on; SET default_transaction_isolation = 'repeatable read'");
    return session;
  }

 private:
  std::string url_;
};

}  // namespace

std::unique_ptr<Database> open_postgres(std::string url) { return std::make_unique<PostgresDatabase>(std::move(url)); }

}  // namespace lifang::db
