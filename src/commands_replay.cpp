#include "commands_replay.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>

#include "base/real_world.hpp"
#include "commands_serve.hpp"
#include "platform/mqtt/client.hpp"
#include "ward/recording.hpp"
#include "ward/wait.hpp"

namespace lifang {
namespace {

constexpr char kTopic[] = "v1/devices/me/telemetry";
constexpr Duration kPatience = std::chrono::seconds(30);  ///< a killed server has so long to come back

/// 3.1.1's codes and MQTT 5's. A node does not say which half of a login is wrong.
std::string words_of(unsigned code) {
  switch (code) {
    case 4:
    case 5:
    case 0x86:
    case 0x87: return fmt::format("there is no such device, or its secret is another: --device, --secret (code 0x{:02X})", code);
    case 0x84: return "the server does not speak MQTT 5 (code 0x84)";
    case 0x85: return "the server takes no device of this id: --device (code 0x85)";
    default: return fmt::format("the server refuses this device (code 0x{:02X})", code);
  }
}

class Replay {
 public:
  Replay(const ReplayOptions& options, mqtt::ClientConfig config)
      : options_(options), client_(std::move(config), steady_) {
    client_.on_acknowledged = [this](std::uint64_t, mqtt::Reason reason) {
      if (mqtt::is_error(reason)) ++ended_.refused[static_cast<unsigned>(reason)];
      else ++ended_.acknowledged;
    };
  }

  Replayed run(ward::Recording& recording) {
    ended_.to_the_end = send(recording);
    ended_.unanswered = client_.unfinished();
    ended_.counts = recording.counts();
    ended_.seconds = static_cast<double>((steady_.elapsed() - began_).count()) / 1000;
    return ended_;
  }

 private:
  /// True if every message was answered.
  bool send(ward::Recording& recording) {
    if (!connect()) return false;
    const Duration began = steady_.elapsed();
    std::optional<Time> first;
    while (auto message = recording.next()) {
      if (!first) first = message->ts;
      if (options_.speed > 0 && !wait_for(began + scaled(message->ts - *first))) return false;
      while (client_.unfinished() >= std::size_t{options_.in_flight} * 2)
        if (!hear(std::chrono::milliseconds(200))) return false;
      client_.publish(kTopic, std::move(message->payload));
      ++ended_.sent;
    }
    while (client_.unfinished() > 0)
      if (!hear(std::chrono::milliseconds(200))) return false;
    client_.disconnect();
    return true;
  }

  Duration scaled(Duration d) const {
    return Duration(static_cast<std::int64_t>(static_cast<double>(d.count()) / options_.speed));
  }

  bool wait_for(Duration until) {
    while (steady_.elapsed() < until)
      if (!hear(std::min(until - steady_.elapsed(), Duration{200}))) return false;
    return true;
  }

  bool hear(Duration timeout) {
    if (ward::ended(Duration{0})) return false;
    if (client_.poll(timeout)) return true;
    ++ended_.reconnects;
    return connect();
  }

  /// Tries until the server is there; what it does not know is sent again. False: refused, or away too long.
  bool connect() {
    const Duration until = steady_.elapsed() + kPatience;
    for (bool told = false;; told = true) {
      if (client_.connect(std::chrono::seconds(5))) return true;
      const unsigned code = client_.code();
      // 3.1.1: 4, 5; MQTT 5: 0x84…0x87, 0x8A: asking again would be answered the same.
      if (code == 4 || code == 5 || (code >= 0x84 && code <= 0x87) || code == 0x8A) {
        ended_.not_let_in = words_of(code);
        return false;
      }
      if (steady_.elapsed() >= until) {
        std::fprintf(stderr, "lifang: no server at %s for %lld s\n", options_.address.c_str(),
                     static_cast<long long>(kPatience.count() / 1000));
        return false;
      }
      if (!told)
        std::fprintf(stderr, "lifang: nobody answers at %s; tried again for %lld s, nothing is lost\n", options_.address.c_str(),
                     static_cast<long long>(kPatience.count() / 1000));
      if (ward::ended(Duration{200})) return false;
    }
  }

