// A node with its sockets: what outsiders meet at its doors.
#include <future>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include "commands_serve.hpp"
#include "house_live.hpp"
#include "node_shell.hpp"
#include "platform/bus/typed.hpp"
#include "support/raw_client.hpp"
#include "support/test_node.hpp"

namespace lifang {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr seconds kPatience(20);  // only a broken node ever uses it up

// ---- the first login --------------------------------------------------------------------------------------------

TEST(NodeStart, a_login_at_the_first_instant_finds_the_first_admin) {
  const TestFolder folder;
  ::setenv("LIFANG_ADMIN_PASSWORD", TestNode::kPassword, 1);
  std::atomic<bool> done{false};
  int first = 0;
  std::thread impatient([&] {
    http::Client client("http://node", {.unix_path = (folder.path() / "lifang.sock").string()});
    while (first == 0 && !done) {
      const auto reply = client.post("/api/v1/sessions", R"({"login":"admin","password":"correct horse 7"})");
      if (reply.failure == http::Failure::none) first = reply.status;
    }
  });
  {
    ServeOptions options;
    options.directory = folder.path();
    options.http = options.mqtt = "127.0.0.1:0";
    RunningNode running(options);
    while (first == 0 && impatient.joinable()) {
      http::Client client("http://node", {.unix_path = (folder.path() / "lifang.sock").string()});
      if (client.get("/healthz").good()) break;
    }
    impatient.join();
    done = true;
  }
  EXPECT_EQ(first, 200) << "nothing listens before there is somebody to let in";
}

// ---- back-pressure -----------------------------------------------------------------------------------------------

TEST(NodeUnderPressure, a_full_lane_makes_http_devices_come_again_and_loses_nothing) {
  const TestFolder folder;
  TestNode node(folder.path(), [](config::Config& c) {
    c.limits.lane_waiting = 4;
    c.http.threads = 1;
  });
  node.add_station();
  node.admin();
  std::promise<void> busy, free;
  node.house().lane.submit([&](Tx&) { busy.set_value(), free.get_future().wait(); }, [](std::exception_ptr) {});
  busy.get_future().wait();

  const std::string five = R"([{"ts":1,"values":{"pm25":1}},{"ts":2,"values":{"pm25":2}},{"ts":3,"values":{"pm25":3}},{"ts":4,"values":{"pm25":4}},{"ts":5,"values":{"pm25":5}}])";
  const auto send = [&](const std::string& body) { return http::Client(node.origin()).post("/api/v1/station-secret/telemetry", body); };
  auto waiting = std::async(std::launch::async, [&] { return send(five); });
  while (node.metric("lifang_porch_waiting_values") < 5) std::this_thread::yield();

  const auto refused = send(R"({"ts":6,"values":{"pm25":6}})");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("Retry-After"), "1");
  EXPECT_EQ(parse_json(refused.body).at("code").as_string(), "porch.full");
  EXPECT_EQ(node.metric("lifang_porch_waiting_values"), 5U) << "it grows no further";
  EXPECT_EQ(node.refused("porch.full"), 1U);
  free.set_value();
  EXPECT_EQ(waiting.get().status, 200) << "what waited was stored";
  EXPECT_EQ(send(R"({"ts":6,"values":{"pm25":6}})").status, 200);
  EXPECT_EQ(node.must("GET", "/api/v1/readings?device=station&metric=pm25&from=0&to=100").at("items").as_array().size(), 6U);
}

// ---- bad input, from the device's end to the device's page -----------------------------------------------------------

