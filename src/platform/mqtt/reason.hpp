// Reason: the codes that MQTT 5 knows. Why: the name under which we count a refusal or an end.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lifang::mqtt {

/// OASIS MQTT 5.0, table 2-6. What a packet carries to the other side.
enum class Reason : std::uint8_t {
  success = 0x00,  ///< also "normal disconnection" and "granted QoS 0"
  granted_qos1 = 0x01,
  granted_qos2 = 0x02,
  disconnect_with_will = 0x04,
  no_matching_subscribers = 0x10,
  no_subscription_existed = 0x11,
  continue_authentication = 0x18,
  reauthenticate = 0x19,
  unspecified = 0x80,
  malformed = 0x81,
  protocol_error = 0x82,
  implementation_specific = 0x83,
  unsupported_version = 0x84,
  client_id_invalid = 0x85,
  bad_credentials = 0x86,
  not_authorized = 0x87,
  unavailable = 0x88,
  busy = 0x89,
  banned = 0x8A,
  shutting_down = 0x8B,
  bad_authentication_method = 0x8C,
  keep_alive_timeout = 0x8D,
  taken_over = 0x8E,
  filter_invalid = 0x8F,
  topic_invalid = 0x90,
  packet_id_in_use = 0x91,
  packet_id_not_found = 0x92,
  receive_maximum_exceeded = 0x93,
  topic_alias_invalid = 0x94,
  packet_too_large = 0x95,
  message_rate_too_high = 0x96,
  quota_exceeded = 0x97,
  administrative_action = 0x98,
  payload_format_invalid = 0x99,
  retain_not_supported = 0x9A,
  qos_not_supported = 0x9B,
  use_another_server = 0x9C,
  server_moved = 0x9D,
  shared_subscriptions_not_supported = 0x9E,
  connection_rate_exceeded = 0x9F,
  maximum_connect_time = 0xA0,
  subscription_ids_not_supported = 0xA1,
  wildcards_not_supported = 0xA2,
};

constexpr bool is_error(Reason reason) {
  return static_cast<std::uint8_t>(reason) >= 0x80;
}

