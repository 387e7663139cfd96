// Rules compiled for devices: flat arrays that judge without allocating, shared by like devices.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rooms/rules/rules_schedule.hpp"

namespace lifang::rules {

/// One immutable version of a rule. `number` is the store's small stable integer for the rule.
struct RuleVersion {
  std::uint32_t number = 0;
  std::uint32_t version = 0;
  std::string id;
  Rule rule;
};
using RulePtr = std::shared_ptr<const RuleVersion>;

struct RuleRef {
  std::uint32_t number = 0;
  std::uint32_t version = 0;
  auto operator<=>(const RuleRef&) const = default;
};

/// How the caller numbers the words of one profile's devices. Any numbers will do; programs and
/// memories use small slots of their own for what rules name. A metric that the profile lacks is
/// never known.
struct Words {
  std::string profile;  ///< with `revision` the name of this numbering: programs are shared by it
  std::uint32_t revision = 0;  ///< changes when the profile's metrics change
  std::function<std::optional<std::uint16_t>(std::string_view)> metric;
  std::function<std::uint16_t(std::string_view)> detection;
  int offset_minutes = 480;  ///< the district's zone, for schedules that name none
};

/// A device as the choice of rules sees it.
struct Subject {
  std::string_view id;
  std::string_view profile;
  std::span<const std::string> tags;
  std::span<const std::string> places;  ///< its own place and every one above it
};

constexpr std::uint16_t kNone16 = 0xffff;

/// A test at the end of a branch, all words resolved: judging looks nothing up. A comparison with a
/// constant is an interval: yes if lo ≤ v ≤ hi, turned over by `invert`.
struct Leaf {
  enum class Kind : std::uint8_t { within, attribute, detection, silent, never_known };
  Kind kind = Kind::never_known;
  Op op = Op::gt;
  bool invert = false;
  std::uint16_t of = kNone16;  ///< slot of the metric, slot of the kind, or bit of the silence
  std::uint16_t attribute = kNone16;  ///< index into DeviceProgram::attributes
  double lo = 0;                      ///< detection: the least confidence
  double hi = 0;
  double limit = 0;  ///< as the rule spells it
};

struct Step {
  enum class Kind : std::uint8_t { leaf, negation, all, any };
  Kind kind = Kind::leaf;
  std::uint16_t arg = 0;  ///< leaf: index; all, any: how many operands
};

/// Postfix steps [first, first + count); count 0: there is no such condition.
struct Code {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

struct Silence {
  enum class Of : std::uint8_t { device, metric, detection };
  Of of = Of::device;
  std::uint16_t which = 0;  ///< slot of the metric or kind
  Duration length{0};
};

struct StageCode {
  Code when;
  Severity severity = Severity::critical;
};

/// A rule version within one device's program. Entries that are pinned (an open situation of a
/// version that is no longer current or no longer applies) come first; they clear and never raise.
struct Entry {
  RulePtr rule;
  Code raise;
  Code clear;
  std::uint32_t first_stage = 0, stages = 0;
  std::uint32_t first_silence = 0, silences = 0;
  std::uint32_t first_minute = 0,
                minutes = 0;           ///< schedule: pairs of minutes of the week; 0: always
  std::uint32_t first_occurrence = 0;  ///< in the memory's ring area; `times` slots if times > 1
  Duration held_for{0};
  Duration clear_for{0};
  Duration within{0};
  int offset_minutes = 0;
  std::uint16_t times = 1;
  std::uint16_t blocked_by = kNone16;  ///< the pinned entry of the same rule
  std::uint16_t blocks = kNone16;      ///< the entry that waits for this pinned one
  std::uint16_t peak_of = kNone16;     ///< slot of the metric or kind whose extreme is kept
  bool peak_is_detection = false;
  bool peak_is_lowest = false;
  bool pinned = false;
  bool simple = false;  ///< judged by `thresholds` alone
  bool interlocked = false;  ///< some command of it has an interlock, judged when it raises
  Severity severity = Severity::info;
};

/// A rule that is one threshold up and perhaps one down on the same metric: the common case, laid
/// flat.
struct Threshold {
  double raise_lo, raise_hi, clear_lo, clear_hi;
  std::uint16_t entry;
  bool raise_invert, clear_invert;
};

/// Of a slot: which stretch of `thresholds`, `touches` and `ends` concerns it.
struct Range {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

struct DeviceProgram {
  std::vector<Entry> entries;
  std::vector<Leaf> leaves;
  std::vector<Step> steps;
  std::vector<StageCode> stage_codes;
  std::vector<Silence> silences;
  std::vector<std::uint16_t> minutes;
  std::vector<Threshold> thresholds;     ///< by metric
  std::vector<std::uint16_t> touches;    ///< entries other than thresholds, by metric, then by kind
  std::vector<std::uint32_t> ends;       ///< (entry << 16 | bit of its silence), by what is silent
  std::vector<Range> metric_thresholds;  ///< by slot, as the four below
  std::vector<Range> metric_touches;
  std::vector<Range> metric_ends;
  std::vector<Range> kind_touches;
  std::vector<Range> kind_ends;
  Range device_ends;
  std::vector<std::uint16_t>
      metric_slots;  ///< by the caller's number: the slot, kNone16 if no rule names it
  std::vector<std::uint16_t> metrics;     ///< by slot: the caller's number
  std::vector<std::string> metric_names;  ///< by slot
  std::vector<std::uint16_t> kinds;       ///< by slot: the caller's number
  std::vector<std::string> kind_names;    ///< by slot
  std::vector<std::string> attributes;    ///< names; judging takes their numbers in this order
  std::uint32_t occurrence_slots = 0;

