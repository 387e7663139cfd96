#include "rooms/readings/readings_ints.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <numeric>
#include <vector>

namespace lifang::readings {
namespace {

// All arithmetic is modulo 2^64: whatever wraps while encoding wraps back while decoding.
using U = std::uint64_t;

constexpr std::size_t kGroup = 64;  // residuals that share one Rice parameter
constexpr unsigned kParameter = 6;  // bits of that parameter
constexpr unsigned kAllZero = 63;   // parameter of a group of zeros, which has no further bits
constexpr unsigned kMaxRice = 61;
constexpr unsigned kEscape = 20;  // so many ones: a 6-bit width and the plain number follow

// Bits of the head byte.
constexpr unsigned kOrderMask = 3, kHasDivisor = 4, kHasCentre = 8, kNothingLeft = 16;

class BitWriter {
 public:
  explicit BitWriter(std::string& out) : out_(out) {}
  /// `bits` ≤ 57 low bits of `value`.
  void put(U value, unsigned bits) {
    word_ |= value << used_;
    used_ += bits;
    while (used_ >= 8) {
      out_.push_back(static_cast<char>(word_));
      word_ >>= 8;
      used_ -= 8;
    }
  }
  void put_wide(U value, unsigned bits) {
    if (bits > 32) {
      put(value & 0xffffffffU, 32);
      value >>= 32;
      bits -= 32;
    }
    put(value, bits);
  }
  void finish() {
    if (used_ > 0) out_.push_back(static_cast<char>(word_));
  }

 private:
  std::string& out_;
  U word_ = 0;
  unsigned used_ = 0;
};

/// Reads past the end as zeros; `overrun` tells afterwards.
class BitReader {
 public:
  explicit BitReader(std::string_view bytes) : bytes_(bytes) {}
  /// At least 57 valid bits from the present position.
  U peek() const {
    const std::size_t at = position_ >> 3;
    U word = 0;
    if (at + 8 <= bytes_.size())
      std::memcpy(&word, bytes_.data() + at, 8);
    else if (at < bytes_.size())
      std::memcpy(&word, bytes_.data() + at, bytes_.size() - at);
    return word >> (position_ & 7);
  }
  void skip(unsigned bits) { position_ += bits; }
  U take(unsigned bits) {
    const U word = peek() & ((U{1} << bits) - 1);
    skip(bits);
    return word;
  }
  U take_wide(unsigned bits) {
    if (bits <= 32) return take(bits);
    const U low = take(32);
    return low | take(bits - 32) << 32;
  }
  bool overrun() const { return position_ > bytes_.size() * 8; }
  std::size_t bytes_used() const { return (position_ + 7) / 8; }

