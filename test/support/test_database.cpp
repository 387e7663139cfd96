#include "support/test_database.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>

#include "platform/db/migrate.hpp"
#include "support/private_postgres.hpp"

namespace lifang {
namespace {

/// Memory-backed where the machine has it: tests commit thousands of times.
std::string make_directory() {
  std::string pattern = (std::filesystem::exists("/dev/shm") ? "/dev/shm" : "/tmp") + std::string("/lifang-test-XXXXXX");
  return mkdtemp(pattern.data());
}

std::atomic<int> count{0};

struct SqliteTemplate {
  std::string directory = make_directory();
  SqliteTemplate() {
    const auto database = db::Database::open("sqlite:" + directory + "/lifang.db");
    const auto session = database->connect();
    db::migrate(*session, embedded::schemas(), from_ms(0));
    session->script("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  ~SqliteTemplate() { std::filesystem::remove_all(directory); }
};

struct PostgresTemplate {
  std::string name = "lifang_template";
  PostgresTemplate() {
    const auto database = db::Database::open(PrivatePostgres::get().create(name));
    const auto session = database->connect();
    db::migrate(*session, embedded::schemas(), from_ms(0));
  }
};

}  // namespace

TestDatabase::TestDatabase(db::Engine engine) : directory_(make_directory()) {
  if (engine == db::Engine::sqlite) {
    static const SqliteTemplate made;
    std::filesystem::copy_file(made.directory + "/lifang.db", directory_ + "/lifang.db");
    url_ = "sqlite:" + directory_ + "/lifang.db";
  } else {
    static const PostgresTemplate made;
    name_ = fmt::format("test_{}", ++count);
    url_ = PrivatePostgres::get().create(name_, made.name);
  }
  database_ = db::Database::open(url_);
}

TestDatabase::~TestDatabase() {
  database_.reset();
  if (!name_.empty()) PrivatePostgres::get().drop(name_);
  std::filesystem::remove_all(directory_);
}

}  // namespace lifang
