// What does an idle device cost the whole node? Resident memory of `lifang serve` before and after N devices connect (each
// with its own secret, a subscription to its commands and one acknowledged message) and fall silent; plain and TLS. Yardstick
// of the same run: mosquitto with the same connections, messages and subscriptions.
//   bench_idle [--connections N] [--tls N] [--settle S] [--lifang PATH]
#include <chrono>
#include <thread>

#include "base/reflect.hpp"
#include "platform/mqtt/clients.hpp"
#include "servers.hpp"

using namespace lifang;
using namespace lifang::mqtt;
using bench::option;

namespace {

class Crowd final : private Clients::Listener {
 public:
  Crowd(std::uint16_t port, std::size_t from, std::size_t n, bool tls) : clients_(*this, steady_) {
    ClientConfig config;
    config.port = port;
    config.password = "bench-secret";
    config.keep_alive = 0;
    if (tls) config.tls = Tls::client("");
    for (std::size_t i = 0; i < n; ++i) {
      config.client_id = config.user = fmt::format("d{}", from + i);
      const auto index = clients_.open(config);
      opened_.push_back(index);
      while (in_ < i + 1 && (tls || i % 64 == 63)) clients_.poll(Duration{100});
    }
    while (in_ < n) clients_.poll(Duration{100});
    for (const auto index : opened_) {
      clients_.subscribe(index, "v1/devices/me/rpc/request/+", 1);
      clients_.publish(index, "v1/devices/me/telemetry", R"({"pm25":41.5,"noise":52.1,"temperature":21.4})", 1);
    }
    while (acks_ < n || subscribed_ < n) clients_.poll(Duration{100});
  }
  void rest(double seconds) {
    const auto end = steady_.elapsed() + Duration(static_cast<std::int64_t>(seconds * 1000));
    while (steady_.elapsed() < end) clients_.poll(Duration{100});
  }

 private:
  void connected(Clients::Index, std::uint8_t code) override {
    if (code != 0) throw std::runtime_error(fmt::format("the server refuses a device: {}", code));
    ++in_;
  }
  void acknowledged(Clients::Index, std::uint16_t, Reason) override { ++acks_; }
  void subscribed(Clients::Index, std::uint16_t, std::string_view) override { ++subscribed_; }
  void closed(Clients::Index, Reason) override {
    throw std::runtime_error(fmt::format("a connection was closed after {} were in, {} acknowledged and {} subscribed", in_, acks_, subscribed_));
  }

  RealSteady steady_;
  Clients clients_;
  std::vector<Clients::Index> opened_;
  std::size_t in_ = 0, acks_ = 0, subscribed_ = 0;
};

void make_certificate(const std::filesystem::path& folder) {
  const auto command = fmt::format(
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -keyout {0}/key.pem "
      "-out {0}/cert.pem >/dev/null 2>&1", folder.string());
  if (std::system(command.c_str()) != 0) throw std::runtime_error("openssl makes no certificate");
}

void measure(int argc, char** argv, const std::filesystem::path& folder) {
  const auto plain = std::strtoul(option(argc, argv, "--connections", "10000").c_str(), nullptr, 10);
  const auto tls = std::strtoul(option(argc, argv, "--tls", "2500").c_str(), nullptr, 10);
  const double settle = std::atof(option(argc, argv, "--settle", "8").c_str());
  const std::uint16_t http_port = bench::free_port(), mqtt_port = bench::free_port(), tls_port = bench::free_port(),
                      broker_port = bench::free_port();
  make_certificate(folder);
  bench::furnish(folder / "data", [&](House& house) {
    const Caller root = Caller::system();
    house.lane.now([&](Tx& tx) {
      house.places.put(tx, root, places::PlaceId{"city"}, {places::Kind::city, "city", {}, {}, {}, {}, {}});
      house.devices.put_profile(tx, root, devices::ProfileId{"p"},
                                from_json<devices::ProfileWords>(R"({"name":"p","metrics":[{"id":"pm25"},{"id":"noise"},{"id":"temperature"}]})"));
    });
    for (std::size_t from = 0; from < plain + tls; from += 2000)
      house.lane.now([&](Tx& tx) {
        for (std::size_t i = from; i < std::min(plain + tls, from + 2000); ++i) {
          devices::DeviceWords words;
          words.profile = devices::ProfileId{"p"};
          words.place = places::PlaceId{"city"};
          words.secret = "bench-secret";
          house.devices.put(tx, root, devices::DeviceId{fmt::format("d{}", i)}, words);
        }
      });
  });
  std::ofstream(folder / "data" / "config.toml") << fmt::format(
      "[mqtt]\ntls_port = {}\ntls_certificate = \"{}/cert.pem\"\ntls_key = \"{}/key.pem\"\nmax_connections = {}\n", tls_port,
      folder.string(), folder.string(), plain + tls + 10);
  std::ofstream(folder / "mosquitto.conf") << "listener " << broker_port << " 127.0.0.1\nallow_anonymous true\nmax_connections -1\n";
  const bench::Child lifang({option(argc, argv, "--lifang", "build/bin/lifang"), "serve", "--data", (folder / "data").string(), "--http",
                             fmt::format("127.0.0.1:{}", http_port), "--mqtt", fmt::format("127.0.0.1:{}", mqtt_port)});
  const bench::Child broker({"/usr/sbin/mosquitto", "-c", (folder / "mosquitto.conf").string()});
  if (!bench::wait_for(http_port) || !bench::wait_for(mqtt_port)) throw std::runtime_error("lifang did not start");
  if (!bench::wait_for(broker_port)) throw std::runtime_error("mosquitto did not start");
  ::usleep(1'000'000);

  const auto cost = [settle](const bench::Child& server, std::uint16_t port, std::size_t from, std::size_t n, bool with_tls) {
    const std::size_t before = server.resident();
    Crowd crowd(port, from, n, with_tls);
    crowd.rest(settle);
    const std::size_t after = server.resident();
    return std::pair(static_cast<double>(after - std::min(after, before)) / static_cast<double>(n), after);
  };
  const auto [theirs, broker_all] = cost(broker, broker_port, 0, plain, false);
  fmt::print("mosquitto, {} plain connections: {:.0f} bytes each ({:.1f} MB in all)\n", plain, theirs, static_cast<double>(broker_all) / 1e6);
  const auto [ours, node_all] = cost(lifang, mqtt_port, 0, plain, false);
  fmt::print("lifang,    {} plain connections: {:.0f} bytes each ({:.1f} MB in all): {:.2f} times mosquitto's, aim 6144\n", plain, ours,
             static_cast<double>(node_all) / 1e6, ours / theirs);
  if (tls == 0) return;
  const auto [sealed, with_tls] = cost(lifang, tls_port, plain, tls, true);
  fmt::print("lifang,    {} TLS connections:   {:.0f} bytes each ({:.1f} MB in all; the plain ones have left and their memory may serve again)\n",
             tls, sealed, static_cast<double>(with_tls) / 1e6);
}

}  // namespace

int main(int argc, char** argv) {
  bench::open_many_files();
  try {
    const bench::Folder folder;
    measure(argc, argv, folder.path());
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_idle: {}\n", error.what());
    return 1;
  }
}