  std::uint16_t slot_of_metric(std::uint16_t number) const {
    return number < metric_slots.size() ? metric_slots[number] : kNone16;
  }
  std::uint16_t slot_of_kind(std::uint16_t number) const;
  /// The entry of a rule version, or kNone16.
  std::uint16_t find(RuleRef ref) const;
};
using ProgramPtr = std::shared_ptr<const DeviceProgram>;

/// Compiles versions for devices that speak `words`. At most 60,000 entries; a version stands in
/// one list only.
ProgramPtr compile(const Words& words, std::span<const RulePtr> current,
                   std::span<const RulePtr> pinned = {});

/// The active versions of all rules, one of each.
class RuleSet {
 public:
  RuleSet() = default;
  explicit RuleSet(std::vector<RulePtr> active);

  /// Takes the place of the version of this rule that stands here, if one does. The cost is that of the rules with
  /// the same profile, not of all of them: thousands are loaded one after the other.
  void put(RulePtr rule);
  /// nullptr if the rule has no version here.
  RulePtr find(std::uint32_t number) const;
  void remove(std::uint32_t number);

  /// The rules that apply to a device, by ascending number.
  std::vector<RulePtr> applying(const Subject& subject) const;
  std::size_t size() const { return active_.size(); }

 private:
  using List = std::vector<RulePtr>;
  template <class Fn>
  void each_list(const AppliesTo& to, Fn&& fn);

  std::unordered_map<std::uint32_t, RulePtr> active_;  ///< by number
  std::unordered_map<std::string, List> by_profile_;
  std::unordered_map<std::string, List> by_device_;    ///< those with no profile
  List everywhere_;                                    ///< by place or tags only
};

bool applies(const AppliesTo& to, const Subject& subject);

/// Keeps compiled programs as long as some device uses them, so that like devices share one. One
/// thread.
class Programs {
 public:
  ProgramPtr fitting(const Words& words, std::span<const RulePtr> current,
                     std::span<const RulePtr> pinned = {});
  /// Forgets programs that nobody uses any more.
  void sweep();
  std::size_t size() const { return shelf_.size(); }

 private:
  std::map<std::string, std::weak_ptr<const DeviceProgram>> shelf_;
};

}  // namespace lifang::rules
