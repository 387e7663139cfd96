// Session: the protocol side of one connection. Takes bytes, gives bytes; knows no sockets, so
// tests and the fuzzer drive it directly.
#pragma once
#include <bitset>
#include <vector>

#include "platform/mqtt/arrivals.hpp"
#include "platform/mqtt/buffer.hpp"
#include "platform/mqtt/counts.hpp"
#include "platform/mqtt/receiver.hpp"

namespace lifang::mqtt {

class Session;
struct Message;

/// What the sessions of one I/O thread share.
class Surroundings {
 public:
  Surroundings(const Config& config_in, Receiver& receiver_in)
      : config(config_in), receiver(receiver_in) {}
  virtual ~Surroundings() = default;
  /// A client was let in; whoever held its place before has to go.
  virtual void entered(Session& session) = 0;
  virtual std::string peer(const Session& session) = 0;

  const Config& config;
  Receiver& receiver;
  Counts counts;
  Duration now{};     ///< of the steady clock, once a round
  bool told = false;  ///< the receiver heard something in this round
};

class Session {
 public:
  Session(Surroundings& around, ConnectionId id);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Handles the whole packets at the front of `bytes`; how many bytes that took. Stops early when
  /// it may not take more for now or has ended.
  std::size_t feed(std::string_view bytes);
  /// May read on: not waiting for an admission, for room to answer, or for acknowledgements.
  bool takes() const;
  /// Whole size of the packet at the front of what feed() left, 0 if unknown.
  std::size_t expected() const { return expected_; }

  void admit(const Admission& admission);
  void acknowledge(std::uint32_t ticket, Reason reason);
  void publish(std::string_view topic, std::string_view payload, std::uint8_t qos,
               std::uint64_t cookie);
  /// Ends the session; says farewell where the version knows how.
  void end(Why why) { end(why, reason_of(why)); }
  void end(Why why, Reason reason);

  /// Acknowledgements that may leave now, in order of arrival; call again if it filled the room.
  std::size_t write_acknowledgements(char* to, std::size_t room);
  bool has_acknowledgements() const { return arrivals_.ready() && !ended(); }
  /// Everything else that waits to be sent. After taking from it call drained().
  Buffer& out() { return out_; }
  void drained();

  /// Once a second: time-outs, and memory that nobody needs now. `unread`: bytes of the peer wait
  /// for us.
  void sweep(bool unread);

  bool ended() const { return stage_ == Stage::ended; }
  bool open() const { return stage_ == Stage::open; }
  Why why() const { return why_; }
  ConnectionId id() const { return id_; }
  Version version() const { return version_; }
  const Device& device() const { return device_; }
  const std::string& client_id() const { return client_id_; }
  /// Publishes whose acknowledgement was not given yet.
  std::size_t unacknowledged() const { return arrivals_.count(); }

 private:
  enum class Stage : std::uint8_t { fresh, asking, open, ended };
  struct Grant {
    std::string filter;
    std::uint32_t subscription_id = 0;
    std::uint8_t qos = 0;
  };
  struct Outbox;
  /// What the client asked to be said of it if it ends without taking leave.
  struct LastWords {
    std::string topic;
    std::string payload;
    std::uint8_t qos = 0;
    bool retain = false;
  };
  /// QoS 2 packet ids between PUBLISH and PUBREL; 8 KiB, so only while there are some.
  struct Unreleased {
    std::bitset<65536> ids;
    std::uint32_t count = 0;
  };

  void handle(const Frame& frame);
  void handle_first(const Frame& frame);
  void handle_connect(const Frame& frame);
  void turn_away(const Connect& words, Why why);
  void handle_publish(const Frame& frame);
  Why resolve_alias(Publish& publish);
  bool is_repeat(std::uint16_t packet_id);
  void handle_acknowledgement(const Frame& frame);
  void handle_puback(const Acknowledgement& words);
  void handle_pubrel(const Acknowledgement& words);
  void handle_subscribe(const Frame& frame);
  Reason grant(const Filter& filter, std::uint32_t subscription_id);
  void handle_unsubscribe(const Frame& frame);
  void handle_disconnect(const Frame& frame);
  void publish_will();

  void farewell(Stage before, Why why, Reason reason);
  void answer(Type type, std::uint16_t packet_id, Reason reason);
  /// Drops what was appended to out_ since `before` if the client said that it takes no packet of
  /// that size.
  bool keep_if_small(std::size_t before);
  /// Counts it, and tells the receiver of what it did not say itself.
  void refuse(Why why);
  void count(Why why, bool let_in);
  bool may_send(std::uint8_t qos) const;
  void send(const Message& message, std::uint64_t cookie);
  void send_waiting();
  void forget_unreleased(std::uint16_t packet_id);

  Surroundings& around_;
  ConnectionId id_;
  Duration heard_at_;
  Buffer out_;
  Arrivals arrivals_;
  Device device_;
  std::string client_id_;
  std::vector<Grant> grants_;
  std::unique_ptr<Outbox> outbox_;
  std::unique_ptr<std::vector<std::string>> aliases_;
  std::unique_ptr<Unreleased> unreleased_;
  std::unique_ptr<LastWords> will_;
  std::uint32_t expected_ = 0;
  std::uint32_t recs_sent_ = 0;  ///< QoS 2 publishes that were answered and not released yet
  std::uint32_t client_max_packet_ = 0;  ///< 0: no limit
  std::uint16_t client_receive_maximum_ = 65535;
  std::uint16_t keep_alive_ = 0;
  Version version_ = Version::v3;
  Stage stage_ = Stage::fresh;
  Why why_ = Why::ok;
  bool version_known_ = false;
  bool assigned_client_id_ = false;
  bool asked_for_session_ = false;
};

}  // namespace lifang::mqtt
