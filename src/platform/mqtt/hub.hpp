// Hub: what the I/O threads of one server share: limits, switches, and who is connected under which
// name.
#pragma once
#include <atomic>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "base/world.hpp"
#include "platform/mqtt/receiver.hpp"
#include "platform/mqtt/socket.hpp"

namespace lifang::mqtt {

class Loop;

/// Who is connected: a client is known by its device and the client identifier that it chose, so
/// nobody can push out somebody else's device by borrowing its identifier.
class Directory {
 public:
  /// The connection that held the place until now, or 0.
  ConnectionId enter(std::uint64_t device, const std::string& client_id, ConnectionId connection) {
    const std::lock_guard lock(mutex_);
    return std::exchange(connections_[{device, client_id}], connection);
  }
  /// Nothing happens if somebody else holds the place by now.
  void leave(std::uint64_t device, const std::string& client_id, ConnectionId connection) {
    const std::lock_guard lock(mutex_);
    const auto place = connections_.find({device, client_id});
    if (place != connections_.end() && place->second == connection) connections_.erase(place);
  }
  std::vector<ConnectionId> of(std::uint64_t device) const {
    std::vector<ConnectionId> found;
    const std::lock_guard lock(mutex_);
    for (auto at = connections_.lower_bound({device, {}});
         at != connections_.end() && at->first.first == device; ++at)
      found.push_back(at->second);
    return found;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::uint64_t, std::string>, ConnectionId> connections_;
};

struct Hub {
  Hub(Config config_in, Receiver& receiver_in, const Steady& steady_in)
      : config(std::move(config_in)), receiver(receiver_in), steady(steady_in) {}

  std::shared_ptr<Tls> tls_now() const {
    const std::lock_guard lock(tls_mutex);
    return tls;
  }

  const Config config;
  Receiver& receiver;
  const Steady& steady;
  mutable std::mutex tls_mutex;
  std::shared_ptr<Tls> tls;
  Directory directory;
  std::vector<std::unique_ptr<Loop>> loops;
  std::atomic<std::size_t> connections{0};
  std::atomic<bool> paused{false};
  std::atomic<bool> stopping{false};
  std::atomic<int> cannot_accept{0};  ///< errno of the last connection that could not be taken
  std::atomic<std::int64_t> grace_ms{0};
};

}  // namespace lifang::mqtt
