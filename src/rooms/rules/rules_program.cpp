#include "rooms/rules/rules_program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.hpp"

namespace lifang::rules {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::size_t kMostEntries = 60'000;

struct Interval {
  double lo = -kInfinity, hi = kInfinity;
  bool invert = false;
};

/// Values are finite, so a strict bound is the next double beyond it.
Interval interval_of(Op op, double limit) {
  switch (op) {
    case Op::gt:
      return {std::nextafter(limit, kInfinity), kInfinity, false};
    case Op::ge:
      return {limit, kInfinity, false};
    case Op::lt:
      return {-kInfinity, std::nextafter(limit, -kInfinity), false};
    case Op::le:
      return {-kInfinity, limit, false};
    case Op::eq:
      return {limit, limit, false};
    case Op::ne:
      return {limit, limit, true};
  }
  return {};
}

bool is_constant_test(const Condition& c) {
  return c.kind == Condition::Kind::compare && c.attribute.empty();
}

/// The common case: one constant threshold up and at most one down, on one metric, at once and
/// always.
bool is_threshold(const Rule& rule) {
  if (!is_constant_test(rule.raise.when) || rule.raise.held_for.count() != 0 ||
      rule.raise.times > 1)
    return false;
  if (rule.schedule || !rule.escalate.empty()) return false;
  return !rule.clear || (is_constant_test(rule.clear->when) && rule.clear->held_for.count() == 0 &&
                         rule.clear->when.metric == rule.raise.when.metric);
}

/// First metric (or, if there is none, first detection) of a condition, and which way its extreme
/// lies.
struct PeakOf {
  const Condition* leaf = nullptr;
  bool turned = false;  // under an odd number of `not`
};

PeakOf find_peak(const Condition& c, Condition::Kind kind, bool turned) {
  if (c.kind == kind) return {&c, turned};
  for (const Condition& part : c.parts)
    if (const PeakOf found = find_peak(part, kind, turned != (c.kind == Condition::Kind::negation));
        found.leaf)
      return found;
  return {};
}

class Compiler {
 public:
  explicit Compiler(const Words& words)
      : words_(words), program_(std::make_shared<DeviceProgram>()), p_(*program_) {}

  void add(const RulePtr& rule, bool pinned) {
    const auto index = static_cast<std::uint16_t>(p_.entries.size());
    check(p_.find({rule->number, rule->version}) == kNone16, "a rule version twice in one program");
    Entry e;
    e.rule = rule;
    e.pinned = pinned;
    if (!pinned) block(e, index);
    const Rule& r = rule->rule;
    e.severity = r.severity;
    e.held_for = r.raise.held_for;
    e.within = r.raise.within;
    e.times = static_cast<std::uint16_t>(r.raise.times);
    e.first_silence = size(p_.silences);
    first_silence_ = e.first_silence;
    e.raise = code(r.raise.when);
    if (r.clear) {
      e.clear = code(r.clear->when);
      e.clear_for = r.clear->held_for;
    }
    std::vector<StageCode> stages;
    for (const Stage& stage : r.escalate) stages.push_back({code(stage.when), stage.severity});
    e.first_stage = size(p_.stage_codes);
    e.stages = size(stages);
    p_.stage_codes.insert(p_.stage_codes.end(), stages.begin(), stages.end());
    e.silences = size(p_.silences) - e.first_silence;
    if (r.schedule) add_schedule(e, *r.schedule);
    if (e.times > 1) {
      e.first_occurrence = p_.occurrence_slots;
      p_.occurrence_slots += e.times;
    }
    set_peak(e, r.raise.when);
    if (!pinned) remember_interlocks(e);
    // An interlock wants all values of the item, not those that stand before the threshold's.
    e.simple = !pinned && !e.interlocked && e.blocked_by == kNone16 && is_threshold(r) &&
               e.peak_of != kNone16;
    p_.entries.push_back(std::move(e));
  }

  ProgramPtr finish() {
    index_thresholds();
    index_touches();
    index_ends();
    return program_;
  }

 private:
  template <class T>
  static std::uint32_t size(const std::vector<T>& list) {
    return static_cast<std::uint32_t>(list.size());
  }

  void block(Entry& e, std::uint16_t index) {
    for (std::size_t i = 0; i < p_.entries.size(); ++i) {
      if (p_.entries[i].rule->number != e.rule->number) continue;
      check(p_.entries[i].pinned, "two current versions of one rule");
      p_.entries[i].blocks = index;
      e.blocked_by = static_cast<std::uint16_t>(i);
    }
  }

