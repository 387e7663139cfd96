// Tail: memory of every point that is in the journal and not yet in a chunk. One writer, any
// readers.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "rooms/readings/readings_chunk.hpp"
#include "rooms/readings/readings_segment.hpp"

namespace lifang::readings {

constexpr std::uint32_t kMaxSeries = 1U << 26;

/// A stretch of the journal in memory: points in order of arrival, each chained to the one before
/// it of the same series. Points never move and never change, so readers need no lock: they follow
/// the chain from the head that they saw.
class Stretch {
 public:
  explicit Stretch(std::int64_t first_seq);
  ~Stretch();
  Stretch(const Stretch&) = delete;
  Stretch& operator=(const Stretch&) = delete;

  /// Lane only. False if it is full (67 million points); nothing was added then.
  bool add(std::span<const Entry> entries, std::int64_t seq);
  /// Any thread: appends the points of one series with from ≤ ts < to, in order of arrival.
  void copy(std::uint32_t series, std::int64_t from, std::int64_t to,
            std::vector<Point>& points) const;
  /// When the last of its points arrived, Unix seconds rounded up; 0 if there is none.
  std::int64_t last_arrival(std::uint32_t series) const;

  std::int64_t first_seq() const { return first_seq_; }
  /// The following are for the lane, and for anybody once the stretch is sealed.
  std::int64_t last_seq() const { return last_seq_; }
  /// The series that it holds, each once.
  const std::vector<std::uint32_t>& series() const { return series_; }
  std::size_t points() const { return points_.load(std::memory_order_relaxed); }

 private:
  struct Kept {
    std::int64_t ts;
    double value;
    std::uint32_t before;   ///< (index + 1 of the previous point of the series) × 4 + flags
    std::uint32_t arrived;  ///< Unix seconds, rounded up
  };
  static constexpr std::uint32_t kPage = 1U << 14;  // points a page
  static constexpr std::uint32_t kPages = 1U << 12;
  static constexpr std::uint32_t kHeads = 1U << 12;  // heads a page
  static constexpr std::uint32_t kHeadPages = kMaxSeries / kHeads;
  using HeadPage = std::atomic<std::uint32_t>[kHeads];

  std::atomic<std::uint32_t>& head(std::uint32_t series);
  std::uint32_t find(std::uint32_t series) const;
  const Kept& at(std::uint32_t index) const;

  std::int64_t first_seq_;
  std::int64_t last_seq_;
  std::vector<std::uint32_t> series_;
  std::atomic<std::size_t> points_{0};
  std::vector<std::atomic<Kept*>> pages_;
  std::vector<std::atomic<std::atomic<std::uint32_t>*>> heads_;
};

/// The stretches, oldest first: sealed ones that wait to be folded, and the open one.
class Tail {
 public:
  using Stretches = std::vector<std::shared_ptr<const Stretch>>;

  Tail();
  /// Lane only, after the commit of journal row `seq`.
  void add(std::span<const Entry> entries, std::int64_t seq);
  /// Lane only: closes the open stretch, if it holds anything; what comes next goes into another.
  void seal();
  /// Any thread: all of them, as of now; they live as long as they are held.
  Stretches stretches() const;
  /// Any thread: the oldest sealed stretch, or null.
  std::shared_ptr<const Stretch> sealed() const;
  /// Once its points are in chunks: forgets the oldest sealed stretch.
  void drop_sealed();

  /// Lane only.
  const Stretch& open() const { return *open_; }
  /// Points of all stretches.
  std::size_t points() const;

 private:
  mutable std::mutex mutex_;  // guards the list, never the points; held for a few pointers
  std::vector<std::shared_ptr<Stretch>> stretches_;
  std::shared_ptr<Stretch> open_;
};

/// The points of one series in the stretches: settled, first arrival first.
std::vector<Point> points_of(const Tail::Stretches& stretches, std::uint32_t series,
                             std::int64_t from, std::int64_t to);

}  // namespace lifang::readings
