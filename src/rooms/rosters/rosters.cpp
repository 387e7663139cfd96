#include "rooms/rosters/rosters.hpp"

#include <algorithm>
#include <set>

#include "platform/bus/typed.hpp"
#include "rooms/accounts/accounts.hpp"
#include "rooms/people/people.hpp"
#include "rooms/rosters/rosters_rules.hpp"
#include "rooms/rosters/rosters_sight.hpp"
#include "rooms/rosters/rosters_store.hpp"

namespace lifang::rosters {
namespace {

const OrganisationId kDistrict{"district"};
/// Substitutes of substitutes, posts above posts: deeper than any real roster, and an end to circles.
constexpr int kDeepest = 8;

std::optional<PersonId> present(Reader& reader, PersonId person, Time at) {
  std::set<PersonId> asked;
  for (int i = 0; i < kDeepest; ++i) {
    const auto absence = store::absence_at(reader, person, at);
    if (!absence) return person;
    if (!absence->substitute || !asked.insert(person).second) return std::nullopt;
    person = *absence->substitute;
  }
  return std::nullopt;
}

void must_know(Reader& reader, const PersonId& person, const std::string& field) {
  if (!people::People::path_of(reader, people::PersonId{person.text})) throw invalid("rosters.unknown_person", field, "no such person");
}
[[noreturn]] void refuse_resident(const std::string& field) {
  throw invalid("rosters.not_staff", field,
                "on no shift, and without a login of staff: give them one first, with a role of staff");
}
/// Whoever lives here, or comes in as something else than staff.
bool is_resident(Reader& reader, const PersonId& person) {
  if (accounts::Accounts::find_by_person(reader, person.text)) return true;
  const auto homes = people::People::residencies_of(reader, people::PersonId{person.text});
  return std::any_of(homes.begin(), homes.end(), [&](const people::Residency& home) {
    return people::People::household(reader, Caller::system(), home.household).kind != people::HouseholdKind::dormitory;
  });
}
void must_know(Reader& reader, const std::optional<PostId>& post, const std::string& field) {
  if (post && !Rosters::is_known(reader, *post)) throw invalid("rosters.unknown_post", field, "no such post; GET /api/v1/rosters/posts lists them");
}
void must_know(Reader& reader, const std::optional<OrganisationId>& organisation, const std::string& field) {
  if (organisation && !people::People::find_organisation(reader, people::OrganisationId{organisation->text}))
    throw invalid("rosters.unknown_organisation", field, "no such organisation");
}

/// The street around a place of a compound, the district around that of a street; everything above a district.
std::string circle_above(Reader& reader, const std::string& path) {
  bool inside = false;
  for (const std::string& up : paths_up(path)) {
    const auto cut = up.rfind('/', up.size() - 2) + 1;
    const auto place = places::Places::find(reader, places::PlaceId{up.substr(cut, up.size() - 1 - cut)});
    if (!place) continue;
    const bool street = place->kind == places::Kind::street, district = place->kind == places::Kind::district;
    if (inside && (street || district)) return up;
    if (street && up == path) inside = true;
    else if (district && up == path) return "/";
    else inside = true;
  }
  return "/";
}

void add_once(std::vector<PersonId>& persons, const PersonId& person) {
  if (std::find(persons.begin(), persons.end(), person) == persons.end()) persons.push_back(person);
}

}  // namespace

void Rosters::open(Tx& tx) {
  for (const auto& [year, words] : published_years())
    if (!store::find_year(tx, year)) store::keep_year(tx, year, words);
  for (const Post& post : ready_made_posts())
    if (!store::find_post(tx, post.id)) store::keep(tx, post);
}

Post Rosters::put_post(Tx& tx, const Caller& caller, const PostId& id, const PostWords& words) {
  caller.must("rosters.write");
  if (words.name.empty() || words.name.size() > 200) throw invalid("rosters.bad_name", "/name", "1 to 200 bytes");
  // A post is the same in every compound: whoever changes one that is manned elsewhere changes who answers there.
  ShiftFilter manned;
  manned.post = id;
  manned.limit = 100'000;
  for (const Shift& shift : store::shifts(tx, {"/"}, manned)) caller.must("rosters.write", shift.path);
  Post post;
  static_cast<PostWords&>(post) = words;
  post.id = id;
  must_know(tx, words.organisation, "/organisation");
  store::keep(tx, post);
  must_know(tx, words.above, "/above");
  PostId up = id;
  for (int i = 0; i < kDeepest; ++i) {
    const auto next = above(tx, up);
    if (!next) return post;
    up = *next;
  }
  throw invalid("rosters.bad_chain", "/above", "a chain of at most eight posts that does not come back to itself");
}

Shift Rosters::put_shift(Tx& tx, const Caller& caller, const ShiftId& id, const ShiftWords& words) {
  check_words(words);
  Shift shift;
  static_cast<ShiftWords&>(shift) = words;
  shift.id = id;
  shift.path = places::Places::path_of(tx, words.place);
  caller.must("rosters.write", shift.path);
  if (const auto before = store::find_shift(tx, id)) caller.must("rosters.write", before->path);
  must_know(tx, words.post, "/post");
  must_know(tx, words.stands_for, "/stands_for");
  must_know(tx, words.organisation, "/organisation");
  for (std::size_t i = 0; i < words.persons.size(); ++i)
    must_fit_duty(tx, words.persons[i], "/persons/" + std::to_string(i), tx.now());
  store::keep(tx, shift);
  bus::tell(bus_, tx, ShiftChanged{id}, {id.text, shift.path, {}, caller.account});
  return shift;
}

void Rosters::remove_shift(Tx& tx, const Caller& caller, const ShiftId& id) {
  const Shift shift = get_shift(tx, id);
  caller.must("rosters.write", shift.path);
  store::remove_shift(tx, id);
  bus::tell(bus_, tx, ShiftChanged{id}, {id.text, shift.path, {}, caller.account});
}

Absence Rosters::report_absence(Tx& tx, const Caller& caller, const AbsenceWords& words) {
  must_write_for(tx, caller, words.person);
  if (words.until <= words.from) throw invalid("rosters.bad_stretch", "/until", "later than `from`");
  if (words.substitute == words.person)
    throw invalid("rosters.own_substitute", "/substitute", "somebody else stands in");
  must_know(tx, words.person, "/person");
  // Whoever stands in has the other's posts and reads what they read, from the minute that somebody says so.
  if (words.substitute) must_know(tx, *words.substitute, "/substitute");
  if (words.substitute && !is_staff(tx, *words.substitute, tx.now())) refuse_resident("/substitute");
  if (words.reason && words.reason->size() > 500) throw invalid("rosters.too_long", "/reason", "at most 500 bytes");
  Absence absence;
  static_cast<AbsenceWords&>(absence) = words;
  absence.id = AbsenceId::make(tx.ids());
  store::keep(tx, absence);
  bus::tell(bus_, tx, Absent{absence.id}, {absence.id.text, "/", {}, caller.account});
  return absence;
}

void Rosters::remove_absence(Tx& tx, const Caller& caller, const AbsenceId& id) {
  const auto absence = store::find_absence(tx, id);
  if (!absence) throw missing("rosters.unknown_absence", "no such absence");
  must_write_for(tx, caller, absence->person);
  store::remove_absence(tx, id);
  bus::tell(bus_, tx, Absent{id}, {id.text, "/", {}, caller.account});
}

/// A shift is handed on among those who have it, or by whoever writes the roster.
void Rosters::must_be_theirs(Reader& reader, const Caller& caller, const PostId& post, const std::string& path) const {
  if (caller.may("rosters.write", path)) return;
  const auto posts = memberships(reader, PersonId{caller.person.empty() ? caller.account : caller.person}, now());
  if (std::none_of(posts.begin(), posts.end(), [&](const Membership& m) { return m.post == post && path.starts_with(m.path); }))
    throw forbidden("rosters.not_your_shift", "whoever has this post there hands it over and takes it over");
}

HandOver Rosters::hand_over(Tx& tx, const Caller& caller, const HandOverWords& words) {
  if (words.note.empty() || words.note.size() > 4000) throw invalid("rosters.bad_note", "/note", "1 to 4,000 bytes");
  HandOver note;
  static_cast<HandOverWords&>(note) = words;
  note.path = places::Places::path_of(tx, words.place);
  caller.must("rosters.read", note.path);
  must_be_theirs(tx, caller, note.post, note.path);
  note.id = HandOverId::make(tx.ids());
  note.at = tx.now();
  note.by = caller.account;
  store::keep(tx, note);
  bus::tell(bus_, tx, HandedOver{note.id}, {note.id.text, note.path, {}, caller.account});
  return note;
}

HandOver Rosters::take_over(Tx& tx, const Caller& caller, const HandOverId& id) {
  auto note = store::find_hand_over(tx, id);
  if (!note) throw missing("rosters.unknown_hand_over", "no such note");
  caller.must("rosters.read", note->path);
  must_be_theirs(tx, caller, note->post, note->path);
  if (note->by == caller.account && !caller.may("rosters.write", note->path)) throw forbidden("rosters.own_note", "whoever comes next takes it over");
  if (note->taken_at) throw conflict("rosters.already_taken", "somebody has taken this shift over already");
  note->taken_at = tx.now();
  note->taken_by = caller.account;
  store::keep(tx, *note);
  bus::tell(bus_, tx, HandedOver{note->id}, {note->id.text, note->path, {}, caller.account});
  return *note;
}

CalendarYear Rosters::put_year(Tx& tx, const Caller& caller, std::int64_t year_, const YearWords& words) {
  caller.must("rosters.write", "/");
  check_words(year_, words);
  store::keep_year(tx, year_, words);
  return year(tx, year_);
}

WorkingHours Rosters::put_hours(Tx& tx, const Caller& caller, const OrganisationId& organisation, const WorkingHours& hours) {
  caller.must("rosters.write");
  const auto known = organisation == kDistrict ? std::nullopt
                                               : people::People::find_organisation(tx, people::OrganisationId{organisation.text});
  if (known) {
    // Deadlines are counted by these hours: they are set by whoever stands above, not by those whom the deadlines bind.
    caller.must("rosters.write", known->path);
    if (!caller.may("rosters.write", circle_above(tx, known->path)))
      throw forbidden("rosters.hours_from_above", "hours are set by the street or the district that the organisation works for");
  } else {
    caller.must("rosters.write", "/");
    if (organisation != kDistrict) throw missing("rosters.unknown_organisation", "no such organisation");
  }
  check_words(hours);
  store::keep_hours(tx, organisation, hours);
  return hours;
}

void Rosters::place_moved(Tx& tx, const std::string& from, const std::string& to) { store::rebase(tx, from, to); }

// ---- who is on duty -----------------------------------------------------------------------------------------

std::vector<OnDuty> Rosters::all_on_duty(Reader& reader, const PostId& post_, std::string_view path, Time at) const {
  const auto paths = paths_up(path);
  if (paths.empty()) return {};
  std::vector<Shift> shifts = store::shifts_at(reader, post_, paths);
  if (shifts.empty()) return {};
  std::stable_sort(shifts.begin(), shifts.end(),
                   [](const Shift& a, const Shift& b) { return a.path.size() > b.path.size(); });
  const Calendar days = calendar(reader, at);
  std::vector<OnDuty> found;
  for (const Shift& shift : shifts) {
    if (!is_on(shift, days, at)) continue;
    std::vector<PersonId> persons;
    for (const PersonId& person : shift.persons)
      if (const auto here = present(reader, person, at)) add_once(persons, *here);
    if (persons.empty() && !shift.persons.empty()) continue;  // everybody is away and nobody stands in
    // Two overlapping shifts of one post at one place are one team.
    if (!found.empty() && found.back().place == shift.place && found.back().post == shift.post) {
      for (const PersonId& person : persons) add_once(found.back().persons, person);
      continue;
    }
    auto organisation = shift.organisation ? shift.organisation : post(reader, shift.post).organisation;
    found.push_back({shift.post, post_, shift.place, organisation, persons, shift.hand_out, shift.id, 0});
  }
  return found;
}

std::optional<OnDuty> Rosters::on_duty(Reader& reader, const PostId& post_, std::string_view path, Time at) const {
  auto found = all_on_duty(reader, post_, path, at);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

bool Rosters::is_due(Reader& reader, const PostId& post_, std::string_view path, Time at) const {
  const auto kept = store::posts_at(reader, paths_up(path));
  return std::find(kept.begin(), kept.end(), post_) == kept.end() || on_duty(reader, post_, path, at).has_value();
}

std::optional<OnDuty> Rosters::on_duty_or_above(Reader& reader, const PostId& post_, std::string_view path, Time at) const {
  std::optional<PostId> asked = post_;
  for (int i = 0; i < kDeepest && asked; ++i) {
    if (auto found = on_duty(reader, *asked, path, at)) {
      found->wanted = post_;
      found->steps_up = i;
      return found;
    }
    asked = above(reader, *asked);
  }
  return std::nullopt;
}

std::vector<OnDuty> Rosters::on_duty_for(Reader& reader, std::string_view path, Time at) const {
  std::vector<OnDuty> found;
  for (const PostId& post : store::posts_at(reader, paths_up(path)))
    if (auto duty = on_duty(reader, post, path, at)) found.push_back(*std::move(duty));
  return found;
}

std::vector<PersonId> Rosters::chain(Reader& reader, const PostId& post_, std::string_view path, Time at) const {
  std::vector<PersonId> persons;
  std::optional<PostId> asked = post_;
  for (int i = 0; i < kDeepest && asked; ++i) {
    for (const OnDuty& duty : all_on_duty(reader, *asked, path, at))
      for (const PersonId& person : duty.persons) add_once(persons, person);
    asked = above(reader, *asked);
  }
  return persons;
}

std::optional<PersonId> Rosters::pick(Tx& tx, const OnDuty& duty) {
  if (duty.hand_out == HandOut::grab || duty.persons.empty()) return std::nullopt;
  if (duty.hand_out == HandOut::first) return duty.persons.front();
  const auto last = store::last_turn(tx, duty.post, duty.place);
  auto next = duty.persons.begin();
  if (last) {
    const auto was = std::find(duty.persons.begin(), duty.persons.end(), *last);
    if (was != duty.persons.end() && was + 1 != duty.persons.end()) next = was + 1;
  }
  store::keep_turn(tx, duty.post, duty.place, *next);
  return *next;
}

Post Rosters::post(Reader& reader, const PostId& id) {
  if (auto found = store::find_post(reader, id)) return *std::move(found);
  Post bare;
  bare.id = id;
  bare.name = id.text;
  // A bureau that is called by its own name answers for itself.
  if (const auto organisation = people::People::find_organisation(reader, people::OrganisationId{id.text})) {
    bare.name = organisation->name;
    bare.organisation = OrganisationId{id.text};
  }
  return bare;
}

Post Rosters::get_post(Reader& reader, const PostId& id) {
  if (!is_known(reader, id)) throw missing("rosters.unknown_post", "no such post");
  return post(reader, id);
}

bool Rosters::is_known(Reader& reader, const PostId& id) {
  return store::find_post(reader, id) || people::People::find_organisation(reader, people::OrganisationId{id.text}) ||
         store::is_manned(reader, id);
}

bool Rosters::is_staff(Reader& reader, const PersonId& person, Time now) {
  return !store::shifts_of(reader, person).empty() || accounts::Accounts::is_staff(reader, person.text, now);
}

void Rosters::must_fit_duty(Reader& reader, const PersonId& person, const std::string& field, Time now) {
  must_know(reader, person, field);
  if (!is_staff(reader, person, now) && is_resident(reader, person)) refuse_resident(field);
}

bool Rosters::serves(Reader& reader, const PersonId& person, std::string_view path, Time at) const {
  const auto posts = memberships(reader, person, at);
  return std::any_of(posts.begin(), posts.end(), [&](const Membership& m) { return path.starts_with(m.path); });
}

std::optional<PostId> Rosters::above(Reader& reader, const PostId& post_) {
  const auto found = store::find_post(reader, post_);
  return found ? found->above : std::nullopt;
}

std::vector<PersonId> Rosters::stood_in_for(Reader& reader, const PersonId& substitute, Time at) {
  return store::substituted_by(reader, substitute, at);
}

std::vector<Membership> Rosters::memberships(Reader& reader, const PersonId& person, Time at) const {
  std::vector<Membership> found;
  std::vector<PersonId> as{person};
  for (const PersonId& absent : store::substituted_by(reader, person, at)) add_once(as, absent);
  for (const PersonId& each : as) {
    for (const Shift& shift : store::shifts_of(reader, each)) {
      const auto organisation = shift.organisation ? shift.organisation : post(reader, shift.post).organisation;
      found.push_back({shift.post, shift.path, organisation});
      if (shift.stands_for) found.push_back({*shift.stands_for, shift.path, organisation});
    }
  }
  return found;
}

// ---- working time -------------------------------------------------------------------------------------------

Calendar Rosters::calendar(Reader& reader, Time from) const {
  const Day day = Calendar(offset_, {}).local_day(from);
  return {offset_, store::special_days(reader, day - std::chrono::days(31), day + std::chrono::days(800))};
}

WorkingHours Rosters::hours_of(Reader& reader, const std::optional<OrganisationId>& organisation) {
  if (organisation)
    if (auto own = store::find_hours(reader, *organisation); own && is_enough(*own)) return *std::move(own);
  // What was kept before there was a least of them does not count.
  if (auto district = store::find_hours(reader, kDistrict); district && is_enough(*district)) return *std::move(district);
  return office_hours();
}

Time Rosters::add_working_time(Reader& reader, Time start, Duration duration,
                               const std::optional<OrganisationId>& organisation) const {
  return calendar(reader, start).add(start, duration, hours_of(reader, organisation));
}

Duration Rosters::working_time(Reader& reader, Time from, Time to, const std::optional<OrganisationId>& organisation) const {
  return calendar(reader, from).between(from, to, hours_of(reader, organisation));
}

Time Rosters::first_opening_from(Reader& reader, Time t, const std::optional<OrganisationId>& organisation) const {
  const Calendar days = calendar(reader, t);
  return std::max(t, days.next_opening(days.at(days.local_day(t), {0}), hours_of(reader, organisation)));
}

// ---- asking -------------------------------------------------------------------------------------------------

Shift Rosters::get_shift(Reader& reader, const ShiftId& id) {
  auto shift = store::find_shift(reader, id);
  if (!shift) throw missing("rosters.unknown_shift", "no such shift");
  return *std::move(shift);
}

std::vector<Shift> Rosters::shifts(Reader& reader, const Caller& caller, const ShiftFilter& filter) {
  return store::shifts(reader, caller.paths("rosters.read"), filter);
}

std::vector<Post> Rosters::posts(Reader& reader, const std::optional<std::string>& after, std::size_t limit) {
  return store::posts(reader, after, limit);
}

std::vector<Absence> Rosters::absences(Reader& reader, const AbsenceFilter& filter) {
  return store::absences(reader, filter);
}

std::optional<Absence> Rosters::find_absence(Reader& reader, const AbsenceId& id) { return store::find_absence(reader, id); }

std::vector<HandOver> Rosters::hand_overs(Reader& reader, const Caller& caller, const HandOverFilter& filter) {
  return store::hand_overs(reader, caller.paths("rosters.read"), filter);
}

std::optional<HandOver> Rosters::find_hand_over(Reader& reader, const HandOverId& id) {
  return store::find_hand_over(reader, id);
}

CalendarYear Rosters::year(Reader& reader, std::int64_t year_) {
  CalendarYear found;
  found.year = year_;
  if (auto words = store::find_year(reader, year_)) static_cast<YearWords&>(found) = *std::move(words);
  else found.provisional = true;
  return found;
}

}  // namespace lifang::rosters
