#include "platform/mqtt/write.hpp"

namespace lifang::mqtt {
namespace {

char c(std::size_t value) {
  return static_cast<char>(static_cast<unsigned char>(value));
}
char first_byte(Type type, unsigned flags) {
  return c(static_cast<std::size_t>(type) << 4 | flags);
}

std::size_t variable_size(std::size_t n) {
  return n < 128 ? 1 : n < 16384 ? 2 : n < 2097152 ? 3 : 4;
}

/// Writes into room that was made before; every packet knows its size first.
class Pen {
 public:
  Pen(Buffer& out, std::size_t size) : out_(out), start_(out.room(size)), at_(start_) {}
  ~Pen() { out_.added(written()); }
  Pen(const Pen&) = delete;
  Pen& operator=(const Pen&) = delete;

  std::size_t written() const { return static_cast<std::size_t>(at_ - start_); }
  void byte(std::size_t v) { *at_++ = c(v); }
  void two(std::size_t v) { byte(v >> 8), byte(v); }
  void four(std::size_t v) { two(v >> 16), two(v); }
  void variable(std::size_t v) {
    for (; v >= 128; v >>= 7) byte((v & 0x7F) | 0x80);
    byte(v);
  }
  void bytes(std::string_view v) {
    if (!v.empty()) std::memcpy(at_, v.data(), v.size());
    at_ += v.size();
  }
  void text(std::string_view v) { two(v.size()), bytes(v); }
  void head(Type type, unsigned flags, std::size_t length) {
    *at_++ = first_byte(type, flags);
    variable(length);
  }

