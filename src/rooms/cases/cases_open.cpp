// How cases begin, and what devices and evaluations do with them.
#include <fmt/format.h>

#include <algorithm>

#include "base/members.hpp"
#include "rooms/cases/cases.hpp"
#include "rooms/people/people.hpp"
#include "rooms/cases/cases_do.hpp"
#include "rooms/cases/cases_near.hpp"
#include "rooms/cases/cases_parts.hpp"
#include "rooms/cases/cases_rules.hpp"
#include "rooms/cases/cases_words.hpp"

namespace lifang::cases {
namespace {

Reporter reporter_of(Tx& tx, const Caller& caller, const Report& words) {
  const ReporterWords said = words.reporter.value_or(ReporterWords{});
  Reporter reporter;
  const bool self = !said.person ? !said.channel || *said.channel == Channel::app : said.person->text == caller.person;
  reporter.person = said.person;
  if (self && !caller.person.empty()) reporter.person = PersonId{caller.person};
  reporter.on_behalf = !self;
  reporter.channel = said.channel.value_or(self ? Channel::app : Channel::call);
  reporter.anonymous = said.anonymous.value_or(false);
  reporter.account = caller.account;
  reporter.at = tx.now();
  reporter.text = words.text.value_or("");
  reporter.files = words.files.value_or(std::vector<std::string>{});
  return reporter;
}

Said name_of(const Kind& kind) { return {kind.name, kind.name_en.empty() ? kind.name : kind.name_en}; }

/// Who says it for somebody: a daughter is not somebody of the desk.
Said whose_words(const Reporter& reporter) {
  if (!reporter.on_behalf) return {};
  return reporter.by_helper ? Said{"，登记的代办人代报", ", by their registered helper"} : Said{"，工作人员代录", ", entered by staff"};
}

/// The machine doing what an account asked for elsewhere.
Caller account(const std::string& id) {
  Caller caller = Caller::system();
  if (!id.empty()) caller.account = caller.name = id;
  return caller;
}

}  // namespace

/// The bare case, before anybody holds it.
Record begin(Tools& tools, Tx& tx, const Kind& kind, const places::PlaceId& place, std::string path) {
  Record record;
  record.id = CaseId::make(tx.ids());
  std::string day = rosters::to_text(tools.rosters.calendar(tx, tx.now()).local_day(tx.now()));
  std::erase(day, '-');
  record.number = fmt::format("{}-{:04}", day, store::next_number(tx, day));
  record.kind = kind.code;
  record.kind_version = kind.version;
  record.grade = kind.grade;
  record.class_ = kind.class_;
  record.circle = kind.grade == Grade::I ? Circle::great : Circle::micro;
  record.place = place;
  record.path = std::move(path);
  record.title = fmt::format("{} · {}", kind.name, short_place(places::Places::spoken(tx, place)));
  record.opened_at = tx.now();
  return record;
}

/// Gives a case that was just written down its holder, its plan, and calls whoever is to be called at once.
void set_going(Work& work) {
  std::int64_t n = 0;
  for (const Check& check : work.kind.checklist) store::keep_check(work.tx, work.record.id, {++n, check.words, check.post, {}, {}, {}});
  work.dispatch(work.record.circle, "open");
  if (work.kind.grade != Grade::I) return;
  // 联勤联动: it begins at the top, and the circles below are called with the bureaus, all at once.
  std::vector<OrganisationId> all{OrganisationId{work.kind.micro.post.text}, OrganisationId{work.kind.small.post.text}};
  all.insert(all.end(), work.kind.calls.begin(), work.kind.calls.end());
  for (std::size_t i = 0; i < all.size(); ++i)
    if (std::find(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i), all[i]) == all.begin() + static_cast<std::ptrdiff_t>(i))
      work.call_if_known(all[i], WhistleKind::emergency, work.kind.report_in);
}

/// How a report joins a case that is there. `by_number`: an outside system sends the same number again.
struct Cases::Joining {
  bool by_number = false;
  std::string cause;
  places::PlaceId place = {};  ///< where they saw it
};

