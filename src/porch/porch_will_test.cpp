// What a device asked to be said of it when it ends without taking leave, on real sockets.
#include <map>

#include "support/raw_client.hpp"
#include "support/test_node.hpp"

namespace lifang::porch {
namespace {

class NodeWill : public testing::Test {
 protected:
  NodeWill() : node_(folder_.path()) {
    node_.must("PUT", "/api/v1/places/gate", R"({"kind":"spot","name":"大门"})");
    node_.must("PUT", "/api/v1/devices/profiles/air",
               R"({"name":"空气站","metrics":[{"id":"online"}],"detections":["tamper"]})");
    node_.must("PUT", "/api/v1/devices/station", R"({"profile":"air","place":"gate","secret":"station-secret"})");
  }
  static std::string text(const std::string& words) {
    return std::string{static_cast<char>(words.size() / 256), static_cast<char>(words.size() % 256)} + words;
  }
  /// A CONNECT of 3.1.1 or 5 as the station, with a will of QoS 1.
  static std::string connect(bool v5, const std::string& topic, const std::string& payload) {
    const std::string properties = v5 ? std::string(1, '\0') : std::string();
    const std::string body = text("MQTT") + (v5 ? '\x05' : '\x04') + '\xCE' + std::string(2, '\0') + properties + text("c1") +
                             properties + text(topic) + text(payload) + text("station") + text("station-secret");
    std::string length;
    std::size_t n = body.size();
    do {
      length += static_cast<char>(n % 128 | (n >= 128 ? 128 : 0));
      n /= 128;
    } while (n > 0);
    return '\x10' + length + body;
  }
  /// The station comes with this will, is let in, and its line breaks.
  void breaks_off(const std::string& topic, const std::string& payload) {
    http::RawClient client(node_.node().mqtt_port());
    client.say(connect(false, topic, payload));
    ASSERT_EQ(client.until(std::string("\x20\x02\x00\x00", 4)).size(), 4U);
  }
  /// Looks again after each batch until it holds: what ends a connection is heard on another thread.
  template <class Fn>
  bool comes(Fn&& holds) {
    for (int turn = 0; turn < 20'000; ++turn) {
      if (holds()) return true;
      node_.house().lane.now([](Tx&) {});
    }
    return false;
  }
  devices::DevicePtr station() { return node_.house().devices.registry().find("station"); }
  bool measured() {
    const auto device = station();
    return node_.house().readings.latest(device->number, device->profile->find("online")->number).has_value();
  }
  bool saw() { return node_.house().readings.counters().detections > 0; }
  /// reason → (count, sample), as the page of the device has it.
  std::map<std::string, std::pair<std::int64_t, std::string>> page() {
    House& house = node_.house();
    house.lane.now([&](Tx& tx) { house.devices.refusals().write(tx); });
    std::map<std::string, std::pair<std::int64_t, std::string>> found;
    const auto all = node_.must("GET", "/api/v1/devices/station/refusals");
    for (const auto& item : all.at("items").as_array())
      found[std::string(item.at("reason").as_string())] = {item.at("count").to_number<std::int64_t>(),
                                                           std::string(item.at("sample").as_string())};
    return found;
  }
  TestFolder folder_;
  TestNode node_;
};

TEST_F(NodeWill, is_a_reading_a_detection_or_an_attribute_like_any_other) {
  breaks_off("v1/devices/me/telemetry", R"({"online":0})");
  EXPECT_TRUE(comes([&] { return measured(); }));
  breaks_off("v1/devices/me/detections", R"({"kind":"tamper","confidence":1})");
  EXPECT_TRUE(comes([&] { return saw(); }));
  breaks_off("v1/devices/me/attributes", R"({"broken":1})");
  EXPECT_TRUE(comes([&] { return station()->attribute("broken") == 1; }));
}

TEST_F(NodeWill, of_a_device_that_takes_leave_is_not_said) {
  {
    http::RawClient client(node_.node().mqtt_port());
    client.say(connect(false, "v1/devices/me/telemetry", R"({"online":0})") + std::string("\xE0\x00", 2));
    EXPECT_EQ(client.rest(), std::string("\x20\x02\x00\x00", 4));
  }
  // What is said behind it is stored, so all that was said before it would be there.
  breaks_off("v1/devices/me/detections", R"({"kind":"tamper","confidence":1})");
  EXPECT_TRUE(comes([&] { return saw(); }));
  EXPECT_FALSE(measured());
}

TEST_F(NodeWill, on_a_topic_that_is_not_the_devices_own_is_refused_at_once) {
  for (const std::string topic : {"home/station/status", "v1/devices/me/rpc/response/x"}) {
    http::RawClient v3(node_.node().mqtt_port());
    v3.say(connect(false, topic, "offline"));
    EXPECT_EQ(v3.rest(), std::string("\x20\x02\x00\x05", 4)) << topic;
    http::RawClient v5(node_.node().mqtt_port());
    v5.say(connect(true, topic, "offline"));
    const std::string answer = v5.rest();
    ASSERT_GT(answer.size(), 3U) << topic;
    EXPECT_EQ(answer[3], '\x87') << topic;
  }
  EXPECT_EQ(page().at("porch.foreign_topic").first, 4);
}

TEST_F(NodeWill, that_cannot_be_read_is_counted_at_the_device) {
  breaks_off("v1/devices/me/telemetry", "offline");
  EXPECT_TRUE(comes([&] { return station()->state->refused > 0; }));
  EXPECT_TRUE(comes([&] { return page().contains("porch.unreadable"); }));
}

}  // namespace
}  // namespace lifang::porch
