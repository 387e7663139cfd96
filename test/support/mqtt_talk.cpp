#include "support/mqtt_talk.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <stdexcept>

#include "support/wire.hpp"

namespace lifang {
namespace {

/// A server that says nothing fails the test after this; nothing waits so long when all is well.
constexpr int kPatienceMs = 10'000;

std::size_t number_in(std::string_view text) {
  std::size_t n = 0;
  std::from_chars(text.data(), text.data() + text.size(), n);
  return n;
}

}  // namespace

struct Talk::Secure {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL* ssl = SSL_new(context);
  ~Secure() {
    SSL_free(ssl);
    SSL_CTX_free(context);
  }
};

Talk::Talk(Porch& porch, bool tls) : porch_(porch) {
  descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(tls ? porch.server.tls_port() : porch.server.port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("cannot connect");
  const timeval patience{kPatienceMs / 1000, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (!tls) return;
  secure_ = new Secure;
  SSL_set_fd(secure_->ssl, descriptor_);
  if (SSL_connect(secure_->ssl) != 1) throw std::runtime_error("no TLS handshake");
}

Talk::~Talk() {
  delete secure_;
  hang_up();
}

void Talk::hang_up() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

void Talk::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const long n = secure_ ? SSL_write(secure_->ssl, bytes.data(), static_cast<int>(bytes.size()))
                           : ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return;  // the server has closed; what it said before still counts
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

long Talk::read_some(char* to, std::size_t room) {
  if (!secure_) return ::recv(descriptor_, to, room, 0);
  const int n = SSL_read(secure_->ssl, to, static_cast<int>(room));
  ERR_clear_error();
  return n < 0 ? 0 : n;
}

std::string Talk::read(std::size_t n) {
  std::string bytes(n, '\0');
  std::size_t got = 0;
  while (got < n) {
    const long more = read_some(bytes.data() + got, n - got);
    if (more <= 0) break;
    got += static_cast<std::size_t>(more);
  }
  bytes.resize(got);
  return bytes;
}

std::string Talk::read_all() {
  std::string all;
  char chunk[4096];
  while (true) {
    const long n = read_some(chunk, sizeof chunk);
    if (n <= 0) break;
    all.append(chunk, static_cast<std::size_t>(n));
  }
  return all;
}

bool Talk::step(std::string_view line) {
  if (line.starts_with("> ")) {
    send(wire(line.substr(2)));
  } else if (line == "< closed") {
    const std::string rest = read_all();
    EXPECT_EQ(hex(rest), "") << "instead of: " << line;
    return rest.empty();
  } else if (line.starts_with("< ")) {
    const std::string wanted = wire(line.substr(2));
    const std::string got = read(wanted.size());
    EXPECT_EQ(hex(got), hex(wanted)) << "instead of: " << line;
    return got == wanted;
  } else if (line == "hold") {
    porch_.desk.hold = true;
  } else if (line == "commit") {
    porch_.commit();
  } else if (line.starts_with("wait ")) {
    const std::size_t n = number_in(line.substr(5));
    const bool heard = porch_.desk.wait([&] { return porch_.desk.counted >= n; });
    EXPECT_TRUE(heard) << line << ": heard only " << porch_.desk.counted;
    return heard;
  } else if (line.starts_with("advance ")) {
    porch_.advance(Duration{static_cast<std::int64_t>(number_in(line.substr(8)))});
  } else if (line == "hang up") {
    hang_up();
  } else {
    ADD_FAILURE() << "no such step: " << line;
    return false;
  }
  return true;
}

void Talk::hold(std::string_view script) {
  while (!script.empty()) {
    const std::size_t end = std::min(script.find('\n'), script.size());
    std::string_view line = script.substr(0, end);
    script.remove_prefix(std::min(end + 1, script.size()));
    while (line.starts_with(' ')) line.remove_prefix(1);
    while (line.ends_with(' ')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    if (!step(line)) return;
  }
}

void hold_talk(std::string_view script) {
  Porch porch;
  Talk(porch).hold(script);
}

}  // namespace lifang
