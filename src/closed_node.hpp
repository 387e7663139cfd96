// ClosedNode: a node's folder opened for one errand while no node runs: no port, no timer, nobody who is told anything.
#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "base/real_world.hpp"
#include "house.hpp"
#include "node.hpp"
#include "platform/config/config.hpp"
#include "platform/db/migrate.hpp"
#include "platform/http/server.hpp"

namespace lifang {

/// What is done with it: who only looks writes nothing and does not touch the schema; who acts brings the schema up to
/// date, as `lifang serve` does. What its deeds cause (messages, deadlines) happens when a node runs again.
enum class Errand { look, act };

/// Holds the folder's lock and answers on DIR/lifang.sock as a running node does.
class ClosedNode {
 public:
  /// @throws Refusal node.held, node.no_database; node.restore_unfinished; for who looks node.schema_behind where an
  /// older program wrote it, node.schema_ahead where a newer one did
  ClosedNode(const std::filesystem::path& directory, Errand errand);
  ~ClosedNode();
  ClosedNode(const ClosedNode&) = delete;
  ClosedNode& operator=(const ClosedNode&) = delete;

 private:
  std::filesystem::path directory_;
  config::Config config_;
  DirectoryLock lock_;
  RealClock clock_;
  RealIds ids_{clock_};
  World world_{clock_, ids_};
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<House> house_;
  std::unique_ptr<http::Server> socket_;
};

/// @throws Refusal node.no_database where neither the folder nor its configuration has one; nothing is made there
void must_hold_a_node(const config::Config& config, const std::filesystem::path& directory);
/// The database of a folder as it lies there. @throws Refusal node.no_database, node.restore_unfinished
std::unique_ptr<db::Database> open_as_it_is(const config::Config& config, const std::filesystem::path& directory);
/// How the folder's database, of which no node runs, stands to this program.
/// @throws Refusal node.held, node.no_database
db::Standing schema_standing(const std::filesystem::path& directory);

/// The configuration of a folder: DIR/config.toml if it is there.
config::Config config_of(const std::filesystem::path& directory);

}  // namespace lifang
