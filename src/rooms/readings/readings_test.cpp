// Readings through their door: lane, real store, both engines, on a clock that the test moves.
#include "rooms/readings/readings.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <map>
#include <random>
#include <thread>

#include "platform/lane/lane.hpp"
#include "support/fake_world.hpp"
#include "support/test_database.hpp"

namespace lifang::readings {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kStart = 1'767'225'600'000;  // the fake clock's beginning
constexpr std::int64_t kMinute = 60'000, kDay = 86'400'000;
constexpr std::int64_t kFar = 2 * kStart;

class ReadingsRoom : public testing::TestWithParam<db::Engine> {
 protected:
  /// One process: lane, room and readers. A test may end it and open another on the same database.
  struct Node {
    Node(db::Database& database, World& world, Options options)
        : lane(database, world, bus, jobs), pool(database), room(world, options) {
      lane.open([this](Tx& tx) { room.start(tx); });
    }
    bus::Bus bus;
    jobs::Jobs jobs;
    lane::Lane lane;
    db::ReaderPool pool;
    Readings room;
  };

  ReadingsRoom() : database_(GetParam()) { open(); }
  void open(Options options = {}) {
    node_.reset();
    node_ = std::make_unique<Node>(database_.database(), world_.world, options);
  }
  Appended append(Batch& batch) {
    return node_->lane.get([&](Tx& tx) { return node_->room.append(tx, batch); });
  }
  /// One value, by default arriving now.
  Appended say(std::uint32_t device, std::uint16_t metric, std::int64_t ts, double value,
               std::uint8_t flags = 0) {
    Batch batch;
    add(batch, device, metric, ts, value, flags);
    return append(batch);
  }
  void add(Batch& batch, std::uint32_t device, std::uint16_t metric, std::int64_t ts, double value,
           std::uint8_t flags = 0) {
    const auto first = static_cast<std::uint32_t>(batch.values.size());
    batch.items.push_back({ts, to_ms(world_.clock.now()), device, first, 1});
    batch.values.push_back({value, metric, flags});
  }
  bool tend_once() {
    return node_->room.tend(
        [&](const auto& fn) {
          auto lease = node_->pool.lease();
          fn(lease.reader());
        },
        [&](const auto& fn) { node_->lane.now(fn); });
  }
  /// Everything that is due, including passes.
  void tend() {
    while (tend_once()) continue;
  }
  /// Makes what is in the tail old enough to be folded, and folds it.
  void fold() {
    tend();
    world_.clock.advance(11min);
    tend();
    ASSERT_EQ(node_->room.unfolded(), 0U);
  }
  std::vector<Point> raw(std::uint32_t device, std::uint16_t metric, std::int64_t from = -kFar,
                         std::int64_t to = kFar, std::size_t limit = 1'000'000) {
    auto lease = node_->pool.lease();
    return node_->room.raw(lease.reader(), device, metric, from, to, limit).points;
  }
  std::vector<Bucket> stepped(std::uint32_t device, std::uint16_t metric, Steps steps,
                              std::int64_t from = -kFar, std::int64_t to = kFar) {
    auto lease = node_->pool.lease();
    return node_->room.stepped(lease.reader(), device, metric, from, to, steps);
  }
  std::int64_t count(const std::string& table) {
    return *db::Reader(node_->lane.session()).value<std::int64_t>("SELECT COUNT(*) FROM " + table);
  }

