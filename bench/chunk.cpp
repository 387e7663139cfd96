// Chunks of readings: how small, how fast? Yardstick: copying the same points as plain 16-byte
// records.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "rooms/readings/readings_chunk.hpp"

namespace {

using namespace lifang::readings;
constexpr std::int64_t kOrigin = 20'000 * 86'400'000LL;

/// Seconds of one call, the best of several within about 0.2 s.
template <class F>
double seconds(F f) {
  using Clock = std::chrono::steady_clock;
  double best = 1e9;
  for (const auto start = Clock::now(); Clock::now() - start < std::chrono::milliseconds(200);) {
    const auto t = Clock::now();
    f();
    best = std::min(best, std::chrono::duration<double>(Clock::now() - t).count());
  }
  return best;
}

void report(const char* name, const std::vector<Point>& points) {
  const auto n = static_cast<double>(points.size());
  std::string bytes;
  const double writing = seconds([&] { bytes = encode_chunk(points, kOrigin); });
  std::vector<Point> found;
  const double reading = seconds([&] {
    found.clear();
    if (!decode_chunk(bytes, kOrigin, found)) std::abort();
  });
  std::vector<char> plain(points.size() * 16);
  const double copying = seconds([&] {
    char* at = plain.data();
    for (const Point& p : points) {
      std::memcpy(at, &p.ts, 8);
      std::memcpy(at + 8, &p.value, 8);
      at += 16;
    }
    asm volatile("" : : "r"(plain.data()) : "memory");
  });
  std::printf(
      "%-36s %6zu points %5.2f bytes/point (1/%4.1f of plain)  encode %5.1f M/s  decode %6.1f M/s, "
      "%7.2f µs a chunk (%.0fx the copy)\n",
      name, points.size(), static_cast<double>(bytes.size()) / n,
      16 * n / static_cast<double>(bytes.size()), n / writing / 1e6, n / reading / 1e6,
      reading * 1e6, reading / copying);
}

template <class F>
std::vector<Point> series(std::size_t n, std::int64_t step, F f) {
  std::vector<Point> points;
  for (std::size_t i = 0; i < n; ++i)
    points.push_back({kOrigin + static_cast<std::int64_t>(i) * step, f(i), 0});
  return points;
}

}  // namespace

int main() {
  std::mt19937_64 chance(5);
  std::normal_distribution<double> noise;
  const auto wave = [&](std::size_t i, double n) {
    return 18 + 6 * std::sin(static_cast<double>(i) / n * 6.2832);
  };
  const auto tenth = [](double v) { return std::round(v * 10) / 10; };
  report("hourly, 0.1, a day",
         series(24, 3'600'000, [&](std::size_t i) { return tenth(wave(i, 24) + noise(chance)); }));
  report("hourly, 0.1, eight days",
         series(192, 3'600'000, [&](std::size_t i) { return tenth(wave(i, 24) + noise(chance)); }));
  report("each minute, 0.1, a day", series(1440, 60'000, [&](std::size_t i) {
           return tenth(wave(i, 1440) + .1 * noise(chance));
         }));
  report("each ten seconds, 0.01, a day", series(8640, 10'000, [&](std::size_t i) {
           return std::round((wave(i, 8640) + .3 * noise(chance)) * 100) / 100;
         }));
  report("each minute, 52 random bits",
         series(1440, 60'000, [&](std::size_t i) { return wave(i, 1440) + noise(chance); }));
  report("each minute, constant", series(1440, 60'000, [](std::size_t) { return 21.5; }));
  return 0;
}
