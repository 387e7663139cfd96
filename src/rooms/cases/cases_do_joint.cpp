// Moves that reach beyond the case: whistles and reporting in, sub-orders, the emergency plan, merging.
#include <algorithm>

#include "rooms/cases/cases_catalogue.hpp"
#include "rooms/cases/cases_do.hpp"
#include "rooms/cases/cases_store_outside.hpp"
#include "rooms/cases/cases_words.hpp"

namespace lifang::cases {
namespace {

WhistleKind whistle_of(const Doing& d) {
  if (d.words.whistle) return *d.words.whistle;
  const bool resident = d.stands(Standing::reporter) && !d.stands(Standing::holder) && !d.stands(Standing::desk);
  return resident ? WhistleKind::shared : WhistleKind::management;
}

/// The organisation that reports in: the one named, or the only called one that the caller is of.
const Called& who_reports_in(const Doing& d, const std::vector<Called>& called) {
  const std::string& path = d.work.record.path;
  const Called* found = nullptr;
  for (const Called& each : called) {
    if (d.words.organisation) {
      if (each.organisation == *d.words.organisation) found = &each;
    } else if (!each.in_at && (d.viewer.is_partner_for(each.organisation, path) || each.person == d.viewer.actor())) {
      found = &each;
    }
  }
  if (!found && !d.words.organisation && called.size() == 1) found = &called.front();
  if (!found) throw invalid("cases.not_called", "/organisation", "which of the called organisations reports in");
  const bool own = d.viewer.is_partner_for(found->organisation, path) || found->person == d.viewer.actor();
  // Whoever holds the case may note that a bureau came, as may the desk.
  if (!own && !d.stands(Standing::desk) && !d.stands(Standing::holder))
    throw forbidden("cases.not_yours", "only the called organisation reports in");
  return *found;
}

/// The device had nothing more to say while sub-orders were open; since then nothing has begun, been taken down or been
/// opened again.
bool is_quiet(const Work& work) {
  const auto said = store::last_line(work.tx, work.record.id, "cleared-parts");
  if (!said || store::uncleared(work.tx, work.record.id) > 0) return false;
  for (const std::string_view code : {"cleared", "reopen"})
    if (const auto later = store::last_line(work.tx, work.record.id, code); later && later->n > said->n) return false;
  return true;
}

}  // namespace

void do_whistle(const Doing& d) {
  Work& work = d.work;
  const bool only_reporter = (d.standings & ~bit(Standing::reporter)) == 0;
  const auto call = d.words.call.value_or(std::vector<OrganisationId>{});
  if (only_reporter && !d.viewer.is_late(work.record))
    throw conflict("cases.not_late", "residents whistle once a deadline has passed; until then urge");
  if (!work.goes_up() && (only_reporter || call.empty()))
    throw conflict("cases.nobody_above", "it is in the great circle, where nobody stands above; staff may call bureaus");
  if (call.size() > 20) throw invalid("cases.too_many", "/call", "at most 20");
  for (std::size_t i = 0; i < call.size(); ++i)
    if (std::find(call.begin(), call.begin() + static_cast<std::ptrdiff_t>(i), call[i]) != call.begin() + static_cast<std::ptrdiff_t>(i))
      throw invalid("cases.twice", "/call/" + std::to_string(i), "each once");
  // A rule whistles from within a hearer, where nobody could mend its words: what it cannot call stands in the diary.
  const bool by_machine = d.stands(Standing::machine);
  for (std::size_t i = 0; i < call.size() && !by_machine; ++i) must_be_known(work.tx, call[i], "/call/" + std::to_string(i));
  const WhistleKind whistle = whistle_of(d);
  if (work.goes_up()) {
    const Circle to = above(work.record.circle);
    work.record.deferred_until.reset();
    work.record.deferral_asked = false;
    work.line("whistle", say("吹哨（{}）：{}向{}吹哨", "Whistle ({}): {} whistles to {}", spoken(whistle), spoken(work.record.circle), spoken(to)), d.attached());
    work.dispatch(to, "whistle");
  } else {
    // Nobody stands above: the bureaus come to whoever is at it, who goes on with the time that there was.
    work.line("whistle", say("吹哨（{}）：{}请各单位到场", "Whistle ({}): {} calls the bureaus in", spoken(whistle), spoken(work.record.circle)), d.attached());
  }
  for (const OrganisationId& organisation : call)
    work.call_if_known(organisation, whistle, d.words.report_in.value_or(work.kind.report_in));
}

void do_report_in(const Doing& d) {
  Work& work = d.work;
  const auto all = store::called(work.tx, work.record.id);
  Called called = who_reports_in(d, all);
  if (called.in_at) throw conflict("cases.reported_in_already", "this organisation has reported in");
  called.in_at = work.tx.now();
  called.by = work.caller.account;
  called.late = called.late || *called.in_at > called.report_in_by;
  store::keep_called(work.tx, work.record.id, called);
  --work.record.calls_open;
  work.tools().jobs.cancel(work.tx, kReportInJob, work.record.id.text + "/" + called.organisation.text);
  work.line("report-in", say("{}{}", "{} {}", work.name_of(PostId{called.organisation.text}),
                             called.late ? Said{"迟到报到", "reported in late"} : Said{"已报到", "has reported in"}),
            d.attached());
}

void do_joint(const Doing& d) {
  Work& work = d.work;
  if (!d.words.parts || d.words.parts->empty()) throw invalid("json.missing", "/parts", "one sub-order a post");
  for (std::size_t i = 0; i < d.words.parts->size(); ++i)
    must_be_known(work.tx, (*d.words.parts)[i].post, "/parts/" + std::to_string(i) + "/post");
  std::int64_t n = static_cast<std::int64_t>(store::parts(work.tx, work.record.id).size());
  if (n + static_cast<std::int64_t>(d.words.parts->size()) > 50) throw invalid("cases.too_many", "/parts", "at most 50");
  const Duration handle = work.duty().handle;
  const Duration own = work.record.state == State::accepted ? work.left().value_or(handle) : handle;
  work.line("joint", say("联合办理，分派{}个分项", "Handled jointly; sub-orders given out: {}", d.words.parts->size()), d.attached());
  for (std::size_t i = 0; i < d.words.parts->size(); ++i) {
    const PartWords& words = (*d.words.parts)[i];
    if (words.task.empty() || words.task.size() > 500)
      throw invalid("cases.bad_task", "/parts/" + std::to_string(i) + "/task", "1 to 500 bytes");
    if (words.handle && (*words.handle <= Duration{0} || *words.handle > std::chrono::hours(24 * 400)))
      throw invalid("cases.bad_task", "/parts/" + std::to_string(i) + "/handle", "up to 400 days");
    Part part;
    part.n = ++n;
    part.post = words.post;
    part.task = words.task;
    if (const auto duty = work.tools().rosters.on_duty_or_above(work.tx, words.post, work.record.path, work.tx.now())) {
      part.organisation = duty->organisation;
      part.person = work.tools().rosters.pick(work.tx, *duty);
    }
    part.due = work.deadline(work.tx.now(), words.handle.value_or(own), part.organisation);
    store::keep_part(work.tx, work.record.id, part);
    ++work.record.parts_open;
    work.tools().jobs.at(work.tx, kPartJob, work.record.id.text + "/" + std::to_string(part.n), part.due);
    const Addressee to{part.post, part.organisation, part.person, part.due};
    work.line("part", say("分项{}派给{}：{}，请于{}前办结", "Sub-order {} given to {}: {}; please finish it by {}", part.n, work.name_of(part.post), part.task, work.said(part.due)),
              {}, &to);
  }
}

void do_part_done(const Doing& d) {
  Work& work = d.work;
  auto parts = store::parts(work.tx, work.record.id);
  const auto is_own = [&](const Part& part) { return d.viewer.is_part_theirs(part, work.record.path); };
  Part* found = nullptr;
  for (Part& part : parts)
    if (d.words.part ? part.n == *d.words.part : !part.done_at && is_own(part) && !found) found = &part;
  if (!found) throw invalid("cases.no_such_part", "/part", "the number of a sub-order");
  if (!is_own(*found) && !d.stands(Standing::holder) && !d.stands(Standing::desk))
    throw forbidden("cases.not_yours", "another post's sub-order");
  if (found->done_at) throw conflict("cases.part_done_already", "this sub-order is done");
  const Said missing = missing_evidence(d);
  found->done_at = work.tx.now();
  found->by = work.caller.account;
  found->note = d.note();
  found->late = found->late || *found->done_at > found->due;
  store::keep_part(work.tx, work.record.id, *found);
  --work.record.parts_open;
  work.tools().jobs.cancel(work.tx, kPartJob, work.record.id.text + "/" + std::to_string(found->n));
  work.add_doer(d.on_behalf);
  work.line("part-done", say("分项{}（{}）{}{}", "Sub-order {} ({}) {}{}", found->n, work.name_of(found->post),
                             found->late ? Said{"逾期办结", "done late"} : Said{"已办结", "done"}, missing), d.attached());
  const State state = work.record.state;
  const bool quiet = is_quiet(work);
  if (work.record.parts_open > 0 || state == State::handled || (state == State::deferred && !quiet)) return;
  if (state != State::accepted && state != State::deferred) work.take(d.viewer.actor(), true);
  if (state != State::deferred) {
    work.handled();
    work.line("handle", say("全部分项办结{}", "All sub-orders are done{}", work.please_by(work.record.due, owed_in(State::handled))));
  }
  if (quiet) work.cleared({});
}

void do_confirm(const Doing& d) {
  Work& work = d.work;
  if (!d.words.check) throw invalid("json.missing", "/check", "the number of a line of the plan");
  for (CheckLine& line : store::checks(work.tx, work.record.id)) {
    if (line.n != *d.words.check) continue;
    if (line.at) throw conflict("cases.confirmed_already", "this line is confirmed");
    line.at = work.tx.now();
    line.by = work.caller.account;
    line.note = d.note();
    store::keep_check(work.tx, work.record.id, line);
    work.line("confirm", say("预案第{}项已完成：{}", "Line {} of the plan is done: {}", line.n, Said{line.words, plan_line_in_english(line.words).value_or(line.words)}), d.attached());
    return;
  }
  throw invalid("cases.no_such_check", "/check", "the number of a line of the plan");
}

void add_reporters(Work& into, const Record& from) {
  for (Reporter reporter : store::reporters(into.tx, from.id)) {
    if (store::is_reporter(into.tx, into.record.id, reporter.person ? reporter.person->text : "",
                           reporter.on_behalf ? "" : reporter.account))
      continue;
    reporter.n = ++into.record.reporters;
    store::add_reporter(into.tx, into.record.id, reporter);
  }
}

/// When the clock of a duty runs that goes over to another case: at once where it is to come, else on the next day.
Time runs_on(Time due, bool late, Time now) { return late ? now + std::chrono::hours(24) : std::max(due, now); }

/// Merging ends nobody's duty and nobody's lateness: sub-orders that are open or were late, calls, and the deadline that
/// runs go on in the other case.
void carry_duties(Work& into, Work& merged) {
  const Record& from = merged.record;
  std::int64_t n = static_cast<std::int64_t>(store::parts(into.tx, into.record.id).size());
  const Time now = into.tx.now();
  for (Part part : store::parts(into.tx, from.id)) {
    if (part.done_at && !part.late) continue;
    part.n = ++n;
    store::keep_part(into.tx, into.record.id, part);
    if (part.done_at) continue;
    ++into.record.parts_open;
    into.tools().jobs.at(into.tx, kPartJob, into.record.id.text + "/" + std::to_string(part.n), runs_on(part.due, part.late, now));
    const Addressee to{part.post, part.organisation, part.person, part.due};
    into.line("part", say("分项{}随并案转来，由{}继续办理：{}，请于{}前办结", "Sub-order {} came along with the merged case and stays with {}: {}; please finish it by {}",
                          part.n, into.name_of(part.post), part.task, into.said(part.due)), {}, &to);
  }
  const auto known = store::called(into.tx, into.record.id);
  for (const Called& called : store::called(into.tx, from.id)) {
    if (std::any_of(known.begin(), known.end(), [&](const Called& c) { return c.organisation == called.organisation; })) continue;
    store::keep_called(into.tx, into.record.id, called);
    if (called.in_at) continue;
    ++into.record.calls_open;
    into.tools().jobs.at(into.tx, kReportInJob, into.record.id.text + "/" + called.organisation.text, runs_on(called.report_in_by, called.late, now));
    const PostId post{called.organisation.text};
    const Addressee to{post, called.organisation, called.person, called.report_in_by};
    into.line("call", say("对{}的呼叫随并案转来，请于{}前报到", "The call to {} came along with the merged case; please report in by {}", into.name_of(post),
                          into.said(called.report_in_by)), {}, &to);
  }
  if (from.late_since && (!into.record.late_since || *from.late_since < *into.record.late_since)) into.record.late_since = from.late_since;
  into.take_time_of(merged);
}

void do_merge(const Doing& d) {
  Work& work = d.work;
  if (!d.words.into) throw invalid("json.missing", "/into", "the case that goes on");
  if (*d.words.into == work.record.id) throw invalid("cases.into_itself", "/into", "another case");
  auto other = store::find(work.tx, *d.words.into);
  if (!other || !d.viewer.may_see(*other)) throw invalid("cases.unknown", "/into", "no such case");
  if (!is_allowed(other->state, Move::join, bit(Standing::machine)))
    throw conflict("cases.not_in_this_state", "the other case no longer takes reports");
  if (other->drill != work.record.drill) throw conflict("cases.drill_and_real", "a real case and one of a drill are two things");
  Work into = Work::on(work.tools(), work.tx, work.caller, other->id);
  add_reporters(into, work.record);
  into.line("join", say("并入{}，上报人合并", "{} was merged into this one, with its reporters", work.record.number), {d.note(), {}, work.record.id.text, false});
  carry_duties(into, work);
  // The earlier of what outside systems want holds for what goes on.
  const auto wanted = store::outer_due(work.tx, work.record.id), theirs = store::outer_due(work.tx, into.record.id);
  if (wanted && (!theirs || *wanted < *theirs)) into.hurry(*wanted);
  into.save();
  store::move_links(work.tx, work.record.id, into.record.id);
  store::carry_doers(work.tx, work.record.id, into.record.id);
  work.record.merged_into = into.record.id;
  work.ended(State::merged, Ending::merged, d.note());
  Attached attached = d.attached();
  attached.cause = into.record.id.text;
  work.line("merge", say("并入{}继续办理", "Merged into {}, where it goes on", into.record.number), attached);
}

}  // namespace lifang::cases
