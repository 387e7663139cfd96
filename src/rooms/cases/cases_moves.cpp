#include "rooms/cases/cases_moves.hpp"

#include <array>

#include "base/check.hpp"

namespace lifang::cases {
namespace {

template <class... T>
constexpr States states(T... s) {
  return static_cast<States>((bit(s) | ... | 0));
}
template <class... T>
constexpr Standings who(T... s) {
  return static_cast<Standings>((bit(s) | ... | 0));
}

using enum State;
using enum Standing;

constexpr States kWaiting = states(reported, assigned, reopened);       ///< nobody has taken it yet
constexpr States kActive = states(reported, assigned, reopened, accepted);
constexpr States kOpen = states(reported, assigned, reopened, accepted, handled, deferred);
constexpr States kEnded = states(verified, closed);
constexpr States kAny = states(reported, assigned, accepted, handled, verified, closed, deferred, merged, refused, reopened);
constexpr States kStays = 0;

// The one table. Left to right: what, from where, by whom, to where.
constexpr std::array kTable = {
    Allowed{Move::assign, kActive, who(desk, above, machine, lead), states(assigned, reported, reopened)},
    Allowed{Move::accept, kWaiting, who(holder, desk, lead), states(accepted)},
    Allowed{Move::arrive, states(accepted), who(holder, desk, partner), kStays},
    Allowed{Move::handle, states(accepted), who(holder, desk, machine), states(handled)},
    Allowed{Move::verify, states(handled), who(verifier, above, reporter, machine), states(verified, closed, accepted, assigned, reported)},
    Allowed{Move::close, states(verified), who(desk, verifier, above, reporter, machine), states(closed)},
    Allowed{Move::return_, states(assigned, reopened, accepted), who(holder, desk), states(reported)},
    Allowed{Move::transfer, kActive, who(holder, desk), states(assigned, reported, reopened)},
    Allowed{Move::defer, kActive, who(holder, desk, above), states(reported, assigned, reopened, accepted, deferred)},
    Allowed{Move::approve, kActive, who(above), states(deferred)},
    Allowed{Move::deny, kActive, who(above), kStays},
    Allowed{Move::wake, states(deferred), who(desk, above, machine), states(reported, assigned, reopened, accepted)},
    Allowed{Move::urge, kOpen, who(desk, above, reporter, lead), kStays},
    Allowed{Move::supervise, kOpen, who(above), kStays},
    Allowed{Move::whistle, kActive, who(holder, desk, above, reporter, machine, lead), kActive},
    Allowed{Move::report_in, kOpen, who(partner, holder, desk), kStays},
    Allowed{Move::joint, kActive, who(holder, desk, above), kStays},
    Allowed{Move::done, kOpen, who(partner, holder, desk), states(reported, assigned, reopened, accepted, handled, deferred, verified, closed)},
    Allowed{Move::confirm, kOpen, who(holder, desk, above, partner), kStays},
    Allowed{Move::refuse, kActive, who(desk, above), states(refused)},
    Allowed{Move::false_alarm, states(reported, assigned, reopened, accepted, handled, verified), who(holder, desk, above, machine),
            states(closed, handled)},
    Allowed{Move::merge, states(reported, assigned, reopened, accepted, deferred), who(desk, above, machine), states(merged)},
    Allowed{Move::join, states(reported, assigned, reopened, accepted, deferred), who(machine), kStays},
    Allowed{Move::reopen, states(verified, closed, refused), who(desk, above, reporter, machine), states(reopened)},
    Allowed{Move::escalate, states(reported, assigned, reopened, accepted, handled), who(machine),
            states(reported, assigned, reopened, handled)},
    Allowed{Move::clear, kOpen, who(machine), states(verified, closed)},
    Allowed{Move::appeal, kEnded, who(holder, desk), kStays},
    Allowed{Move::decide, kEnded, who(above), kStays},
    Allowed{Move::note, kAny, who(holder, desk, verifier, above, partner, reporter, machine, lead), kStays},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kTable.size(); ++i)
    if (static_cast<std::size_t>(kTable[i].move) != i) return false;
  return kTable.size() == static_cast<std::size_t>(Move::note) + 1;
}
static_assert(in_order(), "one line for each move, in the order of the enum");

}  // namespace

std::span<const Allowed> table() { return kTable; }

const Allowed& line_of(Move move) { return kTable.at(static_cast<std::size_t>(move)); }

bool is_allowed(State state, Move move, Standings standings) {
  const Allowed& line = line_of(move);
  return (line.from & bit(state)) != 0 && (line.who & standings) != 0;
}

std::vector<Move> allowed(State state, Standings standings) {
  std::vector<Move> moves;
  for (const Allowed& line : kTable)
    if (is_allowed(state, line.move, standings)) moves.push_back(line.move);
  return moves;
}

}  // namespace lifang::cases
