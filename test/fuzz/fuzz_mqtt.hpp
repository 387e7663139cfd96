// One input of the MQTT fuzzer: bytes to a session (or to the client's parsers), and what must hold
// whatever they are.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "../support/mqtt_lobby.hpp"

namespace lifang::fuzz {

inline void must(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

/// Whatever a session says is a sequence of whole packets that a client can read.
inline void must_be_readable(std::string_view sent, mqtt::Version version) {
  using namespace mqtt;
  while (!sent.empty()) {
    Frame frame;
    must(take_frame(sent, sent.size(), frame) == mqtt::Why::ok && frame.whole,
         "the server sends whole packets");
    sent.remove_prefix(frame.size);
    Connack connack;
    Publish publish;
    Acknowledgement acknowledgement;
    Suback suback;
    Disconnect disconnect;
    switch (frame.type) {
      case Type::connack:
        // A refusal of an unknown version is written as 5 would.
        must(parse_connack(frame.body.size() == 2 ? Version::v3 : Version::v5, frame, connack) ==
                 mqtt::Why::ok,
             "CONNACK");
        break;
      case Type::publish:
        must(parse_publish(version, From::server, frame, publish) == mqtt::Why::ok, "PUBLISH");
        break;
      case Type::puback:
      case Type::pubrec:
      case Type::pubrel:
      case Type::pubcomp:
        must(parse_acknowledgement(version, frame, acknowledgement) == mqtt::Why::ok, "PUBACK");
        break;
      case Type::suback:
      case Type::unsuback:
        must(parse_suback(version, frame, suback) == mqtt::Why::ok, "SUBACK");
        break;
      case Type::disconnect:
        must(parse_disconnect(version, From::server, frame, disconnect) == mqtt::Why::ok, "DISCONNECT");
        break;
      case Type::pingresp:
        must(parse_ping(frame) == mqtt::Why::ok, "PINGRESP");
        break;
      default:
        must(false, "a packet that only clients send");
    }
  }
}

/// The client's side: bytes of a server that means ill.
inline void read_as_client(std::string_view bytes, mqtt::Version version) {
  using namespace mqtt;
  Frame frame;
  while (take_frame(bytes, 1 << 20, frame) == mqtt::Why::ok && frame.whole) {
    bytes.remove_prefix(frame.size);
    Connack connack;
    Publish publish;
    Suback suback;
    Disconnect disconnect;
    Acknowledgement acknowledgement;
    parse_connack(version, frame, connack);
    parse_publish(version, From::server, frame, publish);
    parse_suback(version, frame, suback);
    parse_disconnect(version, From::server, frame, disconnect);
    parse_acknowledgement(version, frame, acknowledgement);
  }
}

/// The first byte says how: bits 0–1 what came before (nothing, a CONNECT of 3.1.1, of 5; 3:
/// client's side), bit 2 whether commits happen in between, the rest into how large pieces the
/// input is cut.
inline int one_mqtt_input(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const unsigned how = data[0];
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto version = (how & 3) == 2 ? mqtt::Version::v5 : mqtt::Version::v3;
  if ((how & 3) == 3) {
    read_as_client(bytes, (how & 4) != 0 ? mqtt::Version::v5 : mqtt::Version::v3);
    return 0;
  }
  Lobby lobby;
  constexpr std::string_view kHello3("\x10\x0E\0\4MQTT\4\2\0\0\0\2c1", 16);
  constexpr std::string_view kHello5("\x10\x0F\0\4MQTT\5\2\0\0\0\0\2c1", 17);
  if ((how & 3) == 1) lobby.feed(kHello3);
  if ((how & 3) == 2) lobby.feed(kHello5);
  const std::size_t piece = (how >> 3) == 0 ? bytes.size() + 1 : how >> 3;
  std::uint64_t cookie = 0;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    const bool over = lobby.session->ended();
    const std::size_t said = lobby.sent.size();
    lobby.feed(bytes.substr(at, piece));
    must(!over || lobby.sent.size() == said, "nothing is said behind the end");
    must(lobby.unread() <= lobby.config.max_packet + piece || lobby.session->ended(),
         "unread bytes are bounded");
    if ((how & 4) == 0) continue;
    lobby.commit();
    lobby.session->publish("v1/devices/me/rpc/request/1", "{}", 1, ++cookie);
    lobby.now += Duration{700};
    lobby.session->sweep(false);
  }
  lobby.session->end(mqtt::Why::shutting_down);
  lobby.feed({});
  LobbyDesk& desk = lobby.desk();
  must(desk.opens == desk.closes, "who was let in is seen out");
  must(static_cast<std::uint64_t>(desk.deliveries) == cookie,
       "the fate of every message is told once");
  const bool five =
      (how & 3) == 0 ? lobby.session->version() == mqtt::Version::v5 : version == mqtt::Version::v5;
  must_be_readable(lobby.sent, five ? mqtt::Version::v5 : mqtt::Version::v3);
  return 0;
}

/// A small generator of the fuzzer's own, so that a seed gives the same inputs everywhere.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 2862933555777941757ULL + 3037000493ULL) {}
  std::size_t below(std::size_t n) {
    state_ ^= state_ << 13, state_ ^= state_ >> 7, state_ ^= state_ << 17;
    return n == 0 ? 0 : static_cast<std::size_t>(state_ % n);
  }

 private:
  std::uint64_t state_;
};

/// Another input out of a known one: bits flipped, bytes replaced by telling ones, pieces cut,
/// doubled and swapped in.
inline std::string mutate(std::string input, const std::string& other, Dice& dice) {
  constexpr unsigned char kTelling[] = {0x00, 0x01, 0x7F, 0x80, 0xFF, 0x10, 0x30,
                                        0x32, 0x34, 0x62, 0x82, 0xA2, '#',  '+'};
  for (std::size_t n = 1 + dice.below(6); n > 0; --n) {
    const std::size_t at = dice.below(input.size() + 1), length = dice.below(16);
    switch (dice.below(6)) {
      case 0:
        if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << dice.below(8)));
        break;
      case 1:
        if (at < input.size()) input[at] = static_cast<char>(kTelling[dice.below(sizeof kTelling)]);
        break;
      case 2:
        input.erase(at, length);
        break;
      case 3:
        input.insert(at, input.substr(dice.below(input.size() + 1), length));
        break;
      case 4:
        input.insert(at, other.substr(dice.below(other.size() + 1), length * 4));
        break;
      default:
        input.insert(at, 1, static_cast<char>(dice.below(256)));
    }
  }
  return input;
}

}  // namespace lifang::fuzz
