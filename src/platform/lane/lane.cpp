#include "platform/lane/lane.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "base/check.hpp"
#include "base/refusal.hpp"

namespace lifang::lane {
namespace {

/// "lifang" in ASCII: the advisory lock that the one lane of a PostgreSQL database holds.
constexpr std::int64_t kLock = 0x6c6966616e67;
constexpr std::string_view kTryLock = "SELECT pg_try_advisory_lock($1)";
constexpr std::string_view kOpenEpoch =
    "INSERT INTO lane_fence (epoch, batch) SELECT COALESCE(MAX(epoch), 0) + 1, 0 FROM lane_fence RETURNING epoch";
constexpr std::string_view kWriteBatch =
    "UPDATE lane_fence SET batch = $1 WHERE epoch = $2 AND epoch = (SELECT MAX(epoch) FROM lane_fence)";
constexpr std::string_view kReadBatch = "SELECT batch FROM lane_fence WHERE epoch = $1";
constexpr std::string_view kProbe =
    "INSERT INTO lane_fence (epoch, batch) VALUES (0, $1) ON CONFLICT (epoch) DO UPDATE SET batch = excluded.batch";
constexpr std::string_view kLastEpoch = "SELECT MAX(epoch) FROM lane_fence";
/// The newest stamp that a batch of the past has left: a machine may boot with a clock that lost its battery.
constexpr std::string_view kLastStamp = "SELECT at FROM bus_events ORDER BY seq DESC LIMIT 1";

/// PostgreSQL keeps 64 subtransactions of a transaction in shared memory; beyond it everybody slows down.
constexpr int kSavepointsOnPostgres = 60;

bool is_trouble(const db::Error& error) { return error.kind != db::Error::Kind::taken && error.kind != db::Error::Kind::broken; }

Refusal unavailable(const std::string& why) {
  return {RefusalKind::unavailable, "lane.unavailable", "nothing was written; try again: " + why};
}

/// Called with the lane's mutex held.
void well(Health& health) {
  if (health.trouble.empty()) return;
  std::fprintf(stderr, "lane: works again\n");
  health.trouble.clear();
}

}  // namespace

Lane::Lane(db::Database& database, World& world, bus::Bus& bus, jobs::Jobs& jobs, Options options)
    : database_(database), world_(world), bus_(bus), jobs_(jobs), options_(options) {}
Lane::Lane(db::Database& database, World& world, bus::Bus& bus, jobs::Jobs& jobs)
    : Lane(database, world, bus, jobs, Options{}) {}
Lane::~Lane() { stop(); }

void Lane::connect() {
  session_.reset();
  session_ = looks_ || options_.only_asked ? database_.connect() : database_.connect_writer();
  if (database_.engine() != db::Engine::postgres || looks_) return;
  db::Reader reader(*session_);
  if (!reader.value<bool>(kTryLock, kLock).value_or(false)) {
    session_.reset();
    throw db::Error(db::Error::Kind::busy, "another lane holds this database; this one waits as its standby");
  }
}

void Lane::open(const UseCase& opened) {
  for (;;) {
    try {
      connect();
      break;
    } catch (const db::Error& error) {
      if (error.kind != db::Error::Kind::busy) throw;
      trouble(error.what());
      if (!pause()) throw;
    }
  }
  session_->script("BEGIN");
  Tx tx(*session_, world_, stamp());
  try {
    if (database_.engine() == db::Engine::postgres) {
      epoch_ = *tx.value<std::int64_t>(kOpenEpoch);
      batch_ = 0;
    }
    bus_.open(tx);
    jobs_.open(tx);
    opened(tx);
    last_now_ = std::max(last_now_, tx.value<Time>(kLastStamp).value_or(last_now_));
    session_->script("COMMIT");
  } catch (...) {
    undo(tx);
    throw;
  }
  tx.committed();
  world_.ids.follow(last_now_);
  const std::lock_guard lock(mutex_);
  health_.open = true;
  health_.trouble.clear();
}

void Lane::look(const UseCase& opened) {
  looks_ = true;
  connect();
  session_->script("BEGIN");
  Tx tx(*session_, world_, stamp());
  bus_.open(tx);
  jobs_.open(tx);
  opened(tx);
  session_->script("ROLLBACK");
  // The rooms' memories stay as they were read: nothing is written behind them any more.
  const std::lock_guard lock(mutex_);
  health_.open = true;
}

void Lane::start() {
  check(!thread_.joinable() && session_ != nullptr, "the lane is opened once before it starts");
  thread_ = std::thread([this] { loop(); });
}

void Lane::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  bell_.notify_all();
  if (thread_.joinable()) thread_.join();
  std::deque<Item> left;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    health_.open = false;
    left.swap(queue_);
  }
  for (Item& item : left) {
    if (item.work) item.work->failed("the node stops");
    else if (item.done) item.done(std::make_exception_ptr(unavailable("the node stops")));
  }
}

