#include "rooms/readings/readings_chunk.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "base/check.hpp"
#include "rooms/readings/readings_doubles.hpp"
#include "rooms/readings/readings_ints.hpp"

// Layout: head byte, varint count, times (readings_ints), values (readings_doubles), [flags].
//   head   bits 0–1 version 1; 2–3 unit of time (ms, s, min, h); 4 flags follow
//   flags  varint runs, then for each: varint gap since the last run, varint length, flags byte

namespace lifang::readings {
namespace {

constexpr unsigned kVersion = 1;
constexpr unsigned kHasFlags = 16;
constexpr std::array<std::int64_t, 4> kUnits{1, 1000, 60'000, 3'600'000};

void put_flags(std::string& out, std::span<const Point> points) {
  std::string runs;
  std::size_t n = 0, end = 0;
  for (std::size_t i = 0; i < points.size();) {
    std::size_t j = i + 1;
    while (j < points.size() && points[j].flags == points[i].flags) ++j;
    if (points[i].flags != 0) {
      put_varint(runs, i - end);
      put_varint(runs, j - i);
      runs.push_back(static_cast<char>(points[i].flags));
      end = j;
      ++n;
    }
    i = j;
  }
  put_varint(out, n);
  out += runs;
}

bool get_flags(std::string_view& bytes, std::span<Point> points) {
  std::uint64_t n = 0;
  if (!get_varint(bytes, n) || n > points.size()) return false;
  std::size_t at = 0;
  for (; n > 0; --n) {
    std::uint64_t gap = 0, length = 0;
    if (!get_varint(bytes, gap) || !get_varint(bytes, length) || bytes.empty()) return false;
    if (gap > points.size() - at || length > points.size() - at - gap) return false;
    at += gap;
    for (const std::size_t end = at + length; at < end; ++at)
      points[at].flags = static_cast<std::uint8_t>(bytes[0]);
    bytes.remove_prefix(1);
  }
  return true;
}

unsigned unit_of(std::span<const Point> points, std::int64_t origin_ms) {
  unsigned unit = kUnits.size() - 1;
  for (const Point& p : points)
    while (unit > 0 && (p.ts - origin_ms) % kUnits[unit] != 0) --unit;
  return unit;
}

bool get_points(std::string_view bytes, std::int64_t origin_ms, std::span<Point> points,
                unsigned head) {
  const std::int64_t unit = kUnits[(head >> 2) & 3];
  std::vector<std::int64_t> numbers(points.size());
  if (!get_ints(bytes, numbers)) return false;
  std::int64_t last = -kMaxTs - 1;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (numbers[i] < -2 * kMaxTs / unit || numbers[i] > 2 * kMaxTs / unit) return false;
    const std::int64_t ts = origin_ms + numbers[i] * unit;
    if (ts <= last || ts > kMaxTs) return false;
    points[i].ts = last = ts;
  }
  std::vector<double> values(points.size());
  if (!get_doubles(bytes, values)) return false;
  for (std::size_t i = 0; i < points.size(); ++i) points[i].value = values[i];
  if ((head & kHasFlags) != 0 && !get_flags(bytes, points)) return false;
  return bytes.empty();
}

}  // namespace

bool Point::operator==(const Point& other) const {
  return ts == other.ts && flags == other.flags &&
         std::bit_cast<std::uint64_t>(value) == std::bit_cast<std::uint64_t>(other.value);
}

void settle(std::vector<Point>& points) {
  const auto earlier = [](const Point& a, const Point& b) { return a.ts < b.ts; };
  if (!std::is_sorted(points.begin(), points.end(), earlier))
    std::stable_sort(points.begin(), points.end(), earlier);
  const auto same = [](const Point& a, const Point& b) { return a.ts == b.ts; };
  points.erase(std::unique(points.begin(), points.end(), same), points.end());
}

void merge(std::vector<Point>& into, std::span<const Point> later) {
  if (later.empty()) return;
  const bool after = into.empty() || into.back().ts < later.front().ts;
  into.insert(into.end(), later.begin(), later.end());
  if (!after) settle(into);
}

std::string encode_chunk(std::span<const Point> points, std::int64_t origin_ms) {
  check(!points.empty() && points.size() <= kMaxChunkPoints, "a chunk holds 1 to 65,536 points");
  check(points.front().ts >= -kMaxTs && points.back().ts <= kMaxTs, "ts beyond ten thousand years");
  const unsigned unit = unit_of(points, origin_ms);
  std::vector<std::int64_t> times;
  std::vector<double> values;
  times.reserve(points.size());
  values.reserve(points.size());
  bool flagged = false;
  for (const Point& p : points) {
    check(times.empty() || p.ts > (&p - 1)->ts, "points of a chunk rise in time");
    times.push_back((p.ts - origin_ms) / kUnits[unit]);
    values.push_back(p.value);
    flagged |= p.flags != 0;
  }
  std::string out;
  out.reserve(32 + points.size() * 2);
  out.push_back(static_cast<char>(kVersion | unit << 2 | (flagged ? kHasFlags : 0U)));
  put_varint(out, points.size());
  put_ints(out, times);
  put_doubles(out, values);
  if (flagged) put_flags(out, points);
  return out;
}

bool decode_chunk(std::string_view bytes, std::int64_t origin_ms, std::vector<Point>& points) {
  if (bytes.empty()) return false;
  const auto head = static_cast<unsigned char>(bytes[0]);
  if ((head & 3) != kVersion || head >= 32) return false;
  bytes.remove_prefix(1);
  std::uint64_t n = 0;
  if (!get_varint(bytes, n) || n == 0 || n > kMaxChunkPoints) return false;
  const std::size_t before = points.size();
  points.resize(before + n);
  if (get_points(bytes, origin_ms, std::span(points).subspan(before), head)) return true;
  points.resize(before);
  return false;
}

}  // namespace lifang::readings
