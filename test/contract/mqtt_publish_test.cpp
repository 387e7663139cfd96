// PUBLISH and its acknowledgements in all three qualities of service, after the OASIS
// specifications.
#include <gtest/gtest.h>

#include <thread>

#include "support/mqtt_talk.hpp"
#include "support/wire.hpp"

namespace lifang {
namespace {

using mqtt::Ack;
using mqtt::Reason;

const std::string kHello3 = "> 10 {\"MQTT\" 04 C2 0000 \"c1\" \"dev\" \"secret\"}\n< 20 02 00 00\n";
const std::string kHello5 =
    "> 10 {\"MQTT\" 05 C2 0000 [] \"c1\" \"dev\" \"secret\"}\n< 20 {00 00 [21 0064 22 0010 27 "
    "00040000 2A 00]}\n";

TEST(MqttPublish, qos_0_is_heard_and_not_answered) {
  Porch porch;
  Talk(porch).hold(kHello3 + R"(
    > 30 {"v1/devices/me/telemetry" '{"pm25":151.0}'} 31 {"v1/x" 'retained'}
    > C0 00
    < D0 00
  )");
  const auto heard = porch.desk.all();
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_EQ(heard[0].topic, "v1/devices/me/telemetry");
  EXPECT_EQ(heard[0].payload, "{\"pm25\":151.0}");
  EXPECT_EQ(heard[0].qos, 0);
  EXPECT_EQ(heard[0].device, Desk::number_of("dev"));
  EXPECT_TRUE(porch.desk.wait([&] { return porch.desk.batches > 0; }));
}

TEST(MqttPublish, qos_1_is_acknowledged_after_the_commit_and_not_before) {
  hold_talk(kHello3 + R"(
    hold
    > 32 {"v1/x" 0007 'one'} C0 00
    < D0 00
    wait 1
    > C0 00
    < D0 00
    commit
    < 40 02 0007
  )");
}

TEST(MqttPublish, acknowledgements_leave_in_order_of_arrival) {
  Porch porch;
  Talk talk(porch);
  talk.hold(kHello5 + R"(
    hold
    > 32 {"v1/x" 000A [] 'one'} 32 {"v1/x" 000B [] '?'} 32 {"foreign" 000C [] 'x'} 32 {"v1/x" 000D [] 'two'}
    wait 4
  )");
  // Two answers stand already, but their turn has not come. The last is answered first.
  const auto held = porch.desk.take_held();
  ASSERT_EQ(held.size(), 2U);
  porch.server.acknowledge(std::array{held[1]});
  talk.hold(R"(
    > C0 00
    < D0 00
  )");
  porch.server.acknowledge(std::array{held[0]});
  talk.hold(R"(
    < 40 02 000A
    < 40 03 000B 99
    < 40 03 000C 87
    < 40 02 000D
  )");
  // Answering twice, or what was never asked, does nothing.
  porch.server.acknowledge(std::array{held[0], Ack{held[0].connection, 4711, Reason::success},
                                      Ack{99, 0, Reason::success}});
  talk.hold(R"(
    > C0 00
    < D0 00
  )");
  EXPECT_EQ(porch.refused(mqtt::Why::payload_refused), 1U);
  EXPECT_EQ(porch.refused(mqtt::Why::foreign_topic), 1U);
}

TEST(MqttPublish, three_one_one_hears_nothing_of_an_unreadable_payload) {
  hold_talk(kHello3 + R"(
    > 32 {"v1/x" 0001 '?'} 30 {"v1/x" '?'} 32 {"v1/x" 0002 'fine'}
    < 40 02 0001
    < 40 02 0002
  )");
}

TEST(MqttPublish, a_foreign_topic_ends_three_one_one_after_earlier_acknowledgements) {
  Porch porch;
  Talk(porch).hold(kHello3 + R"(
    hold
    > 32 {"v1/x" 0001 'fine'} 32 {"foreign" 0002 'x'} 32 {"v1/x" 0003 'behind'}
    wait 3
    commit
    < 40 02 0001
    < closed
  )");
  EXPECT_EQ(porch.refused(mqtt::Why::foreign_topic), 1U);
}

TEST(MqttPublish, five_may_refuse_after_looking_at_the_payload) {
  Porch porch;
  Talk talk(porch);
  talk.hold(kHello5 + R"(
    hold
    > 32 {"v1/x" 0001 [] 'one'} 34 {"v1/x" 0002 [] 'two'}
    wait 2
  )");
  auto held = porch.desk.take_held();
  held[0].reason = Reason::payload_format_invalid;
  held[1].reason = Reason::quota_exceeded;
  porch.server.acknowledge(held);
  // After a PUBREC with an error the packet id is free: the same id is a new message.
  talk.hold(R"(
    < 40 03 0001 99
    < 50 03 0002 97
    > 34 {"v1/x" 0002 [] 'once more'}
    wait 3
    commit
    < 50 02 0002
    > 62 02 0002
    < 70 02 0002
  )");
}

TEST(MqttPublish, qos_2_is_stored_before_the_pubrec_and_delivered_once) {
  Porch porch;
  Talk(porch).hold(kHello3 + R"(
    hold
    > 34 {"v1/x" 0005 'once'} C0 00
    < D0 00
    wait 1
    # the same again, before the answer and after it: two answers, one message
    > 3C {"v1/x" 0005 'once'} C0 00
    < D0 00
    commit
    < 50 02 0005
    < 50 02 0005
    > 3C {"v1/x" 0005 'once'}
    < 50 02 0005
    > 62 02 0005
    < 70 02 0005
    # released: the id names a new message
    > 34 {"v1/x" 0005 'twice'}
    wait 2
    commit
    < 50 02 0005
    > 62 02 0005 62 02 0005
    < 70 02 0005
    < 70 02 0005
  )");
  ASSERT_EQ(porch.desk.all().size(), 2U);
  EXPECT_EQ(porch.desk.all()[1].payload, "twice");
}

TEST(MqttPublish, five_is_told_when_nobody_knows_the_packet_id) {
  hold_talk(kHello5 + R"(
    > 62 02 0005
    < 70 03 0005 92
    # we never send QoS 2, so a PUBREC names nothing
    > 50 02 0006
    < 62 03 0006 92
    > 40 02 0007 70 02 0008 C0 00
    < D0 00
  )");
}

TEST(MqttPublish, a_release_before_the_pubrec_would_promise_too_much) {
  Porch porch;
  Talk(porch).hold(kHello5 + R"(
    hold
    > 34 {"v1/x" 0005 [] 'once'} 62 02 0005
    < E0 {82 [1F "pubrel_too_early"]}
    < closed
  )");
}

TEST(MqttPublish, topic_aliases_stand_for_topics) {
  Porch porch;
  Talk(porch).hold(kHello5 + R"(
    > 30 {"v1/a" [23 0001] '1'} 30 {"v1/b" [23 0010] '2'} 30 {"" [23 0001] '3'} 30 {"" [23 0010] '4'}
    > 30 {"v1/c" [23 0001] '5'} 30 {"" [23 0001] '6'} C0 00
    < D0 00
    > 30 {"" [23 0002] '7'}
    < E0 {82 [1F "topic_alias_unknown"]}
    < closed
  )");
  std::string heard;
  for (const auto& message : porch.desk.all()) heard += message.topic + message.payload + " ";
  EXPECT_EQ(heard, "v1/a1 v1/b2 v1/a3 v1/b4 v1/c5 v1/c6 ");
  // Aliases end with their connection.
  Talk(porch).hold(kHello5 + R"(
    > 30 {"" [23 0001] '8'}
    < E0 {82 [1F "topic_alias_unknown"]}
  )");
}

TEST(MqttPublish, three_one_one_is_not_read_beyond_a_hundred_unacknowledged) {
  Porch porch;
  Talk talk(porch);
  talk.hold(kHello3 + "hold\n");
  std::string flood;
  for (int i = 1; i <= 250; ++i) {
    std::string packet = wire(R"(32 {"v1/x" 0000 'n'})");
    packet[8] = static_cast<char>(i / 256);
    packet[9] = static_cast<char>(i % 256);
    flood += packet;
  }
  talk.send(flood + wire("C0 00"));
  talk.hold("wait 100");
  // Neither the ping nor the next publish is looked at, whatever else goes on.
  Talk other(porch);
  other.hold(
      "> 10 {\"MQTT\" 04 C2 0000 \"c2\" \"dev\" \"secret\"}\n< 20 02 00 00\n> C0 00\n< D0 00\n");
  EXPECT_EQ(porch.desk.count(), 100U);
  const auto acknowledgements = [](int from, int to) {
    std::string bytes;
    for (int i = from; i <= to; ++i)
      bytes += wire("40 02") + std::string{static_cast<char>(i / 256), static_cast<char>(i % 256)};
    return bytes;
  };
  for (const int round : {0, 1}) {
    porch.commit();
    EXPECT_EQ(hex(talk.read(400)), hex(acknowledgements(round * 100 + 1, round * 100 + 100)));
    const std::size_t wanted = round == 0 ? 200 : 250;
    ASSERT_TRUE(porch.desk.wait([&] { return porch.desk.counted >= wanted; }));
    other.hold("> C0 00\n< D0 00\n");
    EXPECT_EQ(porch.desk.count(), wanted);
  }
  EXPECT_EQ(hex(talk.read(2)), "D0 00");
  porch.commit();
  EXPECT_EQ(hex(talk.read(200)), hex(acknowledgements(201, 250)));
}

TEST(MqttPublish, five_that_ignores_receive_maximum_is_not_read_either) {
  mqtt::Config config;
  config.max_unacknowledged = 2;
  Porch porch(config);
  Talk talk(porch);
  talk.hold(R"(
    > 10 {"MQTT" 05 C2 0000 [] "c1" "dev" "secret"}
    < 20 {00 00 [21 0002 22 0010 27 00040000 2A 00]}
    hold
    > 32 {"v1/x" 0001 [] 'a'} 32 {"v1/x" 0002 [] 'b'} 32 {"v1/x" 0003 [] 'c'} C0 00
    wait 2
  )");
  Talk(porch).hold(
      "> 10 {\"MQTT\" 04 C2 0000 \"c2\" \"dev\" \"secret\"}\n< 20 02 00 00\n> C0 00\n< D0 00\n");
  EXPECT_EQ(porch.desk.count(), 2U);
  talk.hold(R"(
    commit
    < 40 02 0001
    < 40 02 0002
    < D0 00
    wait 3
    commit
    < 40 02 0003
  )");
}

TEST(MqttPublish, five_that_releases_nothing_exceeds_receive_maximum) {
  mqtt::Config config;
  config.max_unacknowledged = 2;
  Porch porch(config);
  Talk(porch).hold(R"(
    > 10 {"MQTT" 05 C2 0000 [] "c1" "dev" "secret"}
    < 20 {00 00 [21 0002 22 0010 27 00040000 2A 00]}
    > 34 {"v1/x" 0001 [] 'a'} 34 {"v1/x" 0002 [] 'b'}
    < 50 02 0001
    < 50 02 0002
    # an exchange counts until its PUBCOMP [MQTT-3.3.4-7]; QoS 0 never does
    > 62 02 0001 32 {"v1/x" 0003 [] 'c'} 30 {"v1/x" [] 'free'}
    < 70 02 0001
    < 40 02 0003
    > 34 {"v1/x" 0004 [] 'd'}
    < 50 02 0004
    > 32 {"v1/x" 0005 [] 'e'}
    < E0 {93 [1F "receive_maximum"]}
    < closed
  )");
}

TEST(MqttPublish, three_one_one_may_release_late) {
  mqtt::Config config;
  config.max_unacknowledged = 2;
  Porch porch(config);
  Talk(porch).hold(kHello3 + R"(
    > 34 {"v1/x" 0001 'a'} 34 {"v1/x" 0002 'b'} 34 {"v1/x" 0003 'c'} 34 {"v1/x" 0004 'd'}
    < 50 02 0001
    < 50 02 0002
    < 50 02 0003
    < 50 02 0004
    > 62 02 0004 62 02 0001
    < 70 02 0004
    < 70 02 0001
  )");
}

TEST(MqttPublish, packets_of_every_size_arrive_whole) {
  Porch porch;
  Talk talk(porch);
  talk.hold(kHello3);
  std::string sizes;
  const std::size_t frame = 1 + 3 + 6 + 2;
  for (const std::size_t size : {0UL, 100UL, 8'000UL, 8'192UL, 32'768UL, 40'000UL, 65'000UL,
                                 200'000UL, 256 * 1024 - frame}) {
    talk.send(wire("32 {\"v1/x\" 0001 'z'*" + std::to_string(size) + "}"));
    ASSERT_EQ(hex(talk.read(4)), "40 02 00 01") << size;
    ASSERT_TRUE(porch.desk.all().back().payload == std::string(size, 'z')) << size;
  }
  // In slices that end anywhere.
  const std::string packet = wire("32 {\"v1/x\" 0002 'y'*70000}");
  for (std::size_t at = 0; at < packet.size(); at += 9'973)
    talk.send(std::string_view(packet).substr(at, 9'973));
  ASSERT_EQ(hex(talk.read(4)), "40 02 00 02");
  EXPECT_TRUE(porch.desk.all().back().payload == std::string(70'000, 'y'));
  // One byte more than allowed is refused as soon as its length is known.
  talk.send(wire("32 83 80 10"));
  talk.hold("< closed");
  EXPECT_EQ(porch.refused(mqtt::Why::packet_too_large), 1U);
}

TEST(MqttPublish, many_small_packets_in_one_piece_are_all_heard) {
  Porch porch;
  Talk talk(porch);
  talk.hold(kHello5);
  std::string burst;
  for (int i = 0; i < 5'000; ++i) burst += wire("30 {\"v1/x\" [] '" + std::to_string(i) + "'}");
  talk.send(burst);
  ASSERT_TRUE(porch.desk.wait([&] { return porch.desk.counted == 5'000; }));
  const auto heard = porch.desk.all();
  for (std::size_t i = 0; i < 5'000; ++i) ASSERT_EQ(heard[i].payload, std::to_string(i));
}

TEST(MqttPublish, who_speaks_and_leaves_in_one_breath_is_heard_and_missed) {
  // While nobody reads, the last words and the end of the stream come to the server as one event.
  Porch porch;
  Talk talk(porch);
  talk.hold(kHello3);
  porch.server.pause_reading(true);
  talk.hold("> 30 {\"v1/x\" 'last words'}\nhang up");
  porch.server.pause_reading(false);
  EXPECT_TRUE(porch.desk.wait([&] { return porch.desk.gone.size() == 1; }));
  EXPECT_EQ(porch.desk.count(), 1U);
}

TEST(MqttPublish, stopping_waits_for_acknowledgements_that_come) {
  Porch porch;
  Talk talk(porch);
  talk.hold(kHello5 + R"(
    hold
    > 32 {"v1/x" 0001 [] 'one'} 32 {"v1/x" 0002 [] 'two'}
    wait 2
  )");
  std::thread stop([&] { porch.server.stop(); });
  porch.commit();
  talk.hold(R"(
    < 40 02 0001
    < 40 02 0002
    < E0 {8B [1F "shutting_down"]}
    < closed
    hang up
  )");
  stop.join();
}

TEST(MqttPublish, stopping_does_not_wait_for_ever) {
  Porch porch;
  Talk talk(porch);
  talk.hold(kHello5 + R"(
    hold
    > 32 {"v1/x" 0001 [] 'one'}
    wait 1
  )");
  std::thread stop([&] { porch.server.stop(std::chrono::seconds(5)); });
  std::thread clock([&] {
    while (porch.server.counters().connections_now > 0) {  // a step may fall before the stop itself
      porch.advance(std::chrono::seconds(6));
      std::this_thread::yield();
    }
  });
  talk.hold(R"(
    < E0 {8B [1F "shutting_down"]}
    < closed
  )");
  stop.join();
  clock.join();
  EXPECT_EQ(porch.desk.gone.size(), 1U);
}

}  // namespace
}  // namespace lifang
