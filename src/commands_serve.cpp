#include "commands_serve.hpp"

#include <fmt/format.h>

#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "backup.hpp"

namespace lifang {

void set_address(const std::string& text, const char* option, std::string& host, std::uint16_t& port) {
  if (text.empty()) return;
  const auto colon = text.rfind(':');
  unsigned number = 0;
  const char* from = text.data() + (colon == std::string::npos ? 0 : colon + 1);
  const auto [end, ec] = std::from_chars(from, text.data() + text.size(), number);
  if (colon == std::string::npos || ec != std::errc{} || end != text.data() + text.size() || number > 65535)
    throw CLI::ValidationError(option, "HOST:PORT is wanted, such as 127.0.0.1:8080");
  host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty()) host = "0.0.0.0";
  port = static_cast<std::uint16_t>(number);
}

void ServeOptions::add_to(CLI::App& command) {
  command.add_option("--data", directory, "the node's folder; everything is written there")->required();
  command.add_option("--http", http, "HOST:PORT of the pages and the API (127.0.0.1:8080)");
  command.add_option("--mqtt", mqtt, "HOST:PORT for devices (127.0.0.1:1883)");
  command.add_option("--database", database, "postgresql://… instead of SQLite in the folder");
  command.add_option("--tls-cert", tls_certificate, "PEM file with the chain; read again when it changes");
  command.add_option("--tls-key", tls_key, "PEM file with its key");
  command.add_flag("--local-authority", local_authority, "https by an authority of the node's own; /authority installs its root");
  command.add_option("--plain-http", plain_port, "a port beside https for redirects, ACME challenges and /authority");
  command.add_option("--config", config, "a TOML file (DIR/config.toml if it is there)");
}

config::Config ServeOptions::read() const {
  config::Config read;
  const auto beside = std::filesystem::path(directory) / "config.toml";
  if (!config.empty()) read = config::load(config);
  else if (std::filesystem::exists(beside)) read = config::load(beside);
  set_address(http, "--http", read.http.host, read.http.port);
  set_address(mqtt, "--mqtt", read.mqtt.host, read.mqtt.port);
  if (!database.empty()) read.database.url = database;
  if (tls_certificate.empty() != tls_key.empty()) throw CLI::ValidationError("--tls-cert", "and --tls-key go together");
  if (!tls_certificate.empty()) {
    read.http.tls_certificate = tls_certificate;
    read.http.tls_key = tls_key;
  }
  if (local_authority) read.http.local_authority = true;
  if (plain_port) read.http.plain_port = plain_port;
  if (read.http.plain_port && read.http.tls_certificate.empty() && !read.http.local_authority)
    throw CLI::ValidationError("--plain-http", "is for a port beside https: --tls-cert or --local-authority");
  return read;
}

void hold_signals() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a limit on the size of files is a full disk, and no reason to die
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

void wait_for_end() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  int signal = 0;
  sigwait(&set, &signal);
}

namespace {

/// While a node opens, which a standby does for as long as the other one lives, nobody waits for signals: whoever wants
/// it to end is heard here. Nothing was acknowledged yet, or all of it is committed: there is nothing to put in order.
class EndBeforeBeginning {
 public:
  EndBeforeBeginning() : watcher_([this] { watch(); }) {}
  ~EndBeforeBeginning() {
    opened_ = true;
    watcher_.join();
  }
  EndBeforeBeginning(const EndBeforeBeginning&) = delete;
  EndBeforeBeginning& operator=(const EndBeforeBeginning&) = delete;

 private:
  void watch() const {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    const timespec moment{0, 20'000'000};
    while (!opened_)
      if (sigtimedwait(&set, nullptr, &moment) > 0) std::_Exit(0);
  }
  std::atomic<bool> opened_{false};
  std::thread watcher_;
};

}  // namespace

RunningNode::RunningNode(const ServeOptions& options)
    : directory(options.directory), config(options.read()), lock(directory) {
  must_be_restored_whole(directory);
  const auto password = config::take_admin_password();
  mqtt::raise_open_files();
  const EndBeforeBeginning waiting;
  node = std::make_unique<Node>(config, directory, world, steady, password);
}

void add_serve(CLI::App& app, int& result) {
  auto options = std::make_shared<ServeOptions>();
  auto* command = app.add_subcommand("serve", "runs a node");
  options->add_to(*command);
  command->callback([options, &result] {
    hold_signals();
    RunningNode running(*options);
    std::fprintf(stderr, "lifang: http%s://%s:%u  mqtt://%s:%u\n", running.node->tls().on() ? "s" : "",
                 running.config.http.host.c_str(), running.node->http_port(), running.config.mqtt.host.c_str(), running.node->mqtt_port());
    wait_for_end();
    running.node->stop();
    result = 0;
  });
}

}  // namespace lifang
