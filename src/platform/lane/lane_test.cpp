// The lane with its bus and jobs, on both engines, on a clock that the test moves.
#include "platform/lane/lane.hpp"

#include <gtest/gtest.h>

#include "base/check.hpp"
#include "base/refusal.hpp"
#include "support/fake_world.hpp"
#include "support/test_database.hpp"

namespace lifang {
namespace {

using namespace std::chrono_literals;

class Lane : public testing::TestWithParam<db::Engine> {
 protected:
  Lane() : database_(GetParam()) {
    jobs_.on("test.note", [this](Tx&, const jobs::Job& job) { ran_.push_back(job.name); });
    jobs_.on("test.broken", [this](Tx&, const jobs::Job&) {
      if (broken_) throw Bug("broken on purpose");
      ran_.push_back("mended");
    });
    bus_.hear("listener", "test.said", [this](Tx& tx, const bus::Told& told) {
      if (told.body == "\"fail\"" && broken_) throw Bug("cannot hear this");
      tx.run("INSERT INTO jobs (kind, name, due, payload) VALUES ('heard', $1, 99999999999999, '')", told.body);
      heard_.push_back(told.body);
    });
    bus_.watch([this](std::span<const bus::Told> events) { watched_ += events.size(); });
  }
  void open() { lane_.open([](Tx&) {}); }
  std::int64_t count() { return *db::Reader(lane_.session()).value<std::int64_t>("SELECT COUNT(*) FROM jobs"); }
  static void insert(Tx& tx, const std::string& name) {
    tx.run("INSERT INTO jobs (kind, name, due, payload) VALUES ('x', $1, 99999999999999, '')", name);
  }