void Lane::submit(std::unique_ptr<Work> work) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopped_) {
      queue_.push_back({std::move(work), {}, {}, {}});
      work = nullptr;
    }
  }
  if (work) work->failed("the node stops");
  else bell_.notify_one();
}

void Lane::submit(UseCase use_case, Done done, WhenAway when_away) {
  const bool waits = when_away == WhenAway::wait;
  {
    const std::lock_guard lock(mutex_);
    if (!stopped_ && (waits || health_.trouble.empty())) {
      queue_.push_back({nullptr, std::move(use_case), std::move(done), {}, false, waits});
      done = nullptr;
    }
  }
  if (done) done(std::make_exception_ptr(unavailable("the database is away or the node stops")));
  else bell_.notify_one();
}

void Lane::now(const UseCase& use_case) {
  std::promise<void> promise;
  auto answered = promise.get_future();
  submit(use_case, [&promise](std::exception_ptr thrown) {
    if (thrown) promise.set_exception(thrown);
    else promise.set_value();
  });
  if (!running())
    while (answered.wait_for(std::chrono::seconds(0)) != std::future_status::ready) step();
  answered.get();
}

void Lane::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  bell_.notify_one();
}

Health Lane::health() const {
  const std::lock_guard lock(mutex_);
  Health health = health_;
  health.waiting = queue_.size();
  return health;
}

void Lane::loop() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (queue_.empty() && !woken_ && !stopping_) {
        lock.unlock();
        const Time now = world_.clock.now();
        const bool due = anything(now);
        const auto next = next_due();
        lock.lock();
        if (!due && queue_.empty() && !woken_ && !stopping_) {
          // At most a second: a clock may be set while we wait.
          const auto left = next ? std::min<Duration>(*next - now, Duration{1000}) : Duration{1000};
          bell_.wait_for(lock, std::max(left, Duration{1}));
        }
      }
      woken_ = false;
      if (stopping_ && (queue_.empty() || !health_.trouble.empty())) return;
    }
    step();
  }
}

std::optional<Time> Lane::next_due() const {
  if (options_.only_asked) return std::nullopt;
  std::optional<Time> next = jobs_.next_due();
  const auto sooner = [&](std::optional<Time> t) {
    if (t && (!next || *t < *next)) next = t;
  };
  sooner(bus_.next_retry());
  for (const Timed& timed : clocked_) sooner(timed.next_due());
  return next;
}

bool Lane::anything(Time now) const {
  if (options_.only_asked) return false;
  const auto next = next_due();
  return bus_.waiting(now) || (next && *next <= now);
}

Time Lane::stamp() {
  const Time now = world_.clock.now();
  const std::lock_guard lock(mutex_);
  if (now >= last_now_) {
    last_now_ = now;
    health_.clock_note.clear();
  } else if (last_now_ - now <= Duration{2000}) {
    return last_now_;  // the clock is being disciplined: hold until it catches up
  } else {
    // Somebody set the clock: follow it, but say so until it has passed where it was.
    if (health_.clock_note.empty()) set_back_ = true;
    health_.clock_note = fmt::format("the clock was set back from {} to {}; new rows carry the earlier time",
                                     to_rfc3339(last_now_), to_rfc3339(now));
  }
  return now;
}

