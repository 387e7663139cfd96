// Receiver: who hears what clients say. Config: the limits. The values that pass between a server
// and its owner.
#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "platform/mqtt/packet.hpp"

namespace lifang::mqtt {

struct Config {
  std::string host = "127.0.0.1";
  std::uint16_t port = 1883;  ///< 0: the kernel chooses, Server::port() tells

  /// Both PEM files set: TLS 1.2 and 1.3 on `tls_port` as well.
  std::string tls_certificate;
  std::string tls_key;
  std::uint16_t tls_port = 8883;

  unsigned io_threads = 1;  ///< at most 255; the receiver is called on all of them
  std::size_t max_connections = 10'000;

  std::size_t max_packet = 256 * 1024;         ///< whole packets, fixed header included
  std::size_t max_connect_packet = 16 * 1024;  ///< … of somebody whom we do not know yet
  std::size_t max_topic = 512;
  std::size_t max_client_id = 256;
  std::uint16_t max_unacknowledged = 100;      ///< publishes of one connection; at most 4096
  std::uint16_t topic_alias_maximum = 16;      ///< 5: aliases a client may set; at most 64
  std::size_t max_subscriptions = 64;          ///< of one connection
  std::uint16_t max_in_flight = 32;            ///< QoS 1 messages to one client; the rest waits
  std::size_t max_waiting = 100;               ///< … of which so many …
  std::size_t max_waiting_bytes = 256 * 1024;  ///< … and so many bytes
  std::size_t max_buffered = 256U << 20;  ///< bytes of unfinished packets, all connections together

  Duration connect_timeout =
      std::chrono::seconds(10);  ///< from the TCP connection to the whole CONNECT
  Duration write_timeout =
      std::chrono::seconds(30);               ///< a peer that takes nothing for so long is closed
  Duration linger = std::chrono::seconds(2);  ///< how long a farewell may take
};

/// Names one connection for as long as the process lives; never 0, never used again.
using ConnectionId = std::uint64_t;

/// Who was let in, in the receiver's own words: `number` must be unique among devices.
struct Device {
  std::uint64_t number = 0;
  std::shared_ptr<void> context;
};

/// The receiver's answer to a CONNECT: `reason` success lets `device` in. The refusals that 3.1.1
/// can tell apart are bad_credentials (4), not_authorized (5), unavailable (3) and
/// client_id_invalid (2).
struct Admission {
  Reason reason = Reason::success;
  Device device;
};

struct Newcomer {
  ConnectionId connection = 0;
  const Connect& words;   ///< a will on a topic where it may not publish is to be refused: not_authorized
  std::string_view peer;  ///< "192.0.2.1" or "2001:db8::1"
};

/// A PUBLISH. The views live until Receiver::publish() returns.
struct Incoming {
  ConnectionId connection = 0;
  const Device& device;
  std::string_view topic;  ///< checked: valid UTF-8, no wildcards, aliases resolved
  std::string_view payload;
  std::uint32_t ticket = 0;  ///< for Server::acknowledge(); means nothing for QoS 0
  std::uint8_t qos = 0;
  bool retain = false;  ///< nothing is retained here: nobody could ask for it
};

/// The answer to one PUBLISH of QoS 1 or 2, given after the commit.
struct Ack {
  ConnectionId connection = 0;
  std::uint32_t ticket = 0;
  Reason reason = Reason::success;
};

/// What became of a message that the server was to send.
enum class Delivery : std::uint8_t {
  acknowledged,    ///< QoS 1: the client's PUBACK came without an error
  sent,            ///< QoS 0 (or granted QoS 0): handed to the socket, nothing more is known
  refused,         ///< QoS 1: the client's PUBACK carries an error
  not_subscribed,  ///< no filter of this connection takes the topic
  too_large,       ///< over the client's Maximum Packet Size
  queue_full,      ///< too many wait already
  lost,            ///< the connection ended first; it may have arrived or not
};

/// Called on I/O threads and never twice at once for one connection; must not block and must not
/// throw. Every method of Server may be called from here.
class Receiver {
 public:
  virtual ~Receiver() = default;

  /// An answer at once, or nothing: then Server::admit() is called later, from any thread, and
  /// nothing is read from that socket in the meantime.
  virtual std::optional<Admission> connect(const Newcomer& newcomer) = 0;
  /// The admission took effect; from here on messages can be sent to it.
  virtual void opened(ConnectionId, const Device&) {}
  /// Once for every connection that was opened.
  virtual void closed(ConnectionId, const Device&, Why) {}

  /// The server itself turns somebody away whom it has not asked about: a CONNECT that breaks the
  /// protocol or a limit. As far as its words could be read; `words.user` may be missing.
  virtual void turned_away(const Newcomer&, Why) {}
  /// The server itself refuses something of a client that was let in (a malformed packet, one too
  /// large, a keep-alive that ran out …), whether the connection ends by it or not.
  virtual void refused(ConnectionId, const Device&, Why) {}

  /// Nothing: Server::acknowledge() is called later, after the commit. A reason: acknowledged with
  /// it, still in order of arrival. not_authorized closes the connection where it cannot be
  /// told: 3.1.1, and QoS 0. A will comes here too, as QoS 0, before closed(), where its client
  /// ended without taking leave.
  virtual std::optional<Reason> publish(const Incoming& message) = 0;

  /// The granted QoS (at most the asked one; 2 is cut down to 1), or an error. not_authorized
  /// closes a connection of 3.1.1. The filter is checked and is not a shared subscription.
  virtual Reason subscribe(ConnectionId, const Device&, std::string_view filter,
                           std::uint8_t qos) = 0;
  virtual void unsubscribed(ConnectionId, const Device&, std::string_view /*filter*/) {}

  virtual void delivered(ConnectionId, std::uint64_t /*cookie*/, Delivery) {}

  /// Everything that the sockets of one I/O thread had to say in this round has been told: hand it
  /// over now.
  virtual void batch_end(unsigned /*thread*/) {}
};

}  // namespace lifang::mqtt
