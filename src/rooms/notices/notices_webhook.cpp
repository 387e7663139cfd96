#include "rooms/notices/notices_webhook.hpp"

#include <fmt/format.h>

#include "platform/http/client.hpp"
#include "rooms/notices/notices_rules.hpp"

namespace lifang::notices {
namespace {

/// "https://host:1/a/b?c" → "/a/b?c".
std::string target_of(const std::string& url) {
  const auto host = url.find("://") + 3;
  const auto path = url.find_first_of("/?", host);
  if (path == std::string::npos) return "/";
  return url[path] == '/' ? url.substr(path) : "/" + url.substr(path);
}

}  // namespace

Attempt WebhookChannel::send(const Message& message) {
  std::string url, secret;
  {
    auto lease = readers_.lease();
    const auto webhook = notices_.find_webhook(lease.reader(), WebhookId{message.to});
    if (!webhook) return {false, true, "this webhook was removed"};
    if (webhook->paused) return {false, false, "paused"};
    url = webhook->url;
    secret = notices_.secret_of(lease.reader(), webhook->id);
  }
  const std::string timestamp = std::to_string(to_ms(clock_.now()) / 1000);
  http::Client::Config config;
  config.timeout = Duration{10'000};
  config.public_only = !inside_;
  config.max_answer = 64 * 1024;
  http::Client client(url, config);
  const http::Reply reply = client.post(target_of(url), message.body,
                                        {{"X-Lifang-Delivery", message.id.text},
                                         {"X-Lifang-Timestamp", timestamp},
                                         {"X-Lifang-Signature", signature_of(secret, timestamp, message.body)}});
  if (reply.good()) return {true, false, std::to_string(reply.status)};
  if (reply.failure == http::Failure::private_address) return {false, true, "the address lies inside the network; [webhooks] inside = true in config.toml lets receivers stand there"};
  if (reply.failure != http::Failure::none) return {false, false, std::string(http::failure_name(reply.failure))};
  return {false, reply.status == 410, std::to_string(reply.status)};
}

}  // namespace lifang::notices
