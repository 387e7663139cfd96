// The judge's reference: slow and obviously right. It walks every minute, looks at every rule and
// keeps everything by name.
#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "rooms/rules/rules_program.hpp"

namespace lifang::rules {

using Minutes = std::int64_t;
constexpr Minutes kNot = -1;

inline Minutes minutes(Duration d) {
  return d.count() / 60'000;
}

inline bool covered(const Schedule& schedule, Minutes t) {
  for (const Window& w : schedule.windows)
    for (const Minutes back : {0, 1}) {  // a window that began today, or yesterday
      const Minutes day = t / 1440 - back;
      const Minutes begin = day * 1440 + w.from,
                    end = day * 1440 + (w.to > w.from ? w.to : w.to + 1440);
      if (day >= 0 && (w.days >> day % 7 & 1) && t >= begin && t < end) return true;
    }
  return false;
}

struct RefRule {
  const RuleVersion* version = nullptr;
  Minutes pending = kNot, clearing = kNot, changed = kNot;
  bool ended = false;  // the end of the pending `for` was looked at
  bool open = false;
  Severity severity = Severity::info;
  std::vector<Minutes> occurrences;
  std::map<const Condition*, bool> silent;
  double peak = 0;
  std::uint32_t count = 0;
};

class Reference {
 public:
  explicit Reference(const std::vector<RulePtr>& rules) {
    for (const RulePtr& rule : rules) {
      RefRule r;
      r.version = rule.get();
      collect(rule->rule.raise.when, r);
      if (rule->rule.clear) collect(rule->rule.clear->when, r);
      for (const Stage& stage : rule->rule.escalate) collect(stage.when, r);
      rules_.push_back(r);
    }
  }

  /// Every minute from the beginning, every rule: whoever is due at that minute fires. Twice a
  /// minute, because the end of a `for` comes before what changes then.
  std::string advance(Minutes limit) {
    said_.clear();
    for (Minutes t = 0; t <= limit; ++t)
      for (RefRule& r : rules_) tick(r, t);
    return said_;
  }

  std::string item(Minutes ts, const std::vector<std::pair<std::string, double>>& values,
                   bool suspect, const std::string& kind, double confidence) {
    std::string said = advance(ts);
    said_.clear();
    std::vector<std::string> news;
    bool speaks = false;
    for (const auto& [name, value] : values) {
      if (suspect) {
        speaks = true;
      } else if (const auto known = latest_.find(name);
                 known == latest_.end() || known->second.first < ts) {
        latest_[name] = {ts, value};
        news.push_back("metric " + name);
        speaks = true;
      }
    }
    now_.clear();
    if (!kind.empty())
      if (const auto known = seen_.find(kind);
          known == seen_.end() || known->second.first < ts ||
          (known->second.first == ts && known->second.second < confidence)) {
        seen_[kind] = {ts, confidence};
        now_[kind] = confidence;
        news.push_back("kind " + kind);
        speaks = true;
      }
    if (speaks && ts > newest_) {
      newest_ = ts;
      news.push_back("device");
    }
    for (RefRule& r : rules_)
      if (concerns(r, news)) look(r, ts, true, true);
    now_.clear();
    return said + said_;
  }

 private:
  static std::string source(const Condition& c) {
    if (!c.metric.empty()) return "metric " + c.metric;
    return c.detection.empty() ? "device" : "kind " + c.detection;
  }
  static void collect(const Condition& c, RefRule& r) {
    if (c.kind == Condition::Kind::silent) r.silent[&c] = false;
    for (const Condition& part : c.parts) collect(part, r);
  }
  static bool names(const Condition& c, const std::string& news) {
    if ((c.kind == Condition::Kind::compare || c.kind == Condition::Kind::detection) &&
        source(c) == news)
      return true;
    return std::any_of(c.parts.begin(), c.parts.end(),
                       [&](const Condition& part) { return names(part, news); });
  }

