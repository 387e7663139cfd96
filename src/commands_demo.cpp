#include "commands_demo.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <thread>
#include <tuple>
#include <vector>

#include "base/secret.hpp"
#include "base/text.hpp"
#include "commands_serve.hpp"
#include "ward/wait.hpp"
#include "ward/ward_life.hpp"
#include "ward/ward_past.hpp"
#include "ward/ward_society.hpp"

namespace lifang {
namespace {

struct WardOptions {
  ward::WardSize size;
  double speed = 10;
  std::vector<CLI::Option*> sized;  ///< what gives `size`
  void add_to(CLI::App& command) {
    sized = {command.add_option("--compounds", size.compounds, "compounds of the district (2)"),
             command.add_option("--households", size.households, "households in all of them (1000)"),
             command.add_option("--seed", size.seed, "another seed makes another district (1)")};
    command.add_option("--speed", speed, "how much faster than real time the days of devices and residents pass (10)")
        ->check(CLI::Range(0.1, 1000.0));
  }
};

/// Where those who live on this machine reach a node that listens on `host`.
std::string near(const std::string& host) { return host.empty() || host == "0.0.0.0" || host == "::" ? "127.0.0.1" : host; }

/// Devices on one thread, people on another, until the command is told to end.
class Life {
 public:
  Life(const ward::WardPlan& plan, const WardOptions& options, const mqtt::ClientConfig& porch, const std::string& url,
       const std::string& unix_path, const std::string& password)
      : devices_(plan, porch, options.speed, clock_, steady_),
        counter_(url, unix_path, password, clock_),
        society_(plan, counter_, static_cast<std::uint64_t>(to_ms(clock_.now())), options.speed),
        device_thread_([this] { devices_.run(stop_); }),
        speed_(options.speed) {}
  ~Life() {
    stop_ = true;
    device_thread_.join();
  }
  /// False where no device is let in at all: then nobody lives here.
  bool run() {
    // People look every twenty seconds; some ten reports in a day of theirs, a word from the community every third.
    for (std::uint64_t look = 1;; ++look) {
      for (int second = 0; second < 20; ++second) {
        if (ward::ended(std::chrono::seconds(1))) return true;
        if (!tell_of_devices()) return false;
      }
      if (told_of_devices_ && devices_.connected() == 0) return false;
      society_.step(std::min(3.0, 10 * speed_ * 20 / 86'400));
      if (look % 6 == 0) society_.judge();
      if (look % std::max<std::uint64_t>(90, static_cast<std::uint64_t>(3 * 86'400 / 20 / speed_)) == 0) society_.announce();
      if (!counter_.trouble.empty() && told_.empty())
        std::fprintf(stderr, "lifang: residents and staff: %s\n", (told_ = counter_.trouble).c_str());
    }
  }
  const ward::WardDevices& devices() const { return devices_; }

 private:
  /// Once, which the node does not let in. @returns whether there is another than those
  bool tell_of_devices() {
    const auto refused = devices_.refused();
    if (refused.count == 0) return true;
    const bool nobody = refused.count == refused.of;
    if (!told_of_devices_ || nobody)
      std::fprintf(stderr, "lifang: the node does not let in %zu of %zu devices, such as %s (code %u): it does not have this district, or not "
                   "with these secrets. lifang demo makes it; --compounds, --households and --seed must be the same\n",
                   refused.count, refused.of, refused.first.c_str(), unsigned{refused.code});
    told_of_devices_ = true;
    return !nobody;
  }

  RealClock clock_;
  RealSteady steady_;
  std::atomic<bool> stop_{false};
  ward::WardDevices devices_;
  ward::ApiCounter counter_;
  ward::Society society_;
  std::thread device_thread_;
  double speed_;
  std::string told_;
  bool told_of_devices_ = false;
};

void keep_secretly(const std::filesystem::path& file, const std::string& text) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool done = descriptor >= 0 && ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (descriptor >= 0) ::close(descriptor);
  if (!done) throw Refusal(RefusalKind::unavailable, "demo.no_file", "cannot write " + file.string());
}

/// A folder that held nothing holds nothing again where the district is not finished.
class HalfMade {
 public:
  HalfMade(std::filesystem::path directory, bool was_empty) : directory_(std::move(directory)), armed_(was_empty) {}
  ~HalfMade() {
    std::error_code ignored;
    if (!armed_) return;
    std::vector<std::filesystem::path> all;
    for (const auto& entry : std::filesystem::directory_iterator(directory_, ignored)) all.push_back(entry.path());
    for (const auto& path : all) std::filesystem::remove_all(path, ignored);
  }
  HalfMade(const HalfMade&) = delete;
  HalfMade& operator=(const HalfMade&) = delete;
  void is_finished() { armed_ = false; }

 private:
  std::filesystem::path directory_;
  bool armed_;
};

/// The district of DIR: what was made there before, else it is made now. Answers the password of its logins; nothing where
/// it was told to end before the district was finished.
std::optional<std::string> prepare(const ServeOptions& serve, WardOptions& ward_options) {
  const std::filesystem::path directory = serve.directory;
  const config::Config config = serve.read();
  std::error_code absent;
  const bool was_empty = !std::filesystem::exists(directory) || std::filesystem::is_empty(directory, absent);
  const DirectoryLock lock(directory);
  const auto file = directory / "demo.json";
  if (std::ifstream in(file); in) {
    const auto kept = boost::json::parse(std::string{std::istreambuf_iterator<char>(in), {}});
    const ward::WardSize size{kept.at("compounds").to_number<std::size_t>(), kept.at("households").to_number<std::size_t>(),
                              kept.at("seed").to_number<std::uint64_t>()};
    const auto asked = ward_options.size;
    const bool named = std::any_of(ward_options.sized.begin(), ward_options.sized.end(), [](const auto* option) { return option->count() > 0; });
    if (named && std::tie(asked.compounds, asked.households, asked.seed) != std::tie(size.compounds, size.households, size.seed))
      throw conflict("demo.other_size", fmt::format("{} holds a district of {} compounds and {} households (seed {}); nothing was changed: "
                                                    "leave the sizes out, or name an empty folder",
                                                    directory.string(), size.compounds, size.households, size.seed));
    ward_options.size = size;
    return std::string(kept.at("password").as_string());
  }
  HalfMade half_made(directory, was_empty);
  if (!ward::is_empty(config, directory))
    throw conflict("demo.not_empty", directory.string() + " holds something else, or a district that was not finished; name an empty folder");
  RealClock clock;
  RealSteady steady;
  RealIds ids(clock);
  ward::Begin begin{ward_options.size, "ward-" + to_base64url(ids.random_bytes(9)), 30, 2, config.zone_offset_minutes,
                    [] { return ward::ended(Duration{0}); }};
  const Duration began = steady.elapsed();
  const auto tell = [&](const std::string& what) {
    std::fprintf(stderr, "lifang: %6.1f s  %s\n", static_cast<double>((steady.elapsed() - began).count()) / 1000, what.c_str());
  };
  const ward::WardPlan plan = ward::plan_ward(ward_options.size);
  const auto loaded = ward::begin_ward(config, directory, begin, plan, clock.now(), tell);
  if (!loaded) {
    const bool elsewhere = database_url(config, directory).starts_with("postgres");
    tell(elsewhere    ? "ended before the district was finished; the database holds a half-made one: drop it and make it anew"
         : was_empty  ? "ended before the district was finished; " + directory.string() + " is empty as it was"
                      : "ended before the district was finished; " + directory.string() + " holds a half-made one: empty it before the next start");
    return std::nullopt;
  }
  keep_secretly(file, boost::json::serialize(boost::json::object{{"compounds", ward_options.size.compounds},
                                                                 {"households", ward_options.size.households},
                                                                 {"seed", ward_options.size.seed},
                                                                 {"password", begin.password}}) + "\n");
  half_made.is_finished();
  tell(fmt::format("{} places, {} devices, {} rules, {} households, {} persons", loaded->places, loaded->devices, loaded->rules,
                   loaded->households, loaded->persons));
  return begin.password;
}

int demo(const ServeOptions& serve, WardOptions ward_options) {
  hold_signals();
  const auto made = prepare(serve, ward_options);
  if (!made) return 0;
  const std::string& password = *made;
  const ward::WardPlan plan = ward::plan_ward(ward_options.size);
  RunningNode running(serve);
  // Its people come in by the folder's socket, so that the doors may be what they like.
  const std::string url = fmt::format("http{}://{}:{}", running.node->tls().on() ? "s" : "", near(running.config.http.host), running.node->http_port());
  std::printf("Lifang shows its demo ward at %s (devices: mqtt://%s:%u)\nLogins, all with the password %s\n", url.c_str(),
              near(running.config.mqtt.host).c_str(), running.node->mqtt_port(), password.c_str());
  std::size_t others = 0;
  for (const ward::PlannedLogin& login : ward::logins(plan)) {
    if (login.does.empty()) ++others;
    else std::printf("  %-17s %s\n", login.words.login.c_str(), login.does.c_str());
  }
  std::printf("  and %zu more of those on duty, such as guard-c1-2 (GET /api/v1/accounts as demo-district)\n", others);
  std::printf("The login admin has the password in %s (or the one of LIFANG_ADMIN_PASSWORD)\n",
              (running.directory / "admin-password").c_str());
  std::fflush(stdout);
  mqtt::ClientConfig porch;
  porch.host = near(running.config.mqtt.host);
  porch.port = running.node->mqtt_port();
  {
    Life life(plan, ward_options, porch, "http://node", (running.directory / "lifang.sock").string(), password);
    life.run();
  }
  running.node->stop();
  return 0;
}

// ---- simulate -----------------------------------------------------------------------------------------------

struct SimulateOptions {
  WardOptions ward;
  std::string http, mqtt, login = "admin", password;
  std::size_t devices = 0;
  double rate = 0, seconds = 0;
  std::uint16_t in_flight = 20;
};

/// One login at the API of another node.
class Desk {
 public:
  Desk(const std::string& url, const std::string& login, const std::string& password) : client_(url) {
    const auto reply = client_.post("/api/v1/sessions", boost::json::serialize(boost::json::object{{"login", login}, {"password", password}}));
    if (!reply.good())
      throw Refusal(RefusalKind::unauthenticated, "simulate.no_login",
                    fmt::format("{} does not let {} in ({} {})", url, login, http::failure_name(reply.failure), reply.status));
    token_ = boost::json::parse(reply.body).at("token").as_string().c_str();
  }
  void put(const std::string& target, const std::string& words) { send("PUT", target, words); }
  void post(const std::string& target) { send("POST", target, {}); }

 private:
  void send(std::string_view method, const std::string& target, const std::string& words) {
    for (int tries = 0;; ++tries) {
      const auto reply = client_.request(method, target, {{"Authorization", "Bearer " + token_}, {"Content-Type", "application/json"}}, words);
      if (reply.good()) return;
      // Too many requests within a minute: a district has more to say than that.
      if (reply.status == 429 && tries < 60 && !ward::ended(std::chrono::seconds(2))) continue;
      throw Refusal(RefusalKind::invalid, "simulate.refused", fmt::format("{} {}: {} {}", method, target, reply.status, reply.body));
    }
  }
  http::Client client_;
  std::string token_;
};

int burst(const SimulateOptions& options, const mqtt::ClientConfig& porch) {
  Desk desk(options.http, options.login, options.password);
  desk.put("/api/v1/devices/profiles/load", R"({"name":"负载","metrics":[{"id":"a"},{"id":"b"},{"id":"c"}]})");
  desk.put("/api/v1/places/load", R"({"kind":"spot","name":"负载"})");
  ward::Burst burst;
  burst.rate = options.rate;
  burst.in_flight = options.in_flight;
  burst.lasts = Duration(static_cast<std::int64_t>((options.seconds > 0 ? options.seconds : 10) * 1000));
  for (std::size_t i = 1; i <= options.devices; ++i) {
    ward::Chance chance(options.ward.size.seed, fmt::format("load-{}", i));
    burst.devices.emplace_back(fmt::format("load-{}", i), fmt::format("load-{:016x}{:016x}", chance.next(), chance.next()));
    desk.put("/api/v1/devices/" + burst.devices.back().first,
             fmt::format(R"({{"profile":"load","place":"load","secret":"{}"}})", burst.devices.back().second));
  }
  RealClock clock;
  RealSteady steady;
  const auto figures = ward::run_burst(burst, porch, clock, steady, [] { return ward::ended(Duration{0}); });
  std::printf("%zu connections, %llu messages sent, %llu acknowledged in %.2f s: %.0f messages/s; PUBACK p50 %.2f ms, p99 %.2f ms, "
              "worst %.2f ms; %llu closed\n",
              figures.connected, static_cast<unsigned long long>(figures.sent), static_cast<unsigned long long>(figures.acknowledged),
              figures.seconds, figures.seconds > 0 ? static_cast<double>(figures.acknowledged) / figures.seconds : 0, figures.p50_ms,
              figures.p99_ms, figures.worst_ms, static_cast<unsigned long long>(figures.closed));
  return figures.acknowledged == figures.sent && figures.sent > 0 ? 0 : 1;
}

int simulate(SimulateOptions options) {
  hold_signals();
  mqtt::ClientConfig porch;
  set_address(options.mqtt, "--mqtt", porch.host, porch.port);
  if (const char* password = std::getenv("LIFANG_PASSWORD"); password && options.password.empty()) options.password = password;
  if (options.devices > 0) return burst(options, porch);
  const ward::WardPlan plan = ward::plan_ward(options.ward.size);
  Life life(plan, options.ward, porch, options.http, {}, options.password);
  const bool lived = life.run();
  std::printf("%llu messages sent, %llu acknowledged\n", static_cast<unsigned long long>(life.devices().sent()),
              static_cast<unsigned long long>(life.devices().acknowledged()));
  return lived && life.devices().refused().count == 0 ? 0 : 1;
}

}  // namespace

void add_demo(CLI::App& app, int& result) {
  auto serve = std::make_shared<ServeOptions>();
  auto ward_options = std::make_shared<WardOptions>();
  auto* command = app.add_subcommand("demo", "runs a node with a made-up district that lives");
  serve->add_to(*command);
  ward_options->add_to(*command);
  command->callback([serve, ward_options, &result] { result = demo(*serve, *ward_options); });
}

void add_simulate(CLI::App& app, int& result) {
  auto options = std::make_shared<SimulateOptions>();
  auto* command = app.add_subcommand("simulate", "the life of the demo district against a running node, or a load of messages");
  command->add_option("--http", options->http, "http://HOST:PORT of the node")->required();
  command->add_option("--mqtt", options->mqtt, "HOST:PORT of its devices' door")->required();
  options->ward.add_to(*command);
  command->add_option("--login", options->login, "login that may make devices, for a load (admin)");
  command->add_option("--password", options->password, "its password, or that of the demo logins (or LIFANG_PASSWORD)");
  command->add_option("--devices", options->devices, "load: so many connections instead of the district");
  command->add_option("--rate", options->rate, "load: messages a second over all; 0: as fast as they are acknowledged");
  command->add_option("--in-flight", options->in_flight, "load: unacknowledged messages of one connection (20)")->check(CLI::Range(1, 100));
  command->add_option("--seconds", options->seconds, "load: how long (10)");
  command->callback([options, &result] { result = simulate(*options); });
}

}  // namespace lifang
