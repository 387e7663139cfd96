// Trial: a rule over the stored readings of this node, by the code that judges live.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "platform/db/tx.hpp"
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

/// `cases`: each situation of a rule with a case kind would have opened one. `notes` stand beside the figures.
struct TrialAnswer {
  std::int64_t situations = 0;
  std::int64_t cases = 0;
  std::int64_t devices = 0;   ///< to which the rule applies
  std::int64_t judged = 0;    ///< messages and detections that were fed
  std::vector<TrialItem> items;
  std::vector<std::string> notes;
};
BOOST_DESCRIBE_STRUCT(TrialAnswer, (), (situations, cases, devices, judged, items, notes))

/// from ≤ ts < to, absent ends are open; timers run until `to`, or `now` where it is absent. Long: on a worker, past the lane.
TrialAnswer try_on_past(Reader& reader, const Live& live, const devices::Devices& devices,
                        const readings::Readings& readings, const RulePtr& rule, std::optional<Time> from,
                        std::optional<Time> to, Time now);

}  // namespace lifang::rules
