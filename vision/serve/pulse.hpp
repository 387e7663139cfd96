// The sign of life of each camera: how many pictures a second came, as the telemetry `fps`, once a minute while any come. A camera whose
// pictures stop says nothing, and the node's silence rule for its type of device finds it missing.
#pragma once
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "base/world.hpp"
#include "vision/serve/watch_state.hpp"

namespace lifang::http {
class Client;
}

namespace lifang::vision {

/// Pure: from what is counted, what came.
class FrameRate {
 public:
  /// Pictures a second since the last minute ended, 0 to 120; none within a minute, and none of a camera that is not watched or of which nothing
  /// can be decoded.
  std::optional<double> see(const WatchState& now, Time at);

 private:
  std::optional<Time> since_;
  std::uint64_t packets_ = 0, corrupt_ = 0;
};

/// What it could not deliver is forgotten: the next minute comes. A type of device that knows no `fps` (a lift) is not asked again.
class Pulse {
 public:
  explicit Pulse(const std::string& node);
  ~Pulse();
  void tell(const std::string& token, double fps);

 private:
  void run(const std::stop_token& stop);
  std::unique_ptr<http::Client> client_;
  std::mutex mutex_;
  std::condition_variable_any told_;
  std::map<std::string, double> waiting_;  ///< by token; guarded by mutex_, as is …
  std::set<std::string> unknown_;          ///< … tokens of devices without such a value
  std::jthread thread_;
};

}  // namespace lifang::vision
