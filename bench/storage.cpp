// Storing readings: how fast next to bare appends, how small, how quickly read?
//
//   bench_storage [--points N] [--large]
//
// Yardstick, in the same run: one SQLite row a value, batches of 10,000, synchronous=FULL, no
// index. --large also reads a day and a year out of 1,000 million stored points (writes about 1.5
// GB under TMPDIR).
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "base/real_world.hpp"
#include "platform/db/migrate.hpp"
#include "platform/lane/lane.hpp"
#include "rooms/readings/readings.hpp"
#include "rooms/readings/readings_store.hpp"

namespace {

using namespace lifang;
using namespace lifang::readings;
using Steady = std::chrono::steady_clock;

constexpr std::int64_t kHour = 3'600'000, kDay = 24 * kHour;
constexpr std::uint32_t kDevices = 3334, kMetrics = 3;

double since(Steady::time_point t) {
  return std::chrono::duration<double>(Steady::now() - t).count();
}

/// Processor time of this process, seconds: what remains comparable while others use the machine.
double cpu() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(use.ru_utime) + seconds(use.ru_stime);
}

class MovableClock final : public Clock {
 public:
  Time now() const override { return from_ms(ms_.load()); }
  std::atomic<std::int64_t> ms_{1'767'225'600'000};
};

/// A folder that goes away.
struct Folder {
  std::string path;
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "lifang-bench-XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

struct Node {
  Folder folder;
  MovableClock clock;
  RealIds ids{clock};
  World world{clock, ids};
  std::unique_ptr<db::Database> database =
      db::Database::open("sqlite:" + folder.path + "/lifang.db");
  bus::Bus bus;
  jobs::Jobs jobs;
  std::unique_ptr<lane::Lane> lane;
  db::ReaderPool pool{*database};
  std::unique_ptr<Readings> room;

