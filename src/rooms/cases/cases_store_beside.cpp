// What stands beside a case: diary, reporters, holdings, doers, called, parts, checklist; and the kinds.
#include <algorithm>

#include "base/members.hpp"
#include "base/reflect.hpp"
#include "rooms/cases/cases_store.hpp"

namespace lifang::cases::store {
namespace {

constexpr std::string_view kAddLine =
    "INSERT INTO cases_diary (case_id, n, at, code, words, by, person, on_behalf, note, files, cause, words_en) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
constexpr std::string_view kDiary =
    "SELECT n, at, code, words, by, person, on_behalf, note, files, cause, words_en FROM cases_diary WHERE case_id = $1 AND n > $2 "
    "ORDER BY n LIMIT $3";
constexpr std::string_view kNewestLine =
    "SELECT n, at, code, words, by, person, on_behalf, note, files, cause, words_en FROM cases_diary WHERE case_id = $1 AND code = $2 "
    "ORDER BY n DESC LIMIT 1";
constexpr std::string_view kLastLine =
    "SELECT MAX(at) FROM cases_diary WHERE case_id = $1 AND code = $2 AND by = $3";

constexpr std::string_view kAddReporter =
    "INSERT INTO cases_reporters (case_id, n, person, channel, account, on_behalf, anonymous, at, text, files, by_helper) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
constexpr std::string_view kReporters =
    "SELECT n, person, channel, account, on_behalf, anonymous, at, text, files, by_helper FROM cases_reporters "
    "WHERE case_id = $1 ORDER BY n";
constexpr std::string_view kIsReporter =
    "SELECT 1 FROM cases_reporters WHERE case_id = $1 AND ((person <> '' AND person = $2) OR "
    "(account = $3 AND on_behalf = 0)) LIMIT 1";

constexpr std::string_view kOpenHolding =
    "INSERT INTO cases_holdings (case_id, n, circle, post, organisation, person, why, since, until, accept_by, accepted_at, "
    "handle_by, handled_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
constexpr std::string_view kUpdateHolding =
    "UPDATE cases_holdings SET person = $3, until = $4, accept_by = $5, accepted_at = $6, handle_by = $7, handled_at = $8 "
    "WHERE case_id = $1 AND n = $2";
constexpr std::string_view kHolding =
    "SELECT n, circle, post, organisation, person, why, since, until, accept_by, accepted_at, handle_by, handled_at "
    "FROM cases_holdings WHERE case_id = $1 AND n = $2";
constexpr std::string_view kHoldings =
    "SELECT n, circle, post, organisation, person, why, since, until, accept_by, accepted_at, handle_by, handled_at "
    "FROM cases_holdings WHERE case_id = $1 ORDER BY n";

constexpr std::string_view kJudgeRound =
    "UPDATE cases_holdings SET solved = COALESCE($3, solved), score_sum = score_sum + $4, scores = scores + $5 "
    "WHERE case_id = $1 AND n = $2";
constexpr std::string_view kReopenRound =
    "UPDATE cases_holdings SET reopened = reopened + 1 WHERE case_id = $1 AND n = $2";

constexpr std::string_view kAddDoer = "INSERT INTO cases_doers (case_id, who) VALUES ($1, $2) ON CONFLICT (case_id, who) DO NOTHING";
constexpr std::string_view kCarryDoers =
    "INSERT INTO cases_doers (case_id, who) SELECT $2, who FROM cases_doers WHERE case_id = $1 ON CONFLICT (case_id, who) DO NOTHING";
constexpr std::string_view kIsDoer = "SELECT 1 FROM cases_doers WHERE case_id = $1 AND who = $2";

constexpr std::string_view kKeepCalled =
    "INSERT INTO cases_called (case_id, organisation, whistle, person, called_at, report_in_by, in_at, by, late, waits, answers_for) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (case_id, organisation) DO UPDATE SET "
    "whistle = excluded.whistle, person = excluded.person, called_at = excluded.called_at, "
    "report_in_by = excluded.report_in_by, in_at = excluded.in_at, by = excluded.by, late = excluded.late, waits = excluded.waits, "
    "answers_for = excluded.answers_for";
constexpr std::string_view kCalled =
    "SELECT organisation, whistle, person, called_at, report_in_by, in_at, by, late, answers_for FROM cases_called WHERE case_id = $1 "
    "ORDER BY called_at, organisation";

constexpr std::string_view kKeepPart =
    "INSERT INTO cases_parts (case_id, n, post, organisation, person, task, due, late, done_at, by, note, waits) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (case_id, n) DO UPDATE SET person = excluded.person, "
    "late = excluded.late, done_at = excluded.done_at, by = excluded.by, note = excluded.note, waits = excluded.waits";
constexpr std::string_view kParts =
    "SELECT n, post, organisation, person, task, due, late, done_at, by, note FROM cases_parts WHERE case_id = $1 ORDER BY n";

constexpr std::string_view kKeepCheck =
    "INSERT INTO cases_checks (case_id, n, words, post, at, by, note) VALUES ($1, $2, $3, $4, $5, $6, $7) "
    "ON CONFLICT (case_id, n) DO UPDATE SET at = excluded.at, by = excluded.by, note = excluded.note";
constexpr std::string_view kChecks = "SELECT n, words, post, at, by, note FROM cases_checks WHERE case_id = $1 ORDER BY n";

constexpr std::string_view kKeepKind =
    "INSERT INTO cases_kinds (code, version, ready_made, retired, at, by, words) VALUES ($1, $2, $3, $4, $5, $6, $7)";
constexpr std::string_view kNewestKind =
    "SELECT code, version, ready_made, retired, at, words FROM cases_kinds WHERE code = $1 ORDER BY version DESC LIMIT 1";
constexpr std::string_view kKind =
    "SELECT code, version, ready_made, retired, at, words FROM cases_kinds WHERE code = $1 AND version = $2";
constexpr std::string_view kVersions =
    "SELECT code, version, ready_made, retired, at, words FROM cases_kinds WHERE code = $1 ORDER BY version DESC";
constexpr std::string_view kNewestKinds =
    "SELECT k.code, k.version, k.ready_made, k.retired, k.at, k.words FROM cases_kinds k "
    "WHERE k.version = (SELECT MAX(m.version) FROM cases_kinds m WHERE m.code = k.code) AND k.code > $1 ORDER BY k.code";

template <class T>
std::string text_of(const std::optional<T>& id) {
  return id ? id->text : std::string();
}
template <class T>
std::optional<T> id_at(const db::Row& row, int column) {
  if (row.text(column).empty()) return std::nullopt;
  return T{std::string(row.text(column))};
}
std::vector<std::string> files_at(const db::Row& row, int column) {
  if (row.text(column) == "[]") return {};
  return from_json<std::vector<std::string>>(row.text(column));
}

Holding holding_of(const db::Row& row) {
  Holding h;
  h.n = row.integer(0);
  h.circle = enum_of<Circle>(row.text(1));
  h.post = row.get<PostId>(2);
  h.organisation = id_at<OrganisationId>(row, 3);
  h.person = id_at<PersonId>(row, 4);
  h.why = row.text(5);
  h.from = row.time(6);
  h.until = row.get<std::optional<Time>>(7);
  h.accept_by = row.get<std::optional<Time>>(8);
  h.accepted_at = row.get<std::optional<Time>>(9);
  h.handle_by = row.get<std::optional<Time>>(10);
  h.handled_at = row.get<std::optional<Time>>(11);
  return h;
}

Kind kind_of(const db::Row& row) {
  Kind kind;
  static_cast<KindWords&>(kind) = from_json<KindWords>(row.text(5));
  kind.code = row.text(0);
  kind.version = row.integer(1);
  kind.ready_made = row.get<bool>(2);
  kind.retired = row.get<bool>(3);
  kind.at = row.time(4);
  return kind;
}

DiaryLine line_of(const db::Row& row) {
  return {row.integer(0),           row.time(1),             std::string(row.text(2)), std::string(row.text(3)),
          std::string(row.text(4)), id_at<PersonId>(row, 5), row.get<bool>(6),         std::string(row.text(7)),
          files_at(row, 8),         std::string(row.text(9)), row.get<std::optional<std::string>>(10)};
}

}  // namespace

void add_line(Tx& tx, const CaseId& id, const DiaryLine& l) {
  tx.run(kAddLine, id, l.n, l.at, l.code, l.words, l.by, text_of(l.person), l.on_behalf, l.note, to_json(l.files), l.cause,
         l.words_en);
}

std::vector<DiaryLine> diary(Reader& reader, const CaseId& id, std::int64_t after, std::size_t limit) {
  return reader.all(kDiary, line_of, id, after, limit);
}

std::optional<DiaryLine> last_line(Reader& reader, const CaseId& id, std::string_view code) {
  return reader.one(kNewestLine, line_of, id, code);
}

std::optional<Time> last_line_of(Reader& reader, const CaseId& id, std::string_view code, std::string_view account) {
  return reader.value<Time>(kLastLine, id, code, account);
}

void add_reporter(Tx& tx, const CaseId& id, const Reporter& r) {
  tx.run(kAddReporter, id, r.n, text_of(r.person), enum_name(r.channel), r.account, r.on_behalf, r.anonymous, r.at, r.text,
         to_json(r.files), r.by_helper);
}

std::vector<Reporter> reporters(Reader& reader, const CaseId& id) {
  return reader.all(kReporters, [](const db::Row& row) {
    return Reporter{row.integer(0),    id_at<PersonId>(row, 1), enum_of<Channel>(row.text(2)), std::string(row.text(3)),
                    row.get<bool>(4), row.get<bool>(5),        row.time(6),                   std::string(row.text(7)),
                    files_at(row, 8), row.get<bool>(9)};
  }, id);
}

bool is_reporter(Reader& reader, const CaseId& id, std::string_view person, std::string_view account) {
  return reader.value<std::int64_t>(kIsReporter, id, person, account).has_value();
}

void open_holding(Tx& tx, const CaseId& id, const Holding& h) {
  tx.run(kOpenHolding, id, h.n, enum_name(h.circle), h.post, text_of(h.organisation), text_of(h.person), h.why, h.from, h.until,
         h.accept_by, h.accepted_at, h.handle_by, h.handled_at);
}

void update_holding(Tx& tx, const CaseId& id, const Holding& h) {
  tx.run(kUpdateHolding, id, h.n, text_of(h.person), h.until, h.accept_by, h.accepted_at, h.handle_by, h.handled_at);
}

std::optional<Holding> find_holding(Reader& reader, const CaseId& id, std::int64_t n) {
  return reader.one(kHolding, holding_of, id, n);
}
std::vector<Holding> holdings(Reader& reader, const CaseId& id) { return reader.all(kHoldings, holding_of, id); }

void judge_round(Tx& tx, const CaseId& id, std::int64_t n, const Judged& judged) {
  tx.run(kJudgeRound, id, n, judged.solved, judged.score_sum, judged.scores);
}
void reopen_round(Tx& tx, const CaseId& id, std::int64_t n) { tx.run(kReopenRound, id, n); }

void add_doer(Tx& tx, const CaseId& id, std::string_view who) { tx.run(kAddDoer, id, who); }
void carry_doers(Tx& tx, const CaseId& from, const CaseId& to) { tx.run(kCarryDoers, from, to); }
bool is_doer(Reader& reader, const CaseId& id, std::string_view who) {
  return reader.value<std::int64_t>(kIsDoer, id, who).has_value();
}

void keep_called(Tx& tx, const CaseId& id, const Called& c) {
  tx.run(kKeepCalled, id, c.organisation, enum_name(c.whistle), text_of(c.person), c.called_at, c.report_in_by, c.in_at, c.by,
         c.late, !c.in_at, text_of(c.answers_for));
}

std::vector<Called> called(Reader& reader, const CaseId& id) {
  return reader.all(kCalled, [](const db::Row& row) {
    const bool kept = !row.null(8) && !row.text(8).empty();
    return Called{row.get<OrganisationId>(0), kept ? std::optional(row.get<OrganisationId>(8)) : std::nullopt,
                  enum_of<WhistleKind>(row.text(1)), id_at<PersonId>(row, 2), row.time(3), row.time(4),
                  row.get<std::optional<Time>>(5), std::string(row.text(6)), row.get<bool>(7)};
  }, id);
}

void keep_part(Tx& tx, const CaseId& id, const Part& p) {
  tx.run(kKeepPart, id, p.n, p.post, text_of(p.organisation), text_of(p.person), p.task, p.due, p.late, p.done_at, p.by, p.note,
         !p.done_at);
}

std::vector<Part> parts(Reader& reader, const CaseId& id) {
  return reader.all(kParts, [](const db::Row& row) {
    return Part{row.integer(0), row.get<PostId>(1), id_at<OrganisationId>(row, 2), id_at<PersonId>(row, 3),
                std::string(row.text(4)), row.time(5), row.get<bool>(6), row.get<std::optional<Time>>(7),
                std::string(row.text(8)), std::string(row.text(9))};
  }, id);
}

void keep_check(Tx& tx, const CaseId& id, const CheckLine& c) {
  tx.run(kKeepCheck, id, c.n, c.words, text_of(c.post), c.at, c.by, c.note);
}

std::vector<CheckLine> checks(Reader& reader, const CaseId& id) {
  return reader.all(kChecks, [](const db::Row& row) {
    return CheckLine{row.integer(0), std::string(row.text(1)), id_at<PostId>(row, 2), row.get<std::optional<Time>>(3),
                     std::string(row.text(4)), std::string(row.text(5))};
  }, id);
}

void keep_kind(Tx& tx, const Kind& kind, std::string_view by) {
  tx.run(kKeepKind, kind.code, kind.version, kind.ready_made, kind.retired, kind.at, by,
         to_json(static_cast<const KindWords&>(kind)));
}
std::optional<Kind> find_kind(Reader& reader, std::string_view code) { return reader.one(kNewestKind, kind_of, code); }
std::optional<Kind> find_kind(Reader& reader, std::string_view code, std::int64_t version) {
  return reader.one(kKind, kind_of, code, version);
}
std::vector<Kind> kind_versions(Reader& reader, std::string_view code) { return reader.all(kVersions, kind_of, code); }

std::vector<Kind> kinds(Reader& reader, const KindFilter& filter) {
  std::vector<Kind> found;
  reader.each(kNewestKinds, [&](const db::Row& row) {
    if (found.size() >= filter.limit) return;
    Kind kind = kind_of(row);
    if (filter.class_ && kind.class_ != *filter.class_) return;
    if (filter.grade && kind.grade != *filter.grade) return;
    if (kind.retired && !filter.retired) return;
    found.push_back(std::move(kind));
  }, filter.after.value_or(""));
  return found;
}

std::int64_t count_kinds(Reader& reader, const KindFilter& filter) {
  KindFilter all = filter;
  all.after.reset();
  all.limit = std::numeric_limits<std::size_t>::max();
  return static_cast<std::int64_t>(kinds(reader, all).size());
}

}  // namespace lifang::cases::store
