// Client: one MQTT client that keeps what is not acknowledged and sends it again after a new
// connection.
#pragma once
#include <deque>
#include <functional>

#include "platform/mqtt/clients.hpp"

namespace lifang::mqtt {

/// Speaks only within poll(), so it belongs to one thread.
class Client final : private Clients::Listener {
 public:
  Client(ClientConfig config, const Steady& steady);

  /// Connects, or connects anew; what was not acknowledged is sent again, in order. False if the
  /// server cannot be reached within `patience` or refuses; code() then tells why.
  bool connect(Duration patience);
  bool is_open() const;
  /// The last CONNACK's code; 0 before one came and after success.
  std::uint8_t code() const { return code_; }

  /// Keeps the message until it is acknowledged (QoS 0: until it is sent) and sends it as soon as
  /// the window and the connection allow. The numbers count up from 1. The waiting has no bound but
  /// the caller's: see unfinished().
  std::uint64_t publish(std::string topic, std::string payload, std::uint8_t qos = 1);
  void subscribe(std::string_view filter, std::uint8_t qos = 1);
  /// Messages and subscriptions that are not acknowledged, or not sent yet.
  std::size_t unfinished() const { return messages_.size() + subscribing_; }

  /// Sends and hears for at most `timeout`, or until something came. False once the connection is
  /// gone.
  bool poll(Duration timeout);
  /// Polls until nothing is unfinished; false if that took longer than `patience`, or the
  /// connection was lost.
  bool finish(Duration patience);
  void disconnect();

  std::function<void(std::string_view topic, std::string_view payload)> on_message;
  std::function<void(std::uint64_t number, Reason reason)> on_acknowledged;

 private:
  struct Message {
    std::uint64_t number;
    std::string topic;
    std::string payload;
    std::uint8_t qos;
    std::uint16_t packet_id = 0;  ///< 0: not sent on this connection
  };

  void connected(Clients::Index index, std::uint8_t code) override;
  void acknowledged(Clients::Index index, std::uint16_t packet_id, Reason reason) override;
  void subscribed(Clients::Index index, std::uint16_t packet_id, std::string_view codes) override;
  void message(Clients::Index index, std::string_view topic, std::string_view payload) override;
  void closed(Clients::Index index, Reason reason) override;
  void send_waiting();

  const ClientConfig config_;
  const Steady& steady_;
  std::unique_ptr<Clients> clients_;
  std::deque<Message> messages_;
  std::size_t sent_ = 0;  ///< how many at the front of messages_ are on their way
  std::size_t subscribing_ = 0;
  std::uint64_t last_number_ = 0;
  std::uint8_t code_ = 0;
  bool gone_ = true;
};

}  // namespace lifang::mqtt
