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
#include "rooms/devices/devices_refusals.hpp"
#include "rooms/readings/readings_batch.hpp"

namespace lifang::porch {

/// Told on the lane's thread, once: true after the commit, false if it cannot be stored.
using Stored = std::function<void(bool)>;

/// What one I/O thread gathered in one round: readings, and who waits for their commit.
struct Portion {
  readings::Batch batch;
  std::vector<mqtt::Ack> acks;  ///< leave after the commit, in this order
  std::vector<Stored> waiting;
  std::uint32_t messages = 0;  ///< of which something stands in the batch
  std::size_t size() const { return batch.values.size() + batch.detections.size(); }
  void clear() {
    batch.clear();
    acks.clear();
    waiting.clear();
    messages = 0;
  }
};

class Intake {
 public:
  /// Stores and judges, in the lane's transaction.
  using Take = std::function<void(Tx&, readings::Batch&)>;
  /// Called on the lane's thread with the acks of a whole batch.
  using Acked = std::function<void(std::span<const mqtt::Ack>, bool stored)>;
  using Pressure = std::function<void(bool full)>;

  /// `limit`: values and detections that may wait for the lane. Everything outlives the intake.
  Intake(lane::Lane& lane, Metrics& metrics, devices::Refusals& refusals, Take take, std::size_t limit);

  /// Before the first portion; on the lane's thread, once a batch.
  void on_acked(Acked fn) { acked_ = std::move(fn); }
  /// `full` when more than the limit of values waits for the lane or somebody holds; again false when half of
  /// them are done and nobody holds.
  void on_pressure(Pressure fn) { pressure_ = std::move(fn); }

  /// Any thread: adds the portion to what waits and empties it, keeping its room.
  void submit(Portion& portion);
  /// Any thread: other work of a device's words (attributes, answers) goes to the lane, weighing as much as `weight` values;
  /// it counts as waiting until done().
  void expect(std::size_t weight);
  void done(std::size_t weight);
  /// What comes later goes into another work, behind whatever was submitted to the lane in between.
  void cut();
  /// Counts one message of `speaker`, and with its devices what was refused of it; `now` in Unix ms, its arrival. Those for
  /// whom a gateway spoke have been seen then, too.
  void count(const Taken& taken, const devices::DeviceEntry& speaker, std::int64_t now);
  /// One refusal that concerns a device as a whole: counted in lifang_refused_total under `reason`, and on its page under
  /// `shown` (where the page may tell more than outsiders get to know), or under `reason` too.
  void refuse(const devices::DeviceEntry& device, std::string_view reason, std::string_view sample, std::int64_t now,
              std::string_view shown = {});
  /// As refuse(), for what is counted elsewhere: by the MQTT server, by the HTTP routes.
  void note(const devices::DeviceEntry& device, std::string_view reason, std::string_view sample, std::int64_t now);
  /// In a use case of the lane: stores and judges at once what must be answered in that very transaction.
  void store(Tx& tx, readings::Batch& batch);
  /// Any thread: reads no more for a reason that lies behind the lane (folding does not keep up).
  void hold(bool on);
  /// Values and detections that wait for their commit.
  std::size_t waiting() const { return waiting_.load(); }
  /// Whether more should wait outside: what on_pressure was told last.
  bool full() const { return full_.load() || held_.load(); }
  /// Whether somebody holds: what lies behind the lane does not keep up.
  bool held() const { return held_.load(); }

 private:
  class Batch;
  void settled(const Portion& portion, bool stored);
  void tell_pressure();

  lane::Lane& lane_;
  Metrics& metrics_;
  devices::Refusals& refusals_;
  Take take_;
  Acked acked_;
  Pressure pressure_;
  std::size_t limit_;
  Metrics::Counter* refused_[kRefusals];
  Metrics::Counter& messages_;
  Metrics::Counter& values_;
  Metrics::Counter& not_stored_;

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