 private:
  std::string_view bytes_;
  std::size_t position_ = 0;
};

static_assert(std::endian::native == std::endian::little, "the bit stream is read in place");

U rice_bits(std::span<const U> group, unsigned k) {
  U bits = 0;
  for (const U u : group) {
    const U q = u >> k;
    bits += q < kEscape ? q + 1 + k : kEscape + 6 + static_cast<unsigned>(std::bit_width(u | 1));
  }
  return bits;
}

/// The cheapest parameter of a group and what the group then costs, in bits.
struct Parameter {
  unsigned k;
  U bits;
};

Parameter choose(std::span<const U> group) {
  // A sum of doubles, because the numbers may be as large as 2^64.
  double sum = 0;
  for (const U u : group) sum += static_cast<double>(u);
  if (sum == 0) return {kAllZero, kParameter};
  const double mean = sum / static_cast<double>(group.size());
  const unsigned guess =
      mean < 1 ? 0U : std::min<unsigned>(static_cast<unsigned>(std::ilogb(mean)), kMaxRice);
  // One outlier moves the mean, not the typical number: look further down than up.
  Parameter best{guess, rice_bits(group, guess)};
  for (unsigned k = guess; k-- > 0;) {
    const U bits = rice_bits(group, k);
    if (bits > best.bits + 2 * group.size()) break;
    if (bits < best.bits) best = {k, bits};
  }
  if (guess < kMaxRice)
    if (const U bits = rice_bits(group, guess + 1); bits < best.bits) best = {guess + 1, bits};
  best.bits += kParameter;
  return best;
}

/// One way to predict the sequence, with what it leaves.
struct Plan {
  unsigned order = 0;
  U divisor = 1;
  std::int64_t centre = 0;
  std::vector<U> left;  // zigzagged, first `order or 1` numbers excluded
  U bits = 0;
};

Plan plan(std::span<const std::int64_t> m, unsigned order) {
  Plan p;
  p.order = order;
  const auto u = [&](std::size_t i) { return static_cast<U>(m[i]); };
  std::vector<std::int64_t> rest;
  rest.reserve(m.size());
  for (std::size_t i = std::max(order, 1U); i < m.size(); ++i)
    rest.push_back(static_cast<std::int64_t>(order == 0   ? u(i) - u(0)
                                             : order == 1 ? u(i) - u(i - 1)
                                                          : u(i) - 2 * u(i - 1) + u(i - 2)));
  U divisor = 0;
  for (const std::int64_t r : rest) {
    const U magnitude = r < 0 ? U{0} - static_cast<U>(r) : static_cast<U>(r);
    divisor = std::gcd(divisor, magnitude);
    if (divisor == 1) break;
  }
  if (divisor > 1 && divisor <= static_cast<U>(INT64_MAX)) {
    p.divisor = divisor;
    for (std::int64_t& r : rest) r /= static_cast<std::int64_t>(divisor);
  }
  if (!rest.empty()) {
    std::vector<std::int64_t> sorted = rest;
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    p.centre = *middle;
    // A centre next to zero saves less than its byte in a short sequence.
    if (rest.size() < 64 && p.centre >= -1 && p.centre <= 1 &&
        !std::all_of(rest.begin(), rest.end(), [&](std::int64_t r) { return r == p.centre; }))
      p.centre = 0;
  }
  p.left.reserve(rest.size());
  for (const std::int64_t r : rest)
    p.left.push_back(
        zigzag(static_cast<std::int64_t>(static_cast<U>(r) - static_cast<U>(p.centre))));
  for (std::size_t i = 0; i < p.left.size(); i += kGroup)
    p.bits += choose(std::span(p.left).subspan(i, std::min(kGroup, p.left.size() - i))).bits;
  const auto varint_bits = [](U v) {
    return 8 * ((static_cast<U>(std::bit_width(v | 1)) + 6) / 7);
  };
  if (order == 2) p.bits += varint_bits(zigzag(static_cast<std::int64_t>(u(1) - u(0))));
  if (p.divisor > 1) p.bits += varint_bits(p.divisor);
  if (p.centre != 0) p.bits += varint_bits(zigzag(p.centre));
  return p;
}

void put_group(BitWriter& bits, std::span<const U> group) {
  const unsigned k = choose(group).k;
  bits.put(k, kParameter);
  if (k == kAllZero) return;
  for (const U u : group) {
    const U q = u >> k;
    if (q < kEscape) {
      bits.put((U{1} << q) - 1, static_cast<unsigned>(q) + 1);
      bits.put_wide(u & ((U{1} << k) - 1), k);
    } else {
      const auto width = static_cast<unsigned>(std::bit_width(u));
      bits.put((U{1} << kEscape) - 1, kEscape);
      bits.put(width - 1, 6);
      bits.put_wide(u, width);
    }
  }
}

U take_rice(BitReader& bits, unsigned k) {
  const U word = bits.peek();
  const auto q = static_cast<unsigned>(std::countr_one(word));
  if (q >= kEscape) {
    bits.skip(kEscape);
    const auto width = static_cast<unsigned>(bits.take(6)) + 1;
    return bits.take_wide(width);
  }
  if (q + 1 + k <= 57) {
    bits.skip(q + 1 + k);
    return U{q} << k | ((word >> (q + 1)) & ((U{1} << k) - 1));
  }
  bits.skip(q + 1);
  return U{q} << k | bits.take_wide(k);
}

}  // namespace

void put_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

bool get_varint(std::string_view& bytes, std::uint64_t& value) {
  value = 0;
  for (unsigned i = 0; i < 10 && i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (i == 9 && byte > 1) return false;
    value |= static_cast<U>(byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      bytes.remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

void put_ints(std::string& out, std::span<const std::int64_t> numbers) {
  if (numbers.empty()) return;
  Plan best = plan(numbers, 1);
  for (const unsigned order : {0U, 2U}) {
    if (numbers.size() <= order || best.bits <= kParameter) continue;
    if (Plan other = plan(numbers, order); other.bits < best.bits) best = std::move(other);
  }
  const bool nothing_left =
      std::all_of(best.left.begin(), best.left.end(), [](U u) { return u == 0; });
  out.push_back(static_cast<char>(best.order | (best.divisor > 1 ? kHasDivisor : 0U) |
                                  (best.centre != 0 ? kHasCentre : 0U) |
                                  (nothing_left ? kNothingLeft : 0U)));
  put_varint(out, zigzag(numbers[0]));
  if (best.order == 2)
    put_varint(out, zigzag(static_cast<std::int64_t>(static_cast<U>(numbers[1]) -
                                                     static_cast<U>(numbers[0]))));
  if (best.divisor > 1) put_varint(out, best.divisor);
  if (best.centre != 0) put_varint(out, zigzag(best.centre));
  if (nothing_left) return;
  BitWriter bits(out);
  for (std::size_t i = 0; i < best.left.size(); i += kGroup)
    put_group(bits, std::span(best.left).subspan(i, std::min(kGroup, best.left.size() - i)));
  bits.finish();
}

bool get_ints(std::string_view& bytes, std::span<std::int64_t> numbers) {
  if (numbers.empty()) return true;
  if (bytes.empty()) return false;
  const auto head = static_cast<unsigned char>(bytes[0]);
  bytes.remove_prefix(1);
  const unsigned order = head & kOrderMask;
  if (order > 2 || head >= 32 || (order == 2 && numbers.size() < 2)) return false;
  U word = 0, divisor = 1;
  if (!get_varint(bytes, word)) return false;
  const U first = static_cast<U>(unzigzag(word));
  U step = 0, centre = 0;
  if (order == 2) {
    if (!get_varint(bytes, word)) return false;
    step = static_cast<U>(unzigzag(word));
  }
  if ((head & kHasDivisor) != 0 && !get_varint(bytes, divisor)) return false;
  if ((head & kHasCentre) != 0) {
    if (!get_varint(bytes, word)) return false;
    centre = static_cast<U>(unzigzag(word));
  }
  std::size_t at = 0;
  U last = first;
  numbers[at++] = static_cast<std::int64_t>(first);
  if (order == 2) numbers[at++] = static_cast<std::int64_t>(last += step);
  const auto next = [&](U u) {
    const U rest = (static_cast<U>(unzigzag(u)) + centre) * divisor;
    if (order == 0) return first + rest;
    if (order == 1) return last += rest;
    step += rest;
    return last += step;
  };
  if ((head & kNothingLeft) != 0) {
    for (; at < numbers.size(); ++at) numbers[at] = static_cast<std::int64_t>(next(0));
    return true;
  }
  BitReader bits(bytes);
  while (at < numbers.size()) {
    const std::size_t end = at + std::min(kGroup, numbers.size() - at);
    const auto k = static_cast<unsigned>(bits.take(kParameter));
    if (k > kMaxRice && k != kAllZero) return false;
    for (; at < end; ++at)
      numbers[at] = static_cast<std::int64_t>(next(k == kAllZero ? 0 : take_rice(bits, k)));
    if (bits.overrun()) return false;
  }
  bytes.remove_prefix(bits.bytes_used());
  return true;
}

}  // namespace lifang::readings
