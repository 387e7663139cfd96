// Roll-up: count, least, greatest, mean and last of a series for each hour or any other step. Pure.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rooms/readings/readings_chunk.hpp"

namespace lifang::readings {

constexpr std::int64_t kHourMs = 3'600'000;

/// What the points of one step come to. Suspect points are not among them, late ones are.
struct Bucket {
  std::int64_t ts = 0;      ///< where the step begins, Unix milliseconds
  std::uint64_t count = 0;  ///< at least 1
  double min = 0;
  double max = 0;
  double sum = 0;
  double last = 0;  ///< the value of the newest point

  double mean() const { return sum / static_cast<double>(count); }
  bool operator==(const Bucket&) const = default;
};

/// Steps begin where the shown wall clock (UTC + offset) is a whole multiple of them, counted from
/// the epoch: with an offset of eight hours, days begin at midnight in Shanghai.
struct Steps {
  std::int64_t length = kHourMs;  ///< milliseconds, > 0
  std::int64_t offset = 0;        ///< milliseconds

  std::int64_t start_of(std::int64_t ts) const;
  /// Whether each step is made of whole UTC hours, so that hourly roll-ups can be added up.
  bool of_hours() const { return length % kHourMs == 0 && offset % kHourMs == 0; }
};

/// Of points that rise in time. Sums of decimals come out as decimals: rounding noise is taken off.
std::vector<Bucket> buckets_of(std::span<const Point> points, Steps steps);

/// Adds finer buckets up; each must lie within one step.
std::vector<Bucket> coarser(std::span<const Bucket> finer, Steps steps);

/// Of two views of the same steps, for each step the one that counted more points; `fresh` where
/// they are equal. Raw points are complete until they are removed, so a roll-up that counts more
/// than they do has outlived some of them; adding the two would count the rest twice.
std::vector<Bucket> joined(std::span<const Bucket> kept, std::span<const Bucket> fresh);

/// Hourly buckets of one block, exact to the bit. `origin_ms` is the block's start.
std::string encode_hours(std::span<const Bucket> hours, std::int64_t origin_ms);
/// Appends the buckets; false, with nothing appended, if the bytes are none. Any bytes are safe.
bool decode_hours(std::string_view bytes, std::int64_t origin_ms, std::vector<Bucket>& hours);

}  // namespace lifang::readings