  /// News concern a rule that compares them, or in which they end a silence.
  bool concerns(RefRule& r, const std::vector<std::string>& news) {
    bool yes = false;
    const Rule& rule = r.version->rule;
    for (const std::string& n : news) {
      yes = yes || names(rule.raise.when, n) || (rule.clear && names(rule.clear->when, n));
      for (const Stage& stage : rule.escalate) yes = yes || names(stage.when, n);
      for (auto& [leaf, silent] : r.silent)
        if (source(*leaf) == n && silent) {
          silent = false;
          yes = true;
        }
    }
    return yes;
  }

  Minutes base(const Condition& leaf) const {
    if (!leaf.metric.empty())
      return latest_.contains(leaf.metric) ? latest_.at(leaf.metric).first : kNot;
    if (!leaf.detection.empty())
      return seen_.contains(leaf.detection) ? seen_.at(leaf.detection).first : kNot;
    return newest_;
  }

  /// +1 yes, −1 no, 0 unknown: `not` turns the sign, `all` is the least, `any` the greatest.
  int truth(const RefRule& r, const Condition& c) const {
    int result = c.kind == Condition::Kind::all ? 1 : -1;
    switch (c.kind) {
      case Condition::Kind::all:
        for (const Condition& part : c.parts) result = std::min(result, truth(r, part));
        return result;
      case Condition::Kind::any:
        for (const Condition& part : c.parts) result = std::max(result, truth(r, part));
        return result;
      case Condition::Kind::negation:
        return -truth(r, c.parts[0]);
      case Condition::Kind::compare: {
        if (!latest_.contains(c.metric)) return 0;
        const double v = latest_.at(c.metric).second;
        const bool hit[] = {v > c.value,  v >= c.value, v < c.value,
                            v <= c.value, v == c.value, v != c.value};
        return hit[static_cast<int>(c.op)] ? 1 : -1;
      }
      case Condition::Kind::detection:
        if (!now_.contains(c.detection)) return 0;
        return now_.at(c.detection) >= c.confidence ? 1 : -1;
      case Condition::Kind::silent:
        if (r.silent.at(&c)) return 1;
        return base(c) == kNot ? 0 : -1;
    }
    return 0;
  }

  bool inside(const RefRule& r, Minutes t) const {
    return !r.version->rule.schedule || covered(*r.version->rule.schedule, t);
  }
  /// Whether the window was never shut in [from, to].
  bool unbroken(const RefRule& r, Minutes from, Minutes to) const {
    for (Minutes t = from; t <= to; ++t)
      if (!inside(r, t)) return false;
    return true;
  }
  bool often_enough(const RefRule& r, Minutes t) const {
    const Raise& raise = r.version->rule.raise;
    if (raise.times == 1) return true;
    const auto n = static_cast<std::size_t>(raise.times);
    return r.occurrences.size() >= n &&
           t - r.occurrences[r.occurrences.size() - n] <= minutes(raise.within);
  }

  void tick(RefRule& r, Minutes t) {
    const Rule& rule = r.version->rule;
    if (r.open) {
      if (r.clearing != kNot && r.clearing + minutes(rule.clear->held_for) <= t) clear(r, t);
    } else if (r.pending != kNot) {
      if (!unbroken(r, r.pending, t)) {
        if (t > r.pending) r.pending = kNot;
      } else if (r.pending + minutes(rule.raise.held_for) == t && !r.ended) {
        r.ended = true;  // once: the walk comes by here again
        if (often_enough(r, t)) raise(r, t, false);
      }
    }
    bool begins = false;
    for (auto& [leaf, silent] : r.silent)
      if (!silent && base(*leaf) != kNot && base(*leaf) + minutes(leaf->silence) <= t)
        silent = begins = true;
    const bool opens = rule.schedule && inside(r, t) && (t == 0 || !inside(r, t - 1));
    if (begins)
      look(r, t, true, false);
    else if (opens && rule.raise.times == 1 && !r.open && r.pending == kNot &&
             t > last_news(r, rule.raise.when) && t > r.changed)
      look(r, t, false, false);
  }
  /// An opening before the condition came to be what it is has been seen already.
  Minutes last_news(const RefRule& r, const Condition& c) const {
    Minutes newest = c.parts.empty() ? base(c) : kNot;
    if (c.kind == Condition::Kind::silent && r.silent.at(&c)) newest = base(c) + minutes(c.silence);
    for (const Condition& part : c.parts) newest = std::max(newest, last_news(r, part));
    return newest;
  }