  std::uint16_t metric_slot(const std::string& name) {
    const auto known = std::find(p_.metric_names.begin(), p_.metric_names.end(), name);
    if (known != p_.metric_names.end())
      return static_cast<std::uint16_t>(known - p_.metric_names.begin());
    const auto number = words_.metric(name);
    if (!number) return kNone16;
    const auto slot = static_cast<std::uint16_t>(p_.metrics.size());
    p_.metrics.push_back(*number);
    p_.metric_names.push_back(name);
    if (p_.metric_slots.size() <= *number)
      p_.metric_slots.resize(*number + std::size_t{1}, kNone16);
    p_.metric_slots[*number] = slot;
    return slot;
  }

  std::uint16_t kind_slot(const std::string& name) {
    const auto known = std::find(p_.kind_names.begin(), p_.kind_names.end(), name);
    if (known != p_.kind_names.end())
      return static_cast<std::uint16_t>(known - p_.kind_names.begin());
    p_.kinds.push_back(words_.detection(name));
    p_.kind_names.push_back(name);
    return static_cast<std::uint16_t>(p_.kinds.size() - 1);
  }

  std::uint16_t attribute_slot(const std::string& name) {
    const auto known = std::find(p_.attributes.begin(), p_.attributes.end(), name);
    const auto slot = static_cast<std::uint16_t>(known - p_.attributes.begin());
    if (known == p_.attributes.end()) p_.attributes.push_back(name);
    return slot;
  }

  Leaf leaf_of(const Condition& c) {
    Leaf leaf;
    leaf.op = c.op;
    if (c.kind == Condition::Kind::compare) {
      leaf.of = metric_slot(c.metric);
      if (leaf.of == kNone16) return leaf;
      leaf.limit = c.value;
      if (c.attribute.empty()) {
        leaf.kind = Leaf::Kind::within;
        const Interval i = interval_of(c.op, c.value);
        leaf.lo = i.lo, leaf.hi = i.hi, leaf.invert = i.invert;
      } else {
        leaf.kind = Leaf::Kind::attribute;
        leaf.attribute = attribute_slot(c.attribute);
      }
    } else if (c.kind == Condition::Kind::detection) {
      leaf.kind = Leaf::Kind::detection;
      leaf.of = kind_slot(c.detection);
      leaf.op = Op::ge;
      leaf.lo = leaf.limit = c.confidence;
    } else {
      Silence silence{Silence::Of::device, 0, c.silence};
      if (!c.metric.empty())
        silence.of = Silence::Of::metric, silence.which = metric_slot(c.metric);
      if (!c.detection.empty())
        silence.of = Silence::Of::detection, silence.which = kind_slot(c.detection);
      if (silence.which == kNone16) return leaf;
      leaf.kind = Leaf::Kind::silent;
      leaf.of = static_cast<std::uint16_t>(p_.silences.size() - first_silence_);
      check(leaf.of < 64, "more silences in a rule than its memory has bits");
      p_.silences.push_back(silence);
    }
    return leaf;
  }

  void emit(const Condition& c) {
    for (const Condition& part : c.parts) emit(part);
    switch (c.kind) {
      case Condition::Kind::negation:
        p_.steps.push_back({Step::Kind::negation, 1});
        return;
      case Condition::Kind::all:
        p_.steps.push_back({Step::Kind::all, static_cast<std::uint16_t>(c.parts.size())});
        return;
      case Condition::Kind::any:
        p_.steps.push_back({Step::Kind::any, static_cast<std::uint16_t>(c.parts.size())});
        return;
      default:
        check(p_.leaves.size() < kNone16, "too many tests in one program");
        p_.steps.push_back({Step::Kind::leaf, static_cast<std::uint16_t>(p_.leaves.size())});
        p_.leaves.push_back(leaf_of(c));
    }
  }

  Code code(const Condition& c) {
    const std::uint32_t first = size(p_.steps);
    emit(c);
    check(size(p_.steps) - first <= 64, "a condition of more than 64 parts");
    return {first, size(p_.steps) - first};
  }

  /// What interlocks compare is remembered like what rules compare; it touches no rule.
  void remember_interlocks(Entry& e) {
    for (const Action& action : e.rule->rule.actions)
      if (const auto* command = std::get_if<Command>(&action); command && command->interlock) {
        e.interlocked = true;
        remember(*command->interlock);
      }
  }

