// Directory: which series stands for which device and metric, and the latest value of each. One
// writer, any readers, no locks.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/check.hpp"
#include "rooms/readings/readings_chunk.hpp"
#include "rooms/readings/readings_tail.hpp"

namespace lifang::readings {

/// Things by number, in pages that never move: written by one thread, read by any.
template <class T, std::uint32_t kMost>
class Pages {
 public:
  Pages() : pages_(new std::atomic<T*>[kMost / kPage] {}) {}
  ~Pages() {
    for (std::uint32_t i = 0; i < kMost / kPage; ++i)
      delete[] pages_[i].load(std::memory_order_relaxed);
  }
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;

  /// Writer only; makes the page if there is none.
  T& make(std::uint32_t i) {
    check(i < kMost, "more devices or series than there is room for");
    T* page = pages_[i / kPage].load(std::memory_order_relaxed);
    if (page == nullptr) {
      page = new T[kPage]{};
      pages_[i / kPage].store(page, std::memory_order_release);
    }
    return page[i % kPage];
  }
  /// Null where nothing was made nearby.
  T* find(std::uint32_t i) const {
    if (i >= kMost) return nullptr;
    T* page = pages_[i / kPage].load(std::memory_order_acquire);
    return page == nullptr ? nullptr : page + i % kPage;
  }

 private:
  static constexpr std::uint32_t kPage = 4096;
  std::unique_ptr<std::atomic<T*>[]> pages_;
};

constexpr std::uint32_t kMaxDevices = 1U << 24;

class Directory {
 public:
  /// Any thread. Series count from 0 without gaps.
  std::optional<std::uint32_t> find(std::uint32_t device, std::uint16_t metric) const;
  /// Any thread: each series of the device, in the order in which they were added.
  template <class Fn>  // (series, metric)
  void each_of(std::uint32_t device, Fn fn) const {
    std::uint32_t found[kMaxMetrics];
    std::uint32_t n = 0;
    for (std::uint32_t link = head_of(device); link != 0 && n < kMaxMetrics;
         link = entries_.find(link - 1)->next)
      found[n++] = link - 1;
    while (n-- > 0) fn(found[n], entries_.find(found[n])->metric);
  }
  /// Any thread: the newest point that is not suspect.
  std::optional<Point> latest(std::uint32_t series) const;

  std::uint32_t size() const { return size_.load(std::memory_order_acquire); }
  std::uint32_t device_of(std::uint32_t series) const { return entries_.find(series)->device; }
  std::uint16_t metric_of(std::uint32_t series) const { return entries_.find(series)->metric; }

  /// Writer only. The pair must be new.
  std::uint32_t add(std::uint32_t device, std::uint16_t metric);
  /// Writer only: keeps the point if it is newer.
  void offer(std::uint32_t series, std::int64_t ts, double value);

 private:
  static constexpr std::uint32_t kMaxMetrics = 1024;
  struct Entry {
    std::uint32_t device = 0;
    std::uint32_t next = 0;  ///< series + 1 of the one added before it for the same device
    std::uint16_t metric = 0;
    std::atomic<std::uint32_t> version{0};  ///< 0: no point yet; odd: being written
    std::atomic<std::int64_t> ts{0};
    std::atomic<double> value{0};
  };
  std::uint32_t head_of(std::uint32_t device) const {
    const auto* head = heads_.find(device);
    return head == nullptr ? 0 : head->load(std::memory_order_acquire);
  }

  Pages<std::atomic<std::uint32_t>, kMaxDevices> heads_;  ///< series + 1 added last
  Pages<Entry, kMaxSeries> entries_;
  std::atomic<std::uint32_t> size_{0};
};

}  // namespace lifang::readings