  void look(RefRule& r, Minutes t, bool occurs, bool by_item) {
    const Rule& rule = r.version->rule;
    t = std::max(t, r.changed);  // nothing happens to a rule before its last change
    if (r.open) {
      const int c = rule.clear ? truth(r, rule.clear->when) : -truth(r, rule.raise.when);
      const Minutes need = rule.clear ? minutes(rule.clear->held_for) : 0;
      if (c < 0) r.clearing = kNot;
      if (c > 0 && r.clearing == kNot) r.clearing = t;
      if (c > 0 && (need == 0 || r.clearing + need <= t)) return clear(r, t);
      if (by_item) tally(r);
      if (climb(r)) say("rise", r, t);
      return;
    }
    const int c = inside(r, t) ? truth(r, rule.raise.when) : -1;
    if (c < 0) r.pending = kNot;
    if (c <= 0) return;
    if (occurs && rule.raise.times > 1)
      r.occurrences.push_back(r.occurrences.empty() ? t : std::max(t, r.occurrences.back()));
    if (r.pending == kNot) {
      r.pending = t;
      r.ended = false;
    }
    if (rule.raise.held_for.count() == 0) r.pending = t;
    if (r.pending + minutes(rule.raise.held_for) <= t && often_enough(r, t)) raise(r, t, by_item);
    if (rule.raise.held_for.count() == 0) r.pending = kNot;
  }

  void raise(RefRule& r, Minutes t, bool by_item) {
    const Rule& rule = r.version->rule;
    r.open = true;
    r.changed = std::max(t, r.changed);
    r.pending = r.clearing = kNot;
    r.occurrences.clear();
    r.severity = rule.severity;
    r.count = 0;
    r.peak = std::nan("");
    tally(r);
    if (!by_item) r.count = 0;
    climb(r);
    if (rule.clear && rule.clear->held_for.count() > 0 && truth(r, rule.clear->when) > 0)
      r.clearing = r.changed;
    say("raise", r, r.changed);
  }
  void clear(RefRule& r, Minutes t) {
    r.changed = std::max(t, r.changed);
    r.open = false;
    r.clearing = kNot;
    say("clear", r, r.changed);
  }
  bool climb(RefRule& r) {
    const Severity before = r.severity;
    for (const Stage& stage : r.version->rule.escalate)
      if (truth(r, stage.when) > 0) r.severity = std::max(r.severity, stage.severity);
    return r.severity != before;
  }
  static const Condition* first(const Condition& c, Condition::Kind kind) {
    if (c.kind == kind) return &c;
    for (const Condition& part : c.parts)
      if (const Condition* found = first(part, kind)) return found;
    return nullptr;
  }
  void tally(RefRule& r) {
    ++r.count;
    const Condition& when = r.version->rule.raise.when;
    double v = std::nan("");
    bool lowest = false;
    if (const Condition* metric = first(when, Condition::Kind::compare)) {
      if (latest_.contains(metric->metric)) v = latest_.at(metric->metric).second;
      lowest = (metric->op == Op::lt || metric->op == Op::le);
      if (when.kind == Condition::Kind::negation && metric->op != Op::eq && metric->op != Op::ne)
        lowest = !lowest;
    } else if (const Condition* kind = first(when, Condition::Kind::detection)) {
      if (seen_.contains(kind->detection)) v = seen_.at(kind->detection).second;
    }
    r.peak = std::isnan(r.peak) ? v
             : std::isnan(v)    ? r.peak
             : lowest           ? std::min(r.peak, v)
                                : std::max(r.peak, v);
  }
  void say(const char* what, const RefRule& r, Minutes t) {
    said_ += fmt::format("{} {}@{} {} peak {} count {}; ", what, r.version->number,
                         std::max(t, r.changed), word_of(r.severity), r.peak, r.count);
  }

  std::vector<RefRule> rules_;
  std::map<std::string, std::pair<Minutes, double>> latest_, seen_;
  std::map<std::string, double> now_;
  Minutes newest_ = kNot;
  std::string said_;
};

}  // namespace lifang::rules
