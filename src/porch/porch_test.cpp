// The porch on real sockets: what devices and gateways say over MQTT and HTTP, what is stored of it, and what the page of the
// device knows of what was not.
#include <sys/resource.h>

#include <future>
#include <map>

#include "platform/mqtt/write.hpp"
#include "support/raw_client.hpp"
#include "support/test_node.hpp"

namespace lifang::porch {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using mqtt::Reason, mqtt::Version;

constexpr seconds kPatience(20);  // only a broken node ever uses it up
constexpr const char* kTelemetry = "v1/devices/me/telemetry";

class NodePorch : public testing::Test {
 protected:
  NodePorch() : node_(folder_.path()) {
    node_.must("PUT", "/api/v1/places/gate", R"({"kind":"spot","name":"大门"})");
    node_.must("PUT", "/api/v1/devices/profiles/air",
               R"({"name":"空气站","metrics":[{"id":"pm25","min":0,"max":2000},{"id":"temp"}],"detections":["smoke"],)"
               R"("commands":[{"method":"open"}]})");
    for (const char* id : {"station", "hub", "other"})
      node_.must("PUT", std::string("/api/v1/devices/") + id,
                 R"({"profile":"air","place":"gate","secret":")" + std::string(id) + R"(-secret"})");
    node_.must("PUT", "/api/v1/devices/leaf", R"({"profile":"air","place":"gate","secret":"leaf-secret","gateway":"hub"})");
  }
  mqtt::ClientConfig words(const std::string& device, const std::string& secret, Version version = Version::v5) {
    auto config = node_.porch(device, secret);
    config.version = version;
    return config;
  }
  std::unique_ptr<mqtt::Client> enter(const mqtt::ClientConfig& config) {
    auto client = std::make_unique<mqtt::Client>(config, steady_);
    client->on_acknowledged = [this](std::uint64_t, Reason reason) { last_ = reason; };
    client->on_message = [this](std::string_view topic, std::string_view payload) { heard_.emplace_back(topic, payload); };
    client->connect(kPatience);
    return client;
  }
  std::unique_ptr<mqtt::Client> enter(const std::string& device = "station") { return enter(words(device, device + "-secret")); }
  Reason said(mqtt::Client& client, const std::string& payload, const std::string& topic = kTelemetry) {
    client.publish(topic, payload);
    EXPECT_TRUE(client.finish(kPatience)) << payload;
    return last_;
  }
  http::Reply post(const std::string& target, const std::string& body, const std::string& key = {}) {
    http::Pairs headers;
    if (!key.empty()) headers.emplace_back("Idempotency-Key", key);
    return http::Client(node_.origin()).request("POST", "/api/v1/" + target, headers, body);
  }
  static std::string code_of(const http::Reply& reply) { return std::string(parse_json(reply.body).at("code").as_string()); }
  /// reason → (count, sample), as the page of the device has it.
  std::map<std::string, std::pair<std::int64_t, std::string>> page(const std::string& device = "station") {
    auto& house = node_.house();
    house.lane.now([&](Tx& tx) { house.devices.refusals().write(tx); });
    std::map<std::string, std::pair<std::int64_t, std::string>> found;
    const auto all = node_.must("GET", "/api/v1/devices/" + device + "/refusals");
    for (const auto& item : all.at("items").as_array())
      found[std::string(item.at("reason").as_string())] = {item.at("count").to_number<std::int64_t>(),
                                                           std::string(item.at("sample").as_string())};
    return found;
  }
  boost::json::object condition(const std::string& device) {
    return node_.must("GET", "/api/v1/devices/" + device + "/condition").as_object();
  }
  std::size_t stored(const std::string& device = "station", const std::string& metric = "pm25") {
    return node_.must("GET", "/api/v1/readings?limit=500&from=0&device=" + device + "&metric=" + metric).at("items").as_array().size();
  }
  std::size_t detections(const std::string& device) {
    return node_.must("GET", "/api/v1/readings/detections?device=" + device).at("items").as_array().size();
  }
  std::string ts(Duration d = {}) { return std::to_string(to_ms(node_.world().clock.now() + d)); }
  /// Waits for what happens on another thread.
  template <class Fn>
  void until(mqtt::Client& client, Fn&& done) {
    for (int turn = 0; turn < 2000 && !done(); ++turn) client.poll(Duration{10});
    EXPECT_TRUE(done());
  }
  /// Every name under which something was refused, with its count, without those of the logins.
  std::map<std::string, std::uint64_t> counted() {
    std::map<std::string, std::uint64_t> all;
    const std::string body = node_.ask("GET", "/metrics", {}, "-").body;
    constexpr std::string_view kHead = "lifang_refused_total{reason=\"";
    for (auto at = body.find(kHead); at != std::string::npos; at = body.find(kHead, at + 1)) {
      const auto end = body.find('"', at + kHead.size());
      const auto count = std::stoull(body.substr(end + 3));
      if (count > 0) all[body.substr(at + kHead.size(), end - at - kHead.size())] = count;
    }
    return all;
  }
  using Counted = std::map<std::string, std::uint64_t>;
  using Entry = std::pair<std::int64_t, std::string>;

