// Every malformed packet and protocol error that the OASIS specifications name, in both versions,
// one row each.
#include <gtest/gtest.h>

#include "platform/mqtt/packet.hpp"
#include "support/mqtt_lobby.hpp"
#include "support/wire.hpp"

namespace lifang {
namespace {

using mqtt::Version;

constexpr const char* kHello3 = R"(10 {"MQTT" 04 C2 003C "c1" "dev" "secret"})";
constexpr const char* kHello5 = R"(10 {"MQTT" 05 C2 003C [] "c1" "dev" "secret"})";

struct Row {
  const char* words;
  mqtt::Why why;
};

/// The last packet that was sent: type, and the reason in it.
std::pair<int, int> last_packet(std::string_view sent) {
  std::pair<int, int> last{0, 0};
  mqtt::Frame frame;
  while (mqtt::take_frame(sent, sent.size(), frame) == mqtt::Why::ok && frame.whole) {
    const std::size_t at = frame.type == mqtt::Type::connack ? 1 : 0;
    last = {static_cast<int>(frame.type),
            frame.body.size() > at ? static_cast<unsigned char>(frame.body[at]) : 0};
    sent.remove_prefix(frame.size);
  }
  return last;
}

void expect_refused(const std::string& before, const Row& row, Version version) {
  SCOPED_TRACE(row.words);
  Lobby lobby;
  lobby.feed(before);
  const std::string welcome = lobby.sent;
  lobby.feed(wire(row.words));
  ASSERT_TRUE(lobby.session->ended());
  EXPECT_EQ(name(lobby.session->why()), name(row.why));
  EXPECT_EQ(lobby.counts.refused[static_cast<std::size_t>(row.why)].get(), 1U);
  EXPECT_EQ(lobby.desk().closes, before.empty() ? 0 : 1);
  if (version == Version::v5) {
    const auto reason = static_cast<int>(reason_of(row.why));
    EXPECT_EQ(last_packet(lobby.sent), std::make_pair(before.empty() ? 2 : 14, reason));
  } else {
    EXPECT_EQ(hex(lobby.sent), hex(welcome)) << "3.1.1 has no words for it";
  }
  // Nothing behind the error is looked at.
  lobby.feed(wire(R"(30 {"v1/x" 'late'})"));
  EXPECT_EQ(lobby.desk().log.find("late"), std::string::npos);
}

TEST(MqttMalformed, first_packets_of_three_one_one) {
  const Row rows[] = {
      // [MQTT-3.1.0-1] the first packet is CONNECT
      {R"(30 {"v1/x" 'hi'})", mqtt::Why::connect_expected},
      {"C0 00", mqtt::Why::connect_expected},
      {"E0 00", mqtt::Why::connect_expected},
      {"F0 00", mqtt::Why::connect_expected},
      {"20 02 0000", mqtt::Why::connect_expected},
      {"00 00", mqtt::Why::reserved_type},
      // [MQTT-2.2.2-2] flags
      {R"(11 {"MQTT" 04 02 0000 "c"})", mqtt::Why::reserved_flags},
      {R"(18 {"MQTT" 04 02 0000 "c"})", mqtt::Why::reserved_flags},
      // 2.2.3: a remaining length has four bytes at most
      {"10 FF FF FF FF 01", mqtt::Why::length_malformed},
      {"10 80 80 80 80 00", mqtt::Why::length_malformed},
      {"10 FF FF FF 7F", mqtt::Why::packet_too_large},
      // [MQTT-3.1.2-1] the name
      {R"(10 {"MQTX" 04 02 0000 "c"})", mqtt::Why::protocol_name},
      {R"(10 {"mqtt" 04 02 0000 "c"})", mqtt::Why::protocol_name},
      {R"(10 {"" 04 02 0000 "c"})", mqtt::Why::protocol_name},
      // [MQTT-3.1.2-3] the reserved flag
      {R"(10 {"MQTT" 04 03 0000 "c"})", mqtt::Why::connect_reserved},
      // [MQTT-3.1.2-11], -13, -15: will QoS and retain without a will; [MQTT-3.1.2-14]: QoS 3
      {R"(10 {"MQTT" 04 0A 0000 "c"})", mqtt::Why::will_flags},
      {R"(10 {"MQTT" 04 12 0000 "c"})", mqtt::Why::will_flags},
      {R"(10 {"MQTT" 04 22 0000 "c"})", mqtt::Why::will_flags},
      {R"(10 {"MQTT" 04 1E 0000 "c" "t" "p"})", mqtt::Why::will_flags},
      // [MQTT-3.1.2-22] a password needs a user
      {R"(10 {"MQTT" 04 42 0000 "c" "p"})", mqtt::Why::password_alone},
      // fields that are missing or too many
      {"10 00", mqtt::Why::truncated},
      {R"(10 {00})", mqtt::Why::truncated},
      {R"(10 {"MQTT"})", mqtt::Why::truncated},
      {R"(10 {"MQTT" 04})", mqtt::Why::truncated},
      {R"(10 {"MQTT" 04 02 00})", mqtt::Why::truncated},
      {R"(10 {"MQTT" 04 02 0000})", mqtt::Why::truncated},
      {R"(10 {"MQTT" 04 02 0000 0005 'c'})", mqtt::Why::truncated},
      {R"(10 {"MQTT" 04 06 0000 "c" "t"})", mqtt::Why::truncated},
      {R"(10 {"MQTT" 04 82 0000 "c"})", mqtt::Why::truncated},
      {R"(10 {"MQTT" 04 C2 0000 "c" "u"})", mqtt::Why::truncated},
      {R"(10 {"MQTT" 04 02 0000 "c" 00})", mqtt::Why::trailing_bytes},
      {R"(10 {"MQTT" 04 02 0000 "c" "u" "p"})", mqtt::Why::trailing_bytes},
      // [MQTT-1.5.3-1], -2: strings
      {R"(10 {"MQTT" 04 02 0000 0002 C328})", mqtt::Why::utf8_malformed},
      {R"(10 {"MQTT" 04 02 0000 0003 EDA080})", mqtt::Why::utf8_malformed},
      {R"(10 {"MQTT" 04 02 0000 0003 'a' 00 'b'})", mqtt::Why::utf8_null},
      {R"(10 {"MQTT" 04 82 0000 "c" 0001 FF})", mqtt::Why::utf8_malformed},
      {R"(10 {"MQTT" 04 06 0000 "c" 0001 00 "p"})", mqtt::Why::utf8_null},
      // 4.7.3: a topic name has a character; wills have topic names
      {R"(10 {"MQTT" 04 06 0000 "c" "" "p"})", mqtt::Why::topic_empty},
      {R"(10 {"MQTT" 04 06 0000 "c" "a/#" "p"})", mqtt::Why::topic_wildcard},
      // bounded before we know who it is
      {R"(10 {"MQTT" 04 06 0000 "c" "t" 7000 'x'*28672})", mqtt::Why::packet_too_large},
  };
  for (const Row& row : rows) expect_refused("", row, Version::v3);
}

TEST(MqttMalformed, first_packets_that_three_one_one_answers) {
  struct Answered {
    const char* words;
    mqtt::Why why;
    const char* answer;
  };
  const Answered rows[] = {
      // [MQTT-3.1.2-2] a level that we do not speak: return code 1
      {R"(10 {"MQTT" 03 02 0000 "c"})", mqtt::Why::protocol_version, "20 02 00 01"},
      {R"(10 {"MQIsdp" 03 02 0000 "c"})", mqtt::Why::protocol_version, "20 02 00 01"},
      {R"(10 {"MQTT" 00 02 0000 "c"})", mqtt::Why::protocol_version, "20 02 00 01"},
      // of a newer one: in the words of 5
      {R"(10 {"MQTT" 06 02 0000 "c"})", mqtt::Why::protocol_version,
       R"(20 {00 84 [1F "protocol_version"]})"},
      {R"(10 {"MQTT" 84 02 0000 "c"})", mqtt::Why::protocol_version,
       R"(20 {00 84 [1F "protocol_version"]})"},
      // [MQTT-3.1.3-8] an empty client id asks for a clean session: return code 2
      {R"(10 {"MQTT" 04 00 0000 ""})", mqtt::Why::client_id_refused, "20 02 00 02"},
      {R"(10 {"MQTT" 04 02 0000 0101 'x'*257})", mqtt::Why::client_id_refused, "20 02 00 02"},
      {R"(10 {"MQTT" 04 C2 0000 "c" "dev" "wrong"})", mqtt::Why::bad_credentials, "20 02 00 04"},
      {R"(10 {"MQTT" 05 C2 0000 [] "c" "dev" "wrong"})", mqtt::Why::bad_credentials,
       R"(20 {00 86 [1F "bad_credentials"]})"},
  };
  for (const Answered& row : rows) {
    SCOPED_TRACE(row.words);
    Lobby lobby;
    lobby.feed(wire(row.words));
    EXPECT_EQ(name(lobby.session->why()), name(row.why));
    EXPECT_EQ(hex(lobby.sent), hex(wire(row.answer)));
  }
}

TEST(MqttMalformed, first_packets_of_five) {
  const Row rows[] = {
      {R"(10 {"MQTT" 05 03 0000 [] "c"})", mqtt::Why::connect_reserved},
      {R"(10 {"MQTT" 05 0A 0000 [] "c"})", mqtt::Why::will_flags},
      {R"(10 {"MQTT" 05 22 0000 [] "c"})", mqtt::Why::will_flags},
      {R"(10 {"MQTT" 05 1E 0000 [] "c" [] "t" "p"})", mqtt::Why::will_flags},
      {R"(10 {"MQTT" 05 02 0000})", mqtt::Why::truncated},
      {R"(10 {"MQTT" 05 02 0000 []})", mqtt::Why::truncated},
      {R"(10 {"MQTT" 05 02 0000 05 11 00})", mqtt::Why::truncated},
      {R"(10 {"MQTT" 05 02 0000 [11 00] "c"})", mqtt::Why::truncated},
      {R"(10 {"MQTT" 05 02 0000 [] "c" 'x'})", mqtt::Why::trailing_bytes},
      {R"(10 {"MQTT" 05 06 0000 [] "c" [] "t"})", mqtt::Why::truncated},
      {R"(10 {"MQTT" 05 02 0000 [] 0001 FF})", mqtt::Why::utf8_malformed},
      {R"(10 {"MQTT" 05 02 0000 [] 0001 00})", mqtt::Why::utf8_null},
      // [MQTT-1.5.5-1] the shortest spelling; at most four bytes
      {R"(10 8E 00 "MQTT" 05 02 0000 [] "c")", mqtt::Why::length_overlong},
      {R"(10 {"MQTT" 05 02 0000 80 00 "c"})", mqtt::Why::length_overlong},
      {R"(10 {"MQTT" 05 02 0000 80808080 01 "c"})", mqtt::Why::length_malformed},
      // 2.2.2.2: properties that do not exist, stand elsewhere, or twice
      {R"(10 {"MQTT" 05 02 0000 [00 00] "c"})", mqtt::Why::property_unknown},
      {R"(10 {"MQTT" 05 02 0000 [7F 00] "c"})", mqtt::Why::property_unknown},
      {R"(10 {"MQTT" 05 02 0000 [FF7F 00] "c"})", mqtt::Why::property_unknown},
      {R"(10 {"MQTT" 05 02 0000 [A100 00] "c"})", mqtt::Why::length_overlong},
      {R"(10 {"MQTT" 05 02 0000 [01 00] "c"})", mqtt::Why::property_unknown},
      {R"(10 {"MQTT" 05 02 0000 [12 "id"] "c"})", mqtt::Why::property_unknown},
      {R"(10 {"MQTT" 05 02 0000 [18 00000001] "c"})", mqtt::Why::property_unknown},
      {R"(10 {"MQTT" 05 02 0000 [11 00000001 11 00000001] "c"})", mqtt::Why::property_repeated},
      {R"(10 {"MQTT" 05 02 0000 [21 0001 21 0001] "c"})", mqtt::Why::property_repeated},
      {R"(10 {"MQTT" 05 02 0000 [27 00000100 27 00000100] "c"})", mqtt::Why::property_repeated},
      {R"(10 {"MQTT" 05 02 0000 [22 0001 22 0001] "c"})", mqtt::Why::property_repeated},
      {R"(10 {"MQTT" 05 02 0000 [19 00 19 00] "c"})", mqtt::Why::property_repeated},
      {R"(10 {"MQTT" 05 02 0000 [17 00 17 00] "c"})", mqtt::Why::property_repeated},
      {R"(10 {"MQTT" 05 02 0000 [15 "m" 15 "m"] "c"})", mqtt::Why::property_repeated},
      // 3.1.2.11: values that cannot be
      {R"(10 {"MQTT" 05 02 0000 [21 0000] "c"})", mqtt::Why::property_value},
      {R"(10 {"MQTT" 05 02 0000 [27 00000000] "c"})", mqtt::Why::property_value},
      {R"(10 {"MQTT" 05 02 0000 [19 02] "c"})", mqtt::Why::property_value},
      {R"(10 {"MQTT" 05 02 0000 [17 02] "c"})", mqtt::Why::property_value},
      {R"(10 {"MQTT" 05 02 0000 [16 "data"] "c"})", mqtt::Why::property_value},
      {R"(10 {"MQTT" 05 02 0000 [15 "SCRAM-SHA-1"] "c"})", mqtt::Why::authentication_method},
      {R"(10 {"MQTT" 05 02 0000 [26 "k" 0001 00] "c"})", mqtt::Why::utf8_null},
      {R"(10 {"MQTT" 05 02 0000 [26 "k"] "c"})", mqtt::Why::truncated},
      // will properties
      {R"(10 {"MQTT" 05 06 0000 [] "c" [11 00000001] "t" "p"})", mqtt::Why::property_unknown},
      {R"(10 {"MQTT" 05 06 0000 [] "c" [01 02] "t" "p"})", mqtt::Why::property_value},
      {R"(10 {"MQTT" 05 06 0000 [] "c" [18 00000001 18 00000001] "t" "p"})",
       mqtt::Why::property_repeated},
      {R"(10 {"MQTT" 05 06 0000 [] "c" [08 "a/+"] "t" "p"})", mqtt::Why::topic_wildcard},
      {R"(10 {"MQTT" 05 06 0000 [] "c" [] "" "p"})", mqtt::Why::topic_empty},
      {R"(10 {"MQTT" 05 02 0000 [] 0101 'x'*257})", mqtt::Why::client_id_refused},
  };
  for (const Row& row : rows) expect_refused("", row, Version::v5);
}

/// What both versions refuse once they are connected; `[]` stands where 5 has properties.
const Row kBoth[] = {
    {R"(10 {"MQTT" 04 02 0000 "c"})", mqtt::Why::connect_repeated},
    {"00 00", mqtt::Why::reserved_type},
    {"20 02 0000", mqtt::Why::server_packet},
    {"90 03 0001 00", mqtt::Why::server_packet},
    {"B0 02 0001", mqtt::Why::server_packet},
    {"D0 00", mqtt::Why::server_packet},
    {"30 FF FF FF FF 01", mqtt::Why::length_malformed},
    {"30 81 80 10", mqtt::Why::packet_too_large},
    // [MQTT-2.2.2-2] flags of every type
    {"C1 00", mqtt::Why::reserved_flags},
    {"E1 00", mqtt::Why::reserved_flags},
    {"41 02 0001", mqtt::Why::reserved_flags},
    {"52 02 0001", mqtt::Why::reserved_flags},
    {"60 02 0001", mqtt::Why::reserved_flags},
    {"63 02 0001", mqtt::Why::reserved_flags},
    {"72 02 0001", mqtt::Why::reserved_flags},
    {R"(80 {0001 "v1/x" 00})", mqtt::Why::reserved_flags},
    {R"(83 {0001 "v1/x" 00})", mqtt::Why::reserved_flags},
    {R"(A0 {0001 "v1/x"})", mqtt::Why::reserved_flags},
    {R"(AF {0001 "v1/x"})", mqtt::Why::reserved_flags},
    // PUBLISH
    {R"(36 {"v1/x" 0001 'p'})", mqtt::Why::publish_qos},
    {R"(3F {"v1/x" 0001 'p'})", mqtt::Why::publish_qos},
    {R"(38 {"v1/x" 'p'})", mqtt::Why::publish_dup},
    {"30 00", mqtt::Why::truncated},
    {"30 01 00", mqtt::Why::truncated},
    {R"(30 {0008 'v1/x'})", mqtt::Why::truncated},
    {R"(32 {"v1/x"})", mqtt::Why::truncated},
    {R"(32 {"v1/x" 00})", mqtt::Why::truncated},
    // acknowledgements
    {"40 00", mqtt::Why::truncated},
    {"40 01 00", mqtt::Why::truncated},
    {"40 02 0000", mqtt::Why::packet_id_zero},
    {"50 02 0000", mqtt::Why::packet_id_zero},
    {"62 02 0000", mqtt::Why::packet_id_zero},
    {"70 02 0000", mqtt::Why::packet_id_zero},
    // others
    {"C0 01 00", mqtt::Why::trailing_bytes},
};

TEST(MqttMalformed, later_packets_of_both_versions) {
  for (const Row& row : kBoth) expect_refused(wire(kHello3), row, Version::v3);
  for (const Row& row : kBoth) expect_refused(wire(kHello5), row, Version::v5);
}

TEST(MqttMalformed, later_packets_of_three_one_one) {
  const Row rows[] = {
      {"F0 00", mqtt::Why::reserved_type},
      {R"(32 {"v1/x" 0000 'p'})", mqtt::Why::packet_id_zero},
      {R"(30 {"" 'p'})", mqtt::Why::topic_empty},
      {R"(30 {"v1/+" 'p'})", mqtt::Why::topic_wildcard},
      {R"(30 {"#" 'p'})", mqtt::Why::topic_wildcard},
      {R"(30 {0001 FF 'p'})", mqtt::Why::utf8_malformed},
      {R"(30 {0004 'v1/' 00 'p'})", mqtt::Why::utf8_null},
      {R"(30 {0201 'v'*513 'p'})", mqtt::Why::topic_too_long},
      {"40 03 0001 00", mqtt::Why::trailing_bytes},
      {"E0 01 00", mqtt::Why::trailing_bytes},
      // SUBSCRIBE
      {"82 00", mqtt::Why::truncated},
      {"82 02 0001", mqtt::Why::filter_missing},
      {R"(82 {0000 "v1/x" 00})", mqtt::Why::packet_id_zero},
      {R"(82 {0001 "v1/x"})", mqtt::Why::truncated},
      {R"(82 {0001 "v1/x" 00 "v1/y"})", mqtt::Why::truncated},
      {R"(82 {0001 "v1/x" 03})", mqtt::Why::subscribe_options},
      {R"(82 {0001 "v1/x" 04})", mqtt::Why::subscribe_options},
      {R"(82 {0001 "v1/x" 80})", mqtt::Why::subscribe_options},
      {R"(82 {0001 "" 00})", mqtt::Why::filter_malformed},
      {R"(82 {0001 "v1/x#" 00})", mqtt::Why::filter_malformed},
      {R"(82 {0001 "v1/#/x" 00})", mqtt::Why::filter_malformed},
      {R"(82 {0001 "v1+" 00})", mqtt::Why::filter_malformed},
      {R"(82 {0001 0001 FE 00})", mqtt::Why::utf8_malformed},
      {R"(82 {0001 "v1/x" 00 0002 'v' 00 00})", mqtt::Why::utf8_null},
      {R"(82 {0001 "other/x" 00})", mqtt::Why::foreign_filter},
      // UNSUBSCRIBE
      {"A2 02 0001", mqtt::Why::filter_missing},
      {R"(A2 {0000 "v1/x"})", mqtt::Why::packet_id_zero},
      {R"(A2 {0001 "v1/#/x"})", mqtt::Why::filter_malformed},
      {R"(A2 {0001 0009 'v1/x'})", mqtt::Why::truncated},
      // what a device may not say
      {R"(30 {"other/x" 'p'})", mqtt::Why::foreign_topic},
      {R"(32 {"other/x" 0001 'p'})", mqtt::Why::foreign_topic},
  };
  for (const Row& row : rows) expect_refused(wire(kHello3), row, Version::v3);
}

TEST(MqttMalformed, later_packets_of_five) {
  const Row rows[] = {
      {"C0 80 00", mqtt::Why::length_overlong},
      {R"(32 {"v1/x" 0000 [] 'p'})", mqtt::Why::packet_id_zero},
      {R"(30 {"" [] 'p'})", mqtt::Why::topic_empty},
      {R"(30 {"v1/+" [] 'p'})", mqtt::Why::topic_wildcard},
      {R"(30 {0001 FF [] 'p'})", mqtt::Why::utf8_malformed},
      {R"(30 {0201 'v'*513 [] 'p'})", mqtt::Why::topic_too_long},
      // properties of PUBLISH
      {R"(30 {"v1/x"})", mqtt::Why::truncated},
      {R"(30 {"v1/x" 05 01 00})", mqtt::Why::truncated},
      {R"(30 {"v1/x" [01 02] 'p'})", mqtt::Why::property_value},
      {R"(30 {"v1/x" [01 01 01 01] 'p'})", mqtt::Why::property_repeated},
      {R"(30 {"v1/x" [02 00000001 02 00000001] 'p'})", mqtt::Why::property_repeated},
      {R"(30 {"v1/x" [23 0001 23 0001] 'p'})", mqtt::Why::property_repeated},
      {R"(30 {"v1/x" [08 "a" 08 "a"] 'p'})", mqtt::Why::property_repeated},
      {R"(30 {"v1/x" [09 "a" 09 "a"] 'p'})", mqtt::Why::property_repeated},
      {R"(30 {"v1/x" [03 "a" 03 "a"] 'p'})", mqtt::Why::property_repeated},
      {R"(30 {"v1/x" [08 "a/#"] 'p'})", mqtt::Why::topic_wildcard},
      {R"(30 {"v1/x" [03 0001 FF] 'p'})", mqtt::Why::utf8_malformed},
      {R"(30 {"v1/x" [0B 01] 'p'})", mqtt::Why::property_from_server},
      {R"(30 {"v1/x" [11 00000001] 'p'})", mqtt::Why::property_unknown},
      {R"(30 {"v1/x" [1F "why"] 'p'})", mqtt::Why::property_unknown},
      {R"(30 {"v1/x" [23 0000] 'p'})", mqtt::Why::topic_alias_invalid},
      {R"(30 {"v1/x" [23 0011] 'p'})", mqtt::Why::topic_alias_invalid},
      {R"(30 {"" [23 0010] 'p'})", mqtt::Why::topic_alias_unknown},
      // acknowledgements
      {"40 03 0001 7F", mqtt::Why::reason_unknown},
      {"40 03 0001 92", mqtt::Why::reason_unknown},
      {"62 03 0001 10", mqtt::Why::reason_unknown},
      {"40 04 0001 00 01", mqtt::Why::truncated},
      {R"(40 {0001 00 [1F "a" 1F "b"]})", mqtt::Why::property_repeated},
      {R"(40 {0001 00 [11 00000001]})", mqtt::Why::property_unknown},
      {R"(40 {0001 00 [] 00})", mqtt::Why::trailing_bytes},
      // SUBSCRIBE
      {"82 02 0001", mqtt::Why::truncated},
      {"82 03 0001 00", mqtt::Why::filter_missing},
      {R"(82 {0000 [] "v1/x" 00})", mqtt::Why::packet_id_zero},
      {R"(82 {0001 [] "v1/x" 03})", mqtt::Why::subscribe_options},
      {R"(82 {0001 [] "v1/x" 40})", mqtt::Why::subscribe_options},
      {R"(82 {0001 [] "v1/x" 80})", mqtt::Why::subscribe_options},
      {R"(82 {0001 [] "v1/x" 30})", mqtt::Why::subscribe_options},
      {R"(82 {0001 [] "$share/g/v1/x" 04})", mqtt::Why::subscribe_options},
      {R"(82 {0001 [0B 00] "v1/x" 00})", mqtt::Why::property_value},
      {R"(82 {0001 [0B 01 0B 02] "v1/x" 00})", mqtt::Why::property_repeated},
      {R"(82 {0001 [0B FFFFFFFF01] "v1/x" 00})", mqtt::Why::length_malformed},
      {R"(82 {0001 [23 0001] "v1/x" 00})", mqtt::Why::property_unknown},
      {R"(82 {0001 [] "v1/#/x" 00})", mqtt::Why::filter_malformed},
      // UNSUBSCRIBE
      {"A2 03 0001 00", mqtt::Why::filter_missing},
      {R"(A2 {0001 [0B 01] "v1/x"})", mqtt::Why::property_unknown},
      {R"(A2 {0001 [] "a+"})", mqtt::Why::filter_malformed},
      // DISCONNECT
      {"E0 01 01", mqtt::Why::reason_unknown},
      {"E0 01 8B", mqtt::Why::reason_unknown},
      {R"(E0 {00 [1C "elsewhere"]})", mqtt::Why::property_from_server},
      {R"(E0 {00 [11 00000001]})", mqtt::Why::session_expiry_raised},
      {R"(E0 {00 [11 00000000 11 00000000]})", mqtt::Why::property_repeated},
      {R"(E0 {00 [23 0001]})", mqtt::Why::property_unknown},
      {R"(E0 {00 [] 00})", mqtt::Why::trailing_bytes},
      // AUTH: no method was agreed
      {"F0 00", mqtt::Why::auth_unexpected},
      {R"(F0 {18 [15 "m"]})", mqtt::Why::auth_unexpected},
      {"F0 01 17", mqtt::Why::reason_unknown},
      {"F1 00", mqtt::Why::reserved_flags},
      {R"(F0 {19 [21 0001]})", mqtt::Why::property_unknown},
      // what a device may not say, where no acknowledgement can tell it
      {R"(30 {"other/x" [] 'p'})", mqtt::Why::foreign_topic},
  };
  for (const Row& row : rows) expect_refused(wire(kHello5), row, Version::v5);
}

/// Everything that a client may say, in one breath.
constexpr const char* kStream3 = R"(
  10 {"MQTT" 04 EE 003C "c1" "will/topic" "gone" "dev" "secret"}
  30 {"v1/a" 'zero'} 32 {"v1/b" 0001 'one'} 3A {"v1/b" 0001 'again'} 34 {"v1/c" 0002 'two'}
  32 {"v1/d" 0003 '?unreadable'} 33 {"v1/e" 0004} 30 {"v1/long" 'x'*200}
  82 {0005 "v1/devices/me/rpc/request/+" 01 "v1/x" 02} A2 {0006 "v1/x"} C0 00
  40 02 0009 70 02 0009 50 02 0009 E0 00)";
constexpr const char* kStream5 = R"(
  10 {"MQTT" 05 EE 003C [11 0000000A 21 0014 27 00010000 22 0000 17 01 19 00 26 "k" "v" 26 "k" "v"] "c1"
      [18 00000001 01 01 02 00000001 03 "text" 08 "r" 09 "c" 26 "a" "b"] "will/topic" "gone" "dev" "secret"}
  30 {"v1/a" [] 'zero'} 32 {"v1/b" 0001 [01 01 02 00000010 03 "t" 08 "r" 09 "c" 26 "a" "b" 26 "a" "b"] 'one'}
  34 {"v1/c" 0002 [23 0001] 'two'} 32 {"" 0003 [23 0001] '?aliased'} 32 {"other" 0004 [] 'foreign'}
  82 {0005 [0B 07 26 "a" "b"] "v1/devices/me/rpc/request/+" 2D "$share/g/v1" 00 "other" 01} A2 {0006 [] "v1/x"} C0 00
  40 {0009 10 [1F "reason" 26 "a" "b"]} 50 {0009 00} 70 03 0009 92 62 {0009} E0 {04 [11 00000001 1F "bye"]})";

void expect_same_in_pieces(const char* stream) {
  const std::string bytes = wire(stream);
  Lobby whole;
  whole.feed(bytes);
  EXPECT_EQ(whole.session->why(), mqtt::Why::client_disconnected) << name(whole.session->why());
  EXPECT_EQ(whole.unread(), 0U);
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
    Lobby parts;
    parts.feed(std::string_view(bytes).substr(0, cut));
    parts.feed(std::string_view(bytes).substr(cut));
    ASSERT_EQ(parts.desk().log, whole.desk().log) << "cut at " << cut;
    ASSERT_EQ(hex(parts.sent), hex(whole.sent)) << "cut at " << cut;
  }
  Lobby bytewise;
  for (const char byte : bytes) bytewise.feed({&byte, 1});
  EXPECT_EQ(bytewise.desk().log, whole.desk().log);
  EXPECT_EQ(hex(bytewise.sent), hex(whole.sent));
}

TEST(MqttStream, cut_at_every_byte_says_the_same) {
  expect_same_in_pieces(kStream3);
  expect_same_in_pieces(kStream5);
}

TEST(MqttStream, a_packet_that_ends_early_is_never_taken) {
  for (const char* stream : {kStream3, kStream5}) {
    const std::string bytes = wire(stream);
    for (std::size_t n = 0; n < bytes.size(); ++n) {
      Lobby lobby;
      lobby.feed(std::string_view(bytes).substr(0, n));
      ASSERT_FALSE(lobby.session->ended()) << n;
    }
  }
}

}  // namespace
}  // namespace lifang