/// Open cases of the same kind, close in time and near, though not at the same place.
struct Cases::Neighbours {
  std::optional<CaseId> same;        ///< the kind says that it is the same thing
  std::vector<std::string> alike;    ///< numbers of those that a person should look at
};

Cases::Neighbours Cases::neighbours_of(Reader& reader, const Kind& kind, const places::PlaceId& place,
                                       const std::optional<places::Point>& position, bool drill) const {
  Neighbours found;
  if (kind.merge_within <= Duration{0} || (kind.near.floors == 0 && kind.near.metres == 0)) return found;
  const Spot here = spot_of(reader, place, position);
  const std::string around = neighbourhood_of(reader, places::Places::path_of(reader, place));
  for (const Record& other : store::candidates(reader, kind.code, around, parts_->tools.rosters.now() - kind.merge_within, drill)) {
    if (!is_near(kind.near, here, spot_of(reader, other.place, other.position))) continue;
    if (kind.near.then == Alike::join && !found.same) found.same = other.id;
    found.alike.push_back(other.number);
  }
  return found;
}

/// Whether what one person says may be what another has said: of a thing, yes, or where the kind says that it concerns all
/// around; of a person or their trouble never. Those join only what the same person reported.
bool concerns_all(const Kind& kind) {
  if (kind.class_ == Class::component || kind.class_ == Class::event) return true;
  return kind.near.then == Alike::join && (kind.near.floors > 0 || kind.near.metres > 0);
}

/// Says in the diary what a person should look at, and tells whoever holds it.
void propose(Work& work, const std::vector<std::string>& alike) {
  if (alike.empty()) return;
  Said numbers;
  for (const std::string& number : alike) {
    numbers.zh += (numbers.zh.empty() ? "" : "、") + number;
    numbers.en += (numbers.en.empty() ? "" : ", ") + number;
  }
  work.line("alike", say("附近有同类工单{}，可能是同一件事，请核对是否并案", "Near it: {}, of the same kind and perhaps the same thing; please see whether to merge", numbers));
}

Case Cases::report(Tx& tx, const Caller& caller, const Report& words, const std::string& cause) {
  check_report(words);
  const auto kind = catalogue_->find(tx, words.kind);
  if (!kind) throw invalid("cases.unknown_kind", "/kind", "no such kind; GET /api/v1/cases/kinds lists them");
  if (kind->retired) throw invalid("cases.retired_kind", "/kind", "this kind takes no new cases");
  check_says_enough(words, *kind);
  const std::string path = places::Places::path_of(tx, words.place);
  Reporter reporter = reporter_of(tx, caller, words);
  // Residents report wherever they are, also for whom they are a registered helper of; to enter it for anybody else one
  // must be staff of that place.
  const bool helps = reporter.on_behalf && reporter.person && !caller.person.empty() &&
                     people::People::may_act_for(tx, people::PersonId{caller.person}, people::PersonId{reporter.person->text},
                                                 "report", tx.now());
  reporter.by_helper = helps;
  if (helps) reporter.channel = words.reporter->channel.value_or(Channel::app);
  else if (reporter.on_behalf) caller.must("cases.handle", path);
  else caller.must("cases.report");
  Viewer viewer(tx, parts_->tools.rosters, caller);

  std::optional<CaseId> same;
  if (words.outer_number) {
    // Numbers of the outside are the desk's to give: whoever else knows one must neither see that order nor take its place.
    caller.must("cases.handle", path);
    same = store::of_outer_number(tx, *words.outer_number);
    if (same && !viewer.may_see(*store::find(tx, *same)))
      throw conflict("cases.outer_number_taken", "another place has an order of this number");
  }
  if (!same && kind->merge_within > Duration{0}) {
    const Time since = tx.now() - kind->merge_within;
    const bool drill = words.drill.value_or(false);
    if (concerns_all(*kind)) same = store::joinable(tx, kind->code, words.place, since, drill);
    else if (reporter.person) same = store::joinable_own(tx, kind->code, words.place, since, drill, *reporter.person);
  }
  Neighbours neighbours;
  if (!same) {
    neighbours = neighbours_of(tx, *kind, words.place, words.position, words.drill.value_or(false));
    same = neighbours.same;
  }
  if (same) return join(tx, caller, *same, std::move(reporter), {words.outer_number.has_value(), cause, words.place}, viewer);

  Record record = begin(parts_->tools, tx, *kind, words.place, path);
  record.position = words.position;
  record.text = reporter.text;
  record.files = reporter.files;
  record.cause = cause;
  record.outer_number = words.outer_number.value_or("");
  record.drill = words.drill.value_or(false);
  store::insert(tx, record);
  Work work(parts_->tools, tx, caller, std::move(record), *kind);
  reporter.n = ++work.record.reporters;
  store::add_reporter(tx, work.record.id, reporter);
  work.line("open", say("收到上报（{}{}）：{}", "Reported {}{}: {}", spoken(reporter.channel),
                        whose_words(reporter), name_of(*kind)), {reporter.text, reporter.files, cause, reporter.on_behalf});
  set_going(work);
  propose(work, neighbours.alike);
  work.save();
  return viewer.show(std::move(work.record), *catalogue_);
}

