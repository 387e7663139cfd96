// Outbox: messages on their way to one client, in flight (QoS 1) or waiting for room.
#pragma once
#include <algorithm>

#include "platform/mqtt/session.hpp"

namespace lifang::mqtt {

struct Session::Outbox {
  struct InFlight {
    std::uint64_t cookie;
    std::uint16_t packet_id;
  };
  struct Waiting {
    std::string topic;
    std::string payload;
    std::uint64_t cookie;
    std::uint8_t qos;
    std::size_t size() const { return topic.size() + payload.size(); }
  };

  std::vector<InFlight> in_flight;
  std::vector<Waiting> waiting;
  std::size_t waiting_bytes = 0;
  std::uint16_t last_id = 0;

  std::uint16_t free_id() {
    const auto taken = [this](std::uint16_t id) {
      return std::any_of(in_flight.begin(), in_flight.end(),
                         [id](const InFlight& f) { return f.packet_id == id; });
    };
    do ++last_id;
    while (last_id == 0 || taken(last_id));
    return last_id;
  }
};

}  // namespace lifang::mqtt
