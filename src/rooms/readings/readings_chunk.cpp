#include "rooms/readings/readings_chunk.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "base/check.hpp"
#include "rooms/readings/readings_ints.hpp"

// Layout: head byte, varint count, times (readings_ints), values, [flags], [patches].
//   head     bits 0–1 version 1; 2–3 unit of time (ms, s, min, h); 4 flags follow; 5 patches follow;
//            6–7 how values are coded: 0 decimal, 1 decimal through a 32-bit float, 2 bits
//   values   decimal: a byte with the number of decimals, then m (value = m / 10^decimals) as integers;
//            bits: the doubles mapped to integers that order alike
//   flags    varint runs, then for each: varint gap since the last run, varint length, flags byte
//   patches  values that the decimals do not fit: varint number, for each varint gap, 8 bytes

namespace lifang::readings {
namespace {

constexpr unsigned kVersion = 1;
constexpr unsigned kHasFlags = 16, kHasPatches = 32;
enum Coding : unsigned { decimal = 0, decimal_float = 1, bits = 2 };

constexpr unsigned kMaxDecimals = 6;
constexpr std::array<double, kMaxDecimals + 1> kPowers{1, 10, 100, 1e3, 1e4, 1e5, 1e6};
constexpr std::array<std::int64_t, 4> kUnits{1, 1000, 60'000, 3'600'000};
constexpr double kMaxScaled = 9e15;  // below 2^53: every integer up to it is a double of its own

/// Doubles as integers in the same order, and back.
std::int64_t ordered(double v) {
  const auto b = std::bit_cast<std::int64_t>(v);
  return b ^ ((b >> 63) & INT64_MAX);
}
double unordered(std::int64_t i) { return std::bit_cast<double>(i ^ ((i >> 63) & INT64_MAX)); }

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

// The division is correctly rounded, so m / 10^d is the double that "m e−d" is read as.
double from_scaled(std::int64_t m, unsigned decimals, Coding coding) {
  const double v = static_cast<double>(m) / kPowers[decimals];
  return coding == decimal_float ? static_cast<double>(static_cast<float>(v)) : v;
}

/// The scaled integer that gives back exactly `v`, if there is one.
bool to_scaled(double v, unsigned decimals, Coding coding, std::int64_t& m) {
  const double scaled = v * kPowers[decimals];
  if (!(scaled > -kMaxScaled && scaled < kMaxScaled)) return false;
  m = std::llrint(scaled);
  return same_bits(from_scaled(m, decimals, coding), v);
}

/// How the values are written: coding, decimals, and which positions stay outside.
struct Values {
  Coding coding = bits;
  unsigned decimals = 0;
  std::vector<std::int64_t> numbers;
  std::vector<std::uint32_t> patched;
};

/// Fewest decimals for each value; kMaxDecimals + 1 counts those that no number of decimals fits.
std::array<std::size_t, kMaxDecimals + 2> count_decimals(std::span<const Point> points, Coding coding) {
  std::array<std::size_t, kMaxDecimals + 2> count{};
  unsigned guess = 0;
  std::int64_t m = 0;
  for (const Point& p : points) {
    // Neighbours mostly need as many: if that fits and one less does not, it is the fewest.
    unsigned d = guess;
    if (to_scaled(p.value, d, coding, m)) {
      while (d > 0 && to_scaled(p.value, d - 1, coding, m)) --d;
    } else {
      while (++d <= kMaxDecimals && !to_scaled(p.value, d, coding, m)) continue;
    }
    ++count[d];
    guess = std::max(guess, d <= kMaxDecimals ? d : 0U);
  }
  return count;
}

/// Takes the decimals that cost least: one decimal more is 3.3 bits for each point, a patch about 80.
bool choose_decimals(std::span<const Point> points, Coding coding, Values& values) {
  const auto count = count_decimals(points, coding);
  std::size_t outside = points.size();
  double best = 0;
  bool found = false;
  for (unsigned d = 0; d <= kMaxDecimals; ++d) {
    outside -= count[d];
    if (outside > points.size() / 8) continue;
    const double cost = 3.33 * d * static_cast<double>(points.size()) + 80.0 * static_cast<double>(outside);
    if (!found || cost < best) {
      best = cost;
      values.decimals = d;
    }
    found = true;
  }
  return found;
}

Values scale(std::span<const Point> points) {
  Values values;
  values.numbers.reserve(points.size());
  for (const Coding coding : {decimal, decimal_float}) {
    if (!choose_decimals(points, coding, values)) continue;
    values.coding = coding;
    std::int64_t last = 0;
    for (const Point& p : points) {
      std::int64_t m = 0;
      if (to_scaled(p.value, values.decimals, coding, m))
        last = m;
      else
        values.patched.push_back(static_cast<std::uint32_t>(&p - points.data()));
      values.numbers.push_back(last);
    }
    // A patched beginning would start the sequence at 0: start it where it goes on.
    std::size_t front = 0;
    while (front < values.patched.size() && values.patched[front] == front) ++front;
    if (front < points.size()) std::fill_n(values.numbers.begin(), front, values.numbers[front]);
    return values;
  }
  for (const Point& p : points) values.numbers.push_back(ordered(p.value));
  return values;
}

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

void put_patches(std::string& out, std::span<const Point> points, std::span<const std::uint32_t> patched) {
  put_varint(out, patched.size());
  std::uint32_t last = 0;
  for (const std::uint32_t i : patched) {
    put_varint(out, i - last);
    last = i;
    char raw[8];
    std::memcpy(raw, &points[i].value, sizeof raw);
    out.append(raw, sizeof raw);
  }
}

bool get_patches(std::string_view& bytes, std::span<Point> points) {
  std::uint64_t n = 0;
  if (!get_varint(bytes, n) || n > points.size()) return false;
  std::uint64_t at = 0;
  for (; n > 0; --n) {
    std::uint64_t gap = 0;
    if (!get_varint(bytes, gap) || gap >= points.size() - at || bytes.size() < 8) return false;
    at += gap;
    std::memcpy(&points[at].value, bytes.data(), 8);
    bytes.remove_prefix(8);
  }
  return true;
}

unsigned unit_of(std::span<const Point> points, std::int64_t origin_ms) {
  unsigned unit = kUnits.size() - 1;
  for (const Point& p : points)
    while (unit > 0 && (p.ts - origin_ms) % kUnits[unit] != 0) --unit;
  return unit;
}

bool get_points(std::string_view bytes, std::int64_t origin_ms, std::span<Point> points, unsigned head) {
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
  const auto coding = static_cast<Coding>(head >> 6);
  unsigned decimals = 0;
  if (coding != bits) {
    if (bytes.empty() || static_cast<unsigned char>(bytes[0]) > kMaxDecimals) return false;
    decimals = static_cast<unsigned char>(bytes[0]);
    bytes.remove_prefix(1);
  }
  if (!get_ints(bytes, numbers)) return false;
  if (coding == bits)
    for (std::size_t i = 0; i < points.size(); ++i) points[i].value = unordered(numbers[i]);
  else
    for (std::size_t i = 0; i < points.size(); ++i)
      points[i].value = from_scaled(numbers[i], decimals, coding);
  if ((head & kHasFlags) != 0 && !get_flags(bytes, points)) return false;
  if ((head & kHasPatches) != 0 && !get_patches(bytes, points)) return false;
  return bytes.empty();
}

}  // namespace

bool Point::operator==(const Point& other) const {
  return ts == other.ts && flags == other.flags && same_bits(value, other.value);
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
  times.reserve(points.size());
  bool flagged = false;
  for (const Point& p : points) {
    check(times.empty() || p.ts > (&p - 1)->ts, "points of a chunk rise in time");
    times.push_back((p.ts - origin_ms) / kUnits[unit]);
    flagged |= p.flags != 0;
  }
  const Values values = scale(points);
  std::string out;
  out.reserve(32 + points.size() * 2);
  out.push_back(static_cast<char>(kVersion | unit << 2 | (flagged ? kHasFlags : 0U) |
                                  (values.patched.empty() ? 0U : kHasPatches) | values.coding << 6));
  put_varint(out, points.size());
  put_ints(out, times);
  if (values.coding != bits) out.push_back(static_cast<char>(values.decimals));
  put_ints(out, values.numbers);
  if (flagged) put_flags(out, points);
  if (!values.patched.empty()) put_patches(out, points, values.patched);
  return out;
}

bool decode_chunk(std::string_view bytes, std::int64_t origin_ms, std::vector<Point>& points) {
  if (bytes.empty()) return false;
  const auto head = static_cast<unsigned char>(bytes[0]);
  if ((head & 3) != kVersion || (head >> 6) > bits) return false;
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
