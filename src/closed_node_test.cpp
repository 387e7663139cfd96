// Commands on a folder whose node is stopped: what they may touch, and what waits for the node.
#include "closed_node.hpp"

#include <fstream>

#include "backup.hpp"
#include "commands_serve.hpp"
#include "node_shell.hpp"
#include "platform/db/migrate.hpp"
#include "support/test_node.hpp"

namespace lifang {
namespace {

namespace fs = std::filesystem;

class ClosedNodes : public testing::Test {
 protected:
  ClosedNodes() {
    TestNode node(folder_.path());
    node.must("PUT", "/api/v1/places/fuyuan", R"({"kind":"compound","name":"福源"})");
  }
  http::Reply ask(const std::string& method, const std::string& target, const std::string& body = {}) {
    http::Client client("http://node", {.unix_path = (folder_.path() / "lifang.sock").string()});
    return client.request(method, target, {}, body);
  }
  std::int64_t number(const std::string& sql) {
    const auto database = db::Database::open("sqlite:" + (folder_.path() / "lifang.db").string(), {"FULL"});
    const auto session = database->connect();
    return Reader(*session).value<std::int64_t>(sql).value_or(-1);
  }
  void forget_a_schema_file() {
    const auto database = db::Database::open("sqlite:" + (folder_.path() / "lifang.db").string(), {"FULL"});
    const auto session = database->connect();
    session->script("DELETE FROM schema_files WHERE path = (SELECT MAX(path) FROM schema_files)");
  }
  std::string refused(Errand errand) {
    try {
      const ClosedNode node(folder_.path(), errand);
      return "";
    } catch (const Refusal& refusal) {
      return refusal.code;
    }
  }
  TestFolder folder_;
};

TEST_F(ClosedNodes, who_looks_finds_everything_and_leaves_no_trace) {
  const auto events = number("SELECT COUNT(*) FROM bus_events"), jobs = number("SELECT SUM(due) FROM jobs");
  {
    const ClosedNode node(folder_.path(), Errand::look);
    const auto verified = ask("GET", "/api/v1/node/verify");
    EXPECT_TRUE(parse_json(verified.body).at("ok").as_bool()) << verified.body;
    const auto tried = ask("POST", "/api/v1/rules/backtest", R"({"rule":{"name":"扬尘","applies_to":{"place":"fuyuan"},
      "severity":"warning","raise":{"when":{"metric":"pm25","op":">","value":150}}}})");
    EXPECT_EQ(tried.status, 200) << tried.body;
    // Even a deed is answered, and taken back.
    EXPECT_EQ(ask("PUT", "/api/v1/places/west", R"({"kind":"compound","name":"西苑"})").status, 200);
    EXPECT_EQ(ask("GET", "/api/v1/places/west").status, 404);
  }
  EXPECT_EQ(number("SELECT COUNT(*) FROM bus_events"), events);
  EXPECT_EQ(number("SELECT SUM(due) FROM jobs"), jobs);
  EXPECT_FALSE(fs::exists(folder_.path() / "lifang.sock"));
}

TEST_F(ClosedNodes, who_acts_writes_and_what_that_causes_waits_for_the_node) {
  const auto cursor = number("SELECT MIN(heard) FROM bus_hearers");
  {
    const ClosedNode node(folder_.path(), Errand::act);
    EXPECT_EQ(ask("POST", "/api/v1/node/users", R"({"login":"gate","role":"guard","place":"fuyuan","password":"correct horse 7"})").status, 200);
    EXPECT_EQ(ask("GET", "/api/v1/accounts?limit=10").status, 200);
  }
  EXPECT_EQ(number("SELECT MIN(heard) FROM bus_hearers"), cursor) << "nobody was told yet";
  TestNode node(folder_.path());
  EXPECT_FALSE(node.enter("gate", "correct horse 7").empty());
}

TEST_F(ClosedNodes, one_folder_has_one_owner) {
  const ClosedNode first(folder_.path(), Errand::look);
  EXPECT_EQ(refused(Errand::act), "node.held");
}

TEST_F(ClosedNodes, a_schema_of_another_version_is_told_and_not_touched_by_who_looks) {
  forget_a_schema_file();
  const auto files = number("SELECT COUNT(*) FROM schema_files");
  EXPECT_EQ(refused(Errand::look), "node.schema_behind");
  EXPECT_EQ(number("SELECT COUNT(*) FROM schema_files"), files);
  // A backup before the upgrade is the one that matters most.
  const TestFolder other;
  const auto database = db::Database::open("sqlite:" + (folder_.path() / "lifang.db").string(), {"FULL"});
  RealWorld own;
  back_up(*database, folder_.path(), other.path() / "before.lifang", own.world);
  restore(other.path() / "again", other.path() / "before.lifang", "", own.world);
  EXPECT_EQ(number("SELECT COUNT(*) FROM schema_files"), files);
}

TEST_F(ClosedNodes, a_schema_of_a_newer_program_is_not_looked_at) {
  {
    const auto database = db::Database::open("sqlite:" + (folder_.path() / "lifang.db").string(), {"FULL"});
    const auto session = database->connect();
    session->script("INSERT INTO schema_files (path, checksum, applied_at) VALUES ('src/zoo/schema/0001_zoo.sql', 'x', 0)");
  }
  EXPECT_EQ(schema_standing(folder_.path()), db::Standing::ahead);
  EXPECT_EQ(refused(Errand::look), "node.schema_ahead");
  forget_a_schema_file();
  EXPECT_EQ(schema_standing(folder_.path()), db::Standing::current) << "what was forgotten is what was added";
}

TEST(EmptyFolders, are_left_as_they_are_by_who_looks) {
  const TestFolder folder;
  for (const fs::path& directory : {folder.path(), folder.path() / "absent"}) {
    try {
      const ClosedNode node(directory, Errand::look);
      ADD_FAILURE() << directory;
    } catch (const Refusal& refusal) {
      EXPECT_EQ(refusal.code, "node.no_database");
    }
    EXPECT_THROW(schema_standing(directory), Refusal);
  }
  EXPECT_TRUE(fs::is_empty(folder.path())) << "neither a lock nor a folder";
}

TEST(EmptyFolders, are_not_made_for_a_configuration_that_is_not_there) {
  const TestFolder folder;
  ServeOptions options;
  options.directory = folder.path() / "node";
  options.config = folder.path() / "none.toml";
  EXPECT_THROW(RunningNode{options}, Refusal);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST_F(ClosedNodes, a_folder_without_a_node_is_told) {
  fs::remove(folder_.path() / "lifang.db");
  EXPECT_EQ(refused(Errand::look), "node.no_database");
  EXPECT_FALSE(fs::exists(folder_.path() / "lifang.db"));
}

}  // namespace
}  // namespace lifang
