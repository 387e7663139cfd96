#include "platform/mqtt/server.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/check.hpp"
#include "base/refusal.hpp"
#include "platform/mqtt/loop.hpp"

namespace lifang::mqtt {
namespace {

[[noreturn]] void cannot_listen(const std::string& host, std::uint16_t port,
                                const std::string& why) {
  throw Refusal(RefusalKind::unavailable, "mqtt.cannot_listen",
                fmt::format("{}:{}: {}", host, port, why));
}

int try_listen(const addrinfo& address) {
  const int descriptor = ::socket(
      address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, address.ai_protocol);
  if (descriptor < 0) return -1;
  const int on = 1;
  ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(descriptor, address.ai_addr, address.ai_addrlen) == 0 &&
      ::listen(descriptor, 4096) == 0)
    return descriptor;
  const int error = errno;
  ::close(descriptor);
  errno = error;
  return -1;
}

int listen_on(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const std::string service = std::to_string(port);
  const int result =
      ::getaddrinfo(host.empty() ? nullptr : host.c_str(), service.c_str(), &hints, &found);
  if (result != 0) cannot_listen(host, port, ::gai_strerror(result));
  int descriptor = -1;
  for (const addrinfo* at = found; at && descriptor < 0; at = at->ai_next)
    descriptor = try_listen(*at);
  const int error = errno;
  ::freeaddrinfo(found);
  if (descriptor < 0) cannot_listen(host, port, std::strerror(error));
  return descriptor;
}

std::uint16_t bound_port(int descriptor) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.ss_family == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                   : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

void check_limits(const Config& config) {
  check(config.io_threads >= 1 && config.io_threads <= 255, "1 to 255 I/O threads");
  check(config.max_unacknowledged >= 1 && config.max_unacknowledged <= 4096,
        "1 to 4096 unacknowledged publishes");
  check(config.topic_alias_maximum <= 64, "at most 64 topic aliases");
  check(config.max_packet >= 1024 && config.max_packet <= 268'435'460, "1 KiB to 256 MiB a packet");
  check(config.max_connections < (1U << 24), "at most 16 million connections");
}

}  // namespace

Server::Server(Config config, Receiver& receiver, const Steady& steady) {
  check_limits(config);
  hub_ = std::make_unique<Hub>(std::move(config), receiver, steady);
  const Config& limits = hub_->config;
  for (unsigned i = 0; i < limits.io_threads; ++i)
    hub_->loops.push_back(std::make_unique<Loop>(*hub_, i));
  const int plain = listen_on(limits.host, limits.port);
  hub_->loops[0]->listen(plain, false);
  port_ = bound_port(plain);
  if (limits.tls_certificate.empty()) return;
  hub_->tls = Tls::server(limits.tls_certificate, limits.tls_key);
  const int tls = listen_on(limits.host, limits.tls_port);
  hub_->loops[0]->listen(tls, true);
  tls_port_ = bound_port(tls);
}

Server::~Server() {
  stop(Duration{0});
}

void Server::start() {
  check(!running_ && !hub_->stopping, "a server starts once");
  for (const auto& loop : hub_->loops) loop->start();
  running_ = true;
}

std::uint16_t Server::port() const {
  return port_;
}
std::uint16_t Server::tls_port() const {
  return tls_port_;
}

void Server::reload_tls(const std::string& certificate, const std::string& key) {
  auto fresh = Tls::server(certificate, key);
  const std::lock_guard lock(hub_->tls_mutex);
  hub_->tls = std::move(fresh);
}

void Server::admit(ConnectionId connection, Admission admission) {
  Letter letter;
  letter.kind = Letter::Kind::admit;
  letter.to = connection;
  letter.reason = admission.reason;
  letter.device = std::move(admission.device);
  hub_->loops[thread_of(connection)]->post(std::move(letter));
}

void Server::acknowledge(std::span<const Ack> acks) {
  if (acks.empty()) return;
  if (hub_->loops.size() == 1) return hub_->loops[0]->post(acks);
  std::vector<std::vector<Ack>> sorted(hub_->loops.size());
  for (const Ack& ack : acks) sorted[thread_of(ack.connection)].push_back(ack);
  for (std::size_t i = 0; i < sorted.size(); ++i)
    if (!sorted[i].empty()) hub_->loops[i]->post(sorted[i]);
}

void Server::publish(ConnectionId connection, std::string topic, std::string payload,
                     std::uint8_t qos, std::uint64_t cookie) {
  Letter letter;
  letter.kind = Letter::Kind::publish;
  letter.to = connection;
  letter.topic = std::move(topic);
  letter.payload = std::move(payload);
  letter.qos = std::min<std::uint8_t>(qos, 1);
  letter.cookie = cookie;
  hub_->loops[thread_of(connection)]->post(std::move(letter));
}

void Server::close(ConnectionId connection, Reason reason) {
  Letter letter;
  letter.kind = Letter::Kind::close;
  letter.to = connection;
  letter.why = Why::closed_by_server;
  letter.reason = reason;
  hub_->loops[thread_of(connection)]->post(std::move(letter));
}

void Server::close_device(std::uint64_t device, Reason reason) {
  for (const ConnectionId connection : connections_of(device)) close(connection, reason);
}

std::vector<ConnectionId> Server::connections_of(std::uint64_t device) const {
  return hub_->directory.of(device);
}

void Server::pause_reading(bool paused) {
  hub_->paused.store(paused, std::memory_order_release);
  if (!paused) nudge();
}

void Server::nudge() {
  for (const auto& loop : hub_->loops) loop->wake();
}

void Server::stop(Duration grace) {
  if (hub_->stopping) return;
  hub_->grace_ms = grace.count();
  hub_->stopping = true;
  nudge();
  for (const auto& loop : hub_->loops) loop->join();
}

Counters Server::counters() const {
  Counters sum;
  sum.connections_now = hub_->connections.load();
  for (const auto& loop : hub_->loops) {
    const Counts& counts = loop->counts;
    sum.accepted += counts.accepted.get();
    sum.opened += counts.opened.get();
    sum.closed += counts.closed.get();
    sum.packets_in += counts.packets_in.get();
    sum.packets_out += counts.packets_out.get();
    sum.bytes_in += counts.bytes_in.get();
    sum.bytes_out += counts.bytes_out.get();
    for (std::size_t qos = 0; qos < 3; ++qos) sum.publishes[qos] += counts.publishes[qos].get();
    for (std::size_t i = 1; i < kWhys; ++i)
      if (const std::uint64_t n = counts.refused[i].get(); n > 0)
        sum.refused["mqtt." + std::string(name(static_cast<Why>(i)))] += n;
  }
  return sum;
}

std::string Server::trouble() const {
  if (!running_) return "the MQTT listener has not started";
  if (hub_->stopping) return "the MQTT listener has stopped";
  const int error = hub_->cannot_accept;
  if (error == 0) return {};
  return fmt::format("MQTT takes no new connections: {}", std::strerror(error));
}

std::size_t raise_open_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

}  // namespace lifang::mqtt
