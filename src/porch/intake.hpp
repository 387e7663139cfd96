// Intake: gathers what all protocols heard, hands it to the lane, and acknowledges after the commit.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "platform/lane/lane.hpp"
#include "platform/metrics/metrics.hpp"
#include "platform/mqtt/receiver.hpp"
#include "porch/telemetry.hpp"
#include "rooms/readings/readings_batch.hpp"

namespace lifang::porch {

/// Told on the lane's thread, once: true after the commit, false if it cannot be stored.
using Stored = std::function<void(bool)>;

/// What one I/O thread gathered in one round: readings, and who waits for their commit.
struct Portion {
  readings::Batch batch;
  std::vector<mqtt::Ack> acks;  ///< leave after the commit, in this order
  std::vector<Stored> waiting;
  std::size_t size() const { return batch.values.size() + batch.detections.size(); }
  void clear() {
    batch.clear();
    acks.clear();
    waiting.clear();
  }
};

class Intake {
 public:
  /// Stores and judges, in the lane's transaction.
  using Take = std::function<void(Tx&, readings::Batch&)>;
  /// Called on the lane's thread with the acks of a whole batch.
  using Acked = std::function<void(std::span<const mqtt::Ack>, bool stored)>;
  using Pressure = std::function<void(bool full)>;

  Intake(lane::Lane& lane, Metrics& metrics, Take take, std::size_t limit);

  void on_acked(Acked fn) { acked_ = std::move(fn); }
  /// `full` when more than the limit of values waits for the lane or somebody holds; again false when half of
  /// them are done and nobody holds.
  void on_pressure(Pressure fn) { pressure_ = std::move(fn); }

  /// Any thread: adds the portion to what waits and empties it, keeping its room.
  void submit(Portion& portion);
  /// What comes later goes into another work, behind whatever was submitted to the lane in between.
  void cut();
  void count(const Taken& taken, const devices::DeviceEntry& device);
  /// Any thread: reads no more for a reason that lies behind the lane (folding does not keep up).
  void hold(bool on);
  std::size_t waiting() const { return waiting_.load(); }
  /// Whether more should wait outside: what on_pressure was told last.
  bool full() const { return full_.load() || held_.load(); }

 private:
  class Batch;
  void settled(const Portion& portion, bool stored);
  void tell_pressure();

  lane::Lane& lane_;
  Take take_;
  Acked acked_;
  Pressure pressure_;
  std::size_t limit_;
  Metrics::Counter* refused_[kRefusals];
  Metrics::Counter& messages_;
  Metrics::Counter& values_;

  std::mutex mutex_;
  std::shared_ptr<Portion> open_;                 ///< gathers; its work is in the lane's queue
  std::vector<std::shared_ptr<Portion>> spare_;   ///< emptied, to be used again
  std::atomic<std::size_t> waiting_{0};
  std::atomic<bool> full_{false};
  std::atomic<bool> held_{false};
  std::mutex pressure_mutex_;
  bool pressed_ = false;  ///< what was told last
};

}  // namespace lifang::porch
