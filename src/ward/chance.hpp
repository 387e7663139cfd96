// Chance: numbers that look random and are the same for the same seed, on every machine.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

namespace lifang::ward {

/// SplitMix64 (Steele, Lea, Flood 2014); a stream of its own for each seed and name.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}
  Chance(std::uint64_t seed, std::string_view name) : state_(seed ^ hash(name)) {}

  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }
  /// 0 … n−1
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
  /// from … to, both included
  std::int64_t between(std::int64_t from, std::int64_t to) {
    return from + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(to - from + 1));
  }
  /// 0 ≤ x < 1
  double real() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  bool one_in(std::size_t n) { return below(n) == 0; }
  /// Mean 0, standard deviation about 1 (sum of twelve, Irwin–Hall).
  double noise() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += real();
    return sum;
  }
  template <class T, std::size_t N>
  const T& of(const T (&list)[N]) {
    return list[below(N)];
  }

  /// FNV-1a.
  static constexpr std::uint64_t hash(std::string_view text) {
    std::uint64_t h = 0xcbf29ce484222325U;
    for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return h;
  }

 private:
  std::uint64_t state_;
};

}  // namespace lifang::ward
