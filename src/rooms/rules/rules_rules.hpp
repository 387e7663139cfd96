// The definition of a rule: what it applies to, when it raises and clears, and what follows. Values
// only.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json_text.hpp"
#include "base/time.hpp"

namespace lifang::rules {

enum class Severity : std::uint8_t { info, warning, critical };
std::string_view word_of(Severity severity);  ///< "info", "warning", "critical"
std::optional<Severity> severity_of(std::string_view word);

enum class Op : std::uint8_t { gt, ge, lt, le, eq, ne };
std::string_view word_of(Op op);  ///< ">", ">=", "<", "<=", "==", "!="
bool holds(double left, Op op, double right);

/// A tree over comparisons, detections and silences. Spellings (contract §3):
///   compare    {"metric":"pm25","op":">","value":150}   value: number, or true/false read as 1/0
///              {"metric":"pm25","op":">","attribute":"limit_pm25"}   a fact of the device
///   detection  {"detection":"ebike_in_lift","confidence":0.6}   confidence defaults to 0
///   silent     {"silent":"PT30M"}   the whole device; with "metric" or "detection": that one alone
///   all, any   {"all":[…]}, {"any":[…]}   at least one part
///   negation   {"not":…}
/// A detection is an instant: it is true or false in the item that brings one of its kind (by its
/// confidence) and unknown in every other, so it neither raises nor clears later by itself.
struct Condition {
  enum class Kind : std::uint8_t { all, any, negation, compare, detection, silent };
  Kind kind = Kind::all;
  std::vector<Condition> parts;  ///< all, any: one or more; negation: exactly one
  std::string metric;            ///< compare; silent of one metric
  Op op = Op::gt;                ///< compare
  double value = 0;              ///< compare without attribute; finite
  std::string attribute;         ///< compare with a fact of the device, else empty
  std::string detection;         ///< detection; silent of one kind of detection
  double confidence = 0;         ///< detection: at least this, 0…1
  Duration silence{0};           ///< silent: positive
  bool operator==(const Condition&) const = default;
};

/// Members that are given narrow each other; at least one is given. `tags`: the device has all of
/// them.
struct AppliesTo {
  std::string profile;
  std::string place;  ///< the place or anything below it
  std::vector<std::string> tags;
  std::vector<std::string> devices;
  bool operator==(const AppliesTo&) const = default;
};

/// Raises once the condition has held for `held_for` without a break *and* `times` occurrences lie
/// within `within` (both ends included). An occurrence is an item that brings data the rule names
/// (or an instant at which a silence that it names begins) while the condition holds. A raise uses
/// its occurrences up.
struct Raise {
  Condition when;
  Duration held_for{0};  ///< "for"
  int times = 1;         ///< 1…1000
  Duration within{0};    ///< positive if times > 1
  bool operator==(const Raise&) const = default;
};

struct Clear {
  Condition when;
  Duration held_for{0};  ///< "for"
  bool operator==(const Clear&) const = default;
};

/// While open, severity rises to this as soon as the condition holds. Always above the rule's own.
struct Stage {
  Condition when;
  Severity severity = Severity::critical;
  bool operator==(const Stage&) const = default;
};

/// A weekly stretch [from, to) of minutes of the day; to ≤ from reaches into the next day.
struct Window {
  std::uint8_t days = 0x7f;  ///< bit 0 = Monday … bit 6 = Sunday: the day on which it begins
  int from = 0;              ///< 0…1439
  int to = 1440;             ///< 1…1440
  bool operator==(const Window&) const = default;
};

/// {"zone":"+08:00","windows":[{"days":["mon","tue"],"from":"22:00","to":"06:00"}]}; without zone
/// the district's. Outside its windows a rule neither raises nor begins a `for`, and the end of a
/// window breaks a `for`; when a window opens on a condition that still stands, it begins then.
/// What is open stays open until it clears, in or out of the windows: the end of a shift does not
/// end a fire.
struct Schedule {
  std::optional<int> offset_minutes;  ///< −1439…1439
  std::vector<Window> windows;        ///< one or more
  bool operator==(const Schedule&) const = default;
};

/// {"command":"set_mist","params":{…},"device":"mist-1","when":{…},"release":{"command":…,"params":…},
///  "hold":"PT10M","max_age":"PT5M","timeout":"PT10S"}
struct Command {
  std::string method;
  std::string params = "{}";  ///< a JSON object, as text
  std::string device;         ///< an id; empty (or "self" when read): what the situation is about
  std::optional<Condition> interlock;  ///< "when": over the subject's latest values; no detections
  std::string release_method;          ///< sent when the situation clears; empty: nothing is
  std::string release_params = "{}";
  std::optional<Duration>
      hold;  ///< without fresh evidence for so long it is released; needs a release
  Duration max_age{std::chrono::minutes(5)};   ///< evidence older than this moves nothing
  Duration timeout{std::chrono::seconds(10)};  ///< for the device's answer
  bool operator==(const Command&) const = default;
};

/// {"notify":"post or audience","text":"…"}
struct Notify {
  std::string whom;
  std::string text;
  bool operator==(const Notify&) const = default;
};

/// {"whistle":["police","urban-management"],"report_in":"PT30M"}: the case that the rule opens goes up a circle at once
/// (数据哨, 科技哨 or 智能哨, by what raises it), and these organisations are called to report in. Needs "case".
struct Whistle {
  std::vector<std::string> organisations;
  std::optional<Duration> report_in;  ///< absent: the kind's own
  bool operator==(const Whistle&) const = default;
};

using Action = std::variant<Command, Notify, Whistle>;

struct Rule {
  std::string name;
  AppliesTo applies_to;
  Raise raise;
  std::optional<Clear> clear;  ///< absent: clears when the raise condition no longer holds
  Severity severity = Severity::info;
  std::vector<Stage> escalate;
  std::optional<Schedule> schedule;
  /// A post. Raises only while the roster has somebody of it due where the device stands, or knows nothing of that post
  /// there: nobody is missed who need not be there. Empty: always.
  std::string on_duty;
  std::vector<Action> actions;
  std::string case_kind;  ///< "case"; empty: no case is opened
  bool operator==(const Rule&) const = default;
};

/// Reads one rule. Throws Refusal: `unreadable` if the text is no JSON, else `invalid` with code
/// "rules.invalid" and a JSON pointer to the leaf to blame. Unknown members are refused. Limits: 64
/// KiB, 16 levels and 64 nodes a condition, 16 actions, 8 stages, 64 windows, 32 tags, 1,000
/// devices.
Rule parse_rule(std::string_view json);
/// The canonical text: parse_rule(to_json(rule)) == rule.
std::string to_json(const Rule& rule);

/// A rule as JSON on its way in or out. Its schema (data/rule.schema.json) is for those who write rules with other
/// programs; what decides is parse_rule.
struct RuleJson : JsonObject {
  static constexpr std::string_view schema_name = "rules.Rule";
  static std::string_view schemas();
};

/// A lone condition, under the same limits; `field` leads the pointers of refusals.
Condition parse_condition(std::string_view json, std::string_view field = "");
std::string to_json(const Condition& condition);

/// What a rule names, each once, in reading order (interlocks not counted): for checks against
/// profiles.
struct Mentions {
  std::vector<std::string> metrics;
  std::vector<std::string> attributes;
  std::vector<std::string> detections;
};
Mentions mentions(const Rule& rule);
/// Whether anything that the device may say or leave unsaid clears a situation of the rule: a detection is an instant, and
/// does not end by being seen no more.
bool can_end(const Rule& rule);
/// Whether its `clear` can be met, by a detection too ("fall_over"): unlike a standing it may be lost on its way.
bool is_seen_to_end(const Rule& rule);
/// Whether a face that a camera knows is enough to raise it, with no other test that must hold beside it.
bool raises_on_face_alone(const Rule& rule);

enum class Truth : std::uint8_t { no, yes, unknown };

/// Latest values of one device, asked by name.
struct Standing {
  struct Reading {
    Time ts{};
    double value = 0;
  };
  std::function<std::optional<Reading>(std::string_view metric)> latest;
  std::function<std::optional<double>(std::string_view attribute)> attribute;
  std::optional<Time> newest;  ///< newest ts of the device, for silences
  Time now{};                  ///< the device's clock, for silences
};

/// Judges a condition on latest values, in Kleene's logic: an interlock releases a machine only at
/// `yes`. Detections are unknown here.
Truth evaluate(const Condition& condition, const Standing& standing);

}  // namespace lifang::rules
