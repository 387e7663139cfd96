#include "rooms/rules/rules_judge.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/check.hpp"
#include "rooms/rules/rules_judgement.hpp"

namespace lifang::rules {

Time Judgement::base_of(const Silence& silence) const {
  switch (silence.of) {
    case Silence::Of::device:
      return m_.newest();
    case Silence::Of::metric:
      return latest_[silence.which].ts;
    case Silence::Of::detection:
      return seen_[silence.which].ts;
  }
  return kNever;
}

/// When the raise condition came to be what it is: by its newest data, or by a silence that began.
Time Judgement::newest_news(const Entry& e, const RuleState& s) const {
  Time newest = kNever;
  for (std::uint32_t i = e.raise.first; i < e.raise.first + e.raise.count; ++i) {
    if (p_.steps[i].kind != Step::Kind::leaf) continue;
    const Leaf& leaf = p_.leaves[p_.steps[i].arg];
    if (leaf.kind == Leaf::Kind::within || leaf.kind == Leaf::Kind::attribute) {
      newest = std::max(newest, latest_[leaf.of].ts);
    } else if (leaf.kind == Leaf::Kind::detection) {
      newest = std::max(newest, seen_[leaf.of].ts);
    } else if (leaf.kind == Leaf::Kind::silent) {
      const Silence& silence = p_.silences[e.first_silence + leaf.of];
      const bool stands = (s.silent >> leaf.of & 1) != 0;
      if (const Time base = base_of(silence); base != kNever)
        newest = std::max(newest, stands ? plus(base, silence.length) : base);
    }
  }
  return newest;
}

/// The next instant at which time alone changes something for a rule; may lie in the past after a
/// start.
Time Judgement::due_of(std::uint16_t index, Time now) const {
  const Entry& e = p_.entries[index];
  const RuleState& s = states_[index];
  Time due = kForever;
  if (s.open) {
    if (s.clear_since != kNever) due = plus(s.clear_since, e.clear_for);
  } else if (e.pinned) {
    return kForever;
  } else if (s.pending_since != kNever) {
    if (!s.ripe) due = plus(s.pending_since, e.held_for);
    if (scheduled(e)) due = std::min(due, week(e).close_of(s.pending_since));
  } else if (scheduled(e) && e.times == 1 && !blocked(e)) {
    // A condition that stands begins when a window opens. (With `times` an opening is no
    // occurrence, so nothing can come of it.)
    const Time from = std::max({now, s.changed_at, newest_news(e, s)});
    if (from != kNever && evaluate(e, s, e.raise) == Truth::yes) due = week(e).next_opening(from);
  }
  for (std::uint32_t bit = 0; bit < e.silences; ++bit) {
    if ((s.silent >> bit & 1) != 0) continue;
    const Silence& silence = p_.silences[e.first_silence + bit];
    if (const Time base = base_of(silence); base != kNever)
      due = std::min(due, plus(base, silence.length));
  }
  return due;
}

void Judgement::arm(std::uint16_t index) {
  const Entry& e = p_.entries[index];
  if (e.held_for.count() == 0 && e.clear_for.count() == 0 && e.silences == 0 && e.minutes == 0)
    return;
  dues_[index] = due_of(index, at_);
  if (dues_[index] < m_.next_due()) m_.set_next_due(dues_[index]);
}

void Judgement::fire_pending(std::uint16_t index) {
  const Entry& e = p_.entries[index];
  RuleState& s = states_[index];
  if (scheduled(e) && week(e).close_of(s.pending_since) <= at_) {
    s.pending_since = kNever;
    s.ripe = false;
    m_.note_change();
  } else if (!s.ripe && plus(s.pending_since, e.held_for) <= at_) {
    if (e.times == 1 || often_enough(e, s)) return raise(index, Cause::time);
    s.ripe = true;
    m_.note_change();
  }
}

/// What is due for a rule at this instant: first the end of a `for`, which looks back on what held
/// until now, then what changes now. An instant that turns out early changes nothing.
void Judgement::fire(std::uint16_t index, Time due) {
  const Entry& e = p_.entries[index];
  RuleState& s = states_[index];
  at_ = due;
  if (s.open) {
    if (s.clear_since != kNever && plus(s.clear_since, e.clear_for) <= at_) clear(index);
  } else if (s.pending_since != kNever) {
    fire_pending(index);
  }
  bool begins = false;
  for (std::uint32_t bit = 0; bit < e.silences; ++bit) {
    const Silence& silence = p_.silences[e.first_silence + bit];
    const Time base = base_of(silence);
    if ((s.silent >> bit & 1) != 0 || base == kNever || plus(base, silence.length) > at_) continue;
    s.silent |= std::uint64_t{1} << bit;
    begins = true;
  }
  if (begins) {
    m_.note_change();
    look(index, Cause::silence);
  } else if (scheduled(e) && e.times == 1 && !s.open && s.pending_since == kNever &&
             week(e).opens_at(at_) && at_ > std::max(s.changed_at, newest_news(e, s))) {
    look(index, Cause::time);
  }
  arm(index);
}

void Judgement::fire_until(Time limit) {
  if (m_.next_due() > limit) return;
  by_timer_ = true;
  out_.touched.clear();
  for (;;) {
    const auto first = std::min_element(dues_.begin(), dues_.end());
    if (first == dues_.end() || *first > limit || *first == kForever) {
      m_.set_next_due(first == dues_.end() ? kForever : *first);
      break;
    }
    fire(static_cast<std::uint16_t>(first - dues_.begin()), *first);
  }
  by_timer_ = false;
}

void Judgement::rearm_all() {
  m_.set_next_due(kForever);
  for (std::uint16_t i = 0; i < dues_.size(); ++i) {
    set_open(i, states_[i].open);
    dues_[i] = due_of(i, kNever);
    m_.set_next_due(std::min(m_.next_due(), dues_[i]));
  }
}

void Judgement::end_silences(Range range, bool first) {
  for (std::uint32_t i = range.first; i < range.first + range.count; ++i) {
    const auto index = static_cast<std::uint16_t>(p_.ends[i] >> 16);
    const std::uint32_t bit = p_.ends[i] & 0xffff;
    RuleState& s = states_[index];
    if ((s.silent >> bit & 1) != 0) {
      s.silent &= ~(std::uint64_t{1} << bit);
      m_.note_change();
      touch(index);
    } else if (first) {
      arm(index);
    }
  }
}

void Judgement::try_thresholds(std::uint16_t slot, double value) {
  const Range range = p_.metric_thresholds[slot];
  for (const Threshold& t : std::span(p_.thresholds).subspan(range.first, range.count)) {
    if (!is_open(t.entry)) {
      if (in(value, t.raise_lo, t.raise_hi, t.raise_invert)) raise(t.entry, Cause::data);
    } else if (in(value, t.clear_lo, t.clear_hi, t.clear_invert)) {
      clear(t.entry);
    } else {
      tally(p_.entries[t.entry], states_[t.entry]);
    }
  }
}

Fate Judgement::take_value(const Value& value, Time ts) {
  if (value.mark == Mark::skip) return Fate::skipped;
  if (value.mark == Mark::suspect || !std::isfinite(value.value)) return Fate::suspect;
  const std::uint16_t slot = p_.slot_of_metric(value.metric);
  if (slot == kNone16) return Fate::fresh;
  Latest& latest = latest_[slot];
  if (ts < latest.ts) return Fate::late;
  if (ts == latest.ts) return Fate::duplicate;
  const bool first = latest.ts == kNever;
  latest = {ts, value.value};
  const Range touches = p_.metric_touches[slot];
  for (std::uint32_t i = touches.first; i < touches.first + touches.count; ++i)
    touch(p_.touches[i]);
  end_silences(p_.metric_ends[slot], first);
  try_thresholds(slot, value.value);
  return Fate::fresh;
}

Fate Judgement::take_detection(const Detection& d, Time ts) {
  if (d.mark == Mark::skip) return Fate::skipped;
  if (d.mark == Mark::suspect || !std::isfinite(d.confidence)) return Fate::suspect;
  const std::uint16_t slot = p_.slot_of_kind(d.kind);
  if (slot == kNone16) return Fate::fresh;
  Seen& seen = seen_[slot];
  if (ts < seen.ts) return Fate::late;
  if (ts == seen.ts && d.confidence <= seen.confidence) return Fate::duplicate;
  const bool first = seen.ts == kNever;
  seen = {ts, d.confidence};
  m_.note_change();
  out_.confidences[slot] = d.confidence;
  const Range touches = p_.kind_touches[slot];
  for (std::uint32_t i = touches.first; i < touches.first + touches.count; ++i)
    touch(p_.touches[i]);
  end_silences(p_.kind_ends[slot], first);
  return Fate::fresh;
}

void Judgement::judge(const Item& item) {
  const Time ts =
      std::max(item.ts, plus(kNever, Duration{1}));  // kNever itself means "was never seen"
  fire_until(ts);
  at_ = ts;
  out_.fates.clear();
  out_.touched.assign((states_.size() + 63) / 64, 0);
  if (!item.detections.empty() && !p_.kinds.empty()) {
    out_.confidences.assign(p_.kinds.size(), kNothing);
    confidences_ = out_.confidences.data();
  }
  bool speaks = false;
  const auto note = [&](Fate fate) {
    out_.fates.push_back(fate);
    speaks = speaks || fate == Fate::fresh || fate == Fate::suspect;
  };
  for (const Value& value : item.values) note(take_value(value, ts));
  for (const Detection& detection : item.detections) note(take_detection(detection, ts));
  if (speaks && ts > m_.newest()) {
    const bool first = m_.newest() == kNever;
    m_.set_clock(ts, item.arrival, item.by_arrival);
    end_silences(p_.device_ends, first);
  }
  for (std::size_t word = 0; word < out_.touched.size(); ++word)
    while (out_.touched[word] != 0) {
      const auto bit = static_cast<std::size_t>(std::countr_zero(out_.touched[word]));
      out_.touched[word] &= out_.touched[word] - 1;
      look(static_cast<std::uint16_t>(word * 64 + bit), Cause::data);
    }
}

void Verdicts::clear() {
  list.clear();
  evidence.clear();
  interlocks.clear();
  fates.clear();
  pin_released = false;
}

void judge(const DeviceProgram& program, DeviceMemory& memory, const Setting& setting,
           const Item& item, Verdicts& out) {
  Judgement(program, memory, setting, out).judge(item);
}

void judge_until(const DeviceProgram& program, DeviceMemory& memory, const Setting& setting,
                 Time device_time, Verdicts& out) {
  Judgement(program, memory, setting, out).fire_until(device_time);
}

void judge_timers(const DeviceProgram& program, DeviceMemory& memory, const Setting& setting,
                  Time server_now, Verdicts& out) {
  if (memory.newest() == kNever) return;
  judge_until(program, memory, setting, memory.shown(server_now), out);
}

std::optional<Time> next_due(const DeviceMemory& memory) {
  if (memory.next_due() == kForever || memory.newest() == kNever) return std::nullopt;
  return memory.server_time(memory.next_due());
}

void rearm(const DeviceProgram& program, DeviceMemory& memory, const Setting& setting) {
  Verdicts none;
  Judgement(program, memory, setting, none).rearm_all();
}

DeviceMemory carry_over(const DeviceProgram& from, const DeviceMemory& memory,
                        const DeviceProgram& to, const Setting& setting) {
  DeviceMemory next(to);
  next.set_clock(memory.newest(), memory.arrival(), memory.by_arrival());
  for (std::size_t m = 0; m < from.metrics.size(); ++m)
    next.set_latest(to, from.metrics[m], memory.latest()[m].ts, memory.latest()[m].value);
  for (std::size_t k = 0; k < from.kinds.size(); ++k)
    if (const std::uint16_t slot = to.slot_of_kind(from.kinds[k]); slot != kNone16)
      next.seen()[slot] = memory.seen()[k];
  for (std::size_t i = 0; i < from.entries.size(); ++i) {
    const Entry& entry = from.entries[i];
    const RuleState& state = memory.states()[i];
    const std::uint16_t index = to.find({entry.rule->number, entry.rule->version});
    check(index != kNone16 || !state.open, "an open situation whose version was not pinned");
    if (index == kNone16) continue;
    next.states()[index] = state;
    if (entry.times > 1)
      std::copy_n(memory.occurrences().begin() + entry.first_occurrence, entry.times,
                  next.occurrences().begin() + to.entries[index].first_occurrence);
  }
  if (memory.must_write()) next.note_change();
  if (memory.may_write()) next.note_count();
  rearm(to, next, setting);
  return next;
}

std::optional<Verdict> end_by_hand(const DeviceProgram& program, DeviceMemory& memory,
                                   std::uint16_t entry, Time at) {
  check(entry < program.entries.size() && entry < memory.states().size(), "no such entry");
  RuleState& s = memory.states()[entry];
  if (!s.open) return std::nullopt;
  Verdict v;
  v.kind = VerdictKind::clear;
  v.severity = s.severity;
  v.entry = entry;
  v.rule = {program.entries[entry].rule->number, program.entries[entry].rule->version};
  v.at = std::max(at, s.changed_at);
  v.began_at = s.changed_at;
  v.peak = s.peak;
  v.count = s.count;
  RuleState ended;
  ended.changed_at = v.at;
  ended.silent = s.silent;
  s = ended;
  memory.open_bits()[entry / 64] &= ~(std::uint64_t{1} << entry % 64);
  memory.note_change();
  return v;
}

bool asks_roster(const DeviceProgram& program, const Verdicts& verdicts) {
  return std::any_of(verdicts.list.begin(), verdicts.list.end(), [&](const Verdict& v) {
    return v.kind == VerdictKind::raise && !program.entries[v.entry].rule->rule.on_duty.empty();
  });
}

void take_back(const DeviceProgram& program, DeviceMemory& memory, const Setting& setting, Verdicts& verdicts, const Due& due) {
  std::vector<std::pair<std::uint16_t, Time>> taken;
  for (const Verdict& v : verdicts.list) {
    const std::string& post = program.entries[v.entry].rule->rule.on_duty;
    if (v.kind == VerdictKind::raise && !post.empty() && !due(post, v.at)) taken.emplace_back(v.entry, v.at);
  }
  if (taken.empty()) return;
  for (const auto& [entry, at] : taken) {
    // What followed in the same breath (a rise, a clear) goes with the raise.
    std::erase_if(verdicts.list, [entry = entry](const Verdict& v) { return v.entry == entry; });
    end_by_hand(program, memory, entry, at);
  }
  rearm(program, memory, setting);
}

}  // namespace lifang::rules
