// Counts: what an I/O thread counts. One thread writes, any thread reads.
#pragma once
#include <array>
#include <atomic>

#include "platform/mqtt/reason.hpp"

namespace lifang::mqtt {

/// A counter with a single writer: no locked instruction on the hot path.
class Tally {
 public:
  void add(std::uint64_t n = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  std::uint64_t get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

struct Counts {
  Tally accepted;  ///< TCP connections
  Tally opened;    ///< CONNECTs that were let in
  Tally closed;    ///< TCP connections that are gone
  Tally packets_in;
  Tally packets_out;
  Tally bytes_in;
  Tally bytes_out;
  std::array<Tally, 3> publishes;  ///< by QoS, repeated ones of QoS 2 left out
  std::array<Tally, kWhys> refused;
};

}  // namespace lifang::mqtt
