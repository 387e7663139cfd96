// Node: a house with its sockets, its background thread and its lock on the data directory.
#pragma once
#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <thread>

#include "base/real_world.hpp"
#include "courier.hpp"
#include "house.hpp"
#include "node_health.hpp"
#include "node_tls.hpp"
#include "pages.hpp"
#include "platform/config/config.hpp"
#include "platform/http/live.hpp"
#include "platform/http/server.hpp"
#include "porch/http/http_porch.hpp"
#include "porch/intake.hpp"
#include "porch/mqtt/mqtt_porch.hpp"

namespace lifang {

class Librarian;

/// Holds DIR/lifang.lock (flock) while it lives; what the process writes from then on is for its own user alone. @throws Refusal conflict node.held naming the process that holds it
class DirectoryLock {
 public:
  explicit DirectoryLock(const std::filesystem::path& directory);
  ~DirectoryLock();
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

 private:
  int descriptor_ = -1;
};

/// DIR/lifang.database (0600): where the rows are if not in the folder, so that every command finds them.
constexpr const char* kDatabaseFile = "lifang.database";
/// Notes a PostgreSQL database for the folder; forgets it where the rows are the folder's own.
void remember_database(const std::filesystem::path& directory, const std::string& url);
/// Where a node of this configuration keeps its rows: the database that it names; else the one remembered; else the folder's own.
std::string database_url(const config::Config& config, const std::filesystem::path& directory);
/// Opens the database and brings its schema up to date. @throws Refusal node.two_databases, node.restore_unfinished
std::unique_ptr<db::Database> open_database(const config::Config& config, const std::filesystem::path& directory, Time now);
House::Plan plan_of(const config::Config& config, const std::filesystem::path& directory, Ids& ids);

class Node {
 public:
  /// Opens everything and listens; from here on it serves. The lock is the caller's. A node without any account gets
  /// its first admin (with `first_password`, see accounts_first.hpp) before a socket listens.
  Node(config::Config config, std::filesystem::path directory, World& world, const Steady& steady,
       const std::optional<Secret>& first_password);
  ~Node();  ///< stop()
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  /// Stops taking in, commits what it has, answers, ends the threads.
  void stop();
  House& house() { return *house_; }
  std::uint16_t http_port() const { return http_->port(); }
  std::uint16_t http_plain_port() const { return http_->plain_port(); }
  std::uint16_t mqtt_port() { return mqtt_->server().port(); }
  std::uint16_t mqtt_tls_port() { return mqtt_->server().tls_port(); }
  NodeTls& tls() { return tls_; }
  /// New certificates are taken up. The background does so every second.
  void look_at_certificates();
  /// How the node is now. Any thread.
  NodeHealth look() const;
  /// What the two servers refused by themselves, by reason.
  std::map<std::string, std::uint64_t> refused_below() const;
  /// Tells those who listen to `node` how it is, when ten seconds have gone or something stands differently. The background
  /// asks every second.
  void beat();
  /// Tells those who look at a device (`devices.said`) that it spoke, came, went or was refused something since they were
  /// told last, or that one more looks at it. The background asks every second.
  void tell_of_devices();

 private:
  /// Whether it acknowledges, and what is to be said of it.
  std::pair<bool, std::string> readiness() const;
  void add_own_routes();
  void answer_counted(http::Responder responder, http::Response&& response);
  void add_health();
  void add_certificates();
  void tend();

  config::Config config_;
  std::filesystem::path directory_;
  World& world_;
  Pages pages_{embedded::pages()};
  NodeTls tls_;
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<House> house_;
  std::unique_ptr<porch::Intake> intake_;
  std::unique_ptr<porch::HttpPorch> http_porch_;
  std::unique_ptr<porch::MqttPorch> mqtt_;
  std::unique_ptr<http::Live> live_;
  std::unique_ptr<Courier> courier_;
  std::unique_ptr<Librarian> librarian_;
  std::unique_ptr<http::Server> http_;
  std::atomic<bool> stopping_{false};
  std::pair<std::pair<bool, std::string>, std::size_t> told_;  ///< what the last beat said of readiness and parked hearers
  Time beaten_;
  std::mutex beat_mutex_;
  std::map<std::string, std::string> devices_told_;  ///< of each device that somebody looks at, how it stood
  std::mutex devices_mutex_;
  std::thread tender_;
  std::mutex tender_mutex_;
  std::condition_variable tender_bell_;
};

}  // namespace lifang
