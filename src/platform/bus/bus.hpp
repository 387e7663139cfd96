// The bus: what rooms tell each other. Written with the cause's transaction, heard after its commit, once.
#pragma once
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/db/tx.hpp"

namespace lifang::bus {

/// One event as it stands in the table. Holds ids only, never personal data.
struct Told {
  std::int64_t seq = 0;  ///< strictly increasing on a node; gaps are possible
  Time at;
  std::string topic;    ///< "cases.opened": room and what happened
  std::string subject;  ///< id of the thing that it is about
  std::string path;     ///< place path of the subject, "/" if none: decides who may hear it live
  std::string cause;    ///< id of what caused it, or empty
  std::string by;       ///< account that did it; empty: the machine itself
  std::string body;     ///< JSON object
};

/// What goes with an event beside its own members.
struct About {
  std::string subject;
  std::string path = "/";
  std::string cause = {};
  std::string by = {};
};

/// A hearer's place in the stream.
struct Hearer {
  std::string name;
  std::int64_t cursor = 0;
  std::int64_t failures = 0;  ///< in a row, for the event at the cursor
  std::string error;          ///< of the last failure
  std::optional<Time> retry_at;  ///< parked until then
  bool aside = false;            ///< not parked: it goes on without the `failures` events that it refused for good
};

/// Lives on the lane; `after` (it reads the table) and `parked` alone may be asked from any thread.
class Bus {
 public:
  using Hear = std::function<void(Tx&, const Told&)>;

  /// Writes one event in the caller's transaction.
  void tell(Tx& tx, std::string_view topic, std::string body, About about);

  /// Each hearer name has one cursor; it hears the topics that it names ("*": all), in order, and nothing of
  /// the past from before its first start. Call before `open`.
  void hear(const std::string& hearer, const std::string& topic, Hear fn);
  /// Called after each commit, on the lane, with what it told. Must be quick and must not throw.
  void watch(std::function<void(std::span<const Told>)> fn) { watchers_.push_back(std::move(fn)); }

  /// Reads the counters and cursors of the past.
  void open(Tx& tx);
  /// Delivers what waits to hearers that are behind, at most `limit` events, each in a savepoint with its
  /// cursor. A failing hearer is parked with back-off (1 s doubling to 5 min) and shown. An event that it refuses eight
  /// times in a row (a Refusal: the same words would be refused for ever; a broken database is waited for) is set aside,
  /// kept whole and shown, and those behind it are heard in their order without it. What is set aside is tried again
  /// when the program starts or hear_aside is called, out of its order then.
  /// @returns how many savepoints were used.
  int deliver(Tx& tx, int limit);
  /// What was set aside is tried once more at the next delivery.
  void hear_aside();
  /// Whether some hearer that is not parked at `now` has something to hear.
  bool waiting(Time now) const;
  /// When the first parked hearer is to be tried again.
  std::optional<Time> next_retry() const;

  /// Events after `seq` whose topic begins with one of `rooms` ("cases" hears "cases.*"), oldest first.
  static std::vector<Told> after(Reader& reader, std::int64_t seq, const std::vector<std::string>& rooms, int limit);
  /// The numbers of the oldest and of the newest event that the table holds.
  struct Kept {
    std::int64_t first = 1, last = 0;
  };
  static Kept kept(Reader& reader);
  std::int64_t last_seq() const { return committed_seq_; }
  std::vector<Hearer> hearers() const;
  /// The hearers that failed and wait to try again, and those that set events aside (`failures`: how many), as of the
  /// last delivery. Any thread.
  std::vector<Hearer> parked() const;
  /// How many events were refused for good and wait, as of the last delivery. Any thread.
  std::int64_t aside() const;
  /// Removes events told before `before` that every hearer has heard; at most `limit`. @returns removed.
  std::int64_t forget(Tx& tx, Time before, int limit);

 private:
  struct Entry {
    Hearer state;
    std::vector<std::pair<std::string, Hear>> topics;
    std::int64_t kept = 0;  ///< the cursor that the table holds
    std::int64_t aside = 0;  ///< events that it refused for good
    std::string aside_error;  ///< of the newest of them
    std::optional<std::int64_t> again;  ///< what is set aside behind this number is tried once more
  };
  const Hear* find(const Entry& entry, const std::string& topic) const;
  bool deliver_one(Tx& tx, Entry& entry, const Told& told);
  void set_aside(Tx& tx, Entry& entry, const Told& told);
  int hear_again(Tx& tx, Entry& entry, int limit);
  int deliver_to(Tx& tx, Entry& entry, const std::deque<Told>& events, int limit);
  std::deque<Told> load(Tx& tx, std::int64_t from) const;
  void show_parked();

  std::vector<Entry> entries_;
  std::vector<std::function<void(std::span<const Told>)>> watchers_;
  std::deque<Told> recent_;        ///< committed events, oldest first, contiguous up to committed_seq_
  std::vector<Told> fresh_;        ///< told in the batch that is open
  std::int64_t next_seq_ = 1;
  std::int64_t committed_seq_ = 0;
  mutable std::mutex parked_mutex_;
  std::vector<Hearer> parked_;
  std::int64_t aside_ = 0;
};

}  // namespace lifang::bus
