// How long does a device wait for its PUBACK, and a person for the situation on the screen, at 10,000 messages a second?
// Lifang acknowledges after the commit (SQLite, synchronous FULL) and judges every message by 20 of 5,000 rules. Yardstick of
// the same run: mosquitto's PUBACK under the same load with one QoS 0 subscriber, storing nothing.
//   bench_latency [--rate N] [--seconds S] [--warm S] [--connections N] [--rules N] [--lifang PATH]
#include <poll.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "base/reflect.hpp"
#include "platform/mqtt/clients.hpp"
#include "servers.hpp"

using namespace lifang;
using namespace lifang::mqtt;
using bench::option;

namespace {

using Instant = std::chrono::steady_clock::time_point;
/// Seconds not counted: connections and memories take their size. 0 shows the first seconds of a node.
double warm_seconds = 4;
constexpr std::size_t kProbes = 400;  ///< devices of which each raises one situation

double ms(Instant from, Instant to) { return std::chrono::duration<double, std::milli>(to - from).count(); }

struct Shares {
  std::size_t n = 0;
  double p50 = 0, p99 = 0, worst = 0;
  explicit Shares(std::vector<double> all) : n(all.size()) {
    if (all.empty()) return;
    std::sort(all.begin(), all.end());
    p50 = all[n / 2], p99 = all[n * 99 / 100], worst = all.back();
  }
};

/// Messages at a steady rate, one connection after the other; every tick some of them are probes.
class Pace final : private Clients::Listener {
 public:
  Pace(std::uint16_t port, std::size_t connections, bool probes, bool subscriber)
      : clients_(*this, steady_), packet_(prebuild(Version::v3, "v1/devices/me/telemetry", R"({"pm25":41.5,"noise":52.1,"temperature":21.4})", 1)),
        probe_(prebuild(Version::v3, "v1/devices/me/telemetry", R"({"pm25":9999,"noise":52.1,"temperature":21.4})", 1)) {
    ClientConfig config;
    config.port = port;
    config.password = "bench-secret";
    const auto connect = [&](const std::string& name) {
      config.client_id = config.user = name;
      const auto index = clients_.open(config);
      waiting_.resize(std::max(waiting_.size(), index + 1));
      ++opened_;
      while (opened_ % 64 == 0 && in_ < opened_) clients_.poll(Duration{100});
      return index;
    };
    for (std::size_t i = 0; i < connections; ++i) steady_ones_.push_back(connect(fmt::format("d{}", i)));
    for (std::size_t i = 0; probes && i < kProbes; ++i) probing_.push_back(connect(fmt::format("p{}", i)));
    const auto heard = subscriber ? std::optional(connect("listener")) : std::nullopt;
    while (in_ < opened_) clients_.poll(Duration{100});
    if (heard) clients_.subscribe(*heard, "v1/devices/me/telemetry", 0);
    for (int i = 0; i < 20; ++i) clients_.poll(Duration{10});
  }

  /// @returns milliseconds from PUBLISH to PUBACK, after warm_seconds in which connections and files take their size.
  std::vector<double> run(double rate, double seconds) {
    const Instant begun = std::chrono::steady_clock::now();
    const auto first = static_cast<std::size_t>(rate * warm_seconds), all = first + static_cast<std::size_t>(rate * seconds);
    const std::size_t every = probing_.empty() ? all + 1 : std::max<std::size_t>(1, (all - first) * 8 / 10 / kProbes);
    counted_from_ = begun + std::chrono::milliseconds(static_cast<int>(warm_seconds * 1000));
    for (std::size_t sent = 0; sent < all;) {
      const double since = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
      const auto due = std::min(all, static_cast<std::size_t>(since * rate));
      for (; sent < due; ++sent) {
        publish(steady_ones_[sent % steady_ones_.size()], packet_);
        if (sent % every == 0 && sent > first && probed_.size() < probing_.size()) {
          probed_.push_back(std::chrono::steady_clock::now());
          publish(probing_[probed_.size() - 1], probe_);
        }
      }
      clients_.poll(Duration{sent < due ? 0 : 1});
    }
    const Instant over = std::chrono::steady_clock::now() + std::chrono::seconds(2);
    while (acked_ < published_ && std::chrono::steady_clock::now() < over) clients_.poll(Duration{10});
    if (acked_ < published_) throw std::runtime_error(fmt::format("{} of {} messages were not acknowledged", published_ - acked_, published_));
    return std::move(taken_);
  }
  const std::vector<Instant>& probed() const { return probed_; }
  std::size_t lost() const { return lost_; }