std::vector<Lane::Item> Lane::take() {
  const std::lock_guard lock(mutex_);
  std::vector<Item> items;
  const std::size_t limit =
      database_.engine() == db::Engine::postgres ? std::min<std::size_t>(options_.max_works, 40) : options_.max_works;
  while (!queue_.empty() && items.size() < limit) {
    if (queue_.front().alone && !items.empty()) break;
    items.push_back(std::move(queue_.front()));
    queue_.pop_front();
    if (items.back().alone) break;
  }
  return items;
}

bool Lane::step() {
  if (!session_ || !session_->alive()) {
    try {
      if (resolve() == Committed::fenced) return false;
    } catch (const db::Error& error) {
      trouble(error.what());
      if (running()) pause();
      return false;
    }
  }
  std::vector<Item> items = take();
  const Time now = stamp();
  const bool troubled = !health().trouble.empty();
  if (items.empty() && !troubled && !set_back_ && !anything(now)) return false;
  Tx tx(*session_, world_, now);
  try {
    session_->script(database_.engine() == db::Engine::sqlite && !looks_ ? "BEGIN IMMEDIATE" : "BEGIN");
    if (troubled) tx.run(kProbe, now);  // all is well again only when something could be written
    run(tx, items);
    if (looks_) {
      undo(tx);
      finish(items);
      return true;
    }
    switch (commit(tx)) {
      case Committed::yes: break;
      case Committed::no: throw db::Error(db::Error::Kind::lost, "the commit did not reach the database");
      case Committed::fenced:  // nobody knows what became of it: not acknowledged, sent again elsewhere
        tx.rolled_back();
        put_back(items, false);
        return false;
    }
  } catch (const db::Error& error) {
    if (is_trouble(error)) {
      recover(tx, items, error.what());
      return true;
    }
    undo(tx);
    put_back(items, true);
    return true;
  } catch (const std::exception&) {
    undo(tx);
    put_back(items, true);
    return true;
  }
  tx.committed();
  finish(items);
  return true;
}

void Lane::run(Tx& tx, std::vector<Item>& items) {
  const bool alone = !items.empty() && items.front().alone;
  int savepoints = 0;
  if (database_.engine() == db::Engine::postgres && !looks_) {
    ++batch_;
    if (tx.run(kWriteBatch, batch_, epoch_) == 0) {
      session_->script("ROLLBACK");
      session_.reset();  // the next round connects anew, reads the fence and stops for good
      throw db::Error(db::Error::Kind::lost, "another lane has taken over this database");
    }
  }
  if (set_back_) {
    jobs_.clock_was_set_back(tx);
    tx.after_commit([this] { set_back_ = false; });
  }
  if (!alone && !options_.only_asked) {
    const bool postgres = database_.engine() == db::Engine::postgres;
    savepoints += jobs_.run_due(tx, postgres ? 8 : 200);
    for (Timed& timed : clocked_) {
      const auto due = timed.next_due();
      if (!due || *due > tx.now()) continue;
      ++savepoints;
      run_clocked(tx, timed);
    }
    savepoints += bus_.deliver(tx, postgres ? 8 : options_.events_a_batch);
    check(!postgres || savepoints + static_cast<int>(items.size()) <= kSavepointsOnPostgres, "too many savepoints");
  }
  for (Item& item : items) {
    if (item.work) {
      try {
        item.work->run(tx);
      } catch (const db::Error&) {
        throw;
      } catch (const std::exception& error) {
        if (!alone) throw;
        item.thrown = std::make_exception_ptr(std::runtime_error(error.what()));
        throw;
      }
    } else {
      run_use_case(tx, item, savepoints);
    }
  }
}

void Lane::run_clocked(Tx& tx, Timed& timed) {
  try {
    tx.savepoint([&] { timed.clocked->run_due(tx); });
    timed.retry_at.reset();
    return;
  } catch (const db::Error& error) {
    if (is_trouble(error)) throw;
    std::fprintf(stderr, "a timer failed and is tried again: %s\n", error.what());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "a timer failed and is tried again: %s\n", error.what());
  }
  timed.retry_at = tx.now() + std::chrono::seconds(5);
}

