// Fold: how points from the tail become parts of chunks, and how parts become fewer. Pure.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "rooms/readings/readings_chunk.hpp"
#include "rooms/readings/readings_rollup.hpp"

namespace lifang::readings {

constexpr std::size_t kOpenPartPoints = 16'384;    ///< at most in one row while the block is open
constexpr std::size_t kSettledPartPoints = 4'096;  ///< at most in one row of a settled block
/// Points that arrived further apart do not share a row: a row leaves when its last arrival is old
/// enough.
constexpr std::int64_t kArrivalDays = 8;

/// A row of readings_chunks without its key's block and series.
struct Part {
  std::int64_t part = 0;
  std::int64_t since = 0;  ///< milliseconds since the block began, of the first point
  std::int64_t till = 0;   ///< of the last point
  std::int64_t points = 0;
  std::int64_t arrived = 0;  ///< day (since 1970) on which the last of them arrived
  std::string body;          ///< may be left out where it was not asked for
};

/// What to do with the rows of one series and block.
struct Change {
  std::int64_t block = 0;
  std::uint32_t series = 0;
  std::vector<std::int64_t> removed;  ///< part numbers that are not in `put`
  std::vector<Part> put;              ///< new, or in place of the row with the same number
};

/// The new points of one series, cut where blocks begin. `points` must be settled.
std::vector<std::span<const Point>> by_block(std::span<const Point> points);

/// Whether the newest part takes `n` later points in, or they become a part of their own. Parts
/// that shrink at least by half from one to the next are few (the logarithm of their points), and
/// each point is rewritten as seldom, however often a block is folded into.
bool takes_in(std::size_t part_points, std::size_t n);

/// Puts new points behind the parts of their block. `newest` are the newest parts, newest first,
/// with bodies as far as takes_in() may want them; `arrived`: the day on which the last of `points`
/// did.
Change fold_into(std::int64_t block, std::uint32_t series, std::vector<Part> newest,
                 std::vector<Point> points, std::int64_t arrived);

/// Merges parts into rows of kSettledPartPoints, numbered from `first_part`; those that arrived
/// within kArrivalDays of each other become rows that follow each other in time. All parts must
/// have their bodies and stand in order of arrival. A body that cannot be read is a bug. Hands out
/// all points, too.
std::vector<Part> settled(std::int64_t block, std::span<const Part> parts, std::int64_t first_part,
                          std::vector<Point>& points);

/// Points as parts of at most `most` points each, numbered from `first_part`.
std::vector<Part> parts_of(std::int64_t block, std::span<const Point> points, std::size_t most,
                           std::int64_t first_part, std::int64_t arrived);

/// Which parts a settling should merge: small ones, and those that overlap another in time. What is
/// left out shares no instant with any other, so its place in the order of arrival does not matter.
std::vector<std::size_t> worth_merging(std::span<const Part> parts);

}  // namespace lifang::readings
