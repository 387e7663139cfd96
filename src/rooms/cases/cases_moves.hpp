// The moves of a case: which are allowed in which state to whom. One table; a part of the door of cases.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/describe.hpp"

namespace lifang::cases {

/// `handled`: the doer says so; `verified`: somebody else, or the device, has seen it. From `reopened` the same moves
/// are allowed as from `assigned`.
enum class State { reported, assigned, accepted, handled, verified, closed, deferred, merged, refused, reopened };
BOOST_DESCRIBE_ENUM(State, reported, assigned, accepted, handled, verified, closed, deferred, merged, refused, reopened)

/// `is_open`: somebody still owes something.
constexpr bool is_open(State state) {
  return state != State::verified && state != State::closed && state != State::merged && state != State::refused;
}

/// Everything that can be done to a case, by people and by the machine. The word is the route:
/// POST /api/v1/cases/{id}/false-alarm.
enum class Move {
  assign,       ///< 派单: to a post or person, by hand
  accept,       ///< 接单; of a case that waits for its whole post: 抢单
  arrive,       ///< 到场
  handle,       ///< 办结
  verify,       ///< 核实: it is done; or with "passed": false, it is not
  close,        ///< 结案
  return_,      ///< 退单: back to the desk, with a reason
  transfer,     ///< 转办: to another post, with a reason
  defer,        ///< 挂账: asks for it, with reason and date
  approve,      ///< 同意挂账
  deny,         ///< 不同意挂账
  wake,         ///< the date has come
  urge,         ///< 催办
  supervise,    ///< 督办
  whistle,      ///< 吹哨: up to the circle above, which calls the bureaus named
  report_in,    ///< 报到
  joint,        ///< 联办: sub-orders to several posts
  done,         ///< a sub-order is done
  confirm,      ///< a line of the emergency plan is done
  refuse,       ///< 不予受理, with an honest reason
  false_alarm,  ///< 误报
  merge,        ///< 并案 into another case
  join,         ///< another report of the same thing
  reopen,       ///< 重开
  escalate,     ///< up, because a deadline passed
  clear,        ///< the device says that it is over
  appeal,       ///< 申诉: this should not count in the rates
  decide,       ///< on an appeal
  note,         ///< 备注
};
BOOST_DESCRIBE_ENUM(Move, assign, accept, arrive, handle, verify, close, return_, transfer, defer, approve, deny, wake, urge,
                    supervise, whistle, report_in, joint, done, confirm, refuse, false_alarm, merge, join, reopen, escalate,
                    clear, appeal, decide, note)
constexpr std::string_view spelling(Move move) {
  switch (move) {
    case Move::assign: return "assign";
    case Move::accept: return "accept";
    case Move::arrive: return "arrive";
    case Move::handle: return "handle";
    case Move::verify: return "verify";
    case Move::close: return "close";
    case Move::return_: return "return";
    case Move::transfer: return "transfer";
    case Move::defer: return "defer";
    case Move::approve: return "approve";
    case Move::deny: return "deny";
    case Move::wake: return "wake";
    case Move::urge: return "urge";
    case Move::supervise: return "supervise";
    case Move::whistle: return "whistle";
    case Move::report_in: return "report-in";
    case Move::joint: return "joint";
    case Move::done: return "done";
    case Move::confirm: return "confirm";
    case Move::refuse: return "refuse";
    case Move::false_alarm: return "false-alarm";
    case Move::merge: return "merge";
    case Move::join: return "join";
    case Move::reopen: return "reopen";
    case Move::escalate: return "escalate";
    case Move::clear: return "clear";
    case Move::appeal: return "appeal";
    case Move::decide: return "decide";
    case Move::note: return "note";
  }
  return "";
}

/// How somebody stands to a case; one caller may stand in several ways.
enum class Standing {
  holder,    ///< the person on it, or anyone of its post while it waits for the whole post (right cases.handle)
  desk,      ///< right cases.dispatch over the place: hands out, and may act for a holder, marked as such
  verifier,  ///< right cases.verify over the place
  above,     ///< right cases.oversee over the place: approves, supervises, decides
  partner,   ///< of an organisation with a sub-order or called by a whistle
  reporter,  ///< one of those who reported
  machine,   ///< timers, devices, rules, evaluations
  lead,      ///< leads the organisation whose post holds it (right cases.lead), in the micro circle
};
BOOST_DESCRIBE_ENUM(Standing, holder, desk, verifier, above, partner, reporter, machine, lead)

using States = std::uint16_t;     ///< a bit for each State
using Standings = std::uint8_t;   ///< a bit for each Standing

/// One line: `who` may do `move` in the states `from`; afterwards it stands in one of `to` (several where the words
/// decide: an asked deferral stays, an approved one is deferred).
struct Allowed {
  Move move;
  States from;
  Standings who;
  States to;  ///< none: it stays in the state that it has
};
std::span<const Allowed> table();

/// The line for the move, and whether state and standing fit it.
const Allowed& line_of(Move move);
bool is_allowed(State state, Move move, Standings who);
std::vector<Move> allowed(State state, Standings who);

constexpr Standings bit(Standing standing) { return static_cast<Standings>(1U << static_cast<unsigned>(standing)); }
constexpr States bit(State state) { return static_cast<States>(1U << static_cast<unsigned>(state)); }

/// Whether they have the say over the case, and not its work or its report alone.
constexpr bool decides(Standings standings) {
  return (standings & (bit(Standing::desk) | bit(Standing::above) | bit(Standing::machine))) != 0;
}

}  // namespace lifang::cases
