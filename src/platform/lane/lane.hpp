// The lane: the single writer of a node. Takes whatever waits, commits one transaction, then acknowledges.
#pragma once
#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "platform/bus/bus.hpp"
#include "platform/db/tx.hpp"
#include "platform/jobs/jobs.hpp"

namespace lifang::lane {

/// Something to be done in a batch. `run` may be called again after a rollback; exactly one of `committed`
/// and `failed` is called at the end, on the lane's thread. Memory is changed with Tx::on_rollback in mind.
class Work {
 public:
  virtual ~Work() = default;
  virtual void run(Tx& tx) = 0;
  virtual void committed() {}
  /// It alone cannot be done (a defect of ours); nothing of it was written.
  virtual void failed(const std::string& why) { (void)why; }
};

/// What becomes of a use case while the database is away: a person is told at once; what the node owes a device waits.
enum class WhenAway { refuse, wait };

/// Timers that live in memory (rules with `for`, silence): asked each round.
class Clocked {
 public:
  virtual ~Clocked() = default;
  virtual std::optional<Time> next_due() const = 0;
  virtual void run_due(Tx& tx) = 0;
};

/// What `/healthz`, `/readyz` and `/metrics` tell of the lane.
struct Health {
  bool open = false;            ///< connected, fenced and running
  std::string trouble;          ///< why nothing is acknowledged now; empty when all is well
  std::string clock_note;       ///< set while the machine's clock has stepped back
  std::uint64_t batches = 0;
  std::uint64_t works = 0;
  std::uint64_t refused = 0;
  std::size_t waiting = 0;
  Time last_commit;
};

class Lane {
 public:
  struct Options {
    std::size_t max_works = 4096;  ///< works taken into one batch
    int events_a_batch = 256;      ///< events delivered to hearers in one batch
    Duration retry{1000};          ///< pause before a lost database is tried again
    bool only_asked = false;       ///< does what is submitted alone: no timer, no clock, no hearer; those wait for a node
  };
  using UseCase = std::function<void(Tx&)>;
  /// Gets nullptr after the commit, or what the use case threw. On the lane's thread: hand over at once.
  using Done = std::function<void(std::exception_ptr)>;

  Lane(db::Database& database, World& world, bus::Bus& bus, jobs::Jobs& jobs, Options options);
  Lane(db::Database& database, World& world, bus::Bus& bus, jobs::Jobs& jobs);
  ~Lane();
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  /// One that throws is undone alone and tried again five seconds later; the rest of the batch goes on.
  void add(Clocked& clocked) { clocked_.push_back({&clocked, {}}); }
  /// Connects, takes the fence (on PostgreSQL it waits there as the standby) and runs `opened` in the first
  /// transaction, after bus and jobs. @throws db::Error
  void open(const UseCase& opened);
  /// In place of open(), for who only reads, without the fence: what `opened` and every use case after it write is
  /// taken back before they are answered.
  void look(const UseCase& opened);
  void start();
  /// Commits what waits, then ends the thread. What comes later is answered `unavailable`.
  void stop();
  bool running() const { return thread_.joinable(); }

  /// Any thread. Ingest: not in a savepoint; a failure rolls the batch back and each is then tried alone.
  void submit(std::unique_ptr<Work> work);
  /// Any thread. A use case in a savepoint of the current batch.
  void submit(UseCase use_case, Done done, WhenAway when_away = WhenAway::refuse);
  /// Runs a use case and waits for its commit; rethrows what it threw. Without a running thread (tests,
  /// offline commands) it runs the rounds itself.
  void now(const UseCase& use_case);
  template <class Fn>
  auto get(Fn&& fn) {
    std::optional<std::invoke_result_t<Fn, Tx&>> result;
    now([&](Tx& tx) { result = fn(tx); });
    return std::move(*result);
  }
  /// One batch on the calling thread: whatever waits or is due. @returns whether there was anything.
  bool step();
  /// Rounds until nothing waits, is due, or is to be heard.
  void settle() {
    while (step()) continue;
  }
  /// The clock was moved by hand, or something outside became due.
  void wake();

  Health health() const;
  /// The lane's own connection, for tests and offline commands while the thread does not run.
  db::Session& session() { return *session_; }

 private:
  struct Item {
    std::unique_ptr<Work> work;  ///< or
    UseCase use_case;
    Done done;
    std::exception_ptr thrown;
    bool alone = false;  ///< its batch failed: tried by itself
    bool waits = false;  ///< a use case that is kept while the database is away
  };
  enum class Committed { yes, no, fenced };

  void loop();
  void connect();
  std::optional<Time> next_due() const;
  bool anything(Time now) const;
  Time stamp();
  std::vector<Item> take();
  void run(Tx& tx, std::vector<Item>& items);
  void run_use_case(Tx& tx, Item& item, int& savepoints);
  Committed commit(Tx& tx);
  Committed resolve();
  void finish(std::vector<Item>& items);
  void undo(Tx& tx);
  void put_back(std::vector<Item>& items, bool alone);
  void recover(Tx& tx, std::vector<Item>& items, const std::string& why);
  void trouble(const std::string& why);
  bool pause();

  db::Database& database_;
  World& world_;
  bus::Bus& bus_;
  jobs::Jobs& jobs_;
  Options options_;
  struct Timed {
    Clocked* clocked;
    std::optional<Time> retry_at;  ///< it threw: not before
    std::optional<Time> next_due() const {
      const auto due = clocked->next_due();
      return due && retry_at ? std::max(*due, *retry_at) : due;
    }
  };
  void run_clocked(Tx& tx, Timed& timed);
  std::vector<Timed> clocked_;
  std::unique_ptr<db::Session> session_;
  bool looks_ = false;
  std::int64_t epoch_ = 0;
  std::int64_t batch_ = 0;
  Time last_now_{};
  bool set_back_ = false;  ///< the clock was, and the jobs were not told yet

  mutable std::mutex mutex_;
  std::condition_variable bell_;
  std::deque<Item> queue_;
  Health health_;
  bool stopping_ = false;
  bool stopped_ = false;
  bool woken_ = false;
  std::thread thread_;
};

}  // namespace lifang::lane
