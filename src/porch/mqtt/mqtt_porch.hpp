// The MQTT side of the porch: contract.md §2 over platform/mqtt.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "platform/bus/bus.hpp"
#include "platform/db/db.hpp"
#include "platform/mqtt/server.hpp"
#include "porch/intake.hpp"
#include "rooms/devices/devices.hpp"

namespace lifang::porch {

class MqttPorch final : public mqtt::Receiver {
 public:
  struct Parts {
    lane::Lane& lane;
    bus::Bus& bus;
    devices::Devices& devices;
    const Vault& vault;
    Intake& intake;
    Metrics& metrics;
    World& world;
  };
  MqttPorch(Parts parts, mqtt::Config config, Limits limits, const Steady& steady);
  ~MqttPorch() override;

  /// Listens from now on. Once.
  void start() { server_.start(); }
  /// Takes in nothing more; who waits for an acknowledgement gets it for at most ten seconds.
  void stop() { server_.stop(); }
  mqtt::Server& server() { return server_; }
  /// What the MQTT server refused by itself, by name; what the porch refused is counted under `porch.` names instead.
  std::map<std::string, std::uint64_t> refused_below() const;

  std::optional<mqtt::Admission> connect(const mqtt::Newcomer& newcomer) override;
  void turned_away(const mqtt::Newcomer& newcomer, mqtt::Why why) override;
  void refused(mqtt::ConnectionId, const mqtt::Device& device, mqtt::Why why) override;
  void opened(mqtt::ConnectionId, const mqtt::Device& device) override;
  void closed(mqtt::ConnectionId, const mqtt::Device& device, mqtt::Why) override;
  std::optional<mqtt::Reason> publish(const mqtt::Incoming& message) override;
  mqtt::Reason subscribe(mqtt::ConnectionId, const mqtt::Device& device, std::string_view filter, std::uint8_t qos) override;
  void unsubscribed(mqtt::ConnectionId, const mqtt::Device& device, std::string_view filter) override;
  void delivered(mqtt::ConnectionId, std::uint64_t cookie, mqtt::Delivery delivery) override;
  void batch_end(unsigned thread) override;

 private:
  struct Talk;
  struct Login {
    mqtt::ConnectionId connection;
    std::string secret;  ///< sealed, as the registry has it
    bool hears_commands = false;
    std::int64_t commanded = 0;  ///< the number of the last command that went to it since it subscribed
  };
  const devices::DeviceEntry* entry_of(const mqtt::Device& device);
  void told(const bus::Told& told);
  /// Whether it hears commands from now on; who begins to hear is told all that wait, also those that another heard.
  void hear_commands(const Talk& talk, mqtt::ConnectionId connection, bool on);
  /// Each connection that hears commands is told those that wait for an answer and did not go to it yet.
  void send_waiting(const std::string& device);
  /// Who has to be told this command. From now on each counts as told, unless `tx` is undone.
  std::vector<mqtt::ConnectionId> not_told(Tx& tx, const std::string& device, std::int64_t command);
  /// Closes what logged in with a secret that it has no more.
  void send_away(const std::string& device);
  void hand_over(std::size_t weight, lane::Lane::UseCase use_case, lane::Lane::Done done,
                 lane::WhenAway when_away = lane::WhenAway::refuse);
  void send_attributes(const std::string& device, std::uint32_t number);
  devices::DevicePtr admitted(const mqtt::Connect& words) const;
  void refuse_entry(const mqtt::Newcomer& newcomer);
  mqtt::Reason refuse_stale(const mqtt::Device& device);
  mqtt::Reason refuse_topic(const devices::DeviceEntry& device, std::string_view topic);
  std::int64_t now() const { return to_ms(parts_.world.clock.now()); }
  std::optional<mqtt::Reason> take(const mqtt::Incoming& message, const Taken& taken, const devices::DeviceEntry& device,
                                   std::int64_t now);
  std::optional<mqtt::Reason> hear_response(const mqtt::Incoming& message, const devices::DeviceEntry& device,
                                            std::int64_t number);
  std::optional<mqtt::Reason> use_case(const mqtt::Incoming& message, const devices::DeviceEntry& device,
                                       lane::Lane::UseCase use_case);

  Portion* new_portion();

  Parts parts_;
  Limits limits_;
  std::mutex portions_mutex_;
  std::vector<std::unique_ptr<Portion>> portions_;  ///< one an I/O thread
  std::mutex logins_mutex_;
  std::unordered_multimap<std::string, Login> logins_;  ///< open connections, by id of the device
  mqtt::Server server_;
};

}  // namespace lifang::porch
