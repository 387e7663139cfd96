// The log of a node's database has its size before the first message comes.
#include <gtest/gtest.h>

#include <filesystem>

#include "platform/db/db.hpp"
#include "support/test_folder.hpp"

namespace lifang::db {
namespace {

namespace fs = std::filesystem;

TEST(SqliteLog, has_its_size_for_who_writes_and_the_database_is_not_larger_for_it) {
  const TestFolder folder;
  const auto file = folder.path() / "x.db";
  const auto database = Database::open("sqlite:" + file.string(), {.synchronous = "FULL", .roomy_log = true});
  database->connect()->script("CREATE TABLE kept (n BIGINT); INSERT INTO kept VALUES (7)");
  const auto before = fs::file_size(file);
  const auto writer = database->connect_writer();
  const auto log = fs::path(file.string() + "-wal");
  const auto size = fs::file_size(log);
  EXPECT_GT(size, 16U << 20);
  for (int i = 0; i < 100; ++i) writer->script("INSERT INTO kept VALUES (8)");
  EXPECT_EQ(fs::file_size(log), size) << "written over, not grown";
  EXPECT_EQ(Reader(*writer).value<std::int64_t>("SELECT COUNT(*) FROM sqlite_master"), 1) << "what filled it is gone";
  EXPECT_EQ(Reader(*database->connect_reader()).value<std::int64_t>("SELECT COUNT(*) FROM kept"), 101);
  EXPECT_LT(fs::file_size(file), before + (1U << 20));
}

TEST(SqliteLog, grows_by_and_by_where_nobody_waits_for_the_disk) {
  const TestFolder folder;
  const auto file = folder.path() / "x.db";
  const auto database = Database::open("sqlite:" + file.string(), {.synchronous = "NORMAL"});
  const auto writer = database->connect_writer();
  writer->script("CREATE TABLE kept (n BIGINT)");
  EXPECT_LT(fs::file_size(fs::path(file.string() + "-wal")), 1U << 20);
}

}  // namespace
}  // namespace lifang::db
