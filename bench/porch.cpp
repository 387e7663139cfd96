// How many telemetry messages a second does a whole Lifang take: a QoS 1 publish, three values, acknowledged after the
// commit (SQLite, synchronous FULL), judged by 20 of 5,000 rules? Yardstick of the same run: mosquitto with one QoS 0
// subscriber, which stores and judges nothing. Load and servers share the machine.
//   bench_porch [--seconds S] [--connections N] [--rules N] [--lifang PATH]
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "base/real_world.hpp"
#include "platform/mqtt/clients.hpp"

using namespace lifang;
using namespace lifang::mqtt;

namespace {

constexpr char kPayload[] = R"({"pm25":41.5,"noise":52.1,"temperature":21.4})";
constexpr char kPassword[] = "bench-password-1";

int dial(std::uint16_t port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return descriptor;
  }
  ::close(descriptor);
  return -1;
}

/// A port that nobody has now.
std::uint16_t free_port() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(descriptor, reinterpret_cast<sockaddr*>(&address), size) != 0) throw std::runtime_error("no port");
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(descriptor);
  return ntohs(address.sin_port);
}

/// A child that is killed with its object.
class Child {
 public:
  explicit Child(const std::vector<std::string>& words) {
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ != 0) return;
    if (!std::freopen("/dev/null", "w", stdout) || !std::freopen("/dev/null", "w", stderr)) ::_exit(126);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  ~Child() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

 private:
  pid_t pid_ = 0;
};

