// Load for fault tests: devices whose every word is known beforehand, and a book of what was acknowledged.
#pragma once
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/real_world.hpp"
#include "platform/mqtt/client.hpp"
#include "support/served_node.hpp"

namespace lifang {

/// SplitMix64 (Steele, Lea, Flood 2014) of one number: chance that can be asked again.
constexpr std::uint64_t chance_of(std::uint64_t z) {
  z += 0x9e3779b97f4a7c15U;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31);
}

/// (began, ended) in Unix ms; ended is 0 while it is open.
using Spans = std::vector<std::pair<std::int64_t, std::int64_t>>;

/// One device: its n-th message is always the same, so that what must be there afterwards needs no memory.
class FaultDevice {
 public:
  FaultDevice(int index, bool over_mqtt);
  const std::string& id() const { return id_; }
  static std::int64_t ts(std::int64_t n) { return 1'577'836'800'000 + n * 60'000; }  // from 2020-01-01, each minute
  double dust(std::int64_t n) const;
  double heat(std::int64_t n) const;
  std::string payload(std::int64_t n) const;
  /// What the rule makes of the first n messages.
  Spans situations(std::int64_t n) const;

  /// Speaks until `stop`, the n-th message is acknowledged, or (MQTT) the connection is lost. What was not
  /// acknowledged before is said again first.
  void speak(const ServedNode& node, const std::atomic<bool>& stop, std::int64_t until);
  std::int64_t acknowledged() const { return acknowledged_; }  ///< the first so many
  std::int64_t said() const { return said_; }
  int refused() const { return refused_; }
  int connections() const { return connections_; }
  std::int64_t checked = 0;  ///< looked up and found, the first so many

 private:
  void speak_mqtt(const ServedNode& node, const std::atomic<bool>& stop, std::int64_t until);
  void speak_http(const ServedNode& node, const std::atomic<bool>& stop, std::int64_t until);
  int index_;
  bool over_mqtt_;
  std::string id_;
  RealSteady steady_;
  std::unique_ptr<mqtt::Client> client_;
  std::atomic<std::int64_t> acknowledged_{0}, said_{0};
  std::atomic<int> refused_{0}, connections_{0};
};

/// People who report over HTTP, each report at a place of its own that is made just before.
class FaultReports {
 public:
  void speak(const ServedNode& node, const std::atomic<bool>& stop);
  /// Each acknowledged place and case is there once, and none twice.
  void check(ServedNode& node) const;
  std::size_t acknowledged() const { return ids_.size(); }

 private:
  std::vector<std::string> ids_;  ///< the i-th report became this case
};

/// A node's worth of devices and people.
class FaultLoad {
 public:
  explicit FaultLoad(int over_mqtt = 4, int over_http = 1);
  /// Places, profile, devices, a kind of case and the rule, as the admin.
  void prepare(ServedNode& node) const;
  /// Begins to speak on threads of its own, at most up to the n-th message a device.
  void begin(const ServedNode& node, std::int64_t until);
  void end();  ///< tells them to stop, and waits
  void wait();  ///< until they have said all
  /// Every acknowledged reading is there exactly once, and nothing that was never said.
  void check_readings(ServedNode& node);
  /// Situations as the rule makes them of what was said, and one case each.
  void check_situations(ServedNode& node);
  /// The same, and `lifang verify` finds nothing.
  void check_outcome(ServedNode& node);
  std::int64_t acknowledged() const;
  std::int64_t said() const;
  std::size_t reports() const { return reports_.acknowledged(); }
  std::vector<std::unique_ptr<FaultDevice>>& devices() { return devices_; }

 private:
  void check_readings(ServedNode& node, FaultDevice& device);
  std::vector<std::unique_ptr<FaultDevice>> devices_;
  FaultReports reports_;
  std::vector<std::thread> threads_;
  std::atomic<bool> stop_{false};
};

}  // namespace lifang
