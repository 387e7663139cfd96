#include "platform/mqtt/client.hpp"

#include <algorithm>

namespace lifang::mqtt {

Client::Client(ClientConfig config, const Steady& steady)
    : config_(std::move(config)), steady_(steady) {}

bool Client::connect(Duration patience) {
  clients_ = std::make_unique<Clients>(static_cast<Clients::Listener&>(*this), steady_);
  sent_ = subscribing_ = 0;
  code_ = 0;
  gone_ = false;
  for (Message& message : messages_) message.packet_id = 0;
  clients_->open(config_);
  const Duration until = steady_.elapsed() + patience;
  while (!gone_ && !clients_->is_open(0) && steady_.elapsed() < until)
    clients_->poll(until - steady_.elapsed());
  if (!is_open()) return false;
  send_waiting();
  return true;
}

bool Client::is_open() const {
  return !gone_ && clients_ && clients_->is_open(0);
}

std::uint64_t Client::publish(std::string topic, std::string payload, std::uint8_t qos) {
  messages_.push_back({++last_number_, std::move(topic), std::move(payload), qos});
  const std::uint64_t number = last_number_;
  send_waiting();
  return number;
}

void Client::subscribe(std::string_view filter, std::uint8_t qos) {
  if (clients_ && clients_->subscribe(0, filter, qos) != 0) ++subscribing_;
}

void Client::send_waiting() {
  while (is_open() && sent_ < messages_.size()) {
    Message& message = messages_[sent_];
    const auto id = clients_->publish(0, message.topic, message.payload, message.qos);
    if (!id) return;
    message.packet_id = *id;
    if (message.qos == 0)
      messages_.erase(messages_.begin() + static_cast<std::ptrdiff_t>(sent_));
    else
      ++sent_;
  }
}

bool Client::poll(Duration timeout) {
  if (gone_ || !clients_) return false;
  clients_->poll(timeout);
  send_waiting();
  clients_->flush();
  return !gone_;
}

bool Client::finish(Duration patience) {
  const Duration until = steady_.elapsed() + patience;
  while (unfinished() > 0) {
    const Duration left = until - steady_.elapsed();
    if (left <= Duration{0} || !poll(left)) return false;
  }
  return true;
}

void Client::disconnect() {
  if (!clients_ || gone_) return;
  clients_->disconnect(0);
  clients_->flush();
  gone_ = true;
}

void Client::connected(Clients::Index, std::uint8_t code) {
  code_ = code;
}

void Client::acknowledged(Clients::Index, std::uint16_t packet_id, Reason reason) {
  // In order of arrival at a server like ours, so nearly always the first.
  const auto sent_end = messages_.begin() + static_cast<std::ptrdiff_t>(sent_);
  const auto found = std::find_if(messages_.begin(), sent_end, [&](const Message& message) {
    return message.packet_id == packet_id;
  });
  if (found == sent_end) return;
  const std::uint64_t number = found->number;
  messages_.erase(found);
  --sent_;
  if (on_acknowledged) on_acknowledged(number, reason);
}

void Client::subscribed(Clients::Index, std::uint16_t, std::string_view) {
  if (subscribing_ > 0) --subscribing_;
}

void Client::message(Clients::Index, std::string_view topic, std::string_view payload) {
  if (on_message) on_message(topic, payload);
}

void Client::closed(Clients::Index, Reason) {
  gone_ = true;
}

}  // namespace lifang::mqtt
