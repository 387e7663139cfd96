// Desk: a receiver that writes down what it hears and answers as the test wants; Porch: a server
// with such a desk.
#pragma once
#include <condition_variable>
#include <map>
#include <mutex>
#include <vector>

#include "platform/mqtt/server.hpp"
#include "support/fake_world.hpp"

namespace lifang {

/// Lets in everybody whose password is "secret" (device number: from the user name), or, with
/// password "later", asks the test. Foreign are topics that do not begin with "v1/", unreadable
/// payloads are those that begin with '?'.
class Desk final : public mqtt::Receiver {
 public:
  struct Heard {
    mqtt::ConnectionId connection;
    std::uint64_t device;
    std::string topic;
    std::string payload;
    std::uint32_t ticket;
    int qos;
  };

  std::optional<mqtt::Admission> connect(const mqtt::Newcomer& newcomer) override;
  void opened(mqtt::ConnectionId connection, const mqtt::Device& device) override;
  void closed(mqtt::ConnectionId connection, const mqtt::Device& device, mqtt::Why why) override;
  std::optional<mqtt::Reason> publish(const mqtt::Incoming& message) override;
  mqtt::Reason subscribe(mqtt::ConnectionId, const mqtt::Device&, std::string_view filter,
                         std::uint8_t qos) override;
  void unsubscribed(mqtt::ConnectionId, const mqtt::Device&, std::string_view filter) override;
  void delivered(mqtt::ConnectionId, std::uint64_t cookie, mqtt::Delivery delivery) override;
  void batch_end(unsigned thread) override;

  static std::uint64_t number_of(std::string_view user);

  /// Waits until `holds` is true of what was written down; false after ten seconds.
  template <class Condition>
  bool wait(Condition holds) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(10), holds);
  }
  /// What was heard until now.
  std::vector<Heard> all();
  std::size_t count();
  /// Publishes of QoS 1 and 2 that nobody has acknowledged yet, in order of arrival.
  std::vector<mqtt::Ack> take_held();

  std::atomic<bool> hold{false};  ///< acknowledge nothing by itself
  std::mutex mutex;               ///< guards all below
  std::condition_variable changed;
  std::vector<Heard> heard;
  std::vector<mqtt::Ack> held;
  std::vector<mqtt::ConnectionId> asking;
  std::vector<mqtt::ConnectionId> open;
  std::map<mqtt::ConnectionId, mqtt::Why> gone;
  std::map<std::uint64_t, mqtt::Delivery> deliveries;
  std::vector<std::string> filters;
  std::string last_peer;
  std::size_t batches = 0;
  std::size_t counted = 0;  ///< publishes, also while not `remember`
  bool remember = true;

 private:
  void note();
};

struct Porch {
  explicit Porch(mqtt::Config config = {});
  ~Porch();
  /// Moves the clock and lets the server see it.
  void advance(Duration d);
  std::uint64_t refused(mqtt::Why why) const;
  void commit();  ///< acknowledges everything that is held

  FakeSteady steady;
  Desk desk;
  mqtt::Server server;
};

}  // namespace lifang
