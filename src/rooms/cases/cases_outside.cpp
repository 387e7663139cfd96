#include "rooms/cases/cases_outside.hpp"

#include "base/check.hpp"
#include "rooms/cases/cases_parts.hpp"
#include "rooms/cases/cases_store_outside.hpp"
#include "rooms/cases/cases_words.hpp"

namespace lifang::cases {

std::optional<CaseId> Outside::of_number(Reader& reader, std::string_view outer_number) {
  return store::of_outer_number(reader, outer_number);
}

std::optional<Time> Outside::due_of(Reader& reader, const CaseId& id) { return store::outer_due(reader, id); }

void Outside::hurry(Tx& tx, const CaseId& id, Time due) {
  Tools tools{bus_, jobs_, files_, rosters_, catalogue_};
  const Caller machine = Caller::system();
  Work work = Work::on(tools, tx, machine, id);
  const auto onward = work.record.merged_into;
  if (store::outer_due(tx, id) != due) {
    work.hurry(due);
    work.save();
  }
  // What it was merged into may have to hurry for others, too: the earlier one holds.
  if (!onward) return;
  const auto theirs = store::outer_due(tx, *onward);
  if (!theirs || due < *theirs) hurry(tx, *onward, due);
}

void Work::hurry(Time outer) {
  store::keep_outer_due(tx, record.id, outer);
  if (!is_open(record.state)) return;
  line("outer-due", say("来件单位要求于{}前办结", "Whoever sent it wants it handled by {}", said(outer)));
  // What is owed now is owed by then; what comes later is bounded where it begins.
  due_by(outer);
}

void Work::due_by(Time by) {
  if (!record.due || by >= *record.due || by <= tx.now()) return;
  record.due = by;
  (record.state == State::accepted ? record.handle_by : record.state == State::handled ? record.verify_by : record.accept_by) = by;
  if (record.state != State::handled)
    change_holding([&](Holding& h) { (record.state == State::accepted ? h.handle_by : h.accept_by) = by; });
  tools_.jobs.at(tx, kDueJob, record.id.text, by);
  tools_.jobs.at(tx, kWarnJob, record.id.text, tx.now() + (by - tx.now()) * kind.warn_percent / 100);
}

bool Outside::said_more(Tx& tx, const Caller& caller, const CaseId& id, const std::string& words) {
  Tools tools{bus_, jobs_, files_, rosters_, catalogue_};
  Work work = Work::on(tools, tx, caller, id);
  const bool ended = !is_open(work.record.state);
  if (ended && work.record.merged_into) return said_more(tx, caller, *work.record.merged_into, words);
  if (ended) work.reopen({"来件单位退回，重新办理", "Sent back by whoever sent it; opened again"}, {words, {}, {}, true}, false);
  else work.line("join", {"来件单位补充情况", "Whoever sent it says more"}, {words, {}, {}, true});
  work.save();
  return ended;
}

void Outside::end_drill(Tx& tx, const Caller& caller, const CaseId& id) {
  Tools tools{bus_, jobs_, files_, rosters_, catalogue_};
  Work work = Work::on(tools, tx, caller, id);
  check(work.record.drill, "only the case of a drill ends with it");
  if (!is_open(work.record.state)) return;
  work.ended(State::closed, Ending::solved, "演练结束");
  work.line("drill-end", {"演练结束，不计入考核", "The drill is over; it counts nowhere"});
  work.save();
}

}  // namespace lifang::cases