class NodeBadInput : public testing::Test {
 protected:
  NodeBadInput() : node_(folder_.path()) { node_.add_station(); }
  std::unique_ptr<mqtt::Client> enter(mqtt::Version version = mqtt::Version::v5, const std::string& secret = "station-secret") {
    auto config = node_.porch("station", secret);
    config.version = version;
    auto client = std::make_unique<mqtt::Client>(config, steady_);
    client->on_acknowledged = [this](std::uint64_t, mqtt::Reason reason) { last_ = reason; };
    client->connect(kPatience);
    return client;
  }
  /// What the PUBACK says of one message.
  mqtt::Reason said(mqtt::Client& client, const std::string& payload, const std::string& topic = "v1/devices/me/telemetry") {
    client.publish(topic, payload);
    EXPECT_TRUE(client.finish(kPatience)) << payload;
    return last_;
  }
  /// A number on the device's page.
  std::int64_t page(const std::string& word) {
    return node_.must("GET", "/api/v1/devices/station").at("condition").at(word).to_number<std::int64_t>();
  }
  std::size_t stored() { return node_.must("GET", "/api/v1/readings?device=station&metric=pm25&from=0").at("items").as_array().size(); }
  std::string ts(Duration d = {}) { return std::to_string(to_ms(node_.world().clock.now() + d)); }

  TestFolder folder_;
  RealSteady steady_;
  TestNode node_;
  mqtt::Reason last_ = mqtt::Reason::success;
};

TEST_F(NodeBadInput, a_wrong_secret_is_refused_and_says_nothing_about_which_half_was_wrong) {
  EXPECT_EQ(enter(mqtt::Version::v3, "wrong-secret")->code(), 4);
  EXPECT_EQ(enter(mqtt::Version::v5, "wrong-secret")->code(), 0x86);
  auto config = node_.porch("nobody", "station-secret");
  mqtt::Client stranger(config, steady_);
  EXPECT_FALSE(stranger.connect(kPatience));
  EXPECT_EQ(stranger.code(), 4);
  EXPECT_EQ(node_.refused("porch.bad_credentials"), 3U);
  const auto reply = http::Client(node_.origin()).post("/api/v1/wrong-secret/telemetry", R"({"pm25":1})");
  EXPECT_EQ(reply.status, 401);
  EXPECT_EQ(node_.refused("porch.bad_credentials"), 4U);
}

TEST_F(NodeBadInput, a_foreign_topic_closes_the_old_version_and_is_refused_to_the_new) {
  auto old = enter(mqtt::Version::v3);
  old->publish("v1/devices/other/telemetry", R"({"pm25":1})");
  EXPECT_FALSE(old->finish(kPatience));
  EXPECT_EQ(node_.refused("porch.foreign_topic"), 1U);
  auto client = enter();
  EXPECT_EQ(said(*client, R"({"pm25":1})", "v1/devices/other/telemetry"), mqtt::Reason::not_authorized);
  EXPECT_TRUE(client->is_open());
  EXPECT_EQ(node_.refused("porch.foreign_topic"), 2U);
  EXPECT_EQ(stored(), 0U);
}

TEST_F(NodeBadInput, a_huge_packet_ends_the_connection_before_it_is_read) {
  auto client = enter(mqtt::Version::v3);
  client->publish("v1/devices/me/telemetry", std::string(300 * 1024, ' '));
  EXPECT_FALSE(client->finish(kPatience));
  EXPECT_EQ(node_.refused("mqtt.packet_too_large"), 1U);
}

TEST_F(NodeBadInput, broken_json_is_acknowledged_as_refused_and_the_connection_goes_on) {
  auto client = enter();
  for (const char* broken : {"{", "[]x", R"({"ts":"soon","values":{"pm25":1}})", "null", "\xff\xfe", ""})
    EXPECT_EQ(said(*client, broken), mqtt::Reason::payload_format_invalid) << broken;
  EXPECT_EQ(node_.refused("porch.unreadable"), 6U);
  EXPECT_EQ(page("refused"), 6);
  EXPECT_EQ(said(*client, R"({"pm25":1})"), mqtt::Reason::success);
  EXPECT_EQ(stored(), 1U);
}

TEST_F(NodeBadInput, a_wrong_type_or_unknown_metric_is_refused_alone_and_the_rest_stands) {
  auto client = enter();
  EXPECT_EQ(said(*client, R"({"pm25":"much","temp":null,"noise":3,"nested":{"a":1}})"), mqtt::Reason::payload_format_invalid);
  EXPECT_EQ(node_.refused("porch.bad_value"), 2U);
  EXPECT_EQ(node_.refused("porch.unknown_metric"), 2U);
  EXPECT_EQ(said(*client, R"({"pm25":12,"noise":3,"temp":[1]})"), mqtt::Reason::success);
  EXPECT_EQ(node_.refused("porch.bad_value"), 3U);
  EXPECT_EQ(node_.refused("porch.unknown_metric"), 3U);
  EXPECT_EQ(page("refused"), 6);
  EXPECT_EQ(stored(), 1U);
}

