// Fields: reads integers, strings and properties one after the other from the body of a packet.
#pragma once
#include "platform/mqtt/packet.hpp"

namespace lifang::mqtt {

/// After the first error every further read gives zero or nothing, and the error stays.
class Fields {
 public:
  explicit Fields(std::string_view body) : at_(body.data()), end_(body.data() + body.size()) {}

  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  std::string_view rest() const { return {at_, left()}; }
  Why why() const { return why_; }
  bool good() const { return why_ == Why::ok; }
  void fail(Why why) {
    if (why_ == Why::ok) why_ = why;
    at_ = end_;
  }
  /// Fails unless everything was read.
  Why finish() {
    if (good() && at_ != end_) fail(Why::trailing_bytes);
    return why_;
  }

  std::uint8_t byte() { return take(1) ? static_cast<std::uint8_t>(at_[-1]) : std::uint8_t{0}; }
  std::uint16_t two() {
    if (!take(2)) return 0;
    return static_cast<std::uint16_t>(u(at_[-2]) << 8 | u(at_[-1]));
  }
  std::uint32_t four() {
    if (!take(4)) return 0;
    return u(at_[-4]) << 24 | u(at_[-3]) << 16 | u(at_[-2]) << 8 | u(at_[-1]);
  }
  /// Bytes behind a length of two bytes.
  std::string_view binary() {
    const std::size_t n = two();
    return take(n) ? std::string_view{at_ - n, n} : std::string_view{};
  }
  std::string_view bytes(std::size_t n) {
    return take(n) ? std::string_view{at_ - n, n} : std::string_view{};
  }
  /// A UTF-8 encoded string.
  std::string_view text();
  /// A packet identifier, never zero.
  std::uint16_t packet_id() {
    const std::uint16_t id = two();
    if (good() && id == 0) fail(Why::packet_id_zero);
    return id;
  }
  /// A variable byte integer of MQTT 5: at most four bytes, the shortest spelling.
  std::uint32_t variable();

 private:
  static std::uint32_t u(char c) { return static_cast<unsigned char>(c); }
  bool take(std::size_t n) {
    if (left() < n) {
      fail(Why::truncated);
      return false;
    }
    at_ += n;
    return true;
  }

  const char* at_;
  const char* end_;
  Why why_ = Why::ok;
};

/// Where properties stand; a will's are not those of its CONNECT.
enum class Place : std::uint8_t {
  will = 0,
  connect = 1,
  connack = 2,
  publish = 3,
  acknowledgement = 4,
  subscribe = 8,
  suback = 9,
  unsubscribe = 10,
  unsuback = 11,
  disconnect = 14,
  auth = 15,
};

/// Reads the length and the properties behind it (MQTT 5, 2.2.2).
void read_properties(Fields& fields, Place place, From from, Properties& properties);

}  // namespace lifang::mqtt
