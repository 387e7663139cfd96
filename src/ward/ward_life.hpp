// The made-up devices on their way of life: real MQTT connections, one thread, commands obeyed.
#pragma once
#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <queue>
#include <string>

#include "platform/mqtt/clients.hpp"
#include "ward/ward_plan.hpp"
#include "ward/ward_sense.hpp"

namespace lifang::ward {

class WardDevices final : private mqtt::Clients::Listener {
 public:
  /// `speed`: how much faster than real time days pass for them; what they say is stamped with the real time.
  WardDevices(const WardPlan& plan, mqtt::ClientConfig server, double speed, const Clock& clock, const Steady& steady);
  /// Until `stop` is set.
  void run(const std::atomic<bool>& stop);

  std::uint64_t sent() const { return sent_; }
  std::uint64_t acknowledged() const { return acknowledged_; }
  std::size_t connected() const { return open_; }
  /// Devices (or gateways) that the server does not let in, for good: asked again it would say the same.
  struct Refused {
    std::size_t count = 0, of = 0;
    std::string first;  ///< id of one of them
    std::uint8_t code = 0;
  };
  Refused refused() const;  ///< any thread

 private:
  struct Link {  ///< a device with a connection of its own
    std::size_t device = 0;
    std::optional<mqtt::Clients::Index> index;
    Duration again{};  ///< when to try to connect
    bool refused = false;
  };
  struct Due {
    Time at;  ///< in the devices' own time
    std::size_t device = 0;
    bool operator<(const Due& other) const { return at > other.at; }
  };
  void acknowledged(mqtt::Clients::Index index, std::uint16_t packet, mqtt::Reason reason) override;
  void connected(mqtt::Clients::Index index, std::uint8_t code) override;
  void message(mqtt::Clients::Index index, std::string_view topic, std::string_view payload) override;
  void closed(mqtt::Clients::Index index, mqtt::Reason reason) override;
  void note(mqtt::Clients::Index index, std::uint8_t code);

  Time own_time() const;
  void connect_some();
  void speak(std::size_t device, Time last, Time at);
  bool say(mqtt::Clients::Index index, std::string_view topic, std::string_view payload);

  const WardPlan& plan_;
  mqtt::ClientConfig server_;
  double speed_;
  const Clock& clock_;
  const Steady& steady_;
  Time began_;
  mqtt::Clients clients_;
  std::vector<Link> links_;
  std::vector<std::size_t> link_of_;           ///< by device: its own or its gateway's link
  std::map<mqtt::Clients::Index, std::size_t> by_index_;
  std::vector<DeviceStates> states_;
  std::priority_queue<Due> due_;
  std::size_t next_link_ = 0, opening_ = 0;
  std::atomic<std::uint64_t> sent_{0}, acknowledged_{0};
  std::atomic<std::size_t> open_{0};
  mutable std::mutex refused_mutex_;
  Refused refused_;
};

/// A burst of messages from `devices` connections at once, to measure a node.
struct Burst {
  std::vector<std::pair<std::string, std::string>> devices;  ///< id, secret
  double rate = 0;             ///< messages a second over all of them; 0: as fast as they are acknowledged
  std::uint16_t in_flight = 20;
  Duration lasts = std::chrono::seconds(10);
};
struct BurstFigures {
  std::size_t connected = 0;
  std::uint64_t sent = 0, acknowledged = 0, closed = 0;
  double seconds = 0;
  double p50_ms = 0, p99_ms = 0, worst_ms = 0;  ///< PUBLISH → PUBACK
};
BurstFigures run_burst(const Burst& burst, const mqtt::ClientConfig& server, const Clock& clock, const Steady& steady,
                       const std::function<bool()>& ended);

}  // namespace lifang::ward
