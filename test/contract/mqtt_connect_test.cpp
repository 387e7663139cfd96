// CONNECT, DISCONNECT, PINGREQ and the time-outs around them, after the OASIS specifications.
#include <gtest/gtest.h>

#include <thread>

#include "base/refusal.hpp"
#include "support/mqtt_talk.hpp"
#include "support/wire.hpp"

namespace lifang {
namespace {

using mqtt::Reason;

TEST(MqttConnect, three_one_one_with_user_and_password_is_let_in) {
  hold_talk(R"(
    > 10 {"MQTT" 04 C2 003C "c1" "dev" "secret"}
    < 20 02 00 00
    > C0 00
    < D0 00
    > E0 00
    < closed
  )");
}

TEST(MqttConnect, five_is_told_the_limits) {
  // Receive Maximum 100, Topic Alias Maximum 16, Maximum Packet Size 256 KiB, no shared
  // subscriptions.
  hold_talk(R"(
    > 10 {"MQTT" 05 C2 003C [] "c1" "dev" "secret"}
    < 20 {00 00 [21 0064 22 0010 27 00040000 2A 00]}
    > C0 00
    < D0 00
    > E0 00
    < closed
  )");
}

TEST(MqttConnect, five_without_a_client_id_is_given_one) {
  Porch porch;
  Talk talk(porch);
  talk.send(wire(R"(10 {"MQTT" 05 C2 0000 [] "" "dev" "secret"})"));
  const std::string head = talk.read(5);
  ASSERT_EQ(head.size(), 5U);
  const std::string properties = talk.read(static_cast<unsigned char>(head[4]));
  ASSERT_EQ(properties[0], 0x12) << hex(properties);
  EXPECT_EQ(properties.substr(3, 7), "lifang-");
}

TEST(MqttConnect, three_one_one_without_a_client_id_must_start_clean) {
  hold_talk(R"(
    > 10 {"MQTT" 04 C2 0000 "" "dev" "secret"}
    < 20 02 00 00
  )");
  hold_talk(R"(
    > 10 {"MQTT" 04 C0 0000 "" "dev" "secret"}
    < 20 02 00 02
    < closed
  )");
}

TEST(MqttConnect, no_session_is_ever_present) {
  Porch porch;
  Talk(porch).hold(R"(
    > 10 {"MQTT" 04 C0 0000 "c1" "dev" "secret"}
    < 20 02 00 00
    > 82 {0001 "v1/x" 01}
    < 90 03 0001 01
    > E0 00
    < closed
  )");
  Talk(porch).hold(R"(
    > 10 {"MQTT" 04 C0 0000 "c1" "dev" "secret"}
    < 20 02 00 00
  )");
  // 5 hears that its session ends with the connection [3.2.2.3.2].
  Talk(porch).hold(R"(
    > 10 {"MQTT" 05 C0 0000 [11 0000000A] "c2" "dev" "secret"}
    < 20 {00 00 [11 00000000 21 0064 22 0010 27 00040000 2A 00]}
    > E0 {00 [11 00000014]}
    < closed
  )");
}

TEST(MqttConnect, wrong_credentials_do_not_tell_which_half_was_wrong) {
  hold_talk(R"(
    > 10 {"MQTT" 04 C2 0000 "c1" "dev" "wrong"}
    < 20 02 00 04
    < closed
  )");
  hold_talk(R"(
    > 10 {"MQTT" 04 C2 0000 "c1" "dev" "banned"}
    < 20 02 00 05
    < closed
  )");
  hold_talk(R"(
    > 10 {"MQTT" 04 C2 0000 "c1" "dev" "down"}
    < 20 02 00 03
    < closed
  )");
  hold_talk(R"(
    > 10 {"MQTT" 05 C2 0000 [] "c1" "dev" "wrong"}
    < 20 {00 86 [1F "bad_credentials"]}
    < closed
  )");
  hold_talk(R"(
    > 10 {"MQTT" 05 C2 0000 [] "c1" "dev" "banned"}
    < 20 {00 87 [1F "not_authorized"]}
    < closed
  )");
}

TEST(MqttConnect, a_refused_client_hears_why_even_if_it_talked_on) {
  // Unread bytes at close would reset the connection and take the CONNACK with them.
  hold_talk(R"(
    > 10 {"MQTT" 04 C2 0000 "c1" "dev" "wrong"} 32 {"v1/x" 0001 'x'*9000}
    < 20 02 00 04
    < closed
  )");
}

TEST(MqttConnect, a_small_packet_size_silences_long_reasons) {
  hold_talk(R"(
    > 10 {"MQTT" 05 C2 0000 [27 00000010] "c1" "dev" "wrong"}
    < 20 {00 86 []}
    < closed
  )");
}

TEST(MqttConnect, the_receiver_may_take_its_time) {
  Porch porch;
  Talk talk(porch);
  // Packets that came early wait for the answer.
  talk.send(wire(R"(10 {"MQTT" 04 C2 0000 "c1" "dev" "later"} 32 {"v1/x" 0001 'early'} C0 00)"));
  ASSERT_TRUE(porch.desk.wait([&] { return !porch.desk.asking.empty(); }));
  EXPECT_EQ(porch.desk.count(), 0U);
  EXPECT_EQ(porch.desk.last_peer, "127.0.0.1");
  porch.server.admit(porch.desk.asking[0], {Reason::success, {7, nullptr}});
  talk.hold(R"(
    < 20 02 00 00
    wait 1
  )");
  // The answer to the ping and the acknowledgement are free to overtake each other.
  EXPECT_EQ(talk.read(6).size(), 6U);
  EXPECT_EQ(porch.desk.all()[0].device, 7U);
  // A second answer, or one for a connection that is gone, does nothing.
  porch.server.admit(porch.desk.asking[0], {Reason::bad_credentials, {}});
  talk.hold(R"(
    > C0 00
    < D0 00
  )");
}

TEST(MqttConnect, a_late_refusal_is_one_too) {
  Porch porch;
  Talk talk(porch);
  talk.send(wire(R"(10 {"MQTT" 05 C2 0000 [] "c1" "dev" "later"})"));
  ASSERT_TRUE(porch.desk.wait([&] { return !porch.desk.asking.empty(); }));
  porch.server.admit(porch.desk.asking[0], {Reason::not_authorized, {}});
  talk.hold(R"(
    < 20 {00 87 [1F "not_authorized"]}
    < closed
  )");
  EXPECT_TRUE(porch.desk.open.empty());
  EXPECT_EQ(porch.refused(mqtt::Why::not_authorized), 1U);
}

class MqttWill : public testing::Test {
 protected:
  using Said = std::vector<std::string>;
  /// "topic=payload" of what the desk heard, in order.
  static Said said(Porch& porch) {
    Said all;
    for (const auto& heard : porch.desk.all()) all.push_back(heard.topic + "=" + heard.payload);
    return all;
  }
  /// Until so many connections are gone: a will is published before that.
  static bool gone(Porch& porch, std::size_t n) {
    return porch.desk.wait([&] { return porch.desk.gone.size() >= n; });
  }
};

TEST_F(MqttWill, is_published_when_the_connection_is_lost_whatever_its_qos) {
  for (const char* flags : {"C6", "CE", "D6", "F6"}) {  // QoS 0, 1, 2, and 2 retained
    Porch porch;
    Talk(porch).hold(std::string("> 10 {\"MQTT\" 04 ") + flags + R"( 0000 "c1" "v1/x" "gone" "dev" "secret"}
      < 20 02 00 00
      hang up
    )");
    ASSERT_TRUE(gone(porch, 1));
    EXPECT_EQ(said(porch), Said{"v1/x=gone"}) << flags;
    EXPECT_TRUE(porch.desk.take_held().empty()) << "nobody waits for an acknowledgement";
  }
}

TEST_F(MqttWill, is_taken_back_by_a_disconnect) {
  Porch porch;
  Talk(porch).hold(R"(
    > 10 {"MQTT" 04 C6 0000 "c1" "v1/x" "gone" "dev" "secret"}
    < 20 02 00 00
    > E0 00
    < closed
  )");
  Talk(porch).hold(R"(
    > 10 {"MQTT" 05 C6 0000 [] "c2" [] "v1/x" "gone" "dev" "secret"}
    < 20 {00 00 [21 0064 22 0010 27 00040000 2A 00]}
    > E0 00
    < closed
  )");
  ASSERT_TRUE(gone(porch, 2));
  EXPECT_EQ(said(porch), Said{});
}

TEST_F(MqttWill, of_5_is_published_where_the_disconnect_asks_for_it_and_no_delay_outlives_the_session) {
  Porch porch;
  Talk(porch).hold(R"(
    > 10 {"MQTT" 05 E6 0000 [] "c2" [18 00000E10] "v1/x" "gone5" "dev" "secret"}
    < 20 {00 00 [21 0064 22 0010 27 00040000 2A 00]}
    > E0 01 04
    < closed
  )");
  ASSERT_TRUE(gone(porch, 1));
  EXPECT_EQ(said(porch), Said{"v1/x=gone5"});
}

TEST_F(MqttWill, is_published_after_a_silence_and_after_an_error) {
  Porch porch;
  Talk silent(porch);
  silent.hold(R"(
    > 10 {"MQTT" 04 C6 000A "c1" "v1/x" "silent" "dev" "secret"}
    < 20 02 00 00
    advance 16000
    < closed
  )");
  Talk(porch).hold(R"(
    > 10 {"MQTT" 04 C6 0000 "c2" "v1/x" "wrong" "dev" "secret"}
    < 20 02 00 00
    > F0 00
    < closed
  )");
  ASSERT_TRUE(gone(porch, 2));
  EXPECT_EQ(said(porch), (Said{"v1/x=silent", "v1/x=wrong"}));
}

TEST_F(MqttWill, is_published_when_another_takes_the_place) {
  Porch porch;
  Talk before(porch);
  before.hold(R"(
    > 10 {"MQTT" 04 C6 0000 "c1" "v1/x" "before" "dev" "secret"}
    < 20 02 00 00
  )");
  Talk after(porch);
  after.hold(R"(
    > 10 {"MQTT" 04 C2 0000 "c1" "dev" "secret"}
    < 20 02 00 00
  )");
  ASSERT_TRUE(gone(porch, 1));
  EXPECT_EQ(said(porch), Said{"v1/x=before"});
}

TEST_F(MqttWill, of_who_is_not_let_in_is_never_said) {
  Porch porch;
  Talk(porch).hold(R"(
    > 10 {"MQTT" 04 C6 0000 "c1" "v1/x" "gone" "dev" "wrong"}
    < 20 02 00 04
    < closed
  )");
  Talk(porch).hold(R"(
    > 10 {"MQTT" 04 C2 0000 "c2" "dev" "secret"}
    < 20 02 00 00
    hang up
  )");
  ASSERT_TRUE(gone(porch, 1));
  EXPECT_EQ(said(porch), Said{});
}

TEST_F(MqttWill, is_not_said_when_the_server_itself_stops) {
  Porch porch;
  Talk talk(porch);
  talk.hold(R"(
    > 10 {"MQTT" 04 C6 0000 "c1" "v1/x" "gone" "dev" "secret"}
    < 20 02 00 00
  )");
  porch.server.stop(Duration{0});
  EXPECT_EQ(said(porch), Said{});
}

TEST_F(MqttWill, that_is_refused_is_counted_as_a_publish_is) {
  Porch porch;
  Talk(porch).hold(R"(
    > 10 {"MQTT" 04 C6 0000 "c1" "v1/x" "?" "dev" "secret"}
    < 20 02 00 00
    hang up
  )");
  ASSERT_TRUE(gone(porch, 1));
  EXPECT_EQ(porch.refused(mqtt::Why::payload_refused), 1U);
}

TEST(MqttConnect, a_second_connect_ends_it) {
  hold_talk(R"(
    > 10 {"MQTT" 05 C2 0000 [] "c1" "dev" "secret"}
    < 20 {00 00 [21 0064 22 0010 27 00040000 2A 00]}
    > 10 {"MQTT" 05 C2 0000 [] "c1" "dev" "secret"}
    < E0 {82 [1F "connect_repeated"]}
    < closed
  )");
}

TEST(MqttConnect, the_same_client_again_takes_over) {
  Porch porch;
  Talk first(porch), second(porch);
  first.hold(R"(
    > 10 {"MQTT" 05 C2 0000 [] "c1" "dev" "secret"}
    < 20 {00 00 [21 0064 22 0010 27 00040000 2A 00]}
  )");
  second.hold(R"(
    > 10 {"MQTT" 04 C2 0000 "c1" "dev" "secret"}
    < 20 02 00 00
  )");
  first.hold(R"(
    < E0 {8E [1F "taken_over"]}
    < closed
  )");
  Talk third(porch);
  third.hold(R"(
    > 10 {"MQTT" 04 C2 0000 "c1" "dev" "secret"}
    < 20 02 00 00
  )");
  second.hold("< closed");
  third.hold(R"(
    > C0 00
    < D0 00
  )");
  EXPECT_EQ(porch.server.connections_of(Desk::number_of("dev")).size(), 1U);
  EXPECT_EQ(porch.refused(mqtt::Why::taken_over), 2U);
}

TEST(MqttConnect, a_client_id_belongs_to_its_device) {
  // One device with two names, and two devices that chose the same name: three connections.
  Porch porch;
  Talk one(porch), two(porch), three(porch);
  one.hold("> 10 {\"MQTT\" 04 C2 0000 \"a\" \"dev\" \"secret\"}\n< 20 02 00 00");
  two.hold("> 10 {\"MQTT\" 04 C2 0000 \"b\" \"dev\" \"secret\"}\n< 20 02 00 00");
  three.hold("> 10 {\"MQTT\" 04 C2 0000 \"a\" \"other\" \"secret\"}\n< 20 02 00 00");
  for (Talk* talk : {&one, &two, &three}) talk->hold("> C0 00\n< D0 00");
  EXPECT_EQ(porch.server.connections_of(Desk::number_of("dev")).size(), 2U);
  porch.server.close_device(Desk::number_of("dev"));
  one.hold("< closed");
  two.hold("< closed");
  EXPECT_TRUE(porch.server.connections_of(Desk::number_of("dev")).empty());
  EXPECT_EQ(porch.server.connections_of(Desk::number_of("other")).size(), 1U);
  three.hold("> C0 00\n< D0 00");
}

TEST(MqttConnect, silence_of_one_and_a_half_keep_alives_ends_it) {
  Porch porch;
  Talk five(porch), three(porch), without(porch);
  five.hold(R"(
    > 10 {"MQTT" 05 C2 003C [] "c1" "dev" "secret"}
    < 20 {00 00 [21 0064 22 0010 27 00040000 2A 00]}
  )");
  three.hold(R"(
    > 10 {"MQTT" 04 C2 003C "c2" "dev" "secret"}
    < 20 02 00 00
  )");
  without.hold(R"(
    > 10 {"MQTT" 04 C2 0000 "c3" "dev" "secret"}
    < 20 02 00 00
  )");
  porch.advance(std::chrono::seconds(60));
  three.hold(R"(
    > C0 00
    < D0 00
    advance 31000
  )");
  five.hold(R"(
    < E0 {8D [1F "keep_alive_timeout"]}
    < closed
  )");
  three.hold(R"(
    > C0 00
    < D0 00
    advance 89000
    > C0 00
    < D0 00
    advance 91000
    < closed
  )");
  without.hold(R"(
    advance 90000000
    > C0 00
    < D0 00
  )");
  EXPECT_EQ(porch.refused(mqtt::Why::keep_alive_timeout), 2U);
}

TEST(MqttConnect, who_says_nothing_is_not_waited_for) {
  Porch porch;
  Talk silent(porch), slow(porch);
  slow.send(wire(R"(10 20 "MQTT")"));
  Talk witness(porch);
  witness.hold("> 10 {\"MQTT\" 04 C2 0000 \"c\" \"dev\" \"secret\"}\n< 20 02 00 00");
  porch.advance(std::chrono::seconds(11));
  silent.hold("< closed");
  slow.hold("< closed");
  witness.hold("> C0 00\n< D0 00");
  EXPECT_EQ(porch.refused(mqtt::Why::connect_timeout), 2U);
}

TEST(MqttConnect, a_full_house_turns_away) {
  mqtt::Config config;
  config.max_connections = 2;
  Porch porch(config);
  Talk one(porch), two(porch);
  one.hold("> 10 {\"MQTT\" 04 C2 0000 \"a\" \"dev\" \"secret\"}\n< 20 02 00 00");
  two.hold("> 10 {\"MQTT\" 04 C2 0000 \"b\" \"dev\" \"secret\"}\n< 20 02 00 00");
  Talk(porch).hold("< closed");
  one.hold("> E0 00\n< closed");
  Talk(porch).hold("> 10 {\"MQTT\" 04 C2 0000 \"c\" \"dev\" \"secret\"}\n< 20 02 00 00");
  EXPECT_EQ(porch.refused(mqtt::Why::connections_full), 1U);
}

TEST(MqttConnect, a_port_in_use_is_refused_with_its_name) {
  Porch porch;
  mqtt::Config config;
  config.port = porch.server.port();
  try {
    mqtt::Server second(config, porch.desk, porch.steady);
    FAIL() << "two servers on one port";
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.code, "mqtt.cannot_listen");
    EXPECT_NE(refusal.detail.find("in use"), std::string::npos) << refusal.detail;
  }
}

TEST(MqttConnect, stopping_says_good_bye_and_frees_the_port) {
  auto porch = std::make_unique<Porch>();
  const std::uint16_t port = porch->server.port();
  Talk five(*porch), fresh(*porch);
  five.hold(R"(
    > 10 {"MQTT" 05 C2 003C [] "c1" "dev" "secret"}
    < 20 {00 00 [21 0064 22 0010 27 00040000 2A 00]}
  )");
  std::thread stop([&] { porch->server.stop(); });
  five.hold(R"(
    < E0 {8B [1F "shutting_down"]}
    < closed
    hang up
  )");
  fresh.hold("< closed\nhang up");
  stop.join();
  EXPECT_EQ(porch->desk.gone.size(), 1U);
  porch.reset();
  mqtt::Config config;
  config.port = port;
  FakeSteady steady;
  Desk desk;
  EXPECT_EQ(mqtt::Server(config, desk, steady).port(), port);
}

}  // namespace
}  // namespace lifang
