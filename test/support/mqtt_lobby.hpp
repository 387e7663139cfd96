// Lobby: a session without a socket, for codec tests and the fuzzer. Bytes in, bytes out, one
// thread.
#pragma once
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "platform/mqtt/session.hpp"

namespace lifang {

/// Lets everybody in, takes what begins with "v1/", refuses payloads that begin with '?'. Writes
/// down what it hears as text, so that two runs can be compared.
class LobbyDesk final : public mqtt::Receiver {
 public:
  std::optional<mqtt::Admission> connect(const mqtt::Newcomer& newcomer) override {
    log += "connect " + std::string(newcomer.words.client_id) + "\n";
    if (newcomer.words.password == "wrong")
      return mqtt::Admission{mqtt::Reason::bad_credentials, {}};
    if (newcomer.words.password == "later") return std::nullopt;
    return mqtt::Admission{mqtt::Reason::success, {1, nullptr}};
  }
  void opened(mqtt::ConnectionId, const mqtt::Device&) override { ++opens; }
  void closed(mqtt::ConnectionId, const mqtt::Device&, mqtt::Why why) override {
    ++closes;
    log += "closed " + std::string(name(why)) + "\n";
  }
  std::optional<mqtt::Reason> publish(const mqtt::Incoming& message) override {
    log += "publish " + std::string(message.topic) + " " + std::string(message.payload) + "\n";
    if (!message.topic.starts_with("v1/")) return mqtt::Reason::not_authorized;
    if (message.payload.starts_with('?')) return mqtt::Reason::payload_format_invalid;
    if (message.qos > 0) tickets.push_back(message.ticket);
    return std::nullopt;
  }
  mqtt::Reason subscribe(mqtt::ConnectionId, const mqtt::Device&, std::string_view filter,
                         std::uint8_t qos) override {
    log += "subscribe " + std::string(filter) + "\n";
    return filter.starts_with("v1/") ? static_cast<mqtt::Reason>(qos)
                                     : mqtt::Reason::not_authorized;
  }
  void unsubscribed(mqtt::ConnectionId, const mqtt::Device&, std::string_view filter) override {
    log += "unsubscribe " + std::string(filter) + "\n";
  }
  void delivered(mqtt::ConnectionId, std::uint64_t, mqtt::Delivery) override { ++deliveries; }

  std::string log;
  std::vector<std::uint32_t> tickets;
  int opens = 0, closes = 0, deliveries = 0;
};

class Lobby final : public mqtt::Surroundings {
 public:
  explicit Lobby(const mqtt::Config& limits = defaults())
      : Surroundings(limits, desk_), session(std::make_unique<mqtt::Session>(*this, 1)) {}

  static const mqtt::Config& defaults() {
    static const mqtt::Config limits;
    return limits;
  }

  void entered(mqtt::Session&) override {}
  std::string peer(const mqtt::Session&) override { return "192.0.2.1"; }

  /// What a loop does with bytes that arrive: keeps what was not taken in front of the next.
  void feed(std::string_view bytes) {
    rest_ += bytes;
    rest_.erase(0, session->feed(rest_));
    collect();
  }
  /// Commits: acknowledges everything that waits, then goes on with what was held back.
  void commit() {
    for (const std::uint32_t ticket : std::exchange(desk_.tickets, {}))
      session->acknowledge(ticket, mqtt::Reason::success);
    collect();
    feed({});
  }
  LobbyDesk& desk() { return desk_; }
  std::size_t unread() const { return rest_.size(); }

  std::string sent;  ///< all that the session said

 private:
  void collect() {
    char bytes[64];
    while (session->has_acknowledgements())
      sent.append(bytes, session->write_acknowledgements(bytes, sizeof bytes));
    sent += session->out().view();
    session->out().release();
    session->drained();
  }

  LobbyDesk desk_;
  std::string rest_;

 public:
  std::unique_ptr<mqtt::Session> session;
};

}  // namespace lifang
