#include "rooms/exchange/exchange_viid_session.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "platform/http/client.hpp"
#include "platform/http/digest.hpp"

namespace lifang::exchange {
namespace {

constexpr std::string_view kRegister = "/VIID/System/Register";
constexpr std::string_view kUnRegister = "/VIID/System/UnRegister";
constexpr std::string_view kKeepalive = "/VIID/System/Keepalive";
constexpr std::string_view kTime = "/VIID/System/Time";
constexpr std::size_t kMostAnswer = 1U << 20;
/// A node that stops does not wait for whoever does not answer.
constexpr Duration kFarewell{2000};

/// No answer came, or none that says anything about what was asked: worth another try.
bool is_no_answer(const http::Reply& reply) {
  return reply.failure != http::Failure::none || reply.status >= 500 || reply.status == 408 || reply.status == 429;
}

/// Whether the library may have read something of what was asked.
bool has_arrived(http::Failure failure) {
  return failure != http::Failure::resolve && failure != http::Failure::connect && failure != http::Failure::tls;
}

/// Words for people about what came back; empty if it is good.
std::string trouble_of(const http::Reply& reply) {
  if (reply.failure != http::Failure::none) return std::string(http::failure_name(reply.failure));
  if (!reply.good()) return std::to_string(reply.status);
  if (reply.body.empty()) return {};
  const auto statuses = viid::read_statuses(reply.body);
  if (!statuses) return "unreadable";
  if (statuses->empty() || statuses->front().code == 0) return {};
  return std::string(trim(fmt::format("{} {}", statuses->front().code, statuses->front().words)));
}

http::Client::Config config_of(Duration patience) {
  http::Client::Config config;
  config.timeout = patience;
  config.max_answer = kMostAnswer;
  return config;
}

}  // namespace

/// The connection, and the challenge that its server made last.
struct ViidSession::Line {
  Line(const std::string& url, Duration patience) : client(url, config_of(patience)) {}
  http::Client client;
  std::optional<http::DigestChallenge> challenge;
  std::uint32_t answered = 0;  ///< how often this nonce was used
  bool always = false;         ///< it challenges more than the registering
};

ViidSession::ViidSession(Settings settings, World& world)
    : settings_(std::move(settings)), world_(world), line_(std::make_unique<Line>(settings_.url, settings_.patience)) {}

ViidSession::~ViidSession() = default;

void ViidSession::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  line_->client.cancel();
}

std::string ViidSession::answer_to_challenge(std::string_view method, std::string_view target) {
  return http::digest_answer(*line_->challenge, {settings_.login, settings_.password.expose()}, method, target,
                             to_hex(world_.ids.random_bytes(8)), ++line_->answered);
}

http::Reply ViidSession::once(std::string_view method, std::string_view target, const std::string& body) {
  http::Pairs headers{{"User-Identify", settings_.system}, {"Accept", "application/VIID+JSON, application/json"}};
  if (!body.empty()) headers.emplace_back("Content-Type", std::string(viid::kContentType));
  http::Pairs known = headers;
  if (line_->always && line_->challenge) known.emplace_back("Authorization", answer_to_challenge(method, target));
  http::Reply reply = line_->client.request(method, target, known, body);
  if (reply.failure != http::Failure::none || reply.status != 401) return reply;
  auto challenge = http::read_digest_challenge(reply.header("WWW-Authenticate"));
  if (!challenge) return reply;
  line_->challenge = std::move(challenge);
  line_->answered = 0;
  line_->always = target != kRegister;
  headers.emplace_back("Authorization", answer_to_challenge(method, target));
  return line_->client.request(method, target, headers, body);
}

http::Reply ViidSession::ask(std::string_view method, std::string_view target, const std::string& body, int tries) {
  for (int n = 1;; ++n) {
    http::Reply reply = once(method, target, body);
    if (!is_no_answer(reply) || n >= tries || cancelled_) return reply;
  }
}

ViidSession::Enrolled ViidSession::enrol() {
  Enrolled enrolled;
  enrolled.trouble = trouble_of(ask("POST", kRegister, viid::register_text(settings_.system), settings_.tries));
  if (!enrolled.trouble.empty()) return enrolled;
  const http::Reply reply = ask("GET", kTime, {}, 1);
  if (const auto theirs = reply.good() ? viid::read_system_time(reply.body) : std::nullopt)
    enrolled.clock_ahead = *theirs - std::chrono::floor<std::chrono::seconds>(world_.clock.now());
  return enrolled;
}

ViidSession::Trouble ViidSession::keep_alive() {
  return trouble_of(ask("POST", kKeepalive, viid::keepalive_text(settings_.system), settings_.tries));
}

void ViidSession::leave() {
  {
    const std::lock_guard lock(mutex_);
    auto fresh = std::make_unique<Line>(settings_.url, std::min(settings_.patience, kFarewell));
    fresh->challenge = line_->challenge;
    fresh->answered = line_->answered;
    fresh->always = line_->always;
    line_ = std::move(fresh);
  }
  ask("POST", kUnRegister, viid::unregister_text(settings_.system), 1);
}

ViidSession::Handed ViidSession::hand_over(CaptureKind kind, std::span<const std::string> objects) {
  const http::Reply reply = ask("POST", viid::target_of(kind), viid::list_text(kind, objects), settings_.tries);
  Handed handed;
  if (is_no_answer(reply) || reply.status == 401 || reply.status == 403) {
    handed.trouble = trouble_of(reply);
    handed.arrived = has_arrived(reply.failure);
    return handed;
  }
  // A list of statuses says more than the status of HTTP, which some libraries keep at 200 and others do not.
  auto statuses = viid::read_statuses(reply.body);
  if (statuses && statuses->empty()) statuses->push_back({{}, 1, "no status"});
  if (statuses) handed.statuses = *std::move(statuses);
  else if (!reply.good()) handed.refused = reply.status;
  else if (!reply.body.empty()) handed.trouble = "unreadable";
  return handed;
}

}  // namespace lifang::exchange
