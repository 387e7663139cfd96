#include "rooms/cases/cases_do.hpp"

#include <algorithm>
#include <string_view>

#include "base/check.hpp"
#include "rooms/cases/cases_words.hpp"

namespace lifang::cases {
namespace {

constexpr std::int64_t kMostTransfers = 3;
constexpr auto kLongestDeferral = std::chrono::hours(24 * 366);

struct Knows {
  Move move;
  std::string_view members;  ///< beside note and files, each between spaces
  bool reason;               ///< the note must be there
};
constexpr Knows kKnows[] = {
    {Move::assign, " post person ", false},      {Move::accept, " ", false},
    {Move::arrive, " ", false},                  {Move::handle, " ", false},
    {Move::verify, " passed ", false},           {Move::close, " ", false},
    {Move::return_, " ", true},                  {Move::transfer, " post person ", true},
    {Move::defer, " until ", true},              {Move::approve, " until ", false},
    {Move::deny, " ", true},                     {Move::wake, " ", false},
    {Move::urge, " ", false},                    {Move::supervise, " ", false},
    {Move::whistle, " call whistle report_in ", false}, {Move::report_in, " organisation ", false},
    {Move::joint, " parts ", false},             {Move::done, " part ", false},
    {Move::confirm, " check ", false},           {Move::refuse, " ", true},
    {Move::false_alarm, " ", true},              {Move::merge, " into ", false},
    {Move::join, " ", false},                    {Move::reopen, " ", false},
    {Move::escalate, " ", false},                {Move::clear, " ", false},
    {Move::appeal, " ", true},                   {Move::decide, " granted ", false},
    {Move::note, " ", true},
};

/// The instant at which it wakes: the day's first opening, or the hour that was asked for where that is later.
Time wake_at(const Doing& d, Time until) {
  Work& work = d.work;
  if (until <= work.tx.now() || until > work.tx.now() + kLongestDeferral)
    throw invalid("cases.bad_until", "/until", "later than now, within 366 days");
  const Time at = work.tools().rosters.first_opening_from(work.tx, until, work.record.organisation);
  check(at > work.tx.now(), "a deferral ends later than it begins");
  return at;
}

/// "3月5日", "5 Mar", with the hour where it wakes on the day on which it is put off.
Said spoken_wake(const Doing& d) {
  Work& work = d.work;
  const int offset = work.tools().rosters.offset_minutes();
  const Time at = *work.record.deferred_until;
  return spoken_day(at, offset).zh == spoken_day(work.tx.now(), offset).zh ? spoken(at, offset) : spoken_day(at, offset);
}

/// Whoever leads an organisation moves its orders about within it: to its own people, and within what is left of the time.
void do_assign_within(const Doing& d) {
  Work& work = d.work;
  must_be_of_the_same(d);
  if (work.record.state == State::accepted && ++work.record.transferred > kMostTransfers)
    throw conflict("cases.too_many_transfers", "handed on three times already: whistle, or let the desk assign it");
  work.bound_next(work.left());
  work.dispatch_within("assign", {"由本单位负责人改派，", "Moved by whoever leads the organisation. "},
                       d.words.post.value_or(*work.record.post), d.words.person);
}

void do_assign(const Doing& d) {
  must_be_known(d);
  if (!decides(d.standings)) return do_assign_within(d);
  d.work.dispatch(d.work.record.circle, "assign", {}, d.words.post, d.words.person);
}

void do_accept(const Doing& d) {
  d.work.take(d.viewer.actor(), d.on_behalf);
  d.work.add_doer(d.on_behalf);
  d.work.line("accept", say("{}已接单{}", "{} has accepted it{}", d.work.name_of(*d.work.record.post),
                            d.work.please_by(d.work.record.due, owed_in(State::accepted))), d.attached());
}

void do_arrive(const Doing& d) {
  if (!d.work.record.arrived_at) d.work.record.arrived_at = d.work.tx.now();
  d.work.add_doer(d.on_behalf);
  d.work.line("arrive", {"已到场", "Arrived on site"}, d.attached());
}

void do_handle(const Doing& d) {
  Work& work = d.work;
  if (work.record.parts_open > 0)
    throw conflict("cases.parts_open", "sub-orders are not done; the case is handled when all are");
  const Said missing = missing_evidence(d);
  work.add_doer(d.on_behalf);
  work.handled();
  work.line("handle", say("已办结{}{}", "Handled{}{}", missing, work.please_by(work.record.due, owed_in(State::handled))), d.attached());
}

void do_verify(const Doing& d) {
  Work& work = d.work;
  if (work.kind.verifier == Verifier::above && !d.stands(Standing::above) && !d.stands(Standing::machine))
    throw forbidden("cases.above_verifies", "this kind is verified by the circle above");
  const bool was_nothing = work.record.ending == Ending::false_alarm;
  if (d.words.passed == std::optional(false)) {
    return work.not_verified(d.attached());
  }
  if (was_nothing) {
    work.ended(State::closed, Ending::false_alarm, work.record.reason);
    return work.line("false-alarm", say("核实为误报：{}", "Verified to be a false alarm: {}", work.record.reason), d.attached());
  }
  work.verified(Ending::solved);
  const bool by_reporter = d.stands(Standing::reporter) && !d.stands(Standing::verifier);
  const bool by_colleague = !d.stands(Standing::machine) && d.viewer.is_colleague_of_doers(work.record);
  work.line("verify", by_colleague ? Said{"核实通过（无其他单位可核实，由本单位核实）", "Verified (by a colleague of whoever did it, as nobody else could)"}
                      : by_reporter ? Said{"上报人确认已解决", "The reporter confirms that it is solved"} : Said{"核实通过", "Verified"}, d.attached());
  work.close_in_time();
}

void do_close(const Doing& d) {
  d.work.closed(d.attached());
}

void do_return(const Doing& d) {
  Work& work = d.work;
  // Back to the post as a whole; the clock that runs is not set back by giving it back.
  work.give_back();
  work.line("return", say("退单：{}", "Given back: {}", d.note()), d.attached());
}

void do_transfer(const Doing& d) {
  Work& work = d.work;
  if (!d.words.post && !d.words.person) throw invalid("json.missing", "/post", "to which post, or to which person");
  if (work.record.transferred >= kMostTransfers)
    throw conflict("cases.too_many_transfers", "handed on three times already: whistle, or let the desk assign it");
  must_be_known(d);
  ++work.record.transferred;
  work.line("transfer-asked", say("转办：{}", "Handed on: {}", d.note()), d.attached());
  if (decides(d.standings)) return work.dispatch(work.record.circle, "transfer", {}, d.words.post, d.words.person);
  // Handing it round within the organisation gives it no new time; whoever has the say over it may.
  if (is_of_the_same(d)) work.bound_next(work.left_to_handle());
  work.dispatch_within("transfer", {}, d.words.post, d.words.person);
}

void do_defer(const Doing& d) {
  Work& work = d.work;
  if (!d.words.until) throw invalid("json.missing", "/until", "the day on which it comes due again");
  work.record.deferred_until = wake_at(d, *d.words.until);
  work.record.reason = d.note();
  const Said day = spoken_wake(d);
  // Who stands above grants it with the same word; but in the great circle those who do it stand above themselves, too.
  if (d.stands(Standing::above) && !d.stands(Standing::holder)) {
    work.defer();
    work.line("approve", say("挂账至{}：{}", "Deferred until {}: {}", day, d.note()), d.attached());
  } else {
    work.record.deferral_asked = true;
    work.line_above("defer", say("申请挂账至{}：{}", "Asked for a deferral until {}: {}", day, d.note()), d.attached());
  }
}

void do_approve(const Doing& d) {
  Work& work = d.work;
  if (!work.record.deferral_asked) throw conflict("cases.no_deferral_asked", "nobody has asked for a deferral");
  if (d.viewer.has_asked(work.record, "defer")) throw forbidden("cases.own_deferral", "whoever asked for it does not approve it");
  if (d.words.until) work.record.deferred_until = wake_at(d, *d.words.until);
  if (*work.record.deferred_until <= work.tx.now()) throw conflict("cases.no_deferral_asked", "the day asked for has passed");
  work.defer();
  work.line("approve", say("同意挂账至{}", "Deferral until {} approved", spoken_wake(d)), d.attached());
}

void do_deny(const Doing& d) {
  if (!d.work.record.deferral_asked) throw conflict("cases.no_deferral_asked", "nobody has asked for a deferral");
  d.work.record.deferred_until.reset();
  d.work.record.deferral_asked = false;
  d.work.record.reason.clear();
  d.work.line("deny", say("不同意挂账：{}", "Deferral denied: {}", d.note()), d.attached());
}

void do_urge(const Doing& d) {
  Work& work = d.work;
  if (d.viewer.has_just_urged(work.record))
    throw Refusal(RefusalKind::too_many, "cases.urged_just_now", "once an hour is enough");
  ++work.record.urged;
  work.line("urge", say("催办（第{}次）", "Urged (time no. {})", work.record.urged), d.attached());
}

void do_supervise(const Doing& d) {
  d.work.record.supervised = true;
  d.work.line("supervise", {"上级督办", "The circle above supervises it"}, d.attached());
}

void do_refuse(const Doing& d) {
  d.work.ended(State::refused, Ending::refused, d.note());
  d.work.line("refuse", say("不予受理：{}", "Refused: {}", d.note()), d.attached());
}

void do_false_alarm(const Doing& d) {
  d.work.add_doer(d.on_behalf);
  if (d.work.record.reporters > 0 && !decides(d.standings)) {
    // Somebody saw it: whoever had to do it does not end it by their own word, nor by saying it twice.
    const State state = d.work.record.state;
    if (state == State::handled || state == State::verified) throw conflict("cases.to_be_verified", "it is done already as far as you are concerned: another person verifies it");
    if (d.work.record.state != State::accepted) d.work.take(d.viewer.actor(), d.on_behalf);
    d.work.handled();
    d.work.record.ending = Ending::false_alarm;
    d.work.record.reason = d.note();
    return d.work.line("false-alarm-asked", say("认为是误报，待核实：{}", "Said to be a false alarm, to be verified: {}", d.note()), d.attached());
  }
  d.work.ended(State::closed, Ending::false_alarm, d.note());
  d.work.line("false-alarm", say("认定为误报：{}", "Found to be a false alarm: {}", d.note()), d.attached());
}

void do_reopen(const Doing& d) {
  if (!decides(d.standings)) {
    const Record& r = d.work.record;
    if (r.drill || r.contested > 0 || (r.ending != Ending::refused && r.ending != Ending::false_alarm))
      throw conflict("cases.nothing_to_object", "whoever reported objects once, to a refusal or a false alarm; else evaluate it");
    if (d.note().empty()) throw invalid("cases.reason_needed", "/note", "say why");
    ++d.work.record.contested;
    return d.work.reopen({"上报人不同意这一结论，由上一级重新看", "The reporter disagrees; the circle above looks again"}, d.attached(), true);
  }
  d.work.reopen(d.note().empty() ? Said{"重新办理", "Opened again"} : say("重新办理：{}", "Opened again: {}", d.note()), d.attached(), false);
}

void do_appeal(const Doing& d) {
  if (d.work.record.appeal) throw conflict("cases.appealed_already", "one appeal a case");
  d.work.ask_mediator(above(d.work.record.circle), "appeal", say("申诉不计入考核：{}", "Appealed that it should not count in the rates: {}", d.note()), d.attached());
}

void do_decide(const Doing& d) {
  if (d.work.record.appeal != Appeal::asked) throw conflict("cases.no_appeal", "there is no appeal to decide on");
  if (!d.words.granted) throw invalid("json.missing", "/granted", "true or false");
  if (!d.viewer.is_mediator(d.work.record)) throw forbidden("cases.not_yours", "the appeal is with another circle");
  if (!d.viewer.may_mediate(d.work.record)) throw forbidden("cases.own_appeal", "neither whoever appealed nor whoever did it decides");
  if (!*d.words.granted && d.note().empty()) throw invalid("cases.reason_needed", "/note", "say why, in words that whoever appealed may read");
  d.work.decided(*d.words.granted, d.attached());
}

}  // namespace

Said missing_evidence(const Doing& d) {
  Said missing;
  for (const std::string& wanted : d.work.kind.evidence) {
    const bool there = wanted == "photo" ? d.words.files && !d.words.files->empty() : !d.note().empty();
    if (there) continue;
    if (d.work.kind.strict)
      throw invalid("cases.evidence_needed", wanted == "photo" ? "/files" : "/note", "this kind needs it: " + wanted);
    missing.zh += missing.zh.empty() ? "（未附" : "、";
    missing.zh += wanted == "photo" ? "照片" : "说明";
    missing.en += missing.en.empty() ? " (without a " : ", a ";
    missing.en += wanted == "photo" ? "picture" : "description";
  }
  return missing.zh.empty() ? missing : Said{missing.zh + "）", missing.en + ")"};
}

void check_words(Move move, const Words& w) {
  const Knows& knows = kKnows[static_cast<std::size_t>(move)];
  check(knows.move == move, "one line for each move, in the order of the enum");
  const auto only_if_known = [&](bool given, std::string_view member) {
    if (!given || knows.members.find(" " + std::string(member) + " ") != std::string_view::npos) return;
    throw invalid("cases.not_for_this_move", "/" + std::string(member), "this move does not know it");
  };
  only_if_known(w.post.has_value(), "post");
  only_if_known(w.person.has_value(), "person");
  only_if_known(w.until.has_value(), "until");
  only_if_known(w.call.has_value(), "call");
  only_if_known(w.whistle.has_value(), "whistle");
  only_if_known(w.report_in.has_value(), "report_in");
  only_if_known(w.organisation.has_value(), "organisation");
  only_if_known(w.parts.has_value(), "parts");
  only_if_known(w.part.has_value(), "part");
  only_if_known(w.check.has_value(), "check");
  only_if_known(w.into.has_value(), "into");
  only_if_known(w.passed.has_value(), "passed");
  only_if_known(w.granted.has_value(), "granted");
  if (w.note && w.note->size() > 2000) throw invalid("cases.too_long", "/note", "at most 2,000 bytes");
  if (knows.reason && (!w.note || w.note->empty())) throw invalid("cases.reason_needed", "/note", "say why, in words that the reporter may read");
  if (!w.files) return;
  if (w.files->size() > 20) throw invalid("cases.too_many_files", "/files", "at most 20");
  for (std::size_t i = 0; i < w.files->size(); ++i)
    if (!is_client_id((*w.files)[i])) throw invalid("cases.bad_file", "/files/" + std::to_string(i), "the id of a file");
}

void do_move(const Doing& d, Move move) {
  switch (move) {
    case Move::assign: return do_assign(d);
    case Move::accept: return do_accept(d);
    case Move::arrive: return do_arrive(d);
    case Move::handle: return do_handle(d);
    case Move::verify: return do_verify(d);
    case Move::close: return do_close(d);
    case Move::return_: return do_return(d);
    case Move::transfer: return do_transfer(d);
    case Move::defer: return do_defer(d);
    case Move::approve: return do_approve(d);
    case Move::deny: return do_deny(d);
    case Move::wake: return d.work.wake(d.attached());
    case Move::urge: return do_urge(d);
    case Move::supervise: return do_supervise(d);
    case Move::whistle: return do_whistle(d);
    case Move::report_in: return do_report_in(d);
    case Move::joint: return do_joint(d);
    case Move::done: return do_part_done(d);
    case Move::confirm: return do_confirm(d);
    case Move::refuse: return do_refuse(d);
    case Move::false_alarm: return do_false_alarm(d);
    case Move::merge: return do_merge(d);
    case Move::reopen: return do_reopen(d);
    case Move::escalate: return d.work.escalate(d.work.record.due.value_or(d.work.tx.now()));
    case Move::clear: return d.work.cleared({});
    case Move::appeal: return do_appeal(d);
    case Move::decide: return do_decide(d);
    case Move::note: return d.work.line("note", {"备注", "Remark"}, d.attached());
    case Move::join: break;
  }
  throw forbidden("cases.not_for_people", "a further report does this by itself");
}

}  // namespace lifang::cases
