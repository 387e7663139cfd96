// PostgreSQL goes away and comes back under load; and a COMMIT without an answer is resolved by the batch number.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "base/check.hpp"
#include "base/refusal.hpp"
#include "platform/db/migrate.hpp"
#include "platform/lane/lane.hpp"
#include "support/fake_world.hpp"
#include "support/fault_load.hpp"
#include "support/postgres_line.hpp"
#include "support/private_postgres.hpp"

namespace lifang {
namespace {

bool gets_more(const FaultLoad& load) {
  const auto before = load.acknowledged();
  return holds_within(60, [&] { return load.acknowledged() > before + 50; });
}

TEST(FaultPostgres, stopped_without_farewell_and_started_again_under_load) {
  if (lifang_program().empty()) GTEST_SKIP() << "skipped: no lifang beside the tests (./dev build)";
  std::string directory = "/tmp/lifang-fault-XXXXXX";
  mkdtemp(directory.data());
  {
    PrivatePostgres server;  // its own: others go on using the one of this process
    ServedNode node(directory + "/data", server.create("ward"));
    ASSERT_TRUE(node.start()) << node.words();
    FaultLoad load;
    load.prepare(node);
    const char* long_run = std::getenv("LIFANG_FAULT_ROUNDS");
    const int rounds = long_run && std::atoi(long_run) > 5 ? 6 : 2;
    for (int round = 0; round < rounds; ++round) {
      load.begin(node, std::int64_t{1} << 40);
      ASSERT_TRUE(gets_more(load));
      server.stop();
      EXPECT_TRUE(holds_within(30, [&] { return node.ready().first == 503; })) << node.words();
      EXPECT_NE(node.ready().second.find("postgres"), std::string::npos) << node.ready().second;
      const auto when_gone = load.acknowledged();
      EXPECT_EQ(node.ask("PUT", "/api/v1/places/city", R"({"kind":"city","name":"city"})").status, 503);
      // Every open page asks for its stream again by itself.
      EXPECT_EQ(node.ask("GET", "/api/v1/live?topics=cases").status, 503);
      EXPECT_EQ(node.ask("GET", "/api/v1/live?topics=cases&last_event_id=1").status, 503);
      EXPECT_FALSE(holds_within(2, [&] { return load.acknowledged() != when_gone; })) << "acknowledged without a database";
      server.start();
      EXPECT_TRUE(holds_within(60, [&] { return node.ready().first == 200; })) << node.words();
      EXPECT_TRUE(gets_more(load)) << node.words();
      load.end();
      load.check_readings(node);
    }
    for (const auto& device : load.devices()) EXPECT_EQ(device->connections(), rounds) << "nobody had to connect anew";
    std::int64_t most = 0;
    for (const auto& device : load.devices()) most = std::max(most, device->said());
    load.begin(node, most + 100);
    load.wait();
    load.check_readings(node);
    EXPECT_EQ(node.stop(), 0);
    ASSERT_TRUE(node.start()) << node.words();
    load.check_situations(node);
    EXPECT_EQ(node.stop(), 0);
  }
  std::filesystem::remove_all(directory);
}

TEST(FaultPostgres, a_standby_waits_ends_when_told_and_takes_over_when_the_first_is_killed) {
  if (lifang_program().empty()) GTEST_SKIP() << "skipped: no lifang beside the tests (./dev build)";
  std::string directory = "/tmp/lifang-fault-XXXXXX";
  mkdtemp(directory.data());
  {
    PrivatePostgres server;
    const std::string url = server.create("ward");
    ServedNode first(directory + "/first", url), second(directory + "/second", url);
    ASSERT_TRUE(first.start()) << first.words();
    FaultLoad load;
    load.prepare(first);
    load.begin(first, std::int64_t{1} << 40);
    EXPECT_TRUE(gets_more(load));
    // The same key: what one has sealed the other opens.
    std::filesystem::create_directories(second.directory());
    std::filesystem::copy(first.directory() + "/keys", second.directory() + "/keys", std::filesystem::copy_options::recursive);
    const auto stands_by = [&] { return second.words().find("standby") != std::string::npos; };
    second.begin();
    EXPECT_TRUE(holds_within(30, stands_by)) << second.words();
    EXPECT_EQ(second.stop(), 0) << "told to end while it waits";
    second.begin();
    EXPECT_TRUE(holds_within(30, stands_by)) << second.words();
    EXPECT_TRUE(gets_more(load)) << "the first is not disturbed";
    first.kill();
    load.end();
    ASSERT_TRUE(second.serves()) << second.words();
    EXPECT_EQ(second.ready().first, 200);
    load.check_readings(second);
    EXPECT_EQ(second.stop(), 0);
  }
  std::filesystem::remove_all(directory);
}

TEST(FaultPostgres, readers_that_lay_idle_over_a_restart_are_replaced_without_an_error) {
  PrivatePostgres server;
  const auto database = db::Database::open(server.create("pool"));
  db::ReaderPool pool(*database);
  { const auto first = pool.lease(), second = pool.lease(); }
  server.stop();
  EXPECT_THROW(pool.lease(), db::Error);
  server.start();
  auto lease = pool.lease();
  EXPECT_EQ(lease.reader().value<std::int64_t>("SELECT 1"), 1);
}

/// A lane on PostgreSQL whose line breaks at COMMITs of the test's choice.
class FaultCommit : public testing::Test {
 protected:
  FaultCommit() {
    static int count = 0;
    name_ = fmt::format("commit_{}", ++count);
    const std::string url = PrivatePostgres::get().create(name_);
    {
      const auto session = db::Database::open(url)->connect();
      db::migrate(*session, embedded::schemas(), from_ms(0));
      session->script("CREATE TABLE deeds (name TEXT NOT NULL)");
    }
    line_ = std::make_unique<PostgresLine>(PrivatePostgres::get().directory());
    database_ = db::Database::open(fmt::format("postgresql:///{}?host={}&user=postgres", name_, line_->directory()));
    direct_ = db::Database::open(url)->connect();
    bus_.hear("listener", "test.done", [](Tx& tx, const bus::Told& told) {
      tx.run("INSERT INTO deeds (name) VALUES ($1)", "heard " + told.subject);
    });
    lane_ = std::make_unique<lane::Lane>(*database_, world_.world, bus_, jobs_,
                                         lane::Lane::Options{4096, 256, Duration{5}});
    lane_->open([](Tx&) {});
  }
  ~FaultCommit() override {
    lane_.reset();
    database_.reset();
    direct_.reset();
    line_.reset();
    PrivatePostgres::get().drop(name_);
  }
  std::int64_t count(const std::string& name) {
    return *db::Reader(*direct_).value<std::int64_t>("SELECT COUNT(*) FROM deeds WHERE name = $1", name);
  }
  void deed(Tx& tx, const std::string& name) {
    tx.run("INSERT INTO deeds (name) VALUES ($1)", name);
    bus_.tell(tx, "test.done", "{}", {name});
  }

