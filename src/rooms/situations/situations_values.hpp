// The values and events of situations: what goes in and out of the door. A part of the door.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/json_text.hpp"
#include "rooms/devices/devices.hpp"
#include "rooms/rules/rules.hpp"

namespace lifang::situations {

struct SituationTag {
  static constexpr std::string_view prefix = "situation";
};
using SituationId = Id<SituationTag>;

enum class Severity { info, warning, critical };
BOOST_DESCRIBE_ENUM(Severity, info, warning, critical)
enum class State { open, cleared };
BOOST_DESCRIBE_ENUM(State, open, cleared)

/// What decided, copied so that retention never breaks the chain: a metric's value against its limit (the device's
/// `attribute` where that was the limit), a detection (with picture or clip), or a silence. `held` false: the test was
/// not true and decided all the same, because it stands under a `not`. `rose_to`: it did not raise the situation but lifted
/// its severity to that.
struct Evidence {
  std::optional<std::string> metric, unit, op, attribute, detection, file, detection_id, silent;
  std::optional<double> value, limit, confidence;
  std::optional<bool> held;
  std::optional<Time> ts;
  std::optional<Severity> rose_to;
};
BOOST_DESCRIBE_STRUCT(Evidence, (),
                      (metric, unit, op, attribute, detection, file, detection_id, silent, value, limit, confidence, held, ts, rose_to))

struct Situation {
  SituationId id;
  rules::RuleId rule;
  std::int64_t rule_version = 0;
  devices::DeviceId device;
  places::PlaceId place;
  std::string path;
  Severity severity = Severity::info;
  State state = State::open;
  bool silenced = false;   ///< began during maintenance that is not over: kept, but nobody is called
  bool drill = false;
  Time began_at;           ///< by the device's clock
  std::optional<Time> ended_at;
  Time raised_at;          ///< by the server's clock
  std::optional<Time> cleared_at;
  std::optional<double> peak;
  std::int64_t readings = 0;
  std::string text;        ///< why, in one plain Chinese sentence
  std::string text_en;
  std::vector<Evidence> evidence;
  std::string cause;       ///< "reading:DEVICE:METRIC:TS" or the id of a detection
  std::optional<std::string> seen_by;
  std::optional<Time> seen_at;
  bool false_alarm = false;
  std::optional<std::string> false_reason;
};
BOOST_DESCRIBE_STRUCT(Situation, (),
                      (id, rule, rule_version, device, place, path, severity, state, silenced, drill, began_at, ended_at,
                       raised_at, cleared_at, peak, readings, text, text_en, evidence, cause, seen_by, seen_at,
                       false_alarm, false_reason))

/// What a command's interlock said when the situation was raised.
enum class Interlock { no, yes, unknown };
BOOST_DESCRIBE_ENUM(Interlock, no, yes, unknown)

struct Opened {
  static constexpr std::string_view topic = "situations.opened";
  SituationId situation;
  rules::RuleId rule;
  std::int64_t rule_version = 0;
  devices::DeviceId device;
  places::PlaceId place;
  std::string path;
  Severity severity = Severity::info;
  std::optional<std::string> case_kind;
  bool silenced = false;
  Time began_at;
  std::string text;
  Time raised_at;    ///< by the server's clock
  Time evidence_at;  ///< the oldest value or detection that it rests on, by the device's clock
  std::vector<Interlock> interlocks;  ///< one for each of the rule's actions; empty: none has an interlock
};
/// The maintenance during which it began is over and it lasts: as good as opened now. `raised_at` is now; whether
/// machines may move is judged by what stands now, so `interlocks` is empty.
struct Unsilenced : Opened {
  static constexpr std::string_view topic = "situations.unsilenced";
};
struct Rose {
  static constexpr std::string_view topic = "situations.rose";
  /// Missing from what was told before it was asked for.
  static constexpr auto defaulted = members("at", "text", "text_en");
  SituationId situation;
  Severity severity = Severity::info;
  Time at;                     ///< by the device's clock
  std::optional<double> peak;  ///< so far
  std::string text, text_en;   ///< why, in one plain sentence of each language
};
/// What ended a situation if no device said so: nothing was measured then.
enum class Unmeasured { device_removed, by_hand };
BOOST_DESCRIBE_ENUM(Unmeasured, device_removed, by_hand)
struct Cleared {
  static constexpr std::string_view topic = "situations.cleared";
  SituationId situation;
  Time ended_at;
  std::optional<Unmeasured> unmeasured;
};
struct Acknowledged {
  static constexpr std::string_view topic = "situations.acknowledged";
  SituationId situation;
};
struct MarkedFalse {
  static constexpr std::string_view topic = "situations.marked_false";
  SituationId situation;
  rules::RuleId rule;
  bool false_alarm = true;
};
BOOST_DESCRIBE_STRUCT(Opened, (),
                      (situation, rule, rule_version, device, place, path, severity, case_kind, silenced, began_at, text,
                       raised_at, evidence_at, interlocks))
BOOST_DESCRIBE_STRUCT(Unsilenced, (Opened), ())
BOOST_DESCRIBE_STRUCT(Rose, (), (situation, severity, at, peak, text, text_en))
BOOST_DESCRIBE_STRUCT(Cleared, (), (situation, ended_at, unmeasured))
BOOST_DESCRIBE_STRUCT(Acknowledged, (), (situation))
BOOST_DESCRIBE_STRUCT(MarkedFalse, (), (situation, rule, false_alarm))

struct Filter {
  std::optional<rules::RuleId> rule;
  std::optional<devices::DeviceId> device;
  std::optional<places::PlaceId> place;  ///< the subtree
  std::optional<State> state;
  std::optional<Severity> severity;
  std::optional<Time> from, to;          ///< from ≤ began_at < to
  std::optional<std::string> after;      ///< id of the last one seen; newest first
  std::size_t limit = 50;
};

/// How often a rule was wrong, by what staff marked.
struct FalseRate {
  rules::RuleId rule;
  std::int64_t situations = 0;  ///< drills and silenced ones not among them
  std::int64_t false_alarms = 0;
};
BOOST_DESCRIBE_STRUCT(FalseRate, (), (rule, situations, false_alarms))

/// What became of one situation, for the search of a milder rule.
struct Outcome {
  std::string device;
  Time began_at;
  std::optional<Time> ended_at;
  std::optional<double> peak;
  bool false_alarm = false;
};

}  // namespace lifang::situations
