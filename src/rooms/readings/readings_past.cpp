#include "rooms/readings/readings_past.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace lifang::readings {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kBearable = 250'000;

std::span<const Point> within(const std::vector<Point>& points, std::int64_t from,
                              std::int64_t to) {
  const auto before = [](const Point& p, std::int64_t ts) { return p.ts < ts; };
  const auto begin = std::lower_bound(points.begin(), points.end(), from, before);
  const auto end = std::lower_bound(begin, points.end(), std::max(from, to), before);
  return {begin, end};
}

}  // namespace

Past::Past(Reader& reader, const Tail& tail, std::uint32_t series, std::int64_t from,
           std::int64_t to)
    : reader_(reader),
      series_(series),
      from_(std::max(from, -kMaxTs)),
      to_(std::min(to, kMaxTs + 1)) {
  if (from_ >= to_) return;
  const auto stretches = tail.stretches();
  // A snapshot that is older than the last fold does not see its chunks, and the tail no longer has
  // the points; but that snapshot still sees their journal rows. Mostly there are none to be read.
  std::vector<Entry> entries;
  store::each_journal(
      reader_, stretches.front()->first_seq(), [&](std::int64_t, std::string_view body) {
        entries.clear();
        check(decode_segment(body, entries), "a journal row of readings cannot be read");
        for (const Entry& e : entries)
          if (e.series == series_ && e.ts >= from_ && e.ts < to_)
            unfolded_.push_back({e.ts, e.value, e.flags});
      });
  for (const auto& stretch : stretches) stretch->copy(series_, from_, to_, unfolded_);
  settle(unfolded_);

  for (const auto& row : store::blocks(reader_, block_of(from_), block_of(to_ - 1)))
    chunked_.push_back(row.block);
  blocks_ = chunked_;
  for (const Point& p : unfolded_)
    if (const std::int64_t block = block_of(p.ts); blocks_.empty() || blocks_.back() != block)
      blocks_.push_back(block);
  std::sort(blocks_.begin(), blocks_.end());
  blocks_.erase(std::unique(blocks_.begin(), blocks_.end()), blocks_.end());
}

bool Past::unfolded(std::int64_t block) const {
  return !within(unfolded_, block * kBlockMs, (block + 1) * kBlockMs).empty();
}

std::vector<Point> Past::points(std::int64_t from, std::int64_t to) const {
  from = std::max(from, from_);
  to = std::min(to, to_);
  std::vector<Point> points;
  if (from >= to) return points;
  const std::int64_t block = block_of(from), origin = block * kBlockMs;
  check(to <= origin + kBlockMs, "points are read within one block");
  if (std::binary_search(chunked_.begin(), chunked_.end(), block))
    store::each_body(
        reader_, block, series_, from - origin, to - 1 - origin, [&](std::string_view body) {
          check(decode_chunk(body, origin, points), "a chunk of readings cannot be read");
        });
  std::erase_if(points, [&](const Point& p) { return p.ts < from || p.ts >= to; });
  const auto newer = within(unfolded_, from, to);
  points.insert(points.end(), newer.begin(), newer.end());
  settle(points);
  return points;
}

std::vector<std::pair<std::int64_t, std::int64_t>> Past::pieces(std::int64_t block) const {
  const std::int64_t origin = block * kBlockMs;
  const bool large = std::binary_search(chunked_.begin(), chunked_.end(), block) &&
                     store::points_in(reader_, block, series_) > kBearable;
  std::vector<std::pair<std::int64_t, std::int64_t>> pieces;
  const std::int64_t length = large ? kDayMs : kBlockMs;
  for (std::int64_t from = origin; from < origin + kBlockMs; from += length)
    if (from + length > from_ && from < to_)
      pieces.emplace_back(std::max(from, from_), std::min(from + length, to_));
  return pieces;
}

}  // namespace lifang::readings
