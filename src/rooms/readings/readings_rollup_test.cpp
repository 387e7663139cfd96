#include "rooms/readings/readings_rollup.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "rooms/readings/readings_batch.hpp"

namespace lifang::readings {
namespace {

constexpr std::int64_t kOrigin = 2500 * kBlockMs;

std::vector<Point> some_points(std::mt19937_64& chance, std::size_t n, std::int64_t spread) {
  std::vector<Point> points;
  for (std::size_t i = 0; i < n; ++i)
    points.push_back(
        {kOrigin + static_cast<std::int64_t>(chance() % static_cast<std::uint64_t>(spread)),
         std::round(static_cast<double>(chance() % 5000) - 2000) / 10,
         static_cast<std::uint8_t>(chance() % 9 == 0 ? chance() % 4 : 0)});
  settle(points);
  return points;
}

/// The same by the book: sums in whole tenths, so that nothing is rounded.
std::map<std::int64_t, std::vector<double>> by_the_book(const std::vector<Point>& points,
                                                        std::int64_t length, std::int64_t offset) {
  std::map<std::int64_t, std::vector<double>> steps;
  for (const Point& p : points)
    if ((p.flags & suspect) == 0)
      steps[static_cast<std::int64_t>(
                std::floor(static_cast<double>(p.ts + offset) / static_cast<double>(length))) *
                length -
            offset]
          .push_back(p.value);
  return steps;
}

TEST(Rollup, equals_a_naive_computation) {
  std::mt19937_64 chance(6);
  for (int round = 0; round < 100; ++round) {
    const auto points = some_points(chance, 1 + chance() % 800, kBlockMs);
    for (const Steps steps : {Steps{kHourMs, 0}, Steps{24 * kHourMs, 8 * kHourMs}, Steps{60'000, 0},
                              Steps{7 * 60'000, 0}}) {
      const auto found = buckets_of(points, steps);
      const auto expected = by_the_book(points, steps.length, steps.offset);
      ASSERT_EQ(found.size(), expected.size());
      std::size_t i = 0;
      for (const auto& [ts, values] : expected) {
        const Bucket& b = found[i++];
        double tenths = 0;
        for (const double v : values) tenths += std::round(v * 10);
        EXPECT_EQ(b.ts, ts);
        EXPECT_EQ(b.count, values.size());
        EXPECT_EQ(b.min, *std::min_element(values.begin(), values.end()));
        EXPECT_EQ(b.max, *std::max_element(values.begin(), values.end()));
        EXPECT_EQ(b.last, values.back());
        EXPECT_EQ(b.sum, tenths / 10);  // exactly: rounding noise is taken off
      }
    }
  }
}

TEST(Rollup, of_hours_adds_up_to_days_of_any_zone) {
  std::mt19937_64 chance(8);
  const auto points = some_points(chance, 3000, kBlockMs);
  const auto hours = buckets_of(points, {});
  for (const std::int64_t offset : {0, 8, -5}) {
    const Steps days{24 * kHourMs, offset * kHourMs};
    EXPECT_EQ(coarser(hours, days), buckets_of(points, days));
  }
}

TEST(Rollup, comes_back_to_the_bit_and_stays_small) {
  std::mt19937_64 chance(9);
  for (int round = 0; round < 50; ++round) {
    auto hours = buckets_of(some_points(chance, 1 + chance() % 2000, kBlockMs), {});
    if (hours.empty()) continue;
    hours[0].sum = 1.0 / 3;
    std::vector<Bucket> found;
    ASSERT_TRUE(decode_hours(encode_hours(hours, kOrigin), kOrigin, found));
    EXPECT_EQ(found, hours.front().count == 1 ? (hours[0].sum = hours[0].last, hours) : hours);
  }
  std::vector<Point> hourly;
  for (int i = 0; i < 192; ++i)
    hourly.push_back({kOrigin + i * kHourMs, std::round(100 * std::sin(i / 4.0)) / 10, 0});
  EXPECT_LT(encode_hours(buckets_of(hourly, {}), kOrigin).size(), 250U);
}

TEST(Rollup, survives_any_bytes) {
  std::mt19937_64 chance(10);
  const std::string good =
      encode_hours(buckets_of(some_points(chance, 500, kBlockMs), {}), kOrigin);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = good;
    for (std::size_t n = 1 + chance() % 4; n > 0; --n)
      bytes[chance() % bytes.size()] = static_cast<char>(chance());
    std::vector<Bucket> found;
    if (!decode_hours(bytes, kOrigin, found)) {
      EXPECT_TRUE(found.empty());
    }
  }
}

TEST(Rollup, never_counts_a_point_twice_when_the_raw_ones_are_partly_gone) {
  const std::vector<Bucket> kept{{0, 60, 1, 9, 300, 5}, {kHourMs, 60, 1, 9, 300, 5}};
  const std::vector<Bucket> fresh{
      {0, 2, 4, 4, 8, 4}, {kHourMs, 61, 0, 9, 300, 5}, {2 * kHourMs, 1, 7, 7, 7, 7}};
  EXPECT_EQ(joined(kept, fresh), (std::vector<Bucket>{kept[0], fresh[1], fresh[2]}));
}

TEST(Steps, begin_below_the_epoch_too) {
  EXPECT_EQ((Steps{kHourMs, 0}.start_of(-1)), -kHourMs);
  EXPECT_EQ((Steps{24 * kHourMs, 8 * kHourMs}.start_of(0)), -8 * kHourMs);
  EXPECT_EQ(block_of(-1), -1);
  EXPECT_EQ(block_of(-kBlockMs), -1);
  EXPECT_EQ(block_of(kBlockMs), 1);
}

}  // namespace
}  // namespace lifang::readings