Case Cases::join(Tx& tx, const Caller& caller, const CaseId& id, Reporter reporter, const Joining& how, Viewer& viewer) {
  Work work = Work::on(parts_->tools, tx, caller, id);
  const bool known = store::is_reporter(tx, id, reporter.person ? reporter.person->text : "", reporter.on_behalf ? "" : reporter.account);
  // An outside system that sends the same number again has said nothing new.
  if (how.by_number && (known || !is_open(work.record.state))) return viewer.show(std::move(work.record), *catalogue_);
  if (!known) {
    reporter.n = ++work.record.reporters;
    store::add_reporter(tx, id, reporter);
  }
  const bool elsewhere = !how.place.empty() && how.place != work.record.place;
  const Said where = elsewhere ? say("，{}", ", {}", short_place(places::Places::spoken(tx, how.place))) : Said{};
  work.line("join", known ? Said{"上报人补充情况", "The reporter says more"}
                          : say("另有居民上报同一问题（{}{}{}），共{}人", "Another resident reports the same ({}{}{}); reporters by now: {}",
                                spoken(reporter.channel), whose_words(reporter), where, work.record.reporters), {reporter.text, reporter.files, how.cause, reporter.on_behalf});
  work.save();
  return viewer.show(std::move(work.record), *catalogue_);
}

// ---- devices ------------------------------------------------------------------------------------------------

std::optional<CaseId> Cases::open_for_situation(Tx& tx, const SituationOpened& s) {
  if (const auto known = store::find_link(tx, s.situation)) return known->case_id;
  std::optional<Kind> kind = catalogue_->find(tx, s.case_kind);
  const bool unknown = !kind || kind->retired;
  if (unknown) kind = catalogue_->find(tx, kOtherKind);
  if (!kind) return std::nullopt;
  const Caller machine = Caller::system();
  const Said alarm{s.text, s.text_en.empty() ? s.text : s.text_en};
  store::Linked link{s.situation, {}, s.device, s.rule, tx.now(), {}};

  if (const auto before = came_back(tx, s, *kind)) {
    link.case_id = *before;
    store::link(tx, link);
    Work work = Work::on(parts_->tools, tx, machine, *before);
    Verdict again;
    again.by_device = true;
    again.solved = false;
    work.judged(again);
    work.reopen(say("设备再次告警，重新办理", "The device raises the alarm again ({}); opened again", alarm), {s.text, s.files, s.situation, false}, false);
    work.save();
    return before;
  }
  if (kind->merge_within > Duration{0}) {
    if (const auto same = store::joinable(tx, kind->code, s.place, tx.now() - kind->merge_within, s.drill)) {
      link.case_id = *same;
      store::link(tx, link);
      Work work = Work::on(parts_->tools, tx, machine, *same);
      work.line("join", say("同一地点又有设备告警", "Another alarm of a device at the same place: {}", alarm), {s.text, s.files, s.situation, false});
      work.save();
      return same;
    }
  }
  Record record = begin(parts_->tools, tx, *kind, s.place, places::Places::path_of(tx, s.place));
  record.text = s.text;
  record.files = s.files;
  record.cause = record.situation = s.situation;
  record.device = s.device;
  record.rule = s.rule;
  record.drill = s.drill;
  store::insert(tx, record);
  link.case_id = record.id;
  store::link(tx, link);
  Work work(parts_->tools, tx, machine, std::move(record), *kind);
  work.line("open", say("设备告警自动立案：{}", "Opened by a device's alarm: {}", alarm), {{}, s.files, s.situation, false});
  if (unknown) work.line("note", say("规则指定的事项“{}”不在目录中，按“{}”办理", "The kind \"{}\" that the rule names is not in the catalogue; handled as \"{}\"", s.case_kind, name_of(*kind)));
  set_going(work);
  // Two devices are two things; whether what a device and a neighbour say is one, a person decides.
  propose(work, neighbours_of(tx, *kind, s.place, {}, s.drill).alike);
  work.save();
  return work.record.id;
}