  TestFolder folder_;
  RealSteady steady_;
  TestNode node_;
  Reason last_ = Reason::success;
  std::vector<std::pair<std::string, std::string>> heard_;
};

// ---- who comes in --------------------------------------------------------------------------------------------------

TEST_F(NodePorch, an_access_token_as_user_name_is_enough) {
  auto config = words("anything", "");
  config.user = "station-secret";
  auto client = enter(config);
  ASSERT_TRUE(client->is_open());
  EXPECT_EQ(said(*client, R"({"pm25":1})"), Reason::success);
  EXPECT_EQ(stored(), 1U);
}

TEST_F(NodePorch, a_wrong_secret_is_one_refusal_and_stands_on_the_page_with_the_address) {
  EXPECT_EQ(enter(words("station", "wrong-secret"))->code(), 0x86);
  EXPECT_EQ(enter(words("station", "wrong-secret", Version::v3))->code(), 4);
  EXPECT_EQ(counted(), (Counted{{"porch.bad_credentials", 2}}));
  EXPECT_EQ(page(), (decltype(page()){{"porch.bad_credentials", {2, "127.0.0.1"}}}));
}

TEST_F(NodePorch, an_unknown_user_is_told_at_the_device_whose_name_the_client_bears) {
  auto config = words("nobody", "station-secret");
  config.client_id = "station";
  EXPECT_EQ(enter(config)->code(), 0x86);
  EXPECT_EQ(counted(), (Counted{{"porch.bad_credentials", 1}})) << "outsiders do not learn which half was wrong";
  EXPECT_EQ(page(), (decltype(page()){{"porch.unknown_user", {1, "127.0.0.1"}}}));
  EXPECT_EQ(to_json(node_.must("GET", "/api/v1/devices/station/refusals")).find("secret"), std::string::npos);
}

TEST_F(NodePorch, over_http_the_id_in_place_of_the_token_is_told_at_the_device) {
  const auto reply = post("station/telemetry", R"({"pm25":1})");
  EXPECT_EQ(reply.status, 401);
  EXPECT_EQ(code_of(reply), "porch.bad_credentials");
  EXPECT_EQ(post("nobody-at-all/telemetry", R"({"pm25":1})").status, 401);
  EXPECT_EQ(counted(), (Counted{{"porch.bad_credentials", 2}}));
  EXPECT_EQ(page(), (decltype(page()){{"porch.bad_credentials", {1, "127.0.0.1"}}}));
}

TEST_F(NodePorch, a_new_secret_ends_what_the_old_one_may) {
  auto client = enter();
  ASSERT_EQ(said(*client, R"({"pm25":1})"), Reason::success);
  client->subscribe("v1/devices/me/rpc/request/+");
  ASSERT_TRUE(client->finish(kPatience));
  node_.must("PUT", "/api/v1/devices/station", R"({"profile":"air","place":"gate","name":"东门空气站"})");
  EXPECT_EQ(said(*client, R"({"pm25":2})"), Reason::success) << "another name is no other secret";
  node_.must("PUT", "/api/v1/devices/station", R"({"profile":"air","place":"gate","secret":"another-secret"})");
  until(*client, [&] { return !client->is_open(); });
  node_.must("POST", "/api/v1/devices/station/commands", R"({"method":"open"})");
  EXPECT_TRUE(heard_.empty()) << "who has the old secret hears no more commands";
  auto again = enter(words("station", "another-secret"));
  EXPECT_EQ(said(*again, R"({"pm25":3})"), Reason::success);
  EXPECT_EQ(stored(), 3U);
}

TEST_F(NodePorch, a_removed_device_is_sent_away) {
  auto client = enter("other");
  ASSERT_EQ(said(*client, R"({"pm25":1})"), Reason::success);
  node_.must("DELETE", "/api/v1/devices/other");
  until(*client, [&] { return !client->is_open(); });
  EXPECT_EQ(enter("other")->code(), 0x86);
}

TEST_F(NodePorch, one_command_is_not_sent_again_because_of_the_next) {
  auto client = enter();
  node_.must("POST", "/api/v1/devices/station/commands", R"({"method":"open"})");  // waits: nobody hears it yet
  client->subscribe("v1/devices/me/rpc/request/+");
  node_.must("POST", "/api/v1/devices/station/commands", R"({"method":"open"})");  // crosses the subscription
  until(*client, [&] { return heard_.size() >= 2; });
  EXPECT_EQ(said(*client, R"({"pm25":1})"), Reason::success) << "what was sent along came before this";
  ASSERT_EQ(heard_.size(), 2U) << "a gate that is told twice opens twice";
  EXPECT_EQ(heard_[1].first, "v1/devices/me/rpc/request/2");
  heard_.clear();
  auto again = enter();
  again->subscribe("v1/devices/me/rpc/request/+");
  until(*again, [&] { return heard_.size() == 2; });  // nobody knows whether the first connection brought them
  EXPECT_TRUE(client->finish(kPatience));
}

TEST_F(NodePorch, attributes_are_pushed_whichever_way_they_were_set) {
  auto client = enter();
  client->subscribe("v1/devices/me/attributes");
  ASSERT_TRUE(client->finish(kPatience));
  node_.must("PUT", "/api/v1/devices/station", R"({"profile":"air","place":"gate","attributes":{"limit":7}})");
  until(*client, [&] { return heard_.size() == 1; });
  EXPECT_EQ(heard_.at(0).second, R"({"limit":7})");
  node_.must("PUT", "/api/v1/devices/station", R"({"profile":"air","place":"gate","attributes":{"limit":7}})");
  node_.must("POST", "/api/v1/devices/station/attributes", R"({"limit":8})");
  until(*client, [&] { return heard_.size() >= 2; });
  EXPECT_EQ(heard_.at(1).second, R"({"limit":8})") << "the same words again are no change";
}

TEST_F(NodePorch, attributes_weigh_while_they_wait) {
  std::promise<void> go;
  node_.house().lane.submit([&](Tx&) { go.get_future().wait(); }, [](std::exception_ptr) {});
  auto client = enter();
  client->publish("v1/devices/me/attributes", R"({"limit":1})");
  until(*client, [&] { return node_.must("GET", "/api/v1/node/health").at("porch_waiting_values").to_number<std::int64_t>() >= 16; });
  go.set_value();
  until(*client, [&] { return node_.must("GET", "/api/v1/node/health").at("porch_waiting_values").to_number<std::int64_t>() == 0; });
}

// ---- what is refused of a packet, and of a connection ----------------------------------------------------------------

TEST_F(NodePorch, a_foreign_topic_is_one_refusal_and_a_secret_in_it_is_not_shown) {
  auto client = enter();
  EXPECT_EQ(said(*client, R"({"pm25":1})", "v1/devices/other/telemetry"), Reason::not_authorized);
  EXPECT_EQ(page().at("porch.foreign_topic"), Entry(1, "v1/devices/other/telemetry"));
  auto old = enter(words("other", "other-secret", Version::v3));
  old->publish("/other-secret/up", "{}");
  EXPECT_FALSE(old->finish(kPatience));
  EXPECT_EQ(page("other").at("porch.foreign_topic"), Entry(1, "/***/up"));
  client->subscribe("v1/devices/other/rpc/request/+");
  until(*client, [&] { return page().at("porch.foreign_topic").first == 2; });
  EXPECT_EQ(counted(), (Counted{{"porch.foreign_topic", 3}}));
}

TEST_F(NodePorch, a_huge_packet_and_a_malformed_one_stand_on_the_page) {
  auto client = enter(words("station", "station-secret", Version::v3));
  client->publish(kTelemetry, std::string(300 * 1024, ' '));
  EXPECT_FALSE(client->finish(kPatience));
  http::RawClient raw(node_.node().mqtt_port());
  mqtt::Buffer hello;
  mqtt::write_connect(hello, {.client_id = "x", .user = "station", .password = "station-secret"});
  raw.say(hello.view()).until(std::string_view("\x20\x02\x00\x00", 4));
  raw.say(std::string_view("\xf0\x00", 2)).rest();  // packet type 15
  EXPECT_EQ(counted(), (Counted{{"mqtt.packet_too_large", 1}, {"mqtt.reserved_type", 1}}));
  EXPECT_EQ(page(), (decltype(page()){{"mqtt.packet_too_large", {1, ""}}, {"mqtt.reserved_type", {1, ""}}}));
}

TEST_F(NodePorch, a_connect_that_breaks_the_protocol_is_told_at_the_device_that_it_names) {
  http::RawClient raw(node_.node().mqtt_port());
  mqtt::Buffer hello;
  mqtt::write_connect(hello, {.client_id = std::string(300, 'c'), .user = "station", .password = "station-secret"});
  raw.say(hello.view()).rest();
  EXPECT_EQ(counted(), (Counted{{"mqtt.client_id_refused", 1}}));
  EXPECT_EQ(page().at("mqtt.client_id_refused"), Entry(1, "127.0.0.1"));
}

TEST_F(NodePorch, a_body_too_large_over_http_is_told_at_the_device) {
  http::RawClient raw(node_.node().http_port());
  raw.say("POST /api/v1/station-secret/telemetry HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n");
  EXPECT_EQ(http::status_of(raw.answer()), 413);
  EXPECT_EQ(counted(), (Counted{{"http.too_large", 1}}));
  EXPECT_EQ(page().at("http.too_large").first, 1);
}

// ---- what is refused of a message ----------------------------------------------------------------------------------

/// The same messages over both ways leave the same traces.
class BothWays : public NodePorch, public testing::WithParamInterface<bool> {
 protected:
  void SetUp() override {
    if (GetParam()) client_ = enter();
  }
  bool taken(const std::string& body) {
    if (client_) return said(*client_, body) == Reason::success;
    return post("station-secret/telemetry", body).status == 200;
  }
  std::unique_ptr<mqtt::Client> client_;
};
INSTANTIATE_TEST_SUITE_P(, BothWays, testing::Bool(), [](const auto& way) { return way.param ? "mqtt" : "http"; });

TEST_P(BothWays, each_reason_is_counted_once_and_leaves_its_trace) {
  EXPECT_FALSE(taken(R"({"pm25":1)"));
  EXPECT_EQ(page().at("porch.unreadable"), Entry(1, "9/9"));
  EXPECT_FALSE(taken(R"({"pm25":"much"})"));
  EXPECT_EQ(page().at("porch.bad_value"), Entry(1, "pm25: \"…\""));
  EXPECT_TRUE(taken(R"({"pm10":3,"pm25":1})"));
  EXPECT_EQ(page().at("porch.unknown_metric"), Entry(1, "pm10"));
  EXPECT_FALSE(taken(R"({"ts":)" + ts(hours(25)) + R"(,"values":{"pm25":1}})"));
  EXPECT_EQ(page().at("porch.future"), Entry(1, to_rfc3339(node_.world().clock.now() + hours(25))));
  EXPECT_FALSE(taken("{}"));
  EXPECT_EQ(page().at("porch.empty").first, 1);
  EXPECT_TRUE(taken(R"({"ts":)" + ts(hours(1) - seconds(1)) + R"(,"values":{"pm25":9999}})"));
  EXPECT_EQ(page().at("readings.suspect"), Entry(1, "pm25: 9999"));
  EXPECT_TRUE(taken(R"({"ts":)" + ts(hours(1)) + R"(,"values":{"pm25":5}})"));
  EXPECT_TRUE(taken(R"({"ts":)" + ts(hours(1)) + R"(,"values":{"pm25":6}})"));
  EXPECT_EQ(page().at("readings.repeated"), Entry(1, to_rfc3339(node_.world().clock.now() + hours(1))));
  EXPECT_TRUE(taken(R"({"ts":2,"values":{"pm25":7}})"));
  EXPECT_EQ(page().at("readings.late"), Entry(1, "1970-01-01T00:00:00.002Z"));
  EXPECT_EQ(counted(), (Counted{{"porch.unreadable", 1}, {"porch.bad_value", 1}, {"porch.unknown_metric", 1},
                                {"porch.future", 1}, {"porch.empty", 1}}));
  EXPECT_EQ(condition("station").at("refused").to_number<int>(), 5);
  EXPECT_EQ(condition("station").at("suspect").to_number<int>(), 1);
}

TEST_P(BothWays, a_day_ahead_is_believed_and_a_millisecond_more_is_not) {
  EXPECT_TRUE(taken(R"({"ts":)" + ts(hours(24)) + R"(,"values":{"pm25":1}})"));
  EXPECT_FALSE(taken(R"({"ts":)" + ts(hours(24) + Duration{1}) + R"(,"values":{"pm25":1}})"));
  EXPECT_TRUE(taken(R"({"ts":-5,"values":{"temp":1}})")) << "no lower bound: old recordings are welcome";
}

TEST_P(BothWays, a_thousand_values_are_a_message_and_one_more_is_none) {
  std::string thousand;
  for (int i = 0; i < 500; ++i)
    thousand += (i ? "," : "[") + std::string(R"({"ts":)") + std::to_string(i + 1) + R"(,"values":{"pm25":1,"temp":2}})";
  EXPECT_TRUE(taken(thousand + "]"));
  EXPECT_EQ(stored(), 500U);
  EXPECT_FALSE(taken(thousand + R"(,{"ts":9999,"values":{"pm25":1}}])"));
  EXPECT_EQ(stored(), 500U) << "nothing of it was taken";
  EXPECT_EQ(page().at("porch.too_many_values"), Entry(1, "> 1000"));
  EXPECT_EQ(counted(), (Counted{{"porch.too_many_values", 1}}));
}

TEST_P(BothWays, without_ts_the_arrival_is_taken_and_strictly_rises) {
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(taken(R"([{"pm25":1},{"pm25":2}])"));  // the clock of the test stands
  const auto items = node_.must("GET", "/api/v1/readings?limit=500&from=0&device=station&metric=pm25").at("items").as_array();
  ASSERT_EQ(items.size(), 10U);
  for (std::size_t i = 1; i < items.size(); ++i)
    EXPECT_GT(items[i].at("ts").to_number<std::int64_t>(), items[i - 1].at("ts").to_number<std::int64_t>());
  EXPECT_FALSE(page().contains("readings.repeated"));
}

TEST_F(NodePorch, the_page_keeps_its_traces_when_the_node_is_started_anew) {
  EXPECT_EQ(post("station-secret/telemetry", R"({"pm10":1,"noise":2})").status, 422);
  node_.restart();  // whatever waited in memory was written before it ended
  EXPECT_EQ(condition("station").at("refused").to_number<int>(), 0) << "since the start";
  EXPECT_EQ(page().at("porch.unknown_metric"), Entry(2, "pm10"));
  const auto days = node_.must("GET", "/api/v1/devices/station/refusals/porch.unknown_metric");
  EXPECT_EQ(days.at("days").as_array().size(), 1U);
  EXPECT_EQ(node_.ask("GET", "/api/v1/devices/station/refusals/porch.future").status, 404);
  EXPECT_EQ(node_.ask("GET", "/api/v1/devices/nobody/refusals").status, 404);
}

// ---- gateways ------------------------------------------------------------------------------------------------------

TEST_F(NodePorch, a_gateway_speaks_for_its_devices_and_they_have_been_seen) {
  auto hub = enter("hub");
  EXPECT_EQ(said(*hub, R"({"leaf":[{"ts":5,"values":{"pm25":1,"pm10":2}}],"hub":{"temp":3}})", "v1/gateway/telemetry"), Reason::success);
  EXPECT_EQ(stored("leaf"), 1U);
  EXPECT_EQ(stored("hub", "temp"), 1U);
  EXPECT_EQ(condition("leaf").at("messages").to_number<int>(), 1);
  EXPECT_EQ(parse_time(std::string(condition("leaf").at("last_seen").as_string())), node_.world().clock.now());
  EXPECT_EQ(condition("leaf").at("refused").to_number<int>(), 1);
  EXPECT_EQ(page("leaf").at("porch.unknown_metric"), Entry(1, "pm10")) << "at the device that said it";
  EXPECT_TRUE(page("hub").empty());
  EXPECT_EQ(condition("hub").at("messages").to_number<int>(), 1);
}

TEST_F(NodePorch, a_gateway_tells_what_its_devices_saw) {
  auto hub = enter("hub");
  EXPECT_EQ(said(*hub, R"({"leaf":[{"kind":"smoke","confidence":0.9},{"confidence":0.5}]})", "v1/gateway/detections"), Reason::success);
  EXPECT_EQ(detections("leaf"), 1U);
  EXPECT_EQ(detections("hub"), 0U);
  EXPECT_EQ(page("leaf").at("porch.bad_detection"), Entry(1, "kind"));
  EXPECT_EQ(condition("leaf").at("messages").to_number<int>(), 1);
}

TEST_F(NodePorch, a_gateway_that_speaks_for_others_is_refused_for_these_alone) {
  auto hub = enter("hub");
  for (const char* topic : {"v1/gateway/telemetry", "v1/gateway/detections"}) {
    const std::string item = std::string(topic).ends_with("telemetry") ? R"({"ts":5,"values":{"pm25":1}})" : R"({"ts":5,"kind":"smoke"})";
    EXPECT_EQ(said(*hub, R"({"station":[)" + item + R"(],"leaf":[)" + item + "]}", topic), Reason::success);
    EXPECT_EQ(said(*hub, R"({"nobody":[)" + item + "]}", topic), Reason::payload_format_invalid);
  }
  EXPECT_EQ(stored("station") + detections("station"), 0U);
  EXPECT_EQ(stored("leaf") + detections("leaf"), 2U);
  EXPECT_EQ(counted(), (Counted{{"porch.not_its_device", 4}}));
  EXPECT_EQ(page("hub").at("porch.not_its_device").first, 4);
  EXPECT_FALSE(condition("station").contains("last_seen"));
}

// ---- the other topics ----------------------------------------------------------------------------------------------

TEST_F(NodePorch, attributes_go_both_ways) {
  auto client = enter();
  client->subscribe("v1/devices/me/attributes");
  EXPECT_EQ(said(*client, R"({"firmware":"2.1","limit":35})", "v1/devices/me/attributes"), Reason::success);
  const auto attributes = [&] { return node_.must("GET", "/api/v1/devices/station").at("attributes").as_object(); };
  EXPECT_EQ(attributes().at("firmware").as_string(), "2.1");
  EXPECT_TRUE(heard_.empty()) << "its own words do not come back";
  node_.must("POST", "/api/v1/devices/station/attributes", R"({"limit":50,"firmware":null})");
  until(*client, [&] { return !heard_.empty(); });
  ASSERT_EQ(heard_.size(), 1U);
  EXPECT_EQ(heard_[0].first, "v1/devices/me/attributes");
  EXPECT_EQ(parse_json(heard_[0].second).at("limit").to_number<int>(), 50);
  EXPECT_EQ(said(*client, "[1]", "v1/devices/me/attributes"), Reason::payload_format_invalid);
  EXPECT_EQ(said(*client, "{", "v1/devices/me/attributes"), Reason::payload_format_invalid);
  EXPECT_EQ(attributes().at("limit").to_number<int>(), 50);
  EXPECT_EQ(page().at("devices.bad_attributes").first, 1);
  EXPECT_EQ(counted().at("devices.bad_attributes"), 1U);
  EXPECT_EQ(counted().size(), 2U) << "the broken one under its own name, neither a second time";
}

TEST_F(NodePorch, attributes_over_http_leave_the_same_traces) {
  EXPECT_EQ(post("station-secret/attributes", R"({"firmware":"2.2"})").status, 200);
  EXPECT_EQ(condition("station").at("messages").to_number<int>(), 1);
  const auto broken = post("station-secret/attributes", "{");
  EXPECT_EQ(broken.status, 400);
  EXPECT_EQ(page().at(code_of(broken)).first, 1);
  EXPECT_EQ(counted(), (Counted{{code_of(broken), 1}}));
}

TEST_F(NodePorch, an_answer_nobody_asked_for_changes_nothing_and_is_seen) {
  auto client = enter();
  client->subscribe("v1/devices/me/rpc/request/+");
  node_.must("POST", "/api/v1/devices/other/commands", R"({"method":"open"})");
  node_.must("POST", "/api/v1/devices/station/commands", R"({"method":"open","params":{"angle":90}})");
  until(*client, [&] { return !heard_.empty(); });
  EXPECT_EQ(heard_[0].first, "v1/devices/me/rpc/request/1") << "never another's";
  EXPECT_EQ(parse_json(heard_[0].second).at("params").at("angle").to_number<int>(), 90);

  EXPECT_EQ(said(*client, "{}", "v1/devices/me/rpc/response/77"), Reason::success) << "sending it again would not help";
  EXPECT_EQ(said(*client, "{}", "v1/devices/me/rpc/response/seven"), Reason::not_authorized);
  EXPECT_EQ(page().at("porch.unasked_answer"), Entry(1, "77"));
  EXPECT_EQ(said(*client, R"({"done":true})", "v1/devices/me/rpc/response/1"), Reason::success);
  EXPECT_EQ(said(*client, R"({"done":true})", "v1/devices/me/rpc/response/1"), Reason::success);
  EXPECT_EQ(page().at("porch.unasked_answer"), Entry(2, "1")) << "the second one is late";
  EXPECT_EQ(counted(), (Counted{{"porch.unasked_answer", 2}, {"porch.foreign_topic", 1}}));
  const auto state = [&](const std::string& device) {
    return node_.must("GET", "/api/v1/devices/commands?device=" + device).at("items").at(0).at("state").as_string();
  };
  EXPECT_EQ(state("station"), "answered");
  EXPECT_EQ(state("other"), "waiting") << "it has the same number, and is another's";
}

// ---- the promises --------------------------------------------------------------------------------------------------

TEST_F(NodePorch, quality_of_service_2_is_committed_before_its_pubrec) {
  http::RawClient raw(node_.node().mqtt_port());
  mqtt::Buffer out;
  mqtt::write_connect(out, {.client_id = "x", .user = "station", .password = "station-secret"});
  raw.say(out.view()).until(std::string_view("\x20\x02\x00\x00", 4));
  const std::string body = R"({"ts":7,"values":{"pm25":1}})";
  mqtt::Buffer publish, again;
  mqtt::write_publish(publish, Version::v3, {.topic = kTelemetry, .payload = body, .qos = 2, .packet_id = 9});
  mqtt::write_publish(again, Version::v3, {.topic = kTelemetry, .payload = body, .qos = 2, .dup = true, .packet_id = 9});
  constexpr std::string_view kReceived("\x50\x02\x00\x09", 4), kRelease("\x62\x02\x00\x09", 4), kComplete("\x70\x02\x00\x09", 4);
  EXPECT_EQ(raw.say(publish.view()).until(kReceived), kReceived);
  EXPECT_EQ(stored(), 1U) << "with the PUBREC it is there";
  EXPECT_EQ(raw.say(again.view()).until(kReceived), kReceived);
  EXPECT_EQ(raw.say(kRelease).until(kComplete), kComplete);
  EXPECT_EQ(stored(), 1U);
  EXPECT_EQ(condition("station").at("messages").to_number<int>(), 1) << "the repetition is no second message";
  EXPECT_FALSE(page().contains("readings.repeated"));
}

TEST_F(NodePorch, the_same_idempotency_key_gives_the_first_answer_again) {
  const std::string body = R"({"pm25":1})";  // without ts a resend would be a second reading
  EXPECT_EQ(post("station-secret/telemetry", body, "k-1").status, 200);
  EXPECT_EQ(post("station-secret/telemetry", body, "k-1").status, 200);
  EXPECT_EQ(stored(), 1U);
  EXPECT_EQ(condition("station").at("messages").to_number<int>(), 1);
  EXPECT_EQ(node_.metric("lifang_values_total"), 1U);
  EXPECT_EQ(post("station-secret/telemetry", body, "k-2").status, 200);
  EXPECT_EQ(post("other-secret/telemetry", body, "k-1").status, 200) << "a key is its sender's own";
  EXPECT_EQ(stored(), 2U);
  EXPECT_EQ(stored("other"), 1U);

  const auto reused = post("station-secret/telemetry", R"({"pm25":2})", "k-1");
  EXPECT_EQ(reused.status, 422);
  EXPECT_EQ(code_of(reused), "http.idempotency_key_reused");
  EXPECT_EQ(page().at("http.idempotency_key_reused").first, 1);
  node_.world().clock.advance(hours(24) + seconds(1));
  EXPECT_EQ(post("station-secret/telemetry", body, "k-1").status, 200);
  EXPECT_EQ(stored(), 3U) << "after a day it is a message of its own";
}

TEST_F(NodePorch, a_refused_message_may_be_mended_and_sent_under_the_same_key) {
  const auto refused = post("station-secret/telemetry", R"({"noise":1})", "k-1");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(code_of(refused), "porch.unknown_metric");
  EXPECT_EQ(counted(), (Counted{{"porch.unknown_metric", 1}}));
  EXPECT_EQ(page().at("porch.unknown_metric"), Entry(1, "noise"));
  EXPECT_EQ(post("station-secret/telemetry", R"({"pm25":1})", "k-1").status, 200);
  EXPECT_EQ(post("station-secret/detections", R"({"kind":"smoke"})", "k-1").status, 200) << "another path, another message";
  EXPECT_EQ(post("station-secret/detections", R"({"kind":"smoke"})", "k-1").status, 200);
  EXPECT_EQ(detections("station"), 1U);
}

// ---- what the node says of its porch --------------------------------------------------------------------------------

TEST_F(NodePorch, readiness_asks_the_porch) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer needs a descriptor itself, to ask whether an object is one";
#endif
  http::Client keeps(node_.origin());
  EXPECT_EQ(keeps.get("/readyz").status, 200);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit none = before;
  none.rlim_cur = 3;  // whoever asks for one more gets none; whoever asks here has a connection. The porch looks once a second
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  node_.steady().advance(seconds(2));
  http::Reply reply;
  for (int turn = 0; turn < 1'000'000 && reply.status != 503; ++turn) reply = keeps.get("/readyz");
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(reply.status, 503);
  EXPECT_NE(reply.body.find("MQTT takes no new connections"), std::string::npos) << reply.body;
  node_.steady().advance(seconds(2));
  for (int turn = 0; turn < 1'000'000 && reply.status != 200; ++turn) reply = keeps.get("/readyz");
  EXPECT_EQ(reply.body, "ready\n") << "by itself, as soon as there are descriptors again";
}

}  // namespace
}  // namespace lifang::porch