  void remember(const Condition& c) {
    for (const Condition& part : c.parts) remember(part);
    if (!c.metric.empty()) metric_slot(c.metric);
    if (c.kind == Condition::Kind::compare && !c.attribute.empty()) attribute_slot(c.attribute);
  }

  void add_schedule(Entry& e, const Schedule& schedule) {
    const auto minutes = minutes_of_week(schedule);
    e.first_minute = size(p_.minutes);
    e.minutes = size(minutes);
    e.offset_minutes = schedule.offset_minutes.value_or(words_.offset_minutes);
    p_.minutes.insert(p_.minutes.end(), minutes.begin(), minutes.end());
  }

  void set_peak(Entry& e, const Condition& when) {
    if (const PeakOf metric = find_peak(when, Condition::Kind::compare, false); metric.leaf) {
      const Op op = metric.leaf->op;
      e.peak_of = metric_slot(metric.leaf->metric);
      e.peak_is_lowest =
          op != Op::eq && op != Op::ne && (op == Op::lt || op == Op::le) != metric.turned;
    } else if (const PeakOf seen = find_peak(when, Condition::Kind::detection, false); seen.leaf) {
      e.peak_of = kind_slot(seen.leaf->detection);
      e.peak_is_detection = true;
    }
  }

  void index_thresholds() {
    p_.metric_thresholds.resize(p_.metrics.size());
    for (std::uint16_t slot = 0; slot < p_.metrics.size(); ++slot) {
      Range& range = p_.metric_thresholds[slot];
      range.first = size(p_.thresholds);
      for (std::size_t i = 0; i < p_.entries.size(); ++i)
        if (p_.entries[i].simple && p_.entries[i].peak_of == slot)
          add_threshold(static_cast<std::uint16_t>(i));
      range.count = size(p_.thresholds) - range.first;
    }
  }

  void add_threshold(std::uint16_t entry) {
    const Rule& rule = p_.entries[entry].rule->rule;
    const Interval up = interval_of(rule.raise.when.op, rule.raise.when.value);
    Interval down = up;
    down.invert = !up.invert;
    if (rule.clear) down = interval_of(rule.clear->when.op, rule.clear->when.value);
    p_.thresholds.push_back({up.lo, up.hi, down.lo, down.hi, entry, up.invert, down.invert});
  }

  bool names(const Entry& e, Leaf::Kind kind, Leaf::Kind other, std::uint16_t slot) const {
    const auto in = [&](Code code) {
      for (std::uint32_t i = code.first; i < code.first + code.count; ++i) {
        if (p_.steps[i].kind != Step::Kind::leaf) continue;
        const Leaf& leaf = p_.leaves[p_.steps[i].arg];
        if ((leaf.kind == kind || leaf.kind == other) && leaf.of == slot) return true;
      }
      return false;
    };
    if (in(e.raise) || in(e.clear)) return true;
    for (std::uint32_t i = 0; i < e.stages; ++i)
      if (in(p_.stage_codes[e.first_stage + i].when)) return true;
    return false;
  }

  void index_touches() {
    const auto fill = [&](std::vector<Range>& ranges, std::size_t slots, Leaf::Kind kind,
                          Leaf::Kind other) {
      ranges.resize(slots);
      for (std::uint16_t slot = 0; slot < slots; ++slot) {
        ranges[slot].first = size(p_.touches);
        for (std::size_t i = 0; i < p_.entries.size(); ++i)
          if (!p_.entries[i].simple && names(p_.entries[i], kind, other, slot))
            p_.touches.push_back(static_cast<std::uint16_t>(i));
        ranges[slot].count = size(p_.touches) - ranges[slot].first;
      }
    };
    fill(p_.metric_touches, p_.metrics.size(), Leaf::Kind::within, Leaf::Kind::attribute);
    fill(p_.kind_touches, p_.kinds.size(), Leaf::Kind::detection, Leaf::Kind::detection);
  }

  void index_ends() {
    const auto fill = [&](Silence::Of of, std::uint16_t which) {
      Range range{size(p_.ends), 0};
      for (std::uint32_t i = 0; i < p_.entries.size(); ++i)
        for (std::uint32_t bit = 0; bit < p_.entries[i].silences; ++bit) {
          const Silence& s = p_.silences[p_.entries[i].first_silence + bit];
          if (s.of == of && s.which == which) p_.ends.push_back(i << 16 | bit);
        }
      range.count = size(p_.ends) - range.first;
      return range;
    };
    p_.device_ends = fill(Silence::Of::device, 0);
    for (std::uint16_t m = 0; m < p_.metrics.size(); ++m)
      p_.metric_ends.push_back(fill(Silence::Of::metric, m));
    for (std::uint16_t k = 0; k < p_.kinds.size(); ++k)
      p_.kind_ends.push_back(fill(Silence::Of::detection, k));
  }

