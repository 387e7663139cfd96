// Rounds of work: how long whoever has it may take, whose round it was, and what was said of it.
#include <algorithm>

#include "rooms/cases/cases_store.hpp"
#include "rooms/cases/cases_work.hpp"

namespace lifang::cases {

std::optional<Time> Work::time_to_handle() {
  std::optional<Time> by;
  for (const Holding& h : store::holdings(tx, record.id)) {
    if (h.why == "reopen" || h.why == "not-verified") by.reset();
    if (h.handled_at) by.reset();
    else if (h.handle_by && h.post == record.post && h.circle == record.circle) by = h.handle_by;
    if (h.n == record.holding) break;
  }
  return by;
}

void Work::keep_time_to_handle(Time by) {
  change_holding([&](Holding& h) { h.handle_by = h.handle_by ? std::min(*h.handle_by, by) : by; });
}

void Work::dispatch_within(std::string_view code, const Said& why, std::optional<PostId> post,
                           std::optional<PersonId> person) {
  const auto organisation = record.organisation;
  const auto by = time_to_handle();
  dispatch(record.circle, code, why, std::move(post), std::move(person));
  if (by && organisation && record.organisation == organisation) keep_time_to_handle(*by);
}

void Work::take_time_of(Work& merged) {
  const Record& from = merged.record;
  // What nobody had taken yet is taken where it goes on; else the earlier deadline holds.
  const bool is_taken_here = record.state == State::accepted && from.state != State::accepted;
  if (from.due && !is_taken_here) due_by(*from.due);
  const bool sleeps = from.state == State::deferred;
  std::optional<Time> by = sleeps ? std::nullopt : merged.time_to_handle();
  if (sleeps && from.deferred_from == State::accepted && from.deferred_left)
    by = merged.deadline(tx.now(), *from.deferred_left, from.organisation);
  if (!by) return;
  // Whoever has taken it, or takes it later, has no more time than whoever had it before.
  if (record.state == State::deferred && record.deferred_from == State::accepted) {
    if (record.deferred_left) record.deferred_left = std::min(*record.deferred_left, *left_until(by));
    return;
  }
  due_by(*by);
  if (record.state != State::accepted) keep_time_to_handle(*by);
}

std::optional<Holding> Work::last_doer() {
  std::optional<Holding> found;
  for (Holding& holding : store::holdings(tx, record.id))
    if (holding.handled_at) found = std::move(holding);
  if (found && !rosters::Rosters::is_known(tx, found->post)) found.reset();
  return found;
}

std::optional<Holding> Work::round() {
  std::optional<Holding> found;
  if (!record.handled_at) return found;
  for (Holding& holding : store::holdings(tx, record.id))
    if (holding.handled_at == record.handled_at) found = std::move(holding);
  return found;
}

void Work::judged(const Verdict& verdict) {
  store::Judged said;
  if (verdict.instead_of) {
    said.score_sum -= *verdict.instead_of;
    --said.scores;
  }
  // The rates are what residents said and devices measured. Staff's own word about what nobody reported is in none of
  // them, neither as praise nor as blame: a bad one opens the case again, and that is counted as such.
  if (verdict.score && !verdict.by_staff) {
    said.score_sum += *verdict.score;
    ++said.scores;
  }
  if (!verdict.by_staff) said.solved = verdict.solved;
  record.score_sum += said.score_sum;
  record.scores += said.scores;
  if (said.solved) record.solved = said.solved;
  if (const auto round = this->round()) store::judge_round(tx, record.id, round->n, said);
}

}  // namespace lifang::cases
