#include "rooms/rules/rules_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>

#include "base/check.hpp"
#include "base/embedded.hpp"
#include "base/id.hpp"
#include "base/reflect.hpp"
#include "base/refusal.hpp"
#include "rooms/rules/rules_schedule.hpp"

namespace lifang::rules {
namespace {

using boost::json::object;
using boost::json::value;
using reflect::Path;

constexpr ParseLimits kLimits{64U << 10, 48};
constexpr std::size_t kLevels = 16, kNodes = 64, kSilences = 32;
constexpr std::size_t kActions = 16, kStages = 8, kWindows = 64, kTags = 32, kDevices = 1000;
constexpr std::size_t kCalled = 20;
constexpr std::size_t kWordBytes = 64, kNameBytes = 200, kTextBytes = 2000;

constexpr std::array<std::string_view, 6> kOps{">", ">=", "<", "<=", "==", "!="};
constexpr std::array<std::string_view, 3> kSeverities{"info", "warning", "critical"};
constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

[[noreturn]] void refuse(const Path& path, std::string detail) {
  reflect::refuse(path, "rules.invalid", std::move(detail));
}

/// An object whose members are all known; null stands for absent.
class Members {
 public:
  Members(const value& v, const Path& path, std::initializer_list<std::string_view> known)
      : object_(reflect::object_of(v, path)), path_(path) {
    for (const auto& member : object_)
      if (std::find(known.begin(), known.end(), std::string_view(member.key())) == known.end())
        reflect::refuse_unknown(path, object_, std::span(known.begin(), known.size()));
  }
  const value* find(std::string_view name) const {
    const value* member = object_.if_contains(name);
    return member != nullptr && !member->is_null() ? member : nullptr;
  }
  const value& need(std::string_view name) const {
    if (const value* member = find(name)) return *member;
    reflect::refuse_missing(at(name));
  }
  Path at(std::string_view name) const { return {&path_, name, {}}; }

