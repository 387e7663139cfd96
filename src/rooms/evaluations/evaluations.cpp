#include "rooms/evaluations/evaluations.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "platform/bus/typed.hpp"
#include "rooms/cases/cases_catalogue.hpp"
#include "rooms/evaluations/evaluations_store.hpp"
#include "rooms/people/people.hpp"

namespace lifang::evaluations {
namespace {

constexpr const char* kMeasureJob = "evaluations.measure";

bool has_ended(const cases::Case& about) {
  return about.state == cases::State::verified || about.state == cases::State::closed;
}

/// Only what was done, or went by itself, is worth a question: not what was refused, merged or never there.
bool is_asked_about(const cases::Case& about) {
  return has_ended(about) && !about.drill &&
         (about.ending == cases::Ending::solved || about.ending == cases::Ending::cleared);
}

/// A registered helper may answer for the person whom they help.
bool helps(Reader& reader, const Caller& caller, const std::optional<cases::PersonId>& person, Time now) {
  return person && !caller.person.empty() && person->text != caller.person &&
         people::People::may_act_for(reader, people::PersonId{caller.person}, people::PersonId{person->text}, "evaluate", now);
}

bool is_own(const Caller& caller, const Evaluation& e) {
  return e.by == By::reporter && ((e.person && !caller.person.empty() && e.person->text == caller.person) ||
                                  (!e.person && !e.on_behalf && !caller.account.empty() && e.account == caller.account));
}

/// Whether it was answered by somebody else in the person's name.
bool is_spoken_for(const Evaluation& e, const Caller& caller) { return e.person && e.on_behalf && e.account != caller.account; }

bool is_in_app(cases::Channel channel, bool on_behalf) { return channel == cases::Channel::app && !on_behalf; }

/// Whoever reported in the app is asked there: nobody else's word stands for theirs.
bool answers_themselves(const Evaluation& e) { return e.by == By::reporter && !e.answered_at && is_in_app(e.channel, e.on_behalf); }

/// Whose questions somebody finds among their own.
store::Asking asking_of(Reader& reader, const Caller& caller, Time now) {
  store::Asking who{caller.person, caller.account, {}};
  if (caller.person.empty()) return who;
  for (const people::PersonId& person : people::People::helped_by(reader, people::PersonId{caller.person}, "evaluate", now))
    who.helped.push_back(person.text);
  return who;
}

}  // namespace

Evaluations::Evaluations(bus::Bus& bus, jobs::Jobs& jobs, cases::Cases& cases) : bus_(bus), jobs_(jobs), cases_(cases) {
  jobs_.on(kMeasureJob, [this](Tx& tx, const jobs::Job& job) { measured(tx, EvaluationId{job.name}); });
}

// ---- asking -------------------------------------------------------------------------------------------------

Evaluation Evaluations::ask(Tx& tx, const cases::Case& about, const cases::Reporter* reporter) {
  Evaluation e;
  e.id = EvaluationId::make(tx.ids());
  e.case_ = about.id;
  e.path = about.path;
  e.by = reporter ? By::reporter : By::staff;
  e.round = about.reopened;
  e.asked_at = tx.now();
  e.cause = about.id.text;
  if (reporter) {
    e.reporter = reporter->n;
    e.person = reporter->person;
    e.channel = reporter->channel;
    e.on_behalf = reporter->on_behalf;
    e.account = reporter->account;  // until it is answered: whose report it was
  }
  store::keep(tx, e);
  bus::tell(bus_, tx, Asked{e.id, e.case_, e.person, e.channel, e.account, e.on_behalf}, {e.id.text, e.path, e.cause, {}});
  return e;
}

void Evaluations::case_closed(Tx& tx, const cases::Step& step) {
  const auto about = cases_.find(tx, step.case_);
  if (!about || !is_asked_about(*about)) return;
  const cases::Kind kind = cases_.catalogue().get(tx, about->kind, about->kind_version);
  const auto known = store::of_case(tx, about->id, about->reopened);
  const auto is_known = [&](By by, std::int64_t reporter) {
    return std::any_of(known.begin(), known.end(), [&](const Evaluation& e) { return e.by == by && e.reporter == reporter; });
  };
  if (kind.evaluate)
    for (const cases::Reporter& reporter : cases_.reporters(tx, about->id))
      if (!is_known(By::reporter, reporter.n)) ask(tx, *about, &reporter);
  if (about->device.empty() || kind.verifier != cases::Verifier::device || is_known(By::device, 0)) return;
  Evaluation e;
  e.id = EvaluationId::make(tx.ids());
  e.case_ = about->id;
  e.path = about->path;
  e.by = By::device;
  e.round = about->reopened;
  e.channel = cases::Channel::device;
  e.asked_at = tx.now();
  e.until = about->verified_at.value_or(tx.now()) + kind.steady;
  e.cause = about->id.text;
  store::keep(tx, e);
  jobs_.at(tx, kMeasureJob, e.id.text, *e.until);
}

/// The device kept quiet for as long as the kind asks: it is solved, as far as a device can tell.
void Evaluations::measured(Tx& tx, const EvaluationId& id) {
  auto e = store::find(tx, id);
  check(e.has_value(), "a measurement is kept until it is due");
  const auto about = cases_.find(tx, e->case_);
  if (e->answered_at || !about || !has_ended(*about) || about->reopened != e->round) return;
  e->solved = true;
  settle(tx, Caller::system(), *e);
}

void Evaluations::case_reopened(Tx& tx, const cases::Step& step, const std::string& cause) {
  const auto about = cases_.find(tx, step.case_);
  if (!about || about->reopened == 0) return;
  for (Evaluation e : store::of_case(tx, about->id, about->reopened - 1)) {
    if (e.by != By::device || e.answered_at) continue;
    // The room cases has opened it again already; what is kept here is why.
    e.solved = false;
    e.reopened = true;
    e.answered_at = tx.now();
    e.account = "system";
    store::keep(tx, e);
    bus::tell(bus_, tx, Given{e.id, e.case_, e.by, {}, false, true}, {e.id.text, e.path, cause, {}});
  }
}

// ---- answering ----------------------------------------------------------------------------------------------

/// The caller's own question about the case, or the one that staff may answer.
Evaluation Evaluations::question_of(Tx& tx, const Caller& caller, const cases::CaseId& id) {
  const auto about = cases_.find(tx, id);
  if (!about) throw missing("evaluations.unknown", "no such case");
  const auto reporters = cases_.reporters(tx, id);
  const auto own = std::find_if(reporters.begin(), reporters.end(), [&](const cases::Reporter& r) {
    return (r.person && !caller.person.empty() && r.person->text == caller.person) ||
           (!r.on_behalf && r.account == caller.account) || helps(tx, caller, r.person, tx.now());
  });
  const bool staff = caller.may("evaluations.write", about->path);
  if (own == reporters.end() && !staff) throw missing("evaluations.unknown", "no such case");
  if (!has_ended(*about)) throw conflict("evaluations.not_yet", "the case has not ended");
  if (!is_asked_about(*about)) throw conflict("evaluations.not_asked", "nothing was done that could be evaluated");
  const auto questions = store::of_case(tx, id, about->reopened);
  const auto question_about = [&](std::int64_t n) -> const Evaluation* {
    for (const Evaluation& e : questions)
      if (e.by == (n == 0 ? By::staff : By::reporter) && e.reporter == n) return &e;
    return nullptr;
  };
  if (own != reporters.end()) {
    const Evaluation* asked = question_about(own->n);
    return asked ? *asked : ask(tx, *about, &*own);
  }
  for (const cases::Reporter& reporter : reporters) {
    if (is_in_app(reporter.channel, reporter.on_behalf)) continue;
    const Evaluation* asked = question_about(reporter.n);
    if (!asked) return ask(tx, *about, &reporter);
    if (!asked->answered_at) return *asked;
  }
  // A click of ours is nobody's satisfaction: where somebody reported, the answer is theirs or there is none.
  if (std::any_of(reporters.begin(), reporters.end(), [&](const cases::Reporter& r) { return is_in_app(r.channel, r.on_behalf); }))
    throw conflict("evaluations.asked_themselves", "whoever reported in the app is asked there, and answers themselves");
  if (!reporters.empty()) throw conflict("evaluations.already_given", "everybody who reported it has answered");
  const Evaluation* asked = question_about(0);
  return asked ? *asked : ask(tx, *about, nullptr);
}

bool Evaluations::may_answer(Reader& reader, const Caller& caller, const Evaluation& e) const {
  if (e.by != By::reporter && e.by != By::staff) return false;
  const bool own = is_own(caller, e);
  if (e.answered_at && !(own && is_spoken_for(e, caller))) return false;
  if (!own && !(e.by == By::reporter && helps(reader, caller, e.person, cases_.now())) &&
      (answers_themselves(e) || !caller.may("evaluations.write", e.path)))
    return false;
  const auto about = cases_.find(reader, e.case_);
  return about && has_ended(*about) && about->reopened == e.round && (own || !cases_.has_done(reader, e.case_, caller));
}

Evaluation Evaluations::give(Tx& tx, const Caller& caller, const std::string& id, const Words& words) {
  if (words.score < 1 || words.score > 5) throw invalid("evaluations.bad_score", "/score", "1 to 5");
  if (words.text && words.text->size() > 2000) throw invalid("evaluations.too_long", "/text", "at most 2,000 bytes");
  std::optional<Evaluation> found;
  if (cases::CaseId::fits(id)) found = question_of(tx, caller, cases::CaseId{id});
  else if (EvaluationId::fits(id)) found = store::find(tx, EvaluationId{id});
  if (!found) throw missing("evaluations.unknown", "no such evaluation");
  Evaluation& e = *found;
  const bool own = is_own(caller, e);
  const bool helper = e.by == By::reporter && helps(tx, caller, e.person, tx.now());
  if (!own && !helper && !caller.may("evaluations.write", e.path)) throw missing("evaluations.unknown", "no such evaluation");
  if (!own && !helper && answers_themselves(e))
    throw conflict("evaluations.asked_themselves", "whoever reported in the app is asked there, and answers themselves");
  if (e.by == By::device) throw forbidden("evaluations.not_yours", "the device answers this one");
  // What was said for them they may say themselves, once; what they have said themselves stands.
  const bool over = own && e.by == By::reporter && e.answered_at && is_spoken_for(e, caller);
  if (e.answered_at && !over) throw conflict("evaluations.already_given", "it was answered already");
  const auto about = cases_.find(tx, e.case_);
  if (!about || !has_ended(*about) || about->reopened != e.round)
    throw conflict("evaluations.not_yet", "the case is open again; you will be asked when it ends");
  if (!own && cases_.has_done(tx, e.case_, caller))
    throw forbidden("evaluations.doer_may_not", "who did it does not say whether it was good");
  std::optional<std::int64_t> instead_of;
  if (over) {
    instead_of = e.score;
    Evaluation kept = e;
    kept.id = EvaluationId::make(tx.ids());
    kept.by = By::overruled;
    store::keep(tx, kept);
  }
  e.score = words.score;
  e.solved = words.solved.value_or(words.score >= 3);
  e.text = words.text.value_or("");
  e.on_behalf = !own && e.by == By::reporter;  // staff's own word is said for nobody
  if (words.channel) e.channel = *words.channel;
  settle(tx, caller, e, instead_of);
  return e;
}

void Evaluations::settle(Tx& tx, const Caller& caller, Evaluation& e, std::optional<std::int64_t> instead_of) {
  e.answered_at = tx.now();
  e.account = caller.account;
  const bool bad = e.solved == std::optional(false) || (e.score && *e.score <= 2);
  cases::Verdict verdict{e.id.text, e.by == By::device, e.score, e.solved, bad, caller.account, instead_of};
  verdict.by_staff = e.by == By::staff;
  verdict.on_behalf = e.on_behalf;
  verdict.by_helper = e.on_behalf && helps(tx, caller, e.person, tx.now());
  e.reopened = cases_.rated(tx, e.case_, verdict);
  store::keep(tx, e);
  bus::tell(bus_, tx, Given{e.id, e.case_, e.by, e.score, e.solved, e.reopened}, {e.id.text, e.path, e.cause, caller.account});
}

void Evaluations::place_moved(Tx& tx, const std::string& from, const std::string& to) { store::rebase(tx, from, to); }

void Evaluations::forget(Tx& tx, const cases::PersonId& person) { store::withdraw(tx, person); }

// ---- reading ------------------------------------------------------------------------------------------------

/// What was said of a case is read by whoever reads the case.
bool Evaluations::reads(Reader& reader, const Caller& caller, const cases::CaseId& id, const std::string& path) const {
  return caller.may("evaluations.read", path) && (caller.may("cases.read", path) || cases_.reads(reader, caller, id));
}

/// Where all of them may be read; of one case also where the case alone may be.
std::vector<std::string> Evaluations::roots(Reader& reader, const Caller& caller, const Filter& filter) const {
  if (filter.case_)
    if (const auto about = cases_.find(reader, *filter.case_); about && reads(reader, caller, about->id, about->path)) return {about->path};
  std::vector<std::string> found;
  for (const auto& [one, other] : {std::pair("evaluations.read", "cases.read"), std::pair("cases.read", "evaluations.read")})
    for (std::string& path : caller.paths(one))
      if (caller.may(other, path)) found.push_back(std::move(path));
  return found;
}

Evaluation Evaluations::get(Reader& reader, const Caller& caller, const EvaluationId& id) const {
  auto e = store::find(reader, id);
  if (!e || (!is_own(caller, *e) && !reads(reader, caller, e->case_, e->path) &&
             !(e->by == By::reporter && helps(reader, caller, e->person, cases_.now()))))
    throw missing("evaluations.unknown", "no such evaluation");
  hide(reader, caller, *e);
  return *std::move(e);
}

/// Says whether the answer is the caller's to give. Who an anonymous reporter is, is for whom the case says, and for
/// themselves.
void Evaluations::hide(Reader& reader, const Caller& caller, Evaluation& e) const {
  e.may_answer = may_answer(reader, caller, e);
  if (e.by == By::device || e.by == By::staff || is_own(caller, e)) return;
  for (const cases::Reporter& reporter : cases_.reporters(reader, e.case_)) {
    if (reporter.n != e.reporter || !reporter.anonymous) continue;
    if (cases_.may_know_anonymous(reader, caller, e.case_)) return;
    e.person.reset();
    e.account.clear();  // a helper's, too: they are of one family more often than not
  }
}

std::vector<Evaluation> Evaluations::list(Reader& reader, const Caller& caller, const Filter& filter) const {
  auto all = store::list(reader, asking_of(reader, caller, cases_.now()), roots(reader, caller, filter), filter);
  for (Evaluation& e : all) hide(reader, caller, e);
  return all;
}
std::int64_t Evaluations::count(Reader& reader, const Caller& caller, const Filter& filter) const {
  return store::count(reader, asking_of(reader, caller, cases_.now()), roots(reader, caller, filter), filter);
}

std::optional<cases::Cause> Evaluations::cause_of(Reader& reader, std::string_view id) {
  if (!EvaluationId::fits(id)) return std::nullopt;
  const auto e = store::find(reader, EvaluationId{std::string(id)});
  if (!e) return std::nullopt;
  return cases::Cause{e->id.text, e->cause, e->by == By::device ? "设备复测" : "评价", e->answered_at.value_or(e->asked_at)};
}

}  // namespace lifang::evaluations