TEST_F(NodeBadInput, out_of_range_is_acknowledged_kept_as_suspect_and_seen_by_no_latest_value) {
  auto client = enter();
  EXPECT_EQ(said(*client, R"({"ts":)" + ts() + R"(,"values":{"pm25":12}})"), mqtt::Reason::success);
  EXPECT_EQ(said(*client, R"({"ts":)" + ts(seconds(1)) + R"(,"values":{"pm25":9999}})"), mqtt::Reason::success);
  EXPECT_EQ(page("suspect"), 1);
  EXPECT_EQ(page("refused"), 0);
  EXPECT_EQ(stored(), 2U);
  const auto latest = node_.must("GET", "/api/v1/readings/latest?place=gate");
  EXPECT_NE(to_json(latest).find("12"), std::string::npos);
  EXPECT_EQ(to_json(latest).find("9999"), std::string::npos);
  EXPECT_EQ(node_.metric("lifang_readings_suspect_total"), 1U);
}

TEST_F(NodeBadInput, the_future_is_refused_beyond_a_day) {
  auto client = enter();
  EXPECT_EQ(said(*client, R"({"ts":)" + ts(hours(25)) + R"(,"values":{"pm25":12}})"), mqtt::Reason::payload_format_invalid);
  EXPECT_EQ(node_.refused("porch.future"), 1U);
  EXPECT_EQ(said(*client, R"({"ts":)" + ts(hours(23)) + R"(,"values":{"pm25":12}})"), mqtt::Reason::success);
  EXPECT_EQ(page("refused"), 1);
}

TEST_F(NodeBadInput, what_comes_twice_is_one_reading_and_what_comes_late_is_history) {
  auto client = enter();
  const std::string once = R"({"ts":)" + ts() + R"(,"values":{"pm25":12}})";
  EXPECT_EQ(said(*client, once), mqtt::Reason::success);
  EXPECT_EQ(said(*client, once), mqtt::Reason::success) << "it is stored, so it is acknowledged";
  EXPECT_EQ(said(*client, R"({"ts":)" + ts(-minutes(1)) + R"(,"values":{"pm25":300}})"), mqtt::Reason::success);
  EXPECT_EQ(stored(), 2U);
  EXPECT_EQ(page("repeated"), 1);
  EXPECT_EQ(page("late"), 1);
  EXPECT_EQ(page("messages"), 3);
  EXPECT_EQ(node_.metric("lifang_readings_repeated_total"), 1U);
  EXPECT_EQ(node_.metric("lifang_readings_late_total"), 1U);
}

TEST_F(NodeBadInput, a_detection_needs_a_kind_and_a_confidence_that_can_be) {
  auto client = enter();
  const std::string topic = "v1/devices/me/detections";
  EXPECT_EQ(said(*client, R"({"confidence":0.5})", topic), mqtt::Reason::payload_format_invalid);
  EXPECT_EQ(said(*client, R"({"kind":"smoke","confidence":1.5})", topic), mqtt::Reason::payload_format_invalid);
  EXPECT_EQ(node_.refused("porch.bad_detection"), 2U);
  EXPECT_EQ(said(*client, R"({"kind":"smoke","confidence":0.5})", topic), mqtt::Reason::success);
  EXPECT_EQ(page("refused"), 2);
}

