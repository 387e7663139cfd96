// How many telemetry messages a second does a whole Lifang take: a QoS 1 publish, three values, acknowledged after the
// commit (SQLite, synchronous FULL), judged by 20 of 5,000 rules? Yardsticks of the same run: mosquitto with one QoS 0
// subscriber, which stores and judges nothing; and a minimal epoll loop that reads the values, appends them to SQLite (FULL)
// and acknowledges after the commit. Load and servers share the machine.
//   bench_porch [--seconds S] [--connections N] [--rules N] [--lifang PATH]
#include <sqlite3.h>
#include <sys/epoll.h>

#include <charconv>

#include "base/real_world.hpp"
#include "platform/mqtt/clients.hpp"
#include "servers.hpp"

using namespace lifang;
using namespace lifang::mqtt;
using bench::Child, bench::Http, bench::option;

namespace {

constexpr char kPayload[] = R"({"pm25":41.5,"noise":52.1,"temperature":21.4})";

/// The second yardstick, a process of its own: an epoll loop that knows just enough of MQTT, reads the values, appends a
/// row for each to SQLite (synchronous FULL, no index) and acknowledges after the commit; one commit a round. It judges
/// nothing, knows nobody and checks no password.
class Minimal {
 public:
  explicit Minimal(const std::string& file) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0) throw std::runtime_error("no port");
    ::listen(listener_, 4096);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    std::fflush(stdout);  // else the child prints it again
    pid_ = ::fork();
    if (pid_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    open(file);
    for (;;) round();
  }
  ~Minimal() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    ::close(listener_);
  }
  Minimal(const Minimal&) = delete;
  Minimal& operator=(const Minimal&) = delete;
  std::uint16_t port = 0;

 private:
  struct Peer {
    std::string in, out;
  };
  void open(const std::string& file) {
    sqlite3_open(file.c_str(), &db_);
    sqlite3_exec(db_, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000;"
                      "CREATE TABLE readings (device INTEGER, metric INTEGER, ts INTEGER, value REAL)", nullptr, nullptr, nullptr);
    sqlite3_prepare_v2(db_, "INSERT INTO readings VALUES (?, ?, ?, ?)", -1, &insert_, nullptr);
    epoll_ = ::epoll_create1(0);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = listener_;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_, &event);
  }
  void round() {
    epoll_event events[512];
    const int n = ::epoll_wait(epoll_, events, 512, -1);
    sqlite3_exec(db_, "BEGIN", nullptr, nullptr, nullptr);
    spoke_.clear();
    for (int i = 0; i < n; ++i)
      if (events[i].data.fd == listener_) greet();
      else hear(events[i].data.fd);
    sqlite3_exec(db_, "COMMIT", nullptr, nullptr, nullptr);
    for (const int descriptor : spoke_) {
      std::string& out = peers_[static_cast<std::size_t>(descriptor)].out;
      if (::send(descriptor, out.data(), out.size(), MSG_NOSIGNAL) < 0) ::close(descriptor);
      out.clear();
    }
  }
  void greet() {
    int descriptor;
    while ((descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
      const int on = 1;
      ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.fd = descriptor;
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
      if (peers_.size() <= static_cast<std::size_t>(descriptor)) peers_.resize(static_cast<std::size_t>(descriptor) + 1);
      peers_[static_cast<std::size_t>(descriptor)] = {};
    }
  }
  void hear(int descriptor) {
    Peer& peer = peers_[static_cast<std::size_t>(descriptor)];
    const ssize_t got = ::recv(descriptor, buffer_, sizeof buffer_, 0);
    if (got <= 0) {
      ::close(descriptor);
      return;
    }
    peer.in.append(buffer_, static_cast<std::size_t>(got));
    const auto u = [&](std::size_t i) { return static_cast<unsigned char>(peer.in[i]); };
    std::size_t at = 0;
    while (at + 2 <= peer.in.size()) {
      std::size_t head = 2, length = u(at + 1) & 0x7F;
      if (u(at + 1) >= 128) {
        if (at + 3 > peer.in.size()) break;
        length |= static_cast<std::size_t>(u(at + 2) & 0x7F) << 7, ++head;
      }
      if (at + head + length > peer.in.size()) break;
      if (u(at) >> 4 == 1) {
        peer.out.append("\x20\2\0\0", 4);
      } else if (u(at) >> 4 == 3) {
        const std::size_t id = at + head + 2 + (static_cast<std::size_t>(u(at + head)) << 8 | u(at + head + 1));
        store(descriptor, std::string_view(peer.in).substr(id + 2, at + head + length - id - 2));
        peer.out.append("\x40\2", 2).append(peer.in, id, 2);
      }
      at += head + length;
    }
    peer.in.erase(0, at);
    if (!peer.out.empty()) spoke_.push_back(descriptor);
  }
  void store(int device, std::string_view payload) {
    int metric = 0;
    for (auto at = payload.find(':'); at != std::string_view::npos; at = payload.find(':', at + 1)) {
      double value = 0;
      std::from_chars(payload.data() + at + 1, payload.data() + payload.size(), value);
      sqlite3_bind_int(insert_, 1, device);
      sqlite3_bind_int(insert_, 2, metric++);
      sqlite3_bind_int64(insert_, 3, ++ts_);
      sqlite3_bind_double(insert_, 4, value);
      sqlite3_step(insert_);
      sqlite3_reset(insert_);
    }
  }

  int listener_ = -1, epoll_ = -1;
  pid_t pid_ = 0;
  sqlite3* db_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
  std::vector<Peer> peers_;
  std::vector<int> spoke_;
  std::int64_t ts_ = 1'767'225'600'000;
  char buffer_[65536];
};

