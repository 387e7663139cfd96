// Conditions by name: written back as JSON, listed by what they mention, and judged on standing
// values.
#include <algorithm>

#include "base/check.hpp"
#include "base/reflect.hpp"
#include "rooms/rules/rules_schedule.hpp"

namespace lifang::rules {
namespace {

constexpr std::string_view kDayWords[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

/// Writes the members of one object, commas included. Empty text, and durations of nothing, are
/// left out.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) { out_ += '{'; }
  void close() { out_ += '}'; }

  std::string& key(std::string_view name) {
    if (out_.back() != '{') out_ += ',';
    write(out_, name);
    return out_ += ':';
  }
  void text(std::string_view name, std::string_view text) {
    if (!text.empty()) write(key(name), text);
  }
  void duration(std::string_view name, Duration d) {
    if (d.count() != 0) write(key(name), d);
  }
  template <class Items, class Each>
  void list(std::string_view name, const Items& items, Each each) {
    if (!items.empty()) reflect::write_joined(key(name), '[', items, ']', each);
  }

 private:
  std::string& out_;
};

void write_condition(std::string& out, const Condition& c) {
  Writer w(out);
  const auto parts = [&](std::string_view name) {
    w.list(name, c.parts, [&](const Condition& part) { write_condition(out, part); });
  };
  switch (c.kind) {
    case Condition::Kind::all:
      parts("all");
      break;
    case Condition::Kind::any:
      parts("any");
      break;
    case Condition::Kind::negation:
      write_condition(w.key("not"), c.parts.at(0));
      break;
    case Condition::Kind::compare:
      w.text("metric", c.metric);
      w.text("op", word_of(c.op));
      w.text("attribute", c.attribute);
      if (c.attribute.empty()) write(w.key("value"), c.value);
      break;
    case Condition::Kind::detection:
      w.text("detection", c.detection);
      if (c.confidence > 0) write(w.key("confidence"), c.confidence);
      break;
    case Condition::Kind::silent:
      w.text("metric", c.metric);
      w.text("detection", c.detection);
      w.duration("silent", c.silence);
      break;
  }
  w.close();
}

void write_clock(std::string& out, int minute) {
  out += '"';
  for (const int part : {minute / 60, minute % 60}) {
    if (out.back() != '"') out += ':';
    out += static_cast<char>('0' + part / 10);
    out += static_cast<char>('0' + part % 10);
  }
  out += '"';
}

void write_window(std::string& out, const Window& window) {
  Writer w(out);
  if (window.days != 0x7f) {
    std::vector<std::string> days;
    for (std::size_t i = 0; i < 7; ++i)
      if (window.days >> i & 1) days.emplace_back(kDayWords[i]);
    write(w.key("days"), days);
  }
  write_clock(w.key("from"), window.from);
  write_clock(w.key("to"), window.to);
  w.close();
}

void write_schedule(std::string& out, const Schedule& schedule) {
  Writer w(out);
  if (schedule.offset_minutes) {
    const int offset = *schedule.offset_minutes;
    std::string zone;
    write_clock(zone, offset < 0 ? -offset : offset);
    w.text("zone", (offset < 0 ? "-" : "+") + zone.substr(1, 5));
  }
  w.list("windows", schedule.windows, [&](const Window& window) { write_window(out, window); });
  w.close();
}

void write_params(Writer& w, std::string_view params) {
  if (params != "{}") w.key("params") += params;
}

void write_action(std::string& out, const Action& action) {
  Writer w(out);
  if (const auto* notify = std::get_if<Notify>(&action)) {
    w.text("notify", notify->whom);
    w.text("text", notify->text);
  } else if (const auto* whistle = std::get_if<Whistle>(&action)) {
    w.list("whistle", whistle->organisations, [&](const std::string& organisation) { write(out, organisation); });
    if (whistle->report_in) w.duration("report_in", *whistle->report_in);
  } else {
    const auto& command = std::get<Command>(action);
    const Command usual;
    w.text("command", command.method);
    write_params(w, command.params);
    w.text("device", command.device);
    if (command.interlock) write_condition(w.key("when"), *command.interlock);
    if (!command.release_method.empty()) {
      Writer release(w.key("release"));
      release.text("command", command.release_method);
      write_params(release, command.release_params);
      release.close();
    }
    if (command.hold) w.duration("hold", *command.hold);
    if (command.max_age != usual.max_age) w.duration("max_age", command.max_age);
    if (command.timeout != usual.timeout) w.duration("timeout", command.timeout);
  }
  w.close();
}

void write_applies_to(std::string& out, const AppliesTo& to) {
  Writer w(out);
  w.text("profile", to.profile);
  w.text("place", to.place);
  if (!to.tags.empty()) write(w.key("tags"), to.tags);
  if (!to.devices.empty()) write(w.key("devices"), to.devices);
  w.close();
}

void write_raise(std::string& out, const Raise& raise) {
  Writer w(out);
  write_condition(w.key("when"), raise.when);
  w.duration("for", raise.held_for);
  if (raise.within.count() != 0) {
    write(w.key("times"), raise.times);
    w.duration("within", raise.within);
  }
  w.close();
}

void add_once(std::vector<std::string>& list, const std::string& word) {
  if (!word.empty() && std::find(list.begin(), list.end(), word) == list.end())
    list.push_back(word);
}

void mention(const Condition& c, Mentions& out) {
  add_once(out.metrics, c.metric);
  add_once(out.attributes, c.attribute);
  add_once(out.detections, c.detection);
  for (const Condition& part : c.parts) mention(part, out);
}

Truth truth_of(bool b) {
  return b ? Truth::yes : Truth::no;
}

Truth evaluate_compare(const Condition& c, const Standing& standing) {
  const auto reading = standing.latest(c.metric);
  const auto limit = c.attribute.empty() ? std::optional{c.value} : standing.attribute(c.attribute);
  if (!reading || !limit) return Truth::unknown;
  return truth_of(holds(reading->value, c.op, *limit));
}

Truth evaluate_silent(const Condition& c, const Standing& standing) {
  if (!c.detection.empty()) return Truth::unknown;
  std::optional<Time> since = standing.newest;
  if (!c.metric.empty()) {
    const auto reading = standing.latest(c.metric);
    since = reading ? std::optional{reading->ts} : std::nullopt;
  }
  if (!since) return Truth::unknown;
  return truth_of(plus(*since, c.silence) <= standing.now);
}

}  // namespace

bool holds(double left, Op op, double right) {
  switch (op) {
    case Op::gt:
      return left > right;
    case Op::ge:
      return left >= right;
    case Op::lt:
      return left < right;
    case Op::le:
      return left <= right;
    case Op::eq:
      return left == right;
    case Op::ne:
      return left != right;
  }
  return false;
}

std::string to_json(const Condition& condition) {
  std::string out;
  write_condition(out, condition);
  return out;
}

std::string to_json(const Rule& rule) {
  std::string out;
  Writer w(out);
  w.text("name", rule.name);
  write_applies_to(w.key("applies_to"), rule.applies_to);
  write_raise(w.key("raise"), rule.raise);
  if (rule.clear) {
    Writer clear(w.key("clear"));
    write_condition(clear.key("when"), rule.clear->when);
    clear.duration("for", rule.clear->held_for);
    clear.close();
  }
  w.text("severity", word_of(rule.severity));
  w.list("escalate", rule.escalate, [&](const Stage& stage) {
    Writer s(out);
    write_condition(s.key("when"), stage.when);
    s.text("severity", word_of(stage.severity));
    s.close();
  });
  if (rule.schedule) write_schedule(w.key("schedule"), *rule.schedule);
  w.text("on_duty", rule.on_duty);
  w.list("actions", rule.actions, [&](const Action& action) { write_action(out, action); });
  w.text("case", rule.case_kind);
  w.close();
  return out;
}

namespace {

/// Whether some values and silences make it so while nothing is detected.
bool may_become(const Condition& c, bool truth, bool seen) {
  const auto may = [seen](bool wanted) { return [wanted, seen](const Condition& part) { return may_become(part, wanted, seen); }; };
  switch (c.kind) {
    case Condition::Kind::detection: return seen && truth;
    case Condition::Kind::negation: return may_become(c.parts.front(), !truth, seen);
    case Condition::Kind::all:
    case Condition::Kind::any:
      if ((c.kind == Condition::Kind::all) == truth) return std::all_of(c.parts.begin(), c.parts.end(), may(truth));
      return std::any_of(c.parts.begin(), c.parts.end(), may(truth));
    default: return true;
  }
}

/// Whether it can be `truth` because of known faces and of nothing else.
bool by_face_alone(const Condition& c, bool truth) {
  const auto alone = [](bool wanted) { return [wanted](const Condition& part) { return by_face_alone(part, wanted); }; };
  switch (c.kind) {
    case Condition::Kind::detection: return truth && c.detection == "face";
    case Condition::Kind::negation: return by_face_alone(c.parts.front(), !truth);
    case Condition::Kind::all:
    case Condition::Kind::any:
      if ((c.kind == Condition::Kind::all) == truth) return std::all_of(c.parts.begin(), c.parts.end(), alone(truth));
      return std::any_of(c.parts.begin(), c.parts.end(), alone(truth));
    default: return false;
  }
}

}  // namespace

bool raises_on_face_alone(const Rule& rule) { return by_face_alone(rule.raise.when, true); }

bool can_end(const Rule& rule) {
  return rule.clear ? may_become(rule.clear->when, true, false) : may_become(rule.raise.when, false, false);
}

bool is_seen_to_end(const Rule& rule) { return rule.clear && may_become(rule.clear->when, true, true); }

Mentions mentions(const Rule& rule) {
  Mentions out;
  mention(rule.raise.when, out);
  if (rule.clear) mention(rule.clear->when, out);
  for (const Stage& stage : rule.escalate) mention(stage.when, out);
  return out;
}

Truth evaluate(const Condition& c, const Standing& standing) {
  switch (c.kind) {
    case Condition::Kind::compare:
      return evaluate_compare(c, standing);
    case Condition::Kind::detection:
      return Truth::unknown;
    case Condition::Kind::silent:
      return evaluate_silent(c, standing);
    case Condition::Kind::negation: {
      const Truth part = evaluate(c.parts.at(0), standing);
      return part == Truth::unknown ? part : truth_of(part == Truth::no);
    }
    case Condition::Kind::all:
    case Condition::Kind::any:
      break;
  }
  // One part that decides is enough; short of that one unknown part leaves all unknown.
  const Truth decisive = c.kind == Condition::Kind::all ? Truth::no : Truth::yes;
  bool unknown = false;
  for (const Condition& part : c.parts) {
    const Truth t = evaluate(part, standing);
    if (t == decisive) return decisive;
    unknown = unknown || t == Truth::unknown;
  }
  if (unknown) return Truth::unknown;
  return decisive == Truth::no ? Truth::yes : Truth::no;
}

}  // namespace lifang::rules
