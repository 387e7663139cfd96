// The judge against a reference that is slow and obviously right: it walks every minute, looks at every rule and
// keeps everything by name. Random rules, random items (late, repeated, suspect, out of order), random restarts
// and rollbacks; both must say the same.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>

#include "support/rule_desk.hpp"

namespace lifang::rules {
namespace {

using Minutes = std::int64_t;
constexpr Minutes kNot = -1;

Minutes minutes(Duration d) {
  return d.count() / 60'000;
}

bool covered(const Schedule& schedule, Minutes t) {
  for (const Window& w : schedule.windows)
    for (const Minutes back : {0, 1}) {  // a window that began today, or yesterday
      const Minutes day = t / 1440 - back;
      const Minutes begin = day * 1440 + w.from, end = day * 1440 + (w.to > w.from ? w.to : w.to + 1440);
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

  /// Every minute from the beginning, every rule: whoever is due at that minute fires. Twice a minute, because
  /// the end of a `for` comes before what changes then.
  std::string advance(Minutes limit) {
    said_.clear();
    for (Minutes t = 0; t <= limit; ++t)
      for (RefRule& r : rules_) tick(r, t);
    return said_;
  }

  std::string item(Minutes ts, const std::vector<std::pair<std::string, double>>& values, bool suspect,
                   const std::string& kind, double confidence) {
    std::string said = advance(ts);
    said_.clear();
    std::vector<std::string> news;
    bool speaks = false;
    for (const auto& [name, value] : values) {
      if (suspect) {
        speaks = true;
      } else if (const auto known = latest_.find(name); known == latest_.end() || known->second.first < ts) {
        latest_[name] = {ts, value};
        news.push_back("metric " + name);
        speaks = true;
      }
    }
    now_.clear();
    if (!kind.empty())
      if (const auto known = seen_.find(kind);
          known == seen_.end() || known->second.first < ts || (known->second.first == ts && known->second.second < confidence)) {
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
    if ((c.kind == Condition::Kind::compare || c.kind == Condition::Kind::detection) && source(c) == news) return true;
    return std::any_of(c.parts.begin(), c.parts.end(), [&](const Condition& part) { return names(part, news); });
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
    if (!leaf.metric.empty()) return latest_.contains(leaf.metric) ? latest_.at(leaf.metric).first : kNot;
    if (!leaf.detection.empty()) return seen_.contains(leaf.detection) ? seen_.at(leaf.detection).first : kNot;
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
        const bool hit[] = {v > c.value, v >= c.value, v < c.value, v <= c.value, v == c.value, v != c.value};
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
    return r.occurrences.size() >= n && t - r.occurrences[r.occurrences.size() - n] <= minutes(raise.within);
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
      if (!silent && base(*leaf) != kNot && base(*leaf) + minutes(leaf->silence) <= t) silent = begins = true;
    const bool opens = rule.schedule && inside(r, t) && (t == 0 || !inside(r, t - 1));
    if (begins)
      look(r, t, true, false);
    else if (opens && rule.raise.times == 1 && !r.open && r.pending == kNot && t > last_news(r, rule.raise.when) && t > r.changed)
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
      if (climb(r)) say("rise", r, t);
      if (by_item) tally(r);
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
    if (rule.clear && rule.clear->held_for.count() > 0 && truth(r, rule.clear->when) > 0) r.clearing = r.changed;
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
      if (when.kind == Condition::Kind::negation && metric->op != Op::eq && metric->op != Op::ne) lowest = !lowest;
    } else if (const Condition* kind = first(when, Condition::Kind::detection)) {
      if (seen_.contains(kind->detection)) v = seen_.at(kind->detection).second;
    }
    r.peak = std::isnan(r.peak) ? v : std::isnan(v) ? r.peak : lowest ? std::min(r.peak, v) : std::max(r.peak, v);
  }
  void say(const char* what, const RefRule& r, Minutes t) {
    said_ += fmt::format("{} {}@{} {} peak {} count {}; ", what, r.version->number, std::max(t, r.changed),
                         word_of(r.severity), r.peak, r.count);
  }

  std::vector<RefRule> rules_;
  std::map<std::string, std::pair<Minutes, double>> latest_, seen_;
  std::map<std::string, double> now_;
  Minutes newest_ = kNot;
  std::string said_;
};

/// Makes rules and items from a seed. Few metrics, few values and small times, so that edges are hit often.
class Maker {
 public:
  explicit Maker(std::uint32_t seed) : chance_(seed) {}
  int pick(int n) { return static_cast<int>(chance_() % static_cast<std::uint32_t>(n)); }
  bool one_in(int n) { return pick(n) == 0; }

  std::string metric() { return kDeskMetrics[static_cast<std::size_t>(pick(3))]; }

  std::string leaf() {
    constexpr const char* kOps[] = {">", ">=", "<", "<=", "==", "!="};
    switch (pick(8)) {
      case 0:
        return fmt::format(R"({{"silent":"PT{}M"}})", 3 + pick(6));
      case 1:
        return fmt::format(R"({{"metric":"{}","silent":"PT{}M"}})", metric(), 3 + pick(6));
      case 2:
        return fmt::format(R"({{"detection":"ebike","confidence":0.{}}})", 3 + pick(5));
      case 3:
        return fmt::format(R"({{"detection":"ebike","silent":"PT{}M"}})", 3 + pick(6));
      default:
        return fmt::format(R"({{"metric":"{}","op":"{}","value":{}}})", metric(), kOps[pick(6)], pick(5));
    }
  }
  std::string when(int depth) {
    if (depth == 0 || one_in(2)) return leaf();
    const int kind = pick(3);
    if (kind == 0) return R"({"not":)" + leaf() + "}";  // a `not` stands right above its leaf or at the top only
    std::string parts;
    for (int n = 1 + pick(3); n > 0; --n) parts += (parts.empty() ? "" : ",") + when(depth - 1);
    return fmt::format(R"({{"{}":[{}]}})", kind == 1 ? "all" : "any", parts);
  }
  std::string members() {
    std::string text = R"("raise":{"when":)" + (one_in(3) ? leaf() : when(2));
    const bool scheduled = one_in(4);
    if (one_in(3)) text += fmt::format(R"(,"for":"PT{}M")", 1 + pick(8));
    if (one_in(3)) text += fmt::format(R"(,"times":{},"within":"PT{}M")", 2 + pick(2), 2 + pick(15));
    text += "}";
    if (one_in(2)) {
      text += R"(,"clear":{"when":)" + when(1);
      if (one_in(2)) text += fmt::format(R"(,"for":"PT{}M")", 1 + pick(6));
      text += "}";
    }
    if (one_in(3)) text += R"(,"escalate":[{"when":)" + when(1) + R"(,"severity":"critical"}])";
    if (scheduled)
      text += fmt::format(R"(,"schedule":{{"windows":[{{"from":"00:{:02}","to":"00:{:02}"}},{{"from":"01:{:02}","to":"02:{:02}"}}]}})",
                          pick(20), 30 + pick(30), pick(30), pick(60));
    return text;
  }

 private:
  std::mt19937 chance_;
};

/// The peak of a silence-and-threshold mix depends on nested `not`s; the generator keeps them at the leaves, and
/// the reference turns direction only for a `not` at the top, so rules whose first metric stands under an inner
/// `not` leave the peak out of the comparison.
bool peak_is_plain(const Condition& when) {
  if (when.kind == Condition::Kind::negation) return true;
  for (const Condition& part : when.parts)
    if (part.kind == Condition::Kind::negation || !peak_is_plain(part)) return false;
  return true;
}

std::string told(const DeviceProgram& program, const Verdicts& out) {
  std::string said;
  for (const Verdict& v : out.list) {
    constexpr const char* kKinds[] = {"raise", "clear", "rise"};
    said += fmt::format("{} {}@{} {} peak {} count {}; ", kKinds[static_cast<int>(v.kind)], v.rule.number, minute_of(v.at),
                        word_of(v.severity), v.peak, v.count);
    EXPECT_EQ(program.entries[v.entry].rule->number, v.rule.number);
  }
  return said;
}

/// Sorts the sentences of one answer: rules at the same instant may be told in any order.
std::string sorted(std::string said) {
  std::vector<std::string> list;
  for (std::size_t end = 0; (end = said.find("; ")) != std::string::npos; said.erase(0, end + 2)) list.push_back(said.substr(0, end));
  std::sort(list.begin(), list.end());
  return fmt::format("{}", fmt::join(list, "; "));
}

/// What a store would hold: blobs written only when judging asks for it, clock and latest values with the item.
struct Store {
  std::string blob;
  Time newest = kNever, arrival = kNever;
  std::vector<Latest> latest;

  void commit(const DeviceProgram& program, DeviceMemory& memory) {
    if (memory.must_write() || memory.may_write()) blob = memory.blob(program);
    memory.written();
    newest = memory.newest(), arrival = memory.arrival();
    latest.assign(memory.latest().begin(), memory.latest().end());
  }
  DeviceMemory restore(const DeviceProgram& program) const {
    DeviceMemory memory(program);
    memory.load(program, blob);
    memory.set_clock(newest, arrival);
    for (std::size_t m = 0; m < latest.size(); ++m) memory.set_latest(program, program.metrics[m], latest[m].ts, latest[m].value);
    rearm(program, memory, {});
    return memory;
  }
};

void run(std::uint32_t seed, bool in_order) {
  Maker make(seed);
  std::vector<RulePtr> rules;
  for (std::uint32_t n = 1; n <= 4;) {
    std::string members = make.members();
    try {
      RulePtr rule = make_rule(n, 1, "r", rule_text(members));
      if (!peak_is_plain(rule->rule.raise.when)) continue;
      rules.push_back(std::move(rule));
      ++n;
    } catch (const std::exception&) {  // a `for` longer than its windows
    }
  }
  SCOPED_TRACE(fmt::format("seed {}\n{}\n{}\n{}\n{}", seed, to_json(rules[0]->rule), to_json(rules[1]->rule),
                           to_json(rules[2]->rule), to_json(rules[3]->rule)));
  const Words words = desk_words();
  const ProgramPtr program = compile(words, rules);
  DeviceMemory memory(*program);
  Reference reference(rules);
  Store store;
  store.latest.assign(memory.latest().begin(), memory.latest().end());
  Verdicts out;
  Minutes t = 0;
  for (int step = 0; step < 120; ++step) {
    if (make.one_in(5)) memory = store.restore(*program);
    t += make.pick(4);
    Minutes ts = t;
    if (!in_order && make.one_in(4)) ts = std::max<Minutes>(0, t - make.pick(8));
    const bool suspect = make.one_in(12);
    std::vector<std::pair<std::string, double>> values;
    for (int n = make.pick(3); n >= 0; --n) values.emplace_back(make.metric(), make.pick(6));
    const bool sees = make.one_in(4);
    const double confidence = 0.1 * make.pick(10);
    const auto judge_it = [&](const std::vector<std::pair<std::string, double>>& said, DeviceMemory& m) {
      std::vector<Value> list;
      for (const auto& [name, value] : said) list.push_back({*words.metric(name), suspect ? Mark::suspect : Mark::good, value});
      const Detection detection{words.detection("ebike"), confidence};
      out.clear();
      judge(*program, m, {}, {at(static_cast<double>(ts)), at(static_cast<double>(t)), list, {&detection, sees ? 1U : 0U}}, out);
    };
    if (make.one_in(4)) {  // a batch that is rolled back leaves no trace
      const DeviceMemory before = memory;
      judge_it({{make.metric(), make.pick(6)}, {make.metric(), make.pick(6)}}, memory);
      judge_until(*program, memory, {}, at(static_cast<double>(t + make.pick(30))), out);
      memory = before;
    }
    if (make.one_in(3) && in_order) {
      const Minutes now = t;
      out.clear();
      judge_until(*program, memory, {}, at(static_cast<double>(now)), out);
      ASSERT_EQ(sorted(told(*program, out)), sorted(reference.advance(now))) << "timers until " << now << ", step " << step;
      store.commit(*program, memory);
    }
    judge_it(values, memory);
    const std::string mine = told(*program, out);
    const std::string theirs = reference.item(ts, values, suspect, sees ? "ebike" : "", confidence);
    ASSERT_EQ(sorted(mine), sorted(theirs)) << "item at " << ts << ", step " << step;
    store.commit(*program, memory);
  }
}

TEST(JudgeAgainstReference, agrees_on_items_in_order_with_restarts_and_rollbacks) {
  for (std::uint32_t seed = 1; seed <= 400 && !HasFatalFailure(); ++seed) run(seed, true);
}

TEST(JudgeAgainstReference, agrees_on_items_out_of_order) {
  for (std::uint32_t seed = 5001; seed <= 5400 && !HasFatalFailure(); ++seed) run(seed, false);
}

TEST(JudgeAgainstReference, agrees_where_it_once_did_not) {
  run(10591, true);   // a lazy timer that met the opening of a window looked at a rule that counts
  run(22452, false);
}

}  // namespace
}  // namespace lifang::rules
