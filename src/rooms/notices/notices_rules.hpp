// Pure decisions of notices: who is told of which step, how long to wait after a failure, what a webhook may be.
#pragma once
#include <string_view>

#include "rooms/notices/notices_values.hpp"

namespace lifang::notices {

/// The step puts something into the inbox of whoever holds, or is called.
bool is_for_holder(std::string_view topic, std::string_view code);
/// Reporters are told of it.
bool is_for_reporters(std::string_view code);
/// What they are told: what they read in the diary, and why it was not good enough.
cases::Said words_for_reporters(const cases::DiaryLine& line);
/// So much that somebody without the app is called up, or written to.
bool is_worth_a_call(std::string_view code);
/// Nobody has taken the case yet.
bool is_waiting(cases::State state);

/// After so many failed attempts: 10 s, 40 s, 160 s … at most 6 h.
Duration back_off(std::int64_t attempts);

/// @throws Refusal invalid notices.bad_url, notices.bad_topic, notices.bad_secret
void check_words(const WebhookWords& words);
/// Whether an address names a host of the own network outright; a name is looked up only when it is called.
bool leads_inside(const std::string& url);
/// Whether a webhook wants to hear of it.
bool wants(const Webhook& webhook, std::string_view topic, std::string_view path);
/// What a receiver checks: "sha256=" and HMAC-SHA-256 over "timestamp.body" in hex.
std::string signature_of(std::string_view secret, std::string_view timestamp, std::string_view body);

}  // namespace lifang::notices
