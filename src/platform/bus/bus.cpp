#include "platform/bus/bus.hpp"

#include <cstdio>
#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "base/refusal.hpp"

namespace lifang::bus {
namespace {

constexpr std::string_view kInsert =
    "INSERT INTO bus_events (seq, at, topic, subject, path, cause, by, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
constexpr std::string_view kLast = "SELECT MAX(seq) FROM bus_events";
constexpr std::string_view kKept = "SELECT COALESCE(MIN(seq), 1), COALESCE(MAX(seq), 0) FROM bus_events";
constexpr std::string_view kHearers = "SELECT name, heard, failures, error, retry_at FROM bus_hearers";
constexpr std::string_view kKeepHearer =
    "INSERT INTO bus_hearers (name, heard, failures, error, retry_at) VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT (name) DO UPDATE SET heard = excluded.heard, failures = excluded.failures, "
    "error = excluded.error, retry_at = excluded.retry_at";
constexpr std::string_view kAfter =
    "SELECT seq, at, topic, subject, path, cause, by, body FROM bus_events WHERE seq > $1 ORDER BY seq LIMIT $2";
constexpr std::string_view kForget =
    "DELETE FROM bus_events WHERE seq IN (SELECT seq FROM bus_events WHERE seq <= $1 AND at < $2 ORDER BY seq LIMIT $3)";

constexpr std::string_view kSetAside =
    "INSERT INTO bus_aside (hearer, seq, at, topic, subject, path, cause, by, body, error) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
constexpr std::string_view kAllAside = "SELECT hearer, error FROM bus_aside ORDER BY hearer, seq";
constexpr std::string_view kAsideOf =
    "SELECT seq, at, topic, subject, path, cause, by, body FROM bus_aside WHERE hearer = $1 AND seq > $2 ORDER BY seq LIMIT $3";
constexpr std::string_view kHeardAfterAll = "DELETE FROM bus_aside WHERE hearer = $1 AND seq = $2";

constexpr std::int64_t kMostRefusals = 8;  ///< two minutes: what comes right by itself has come by then
constexpr std::size_t kRecent = 20'000;
constexpr std::int64_t kLoad = 2'000;

Told told_of(const db::Row& row) {
  return {row.integer(0), row.time(1), row.get<std::string>(2), row.get<std::string>(3),
          row.get<std::string>(4), row.get<std::string>(5), row.get<std::string>(6),
          row.get<std::string>(7)};
}

void keep(Tx& tx, const Hearer& h) { tx.run(kKeepHearer, h.name, h.cursor, h.failures, h.error, h.retry_at); }

}  // namespace

void Bus::tell(Tx& tx, std::string_view topic, std::string body, About about) {
  if (fresh_.empty()) {
    tx.after_commit([this] {
      committed_seq_ = fresh_.back().seq;
      // A list of 20,000 rows tells more than is kept here for hearers: who watches is told all of it.
      const std::vector<Told> batch = std::exchange(fresh_, {});
      recent_.insert(recent_.end(), batch.begin(), batch.end());
      while (recent_.size() > kRecent) recent_.pop_front();
      for (const auto& watcher : watchers_) watcher(batch);
    });
  }
  Told told{next_seq_++, tx.now(), std::string(topic), std::move(about.subject), std::move(about.path),
            std::move(about.cause), std::move(about.by), std::move(body)};
  tx.run(kInsert, told.seq, told.at, told.topic, told.subject, told.path, told.cause, told.by, told.body);
  fresh_.push_back(std::move(told));
  tx.on_rollback([this] {
    next_seq_ = fresh_.back().seq;
    fresh_.pop_back();
  });
}

void Bus::hear(const std::string& hearer, const std::string& topic, Hear fn) {
  auto it = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.state.name == hearer; });
  if (it == entries_.end()) {
    entries_.push_back({});
    entries_.back().state.name = hearer;
    entries_.back().state.cursor = -1;
    it = entries_.end() - 1;
  }
  it->topics.emplace_back(topic, std::move(fn));
}

