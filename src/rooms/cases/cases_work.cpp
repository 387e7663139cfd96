#include "rooms/cases/cases_work.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.hpp"
#include "platform/bus/typed.hpp"
#include "rooms/cases/cases_standing.hpp"
#include "rooms/cases/cases_store.hpp"
#include "rooms/cases/cases_store_outside.hpp"
#include "rooms/cases/cases_words.hpp"
#include "rooms/people/people.hpp"

namespace lifang::cases {
namespace {

/// The lines that have a topic of their own; every other one is cases.stepped.
std::string_view topic_of(std::string_view code) {
  struct Topic {
    std::string_view code, topic;
  };
  static constexpr std::array kTopics = {
      Topic{"open", "cases.opened"},       Topic{"join", "cases.joined"},     Topic{"assign", "cases.assigned"},
      Topic{"return", "cases.assigned"},   Topic{"transfer", "cases.assigned"}, Topic{"warn", "cases.warned"}, Topic{"wake", "cases.assigned"},
      Topic{"escalate", "cases.escalated"}, Topic{"call", "cases.called"},    Topic{"part", "cases.called"},
      Topic{"close", "cases.closed"},      Topic{"reopen", "cases.reopened"}, Topic{"refuse", "cases.refused"},
      Topic{"false-alarm", "cases.false_alarm"},
  };
  const auto found = std::find_if(kTopics.begin(), kTopics.end(), [&](const Topic& t) { return t.code == code; });
  return found == kTopics.end() ? "cases.stepped" : found->topic;
}

/// A deadline that was over when the case was put off is over again soon after it wakes.
constexpr Duration kLeastLeft = std::chrono::minutes(1);

}  // namespace

Work::Work(Tools& tools, Tx& tx_, const Caller& caller_, Record record_, Kind kind_)
    : record(std::move(record_)), kind(std::move(kind_)), tx(tx_), caller(caller_), tools_(tools) {}

Work Work::on(Tools& tools, Tx& tx, const Caller& caller, const CaseId& id) {
  auto record = store::find(tx, id);
  if (!record) throw missing("cases.unknown", "no such case");
  Kind kind = tools.catalogue.get(tx, record->kind, record->kind_version);
  return {tools, tx, caller, *std::move(record), std::move(kind)};
}

void Work::save() { store::update(tx, record); }

Said Work::said(Time t) const { return spoken(t, tools_.rosters.offset_minutes()); }
Said Work::please_by(const std::optional<Time>& by, const Said& what) const {
  return cases::please_by(by, what, tools_.rosters.offset_minutes());
}
std::string Work::name_of(const PostId& post) { return rosters::Rosters::post(tx, post).name; }

// ---- diary --------------------------------------------------------------------------------------------------

/// Whoever may read the case may look at what hangs on it, and so may the person whom it concerns.
void Work::hold_files(const std::vector<std::string>& files) {
  if (files.empty()) return;
  const auto first = store::reporters(tx, record.id);
  const std::string person = first.empty() || !first.front().person ? "" : first.front().person->text;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!files::FileId::fits(files[i])) throw invalid("files.unknown", fmt::format("/files/{}", i), "no such file of yours");
    tools_.files.use(tx, caller, files::FileId{files[i]}, {"case", record.id.text, record.path, "cases.read", person},
                     fmt::format("/files/{}", i));
  }
}

void Work::line(std::string_view code, const Said& words, const Attached& attached, const Addressee* to) {
  tell_line(write(code, words, attached), to);
}

void Work::line_to_all(std::string_view code, const Said& words, const std::vector<Addressee>& to) {
  const DiaryLine line = write(code, words, {});
  std::vector<std::string> heard;
  for (const Addressee& each : to) {
    const std::string who = each.person ? each.person->text : each.post ? "post " + each.post->text : "";
    if (who.empty() || std::find(heard.begin(), heard.end(), who) != heard.end()) continue;
    heard.push_back(who);
    tell_line(line, &each);
  }
}

DiaryLine Work::write(std::string_view code, const Said& words, const Attached& attached) {
  DiaryLine line;
  line.n = ++record.lines;
  line.at = tx.now();
  line.code = code;
  line.words = words.zh;
  line.words_en = words.en;
  line.by = caller.account;
  if (!caller.person.empty()) line.person = PersonId{caller.person};
  line.on_behalf = attached.on_behalf;
  line.note = attached.note;
  line.files = attached.files;
  hold_files(line.files);
  line.cause = attached.cause;
  store::add_line(tx, record.id, line);
  return line;
}

