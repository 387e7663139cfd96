#include "rooms/readings/readings_tail.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

#include "rooms/readings/readings_segment.hpp"

namespace lifang::readings {
namespace {

bool same(const Entry& a, const Entry& b) {
  return a.ts == b.ts && a.arrived == b.arrived && a.value == b.value && a.series == b.series &&
         a.flags == b.flags;
}

std::vector<Entry> some_entries(std::mt19937_64& chance, std::size_t items) {
  std::vector<Entry> entries;
  for (; items > 0; --items) {
    const auto ts = static_cast<std::int64_t>(chance() % 100'000);
    const auto arrived = 1'767'225'600'000 + static_cast<std::int64_t>(chance() % 1000);
    const auto device = static_cast<std::uint32_t>(chance() % 50);
    for (std::uint32_t metric = 0; metric < 3; ++metric)
      entries.push_back({ts, arrived, static_cast<double>(chance() % 1000) / 10,
                         device * 3 + metric,
                         static_cast<std::uint8_t>(chance() % 20 == 0 ? chance() % 4 : 0)});
  }
  return entries;
}

TEST(Segment, gives_back_what_was_put_in) {
  std::mt19937_64 chance(1);
  for (std::size_t items : {0U, 1U, 2U, 700U}) {
    auto entries = some_entries(chance, items);
    if (items == 2) {
      entries[0].ts = INT64_MIN;
      entries[1].ts = INT64_MAX;
      entries[1].series = UINT32_MAX;
    }
    const std::string bytes = encode_segment(entries);
    std::vector<Entry> found;
    ASSERT_TRUE(decode_segment(bytes, found));
    ASSERT_EQ(found.size(), entries.size());
    for (std::size_t i = 0; i < found.size(); ++i) EXPECT_TRUE(same(found[i], entries[i])) << i;
    if (items == 700) {
      EXPECT_LT(bytes.size(), entries.size() * 13);
    }
  }
}

TEST(Segment, survives_any_bytes) {
  std::mt19937_64 chance(2);
  const std::string good = encode_segment(some_entries(chance, 30));
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = good;
    for (std::size_t n = 1 + chance() % 4; n > 0; --n)
      bytes[chance() % bytes.size()] = static_cast<char>(chance());
    if (chance() % 2 == 0) bytes.resize(chance() % bytes.size());
    std::vector<Entry> found;
    if (!decode_segment(bytes, found)) {
      EXPECT_TRUE(found.empty());
    }
  }
}

TEST(Tail, shows_the_points_of_a_series_with_the_first_arrival_winning) {
  Tail tail;
  tail.add(
      std::vector<Entry>{{2000, 5000, 1.5, 7, 0}, {1000, 5000, 0.5, 7, 2}, {2000, 5000, 9, 8, 0}},
      1);
  tail.add(std::vector<Entry>{{2000, 6000, 4.5, 7, 0}, {3000, 6001, 2.5, 7, 0}}, 2);
  const std::vector<Point> all{{1000, 0.5, 2}, {2000, 1.5, 0}, {3000, 2.5, 0}};
  EXPECT_EQ(points_of(tail.stretches(), 7, INT64_MIN, INT64_MAX), all);
  EXPECT_EQ(points_of(tail.stretches(), 7, 1500, 3000), (std::vector<Point>{{2000, 1.5, 0}}));
  EXPECT_TRUE(points_of(tail.stretches(), 9, INT64_MIN, INT64_MAX).empty());
  EXPECT_TRUE(points_of(tail.stretches(), UINT32_MAX, INT64_MIN, INT64_MAX).empty());
  EXPECT_EQ(tail.open().last_arrival(7), 7);  // seconds, rounded up
}

TEST(Tail, keeps_sealed_stretches_until_they_are_dropped_and_whoever_holds_them) {
  Tail tail;
  tail.seal();
  EXPECT_EQ(tail.sealed(), nullptr);  // nothing in it, nothing to seal
  tail.add(std::vector<Entry>{{1, 1, 1, 3, 0}}, 11);
  tail.seal();
  tail.add(std::vector<Entry>{{1, 2, 2, 3, 0}, {2, 2, 2, 3, 0}}, 12);
  const auto sealed = tail.sealed();
  ASSERT_NE(sealed, nullptr);
  EXPECT_EQ(sealed->last_seq(), 11);
  EXPECT_EQ(sealed->series(), std::vector<std::uint32_t>{3});
  EXPECT_EQ(tail.stretches().back()->first_seq(), 12);
  const auto held = tail.stretches();
  EXPECT_EQ(tail.points(), 3U);
  tail.drop_sealed();
  EXPECT_EQ(tail.points(), 2U);
  EXPECT_EQ(points_of(held, 3, 0, 9), (std::vector<Point>{{1, 1, 0}, {2, 2, 0}}));
  EXPECT_EQ(points_of(tail.stretches(), 3, 0, 9), (std::vector<Point>{{1, 2, 0}, {2, 2, 0}}));
}

TEST(Tail, is_read_while_it_is_written) {
  Tail tail;
  std::atomic<bool> stop = false;
  // Each series gets 0, 1, 2 … at ts 0, 1, 2 …: whatever a reader sees must be such a beginning.
  std::thread reader([&] {
    std::size_t seen = 0;
    for (std::uint32_t series = 0; !stop || seen == 0; series = (series + 1) % 10'000) {
      const auto points = points_of(tail.stretches(), series, INT64_MIN, INT64_MAX);
      for (std::size_t i = 1; i < points.size(); ++i) {
        ASSERT_EQ(points[i].ts, points[i - 1].ts + 1);
        ASSERT_EQ(points[i].value, static_cast<double>(points[i].ts));
      }
      seen += points.size();
    }
  });
  std::vector<Entry> entries(10'000);
  for (std::int64_t seq = 1; seq <= 60; ++seq) {
    for (std::uint32_t i = 0; i < entries.size(); ++i)
      entries[i] = {seq, 0, static_cast<double>(seq), i, 0};
    tail.add(entries, seq);
    if (seq % 20 == 0) tail.seal();
    if (seq % 30 == 0) tail.drop_sealed();
  }
  stop = true;
  reader.join();
}

}  // namespace
}  // namespace lifang::readings
