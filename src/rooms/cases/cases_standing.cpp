#include "rooms/cases/cases_standing.hpp"

#include <algorithm>

#include "rooms/cases/cases_words.hpp"
#include "rooms/people/people.hpp"

namespace lifang::cases {
namespace {

constexpr auto kUrgeAgain = std::chrono::hours(1);

bool is_waiting(State state) { return state == State::reported || state == State::assigned || state == State::reopened; }

/// Of what a place's path is made, from the top: "/a/b/" → "/a/", "/a/b/".
std::vector<std::string> prefixes(std::string_view path) {
  std::vector<std::string> all;
  for (std::size_t i = 1; i < path.size(); ++i)
    if (path[i] == '/') all.emplace_back(path.substr(0, i + 1));
  return all;
}

}  // namespace

PersonId actor_of(const Caller& caller) { return PersonId{caller.person.empty() ? caller.account : caller.person}; }

Viewer::Viewer(Reader& reader, const rosters::Rosters& rosters, const Caller& caller)
    : reader_(reader), rosters_(rosters), caller_(caller), actor_(actor_of(caller)) {}

const std::vector<rosters::Membership>& Viewer::memberships() {
  if (!memberships_) memberships_ = rosters_.memberships(reader_, actor_, rosters_.now());
  return *memberships_;
}

const std::string& Viewer::seat(std::string_view path, Circle circle) {
  auto& [small, great] = seats_[std::string(path)];
  if (small.empty()) {
    const auto places = places::Places::ids_in(path);
    const auto paths = prefixes(path);
    small = great = paths.empty() ? "/" : paths.front();  // without a street or a district the top has the say
    for (std::size_t i = 0; i < places.size() && i < paths.size(); ++i) {
      const auto kind = places::Places::kind_of(reader_, places::PlaceId{places[i]});
      if (!kind) continue;
      if (*kind <= places::Kind::district) great = paths[i];
      if (*kind <= places::Kind::street) small = paths[i];
      else break;
    }
  }
  return circle == Circle::small ? small : great;
}

bool Viewer::is_member(const PostId& post, std::string_view path) {
  return std::any_of(memberships().begin(), memberships().end(), [&](const rosters::Membership& m) {
    return m.post == post && path.starts_with(m.path);
  });
}

bool Viewer::is_partner_for(const OrganisationId& organisation, std::string_view path) {
  // A post has the same name in every compound, an organisation has not.
  return std::any_of(memberships().begin(), memberships().end(), [&](const rosters::Membership& m) {
    return m.organisation == organisation || (m.post.text == organisation.text && path.starts_with(m.path));
  });
}

bool Viewer::is_part_theirs(const Part& part, std::string_view path) {
  if (part.person == actor_ || is_partner_for(OrganisationId{part.post.text}, path)) return true;
  if (memberships().empty()) return false;
  // Where nobody of the post is there, whoever answers for it does its work too.
  const auto duty = rosters_.on_duty_or_above(reader_, part.post, path, rosters_.now());
  return duty && duty->steps_up > 0 && is_member(duty->post, path);
}

/// What an absent person had accepted is their substitute's for so long.
bool Viewer::is_person_of(const Record& record) {
  if (!record.person) return false;
  if (record.person == actor_) return true;
  if (!absent_) absent_ = rosters::Rosters::stood_in_for(reader_, actor_, rosters_.now());
  return std::find(absent_->begin(), absent_->end(), *record.person) != absent_->end();
}

bool Viewer::is_holder(const Record& record) {
  if (is_person_of(record)) return true;
  if (!record.post || !is_waiting(record.state)) return false;
  if (is_member(*record.post, record.path)) return true;
  // Where nobody keeps a roster, whoever may handle cases there may take one that waits.
  return !record.person && memberships().empty();
}

bool Viewer::is_lead(const Record& record) {
  if (record.circle != Circle::micro || !record.organisation || !caller_.may("cases.lead", record.path)) return false;
  return std::any_of(memberships().begin(), memberships().end(), [&](const rosters::Membership& m) {
    return m.organisation == record.organisation && record.path.starts_with(m.path);
  });
}

bool Viewer::is_involved(const Record& record) {
  if (!caller_.may("cases.called", record.path) || memberships().empty()) return false;
  const auto is_ours = [&](const std::optional<PostId>& post, const std::optional<OrganisationId>& organisation) {
    return (organisation && is_partner_for(*organisation, record.path)) || (post && is_member(*post, record.path));
  };
  if (is_ours(record.post, record.organisation)) return true;
  // What concerns a person is read by whoever has it, and no longer by who had it.
  if (concerns_a_person(record.class_)) return false;
  const auto all = store::holdings(reader_, record.id);
  return std::any_of(all.begin(), all.end(), [&](const Holding& h) { return is_ours(h.post, h.organisation); });
}

bool Viewer::is_partner(const Record& record) {
  if (memberships().empty()) return false;
  for (const Called& called : store::called(reader_, record.id))
    if (is_partner_for(called.organisation, record.path) || called.person == actor_) return true;
  for (const Part& part : store::parts(reader_, record.id))
    if (is_part_theirs(part, record.path)) return true;
  return false;
}

const std::vector<PersonId>& Viewer::helped() {
  if (!helped_) {
    helped_.emplace();
    if (!caller_.person.empty())
      for (const people::PersonId& person : people::People::helped_by(reader_, people::PersonId{caller_.person}, "report", rosters_.now()))
        helped_->emplace_back(person.text);
  }
  return *helped_;
}

bool Viewer::is_reporter(const Record& record) {
  if (store::is_reporter(reader_, record.id, caller_.person, caller_.account)) return true;
  // For whom somebody reports as a registered helper, for so long as they are one.
  return std::any_of(helped().begin(), helped().end(),
                     [&](const PersonId& person) { return store::is_reporter(reader_, record.id, person.text, ""); });
}

bool Viewer::only_reports(const Record& record) {
  return caller_.account != "system" && !caller_.may("cases.read", record.path) && record.person != actor_ && !is_partner(record) &&
         !is_involved(record) && !(caller_.may("cases.handle", record.path) && is_holder(record));
}

bool Viewer::is_theirs(const Reporter& reporter) {
  if (reporter.person && reporter.person->text == caller_.person) return true;
  if (!reporter.on_behalf && reporter.account == caller_.account) return true;
  return reporter.person && std::find(helped().begin(), helped().end(), *reporter.person) != helped().end();
}

bool Viewer::may_know_anonymous(const Record& record) {
  if (caller_.account == "system") return true;
  if (!caller_.may("cases.oversee", seat(record.path, above(record.circle)))) return false;
  // Whoever is complained to does not learn by whom, whatever else they oversee.
  const bool holds = is_person_of(record) || (record.post && is_member(*record.post, record.path));
  return !holds && !is_doer(record.id);
}

namespace {

/// Who answered for somebody, as far as the diary has them: in the answer, and in what it caused at that moment.
void hide_who_answered(std::vector<DiaryLine>& lines) {
  std::vector<std::pair<std::string, Time>> answered;
  for (const DiaryLine& line : lines)
    if (line.code == "rated" && line.on_behalf) answered.emplace_back(line.by, line.at);
  for (DiaryLine& line : lines)
    if (std::find(answered.begin(), answered.end(), std::pair(line.by, line.at)) != answered.end())
      line.by.clear(), line.person.reset();
}

}  // namespace

void Viewer::hide_others(const Record& record, std::vector<DiaryLine>& lines) {
  const bool only = only_reports(record), oversees = may_know_anonymous(record);
  if (!only && oversees) return;
  for (DiaryLine& line : lines) {
    if (!only) break;
    Said said = told_to_reporters(line);
    line.words = std::move(said.zh);
    if (!said.en.empty()) line.words_en = std::move(said.en);
  }
  for (const Reporter& reporter : store::reporters(reader_, record.id)) {
    if (is_theirs(reporter) || !(only || (reporter.anonymous && !oversees))) continue;
    // A helper may answer who reported nothing, and is of their family more often than not.
    if (reporter.anonymous && !oversees) hide_who_answered(lines);
    for (DiaryLine& line : lines) {
      const bool said = line.by == reporter.account && line.at == reporter.at;
      const bool spoke = (reporter.person && line.person == reporter.person) || ((!reporter.on_behalf || reporter.by_helper) && line.by == reporter.account);
      if (spoke) line.by.clear(), line.person.reset();
      if (only && (said || spoke)) line.note.clear(), line.files.clear();
    }
  }
}

void Viewer::hide_others(Record& record) {
  if (record.reporters < 2 || !only_reports(record)) return;
  bool first = true;
  for (const Reporter& reporter : store::reporters(reader_, record.id)) {
    if (is_theirs(reporter)) {
      if (!first) record.text = reporter.text, record.files = reporter.files;
      return;
    }
    first = false;
  }
}

Standings Viewer::standings(const Record& record) {
  Standings all = 0;
  const auto stands = [&](Standing standing) { all = static_cast<Standings>(all | bit(standing)); };
  const std::string& seat_ = record.circle == Circle::micro ? record.path : seat(record.path, record.circle);
  if (caller_.may("cases.handle", record.path) && is_holder(record)) stands(Standing::holder);
  if (caller_.may("cases.dispatch", seat_)) stands(Standing::desk);
  if (caller_.may("cases.verify", seat_)) stands(Standing::verifier);
  if (caller_.may("cases.oversee", seat(record.path, above(record.circle)))) stands(Standing::above);
  if (is_partner(record)) stands(Standing::partner);
  if (is_reporter(record)) stands(Standing::reporter);
  if (caller_.account == "system") stands(Standing::machine);
  if (is_lead(record)) stands(Standing::lead);
  return all;
}

bool Viewer::may_see(const Record& record) {
  return caller_.may("cases.read", record.path) || is_person_of(record) ||
         is_reporter(record) || is_partner(record) || is_involved(record);
}

bool Viewer::is_doer(const CaseId& id) {
  return store::is_doer(reader_, id, caller_.account) ||
         (!caller_.person.empty() && store::is_doer(reader_, id, caller_.person));
}

bool Viewer::is_mediator(const Record& record) {
  return caller_.may("cases.oversee", seat(record.path, record.appeal_circle.value_or(above(record.circle))));
}

bool Viewer::may_mediate(const Record& record) {
  if (!is_mediator(record) || is_doer(record.id)) return false;
  return !has_asked(record, "appeal");
}

bool Viewer::has_asked(const Record& record, std::string_view code) {
  const auto asked = store::last_line(reader_, record.id, code);
  return asked && (asked->by == caller_.account || (asked->person && asked->person == actor_));
}

bool Viewer::is_to_decide(const Record& record) {
  if (record.appeal == Appeal::asked && (line_of(Move::decide).from & bit(record.state)) != 0 && may_mediate(record)) return true;
  return record.deferral_asked && is_allowed(record.state, Move::approve, standings(record)) && !has_asked(record, "defer");
}

store::Scope Viewer::scope() {
  store::Scope scope{caller_.paths("cases.read"), caller_.person, caller_.account, {}, {}, {}};
  const auto add_once = [](std::vector<std::string>& all, const std::string& one) {
    if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
  };
  for (const rosters::Membership& m : memberships()) {
    add_once(scope.posts, m.post.text);
    if (m.organisation) add_once(scope.organisations, m.organisation->text);
    scope.posts_at.emplace_back(m.post.text, m.path);
  }
  for (const PersonId& person : helped()) scope.helped.push_back(person.text);
  for (const PersonId& person : rosters::Rosters::stood_in_for(reader_, actor_, rosters_.now())) scope.stands_for.push_back(person.text);
  scope.called = caller_.paths("cases.called");
  // Where they read all cases, what they are called to is among them.
  std::erase_if(scope.called, [&](const std::string& path) {
    return std::any_of(scope.roots.begin(), scope.roots.end(), [&](const std::string& root) { return path.starts_with(root); });
  });
  return scope;
}

void Viewer::fill_owed(Record& record) {
  if (!record.owed.empty() || !is_open(record.state) || (record.calls_open == 0 && record.parts_open == 0)) return;
  for (const Called& called : store::called(reader_, record.id))
    if (!called.in_at && (is_partner_for(called.organisation, record.path) || called.person == actor_))
      record.owed.push_back({{}, called.organisation, {}, called.person, {}, called.report_in_by, called.late});
  for (const Part& part : store::parts(reader_, record.id))
    if (!part.done_at && (part.person == actor_ || ((!part.person || part.late) && is_member(part.post, record.path))))
      record.owed.push_back({part.n, part.organisation, part.post, part.person, part.task, part.due, part.late});
  if (record.owed.empty()) return;
  std::sort(record.owed.begin(), record.owed.end(), [](const Owed& a, const Owed& b) { return a.due < b.due; });
  record.owed_by = record.owed.front().due;
  if (record.due && (record.person == actor_ || (!record.person && record.post && is_member(*record.post, record.path))))
    record.owed_by = std::min(*record.owed_by, *record.due);
}

bool Viewer::is_late(const Record& record) const {
  return record.late_since || (is_open(record.state) && record.due && *record.due < rosters_.now());
}

bool Viewer::has_just_urged(const Record& record) {
  if (record.urged == 0) return false;
  const auto last = store::last_line_of(reader_, record.id, "urge", caller_.account);
  return last && *last + kUrgeAgain > rosters_.now();
}

bool Viewer::is_idle(const Record& record, Move move, Standings standings, Verifier by) {
  switch (move) {
    case Move::appeal: return record.appeal.has_value();  // one a case
    case Move::decide: return record.appeal != Appeal::asked || !may_mediate(record);
    case Move::approve: return record.deferral_asked && has_asked(record, "defer");
    case Move::urge: return has_just_urged(record);
    case Move::verify:
      if (caller_.account == "system") return false;
      if (by == Verifier::above && (standings & bit(Standing::above)) == 0) return true;
      return is_barred_from_verifying(record, by);
    case Move::whistle: {
      // A resident whistles when a deadline has passed, and where somebody stands above.
      const bool only_reporter = (standings & ~bit(Standing::reporter)) == 0;
      return only_reporter && (record.circle == Circle::great || !is_late(record));
    }
    case Move::reopen: {
      // Whoever reported may object once to hearing that it was nothing, or that nobody will do it.
      if (decides(standings)) return false;
      return record.drill || record.contested > 0 || (record.ending != Ending::refused && record.ending != Ending::false_alarm);
    }
    case Move::false_alarm:
      // What somebody saw waits for another person's word, once the holder has said theirs.
      return record.reporters > 0 && !decides(standings) && (record.state == State::handled || record.state == State::verified);
    default: return false;
  }
}

Case Viewer::show(Record record, const Catalogue& catalogue) {
  fill_owed(record);
  const Standings stands = standings(record);
  record.allowed = allowed(record.state, stands);
  const auto kind = std::pair(record.kind, record.kind_version);
  auto known = kinds_.find(kind);
  if (known == kinds_.end()) {
    const Kind words = catalogue.get(reader_, record.kind, record.kind_version);
    known = kinds_.emplace(kind, OfKind{words.emergency, words.emergency_en, words.verifier}).first;
  }
  std::erase_if(record.allowed, [&](Move move) { return is_idle(record, move, stands, known->second.verifier); });
  hide_others(record);
  record.overdue = is_open(record.state) && record.due && *record.due < rosters_.now();
  record.was_late = is_late(record);
  record.emergency = known->second.emergency;
  record.emergency_en = known->second.emergency_en;
  record.unmanned_en = unmanned_in_english(record.unmanned);
  return record;
}

}  // namespace lifang::cases
