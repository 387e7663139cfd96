#include "rooms/cases/cases_store.hpp"

#include <array>

#include "base/members.hpp"
#include "base/reflect.hpp"
#include "base/text.hpp"
#include "rooms/cases/cases_store_row.hpp"

namespace lifang::cases::store {
namespace {

constexpr std::string_view kInsert =
    "INSERT INTO cases (id, number, kind, kind_version, title, grade, class, place, path, lon, lat, text, files, cause, "
    "situation, device, rule, outer_number, drill, opened_at, state, open, circle, post, organisation, person, unmanned, "
    "holding, due, accept_by, handle_by, verify_by, accepted_at, arrived_at, handled_at, verified_at, closed_at, "
    "deferred_until, deferred_from, late_since, supervised, ending, reason, merged_into, reporters, urged, reopened, "
    "transferred, parts_open, calls_open, lines, score_sum, scores, solved, appeal, urgency, seq) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, '', 0, '', '', '', "
    "'', '', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', NULL, 0, '', '', '', 0, 0, 0, 0, 0, 0, 0, 0, "
    "0, NULL, '', 0, $21)";
constexpr std::string_view kUpdate =
    "UPDATE cases SET state = $2, open = $3, circle = $4, post = $5, organisation = $6, person = $7, unmanned = $8, "
    "holding = $9, due = $10, accept_by = $11, handle_by = $12, verify_by = $13, accepted_at = $14, arrived_at = $15, "
    "handled_at = $16, verified_at = $17, closed_at = $18, deferred_until = $19, deferred_from = $20, late_since = $21, "
    "supervised = $22, ending = $23, reason = $24, merged_into = $25, reporters = $26, urged = $27, reopened = $28, "
    "transferred = $29, parts_open = $30, calls_open = $31, lines = $32, score_sum = $33, scores = $34, solved = $35, "
    "appeal = $36, urgency = $37, appeal_circle = $38, appeal_by = $39, contested = $40, deferred_left = $41 WHERE id = $1";
constexpr std::string_view kFindOne =
    "SELECT id, number, kind, kind_version, title, grade, class, place, path, lon, lat, text, files, cause, situation, "
    "device, rule, outer_number, drill, opened_at, state, open, circle, post, organisation, person, unmanned, holding, due, "
    "accept_by, handle_by, verify_by, accepted_at, arrived_at, handled_at, verified_at, closed_at, deferred_until, "
    "deferred_from, late_since, supervised, ending, reason, merged_into, reporters, urged, reopened, transferred, "
    "parts_open, calls_open, lines, score_sum, scores, solved, appeal, appeal_circle, appeal_by, contested, deferred_left FROM cases WHERE id = $1";
constexpr std::string_view kJoinable =
    "SELECT id FROM cases WHERE place = $1 AND kind = $2 AND opened_at >= $3 AND drill = $4 AND open = 1 "
    "AND state <> 'handled' ORDER BY id LIMIT 1";
constexpr std::string_view kJoinableOwn =
    "SELECT id FROM cases WHERE place = $1 AND kind = $2 AND opened_at >= $3 AND drill = $4 AND open = 1 AND state <> 'handled' "
    "AND EXISTS (SELECT 1 FROM cases_reporters r WHERE r.case_id = cases.id AND r.person = $5) ORDER BY id LIMIT 1";
constexpr std::string_view kCandidates =
    " FROM cases WHERE kind = $1 AND opened_at >= $2 AND drill = $3 AND open = 1 AND state <> 'handled' AND path >= $4 AND "
    "path < $5 ORDER BY opened_at, id LIMIT 50";
constexpr std::string_view kOfOuterNumber = "SELECT id FROM cases WHERE outer_number = $1 AND outer_number <> '' ORDER BY id LIMIT 1";
constexpr std::string_view kNumber =
    "INSERT INTO cases_numbers (day, last) VALUES ($1, 1) "
    "ON CONFLICT (day) DO UPDATE SET last = cases_numbers.last + 1 RETURNING last";
constexpr std::string_view kRebase = "UPDATE cases SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4";

constexpr std::string_view kLink =
    "INSERT INTO cases_situations (situation, case_id, device, rule, at, cleared_at) VALUES ($1, $2, $3, $4, $5, $6) "
    "ON CONFLICT (situation) DO UPDATE SET case_id = excluded.case_id";
constexpr std::string_view kFindLink =
    "SELECT situation, case_id, device, rule, at, cleared_at FROM cases_situations WHERE situation = $1";
constexpr std::string_view kLastLink =
    "SELECT situation, case_id, device, rule, at, cleared_at FROM cases_situations WHERE device = $1 AND rule = $2 "
    "ORDER BY at DESC, situation DESC LIMIT 1";
constexpr std::string_view kClearLink = "UPDATE cases_situations SET cleared_at = $2 WHERE situation = $1 AND cleared_at IS NULL";
constexpr std::string_view kUncleared = "SELECT COUNT(*) FROM cases_situations WHERE case_id = $1 AND cleared_at IS NULL";
constexpr std::string_view kStandingBehind = "SELECT situation FROM cases_situations WHERE case_id = $1 AND cleared_at IS NULL ORDER BY situation";
constexpr std::string_view kMoveLinks = "UPDATE cases_situations SET case_id = $2 WHERE case_id = $1";

constexpr std::string_view kKeepWordsSqlite =
    "INSERT INTO cases_words (rowid, terms) SELECT seq, $2 FROM cases WHERE id = $1";
constexpr std::string_view kKeepWordsPostgres = "UPDATE cases SET terms = string_to_array($2, ' ') WHERE id = $1";

constexpr std::size_t kTextsAtOnce = 1000;
constexpr std::string_view kTextsAfter = "SELECT id, title, text FROM cases WHERE id > $1 ORDER BY id LIMIT $2";

/// The urgency of what has no deadline: after everything that has one.
constexpr Time kNever = from_ms(253'402'300'799'999);

template <class T>
std::string text_of(const std::optional<T>& id) {
  return id ? id->text : std::string();
}
template <class E>
std::string name_of(const std::optional<E>& value) {
  return value ? std::string(enum_name(*value)) : std::string();
}
template <class T>
void take(const db::Row& row, int column, std::optional<T>& id) {
  if (!row.text(column).empty()) id = T{std::string(row.text(column))};
}

Linked linked_of(const db::Row& row) {
  return {std::string(row.text(0)), row.get<CaseId>(1), std::string(row.text(2)),
          std::string(row.text(3)), row.time(4),        row.get<std::optional<Time>>(5)};
}

}  // namespace

std::string terms_in(const std::string& title, const std::string& text) {
  std::string terms;
  for (const std::string& term : search_terms(title + " " + text)) terms += (terms.empty() ? "" : " ") + term;
  return terms;
}

void keep_words(Tx& tx, std::string_view id, const std::string& title, const std::string& text) {
  tx.run(tx.session().engine() == db::Engine::sqlite ? kKeepWordsSqlite : kKeepWordsPostgres, id, terms_in(title, text));
}

Record record_of(const db::Row& row) {
  Record r;
  r.id = row.get<CaseId>(0);
  r.number = row.text(1);
  r.kind = row.text(2);
  r.kind_version = row.integer(3);
  r.title = row.text(4);
  r.grade = enum_of<Grade>(row.text(5));
  r.class_ = enum_of<Class>(row.text(6));
  r.place = row.get<places::PlaceId>(7);
  r.path = row.text(8);
  if (!row.null(9)) r.position = places::Point{row.real(9), row.real(10)};
  r.text = row.text(11);
  if (row.text(12) != "[]") r.files = from_json<std::vector<std::string>>(row.text(12));
  r.cause = row.text(13);
  r.situation = row.text(14);
  r.device = row.text(15);
  r.rule = row.text(16);
  r.outer_number = row.text(17);
  r.drill = row.get<bool>(18);
  r.opened_at = row.time(19);
  r.state = enum_of<State>(row.text(20));
  r.circle = enum_of<Circle>(row.text(22));
  take(row, 23, r.post);
  take(row, 24, r.organisation);
  take(row, 25, r.person);
  r.unmanned = row.text(26);
  r.holding = row.integer(27);
  const std::array<std::optional<Time>*, 10> times = {&r.due,         &r.accept_by,  &r.handle_by,   &r.verify_by, &r.accepted_at,
                                                      &r.arrived_at,  &r.handled_at, &r.verified_at, &r.closed_at, &r.deferred_until};
  for (std::size_t i = 0; i < times.size(); ++i) *times[i] = row.get<std::optional<Time>>(28 + static_cast<int>(i));
  if (!row.text(38).empty()) r.deferred_from = enum_of<State>(row.text(38));
  r.late_since = row.get<std::optional<Time>>(39);
  r.supervised = row.get<bool>(40);
  if (!row.text(41).empty()) r.ending = enum_of<Ending>(row.text(41));
  r.reason = row.text(42);
  take(row, 43, r.merged_into);
  const std::array<std::int64_t*, 9> counts = {&r.reporters,  &r.urged,      &r.reopened, &r.transferred, &r.parts_open,
                                               &r.calls_open, &r.lines, &r.score_sum, &r.scores};
  for (std::size_t i = 0; i < counts.size(); ++i) *counts[i] = row.integer(44 + static_cast<int>(i));
  r.deferral_asked = r.deferred_until && r.state != State::deferred;
  r.solved = row.get<std::optional<bool>>(53);
  if (!row.text(54).empty()) r.appeal = enum_of<Appeal>(row.text(54));
  if (!row.text(55).empty()) r.appeal_circle = enum_of<Circle>(row.text(55));
  r.appeal_by = row.get<std::optional<Time>>(56);
  r.contested = row.integer(57);
  if (!row.null(58)) r.deferred_left = Duration{row.integer(58)};
  if (r.scores > 0) r.score = static_cast<double>(r.score_sum) / static_cast<double>(r.scores);
  return r;
}

void insert(Tx& tx, const Record& r) {
  tx.run(kInsert, r.id, r.number, r.kind, r.kind_version, r.title, enum_name(r.grade), enum_name(r.class_), r.place, r.path,
         r.position ? std::optional(r.position->lon) : std::nullopt, r.position ? std::optional(r.position->lat) : std::nullopt,
         r.text, to_json(r.files), r.cause, r.situation, r.device, r.rule, r.outer_number, r.drill, r.opened_at,
         next_number(tx, "all"));
  update(tx, r);
  keep_words(tx, r.id.text, r.title, r.text);
}

void update(Tx& tx, const Record& r) {
  tx.run(kUpdate, r.id, enum_name(r.state), is_open(r.state), enum_name(r.circle), text_of(r.post), text_of(r.organisation),
         text_of(r.person), r.unmanned, r.holding, r.due, r.accept_by, r.handle_by, r.verify_by, r.accepted_at, r.arrived_at,
         r.handled_at, r.verified_at, r.closed_at, r.deferred_until, name_of(r.deferred_from), r.late_since, r.supervised,
         name_of(r.ending), r.reason, text_of(r.merged_into), r.reporters, r.urged, r.reopened, r.transferred, r.parts_open,
         r.calls_open, r.lines, r.score_sum, r.scores, r.solved, name_of(r.appeal), to_ms(r.due.value_or(kNever)),
         name_of(r.appeal_circle), r.appeal_by, r.contested,
         r.deferred_left ? std::optional(static_cast<std::int64_t>(r.deferred_left->count())) : std::nullopt);
  if (r.calls_open > 0 || r.parts_open > 0) keep_waiting(tx, r.id, is_open(r.state));
}

std::optional<Record> find(Reader& reader, const CaseId& id) { return reader.one(kFindOne, record_of, id); }

std::optional<Record> find_by_number(Reader& reader, std::string_view number) {
  static const std::string sql = "SELECT " + std::string(kCaseColumns) + " FROM cases WHERE number = $1";
  return reader.one(sql, record_of, number);
}

std::optional<CaseId> joinable(Reader& reader, std::string_view kind, const places::PlaceId& place, Time since, bool drill) {
  return reader.value<CaseId>(kJoinable, place, kind, since, drill);
}

std::optional<CaseId> joinable_own(Reader& reader, std::string_view kind, const places::PlaceId& place, Time since, bool drill,
                                   const PersonId& person) {
  return reader.value<CaseId>(kJoinableOwn, place, kind, since, drill, person);
}

std::vector<Record> candidates(Reader& reader, std::string_view kind, const std::string& path, Time since, bool drill) {
  std::string end = path;
  end.back() = '0';  // follows '/'
  static const std::string sql = "SELECT " + std::string(kCaseColumns) + std::string(kCandidates);
  return reader.all(sql, record_of, kind, since, drill, path, end);
}

std::optional<CaseId> of_outer_number(Reader& reader, std::string_view number) {
  return reader.value<CaseId>(kOfOuterNumber, number);
}

std::int64_t next_number(Tx& tx, const std::string& day) { return tx.value<std::int64_t>(kNumber, day).value_or(1); }

void index_words(Tx& tx) {
  struct Words {
    std::string id, title, text;
  };
  for (std::string after;;) {
    const auto page = tx.all(kTextsAfter, [](const db::Row& row) {
      return Words{std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2))};
    }, after, kTextsAtOnce);
    for (const Words& words : page) keep_words(tx, words.id, words.title, words.text);
    if (page.size() < kTextsAtOnce) return;
    after = page.back().id;
  }
}

