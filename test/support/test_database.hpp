// A migrated, empty database of either engine for one test; a copy of a template made once per process.
#pragma once
#include <memory>
#include <string>

#include "platform/db/db.hpp"

namespace lifang {

class TestDatabase {
 public:
  explicit TestDatabase(db::Engine engine);
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  db::Database& database() { return *database_; }
  const std::string& url() const { return url_; }
  /// A folder of its own for files, keys and (SQLite) the database.
  const std::string& directory() const { return directory_; }

 private:
  std::string directory_;
  std::string name_;
  std::string url_;
  std::unique_ptr<db::Database> database_;
};

/// For INSTANTIATE_TEST_SUITE_P: names the engine in the test's name.
inline std::string engine_name(db::Engine engine) { return engine == db::Engine::sqlite ? "sqlite" : "postgres"; }

}  // namespace lifang

/// Every room's tests run on both engines: BOTH_ENGINES(Cases) after the fixture, then TEST_P(Cases, …).
#define BOTH_ENGINES(Fixture)                                                                     \
  INSTANTIATE_TEST_SUITE_P(, Fixture, testing::Values(lifang::db::Engine::sqlite, lifang::db::Engine::postgres), \
                           [](const auto& param) { return lifang::engine_name(param.param); })