void set_up(Http& http, std::size_t devices, std::size_t rules) {
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

void measure(int argc, char** argv, const std::filesystem::path& folder) {
  const double seconds = std::atof(option(argc, argv, "--seconds", "3").c_str());
  const auto connections = std::strtoul(option(argc, argv, "--connections", "2000").c_str(), nullptr, 10);
  const auto rules = std::strtoul(option(argc, argv, "--rules", "5000").c_str(), nullptr, 10);
  const std::uint16_t http_port = bench::free_port(), mqtt_port = bench::free_port(), broker_port = bench::free_port();
  std::ofstream(folder / "mosquitto.conf") << "listener " << broker_port << " 127.0.0.1\nallow_anonymous true\n";
  ::setenv("LIFANG_ADMIN_PASSWORD", bench::kPassword, 1);
  const Child lifang({option(argc, argv, "--lifang", "build/bin/lifang"), "serve", "--data", (folder / "data").string(),
                      "--http", fmt::format("127.0.0.1:{}", http_port), "--mqtt", fmt::format("127.0.0.1:{}", mqtt_port)});
  const Child broker({"/usr/sbin/mosquitto", "-c", (folder / "mosquitto.conf").string()});
  if (!bench::wait_for(http_port) || !bench::wait_for(mqtt_port)) throw std::runtime_error("lifang did not start");
  if (!bench::wait_for(broker_port)) throw std::runtime_error("mosquitto did not start");
  Http http(http_port);
  set_up(http, connections, rules);
  const Minimal minimal((folder / "minimal.db").string());
  fmt::print("{} connections, {} rules (20 for the profile), 3 values a message, {} s each\n", connections, rules, seconds);
  std::uint64_t first = 0;
  for (const std::uint16_t window : {std::uint16_t{20}, std::uint16_t{1}}) {
    const auto ours = Load(mqtt_port, connections, window, false).run(seconds);
    first += ours.first;
    const auto theirs = Load(broker_port, connections, window, true).run(seconds);
    const auto bare = Load(minimal.port, connections, window, false).run(seconds);
    fmt::print("{:2} in flight: lifang {:.0f} msg/s, mosquitto {:.0f} msg/s acknowledged and {:.0f} heard: {:.2f} times what is heard\n",
               window, ours.acknowledged, theirs.acknowledged, theirs.heard, ours.acknowledged / theirs.heard);
    fmt::print("              minimal epoll loop with SQLite FULL {:.0f} msg/s: {:.0f} % of it\n", bare.acknowledged,
               100 * ours.acknowledged / bare.acknowledged);
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
  bench::open_many_files();
  try {
    const bench::Folder folder;
    measure(argc, argv, folder.path());
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_porch: {}\n", error.what());
    return 1;
  }
}