  const Words& words_;
  std::shared_ptr<DeviceProgram> program_;
  DeviceProgram& p_;
  std::uint32_t first_silence_ = 0;
};

bool contains(std::span<const std::string> list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace

std::uint16_t DeviceProgram::slot_of_kind(std::uint16_t number) const {
  const auto found = std::find(kinds.begin(), kinds.end(), number);
  return found == kinds.end() ? kNone16 : static_cast<std::uint16_t>(found - kinds.begin());
}

std::uint16_t DeviceProgram::find(RuleRef ref) const {
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (entries[i].rule->number == ref.number && entries[i].rule->version == ref.version)
      return static_cast<std::uint16_t>(i);
  return kNone16;
}

ProgramPtr compile(const Words& words, std::span<const RulePtr> current,
                   std::span<const RulePtr> pinned) {
  check(current.size() + pinned.size() <= kMostEntries,
        "more rules on one device than a program holds");
  Compiler compiler(words);
  for (const RulePtr& rule : pinned) compiler.add(rule, true);
  for (const RulePtr& rule : current) compiler.add(rule, false);
  return compiler.finish();
}

bool applies(const AppliesTo& to, const Subject& subject) {
  if (!to.profile.empty() && to.profile != subject.profile) return false;
  if (!to.place.empty() && !contains(subject.places, to.place)) return false;
  if (!to.devices.empty() && !contains(to.devices, subject.id)) return false;
  return std::all_of(to.tags.begin(), to.tags.end(),
                     [&](const std::string& tag) { return contains(subject.tags, tag); });
}

RuleSet::RuleSet(std::vector<RulePtr> active) {
  for (RulePtr& rule : active) put(std::move(rule));
}

template <class Fn>
void RuleSet::each_list(const AppliesTo& to, Fn&& fn) {
  if (!to.profile.empty()) return fn(by_profile_[to.profile]);
  if (to.devices.empty()) return fn(everywhere_);
  for (const std::string& id : to.devices) fn(by_device_[id]);
}

void RuleSet::put(RulePtr rule) {
  remove(rule->number);
  each_list(rule->rule.applies_to, [&](List& list) {
    // An id may be named twice.
    if (list.empty() || list.back() != rule) list.push_back(rule);
  });
  const std::uint32_t number = rule->number;
  active_.emplace(number, std::move(rule));
}

RulePtr RuleSet::find(std::uint32_t number) const {
  const auto at = active_.find(number);
  return at == active_.end() ? nullptr : at->second;
}

void RuleSet::remove(std::uint32_t number) {
  const auto at = active_.find(number);
  if (at == active_.end()) return;
  each_list(at->second->rule.applies_to, [&](List& list) { std::erase(list, at->second); });
  active_.erase(at);
}

std::vector<RulePtr> RuleSet::applying(const Subject& subject) const {
  std::vector<RulePtr> found;
  const auto take = [&](const List& list) {
    for (const RulePtr& rule : list)
      if (applies(rule->rule.applies_to, subject)) found.push_back(rule);
  };
  if (const auto at = by_profile_.find(std::string(subject.profile)); at != by_profile_.end()) take(at->second);
  if (const auto at = by_device_.find(std::string(subject.id)); at != by_device_.end()) take(at->second);
  take(everywhere_);
  std::sort(found.begin(), found.end(), [](const RulePtr& a, const RulePtr& b) { return a->number < b->number; });
  return found;
}

ProgramPtr Programs::fitting(const Words& words, std::span<const RulePtr> current,
                             std::span<const RulePtr> pinned) {
  std::string key = fmt::format("{} {} {}", words.profile, words.revision, words.offset_minutes);
  for (const RulePtr& rule : pinned) key += fmt::format(" p{}.{}", rule->number, rule->version);
  for (const RulePtr& rule : current) key += fmt::format(" {}.{}", rule->number, rule->version);
  auto& kept = shelf_[std::move(key)];
  if (ProgramPtr program = kept.lock()) return program;
  ProgramPtr program = compile(words, current, pinned);
  kept = program;
  return program;
}

void Programs::sweep() {
  std::erase_if(shelf_, [](const auto& item) { return item.second.expired(); });
}

}  // namespace lifang::rules
