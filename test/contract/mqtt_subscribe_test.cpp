// SUBSCRIBE, UNSUBSCRIBE and what the server sends, after the OASIS specifications.
#include <gtest/gtest.h>

#include "support/mqtt_talk.hpp"
#include "support/wire.hpp"

namespace lifang {
namespace {

using mqtt::Delivery;

const std::string kHello3 = "> 10 {\"MQTT\" 04 C2 0000 \"c1\" \"dev\" \"secret\"}\n< 20 02 00 00\n";
const std::string kHello5 =
    "> 10 {\"MQTT\" 05 C2 0000 [] \"c1\" \"dev\" \"secret\"}\n< 20 {00 00 [21 0064 22 0010 27 "
    "00040000 2A 00]}\n";

/// The only connection of a porch.
mqtt::ConnectionId only(Porch& porch) {
  const std::lock_guard lock(porch.desk.mutex);
  return porch.desk.open.at(0);
}

/// Waits for what became of a message.
std::optional<Delivery> fate(Porch& porch, std::uint64_t cookie) {
  if (!porch.desk.wait([&] { return porch.desk.deliveries.contains(cookie); })) return std::nullopt;
  const std::lock_guard lock(porch.desk.mutex);
  return porch.desk.deliveries[cookie];
}

TEST(MqttSubscribe, grants_what_the_receiver_allows_and_at_most_qos_1) {
  Porch porch;
  Talk(porch).hold(kHello3 + R"(
    > 82 {0001 "v1/devices/me/rpc/request/+" 00 "v1/a" 01 "v1/b" 02}
    < 90 {0001 00 01 01}
    # the same filter again replaces the old grant [MQTT-3.8.4-3]
    > 82 {0002 "v1/b" 00}
    < 90 {0002 00}
    > A2 {0003 "v1/a" "v1/never"}
    < B0 {0003}
  )");
  EXPECT_EQ(porch.desk.filters.back(), "-v1/a");
}

TEST(MqttSubscribe, a_foreign_filter_ends_three_one_one_and_is_refused_in_five) {
  hold_talk(kHello3 + R"(
    > 82 {0001 "v1/a" 01 "other/#" 01}
    < closed
  )");
  hold_talk(kHello5 + R"(
    > 82 {0001 [] "v1/a" 01 "other/#" 01 "$share/g/v1/a" 01}
    < 90 {0001 [] 01 87 9E}
    > A2 {0002 [] "v1/a" "v1/never"}
    < B0 {0002 [] 00 11}
  )");
}

TEST(MqttSubscribe, there_is_a_limit) {
  mqtt::Config config;
  config.max_subscriptions = 2;
  Porch porch(config);
  Talk(porch).hold(kHello5 + R"(
    > 82 {0001 [] "v1/a" 00 "v1/b" 00 "v1/c" 00 "v1/a" 01}
    < 90 {0001 [] 00 00 97 01}
  )");
  EXPECT_EQ(porch.refused(mqtt::Why::subscriptions_full), 1U);
}

TEST(MqttSend, qos_1_is_told_when_the_client_acknowledges) {
  Porch porch;
  Talk talk(porch);
  talk.hold(kHello3 + "> 82 {0001 \"v1/devices/me/rpc/request/+\" 01}\n< 90 {0001 01}\n");
  porch.server.publish(only(porch), "v1/devices/me/rpc/request/7", R"({"method":"open"})", 1, 42);
  talk.hold(R"(
    < 32 {"v1/devices/me/rpc/request/7" 0001 '{"method":"open"}'}
    > 40 02 0001
  )");
  EXPECT_EQ(fate(porch, 42), Delivery::acknowledged);
}

TEST(MqttSend, the_granted_quality_is_the_highest) {
  Porch porch;
  Talk talk(porch);
  talk.hold(kHello3 + "> 82 {0001 \"v1/#\" 00}\n< 90 {0001 00}\n");
  porch.server.publish(only(porch), "v1/x", "low", 1, 1);
  talk.hold("< 30 {\"v1/x\" 'low'}");
  EXPECT_EQ(fate(porch, 1), Delivery::sent);
  talk.hold("> 82 {0002 \"v1/x\" 01}\n< 90 {0002 01}");
  porch.server.publish(only(porch), "v1/x", "high", 2, 2);
  talk.hold("< 32 {\"v1/x\" 0001 'high'}");
  porch.server.publish(only(porch), "v1/x", "asked low", 0, 3);
  talk.hold("< 30 {\"v1/x\" 'asked low'}");
  porch.server.publish(only(porch), "v2/x", "not asked for", 1, 4);
  EXPECT_EQ(fate(porch, 4), Delivery::not_subscribed);
}

TEST(MqttSend, five_hears_its_subscription_ids_and_may_refuse) {
  Porch porch;
  Talk talk(porch);
  talk.hold(kHello5 + R"(
    > 82 {0001 [0B 07] "v1/x" 01}
    < 90 {0001 [] 01}
    > 82 {0002 [0B 8001] "v1/+" 01}
    < 90 {0002 [] 01}
  )");
  porch.server.publish(only(porch), "v1/x", "m", 1, 5);
  talk.hold(R"(
    < 32 {"v1/x" 0001 [0B 07 0B 8001] 'm'}
    > 40 03 0001 83
  )");
  EXPECT_EQ(fate(porch, 5), Delivery::refused);
}

TEST(MqttSend, a_clients_window_is_kept) {
  Porch porch;
  Talk talk(porch);
  talk.hold(R"(
    > 10 {"MQTT" 05 C2 0000 [21 0002] "c1" "dev" "secret"}
    < 20 {00 00 [21 0064 22 0010 27 00040000 2A 00]}
    > 82 {0001 [] "v1/x" 01}
    < 90 {0001 [] 01}
  )");
  for (std::uint64_t i = 1; i <= 4; ++i)
    porch.server.publish(only(porch), "v1/x", std::to_string(i), 1, i);
  talk.hold(R"(
    < 32 {"v1/x" 0001 [] '1'}
    < 32 {"v1/x" 0002 [] '2'}
    > C0 00
    < D0 00
    > 40 02 0002
    < 32 {"v1/x" 0003 [] '3'}
    > 40 02 0001
    < 32 {"v1/x" 0004 [] '4'}
  )");
  EXPECT_EQ(fate(porch, 1), Delivery::acknowledged);
}

TEST(MqttSend, a_clients_packet_size_is_kept) {
  Porch porch;
  Talk talk(porch);
  talk.hold(R"(
    > 10 {"MQTT" 05 C2 0000 [27 00000040] "c1" "dev" "secret"}
    < 20 {00 00 [21 0064 22 0010 27 00040000 2A 00]}
    > 82 {0001 [] "v1/x" 01}
    < 90 {0001 [] 01}
  )");
  porch.server.publish(only(porch), "v1/x", std::string(64, 'x'), 1, 1);
  EXPECT_EQ(fate(porch, 1), Delivery::too_large);
}

TEST(MqttSend, what_waits_is_bounded_and_lost_with_the_connection) {
  mqtt::Config config;
  config.max_in_flight = 1;
  config.max_waiting = 2;
  Porch porch(config);
  Talk talk(porch);
  talk.hold(kHello3 + "> 82 {0001 \"v1/x\" 01}\n< 90 {0001 01}\n");
  const auto connection = only(porch);
  for (std::uint64_t i = 1; i <= 4; ++i) porch.server.publish(connection, "v1/x", "m", 1, i);
  EXPECT_EQ(fate(porch, 4), Delivery::queue_full);
  talk.hold("< 32 {\"v1/x\" 0001 'm'}\nhang up");
  for (std::uint64_t i = 1; i <= 3; ++i) EXPECT_EQ(fate(porch, i), Delivery::lost);
  porch.server.publish(connection, "v1/x", "m", 1, 5);
  EXPECT_EQ(fate(porch, 5), Delivery::lost);
}

TEST(MqttSend, a_large_message_arrives_whole) {
  Porch porch;
  Talk talk(porch);
  talk.hold(kHello3 + "> 82 {0001 \"v1/x\" 00}\n< 90 {0001 00}\n");
  const std::string payload(3'000'000, 'p');
  porch.server.publish(only(porch), "v1/x", payload, 0, 1);
  const std::string head = talk.read(1 + 4 + 6);
  EXPECT_EQ(head.substr(5), wire("\"v1/x\""));
  EXPECT_TRUE(talk.read(payload.size()) == payload);
}

}  // namespace
}  // namespace lifang
