#include "support/postgres_line.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string_view>

namespace lifang {
namespace {

/// NoticeResponse: WARNING 57P02. The literal's own zero ends the message.
constexpr char kLastWord[] = "N\0\0\0\x1cSWARNING\0C57P02\0Mgoing\0";

constexpr char kName[] = "/.s.PGSQL.5432";

sockaddr_un address_of(const std::string& directory) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = directory + kName;
  std::memcpy(address.sun_path, path.data(), std::min(path.size(), sizeof address.sun_path - 1));
  return address;
}

void send_all(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

std::uint32_t length_at(const std::string& bytes, std::size_t at) {
  std::uint32_t n = 0;
  for (std::size_t i = 0; i < 4; ++i) n = n << 8 | static_cast<unsigned char>(bytes[at + i]);
  return n;
}

/// Reads the server's answer away, up to its ReadyForQuery.
void swallow_answer(int server) {
  std::string bytes;
  char buffer[4096];
  for (;;) {
    const auto n = ::recv(server, buffer, sizeof buffer, 0);
    if (n <= 0) return;
    bytes.append(buffer, static_cast<std::size_t>(n));
    while (bytes.size() >= 5 && bytes.size() > length_at(bytes, 1)) {
      if (bytes[0] == 'Z') return;
      bytes.erase(0, length_at(bytes, 1) + 1);
    }
  }
}

}  // namespace

PostgresLine::PostgresLine(std::string server) : server_(std::move(server)) {
  char pattern[] = "/tmp/lifang-line-XXXXXX";
  directory_ = ::mkdtemp(pattern);
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = address_of(directory_);
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || ::listen(listener_, 16) != 0)
    throw std::runtime_error("cannot listen in " + directory_);
  acceptor_ = std::thread([this] { accept_all(); });
}

PostgresLine::~PostgresLine() {
  stop_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  for (std::thread& line : lines_) line.join();
  std::filesystem::remove_all(directory_);
}

void PostgresLine::accept_all() {
  while (!stop_) {
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client >= 0) lines_.emplace_back([this, client] { pass_on(client); });
  }
}

bool PostgresLine::hand_up(std::string& bytes, int client, int server, bool& greeted) {
  // The greeting has no letter before its length; every message after it has.
  while (bytes.size() >= (greeted ? 5U : 4U)) {
    const std::size_t size = length_at(bytes, greeted ? 1 : 0) + (greeted ? 1U : 0U);
    if (bytes.size() < size) return true;
    const std::string message = bytes.substr(0, size);
    bytes.erase(0, size);
    const bool commit = greeted && message[0] == 'Q' && std::string_view(message).substr(5) == std::string_view("COMMIT\0", 7);
    greeted = true;
    const Cut cut = commit ? cut_.exchange(Cut::none) : Cut::none;
    if (cut != Cut::none) ++cuts_;
    if (cut == Cut::before) return false;
    send_all(server, message);
    if (cut != Cut::none) {
      swallow_answer(server);
      if (cut == Cut::after_a_word) send_all(client, {kLastWord, sizeof kLastWord});
      return false;
    }
  }
  return true;
}

void PostgresLine::pass_on(int client) {
  const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = address_of(server_);
  bool open = ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  bool greeted = false;
  std::string up;
  char buffer[16384];
  while (open && !stop_) {
    pollfd ends[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    if (::poll(ends, 2, 100) <= 0) continue;
    if (ends[0].revents) {
      const auto n = ::recv(client, buffer, sizeof buffer, 0);
      if (n <= 0) break;
      up.append(buffer, static_cast<std::size_t>(n));
      open = hand_up(up, client, server, greeted);
    }
    if (open && ends[1].revents) {
      const auto n = ::recv(server, buffer, sizeof buffer, 0);
      if (n <= 0) break;
      send_all(client, {buffer, static_cast<std::size_t>(n)});
    }
  }
  ::close(server);
  ::close(client);
}

}  // namespace lifang