void rebase(Tx& tx, const std::string& from, const std::string& to) {
  std::string end = from;
  end.back() = '0';  // follows '/'
  tx.run(kRebase, to, static_cast<std::int64_t>(from.size()) + 1, from, end);
}

void link(Tx& tx, const Linked& l) { tx.run(kLink, l.situation, l.case_id, l.device, l.rule, l.at, l.cleared_at); }
std::optional<Linked> find_link(Reader& reader, std::string_view situation) {
  return reader.one(kFindLink, linked_of, situation);
}
std::optional<Linked> last_link(Reader& reader, std::string_view device, std::string_view rule) {
  return reader.one(kLastLink, linked_of, device, rule);
}
void clear_link(Tx& tx, std::string_view situation, Time at) { tx.run(kClearLink, situation, at); }
std::vector<std::string> standing_behind(Reader& reader, const CaseId& id) {
  return reader.all(kStandingBehind, [](const db::Row& r) { return std::string(r.text(0)); }, id);
}
std::int64_t uncleared(Reader& reader, const CaseId& id) { return reader.value<std::int64_t>(kUncleared, id).value_or(0); }
void move_links(Tx& tx, const CaseId& from, const CaseId& to) { tx.run(kMoveLinks, from, to); }

}  // namespace lifang::cases::store
