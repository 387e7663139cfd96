// The judge against a reference that is slow and obviously right: it walks every minute, looks at
// every rule and keeps everything by name. Random rules, random items (late, repeated, suspect, out
// of order), random restarts and rollbacks; both must say the same.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>

#include "base/refusal.hpp"
#include "support/rule_desk.hpp"
#include "support/rule_reference.hpp"

namespace lifang::rules {
namespace {

/// Makes rules and items from a seed. Few metrics, few values and small times, so that edges are
/// hit often.
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
        return fmt::format(R"({{"metric":"{}","op":"{}","value":{}}})", metric(), kOps[pick(6)],
                           pick(5));
    }
  }
  std::string when(int depth) {
    if (depth == 0 || one_in(2)) return leaf();
    const int kind = pick(3);
    if (kind == 0)
      return R"({"not":)" + leaf() + "}";  // a `not` stands right above its leaf or at the top only
    std::string parts;
    for (int n = 1 + pick(3); n > 0; --n) parts += (parts.empty() ? "" : ",") + when(depth - 1);
    return fmt::format(R"({{"{}":[{}]}})", kind == 1 ? "all" : "any", parts);
  }
  std::string members() {
    std::string text = R"("raise":{"when":)" + (one_in(3) ? leaf() : when(2));
    const bool scheduled = one_in(4);
    if (one_in(3)) text += fmt::format(R"(,"for":"PT{}M")", 1 + pick(8));
    if (one_in(3))
      text += fmt::format(R"(,"times":{},"within":"PT{}M")", 2 + pick(2), 2 + pick(15));
    text += "}";
    if (one_in(2)) {
      text += R"(,"clear":{"when":)" + when(1);
      if (one_in(2)) text += fmt::format(R"(,"for":"PT{}M")", 1 + pick(6));
      text += "}";
    }
    if (one_in(3)) text += R"(,"escalate":[{"when":)" + when(1) + R"(,"severity":"critical"}])";
    if (scheduled)
      text += fmt::format(
          R"(,"schedule":{{"windows":[{{"from":"00:{:02}","to":"00:{:02}"}},{{"from":"01:{:02}","to":"02:{:02}"}}]}})",
          pick(20), 30 + pick(30), pick(30), pick(60));
    return text;
  }

 private:
  std::mt19937 chance_;
};

/// The peak of a silence-and-threshold mix depends on nested `not`s; the generator keeps them at
/// the leaves, and the reference turns direction only for a `not` at the top, so rules whose first
/// metric stands under an inner `not` leave the peak out of the comparison.
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
    said += fmt::format("{} {}@{} {} peak {} count {}; ", kKinds[static_cast<int>(v.kind)],
                        v.rule.number, minute_of(v.at), word_of(v.severity), v.peak, v.count);
    EXPECT_EQ(program.entries[v.entry].rule->number, v.rule.number);
  }
  return said;
}

/// Sorts the sentences of one answer: rules at the same instant may be told in any order.
std::string sorted(std::string said) {
  std::vector<std::string> list;
  for (std::size_t end = 0; (end = said.find("; ")) != std::string::npos; said.erase(0, end + 2))
    list.push_back(said.substr(0, end));
  std::sort(list.begin(), list.end());
  return fmt::format("{}", fmt::join(list, "; "));
}

/// What a store would hold: blobs written only when judging asks for it, clock and latest values
/// with the item.
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
    for (std::size_t m = 0; m < latest.size(); ++m)
      memory.set_latest(program, program.metrics[m], latest[m].ts, latest[m].value);
    rearm(program, memory, {});
    return memory;
  }
};

std::vector<RulePtr> make_rules(Maker& make) {
  std::vector<RulePtr> rules;
  while (rules.size() < 4) {
    const std::string members = make.members();
    try {
      const auto number = static_cast<std::uint32_t>(rules.size() + 1);
      RulePtr rule = make_rule(number, 1, "r", rule_text(members));
      if (peak_is_plain(rule->rule.raise.when)) rules.push_back(std::move(rule));
    } catch (const Refusal&) {  // a `for` longer than its windows
    }
  }
  return rules;
}

using Values = std::vector<std::pair<std::string, double>>;

/// What the device says next.
struct Saying {
  Minutes ts = 0, arrival = 0;
  bool suspect = false, sees = false;
  double confidence = 0;

  void judge(const DeviceProgram& program, DeviceMemory& memory, const Values& values,
             Verdicts& out) const {
    const Words words = desk_words();
    std::vector<Value> list;
    for (const auto& [name, value] : values)
      list.push_back({*words.metric(name), suspect ? Mark::suspect : Mark::good, value});
    const Detection detection{words.detection("ebike"), confidence};
    const Item item{at(static_cast<double>(ts)),
                    at(static_cast<double>(arrival)),
                    list,
                    {&detection, sees ? 1U : 0U}};
    out.clear();
    rules::judge(program, memory, {}, item, out);
  }
};

void run(std::uint32_t seed, bool in_order) {
  Maker make(seed);
  const std::vector<RulePtr> rules = make_rules(make);
  std::string trace = fmt::format("seed {}", seed);
  for (const RulePtr& rule : rules) trace += "\n" + to_json(rule->rule);
  SCOPED_TRACE(trace);
  const ProgramPtr program = compile(desk_words(), rules);
  DeviceMemory memory(*program);
  Reference reference(rules);
  Store store;
  Verdicts out;
  Minutes t = 0;
  for (int step = 0; step < 120; ++step) {
    if (make.one_in(5)) memory = store.restore(*program);
    t += make.pick(4);
    Saying saying{t, t};
    if (!in_order && make.one_in(4)) saying.ts = std::max<Minutes>(0, t - make.pick(8));
    saying.suspect = make.one_in(12);
    Values values;
    for (int n = make.pick(3); n >= 0; --n) values.emplace_back(make.metric(), make.pick(6));
    saying.sees = make.one_in(4);
    saying.confidence = 0.1 * make.pick(10);
    if (make.one_in(4)) {  // a batch that is rolled back leaves no trace
      const DeviceMemory before = memory;
      const Values others{{make.metric(), make.pick(6)}, {make.metric(), make.pick(6)}};
      saying.judge(*program, memory, others, out);
      judge_until(*program, memory, {}, at(static_cast<double>(t + make.pick(30))), out);
      memory = before;
    }
    if (make.one_in(3) && in_order) {
      out.clear();
      judge_until(*program, memory, {}, at(static_cast<double>(t)), out);
      ASSERT_EQ(sorted(told(*program, out)), sorted(reference.advance(t))) << "step " << step;
      store.commit(*program, memory);
    }
    saying.judge(*program, memory, values, out);
    const std::string theirs = reference.item(saying.ts, values, saying.suspect,
                                              saying.sees ? "ebike" : "", saying.confidence);
    ASSERT_EQ(sorted(told(*program, out)), sorted(theirs)) << "step " << step;
    store.commit(*program, memory);
  }
}

TEST(JudgeAgainstReference, agrees_on_items_in_order_with_restarts_and_rollbacks) {
  for (std::uint32_t seed = 1; seed <= 200 && !HasFatalFailure(); ++seed) run(seed, true);
}

TEST(JudgeAgainstReference, agrees_on_items_out_of_order) {
  for (std::uint32_t seed = 5001; seed <= 5200 && !HasFatalFailure(); ++seed) run(seed, false);
}

TEST(JudgeAgainstReference, agrees_where_it_once_did_not) {
  run(10591, true);  // a lazy timer that met the opening of a window looked at a rule that counts
  run(22452, false);
}

}  // namespace
}  // namespace lifang::rules