  explicit Node(Options options = {}) {
    db::migrate(*database->connect(), embedded::schemas(), from_ms(0));
    open(options);
  }
  void open(Options options = {}) {
    lane.reset();
    lane = std::make_unique<lane::Lane>(*database, world, bus, jobs);
    room = std::make_unique<Readings>(world, options);
    lane->open([this](Tx& tx) { room->start(tx); });
    lane->start();
  }
  bool tend() {
    return room->tend(
        [&](const auto& fn) {
          auto lease = pool.lease();
          fn(lease.reader());
        },
        [&](const auto& fn) { lane->now(fn); });
  }
};

/// Made-up sensors: a daily wave, a level of their own and some noise, rounded to tenths.
double value_of(std::uint32_t series, std::int64_t hour) {
  const std::uint64_t noise =
      (series * 2654435761U + static_cast<std::uint64_t>(hour) * 40503U) * 0x9e3779b97f4a7c15U >>
      59;
  const double wave = std::sin(static_cast<double>(hour % 24) / 24 * 6.2832 + series % 7);
  return std::round(100 + static_cast<double>(series % 400) + 60 * wave +
                    static_cast<double>(noise)) /
         10;
}

void fill(Batch& batch, std::uint32_t devices, std::int64_t ts, std::int64_t arrived) {
  batch.clear();
  for (std::uint32_t device = 0; device < devices; ++device) {
    const auto first = static_cast<std::uint32_t>(batch.values.size());
    batch.items.push_back({ts, arrived, device, first, kMetrics});
    for (std::uint16_t metric = 0; metric < kMetrics; ++metric)
      batch.values.push_back({value_of(device * kMetrics + metric, ts / kHour), metric, 0});
  }
}

struct Rate {
  double wall, processor;  ///< values a second
};

Rate bare_appends(std::size_t points) {
  const Folder folder;
  sqlite3* db = nullptr;
  sqlite3_open((folder.path + "/bare.db").c_str(), &db);
  sqlite3_exec(db,
               "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000;"
               "CREATE TABLE readings (device INTEGER, metric INTEGER, ts INTEGER, value REAL)",
               nullptr, nullptr, nullptr);
  sqlite3_stmt* insert = nullptr;
  sqlite3_prepare_v2(db, "INSERT INTO readings VALUES (?, ?, ?, ?)", -1, &insert, nullptr);
  const auto begin = Steady::now();
  const double used = cpu();
  for (std::size_t done = 0; done < points; done += 10'000) {
    sqlite3_exec(db, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
    for (std::size_t i = 0; i < 10'000; ++i) {
      sqlite3_bind_int64(insert, 1, static_cast<std::int64_t>(i / 3));
      sqlite3_bind_int64(insert, 2, static_cast<std::int64_t>(i % 3));
      sqlite3_bind_int64(insert, 3, 1'767'225'600'000 + static_cast<std::int64_t>(done));
      sqlite3_bind_double(insert, 4, static_cast<double>(i % 500) / 10);
      sqlite3_step(insert);
      sqlite3_reset(insert);
    }
    sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr);
  }
  const Rate rate{static_cast<double>(points) / since(begin),
                  static_cast<double>(points) / (cpu() - used)};
  sqlite3_finalize(insert);
  sqlite3_close(db);
  return rate;
}

void append_and_fold(std::size_t points, const Rate& yardstick) {
  Node node;
  std::atomic<bool> stop = false;
  std::thread background([&] {
    while (!stop)
      if (!node.tend()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  });
  Batch batch;
  std::size_t stored = 0;
  double preparing = 0, preparing_cpu = 0;
  const std::int64_t start = node.clock.ms_;
  const auto begin = Steady::now();
  const double used = cpu();
  for (std::int64_t minute = 0; stored < points; ++minute) {
    const auto t = Steady::now();
    const double c = cpu();
    fill(batch, kDevices, start + minute * 60'000, start);
    preparing += since(t);
    preparing_cpu += cpu() - c;
    node.lane->now([&](Tx& tx) { stored += node.room->append(tx, batch).stored; });
  }
  const double appended = since(begin) - preparing;
  stop = true;
  background.join();
  for (; node.room->unfolded() > 0; node.tend()) node.clock.ms_ += 60'000;
  const double folded = since(begin) - preparing, folded_cpu = cpu() - used - preparing_cpu;
  const double n = static_cast<double>(stored);
  fmt::print("append, fold beside it          {:6.2f} M values/s   {:5.2f} of the yardstick\n",
             n / appended / 1e6, n / appended / yardstick.wall);
  fmt::print(
      "until all of it is folded       {:6.2f} M values/s   {:5.2f} of the yardstick; by processor "
      "time {:.2f} M/s, {:.2f}\n",
      n / folded / 1e6, n / folded / yardstick.wall, n / folded_cpu / 1e6,
      n / folded_cpu / yardstick.processor);
}

void restart() {
  Options never;
  never.fold_points = 100'000'000;
  Node node(never);
  Batch batch;
  std::size_t stored = 0;
  for (std::int64_t minute = 0; stored < 1'000'000; ++minute) {
    fill(batch, kDevices, node.clock.ms_ + minute * 60'000, node.clock.ms_);
    node.lane->now([&](Tx& tx) { stored += node.room->append(tx, batch).stored; });
  }
  const auto t = Steady::now();
  node.open();
  fmt::print("restart with 1 M unfolded       {:6.0f} ms\n", since(t) * 1e3);
}

/// Milliseconds of one call, the median of many.
template <class F>
double median_ms(int times, F f) {
  std::vector<double> all;
  for (int i = 0; i < times; ++i) {
    const auto t = Steady::now();
    f(i);
    all.push_back(since(t) * 1e3);
  }
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

void report_reads(Node& node, std::uint32_t devices, std::int64_t begin, std::int64_t end,
                  const char* what) {
  std::mt19937 chance(1);
  std::size_t found = 0;
  const auto read = [&](std::int64_t length, bool steps) {
    return median_ms(101, [&](int) {
      const std::uint32_t device = static_cast<std::uint32_t>(chance()) % devices;
      const std::int64_t from =
          begin + static_cast<std::int64_t>(
                      chance() % static_cast<std::uint64_t>((end - begin - length) / kDay + 1)) *
                      kDay;
      auto lease = node.pool.lease();
      if (steps)
        found +=
            node.room
                ->stepped(lease.reader(), device, 1, from, from + length, {24 * kHour, 8 * kHour})
                .size();
      else
        found +=
            node.room->raw(lease.reader(), device, 1, from, from + length, 1'000'000).points.size();
    });
  };
  const double day = read(kDay, false), year = read(365 * kDay, false),
               days = read(365 * kDay, true);
  fmt::print(
      "{}: a day of one series {:.3f} ms, a year {:.2f} ms, a year in daily steps {:.2f} ms  ({} "
      "points and steps seen)\n",
      what, day, year, days, found);
}

void year_of_hours() {
  constexpr std::uint32_t kFew = 170;
  Options options;
  options.fold_points = 250'000;
  Node node(options);
  Batch batch;
  const std::int64_t start = 2500 * kBlockMs;
  std::size_t stored = 0;
  for (std::int64_t hour = 0; hour < 366 * 24; ++hour) {
    fill(batch, kFew, start + hour * kHour, start + hour * kHour);
    node.clock.ms_ = start + hour * kHour;
    node.lane->now([&](Tx& tx) { stored += node.room->append(tx, batch).stored; });
    if (hour % 50 == 0)
      while (node.tend()) continue;
  }
  node.clock.ms_ += 20 * kDay;
  while (node.tend()) continue;
  auto lease = node.pool.lease();
  const auto bytes = [&](const char* table) {
    return static_cast<double>(
        lease.reader()
            .value<std::int64_t>("SELECT SUM(pgsize) FROM dbstat WHERE name = $1",
                                 std::string_view(table))
            .value_or(0));
  };
  const double n = static_cast<double>(stored);
  fmt::print(
      "a year of hourly values, whole pages: chunks {:.2f} bytes a point, roll-ups {:.2f} bytes an "
      "hour ({:.1f} M points)\n",
      bytes("readings_chunks") / n, bytes("readings_rollups") / n, n / 1e6);
  report_reads(node, kFew, start, start + 366 * kDay, "1.5 M points stored");
}

void thousand_million() {
  Node node;
  constexpr std::uint32_t kSeries = 114'000, kBlocks = 46, kEach = 192;
  const std::int64_t first = 2500;
  // The rows as settling leaves them, written straight: a hundred different bodies serve all
  // series.
  std::vector<std::string> bodies;
  for (std::uint32_t s = 0; s < 100; ++s) {
    std::vector<Point> points;
    for (std::int64_t i = 0; i < kEach; ++i)
      points.push_back({first * kBlockMs + i * kHour, value_of(s, i), 0});
    bodies.push_back(encode_chunk(points, first * kBlockMs));
  }
  node.lane->now([&](Tx& tx) {
    for (std::uint32_t s = 0; s < kSeries; ++s)
      store::insert_series(
          tx, {s, s / kMetrics, static_cast<std::uint16_t>(s % kMetrics), std::nullopt, 0});
  });
  const auto begin = Steady::now();
  for (std::int64_t block = first; block < first + kBlocks; ++block)
    for (std::uint32_t from = 0; from < kSeries; from += 20'000)
      node.lane->now([&](Tx& tx) {
        store::note_block(tx, {block, block * 8});
        std::vector<Change> changes;
        for (std::uint32_t s = from; s < std::min(kSeries, from + 20'000); ++s)
          changes.push_back(
              {block, s, {}, {{0, 0, kBlockMs - 1, kEach, block * 8, bodies[s % 100]}}});
        store::apply(tx, changes);
      });
  const double n = static_cast<double>(kSeries) * kBlocks * kEach;
  fmt::print("wrote {:.0f} M points as {:.1f} M chunks in {:.0f} s, {:.2f} bytes a point\n",
             n / 1e6, n / kEach / 1e6, since(begin),
             static_cast<double>(std::filesystem::file_size(node.folder.path + "/lifang.db")) / n);
  node.clock.ms_ = (first + kBlocks) * kBlockMs;
  const auto t = Steady::now();
  node.open();
  fmt::print("start with {} series {:.0f} ms\n", kSeries, since(t) * 1e3);
  report_reads(node, kSeries / kMetrics, first * kBlockMs, (first + kBlocks) * kBlockMs,
               "1,000 M points stored");
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t points = 4'000'000;
  bool large = false;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--points") == 0 && i + 1 < argc)
      points = std::strtoull(argv[++i], nullptr, 10);
    if (std::strcmp(argv[i], "--large") == 0) large = true;
  }
  const Rate yardstick = bare_appends(points);
  fmt::print(
      "bare appends, one row a value   {:6.2f} M values/s   the yardstick; by processor time "
      "{:.2f} M/s\n",
      yardstick.wall / 1e6, yardstick.processor / 1e6);
  append_and_fold(points, yardstick);
  restart();
  year_of_hours();
  if (large) thousand_million();
  return 0;
}
