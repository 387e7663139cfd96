// Past: one series as a reader sees it, chunks and what is not folded yet as one.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "rooms/readings/readings_store.hpp"
#include "rooms/readings/readings_tail.hpp"

namespace lifang::readings {

/// Holds for one snapshot of the reader. A point that is in several places shows once, the first to
/// arrive.
class Past {
 public:
  /// Looks at from ≤ ts < to.
  Past(Reader& reader, const Tail& tail, std::uint32_t series, std::int64_t from, std::int64_t to);

  /// The blocks that may hold points, in order.
  const std::vector<std::int64_t>& blocks() const { return blocks_; }
  /// Whether some of the block's points are not folded yet.
  bool unfolded(std::int64_t block) const;
  /// The points of a stretch of time within one block.
  std::vector<Point> points(std::int64_t from, std::int64_t to) const;
  /// Stretches of time that together cover the block and hold a bearable number of points each.
  std::vector<std::pair<std::int64_t, std::int64_t>> pieces(std::int64_t block) const;

 private:
  Reader& reader_;
  std::uint32_t series_;
  std::int64_t from_, to_;
  std::vector<Point> unfolded_;
  std::vector<std::int64_t> chunked_;  ///< blocks with chunks of whatever series
  std::vector<std::int64_t> blocks_;
};

}  // namespace lifang::readings
