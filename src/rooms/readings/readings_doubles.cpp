#include "rooms/readings/readings_doubles.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "rooms/readings/readings_ints.hpp"

// Layout: head byte, integers (readings_ints), [patches].
//   head     bits 0–1 coding: 0 decimal, 1 decimal through a 32-bit float, 2 the bits of the
//   doubles, mapped to
//            integers that order alike; 2 patches follow; 3–5 decimals (value = m / 10^decimals)
//   patches  values that the decimals do not fit: varint number, for each varint gap, 8 bytes

namespace lifang::readings {
namespace {

enum Coding : unsigned { decimal = 0, decimal_float = 1, bits = 2 };
constexpr unsigned kHasPatches = 4;
constexpr unsigned kMaxDecimals = 6;
constexpr std::array<double, kMaxDecimals + 1> kPowers{1, 10, 100, 1e3, 1e4, 1e5, 1e6};
constexpr double kMaxScaled = 9e15;  // below 2^53: every integer up to it is a double of its own

/// Doubles as integers in the same order, and back.
std::int64_t ordered(double v) {
  const auto b = std::bit_cast<std::int64_t>(v);
  return b ^ ((b >> 63) & INT64_MAX);
}
double unordered(std::int64_t i) {
  return std::bit_cast<double>(i ^ ((i >> 63) & INT64_MAX));
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
  return std::bit_cast<std::uint64_t>(from_scaled(m, decimals, coding)) ==
         std::bit_cast<std::uint64_t>(v);
}

/// How many values need how many decimals; the last place counts those that no number of decimals
/// fits.
std::array<std::size_t, kMaxDecimals + 2> count_decimals(std::span<const double> values,
                                                         Coding coding) {
  std::array<std::size_t, kMaxDecimals + 2> count{};
  unsigned guess = 0;
  std::int64_t m = 0;
  for (const double v : values) {
    // Neighbours mostly need as many: if that fits and one less does not, it is the fewest.
    unsigned d = guess;
    if (to_scaled(v, d, coding, m)) {
      while (d > 0 && to_scaled(v, d - 1, coding, m)) --d;
    } else {
      while (++d <= kMaxDecimals && !to_scaled(v, d, coding, m)) continue;
    }
    ++count[d];
    if (d <= kMaxDecimals) guess = std::max(guess, d);
  }
  return count;
}

/// The decimals that cost least: one decimal more is 3.3 bits for each value, a patch about 80.
/// None if more than an eighth would have to be patched.
bool choose_decimals(std::span<const double> values, Coding coding, unsigned& decimals) {
  const auto count = count_decimals(values, coding);
  const auto n = static_cast<double>(values.size());
  std::size_t outside = values.size();
  double best = 0;
  bool found = false;
  for (unsigned d = 0; d <= kMaxDecimals; ++d) {
    outside -= count[d];
    if (outside > values.size() / 8) continue;
    const double cost = 3.33 * d * n + 80.0 * static_cast<double>(outside);
    if (!found || cost < best) {
      best = cost;
      decimals = d;
    }
    found = true;
  }
  return found;
}

/// The integers of `values`, and where they do not stand for the value.
std::vector<std::size_t> scale(std::span<const double> values, Coding coding, unsigned decimals,
                               std::vector<std::int64_t>& numbers) {
  std::vector<std::size_t> patched;
  std::int64_t last = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::int64_t m = 0;
    if (to_scaled(values[i], decimals, coding, m))
      last = m;
    else
      patched.push_back(i);
    numbers[i] = last;
  }
  // A patched beginning would start the sequence at 0: start it where it goes on.
  std::size_t front = 0;
  while (front < patched.size() && patched[front] == front) ++front;
  if (front < values.size()) std::fill_n(numbers.begin(), front, numbers[front]);
  return patched;
}

bool get_patches(std::string_view& bytes, std::span<double> values) {
  std::uint64_t n = 0;
  if (!get_varint(bytes, n) || n > values.size()) return false;
  std::uint64_t at = 0;
  for (; n > 0; --n) {
    std::uint64_t gap = 0;
    if (!get_varint(bytes, gap) || gap >= values.size() - at || bytes.size() < 8) return false;
    at += gap;
    std::memcpy(&values[at], bytes.data(), 8);
    bytes.remove_prefix(8);
  }
  return true;
}

}  // namespace

void put_doubles(std::string& out, std::span<const double> values) {
  std::vector<std::int64_t> numbers(values.size());
  for (const Coding coding : {decimal, decimal_float}) {
    unsigned decimals = 0;
    if (!choose_decimals(values, coding, decimals)) continue;
    const std::vector<std::size_t> patched = scale(values, coding, decimals, numbers);
    out.push_back(static_cast<char>(coding | (patched.empty() ? 0U : kHasPatches) | decimals << 3));
    put_ints(out, numbers);
    if (patched.empty()) return;
    put_varint(out, patched.size());
    std::size_t last = 0;
    for (const std::size_t i : patched) {
      put_varint(out, i - last);
      last = i;
      char raw[8];
      std::memcpy(raw, &values[i], sizeof raw);
      out.append(raw, sizeof raw);
    }
    return;
  }
  std::transform(values.begin(), values.end(), numbers.begin(), ordered);
  out.push_back(static_cast<char>(bits));
  put_ints(out, numbers);
}

bool get_doubles(std::string_view& bytes, std::span<double> values) {
  if (bytes.empty()) return false;
  const auto head = static_cast<unsigned char>(bytes[0]);
  bytes.remove_prefix(1);
  const auto coding = static_cast<Coding>(head & 3);
  const unsigned decimals = head >> 3;
  if (coding > bits || decimals > kMaxDecimals) return false;
  std::vector<std::int64_t> numbers(values.size());
  if (!get_ints(bytes, numbers)) return false;
  if (coding == bits)
    std::transform(numbers.begin(), numbers.end(), values.begin(), unordered);
  else
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = from_scaled(numbers[i], decimals, coding);
  return (head & kHasPatches) == 0 || get_patches(bytes, values);
}

}  // namespace lifang::readings
