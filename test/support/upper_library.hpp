// A viewing library above a node, for tests: GA/T 1400.4 behind a real socket, with a Digest challenge, and with the
// manners that a test asks for.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "base/reflect.hpp"
#include "platform/http/digest.hpp"
#include "platform/http/server.hpp"

namespace lifang {

class UpperLibrary {
 public:
  static constexpr const char* kSystem = "33010600002000000001";
  static constexpr const char* kPassword = "viid-secret-1";

  struct Heard {
    std::string call;  ///< "POST /VIID/Faces"
    std::string user;  ///< User-Identify
    std::string type, body;
    bool authorized = false;  ///< with an answer to our challenge that is right
  };
  enum class Manner {
    polite,
    hangs,         ///< answers nothing at all
    loses,         ///< takes what comes, and the answer never arrives
    broken,        ///< 500 to everything
    slams,         ///< 400 to every upload of more than one object
    asks_always,   ///< challenges every request, not the registering alone
    silent_time,   ///< does not tell its time
    stranger,      ///< lets nobody in
  };

  explicit UpperLibrary(const Clock& clock, std::uint16_t port = 0) : clock_(clock) {
    http::Config config;
    config.threads = 1;
    config.port = port;
    config.max_body = 64U << 20;
    config.spill_over = 64U << 20;
    server_ = std::make_unique<http::Server>(config, clock, [this](http::Request&& request, http::Responder responder) {
      take(std::move(request), std::move(responder));
    });
  }
  ~UpperLibrary() {
    {
      const std::lock_guard lock(mutex_);
      held_.clear();
    }
    server_->stop(Duration{0});
  }

  std::uint16_t port() const { return server_->port(); }
  std::string origin() const { return "http://127.0.0.1:" + std::to_string(port()); }
  void be(Manner manner) {
    const std::lock_guard lock(mutex_);
    manner_ = manner;
    if (manner != Manner::hangs && manner != Manner::loses) held_.clear();
  }
  /// What it says to an object, as JSON: `0`, `"0"`, `{"StatusCode":…}` is made of it. Absent: 0 as a string.
  void say(std::function<std::string(const std::string& id)> code) {
    const std::lock_guard lock(mutex_);
    code_ = std::move(code);
  }
  void set_ahead(Duration ahead) { ahead_ = ahead; }

  std::vector<Heard> heard() const {
    const std::lock_guard lock(mutex_);
    return heard_;
  }
  /// "Register Register MotorVehicles": the last words of what was called, since forget().
  std::string calls() const {
    std::string all;
    for (const Heard& each : heard()) all += (all.empty() ? "" : " ") + each.call.substr(each.call.rfind('/') + 1);
    return all;
  }
  void forget() {
    const std::lock_guard lock(mutex_);
    heard_.clear();
  }
  /// How often each object was taken in.
  std::map<std::string, int> taken() const {
    const std::lock_guard lock(mutex_);
    return taken_;
  }
  boost::json::object object(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    return objects_.at(id);
  }
  /// Until so much was heard that ends like this; a failure of the test after 20 s.
  void wait_for(const std::string& call, std::size_t times = 1) {
    std::unique_lock lock(mutex_);
    const bool came = bell_.wait_for(lock, std::chrono::seconds(20), [&] {
      return static_cast<std::size_t>(std::count_if(heard_.begin(), heard_.end(), [&](const Heard& h) { return h.call.ends_with(call); })) >= times;
    });
    EXPECT_TRUE(came) << call << " was not called " << times << " times";
  }