 private:
  Buffer& out_;
  char* start_;
  char* at_;
};

/// Strings of properties are short names of ours; an id assigned by us is, too.
std::size_t text_property(std::string_view v) {
  return v.empty() ? 0 : 3 + v.size();
}

std::size_t publish_properties(const Message& m) {
  std::size_t n = 0;
  for (const std::uint32_t id : m.subscription_ids) n += 1 + variable_size(id);
  return n;
}

std::size_t publish_length(Version version, const Message& m) {
  std::size_t n = 2 + m.topic.size() + (m.qos > 0 ? 2 : 0) + m.payload.size();
  if (version == Version::v5) {
    const std::size_t properties = publish_properties(m);
    n += variable_size(properties) + properties;
  }
  return n;
}

}  // namespace

std::uint8_t return_code(Reason reason) {
  switch (reason) {
    case Reason::success:
      return 0;
    case Reason::unsupported_version:
      return 1;
    case Reason::client_id_invalid:
      return 2;
    case Reason::unavailable:
    case Reason::busy:
    case Reason::quota_exceeded:
    case Reason::shutting_down:
      return 3;
    case Reason::bad_credentials:
      return 4;
    default:
      return 5;
  }
}

void write_connack(Buffer& out, Version version, const Welcome& w) {
  if (version == Version::v3) {
    Pen pen(out, 4);
    pen.head(Type::connack, 0, 2);
    pen.byte(0);
    pen.byte(return_code(w.reason));
    return;
  }
  std::size_t properties = text_property(w.reason_string);
  const bool accepted = !is_error(w.reason);
  if (accepted) {
    properties += text_property(w.assigned_client_id) + (w.end_session ? 5 : 0) + 3 + 5 + 2;
    if (w.topic_alias_maximum > 0) properties += 3;
  }
  const std::size_t length = 2 + variable_size(properties) + properties;
  Pen pen(out, 5 + length);
  pen.head(Type::connack, 0, length);
  pen.byte(0);  // Session Present: we keep no sessions
  pen.byte(static_cast<std::size_t>(w.reason));
  pen.variable(properties);
  if (accepted) {
    if (w.end_session) pen.byte(0x11), pen.four(0);
    if (!w.assigned_client_id.empty()) pen.byte(0x12), pen.text(w.assigned_client_id);
    pen.byte(0x21), pen.two(w.receive_maximum);
    if (w.topic_alias_maximum > 0) pen.byte(0x22), pen.two(w.topic_alias_maximum);
    pen.byte(0x27), pen.four(w.maximum_packet_size);
    pen.byte(0x2A), pen.byte(0);  // shared subscriptions: none
  }
  if (!w.reason_string.empty()) pen.byte(0x1F), pen.text(w.reason_string);
}

void write_disconnect(Buffer& out, Reason reason, std::string_view reason_string) {
  const std::size_t properties = text_property(reason_string);
  const std::size_t length = properties == 0 ? 1 : 1 + variable_size(properties) + properties;
  Pen pen(out, 5 + length);
  pen.head(Type::disconnect, 0, length);
  pen.byte(static_cast<std::size_t>(reason));
  if (properties == 0) return;
  pen.variable(properties);
  pen.byte(0x1F), pen.text(reason_string);
}

void write_pingresp(Buffer& out) {
  Pen(out, 2).head(Type::pingresp, 0, 0);
}

void write_suback(Buffer& out, Version version, Type type, std::uint16_t packet_id,
                  std::span<const Reason> codes) {
  if (version == Version::v3 && type == Type::unsuback) codes = {};
  const std::size_t length = 2 + (version == Version::v5 ? 1 : 0) + codes.size();
  Pen pen(out, 5 + length);
  pen.head(type, 0, length);
  pen.two(packet_id);
  if (version == Version::v5) pen.byte(0);
  for (const Reason code : codes)
    pen.byte(version == Version::v3 && is_error(code) ? 0x80U : static_cast<std::size_t>(code));
}

std::size_t write_acknowledgement(char* to, Version version, Type type, std::uint16_t packet_id,
                                  Reason reason) {
  const bool with_reason = version == Version::v5 && reason != Reason::success;
  to[0] = first_byte(type, type == Type::pubrel ? 2 : 0);
  to[1] = with_reason ? 3 : 2;
  to[2] = c(packet_id >> 8);
  to[3] = c(packet_id);
  if (!with_reason) return 4;
  to[4] = c(static_cast<std::size_t>(reason));
  return 5;
}

std::size_t publish_size(Version version, const Message& message) {
  const std::size_t length = publish_length(version, message);
  return 1 + variable_size(length) + length;
}

std::size_t write_publish(Buffer& out, Version version, const Message& m) {
  const std::size_t length = publish_length(version, m);
  Pen pen(out, 5 + length);
  pen.head(Type::publish,
           (m.dup ? 8U : 0U) | static_cast<unsigned>(m.qos << 1) | (m.retain ? 1U : 0U), length);
  pen.text(m.topic);
  const std::size_t id_at = m.qos > 0 ? pen.written() : 0;
  if (m.qos > 0) pen.two(m.packet_id);
  if (version == Version::v5) {
    pen.variable(publish_properties(m));
    for (const std::uint32_t id : m.subscription_ids) pen.byte(0x0B), pen.variable(id);
  }
  pen.bytes(m.payload);
  return id_at;
}

void write_connect(Buffer& out, const Hello& h) {
  const bool v5 = h.version == Version::v5;
  const std::size_t properties = v5 && h.receive_maximum > 0 ? 3 : 0;
  std::size_t length = 10 + (v5 ? 1 + properties : 0) + 2 + h.client_id.size();
  unsigned flags = h.clean ? 2U : 0U;
  if (!h.user.empty()) length += 2 + h.user.size(), flags |= 0x80;
  if (!h.password.empty()) length += 2 + h.password.size(), flags |= 0x40;
  Pen pen(out, 5 + length);
  pen.head(Type::connect, 0, length);
  pen.text("MQTT");
  pen.byte(static_cast<std::size_t>(h.version));
  pen.byte(flags);
  pen.two(h.keep_alive);
  if (v5) {
    pen.byte(properties);
    if (properties > 0) pen.byte(0x21), pen.two(h.receive_maximum);
  }
  pen.text(h.client_id);
  if (!h.user.empty()) pen.text(h.user);
  if (!h.password.empty()) pen.text(h.password);
}

void write_subscribe(Buffer& out, Version version, std::uint16_t packet_id, std::string_view filter,
                     std::uint8_t qos) {
  const std::size_t length = 2 + (version == Version::v5 ? 1 : 0) + 2 + filter.size() + 1;
  Pen pen(out, 5 + length);
  pen.head(Type::subscribe, 2, length);
  pen.two(packet_id);
  if (version == Version::v5) pen.byte(0);
  pen.text(filter);
  pen.byte(qos);
}

void write_pingreq(Buffer& out) {
  Pen(out, 2).head(Type::pingreq, 0, 0);
}
void write_client_disconnect(Buffer& out) {
  Pen(out, 2).head(Type::disconnect, 0, 0);
}

}  // namespace lifang::mqtt
