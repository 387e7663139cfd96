#include "support/mqtt_desk.hpp"

#include <utility>

namespace lifang {

using namespace mqtt;

std::uint64_t Desk::number_of(std::string_view user) {
  std::uint64_t number = 0;
  for (const char c : user) number = number * 131 + static_cast<unsigned char>(c);
  return number;
}

void Desk::note() {
  changed.notify_all();
}

std::optional<Admission> Desk::connect(const Newcomer& newcomer) {
  const std::lock_guard lock(mutex);
  last_peer = newcomer.peer;
  note();
  const std::string_view password = newcomer.words.password.value_or("");
  if (password == "later") {
    asking.push_back(newcomer.connection);
    return std::nullopt;
  }
  if (password == "down") return Admission{Reason::unavailable, {}};
  if (password == "banned") return Admission{Reason::not_authorized, {}};
  if (password != "secret") return Admission{Reason::bad_credentials, {}};
  return Admission{Reason::success, {number_of(newcomer.words.user.value_or("")), nullptr}};
}

void Desk::opened(ConnectionId connection, const Device&) {
  const std::lock_guard lock(mutex);
  open.push_back(connection);
  note();
}

void Desk::closed(ConnectionId connection, const Device&, mqtt::Why why) {
  const std::lock_guard lock(mutex);
  gone[connection] = why;
  note();
}

std::optional<Reason> Desk::publish(const Incoming& message) {
  const std::lock_guard lock(mutex);
  ++counted;
  if (remember)
    heard.push_back({message.connection, message.device.number, std::string(message.topic),
                     std::string(message.payload), message.ticket, message.qos});
  note();
  if (!message.topic.starts_with("v1/")) return Reason::not_authorized;
  if (message.payload.starts_with('?')) return Reason::payload_format_invalid;
  if (!hold) return Reason::success;
  if (message.qos > 0) held.push_back({message.connection, message.ticket, Reason::success});
  return std::nullopt;
}

Reason Desk::subscribe(ConnectionId, const Device&, std::string_view filter, std::uint8_t qos) {
  const std::lock_guard lock(mutex);
  filters.emplace_back(filter);
  note();
  return filter.starts_with("v1/") ? static_cast<Reason>(qos) : Reason::not_authorized;
}

void Desk::unsubscribed(ConnectionId, const Device&, std::string_view filter) {
  const std::lock_guard lock(mutex);
  filters.push_back("-" + std::string(filter));
  note();
}

void Desk::delivered(ConnectionId, std::uint64_t cookie, Delivery delivery) {
  const std::lock_guard lock(mutex);
  deliveries[cookie] = delivery;
  note();
}

void Desk::batch_end(unsigned) {
  const std::lock_guard lock(mutex);
  ++batches;
  note();
}

std::vector<Desk::Heard> Desk::all() {
  const std::lock_guard lock(mutex);
  return heard;
}

std::size_t Desk::count() {
  const std::lock_guard lock(mutex);
  return counted;
}

std::vector<Ack> Desk::take_held() {
  const std::lock_guard lock(mutex);
  return std::exchange(held, {});
}

namespace {
Config any_port(Config config) {
  config.port = 0;
  config.tls_port = 0;
  return config;
}
}  // namespace

Porch::Porch(Config config) : server(any_port(std::move(config)), desk, steady) {
  server.start();
}
Porch::~Porch() {
  server.stop(Duration{0});
}

void Porch::advance(Duration d) {
  steady.advance(d);
  server.nudge();
}

std::uint64_t Porch::refused(Why why) const {
  const auto counters = server.counters();
  const auto found = counters.refused.find("mqtt." + std::string(name(why)));
  return found == counters.refused.end() ? 0 : found->second;
}

void Porch::commit() {
  server.acknowledge(desk.take_held());
}

}  // namespace lifang
