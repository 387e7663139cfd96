// Chunk: points of one series in 1–3 bytes each, exact to the bit. Pure.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lifang::readings {

/// One stored number.
struct Point {
  std::int64_t ts = 0;  ///< Unix milliseconds
  double value = 0;
  std::uint8_t flags = 0;  ///< bits of Flag (readings_batch.hpp)

  /// Equal to the bit: −0 differs from 0, and a NaN equals itself.
  bool operator==(const Point& other) const;
};

/// Eight days, counted from the epoch: the stretch of time that rows of one series are gathered by.
/// A day of hourly readings would not carry its row; a month would keep what retention should
/// remove.
constexpr std::int64_t kBlockMs = 8 * 86'400'000LL;
constexpr std::int64_t block_of(std::int64_t ts) {
  return ts >= 0 ? ts / kBlockMs : -((-ts + kBlockMs - 1) / kBlockMs);
}

constexpr std::size_t kMaxChunkPoints = 65'536;
/// Instants lie within ±10,000 years, so that differences never overflow.
constexpr std::int64_t kMaxTs = 253'402'300'800'000;

/// Orders by ts and keeps, of points with the same ts, the one that stood first: the first to
/// arrive wins.
void settle(std::vector<Point>& points);

/// Adds points that arrived after those of `into`; both ordered and without repeats, and so is the
/// result. Of two with the same ts the one in `into` stays. How many stretches are merged first
/// does not matter.
void merge(std::vector<Point>& into, std::span<const Point> later);

/// Times are coded as whole hours, minutes, seconds or milliseconds from `origin_ms` (the start of
/// the block, which the caller keeps beside it), values as decimals where they are some, flags as
/// runs. 1 … kMaxChunkPoints points, ts strictly rising and within ±kMaxTs; anything else is a bug.
std::string encode_chunk(std::span<const Point> points, std::int64_t origin_ms);

/// Appends the points to `points`. False, with nothing appended, if the bytes are no chunk. Any
/// bytes are safe: reading stays within them, and memory within kMaxChunkPoints.
bool decode_chunk(std::string_view bytes, std::int64_t origin_ms, std::vector<Point>& points);

}  // namespace lifang::readings
