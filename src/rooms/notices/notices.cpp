#include "rooms/notices/notices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "platform/bus/typed.hpp"
#include "rooms/accounts/accounts.hpp"
#include "rooms/cases/cases_catalogue.hpp"
#include "rooms/notices/notices_rules.hpp"
#include "rooms/notices/notices_rung.hpp"
#include "rooms/notices/notices_store.hpp"
#include "rooms/people/people.hpp"

namespace lifang::notices {
namespace {

std::string me(const Caller& caller) { return caller.person.empty() ? caller.account : caller.person; }

}  // namespace

Notices::Notices(bus::Bus& bus, jobs::Jobs& jobs, const Vault& vault, rosters::Rosters& rosters, cases::Cases& cases)
    : bus_(bus), jobs_(jobs), vault_(vault), rosters_(rosters), cases_(cases) {
  jobs_.on("notices.ring", [this](Tx& tx, const jobs::Job& job) { rings_again(tx, RingId{job.name}); });
}

// ---- the inbox ------------------------------------------------------------------------------------------------

void Notices::post(Tx& tx, Notice notice, std::string_view cause) {
  notice.id = NoticeId::make(tx.ids());
  notice.at = tx.now();
  notice.cause = cause;
  if (notice.drill) {
    notice.title = fmt::format("【演练】{}", notice.title);
    if (notice.title_en) notice.title_en = fmt::format("[Drill] {}", *notice.title_en);
  }
  store::add(tx, notice);
  if (notice.channel != cases::Channel::app) return;  // nobody's page waits for it
  bus::tell(bus_, tx, Arrived{notice.id, notice.person, notice.post, notice.urgent},
            {notice.id.text, notice.path, notice.cause, notice.sender});
}

/// Whoever lives or serves there. Somebody elsewhere gets no letter from a place that has no say over them.
void Notices::must_reach(Reader& reader, const Caller& caller, const PersonId& person, const std::string& path, const std::string& field) const {
  if (caller.account == "system") return;
  const auto home = people::People::path_of(reader, people::PersonId{person.text});
  if (home && (home->starts_with(path) || caller.may("notices.send", *home))) return;
  const auto serves = rosters_.memberships(reader, person, rosters_.now());
  if (home && std::any_of(serves.begin(), serves.end(), [&](const rosters::Membership& m) { return m.path.starts_with(path) || path.starts_with(m.path); }))
    return;
  throw invalid("notices.unknown_person", field, "nobody of this id lives or serves at this place");
}

std::int64_t Notices::send(Tx& tx, const Caller& caller, const SendWords& words, const InEnglish& english) {
  if (words.title.empty() || words.title.size() > 200) throw invalid("notices.bad_title", "/title", "1 to 200 bytes");
  if (words.text.size() > 8000) throw invalid("notices.too_long", "/text", "at most 8,000 bytes");
  Notice notice;
  notice.path = places::Places::path_of(tx, words.place);
  caller.must("notices.send", notice.path);
  notice.class_ = Class::announcement;
  notice.title = words.title;
  notice.title_en = english.title;
  notice.text = words.text;
  notice.text_en = english.text;
  notice.urgent = words.urgent.value_or(false);
  notice.sender = caller.account;
  const auto persons = words.persons.value_or(std::vector<PersonId>{});
  const auto posts = words.posts.value_or(std::vector<PostId>{});
  if (persons.empty() && posts.empty()) throw invalid("notices.to_nobody", "/persons", "to at least one person or post");
  if (persons.size() + posts.size() > 1000) throw invalid("notices.too_many", "/persons", "at most 1,000 at once");
  for (std::size_t i = 0; i < persons.size(); ++i) must_reach(tx, caller, persons[i], notice.path, fmt::format("/persons/{}", i));
  for (const PersonId& person : persons) {
    notice.person = person;
    post(tx, notice, {});
  }
  notice.person.reset();
  for (const PostId& to : posts) {
    notice.post = to;
    post(tx, notice, {});
  }
  return static_cast<std::int64_t>(persons.size() + posts.size());
}

bool Notices::has_told(Reader& reader, const PersonId& person, const std::string& title, Time since) {
  return store::has_told(reader, person, title, since);
}

bool Notices::may_read(Reader& reader, const Caller& caller, const Notice& notice) const {
  if (notice.person && notice.person->text == me(caller)) return true;
  if (notice.sender == caller.account && !notice.sender.empty()) return true;
  if (notice.channel != cases::Channel::app && caller.may("notices.send", notice.path)) return true;
  if (!notice.post) return false;
  const auto memberships = rosters_.memberships(reader, PersonId{me(caller)}, rosters_.now());
  return std::any_of(memberships.begin(), memberships.end(),
                     [&](const rosters::Membership& m) { return m.post == *notice.post && notice.path.starts_with(m.path); });
}

Notice Notices::get(Reader& reader, const Caller& caller, const NoticeId& id) const {
  auto notice = store::find(reader, id, me(caller));
  if (!notice || !may_read(reader, caller, *notice)) throw missing("notices.unknown", "no such notice");
  return *std::move(notice);
}

Notice Notices::read(Tx& tx, const Caller& caller, const NoticeId& id) {
  const Notice notice = get(tx, caller, id);
  store::keep_receipt(tx, notice.id, me(caller), tx.now());
  return get(tx, caller, id);
}

Notice Notices::told(Tx& tx, const Caller& caller, const NoticeId& id, const ToldWords& words) {
  auto notice = store::find(tx, id, me(caller));
  if (!notice || !caller.may("notices.send", notice->path)) throw missing("notices.unknown", "no such notice");
  if (notice->channel == cases::Channel::app) throw conflict("notices.reads_it_themselves", "they read it in the app");
  if (!notice->told_by.empty()) throw conflict("notices.told_already", "somebody has told them");
  if (words.note && words.note->size() > 500) throw invalid("notices.too_long", "/note", "at most 500 bytes");
  notice->read_at = tx.now();
  notice->told_by = caller.account;
  notice->told_note = words.note.value_or("");
  store::keep_told(tx, *notice);
  if (notice->case_)
    cases_.write_down(tx, *notice->case_, "told", notice->channel == cases::Channel::paper ? cases::Said{"已通过书面告知上报人", "The reporter was told on paper"}
                                                                              : cases::Said{"已通过电话告知上报人", "The reporter was told by telephone"},
                      notice->id.text);
  return *notice;
}

namespace {

store::Onlooker onlooker(Reader& reader, const rosters::Rosters& rosters, const Caller& caller) {
  store::Onlooker who{me(caller), {}, caller.paths("notices.send")};
  for (const rosters::Membership& m : rosters.memberships(reader, PersonId{who.person}, rosters.now())) {
    const std::pair at(m.post.text, m.path);
    if (std::find(who.posts_at.begin(), who.posts_at.end(), at) == who.posts_at.end()) who.posts_at.push_back(at);
  }
  return who;
}

}  // namespace

ReadAll Notices::read_all(Tx& tx, const Caller& caller, const NoticeId& up_to) {
  constexpr std::size_t kAtOnce = 2000;
  const std::string reader = me(caller);
  const store::Onlooker who = onlooker(tx, rosters_, caller);
  Filter filter;
  filter.unread = true;
  filter.limit = kAtOnce;
  filter.after = up_to.text + "~";  // itself included: the list goes on with what is smaller
  const auto found = store::list(tx, who, filter);
  ReadAll done;
  for (const Notice& notice : found) {
    if (notice.class_ == Class::announcement && notice.urgent) continue;
    store::keep_receipt(tx, notice.id, reader, tx.now());
    ++done.read;
  }
  done.more = found.size() == kAtOnce && done.read > 0;
  return done;
}

std::vector<Notice> Notices::list(Reader& reader, const Caller& caller, const Filter& filter) const {
  return store::list(reader, onlooker(reader, rosters_, caller), filter);
}

std::int64_t Notices::count(Reader& reader, const Caller& caller, const Filter& filter) const {
  return store::count(reader, onlooker(reader, rosters_, caller), filter);
}

std::vector<Receipt> Notices::receipts(Reader& reader, const Caller& caller, const NoticeId& id) const {
  const auto notice = store::find(reader, id, me(caller));
  if (!notice || (notice->sender != caller.account && !caller.may("notices.send", notice->path)))
    throw missing("notices.unknown", "no such notice");
  return store::receipts(reader, id);
}

/// The title of a case is its kind's name and its place: the name in English, the place as it is called. Absent: the kind has none.
std::optional<std::string> Notices::title_in_english(Reader& reader, const cases::Case& about) const {
  const cases::Kind kind = cases_.catalogue().get(reader, about.kind, about.kind_version);
  if (kind.name_en.empty() || !about.title.starts_with(kind.name)) return std::nullopt;
  return kind.name_en + about.title.substr(kind.name.size());
}

// ---- what rooms told ------------------------------------------------------------------------------------------

void Notices::tell_holder(Tx& tx, const cases::Case& about, const cases::Step& step, const cases::DiaryLine& line) {
  if (!step.person && !step.post) return;
  Notice notice;
  notice.class_ = step.ring > Duration{0} ? Class::alarm : Class::work;
  if (step.person) notice.person = step.person;
  else notice.post = step.post;
  notice.path = about.path;
  notice.title = about.title;
  notice.title_en = title_in_english(tx, about);
  notice.text = about.emergency.empty() ? line.words : fmt::format("{}。{}", line.words, about.emergency);
  if (line.words_en)
    notice.text_en = about.emergency.empty() ? *line.words_en : fmt::format("{}. {}", *line.words_en, about.emergency_en.value_or(about.emergency));
  notice.case_ = about.id;
  notice.urgent = step.ring > Duration{0} || line.code == cases::kRoseCritical;
  notice.drill = about.drill;
  post(tx, std::move(notice), about.id.text);
}

/// The helper who reported for somebody in the app and still holds the scope; empty: nobody, or staff at the desk did.
static std::string helper_of(Reader& reader, const std::optional<PersonId>& person, const std::string& account, const char* scope, Time now) {
  if (!person) return {};
  const std::string helper = accounts::Accounts::person_of(reader, account);
  const bool helps = !helper.empty() && helper != person->text &&
                     people::People::may_act_for(reader, people::PersonId{helper}, people::PersonId{person->text}, scope, now);
  return helps ? helper : std::string();
}

/// Somebody reported for a person who has no login: an inbox of theirs is read by nobody.
static bool has_no_inbox(Reader& reader, const std::optional<PersonId>& person) {
  return person && !accounts::Accounts::find_by_person(reader, person->text);
}

void Notices::tell_reporters(Tx& tx, const cases::Case& about, const cases::DiaryLine& line) {
  Notice notice;
  notice.class_ = Class::progress;
  notice.path = about.path;
  notice.title = about.title;
  notice.title_en = title_in_english(tx, about);
  cases::Said said = words_for_reporters(line);
  if (line.code == cases::kRoseCritical && !about.emergency.empty()) {
    said.zh += "。" + about.emergency;
    if (!said.en.empty()) said.en += ". " + about.emergency_en.value_or(about.emergency);
    notice.urgent = true;
  }
  notice.text = std::move(said.zh);
  if (!said.en.empty()) notice.text_en = std::move(said.en);
  notice.case_ = about.id;
  notice.drill = about.drill;
  std::vector<std::string> told;  // who reported for themselves and for another hears it once
  const auto tell = [&](const std::string& whom) {
    if (whom.empty() || std::find(told.begin(), told.end(), whom) != told.end()) return;
    told.push_back(whom);
    notice.channel = cases::Channel::app;
    notice.person = PersonId{whom};
    post(tx, notice, about.id.text);
  };
  for (const cases::Reporter& reporter : cases_.reporters(tx, about.id)) {
    notice.about = fmt::format("{}/{}", about.id.text, reporter.n);
    cases::Channel channel = reporter.channel;
    if (channel == cases::Channel::app && reporter.on_behalf) {
      tell(helper_of(tx, reporter.person, reporter.account, "report", tx.now()));
      if (has_no_inbox(tx, reporter.person)) channel = cases::Channel::call;
    }
    if (channel == cases::Channel::app) {
      tell(reporter.person ? reporter.person->text : reporter.account);
      continue;
    }
    if (!is_worth_a_call(line.code)) continue;
    if (channel != cases::Channel::call && channel != cases::Channel::visit && channel != cases::Channel::paper)
      continue;  // hotlines and other programs ask by themselves
    notice.channel = channel == cases::Channel::paper ? cases::Channel::paper : cases::Channel::call;
    notice.person = reporter.person;
    post(tx, notice, about.id.text);
  }
}

/// Who has it now is news by itself; where it follows from a step that the reporters just heard of, it is the same step.
bool Notices::is_told_already(Reader& reader, const cases::Case& about, const cases::DiaryLine& line) const {
  if (line.code != "assign") return false;
  for (std::int64_t n = line.n - 1; n > 0; --n) {
    const auto before = cases_.find_line(reader, about.id, n);
    if (!before || before->at != line.at) return false;
    if (before->code == "unmanned") continue;
    return before->code == "open" || is_for_reporters(before->code);
  }
  return false;
}

void Notices::case_told(Tx& tx, const cases::Step& step, const bus::Told& told) {
  auto about = cases_.find(tx, step.case_);
  const auto line = cases_.find_line(tx, step.case_, step.n);
  if (!about || !line) return;
  const cases::Kind kind = cases_.catalogue().get(tx, about->kind, about->kind_version);
  about->emergency = kind.emergency;
  about->emergency_en = kind.emergency_en;
  if (is_for_holder(told.topic, step.code)) tell_holder(tx, *about, step, *line);
  if (is_for_reporters(step.code) && !is_told_already(tx, *about, *line)) tell_reporters(tx, *about, *line);
  // What was handed to somebody else, or answered, no longer rings.
  if (step.code == cases::kRoseCritical) {
    if (step.ring > Duration{0} && is_waiting(about->state)) ring(tx, *about, step);
  } else if (told.topic == "cases.assigned") {
    answered(tx, about->id, "", RingState::stopped, {});
    if (step.ring > Duration{0} && is_waiting(about->state)) ring(tx, *about, step);
  } else if (told.topic == "cases.called" && step.ring > Duration{0} && step.code == "call") {
    ring(tx, *about, step);
  } else if (step.code == "accept") {
    answered(tx, about->id, "", RingState::answered, line->by);
  } else if (step.code == "report-in") {
    for (const cases::Called& called : cases_.beside(tx, about->id).called)
      if (called.in_at) answered(tx, about->id, called.organisation.text, RingState::answered, called.by);
  } else if (!cases::is_open(about->state)) {
    answered(tx, about->id, "", RingState::stopped, {});
    for (const cases::Called& called : cases_.beside(tx, about->id).called)
      answered(tx, about->id, called.organisation.text, RingState::stopped, {});
  }
}

void Notices::evaluation_asked(Tx& tx, const evaluations::Asked& asked) {
  const auto about = cases_.find(tx, asked.case_);
  if (!about || asked.channel == cases::Channel::device) return;
  Notice notice;
  notice.class_ = Class::question;
  notice.person = asked.person;
  notice.path = about->path;
  notice.title = about->title;
  notice.title_en = title_in_english(tx, *about);
  notice.text = "事情办完了，请评价：解决了吗，满意吗？";
  notice.text_en = "It is done. Please say: is it solved, and are you content?";
  notice.case_ = about->id;
  notice.about = asked.evaluation.text;
  const std::string account = asked.account.value_or("");
  const bool on_behalf = asked.on_behalf.value_or(false);
  if (asked.channel == cases::Channel::call || asked.channel == cases::Channel::visit) {
    notice.channel = cases::Channel::call;
  } else if (asked.channel == cases::Channel::paper) {
    notice.channel = cases::Channel::paper;
  } else if (asked.channel != cases::Channel::app) {
    return;
  } else if (on_behalf) {
    if (const std::string helper = helper_of(tx, asked.person, account, "evaluate", tx.now()); !helper.empty()) {
      Notice theirs = notice;
      theirs.person = PersonId{helper};
      post(tx, std::move(theirs), asked.evaluation.text);
    }
    if (has_no_inbox(tx, asked.person)) notice.channel = cases::Channel::call;
  } else if (!asked.person && !account.empty()) {
    notice.person = PersonId{account};  // a login with nobody in the register behind it
  }
  if (!notice.person && notice.channel == cases::Channel::app) return;
  post(tx, std::move(notice), asked.evaluation.text);
}

void Notices::place_moved(Tx& tx, const std::string& from, const std::string& to) { store::rebase(tx, from, to); }

// ---- ringing --------------------------------------------------------------------------------------------------

cases::Said Notices::why_next(const Next& next, bool at_once) {
  if (next.desk) return {"各岗位无人可应答，转呼工单台", "Nobody of the posts can answer; it rings at the desk"};
  if (at_once) return {"承办人在此单上无可做的操作，改呼下一人", "Whoever it was given to has no move on it; it rings at the next"};
  return {"无人应答，转呼下一人", "Nobody answered; it rings at the next"};
}

void Notices::ring(Tx& tx, const cases::Case& about, const cases::Step& step) {
  const std::string purpose = step.code == "call" && step.organisation ? step.organisation->text : "";
  if (store::ringing(tx, about.id, purpose)) return;
  if (!step.post) return;
  Ring ring;
  ring.id = RingId::make(tx.ids());
  ring.case_ = about.id;
  ring.path = about.path;
  ring.purpose = purpose;
  ring.post = *step.post;
  ring.each = step.ring;
  ring.began_at = tx.now();
  ring.drill = about.drill;
  std::vector<PersonId> first;
  if (step.person) first.push_back(*step.person);
  const auto next = next_rung(tx, ring, std::move(first));
  if (!next) return;  // nobody is there who could answer: the case's own deadline moves it up
  // It was given to somebody who can do nothing with it; what waits for the whole post waits for it still.
  const bool given_elsewhere = next->desk || (step.person && *step.person != next->person);
  if (purpose.empty() && given_elsewhere && !cases_.hand_on(tx, about.id, ring.post, next->person, why_next(*next, true))) return;
  ring.person = next->person;
  say_passed(tx, ring, *next);
  sound(tx, ring);
}

/// `first`, then whoever stands in the chain of posts, then the desk: the first who was not rung yet and has a move on the case.
std::optional<Notices::Next> Notices::next_rung(Reader& reader, const Ring& ring, std::vector<PersonId> first) const {
  const std::optional<cases::OrganisationId> called = ring.purpose.empty() ? std::nullopt : std::optional(cases::OrganisationId{ring.purpose});
  const auto is_rung = [&](const PersonId& person) { return std::find(ring.rung.begin(), ring.rung.end(), person) != ring.rung.end(); };
  for (const PersonId& person : rosters_.chain(reader, ring.post, ring.path, rosters_.now()))
    if (std::find(first.begin(), first.end(), person) == first.end()) first.push_back(person);
  Next next;
  // Who was passed over before stands before the last one rung.
  const auto last = std::find(first.begin(), first.end(), ring.rung.empty() ? PersonId{} : ring.rung.back());
  bool beyond = last == first.end();
  for (const PersonId& person : first) {
    beyond = beyond || (last != first.end() && person == *last);
    if (is_rung(person)) continue;
    if (cases_.can_answer(reader, ring.case_, person, called)) {
      next.person = person;
      return next;
    }
    next.passed += beyond ? 1 : 0;
  }
  for (const PersonId& person : cases_.desk_of(reader, ring.case_)) {
    if (is_rung(person)) continue;
    next.person = person;
    next.desk = true;
    if (!ring.rung.empty() && last == first.end()) next.passed = 0;  // it rings at the desk already: that was said
    return next;
  }
  return std::nullopt;
}

void Notices::say_passed(Tx& tx, const Ring& ring, const Next& next) {
  if (next.passed > 0)
    cases_.write_down(tx, ring.case_, "rang-past", {fmt::format("跳过{}人：此单上无可做的操作", next.passed),
                                                    fmt::format("Passed over, with no move on this case: {}", next.passed)}, ring.id.text);
  if (next.desk && ring.purpose.empty()) return;  // handing it on has said so
  if (next.desk)
    cases_.write_down(tx, ring.case_, "rang-desk", {"各岗位无人可应答，转呼工单台", "Nobody of the posts can answer; it rings at the desk"}, ring.id.text);
}

void Notices::sound(Tx& tx, const Ring& ring_) {
  Ring ring = ring_;
  ring.rung.push_back(ring.person);
  ring.until = tx.now() + ring.each;
  store::keep(tx, ring);
  store::add_rung(tx, ring.id, ring.step, ring.person, tx.now());
  jobs_.at(tx, "notices.ring", ring.id.text, ring.until);
  cases_.write_down(tx, ring.case_, "rang", {fmt::format("响铃呼叫第{}人", ring.step), fmt::format("Rang person no. {}", ring.step)}, ring.id.text);
  bus::tell(bus_, tx, Ringing{ring.id, ring.case_, ring.person, ring.step, ring.drill}, {ring.id.text, ring.path, ring.case_.text, {}});
}

/// Nobody answered in time: on to the next who has not been rung.
void Notices::rings_again(Tx& tx, const RingId& id) {
  auto ring = store::find_ring(tx, id);
  if (!ring || ring->state != RingState::ringing) return;
  if (const auto next = next_rung(tx, *ring, {})) {
    if (ring->purpose.empty() && !cases_.hand_on(tx, ring->case_, ring->post, next->person, why_next(*next, false))) {
      end(tx, *ring, RingState::stopped, {});  // taken, or with another post that rings by itself
      return;
    }
    say_passed(tx, *ring, *next);
    ring->person = next->person;
    ++ring->step;
    const auto about = cases_.find(tx, ring->case_);
    if (about) {
      Notice notice;
      notice.class_ = Class::alarm;
      notice.person = next->person;
      notice.path = ring->path;
      notice.title = about->title;
      notice.title_en = title_in_english(tx, *about);
      notice.text = "前一人未应答，请立即接单";
      notice.text_en = "The one before did not answer. Please accept it at once";
      notice.case_ = ring->case_;
      notice.about = ring->id.text;
      notice.urgent = true;
      notice.drill = ring->drill;
      post(tx, std::move(notice), ring->id.text);
    }
    sound(tx, *ring);
    return;
  }
  cases_.write_down(tx, ring->case_, "unanswered",
                    {fmt::format("响铃{}人均未应答", ring->step), fmt::format("Persons rung: {}; none answered", ring->step)}, ring->id.text);
  end(tx, *ring, RingState::unanswered, {});
}

void Notices::end(Tx& tx, Ring& ring, RingState state, const std::string& by) {
  ring.state = state;
  ring.ended_at = tx.now();
  ring.by = by;
  store::keep(tx, ring);
  jobs_.cancel(tx, "notices.ring", ring.id.text);
  bus::tell(bus_, tx, RingEnded{ring.id, ring.case_, ring.state}, {ring.id.text, ring.path, ring.case_.text, by});
}

void Notices::answered(Tx& tx, const cases::CaseId& id, const std::string& purpose, RingState state, const std::string& by) {
  if (auto ring = store::ringing(tx, id, purpose)) end(tx, *ring, state, by);
}

/// Whom an alarm rang is nothing for every resident who may read notices there: it takes the right to read the case too.
static std::vector<std::string> ring_roots(const Caller& caller) {
  std::vector<std::string> roots;
  for (const auto& [one, other] : {std::pair("notices.read", "cases.read"), std::pair("cases.read", "notices.read")})
    for (std::string& path : caller.paths(one))
      if (caller.may(other, path)) roots.push_back(std::move(path));
  return roots;
}

std::vector<Ring> Notices::rings(Reader& reader, const Caller& caller, const RingFilter& filter) const {
  return store::rings(reader, ring_roots(caller), filter);
}
std::int64_t Notices::count_rings(Reader& reader, const Caller& caller, const RingFilter& filter) const {
  return store::count_rings(reader, ring_roots(caller), filter);
}
bool Notices::may_see(const Caller& caller, const Ring& ring) {
  return caller.may("notices.read", ring.path) &&
         (caller.may("cases.read", ring.path) || (!caller.person.empty() && ring.person.text == caller.person));
}
std::optional<Ring> Notices::find_ring(Reader& reader, const RingId& id) const { return store::find_ring(reader, id); }

}  // namespace lifang::notices