void Work::tell_line(const DiaryLine& line, const Addressee* to) {
  Step step{record.id,     line.code,  line.n,           record.kind,   record.grade,  record.state,
            record.circle, record.post, record.organisation, record.person, record.due, record.situation,
            record.device, record.rule, {},               record.ending, record.drill};
  if (to) {
    step.post = to->post;
    step.organisation = to->organisation;
    step.person = to->person;
    step.due = to->due;
  }
  const std::string_view topic = topic_of(line.code);
  if (topic == "cases.assigned" || topic == "cases.called" || line.code == kRoseCritical) step.ring = kind.ring;
  const std::string cause = line.cause.empty() ? record.cause : line.cause;
  tools_.bus.tell(tx, topic, to_json(step), {record.id.text, record.path, cause, caller.account});
}

// ---- who holds it -------------------------------------------------------------------------------------------

Work::Answer Work::who_answers(Circle circle, const PostId& post) {
  // The post itself and those above it in the roster; then the next circles; at last, for what began at the top, down.
  std::vector<PostId> posts{post};
  for (Circle c = circle; c != Circle::great;) posts.push_back(kind.duty(c = above(c)).post);
  if (circle == Circle::great) posts.insert(posts.end(), {kind.small.post, kind.micro.post});
  for (const PostId& asked : posts) {
    const auto duty = tools_.rosters.on_duty_or_above(tx, asked, record.path, tx.now());
    if (!duty) continue;
    Answer answer{duty->post, duty->organisation, tools_.rosters.pick(tx, *duty), {}, {}};
    if (!answer.person)
      answer.unmanned = duty->persons.empty() ? unmanned::kUnregistered : unmanned::kGrab;
    if (duty->steps_up > 0 || asked != post)
      answer.note = say("{0}此刻无人值守，由{1}承办", "Nobody is on duty at {0} now; {1} answers for it", name_of(post), name_of(duty->post));
    return answer;
  }
  const auto organisation = rosters::Rosters::post(tx, post).organisation;
  return {post, organisation, {}, {}, unmanned::kNobody, false};
}

void Work::hold(Circle circle, const Answer& answer, std::string_view why) {
  change_holding([&](Holding& h) { h.until = tx.now(); });
  record.circle = circle;
  record.post = answer.post;
  record.organisation = answer.organisation;
  record.person = answer.person;
  record.unmanned = answer.unmanned.zh;
  Holding holding;
  holding.n = ++record.holding;
  holding.circle = circle;
  holding.post = answer.post;
  holding.organisation = answer.organisation;
  holding.person = answer.person;
  holding.why = why;
  holding.from = tx.now();
  store::open_holding(tx, record.id, holding);
}

void Work::change_holding(const std::function<void(Holding&)>& change) {
  if (record.holding == 0) return;
  auto holding = store::find_holding(tx, record.id, record.holding);
  check(holding.has_value(), "a case's current holding is kept");
  holding->person = record.person;
  change(*holding);
  store::update_holding(tx, record.id, *holding);
}

void Work::dispatch(Circle circle, std::string_view code, const Said& why, std::optional<PostId> post,
                    std::optional<PersonId> person) {
  const bool waits_for_verification = record.state == State::handled;
  Answer answer;
  if (person) {
    const PostId to = post.value_or(record.post.value_or(kind.duty(circle).post));
    answer = {to, rosters::Rosters::post(tx, to).organisation, person, {}, {}};
    for (const rosters::Membership& m : tools_.rosters.memberships(tx, *person, tx.now()))
      if (m.organisation && (m.post == to || (!answer.organisation && record.path.starts_with(m.path)))) answer.organisation = m.organisation;
  } else {
    answer = who_answers(circle, post.value_or(kind.duty(circle).post));
  }
  hold(circle, answer, code);
  if (!answer.note.zh.empty()) line("unmanned", answer.note);
  if (waits_for_verification) {
    owe_verify();
    line("assign", say("{}由{}负责核实{}", "{}{} is to verify it{}", why, name_of(*record.post), please_by(record.due, owed_in(record.state))));
    return;
  }
  if (record.state != State::reopened) record.state = answer.anybody ? State::assigned : State::reported;
  record.accepted_at.reset();
  record.arrived_at.reset();
  record.handled_at.reset();
  record.handle_by.reset();
  record.verify_by.reset();
  owe_accept();
  const Said whom = answer.person ? Said{"在岗人员", ", to the person on duty"} : answer.unmanned.zh.empty() ? Said{} : say("（{}）", " ({})", answer.unmanned);
  line("assign", say("{}派给{}{}{}", "{}Assigned to {}{}{}", why, name_of(*record.post), whom, please_by(record.due, owed_in(State::assigned))));
}

