#include "rooms/readings/readings_chunk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <random>

#include "rooms/readings/readings_ints.hpp"

namespace lifang::readings {
namespace {

constexpr std::int64_t kHour = 3'600'000, kMinute = 60'000, kDay = 24 * kHour;
constexpr std::int64_t kOrigin = 20'000 * kDay;
constexpr std::size_t kRow = 20;  // what the row around a chunk costs, in bytes

std::vector<Point> back(const std::string& bytes, std::int64_t origin = kOrigin) {
  std::vector<Point> points;
  EXPECT_TRUE(decode_chunk(bytes, origin, points));
  return points;
}

double rounded(double v, int decimals) {
  const double power = std::pow(10.0, decimals);
  return std::round(v * power) / power;
}

/// n points each `step`, the value made by `f(i)`.
template <class F>
std::vector<Point> series(std::size_t n, std::int64_t step, F f) {
  std::vector<Point> points;
  for (std::size_t i = 0; i < n; ++i)
    points.push_back({kOrigin + static_cast<std::int64_t>(i) * step, f(i), 0});
  return points;
}

double bytes_a_point(const char* name, const std::vector<Point>& points) {
  const std::string bytes = encode_chunk(points, kOrigin);
  EXPECT_EQ(back(bytes), points) << name;
  const double each = static_cast<double>(bytes.size() + kRow) / static_cast<double>(points.size());
  std::printf("  %-44s %6zu points  %.2f bytes a point, row included\n", name, points.size(), each);
  return each;
}

TEST(Ints, come_back_whatever_they_are) {
  std::mt19937_64 chance(7);
  for (int round = 0; round < 400; ++round) {
    std::vector<std::int64_t> numbers(1 + chance() % 300);
    const unsigned width = static_cast<unsigned>(chance() % 65);
    const std::int64_t slope = static_cast<std::int64_t>(chance() >> (chance() % 64));
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const std::uint64_t noise = width == 0 ? 0 : chance() >> (64 - width);
      numbers[i] = static_cast<std::int64_t>(noise + static_cast<std::uint64_t>(slope) * i);
      if (chance() % 50 == 0) numbers[i] = chance() % 2 == 0 ? INT64_MIN : INT64_MAX;
    }
    std::string bytes;
    put_ints(bytes, numbers);
    bytes += "tail";
    std::vector<std::int64_t> found(numbers.size());
    std::string_view rest = bytes;
    ASSERT_TRUE(get_ints(rest, found)) << round;
    EXPECT_EQ(found, numbers) << round;
    EXPECT_EQ(rest, "tail") << round;
  }
}

TEST(Ints, that_are_regular_cost_next_to_nothing) {
  std::vector<std::int64_t> numbers(10'000);
  for (std::size_t i = 0; i < numbers.size(); ++i)
    numbers[i] = 17 + 60 * static_cast<std::int64_t>(i);
  std::string bytes;
  put_ints(bytes, numbers);
  EXPECT_LE(bytes.size(), 5U);
}

TEST(Chunk, gives_back_every_double_to_the_bit) {
  const double awkward[] = {0.0,
                            -0.0,
                            5e-324,
                            -5e-324,
                            2.2250738585072014e-308,
                            1.7976931348623157e308,
                            -1.7976931348623157e308,
                            0.1,
                            -0.1,
                            1.0 / 3,
                            23.4F,
                            9007199254740993.0,
                            1e16,
                            1e-7,
                            123456.789012,
                            4.9,
                            1e22,
                            std::numeric_limits<double>::infinity(),
                            std::numeric_limits<double>::quiet_NaN()};
  for (const double v : awkward) {
    std::vector<Point> points{{kOrigin + 5, v, 0}};
    EXPECT_EQ(back(encode_chunk(points, kOrigin)), points) << v;
  }
  std::vector<Point> points;
  for (std::size_t i = 0; i < std::size(awkward); ++i)
    points.push_back(
        {kOrigin + static_cast<std::int64_t>(i * i), awkward[i], static_cast<std::uint8_t>(i % 4)});
  EXPECT_EQ(back(encode_chunk(points, kOrigin)), points);
}

TEST(Chunk, keeps_a_few_odd_values_beside_many_plain_ones) {
  auto points =
      series(400, kMinute, [](std::size_t i) { return rounded(20 + std::sin(double(i) / 40), 1); });
  const auto plain = encode_chunk(points, kOrigin).size();
  points[0].value = -0.0;
  points[77].value = 1.0 / 3;
  points[399].value = 1e300;
  const std::string bytes = encode_chunk(points, kOrigin);
  EXPECT_EQ(back(bytes), points);
  EXPECT_LE(bytes.size(), plain + 45);
}

TEST(Chunk, comes_back_whatever_the_series) {
  std::mt19937_64 chance(20'260'101);
  for (int round = 0; round < 600; ++round) {
    const std::int64_t origin = static_cast<std::int64_t>(chance() % 40'000) * kDay - 10'000 * kDay;
    const std::int64_t step = std::int64_t{1} << (chance() % 30);
    const int decimals = static_cast<int>(chance() % 10);
    const unsigned shape = static_cast<unsigned>(chance() % 5);
    std::vector<Point> points;
    std::int64_t ts = origin + static_cast<std::int64_t>(chance() % 1000);
    double level =
        std::ldexp(static_cast<double>(chance() % 1000), static_cast<int>(chance() % 20) - 10);
    for (std::size_t n = 1 + chance() % 200; n > 0; --n) {
      level += static_cast<double>(static_cast<std::int64_t>(chance() % 201) - 100) / 10;
      double v = shape == 0   ? rounded(level, decimals)
                 : shape == 1 ? static_cast<double>(static_cast<float>(rounded(level, decimals)))
                 : shape == 2 ? std::bit_cast<double>(chance())
                 : shape == 3 ? level
                              : std::floor(level);
      if (chance() % 40 == 0) v = std::bit_cast<double>(chance());
      points.push_back({ts, v, static_cast<std::uint8_t>(chance() % 10 == 0 ? chance() % 8 : 0)});
      ts += 1 + (chance() % 3 == 0
                     ? static_cast<std::int64_t>(chance() % static_cast<std::uint64_t>(step))
                     : step);
    }
    ASSERT_EQ(back(encode_chunk(points, origin), origin), points) << "round " << round;
  }
}

TEST(Chunk, holds_the_far_ends_of_time) {
  std::vector<Point> points{{-kMaxTs, 1, 0}, {0, 2, 0}, {kMaxTs, 3, 0}};
  EXPECT_EQ(back(encode_chunk(points, kOrigin)), points);
}

TEST(Chunk, refuses_what_is_cut_off_or_too_long) {
  std::mt19937_64 chance(3);
  const auto points =
      series(200, kMinute, [&](std::size_t) { return rounded(double(chance() % 1000) / 10, 1); });
  const std::string bytes = encode_chunk(points, kOrigin);
  std::vector<Point> found{{1, 2, 0}};
  for (std::size_t n = 0; n < bytes.size(); ++n)
    EXPECT_FALSE(decode_chunk(std::string_view(bytes).substr(0, n), kOrigin, found)) << n;
  EXPECT_FALSE(decode_chunk(bytes + '\0', kOrigin, found));
  EXPECT_EQ(found.size(), 1U);  // nothing is appended by a failure
}

TEST(Chunk, survives_any_bytes) {
  std::mt19937_64 chance(11);
  const auto points =
      series(100, kHour, [&](std::size_t i) { return i == 7 ? -0.0 : double(chance() % 90) / 10; });
  const std::string good = encode_chunk(points, kOrigin);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = good;
    for (std::size_t n = 1 + chance() % 4; n > 0; --n)
      bytes[chance() % bytes.size()] = static_cast<char>(chance());
    std::vector<Point> found;
    if (decode_chunk(bytes, kOrigin, found))
      EXPECT_EQ(back(encode_chunk(found, kOrigin)), found);
    else
      EXPECT_TRUE(found.empty());
  }
}

TEST(Chunk, of_usual_sensors_takes_three_bytes_a_point_at_most) {
  std::mt19937_64 chance(5);
  std::normal_distribution<double> noise;
  const auto day = [](std::size_t i, double perday) {
    return std::sin(double(i) / perday * 2 * M_PI);
  };
  // A single day of hourly data is the smallest chunk that stays: 24 points carry the whole row.
  EXPECT_LE(bytes_a_point("hourly temperature, 0.1, one day",
                          series(24, kHour,
                                 [&](std::size_t i) {
                                   return rounded(18 + 6 * day(i, 24) + noise(chance), 1);
                                 })),
            3);
  EXPECT_LE(bytes_a_point(
                "hourly PM2.5, integers, one day",
                series(24, kHour,
                       [&](std::size_t) { return std::floor(80 + 25 * std::abs(noise(chance))); })),
            3);
  EXPECT_LE(bytes_a_point("hourly pressure, 0.1, one day",
                          series(24, kHour,
                                 [&](std::size_t i) {
                                   return rounded(1013 + 3 * day(i, 90) + .3 * noise(chance), 1);
                                 })),
            3);
  EXPECT_LE(bytes_a_point("hourly temperature, 0.01, eight days",
                          series(192, kHour,
                                 [&](std::size_t i) {
                                   return rounded(18 + 6 * day(i, 24) + noise(chance), 2);
                                 })),
            2);
  EXPECT_LE(bytes_a_point("minute temperature, 0.1, one day",
                          series(1440, kMinute,
                                 [&](std::size_t i) {
                                   return rounded(18 + 6 * day(i, 1440) + .1 * noise(chance), 1);
                                 })),
            1);
  EXPECT_LE(bytes_a_point("minute humidity, 0.01, one day",
                          series(1440, kMinute,
                                 [&](std::size_t i) {
                                   return rounded(60 + 9 * day(i, 1440) + .3 * noise(chance), 2);
                                 })),
            2);
  double meter = 1234.5;
  EXPECT_LE(bytes_a_point("minute energy meter, kWh 0.01, one day",
                          series(1440, kMinute,
                                 [&](std::size_t) {
                                   return meter = rounded(meter + double(chance() % 5) / 100, 2);
                                 })),
            1);
  EXPECT_LE(bytes_a_point("minute temperature through a 32-bit float",
                          series(1440, kMinute,
                                 [&](std::size_t i) {
                                   return double(static_cast<float>(
                                       rounded(18 + 6 * day(i, 1440) + .1 * noise(chance), 1)));
                                 })),
            1);
  EXPECT_LE(bytes_a_point(
                "door contact each minute, 0 or 1",
                series(1440, kMinute, [&](std::size_t) { return chance() % 50 == 0 ? 1.0 : 0.0; })),
            0.5);
  auto jitter = series(1440, kMinute, [&](std::size_t i) {
    return rounded(18 + 6 * day(i, 1440) + .1 * noise(chance), 1);
  });
  for (Point& p : jitter) p.ts += static_cast<std::int64_t>(chance() % 400);
  EXPECT_LE(bytes_a_point("minute temperature, times jitter by 0.4 s", jitter), 3);
}

TEST(Merge, keeps_the_first_to_arrive) {
  std::vector<Point> points{{30, 3, 0}, {10, 1, 0}, {30, 4, 0}, {10, 9, 1}};
  settle(points);
  EXPECT_EQ(points, (std::vector<Point>{{10, 1, 0}, {30, 3, 0}}));
  merge(points, std::vector<Point>{{10, 7, 0}, {20, 2, 0}, {40, 4, 0}});
  EXPECT_EQ(points, (std::vector<Point>{{10, 1, 0}, {20, 2, 0}, {30, 3, 0}, {40, 4, 0}}));
}

TEST(Merge, gives_the_same_however_the_stretches_are_grouped) {
  std::mt19937_64 chance(99);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::vector<Point>> arrivals(2 + chance() % 5);
    std::vector<Point> all;
    for (auto& stretch : arrivals) {
      for (std::size_t n = chance() % 40; n > 0; --n)
        stretch.push_back(
            {static_cast<std::int64_t>(chance() % 60), static_cast<double>(chance() % 1000), 0});
      all.insert(all.end(), stretch.begin(), stretch.end());
      settle(stretch);
    }
    settle(all);
    // Merge neighbours in random order until one is left: arrival order stays, grouping varies.
    while (arrivals.size() > 1) {
      const std::size_t i = chance() % (arrivals.size() - 1);
      merge(arrivals[i], arrivals[i + 1]);
      arrivals.erase(arrivals.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    }
    ASSERT_EQ(arrivals[0], all) << round;
  }
}

}  // namespace
}  // namespace lifang::readings
