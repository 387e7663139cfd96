// The inside of judging: one call's view of a device, and the steps of a decision. For
// rules_judge*.cpp only.
#pragma once
#include <cstdint>
#include <limits>
#include <span>

#include "base/check.hpp"
#include "rooms/rules/rules_judge.hpp"

namespace lifang::rules {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMostSteps = 64;

inline Truth truth_of(bool b) {
  return b ? Truth::yes : Truth::no;
}
inline Truth opposite(Truth t) {
  return t == Truth::unknown ? t : truth_of(t == Truth::no);
}

/// An interval test; see Leaf.
inline bool in(double v, double lo, double hi, bool invert) {
  return (v >= lo && v <= hi) != invert;
}

/// How a rule comes to be looked at.
enum class Cause : std::uint8_t {
  data,     ///< an item brings something that the rule names: may be an occurrence, counts as a
            ///< reading
  silence,  ///< a silence that it names begins: may be an occurrence
  time,     ///< a window opens, or the version before it let go
};

/// One call's view of program, memory and setting. All decisions about one rule at one instant live
/// here.
class Judgement {
 public:
  Judgement(const DeviceProgram& program, DeviceMemory& memory, const Setting& setting,
            Verdicts& out)
      : p_(program),
        m_(memory),
        setting_(setting),
        out_(out),
        latest_(memory.latest()),
        states_(memory.states()),
        dues_(memory.dues()),
        seen_(memory.seen()),
        open_(memory.open_bits()) {
    check(states_.size() == p_.entries.size() && latest_.size() == p_.metrics.size(),
          "a memory of another program");
  }

  void judge(const Item& item);
  void fire_until(Time limit);
  void rearm_all();

 private:
  // Conditions.
  Truth test(const Entry& e, const RuleState& s, const Leaf& leaf) const;
  Truth evaluate(const Entry& e, const RuleState& s, Code code) const;

  // One rule at the instant at_.
  void look(std::uint16_t index, Cause cause);
  void look_closed(std::uint16_t index, Cause cause);
  void look_open(std::uint16_t index, Cause cause);
  void raise(std::uint16_t index, Cause cause);
  void clear(std::uint16_t index);
  void escalate(std::uint16_t index);
  bool climb(const Entry& e, RuleState& s) const;
  void tally(const Entry& e, RuleState& s);
  double measured(const Entry& e) const;
  bool blocked(const Entry& e) const {
    return e.blocked_by != kNone16 && states_[e.blocked_by].open;
  }
  bool scheduled(const Entry& e) const { return e.minutes != 0; }
  WeekClock week(const Entry& e) const {
    return {std::span(p_.minutes).subspan(e.first_minute, e.minutes), e.offset_minutes};
  }

  bool is_open(std::uint16_t index) const { return (open_[index / 64] >> index % 64 & 1) != 0; }
  void set_open(std::uint16_t index, bool open) {
    const std::uint64_t bit = std::uint64_t{1} << index % 64;
    states_[index].open = open;
    open_[index / 64] = open ? open_[index / 64] | bit : open_[index / 64] & ~bit;
  }

  // Occurrences.
  void push_occurrence(const Entry& e, RuleState& s);
  bool often_enough(const Entry& e, const RuleState& s) const;

  // Timers.
  void fire(std::uint16_t index, Time due);
  void fire_pending(std::uint16_t index);
  Time newest_news(const Entry& e, const RuleState& s) const;
  Time due_of(std::uint16_t index, Time now) const;
  Time base_of(const Silence& silence) const;
  void arm(std::uint16_t index);

  // An item.
  Fate take_value(const Value& value, Time ts);
  Fate take_detection(const Detection& detection, Time ts);
  void try_thresholds(std::uint16_t slot, double value);
  void touch(std::uint16_t index) { out_.touched[index / 64] |= std::uint64_t{1} << index % 64; }
  bool touched(std::uint16_t index) const {
    return !out_.touched.empty() && (out_.touched[index / 64] >> index % 64 & 1) != 0;
  }
  void end_silences(Range range, bool first);

  // Words about it.
  Verdict& tell(VerdictKind kind, std::uint16_t index, Code why);
  void add_evidence(const Entry& e, const RuleState& s, Code code);
  void add_interlocks(const Entry& e, Verdict& v);
  void add_leaf(const Entry& e, const RuleState& s, const Leaf& leaf, Truth truth);

  const DeviceProgram& p_;
  DeviceMemory& m_;
  const Setting& setting_;
  Verdicts& out_;
  std::span<Latest> latest_;
  std::span<RuleState> states_;
  std::span<Time> dues_;
  std::span<Seen> seen_;
  std::span<std::uint64_t> open_;
  Time at_ = kNever;  // the instant that is judged
  bool by_timer_ = false;
  const double* confidences_ =
      nullptr;  // by slot of kind, of the item that is judged; NaN: not in it
};

}  // namespace lifang::rules