 private:
  const object& object_;
  const Path& path_;
};

std::string read_word(const value& v, const Path& path, std::size_t most = kWordBytes) {
  const std::string_view text = reflect::read_text(v, path);
  if (text.empty()) refuse(path, "may not be empty");
  if (text.size() > most) refuse(path, fmt::format("longer than {} bytes", most));
  return std::string(text);
}

std::string read_client_id(const value& v, const Path& path) {
  const std::string_view text = reflect::read_text(v, path);
  if (!is_client_id(text)) reflect::refuse(path, "json.bad_id", "not an id");
  return std::string(text);
}

template <std::size_t N>
std::size_t read_choice(const value& v, const Path& path,
                        const std::array<std::string_view, N>& choices) {
  const auto found = std::find(choices.begin(), choices.end(), reflect::read_text(v, path));
  if (found == choices.end()) reflect::refuse_choice(path, choices);
  return static_cast<std::size_t>(found - choices.begin());
}

Duration read_positive(const value& v, const Path& path) {
  const Duration d = reflect::read_duration(v, path);
  if (d.count() <= 0) refuse(path, "must be longer than nothing");
  return d;
}

/// Reads each item of an array of at most `most`, at least `least`.
template <class Each>
void read_list(const value& v, const Path& path, std::size_t least, std::size_t most, Each each) {
  const auto& array = reflect::array_of(v, path);
  if (array.size() < least) refuse(path, fmt::format("fewer than {} items", least));
  if (array.size() > most) refuse(path, fmt::format("more than {} items", most));
  for (std::size_t i = 0; i < array.size(); ++i) each(array[i], Path{&path, {}, i});
}

/// Counts what one condition and its whole rule may hold.
struct Budget {
  std::size_t nodes = 0;
  std::size_t silences = 0;  // of the rule: each has a bit in its memory
};

Condition read_condition(const value& v, const Path& path, Budget& budget, std::size_t level = 1);

void read_parts(Condition& out, Condition::Kind kind, const Members& members, std::string_view name,
                Budget& budget, std::size_t level) {
  out.kind = kind;
  const Path here = members.at(name);
  read_list(members.need(name), here, 1, kNodes, [&](const value& part, const Path& at) {
    out.parts.push_back(read_condition(part, at, budget, level + 1));
  });
}

void read_silent(Condition& out, const value& v, const Path& path, Budget& budget) {
  const Members m(v, path, {"silent", "metric", "detection"});
  out.kind = Condition::Kind::silent;
  out.silence = read_positive(m.need("silent"), m.at("silent"));
  if (const value* metric = m.find("metric")) out.metric = read_word(*metric, m.at("metric"));
  if (const value* kind = m.find("detection")) {
    if (!out.metric.empty())
      refuse(m.at("detection"), "a silence is of a metric or of a detection, not of both");
    out.detection = read_word(*kind, m.at("detection"));
  }
  if (++budget.silences > kSilences)
    refuse(path, fmt::format("more than {} silences in one rule", kSilences));
}

void read_compare(Condition& out, const value& v, const Path& path) {
  const Members m(v, path, {"metric", "op", "value", "attribute"});
  out.kind = Condition::Kind::compare;
  out.metric = read_word(m.need("metric"), m.at("metric"));
  out.op = static_cast<Op>(read_choice(m.need("op"), m.at("op"), kOps));
  if (const value* attribute = m.find("attribute")) {
    if (m.find("value") != nullptr)
      refuse(m.at("attribute"), "compare with a value or with an attribute, not with both");
    out.attribute = read_word(*attribute, m.at("attribute"));
    return;
  }
  const value& number = m.need("value");
  if (const bool* truth = number.if_bool())
    out.value = *truth ? 1 : 0;
  else
    out.value = reflect::read_double(number, m.at("value"));
}

Condition read_condition(const value& v, const Path& path, Budget& budget, std::size_t level) {
  if (level > kLevels) refuse(path, fmt::format("deeper than {} levels", kLevels));
  if (++budget.nodes > kNodes)
    refuse(path, fmt::format("more than {} parts in one condition", kNodes));
  const object& o = reflect::object_of(v, path);
  Condition out;
  if (o.contains("all")) {
    read_parts(out, Condition::Kind::all, Members(v, path, {"all"}), "all", budget, level);
  } else if (o.contains("any")) {
    read_parts(out, Condition::Kind::any, Members(v, path, {"any"}), "any", budget, level);
  } else if (o.contains("not")) {
    const Members m(v, path, {"not"});
    out.kind = Condition::Kind::negation;
    out.parts.push_back(read_condition(m.need("not"), m.at("not"), budget, level + 1));
  } else if (o.contains("silent")) {
    read_silent(out, v, path, budget);
  } else if (o.contains("detection")) {
    const Members m(v, path, {"detection", "confidence"});
    out.kind = Condition::Kind::detection;
    out.detection = read_word(m.need("detection"), m.at("detection"));
    if (const value* least = m.find("confidence")) {
      out.confidence = reflect::read_double(*least, m.at("confidence"));
      if (out.confidence < 0 || out.confidence > 1)
        reflect::refuse(m.at("confidence"), "json.out_of_range", "not between 0 and 1");
    }
  } else if (o.contains("metric")) {
    read_compare(out, v, path);
  } else {
    refuse(path, "no condition: give one of metric, detection, silent, all, any, not");
  }
  return out;
}

/// The node budget is one condition's, the silences are the whole rule's.
Condition read_when(const Members& members, Budget& budget) {
  budget.nodes = 0;
  return read_condition(members.need("when"), members.at("when"), budget);
}

Duration read_for(const Members& members) {
  const value* length = members.find("for");
  return length != nullptr ? reflect::read_duration(*length, members.at("for")) : Duration{0};
}

AppliesTo read_applies_to(const value& v, const Path& path) {
  const Members m(v, path, {"profile", "place", "tags", "devices"});
  AppliesTo to;
  if (const value* profile = m.find("profile"))
    to.profile = read_client_id(*profile, m.at("profile"));
  if (const value* place = m.find("place")) to.place = read_client_id(*place, m.at("place"));
  if (const value* tags = m.find("tags"))
    read_list(*tags, m.at("tags"), 1, kTags,
              [&](const value& tag, const Path& at) { to.tags.push_back(read_word(tag, at)); });
  if (const value* devices = m.find("devices"))
    read_list(*devices, m.at("devices"), 1, kDevices, [&](const value& id, const Path& at) {
      to.devices.push_back(read_client_id(id, at));
    });
  if (to == AppliesTo{}) refuse(path, "names nothing: give profile, place, tags or devices");
  return to;
}

Raise read_raise(const value& v, const Path& path, Budget& budget) {
  const Members m(v, path, {"when", "for", "times", "within"});
  Raise raise;
  raise.when = read_when(m, budget);
  raise.held_for = read_for(m);
  const value* times = m.find("times");
  const value* within = m.find("within");
  if (times != nullptr)
    raise.times = static_cast<int>(reflect::read_signed(*times, m.at("times"), 1, 1000));
  if (within != nullptr) raise.within = read_positive(*within, m.at("within"));
  if (raise.times > 1 && within == nullptr)
    reflect::refuse(m.at("within"), "json.missing", "must be given with times");
  if (within != nullptr && times == nullptr)
    reflect::refuse(m.at("times"), "json.missing", "must be given with within");
  return raise;
}

int read_minute(const value& v, const Path& path, int most) {
  const std::string_view text = reflect::read_text(v, path);
  const auto digit = [&](std::size_t i) {
    return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 100;
  };
  if (text.size() == 5 && text[2] == ':') {
    const int hour = digit(0) * 10 + digit(1), minute = digit(3) * 10 + digit(4);
    if (minute < 60 && hour * 60 + minute <= most) return hour * 60 + minute;
  }
  refuse(path, most == 1440 ? "not a time of day from 00:01 to 24:00"
                            : "not a time of day from 00:00 to 23:59");
}

Window read_window(const value& v, const Path& path) {
  const Members m(v, path, {"days", "from", "to"});
  Window window;
  if (const value* days = m.find("days")) {
    window.days = 0;
    read_list(*days, m.at("days"), 1, 7, [&](const value& day, const Path& at) {
      window.days = static_cast<std::uint8_t>(window.days | 1U << read_choice(day, at, kDays));
    });
  }
  window.from = read_minute(m.need("from"), m.at("from"), 1439);
  window.to = read_minute(m.need("to"), m.at("to"), 1440);
  if (window.to == 0) window.to = 1440;  // "00:00" ends a day as "24:00" does
  if (window.from == window.to)
    refuse(m.at("to"), "a window of no length; the whole day is 00:00 to 24:00");
  return window;
}

int read_zone(const value& v, const Path& path) {
  const std::string_view text = reflect::read_text(v, path);
  if (text == "Z") return 0;
  const auto digit = [&](std::size_t i) {
    return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 100;
  };
  if (text.size() == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':') {
    const int hour = digit(1) * 10 + digit(2), minute = digit(4) * 10 + digit(5);
    if (hour < 24 && minute < 60) return (text[0] == '-' ? -1 : 1) * (hour * 60 + minute);
  }
  refuse(path, "not an offset such as +08:00");
}

Schedule read_schedule(const value& v, const Path& path) {
  const Members m(v, path, {"zone", "windows"});
  Schedule schedule;
  if (const value* zone = m.find("zone")) schedule.offset_minutes = read_zone(*zone, m.at("zone"));
  read_list(m.need("windows"), m.at("windows"), 1, kWindows,
            [&](const value& window, const Path& at) {
              schedule.windows.push_back(read_window(window, at));
            });
  return schedule;
}

std::string read_params(const Members& members) {
  const value* params = members.find("params");
  return params != nullptr ? lifang::to_json(reflect::object_of(*params, members.at("params")))
                           : "{}";
}

/// An interlock reads standing values; a detection is an instant and would never let the machine
/// go.
void refuse_detections(const Condition& condition, const Path& path) {
  if (condition.kind == Condition::Kind::detection)
    refuse(path, "a detection is an instant: an interlock needs values that stand");
  for (const Condition& part : condition.parts) refuse_detections(part, path);
}

Command read_command(const value& v, const Path& path) {
  const Members m(v, path,
                  {"command", "params", "device", "when", "release", "hold", "max_age", "timeout"});
  Command command;
  command.method = read_word(m.need("command"), m.at("command"));
  command.params = read_params(m);
  if (const value* device = m.find("device"))
    command.device = read_client_id(*device, m.at("device"));
  if (command.device == "self") command.device.clear();
  if (m.find("when") != nullptr) {
    Budget own;
    command.interlock = read_when(m, own);
    refuse_detections(*command.interlock, m.at("when"));
  }
  if (const value* release = m.find("release")) {
    const Path here = m.at("release");
    const Members r(*release, here, {"command", "params"});
    command.release_method = read_word(r.need("command"), r.at("command"));
    command.release_params = read_params(r);
  }
  if (const value* hold = m.find("hold")) {
    command.hold = read_positive(*hold, m.at("hold"));
    if (command.release_method.empty())
      reflect::refuse(m.at("release"), "json.missing", "must be given with hold");
  }
  if (const value* age = m.find("max_age")) command.max_age = read_positive(*age, m.at("max_age"));
  if (const value* timeout = m.find("timeout"))
    command.timeout = read_positive(*timeout, m.at("timeout"));
  return command;
}

Action read_action(const value& v, const Path& path) {
  const object& o = reflect::object_of(v, path);
  if (o.contains("command")) return read_command(v, path);
  if (o.contains("whistle")) {
    const Members m(v, path, {"whistle", "report_in"});
    Whistle whistle;
    read_list(m.need("whistle"), m.at("whistle"), 1, kCalled, [&](const value& organisation, const Path& at) {
      whistle.organisations.push_back(read_word(organisation, at));
    });
    if (const value* within = m.find("report_in")) whistle.report_in = read_positive(*within, m.at("report_in"));
    return whistle;
  }
  if (!o.contains("notify"))
    refuse(path, "no action: give command, notify or whistle (a case is opened by /case)");
  const Members m(v, path, {"notify", "text"});
  return Notify{read_word(m.need("notify"), m.at("notify")),
                read_word(m.need("text"), m.at("text"), kTextBytes)};
}

Severity read_severity(const Members& members) {
  return static_cast<Severity>(
      read_choice(members.need("severity"), members.at("severity"), kSeverities));
}

Rule read_rule(const value& v) {
  const Path root;
  const Members m(v, root,
                  {"name", "applies_to", "raise", "clear", "severity", "escalate", "schedule",
                   "on_duty", "actions", "case"});
  Rule rule;
  Budget budget;
  rule.name = read_word(m.need("name"), m.at("name"), kNameBytes);
  rule.applies_to = read_applies_to(m.need("applies_to"), m.at("applies_to"));
  rule.raise = read_raise(m.need("raise"), m.at("raise"), budget);
  if (const value* clear = m.find("clear")) {
    const Path here = m.at("clear");
    const Members c(*clear, here, {"when", "for"});
    rule.clear = Clear{read_when(c, budget), read_for(c)};
  }
  rule.severity = read_severity(m);
  if (const value* stages = m.find("escalate"))
    read_list(*stages, m.at("escalate"), 0, kStages, [&](const value& stage, const Path& at) {
      const Members s(stage, at, {"when", "severity"});
      rule.escalate.push_back({read_when(s, budget), read_severity(s)});
      if (rule.escalate.back().severity <= rule.severity)
        refuse(s.at("severity"), "not above the rule's own severity");
    });
  if (const value* schedule = m.find("schedule")) {
    rule.schedule = read_schedule(*schedule, m.at("schedule"));
    const auto minutes = minutes_of_week(*rule.schedule);
    if (!minutes.empty() && longest_window(minutes) <= rule.raise.held_for) {
      const Path raise = m.at("raise");
      refuse(Path{&raise, "for", {}},
             "no window of the schedule is longer, so it could never raise");
    }
  }
  if (const value* post = m.find("on_duty")) rule.on_duty = read_client_id(*post, m.at("on_duty"));
  if (const value* actions = m.find("actions"))
    read_list(*actions, m.at("actions"), 0, kActions, [&](const value& action, const Path& at) {
      rule.actions.push_back(read_action(action, at));
    });
  if (const value* kind = m.find("case")) rule.case_kind = read_word(*kind, m.at("case"));
  const bool whistles = std::any_of(rule.actions.begin(), rule.actions.end(), [](const Action& a) { return std::holds_alternative<Whistle>(a); });
  if (whistles && rule.case_kind.empty()) reflect::refuse(m.at("case"), "json.missing", "must be given with a whistle");
  return rule;
}

}  // namespace

std::string_view word_of(Severity severity) {
  return kSeverities[static_cast<std::size_t>(severity)];
}

std::optional<Severity> severity_of(std::string_view word) {
  const auto found = std::find(kSeverities.begin(), kSeverities.end(), word);
  if (found == kSeverities.end()) return std::nullopt;
  return static_cast<Severity>(found - kSeverities.begin());
}

std::string_view word_of(Op op) {
  return kOps[static_cast<std::size_t>(op)];
}

Rule parse_rule(std::string_view json) {
  return read_rule(parse_json(json, kLimits));
}

std::string_view RuleJson::schemas() {
  const auto files = embedded::data();
  const auto found = std::find_if(files.begin(), files.end(), [](const embedded::File& file) {
    return file.path.ends_with("rules/data/rule.schema.json");
  });
  check(found != files.end(), "the schema of a rule travels inside the program");
  return found->bytes;
}

Condition parse_condition(std::string_view json, std::string_view field) {
  Budget budget;
  const value v = parse_json(json, kLimits);
  return read_condition(v, Path{nullptr, field, {}}, budget);
}

}  // namespace lifang::rules