// ---- deadlines ----------------------------------------------------------------------------------------------

Time Work::deadline(Time start, Duration duration, const std::optional<OrganisationId>& organisation) {
  if (kind.hours == Hours::clock) return start + duration;
  return tools_.rosters.add_working_time(tx, start, duration, organisation);
}

void Work::owe(std::optional<Time>& by, Duration duration) {
  owe_nothing();
  by.reset();
  if (duration <= Duration{0}) return;
  if (most_) duration = std::min(duration, *std::exchange(most_, std::nullopt));
  by = deadline(tx.now(), duration, record.organisation);
  Time warn = deadline(tx.now(), duration * kind.warn_percent / 100, record.organisation);
  // Whoever sent it may want it sooner than we promise.
  const auto outer = store::outer_due(tx, record.id);  // also where their order joined a case that was there
  if (outer && *outer > tx.now() && *outer < *by) {
    by = outer;
    warn = tx.now() + (*by - tx.now()) * kind.warn_percent / 100;
  }
  record.due = by;
  tools_.jobs.at(tx, kDueJob, record.id.text, *by);
  if (warn < *by) tools_.jobs.at(tx, kWarnJob, record.id.text, warn);
}

void Work::owe_accept(std::optional<Duration> left) {
  owe(record.accept_by, left.value_or(duty().accept));
  change_holding([&](Holding& h) { h.accept_by = record.accept_by; });
}
void Work::owe_handle(std::optional<Duration> left) {
  owe(record.handle_by, left.value_or(duty().handle));
  change_holding([&](Holding& h) { h.handle_by = record.handle_by; });
}
void Work::owe_verify() { owe(record.verify_by, duty().verify); }

std::optional<Duration> Work::left() { return left_until(record.due); }

std::optional<Duration> Work::left_until(const std::optional<Time>& by) {
  if (!by) return std::nullopt;
  const Duration left = *by <= tx.now()               ? Duration{0}
                        : kind.hours == Hours::clock ? Duration{*by - tx.now()}
                                                     : tools_.rosters.working_time(tx, tx.now(), *by, record.organisation);
  return std::max<Duration>(kLeastLeft, left);
}

void Work::owe_nothing() {
  record.due.reset();
  tools_.jobs.cancel(tx, kDueJob, record.id.text);
  tools_.jobs.cancel(tx, kWarnJob, record.id.text);
}

// ---- steps that several moves share -------------------------------------------------------------------------

void Work::take(const PersonId& actor, bool on_behalf) {
  if (!record.person || !on_behalf) record.person = actor;
  record.unmanned.clear();
  record.state = State::accepted;
  record.accepted_at = tx.now();
  const auto left = left_until(time_to_handle());
  const Duration term = duty().handle;
  change_holding([&](Holding& h) { h.accepted_at = record.accepted_at; });
  owe_handle(left && (term <= Duration{0} || *left < term) ? left : std::nullopt);
}

void Work::rename_holder() {
  change_holding([](Holding&) {});
}

void Work::add_doer(bool on_behalf) {
  store::add_doer(tx, record.id, caller.account);
  if (!caller.person.empty()) store::add_doer(tx, record.id, caller.person);
  if (on_behalf && record.person) store::add_doer(tx, record.id, record.person->text);
}

void Work::handled() {
  record.state = State::handled;
  record.handled_at = tx.now();
  change_holding([&](Holding& h) { h.handled_at = record.handled_at; });
  owe_verify();
}