 private:
  void publish(Clients::Index index, const Prebuilt& packet) {
    if (!clients_.publish(index, packet)) {
      ++lost_;  // its window is full: the server does not keep up
      return;
    }
    ++published_;
    waiting_[index].push_back(std::chrono::steady_clock::now());
  }
  void connected(Clients::Index, std::uint8_t code) override {
    if (code != 0) throw std::runtime_error(fmt::format("the server refuses a device: {}", code));
    ++in_;
  }
  void acknowledged(Clients::Index index, std::uint16_t, Reason) override {
    const Instant sent = waiting_[index].front();
    waiting_[index].pop_front();
    ++acked_;
    if (sent > counted_from_) taken_.push_back(ms(sent, std::chrono::steady_clock::now()));
  }

  RealSteady steady_;
  Clients clients_;
  Prebuilt packet_, probe_;
  std::vector<Clients::Index> steady_ones_, probing_;
  std::vector<std::deque<Instant>> waiting_;
  std::vector<Instant> probed_;
  std::vector<double> taken_;
  Instant counted_from_;
  std::size_t opened_ = 0, in_ = 0, published_ = 0, acked_ = 0, lost_ = 0;
};

/// Listens to the live stream as a page does, and notes when each probe's situation came.
class Screen {
 public:
  Screen(std::uint16_t port, const std::string& token) : descriptor_(bench::dial(port)) {
    const std::string ask = "GET /api/v1/live?topics=situations HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
                            "Authorization: Bearer " + token + "\r\n\r\n";
    if (::send(descriptor_, ask.data(), ask.size(), MSG_NOSIGNAL) < 0) throw std::runtime_error("no live stream");
    thread_ = std::thread([this] { run(); });
  }
  ~Screen() {
    over_ = true;
    thread_.join();
    ::close(descriptor_);
  }
  std::map<std::string, Instant> seen() {
    const std::lock_guard lock(mutex_);
    return seen_;
  }