 private:
  static std::string field(std::string_view header, const std::string& name) {
    const auto at = header.find(name + "=");
    if (at == std::string_view::npos) return {};
    auto value = header.substr(at + name.size() + 1);
    const bool quoted = value.starts_with('"');
    if (quoted) value.remove_prefix(1);
    return std::string(value.substr(0, value.find_first_of(quoted ? "\"" : ",")));
  }
  bool is_right(const http::Request& request) const {
    const std::string_view given = request.header("Authorization");
    if (given.empty()) return false;
    const auto challenge = http::read_digest_challenge(kChallenge);
    const auto count = std::stoul("0" + field(given, "nc"), nullptr, 16);
    const std::string right = http::digest_answer(*challenge, {kSystem, kPassword}, request.method, request.target, field(given, "cnonce"),
                                                  static_cast<std::uint32_t>(count));
    return given == right;
  }
  static http::Response json(std::string body, int status = 200) {
    http::Response response;
    response.status = status;
    response.content_type = "application/VIID+JSON;charset=UTF-8";
    response.body = std::move(body);
    return response;
  }
  static http::Response status(const std::string& code, const std::string& words) {
    return json(R"({"ResponseStatusObject":{"RequestURL":"","StatusCode":)" + code + R"(,"StatusString":")" + words +
                R"(","Id":"","LocalTime":"20260101080000"}})");
  }

  void take(http::Request&& request, http::Responder responder) {
    const std::lock_guard lock(mutex_);
    const bool right = is_right(request);
    heard_.push_back({request.method + " " + request.path, std::string(request.header("User-Identify")),
                      std::string(request.header("Content-Type")), request.body, right});
    bell_.notify_all();
    if (manner_ == Manner::hangs) return held_.push_back(std::move(responder));
    if (manner_ == Manner::broken) return responder.answer(json("<html>", 502));
    const bool registers = request.path.ends_with("/Register");
    if ((registers || manner_ == Manner::asks_always) && (!right || manner_ == Manner::stranger)) {
      http::Response challenge = json("", 401);
      challenge.headers.emplace_back("WWW-Authenticate", kChallenge);
      return responder.answer(std::move(challenge));
    }
    if (request.path.ends_with("/Time")) {
      if (manner_ == Manner::silent_time) return responder.answer(json("", 404));
      return responder.answer(json(R"({"SystemTimeObject":{"VIIDServerID":"33010600005030000001","TimeMode":"1","LocalTime":")" + local_time() +
                                   R"(","TimeZone":"Asia/Shanghai"}})"));
    }
    if (request.path.starts_with("/VIID/System/")) return responder.answer(status(registers ? "0" : "\"0\"", "OK"));
    upload(request, std::move(responder));
  }

  std::string local_time() const {
    std::string text = to_rfc3339(clock_.now() + ahead_, 480).substr(0, 19);
    std::erase_if(text, [](char c) { return c < '0' || c > '9'; });
    return text;
  }

  void upload(const http::Request& request, http::Responder responder) {
    const bool faces = request.path.ends_with("/Faces");
    const char* kind = faces ? "Face" : "MotorVehicle";
    const auto body = parse_json(request.body, {64U << 20, 16});
    const auto& list = body.at(std::string(kind) + "ListObject").at(std::string(kind) + "Object").as_array();
    if (manner_ == Manner::slams && list.size() > 1) return responder.answer(json("<html>too much</html>", 400));
    std::string answer;
    for (const auto& each : list) {
      const std::string id(each.at(std::string(kind) + "ID").as_string());
      const std::string code = code_ ? code_(id) : "\"0\"";
      if (code == "0" || code == "\"0\"") {
        ++taken_[id];
        objects_[id] = each.as_object();
      }
      if (code.empty()) continue;
      answer += (answer.empty() ? "" : ",") + (R"({"Id":")" + id + R"(","StatusCode":)" + code + R"(,"StatusString":"说明"})");
    }
    if (manner_ == Manner::loses) return held_.push_back(std::move(responder));
    responder.answer(json(R"({"ResponseStatusListObject":{"ResponseStatusObject":[)" + answer + "]}}"));
  }

  static constexpr const char* kChallenge = "Digest realm=\"viid\", qop=\"auth\", nonce=\"5f2a\", opaque=\"op\", algorithm=MD5";
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::condition_variable bell_;
  Manner manner_ = Manner::polite;
  std::function<std::string(const std::string&)> code_;
  Duration ahead_{0};
  std::vector<Heard> heard_;
  std::map<std::string, int> taken_;
  std::map<std::string, boost::json::object> objects_;
  std::vector<http::Responder> held_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace lifang
