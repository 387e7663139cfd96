#include "vision/sim_node.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

namespace lifang::vision::sim {

Node::Node(Answer answer) : answer_(std::move(answer)) {
  listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  if (::bind(listening_, reinterpret_cast<const sockaddr*>(&at), size) != 0 || ::listen(listening_, 16) != 0 ||
      ::getsockname(listening_, reinterpret_cast<sockaddr*>(&at), &size) != 0)
    throw std::runtime_error("no port to listen on");
  port_ = ntohs(at.sin_port);
  thread_ = std::thread([this] { run(); });
}

Node::~Node() {
  ::shutdown(listening_, SHUT_RDWR);
  thread_.join();
  ::close(listening_);
}

std::string Node::url() const { return fmt::format("http://127.0.0.1:{}", port_); }

bool Node::until(const std::function<bool(const std::vector<Asked>&)>& enough) const {
  std::unique_lock lock(mutex_);
  return more_.wait_for(lock, std::chrono::seconds(20), [&] { return enough(asked_); });
}

std::vector<Node::Asked> Node::asked() const {
  const std::lock_guard lock(mutex_);
  return asked_;
}

std::size_t Node::count(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::count_if(asked_.begin(), asked_.end(), [&](const Asked& a) { return a.path == path; }));
}

void Node::run() {
  for (int connection = -1; (connection = ::accept(listening_, nullptr, nullptr)) >= 0;) {
    serve(connection);
    ::close(connection);
  }
}

/// One request a connection.
void Node::serve(int connection) {
  std::string text;
  std::size_t head = std::string::npos, length = 0;
  while (head == std::string::npos || text.size() < head + 4 + length) {
    char bytes[4096];
    const ssize_t got = ::recv(connection, bytes, sizeof bytes, 0);
    if (got <= 0) return;
    text.append(bytes, static_cast<std::size_t>(got));
    if (head != std::string::npos || (head = text.find("\r\n\r\n")) == std::string::npos) continue;
    std::string words = text.substr(0, head);
    std::transform(words.begin(), words.end(), words.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (const auto at = words.find("content-length:"); at != std::string::npos) length = std::stoul(words.substr(at + 15));
  }
  const std::size_t space = text.find(' '), end = text.find(' ', space + 1);
  const Asked asked{text.substr(0, space), text.substr(space + 1, end - space - 1), text.substr(head + 4)};
  const auto [status, body] = answer_(asked);
  const std::string reply = fmt::format("HTTP/1.1 {} Said\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
                                        status, body.size(), body);
  ::send(connection, reply.data(), reply.size(), MSG_NOSIGNAL);
  {
    const std::lock_guard lock(mutex_);
    asked_.push_back(asked);
  }
  more_.notify_all();
}

}  // namespace lifang::vision::sim
