// Jobs: durable timers on the injected clock. Set and cancelled in a use case's own transaction.
#pragma once
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "platform/db/tx.hpp"

namespace lifang::jobs {

struct Job {
  std::string kind;     ///< "cases.deadline"
  std::string name;     ///< unique within the kind, e.g. the case's id
  Time due;
  std::string payload;  ///< whatever the setter needs again; ids only
};

class Jobs {
 public:
  using Run = std::function<void(Tx&, const Job&)>;

  /// What is done when a job of this kind is due; registered before `open`. The job is gone before `run`
  /// is called, so `run` may set it again.
  void on(const std::string& kind, Run run) { kinds_[kind] = std::move(run); }
  /// A job that comes back: first at `open` + period, then period after each run.
  void every(const std::string& kind, Duration period, Run run);

  /// Sets or moves the job (kind, name).
  void at(Tx& tx, const std::string& kind, const std::string& name, Time due, const std::string& payload = {});
  void cancel(Tx& tx, const std::string& kind, const std::string& name);

  void open(Tx& tx);
  /// The clock was set back: what comes back by itself must not rest until the clock has caught up.
  void clock_was_set_back(Tx& tx);
  /// When the earliest job is due; jobs of parked kinds are left out until their retry.
  std::optional<Time> next_due() const { return next_due_; }
  /// Runs what is due at tx.now(), earliest first, at most `limit`, each in a savepoint. A job that fails is
  /// tried again after a back-off and its error kept. @returns how many were run.
  int run_due(Tx& tx, int limit);

  struct Failure {
    Job job;
    std::string error;
    std::int64_t times = 0;
  };
  const std::map<std::string, Failure>& failures() const { return failures_; }
  /// The same for other threads: those that failed the last time and are tried again, as of the last run.
  std::vector<Failure> failing() const;

 private:
  void look(Reader& reader);
  std::map<std::string, Run> kinds_;
  std::map<std::string, Duration> periods_;
  void show();
  std::map<std::string, Failure> failures_;  ///< by kind/name
  mutable std::mutex shown_mutex_;
  std::vector<Failure> shown_;
  std::optional<Time> next_due_;
};

}  // namespace lifang::jobs