void Lane::run_use_case(Tx& tx, Item& item, int& savepoints) {
  ++savepoints;
  try {
    item.thrown = nullptr;
    tx.savepoint([&] { item.use_case(tx); });
  } catch (const db::Error& error) {
    if (is_trouble(error)) throw;
    item.thrown = std::current_exception();
  } catch (...) {
    item.thrown = std::current_exception();
  }
}

Lane::Committed Lane::commit(Tx&) {
  try {
    session_->script("COMMIT");
    return Committed::yes;
  } catch (const db::Error& error) {
    if (database_.engine() != db::Engine::postgres || error.kind != db::Error::Kind::lost) throw;
  }
  // No answer to the COMMIT: it may be done. Nothing is acknowledged before the fence tells.
  for (;;) {
    try {
      return resolve();
    } catch (const db::Error& error) {
      trouble(error.what());
      if (!pause()) return Committed::fenced;
    }
  }
}

Lane::Committed Lane::resolve() {
  connect();
  if (database_.engine() != db::Engine::postgres || looks_) return Committed::no;
  db::Reader reader(*session_);
  const auto written = reader.value<std::int64_t>(kReadBatch, epoch_).value_or(-1);
  const auto last = reader.value<std::int64_t>(kLastEpoch).value_or(0);
  if (last != epoch_) {
    // A standby took over meanwhile and has answered for the node since: this lane must not write again.
    trouble("another lane has taken over this database; this one has stopped");
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    health_.open = false;
    return written == batch_ ? Committed::yes : Committed::fenced;
  }
  const std::lock_guard lock(mutex_);
  well(health_);
  return written == batch_ ? Committed::yes : Committed::no;
}

void Lane::finish(std::vector<Item>& items) {
  std::uint64_t refused = 0;
  for (Item& item : items) {
    if (item.work) item.work->committed();
    else if (item.done) item.done(item.thrown);
    refused += item.thrown != nullptr;
  }
  const std::lock_guard lock(mutex_);
  ++health_.batches;
  health_.works += items.size();
  health_.refused += refused;
  health_.last_commit = last_now_;
  well(health_);
}

void Lane::undo(Tx& tx) {
  try {
    session_->script("ROLLBACK");
  } catch (const db::Error&) {
    if (database_.engine() == db::Engine::postgres) session_.reset();  // SQLite may have rolled back by itself
  }
  tx.rolled_back();
}

void Lane::put_back(std::vector<Item>& items, bool alone) {
  // A work that failed by itself is told so; the others wait for another turn, each alone.
  if (items.size() == 1 && items.front().alone) {
    Item& item = items.front();
    if (item.work) item.work->failed("this batch cannot be stored");
    else if (item.done) item.done(item.thrown ? item.thrown : std::make_exception_ptr(Bug("the batch failed")));
    return;
  }
  const std::lock_guard lock(mutex_);
  for (auto it = items.rbegin(); it != items.rend(); ++it) {
    it->alone = alone;
    queue_.push_front(std::move(*it));
  }
}

void Lane::recover(Tx& tx, std::vector<Item>& items, const std::string& why) {
  if (session_) undo(tx);
  else tx.rolled_back();
  trouble(why);
  std::vector<Item> kept;
  for (Item& item : items) {
    // A person gets an answer now; a device is not acknowledged and its message waits here, and so does what it is owed.
    if (item.work || item.waits) kept.push_back(std::move(item));
    else if (item.done) item.done(std::make_exception_ptr(unavailable(why)));
  }
  put_back(kept, false);
  if (running()) pause();
}

void Lane::trouble(const std::string& why) {
  const std::lock_guard lock(mutex_);
  if (health_.trouble.empty()) std::fprintf(stderr, "lane: nothing is acknowledged now: %s\n", why.c_str());
  health_.trouble = why;
}

bool Lane::pause() {
  std::unique_lock lock(mutex_);
  if (stopping_) return false;
  bell_.wait_for(lock, options_.retry, [this] { return stopping_; });
  return !stopping_;
}

}  // namespace lifang::lane
