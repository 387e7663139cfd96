#include "porch/intake.hpp"

#include "base/check.hpp"

namespace lifang::porch {

/// The work in the lane's queue: takes the portion away from the gatherers when its turn comes, so that a busy lane
/// gets larger batches by itself.
class Intake::Batch final : public lane::Work {
 public:
  Batch(Intake& intake, std::shared_ptr<Portion> portion) : intake_(intake), portion_(std::move(portion)) {}

  void run(Tx& tx) override {
    {
      const std::lock_guard lock(intake_.mutex_);
      if (intake_.open_ == portion_) intake_.open_ = nullptr;
    }
    // Tried again after a rollback: flags that the readings set are set anew, and detections get other ids.
    for (auto& value : portion_->batch.values) value.flags &= readings::suspect;
    intake_.take_(tx, portion_->batch);
  }
  void committed() override { intake_.settled(*portion_, true), reuse(); }
  void failed(const std::string&) override { intake_.settled(*portion_, false), reuse(); }

 private:
  void reuse() {
    const std::lock_guard lock(intake_.mutex_);
    if (intake_.open_ == portion_) intake_.open_ = nullptr;
    portion_->clear();
    if (intake_.spare_.size() < 4) intake_.spare_.push_back(std::move(portion_));
  }
  Intake& intake_;
  std::shared_ptr<Portion> portion_;
};

Intake::Intake(lane::Lane& lane, Metrics& metrics, devices::Refusals& refusals, Take take, std::size_t limit)
    : lane_(lane), metrics_(metrics), refusals_(refusals), take_(std::move(take)), limit_(limit),
      messages_(metrics.counter("lifang_messages_total")), values_(metrics.counter("lifang_values_total")),
      not_stored_(metrics.counter("lifang_refused_total", "reason", "porch.not_stored")) {
  for (std::size_t i = 0; i < kRefusals; ++i)
    refused_[i] = &metrics.counter("lifang_refused_total", "reason", std::string(name(static_cast<Refused>(i))));
}

void Intake::count(const Taken& taken, const devices::DeviceEntry& speaker, std::int64_t now) {
  ++speaker.state->messages;
  messages_.fetch_add(1, std::memory_order_relaxed);
  for (const devices::DevicePtr& device : taken.spoken_for) {
    if (device->number == speaker.number) continue;
    ++device->state->messages;
    device->state->last_seen.store(now, std::memory_order_relaxed);
  }
  if (taken.traces.empty()) return;
  for (std::size_t i = 0; i < kRefusals; ++i)
    if (taken.refused[i] > 0) *refused_[i] += taken.refused[i];
  for (const Trace& trace : taken.traces) {
    auto& state = *trace.device->state;
    (trace.reason == kSuspect ? state.suspect : state.refused) += trace.times;
    refusals_.note(trace.device->number, trace.reason, now, trace.sample, trace.times);
  }
}

void Intake::note(const devices::DeviceEntry& device, std::string_view reason, std::string_view sample, std::int64_t now) {
  ++device.state->refused;
  refusals_.note(device.number, reason, now, sample);
}

void Intake::refuse(const devices::DeviceEntry& device, std::string_view reason, std::string_view sample, std::int64_t now,
                    std::string_view shown) {
  metrics_.refused(std::string(reason));
  note(device, shown.empty() ? reason : shown, sample, now);
}

void Intake::store(Tx& tx, readings::Batch& batch) {
  // Tried again after a rollback: flags that the readings set are set anew, and detections get other ids.
  for (auto& value : batch.values) value.flags &= readings::suspect;
  take_(tx, batch);
  tx.after_commit([this, values = batch.values.size()] { values_.fetch_add(values, std::memory_order_relaxed); });
}

void Intake::submit(Portion& portion) {
  if (portion.acks.empty() && portion.waiting.empty() && portion.batch.empty()) return;
  const std::size_t size = portion.size();
  const std::size_t now = waiting_ += size;
  std::shared_ptr<Portion> to_lane;
  {
    const std::lock_guard lock(mutex_);
    if (!open_) {
      if (spare_.empty()) spare_.push_back(std::make_shared<Portion>());
      open_ = std::move(spare_.back());
      spare_.pop_back();
      to_lane = open_;
      std::swap(*open_, portion);
    } else {
      auto& to = open_->batch;
      auto& from = portion.batch;
      const auto first = static_cast<std::uint32_t>(to.values.size());
      to.values.insert(to.values.end(), from.values.begin(), from.values.end());
      for (readings::Item& item : from.items) item.first += first;
      to.items.insert(to.items.end(), from.items.begin(), from.items.end());
      for (auto& detection : from.detections) to.detections.push_back(std::move(detection));
      open_->acks.insert(open_->acks.end(), portion.acks.begin(), portion.acks.end());
      for (auto& stored : portion.waiting) open_->waiting.push_back(std::move(stored));
      open_->messages += portion.messages;
    }
  }
  portion.clear();
  if (to_lane) lane_.submit(std::make_unique<Batch>(*this, std::move(to_lane)));
  if (now > limit_ && !full_.exchange(true)) tell_pressure();
}

void Intake::expect(std::size_t weight) {
  if ((waiting_ += weight) > limit_ && !full_.exchange(true)) tell_pressure();
}

void Intake::done(std::size_t weight) {
  const std::size_t left = waiting_ -= weight;
  if (left < limit_ / 2 && full_.exchange(false)) tell_pressure();
}

void Intake::cut() {
  const std::lock_guard lock(mutex_);
  open_ = nullptr;
}

void Intake::settled(const Portion& portion, bool stored) {
  // First there is room again, then it is said: who is answered may send the next at once.
  done(portion.size());
  if (!portion.acks.empty() && acked_) acked_(portion.acks, stored);
  for (const Stored& fn : portion.waiting) fn(stored);
  if (stored) values_.fetch_add(portion.batch.values.size(), std::memory_order_relaxed);
  else not_stored_ += portion.messages;
}

void Intake::hold(bool on) {
  if (held_.exchange(on) != on) tell_pressure();
}

void Intake::tell_pressure() {
  // The two reasons come and go on different threads: told in order, and only what changed.
  const std::lock_guard lock(pressure_mutex_);
  const bool now = full_ || held_;
  if (now == pressed_) return;
  pressed_ = now;
  if (pressure_) pressure_(now);
}

}  // namespace lifang::porch