/// The case of the same rule and device that ended so short a time ago that it had not ended.
std::optional<CaseId> Cases::came_back(Tx& tx, const SituationOpened& s, const Kind& kind) const {
  if (kind.steady <= Duration{0} || s.device.empty()) return std::nullopt;
  const auto link = store::last_link(tx, s.device, s.rule);
  if (!link) return std::nullopt;
  const auto record = store::find(tx, link->case_id);
  if (!record || record->kind != kind.code || record->drill != s.drill) return std::nullopt;
  if (record->state != State::verified && record->state != State::closed) return std::nullopt;
  if (record->ending != Ending::solved && record->ending != Ending::cleared) return std::nullopt;
  if (!record->verified_at || *record->verified_at + kind.steady <= tx.now()) return std::nullopt;
  return record->id;
}

void Cases::situation_cleared(Tx& tx, std::string_view situation, Time at) {
  const auto link = store::find_link(tx, situation);
  if (!link) return;
  store::clear_link(tx, situation, at);
  const Caller machine = Caller::system();
  Work work = Work::on(parts_->tools, tx, machine, link->case_id);
  if (!is_open(work.record.state)) return;
  const Attached attached{{}, {}, std::string(situation), false};
  if (store::uncleared(tx, link->case_id) > 0) {
    work.line("cleared-one", {"一处设备告警解除，其余仍在", "One device's alarm has cleared, others still stand"}, attached);
  } else if (work.kind.verifier == Verifier::device && work.record.parts_open > 0) {
    work.line("cleared-parts", {"设备告警已解除，待各分项办结后结案", "The device's alarm has cleared; the case ends when its sub-orders are done"}, attached);
  } else if (work.kind.verifier == Verifier::device) {
    work.cleared(attached);
  } else {
    work.line("cleared", {"设备告警已解除，仍须人工核实", "The device's alarm has cleared; a person must still verify it"}, attached);
  }
  work.save();
}

void Cases::situation_ended(Tx& tx, std::string_view situation, Time at, const Said& how) {
  const auto link = store::find_link(tx, situation);
  if (!link) return;
  store::clear_link(tx, situation, at);
  const Caller machine = Caller::system();
  Work work = Work::on(parts_->tools, tx, machine, link->case_id);
  if (!is_open(work.record.state)) return;
  work.line("cleared", how, {{}, {}, std::string(situation), false});
  work.save();
}

void Cases::situation_rose(Tx& tx, const SituationRose& rose) {
  const auto link = store::find_link(tx, rose.situation);
  if (!link || link->cleared_at) return;
  const Caller machine = Caller::system();
  Work work = Work::on(parts_->tools, tx, machine, link->case_id);
  if (!is_open(work.record.state)) return;
  const bool critical = rose.severity == "critical";
  const Said to = critical ? Said{"升为“严重”", "its severity rose to critical"}
                           : Said{"升为“警告”", "its severity rose to warning"};
  const Said why = rose.text.empty() ? to : Said{rose.text, rose.text_en.empty() ? rose.text : rose.text_en};
  work.line(critical ? kRoseCritical : "rose", say("设备告警加重：{}", "The device's alarm has become worse: {}", why),
            {{}, {}, rose.situation, false});
  work.save();
}

