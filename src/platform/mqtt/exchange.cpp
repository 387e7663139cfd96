// The messages of a session in both directions: PUBLISH with its acknowledgements, SUBSCRIBE,
// UNSUBSCRIBE.
#include <algorithm>

#include "platform/mqtt/outbox.hpp"
#include "platform/mqtt/topic.hpp"
#include "platform/mqtt/write.hpp"

namespace lifang::mqtt {
namespace {

Why why_not_granted(Reason reason) {
  switch (reason) {
    case Reason::quota_exceeded:
      return Why::subscriptions_full;
    case Reason::filter_invalid:
      return Why::filter_too_long;
    case Reason::shared_subscriptions_not_supported:
      return Why::shared_subscription;
    default:
      return Why::foreign_filter;
  }
}

}  // namespace

void Session::handle_publish(const Frame& frame) {
  Publish words;
  if (const Why why = parse_publish(version_, From::client, frame, words); why != Why::ok)
    return end(why);
  if (words.topic.size() > around_.config.max_topic) return end(Why::topic_too_long);
  if (words.alias != 0)
    if (const Why why = resolve_alias(words); why != Why::ok) return end(why);
  Incoming message{id_,       device_,     words.topic, words.payload, arrivals_.next_ticket(),
                   words.qos, words.retain};
  if (words.qos > 0) {
    // Unacknowledged publishes alone never come here: feed() stops before, and the excess waits in
    // the socket, since well-known clients of 5 ignore Receive Maximum. QoS 2 exchanges that are
    // answered and not released cannot be waited for like that: their PUBREL may stand behind the
    // excess [MQTT-3.3.4-7].
    if (version_ == Version::v5 &&
        arrivals_.count() + recs_sent_ >= around_.config.max_unacknowledged)
      return end(Why::receive_maximum);
    const bool repeat = words.qos == 2 && is_repeat(words.packet_id);
    arrivals_.push({words.packet_id, Reason::success, repeat, words.qos == 2, repeat});
    if (repeat) return;
  }
  around_.counts.publishes[words.qos].add();
  around_.told = true;
  const auto reason = around_.receiver.publish(message);
  if (!reason) return;
  if (words.qos > 0) {
    acknowledge(message.ticket, *reason);
  } else if (is_error(*reason)) {
    if (*reason == Reason::not_authorized) return end(Why::foreign_topic);
    refuse(Why::payload_refused);
  }
}

Why Session::resolve_alias(Publish& publish) {
  if (publish.alias > around_.config.topic_alias_maximum) return Why::topic_alias_invalid;
  if (publish.topic.empty()) {
    if (!aliases_ || (*aliases_)[publish.alias - 1U].empty()) return Why::topic_alias_unknown;
    publish.topic = (*aliases_)[publish.alias - 1U];
    return Why::ok;
  }
  if (!aliases_)
    aliases_ = std::make_unique<std::vector<std::string>>(around_.config.topic_alias_maximum);
  (*aliases_)[publish.alias - 1U] = publish.topic;
  return Why::ok;
}

bool Session::is_repeat(std::uint16_t packet_id) {
  if (!unreleased_) unreleased_ = std::make_unique<Unreleased>();
  if (unreleased_->ids.test(packet_id)) return true;
  unreleased_->ids.set(packet_id);
  ++unreleased_->count;
  return false;
}

void Session::forget_unreleased(std::uint16_t packet_id) {
  unreleased_->ids.reset(packet_id);
  --unreleased_->count;
}

void Session::acknowledge(std::uint32_t ticket, Reason reason) {
  arrivals_.settle(ticket, reason);
}

std::size_t Session::write_acknowledgements(char* to, std::size_t room) {
  std::size_t written = 0, packets = 0;
  while (has_acknowledgements() && room - written >= kLargestAcknowledgement) {
    const Arrivals::Entry entry = arrivals_.pop();
    const bool error = is_error(entry.reason);
    if (error && entry.reason == Reason::not_authorized && version_ == Version::v3) {
      end(Why::foreign_topic);
      break;
    }
    if (error)
      refuse(entry.reason == Reason::not_authorized ? Why::foreign_topic : Why::payload_refused);
    const Type type = entry.qos2 ? Type::pubrec : Type::puback;
    written += write_acknowledgement(to + written, version_, type, entry.packet_id, entry.reason);
    ++packets;
    if (!entry.qos2 || entry.repeat) continue;
    // With an error the exchange ends here and the packet id is free again (5, 4.3.3).
    if (error && version_ == Version::v5)
      forget_unreleased(entry.packet_id);
    else
      ++recs_sent_;
  }
  around_.counts.packets_out.add(packets);
  return written;
}

void Session::answer(Type type, std::uint16_t packet_id, Reason reason) {
  char bytes[kLargestAcknowledgement];
  out_.append({bytes, write_acknowledgement(bytes, version_, type, packet_id, reason)});
  around_.counts.packets_out.add();
}

void Session::handle_acknowledgement(const Frame& frame) {
  Acknowledgement words;
  if (const Why why = parse_acknowledgement(version_, frame, words); why != Why::ok)
    return end(why);
  switch (frame.type) {
    case Type::puback:
      return handle_puback(words);
    case Type::pubrel:
      return handle_pubrel(words);
    // We send nothing at QoS 2, so no packet id can be known.
    case Type::pubrec:
      return answer(Type::pubrel, words.packet_id, Reason::packet_id_not_found);
    default:
      return;
  }
}

void Session::handle_puback(const Acknowledgement& words) {
  if (!outbox_) return;
  auto& in_flight = outbox_->in_flight;
  const auto found = std::find_if(in_flight.begin(), in_flight.end(), [&](const auto& message) {
    return message.packet_id == words.packet_id;
  });
  if (found == in_flight.end()) return;
  const std::uint64_t cookie = found->cookie;
  in_flight.erase(found);
  around_.told = true;
  around_.receiver.delivered(id_, cookie,
                             is_error(words.reason) ? Delivery::refused : Delivery::acknowledged);
  send_waiting();
}

void Session::handle_pubrel(const Acknowledgement& words) {
  if (!unreleased_ || !unreleased_->ids.test(words.packet_id))
    return answer(Type::pubcomp, words.packet_id, Reason::packet_id_not_found);
  // A PUBCOMP now would promise what is not durable yet.
  if (arrivals_.holds_qos2(words.packet_id)) return end(Why::pubrel_too_early);
  forget_unreleased(words.packet_id);
  --recs_sent_;
  answer(Type::pubcomp, words.packet_id, Reason::success);
}

void Session::handle_subscribe(const Frame& frame) {
  Filters words;
  if (const Why why = parse_subscribe(version_, frame, words); why != Why::ok) return end(why);
  std::vector<Reason> codes;
  Filter filter;
  around_.told = true;
  while (words.next(filter)) {
    codes.push_back(grant(filter, words.subscription_id));
    if (codes.back() == Reason::not_authorized && version_ == Version::v3)
      return end(Why::foreign_filter);
    if (is_error(codes.back())) refuse(why_not_granted(codes.back()));
  }
  const std::size_t before = out_.size();
  write_suback(out_, version_, Type::suback, words.packet_id, codes);
  if (keep_if_small(before)) around_.counts.packets_out.add();
}

Reason Session::grant(const Filter& filter, std::uint32_t subscription_id) {
  if (filter.text.size() > around_.config.max_topic) return Reason::filter_invalid;
  if (version_ == Version::v5 && filter.text.starts_with("$share/"))
    return Reason::shared_subscriptions_not_supported;
  const auto old = std::find_if(grants_.begin(), grants_.end(),
                                [&](const Grant& grant) { return grant.filter == filter.text; });
  if (old == grants_.end() && grants_.size() >= around_.config.max_subscriptions)
    return Reason::quota_exceeded;
  const std::uint8_t asked = std::min<std::uint8_t>(filter.qos(), 1);
  Reason reason = around_.receiver.subscribe(id_, device_, filter.text, asked);
  if (is_error(reason)) return reason;
  reason = std::min(reason, static_cast<Reason>(asked));
  const Grant granted{std::string(filter.text), subscription_id, static_cast<std::uint8_t>(reason)};
  if (old == grants_.end())
    grants_.push_back(granted);
  else
    *old = granted;
  return reason;
}

void Session::handle_unsubscribe(const Frame& frame) {
  Filters words;
  if (const Why why = parse_unsubscribe(version_, frame, words); why != Why::ok) return end(why);
  std::vector<Reason> codes;
  Filter filter;
  around_.told = true;
  while (words.next(filter)) {
    const bool existed =
        std::erase_if(grants_, [&](const Grant& grant) { return grant.filter == filter.text; }) > 0;
    codes.push_back(existed ? Reason::success : Reason::no_subscription_existed);
    if (existed) around_.receiver.unsubscribed(id_, device_, filter.text);
  }
  const std::size_t before = out_.size();
  write_suback(out_, version_, Type::unsuback, words.packet_id, codes);
  if (keep_if_small(before)) around_.counts.packets_out.add();
}

void Session::publish(std::string_view topic, std::string_view payload, std::uint8_t qos,
                      std::uint64_t cookie) {
  const auto tell = [&](Delivery delivery) {
    around_.told = true;
    around_.receiver.delivered(id_, cookie, delivery);
  };
  if (stage_ != Stage::open) return tell(Delivery::lost);
  if (!outbox_) outbox_ = std::make_unique<Outbox>();
  const Config& config = around_.config;
  if (outbox_->waiting.empty() && may_send(qos)) return send({topic, payload, qos}, cookie);
  if (outbox_->waiting.size() >= config.max_waiting ||
      outbox_->waiting_bytes + topic.size() + payload.size() > config.max_waiting_bytes)
    return tell(Delivery::queue_full);
  outbox_->waiting_bytes += topic.size() + payload.size();
  outbox_->waiting.push_back({std::string(topic), std::string(payload), cookie, qos});
}

bool Session::may_send(std::uint8_t qos) const {
  constexpr std::size_t kEnoughUnsent = 16 * 1024;
  if (out_.size() > kEnoughUnsent) return false;
  const std::size_t window = std::min(client_receive_maximum_, around_.config.max_in_flight);
  return qos == 0 || outbox_->in_flight.size() < window;
}

void Session::send(const Message& asked, std::uint64_t cookie) {
  Message message = asked;
  std::vector<std::uint32_t> ids;
  int granted = -1;
  for (const Grant& grant : grants_) {
    if (!matches(grant.filter, message.topic)) continue;
    granted = std::max<int>(granted, grant.qos);
    if (grant.subscription_id != 0) ids.push_back(grant.subscription_id);
  }
  around_.told = true;
  if (granted < 0) return around_.receiver.delivered(id_, cookie, Delivery::not_subscribed);
  message.qos = static_cast<std::uint8_t>(std::min<int>(message.qos, granted));
  if (version_ == Version::v5) message.subscription_ids = ids;
  if (client_max_packet_ != 0 && publish_size(version_, message) > client_max_packet_)
    return around_.receiver.delivered(id_, cookie, Delivery::too_large);
  if (message.qos > 0) {
    message.packet_id = outbox_->free_id();
    outbox_->in_flight.push_back({cookie, message.packet_id});
  }
  write_publish(out_, version_, message);
  around_.counts.packets_out.add();
  if (message.qos == 0) around_.receiver.delivered(id_, cookie, Delivery::sent);
}

void Session::send_waiting() {
  while (!outbox_->waiting.empty() && may_send(outbox_->waiting.front().qos)) {
    const Outbox::Waiting next = std::move(outbox_->waiting.front());
    outbox_->waiting.erase(outbox_->waiting.begin());
    outbox_->waiting_bytes -= next.size();
    send({next.topic, next.payload, next.qos}, next.cookie);
  }
}

}  // namespace lifang::mqtt
