// Rules: what counts as what. Kept in versions, tried on the past, judged live. The door of the room.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "base/describe.hpp"
#include "base/id.hpp"
#include "platform/bus/bus.hpp"
#include "platform/jobs/jobs.hpp"
#include "rooms/devices/devices.hpp"
#include "rooms/readings/readings.hpp"
#include "rooms/rules/rules_live.hpp"
#include "rooms/rules/rules_rules.hpp"

namespace lifang::rules {

using RuleId = Id<struct RuleTag>;  ///< chosen by the client

enum class State { draft, active, retired };
BOOST_DESCRIBE_ENUM(State, draft, active, retired)

/// What may be meant otherwise than it was said, in English and, in the same order, in Chinese.
struct Warnings {
  std::vector<std::string> en, zh;
  void add(std::string english, std::string chinese) {
    en.push_back(std::move(english));
    zh.push_back(std::move(chinese));
  }
};

/// What a PUT or an activation answers. `warnings`: words that no device can say or nobody here knows, such as an unknown metric of
/// a known profile, an unknown kind of case, an unknown organisation; `warnings_zh`: the same in Chinese.
struct Kept {
  RuleId id;
  std::int64_t version = 0;
  State state = State::draft;
  std::vector<std::string> warnings;
  std::vector<std::string> warnings_zh;
};
BOOST_DESCRIBE_STRUCT(Kept, (), (id, version, state, warnings, warnings_zh))

/// A rule as it stands: its newest version, and which one judges now (0: none).
struct RuleView {
  RuleId id;
  std::string name;
  std::int64_t version = 0;
  std::int64_t active_version = 0;
  State state = State::draft;
  RuleJson rule;
  std::int64_t situations = 0;       ///< that it raised, drills and silenced ones not among them
  std::int64_t false_alarms = 0;     ///< of them, as staff marked them
  std::optional<double> false_rate;  ///< absent where there is no situation
};
BOOST_DESCRIBE_STRUCT(RuleView, (), (id, name, version, active_version, state, rule, situations, false_alarms, false_rate))

struct VersionView {
  std::int64_t version = 0;
  Time kept_at;
  std::string by;
  std::optional<Time> activated_at;
  RuleJson rule;
};
BOOST_DESCRIBE_STRUCT(VersionView, (), (version, kept_at, by, activated_at, rule))

struct RuleKept {
  static constexpr std::string_view topic = "rules.kept";
  RuleId rule;
  std::int64_t version = 0;
};
struct Activated {
  static constexpr std::string_view topic = "rules.activated";
  RuleId rule;
  std::int64_t version = 0;
};
struct Retired {
  static constexpr std::string_view topic = "rules.retired";
  RuleId rule;
  std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(RuleKept, (), (rule, version))
BOOST_DESCRIBE_STRUCT(Activated, (), (rule, version))
BOOST_DESCRIBE_STRUCT(Retired, (), (rule, version))

/// Rules belong to the whole node: rights `rules.read` and `rules.write` over "/".
class Rules {
 public:
  Rules(bus::Bus& bus, jobs::Jobs& jobs, devices::Devices& devices, readings::Readings& readings, int offset_minutes);

  /// After devices and readings: reads active versions and memories, arms the timers.
  void open(Tx& tx);
  Live& live() { return live_; }

  /// A new version, as a draft; the same words again are the same version.
  Kept put(Tx& tx, const Caller& caller, const RuleId& id, const std::string& words);
  /// The newest version judges from here on.
  Kept activate(Tx& tx, const Caller& caller, const RuleId& id);
  /// No version judges any more; what is open clears by its own version.
  Kept retire(Tx& tx, const Caller& caller, const RuleId& id);

  static RuleView get(Reader& reader, const RuleId& id);
  static std::vector<RuleView> list(Reader& reader, std::optional<std::string> after, std::size_t limit);
  static std::vector<VersionView> versions(Reader& reader, const RuleId& id);
  /// The words of one version, compiled or not; nullptr if there is none.
  static RulePtr version(Reader& reader, const RuleId& id, std::int64_t version);

  /// What rules name of rooms that stand below: whoever knows says so; without it everything counts as known.
  enum class Whom { organisation, post };
  struct Known {
    std::function<bool(Reader&, const std::string&)> case_kind;
    std::function<bool(Reader&, Whom, const std::string&)> whom;
  };
  void ask_known(Known known) { known_ = std::move(known); }
  /// What the active rules that judge devices of the profile would lose or read otherwise: a metric or a kind of detection that
  /// goes, another unit. Before it is kept.
  Warnings warnings_of(Reader& reader, const devices::Profile& before, const devices::ProfileWords& after) const;

  /// A profile's `silent_after` as the rule "silent.PROFILE"; retired when the profile drops it. Where it did not change,
  /// or where the rule's last version is a person's, the rule stays as it is.
  void profile_kept(Tx& tx, const devices::ProfileId& id, bool silence_changed);

 private:
  Warnings warnings_of(Reader& reader, const Rule& rule) const;
  bool judges(const Rule& rule, const std::string& profile) const;

  bus::Bus& bus_;
  devices::Devices& devices_;
  Live live_;
  Known known_;
};

}  // namespace lifang::rules
