// `lifang serve`: runs a node until it is told to stop.
#pragma once
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "node.hpp"

namespace lifang {

/// The options that every command takes which runs a node.
struct ServeOptions {
  std::string directory;
  std::string http, mqtt, database, config, tls_certificate, tls_key;
  bool local_authority = false;
  std::optional<std::uint16_t> plain_port;
  void add_to(CLI::App& command);
  /// The configuration file with the command line laid over it.
  config::Config read() const;
};

/// "HOST:PORT", "[::1]:PORT" or ":PORT" (every address) into its parts; an empty text changes nothing.
/// @throws CLI::ValidationError
void set_address(const std::string& text, const char* option, std::string& host, std::uint16_t& port);
/// Blocks the signals that end a node; call before any thread starts.
void hold_signals();
/// Waits for SIGTERM or SIGINT.
void wait_for_end();
/// A node on the real world, with its lock and its first login.
struct RunningNode {
  explicit RunningNode(const ServeOptions& options);
  std::filesystem::path directory;
  config::Config config;  ///< read before anything is made: a file that is not there leaves no folder behind
  DirectoryLock lock;
  RealClock clock;
  RealSteady steady;
  RealIds ids{clock};
  World world{clock, ids};
  std::unique_ptr<Node> node;
};

void add_serve(CLI::App& app, int& result);

}  // namespace lifang
