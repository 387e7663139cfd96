#include "rooms/readings/readings_directory.hpp"

namespace lifang::readings {

std::optional<std::uint32_t> Directory::find(std::uint32_t device, std::uint16_t metric) const {
  for (std::uint32_t link = head_of(device); link != 0;) {
    const Entry& entry = *entries_.find(link - 1);
    if (entry.metric == metric) return link - 1;
    link = entry.next;
  }
  return std::nullopt;
}

std::uint32_t Directory::add(std::uint32_t device, std::uint16_t metric) {
  const std::uint32_t series = size_.load(std::memory_order_relaxed);
  auto& head = heads_.make(device);
  Entry& entry = entries_.make(series);
  entry.device = device;
  entry.metric = metric;
  entry.next = head.load(std::memory_order_relaxed);
  head.store(series + 1, std::memory_order_release);
  size_.store(series + 1, std::memory_order_release);
  return series;
}

// A sequence lock (Boehm, "Can seqlocks get along with programming language memory models?", MSPC
// 2012): readers try again when a write was under way.
void Directory::offer(std::uint32_t series, std::int64_t ts, double value) {
  Entry& entry = entries_.make(series);
  const std::uint32_t version = entry.version.load(std::memory_order_relaxed);
  if (version != 0 && ts <= entry.ts.load(std::memory_order_relaxed)) return;
  // The count never comes back to 0, which means that there is no point.
  entry.version.store(version | 1, std::memory_order_release);
  entry.ts.store(ts, std::memory_order_release);
  entry.value.store(value, std::memory_order_release);
  const std::uint32_t next = (version | 1) + 1;
  entry.version.store(next == 0 ? 2 : next, std::memory_order_release);
}

std::optional<Point> Directory::latest(std::uint32_t series) const {
  if (series >= size()) return std::nullopt;
  const Entry& entry = *entries_.find(series);
  for (;;) {
    const std::uint32_t before = entry.version.load(std::memory_order_acquire);
    if (before == 0) return std::nullopt;
    const Point point{entry.ts.load(std::memory_order_acquire),
                      entry.value.load(std::memory_order_acquire), 0};
    if ((before & 1) == 0 && entry.version.load(std::memory_order_relaxed) == before) return point;
  }
}

}  // namespace lifang::readings
