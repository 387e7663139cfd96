#include "support/fault_load.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/reflect.hpp"

namespace lifang {
namespace {

constexpr double kRaise = 150, kClear = 115;

/// A member's text; empty where it is absent.
std::string text_in(const boost::json::value& item, std::string_view name) {
  const auto* found = item.as_object().if_contains(name);
  return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::int64_t ms_in(const boost::json::value& item, std::string_view name) {
  const std::string text = text_in(item, name);
  return text.empty() ? 0 : to_ms(*parse_time(text));
}

}  // namespace

FaultDevice::FaultDevice(int index, bool over_mqtt)
    : index_(index), over_mqtt_(over_mqtt), id_(fmt::format("air-{}", index)) {}

double FaultDevice::dust(std::int64_t n) const {
  // A wave of 300 messages with noise on it: it passes both limits once a wave, and sometimes trembles there.
  const auto noise = static_cast<double>(chance_of(static_cast<std::uint64_t>(n * 64 + index_)) % 121) - 60;
  const double wave = std::sin(static_cast<double>(n + 37 * index_) * 2 * 3.14159265358979 / 300);
  return std::round((132 + 45 * wave) * 10 + noise) / 10;
}

double FaultDevice::heat(std::int64_t n) const { return static_cast<double>(n % 400) / 10; }

std::string FaultDevice::payload(std::int64_t n) const {
  return fmt::format(R"({{"ts":{},"values":{{"dust":{},"heat":{}}}}})", ts(n), dust(n), heat(n));
}

Spans FaultDevice::situations(std::int64_t n) const {
  Spans spans;
  bool open = false;
  for (std::int64_t i = 0; i < n; ++i) {
    const double value = dust(i);
    if (!open && value > kRaise) {
      spans.emplace_back(ts(i), 0);
      open = true;
    } else if (open && value < kClear) {
      spans.back().second = ts(i);
      open = false;
    }
  }
  return spans;
}

void FaultDevice::speak(const ServedNode& node, const std::atomic<bool>& stop, std::int64_t until) {
  if (over_mqtt_) speak_mqtt(node, stop, until);
  else speak_http(node, stop, until);
}

void FaultDevice::speak_mqtt(const ServedNode& node, const std::atomic<bool>& stop, std::int64_t until) {
  if (!client_) {
    mqtt::ClientConfig config;
    config.port = node.mqtt_port();
    config.version = mqtt::Version::v5;
    config.client_id = config.user = id_;
    config.password = "secret-of-" + id_;
    client_ = std::make_unique<mqtt::Client>(config, steady_);
    client_->on_acknowledged = [this](std::uint64_t number, mqtt::Reason reason) {
      if (reason != mqtt::Reason::success) ++refused_;
      acknowledged_ = static_cast<std::int64_t>(number);
    };
  }
  if (!client_->connect(std::chrono::seconds(5))) return;
  ++connections_;
  while (!stop && acknowledged_ < until) {
    while (said_ < until && client_->unfinished() < 30) client_->publish("v1/devices/me/telemetry", payload(said_++));
    if (!client_->poll(std::chrono::milliseconds(20))) return;
  }
}

void FaultDevice::speak_http(const ServedNode& node, const std::atomic<bool>& stop, std::int64_t until) {
  const auto client = node.client();
  ++connections_;
  while (!stop && acknowledged_ < until) {
    said_ = acknowledged_ + 1;
    const auto reply = client->post("/api/v1/secret-of-" + id_ + "/telemetry", payload(acknowledged_));
    if (reply.good()) ++acknowledged_;
    else if (reply.failure != http::Failure::none && !stop && reply.failure != http::Failure::timeout) return;
  }
}

void FaultReports::speak(const ServedNode& node, const std::atomic<bool>& stop) {
  const auto client = node.client();
  while (!stop) {
    const std::size_t i = ids_.size();
    const auto spot = fmt::format("spot-{}", i);
    if (!client->put("/api/v1/places/" + spot, R"({"kind":"spot","name":"s","parent":"city"})", node.headers()).good()) return;
    auto headers = node.headers();
    headers.emplace_back("Idempotency-Key", fmt::format("report-{}", i));
    const auto reply = client->post("/api/v1/cases",
                                    fmt::format(R"({{"kind":"fault","place":"{}","text":"report {}"}})", spot, i), headers);
    if (!reply.good()) return;
    ids_.emplace_back(parse_json(reply.body).at("id").as_string());
  }
}

void FaultReports::check(ServedNode& node) const {
  std::map<std::string, std::vector<std::string>> found;
  for (const auto& item : node.all("/api/v1/cases?kind=fault"))
    if (text_in(item, "situation").empty())
      found[std::string(item.at("place").as_string())].emplace_back(item.at("id").as_string());
  for (std::size_t i = 0; i < ids_.size(); ++i)
    EXPECT_EQ(found[fmt::format("spot-{}", i)], std::vector<std::string>{ids_[i]}) << "report " << i;
  for (const auto& [spot, cases] : found) EXPECT_EQ(cases.size(), 1U) << spot;
  EXPECT_LE(found.size(), ids_.size() + 1) << "at most one was on its way";
}

FaultLoad::FaultLoad(int over_mqtt, int over_http) {
  for (int i = 0; i < over_mqtt + over_http; ++i) devices_.push_back(std::make_unique<FaultDevice>(i, i < over_mqtt));
}

void FaultLoad::prepare(ServedNode& node) const {
  node.must("PUT", "/api/v1/places/city", R"({"kind":"city","name":"city"})");
  node.must("PUT", "/api/v1/devices/profiles/air",
            R"({"name":"air","metrics":[{"id":"dust","min":0,"max":2000},{"id":"heat","min":-100,"max":100}]})");
  for (const auto& device : devices_)
    node.must("PUT", "/api/v1/devices/" + device->id(),
              fmt::format(R"({{"profile":"air","place":"city","secret":"secret-of-{}"}})", device->id()));
  const std::string duty = R"({"post":"estate-office","accept":"PT1H","handle":"P1D","verify":"P1D"})";
  node.must("PUT", "/api/v1/cases/kinds/fault",
            fmt::format(R"({{"name":"fault","class":"event","grade":"IV","micro":{0},"small":{0},"great":{0}}})", duty));
  node.must("PUT", "/api/v1/rules/dust",
            fmt::format(R"({{"name":"dust","applies_to":{{"profile":"air"}},"severity":"warning","case":"fault",)"
                        R"("raise":{{"when":{{"metric":"dust","op":">","value":{}}}}},)"
                        R"("clear":{{"when":{{"metric":"dust","op":"<","value":{}}}}}}})", kRaise, kClear));
  node.must("POST", "/api/v1/rules/dust/activate");
}

void FaultLoad::begin(const ServedNode& node, std::int64_t until) {
  stop_ = false;
  for (const auto& device : devices_)
    threads_.emplace_back([this, &node, &device = *device, until] { device.speak(node, stop_, until); });
  threads_.emplace_back([this, &node] { reports_.speak(node, stop_); });
}

void FaultLoad::end() {
  stop_ = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void FaultLoad::wait() {
  for (std::size_t i = 0; i < devices_.size(); ++i) threads_[i].join();
  threads_.erase(threads_.begin(), threads_.begin() + static_cast<std::ptrdiff_t>(devices_.size()));
  end();
}

std::int64_t FaultLoad::acknowledged() const {
  std::int64_t n = 0;
  for (const auto& device : devices_) n += device->acknowledged();
  return n;
}

std::int64_t FaultLoad::said() const {
  std::int64_t n = 0;
  for (const auto& device : devices_) n += device->said();
  return n;
}

void FaultLoad::check_readings(ServedNode& node, FaultDevice& device) {
  for (const bool dust : {true, false}) {
    std::map<std::int64_t, std::vector<double>> found;
    for (const auto& item : node.all(fmt::format("/api/v1/readings?device={}&metric={}&from={}&to={}", device.id(),
                                                 dust ? "dust" : "heat", device.ts(device.checked), device.ts(device.said()) + 1)))
      found[item.at("ts").as_int64()].push_back(item.at("value").to_number<double>());
    std::int64_t missing = 0, wrong = 0;
    for (std::int64_t n = device.checked; n < device.said(); ++n) {
      const auto it = found.find(device.ts(n));
      if (it == found.end()) missing += n < device.acknowledged();
      else wrong += it->second != std::vector<double>{dust ? device.dust(n) : device.heat(n)};
      if (it != found.end()) found.erase(it);
    }
    EXPECT_EQ(missing, 0) << device.id() << ": acknowledged and not there";
    EXPECT_EQ(wrong, 0) << device.id() << ": there twice, or with another value";
    EXPECT_TRUE(found.empty()) << device.id() << ": " << found.size() << " that nobody said";
  }
  device.checked = device.acknowledged();
  EXPECT_EQ(device.refused(), 0);
}

void FaultLoad::check_readings(ServedNode& node) {
  for (const auto& device : devices_) check_readings(node, *device);
  reports_.check(node);
}

void FaultLoad::check_situations(ServedNode& node) {
  std::size_t expected = 0;
  for (const auto& device : devices_) {
    Spans found;
    for (const auto& item : node.all("/api/v1/situations?rule=dust&device=" + device->id()))
      found.emplace_back(ms_in(item, "began_at"), ms_in(item, "ended_at"));
    std::sort(found.begin(), found.end());
    const Spans should = device->situations(device->acknowledged());
    EXPECT_EQ(found, should) << device->id() << ": other situations than those of the readings";
    expected += should.size();
  }
  std::map<std::string, int> cases;
  // Hearers come a moment after what they hear.
  EXPECT_TRUE(holds_within(30, [&] {
    cases.clear();
    for (const auto& item : node.all("/api/v1/cases?kind=fault"))
      if (const auto situation = text_in(item, "situation"); !situation.empty()) ++cases[situation];
    return cases.size() >= expected;
  })) << cases.size() << " of " << expected << " situations have their case";
  EXPECT_EQ(cases.size(), expected);
  for (const auto& [situation, n] : cases) EXPECT_EQ(n, 1) << situation;
}

void FaultLoad::check_outcome(ServedNode& node) {
  check_situations(node);
  const Ran verified = run_lifang({"verify", "--data", node.directory()});
  EXPECT_EQ(verified.code, 0) << verified.words;
}

}  // namespace lifang