  const ReplayOptions& options_;
  RealSteady steady_;
  mqtt::Client client_;
  Duration began_ = steady_.elapsed();
  Replayed ended_;
};

ward::RecordingColumns columns_of(const ReplayOptions& options) {
  ward::RecordingColumns columns{options.time, {}, {}, options.names, ','};
  for (const std::string& value : options.values) columns.values.push_back(ward::parse_pair(value, "--value"));
  for (const std::string& only : options.only) columns.only.push_back(ward::parse_pair(only, "--only"));
  if (options.separator == "tab" || options.separator == "\\t") columns.separator = '\t';
  else if (options.separator.size() == 1) columns.separator = options.separator[0];
  else throw CLI::ValidationError("--separator", "one character is wanted, or tab");
  if (options.unix == "seconds") columns.numbers = ward::Numbers::seconds;
  else if (options.unix == "milliseconds") columns.numbers = ward::Numbers::milliseconds;
  return columns;
}

}  // namespace

std::string Replayed::spoken() const {
  std::uint64_t all = 0;
  std::string codes;
  for (const auto& [code, count] : refused) {
    all += count;
    codes += fmt::format("{}0x{:02X}: {}", codes.empty() ? " (" : ", ", code, count);
  }
  if (!codes.empty()) codes += ")";
  return fmt::format(
      "{} rows: {} messages sent ({} values), {} acknowledged, {} refused{}, {} unanswered; {} rows without values, {} without a "
      "readable time, {} unreadable values; {} reconnects; {:.1f} s",
      counts.rows, sent, counts.values, acknowledged, all, codes, unanswered, counts.without_values, counts.without_time,
      counts.unreadable_values, reconnects, seconds);
}

int Replayed::exit_code() const {
  const bool none_read = counts.rows > 0 && counts.without_time == counts.rows;
  return to_the_end && refused.empty() && !none_read && counts.implausible_times == 0 ? 0 : 1;
}

Replayed replay(const ReplayOptions& options) {
  std::ifstream file(options.file, std::ios::binary);
  if (!file) throw Refusal(RefusalKind::missing, "replay.no_file", "cannot read " + options.file);
  ward::Recording recording(file, columns_of(options));
  mqtt::ClientConfig config;
  set_address(options.address, "--mqtt", config.host, config.port);
  config.version = mqtt::Version::v5;  // its acknowledgements say when a payload was refused
  config.client_id = options.device;
  config.user = options.device;
  config.password = !options.secret.empty() ? options.secret : options.password;
  if (const char* secret = std::getenv("LIFANG_DEVICE_SECRET"); secret && config.password.empty())
    config.password = secret;
  config.window = options.in_flight;
  return Replay(options, config).run(recording);
}

void add_replay(CLI::App& app, int& result) {
  auto options = std::make_shared<ReplayOptions>();
  auto* command = app.add_subcommand("replay", "sends a CSV as if a device spoke it");
  command->add_option("--csv", options->file, "the file (RFC 4180, with a header)")->required();
  command->add_option("--time", options->time, "the column of the time, or year,month,day,hour[,minute[,second]]; UTC")
      ->required();
  command->add_option("--value", options->values, "METRIC=COLUMN, once for each metric")->required()->expected(1, -1);
  command->add_option("--device", options->device, "id of the device")->required();
  command->add_option("--mqtt", options->address, "HOST:PORT")->required();
  command->add_option("--secret", options->secret, "its secret (or LIFANG_DEVICE_SECRET)");
  command->add_option("--password", options->password, "the same");
  command->add_option("--speed", options->speed, "times real time; 0: as fast as it is acknowledged")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--in-flight", options->in_flight, "messages not yet acknowledged (20)")->check(CLI::Range(1, 100));
  command->add_option("--only", options->only, "COLUMN=TEXT: the rows that are meant")->expected(1, -1);
  command->add_option("--columns", options->names, "names of the columns, where the file has no header")->delimiter(',');
  command->add_option("--unix", options->unix, "what a bare number is as a time: seconds or milliseconds, also before 1990 (as it looks)")
      ->check(CLI::IsMember({"seconds", "milliseconds"}));
  command->add_option("--separator", options->separator, "between the fields, or the word tab (,)");
  command->callback([options, &result] {
    hold_signals();
    const Replayed ended = replay(*options);
    std::printf("%s\n", ended.spoken().c_str());
    if (!ended.not_let_in.empty()) std::fprintf(stderr, "lifang: %s\n", ended.not_let_in.c_str());
    if (const auto& counts = ended.counts; counts.implausible_times > 0)
      std::fprintf(stderr, "lifang: %s is neither a date (YYYYMMDD) nor Unix time after 1990, as are %llu rows in all; nothing was sent of "
                   "them. If they are meant so: --unix seconds, or --unix milliseconds\n",
                   counts.implausible.c_str(), static_cast<unsigned long long>(counts.implausible_times));
    if (!ended.refused.empty())
      std::fprintf(stderr, "lifang: what was refused, and why: GET /api/v1/devices/%s/refusals\n", options->device.c_str());
    result = ended.exit_code();
  });
  command->footer("It ends with 1 if the server refused anything, a number could be no time, or no row's time could be read.");
}

}  // namespace lifang