void Work::not_verified(const Attached& attached) {
  const auto doer = last_doer();
  record.state = State::accepted;
  record.ending.reset();
  record.reason.clear();
  record.handled_at.reset();
  const auto given_back = [&](const Said& by) {
    line("not-verified", say("核实未通过，退回重办{}", "Not verified; given back to be done again{}", by), attached);
  };
  if (doer && doer->n != record.holding) {
    const auto posts = doer->person ? tools_.rosters.memberships(tx, *doer->person, tx.now()) : std::vector<rosters::Membership>{};
    if (std::none_of(posts.begin(), posts.end(), [&](const rosters::Membership& m) { return m.post == doer->post; })) {
      given_back({});
      return dispatch(doer->circle, "not-verified", {}, doer->post);
    }
    hold(doer->circle, {doer->post, doer->organisation, doer->person, {}, {}}, "not-verified");
  } else {
    change_holding([](Holding& h) { h.handled_at.reset(); });  // not done after all
  }
  owe_handle();
  given_back(please_by(record.due, owed_in(State::accepted)));
}

void Work::verified(Ending ending) {
  record.state = State::verified;
  record.verified_at = tx.now();
  record.ending = ending;
  record.deferred_until.reset();
  record.deferred_from.reset();
  owe_nothing();
  tools_.jobs.cancel(tx, kWakeJob, record.id.text);
  change_holding([&](Holding& h) { h.until = tx.now(); });
}

void Work::give_back() {
  const bool was_taken = record.state == State::accepted;
  const auto accept_by = record.accept_by;
  const auto left_to_handle = left_until(record.handle_by);
  hold(record.circle, {*record.post, record.organisation, {}, {}, unmanned::kGivenBack}, "return");
  record.state = State::reported;
  record.accepted_at.reset();
  record.arrived_at.reset();
  record.handle_by.reset();
  // Giving it back does not turn back a clock that runs.
  if (was_taken) bound_next(left_to_handle), owe_accept();
  else change_holding([&](Holding& h) { h.accept_by = accept_by; });
}

void Work::defer() {
  check(record.deferred_until.has_value(), "a deferral has its day");
  // What was left of the deadline is what it wakes with: putting off is no way to a new term.
  record.deferred_left = left_until(record.state == State::accepted ? record.handle_by : record.accept_by);
  record.deferred_from = record.state;
  record.deferral_asked = false;
  record.state = State::deferred;
  owe_nothing();
  tools_.jobs.at(tx, kWakeJob, record.id.text, *record.deferred_until);
}

void Work::wake(const Attached& attached) {
  record.state = record.deferred_from.value_or(State::assigned);
  record.deferred_until.reset();
  record.deferred_from.reset();
  record.reason.clear();
  tools_.jobs.cancel(tx, kWakeJob, record.id.text);
  if (record.state == State::accepted) owe_handle(record.deferred_left);
  else owe_accept(record.deferred_left);
  record.deferred_left.reset();
  line("wake", say("挂账到期，恢复办理{}", "The deferral has come due; work goes on{}", please_by(record.due, owed_in(record.state))), attached);
}

void Work::cleared(const Attached& attached) {
  const bool taken = record.accepted_at.has_value();
  if (taken && !record.handled_at) {
    record.handled_at = tx.now();
    change_holding([&](Holding& h) { h.handled_at = record.handled_at; });
  }
  verified(taken ? Ending::solved : Ending::cleared);
  line("clear", taken ? Said{"设备复测恢复正常，自动核实", "Measured again by the device and back to normal; verified by it"}
                      : Said{"情况已自行解除，设备确认", "It cleared by itself, as the device confirms"}, attached);
  close_in_time();
}

void Work::close_in_time() {
  if (kind.close_after == Duration{0} || record.reporters == 0) {
    closed();
  } else {
    tools_.jobs.at(tx, kCloseJob, record.id.text, tx.now() + kind.close_after);
  }
}

void Work::closed(const Attached& attached) {
  record.state = State::closed;
  record.closed_at = tx.now();
  tools_.jobs.cancel(tx, kCloseJob, record.id.text);
  line("close", {"已结案", "Closed"}, attached);
}

void Work::ended(State state, Ending ending, const std::string& reason) {
  record.state = state;
  record.ending = ending;
  record.reason = reason;
  record.closed_at = tx.now();
  record.deferred_until.reset();
  record.deferred_from.reset();
  owe_nothing();
  tools_.jobs.cancel(tx, kWakeJob, record.id.text);
  tools_.jobs.cancel(tx, kCloseJob, record.id.text);
  change_holding([&](Holding& h) { h.until = tx.now(); });
}

