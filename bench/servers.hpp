// Servers for benchmarks: child processes, free ports, one HTTP connection. For programs of one file in this folder.
#pragma once
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "node.hpp"
#include "rooms/accounts/accounts_first.hpp"

namespace lifang::bench {

inline constexpr char kPassword[] = "bench-password-1";

inline int dial(std::uint16_t port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return descriptor;
  }
  ::close(descriptor);
  return -1;
}

/// A port that nobody has now.
inline std::uint16_t free_port() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(descriptor, reinterpret_cast<sockaddr*>(&address), size) != 0) throw std::runtime_error("no port");
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(descriptor);
  return ntohs(address.sin_port);
}

/// A child that is killed with its object.
class Child {
 public:
  explicit Child(const std::vector<std::string>& words) {
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    std::fflush(stdout);  // else the child prints it again
    pid_ = ::fork();
    if (pid_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (!std::freopen("/dev/null", "w", stdout) || !std::freopen("/dev/null", "w", stderr)) ::_exit(126);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  ~Child() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  /// Resident bytes now.
  std::size_t resident() const {
    std::ifstream file(fmt::format("/proc/{}/statm", pid_));
    std::size_t whole = 0, pages = 0;
    file >> whole >> pages;
    return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  }

 private:
  pid_t pid_ = 0;
};

inline bool wait_for(std::uint16_t port) {
  for (int i = 0; i < 300; ++i) {
    if (const int descriptor = dial(port); descriptor >= 0) {
      ::close(descriptor);
      return true;
    }
    ::usleep(100'000);
  }
  return false;
}

/// One keep-alive connection, one request after the other.
class Http {
 public:
  explicit Http(std::uint16_t port) : descriptor_(dial(port)) {}
  ~Http() { ::close(descriptor_); }
  Http(const Http&) = delete;
  Http& operator=(const Http&) = delete;

  /// The status and the body.
  std::pair<int, std::string> ask(const char* method, const std::string& path, const std::string& body = {}) {
    const std::string text =
        fmt::format("{} /api/v1/{} HTTP/1.1\r\nHost: localhost\r\n{}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                    method, path, token_.empty() ? "" : "Authorization: Bearer " + token_ + "\r\n", body.size(), body);
    if (::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size()))
      throw std::runtime_error("the server has hung up");
    std::string answer;
    char part[16384];
    std::size_t whole = std::string::npos, head = 0;
    while (answer.size() < whole) {
      const ssize_t n = ::recv(descriptor_, part, sizeof part, 0);
      if (n <= 0) throw std::runtime_error("the server has hung up");
      answer.append(part, static_cast<std::size_t>(n));
      if (whole != std::string::npos || (head = answer.find("\r\n\r\n")) == std::string::npos) continue;
      const auto length = answer.find("Content-Length: ");
      whole = head + 4 + (length < head ? std::strtoul(answer.c_str() + length + 16, nullptr, 10) : 0);
    }
    return {std::atoi(answer.c_str() + 9), answer.substr(head + 4)};
  }
  void must(const char* method, const std::string& path, const std::string& body = {}) {
    const auto [status, text] = ask(method, path, body);
    if (status >= 300) throw std::runtime_error(fmt::format("{} {}: {} {}", method, path, status, text));
  }
  void sign_in() {
    for (int i = 0; i < 20; ++i) {
      const auto [status, text] =
          ask("POST", "sessions", fmt::format(R"({{"login":"admin","password":"{}"}})", kPassword));
      if (const auto at = text.find("\"token\":\""); status < 300 && at != std::string::npos) {
        token_ = text.substr(at + 9, text.find('"', at + 9) - at - 9);
        return;
      }
      ::usleep(500'000);  // the first account is made a moment after the port opens
    }
    throw std::runtime_error("admin cannot sign in");
  }

  const std::string& token() const { return token_; }

 private:
  int descriptor_;
  std::string token_;
};

inline std::string option(int argc, char** argv, std::string_view name, const char* otherwise) {
  for (int i = 1; i + 1 < argc; ++i)
    if (argv[i] == name) return argv[i + 1];
  return otherwise;
}

inline void open_many_files() {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

/// Fills a node's folder through the rooms' doors before a node is started on it.
template <class Fn>
void furnish(const std::filesystem::path& directory, Fn&& fn) {
  const config::Config config;
  RealClock clock;
  RealIds ids(clock);
  World world{clock, ids};
  std::filesystem::create_directories(directory);
  const auto database = open_database(config, directory, clock.now());
  House house(plan_of(config, directory, ids), *database, world);
  house.open();
  accounts::make_first_admin(house.accounts, house.lane, world, directory, Secret(std::string(kPassword)));
  fn(house);
  house.lane.settle();
}

/// A folder that goes away; not under /tmp, which may be memory.
class Folder {
 public:
  Folder() {
    if (::mkdtemp(name_) == nullptr) throw std::runtime_error("no folder in /var/tmp");
  }
  ~Folder() { std::filesystem::remove_all(name_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::filesystem::path path() const { return name_; }

 private:
  char name_[32] = "/var/tmp/lifang-bench-XXXXXX";
};

}  // namespace lifang::bench
