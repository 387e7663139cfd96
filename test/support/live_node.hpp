// A whole node in this process, as `lifang serve` runs it: sockets on ports of the kernel's choice, the real clock.
#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "base/reflect.hpp"
#include "node.hpp"
#include "platform/http/client.hpp"
#include "support/test_database.hpp"

namespace lifang {

class LiveNode {
 public:
  static constexpr const char* kPassword = "correct horse 7";

  /// `config`: what a test wants to be different; ports, costs of passwords and the folder are set here.
  explicit LiveNode(config::Config config = {}) {
    config.http.port = 0;
    config.mqtt.port = 0;
    config.mqtt.tls_port = 0;
    config.accounts.password_passes = 1;
    config.accounts.password_memory_kib = 8;
    secure_ = !config.http.tls_certificate.empty();
    node_ = std::make_unique<Node>(std::move(config), database_.directory(), world_, steady_, Secret(std::string(kPassword)));
  }

  Node& node() { return *node_; }
  House& house() { return node_->house(); }
  World& world() { return world_; }
  std::string directory() const { return database_.directory(); }
  std::string origin() const {
    return (secure_ ? "https://localhost:" : "http://127.0.0.1:") + std::to_string(node_->http_port());
  }

  http::Reply ask(const std::string& method, const std::string& target, const std::string& token = {},
                  const std::string& body = {}, http::Pairs headers = {}) {
    if (!client_) client_ = std::make_unique<http::Client>(origin(), client_config);
    if (!token.empty()) headers.emplace_back("Authorization", "Bearer " + token);
    return client_->request(method, target, headers, body);
  }
  /// @returns the token of the first login
  std::string enter() {
    const auto reply = ask("POST", "/api/v1/sessions", {}, R"({"login":"admin","password":")" + std::string(kPassword) + "\"}");
    EXPECT_EQ(reply.status, 200) << reply.body;
    return std::string(parse_json(reply.body).at("token").as_string());
  }

  http::Client::Config client_config;

 private:
  TestDatabase database_{db::Engine::sqlite};
  RealClock clock_;
  RealSteady steady_;
  RealIds ids_{clock_};
  World world_{clock_, ids_};
  bool secure_ = false;
  std::unique_ptr<Node> node_;
  std::unique_ptr<http::Client> client_;
};

}  // namespace lifang