void Work::escalate(Time missed) {
  if (!record.late_since) record.late_since = missed;
  const Said what = owed_in(record.state);
  if (!goes_up()) {
    // Nobody stands above: it is supervised and called out again every day until it moves.
    record.supervised = true;
    line("overdue", say("超过{}时限（{}），已在城区大循环，转督办", "The time to {} ran out ({}); it is in the great circle (district) already and is supervised now", what, said(missed)));
    tools_.jobs.at(tx, kDueJob, record.id.text, tx.now() + std::chrono::hours(24));
    return;
  }
  const Circle from = record.circle;
  record.deferred_until.reset();  // an asked deferral is answered by the clock
  line("escalate", say("超过{}时限（{}），由{}升级到{}", "The time to {} ran out ({}); moved up from {} to {}", what, said(missed), spoken(from), spoken(above(from))));
  dispatch(above(from), "escalate");
}

void Work::reopen(const Said& words, const Attached& attached, bool mediator) {
  if (const auto round = this->round()) store::reopen_round(tx, record.id, round->n);
  ++record.reopened;
  record.state = State::reopened;
  record.ending.reset();
  record.reason.clear();
  record.verified_at.reset();
  record.closed_at.reset();
  record.handled_at.reset();
  record.late_since.reset();  // a new round; what was late before stands in the holdings
  tools_.jobs.cancel(tx, kCloseJob, record.id.text);
  drop_appeal();
  line("reopen", words, attached);
  owe_again();
  if (mediator) record.supervised = true;
  if (mediator) return dispatch(above(record.circle), "reopen", {"提交上级调解，", "For the circle above to mediate. "});
  const auto doer = last_doer();
  if (!doer) return dispatch(record.circle, "reopen");
  // To whoever did it, if they are on duty; else to their post.
  const auto duty = tools_.rosters.on_duty(tx, doer->post, record.path, tx.now());
  const bool there = duty && doer->person && std::find(duty->persons.begin(), duty->persons.end(), *doer->person) != duty->persons.end();
  dispatch(doer->circle, "reopen", {}, doer->post, there ? doer->person : std::nullopt);
}

void Work::owe_again() {
  for (const Called& called : store::called(tx, record.id))
    if (!called.in_at) tools_.jobs.at(tx, kReportInJob, record.id.text + "/" + called.organisation.text, std::max(called.report_in_by, tx.now()));
  for (const Part& part : store::parts(tx, record.id))
    if (!part.done_at) tools_.jobs.at(tx, kPartJob, fmt::format("{}/{}", record.id.text, part.n), std::max(part.due, tx.now()));
}

void Work::call(const OrganisationId& organisation, WhistleKind whistle, Duration within) {
  const Time by = tx.now() + (within > Duration{0} ? within : Duration{30 * 60'000});
  const auto duty = tools_.rosters.on_duty_or_above(tx, PostId{organisation.text}, record.path, tx.now());
  Called called{organisation, {}, whistle, {}, tx.now(), by, {}, {}, false};
  // Figures are kept by organisation: a post that is called counts for the one that it belongs to at this hour.
  if (people::People::find_organisation(tx, people::OrganisationId{organisation.text})) called.answers_for = organisation;
  else if (duty && duty->steps_up == 0) called.answers_for = duty->organisation;
  if (!called.answers_for) called.answers_for = rosters::Rosters::post(tx, PostId{organisation.text}).organisation;
  if (!called.answers_for && duty) called.answers_for = duty->organisation;
  if (duty && !duty->persons.empty()) called.person = duty->persons.front();
  const auto before = store::called(tx, record.id);
  const bool waits = std::any_of(before.begin(), before.end(), [&](const Called& c) { return c.organisation == organisation && !c.in_at; });
  store::keep_called(tx, record.id, called);
  if (!waits) ++record.calls_open;
  tools_.jobs.at(tx, kReportInJob, record.id.text + "/" + organisation.text, by);
  const Addressee to{PostId{organisation.text}, organisation, called.person, by};
  line("call", say("呼叫{}，请于{}前报到", "Called {}; please report in by {}", name_of(PostId{organisation.text}), said(by)), {}, &to);
}

void Work::call_if_known(const OrganisationId& organisation, WhistleKind whistle, Duration within) {
  if (rosters::Rosters::is_known(tx, PostId{organisation.text})) return call(organisation, whistle, within);
  line("note", say("应呼叫的“{}”不在册，未能呼叫，请核对目录或规则", "\"{}\" was to be called but is not registered and was not; please check the catalogue or the rule", organisation.text));
}

}  // namespace lifang::cases