  FakeWorld world_;
  TestDatabase database_;
  bus::Bus bus_;
  jobs::Jobs jobs_;
  lane::Lane lane_{database_.database(), world_.world, bus_, jobs_};
  std::vector<std::string> ran_, heard_;
  std::size_t watched_ = 0;
  bool broken_ = true;
};
BOTH_ENGINES(Lane);

TEST_P(Lane, a_refusal_undoes_only_its_own_use_case) {
  open();
  int done = 0, refused = 0;
  const auto answered = [&](std::exception_ptr thrown) { ++(thrown ? refused : done); };
  lane_.submit([](Tx& tx) { insert(tx, "a"); }, answered);
  lane_.submit([](Tx& tx) { insert(tx, "b"); throw conflict("test.no"); }, answered);
  lane_.submit([](Tx& tx) { insert(tx, "c"); }, answered);
  lane_.settle();
  EXPECT_EQ(done, 2);
  EXPECT_EQ(refused, 1);
  EXPECT_EQ(count(), 2);
}

TEST_P(Lane, memory_is_published_after_the_commit_and_dropped_with_a_refusal) {
  open();
  int published = 0, undone = 0;
  lane_.now([&](Tx& tx) { tx.after_commit([&] { ++published; }); EXPECT_EQ(published, 0); });
  EXPECT_EQ(published, 1);
  EXPECT_THROW(lane_.now([&](Tx& tx) {
    tx.after_commit([&] { ++published; });
    tx.on_rollback([&] { ++undone; });
    throw conflict("test.no");
  }), Refusal);
  EXPECT_EQ(published, 1);
  EXPECT_EQ(undone, 1);
}

TEST_P(Lane, an_event_is_heard_once_after_its_commit_even_when_the_process_restarts) {
  open();
  lane_.now([&](Tx& tx) { bus_.tell(tx, "test.said", "\"one\"", {"s1"}); });
  lane_.settle();
  EXPECT_EQ(heard_, std::vector<std::string>{"\"one\""});
  EXPECT_EQ(watched_, 1U);
  lane_.now([&](Tx& tx) { bus_.tell(tx, "test.said", "\"two\"", {"s1"}); });
  bus::Bus bus2;
  bus2.hear("listener", "test.said", [this](Tx&, const bus::Told& told) { heard_.push_back("again " + told.body); });
  lane_.settle();
  lane_.stop();
  // A second node on the same database starts where the first stopped hearing.
  db::Database& database = database_.database();
  if (GetParam() == db::Engine::postgres) return;  // the fence is still held by the first
  lane::Lane lane2(database, world_.world, bus2, jobs_);
  lane2.open([](Tx&) {});
  lane2.settle();
  EXPECT_EQ(heard_, (std::vector<std::string>{"\"one\"", "\"two\""}));
}

TEST_P(Lane, a_hearer_that_fails_is_parked_and_shown_and_tried_again_without_stopping_the_lane) {
  open();
  lane_.now([&](Tx& tx) { bus_.tell(tx, "test.said", "\"fail\"", {"s"}); bus_.tell(tx, "test.said", "\"next\"", {"s"}); });
  lane_.settle();
  EXPECT_TRUE(heard_.empty());
  ASSERT_EQ(bus_.hearers().size(), 1U);
  EXPECT_EQ(bus_.hearers()[0].failures, 1);
  EXPECT_NE(bus_.hearers()[0].error.find("cannot hear this"), std::string::npos);
  EXPECT_EQ(count(), 0);
  world_.clock.advance(500ms);
  EXPECT_FALSE(lane_.step());
  broken_ = false;
  world_.clock.advance(500ms);
  lane_.settle();
  EXPECT_EQ(heard_, (std::vector<std::string>{"\"fail\"", "\"next\""}));
  EXPECT_EQ(bus_.hearers()[0].failures, 0);
}

TEST_P(Lane, what_a_hearer_refuses_for_good_is_set_aside_and_heard_after_a_restart_that_mended_it) {
  const auto tell = [&](Tx& tx, const std::string& body) { bus_.tell(tx, "test.asked", body, {"s"}); };
  std::vector<std::string> heard;
  bus_.hear("strict", "test.asked", [&](Tx&, const bus::Told& told) {
    if (told.body == "\"bad\"" && broken_) throw conflict("test.never", "not with me");
    heard.push_back(told.body);
  });
  open();
  lane_.now([&](Tx& tx) { tell(tx, "\"bad\""); tell(tx, "\"good\""); tell(tx, "\"better\""); });
  for (int i = 0; i < 7; ++i) {
    lane_.settle();
    EXPECT_TRUE(heard.empty()) << "it keeps its order as long as it may come right";
    world_.clock.advance(300s);
  }
  lane_.settle();
  EXPECT_EQ(heard, (std::vector<std::string>{"\"good\"", "\"better\""}));
  ASSERT_EQ(bus_.parked().size(), 1U) << "and is not forgotten";
  EXPECT_EQ(bus_.parked()[0].name, "strict");
  EXPECT_EQ(bus_.parked()[0].failures, 1);
  EXPECT_NE(bus_.parked()[0].error.find("test.never"), std::string::npos);
  EXPECT_TRUE(bus_.parked()[0].aside);
  EXPECT_EQ(bus_.aside(), 1);
  lane_.now([&](Tx&) { bus_.hear_aside(); });
  lane_.settle();
  EXPECT_EQ(heard.size(), 2U) << "still refused";
  EXPECT_EQ(bus_.aside(), 1);
  if (GetParam() == db::Engine::postgres) {
    broken_ = false;
    lane_.now([&](Tx&) { bus_.hear_aside(); });
    lane_.settle();
    EXPECT_EQ(heard.back(), "\"bad\"");
    EXPECT_EQ(bus_.aside(), 0);
  }
  lane_.stop();
  if (GetParam() == db::Engine::postgres) return;  // the fence is still held by the first
  const auto restart = [&] {
    bus::Bus next;
    next.hear("strict", "test.asked", [&](Tx&, const bus::Told& told) {
      if (broken_) throw conflict("test.never", "not with me");
      heard.push_back("at last " + told.body);
    });
    lane::Lane lane(database_.database(), world_.world, next, jobs_);
    lane.open([](Tx&) {});
    lane.settle();
    lane.stop();
    return next.parked().size();
  };
  EXPECT_EQ(restart(), 1U) << "still refused: it stays aside";
  EXPECT_EQ(heard.size(), 2U);
  broken_ = false;
  EXPECT_EQ(restart(), 0U);
  EXPECT_EQ(heard.back(), "at last \"bad\"");
  EXPECT_EQ(restart(), 0U);
  EXPECT_EQ(heard.size(), 3U) << "once";
}

TEST_P(Lane, an_event_of_a_refused_use_case_is_never_told) {
  open();
  EXPECT_THROW(lane_.now([&](Tx& tx) { bus_.tell(tx, "test.said", "\"x\"", {"s"}); throw conflict("test.no"); }), Refusal);
  lane_.now([&](Tx& tx) { bus_.tell(tx, "test.said", "\"y\"", {"s"}); });
  lane_.settle();
  EXPECT_EQ(heard_, std::vector<std::string>{"\"y\""});
  EXPECT_EQ(watched_, 1U);
}

TEST_P(Lane, who_watches_is_told_all_of_a_batch_however_much_it_tells) {
  open();
  constexpr std::size_t kMany = 20'050;  // more than the bus keeps in memory
  lane_.now([&](Tx& tx) {
    for (std::size_t i = 0; i < kMany; ++i) bus_.tell(tx, "test.other", "{}", {"s"});
    bus_.tell(tx, "test.said", "\"last\"", {"s"});
  });
  EXPECT_EQ(watched_, kMany + 1);
  lane_.settle();
  EXPECT_EQ(heard_, std::vector<std::string>{"\"last\""}) << "who hears reads from the table what is not kept";
  EXPECT_EQ(watched_, kMany + 1) << "once";
}

TEST_P(Lane, jobs_run_when_the_clock_reaches_them_in_order_and_survive_a_restart) {
  open();
  lane_.now([&](Tx& tx) {
    jobs_.at(tx, "test.note", "later", tx.now() + 2h);
    jobs_.at(tx, "test.note", "sooner", tx.now() + 1h);
    jobs_.at(tx, "test.note", "never", tx.now() + 1h);
    jobs_.cancel(tx, "test.note", "never");
  });
  lane_.settle();
  EXPECT_TRUE(ran_.empty());
  world_.clock.advance(3h);
  lane_.settle();
  EXPECT_EQ(ran_, (std::vector<std::string>{"sooner", "later"}));
}

TEST_P(Lane, a_job_that_fails_is_tried_again) {
  open();
  lane_.now([&](Tx& tx) { jobs_.at(tx, "test.broken", "b", tx.now()); });
  lane_.settle();
  EXPECT_EQ(jobs_.failures().size(), 1U);
  ASSERT_EQ(jobs_.failing().size(), 1U) << "and other threads may see it";
  EXPECT_EQ(jobs_.failing()[0].error, "broken on purpose");
  broken_ = false;
  world_.clock.advance(5s);
  lane_.settle();
  EXPECT_EQ(ran_, std::vector<std::string>{"mended"});
  EXPECT_TRUE(jobs_.failures().empty());
  EXPECT_TRUE(jobs_.failing().empty());
}

TEST_P(Lane, a_job_that_is_cancelled_fails_no_more) {
  open();
  lane_.now([&](Tx& tx) { jobs_.at(tx, "test.broken", "b", tx.now()); });
  lane_.settle();
  ASSERT_EQ(jobs_.failing().size(), 1U);
  EXPECT_THROW(lane_.now([&](Tx& tx) { jobs_.cancel(tx, "test.broken", "b"); throw conflict("test.no"); }), Refusal);
  ASSERT_EQ(jobs_.failing().size(), 1U) << "it was not cancelled after all";
  world_.clock.advance(5s);
  lane_.settle();
  EXPECT_EQ(jobs_.failing()[0].times, 2) << "and goes on counting";
  lane_.now([&](Tx& tx) { jobs_.cancel(tx, "test.broken", "b"); });
  EXPECT_TRUE(jobs_.failures().empty());
  EXPECT_TRUE(jobs_.failing().empty());
}

TEST_P(Lane, a_timer_that_throws_is_undone_alone_and_tried_again) {
  struct Timer final : lane::Clocked {
    std::optional<Time> due;
    int tries = 0;
    bool broken = true;
    std::optional<Time> next_due() const override { return due; }
    void run_due(Tx& tx) override {
      ++tries;
      insert(tx, "timer");
      if (broken) throw Bug("cannot do it");
      due.reset();
    }
  } timer;
  lane_.add(timer);
  open();
  timer.due = world_.clock.now();
  lane_.now([](Tx& tx) { insert(tx, "a"); });
  EXPECT_EQ(count(), 1) << "the use case beside it is not taken along";
  lane_.settle();
  EXPECT_EQ(timer.tries, 1) << "not over and over in one instant";
  timer.broken = false;
  world_.clock.advance(5s);
  lane_.settle();
  EXPECT_EQ(timer.tries, 2);
  EXPECT_EQ(count(), 2);
}

struct Ingest final : lane::Work {
  Ingest(std::string name, bool bad, std::vector<std::string>& log) : name_(std::move(name)), bad_(bad), log_(log) {}
  void run(Tx& tx) override {
    tx.run("INSERT INTO jobs (kind, name, due, payload) VALUES ('ingest', $1, 99999999999999, '')", name_);
    if (bad_) throw Bug("cannot be stored");
  }
  void committed() override { log_.push_back("ack " + name_); }
  void failed(const std::string&) override { log_.push_back("failed " + name_); }
  std::string name_;
  bool bad_;
  std::vector<std::string>& log_;
};

TEST_P(Lane, one_bad_ingest_does_not_take_its_neighbours_with_it) {
  open();
  std::vector<std::string> log;
  lane_.submit(std::make_unique<Ingest>("a", false, log));
  lane_.submit(std::make_unique<Ingest>("b", true, log));
  lane_.submit(std::make_unique<Ingest>("c", false, log));
  lane_.settle();
  EXPECT_EQ(log, (std::vector<std::string>{"ack a", "failed b", "ack c"}));
  EXPECT_EQ(count(), 2);
}

TEST_P(Lane, callers_from_other_threads_share_commits) {
  open();
  lane_.start();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([this, i] {
      for (int k = 0; k < 50; ++k) lane_.now([&](Tx& tx) { insert(tx, std::to_string(i * 1000 + k)); });
    });
  for (auto& thread : threads) thread.join();
  lane_.stop();
  EXPECT_EQ(count(), 200);
  EXPECT_THROW(lane_.now([](Tx&) {}), Refusal);
}

TEST_P(Lane, a_node_that_starts_with_its_clock_set_back_makes_ids_behind_those_it_has) {
  const Time told = world_.clock.now();
  {
    lane::Lane first(database_.database(), world_.world, bus_, jobs_);
    first.open([](Tx&) {});
    first.now([&](Tx& tx) { bus_.tell(tx, "test.said", "\"x\"", {"s"}); });
    first.settle();
  }
  world_.clock.advance(-24h);
  open();
  EXPECT_EQ(world_.ids.followed(), told);
}

TEST(RealIds, follow_what_is_stored_and_never_step_back) {
  FakeClock clock;
  RealIds ids(clock);
  const std::string before = ids.ulid();
  ids.follow(clock.now() + std::chrono::hours(24));
  const std::string after = ids.ulid();
  ids.follow(clock.now() - std::chrono::hours(24));
  EXPECT_LT(before, after);
  EXPECT_LT(after, ids.ulid());
  EXPECT_GT(after.substr(0, 10), ulid_text(to_ms(clock.now() + std::chrono::hours(24)), {}).substr(0, 10));
}

TEST_P(Lane, says_so_when_the_clock_was_set_back) {
  open();
  lane_.now([](Tx&) {});
  world_.clock.advance(-1h);
  lane_.now([](Tx&) {});
  EXPECT_NE(lane_.health().clock_note, "");
  world_.clock.advance(2h);
  lane_.now([](Tx&) {});
  EXPECT_EQ(lane_.health().clock_note, "");
}

TEST_P(Lane, what_comes_back_by_itself_does_not_rest_until_a_clock_that_was_ahead_is_caught_up) {
  jobs_.every("test.hourly", 1h, [this](Tx&, const jobs::Job&) { ran_.push_back("hourly"); });
  open();
  world_.clock.advance(24h * 3650);
  lane_.settle();
  EXPECT_EQ(ran_.size(), 1U);
  world_.clock.advance(-24h * 3650);
  lane_.settle();
  world_.clock.advance(1h);
  lane_.settle();
  EXPECT_EQ(ran_.size(), 2U);
}

TEST_P(Lane, what_a_device_is_owed_waits_while_the_database_is_away_and_a_person_is_told_at_once) {
  open();
  int owed = 0, told = 0;
  const auto owe = [&](const char* name) {
    lane_.submit([name](Tx& tx) { insert(tx, name); }, [&](std::exception_ptr thrown) { owed += thrown == nullptr; }, lane::WhenAway::wait);
  };
  bool full = true;
  owe("before");
  lane_.submit([&](Tx&) { if (std::exchange(full, false)) throw db::Error(db::Error::Kind::full, "no room"); },
               [&](std::exception_ptr thrown) { told += thrown != nullptr; });
  lane_.step();
  EXPECT_NE(lane_.health().trouble, "");
  owe("meanwhile");
  lane_.submit([](Tx&) {}, [&](std::exception_ptr thrown) { told += thrown != nullptr; });
  EXPECT_EQ(told, 2);
  EXPECT_EQ(owed, 0);
  lane_.settle();
  EXPECT_EQ(lane_.health().trouble, "");
  EXPECT_EQ(owed, 2);
  EXPECT_EQ(count(), 2);
}

TEST_P(Lane, a_job_that_was_run_in_a_batch_that_was_undone_is_run_in_the_next) {
  struct Unlucky final : lane::Work {
    void run(Tx&) override { throw Bug("on purpose"); }
    void committed() override {}
    void failed(const std::string&) override {}
  };
  jobs_.on("test.once", [this](Tx& tx, const jobs::Job&) { tx.after_commit([this] { ran_.push_back("once"); }); });
  open();
  lane_.now([&](Tx& tx) { jobs_.at(tx, "test.once", "a", tx.now() + 1h); });
  world_.clock.advance(1h);
  lane_.submit(std::make_unique<Unlucky>());
  lane_.step();
  EXPECT_TRUE(ran_.empty());
  EXPECT_LE(*jobs_.next_due(), world_.clock.now()) << "an idle node would sleep over it";
  lane_.settle();
  EXPECT_EQ(ran_, std::vector<std::string>{"once"});
}

}  // namespace
}  // namespace lifang
