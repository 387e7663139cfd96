// Which time a reading gets that came without one, on a clock that is set back.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "platform/lane/lane.hpp"
#include "rooms/readings/readings.hpp"
#include "support/fake_world.hpp"
#include "support/test_database.hpp"

namespace lifang::readings {
namespace {

using namespace std::chrono_literals;

class ReadingsTimes : public testing::TestWithParam<db::Engine> {
 protected:
  struct Process {
    Process(db::Database& database, World& world) : lane(database, world, bus, jobs), pool(database), room(world) {
      lane.open([this](Tx& tx) { room.start(tx); });
    }
    bus::Bus bus;
    jobs::Jobs jobs;
    lane::Lane lane;
    db::ReaderPool pool;
    Readings room;
  };
  ReadingsTimes() : database_(GetParam()) { open(); }
  /// A process begins, another has ended.
  void open() {
    process_.reset();
    process_ = std::make_unique<Process>(database_.database(), world_.world);
  }
  std::int64_t now() const { return to_ms(world_.clock.now()); }
  /// One value of device 1 that arrives now.
  Batch of(std::uint16_t metric, std::int64_t ts) const {
    Batch batch;
    batch.items.push_back({ts, now(), 1, 0, 1});
    batch.values.push_back({20, metric, 0});
    return batch;
  }
  Appended append(Batch& batch) {
    return process_->lane.get([&](Tx& tx) { return process_->room.append(tx, batch); });
  }
  void tend() {
    const auto in_reader = [&](const auto& fn) {
      auto lease = process_->pool.lease();
      fn(lease.reader());
    };
    while (process_->room.tend(in_reader, [&](const auto& fn) { process_->lane.now(fn); })) continue;
  }
  void fold() {
    tend();
    world_.clock.advance(11min);
    tend();
    ASSERT_EQ(process_->room.unfolded(), 0U);
  }
  FakeWorld world_;
  TestDatabase database_;
  std::unique_ptr<Process> process_;
};
BOTH_ENGINES(ReadingsTimes);

TEST_P(ReadingsTimes, of_what_comes_without_one_rise_though_the_nodes_clock_was_set_back) {
  std::vector<std::int64_t> times;
  const auto hear = [&](std::uint16_t metric) {
    Batch batch = of(metric, now());
    batch.items[0].by_arrival = true;
    const Appended appended = append(batch);
    EXPECT_EQ(appended.late + appended.repeated, 0U);
    times.push_back(batch.items[0].ts);
    return batch.items[0].ts;
  };
  world_.clock.advance(5h);
  const std::int64_t ahead = hear(2);
  EXPECT_EQ(ahead, now());
  world_.clock.advance(-5h);
  EXPECT_EQ(hear(2), ahead + 1);
  world_.clock.advance(4min);
  EXPECT_EQ(hear(2), ahead + 1 + 3 * 60'000) << "a quarter is given back";
  Batch own = of(2, ahead - 5);
  EXPECT_EQ(append(own).late, 1U) << "a time of its own is taken at its word";
  open();
  world_.clock.advance(4min);
  EXPECT_EQ(hear(3), ahead + 1 + 6 * 60'000) << "of another metric, after a restart";
  fold();
  open();
  hear(2), hear(2), hear(3);
  world_.clock.advance(24h);
  EXPECT_EQ(hear(2), now()) << "they agree again";
  EXPECT_EQ(std::adjacent_find(times.begin(), times.end(), std::greater_equal<>()), times.end()) << "they rise";

  const auto see = [&](std::string text) {
    Batch batch;
    Detection d;
    d.device = 1;
    d.kind = "smoke";
    d.ts = d.arrived = now();
    d.attributes = std::move(text);
    d.by_arrival = true;
    batch.detections.push_back(d);
    append(batch);
    EXPECT_FALSE(batch.detections[0].id.empty());
    EXPECT_EQ(batch.detections[0].flags & late, 0);
    return batch.detections[0].ts;
  };
  world_.clock.advance(5h);
  const std::int64_t seen = see("");
  world_.clock.advance(-5h);
  EXPECT_EQ(see(""), seen + 1);
  const std::int64_t before = times.back();
  EXPECT_GT(hear(2), before);
}

}  // namespace
}  // namespace lifang::readings
