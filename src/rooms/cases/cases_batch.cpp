// The same move on many cases: each succeeds or is refused by itself, all in one transaction.
#include <algorithm>

#include "rooms/cases/cases_do.hpp"
#include "rooms/cases/cases_parts.hpp"

namespace lifang::cases {
namespace {

/// A transaction of PostgreSQL bears some sixty savepoints that hold (lane.cpp), and others are in it too.
constexpr std::size_t kMostGroups = 16;

}  // namespace

std::vector<BatchResult> Cases::move_all(Tx& tx, const Caller& caller, const std::vector<CaseId>& ids, Move move_,
                                         const Words& words) {
  if (ids.size() > 200) throw invalid("cases.too_many", "/ids", "at most 200");
  check_words(move_, words);
  std::vector<BatchResult> results;
  std::vector<std::size_t> waits;  // those that the table allows, before anything is written
  for (const CaseId& id : ids) {
    const auto refusal = refusal_of(tx, caller, id, move_);
    if (!refusal) waits.push_back(results.size());
    results.push_back(refusal ? BatchResult{id, false, refusal->code, refusal->detail} : BatchResult{id, true, {}, {}});
  }
  const std::size_t size = std::max<std::size_t>(1, (waits.size() + kMostGroups - 1) / kMostGroups);
  while (!waits.empty()) {
    std::vector<std::size_t> group(waits.begin(), waits.begin() + static_cast<std::ptrdiff_t>(std::min(size, waits.size())));
    waits.erase(waits.begin(), waits.begin() + static_cast<std::ptrdiff_t>(group.size()));
    // One that is refused undoes its group; the others of it are done anew without it.
    while (!group.empty()) {
      std::size_t at = 0;
      try {
        tx.savepoint([&] {
          for (at = 0; at < group.size(); ++at) move(tx, caller, results[group[at]].id, move_, words);
        });
        break;
      } catch (const Refusal& refusal) {
        results[group[at]] = {results[group[at]].id, false, refusal.code, refusal.detail};
        group.erase(group.begin() + static_cast<std::ptrdiff_t>(at));
      }
    }
  }
  return results;
}

std::optional<Refusal> Cases::refusal_of(Tx& tx, const Caller& caller, const CaseId& id, Move move) const {
  const auto record = store::find(tx, id);
  Viewer viewer(tx, parts_->tools.rosters, caller);
  if (!record || !viewer.may_see(*record)) return missing("cases.unknown", "no such case");
  if (move == Move::verify && viewer.is_doer(id)) return forbidden("cases.doer_may_not_verify");
  const Standings standings = viewer.standings(*record);
  if ((line_of(move).who & standings) == 0) return forbidden("cases.not_yours");
  if (!is_allowed(record->state, move, standings)) return conflict("cases.not_in_this_state");
  return std::nullopt;
}

}  // namespace lifang::cases
