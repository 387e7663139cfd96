// A house behind a real HTTP server on a port of the kernel's choice, on a fake clock, for tests of what outsiders see.
#pragma once
#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <string>

#include "base/reflect.hpp"
#include "house.hpp"
#include "platform/http/client.hpp"
#include "platform/http/routes.hpp"
#include "platform/http/server.hpp"
#include "support/fake_world.hpp"
#include "support/known.hpp"
#include "support/test_database.hpp"

namespace lifang {

class HttpHouse {
 public:
  static constexpr const char* kPassword = "correct horse 7";

  explicit HttpHouse(db::Engine engine = db::Engine::sqlite)
      : database_(engine), house_(plan(database_.directory()), database_.database(), world_.world) {
    house_.open();
    house_.lane.start();
    http::Config config;
    config.threads = 1;
    config.body_room = [this](std::string_view method, std::string_view path) { return house_.routes->body_room(method, path); };
    config.spill_directory = database_.directory();
    server_ = std::make_unique<http::Server>(config, world_.clock, [this](http::Request&& request, http::Responder responder) {
      house_.routes->handle(std::move(request), std::move(responder));
    });
  }
  ~HttpHouse() {
    server_->stop(Duration{0});
    house_.routes->stop();
    house_.lane.stop();
  }

  House& house() { return house_; }
  FakeWorld& world() { return world_; }
  std::string origin() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }

  http::Reply ask(const std::string& method, const std::string& target, const std::string& token = {},
                  const std::string& body = {}, http::Pairs headers = {}) {
    if (!client_) client_ = std::make_unique<http::Client>(origin());
    if (!token.empty()) headers.emplace_back("Authorization", "Bearer " + token);
    return client_->request(method, target, headers, body);
  }
  /// Makes an account and logs it in. @returns its token
  std::string login(const std::string& login, const std::string& role, const std::string& place = {},
                    const std::string& person = {}) {
    const std::string hash = house_.accounts.hash(kPassword, world_.world.ids);
    accounts::AccountWords words{login, "", {}, {}, role, {}};
    if (!place.empty()) words.place = places::PlaceId{place};
    if (!person.empty()) words.person = person;
    house_.lane.now([&](Tx& tx) {
      if (!person.empty()) make_known(tx, rosters::PersonId{person});
      house_.accounts.add(tx, Caller::system(), words, hash);
    });
    return enter(login);
  }
  std::string enter(const std::string& login) {
    const auto reply = ask("POST", "/api/v1/sessions", {}, R"({"login":")" + login + R"(","password":")" + kPassword + "\"}");
    EXPECT_EQ(reply.status, 200) << reply.body;
    return text_of(reply, "token");
  }
  void place(const std::string& id, places::Kind kind, const std::string& parent = {}) {
    places::PlaceWords words{kind, id, {}, {}, {}, {}, {}};
    if (!parent.empty()) words.parent = places::PlaceId{parent};
    house_.lane.now([&](Tx& tx) { house_.places.put(tx, Caller::system(), places::PlaceId{id}, words); });
  }
  /// A route's pattern with ids of things that there are, by the list that they stand in; "nothing" where there is none.
  static std::string target_of(const std::string& pattern, const std::map<std::string, std::string>& ids) {
    std::string target;
    std::istringstream parts(pattern.substr(1));
    for (std::string part; std::getline(parts, part, '/');) {
      if (part.starts_with('{')) {
        const auto id = ids.find(target);
        part = id == ids.end() ? "nothing" : id->second;
      }
      target += "/" + part;
    }
    return target;
  }
  /// A member of the answer as text; empty if it is not there.
  static std::string text_of(const http::Reply& reply, std::string_view name) {
    const auto answer = parse_json(reply.body);
    const auto* found = answer.is_object() ? answer.get_object().if_contains(name) : nullptr;
    return found && found->is_string() ? std::string(found->get_string()) : std::string();
  }
  static std::string code_of(const http::Reply& reply) { return text_of(reply, "code"); }

 private:
  static House::Plan plan(const std::string& directory) {
    House::Plan plan;
    plan.directory = directory;
    plan.node_key = Secret(std::string(kKeyBytes, 'k'));
    plan.accounts.cost = PasswordCost::for_tests();
    return plan;
  }
  FakeWorld world_;
  TestDatabase database_;
  House house_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<http::Client> client_;
};

}  // namespace lifang
