// What leaves the node: the queue of each channel, its retries, its log and its dead letters; and who gets webhooks.
#include <fmt/format.h>

#include "base/reflect.hpp"
#include "base/check.hpp"
#include "rooms/notices/notices.hpp"
#include "rooms/notices/notices_rules.hpp"
#include "rooms/notices/notices_store.hpp"

namespace lifang::notices {
namespace {

constexpr std::string_view kRight = "notices.webhooks";
constexpr std::string_view kPurpose = "notices.webhook";  ///< what secrets are sealed for

/// What a webhook gets of an event.
struct Delivered {
  std::int64_t seq = 0;
  Time at;
  std::string topic, subject, path, cause;
  boost::json::value body;
};
BOOST_DESCRIBE_STRUCT(Delivered, (), (seq, at, topic, subject, path, cause, body))

Webhook without_secret(const store::StoredWebhook& stored) {
  Webhook shown = stored;
  if (shown.path.size() < 2) return shown;
  const auto from = shown.path.rfind('/', shown.path.size() - 2) + 1;
  shown.place = places::PlaceId{shown.path.substr(from, shown.path.size() - 1 - from)};
  return shown;
}

}  // namespace

MadeWebhook Notices::put_webhook(Tx& tx, const Caller& caller, const WebhookId& id, const WebhookWords& words) {
  caller.must("notices.webhooks", "/");
  check_words(words);
  if (!webhooks_inside_ && leads_inside(words.url))
    throw invalid("notices.inside_address", "/url",
                  "an address of the node's own network; [webhooks] inside = true in config.toml lets receivers stand there");
  const auto before = store::find_webhook(tx, id);
  store::StoredWebhook webhook;
  webhook.id = id;
  webhook.url = words.url;
  webhook.topics = words.topics;
  webhook.path = before ? before->path : "/";
  if (words.place) webhook.path = words.place->empty() ? "/" : places::Places::path_of(tx, *words.place);
  webhook.paused = words.paused.value_or(false);
  MadeWebhook made;
  if (words.secret) made.secret = *words.secret;
  else if (!before) made.secret = make_token(tx.ids(), "whsec_");
  webhook.sealed = made.secret.empty() ? before->sealed : vault_.seal_own(kPurpose, made.secret, tx.ids());
  store::keep(tx, webhook);
  static_cast<Webhook&>(made) = without_secret(webhook);
  return made;
}

void Notices::remove_webhook(Tx& tx, const Caller& caller, const WebhookId& id) {
  caller.must("notices.webhooks", "/");
  if (!store::remove_webhook(tx, id)) throw missing("notices.unknown_webhook", "no such webhook");
}

std::vector<Webhook> Notices::webhooks(Reader& reader) const {
  std::vector<Webhook> all;
  for (const auto& stored : store::webhooks(reader)) all.push_back(without_secret(stored));
  return all;
}

std::optional<Webhook> Notices::find_webhook(Reader& reader, const WebhookId& id) const {
  const auto stored = store::find_webhook(reader, id);
  if (!stored) return std::nullopt;
  return without_secret(*stored);
}

std::string Notices::secret_of(Reader& reader, const WebhookId& id) const {
  const auto stored = store::find_webhook(reader, id);
  if (!stored) return {};
  const auto secret = vault_.unseal_own(kPurpose, stored->sealed);
  check(secret.has_value(), "a webhook's secret opens with the node's key");
  return *secret;
}

void Notices::anything_told(Tx& tx, const bus::Told& told) {
  for (const store::StoredWebhook& webhook : store::webhooks(tx)) {
    if (!wants(webhook, told.topic, told.path)) continue;
    const Delivered body{told.seq, told.at, told.topic, told.subject, told.path, told.cause, parse_json(told.body)};
    enqueue(tx, {"webhook", webhook.id.text, to_json(body), fmt::format("event-{}", told.seq), told.subject});
  }
}

MessageId Notices::enqueue(Tx& tx, Outgoing outgoing) {
  Message message;
  message.id = MessageId::make(tx.ids());
  message.channel = std::move(outgoing.channel);
  message.to = std::move(outgoing.to);
  message.body = std::move(outgoing.body);
  message.at = message.due = tx.now();
  message.cause = std::move(outgoing.cause);
  message.path = std::move(outgoing.path);
  if (store::add(tx, message, outgoing.dedupe) && queued_) tx.after_commit(queued_);
  return message.id;
}

std::vector<Message> Notices::due(Reader& reader, Time now, std::size_t limit, const Queue& queue) const {
  return store::due(reader, now, limit, queue);
}
std::optional<Time> Notices::next_due(Reader& reader, const Queue& queue) { return store::next_due(reader, queue); }

void Notices::attempted(Tx& tx, const MessageId& id, const Attempt& attempt) {
  auto message = store::find_message(tx, id);
  if (!message || message->state != MessageState::queued) return;
  ++message->attempts;
  message->error = attempt.sent ? "" : attempt.detail;
  if (attempt.sent) message->state = MessageState::sent;
  else if (attempt.hopeless || message->attempts >= kMostAttempts) message->state = MessageState::dead;
  else message->due = tx.now() + back_off(message->attempts);
  if (message->state != MessageState::queued) message->ended_at = tx.now();
  store::keep(tx, *message);
  const auto n = static_cast<std::int64_t>(store::log(tx, id).size()) + 1;
  store::add_log(tx, id, {n, tx.now(), attempt.sent, attempt.detail});
  if (message->state == MessageState::dead && dead_) dead_(tx, *message);
}

Message Notices::retry(Tx& tx, const Caller& caller, const MessageId& id) {
  auto message = store::find_message(tx, id);
  if (!message || !caller.may(kRight, message->path)) throw missing("notices.unknown_message", "no such message");
  if (message->state != MessageState::dead) throw conflict("notices.not_dead", "only what was given up can be tried again");
  message->state = MessageState::queued;
  message->attempts = 0;
  message->due = tx.now();
  message->ended_at.reset();
  store::keep(tx, *message);
  if (queued_) tx.after_commit(queued_);
  return in_part(caller, *std::move(message));
}

MessageFilter Notices::within(const Caller& caller, MessageFilter filter) {
  // Asked name by name, a filter would say what is left out below.
  if (filter.to) caller.must(kRight, "/");
  caller.must(kRight);
  filter.roots = caller.paths(kRight);
  return filter;
}

Message Notices::in_part(const Caller& caller, Message message) {
  if (caller.may(kRight, "/")) return message;
  // Words and receivers would tell who reported without a name, or who bears the tag that an audience was chosen by. Who is
  // rung or calls is staff at work.
  message.body.clear();
  if (!RingId::fits(message.cause) && !cases::CaseId::fits(message.cause)) message.to.clear();
  return message;
}

Message Notices::message(Reader& reader, const Caller& caller, const MessageId& id) const {
  auto found = store::find_message(reader, id);
  if (!found || !caller.may(kRight, found->path)) throw missing("notices.unknown_message", "no such message");
  return in_part(caller, *std::move(found));
}

std::vector<Message> Notices::messages(Reader& reader, const MessageFilter& filter) const { return store::messages(reader, filter); }
std::int64_t Notices::count_messages(Reader& reader, const MessageFilter& filter) const { return store::count_messages(reader, filter); }
std::optional<Message> Notices::find_message(Reader& reader, const MessageId& id) const { return store::find_message(reader, id); }
std::vector<LogLine> Notices::log(Reader& reader, const MessageId& id) const { return store::log(reader, id); }

std::int64_t Notices::sweep(Tx& tx, Time before, std::int64_t limit) { return store::forget(tx, before, limit); }

}  // namespace lifang::notices
