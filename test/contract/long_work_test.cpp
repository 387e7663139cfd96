// Long work has a thread of its own: nobody else waits for it, and it ends with the node.
#include <future>
#include <thread>

#include "support/http_house.hpp"

namespace lifang {
namespace {

struct Gate {
  std::promise<void> entered, open;
  std::shared_future<void> opened = open.get_future().share();
  std::atomic<bool> met{false};
};

/// POST /api/v1/long goes in, and comes out when the gate is opened.
void add_long(HttpHouse& ward, Gate& gate) {
  ward.house().routes->post_long<http::Nothing, http::Nothing>(
      "/api/v1/long", http::kAnyLogin, "Long", [&gate](const db::Snapshots& past, const http::Call&, const http::Nothing&) {
        past.read([](Reader&) { return 0; });
        if (!gate.met.exchange(true)) gate.entered.set_value();
        gate.opened.wait();
        past.read([](Reader&) { return 0; });
        return [](Tx&, const http::Call&) { return http::json_response("{}"); };
      });
}

struct Asked {
  Asked(HttpHouse& ward, const std::string& token) {
    reply = std::async(std::launch::async, [origin = ward.origin(), token] {
      http::Client client(origin);
      return client.request("POST", "/api/v1/long", {{"Authorization", "Bearer " + token}}, "{}");
    });
  }
  std::future<http::Reply> reply;
};

TEST(LongWork, leaves_the_workers_to_everybody_else_and_bounds_who_waits) {
  HttpHouse ward;
  Gate gate;
  add_long(ward, gate);
  const auto token = ward.login("root", "admin");
  std::vector<Asked> asked;
  asked.emplace_back(ward, token);
  gate.entered.get_future().wait();
  for (int i = 0; i < 20; ++i) asked.emplace_back(ward, token);
  // More than the workers there are, and still a list is answered.
  EXPECT_EQ(ward.ask("GET", "/api/v1/places", token).status, 200);
  // One is at work and eight wait; the others are turned away at once, and told so.
  for (std::size_t turned = 0; turned < 12; std::this_thread::yield())
    turned += std::erase_if(asked, [](Asked& one) {
      if (one.reply.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return false;
      EXPECT_EQ(HttpHouse::code_of(one.reply.get()), "http.busy");
      return true;
    });
  EXPECT_EQ(asked.size(), 9u);
  gate.open.set_value();
  for (auto& one : asked) EXPECT_EQ(one.reply.get().status / 100, 2);
}

TEST(LongWork, ends_with_the_node) {
  Gate gate;
  std::optional<Asked> asked;
  {
    HttpHouse ward;
    add_long(ward, gate);
    asked.emplace(ward, ward.login("root", "admin"));
    gate.entered.get_future().wait();
    std::thread stop([&] { ward.house().routes->stop(); });
    while (ward.ask("GET", "/api/v1/places").status != 503) std::this_thread::yield();
    gate.open.set_value();
    stop.join();
  }
  const auto reply = asked->reply.get();
  EXPECT_EQ(reply.status, 503) << reply.body;
  EXPECT_EQ(HttpHouse::code_of(reply), "http.stopping");
}

}  // namespace
}  // namespace lifang
