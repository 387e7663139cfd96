// Our own MQTT client against our own server: what tools, simulator and benchmarks rely on.
#include <gtest/gtest.h>

#include "base/real_world.hpp"
#include "base/refusal.hpp"
#include "platform/mqtt/client.hpp"
#include "support/certificate.hpp"
#include "support/mqtt_talk.hpp"

namespace lifang {
namespace {

using namespace std::chrono_literals;
using mqtt::Client;
using mqtt::ClientConfig;
using mqtt::Clients;
using mqtt::Delivery;
using mqtt::Reason;
using mqtt::Version;

ClientConfig client_of(const Porch& porch, Version version = Version::v3) {
  ClientConfig config;
  config.port = porch.server.port();
  config.version = version;
  config.client_id = "c1";
  config.user = "dev";
  config.password = "secret";
  return config;
}

TEST(MqttClient, publishes_and_hears_in_both_versions) {
  for (const Version version : {Version::v3, Version::v5}) {
    Porch porch;
    const RealSteady steady;
    Client client(client_of(porch, version), steady);
    ASSERT_TRUE(client.connect(10s));
    std::vector<std::string> messages;
    client.on_message = [&](std::string_view topic, std::string_view payload) {
      messages.push_back(std::string(topic) + "=" + std::string(payload));
    };
    client.subscribe("v1/devices/me/rpc/request/+");
    for (int i = 0; i < 500; ++i) client.publish("v1/x", std::to_string(i));
    EXPECT_EQ(client.publish("v1/x", "quick", 0), 501U);
    ASSERT_TRUE(client.finish(10s));
    EXPECT_TRUE(porch.desk.wait([&] { return porch.desk.counted == 501; }));
    EXPECT_EQ(porch.desk.all()[499].payload, "499");
    const auto connection = porch.server.connections_of(Desk::number_of("dev")).at(0);
    porch.server.publish(connection, "v1/devices/me/rpc/request/1", "{}", 1, 7);
    while (messages.empty()) ASSERT_TRUE(client.poll(10s));
    EXPECT_EQ(messages[0], "v1/devices/me/rpc/request/1={}");
    client.poll(0ms);
    EXPECT_TRUE(
        porch.desk.wait([&] { return porch.desk.deliveries[7] == Delivery::acknowledged; }));
    client.disconnect();
    EXPECT_TRUE(porch.desk.wait([&] { return porch.desk.gone.size() == 1; }));
    EXPECT_EQ(porch.desk.gone.begin()->second, mqtt::Why::client_disconnected);
  }
}

TEST(MqttClient, speaks_tls_and_checks_the_name) {
  const Certificate made = local_certificate();
  mqtt::Config limits;
  limits.tls_certificate = made.certificate;
  limits.tls_key = made.key;
  limits.host = "0.0.0.0";
  Porch porch(limits);
  const RealSteady steady;
  ClientConfig config = client_of(porch);
  config.port = porch.server.tls_port();
  config.tls = mqtt::Tls::client(made.certificate);
  for (const char* host : {"localhost", "127.0.0.1"}) {
    config.host = host;
    Client client(config, steady);
    ASSERT_TRUE(client.connect(10s)) << host;
    client.publish("v1/x", std::string(100'000, 'p'));
    EXPECT_TRUE(client.finish(10s));
  }
  config.host = "127.0.0.2";  // the same server, but its certificate does not say so
  Client stranger(config, steady);
  EXPECT_FALSE(stranger.connect(10s));
  EXPECT_TRUE(porch.desk.wait([&] { return porch.refused(mqtt::Why::tls_failed) == 1; }));
  config.host = "127.0.0.1";
  config.tls = mqtt::Tls::client(local_certificate().certificate);
  Client distrusting(config, steady);
  EXPECT_FALSE(distrusting.connect(10s));
  config.tls = mqtt::Tls::client("");
  Client careless(config, steady);
  EXPECT_TRUE(careless.connect(10s));
  EXPECT_THROW(mqtt::Tls::client("/nowhere/ca.pem"), Refusal);
}

TEST(MqttClient, is_told_why_it_may_not_come_in) {
  Porch porch;
  const RealSteady steady;
  ClientConfig config = client_of(porch);
  config.password = "wrong";
  Client three(config, steady);
  EXPECT_FALSE(three.connect(10s));
  EXPECT_EQ(three.code(), 4);
  config.version = Version::v5;
  Client five(config, steady);
  EXPECT_FALSE(five.connect(10s));
  EXPECT_EQ(five.code(), 0x86);
  EXPECT_FALSE(five.poll(0ms));
  config.host = "no such host";
  EXPECT_THROW(Client(config, steady).connect(1s), Refusal);
}

TEST(MqttClient, sends_again_what_was_not_acknowledged) {
  const RealSteady steady;
  auto porch = std::make_unique<Porch>();
  porch->desk.hold = true;
  ClientConfig config = client_of(*porch);
  Client client(config, steady);
  std::vector<std::uint64_t> acknowledged;
  client.on_acknowledged = [&](std::uint64_t number, Reason) { acknowledged.push_back(number); };
  ASSERT_TRUE(client.connect(10s));
  for (int i = 1; i <= 30; ++i) client.publish("v1/x", std::to_string(i));
  client.poll(0ms);
  ASSERT_TRUE(porch->desk.wait([&] { return porch->desk.counted == 20; }));  // the window
  auto held = porch->desk.take_held();
  held.resize(5);
  porch->server.acknowledge(held);
  while (acknowledged.size() < 5) ASSERT_TRUE(client.poll(10s));
  porch->server.stop(0s);
  while (client.poll(10s)) continue;
  EXPECT_FALSE(client.is_open());
  EXPECT_FALSE(client.finish(10s));
  mqtt::Config limits;
  limits.port = config.port;
  // The same port, the program started anew.
  Desk desk;
  mqtt::Server second(limits, desk, steady);
  second.start();
  ASSERT_TRUE(client.connect(10s));
  ASSERT_TRUE(client.finish(10s));
  EXPECT_EQ(acknowledged.size(), 30U);
  ASSERT_EQ(desk.all().size(), 25U);
  EXPECT_EQ(desk.all()[0].payload, "6");
  EXPECT_EQ(desk.all()[24].payload, "30");
}

TEST(MqttClient, nobody_at_home_is_found_out) {
  const RealSteady steady;
  ClientConfig config;
  {
    Porch porch;
    config = client_of(porch);
  }
  Client client(config, steady);
  EXPECT_FALSE(client.connect(10s));
  EXPECT_EQ(client.code(), 0);
}

TEST(MqttClient, pings_when_it_has_nothing_to_say) {
  Porch porch;
  ClientConfig config = client_of(porch);
  config.keep_alive = 10;
  Client client(config, porch.steady);
  ASSERT_TRUE(client.connect(10s));
  for (int i = 0; i < 20; ++i) {
    porch.advance(6s);
    const auto before = porch.server.counters().packets_in;
    while (porch.server.counters().packets_in == before) ASSERT_TRUE(client.poll(1ms));
  }
  EXPECT_TRUE(client.is_open());
}

struct Counting final : Clients::Listener {
  void connected(Clients::Index, std::uint8_t code) override { ++(code == 0 ? in : refused); }
  void acknowledged(Clients::Index, std::uint16_t, Reason) override { ++acks; }
  void closed(Clients::Index, Reason) override { ++closes; }
  std::size_t in = 0, refused = 0, acks = 0, closes = 0;
};

TEST(MqttClients, many_share_a_thread) {
  Porch porch;
  porch.desk.remember = false;
  const RealSteady steady;
  Counting counting;
  Clients clients(counting, steady);
  ClientConfig config = client_of(porch);
  constexpr std::size_t kMany = 200;
  for (std::size_t i = 0; i < kMany; ++i) {
    config.client_id = "c" + std::to_string(i);
    EXPECT_EQ(clients.open(config), i);
  }
  while (counting.in < kMany) clients.poll(1s);
  const mqtt::Prebuilt packet = mqtt::prebuild(Version::v3, "v1/x", "payload", 1);
  std::size_t sent = 0;
  while (counting.acks < 20'000) {
    for (std::size_t i = 0; i < kMany; ++i)
      while (sent < 20'000 && clients.publish(i, packet)) ++sent;
    clients.poll(1s);
  }
  EXPECT_EQ(porch.desk.count(), 20'000U);
  // A place that was given up is taken again.
  clients.drop(17);
  clients.disconnect(18);
  while (counting.closes < 1) clients.poll(1s);
  clients.poll(0ms);
  config.client_id = "again";
  EXPECT_LT(clients.open(config), kMany);
}

}  // namespace
}  // namespace lifang
