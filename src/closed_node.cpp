#include "closed_node.hpp"

#include "backup.hpp"
#include "node_shell.hpp"
#include "platform/http/routes.hpp"
#include "rooms/accounts/accounts_first.hpp"

namespace lifang {
namespace {

db::Standing standing_of(db::Database& database) {
  const auto session = database.connect();
  return db::standing(*session, embedded::schemas());
}

/// Who only looks leaves nothing behind where no node is, not even a lock.
config::Config config_for(const std::filesystem::path& directory, Errand errand) {
  config::Config config = config_of(directory);
  if (errand == Errand::look) must_hold_a_node(config, directory);
  return config;
}

std::unique_ptr<db::Database> open_to_look(const config::Config& config, const std::filesystem::path& directory) {
  auto database = open_as_it_is(config, directory);
  const db::Standing standing = standing_of(*database);
  if (standing == db::Standing::ahead)
    throw conflict("node.schema_ahead", "this folder was written by a newer program than this one; nothing was changed. Take that program, "
                                        "or restore the backup that was made before it was first started");
  if (standing == db::Standing::behind)
    throw conflict("node.schema_behind", "this folder was written by another program version; nothing was changed. Make a backup, "
                                         "then start lifang serve once: it brings the schema up to date");
  return database;
}

}  // namespace

void must_hold_a_node(const config::Config& config, const std::filesystem::path& directory) {
  if (database_url(config, directory) == "sqlite:" + (directory / "lifang.db").string() && !std::filesystem::exists(directory / "lifang.db"))
    throw missing("node.no_database", "there is no node in " + directory.string() + ": no lifang.db, and neither config.toml (database.url) nor "
                                          "lifang.database names another database");
}

std::unique_ptr<db::Database> open_as_it_is(const config::Config& config, const std::filesystem::path& directory) {
  must_be_restored_whole(directory);
  must_hold_a_node(config, directory);
  return db::Database::open(database_url(config, directory),
                            {config.database.synchronous == config::Synchronous::full ? "FULL" : "NORMAL"});
}

db::Standing schema_standing(const std::filesystem::path& directory) {
  const config::Config config = config_of(directory);
  must_hold_a_node(config, directory);
  const DirectoryLock lock(directory);
  return standing_of(*open_as_it_is(config, directory));
}

config::Config config_of(const std::filesystem::path& directory) {
  const auto file = directory / "config.toml";
  return std::filesystem::exists(file) ? config::load(file) : config::Config{};
}

ClosedNode::ClosedNode(const std::filesystem::path& directory, Errand errand)
    : directory_(directory), config_(config_for(directory, errand)), lock_(directory) {
  const bool acts = errand == Errand::act;
  database_ = acts ? open_database(config_, directory_, clock_.now()) : open_to_look(config_, directory_);
  House::Plan plan = plan_of(config_, directory_, ids_);
  plan.only_asked = true;
  house_ = std::make_unique<House>(std::move(plan), *database_, world_);
  add_shell_routes(*house_, directory_);
  if (acts) {
    house_->open();
    accounts::make_first_admin(house_->accounts, house_->lane, world_, directory_, config::take_admin_password());
  } else {
    house_->look();
  }
  house_->lane.start();
  http::Config door;
  door.host.clear();
  door.unix_path = (directory_ / "lifang.sock").string();
  door.threads = 1;
  socket_ = std::make_unique<http::Server>(door, clock_, [this](http::Request&& request, http::Responder responder) {
    house_->routes->handle(std::move(request), std::move(responder));
  });
}

ClosedNode::~ClosedNode() {
  socket_->stop();
  house_->routes->stop();
  house_->lane.stop();
}

}  // namespace lifang
