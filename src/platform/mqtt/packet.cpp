#include "platform/mqtt/packet.hpp"

#include <algorithm>

#include "platform/mqtt/fields.hpp"
#include "platform/mqtt/topic.hpp"

namespace lifang::mqtt {
namespace {

constexpr unsigned kAuthenticationMethod = 0x15;
constexpr unsigned kAuthenticationData = 0x16;

template <class... Codes>
bool one_of(Reason reason, Codes... codes) {
  return ((reason == codes) || ...);
}

/// The tables of 3.4.2.1, 3.5.2.1, 3.6.2.1 and 3.7.2.1.
bool fits_acknowledgement(Type type, Reason reason) {
  using R = Reason;
  if (type == Type::pubrel || type == Type::pubcomp)
    return one_of(reason, R::success, R::packet_id_not_found);
  return one_of(reason, R::success, R::no_matching_subscribers, R::unspecified,
                R::implementation_specific, R::not_authorized, R::topic_invalid,
                R::packet_id_in_use, R::quota_exceeded, R::payload_format_invalid);
}

/// Table 3-10.
bool fits_disconnect(From from, Reason reason) {
  using R = Reason;
  const bool both =
      one_of(reason, R::success, R::unspecified, R::malformed, R::protocol_error,
             R::implementation_specific, R::topic_invalid, R::receive_maximum_exceeded,
             R::topic_alias_invalid, R::packet_too_large, R::message_rate_too_high,
             R::quota_exceeded, R::administrative_action, R::payload_format_invalid);
  if (both) return true;
  if (from == From::client) return reason == R::disconnect_with_will;
  return one_of(reason, R::not_authorized, R::busy, R::shutting_down, R::keep_alive_timeout,
                R::taken_over, R::filter_invalid, R::retain_not_supported, R::qos_not_supported,
                R::use_another_server, R::server_moved, R::shared_subscriptions_not_supported,
                R::connection_rate_exceeded, R::maximum_connect_time,
                R::subscription_ids_not_supported, R::wildcards_not_supported);
}

/// Name and level: the only part that every version shares.
Why parse_protocol(Fields& fields, Connect& connect) {
  const std::string_view name = fields.binary();
  if (!fields.good()) return fields.why();
  const std::uint8_t level = fields.byte();
  if (name == "MQIsdp") {
    connect.version_known = true;  // 3.1 understands the refusal of 3.1.1
    return Why::protocol_version;
  }
  if (name != "MQTT") return Why::protocol_name;
  if (!fields.good()) return fields.why();
  connect.version_known = true;
  if (level > static_cast<std::uint8_t>(Version::v5)) connect.version = Version::v5;
  if (level != static_cast<std::uint8_t>(Version::v3) &&
      level != static_cast<std::uint8_t>(Version::v5))
    return Why::protocol_version;
  connect.version = static_cast<Version>(level);
  return Why::ok;
}

Why parse_will(Fields& fields, Version version, Will& will) {
  if (version == Version::v5) {
    Properties properties;
    read_properties(fields, Place::will, From::client, properties);
  }
  will.topic = fields.text();
  will.payload = fields.binary();
  if (!fields.good()) return fields.why();
  return check_topic(will.topic);
}

Why parse_filters(Version version, const Frame& frame, Place place, Filters& filters) {
  if (frame.flags != 0b0010) return Why::reserved_flags;
  Fields fields(frame.body);
  filters.packet_id = fields.packet_id();
  filters.with_options = place == Place::subscribe;
  if (version == Version::v5) {
    Properties properties;
    read_properties(fields, place, From::client, properties);
    filters.subscription_id = properties.subscription_id;
  }
  if (!fields.good()) return fields.why();
  filters.rest = fields.rest();
  if (filters.rest.empty()) return Why::filter_missing;
  while (fields.left() > 0) {
    const std::string_view text = fields.text();
    if (!fields.good()) break;
    if (const Why why = check_filter(text); why != Why::ok) return why;
    if (!filters.with_options) continue;
    const std::uint8_t options = fields.byte();
    if ((options & 3) == 3) return Why::subscribe_options;
    if (version == Version::v3 ? options > 2 : (options & 0xC0) != 0 || (options & 0x30) == 0x30)
      return Why::subscribe_options;
    // No Local on a shared subscription [MQTT-3.8.3-4].
    if ((options & 4) != 0 && text.starts_with("$share/")) return Why::subscribe_options;
  }
  return fields.why();
}

}  // namespace

Why take_frame(std::string_view bytes, std::size_t max_size, Frame& frame) {
  frame.whole = false;
  frame.size = 0;
  if (bytes.size() < 2) return Why::ok;
  const auto first = static_cast<std::uint8_t>(bytes[0]);
  frame.type = static_cast<Type>(first >> 4);
  frame.flags = first & 0x0F;
  std::size_t length = 0;
  for (std::size_t i = 0;; ++i) {
    if (i == 4) return Why::length_malformed;
    if (1 + i == bytes.size()) return Why::ok;
    const auto digit = static_cast<std::uint8_t>(bytes[1 + i]);
    length |= static_cast<std::size_t>(digit & 0x7F) << (7 * i);
    if ((digit & 0x80) != 0) continue;
    frame.overlong = i > 0 && digit == 0;
    frame.size = 2 + i + length;
    if (frame.size > max_size) return Why::packet_too_large;
    if (bytes.size() < frame.size) return Why::ok;
    frame.body = bytes.substr(2 + i, length);
    frame.whole = true;
    return Why::ok;
  }
}

Why parse_connect(const Frame& frame, Connect& connect) {
  if (frame.flags != 0) return Why::reserved_flags;
  Fields fields(frame.body);
  if (const Why why = parse_protocol(fields, connect); why != Why::ok) return why;
  const bool v5 = connect.version == Version::v5;
  if (v5 && frame.overlong) return Why::length_overlong;
  const std::uint8_t flags = fields.byte();
  connect.keep_alive = fields.two();
  if (!fields.good()) return fields.why();
  if ((flags & 0x01) != 0) return Why::connect_reserved;
  connect.clean = (flags & 0x02) != 0;
  const bool has_will = (flags & 0x04) != 0;
  const auto will_qos = static_cast<std::uint8_t>(flags >> 3 & 3);
  const bool has_password = (flags & 0x40) != 0;
  const bool has_user = (flags & 0x80) != 0;
  if (will_qos == 3 || (!has_will && (flags & 0x38) != 0)) return Why::will_flags;
  if (!v5 && has_password && !has_user) return Why::password_alone;
  if (v5) {
    read_properties(fields, Place::connect, From::client, connect.properties);
    if (connect.properties.has(kAuthenticationData) &&
        !connect.properties.has(kAuthenticationMethod))
      fields.fail(Why::property_value);
  }
  connect.client_id = fields.text();
  if (has_will) {
    Will will;
    if (const Why why = parse_will(fields, connect.version, will); why != Why::ok) return why;
    will.qos = will_qos;
    will.retain = (flags & 0x20) != 0;
    connect.will = will;
  }
  if (has_user) connect.user = fields.text();
  if (has_password) connect.password = fields.binary();
  if (const Why why = fields.finish(); why != Why::ok) return why;
  return connect.properties.has(kAuthenticationMethod) ? Why::authentication_method : Why::ok;
}

Why parse_publish(Version version, From from, const Frame& frame, Publish& publish) {
  publish.dup = (frame.flags & 8) != 0;
  publish.qos = frame.flags >> 1 & 3;
  publish.retain = (frame.flags & 1) != 0;
  if (publish.qos == 3) return Why::publish_qos;
  if (publish.dup && publish.qos == 0) return Why::publish_dup;
  Fields fields(frame.body);
  publish.topic = fields.binary();
  publish.packet_id = publish.qos == 0 ? std::uint16_t{0} : fields.packet_id();
  publish.alias = 0;
  if (version == Version::v5) {
    if (fields.left() > 0 && fields.rest().front() == 0) {
      fields.byte();  // no properties: the common case on the hot path
    } else {
      Properties properties;
      read_properties(fields, Place::publish, from, properties);
      publish.alias = properties.topic_alias;
    }
  }
  if (!fields.good()) return fields.why();
  publish.payload = fields.rest();
  if (publish.topic.empty() && publish.alias != 0) return Why::ok;
  return check_topic(publish.topic);
}

Why parse_acknowledgement(Version version, const Frame& frame, Acknowledgement& acknowledgement) {
  if (frame.flags != (frame.type == Type::pubrel ? 0b0010 : 0)) return Why::reserved_flags;
  Fields fields(frame.body);
  acknowledgement.packet_id = fields.packet_id();
  acknowledgement.reason = Reason::success;
  if (version == Version::v5 && fields.left() > 0) {
    acknowledgement.reason = static_cast<Reason>(fields.byte());
    if (!fits_acknowledgement(frame.type, acknowledgement.reason)) return Why::reason_unknown;
    Properties properties;
    if (fields.left() > 0)
      read_properties(fields, Place::acknowledgement, From::client, properties);
  }
  return fields.finish();
}

bool Filters::next(Filter& filter) {
  if (rest.empty()) return false;
  Fields fields(rest);
  filter.text = fields.binary();
  filter.options = with_options ? fields.byte() : std::uint8_t{0};
  rest = fields.rest();
  return fields.good();
}

Why parse_subscribe(Version version, const Frame& frame, Filters& filters) {
  return parse_filters(version, frame, Place::subscribe, filters);
}

Why parse_unsubscribe(Version version, const Frame& frame, Filters& filters) {
  return parse_filters(version, frame, Place::unsubscribe, filters);
}

Why parse_disconnect(Version version, From from, const Frame& frame, Disconnect& disconnect) {
  if (frame.flags != 0) return Why::reserved_flags;
  Fields fields(frame.body);
  if (version == Version::v5 && fields.left() > 0) {
    disconnect.reason = static_cast<Reason>(fields.byte());
    if (!fits_disconnect(from, disconnect.reason)) return Why::reason_unknown;
    Properties properties;
    if (fields.left() > 0) read_properties(fields, Place::disconnect, from, properties);
    if (properties.has(0x11)) disconnect.session_expiry = properties.session_expiry;
  }
  return fields.finish();
}

Why parse_ping(const Frame& frame) {
  if (frame.flags != 0) return Why::reserved_flags;
  return frame.body.empty() ? Why::ok : Why::trailing_bytes;
}

Why parse_auth(Version version, const Frame& frame) {
  if (version == Version::v3) return Why::reserved_type;
  if (frame.flags != 0) return Why::reserved_flags;
  Fields fields(frame.body);
  if (fields.left() > 0) {
    const auto reason = static_cast<Reason>(fields.byte());
    if (!one_of(reason, Reason::success, Reason::continue_authentication, Reason::reauthenticate))
      return Why::reason_unknown;
    Properties properties;
    if (fields.left() > 0) read_properties(fields, Place::auth, From::client, properties);
  }
  if (const Why why = fields.finish(); why != Why::ok) return why;
  return Why::auth_unexpected;
}

Why parse_connack(Version version, const Frame& frame, Connack& connack) {
  if (frame.flags != 0) return Why::reserved_flags;
  Fields fields(frame.body);
  const std::uint8_t flags = fields.byte();
  connack.session_present = flags == 1;
  connack.code = fields.byte();
  if (flags > 1) fields.fail(Why::connect_reserved);
  // A server of another version may refuse in its own, shorter words.
  if (version == Version::v5 && fields.left() > 0)
    read_properties(fields, Place::connack, From::server, connack.properties);
  return fields.finish();
}

Why parse_suback(Version version, const Frame& frame, Suback& suback) {
  if (frame.flags != 0) return Why::reserved_flags;
  Fields fields(frame.body);
  suback.packet_id = fields.packet_id();
  Properties properties;
  if (version == Version::v5)
    read_properties(fields, frame.type == Type::suback ? Place::suback : Place::unsuback,
                    From::server, properties);
  suback.codes = fields.rest();
  return fields.why();
}

}  // namespace lifang::mqtt
