// Trial: a rule over the stored readings of this node, by the code that judges live.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "base/describe.hpp"
#include "platform/db/snapshots.hpp"
#include "rooms/rules/rules_backtest.hpp"
#include "rooms/rules/rules_live.hpp"

namespace lifang::rules {

struct TrialItem {
  std::string subject;  ///< the device
  Time began_at;
  std::optional<Time> ended_at;  ///< absent: still open at the end of the trial
  std::optional<double> peak;
  std::string severity;
  std::int64_t readings = 0;
};
BOOST_DESCRIBE_STRUCT(TrialItem, (), (subject, began_at, ended_at, peak, severity, readings))

/// The situations that a trial's answer lists: the first of them, device by device; `situations` counts them all.
inline constexpr std::size_t kMostItems = 1000;

/// `cases`: each situation of a rule with a case kind would have opened one. `notes` stand beside the figures.
struct TrialAnswer {
  std::int64_t situations = 0;
  std::int64_t cases = 0;
  std::int64_t devices = 0;   ///< to which the rule applies
  std::int64_t judged = 0;    ///< messages and detections that were fed
  std::vector<TrialItem> items;  ///< at most kMostItems
  std::vector<std::string> notes;
};
BOOST_DESCRIBE_STRUCT(TrialAnswer, (), (situations, cases, devices, judged, items, notes))

/// A milder version of a rule, and what a backtest of it and of the present one says. A person approves it: by
/// putting `rule` as a new version and activating that.
struct Candidate {
  std::string text;              ///< what changes, in one plain Chinese sentence
  std::string text_en;
  RuleJson rule;
  std::int64_t false_alarms = 0;       ///< marked so, and raised by the present rule in the same past
  std::int64_t spared = 0;             ///< of them
  std::int64_t kept = 0;               ///< all others that the present rule raises: none is lost
  std::int64_t situations_before = 0;  ///< whatever the present rule raises, known to people or not
  std::int64_t situations_after = 0;
};
BOOST_DESCRIBE_STRUCT(Candidate, (), (text, text_en, rule, false_alarms, spared, kept, situations_before, situations_after))

/// `candidates`: at most ten, the one that spares most and changes least first; none if nothing can be spared without
/// losing a true one. Every situation that nobody marked counts as a true one.
struct ProposeAnswer {
  std::int64_t version = 0;  ///< the present rule: the version that judges, else the newest
  std::optional<Time> from, to;
  std::int64_t situations = 0;    ///< on record in that stretch
  std::int64_t false_alarms = 0;  ///< of them marked
  std::int64_t tried = 0;         ///< rules that were run beside the present one
  std::int64_t judged = 0;
  std::vector<Candidate> candidates;
  std::vector<std::string> notes;
};
BOOST_DESCRIBE_STRUCT(ProposeAnswer, (), (version, from, to, situations, false_alarms, tried, judged, candidates, notes))

/// Searches a milder rule over the past that holds the marked situations. Long: past the lane and its workers. Only
/// devices whose readings the caller may read are fed.
ProposeAnswer propose_from_past(const db::Snapshots& past, const Caller& caller, const Live& live, const devices::Devices& devices,
                                const readings::Readings& readings, const RulePtr& rule, std::span<const Marked> marked,
                                std::optional<Time> from, std::optional<Time> to, Time now);

/// from ≤ ts < to, absent ends are open; timers run until `to`, and never beyond `now`: nobody knows who will be silent. Long: past the lane and its workers.
/// Only devices whose readings the caller may read are fed.
TrialAnswer try_on_past(const db::Snapshots& past, const Caller& caller, const Live& live, const devices::Devices& devices,
                        const readings::Readings& readings, const RulePtr& rule, std::optional<Time> from,
                        std::optional<Time> to, Time now);

}  // namespace lifang::rules
