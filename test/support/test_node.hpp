// A whole node with its sockets, on ports of the kernel's choice and a clock that the test moves.
#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/reflect.hpp"
#include "node.hpp"
#include "platform/http/client.hpp"
#include "platform/mqtt/client.hpp"
#include "support/fake_world.hpp"
#include "support/test_folder.hpp"

namespace lifang {

class TestNode {
 public:
  static constexpr const char* kPassword = "correct horse 7";

  explicit TestNode(const std::filesystem::path& folder, const std::function<void(config::Config&)>& change = {})
      : folder_(folder), change_(change) {
    restart();
  }

  /// Ends the node, if there is one, and starts it on the same folder; its ports are others then.
  void restart() {
    client_.reset();
    node_.reset();
    node_ = std::make_unique<Node>(config(change_), folder_, world_.world, steady_, Secret(kPassword));
  }

  Node& node() { return *node_; }
  House& house() { return node_->house(); }
  FakeWorld& world() { return world_; }
  FakeSteady& steady() { return steady_; }
  const std::filesystem::path& folder() const { return folder_; }
  std::string origin() const { return "http://127.0.0.1:" + std::to_string(node_->http_port()); }

  /// As the admin, unless another token (or none: "-") is given.
  http::Reply ask(const std::string& method, const std::string& target, const std::string& body = {}, std::string token = {}) {
    if (token.empty()) token = admin();
    http::Pairs headers;
    if (token != "-") headers.emplace_back("Authorization", "Bearer " + token);
    if (!client_) client_ = std::make_unique<http::Client>(origin());
    return client_->request(method, target, headers, body);
  }
  /// What must succeed. @returns the answer
  boost::json::value must(const std::string& method, const std::string& target, const std::string& body = {}) {
    const auto reply = ask(method, target, body);
    EXPECT_TRUE(reply.good()) << method << " " << target << ": " << reply.status << " " << reply.body;
    return reply.good() ? parse_json(reply.body) : boost::json::object{};
  }
  /// A place, a profile and a device that may speak.
  void add_station() {
    must("PUT", "/api/v1/places/gate", R"({"kind":"spot","name":"大门"})");
    must("PUT", "/api/v1/devices/profiles/air",
         R"({"name":"空气站","metrics":[{"id":"pm25","min":0,"max":2000},{"id":"temp"}],"detections":["smoke"]})");
    must("PUT", "/api/v1/devices/station", R"({"profile":"air","place":"gate","secret":"station-secret"})");
  }
  /// Over the node's own socket, as the owner of the machine.
  http::Reply shell(const std::string& method, const std::string& target, const std::string& body = {}) {
    http::Client client("http://node", {.unix_path = (folder_ / "lifang.sock").string()});
    return client.request(method, target, {}, body);
  }
  const std::string& admin() {
    if (admin_.empty()) admin_ = enter("admin", kPassword);
    return admin_;
  }
  std::string enter(const std::string& login, const std::string& password) {
    const auto reply = http::Client(origin()).post("/api/v1/sessions", R"({"login":")" + login + R"(","password":")" + password + "\"}");
    EXPECT_EQ(reply.status, 200) << reply.body;
    return reply.good() ? std::string(parse_json(reply.body).at("token").as_string()) : "";
  }
  /// A login with a role over a place, or everywhere. @returns its token
  std::string login(const std::string& name, const std::string& role, const std::string& place, const std::string& person = {}) {
    boost::json::object words{{"login", name}, {"role", role}, {"password", kPassword}};
    if (!place.empty()) words["place"] = place;
    if (!person.empty()) words["person"] = person;
    const auto reply = shell("POST", "/api/v1/node/users", to_json(words));
    EXPECT_TRUE(reply.good()) << reply.body;
    return enter(name, kPassword);
  }
  /// What /metrics says of a counter, 0 if it is not there: `lifang_refused_total{reason="porch.future"}`.
  std::uint64_t metric(const std::string& name) {
    const auto reply = ask("GET", "/metrics", {}, "-");
    const auto at = ("\n" + reply.body).find("\n" + name + " ");
    return at == std::string::npos ? 0 : static_cast<std::uint64_t>(std::stod(reply.body.substr(at + name.size() + 1)));
  }
  std::uint64_t refused(const std::string& reason) { return metric("lifang_refused_total{reason=\"" + reason + "\"}"); }
  mqtt::ClientConfig porch(const std::string& device, const std::string& secret) {
    mqtt::ClientConfig config;
    config.port = node_->mqtt_port();
    config.client_id = device;
    config.user = device;
    config.password = secret;
    return config;
  }

 private:
  static config::Config config(const std::function<void(config::Config&)>& change) {
    config::Config config;
    config.http.port = 0;
    config.mqtt.port = 0;
    config.database.synchronous = config::Synchronous::normal;  // nobody pulls the plug of a node within a test
    config.accounts.password_passes = 1;
    config.accounts.password_memory_kib = 8;
    config.limits.requests_a_minute = 1'000'000;
    if (change) change(config);
    return config;
  }
  FakeWorld world_;
  FakeSteady steady_;
  std::filesystem::path folder_;
  std::function<void(config::Config&)> change_;
  std::unique_ptr<Node> node_;
  std::unique_ptr<http::Client> client_;
  std::string admin_;
};

}  // namespace lifang
