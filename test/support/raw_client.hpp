// RawClient: a TCP or Unix client that says exactly what the test wants, right or wrong.
#pragma once
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace lifang::http {

inline constexpr int patience_ms = 10'000;  // only a broken server ever uses it up

class RawClient {
 public:
  explicit RawClient(std::uint16_t port)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connect(reinterpret_cast<const sockaddr*>(&to), sizeof to);
  }
  explicit RawClient(const std::string& path)
      : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    path.copy(to.sun_path, sizeof to.sun_path - 1);
    connect(reinterpret_cast<const sockaddr*>(&to), sizeof to);
  }
  RawClient(RawClient&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), text_(std::move(other.text_)) {}
  ~RawClient() { ::close(socket_); }

  bool connected() const { return connected_; }
  RawClient& say(std::string_view text) {
    while (!text.empty()) {
      const auto n = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (n <= 0) break;
      text.remove_prefix(static_cast<std::size_t>(n));
    }
    return *this;
  }
  void finish() { ::shutdown(socket_, SHUT_WR); }

  /// Everything until the server closes.
  std::string rest() {
    while (receive()) {
    }
    return std::exchange(text_, {});
  }
  /// Up to and with `end`; what came so far if the server closes before.
  std::string until(std::string_view end) {
    std::size_t at = 0;
    while ((at = text_.find(end)) == std::string::npos)
      if (!receive()) return std::exchange(text_, {});
    return take(at + end.size());
  }
  /// One answer with Content-Length.
  std::string answer() {
    std::string head = until("\r\n\r\n");
    const auto at = head.find("Content-Length: ");
    if (at == std::string::npos) return head;
    const std::size_t length = std::stoul(head.substr(at + 16));
    while (text_.size() < length && receive()) {
    }
    return head + take(std::min(length, text_.size()));
  }
  bool readable() const {
    pollfd one{socket_, POLLIN, 0};
    return ::poll(&one, 1, 0) > 0;
  }

 private:
  void connect(const sockaddr* to, socklen_t size) {
    connected_ = ::connect(socket_, to, size) == 0;
  }
  std::string take(std::size_t n) {
    std::string taken = text_.substr(0, n);
    text_.erase(0, n);
    return taken;
  }
  bool receive() {
    pollfd one{socket_, POLLIN, 0};
    if (::poll(&one, 1, patience_ms) <= 0) {
      ADD_FAILURE() << "the server neither answers nor closes; so far: " << text_;
      return false;
    }
    std::array<char, 65536> chunk;
    const auto n = ::recv(socket_, chunk.data(), chunk.size(), 0);
    if (n <= 0) return false;
    text_.append(chunk.data(), static_cast<std::size_t>(n));
    return true;
  }

  int socket_;
  bool connected_ = false;
  std::string text_;
};

inline int status_of(std::string_view answer) {
  return answer.starts_with("HTTP/1.1 ") ? std::stoi(std::string(answer.substr(9, 3))) : 0;
}

inline std::string body_of(std::string_view answer) {
  const auto at = answer.find("\r\n\r\n");
  return at == answer.npos ? "" : std::string(answer.substr(at + 4));
}

}  // namespace lifang::http
