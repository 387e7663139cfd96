// Registry: every device in memory, as the porch and the rules need it. Entries never change; they are replaced.
#pragma once
#include <atomic>
#include <cmath>
#include <cstdint>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.hpp"

namespace lifang::devices {

/// One metric of a profile. A bound is `min`/`max`, or the attribute with that index if it is not −1.
struct MetricEntry {
  std::string name;
  std::string unit;
  std::string spoken;  ///< as people read it
  std::uint16_t number = 0;
  double min = -INFINITY;
  double max = INFINITY;
  std::string min_attribute, max_attribute;
};

struct ProfileEntry {
  std::string id;
  std::string name;
  std::uint32_t revision = 0;  ///< changes with the metrics
  std::vector<MetricEntry> metrics;
  std::vector<std::string> detections;
  Duration silent_after{0};  ///< 0: never
  /// Profiles have a dozen metrics: comparing lengths and bytes beats hashing.
  const MetricEntry* find(std::string_view metric) const {
    for (const MetricEntry& m : metrics)
      if (m.name == metric) return &m;
    return nullptr;
  }
};

/// What outlives the replacement of an entry.
struct DeviceState {
  std::atomic<std::int64_t> last_arrival{0};  ///< for messages without ts: strictly increasing
  std::atomic<std::int64_t> last_seen{0};     ///< Unix ms of its last message; 0: never since the start
  std::atomic<std::uint64_t> messages{0}, suspect{0}, refused{0}, late{0}, repeated{0};
  std::atomic<std::uint32_t> connections{0};
};

struct DeviceEntry {
  std::string id;
  std::string name;
  std::uint32_t number = 0;
  std::string place;
  std::string path;
  std::vector<std::string> tags;
  std::string gateway;
  std::string secret;  ///< keyed hash
  std::shared_ptr<const ProfileEntry> profile;
  std::unordered_map<std::string, double> attributes;  ///< the numeric ones
  std::vector<double> bounds;  ///< of the profile's metrics, min and max in turn, attributes resolved
  std::shared_ptr<DeviceState> state;
  mutable std::atomic<bool> stale{false};  ///< a newer entry stands in the registry

  double attribute(const std::string& wanted) const {
    const auto it = attributes.find(wanted);
    return it == attributes.end() ? NAN : it->second;
  }
  bool suspect(const MetricEntry& metric, double value) const {
    const auto i = static_cast<std::size_t>(&metric - profile->metrics.data());
    return value < bounds[2 * i] || value > bounds[2 * i + 1];
  }
};
using DevicePtr = std::shared_ptr<const DeviceEntry>;

/// Any thread may ask; the lane alone changes it, after a commit.
class Registry {
 public:
  /// The device of that id; null if there is none, or it was removed.
  DevicePtr find(std::string_view id) const;
  /// The same by its number.
  DevicePtr at(std::uint32_t number) const;
  /// The one device with this secret's hash, if there is exactly one: for access tokens.
  DevicePtr by_secret(const std::string& hash) const;
  /// Whether a device other than `id` has this secret's hash.
  bool shares_secret(const std::string& hash, std::string_view id) const;
  /// Null if there is none of that id.
  std::shared_ptr<const ProfileEntry> profile(const std::string& id) const;
  /// Every device, in no order.
  std::vector<DevicePtr> all() const;
  /// How many devices there are.
  std::size_t size() const;
  /// Detection kinds are numbered in memory as rules name them; 0: no rule does.
  std::uint16_t kind_number(std::string_view kind) const;
  /// Its number, made if it has none yet: a rule names it. On the lane.
  std::uint16_t intern_kind(std::string_view kind);
  /// Empty if no metric has the number.
  std::string metric_name(std::uint16_t number) const;

  /// A new entry takes the place of the one with its id, which becomes stale; it takes over the state. On the lane.
  void keep(std::shared_ptr<DeviceEntry> entry);
  /// It is found no more; who holds its entry sees that it is stale. On the lane.
  void remove(const std::string& id);
  /// Devices of the profile are to be kept anew behind it. On the lane.
  void keep(std::shared_ptr<const ProfileEntry> profile);
  /// On the lane.
  void keep_metric(const std::string& name, std::uint16_t number);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };
  template <class T>
  using ByName = std::unordered_map<std::string, T, Hash, std::equal_to<>>;

  void forget_secret(const DeviceEntry& entry);
  mutable std::shared_mutex mutex_;
  ByName<DevicePtr> by_id_;
  std::vector<DevicePtr> by_number_;
  std::unordered_multimap<std::string, std::string> by_secret_;
  ByName<std::shared_ptr<const ProfileEntry>> profiles_;
  ByName<std::uint16_t> kinds_;
  std::vector<std::string> metric_names_;
};

}  // namespace lifang::devices
