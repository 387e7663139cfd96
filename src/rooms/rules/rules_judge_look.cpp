// One rule at one instant: what its conditions say, and what follows.
#include <algorithm>
#include <cmath>

#include "rooms/rules/rules_judgement.hpp"

namespace lifang::rules {

Truth Judgement::test(const Entry& e, const RuleState& s, const Leaf& leaf) const {
  switch (leaf.kind) {
    case Leaf::Kind::within: {
      const Latest& l = latest_[leaf.of];
      return l.ts == kNever ? Truth::unknown : truth_of(in(l.value, leaf.lo, leaf.hi, leaf.invert));
    }
    case Leaf::Kind::attribute: {
      const Latest& l = latest_[leaf.of];
      if (l.ts == kNever || leaf.attribute >= setting_.attributes.size()) return Truth::unknown;
      const double limit = setting_.attributes[leaf.attribute];
      return std::isnan(limit) ? Truth::unknown : truth_of(holds(l.value, leaf.op, limit));
    }
    case Leaf::Kind::detection:
      if (confidences_ == nullptr || std::isnan(confidences_[leaf.of])) return Truth::unknown;
      return truth_of(confidences_[leaf.of] >= leaf.lo);
    case Leaf::Kind::silent:
      if ((s.silent >> leaf.of & 1) != 0) return Truth::yes;
      return base_of(p_.silences[e.first_silence + leaf.of]) == kNever ? Truth::unknown : Truth::no;
    case Leaf::Kind::never_known:
      break;
  }
  return Truth::unknown;
}

/// Kleene: one deciding operand is enough, short of that one unknown leaves all unknown.
Truth Judgement::evaluate(const Entry& e, const RuleState& s, Code code) const {
  if (code.count == 1) return test(e, s, p_.leaves[p_.steps[code.first].arg]);
  Truth stack[kMostSteps];
  std::size_t n = 0;
  for (std::uint32_t i = code.first; i < code.first + code.count; ++i) {
    const Step step = p_.steps[i];
    if (step.kind == Step::Kind::leaf) {
      stack[n++] = test(e, s, p_.leaves[step.arg]);
      continue;
    }
    if (step.kind == Step::Kind::negation) {
      stack[n - 1] = opposite(stack[n - 1]);
      continue;
    }
    const Truth decisive = step.kind == Step::Kind::all ? Truth::no : Truth::yes;
    Truth result = opposite(decisive);
    for (n -= step.arg; Truth part : std::span(stack + n, step.arg)) {
      if (part == decisive) {
        result = decisive;
        break;
      }
      if (part == Truth::unknown) result = part;
    }
    stack[n++] = result;
  }
  return stack[0];
}

void Judgement::look(std::uint16_t index, Cause cause) {
  const Entry& e = p_.entries[index];
  const Time instant = at_;
  at_ = std::max(
      at_,
      states_[index].changed_at);  // an item out of order does not reach behind the last change
  if (states_[index].open)
    look_open(index, cause);
  else if (!e.pinned && !blocked(e))
    look_closed(index, cause);
  arm(index);
  at_ = instant;
}

void Judgement::look_closed(std::uint16_t index, Cause cause) {
  const Entry& e = p_.entries[index];
  RuleState& s = states_[index];
  const bool shut = scheduled(e) && !week(e).inside(at_);
  const Truth truth = shut ? Truth::no : evaluate(e, s, e.raise);
  if (truth == Truth::unknown) return;
  if (truth == Truth::no) {
    if (s.pending_since == kNever) return;
    s.pending_since = kNever;
    s.ripe = false;
    m_.note_change();
    return;
  }
  if (e.times > 1 && cause != Cause::time) push_occurrence(e, s);
  if (e.held_for.count() > 0) {
    if (s.pending_since == kNever) {
      s.pending_since = at_;
      m_.note_change();
    }
    if (plus(s.pending_since, e.held_for) > at_) return;
  }
  if (e.times == 1 || often_enough(e, s)) raise(index, cause);
}

void Judgement::look_open(std::uint16_t index, Cause cause) {
  const Entry& e = p_.entries[index];
  RuleState& s = states_[index];
  const Truth truth =
      e.clear.count != 0 ? evaluate(e, s, e.clear) : opposite(evaluate(e, s, e.raise));
  if (truth == Truth::yes) {
    if (e.clear_for.count() == 0) return clear(index);
    if (s.clear_since == kNever) {
      s.clear_since = at_;
      m_.note_change();
    }
    if (plus(s.clear_since, e.clear_for) <= at_) return clear(index);
  } else if (truth == Truth::no && s.clear_since != kNever) {
    s.clear_since = kNever;
    m_.note_change();
  }
  // First: a rise tells the peak that lifted it.
  if (cause == Cause::data) tally(e, s);
  escalate(index);
}

double Judgement::measured(const Entry& e) const {
  if (e.peak_of == kNone16) return kNothing;
  if (!e.peak_is_detection)
    return latest_[e.peak_of].ts == kNever ? kNothing : latest_[e.peak_of].value;
  if (confidences_ != nullptr && !std::isnan(confidences_[e.peak_of]))
    return confidences_[e.peak_of];
  return seen_[e.peak_of].ts == kNever ? kNothing : seen_[e.peak_of].confidence;
}

void Judgement::tally(const Entry& e, RuleState& s) {
  ++s.count;
  m_.note_count();
  const double now = measured(e);
  if (std::isnan(now) || !(std::isnan(s.peak) || (e.peak_is_lowest ? now < s.peak : now > s.peak)))
    return;
  s.peak = now;
  m_.note_change();
}

/// Lifts the severity to the highest stage that holds; tells whether it rose.
bool Judgement::climb(const Entry& e, RuleState& s) const {
  const Severity before = s.severity;
  for (const StageCode& stage : std::span(p_.stage_codes).subspan(e.first_stage, e.stages))
    if (stage.severity > s.severity && evaluate(e, s, stage.when) == Truth::yes)
      s.severity = stage.severity;
  return s.severity != before;
}

void Judgement::escalate(std::uint16_t index) {
  const Entry& e = p_.entries[index];
  RuleState& s = states_[index];
  if (e.stages == 0 || !climb(e, s)) return;
  m_.note_change();
  Code why;
  for (const StageCode& stage : std::span(p_.stage_codes).subspan(e.first_stage, e.stages))
    if (stage.severity == s.severity && evaluate(e, s, stage.when) == Truth::yes) why = stage.when;
  tell(VerdictKind::rise, index, why);
}

void Judgement::raise(std::uint16_t index, Cause cause) {
  const Entry& e = p_.entries[index];
  RuleState& s = states_[index];
  set_open(index, true);
  s.changed_at = std::max(at_, s.changed_at);
  s.pending_since = s.clear_since = kNever;
  s.ripe = false;
  s.head = s.size = 0;
  s.severity = e.severity;
  s.peak = measured(e);
  s.count = cause == Cause::data ? 1 : 0;
  climb(e, s);
  // A clear condition that stands already begins its `for` now; without `for` it waits for the next
  // look: no item both raises and clears one rule.
  if (e.clear_for.count() > 0 && e.clear.count != 0 && evaluate(e, s, e.clear) == Truth::yes)
    s.clear_since = s.changed_at;
  m_.note_change();
  tell(VerdictKind::raise, index, e.raise);
}

void Judgement::clear(std::uint16_t index) {
  const Entry& e = p_.entries[index];
  RuleState& s = states_[index];
  const Time began = s.changed_at;
  s.changed_at = std::max(at_, s.changed_at);
  Verdict& v = tell(VerdictKind::clear, index, e.clear.count != 0 ? e.clear : e.raise);
  v.began_at = began;
  set_open(index, false);
  s.clear_since = kNever;
  s.severity = Severity::info;
  s.count = 0;
  s.peak = 0;
  m_.note_change();
  if (!e.pinned) return;
  out_.pin_released = true;
  // The current version may judge from here on. If the item touches it, its turn comes by itself.
  if (e.blocks != kNone16 && !touched(e.blocks)) look(e.blocks, Cause::time);
}

void Judgement::push_occurrence(const Entry& e, RuleState& s) {
  const std::span<Time> ring = m_.occurrences().subspan(e.first_occurrence, e.times);
  Time at = at_;
  if (s.size > 0)
    at = std::max(at, ring[(s.head + s.size - 1U) % e.times]);  // an item out of order
  ring[(s.head + s.size) % e.times] = at;
  if (s.size < e.times)
    ++s.size;
  else
    s.head = static_cast<std::uint16_t>((s.head + 1) % e.times);
  m_.note_change();
}

bool Judgement::often_enough(const Entry& e, const RuleState& s) const {
  if (s.size < e.times) return false;
  const Time oldest = m_.occurrences()[e.first_occurrence + s.head];
  return plus(oldest, e.within) >= at_;
}

}  // namespace lifang::rules
