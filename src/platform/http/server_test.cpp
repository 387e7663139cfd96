#include "platform/http/server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <thread>

#include "base/check.hpp"
#include "base/refusal.hpp"
#include "platform/http/client.hpp"
#include "support/certificate.hpp"
#include "support/fake_world.hpp"
#include "support/raw_client.hpp"

namespace lifang::http {
namespace {

using namespace std::chrono_literals;

/// Says back what it understood.
Response echo(const Request& request) {
  Response response;
  response.content_type = "text/plain";
  response.body = fmt::format("{} {} [{}] {}", request.method, request.path, request.body,
                              request.remote_address);
  for (const auto& [name, value] : request.query)
    response.body += fmt::format(" {}={}", name, value);
  return response;
}

Config quiet_config() {
  Config config;
  config.sweep_every = 0ms;  // time passes when the test says so
  return config;
}

class HttpServer : public testing::Test {
 protected:
  Server& serve(Config config, OnRequest handler) {
    server_ = std::make_unique<Server>(std::move(config), world_.clock, std::move(handler));
    return *server_;
  }
  Server& serve_echo(Config config = quiet_config()) {
    return serve(std::move(config),
                 [](Request&& request, Responder responder) { responder.answer(echo(request)); });
  }
  RawClient connect() { return RawClient(server_->port()); }
  std::uint64_t refused(const std::string& code) {
    const auto all = server_->counters().refused;
    return all.contains(code) ? all.at(code) : 0;
  }
  /// Lets time pass in steps until the client hears something.
  void sweep_until_heard(const RawClient& client, Duration step) {
    for (int i = 0; i < 1000 && !client.readable(); ++i) server_->sweep(step);
    ASSERT_TRUE(client.readable());
  }
  /// A place of its own for sockets and bodies.
  static std::string directory() {
    const auto path = std::filesystem::temp_directory_path() /
                      fmt::format("lifang-http-{}-{}", ::getpid(),
                                  testing::UnitTest::GetInstance()->random_seed());
    std::filesystem::create_directories(path);
    return path.string();
  }
  std::string ask(std::string_view text) { return connect().say(text).answer(); }