bool wait_for(std::uint16_t port) {
  for (int i = 0; i < 300; ++i) {
    if (const int descriptor = dial(port); descriptor >= 0) {
      ::close(descriptor);
      return true;
    }
    ::usleep(100'000);
  }
  return false;
}

/// One keep-alive connection, one request after the other.
class Http {
 public:
  explicit Http(std::uint16_t port) : descriptor_(dial(port)) {}
  ~Http() { ::close(descriptor_); }
  Http(const Http&) = delete;
  Http& operator=(const Http&) = delete;

  /// The status and the body.
  std::pair<int, std::string> ask(const char* method, const std::string& path, const std::string& body = {}) {
    const std::string text =
        fmt::format("{} /api/v1/{} HTTP/1.1\r\nHost: localhost\r\n{}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                    method, path, token_.empty() ? "" : "Authorization: Bearer " + token_ + "\r\n", body.size(), body);
    if (::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size()))
      throw std::runtime_error("the server has hung up");
    std::string answer;
    char part[16384];
    std::size_t whole = std::string::npos, head = 0;
    while (answer.size() < whole) {
      const ssize_t n = ::recv(descriptor_, part, sizeof part, 0);
      if (n <= 0) throw std::runtime_error("the server has hung up");
      answer.append(part, static_cast<std::size_t>(n));
      if (whole != std::string::npos || (head = answer.find("\r\n\r\n")) == std::string::npos) continue;
      const auto length = answer.find("Content-Length: ");
      whole = head + 4 + (length < head ? std::strtoul(answer.c_str() + length + 16, nullptr, 10) : 0);
    }
    return {std::atoi(answer.c_str() + 9), answer.substr(head + 4)};
  }
  void must(const char* method, const std::string& path, const std::string& body = {}) {
    const auto [status, text] = ask(method, path, body);
    if (status >= 300) throw std::runtime_error(fmt::format("{} {}: {} {}", method, path, status, text));
  }
  void sign_in() {
    for (int i = 0; i < 20; ++i) {
      const auto [status, text] =
          ask("POST", "sessions", fmt::format(R"({{"login":"admin","password":"{}"}})", kPassword));
      if (const auto at = text.find("\"token\":\""); status < 300 && at != std::string::npos) {
        token_ = text.substr(at + 9, text.find('"', at + 9) - at - 9);
        return;
      }
      ::usleep(500'000);  // the first account is made a moment after the port opens
    }
    throw std::runtime_error("admin cannot sign in");
  }

 private:
  int descriptor_;
  std::string token_;
};

void furnish(Http& http, std::size_t devices, std::size_t rules) {
  http.sign_in();
  http.must("PUT", "places/city", R"({"kind":"city","name":"city"})");
  for (const char* profile : {"spoken", "silent"})
    http.must("PUT", fmt::format("devices/profiles/{}", profile),
              R"({"name":"p","metrics":[{"id":"pm25"},{"id":"noise"},{"id":"temperature"}]})");
  for (std::size_t i = 0; i < devices; ++i)
    http.must("PUT", fmt::format("devices/d{}", i), R"({"profile":"spoken","place":"city","secret":"bench-secret"})");
  for (std::size_t i = 0; i < rules; ++i) {
    http.must("PUT", fmt::format("rules/r{}", i),
              fmt::format(R"({{"name":"r","applies_to":{{"profile":"{}"}},"severity":"info",)"
                          R"("raise":{{"when":{{"metric":"{}","op":">","value":{}}}}}}})",
                          i < 20 ? "spoken" : "silent", i % 3 == 0 ? "pm25" : i % 3 == 1 ? "noise" : "temperature", 500 + i));
    http.must("POST", fmt::format("rules/r{}/activate", i));
  }
}

/// Every connection keeps its window full; acknowledgements are counted, and what a subscriber hears.
class Load final : private Clients::Listener {
 public:
  struct Rates {
    double acknowledged = 0, heard = 0;
    std::uint64_t first = 0;  ///< all that the first device was acknowledged
  };
  Load(std::uint16_t port, std::size_t connections, std::uint16_t window, bool subscriber)
      : clients_(*this, steady_), packet_(prebuild(Version::v3, "v1/devices/me/telemetry", kPayload, 1)), window_(window) {
    ClientConfig config;
    config.port = port;
    config.window = window;
    config.password = "bench-secret";
    for (std::size_t i = 0; i < connections + (subscriber ? 1 : 0); ++i) {
      config.client_id = config.user = fmt::format("d{}", i);
      indices_.push_back(clients_.open(config));
      while (in_ < i + 1 && i % 64 == 63) clients_.poll(Duration{100});
    }
    while (in_ < indices_.size()) clients_.poll(Duration{100});
    if (!subscriber) return;
    clients_.subscribe(indices_.back(), "v1/devices/me/telemetry", 0);
    indices_.pop_back();
    for (int i = 0; i < 20; ++i) clients_.poll(Duration{10});
  }
  Rates run(double seconds) {
    for (const auto index : indices_)
      for (int i = 0; i < window_; ++i) clients_.publish(index, packet_);
    poll_for(0.5);
    const std::uint64_t acks = acks_, heard = heard_;
    const double spent = poll_for(seconds);
    return {static_cast<double>(acks_ - acks) / spent, static_cast<double>(heard_ - heard) / spent, first_};
  }

 private:
  double poll_for(double seconds) {
    const Duration begun = steady_.elapsed();
    double spent = 0;
    while ((spent = static_cast<double>((steady_.elapsed() - begun).count()) / 1000) < seconds) clients_.poll(Duration{10});
    return spent;
  }
  void connected(Clients::Index, std::uint8_t code) override {
    if (code != 0) throw std::runtime_error(fmt::format("the server refuses a device: {}", code));
    ++in_;
  }
  void acknowledged(Clients::Index index, std::uint16_t, Reason) override {
    ++acks_;
    first_ += index == indices_.front();
    clients_.publish(index, packet_);
  }
  void message(Clients::Index, std::string_view, std::string_view) override { ++heard_; }

  RealSteady steady_;
  Clients clients_;
  Prebuilt packet_;
  int window_;
  std::vector<Clients::Index> indices_;
  std::size_t in_ = 0;
  std::uint64_t acks_ = 0, heard_ = 0, first_ = 0;
};

std::string option(int argc, char** argv, std::string_view name, const char* otherwise) {
  for (int i = 1; i + 1 < argc; ++i)
    if (argv[i] == name) return argv[i + 1];
  return otherwise;
}

void measure(int argc, char** argv, const std::filesystem::path& folder) {
  const double seconds = std::atof(option(argc, argv, "--seconds", "3").c_str());
  const auto connections = std::strtoul(option(argc, argv, "--connections", "2000").c_str(), nullptr, 10);
  const auto rules = std::strtoul(option(argc, argv, "--rules", "5000").c_str(), nullptr, 10);
  const std::uint16_t http_port = free_port(), mqtt_port = free_port(), broker_port = free_port();
  std::ofstream(folder / "mosquitto.conf") << "listener " << broker_port << " 127.0.0.1\nallow_anonymous true\n";
  ::setenv("LIFANG_ADMIN_PASSWORD", kPassword, 1);
  const Child lifang({option(argc, argv, "--lifang", "build/bin/lifang"), "serve", "--data", (folder / "data").string(),
                      "--http", fmt::format("127.0.0.1:{}", http_port), "--mqtt", fmt::format("127.0.0.1:{}", mqtt_port)});
  const Child broker({"/usr/sbin/mosquitto", "-c", (folder / "mosquitto.conf").string()});
  if (!wait_for(http_port) || !wait_for(mqtt_port)) throw std::runtime_error("lifang did not start");
  if (!wait_for(broker_port)) throw std::runtime_error("mosquitto did not start");
  Http http(http_port);
  furnish(http, connections, rules);
  fmt::print("{} connections, {} rules (20 for the profile), 3 values a message, {} s each\n", connections, rules, seconds);
  std::uint64_t first = 0;
  for (const std::uint16_t window : {std::uint16_t{20}, std::uint16_t{1}}) {
    const auto ours = Load(mqtt_port, connections, window, false).run(seconds);
    first += ours.first;
    const auto theirs = Load(broker_port, connections, window, true).run(seconds);
    fmt::print("{:2} in flight: lifang {:.0f} msg/s, mosquitto {:.0f} msg/s acknowledged and {:.0f} heard: {:.2f} times what is heard\n",
               window, ours.acknowledged, theirs.acknowledged, theirs.heard, ours.acknowledged / theirs.heard);
  }
  // Each acknowledged message must be there, as one point.
  const auto [status, text] = http.ask("GET", "readings?device=d0&metric=pm25&step=P365D&limit=2");
  std::uint64_t stored = 0;
  for (auto at = text.find("\"count\":"); at != std::string::npos; at = text.find("\"count\":", at + 1))
    stored += std::strtoull(text.c_str() + at + 8, nullptr, 10);
  fmt::print("first device: {} acknowledged, {} points stored{}\n", first, stored, stored < first ? ": LOST" : "");
  if (status != 200 || stored < first) throw std::runtime_error("not everything that was acknowledged is stored");
}

}  // namespace

int main(int argc, char** argv) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  char name[] = "/var/tmp/lifang-bench-XXXXXX";  // /tmp may be memory
  if (::mkdtemp(name) == nullptr) return 1;
  int result = 0;
  try {
    measure(argc, argv, name);
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_porch: {}\n", error.what());
    result = 1;
  }
  std::filesystem::remove_all(name);
  return result;
}
