#include "platform/jobs/jobs.hpp"

#include <algorithm>
#include <cstdio>

#include "base/check.hpp"
#include "base/refusal.hpp"

namespace lifang::jobs {
namespace {

constexpr std::string_view kSet =
    "INSERT INTO jobs (kind, name, due, payload) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (kind, name) DO UPDATE SET due = excluded.due, payload = excluded.payload";
constexpr std::string_view kSetOnce =
    "INSERT INTO jobs (kind, name, due, payload) VALUES ($1, $2, $3, $4) ON CONFLICT (kind, name) DO NOTHING";
constexpr std::string_view kNotLater = "UPDATE jobs SET due = $2 WHERE kind = $1 AND due > $2";
constexpr std::string_view kCancel = "DELETE FROM jobs WHERE kind = $1 AND name = $2";
constexpr std::string_view kNext = "SELECT MIN(due) FROM jobs";
constexpr std::string_view kDue = "SELECT kind, name, due, payload FROM jobs WHERE due <= $1 ORDER BY due, kind, name LIMIT $2";

}  // namespace

void Jobs::every(const std::string& kind, Duration period, Run run) {
  check(period > Duration{0}, "a period is longer than nothing");
  periods_[kind] = period;
  on(kind, [this, kind, period, run = std::move(run)](Tx& tx, const Job& job) {
    at(tx, kind, job.name, tx.now() + period);
    run(tx, job);
  });
}

void Jobs::at(Tx& tx, const std::string& kind, const std::string& name, Time due, const std::string& payload) {
  check(kinds_.contains(kind), "a job's kind is registered");
  tx.run(kSet, kind, name, due, payload);
  if (!next_due_ || due < *next_due_) next_due_ = due;  // too early at worst, after a rollback
}

void Jobs::cancel(Tx& tx, const std::string& kind, const std::string& name) {
  tx.run(kCancel, kind, name);
  // A job that is no more fails no more.
  auto gone = failures_.extract(kind + "/" + name);
  if (gone.empty()) return;
  show();
  tx.on_rollback([this, key = gone.key(), failure = std::move(gone.mapped())] {
    failures_[key] = failure;
    show();
  });
}

void Jobs::open(Tx& tx) {
  for (const auto& [kind, period] : periods_) tx.run(kSetOnce, kind, "", tx.now() + period, "");
  clock_was_set_back(tx);  // perhaps, while nobody looked
}

void Jobs::clock_was_set_back(Tx& tx) {
  for (const auto& [kind, period] : periods_) tx.run(kNotLater, kind, tx.now() + period);
  look(tx);
}

void Jobs::look(Reader& reader) { next_due_ = reader.value<Time>(kNext); }

int Jobs::run_due(Tx& tx, int limit) {
  const auto due = tx.all(kDue, [](const db::Row& row) {
    return Job{row.get<std::string>(0), row.get<std::string>(1), row.time(2), row.get<std::string>(3)};
  }, tx.now(), limit);
  if (due.empty()) {
    look(tx);
    return 0;
  }
  // What is remembered of the jobs goes back with the batch: else one that was run and undone would wait for the next.
  tx.on_rollback([this, before = next_due_, failures = failures_] {
    next_due_ = before;
    failures_ = failures;
    show();
  });
  const bool some_failed = !failures_.empty();
  bool failed = false;
  for (const Job& job : due) {
    std::string error;
    try {
      tx.savepoint([&] {
        tx.run(kCancel, job.kind, job.name);  // what failed is remembered until it runs through
        const auto run = kinds_.find(job.kind);
        if (run != kinds_.end()) run->second(tx, job);
      });
      failures_.erase(job.kind + "/" + job.name);
      continue;
    } catch (const db::Error& e) {
      if (e.kind == db::Error::Kind::lost || e.kind == db::Error::Kind::full) throw;
      error = e.what();
    } catch (const Refusal& e) {
      error = e.code + " " + e.detail;
    } catch (const std::exception& e) {
      error = e.what();
    }
    Failure& failure = failures_[job.kind + "/" + job.name];
    failure.job = job;
    failure.error = error;
    ++failure.times;
    failed = true;
    // Told the first time and ever more rarely: what lasts stands in the metrics.
    if ((failure.times & (failure.times - 1)) == 0)
      std::fprintf(stderr, "%s of %s failed (%lld) and is tried again: %s\n", job.kind.c_str(), job.name.c_str(),
                   static_cast<long long>(failure.times), error.c_str());
    const std::int64_t seconds = std::min<std::int64_t>(3600, 5LL << std::min<std::int64_t>(failure.times - 1, 10));
    tx.run(kSet, job.kind, job.name, tx.now() + std::chrono::seconds(seconds), job.payload);
  }
  if (failed || some_failed) show();
  look(tx);
  return static_cast<int>(due.size());
}

void Jobs::show() {
  std::vector<Failure> failing;
  for (const auto& [name, failure] : failures_) failing.push_back(failure);
  const std::lock_guard lock(shown_mutex_);
  shown_ = std::move(failing);
}

std::vector<Jobs::Failure> Jobs::failing() const {
  const std::lock_guard lock(shown_mutex_);
  return shown_;
}

}  // namespace lifang::jobs
