// Server-sent events over real sockets: many readers, a slow one, the ends of a stream; and the
// client that reads them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/refusal.hpp"
#include "platform/http/client.hpp"
#include "platform/http/server.hpp"
#include "support/fake_world.hpp"
#include "support/raw_client.hpp"

namespace lifang::http {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view ask_live = "GET /live HTTP/1.1\r\nHost: h\r\n\r\n";

class HttpStream : public testing::Test {
 protected:
  void serve(Config config = {}) {
    config.sweep_every = 0ms;
    server_ =
        std::make_unique<Server>(config, world_.clock, [this](Request&&, Responder responder) {
          Stream stream =
              responder.stream({200, {}, ": hello\n\n", {}, {{"Cache-Control", "no-store"}}});
          stream.on_close([this] { ++closed_; });
          const std::lock_guard lock(mutex_);
          streams_.push_back(std::move(stream));
          changed_.notify_all();
        });
  }
  RawClient connect() { return RawClient(server_->port()); }
  void wait_for_streams(std::size_t n) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return streams_.size() == n; });
  }

  FakeWorld world_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Stream> streams_;
  std::atomic<int> closed_{0};
  std::unique_ptr<Server> server_;  // last: it goes first, while the others still stand
};

TEST_F(HttpStream, one_rendering_reaches_three_hundred_readers_and_a_slow_one_is_cut) {
  constexpr std::size_t readers = 300;
  Config config;
  config.stream_queue = 256 * 1024;
  serve(config);
  std::vector<RawClient> clients;
  for (std::size_t i = 0; i < readers; ++i)
    clients.push_back(connect()), clients.back().say(ask_live);
  wait_for_streams(readers);
  RawClient slow = connect();
  slow.say(ask_live);
  wait_for_streams(readers + 1);
  for (RawClient& client : clients)
    EXPECT_NE(client.until("\n\n").find("text/event-stream"), std::string::npos);
  slow.until(": hello\n\n");  // and never reads again

  const std::string event = "data: " + std::string(20'000, 'e') + "\n\n";
  const auto shared = std::make_shared<const std::string>(event);
  const auto tell_all = [&] {
    for (Stream& stream : streams_) stream.send(shared);
    for (RawClient& client : clients) ASSERT_TRUE(client.until("\n\n") == event);
  };
  for (int i = 0; i < 5; ++i) tell_all();
  int more = 0;  // until the buffers of the kernel are full and the queue is too
  while (streams_.back().send(shared) && more < 100'000) ++more;
  tell_all();
  while (closed_ == 0) std::this_thread::yield();
  EXPECT_EQ(closed_, 1) << "only the slow one, after " << more << " events";
  EXPECT_EQ(server_->counters().refused.at("http.slow_reader"), 1u);
  EXPECT_EQ(server_->counters().streams_now, readers);
  EXPECT_EQ(std::count_if(streams_.begin(), streams_.end(),
                          [](const Stream& one) { return one.closed(); }),
            1);
  server_->stop(Duration{60'000});
  for (RawClient& client : clients) EXPECT_EQ(client.rest(), "");
  EXPECT_EQ(closed_, static_cast<int>(readers) + 1);
  EXPECT_EQ(shared.use_count(), 1);
  EXPECT_FALSE(streams_.front().send(shared));
}

TEST_F(HttpStream, tells_when_the_reader_leaves) {
  serve();
  {
    RawClient client = connect();
    client.say(ask_live);
    wait_for_streams(1);
    client.until(": hello\n\n");
  }
  while (closed_ == 0) std::this_thread::yield();
  EXPECT_TRUE(streams_[0].closed());
  EXPECT_FALSE(streams_[0].send(std::string("data: x\n\n")));
  bool told = false;
  streams_[0].on_close([&] { told = true; });
  EXPECT_TRUE(told) << "late askers are told at once";
}

TEST_F(HttpStream, ends_with_close_or_with_its_last_handle_after_what_is_queued) {
  serve();
  RawClient first = connect(), second = connect();
  first.say(ask_live);
  wait_for_streams(1);
  second.say(ask_live);
  wait_for_streams(2);
  streams_[0].send(std::string("data: 1\n\n"));
  streams_[0].close();
  EXPECT_FALSE(streams_[0].send(std::string("data: 2\n\n")));
  EXPECT_TRUE(first.rest().ends_with(": hello\n\ndata: 1\n\n"));
  streams_[1].send(std::string("data: 3\n\n"));
  {
    const std::lock_guard lock(mutex_);
    streams_.clear();
  }
  EXPECT_TRUE(second.rest().ends_with("data: 3\n\n"));
  while (closed_ < 2) std::this_thread::yield();
}

TEST_F(HttpStream, beats_while_nothing_happens) {
  serve();
  RawClient client = connect();
  client.say(ask_live);
  wait_for_streams(1);
  client.until(": hello\n\n");
  server_->sweep(14s);
  EXPECT_FALSE(client.readable());
  server_->sweep(1s);
  EXPECT_EQ(client.until("\n\n"), ":\n\n");
  server_->sweep(14s);
  EXPECT_FALSE(client.readable());
}

TEST_F(HttpStream, cuts_a_reader_that_takes_nothing_for_long) {
  Config config;
  config.stream_queue = 64 * 1024 * 1024;
  serve(config);
  RawClient client = connect();
  client.say(ask_live);
  wait_for_streams(1);
  ASSERT_TRUE(streams_[0].send(std::string(32 * 1024 * 1024, 'x')));
  for (int i = 0; i < 100 && closed_ == 0; ++i) server_->sweep(31s);
  EXPECT_EQ(closed_, 1);
}

TEST_F(HttpStream, answers_HEAD_with_the_head_alone) {
  serve();
  const std::string answer = connect().say("HEAD /live HTTP/1.1\r\nHost: h\r\n\r\n").rest();
  EXPECT_NE(answer.find("text/event-stream"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
  while (closed_ == 0) std::this_thread::yield();
}

TEST_F(HttpStream, outlives_its_server_without_harm) {
  serve();
  RawClient client = connect();
  client.say(ask_live);
  wait_for_streams(1);
  server_.reset();
  EXPECT_EQ(closed_, 1);
  EXPECT_FALSE(streams_[0].send(std::string("data: x\n\n")));
}

TEST_F(HttpStream, is_read_by_the_client_until_it_has_enough) {
  serve();
  std::thread teller([&] {
    wait_for_streams(1);
    for (int i = 0; i < 3; ++i)
      streams_[0].send(fmt::format("id: {}\nevent: tick\ndata: {{\"n\":{}}}\n\n", i, i));
  });
  Client client(fmt::format("http://127.0.0.1:{}", server_->port()));
  std::string seen;
  const Reply reply = client.events("/live", {}, [&](const Event& event) {
    seen += event.id + event.name + event.data;
    return event.id != "2";
  });
  teller.join();
  EXPECT_EQ(reply.failure, Failure::none);
  EXPECT_EQ(seen, R"(0tick{"n":0}1tick{"n":1}2tick{"n":2})");
}

TEST_F(HttpStream, client_can_be_called_back_from_another_thread) {
  serve();
  Client client(fmt::format("http://127.0.0.1:{}", server_->port()));
  std::thread caller([&] {
    wait_for_streams(1);
    client.cancel();
  });
  EXPECT_EQ(client.events("/live", {}, [](const Event&) { return true; }).failure,
            Failure::cancelled);
  caller.join();
}

/// A server that says exactly what the test wants, once per connection.
class Canned {
 public:
  explicit Canned(std::vector<std::string> answers) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    EXPECT_EQ(::listen(socket_, 8), 0);
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&at), &size);
    port_ = ntohs(at.sin_port);
    thread_ = std::thread([this, answers = std::move(answers)] {
      for (const std::string& answer : answers) {
        const int client = ::accept(socket_, nullptr, nullptr);
        std::array<char, 4096> request;
        if (::recv(client, request.data(), request.size(), 0) > 0)
          ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
        ::close(client);
      }
    });
  }
  ~Canned() {
    thread_.join();
    ::close(socket_);
  }
  std::string url() const { return fmt::format("http://127.0.0.1:{}", port_); }

 private:
  int socket_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

Reply ask(const std::string& answer) {
  const Canned server({answer});
  return Client(server.url(), {.max_answer = 1000}).get("/");
}

TEST(HttpClient, reads_every_kind_of_answer_and_names_what_is_wrong) {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  EXPECT_EQ(ask(ok + "Content-Length: 2\r\n\r\nhi").body, "hi");
  EXPECT_EQ(ask(ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n").body, "hi");
  EXPECT_EQ(ask(ok + "\r\nuntil the end").body, "until the end");
  EXPECT_EQ(ask("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n").status, 204);
  EXPECT_EQ(ask(ok + "ETag: \"x\"\r\nContent-Length: 0\r\n\r\n").header("etag"), "\"x\"");
  EXPECT_EQ(ask(ok + "Content-Length: 20\r\n\r\nhi").failure, Failure::closed);
  EXPECT_EQ(ask(ok + "Content-Length: 2000\r\n\r\nhi").failure, Failure::too_large);
  EXPECT_EQ(ask(ok + "\r\n" + std::string(2000, 'x')).failure, Failure::too_large);
  EXPECT_EQ(ask(ok + "Transfer-Encoding: chunked\r\n\r\nx").failure, Failure::protocol);
  EXPECT_EQ(ask(ok + "Transfer-Encoding: gzip\r\n\r\nx").failure, Failure::protocol);
  EXPECT_EQ(ask("SSH-2.0-server\r\n").failure, Failure::protocol);
  EXPECT_EQ(ask("").failure, Failure::closed);
  EXPECT_EQ(failure_name(Failure::closed), "closed");
}

TEST(HttpClient, opens_a_new_connection_when_the_kept_one_is_gone) {
  const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n";
  const Canned server({answer + "1", answer + "2"});
  Client client(server.url());
  EXPECT_EQ(client.get("/").body, "1");
  EXPECT_EQ(client.get("/").body, "2");
}

TEST(HttpClient, gives_up_in_time) {
  const int silent = ::socket(AF_INET, SOCK_STREAM, 0);  // listens, never answers
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  ASSERT_EQ(::bind(silent, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
  ASSERT_EQ(::listen(silent, 1), 0);
  ::getsockname(silent, reinterpret_cast<sockaddr*>(&at), &size);
  Client client(fmt::format("http://127.0.0.1:{}", ntohs(at.sin_port)), {.timeout = 20ms});
  EXPECT_EQ(client.get("/").failure, Failure::timeout);
  ::close(silent);
  EXPECT_EQ(client.get("/").failure, Failure::connect);
}

TEST(HttpClient, refuses_to_be_sent_inside) {
  for (const char* url : {"http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1",
                          "http://10.0.0.1", "http://2130706433", "http://0x7f.1",
                          "http://169.254.169.254", "http://[::ffff:127.0.0.1]"})
    EXPECT_EQ(Client(url, {.public_only = true}).get("/").failure, Failure::private_address) << url;
  EXPECT_THROW(Client("file:///etc/passwd"), Refusal);
  EXPECT_THROW(Client("http://user:secret@h/"), Refusal);
}

}  // namespace
}  // namespace lifang::http
