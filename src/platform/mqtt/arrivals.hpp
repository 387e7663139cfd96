// Arrivals: the publishes of one connection that wait for their acknowledgement, in order of
// arrival.
#pragma once
#include <bit>
#include <cstdint>
#include <memory>

#include "platform/mqtt/reason.hpp"

namespace lifang::mqtt {

/// A ring that grows by doubling and can be released when empty. Tickets count up from 0, modulo
/// 2^32.
class Arrivals {
 public:
  struct Entry {
    std::uint16_t packet_id = 0;
    Reason reason = Reason::success;
    bool ready : 1 = false;
    bool qos2 : 1 = false;
    bool repeat : 1 = false;  ///< QoS 2: the same packet id again, answered but not delivered again
  };

  std::size_t count() const { return count_; }
  std::uint32_t next_ticket() const { return first_ticket_ + count_; }

  void push(Entry entry) {
    if (count_ == capacity_) grow();
    ring_[(head_ + count_) & (capacity_ - 1)] = entry;
    ++count_;
  }
  /// The answer to a ticket; false if nobody waits for it.
  bool settle(std::uint32_t ticket, Reason reason) {
    const std::uint32_t at = ticket - first_ticket_;
    if (at >= count_) return false;
    Entry& entry = ring_[(head_ + at) & (capacity_ - 1)];
    if (entry.ready) return false;
    entry.reason = reason;
    entry.ready = true;
    return true;
  }
  bool ready() const { return count_ > 0 && ring_[head_].ready; }
  Entry pop() {
    const Entry entry = ring_[head_];
    head_ = (head_ + 1) & (capacity_ - 1);
    --count_;
    ++first_ticket_;
    return entry;
  }
  /// Whether a QoS 2 publish with this id still waits for its first answer.
  bool holds_qos2(std::uint16_t packet_id) const {
    for (std::uint32_t i = 0; i < count_; ++i) {
      const Entry& entry = ring_[(head_ + i) & (capacity_ - 1)];
      if (entry.qos2 && !entry.repeat && entry.packet_id == packet_id) return true;
    }
    return false;
  }
  /// Gives the memory back if nobody waits.
  void release() {
    if (count_ > 0) return;
    ring_.reset();
    head_ = capacity_ = 0;
  }

 private:
  void grow() {
    const std::uint32_t wider = capacity_ == 0 ? 8 : capacity_ * 2;
    auto ring = std::make_unique<Entry[]>(wider);
    for (std::uint32_t i = 0; i < count_; ++i) ring[i] = ring_[(head_ + i) & (capacity_ - 1)];
    ring_ = std::move(ring);
    head_ = 0;
    capacity_ = wider;
  }

  std::unique_ptr<Entry[]> ring_;
  std::uint32_t head_ = 0;
  std::uint32_t count_ = 0;
  std::uint32_t capacity_ = 0;
  std::uint32_t first_ticket_ = 0;
};

}  // namespace lifang::mqtt