  FakeWorld world_;
  std::string name_;
  std::unique_ptr<PostgresLine> line_;
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<db::Session> direct_;
  bus::Bus bus_;
  jobs::Jobs jobs_;
  std::unique_ptr<lane::Lane> lane_;
};

TEST_F(FaultCommit, an_answer_that_was_lost_is_found_by_the_batch_number_and_acknowledged_once) {
  line_->cut_at_next_commit(PostgresLine::Cut::after);
  EXPECT_NO_THROW(lane_->now([&](Tx& tx) { deed(tx, "a"); }));
  EXPECT_EQ(line_->cuts(), 1);
  lane_->settle();
  EXPECT_EQ(count("a"), 1);
  EXPECT_EQ(count("heard a"), 1);
}

TEST_F(FaultCommit, a_commit_that_never_arrived_is_refused_and_has_left_nothing) {
  line_->cut_at_next_commit(PostgresLine::Cut::before);
  try {
    lane_->now([&](Tx& tx) { deed(tx, "b"); });
    ADD_FAILURE() << "acknowledged without a commit";
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.code, "lane.unavailable");
  }
  lane_->settle();
  EXPECT_EQ(count("b"), 0);
  EXPECT_EQ(lane_->health().trouble, "");
}

/// A message of a device: waits through every trouble, and is acknowledged once.
struct Message final : lane::Work {
  Message(std::string name_, std::map<std::string, int>& acknowledged_) : name(std::move(name_)), acknowledged(acknowledged_) {}
  void run(Tx& tx) override { tx.run("INSERT INTO deeds (name) VALUES ($1)", name); }
  void committed() override { ++acknowledged[name]; }
  void failed(const std::string&) override { acknowledged[name] -= 100; }
  std::string name;
  std::map<std::string, int>& acknowledged;
};

TEST_F(FaultCommit, whatever_the_line_does_each_deed_is_done_once_or_refused_and_not_done) {
  std::map<std::string, int> acknowledged, refused;
  for (int i = 0; i < 150; ++i) {
    const auto chance = chance_of(static_cast<std::uint64_t>(i)) % 6;
    constexpr PostgresLine::Cut kCuts[] = {PostgresLine::Cut::before, PostgresLine::Cut::after, PostgresLine::Cut::after_a_word};
    if (chance < 3) line_->cut_at_next_commit(kCuts[chance]);
    lane_->submit(std::make_unique<Message>(fmt::format("message {}", i), acknowledged));
    const auto name = fmt::format("deed {}", i);
    lane_->submit([this, name](Tx& tx) { deed(tx, name); },
                  [&, name](std::exception_ptr thrown) { ++(thrown ? refused : acknowledged)[name]; });
    lane_->settle();
    ASSERT_EQ(acknowledged[fmt::format("message {}", i)], 1) << i;
    ASSERT_EQ(count(fmt::format("message {}", i)), 1) << i;
    ASSERT_EQ(acknowledged[name] + refused[name], 1) << i;
    ASSERT_EQ(count(name), acknowledged[name]) << i;
    ASSERT_EQ(count("heard " + name), acknowledged[name]) << i;
  }
  EXPECT_GT(line_->cuts(), 40);
  EXPECT_GT(refused.size(), 10U);
}

TEST_F(FaultCommit, a_lane_that_was_taken_over_writes_no_more_and_says_so) {
  lane_->now([&](Tx& tx) { deed(tx, "c"); });
  lane_->settle();
  // The line is lost, and before this lane is back another has opened the next epoch.
  direct_->script("INSERT INTO lane_fence (epoch, batch) SELECT MAX(epoch) + 1, 0 FROM lane_fence");
  std::map<std::string, int> acknowledged;
  lane_->submit(std::make_unique<Message>("late", acknowledged));
  line_->cut_at_next_commit(PostgresLine::Cut::before);
  for (int i = 0; i < 4; ++i) lane_->step();
  EXPECT_EQ(acknowledged["late"], 0);
  EXPECT_EQ(count("late"), 0);
  EXPECT_FALSE(lane_->health().open);
  EXPECT_NE(lane_->health().trouble.find("taken over"), std::string::npos);
  lane_->stop();
  EXPECT_LT(acknowledged["late"], 0) << "told that it was not stored";
}

}  // namespace
}  // namespace lifang