void Bus::open(Tx& tx) {
  committed_seq_ = tx.value<std::int64_t>(kLast).value_or(0);
  next_seq_ = committed_seq_ + 1;
  tx.each(kHearers, [&](const db::Row& row) {
    for (Entry& entry : entries_) {
      if (entry.state.name != row.text(0)) continue;
      entry.state = {entry.state.name, row.integer(1), row.integer(2), row.get<std::string>(3),
                     row.get<std::optional<Time>>(4)};
    }
  });
  for (Entry& entry : entries_) {
    entry.kept = entry.state.cursor;
    if (entry.state.cursor >= 0) continue;
    entry.state.cursor = committed_seq_;  // a hearer that is new hears from now on
    keep(tx, entry.state);
  }
  tx.each(kAllAside, [&](const db::Row& row) {
    for (Entry& entry : entries_) {
      if (entry.state.name != row.text(0)) continue;
      ++entry.aside;
      entry.aside_error = row.text(1);
      entry.again = 0;
    }
  });
  show_parked();
}

const Bus::Hear* Bus::find(const Entry& entry, const std::string& topic) const {
  for (const auto& [name, fn] : entry.topics)
    if (name == topic || name == "*") return &fn;
  return nullptr;
}

std::deque<Told> Bus::load(Tx& tx, std::int64_t from) const {
  std::deque<Told> older;
  tx.each(kAfter, [&](const db::Row& row) { older.push_back(told_of(row)); }, from, kLoad);
  // What this batch itself told is in the table as well, and is heard after its commit only.
  while (!older.empty() && older.back().seq > committed_seq_) older.pop_back();
  return older;
}

int Bus::deliver(Tx& tx, int limit) {
  int used = 0;
  bool changed = false;
  for (Entry& entry : entries_) {
    if (used >= limit) break;
    if (entry.again) {
      used += hear_again(tx, entry, limit - used);
      changed = true;
    }
    if (entry.state.cursor >= committed_seq_) continue;
    if (entry.state.retry_at && *entry.state.retry_at > tx.now()) continue;
    tx.on_rollback([&entry, before = entry.state] { entry.state = before; });
    // A hearer may be further behind than memory reaches: after a restart, or parked for long.
    const bool in_memory = !recent_.empty() && recent_.front().seq <= entry.state.cursor + 1;
    const std::deque<Told> older = in_memory ? std::deque<Told>{} : load(tx, entry.state.cursor);
    const std::int64_t failures = entry.state.failures;
    used += deliver_to(tx, entry, in_memory ? recent_ : older, limit - used);
    changed = changed || failures != entry.state.failures;
  }
  if (changed) show_parked();
  return used;
}

void Bus::show_parked() {
  std::vector<Hearer> parked;
  std::int64_t aside = 0;
  for (const Entry& entry : entries_) {
    aside += entry.aside;
    if (entry.state.failures > 0) parked.push_back(entry.state);
    if (entry.aside > 0)
      parked.push_back({entry.state.name, entry.state.cursor, entry.aside, entry.aside_error, std::nullopt, true});
  }
  const std::lock_guard lock(parked_mutex_);
  parked_ = std::move(parked);
  aside_ = aside;
}

std::int64_t Bus::aside() const {
  const std::lock_guard lock(parked_mutex_);
  return aside_;
}

std::vector<Hearer> Bus::parked() const {
  const std::lock_guard lock(parked_mutex_);
  return parked_;
}

int Bus::deliver_to(Tx& tx, Entry& entry, const std::deque<Told>& events, int limit) {
  auto it = std::lower_bound(events.begin(), events.end(), entry.state.cursor + 1,
                             [](const Told& t, std::int64_t seq) { return t.seq < seq; });
  std::int64_t seen = events.empty() ? committed_seq_ : entry.state.cursor;
  int used = 0;
  for (; it != events.end() && used < limit; ++it) {
    if (find(entry, it->topic)) {
      ++used;
      if (!deliver_one(tx, entry, *it)) return used;
    }
    seen = it->seq;
  }
  if (seen > entry.state.cursor) {
    entry.state.cursor = seen;
    // What it did not listen to may be passed over again after a restart: no need to write each step.
    if (seen - entry.kept > kLoad) {
      keep(tx, entry.state);
      entry.kept = seen;
    }
  }
  return used;
}

