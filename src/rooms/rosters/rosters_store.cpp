#include "rooms/rosters/rosters_store.hpp"

#include <fmt/format.h>

#include "base/reflect.hpp"

namespace lifang::rosters::store {
namespace {

constexpr std::string_view kKeepPost =
    "INSERT INTO rosters_posts (id, name, above, organisation) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (id) DO UPDATE SET name = excluded.name, above = excluded.above, organisation = excluded.organisation";
constexpr std::string_view kFindPost = "SELECT id, name, above, organisation FROM rosters_posts WHERE id = $1";
constexpr std::string_view kPosts =
    "SELECT id, name, above, organisation FROM rosters_posts WHERE id > $1 ORDER BY id LIMIT $2";

constexpr std::string_view kKeepShift =
    "INSERT INTO rosters_shifts (id, post, stands_for, place, path, words) VALUES ($1, $2, $3, $4, $5, $6) "
    "ON CONFLICT (id) DO UPDATE SET post = excluded.post, stands_for = excluded.stands_for, place = excluded.place, "
    "path = excluded.path, words = excluded.words";
constexpr std::string_view kForgetPersons = "DELETE FROM rosters_shift_persons WHERE shift = $1";
constexpr std::string_view kKeepPerson =
    "INSERT INTO rosters_shift_persons (person, shift) VALUES ($1, $2) ON CONFLICT (person, shift) DO NOTHING";
constexpr std::string_view kManned = "SELECT 1 FROM rosters_shifts WHERE post = $1 OR stands_for = $1 LIMIT 1";
constexpr std::string_view kRemoveShift = "DELETE FROM rosters_shifts WHERE id = $1";
constexpr std::string_view kFindShift = "SELECT id, path, words FROM rosters_shifts WHERE id = $1";
constexpr std::string_view kShiftsOf =
    "SELECT s.id, s.path, s.words FROM rosters_shift_persons p JOIN rosters_shifts s ON s.id = p.shift "
    "WHERE p.person = $1 ORDER BY s.id";

constexpr std::string_view kLastTurn = "SELECT person FROM rosters_turns WHERE post = $1 AND place = $2";
constexpr std::string_view kKeepTurn =
    "INSERT INTO rosters_turns (post, place, person) VALUES ($1, $2, $3) "
    "ON CONFLICT (post, place) DO UPDATE SET person = excluded.person";

constexpr std::string_view kKeepAbsence =
    "INSERT INTO rosters_absences (id, person, since, until, substitute, reason) VALUES ($1, $2, $3, $4, $5, $6)";
constexpr std::string_view kRemoveAbsence = "DELETE FROM rosters_absences WHERE id = $1";
constexpr std::string_view kFindAbsence =
    "SELECT id, person, since, until, substitute, reason FROM rosters_absences WHERE id = $1";
constexpr std::string_view kAbsences = "SELECT id, person, since, until, substitute, reason FROM rosters_absences";
constexpr std::string_view kAbsenceAt =
    "SELECT id, person, since, until, substitute, reason FROM rosters_absences "
    "WHERE person = $1 AND until > $2 AND since <= $2 ORDER BY since DESC, id DESC LIMIT 1";
constexpr std::string_view kSubstitutedBy =
    "SELECT DISTINCT person FROM rosters_absences WHERE substitute = $1 AND until > $2 AND since <= $2 ORDER BY person";

constexpr std::string_view kKeepHandOver =
    "INSERT INTO rosters_handovers (id, post, place, path, note, at, by, taken_at, taken_by) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
    "ON CONFLICT (id) DO UPDATE SET taken_at = excluded.taken_at, taken_by = excluded.taken_by";
constexpr std::string_view kHandOvers = "SELECT id, post, place, path, note, at, by, taken_at, taken_by FROM rosters_handovers";
constexpr std::string_view kFindHandOver =
    "SELECT id, post, place, path, note, at, by, taken_at, taken_by FROM rosters_handovers WHERE id = $1";

constexpr std::string_view kKeepYear =
    "INSERT INTO rosters_years (year, source) VALUES ($1, $2) ON CONFLICT (year) DO UPDATE SET source = excluded.source";
constexpr std::string_view kForgetDays = "DELETE FROM rosters_days WHERE year = $1";
constexpr std::string_view kKeepDay =
    "INSERT INTO rosters_days (day, year, off, name) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (day) DO UPDATE SET year = excluded.year, off = excluded.off, name = excluded.name";
constexpr std::string_view kFindYear = "SELECT source FROM rosters_years WHERE year = $1";
constexpr std::string_view kDaysOf = "SELECT day, off, name FROM rosters_days WHERE year = $1 ORDER BY day";
constexpr std::string_view kSpecial = "SELECT day, off FROM rosters_days WHERE day >= $1 AND day <= $2";

constexpr std::string_view kKeepHours =
    "INSERT INTO rosters_hours (organisation, words) VALUES ($1, $2) "
    "ON CONFLICT (organisation) DO UPDATE SET words = excluded.words";
constexpr std::string_view kFindHours = "SELECT words FROM rosters_hours WHERE organisation = $1";

constexpr std::string_view kRebaseShifts =
    "UPDATE rosters_shifts SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4";
constexpr std::string_view kRebaseHandOvers =
    "UPDATE rosters_handovers SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4";

std::string text_of(const std::optional<PostId>& id) { return id ? id->text : std::string(); }

Post post_of(const db::Row& row) {
  Post post;
  post.id = row.get<PostId>(0);
  post.name = row.text(1);
  if (!row.text(2).empty()) post.above = row.get<PostId>(2);
  if (!row.text(3).empty()) post.organisation = row.get<OrganisationId>(3);
  return post;
}

Shift shift_of(const db::Row& row) {
  Shift shift;
  static_cast<ShiftWords&>(shift) = from_json<ShiftWords>(row.text(2));
  shift.id = row.get<ShiftId>(0);
  shift.path = row.text(1);
  return shift;
}

Absence absence_of(const db::Row& row) {
  Absence absence;
  absence.id = row.get<AbsenceId>(0);
  absence.person = row.get<PersonId>(1);
  absence.from = row.time(2);
  absence.until = row.time(3);
  if (!row.text(4).empty()) absence.substitute = row.get<PersonId>(4);
  if (!row.text(5).empty()) absence.reason = std::string(row.text(5));
  return absence;
}

HandOver hand_over_of(const db::Row& row) {
  HandOver h;
  h.id = row.get<HandOverId>(0);
  h.post = row.get<PostId>(1);
  h.place = row.get<places::PlaceId>(2);
  h.path = row.text(3);
  h.note = row.text(4);
  h.at = row.time(5);
  h.by = row.text(6);
  h.taken_at = row.get<std::optional<Time>>(7);
  h.taken_by = row.text(8);
  return h;
}

std::vector<std::string> subtree(Reader& reader, const places::PlaceId& place) {
  return {places::Places::path_of(reader, place, "?place")};
}

}  // namespace

void keep(Tx& tx, const Post& p) {
  tx.run(kKeepPost, p.id, p.name, text_of(p.above), p.organisation ? p.organisation->text : "");
}

std::optional<Post> find_post(Reader& reader, const PostId& id) { return reader.one(kFindPost, post_of, id); }

std::vector<Post> posts(Reader& reader, const std::optional<std::string>& after, std::size_t limit) {
  return reader.all(kPosts, post_of, after.value_or(""), limit);
}

void keep(Tx& tx, const Shift& s) {
  const std::string words = to_json(static_cast<const ShiftWords&>(s));
  tx.run(kKeepShift, s.id, s.post, text_of(s.stands_for), s.place, s.path, words);
  tx.run(kForgetPersons, s.id);
  for (const PersonId& person : s.persons) tx.run(kKeepPerson, person, s.id);
}

void remove_shift(Tx& tx, const ShiftId& id) {
  tx.run(kForgetPersons, id);
  tx.run(kRemoveShift, id);
}

bool is_manned(Reader& reader, const PostId& post) { return reader.value<std::int64_t>(kManned, post).has_value(); }

std::optional<Shift> find_shift(Reader& reader, const ShiftId& id) { return reader.one(kFindShift, shift_of, id); }

std::vector<Shift> shifts_at(Reader& reader, const PostId& post, const std::vector<std::string>& paths) {
  std::vector<Shift> found;
  for (const std::string_view column : {"post", "stands_for"}) {
    db::Where where;
    where.add(std::string(column) + " = $", post);
    where.plain("path IN (" + where.placeholders(paths) + ")");
    reader.each_of("SELECT id, path, words FROM rosters_shifts" + where.sql() + " ORDER BY id", where.params(),
                   [&](const db::Row& row) { found.push_back(shift_of(row)); });
  }
  return found;
}

std::vector<PostId> posts_at(Reader& reader, const std::vector<std::string>& paths) {
  if (paths.empty()) return {};
  db::Where where;
  where.plain("path IN (" + where.placeholders(paths) + ")");
  std::vector<PostId> found;
  reader.each_of("SELECT DISTINCT post FROM rosters_shifts" + where.sql() + " ORDER BY post", where.params(),
                 [&](const db::Row& row) { found.push_back(row.get<PostId>(0)); });
  return found;
}

std::vector<Shift> shifts_of(Reader& reader, const PersonId& person) { return reader.all(kShiftsOf, shift_of, person); }

std::vector<Shift> shifts(Reader& reader, const std::vector<std::string>& roots, const ShiftFilter& filter) {
  db::Where where;
  where.under("path", roots);
  if (filter.place) where.under("path", subtree(reader, *filter.place));
  where.maybe("post = $", filter.post);
  if (filter.person) where.add("id IN (SELECT shift FROM rosters_shift_persons WHERE person = $)", *filter.person);
  where.maybe("id > $", filter.after);
  const std::string limit = where.placeholder(filter.limit);
  std::vector<Shift> found;
  reader.each_of("SELECT id, path, words FROM rosters_shifts" + where.sql() + " ORDER BY id LIMIT " + limit, where.params(),
                 [&](const db::Row& row) { found.push_back(shift_of(row)); });
  return found;
}

std::optional<PersonId> last_turn(Reader& reader, const PostId& post, const places::PlaceId& place) {
  return reader.value<PersonId>(kLastTurn, post, place);
}

void keep_turn(Tx& tx, const PostId& post, const places::PlaceId& place, const PersonId& person) {
  tx.run(kKeepTurn, post, place, person);
}

void keep(Tx& tx, const Absence& a) {
  tx.run(kKeepAbsence, a.id, a.person, a.from, a.until, a.substitute ? a.substitute->text : "", a.reason.value_or(""));
}

bool remove_absence(Tx& tx, const AbsenceId& id) { return tx.run(kRemoveAbsence, id) > 0; }

std::optional<Absence> find_absence(Reader& reader, const AbsenceId& id) {
  return reader.one(kFindAbsence, absence_of, id);
}

std::vector<Absence> absences(Reader& reader, const AbsenceFilter& filter) {
  db::Where where;
  where.maybe("person = $", filter.person);
  where.maybe("since <= $", filter.at);
  where.maybe("until > $", filter.at);
  where.maybe("id > $", filter.after);
  const std::string limit = where.placeholder(filter.limit);
  std::vector<Absence> found;
  reader.each_of(std::string(kAbsences) + where.sql() + " ORDER BY id LIMIT " + limit, where.params(),
                 [&](const db::Row& row) { found.push_back(absence_of(row)); });
  return found;
}

std::optional<Absence> absence_at(Reader& reader, const PersonId& person, Time at) {
  return reader.one(kAbsenceAt, absence_of, person, at);
}

std::vector<PersonId> substituted_by(Reader& reader, const PersonId& substitute, Time at) {
  return reader.all(kSubstitutedBy, [](const db::Row& row) { return row.get<PersonId>(0); }, substitute, at);
}

void keep(Tx& tx, const HandOver& h) {
  tx.run(kKeepHandOver, h.id, h.post, h.place, h.path, h.note, h.at, h.by, h.taken_at, h.taken_by);
}

std::optional<HandOver> find_hand_over(Reader& reader, const HandOverId& id) {
  return reader.one(kFindHandOver, hand_over_of, id);
}

std::vector<HandOver> hand_overs(Reader& reader, const std::vector<std::string>& roots, const HandOverFilter& filter) {
  db::Where where;
  where.under("path", roots);
  if (filter.place) where.under("path", subtree(reader, *filter.place));
  where.maybe("post = $", filter.post);
  if (filter.open) where.plain("taken_at IS NULL");
  where.maybe("id < $", filter.after);
  const std::string limit = where.placeholder(filter.limit);
  std::vector<HandOver> found;
  reader.each_of(std::string(kHandOvers) + where.sql() + " ORDER BY id DESC LIMIT " + limit, where.params(),
                 [&](const db::Row& row) { found.push_back(hand_over_of(row)); });
  return found;
}

void keep_year(Tx& tx, std::int64_t year, const YearWords& words) {
  tx.run(kKeepYear, year, words.source);
  tx.run(kForgetDays, year);
  for (const SpecialDay& day : words.days) tx.run(kKeepDay, to_text(day.day.day), year, day.off, day.name);
}

std::optional<YearWords> find_year(Reader& reader, std::int64_t year) {
  const auto source = reader.value<std::string>(kFindYear, year);
  if (!source) return std::nullopt;
  YearWords words{*source, {}};
  words.days = reader.all(kDaysOf, [](const db::Row& row) {
    return SpecialDay{{*day_of_text(row.text(0))}, row.get<bool>(1), std::string(row.text(2))};
  }, year);
  return words;
}

std::map<Day, bool> special_days(Reader& reader, Day from, Day to) {
  std::map<Day, bool> days;
  reader.each(kSpecial, [&](const db::Row& row) { days[*day_of_text(row.text(0))] = row.get<bool>(1); }, to_text(from),
              to_text(to));
  return days;
}

void keep_hours(Tx& tx, const OrganisationId& organisation, const WorkingHours& hours) {
  tx.run(kKeepHours, organisation, to_json(hours));
}

std::optional<WorkingHours> find_hours(Reader& reader, const OrganisationId& organisation) {
  return reader.one(kFindHours, [](const db::Row& row) { return from_json<WorkingHours>(row.text(0)); }, organisation);
}

void rebase(Tx& tx, const std::string& from, const std::string& to) {
  std::string end = from;
  end.back() = '0';  // follows '/'
  const auto tail = static_cast<std::int64_t>(from.size()) + 1;
  tx.run(kRebaseShifts, to, tail, from, end);
  tx.run(kRebaseHandOvers, to, tail, from, end);
}

}  // namespace lifang::rosters::store
