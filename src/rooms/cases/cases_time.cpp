// What happens when nobody does anything: warnings, deadlines, waking, closing. Durable, on the injected clock.
#include "base/check.hpp"
#include "rooms/cases/cases_parts.hpp"
#include "rooms/cases/cases_store.hpp"
#include "rooms/cases/cases_words.hpp"

namespace lifang::cases {
namespace {

constexpr auto kAgain = std::chrono::hours(24);

/// "case_…/rest" → case and rest.
std::pair<CaseId, std::string> split_name(const std::string& name) {
  const auto cut = name.find('/');
  check(cut != std::string::npos, "the name of a job of a part holds a '/'");
  return {CaseId{name.substr(0, cut)}, name.substr(cut + 1)};
}

void on_due(Tools& tools, Tx& tx, const jobs::Job& job) {
  const Caller machine = Caller::system();
  Work work = Work::on(tools, tx, machine, CaseId{job.name});
  if (!is_open(work.record.state) || !work.record.due || *work.record.due > tx.now()) return;
  work.escalate(*work.record.due);
  work.save();
}

void on_warn(Tools& tools, Tx& tx, const jobs::Job& job) {
  const Caller machine = Caller::system();
  Work work = Work::on(tools, tx, machine, CaseId{job.name});
  if (!is_open(work.record.state) || !work.record.due || *work.record.due <= tx.now()) return;
  work.line("warn", say("提醒：{}时限将至（{}）", "A reminder: the time to {} is nearly over ({})", owed_in(work.record.state),
                        work.said(*work.record.due)));
  work.save();
}

void on_close(Tools& tools, Tx& tx, const jobs::Job& job) {
  const Caller machine = Caller::system();
  Work work = Work::on(tools, tx, machine, CaseId{job.name});
  if (work.record.state != State::verified) return;
  work.closed();
  work.save();
}

void on_appeal(Tools& tools, Tx& tx, const jobs::Job& job) {
  const Caller machine = Caller::system();
  Work work = Work::on(tools, tx, machine, CaseId{job.name});
  if (work.record.appeal != Appeal::asked) return;
  work.appeal_late();
  work.save();
}

void on_wake(Tools& tools, Tx& tx, const jobs::Job& job) {
  const Caller machine = Caller::system();
  Work work = Work::on(tools, tx, machine, CaseId{job.name});
  if (work.record.state != State::deferred) return;
  work.wake({});
  work.save();
}

void on_report_in(Tools& tools, Tx& tx, const jobs::Job& job) {
  const Caller machine = Caller::system();
  const auto [id, organisation] = split_name(job.name);
  Work work = Work::on(tools, tx, machine, id);
  if (!is_open(work.record.state)) return;
  for (Called called : store::called(tx, id)) {
    if (called.organisation.text != organisation || called.in_at) continue;
    const std::string name = work.name_of(PostId{organisation});
    const Said words = called.late ? say("{}仍未报到（应于{}前）", "{} has still not reported in (due by {})", name, work.said(called.report_in_by))
                                   : say("{}未按时报到", "{} did not report in in time", name);
    called.late = true;
    store::keep_called(tx, id, called);
    work.partner_late("not-in", words, {PostId{organisation}, called.organisation, called.person, called.report_in_by}, "whistle");
    // It does not rest: every day anew, until they come or the case ends.
    tools.jobs.at(tx, kReportInJob, job.name, tx.now() + kAgain);
  }
  work.save();
}

void on_part(Tools& tools, Tx& tx, const jobs::Job& job) {
  const Caller machine = Caller::system();
  const auto [id, n] = split_name(job.name);
  Work work = Work::on(tools, tx, machine, id);
  if (!is_open(work.record.state)) return;
  for (Part part : store::parts(tx, id)) {
    if (std::to_string(part.n) != n || part.done_at) continue;
    const Said words = say("分项{}（{}）{}", "Sub-order {} ({}) {}", part.n, work.name_of(part.post),
                           part.late ? Said{"仍未办结", "is still not done"} : Said{"超过时限", "is past its time"});
    part.late = true;
    store::keep_part(tx, id, part);
    if (!work.record.late_since) work.record.late_since = part.due;
    work.partner_late("part-late", words, {part.post, part.organisation, part.person, part.due}, "joint");
    tools.jobs.at(tx, kPartJob, job.name, tx.now() + kAgain);
  }
  work.save();
}

}  // namespace

void Cases::wire() {
  const auto on = [this](const char* kind, void (*run)(Tools&, Tx&, const jobs::Job&)) {
    parts_->tools.jobs.on(kind, [this, run](Tx& tx, const jobs::Job& job) { run(parts_->tools, tx, job); });
  };
  on(kDueJob, on_due);
  on(kWarnJob, on_warn);
  on(kCloseJob, on_close);
  on(kWakeJob, on_wake);
  on(kAppealJob, on_appeal);
  on(kReportInJob, on_report_in);
  on(kPartJob, on_part);
}

}  // namespace lifang::cases