/// Every way in which a packet or a connection can be refused or end. Numbers in brackets are the
/// normative statements of OASIS MQTT 3.1.1 / 5.0.
enum class Why : std::uint8_t {
  ok,
  // How the bytes are framed.
  length_malformed,  ///< remaining length or property length of more than four bytes [2.2.3] /
                     ///< [1.5.5]
  length_overlong,   ///< 5: not the shortest spelling of a length [MQTT-1.5.5-1]
  packet_too_large,  ///< over Config::max_packet, or over max_connect_packet before the CONNECT
  reserved_type,     ///< packet type 0, in 3.1.1 also 15 [2.2.1]
  reserved_flags,    ///< [MQTT-2.2.2-2] / [MQTT-2.1.3-1] and one statement a packet type
  server_packet,     ///< CONNACK, SUBACK, UNSUBACK or PINGRESP sent by a client
  truncated,         ///< a field runs over the end of its packet
  trailing_bytes,    ///< bytes behind the last field
  utf8_malformed,    ///< [MQTT-1.5.3-1] / [MQTT-1.5.4-1]
  utf8_null,         ///< U+0000 in a string [MQTT-1.5.3-2] / [MQTT-1.5.4-2]
  packet_id_zero,    ///< [MQTT-2.3.1-1] / [MQTT-2.2.1-3]
  reason_unknown,    ///< 5: a reason code that this packet cannot carry [MQTT-3.4.2-1] and kin
  // Properties of MQTT 5 (2.2.2).
  property_unknown,      ///< no such property, or not in this packet
  property_repeated,     ///< more than once what may stand once
  property_value,        ///< a value that the property cannot have
  property_from_server,  ///< a property that only servers send, [MQTT-3.3.4-6]
  // CONNECT.
  connect_expected,       ///< the first packet is another one [MQTT-3.1.0-1]
  connect_repeated,       ///< [MQTT-3.1.0-2]
  protocol_name,          ///< [MQTT-3.1.2-1]
  protocol_version,       ///< [MQTT-3.1.2-2]
  connect_reserved,       ///< [MQTT-3.1.2-3]
  will_flags,             ///< [MQTT-3.1.2-11] to [MQTT-3.1.2-15]
  password_alone,         ///< 3.1.1: password without user name [MQTT-3.1.2-22]
  client_id_refused,      ///< 3.1.1: empty without clean session [MQTT-3.1.3-8]; or too long for us
  authentication_method,  ///< 5: extended authentication is not offered
  // PUBLISH and what answers it.
  publish_qos,          ///< both bits set [MQTT-3.3.1-4]
  publish_dup,          ///< DUP with QoS 0 [MQTT-3.3.1-2]
  topic_empty,          ///< [MQTT-4.7.3-1]; 5: and no alias
  topic_wildcard,       ///< [MQTT-3.3.2-2]; of a response topic [MQTT-3.3.2-14]; of a will
  topic_too_long,       ///< over Config::max_topic
  topic_alias_invalid,  ///< 5: zero or over our maximum [MQTT-3.3.2-8], [MQTT-3.3.2-9]
  topic_alias_unknown,  ///< 5: never set on this connection
  receive_maximum,      ///< 5: more unfinished exchanges than we announced [MQTT-3.3.4-7]
  pubrel_too_early,     ///< PUBREL for a publish whose PUBREC was not sent yet
  // SUBSCRIBE, UNSUBSCRIBE, DISCONNECT, AUTH.
  filter_missing,         ///< [MQTT-3.8.3-3], [MQTT-3.10.3-2] / [MQTT-3.8.3-2]
  filter_malformed,       ///< [MQTT-4.7.1-1], -2, -3, [MQTT-4.7.3-1]
  shared_subscription,    ///< 5: "$share/…", which is not offered
  filter_too_long,        ///< over Config::max_topic
  subscribe_options,      ///< reserved bits or values [MQTT-3.8.3-4] / [MQTT-3.8.3-5]
  session_expiry_raised,  ///< 5: DISCONNECT asks for a session that CONNECT did not [3.14.2.2.2]
  auth_unexpected,        ///< 5: AUTH without extended authentication [MQTT-4.12.0-6]
  // What we do not allow.
  bad_credentials,
  not_authorized,
  admission_refused,  ///< any other refusal of the receiver: unavailable, banned, …
  foreign_topic,      ///< the receiver does not let this device publish there
  foreign_filter,     ///< … or subscribe to that
  payload_refused,    ///< the receiver acknowledged with an error; the connection goes on
  subscriptions_full,
  connections_full,
  buffers_full,  ///< Config::max_buffered is used up by unfinished packets
  connect_timeout,
  keep_alive_timeout,  ///< [MQTT-3.1.2-24] / [MQTT-3.1.2-22]
  slow_reader,         ///< nothing could be sent to it for Config::write_timeout
  taken_over,          ///< the same client came again [MQTT-3.1.4-2] / [MQTT-3.1.4-3]
  closed_by_server,    ///< Server::close()
  shutting_down,
  tls_failed,
  // How a connection ends when nothing is wrong.
  client_disconnected,
  connection_lost,
  count_,
};

/// The receiver's own word: it knows better names for it, and counts it under those.
constexpr bool said_by_receiver(Why why) {
  switch (why) {
    case Why::bad_credentials:
    case Why::not_authorized:
    case Why::admission_refused:
    case Why::foreign_topic:
    case Why::foreign_filter:
    case Why::payload_refused:
    case Why::closed_by_server:
      return true;
    default:
      return false;
  }
}

constexpr std::size_t kWhys = static_cast<std::size_t>(Why::count_);

/// The stable name for counters and logs: "topic_wildcard".
std::string_view name(Why why);
/// What MQTT 5 tells the client about it.
Reason reason_of(Why why);

}  // namespace lifang::mqtt
