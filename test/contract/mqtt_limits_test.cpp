// What bounds the MQTT server: memory a connection, slow readers, a full lane; and TLS, and several
// I/O threads.
#include <gtest/gtest.h>
#include <malloc.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "base/refusal.hpp"
#include "platform/mqtt/clients.hpp"
#include "support/certificate.hpp"
#include "support/mqtt_talk.hpp"
#include "support/wire.hpp"

namespace lifang {
namespace {

using mqtt::Reason;

std::string hello(const std::string& client) {
  return "> 10 {\"MQTT\" 04 C2 003C \"" + client + "\" \"dev\" \"secret\"}\n< 20 02 00 00\n";
}

mqtt::Config with_tls(const Certificate& made) {
  mqtt::Config config;
  config.tls_certificate = made.certificate;
  config.tls_key = made.key;
  return config;
}

TEST(MqttLimits, a_full_lane_stops_reading_and_loses_nothing) {
  Porch porch;
  Talk one(porch), two(porch);
  one.hold(hello("c1"));
  two.hold(hello("c2"));
  porch.server.pause_reading(true);
  // What was read before counts; from here on nothing is.
  one.send(wire("32 {\"v1/x\" 0001 'a'} 32 {\"v1/x\" 0002 'b'}"));
  two.send(wire("32 {\"v1/x\" 0003 'c'} C0 00"));
  // Time-outs do not strike those whom nobody listens to.
  porch.advance(std::chrono::seconds(200));
  EXPECT_EQ(porch.desk.count(), 0U);
  porch.server.pause_reading(false);
  one.hold("< 40 02 0001\n< 40 02 0002");
  EXPECT_EQ(two.read(6).size(), 6U);
  EXPECT_EQ(porch.desk.count(), 3U);
}

TEST(MqttLimits, who_does_not_listen_is_not_heard) {
  Porch porch;
  Talk talk(porch);
  talk.hold("> 10 {\"MQTT\" 04 C2 0000 \"c1\" \"dev\" \"secret\"}\n< 20 02 00 00\n");
  // Answers that nobody fetches fill the socket; then the server stops reading, and the flood
  // stands still.
  const std::string pings =
      wire("C0 00 C0 00 C0 00 C0 00 C0 00 C0 00 C0 00 C0 00 C0 00 C0 00 C0 00 C0 00 C0 00 C0 00");
  std::string flood;
  while (flood.size() < 65'536) flood += pings;
  std::thread flooding([&] {
    while (porch.refused(mqtt::Why::slow_reader) == 0) talk.send(flood);
  });
  // The stuck connection is closed by the write time-out, which also ends the flood.
  while (porch.refused(mqtt::Why::slow_reader) == 0) {
    porch.advance(std::chrono::seconds(5));
    std::this_thread::yield();
  }
  flooding.join();
  EXPECT_EQ(porch.refused(mqtt::Why::slow_reader), 1U);
}

TEST(MqttLimits, unfinished_packets_have_a_common_bound) {
  mqtt::Config config;
  config.max_buffered = 300'000;
  Porch porch(config);
  std::vector<std::unique_ptr<Talk>> talks;
  for (int i = 0; i < 4; ++i) {
    talks.push_back(std::make_unique<Talk>(porch));
    talks.back()->hold(hello("c" + std::to_string(i)));
    // The beginning of a packet of 200,000 bytes.
    talks.back()->send(wire("32 C0 9A 0C \"v1/x\" 0001 'x'*100000"));
  }
  for (const int last : {2, 3}) talks[static_cast<std::size_t>(last)]->hold("< closed");
  EXPECT_GE(porch.refused(mqtt::Why::buffers_full), 1U);
}

/// Bytes that this process holds on the heap.
std::size_t heap() {
  const struct mallinfo2 info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

TEST(MqttLimits, three_thousand_idle_connections_cost_little) {
  constexpr std::size_t kMany = 3'000;
  mqtt::raise_open_files();
  Porch porch;
  porch.desk.remember = false;
  std::vector<std::unique_ptr<Talk>> talks;
  talks.reserve(kMany);
  for (std::size_t i = 0; i < 10; ++i) talks.push_back(std::make_unique<Talk>(porch));
  ASSERT_TRUE(porch.desk.wait([&] { return true; }));
  const std::size_t before = heap();
  for (std::size_t i = talks.size(); i < kMany; ++i) {
    talks.push_back(std::make_unique<Talk>(porch));
    // Each subscribes as devices do and has said something: buffers were there and are gone.
    talks.back()->hold(hello("client-" + std::to_string(i)) + R"(
      > 82 {0001 "v1/devices/me/rpc/request/+" 01 "v1/devices/me/attributes" 01}
      < 90 {0001 01 01}
      > 32 {"v1/devices/me/telemetry" 0002 '{"pm25":151.0}'}
      < 40 02 0002
    )");
  }
  porch.advance(std::chrono::seconds(5));
  talks.back()->hold("> C0 00\n< D0 00");
  const std::size_t each = (heap() - before) / (kMany - 10);
  RecordProperty("bytes_per_idle_connection", static_cast<int>(each));
  std::printf("%zu bytes a connection\n", each);
  // Whoever tests holds some of it, too (a Talk, a line in the desk).
  EXPECT_LT(each, 3'072U);
  EXPECT_EQ(porch.server.counters().connections_now, kMany);
}

TEST(MqttTls, says_the_same_through_tls) {
  Porch porch(with_tls(local_certificate()));
  ASSERT_NE(porch.server.tls_port(), 0);
  Talk talk(porch, true), plain(porch);
  talk.hold(hello("c1") + R"(
    > 32 {"v1/x" 0001 'one'} 32 {"v1/x" 0002 'two'}
    < 40 02 0001
    < 40 02 0002
    > 34 {"v1/x" 0003 'three'}
    < 50 02 0003
    > 62 02 0003
    < 70 02 0003
    > 32 {"v1/x" 0004 'x'*200000}
    < 40 02 0004
  )");
  EXPECT_EQ(porch.desk.all().back().payload.size(), 200'000U);
  plain.hold(hello("c2"));
  talk.hold("> E0 00\n< closed");
}

TEST(MqttTls, a_large_message_arrives_whole) {
  Porch porch(with_tls(local_certificate()));
  Talk talk(porch, true);
  talk.hold(hello("c1") + "> 82 {0001 \"v1/x\" 00}\n< 90 {0001 00}\n");
  const std::string payload(2'000'000, 'p');
  const auto connection = porch.server.connections_of(Desk::number_of("dev")).at(0);
  porch.server.publish(connection, "v1/x", payload, 0, 1);
  EXPECT_EQ(talk.read(1 + 3 + 6).substr(4), wire("\"v1/x\""));
  EXPECT_TRUE(talk.read(payload.size()) == payload);
}

TEST(MqttTls, what_is_no_handshake_is_closed_and_counted) {
  Porch porch(with_tls(local_certificate()));
  // Plain MQTT to the TLS port: the server's alert is all that comes back.
  Talk talk(porch, true);
  talk.hold(hello("c1"));
  {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(porch.server.tls_port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address),
              0);
    const std::string words = wire("10 {\"MQTT\" 04 C2 003C \"c1\" \"dev\" \"secret\"}");
    ASSERT_GT(::send(descriptor, words.data(), words.size(), MSG_NOSIGNAL), 0);
    char answer[64];
    while (::recv(descriptor, answer, sizeof answer, 0) > 0) continue;
    ::close(descriptor);
  }
  EXPECT_EQ(porch.refused(mqtt::Why::tls_failed), 1U);
  talk.hold("> C0 00\n< D0 00");
}

TEST(MqttTls, a_certificate_can_be_changed_while_running) {
  Porch porch(with_tls(local_certificate()));
  Talk before(porch, true);
  before.hold(hello("c1"));
  const Certificate fresh = local_certificate();
  porch.server.reload_tls(fresh.certificate, fresh.key);
  Talk after(porch, true);
  after.hold(hello("c2"));
  before.hold("> C0 00\n< D0 00");
  EXPECT_THROW(porch.server.reload_tls(fresh.certificate, local_certificate().key), Refusal);
  EXPECT_THROW(porch.server.reload_tls("/nowhere/certificate.pem", fresh.key), Refusal);
}

TEST(MqttTls, an_idle_tls_connection_gives_its_buffers_back) {
  constexpr std::size_t kMany = 100;
  Porch porch(with_tls(local_certificate()));
  porch.desk.remember = false;
  struct Counting final : mqtt::Clients::Listener {
    void connected(mqtt::Clients::Index, std::uint8_t) override { ++in; }
    void acknowledged(mqtt::Clients::Index, std::uint16_t, Reason) override { ++acks; }
    std::size_t in = 0, acks = 0;
  } counting;
  mqtt::Clients clients(counting, porch.steady);
  mqtt::ClientConfig config;
  config.port = porch.server.tls_port();
  config.tls = mqtt::Tls::client("");
  config.user = "dev";
  config.password = "secret";
  std::size_t before = 0;
  for (std::size_t i = 0; i <= kMany; ++i) {
    config.client_id = "client-" + std::to_string(i);
    const auto index = clients.open(config);
    while (counting.in <= i) clients.poll(std::chrono::seconds(1));
    clients.publish(index, "v1/x", std::string(20'000, 'p'), 1);
    while (counting.acks <= i) clients.poll(std::chrono::seconds(1));
    if (i == 0) before = heap();  // the first pays for what all share
  }
  porch.advance(std::chrono::seconds(5));
  clients.poll(Duration{0});
  Talk witness(porch);
  witness.hold(hello("witness"));
  const std::size_t each = (heap() - before) / kMany;
  RecordProperty("bytes_per_tls_connection_both_ends", static_cast<int>(each));
  std::printf("%zu bytes a TLS connection, both ends together\n", each);
  // 14 KB an end; record buffers that stayed would show as 34 KB more on each.
  EXPECT_LT(each, 48U * 1024U);
}

TEST(MqttThreads, several_io_threads_share_the_connections) {
  mqtt::Config config;
  config.io_threads = 3;
  Porch porch(config);
  porch.desk.hold = true;
  std::vector<std::unique_ptr<Talk>> talks;
  for (int i = 0; i < 9; ++i) {
    talks.push_back(std::make_unique<Talk>(porch));
    talks.back()->hold(hello("c" + std::to_string(i)) + "> 32 {\"v1/x\" 0001 'm'}\n");
  }
  ASSERT_TRUE(porch.desk.wait([&] { return porch.desk.counted == 9; }));
  porch.commit();
  for (auto& talk : talks) talk->hold("< 40 02 0001");
  // A take-over across threads.
  Talk again(porch);
  again.hold(hello("c0"));
  talks[0]->hold("< closed");
  EXPECT_EQ(porch.server.connections_of(Desk::number_of("dev")).size(), 9U);
  porch.server.close_device(Desk::number_of("dev"));
  again.hold("< closed");
  for (std::size_t i = 1; i < talks.size(); ++i) talks[i]->hold("< closed");
}

}  // namespace
}  // namespace lifang
