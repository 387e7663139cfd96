#include "rooms/rules/rules_backtest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "base/check.hpp"

namespace lifang::rules {
namespace {

constexpr std::size_t kMostThresholds =
    24;  // times the ladder of durations stays below 400 candidates
constexpr std::size_t kNoSituation = std::numeric_limits<std::size_t>::max();
constexpr std::size_t kCounted = kNoSituation - 1;  // open, and not kept

/// Durations that people would choose.
constexpr std::chrono::minutes kLadder[] = {
    std::chrono::minutes(1),   std::chrono::minutes(2),   std::chrono::minutes(5),
    std::chrono::minutes(10),  std::chrono::minutes(15),  std::chrono::minutes(30),
    std::chrono::minutes(60),  std::chrono::minutes(120), std::chrono::minutes(180),
    std::chrono::minutes(360), std::chrono::minutes(720), std::chrono::minutes(1440)};

/// The first threshold that can be moved, and which way is milder: +1 up, −1 down.
struct Lever {
  Condition* leaf = nullptr;
  int milder = 0;
};

Lever find_lever(Condition& c, bool turned) {
  if (c.kind == Condition::Kind::compare && c.attribute.empty() && c.op != Op::eq &&
      c.op != Op::ne) {
    const bool up = (c.op == Op::gt || c.op == Op::ge) != turned;
    return {&c, up ? 1 : -1};
  }
  for (Condition& part : c.parts)
    if (const Lever found = find_lever(part, turned != (c.kind == Condition::Kind::negation));
        found.leaf)
      return found;
  return {};
}

/// One in the last decimal place that the number is written with.
double last_place(double v) {
  char text[64];
  const auto end = std::to_chars(text, text + sizeof text, v, std::chars_format::fixed).ptr;
  const std::string_view digits(text, static_cast<std::size_t>(end - text));
  const auto dot = digits.find('.');
  return dot == std::string_view::npos
             ? 1
             : std::pow(10, -static_cast<double>(digits.size() - dot - 1));
}

/// The mildest change that a value of `peak` no longer passes.
double threshold_beyond(const Condition& leaf, int milder, double peak) {
  // Under an odd number of `not` the test fails at the peak, so a strict and a loose bound change
  // places.
  const bool passes_at_limit = (leaf.op == Op::ge || leaf.op == Op::le) ==
                               ((leaf.op == Op::gt || leaf.op == Op::ge) == (milder > 0));
  if (!passes_at_limit) return peak;
  const double step = last_place(peak);
  return std::round((peak + milder * step) / step) * step;
}

std::vector<double> thresholds_to_try(const Rule& rule, std::span<const Marked> marked) {
  Rule copy = rule;
  const Lever lever = find_lever(copy.raise.when, false);
  std::set<double> found;
  if (lever.leaf == nullptr) return {};
  for (const Marked& m : marked) {
    if (!m.false_alarm || std::isnan(m.peak)) continue;
    const double t = threshold_beyond(*lever.leaf, lever.milder, m.peak);
    if ((t - lever.leaf->value) * lever.milder > 0) found.insert(t);
  }
  std::vector<double> list(found.begin(), found.end());
  if (lever.milder < 0) std::reverse(list.begin(), list.end());
  if (list.size() <= kMostThresholds) return list;
  std::vector<double> spread;  // evenly over the ranks, the last included
  for (std::size_t i = 1; i <= kMostThresholds; ++i)
    spread.push_back(list[i * list.size() / kMostThresholds - 1]);
  return spread;
}

/// How far a candidate is from the present rule: how many things change; a threshold rather than a
/// `for`, which delays true alarms too; then by how much.
using Distance = std::tuple<int, bool, double, std::int64_t>;

Distance distance(Rule present, Rule candidate) {
  const Lever a = find_lever(present.raise.when, false),
              b = find_lever(candidate.raise.when, false);
  const double moved = a.leaf != nullptr ? std::fabs(b.leaf->value - a.leaf->value) : 0;
  const auto longer = (candidate.raise.held_for - present.raise.held_for).count();
  return {(moved > 0 ? 1 : 0) + (longer > 0 ? 1 : 0), longer > 0, moved, longer};
}

}  // namespace

Backtest::Backtest(std::vector<RulePtr> rules, SubjectDue due) : rules_(std::move(rules)), due_(std::move(due)) {}

std::size_t Backtest::add_subject(std::string id, const Words& words,
                                  const std::function<double(std::string_view)>& attribute) {
  Trial trial;
  trial.id = std::move(id);
  trial.program = programs_.fitting(words, rules_);
  trial.memory = DeviceMemory(*trial.program);
  for (const std::string& name : trial.program->attributes)
    trial.attributes.push_back(attribute ? attribute(name) : std::nan(""));
  trial.open.assign(trial.program->entries.size(), kNoSituation);
  if (tally_.on) trial.began.resize(trial.program->entries.size());
  trials_.push_back(std::move(trial));
  return trials_.size() - 1;
}

void Backtest::feed(std::size_t subject, const Item& item) {
  Trial& trial = trials_.at(subject);
  out_.clear();
  judge(*trial.program, trial.memory, {trial.attributes, {}}, item, out_);
  take_verdicts(trial);
}

void Backtest::tally(std::span<const Marked> marked) {
  check(trials_.empty(), "a tally begins before anything is fed");
  tally_ = {marked, {}, std::vector<std::size_t>(rules_.size()), std::vector(rules_.size(), std::vector<bool>(marked.size())), true};
  for (std::size_t m = 0; m < marked.size(); ++m) tally_.of_subject[marked[m].subject].push_back(m);
  for (auto& [subject, marks] : tally_.of_subject)
    std::sort(marks.begin(), marks.end(), [&](std::size_t a, std::size_t b) { return marked[a].began_at < marked[b].began_at; });
}

/// Marks of one rule and device are apart, so in order of time they end in order, too.
void Backtest::count(const Trial& trial, std::size_t rule, Time began, Time ended) {
  const auto found = tally_.of_subject.find(trial.id);
  if (found == tally_.of_subject.end()) return;
  const auto& marks = found->second;
  auto mark = std::partition_point(marks.begin(), marks.end(), [&](std::size_t m) {
    return tally_.marked[m].ended_at.value_or(kForever) < began;
  });
  for (; mark != marks.end() && tally_.marked[*mark].began_at <= ended; ++mark) tally_.met.at(rule)[*mark] = true;
}

void Backtest::finish(Time to) {
  for (std::size_t subject = 0; subject < trials_.size(); ++subject) finish(subject, to);
}

void Backtest::finish(std::size_t subject, Time to) {
  Trial& trial = trials_.at(subject);
  if (trial.finished) return;
  trial.finished = true;
  out_.clear();
  judge_until(*trial.program, trial.memory, {trial.attributes, {}}, to, out_);
  take_verdicts(trial);
  for (std::size_t entry = 0; entry < trial.open.size(); ++entry) {
    if (tally_.on && trial.open[entry] == kCounted) count(trial, trial.program->entries[entry].rule->number, trial.began[entry], kForever);
    if (trial.open[entry] >= kCounted) continue;
    const RuleState& state = trial.memory.states()[entry];
    PastSituation& s = situations_[trial.open[entry]];
    s.peak = state.peak;
    s.count = state.count;
    s.severity = state.severity;
  }
  trial = Trial{trial.id, {}, {}, {}, {}, {}, true};
}

void Backtest::take_verdicts(Trial& trial) {
  if (due_ && asks_roster(*trial.program, out_))
    take_back(*trial.program, trial.memory, {trial.attributes, {}}, out_,
              [&](const std::string& post, Time at) { return due_(trial.id, post, at); });
  for (const Verdict& v : out_.list) {
    std::size_t& open = trial.open[v.entry];
    if (v.kind == VerdictKind::raise) {
      ++raised_;
      if (tally_.on) ++tally_.raised.at(v.rule.number);
      if (tally_.on || situations_.size() >= most_) {
        open = kCounted;
        if (tally_.on) trial.began[v.entry] = v.at;
        continue;
      }
      open = situations_.size();
      situations_.push_back(
          {v.rule.number, trial.id, v.at, std::nullopt, v.peak, v.severity, v.count});
      continue;
    }
    check(open != kNoSituation, "a verdict about a situation that was never raised");
    if (open == kCounted) {
      if (v.kind != VerdictKind::clear) continue;
      open = kNoSituation;
      if (tally_.on) count(trial, v.rule.number, trial.began[v.entry], v.at);
      continue;
    }
    PastSituation& s = situations_[open];
    s.severity = v.severity;
    s.peak = v.peak;
    s.count = v.count;
    if (v.kind != VerdictKind::clear) continue;
    s.ended_at = v.at;
    open = kNoSituation;
  }
}

std::vector<RulePtr> milder_rules(const Rule& rule, std::span<const Marked> marked) {
  std::vector<RulePtr> list;
  const auto add = [&](std::optional<double> threshold, Duration held_for) {
    auto candidate = std::make_shared<RuleVersion>();
    candidate->number = static_cast<std::uint32_t>(list.size());
    candidate->id = fmt::format("candidate-{}", list.size());
    candidate->rule = rule;
    candidate->rule.raise.held_for = held_for;
    if (threshold) find_lever(candidate->rule.raise.when, false).leaf->value = *threshold;
    list.push_back(std::move(candidate));
  };
  std::vector<Duration> durations{rule.raise.held_for};
  const auto minutes =
      rule.schedule ? minutes_of_week(*rule.schedule) : std::vector<std::uint16_t>{};
  for (const Duration d : kLadder)
    if (d > rule.raise.held_for && (minutes.empty() || d < longest_window(minutes)))
      durations.push_back(d);
  std::vector<std::optional<double>> thresholds{std::nullopt};
  for (const double t : thresholds_to_try(rule, marked)) thresholds.emplace_back(t);
  for (const auto& threshold : thresholds)
    for (const Duration d : durations) add(threshold, d);
  return list;
}

std::vector<Proposal> proposals(const Backtest& backtest, std::span<const Marked> marked,
                                std::size_t most) {
  const std::vector<RulePtr>& rules = backtest.rules();
  check(!rules.empty() && rules[0]->number == 0, "a search without the present rule");
  std::vector<std::pair<Proposal, Distance>> found;
  for (std::size_t i = 1; i < rules.size(); ++i) {
    Proposal p;
    bool loses = false;
    for (std::size_t m = 0; m < marked.size(); ++m) {
      if (!backtest.has_met(0, m)) continue;  // nothing that this rule and this past can answer for
      if (marked[m].false_alarm) {
        ++p.false_alarms;
        p.spared += !backtest.has_met(i, m);
      } else {
        p.kept += backtest.has_met(i, m);
        loses = loses || !backtest.has_met(i, m);
      }
    }
    if (loses || p.spared == 0) continue;
    p.rule = rules[i]->rule;
    p.situations_before = backtest.raised_by(0);
    p.situations_after = backtest.raised_by(i);
    found.emplace_back(std::move(p), distance(rules[0]->rule, rules[i]->rule));
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return a.first.spared != b.first.spared ? a.first.spared > b.first.spared : a.second < b.second;
  });
  std::vector<Proposal> best;
  for (std::size_t i = 0; i < std::min(most, found.size()); ++i)
    best.push_back(std::move(found[i].first));
  return best;
}