bool Bus::deliver_one(Tx& tx, Entry& entry, const Told& told) {
  const Hearer before = entry.state;
  std::string error;
  bool refused = false;
  try {
    tx.savepoint([&] {
      (*find(entry, told.topic))(tx, told);
      entry.state.cursor = told.seq;
      entry.state.failures = 0;
      entry.state.error.clear();
      entry.state.retry_at.reset();
      keep(tx, entry.state);
    });
    return true;
  } catch (const db::Error& e) {
    if (e.kind == db::Error::Kind::lost || e.kind == db::Error::Kind::full) throw;
    error = e.what();
  } catch (const Refusal& e) {
    error = e.code + " " + e.detail;
    refused = true;
  } catch (const std::exception& e) {
    error = e.what();
  }
  entry.state = before;
  ++entry.state.failures;
  entry.state.error = told.topic + " " + told.subject + ": " + error;
  // Told the first time and ever more rarely: what lasts stands in the metrics.
  if ((entry.state.failures & (entry.state.failures - 1)) == 0)
    std::fprintf(stderr, "%s could not hear %s (%lld) and tries again\n", entry.state.name.c_str(), entry.state.error.c_str(),
                 static_cast<long long>(entry.state.failures));
  if (refused && entry.state.failures >= kMostRefusals) {
    set_aside(tx, entry, told);
    return true;
  }
  const std::int64_t seconds = std::min<std::int64_t>(300, 1LL << std::min<std::int64_t>(entry.state.failures - 1, 9));
  entry.state.retry_at = tx.now() + std::chrono::seconds(seconds);
  keep(tx, entry.state);
  return false;
}

void Bus::set_aside(Tx& tx, Entry& entry, const Told& told) {
  tx.run(kSetAside, entry.state.name, told.seq, told.at, told.topic, told.subject, told.path, told.cause, told.by, told.body,
         entry.state.error);
  tx.on_rollback([&entry, aside = entry.aside, error = entry.aside_error] {
    entry.aside = aside;
    entry.aside_error = error;
  });
  ++entry.aside;
  entry.aside_error = entry.state.error;
  entry.state = {entry.state.name, told.seq, 0, {}, {}};
  keep(tx, entry.state);
}

void Bus::hear_aside() {
  for (Entry& entry : entries_)
    if (entry.aside > 0) entry.again = 0;
}

int Bus::hear_again(Tx& tx, Entry& entry, int limit) {
  const std::int64_t from = *entry.again;
  tx.on_rollback([&entry, from, aside = entry.aside] {
    entry.again = from;
    entry.aside = aside;
  });
  const auto events = tx.all(kAsideOf, told_of, entry.state.name, from, limit);
  if (static_cast<int>(events.size()) < limit) entry.again.reset();
  else entry.again = events.back().seq;
  for (const Told& told : events) {
    const Hear* hear = find(entry, told.topic);
    if (hear == nullptr) continue;
    try {
      tx.savepoint([&] {
        (*hear)(tx, told);
        tx.run(kHeardAfterAll, entry.state.name, told.seq);
      });
      --entry.aside;
    } catch (const db::Error& e) {
      if (e.kind == db::Error::Kind::lost || e.kind == db::Error::Kind::full) throw;
    } catch (const std::exception&) {
      continue;  // it stays where it is
    }
  }
  return static_cast<int>(events.size());
}

bool Bus::waiting(Time now) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& e) {
    return e.again || (e.state.cursor < committed_seq_ && (!e.state.retry_at || *e.state.retry_at <= now));
  });
}

std::optional<Time> Bus::next_retry() const {
  std::optional<Time> next;
  for (const Entry& e : entries_)
    if (e.state.retry_at && (!next || *e.state.retry_at < *next)) next = e.state.retry_at;
  return next;
}

std::vector<Hearer> Bus::hearers() const {
  std::vector<Hearer> all;
  for (const Entry& e : entries_) all.push_back(e.state);
  return all;
}

Bus::Kept Bus::kept(Reader& reader) {
  Kept kept;
  reader.each(kKept, [&](const db::Row& row) { kept = {row.integer(0), row.integer(1)}; });
  return kept;
}

std::vector<Told> Bus::after(Reader& reader, std::int64_t seq, const std::vector<std::string>& rooms, int limit) {
  std::vector<Told> events;
  while (static_cast<int>(events.size()) < limit) {
    const std::int64_t from = seq;
    reader.each(kAfter, [&](const db::Row& row) {
      seq = row.integer(0);
      const std::string_view topic = row.text(2);
      const auto room = topic.substr(0, topic.find('.'));
      if (static_cast<int>(events.size()) < limit && std::find(rooms.begin(), rooms.end(), room) != rooms.end())
        events.push_back(told_of(row));
    }, seq, 1000);
    if (seq == from) break;
  }
  return events;
}

std::int64_t Bus::forget(Tx& tx, Time before, int limit) {
  std::int64_t heard = committed_seq_ - 1;  // the last stays: the counter is read from it
  for (const Entry& e : entries_) heard = std::min(heard, e.state.cursor);
  return tx.run(kForget, heard, before, limit);
}

}  // namespace lifang::bus
