// Server: the device side of MQTT 3.1.1 and 5. A pipe, not a broker: what clients say goes to one
// receiver.
#pragma once
#include <atomic>
#include <map>
#include <span>
#include <vector>

#include "base/world.hpp"
#include "platform/mqtt/receiver.hpp"

namespace lifang::mqtt {

struct Hub;

/// Since the start, except those that say "now".
struct Counters {
  std::uint64_t connections_now = 0;  ///< TCP connections, admitted or not
  std::uint64_t accepted = 0, opened = 0, closed = 0;
  std::uint64_t packets_in = 0, packets_out = 0, bytes_in = 0, bytes_out = 0;
  std::uint64_t publishes[3] = {};  ///< by QoS
  std::map<std::string, std::uint64_t>
      refused;  ///< by name(Why), with "mqtt." in front: "mqtt.topic_wildcard"
};

class Server {
 public:
  /// Binds at once, so that a port in use shows here; listens to nobody before start(). Throws
  /// Refusal mqtt.cannot_listen, mqtt.bad_certificate. `receiver` and `steady` outlive the server.
  Server(Config config, Receiver& receiver, const Steady& steady);
  ~Server();  ///< stop() without grace
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Accepts from now on. Once.
  void start();
  /// Of the plain listener, also where the kernel chose it.
  std::uint16_t port() const;
  std::uint16_t tls_port() const;  ///< 0 without TLS
  /// New connections use the new certificate, running ones go on. Throws Refusal
  /// mqtt.bad_certificate.
  void reload_tls(const std::string& certificate, const std::string& key);

  // Everything below is safe from any thread, also from the receiver's methods. A connection that
  // is gone is no error: nothing happens.

  /// The late answer to Receiver::connect().
  void admit(ConnectionId connection, Admission admission);
  /// The answers to many publishes at once, after the commit; each leaves as soon as all earlier
  /// ones of its connection are there. One lock and at most one wake-up a call and I/O thread.
  void acknowledge(std::span<const Ack> acks);
  /// Sends a message to a connection if one of its filters takes the topic; what became of it is
  /// told once, to Receiver::delivered() with `cookie`. QoS 2 is sent as 1.
  void publish(ConnectionId connection, std::string topic, std::string payload, std::uint8_t qos,
               std::uint64_t cookie);
  /// Ends one connection, in MQTT 5 with this reason.
  void close(ConnectionId connection, Reason reason = Reason::administrative_action);
  /// Ends all connections of a device, as close() does.
  void close_device(std::uint64_t device, Reason reason = Reason::administrative_action);
  /// The connections of a device, one a client identifier.
  std::vector<ConnectionId> connections_of(std::uint64_t device) const;
  /// The lane is full: read no socket until it is not. What waits stays in the clients' and the
  /// kernel's buffers.
  void pause_reading(bool paused);
  /// Makes the I/O threads look at the clock now (tests with a clock of their own).
  void nudge();

  /// Stops accepting and reading; who waits for acknowledgements gets them for at most `grace`,
  /// then everybody is closed (5: 0x8B) and the threads end. Not from the receiver.
  void stop(Duration grace = Duration{10'000});
  /// Sums over all I/O threads, at most a moment old.
  Counters counters() const;
  /// Why nobody new gets in: not started, stopped, or the machine has no descriptor or memory for
  /// another connection. Empty while all is well. Looked at anew every second.
  std::string trouble() const;

 private:
  std::unique_ptr<Hub> hub_;
  std::uint16_t port_ = 0;
  std::uint16_t tls_port_ = 0;
  std::atomic<bool> running_{false};
};

/// Lets this process open as many files as it may: 10,000 connections need more than the usual
/// 1,024. Returns the limit.
std::size_t raise_open_files();

}  // namespace lifang::mqtt
