// Situations: what is going on. A fact that lasts, from the verdict that raised it to the one that cleared it.
#pragma once
#include <unordered_map>

#include "base/caller.hpp"
#include "platform/bus/bus.hpp"
#include "platform/jobs/jobs.hpp"
#include "rooms/situations/situations_values.hpp"

namespace lifang::situations {

struct Board;
struct BoardFilter;

class Situations {
 public:
  Situations(bus::Bus& bus, jobs::Jobs& jobs, int offset_minutes);

  void open(Tx& tx);
  /// On the lane, in the transaction of the reading or timer that decided.
  void apply(Tx& tx, const rules::Judged& judged);

  static std::optional<Situation> find(Reader& reader, const SituationId& id);
  /// Right `situations.read` over its place. @throws Refusal missing situations.unknown
  static Situation get(Reader& reader, const Caller& caller, const SituationId& id);
  static std::vector<Situation> list(Reader& reader, const Caller& caller, const Filter& filter);
  static std::int64_t count(Reader& reader, const Caller& caller, const Filter& filter);
  /// What a wall screen shows of a subtree (situations_board.hpp). Right `situations.read`.
  Board board(Reader& reader, const Caller& caller, const BoardFilter& filter) const;
  static std::vector<FalseRate> false_rates(Reader& reader);
  static FalseRate false_rate(Reader& reader, const rules::RuleId& rule);
  /// Of one rule, from ≤ began_at < to, newest first, at most `limit`; without drills and silenced ones.
  static std::vector<Outcome> outcomes(Reader& reader, const rules::RuleId& rule, std::optional<Time> from,
                                       std::optional<Time> to, std::size_t limit);

  /// Right `situations.handle`: somebody has seen it. Again is no error.
  Situation acknowledge(Tx& tx, const Caller& caller, const SituationId& id);
  /// Right `situations.handle`, with a reason. `is_false` false takes the mark back (an appeal).
  Situation mark_false(Tx& tx, const Caller& caller, const SituationId& id, bool is_false, const std::string& reason);

  /// The device is gone: what is still open of it ends now.
  void device_removed(Tx& tx, const devices::DeviceId& device);
  /// Hears `devices.maintenance_ended`: what it silenced is looked at now instead of at the end that was planned.
  void maintenance_ended(Tx& tx, const devices::DeviceId& device);
  void place_moved(Tx& tx, const std::string& from, const std::string& to);
  std::size_t open_now() const { return open_.size(); }

 private:
  void raise(Tx& tx, const rules::Judged& judged);
  void rise(Tx& tx, const rules::Judged& judged);
  void clear(Tx& tx, const rules::Judged& judged);
  /// What began during maintenance and is still there when it ends is told as if it began then.
  void maintenance_over(Tx& tx, const SituationId& id);

  bus::Bus& bus_;
  jobs::Jobs& jobs_;
  int offset_minutes_;  ///< the zone in which sentences tell the time
  /// (device number << 32 | rule number) → open situation; on the lane only.
  std::unordered_map<std::uint64_t, SituationId> open_;
};

}  // namespace lifang::situations
