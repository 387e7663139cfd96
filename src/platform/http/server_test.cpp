#include "platform/http/server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <thread>

#include "base/check.hpp"
#include "base/refusal.hpp"
#include "support/fake_world.hpp"

namespace lifang::http {
namespace {

using namespace std::chrono_literals;

constexpr int patience_ms = 10'000;  // only a broken server ever uses it up

/// A client that says exactly what the test wants, right or wrong.
class Raw {
 public:
  explicit Raw(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connect(reinterpret_cast<const sockaddr*>(&to), sizeof to);
  }
  explicit Raw(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    path.copy(to.sun_path, sizeof to.sun_path - 1);
    connect(reinterpret_cast<const sockaddr*>(&to), sizeof to);
  }
  Raw(Raw&& other) noexcept : socket_(std::exchange(other.socket_, -1)), text_(std::move(other.text_)) {}
  ~Raw() { ::close(socket_); }

  bool connected() const { return connected_; }
  Raw& say(std::string_view text) {
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
    while (receive()) {}
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
    while (text_.size() < length && receive()) {}
    return head + take(std::min(length, text_.size()));
  }
  bool readable() const {
    pollfd one{socket_, POLLIN, 0};
    return ::poll(&one, 1, 0) > 0;
  }

 private:
  void connect(const sockaddr* to, socklen_t size) { connected_ = ::connect(socket_, to, size) == 0; }
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

int status_of(std::string_view answer) {
  return answer.starts_with("HTTP/1.1 ") ? std::stoi(std::string(answer.substr(9, 3))) : 0;
}

std::string body_of(std::string_view answer) {
  const auto at = answer.find("\r\n\r\n");
  return at == answer.npos ? "" : std::string(answer.substr(at + 4));
}

/// Says back what it understood.
Response echo(const Request& request) {
  Response response;
  response.content_type = "text/plain";
  response.body = fmt::format("{} {} [{}] {}", request.method, request.path, request.body, request.remote_address);
  for (const auto& [name, value] : request.query) response.body += fmt::format(" {}={}", name, value);
  return response;
}

Config quiet_config() {
  Config config;
  config.sweep_every = 0ms;  // time passes when the test says so
  return config;
}

class HttpServer : public testing::Test {
 protected:
  Server& serve(Config config, Handler handler) {
    server_ = std::make_unique<Server>(std::move(config), world_.clock, std::move(handler));
    return *server_;
  }
  Server& serve_echo(Config config = quiet_config()) {
    return serve(std::move(config), [](Request&& request, Responder responder) { responder.answer(echo(request)); });
  }
  Raw connect() { return Raw(server_->port()); }
  std::string ask(std::string_view text) { return connect().say(text).answer(); }

  FakeWorld world_;
  std::unique_ptr<Server> server_;
};

TEST_F(HttpServer, answers_and_keeps_the_connection) {
  serve_echo();
  Raw client = connect();
  const std::string first = client.say("GET /a%20b/%E9%87%8C?x=1&y=%E5%9D%8A+z HTTP/1.1\r\nHost: h\r\n\r\n").answer();
  EXPECT_EQ(status_of(first), 200);
  EXPECT_EQ(body_of(first), "GET /a b/里 [] 127.0.0.1 x=1 y=坊 z");
  EXPECT_NE(first.find("Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n"), first.npos) << first;
  EXPECT_EQ(first.find("Server:"), first.npos);
  EXPECT_EQ(first.find("Connection:"), first.npos);
  const std::string second = client.say("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello").answer();
  EXPECT_EQ(body_of(second), "POST /p [hello] 127.0.0.1");
  EXPECT_EQ(server_->counters().connections, 1u);
  EXPECT_EQ(server_->counters().requests, 2u);
}

TEST_F(HttpServer, answers_pipelined_requests_in_order) {
  std::mutex mutex;
  std::vector<std::thread> workers;
  serve(quiet_config(), [&](Request&& request, Responder responder) {
    const std::lock_guard lock(mutex);
    workers.emplace_back([request = std::move(request), responder = std::move(responder)]() mutable {
      responder.answer(echo(request));
    });
  });
  Raw client = connect();
  std::string all;
  for (int i = 0; i < 100; ++i)
    all += fmt::format("POST /{} HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{:02}", i, i);
  client.say(all);
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(body_of(client.answer()), fmt::format("POST /{} [{:02}] 127.0.0.1", i, i));
  for (std::thread& worker : workers) worker.join();
}

TEST_F(HttpServer, reads_a_request_that_comes_byte_by_byte) {
  serve_echo();
  Raw client = connect();
  constexpr std::string_view request =
      "\r\nPOST /slow HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5;x=\"y\"\r\nhello\r\n6\r\n world\r\n"
      "0\r\nX-Trailer: no\r\n\r\n";
  for (const char c : request) client.say({&c, 1});
  EXPECT_EQ(body_of(client.answer()), "POST /slow [hello world] 127.0.0.1");
  EXPECT_EQ(body_of(client.say("GET /next HTTP/1.1\r\nHost: h\r\n\r\n").answer()), "GET /next [] 127.0.0.1");
}

TEST_F(HttpServer, leaves_out_the_body_for_HEAD) {
  serve_echo();
  Raw client = connect();
  const std::string head = client.say("HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n").until("\r\n\r\n");
  EXPECT_NE(head.find("Content-Length: 20\r\n"), head.npos) << head;
  EXPECT_EQ(body_of(client.say("GET /y HTTP/1.1\r\nHost: h\r\n\r\n").answer()), "GET /y [] 127.0.0.1");
}

}  // namespace
}  // namespace lifang::http
