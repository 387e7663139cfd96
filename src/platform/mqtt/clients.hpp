// Clients: many MQTT clients on the caller's thread, for simulated devices and load; Client is one
// of them.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "base/world.hpp"
#include "platform/mqtt/socket.hpp"
#include "platform/mqtt/write.hpp"

namespace lifang::mqtt {

struct ClientConfig {
  std::string host = "127.0.0.1";
  std::uint16_t port = 1883;
  std::shared_ptr<Tls> tls;  ///< Tls::client(); null: plain
  Version version = Version::v3;
  std::string client_id;
  std::string user;
  std::string password;
  std::uint16_t keep_alive = 60;  ///< seconds; pings are sent by poll(). 0: none
  std::uint16_t window = 20;      ///< QoS 1 messages in flight; 5: at most what the server allows
};

/// A PUBLISH that is written once and sent often; only its packet id changes.
struct Prebuilt {
  std::string bytes;
  std::size_t id_at = 0;  ///< 0: QoS 0
};
Prebuilt prebuild(Version version, std::string_view topic, std::string_view payload,
                  std::uint8_t qos);

class Clients {
 public:
  using Index = std::size_t;

  /// Called by poll(). May call every method of Clients but poll().
  class Listener {
   public:
    virtual ~Listener() = default;
    /// CONNACK: `code` 0 is success, otherwise a return code (3.1.1) or reason code (5), and
    /// closed() follows.
    virtual void connected(Index, std::uint8_t /*code*/) {}
    virtual void acknowledged(Index, std::uint16_t /*packet_id*/, Reason) {}
    virtual void subscribed(Index, std::uint16_t /*packet_id*/, std::string_view /*codes*/) {}
    virtual void message(Index, std::string_view /*topic*/, std::string_view /*payload*/) {}
    /// `reason` is that of the server's DISCONNECT (5), or success if it gave none.
    virtual void closed(Index, Reason) {}
  };

  Clients(Listener& listener, const Steady& steady);
  ~Clients();
  Clients(const Clients&) = delete;
  Clients& operator=(const Clients&) = delete;

  /// Begins to connect; connected() or closed() tell how it went. The index of a client that has
  /// closed is given out again from the next poll() on. Throws Refusal mqtt.no_such_host.
  Index open(const ClientConfig& config);
  bool is_open(Index index) const;
  /// How many QoS 1 messages may be sent now; 0 unless open.
  std::size_t room(Index index) const;
  std::size_t in_flight(Index index) const;
  /// The packet id (0 for QoS 0), or nothing where there is no room. Leaves with the next flush()
  /// or poll().
  std::optional<std::uint16_t> publish(Index index, std::string_view topic,
                                       std::string_view payload, std::uint8_t qos);
  std::optional<std::uint16_t> publish(Index index, const Prebuilt& packet);
  std::uint16_t subscribe(Index index, std::string_view filter, std::uint8_t qos);
  /// Says DISCONNECT and closes after what waits is sent; closed() is told by a later poll().
  void disconnect(Index index);
  /// Closes without a word, as a power cut would.
  void drop(Index index);
  /// Bytes as they are, for tests of what no client should send.
  void send_raw(Index index, std::string_view bytes);

  /// Sends what waits, waits for at most `timeout`, hears what the servers said. True if there was
  /// something.
  bool poll(Duration timeout);
  void flush();

 private:
  struct Peer;
  Peer* usable(Index index) const;
  void dirty(Peer& peer);
  void flush(Peer& peer);
  void read(Peer& peer);
  std::size_t take(Peer& peer, std::string_view bytes);
  void handle(Peer& peer, const Frame& frame);
  void handle_connack(Peer& peer, const Frame& frame);
  void handle_publish(Peer& peer, const Frame& frame);
  void close(Peer& peer, Reason reason);
  void retire(Peer& peer);
  void keep_alive();

  Listener& listener_;
  const Steady& steady_;
  int epoll_ = -1;
  Duration now_{};
  Duration kept_alive_at_{};
  std::vector<std::unique_ptr<Peer>> peers_;
  std::vector<Index> free_;     ///< closed before this poll()
  std::vector<Index> retired_;  ///< closed since
  std::vector<Peer*> dirty_;
  std::vector<Peer*> flushing_;
  std::unique_ptr<char[]> scratch_;
  std::map<std::pair<std::string, std::uint16_t>, std::string> addresses_;  ///< resolved once
};

}  // namespace lifang::mqtt
