#include "platform/mqtt/session.hpp"

#include <fmt/format.h>

#include <utility>

#include "platform/mqtt/outbox.hpp"
#include "platform/mqtt/write.hpp"

namespace lifang::mqtt {
namespace {

/// While more than this waits to be sent, nothing is read: whoever does not listen is not heard.
constexpr std::size_t kMaxWaitingOut = 16 * 1024;
/// Memory for acknowledgements stays that long after the last message, so that a busy device keeps
/// it.
constexpr Duration kIdle = std::chrono::seconds(2);

/// The refusals that 3.1.1 can say in a CONNACK; anything else is closed without [MQTT-3.1.4-1].
bool told_in_v3(Why why) {
  switch (why) {
    case Why::protocol_version:
    case Why::client_id_refused:
    case Why::bad_credentials:
    case Why::not_authorized:
    case Why::admission_refused:
    case Why::shutting_down:
      return true;
    default:
      return false;
  }
}

Why why_refused(Reason reason) {
  if (reason == Reason::bad_credentials) return Why::bad_credentials;
  if (reason == Reason::not_authorized) return Why::not_authorized;
  if (reason == Reason::client_id_invalid) return Why::client_id_refused;
  return Why::admission_refused;
}

bool ordinary(Why why) {
  return why == Why::client_disconnected || why == Why::connection_lost;
}

}  // namespace

Session::Session(Surroundings& around, ConnectionId id)
    : around_(around), id_(id), heard_at_(around.now) {}
Session::~Session() = default;

void Session::drained() {
  if (outbox_ && !ended()) send_waiting();
}

bool Session::takes() const {
  if (stage_ != Stage::fresh && stage_ != Stage::open) return false;
  if (out_.size() > kMaxWaitingOut) return false;
  return arrivals_.count() < around_.config.max_unacknowledged;
}

std::size_t Session::feed(std::string_view bytes) {
  std::size_t taken = 0;
  expected_ = 0;
  while (takes()) {
    const std::size_t limit =
        stage_ == Stage::fresh ? around_.config.max_connect_packet : around_.config.max_packet;
    Frame frame;
    if (const Why why = take_frame(bytes.substr(taken), limit, frame); why != Why::ok) {
      end(why);
      break;
    }
    if (!frame.whole) {
      expected_ = static_cast<std::uint32_t>(frame.size);
      break;
    }
    taken += frame.size;
    around_.counts.packets_in.add();
    heard_at_ = around_.now;
    if (stage_ == Stage::open)
      handle(frame);
    else
      handle_first(frame);
  }
  return taken;
}

void Session::handle(const Frame& frame) {
  if (frame.overlong && version_ == Version::v5) return end(Why::length_overlong);
  switch (frame.type) {
    case Type::publish:
      return handle_publish(frame);
    case Type::puback:
    case Type::pubrec:
    case Type::pubrel:
    case Type::pubcomp:
      return handle_acknowledgement(frame);
    case Type::subscribe:
      return handle_subscribe(frame);
    case Type::unsubscribe:
      return handle_unsubscribe(frame);
    case Type::pingreq:
      if (const Why why = parse_ping(frame); why != Why::ok) return end(why);
      write_pingresp(out_);
      return around_.counts.packets_out.add();
    case Type::disconnect:
      return handle_disconnect(frame);
    case Type::auth:
      return end(parse_auth(version_, frame));
    case Type::connect:
      return end(Why::connect_repeated);
    case Type::connack:
    case Type::suback:
    case Type::unsuback:
    case Type::pingresp:
      return end(Why::server_packet);
    case Type::reserved:
      break;
  }
  end(Why::reserved_type);
}

void Session::handle_first(const Frame& frame) {
  if (frame.type == Type::connect) return handle_connect(frame);
  end(frame.type == Type::reserved ? Why::reserved_type : Why::connect_expected);
}

void Session::handle_connect(const Frame& frame) {
  Connect words;
  const Why why = parse_connect(frame, words);
  version_ = words.version;
  version_known_ = words.version_known;
  client_max_packet_ = words.properties.maximum_packet_size;
  if (why != Why::ok) return turn_away(words, why);
  // 3.1.1 lets only clean sessions do without a name [MQTT-3.1.3-8].
  if (words.client_id.empty() && version_ == Version::v3 && !words.clean)
    return turn_away(words, Why::client_id_refused);
  if (words.client_id.size() > around_.config.max_client_id)
    return turn_away(words, Why::client_id_refused);
  if (words.will && words.will->topic.size() > around_.config.max_topic)
    return turn_away(words, Why::topic_too_long);
  if (words.will)
    will_ = std::make_unique<LastWords>(LastWords{std::string(words.will->topic),
                                                  std::string(words.will->payload),
                                                  words.will->qos, words.will->retain});
  client_receive_maximum_ = words.properties.receive_maximum;
  keep_alive_ = words.keep_alive;
  asked_for_session_ = words.properties.session_expiry != 0;
  assigned_client_id_ = words.client_id.empty();
  client_id_ = assigned_client_id_ ? fmt::format("lifang-{:x}", id_) : std::string(words.client_id);
  stage_ = Stage::asking;
  around_.told = true;
  const std::string peer = around_.peer(*this);
  if (const auto admission = around_.receiver.connect({id_, words, peer})) admit(*admission);
}

void Session::turn_away(const Connect& words, Why why) {
  around_.told = true;
  const std::string peer = around_.peer(*this);
  around_.receiver.turned_away({id_, words, peer}, why);
  end(why);
}

void Session::admit(const Admission& admission) {
  if (stage_ != Stage::asking) return;
  if (is_error(admission.reason)) return end(why_refused(admission.reason), admission.reason);
  device_ = admission.device;
  stage_ = Stage::open;
  heard_at_ = around_.now;
  const Config& config = around_.config;
  Welcome welcome;
  welcome.receive_maximum = config.max_unacknowledged;
  welcome.maximum_packet_size = static_cast<std::uint32_t>(config.max_packet);
  welcome.topic_alias_maximum = config.topic_alias_maximum;
  welcome.end_session = asked_for_session_;
  if (assigned_client_id_) welcome.assigned_client_id = client_id_;
  const std::size_t before = out_.size();
  write_connack(out_, version_, welcome);
  keep_if_small(before);
  around_.counts.packets_out.add();
  around_.counts.opened.add();
  around_.told = true;
  around_.entered(*this);
  around_.receiver.opened(id_, device_);
}

void Session::handle_disconnect(const Frame& frame) {
  Disconnect words;
  if (const Why why = parse_disconnect(version_, From::client, frame, words); why != Why::ok)
    return end(why);
  if (words.session_expiry.value_or(0) != 0 && !asked_for_session_)
    return end(Why::session_expiry_raised);
  // [MQTT-3.1.2-10], [MQTT-3.14.4-3]: who takes leave as usual takes the will back.
  if (words.reason == Reason::success) will_.reset();
  end(Why::client_disconnected);
}

/// As any publish of that client, but that nobody waits for an answer. The session ends with its
/// connection, and so does every delay [MQTT-3.1.3-9].
void Session::publish_will() {
  const auto will = std::exchange(will_, nullptr);
  around_.counts.publishes[will->qos].add();
  const auto reason =
      around_.receiver.publish({id_, device_, will->topic, will->payload, 0, 0, will->retain});
  if (reason && is_error(*reason))
    count(*reason == Reason::not_authorized ? Why::foreign_topic : Why::payload_refused, true);
}

void Session::end(Why why, Reason reason) {
  if (stage_ == Stage::ended) return;
  const Stage before = stage_;
  stage_ = Stage::ended;
  why_ = why;
  if (!ordinary(why)) {
    count(why, before == Stage::open);
    farewell(before, why, reason);
  }
  around_.told = true;
  if (outbox_) {
    for (const auto& message : outbox_->in_flight)
      around_.receiver.delivered(id_, message.cookie, Delivery::lost);
    for (const auto& message : outbox_->waiting)
      around_.receiver.delivered(id_, message.cookie, Delivery::lost);
  }
  // When the node itself stops, nothing befell the client: it comes back to the node that starts.
  if (before == Stage::open && will_ && why != Why::shutting_down) publish_will();
  will_.reset();
  if (before == Stage::open) around_.receiver.closed(id_, device_, why);
  outbox_.reset();
  aliases_.reset();
  unreleased_.reset();
  grants_.clear();
  arrivals_ = Arrivals{};
}

void Session::refuse(Why why) {
  count(why, stage_ == Stage::open);
}

void Session::count(Why why, bool let_in) {
  around_.counts.refused[static_cast<std::size_t>(why)].add();
  if (!let_in || said_by_receiver(why)) return;
  around_.told = true;
  around_.receiver.refused(id_, device_, why);
}

void Session::farewell(Stage before, Why why, Reason reason) {
  // A DISCONNECT of the server exists in 5 only, and only behind a CONNACK [MQTT-3.14.0-1].
  const bool by_connack = before != Stage::open;
  if (by_connack ? !version_known_ : version_ == Version::v3) return;
  if (by_connack && version_ == Version::v3 && !told_in_v3(why)) return;
  if (by_connack && why == Why::shutting_down) reason = Reason::unavailable;
  const std::size_t start = out_.size();
  for (const std::string_view words : {name(why), std::string_view{}}) {
    if (by_connack) {
      Welcome refusal;
      refusal.reason = reason;
      refusal.reason_string = words;
      write_connack(out_, version_, refusal);
    } else {
      write_disconnect(out_, reason, words);
    }
    if (!keep_if_small(start)) continue;
    around_.counts.packets_out.add();
    break;
  }
}

bool Session::keep_if_small(std::size_t before) {
  if (client_max_packet_ == 0 || out_.size() - before <= client_max_packet_) return true;
  out_.truncate(before);
  return false;
}

void Session::sweep(bool unread) {
  const Duration silent = around_.now - heard_at_;
  if (stage_ == Stage::fresh && silent > around_.config.connect_timeout)
    return end(Why::connect_timeout);
  if (stage_ != Stage::open) return;
  // Whatever waits to be read may be the sign of life that we miss.
  if (keep_alive_ != 0 && !unread && silent > std::chrono::milliseconds(keep_alive_) * 1500)
    return end(Why::keep_alive_timeout);
  if (silent < kIdle) return;
  arrivals_.release();
  if (unreleased_ && unreleased_->count == 0) unreleased_.reset();
  if (outbox_ && outbox_->in_flight.empty() && outbox_->waiting.empty()) outbox_.reset();
}

}  // namespace lifang::mqtt
