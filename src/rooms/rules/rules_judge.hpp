// Judging: an item or a due timer, a device's program and its memory in; verdicts and changed
// memory out.
#pragma once
#include <functional>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "rooms/rules/rules_memory.hpp"

namespace lifang::rules {

/// What the readings found out about a value. `suspect`: out of its profile's range, so it shows
/// that the device speaks, nothing more. `skip`: late or repeated: not even that.
enum class Mark : std::uint8_t { good, suspect, skip };

struct Value {
  std::uint16_t metric = 0;  ///< the caller's number
  Mark mark = Mark::good;
  double value = 0;  ///< finite if good
};

struct Detection {
  std::uint16_t kind = 0;  ///< numbered for the node, as Words::detection says
  double confidence = 1;   ///< finite
  Mark mark = Mark::good;
};

/// What a device said at one instant of its own clock. Judged once, all its values applied.
struct Item {
  Time ts{};
  Time arrival{};  ///< by the server's clock
  std::span<const Value> values;
  std::span<const Detection> detections;
  bool by_arrival = false;  ///< the device gave no time: its clock is the node's, and never runs back with it
};

struct Period {
  Time from;
  Time to;  ///< exclusive
};

/// What judging must know of the device besides its memory.
struct Setting {
  std::span<const double> attributes;   ///< in the order of DeviceProgram::attributes; NaN: unknown
  std::span<const Period> maintenance;  ///< raises and rises in here are marked silenced
};

/// `late`: older than the newest judged of its metric (or kind); history only. `duplicate`: the
/// same instant again (a detection: with no higher confidence). Both leave no trace in the memory.
/// Of metrics and kinds that no rule names nothing is remembered: they are fresh always.
enum class Fate : std::uint8_t { fresh, late, duplicate, suspect, skipped };

enum class VerdictKind : std::uint8_t { raise, clear, rise };

/// What a deciding test saw. `entry` tells whose leaf it was.
struct Evidence {
  enum class Kind : std::uint8_t { metric, detection, silence };
  Kind kind = Kind::metric;
  Op op = Op::gt;
  bool held = true;            ///< the test's own truth (it may stand under a `not`)
  Silence::Of silence_of{};    ///< silence: of what
  std::uint16_t of = kNone16;  ///< slot of the metric or kind
  std::uint16_t attribute = kNone16;
  Time ts = kNever;  ///< of the value; silence: newest data
  double value = 0;  ///< of the metric, or the confidence
  double limit = 0;  ///< what it was compared with
  Duration silence{0};
};

struct Verdict {
  VerdictKind kind = VerdictKind::raise;
  Severity severity = Severity::info;
  bool silenced = false;    ///< during maintenance
  bool by_timer = false;    ///< stamped with a due instant, not with an item's ts
  std::uint16_t entry = 0;  ///< in the program: entries[entry].rule
  RuleRef rule;
  Time at{};  ///< event time; a clear or rise never lies before its raise, nor a raise before the
              ///< last clear
  Time began_at{};  ///< of the situation; raise: `at`
  double peak = 0;  ///< so far; NaN: the rule measures nothing
  std::uint32_t count =
      0;  ///< items judged while open, the raising one included, the clearing one not
  std::uint32_t first_evidence = 0, evidence = 0;  ///< in Verdicts::evidence
  std::uint32_t first_interlock = 0,
                interlocks = 0;  ///< raise of a rule that has any: in Verdicts::interlocks, one for
                                 ///< each of its actions (yes where an action has none)
};

/// Filled by judging, in the order in which things happened. Keep one and clear() it: its room is
/// reused.
struct Verdicts {
  std::vector<Verdict> list;
  std::vector<Evidence> evidence;
  std::vector<Truth> interlocks;
  std::vector<Fate> fates;  ///< of the last item: its values, then its detections
  bool pin_released =
      false;  ///< a pinned version cleared: the device's program can be built without it

  std::span<const Evidence> evidence_of(const Verdict& v) const {
    return std::span(evidence).subspan(v.first_evidence, v.evidence);
  }
  std::span<const Truth> interlocks_of(const Verdict& v) const {
    return std::span(interlocks).subspan(v.first_interlock, v.interlocks);
  }
  void clear();

  // Room for judging itself.
  std::vector<std::uint64_t> touched;
  std::vector<double> confidences;
};

/// Judges an item. Timers of the device that are due at or before `item.ts` fire first, in order of
/// their due instants, stamped with them. Appends to `out.list`. Never throws for what the item
/// says.
void judge(const DeviceProgram& program, DeviceMemory& memory, const Setting& setting,
           const Item& item, Verdicts& out);

/// Fires what is due when the device's clock shows `device_time`.
void judge_until(const DeviceProgram& program, DeviceMemory& memory, const Setting& setting,
                 Time device_time, Verdicts& out);
/// The same at a time of the server: what the device's clock shows then (DeviceMemory::shown).
void judge_timers(const DeviceProgram& program, DeviceMemory& memory, const Setting& setting,
                  Time server_now, Verdicts& out);
/// The server time at which `judge_timers` is worth calling next. It may lie early (then nothing
/// fires and it moves on), and each item shifts it by the jitter of arrival: whoever keeps a heap
/// should put a device in again only if this is earlier than its place there by more than he cares
/// about.
std::optional<Time> next_due(const DeviceMemory& memory);

/// Computes the timers anew: after load, and after attributes or the program changed.
void rearm(const DeviceProgram& program, DeviceMemory& memory, const Setting& setting);

/// The memory for a new program of the same device: clock, latest values and the states of the
/// versions that both programs hold. Versions that are new begin with nothing remembered, and so do
/// metrics that no rule named before: set_latest and rearm, if the readings know them.
DeviceMemory carry_over(const DeviceProgram& from, const DeviceMemory& memory,
                        const DeviceProgram& to, const Setting& setting);

/// Whether somebody of a post is due where the device stands at an instant, or nothing is known of that post there.
using Due = std::function<bool(const std::string& post, Time at)>;
/// Whether some raise among the verdicts is of a rule with `on_duty`.
bool asks_roster(const DeviceProgram& program, const Verdicts& verdicts);
/// Takes back the raises of those rules for which nobody is due: as if nothing had been raised. What still goes on
/// raises again with the next item or timer that says so.
void take_back(const DeviceProgram& program, DeviceMemory& memory, const Setting& setting, Verdicts& verdicts, const Due& due);

/// Ends an open situation by hand (the device is removed, or its words are gone); nothing if it is
/// closed.
std::optional<Verdict> end_by_hand(const DeviceProgram& program, DeviceMemory& memory,
                                   std::uint16_t entry, Time at);

}  // namespace lifang::rules