std::vector<std::string> Cases::standing_behind(Reader& reader, const CaseId& id) { return store::standing_behind(reader, id); }

void Cases::situation_was_false(Tx& tx, const std::string& by, std::string_view situation, const std::string& reason) {
  const auto link = store::find_link(tx, situation);
  if (!link) return;
  const Caller caller = account(by);
  Work work = Work::on(parts_->tools, tx, caller, link->case_id);
  if (!is_allowed(work.record.state, Move::false_alarm, bit(Standing::machine))) return;
  store::clear_link(tx, situation, tx.now());
  const Attached false_one{reason, {}, std::string(situation), false};
  // Others still stand, or a person has seen it: one wrong alarm does not make them wrong.
  if (store::uncleared(tx, link->case_id) > 0 || !store::reporters(tx, link->case_id).empty()) {
    work.line("false-one", say("一处告警被认定为误报：{}；其余仍须办理", "One alarm was found to be false: {}; the rest must still be handled", reason), false_one);
    return work.save();
  }
  work.ended(State::closed, Ending::false_alarm, reason);
  work.line("false-alarm", say("告警被认定为误报：{}", "The alarm was found to be false: {}", reason), false_one);
  work.save();
}

// ---- for the rooms below ------------------------------------------------------------------------------------

bool Cases::rated(Tx& tx, const CaseId& id, const Verdict& verdict) {
  const Caller by = account(verdict.by);
  Work work = Work::on(parts_->tools, tx, by, id);
  Record& record = work.record;
  work.judged(verdict);
  const bool ended = record.state == State::verified || record.state == State::closed;
  const Said who = verdict.by_device  ? Said{"设备复测", "Measured again by the device"}
                   : verdict.by_staff ? Said{"工作人员评价", "Evaluated by staff"}
                   : verdict.by_helper ? Said{"上报人登记的代办人评价", "Rated by the reporter's registered helper"}
                                      : Said{"上报人评价", "Rated by the reporter"};
  const Said what = verdict.score ? say("{}分", "{} of 5", *verdict.score) : verdict.bad ? Said{"未解决", "not solved"} : Said{"已解决", "solved"};
  const Attached attached{{}, {}, verdict.cause, verdict.on_behalf};
  work.line("rated", say("{}：{}{}", "{}: {}{}", who, what, verdict.bad && verdict.score ? Said{"，未解决或不满意", ", not solved or not satisfied"} : Said{}), attached);
  bool reopens = verdict.bad && ended && record.contested < 2;
  if (reopens) {
    const bool mediator = record.contested++ == 1;
    work.reopen(mediator ? say("{}再次不通过，由上一级调解", "{}, once more not good enough; the circle above mediates", who)
                         : say("{}不通过，重新办理", "{}, not good enough; opened again", who), attached, mediator);
  } else if (!verdict.bad && record.state == State::verified) {
    work.closed(attached);
  }
  work.save();
  return reopens;
}

void Cases::write_down(Tx& tx, const CaseId& id, std::string_view code, const Said& words, std::string_view cause) {
  const Caller machine = Caller::system();
  Work work = Work::on(parts_->tools, tx, machine, id);
  work.line(code, words, {{}, {}, std::string(cause), false});
  work.save();
}

bool Cases::hand_on(Tx& tx, const CaseId& id, const PostId& post, const PersonId& to, const Said& why) {
  const Caller machine = Caller::system();
  Work work = Work::on(parts_->tools, tx, machine, id);
  const State state = work.record.state;
  if (state != State::assigned && state != State::reopened && state != State::reported) return false;
  if (work.record.post != post) return false;
  work.record.person = to;
  work.record.unmanned.clear();
  if (state == State::reported) work.record.state = State::assigned;
  work.rename_holder();
  work.line("rang-on", why);
  work.save();
  return true;
}

}  // namespace lifang::cases