TEST_F(NodeBadInput, a_detection_says_nothing_that_the_rooms_could_not_read_again) {
  auto client = enter();
  const std::string topic = "v1/devices/me/detections";
  for (const char* attributes : {R"({"a":1,"a":2})", R"({"far":1e400})", R"({"far":NaN})", R"({"clip":"a\u0000b"})", R"({"n":-Infinity})"})
    EXPECT_EQ(said(*client, fmt::format(R"({{"kind":"smoke","attributes":{}}})", attributes), topic), mqtt::Reason::payload_format_invalid)
        << attributes;
  EXPECT_EQ(said(*client, R"({"kind":"smo\u0000ke"})", topic), mqtt::Reason::payload_format_invalid);
  EXPECT_EQ(said(*client, R"({"kind":"smoke","attributes":{"clip":"a","track":[{"x":0.5,"t":"NaN"}]}})", topic), mqtt::Reason::success)
      << "the word NaN is no number";
  for (const char* words : {R"("file":5)", R"("file":{"id":"file_a"})", R"("attributes":[1])", R"("attributes":"clip")"})
    EXPECT_EQ(said(*client, fmt::format(R"({{"kind":"smoke",{}}})", words), topic), mqtt::Reason::payload_format_invalid) << words;
  EXPECT_EQ(said(*client, R"({"kind":"smoke","file":null,"attributes":null})", topic), mqtt::Reason::success) << "null says nothing";
  EXPECT_EQ(page("refused"), 10);
}

TEST_F(NodeBadInput, the_page_says_when_it_was_last_seen_and_whether_it_is_here) {
  EXPECT_FALSE(node_.must("GET", "/api/v1/devices/station").at("condition").as_object().if_contains("last_seen"));
  auto client = enter();
  said(*client, R"({"pm25":1})");
  const auto condition = node_.must("GET", "/api/v1/devices/station").at("condition");
  EXPECT_EQ(parse_time(std::string(condition.at("last_seen").as_string())), node_.world().clock.now());
  EXPECT_TRUE(condition.at("connected").as_bool());
}

TEST(NodeReady, says_whose_events_were_set_aside_and_serves_on) {
  const TestFolder folder;
  TestNode node(folder.path());
  // Of a topic that nobody hears any more: it stays aside when the start tries it again.
  node.house().lane.now([](Tx& tx) {
    tx.run("INSERT INTO bus_aside (hearer, seq, at, topic, subject, path, cause, by, body, error) "
           "VALUES ('cases', 1, 0, 'none.such', 'thing', '/', '', '', '{}', 'test.never')");
  });
  EXPECT_EQ(node.ask("GET", "/readyz", {}, "-").body.find("aside"), std::string::npos);
  node.restart();
  const auto ready = node.ask("GET", "/readyz", {}, "-");
  EXPECT_EQ(ready.status, 200);
  EXPECT_NE(ready.body.find("cases set 1 events aside (lifang verify)"), std::string::npos) << ready.body;
  EXPECT_NE(std::string(node.must("GET", "/api/v1/node/health").at("note").as_string()).find("cases set 1 events aside"), std::string::npos);
  EXPECT_FALSE(node.must("GET", "/api/v1/node/verify").at("ok").as_bool());
}

// ---- metrics ----------------------------------------------------------------------------------------------------------

TEST(NodeMetrics, name_every_family_once_and_count_what_no_route_took) {
  const TestFolder folder;
  TestNode node(folder.path());
  http::Client client(node.origin());
  EXPECT_EQ(client.get("/no/such/page").status, 404);
  EXPECT_EQ(client.get("/api/v1/nothing").status, 404);
  std::istringstream lines(client.get("/metrics").body);
  std::set<std::string> families, samples;
  std::string family, kind, refused;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# TYPE ")) {
      std::istringstream(line.substr(7)) >> family >> kind;
      EXPECT_TRUE(families.insert(family).second) << family << " stands in two pieces";
      EXPECT_EQ(kind, family.ends_with("_total") ? "counter" : "gauge") << family;
      continue;
    }
    const auto key = line.substr(0, line.rfind(' '));
    EXPECT_EQ(key.substr(0, key.find('{')), family);
    EXPECT_TRUE(samples.insert(key).second) << key << " twice";
    if (key == "lifang_refused_total{reason=\"http.no_route\"}") refused = line.substr(key.size() + 1);
  }
  EXPECT_EQ(refused, "2");
}

}  // namespace
}  // namespace lifang
