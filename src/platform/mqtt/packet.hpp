// Packets of MQTT 3.1.1 and 5 (OASIS): what a peer says, as views into its bytes. Pure: no state,
// no sockets.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "platform/mqtt/reason.hpp"

namespace lifang::mqtt {

enum class Version : std::uint8_t { v3 = 4, v5 = 5 };  ///< the protocol level; v3 is 3.1.1

enum class Type : std::uint8_t {
  reserved,
  connect,
  connack,
  publish,
  puback,
  pubrec,
  pubrel,
  pubcomp,
  subscribe,
  suback,
  unsubscribe,
  unsuback,
  pingreq,
  pingresp,
  disconnect,
  auth,
};

/// Who wrote the bytes: some properties belong to one side only.
enum class From : std::uint8_t { client, server };

struct Frame {
  Type type = Type::reserved;
  std::uint8_t flags = 0;  ///< the lower four bits of the first byte
  bool overlong = false;   ///< the length took more bytes than it needs
  bool whole = false;      ///< `body` is there
  std::size_t size = 0;    ///< of the whole packet, 0 while the length is not complete
  std::string_view body;   ///< variable header and payload
};

/// Looks at the first packet of `bytes`; a packet that is not there entirely is not `whole`.
/// Errors: length_malformed, packet_too_large (as soon as the length says so).
Why take_frame(std::string_view bytes, std::size_t max_size, Frame& frame);

/// The properties of one packet. A value that is absent has its default from the specification.
struct Properties {
  std::uint64_t present = 0;  ///< bit n: property n was there
  std::uint32_t session_expiry = 0;
  std::uint16_t receive_maximum = 65535;
  std::uint32_t maximum_packet_size = 0;  ///< 0: no limit
  std::uint16_t topic_alias_maximum = 0;
  std::uint16_t topic_alias = 0;
  std::uint16_t server_keep_alive = 0;
  std::uint32_t subscription_id = 0;
  std::uint8_t request_problem = 1;
  std::uint8_t maximum_qos = 2;
  std::string_view assigned_client_id;
  std::string_view reason_string;
  std::string_view response_topic;

  bool has(unsigned id) const { return (present >> id & 1) != 0; }
};

struct Will {
  std::string_view topic;
  std::string_view payload;
  std::uint8_t qos = 0;
  bool retain = false;
};

struct Connect {
  Version version = Version::v3;
  bool version_known = false;  ///< true as soon as an error can be told in the client's own version
  bool clean = false;
  std::uint16_t keep_alive = 0;  ///< seconds, 0: none
  Properties properties;
  std::string_view client_id;
  std::optional<Will> will;
  std::optional<std::string_view> user;
  std::optional<std::string_view> password;
};

struct Connack {
  bool session_present = false;
  std::uint8_t code = 0;  ///< return code of 3.1.1, reason code of 5
  Properties properties;
};

struct Publish {
  std::string_view topic;  ///< 5: may be empty, then `alias` is not 0
  std::string_view payload;
  std::uint16_t packet_id = 0;  ///< 0 for QoS 0
  std::uint16_t alias = 0;
  std::uint8_t qos = 0;
  bool dup = false;
  bool retain = false;
};

/// PUBACK, PUBREC, PUBREL, PUBCOMP.
struct Acknowledgement {
  std::uint16_t packet_id = 0;
  Reason reason = Reason::success;
};

struct Filter {
  std::string_view text;
  std::uint8_t options = 0;  ///< QoS in the lower two bits
  std::uint8_t qos() const { return options & 3; }
};

/// SUBSCRIBE and UNSUBSCRIBE. Checked as a whole before the first filter is taken.
struct Filters {
  std::uint16_t packet_id = 0;
  std::uint32_t subscription_id = 0;  ///< 5: 0 if there is none
  bool with_options = true;
  std::string_view rest;

  /// Takes the next filter; false behind the last.
  bool next(Filter& filter);
};

struct Disconnect {
  Reason reason = Reason::success;
  std::optional<std::uint32_t> session_expiry;
};

/// SUBACK and UNSUBACK: one byte a filter (UNSUBACK of 3.1.1: none).
struct Suback {
  std::uint16_t packet_id = 0;
  std::string_view codes;
};

// Each returns Why::ok or the rule that the packet breaks; the views live as long as the frame's
// bytes.
Why parse_connect(const Frame& frame, Connect& connect);
Why parse_publish(Version version, From from, const Frame& frame, Publish& publish);
Why parse_acknowledgement(Version version, const Frame& frame, Acknowledgement& acknowledgement);
Why parse_subscribe(Version version, const Frame& frame, Filters& filters);
Why parse_unsubscribe(Version version, const Frame& frame, Filters& filters);
Why parse_disconnect(Version version, From from, const Frame& frame, Disconnect& disconnect);
Why parse_ping(const Frame& frame);
/// 3.1.1 knows no AUTH; in 5 a well-formed one is auth_unexpected, since we offer no method.
Why parse_auth(Version version, const Frame& frame);
// What only a client reads.
Why parse_connack(Version version, const Frame& frame, Connack& connack);
Why parse_suback(Version version, const Frame& frame, Suback& suback);

}  // namespace lifang::mqtt
