// Routes of the room rules.
#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "rooms/rules/rules.hpp"
#include "rooms/rules/rules_backtest.hpp"

namespace lifang::http {
class Routes;
}
namespace lifang::rules {

/// What became of the situations that a rule raised: the house asks the room below, which rules do not know.
struct Outcomes {
  struct Rate {
    std::int64_t situations = 0, false_alarms = 0;
  };
  std::function<Rate(Reader&, const RuleId&)> rate;
  /// from ≤ began_at < to, newest first, as many as a search can weigh.
  std::function<std::vector<Marked>(Reader&, const RuleId&, std::optional<Time> from, std::optional<Time> to)> marked;
};
void add_routes(http::Routes& routes, Rules& rules, devices::Devices& devices, readings::Readings& readings, World& world,
                Outcomes outcomes);
}  // namespace lifang::rules