std::optional<Proposal> propose(const Backtest& backtest, std::span<const Marked> marked) {
  auto best = proposals(backtest, marked, 1);
  return best.empty() ? std::nullopt : std::optional(std::move(best.front()));
}

Change change_of(const Rule& present, const Rule& milder) {
  Rule a = present, b = milder;
  const Lever from = find_lever(a.raise.when, false), to = find_lever(b.raise.when, false);
  Change change;
  const auto add = [](std::string& text, std::string_view between, const std::string& more) {
    text += (text.empty() ? "" : std::string(between)) + more;
  };
  if (from.leaf != nullptr && from.leaf->value != to.leaf->value) {
    const auto op = word_of(from.leaf->op);
    add(change.zh, "；", fmt::format("{} {} {} 改为 {} {}", from.leaf->metric, op, from.leaf->value, op, to.leaf->value));
    add(change.en, "; ", fmt::format("{} {} {} becomes {} {}", from.leaf->metric, op, from.leaf->value, op, to.leaf->value));
  }
  if (present.raise.held_for != milder.raise.held_for) {
    const std::string was = to_iso8601(present.raise.held_for), is = to_iso8601(milder.raise.held_for);
    add(change.zh, "；", fmt::format("持续时间由 {} 改为 {}", was, is));
    add(change.en, "; ", fmt::format("held for {} instead of {}", is, was));
  }
  return change;
}

}  // namespace lifang::rules
