#include "platform/mqtt/fields.hpp"

#include <array>

#include "platform/mqtt/topic.hpp"

namespace lifang::mqtt {
namespace {

enum class Kind : std::uint8_t { none, flag, byte, two, four, variable, text, binary, pair };

struct Property {
  Kind kind = Kind::none;
  std::uint16_t places = 0;  ///< bit per Place
};

constexpr std::uint16_t in(Place place) {
  return static_cast<std::uint16_t>(1U << static_cast<unsigned>(place));
}

template <class... Places>
constexpr std::uint16_t in(Place first, Places... more) {
  return static_cast<std::uint16_t>(in(first) | in(more...));
}

/// MQTT 5, table 2-4.
constexpr std::array<Property, 43> table() {
  using P = Place;
  std::array<Property, 43> t{};
  t[0x01] = {Kind::flag, in(P::publish, P::will)};
  t[0x02] = {Kind::four, in(P::publish, P::will)};
  t[0x03] = {Kind::text, in(P::publish, P::will)};
  t[0x08] = {Kind::text, in(P::publish, P::will)};
  t[0x09] = {Kind::binary, in(P::publish, P::will)};
  t[0x0B] = {Kind::variable, in(P::publish, P::subscribe)};
  t[0x11] = {Kind::four, in(P::connect, P::connack, P::disconnect)};
  t[0x12] = {Kind::text, in(P::connack)};
  t[0x13] = {Kind::two, in(P::connack)};
  t[0x15] = {Kind::text, in(P::connect, P::connack, P::auth)};
  t[0x16] = {Kind::binary, in(P::connect, P::connack, P::auth)};
  t[0x17] = {Kind::flag, in(P::connect)};
  t[0x18] = {Kind::four, in(P::will)};
  t[0x19] = {Kind::flag, in(P::connect)};
  t[0x1A] = {Kind::text, in(P::connack)};
  t[0x1C] = {Kind::text, in(P::connack, P::disconnect)};
  t[0x1F] = {Kind::text,
             in(P::connack, P::acknowledgement, P::suback, P::unsuback, P::disconnect, P::auth)};
  t[0x21] = {Kind::two, in(P::connect, P::connack)};
  t[0x22] = {Kind::two, in(P::connect, P::connack)};
  t[0x23] = {Kind::two, in(P::publish)};
  t[0x24] = {Kind::flag, in(P::connack)};
  t[0x25] = {Kind::flag, in(P::connack)};
  t[0x26] = {Kind::pair, 0xFFFF};
  t[0x27] = {Kind::four, in(P::connect, P::connack)};
  t[0x28] = {Kind::flag, in(P::connack)};
  t[0x29] = {Kind::flag, in(P::connack)};
  t[0x2A] = {Kind::flag, in(P::connack)};
  return t;
}
constexpr auto kTable = table();

struct Value {
  std::uint32_t number = 0;
  std::string_view text;
};

Value read_value(Fields& fields, Kind kind) {
  switch (kind) {
    case Kind::flag: {
      const std::uint8_t value = fields.byte();
      if (value > 1) fields.fail(Why::property_value);
      return {value, {}};
    }
    case Kind::byte:
      return {fields.byte(), {}};
    case Kind::two:
      return {fields.two(), {}};
    case Kind::four:
      return {fields.four(), {}};
    case Kind::variable:
      return {fields.variable(), {}};
    case Kind::text:
      return {0, fields.text()};
    case Kind::binary:
      return {0, fields.binary()};
    case Kind::pair:
      fields.text();
      return {0, fields.text()};
    case Kind::none:
      break;
  }
  fields.fail(Why::property_unknown);
  return {};
}

/// Keeps what somebody asks for later; Why::property_value where the value cannot be.
Why keep(unsigned id, const Value& value, Properties& p) {
  switch (id) {
    case 0x08:
      p.response_topic = value.text;
      return check_topic(value.text) == Why::topic_wildcard ? Why::topic_wildcard : Why::ok;
    case 0x0B:
      p.subscription_id = value.number;
      return value.number == 0 ? Why::property_value : Why::ok;
    case 0x11:
      p.session_expiry = value.number;
      break;
    case 0x12:
      p.assigned_client_id = value.text;
      break;
    case 0x13:
      p.server_keep_alive = static_cast<std::uint16_t>(value.number);
      break;
    case 0x17:
      p.request_problem = static_cast<std::uint8_t>(value.number);
      break;
    case 0x1F:
      p.reason_string = value.text;
      break;
    case 0x21:
      p.receive_maximum = static_cast<std::uint16_t>(value.number);
      return value.number == 0 ? Why::property_value : Why::ok;
    case 0x22:
      p.topic_alias_maximum = static_cast<std::uint16_t>(value.number);
      break;
    case 0x23:
      p.topic_alias = static_cast<std::uint16_t>(value.number);
      return value.number == 0 ? Why::topic_alias_invalid : Why::ok;
    case 0x24:
      p.maximum_qos = static_cast<std::uint8_t>(value.number);
      break;
    case 0x27:
      p.maximum_packet_size = value.number;
      return value.number == 0 ? Why::property_value : Why::ok;
    default:
      break;
  }
  return Why::ok;
}

/// Subscription ids in a PUBLISH and server references are for servers to send.
bool only_servers(unsigned id, Place place) {
  return (id == 0x0B && place == Place::publish) || (id == 0x1C && place == Place::disconnect);
}

/// A server may name several subscriptions that a message matches; only user properties repeat
/// otherwise.
bool may_repeat(unsigned id, Place place) {
  return id == 0x26 || (id == 0x0B && place == Place::publish);
}

}  // namespace

std::string_view Fields::text() {
  const std::string_view text = binary();
  if (const Why why = check_text(text); why != Why::ok) fail(why);
  return text;
}

std::uint32_t Fields::variable() {
  std::uint32_t value = 0;
  for (unsigned i = 0; i < 4; ++i) {
    const std::uint8_t digit = byte();
    value |= static_cast<std::uint32_t>(digit & 0x7F) << (7 * i);
    if ((digit & 0x80) == 0) {
      if (i > 0 && digit == 0) fail(Why::length_overlong);
      return value;
    }
  }
  fail(Why::length_malformed);
  return 0;
}

void read_properties(Fields& fields, Place place, From from, Properties& properties) {
  const std::uint32_t length = fields.variable();
  if (!fields.good() || length == 0) return;
  Fields inner(fields.bytes(length));
  while (inner.good() && inner.left() > 0) {
    const std::uint32_t id = inner.variable();
    if (!inner.good()) break;
    if (id >= kTable.size() || (kTable[id].places & in(place)) == 0) {
      inner.fail(Why::property_unknown);
      break;
    }
    if (from == From::client && only_servers(id, place)) inner.fail(Why::property_from_server);
    if (properties.has(id) && !may_repeat(id, place)) inner.fail(Why::property_repeated);
    const Value value = read_value(inner, kTable[id].kind);
    if (!inner.good()) break;
    properties.present |= std::uint64_t{1} << id;
    if (const Why why = keep(id, value, properties); why != Why::ok) inner.fail(why);
  }
  if (!inner.good()) fields.fail(inner.why());
}

}  // namespace lifang::mqtt