  FakeWorld world_;
  std::unique_ptr<Server> server_;
};

TEST_F(HttpServer, answers_and_keeps_the_connection) {
  serve_echo();
  RawClient client = connect();
  const std::string first =
      client.say("GET /a%20b/%E9%87%8C?x=1&y=%E5%9D%8A+z HTTP/1.1\r\nHost: h\r\n\r\n").answer();
  EXPECT_EQ(status_of(first), 200);
  EXPECT_EQ(body_of(first), "GET /a b/里 [] 127.0.0.1 x=1 y=坊 z");
  EXPECT_NE(first.find("Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n"), first.npos) << first;
  EXPECT_EQ(first.find("Server:"), first.npos);
  EXPECT_EQ(first.find("Connection:"), first.npos);
  const std::string second =
      client.say("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello").answer();
  EXPECT_EQ(body_of(second), "POST /p [hello] 127.0.0.1");
  EXPECT_EQ(server_->counters().connections, 1u);
  EXPECT_EQ(server_->counters().requests, 2u);
}

TEST_F(HttpServer, answers_pipelined_requests_in_order) {
  std::mutex mutex;
  std::vector<std::thread> workers;
  serve(quiet_config(), [&](Request&& request, Responder responder) {
    const std::lock_guard lock(mutex);
    workers.emplace_back(
        [request = std::move(request), responder = std::move(responder)]() mutable {
          responder.answer(echo(request));
        });
  });
  RawClient client = connect();
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
  RawClient client = connect();
  constexpr std::string_view request =
      "\r\nPOST /slow HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
      "chunked\r\n\r\n5;x=\"y\"\r\nhello\r\n6\r\n world\r\n"
      "0\r\nX-Trailer: no\r\n\r\n";
  for (const char c : request) client.say({&c, 1});
  EXPECT_EQ(body_of(client.answer()), "POST /slow [hello world] 127.0.0.1");
  EXPECT_EQ(body_of(client.say("GET /next HTTP/1.1\r\nHost: h\r\n\r\n").answer()),
            "GET /next [] 127.0.0.1");
}

TEST_F(HttpServer, leaves_out_the_body_for_HEAD) {
  serve_echo();
  RawClient client = connect();
  const std::string head = client.say("HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n").until("\r\n\r\n");
  EXPECT_NE(head.find("Content-Length: 20\r\n"), head.npos) << head;
  EXPECT_EQ(body_of(client.say("GET /y HTTP/1.1\r\nHost: h\r\n\r\n").answer()),
            "GET /y [] 127.0.0.1");
}

TEST_F(HttpServer, refuses_a_large_body_before_it_comes_and_by_route) {
  Config config = quiet_config();
  config.max_body = 100;
  config.body_room = [](std::string_view method, std::string_view path) -> Config::BodyRoom {
    return {method == "PUT" && path == "/files/a" ? 1000U : 10U, false};
  };
  serve_echo(config);
  const std::string refused_answer =
      connect()
          .say("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n")
          .rest();
  EXPECT_EQ(status_of(refused_answer), 413) << refused_answer;
  EXPECT_EQ(
      body_of(refused_answer),
      R"({"status":413,"code":"http.too_large","detail":"the body is larger than accepted here"})");
  EXPECT_NE(refused_answer.find("Content-Type: application/problem+json\r\n"), std::string::npos);
  EXPECT_NE(refused_answer.find("Connection: close\r\n"), std::string::npos);
  EXPECT_EQ(refused("http.too_large"), 1u);
  const std::string body(1000, 'b');
  EXPECT_EQ(
      status_of(ask("PUT /files/%61 HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n" + body)),
      200);
  // Megabytes on their way do not hide the answer: the server swallows them before it closes.
  RawClient eager = connect();
  eager.say("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\n" +
            std::string(2'000'000, 'x'));
  EXPECT_EQ(status_of(eager.rest()), 413);
}

TEST_F(HttpServer, answers_bad_words_with_problems_and_closes) {
  Config config = quiet_config();
  config.max_header = 1024;
  serve_echo(config);
  const struct {
    std::string text;
    int status;
    std::string code;
  } table[] = {
      {"GET /../etc HTTP/1.1\r\nHost: h\r\n\r\n", 400, "http.bad_target"},
      {"GET / HTTP/1.1\nHost: h\n\n", 400, "http.bad_request"},
      {"GET / HTTP/1.1\r\n\r\n", 400, "http.bad_host"},
      {"GET /" + std::string(2000, 'x'), 414, "http.target_too_long"},
      {"GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(2000, 'x'), 431, "http.header_too_large"},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400,
       "http.bad_body"},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
       "http.bad_request"},
  };
  for (const auto& [text, status, code] : table) {
    const std::string answer = connect().say(text).rest();
    EXPECT_EQ(status_of(answer), status) << text;
    EXPECT_NE(answer.find("\"code\":\"" + code + '"'), std::string::npos) << answer;
    EXPECT_GE(refused(code), 1u);
  }
  EXPECT_EQ(server_->counters().requests, 0u);
}

TEST_F(HttpServer, says_continue_only_when_it_is_waited_for) {
  serve_echo();
  RawClient client = connect();
  client.say("POST /c HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n");
  EXPECT_EQ(client.until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(body_of(client.say("ok").answer()), "POST /c [ok] 127.0.0.1");
  client.say("POST /d HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nok");
  EXPECT_EQ(status_of(client.answer()), 200);
}

TEST_F(HttpServer, closes_for_old_clients_and_those_who_ask) {
  serve_echo();
  EXPECT_NE(connect().say("GET / HTTP/1.0\r\n\r\n").rest().find("Connection: close"),
            std::string::npos);
  EXPECT_EQ(
      status_of(connect().say("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").rest()),
      200);
  RawClient old = connect();
  EXPECT_NE(old.say("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                .answer()
                .find("Connection: keep-alive"),
            std::string::npos);
  EXPECT_EQ(status_of(old.say("GET / HTTP/1.0\r\n\r\n").rest()), 200);
  RawClient half = connect();  // says all and shuts its own half, as netcat does
  half.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n").finish();
  EXPECT_EQ(status_of(half.rest()), 200);
}

TEST_F(HttpServer, times_out_slow_heads_bodies_and_idlers) {
  serve_echo();
  RawClient loris = connect();
  loris.say("GET / HTTP/1.1\r\nHost: h\r\nX-Drip");
  sweep_until_heard(loris, 11s);
  const std::string told = loris.rest();
  EXPECT_TRUE(told.empty() || status_of(told) == 408)
      << told;  // empty: cut before the first byte was seen

  RawClient again = connect();
  again.say("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(status_of(again.answer()), 200);
  RawClient body = connect();  // the 100 proves that the head has been read
  body.say("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(status_of(body.until("\r\n\r\n")), 100);
  body.say("x");
  server_->sweep(29s);
  EXPECT_FALSE(body.readable());
  sweep_until_heard(body, 2s);
  EXPECT_EQ(status_of(body.rest()), 408);
  EXPECT_EQ(refused("http.timeout"), 1u + (told.empty() ? 0u : 1u));
  sweep_until_heard(again, 75s);
  EXPECT_EQ(again.rest(), "") << "an idle connection is closed without a word";
}

TEST_F(HttpServer, cuts_a_client_that_never_reads_its_answer) {
  const auto page = std::make_shared<const std::string>(64 * 1024 * 1024, 'p');
  serve(quiet_config(), [&](Request&&, Responder responder) {
    responder.answer({200, "text/plain", {}, page, {}});
  });
  RawClient client = connect();
  client.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  client.until("\r\n\r\n");
  server_->sweep(29s);
  EXPECT_EQ(refused("http.slow_reader"), 0u);
  for (int i = 0; i < 100 && server_->counters().connections_now > 0; ++i) server_->sweep(31s);
  EXPECT_EQ(refused("http.slow_reader"), 1u);
  EXPECT_EQ(page.use_count(), 1) << "its bytes are let go";
}

TEST_F(HttpServer, answers_for_those_who_forget_throw_or_inject) {
  serve(quiet_config(), [](Request&& request, Responder responder) {
    if (request.path == "/forget") return;
    if (request.path == "/refuse") throw invalid("rooms.bad", "/a", "no");
    if (request.path == "/throw") throw std::runtime_error("secret");
    responder.answer({200, "text/plain", "x", {}, {{"Location", "/a\r\nSet-Cookie: evil=1"}}});
    EXPECT_THROW(responder.answer({}), Bug);
  });
  RawClient client = connect();
  const auto get = [&](std::string_view path) {
    return client.say(fmt::format("GET {} HTTP/1.1\r\nHost: h\r\n\r\n", path)).answer();
  };
  EXPECT_NE(get("/forget").find("http.unanswered"), std::string::npos);
  EXPECT_EQ(body_of(get("/refuse")),
            R"({"status":422,"code":"rooms.bad","field":"/a","detail":"no"})");
  EXPECT_EQ(body_of(get("/throw")), R"({"status":500,"code":"http.internal"})");
  EXPECT_EQ(body_of(get("/inject")), R"({"status":500,"code":"http.internal"})");
  EXPECT_EQ(refused("http.unanswered"), 1u);
  EXPECT_EQ(refused("http.internal"), 2u);
}

TEST_F(HttpServer, a_large_body_stays_in_memory_for_whoever_reads_it_there_alone) {
  Config config = quiet_config();
  config.spill_over = 1000;
  config.spill_directory = directory();
  config.body_room = [](std::string_view, std::string_view) -> Config::BodyRoom { return {10'000, false}; };
  serve(config, [](Request&& request, Responder responder) {
    Response response;
    response.body = fmt::format("{} {}", request.body_file ? "file" : "memory", request.body);
    responder.answer(std::move(response));
  });
  const std::string large(5000, 'L');
  EXPECT_EQ(body_of(ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5000\r\n\r\n" + large)), "memory " + large);
  const std::string chunk = "3e8\r\n" + std::string(1000, 'C') + "\r\n";
  EXPECT_EQ(body_of(ask("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + chunk + "0\r\n\r\n")),
            "memory " + std::string(2000, 'C'));
  std::filesystem::remove_all(config.spill_directory);
}

TEST_F(HttpServer, spills_large_bodies_into_a_file_that_goes_with_its_holder) {
  Config config = quiet_config();
  config.spill_over = 1000;
  config.spill_directory = directory();
  std::string path;
  serve(config, [&](Request&& request, Responder responder) {
    Response response;
    if (request.body_file) {
      path = request.body_file->path();
      std::ifstream file(path, std::ios::binary);
      response.body = fmt::format("file {} ", request.body_file->size());
      response.body.append(std::istreambuf_iterator<char>(file), {});
    } else {
      response.body = "memory " + request.body;
    }
    responder.answer(std::move(response));
  });
  const std::string large(5000, 'L');
  EXPECT_EQ(body_of(ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5000\r\n\r\n" + large)),
            "file 5000 " + large);
  EXPECT_FALSE(std::filesystem::exists(path));
  const std::string chunk = "3e8\r\n" + std::string(1000, 'C') + "\r\n";
  EXPECT_EQ(body_of(ask("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk +
                        chunk + "0\r\n\r\n")),
            "file 2000 " + std::string(2000, 'C'));
  EXPECT_EQ(body_of(ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nok")), "memory ok");
  std::filesystem::remove_all(config.spill_directory);
  EXPECT_EQ(
      status_of(connect().say("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5000\r\n\r\n").rest()),
      507);
}

TEST_F(HttpServer, bounds_the_memory_of_all_bodies_together) {
  Config config = quiet_config();
  config.body_memory = 1000;
  serve_echo(config);
  RawClient first = connect(), second = connect();
  first.say("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 901\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(status_of(first.until("\r\n\r\n")), 100);
  first.say(std::string(900, 'x'));
  while (server_->counters().bytes_in < 900 + 70) std::this_thread::yield();
  EXPECT_EQ(status_of(second
                          .say("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 200\r\n\r\n" +
                               std::string(200, 'y'))
                          .rest()),
            503);
  EXPECT_EQ(status_of(first.say("x").answer()), 200);
  EXPECT_EQ(status_of(ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 200\r\n\r\n" +
                          std::string(200, 'y'))),
            200);
}

TEST_F(HttpServer, turns_away_connections_over_its_number) {
  Config config = quiet_config();
  config.max_connections = 2;
  serve_echo(config);
  RawClient a = connect(), b = connect();
  EXPECT_EQ(status_of(a.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n").answer()), 200);
  EXPECT_EQ(status_of(b.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n").answer()), 200);
  const std::string full = connect().rest();
  EXPECT_EQ(status_of(full), 503);
  EXPECT_EQ(body_of(full).size(), 50u) << "as its Content-Length says";
  EXPECT_EQ(refused("http.too_many_connections"), 1u);
  EXPECT_EQ(status_of(a.say("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").rest()), 200);
  while (server_->counters().connections_now > 1) std::this_thread::yield();
  EXPECT_EQ(status_of(ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n")), 200);
}

TEST_F(HttpServer, speaks_over_a_unix_socket_that_only_its_owner_may_open) {
  Config config = quiet_config();
  const std::string dir = directory();
  config.unix_path = dir + "/lifang.sock";
  config.host.clear();
  serve_echo(config);
  EXPECT_EQ(server_->port(), 0);
  struct stat file {};
  ASSERT_EQ(::stat(config.unix_path.c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0600u);
  Client client("http://localhost", {.unix_path = config.unix_path});
  EXPECT_EQ(client.get("/x").body, "GET /x [] unix");
  server_->stop();
  EXPECT_FALSE(std::filesystem::exists(config.unix_path));
  EXPECT_EQ(client.get("/x").failure, Failure::connect);
  std::filesystem::remove_all(dir);
}

TEST_F(HttpServer, says_why_it_cannot_listen) {
  serve_echo();
  Config config = quiet_config();
  config.port = server_->port();
  const auto serve_nothing = [&](const Config& c) {
    Server second(c, world_.clock, [](Request&&, Responder) {});
  };
  EXPECT_THROW(serve_nothing(config), Refusal);
  config.port = 0;
  config.tls_certificate = "/nowhere.pem";
  EXPECT_THROW(serve_nothing(config), Refusal);
}

TEST_F(HttpServer, speaks_tls_and_changes_its_certificate_while_it_runs) {
  const auto first = Certificate::make("first", "DNS:localhost,IP:127.0.0.1");
  const auto second = Certificate::make("second", "DNS:localhost,IP:127.0.0.1");
  Config config = quiet_config();
  config.tls_certificate = first.certificate;
  config.tls_key = first.key;
  serve(config, [](Request&& request, Responder responder) {
    Response response = echo(request);
    response.body += request.tls ? " tls" : " plain";
    responder.answer(std::move(response));
  });
  const std::string url = fmt::format("https://127.0.0.1:{}", server_->port());
  Client trusting_first(url, {.authorities = first.certificate});
  Client trusting_second(url, {.authorities = second.certificate});
  EXPECT_EQ(trusting_first.get("/a").body, "GET /a [] 127.0.0.1 tls");
  const std::string large(3'000'000, 'T');
  EXPECT_EQ(trusting_first.post("/b", large).body.size(), large.size() + 24);
  EXPECT_EQ(trusting_second.get("/a").failure, Failure::tls);
  EXPECT_THROW(server_->reload_tls(second.certificate, first.key), Refusal);
  server_->reload_tls(second.certificate, second.key);
  EXPECT_EQ(trusting_second.get("/a").status, 200);
  EXPECT_EQ(trusting_first.get("/still").status, 200) << "running connections go on";
  EXPECT_EQ(server_->counters().connections, 3u);
  EXPECT_EQ(connect().say("GET / HTTP/1.1\r\nHost: h\r\n\r\n").rest().find("HTTP"),
            std::string::npos);
  Client wrong_name(fmt::format("https://127.0.0.2:{}", server_->port()),
                    {.authorities = second.certificate});
  EXPECT_NE(wrong_name.get("/").failure, Failure::none);
}

TEST_F(HttpServer, lets_running_requests_finish_when_it_stops) {
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::string, Responder> waiting;  // by path: two threads hear them in any order
  serve(quiet_config(), [&](Request&& request, Responder responder) {
    const std::lock_guard lock(mutex);
    waiting.emplace(request.path, std::move(responder));
    changed.notify_all();
  });
  std::vector<RawClient> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(connect());
    clients.back().say(fmt::format("GET /{} HTTP/1.1\r\nHost: h\r\n\r\n", i));
  }
  std::array idle{connect(), connect()};  // one on each thread
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return waiting.size() == 20; });
  std::thread stopper([&] { server_->stop(Duration{60'000}); });
  for (RawClient& one : idle)
    EXPECT_EQ(one.rest(), "") << "idle connections end first, so here the server is stopping";
  for (int i = 0; i < 19; ++i)
    waiting.at(fmt::format("/{}", i)).answer({200, "text/plain", "done", {}, {}});
  for (std::size_t i = 0; i < 19; ++i) {
    const std::string answer = clients[i].rest();
    EXPECT_EQ(body_of(answer), "done");
    EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  }
  EXPECT_FALSE(RawClient(server_->port()).connected());
  lock.unlock();
  server_->sweep(Duration{60'001});  // the grace is over for the last one
  EXPECT_EQ(clients[19].rest(), "");
  stopper.join();
  waiting.at("/19").answer({200, "text/plain", "too late", {}, {}});
  server_.reset();
}

TEST_F(HttpServer, survives_being_stopped_under_load) {
  for (int round = 0; round < 5; ++round) {
    std::vector<std::thread> workers;
    std::mutex mutex;
    serve({}, [&](Request&& request, Responder responder) {
      const std::lock_guard lock(mutex);
      if (workers.size() < 50)
        workers.emplace_back([r = std::move(responder)]() mutable {
          r.answer({200, "text/plain", "w", {}, {}});
        });
      else
        responder.answer(echo(request));
    });
    std::vector<std::thread> askers;
    for (int i = 0; i < 4; ++i)
      askers.emplace_back([url = fmt::format("http://127.0.0.1:{}", server_->port())] {
        Client client(url);
        while (client.get("/load").good()) {
        }
      });
    while (server_->counters().requests < 200) std::this_thread::yield();
    server_->stop(round % 2 == 0 ? 0ms : 10s);
    for (std::thread& asker : askers) asker.join();
    for (std::thread& worker : workers) worker.join();
  }
}

}  // namespace
}  // namespace lifang::http