 private:
  void run() {
    std::string text;
    char part[65536];
    while (!over_) {
      pollfd ready{descriptor_, POLLIN, 0};
      if (::poll(&ready, 1, 100) <= 0) continue;
      const ssize_t n = ::recv(descriptor_, part, sizeof part, 0);
      if (n <= 0) return;
      const Instant now = std::chrono::steady_clock::now();
      text.append(part, static_cast<std::size_t>(n));
      std::size_t from = 0;
      for (auto at = text.find("\"device\":\""); at != std::string::npos; at = text.find("\"device\":\"", from)) {
        const auto end = text.find('"', at + 10);
        if (end == std::string::npos) break;
        const std::lock_guard lock(mutex_);
        seen_.try_emplace(text.substr(at + 10, end - at - 10), now);
        from = end;
      }
      text.erase(0, from > 0 ? from : text.size() > 200 ? text.size() - 200 : 0);
    }
  }
  int descriptor_;
  std::atomic<bool> over_{false};
  std::mutex mutex_;
  std::map<std::string, Instant> seen_;
  std::thread thread_;
};

void furnish(const std::filesystem::path& directory, std::size_t connections, std::size_t rules) {
  bench::furnish(directory, [&](House& house) {
    const Caller root = Caller::system();
    house.lane.now([&](Tx& tx) {
      house.places.put(tx, root, places::PlaceId{"city"}, {places::Kind::city, "city", {}, {}, {}, {}, {}});
      for (const char* profile : {"spoken", "silent", "probe"})
        house.devices.put_profile(tx, root, devices::ProfileId{profile},
                                  from_json<devices::ProfileWords>(R"({"name":"p","metrics":[{"id":"pm25"},{"id":"noise"},{"id":"temperature"}]})"));
      const auto device = [&](const std::string& id, const char* profile) {
        devices::DeviceWords words;
        words.profile = devices::ProfileId{profile};
        words.place = places::PlaceId{"city"};
        words.secret = "bench-secret";
        house.devices.put(tx, root, devices::DeviceId{id}, words);
      };
      for (std::size_t i = 0; i < connections; ++i) device(fmt::format("d{}", i), "spoken");
      for (std::size_t i = 0; i < kProbes; ++i) device(fmt::format("p{}", i), "probe");
    });
    house.lane.settle();
    const auto rule = [&](Tx& tx, const std::string& id, const char* profile, const char* metric, std::size_t limit) {
      house.rules.put(tx, root, rules::RuleId{id},
                      fmt::format(R"({{"name":"r","applies_to":{{"profile":"{}"}},"severity":"info",)"
                                  R"("raise":{{"when":{{"metric":"{}","op":">","value":{}}}}}}})", profile, metric, limit));
      house.rules.activate(tx, root, rules::RuleId{id});
    };
    house.lane.now([&](Tx& tx) {
      for (std::size_t i = 0; i < rules; ++i)
        rule(tx, fmt::format("r{}", i), i < 20 ? "spoken" : "silent", i % 3 == 0 ? "pm25" : i % 3 == 1 ? "noise" : "temperature", 500 + i);
      rule(tx, "probe", "probe", "pm25", 5000);
    });
  });
}

void measure(int argc, char** argv, const std::filesystem::path& folder) {
  const double rate = std::atof(option(argc, argv, "--rate", "10000").c_str());
  const double seconds = std::atof(option(argc, argv, "--seconds", "10").c_str());
  warm_seconds = std::atof(option(argc, argv, "--warm", "4").c_str());
  const auto connections = std::strtoul(option(argc, argv, "--connections", "1000").c_str(), nullptr, 10);
  const auto rules = std::strtoul(option(argc, argv, "--rules", "5000").c_str(), nullptr, 10);
  furnish(folder / "data", connections, rules);
  const std::uint16_t http_port = bench::free_port(), mqtt_port = bench::free_port(), broker_port = bench::free_port();
  std::ofstream(folder / "mosquitto.conf") << "listener " << broker_port << " 127.0.0.1\nallow_anonymous true\n";
  ::setenv("LIFANG_ADMIN_PASSWORD", bench::kPassword, 1);
  const bench::Child lifang({option(argc, argv, "--lifang", "build/bin/lifang"), "serve", "--data", (folder / "data").string(), "--http",
                             fmt::format("127.0.0.1:{}", http_port), "--mqtt", fmt::format("127.0.0.1:{}", mqtt_port)});
  const bench::Child broker({"/usr/sbin/mosquitto", "-c", (folder / "mosquitto.conf").string()});
  if (!bench::wait_for(http_port) || !bench::wait_for(mqtt_port)) throw std::runtime_error("lifang did not start");
  if (!bench::wait_for(broker_port)) throw std::runtime_error("mosquitto did not start");
  bench::Http http(http_port);
  http.sign_in();
  fmt::print("{:.0f} messages/s from {} connections for {} s each, {} rules (20 for the profile)\n", rate, connections, seconds, rules);

  Screen screen(http_port, http.token());
  Pace ours(mqtt_port, connections, true, false);
  const Shares acknowledged(ours.run(rate, seconds));
  ::usleep(500'000);
  const auto seen = screen.seen();
  std::vector<double> shown;
  for (std::size_t i = 0; i < ours.probed().size(); ++i)
    if (const auto at = seen.find(fmt::format("p{}", i)); at != seen.end()) shown.push_back(ms(ours.probed()[i], at->second));
  const Shares screens(shown);
  Pace theirs(broker_port, connections, false, true);
  const Shares yardstick(theirs.run(rate, seconds));

  const auto line = [](const char* what, const Shares& s, std::size_t lost) {
    fmt::print("{:<36} p50 {:7.2f} ms, p99 {:7.2f} ms, worst {:7.2f} ms ({} of them{})\n", what, s.p50, s.p99, s.worst, s.n,
               lost ? fmt::format(", {} held back", lost) : "");
  };
  line("mosquitto, PUBLISH to PUBACK:", yardstick, theirs.lost());
  line("lifang, PUBLISH to PUBACK:", acknowledged, ours.lost());
  line("lifang, PUBLISH to live stream:", screens, 0);
  fmt::print("p99 of PUBACK: {:.2f} times mosquitto's (aim 5); situations on the screen: {} of {}, p99 {:.1f} ms (aim 50)\n",
             acknowledged.p99 / yardstick.p99, screens.n, ours.probed().size(), screens.p99);
  if (screens.n < ours.probed().size()) throw std::runtime_error("not every situation came to the live stream");
}

}  // namespace

int main(int argc, char** argv) {
  bench::open_many_files();
  try {
    const bench::Folder folder;
    measure(argc, argv, folder.path());
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_latency: {}\n", error.what());
    return 1;
  }
}
