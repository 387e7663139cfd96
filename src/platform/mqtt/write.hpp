// Write: the packets that a server or a client sends, appended to a buffer.
#pragma once
#include <array>
#include <span>
#include <string_view>

#include "platform/mqtt/buffer.hpp"
#include "platform/mqtt/packet.hpp"

namespace lifang::mqtt {

/// The return code of 3.1.1 (table 3.1) that comes closest to a reason of 5.
std::uint8_t return_code(Reason reason);

/// What a server promises in its CONNACK; of these, 3.1.1 hears only the code.
struct Welcome {
  Reason reason = Reason::success;
  std::uint16_t receive_maximum = 65535;
  std::uint32_t maximum_packet_size = 0;
  std::uint16_t topic_alias_maximum = 0;
  bool end_session = false;             ///< say that the session ends with the connection
  std::string_view assigned_client_id;  ///< if the client came without
  std::string_view reason_string;
};

void write_connack(Buffer& out, Version version, const Welcome& welcome);
void write_disconnect(Buffer& out, Reason reason, std::string_view reason_string);
void write_pingresp(Buffer& out);
/// SUBACK, or UNSUBACK (in 3.1.1 without codes).
void write_suback(Buffer& out, Version version, Type type, std::uint16_t packet_id,
                  std::span<const Reason> codes);

constexpr std::size_t kLargestAcknowledgement = 5;
/// PUBACK, PUBREC, PUBREL or PUBCOMP at `to`, which has kLargestAcknowledgement bytes; how many it
/// took.
std::size_t write_acknowledgement(char* to, Version version, Type type, std::uint16_t packet_id,
                                  Reason reason);

struct Message {
  std::string_view topic;
  std::string_view payload;
  std::uint8_t qos = 0;
  bool dup = false;
  bool retain = false;
  std::uint16_t packet_id = 0;
  std::span<const std::uint32_t> subscription_ids = {};  ///< 5 only
};
/// Bytes that write_publish() will append.
std::size_t publish_size(Version version, const Message& message);
/// Returns where in `out`'s new bytes the packet id stands (0 for QoS 0).
std::size_t write_publish(Buffer& out, Version version, const Message& message);

/// What a client says first.
struct Hello {
  Version version = Version::v3;
  std::string_view client_id;
  std::string_view user;      ///< sent if not empty
  std::string_view password;  ///< sent if not empty
  std::uint16_t keep_alive = 0;
  std::uint16_t receive_maximum = 0;  ///< 5: sent if not 0
  bool clean = true;
};
void write_connect(Buffer& out, const Hello& hello);
void write_subscribe(Buffer& out, Version version, std::uint16_t packet_id, std::string_view filter,
                     std::uint8_t qos);
void write_pingreq(Buffer& out);
void write_client_disconnect(Buffer& out);

}  // namespace lifang::mqtt
