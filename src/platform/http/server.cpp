#include "platform/http/server.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/check.hpp"
#include "base/refusal.hpp"
#include "platform/http/loop.hpp"

namespace lifang::http {
namespace {

using detail::Descriptor;

Refusal cannot_listen(std::string_view where, std::string_view why) {
  return {RefusalKind::unavailable, "http.cannot_listen",
          fmt::format("cannot listen on {}: {}", where, why)};
}

constexpr int socket_flags = SOCK_NONBLOCK | SOCK_CLOEXEC;

Descriptor listen_tcp(const std::string& host, std::uint16_t port) {
  const std::string where = fmt::format("{}:{}", host, port);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int failed =
          ::getaddrinfo(host.c_str(), fmt::format("{}", port).c_str(), &hints, &found))
    throw cannot_listen(where, ::gai_strerror(failed));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> keep(found, ::freeaddrinfo);
  Descriptor socket(::socket(found->ai_family, SOCK_STREAM | socket_flags, 0));
  const int on = 1;
  if (socket.get() < 0 ||
      ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(socket.get(), found->ai_addr, found->ai_addrlen) != 0 ||
      ::listen(socket.get(), SOMAXCONN) != 0)
    throw cannot_listen(where, std::strerror(errno));
  return socket;
}

std::uint16_t bound_port(const Descriptor& socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  check(::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0,
        "a listening socket has a name");
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(address).sin6_port
                                             : reinterpret_cast<sockaddr_in&>(address).sin_port);
}

// The lock on DIR says that no other node is alive, so a socket that is still there is stale.
Descriptor listen_unix(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    throw cannot_listen(path, "the path is too long for a Unix socket");
  std::memcpy(address.sun_path, path.data(), path.size());
  struct stat old {};
  if (::lstat(path.c_str(), &old) == 0 && S_ISSOCK(old.st_mode)) ::unlink(path.c_str());
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | socket_flags, 0));
  // Nobody can connect before listen(), so there is no moment with wider rights.
  if (socket.get() < 0 ||
      ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::chmod(path.c_str(), 0600) != 0 || ::listen(socket.get(), SOMAXCONN) != 0)
    throw cannot_listen(path, std::strerror(errno));
  return socket;
}

}  // namespace

struct Server::Parts {
  Parts(Config config, const Clock& clock, OnRequest handler)
      : shared(std::move(config), clock, std::move(handler)) {}
  detail::Shared shared;
  std::vector<std::unique_ptr<detail::Loop>> loops;
  std::uint16_t port = 0;
  std::uint16_t plain_port = 0;
  std::mutex stop_mutex;
  bool stopped = false;
};

Server::Server(Config config, const Clock& clock, OnRequest handler)
    : parts_(std::make_unique<Parts>(std::move(config), clock, std::move(handler))) {
  const Config& wanted = parts_->shared.config;
  check(wanted.threads > 0, "a server needs a thread");
  check(!wanted.host.empty() || !wanted.unix_path.empty(), "a server listens somewhere");
  const bool tls = !wanted.tls_certificate.empty();
  if (tls) parts_->shared.tls = TlsContext::server(wanted.tls_certificate, wanted.tls_key);
  Descriptor tcp, plain, local;
  if (!wanted.host.empty()) {
    tcp = listen_tcp(wanted.host, wanted.port);
    parts_->port = bound_port(tcp);
  }
  if (tls && wanted.plain_port) {
    plain = listen_tcp(wanted.host, *wanted.plain_port);
    parts_->plain_port = bound_port(plain);
  }
  if (!wanted.unix_path.empty()) local = listen_unix(wanted.unix_path);

  std::vector<detail::Loop*> loops;
  for (std::size_t i = 0; i < wanted.threads; ++i) {
    parts_->loops.push_back(std::make_unique<detail::Loop>(parts_->shared));
    loops.push_back(parts_->loops.back().get());
  }
  if (tcp.get() >= 0) loops.front()->post_listen(std::move(tcp), tls, loops);
  if (plain.get() >= 0) loops.front()->post_listen(std::move(plain), false, loops);
  if (local.get() >= 0) loops.front()->post_listen(std::move(local), false, loops);
  for (detail::Loop* loop : loops) loop->start();
}

Server::~Server() {
  stop(Duration{0});
}

std::uint16_t Server::port() const {
  return parts_->port;
}

std::uint16_t Server::plain_port() const {
  return parts_->plain_port;
}

void Server::reload_tls(const std::string& certificate, const std::string& key) {
  auto fresh = TlsContext::server(certificate, key);
  const std::lock_guard lock(parts_->shared.tls_mutex);
  parts_->shared.tls.swap(fresh);
}

void Server::stop(Duration grace) {
  check(detail::Loop::current() == nullptr, "a handler cannot stop its own server");
  const std::lock_guard lock(parts_->stop_mutex);
  if (std::exchange(parts_->stopped, true)) return;
  for (const auto& loop : parts_->loops) loop->post_stop(grace);
  for (const auto& loop : parts_->loops) loop->join();
  if (!parts_->shared.config.unix_path.empty()) ::unlink(parts_->shared.config.unix_path.c_str());
}

void Server::sweep(Duration passed) {
  for (const auto& loop : parts_->loops) loop->sweep(passed);
}

Counters Server::counters() const {
  Counters sum;
  for (const auto& loop : parts_->loops) {
    const detail::Tally& tally = loop->tally();
    sum.connections += tally.connections;
    sum.connections_now += tally.connections_now;
    sum.requests += tally.requests;
    sum.streams += tally.streams;
    sum.streams_now += tally.streams_now;
    sum.bytes_in += tally.bytes_in;
    sum.bytes_out += tally.bytes_out;
    for (std::size_t i = 0; i < tally.refused.size(); ++i)
      if (const auto n = tally.refused[i].load())
        sum.refused[std::string(detail::refusal_names[i])] += n;
  }
  return sum;
}

}  // namespace lifang::http
