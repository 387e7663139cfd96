#include "rooms/notices/notices_rules.hpp"

#include <algorithm>
#include <array>

#include "base/refusal.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"
#include "platform/http/url.hpp"

namespace lifang::notices {
namespace {

template <std::size_t N>
bool is_in(std::string_view code, const std::array<std::string_view, N>& codes) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

}  // namespace

bool is_for_holder(std::string_view topic, std::string_view code) {
  if (topic == "cases.assigned" || topic == "cases.called" || topic == "cases.warned") return true;
  static constexpr std::array<std::string_view, 17> kCodes = {
      "urge", "supervise", "deny", "approve", "not-verified", "not-in", "part-late", "overdue", "join", "rose",
      cases::kRoseCritical,
      // To whoever is to decide, and then to whoever asked.
      "appeal", "appeal-up", "appeal-late", "appeal-void", "decide", "defer"};
  return is_in(code, kCodes);
}

bool is_for_reporters(std::string_view code) {
  static constexpr std::array<std::string_view, 22> kCodes = {
      "accept", "arrive", "handle", "verify", "approve", "wake",   "whistle", "escalate", "refuse", "false-alarm",
      "merge",  "reopen", "clear",  "close",  "assign",  "return", "deny",    "overdue",  "joint",  "supervise",
      "not-verified", cases::kRoseCritical};
  return is_in(code, kCodes);
}

cases::Said words_for_reporters(const cases::DiaryLine& line) {
  // Why it was not good enough concerns whoever reported it.
  cases::Said said = cases::told_to_reporters(line);
  if (line.code != "not-verified" || line.note.empty()) return said;
  said.zh += "：" + line.note;
  if (!said.en.empty()) said.en += ": " + line.note;
  return said;
}

bool is_worth_a_call(std::string_view code) {
  static constexpr std::array<std::string_view, 5> kCodes = {"approve", "refuse", "false-alarm", "reopen", "close"};
  return is_in(code, kCodes);
}

bool is_waiting(cases::State state) {
  return state == cases::State::reported || state == cases::State::assigned || state == cases::State::reopened;
}

Duration back_off(std::int64_t attempts) {
  std::int64_t seconds = 10;
  for (std::int64_t i = 1; i < attempts; ++i) seconds = std::min<std::int64_t>(seconds * 4, 6 * 3600);
  return std::chrono::seconds(seconds);
}

void check_words(const WebhookWords& words) {
  const bool http = words.url.starts_with("https://") || words.url.starts_with("http://");
  if (!http || words.url.size() > 500 || words.url.find_first_of(" \r\n\t@#") != std::string::npos)
    throw invalid("notices.bad_url", "/url", "https://host/path, at most 500 bytes, without a login in it");
  if (words.topics.empty() || words.topics.size() > 50) throw invalid("notices.bad_topic", "/topics", "1 to 50");
  for (std::size_t i = 0; i < words.topics.size(); ++i) {
    const std::string& topic = words.topics[i];
    if (topic.empty() || topic.size() > 64 || topic.find_first_not_of("abcdefghijklmnopqrstuvwxyz_.") != std::string::npos)
      throw invalid("notices.bad_topic", "/topics/" + std::to_string(i), "a room such as cases, or a topic such as cases.closed");
  }
  if (words.secret && (words.secret->size() < 16 || words.secret->size() > 128))
    throw invalid("notices.bad_secret", "/secret", "16 to 128 characters");
}

bool leads_inside(const std::string& address) {
  const auto url = http::parse_url(address);
  if (!url) return false;
  const bool numeric = url->host.find(':') != std::string::npos || url->host.find_first_not_of("0123456789.") == std::string::npos;
  return url->host == "localhost" || url->host.ends_with(".localhost") || (numeric && !http::is_public_address(url->host));
}

bool wants(const Webhook& webhook, std::string_view topic, std::string_view path) {
  if (webhook.paused || !path.starts_with(webhook.path)) return false;
  return std::any_of(webhook.topics.begin(), webhook.topics.end(), [&](const std::string& wanted) {
    return topic == wanted || (topic.starts_with(wanted) && topic.substr(wanted.size()).starts_with('.'));
  });
}

std::string signature_of(std::string_view secret, std::string_view timestamp, std::string_view body) {
  return "sha256=" + to_hex(hmac_sha256(secret, std::string(timestamp) + "." + std::string(body)));
}

}  // namespace lifang::notices