  FakeWorld world_;
  TestDatabase database_;
  std::unique_ptr<Node> node_;
};
BOTH_ENGINES(ReadingsRoom);

TEST_P(ReadingsRoom,
       a_repeated_point_is_one_reading_and_the_first_value_stays_before_and_after_the_fold) {
  EXPECT_EQ(say(1, 2, kStart, 20.5).stored, 1U);
  EXPECT_EQ(say(1, 2, kStart, 99).repeated, 1U);
  say(1, 2, kStart + 10, 21);
  EXPECT_EQ(say(1, 2, kStart, 98).late, 1U);  // too old to be known as a repetition at once
  const std::vector<Point> all{{kStart, 20.5, 0}, {kStart + 10, 21, 0}};
  EXPECT_EQ(raw(1, 2), all);
  fold();
  EXPECT_EQ(raw(1, 2), all);
  EXPECT_EQ(say(1, 2, kStart + 10, 97).repeated, 1U);
  EXPECT_EQ(say(1, 2, kStart, 96).late, 1U);
  EXPECT_EQ(raw(1, 2), all);
  fold();
  EXPECT_EQ(raw(1, 2), all);
  EXPECT_EQ(count("readings_journal"), 0);
}

TEST_P(ReadingsRoom, latest_knows_neither_suspect_nor_late_values_and_survives_fold_and_restart) {
  say(1, 2, kStart, 20.5);
  say(1, 2, kStart + 5, 999, suspect);
  EXPECT_EQ(say(1, 2, kStart - 5, 1).late, 1U);
  say(1, 3, kStart, -0.0);
  const auto check_latest = [&](const char* when) {
    EXPECT_EQ(node_->room.latest(1, 2), (Point{kStart, 20.5, 0})) << when;
    EXPECT_EQ(node_->room.latest(1, 9), std::nullopt) << when;
    std::map<int, double> all;
    node_->room.each_latest(1,
                            [&](std::uint16_t metric, const Point& p) { all[metric] = p.value; });
    EXPECT_EQ(all, (std::map<int, double>{{2, 20.5}, {3, 0}})) << when;
  };
  check_latest("at once");
  open();
  check_latest("after a restart");
  fold();
  check_latest("after a fold");
  open();
  check_latest("after fold and restart");
  EXPECT_EQ(raw(1, 2), (std::vector<Point>{
                           {kStart - 5, 1, late}, {kStart, 20.5, 0}, {kStart + 5, 999, suspect}}));
  const auto hours = stepped(1, 2, {});
  ASSERT_EQ(hours.size(), 2U);  // late ones count, suspect ones do not
  EXPECT_EQ(hours[0], (Bucket{kStart - kHourMs, 1, 1, 1, 1, 1}));
  EXPECT_EQ(hours[1], (Bucket{kStart, 1, 20.5, 20.5, 20.5, 20.5}));
}

TEST_P(ReadingsRoom, nothing_of_a_batch_that_is_undone_stays_in_memory) {
  say(1, 2, kStart, 20);
  EXPECT_THROW(node_->lane.now([&](Tx& tx) {
    Batch batch;
    add(batch, 1, 2, kStart + 1, 30);
    add(batch, 7, 7, kStart, 70);
    EXPECT_EQ(node_->room.append(tx, batch).stored, 2U);
    EXPECT_EQ(node_->room.append(tx, batch).repeated, 2U);  // within the batch, too
    throw std::runtime_error("undone");
  }),
               std::runtime_error);
  EXPECT_EQ(node_->room.latest(1, 2)->value, 20);
  EXPECT_EQ(node_->room.latest(7, 7), std::nullopt);
  EXPECT_EQ(say(1, 2, kStart + 1, 31).stored, 1U);
  EXPECT_EQ(say(7, 7, kStart, 71).stored, 1U);
  open();
  EXPECT_EQ(raw(1, 2), (std::vector<Point>{{kStart, 20, 0}, {kStart + 1, 31, 0}}));
  EXPECT_EQ(raw(7, 7), (std::vector<Point>{{kStart, 71, 0}}));
}

TEST_P(ReadingsRoom, whatever_cannot_be_kept_is_dropped_and_counted) {
  Batch batch;
  add(batch, 1, 1, kMaxTs + 1, 1);
  add(batch, 1, 1, kStart, std::nan(""));
  EXPECT_EQ(append(batch).dropped, 2U);
  EXPECT_EQ(count("readings_journal"), 0);
}

/// Writes for weeks, in and out of order, and compares every view with a plain map.
TEST_P(ReadingsRoom, reads_the_same_from_tail_chunks_and_both_whatever_the_order_of_arrival) {
  Options options;
  options.fold_points = 3000;
  open(options);
  std::mt19937_64 chance(GetParam() == db::Engine::sqlite ? 1 : 2);
  std::map<std::pair<std::uint32_t, std::uint16_t>, std::map<std::int64_t, double>> truth;
  const auto compare = [&](int round) {
    for (const auto& [key, points] : truth) {
      std::vector<Point> found = raw(key.first, key.second);
      ASSERT_EQ(found.size(), points.size()) << round;
      std::size_t i = 0;
      for (const auto& [ts, value] : points) {
        ASSERT_EQ(found[i].ts, ts) << round;
        ASSERT_EQ(found[i++].value, value) << round;
      }
      for (const Steps steps :
           {Steps{kHourMs, 0}, Steps{24 * kHourMs, 8 * kHourMs}, Steps{7 * kMinute, 0}})
        ASSERT_EQ(stepped(key.first, key.second, steps), buckets_of(found, steps))
            << round << " step " << steps.length;
    }
  };
  for (int round = 0; round < 40; ++round) {
    Batch batch;
    for (int n = 0; n < 300; ++n) {
      const auto device = static_cast<std::uint32_t>(chance() % 3);
      const auto metric = static_cast<std::uint16_t>(chance() % 2);
      const std::int64_t back =
          chance() % 10 == 0 ? static_cast<std::int64_t>(chance() % 30) * kDay : 0;
      const std::int64_t ts = to_ms(world_.clock.now()) / kMinute * kMinute - back -
                              static_cast<std::int64_t>(chance() % 600) * kMinute;
      const double value = std::round(static_cast<double>(chance() % 1000)) / 10;
      add(batch, device, metric, ts, value);
      truth[{device, metric}].emplace(ts, value);  // the first one stays
    }
    append(batch);
    world_.clock.advance(std::chrono::hours(chance() % 20));
    if (round % 3 == 0)
      tend();
    else if (round % 3 == 1)
      tend_once();
    if (round % 13 == 12) open(options);
    if (round % 8 == 7) compare(round);
  }
  fold();
  world_.clock.advance(24h * 12);
  tend();
  compare(1000);
  EXPECT_GT(count("readings_rollups"), 0);
  EXPECT_EQ(count("readings_touched"), 0);
  EXPECT_EQ(count("readings_journal"), 0);
}

TEST_P(ReadingsRoom, a_fold_that_is_broken_off_loses_and_doubles_nothing) {
  Batch batch;
  for (std::uint32_t device = 0; device < 600; ++device) add(batch, device, 1, kStart, device);
  append(batch);
  tend();
  world_.clock.advance(11min);
  ASSERT_TRUE(tend_once());  // one slice of three
  open();
  for (std::uint32_t device = 0; device < 600; ++device)
    ASSERT_EQ(raw(device, 1), (std::vector<Point>{{kStart, static_cast<double>(device), 0}}));
  fold();
  for (std::uint32_t device = 0; device < 600; ++device) {
    ASSERT_EQ(raw(device, 1), (std::vector<Point>{{kStart, static_cast<double>(device), 0}}));
    ASSERT_EQ(stepped(device, 1, {})[0].count, 1U);
  }
}

TEST_P(ReadingsRoom, says_when_folding_does_not_keep_up) {
  Options options;
  options.fold_points = 10;
  options.most_unfolded = 40;
  open(options);
  const auto add_points = [&](int n) {
    for (int i = 0; i < n; ++i) say(1, 1, kStart + to_ms(world_.clock.now()) + i, i);
    world_.clock.advance(1s);
  };
  add_points(39);
  EXPECT_FALSE(node_->room.swollen());
  add_points(1);
  EXPECT_TRUE(node_->room.swollen());
  while (node_->room.unfolded() == 40 && tend_once()) continue;
  EXPECT_FALSE(node_->room.swollen());
}

TEST_P(ReadingsRoom, an_old_snapshot_sees_all_points_although_they_were_folded_since) {
  say(1, 1, kStart, 5);
  auto lease = node_->pool.lease();
  ASSERT_EQ(lease.reader().value<std::int64_t>("SELECT COUNT(*) FROM readings_journal"),
            1);  // it begins here
  fold();
  EXPECT_EQ(node_->room.raw(lease.reader(), 1, 1, -kFar, kFar, 10).points,
            (std::vector<Point>{{kStart, 5, 0}}));
}

TEST_P(ReadingsRoom, whatever_was_committed_is_seen_by_readers_while_it_is_folded_and_settled) {
  Options options;
  options.fold_points = 200;
  options.pass_every = Duration{0};
  open(options);
  node_->lane.start();
  constexpr std::int64_t kPoints = 300;
  constexpr std::uint32_t kSeries = 5;
  std::atomic<std::int64_t> committed = 0;
  std::atomic<bool> stop = false;
  std::thread background([&] {
    while (!stop) tend_once();
  });
  std::thread reader([&] {
    while (!stop) {
      for (std::uint32_t device = 0; device < kSeries; ++device) {
        const std::int64_t before = committed;
        const auto points = raw(device, 1);
        ASSERT_GE(static_cast<std::int64_t>(points.size()), before);
        for (std::size_t i = 0; i < points.size(); ++i)
          ASSERT_EQ(points[i].value, static_cast<double>(i));
        const auto latest = node_->room.latest(device, 1);
        ASSERT_TRUE(before == 0 || latest->value >= static_cast<double>(before - 1));
      }
    }
  });
  // Each step is a third of a day, so that blocks end and are settled while others are filled.
  for (std::int64_t i = 0; i < kPoints; ++i) {
    Batch batch;
    for (std::uint32_t device = 0; device < kSeries; ++device)
      add(batch, device, 1, kStart + i * kDay / 3, static_cast<double>(i));
    append(batch);
    committed = i + 1;
    world_.clock.advance(8h);
  }
  stop = true;
  background.join();
  reader.join();
  node_->lane.stop();
}

TEST_P(ReadingsRoom, pages_go_on_where_they_ended) {
  Batch batch;
  for (int i = 0; i < 1000; ++i)
    add(batch, 1, 1, kStart + i * 40 * kMinute, i);  // over several blocks
  append(batch);
  fold();
  std::vector<Point> all;
  std::int64_t from = kStart;
  for (int pages = 0; pages < 20; ++pages) {
    auto lease = node_->pool.lease();
    const RawPage page =
        node_->room.raw(lease.reader(), 1, 1, from, kStart + 900 * 40 * kMinute, 64);
    all.insert(all.end(), page.points.begin(), page.points.end());
    if (!page.next) break;
    EXPECT_EQ(page.points.size(), 64U);
    from = *page.next;
  }
  ASSERT_EQ(all.size(), 900U);
  for (std::size_t i = 0; i < all.size(); ++i) ASSERT_EQ(all[i].value, static_cast<double>(i));
}

TEST_P(ReadingsRoom, steps_are_whole_and_days_begin_where_the_zone_says) {
  Batch batch;
  for (int i = 0; i < 48 * 60; ++i) add(batch, 1, 1, kStart + i * kMinute, 1);
  append(batch);
  for (const bool folded : {false, true}) {
    if (folded) fold();
    const Steps shanghai{24 * kHourMs, 8 * kHourMs};
    const auto days = stepped(1, 1, shanghai, kStart + 3 * kHourMs, kStart + 30 * kHourMs);
    ASSERT_EQ(days.size(), 2U);
    EXPECT_EQ(days[0].ts, kStart - 8 * kHourMs);
    EXPECT_EQ(days[0].count, 16U * 60);
    EXPECT_EQ(days[1].count, 24U * 60);
    EXPECT_EQ(days[1].mean(), 1);
  }
}

TEST_P(ReadingsRoom, raw_points_leave_by_their_arrival_and_rollups_stay_longer) {
  say(1, 1, kStart - 3000 * kDay, 7.5);  // an old recording is welcome
  say(1, 1, kStart, 1.5);
  Detection seen;
  seen.device = 1;
  seen.ts = kStart;
  seen.arrived = kStart;
  seen.kind = "ebike_in_lift";
  Batch batch;
  batch.detections.push_back(seen);
  append(batch);
  fold();
  world_.clock.advance(24h * 399);
  say(1, 1, kStart + 399 * kDay, 2.5);
  fold();
  EXPECT_EQ(raw(1, 1).size(), 3U);
  world_.clock.advance(24h * 3);
  tend();
  EXPECT_EQ(raw(1, 1), (std::vector<Point>{{kStart + 399 * kDay, 2.5, 0}}));
  EXPECT_EQ(count("readings_blocks"), 1);
  EXPECT_EQ(count("readings_detections"), 0);
  EXPECT_EQ(stepped(1, 1, {}).size(), 3U);
  // A straggler into an hour whose raw points are gone is kept, but does not double what was
  // counted.
  say(1, 1, kStart + 60, 3.5);
  EXPECT_EQ(stepped(1, 1, {})[1].count, 1U);
  fold();
  world_.clock.advance(24h);
  tend();
  EXPECT_EQ(stepped(1, 1, {})[1].count, 1U);
  world_.clock.advance(24h * 700);
  tend();
  EXPECT_EQ(stepped(1, 1, {}).size(), 2U);  // 3000 + 399 + … days old: gone as well
}

TEST_P(ReadingsRoom, a_block_that_is_over_becomes_one_row_for_each_series) {
  for (int i = 0; i < 20; ++i) {
    Batch batch;
    for (int k = 0; k < 100; ++k) add(batch, 1, 1, kStart + (i * 100 + k) * kMinute, i);
    append(batch);
    fold();
  }
  EXPECT_GT(count("readings_chunks"), 1);
  EXPECT_LT(count("readings_chunks"), 10);  // parts shrink by half from one to the next
  world_.clock.advance(24h * 12);
  tend();
  EXPECT_EQ(count("readings_chunks"), 1);
  EXPECT_EQ(count("readings_rollups"), 1);
  EXPECT_EQ(raw(1, 1).size(), 2000U);
}

TEST_P(ReadingsRoom, a_straggler_does_not_keep_its_neighbours_beyond_their_time) {
  say(1, 1, kStart, 1);
  fold();
  world_.clock.advance(24h * 300);
  say(1, 1, kStart + 1, 2);
  fold();
  EXPECT_EQ(raw(1, 1).size(), 2U);
  world_.clock.advance(24h * 110);
  tend();
  EXPECT_EQ(raw(1, 1), (std::vector<Point>{{kStart + 1, 2, 0}}));
  EXPECT_EQ(stepped(1, 1, {})[0].count, 2U);
}

TEST_P(ReadingsRoom, replays_a_device_as_items_in_order) {
  Batch batch;
  const auto now = to_ms(world_.clock.now());
  batch.items = {
      {kStart, now, 5, 0, 2}, {kStart + 10 * kDay, now, 5, 2, 2}, {kStart + 1, now, 6, 4, 1}};
  batch.values = {{1, 1, 0}, {2, 2, 0}, {3, 1, suspect}, {4, 2, 0}, {5, 1, 0}};
  append(batch);
  say(5, 2, kStart + 5, 9);
  for (const bool folded : {false, true}) {
    if (folded) fold();
    std::vector<std::string> heard;
    auto lease = node_->pool.lease();
    node_->room.replay(
        lease.reader(), 5, kStart, kFar, [&](const Item& item, std::span<const Value> values) {
          std::string line = std::to_string(item.ts - kStart);
          for (const Value& v : values)
            line += " " + std::to_string(v.metric) + "=" +
                    std::to_string(static_cast<int>(v.value)) + (v.flags != 0 ? "!" : "");
          heard.push_back(line);
        });
    EXPECT_EQ(heard, (std::vector<std::string>{"0 1=1 2=2", "5 2=9!", "864000000 1=3! 2=4"}));
  }
}

TEST_P(ReadingsRoom, detections_are_kept_once_and_listed_newest_first) {
  const auto seen = [](std::uint32_t device, std::int64_t ts, std::string kind,
                       std::string attributes = "") {
    Detection d;
    d.device = device;
    d.ts = ts;
    d.arrived = ts + 1;
    d.confidence = 0.5;
    d.kind = std::move(kind);
    d.attributes = std::move(attributes);
    return d;
  };
  Batch batch;
  batch.detections = {seen(1, 100, "smoke"), seen(1, 100, "smoke", R"({"who":2})"),
                      seen(1, 100, "smoke"), seen(2, 300, "ebike"), seen(1, 200, "ebike")};
  const Appended appended = append(batch);
  EXPECT_EQ(appended.detections, 4U);
  EXPECT_EQ(appended.detections_repeated, 1U);
  EXPECT_TRUE(batch.detections[2].id.empty());
  EXPECT_EQ(batch.detections[4].flags, 0);  // 200 is behind 300, but of another device
  Batch old;
  old.detections = {seen(1, 150, "ebike")};
  append(old);
  EXPECT_EQ(old.detections[0].flags, late);
  EXPECT_EQ(node_->room.counters().detections, 5U);
  EXPECT_TRUE(batch.detections[0].id.starts_with("det_"));

  auto lease = node_->pool.lease();
  DetectionsWanted wanted;
  wanted.limit = 3;
  auto page = node_->room.detections(lease.reader(), wanted);
  ASSERT_EQ(page.items.size(), 3U);
  EXPECT_EQ(page.items[0].ts, 300);
  EXPECT_EQ(page.items[1].ts, 200);
  wanted.after = page.next;
  page = node_->room.detections(lease.reader(), wanted);
  ASSERT_EQ(page.items.size(), 2U);
  EXPECT_EQ(page.items[1].ts, 100);
  EXPECT_EQ(page.next, "");
  wanted = {};
  wanted.kind = "ebike";
  wanted.visible = [](std::uint32_t device) { return device == 1; };
  page = node_->room.detections(lease.reader(), wanted);
  ASSERT_EQ(page.items.size(), 2U);
  EXPECT_EQ(page.items[0].id, batch.detections[4].id);
  EXPECT_EQ(node_->room.detection(lease.reader(), batch.detections[1].id)->attributes,
            R"({"who":2})");
  std::vector<std::int64_t> order;
  std::optional<Detection> last;
  for (;;) {  // in pages of two
    const auto next = node_->room.next_detections(lease.reader(), 1, 0, 1000, last ? &*last : nullptr, 2);
    for (const Detection& d : next) order.push_back(d.ts);
    if (next.size() < 2) break;
    last = next.back();
  }
  EXPECT_EQ(order, (std::vector<std::int64_t>{100, 100, 150, 200}));
}

}  // namespace
}  // namespace lifang::readings
