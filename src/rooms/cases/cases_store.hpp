// Every SQL statement of the room cases.
#pragma once
#include <span>

#include "rooms/cases/cases_board.hpp"
#include "rooms/cases/cases_catalogue.hpp"
#include "rooms/cases/cases_record.hpp"
#include "platform/db/tx.hpp"

namespace lifang::cases::store {

// ---- the case itself (cases_store.cpp) ----------------------------------------------------------------------

void insert(Tx& tx, const Record& record);
void update(Tx& tx, const Record& record);
std::optional<Record> find(Reader& reader, const CaseId& id);
std::optional<Record> find_by_number(Reader& reader, std::string_view number);
/// Open, not yet handled, of the same kind, place and drill flag, opened since; the oldest.
std::optional<CaseId> joinable(Reader& reader, std::string_view kind, const places::PlaceId& place, Time since, bool drill);
/// The same among what this person reported.
std::optional<CaseId> joinable_own(Reader& reader, std::string_view kind, const places::PlaceId& place, Time since, bool drill,
                                   const PersonId& person);
/// Open, not yet handled, of the same kind and drill flag below the path, opened since; oldest first, at most 50.
std::vector<Record> candidates(Reader& reader, std::string_view kind, const std::string& path, Time since, bool drill);
std::optional<CaseId> of_outer_number(Reader& reader, std::string_view number);
/// Open cases below the path opened since, newest first.
std::vector<Record> near(Reader& reader, const std::string& path, Time since, std::size_t limit);
/// The next number of the day, from 1.
std::int64_t next_number(Tx& tx, const std::string& day);
/// The index of words of all cases, from their texts. There is none of any case yet.
void index_words(Tx& tx);
void rebase(Tx& tx, const std::string& from, const std::string& to);

// ---- lists (cases_store_list.cpp) ---------------------------------------------------------------------------

/// Who looks, and what they may see: places with cases.read, or cases that are theirs.
struct Scope {
  std::vector<std::string> roots;   ///< path prefixes; {"/"}: everything
  std::string person, account;      ///< their own reports are seen wherever they are
  std::vector<std::string> posts;   ///< theirs, for `mine`
  std::vector<std::string> organisations;                        ///< theirs, for `mine`
  std::vector<std::pair<std::string, std::string>> posts_at;     ///< post and path of its place
  std::vector<std::string> stands_for = {};  ///< absent persons whose substitute they are, for `mine`
  std::vector<std::string> helped = {};  ///< persons for whom they report as a registered helper
  std::vector<std::string> called = {};  ///< below these, what their organisations are called to, have a part of, hold or held
};
std::vector<Record> list(Reader& reader, const Scope& scope, const Filter& filter, Time now);
std::int64_t count(Reader& reader, const Scope& scope, const Filter& filter, Time now);
/// The sort key of a case in the filter's order, for the cursor.
std::string cursor_of(const Case& item, const Filter& filter);

// ---- the queue of one person (cases_store_mine.cpp) ---------------------------------------------------------

/// What they hold and what they owe on the cases of others, in one order; `owed` and `owed_by` are filled.
std::vector<Record> list_mine(Reader& reader, const Scope& scope, const Filter& filter, Time now);
std::int64_t count_mine(Reader& reader, const Scope& scope, const Filter& filter, Time now);
/// Calls and sub-orders of a case wait while it is open, and no longer.
void keep_waiting(Tx& tx, const CaseId& id, bool open);

// ---- situations ---------------------------------------------------------------------------------------------

struct Linked {
  std::string situation;
  CaseId case_id;
  std::string device, rule;
  Time at;
  std::optional<Time> cleared_at;
};
void link(Tx& tx, const Linked& linked);
std::optional<Linked> find_link(Reader& reader, std::string_view situation);
/// The newest of the same device and rule.
std::optional<Linked> last_link(Reader& reader, std::string_view device, std::string_view rule);
void clear_link(Tx& tx, std::string_view situation, Time at);
std::int64_t uncleared(Reader& reader, const CaseId& id);
std::vector<std::string> standing_behind(Reader& reader, const CaseId& id);
/// Links of a merged case go over to the other.
void move_links(Tx& tx, const CaseId& from, const CaseId& to);

// ---- beside a case (cases_store_beside.cpp) -----------------------------------------------------------------

void add_line(Tx& tx, const CaseId& id, const DiaryLine& line);
std::vector<DiaryLine> diary(Reader& reader, const CaseId& id, std::int64_t after, std::size_t limit);

void add_reporter(Tx& tx, const CaseId& id, const Reporter& reporter);
std::vector<Reporter> reporters(Reader& reader, const CaseId& id);
bool is_reporter(Reader& reader, const CaseId& id, std::string_view person, std::string_view account);
std::optional<Time> last_line_of(Reader& reader, const CaseId& id, std::string_view code, std::string_view account);
/// The newest line with this code.
std::optional<DiaryLine> last_line(Reader& reader, const CaseId& id, std::string_view code);

void open_holding(Tx& tx, const CaseId& id, const Holding& holding);
void update_holding(Tx& tx, const CaseId& id, const Holding& holding);
std::optional<Holding> find_holding(Reader& reader, const CaseId& id, std::int64_t n);
std::vector<Holding> holdings(Reader& reader, const CaseId& id);

/// What was said of a round of work: added to what stands there, a verdict in place of the one before.
struct Judged {
  std::optional<bool> solved = {};
  std::int64_t score_sum = 0, scores = 0;
};
void judge_round(Tx& tx, const CaseId& id, std::int64_t n, const Judged& judged);
/// What was done in that round was opened again.
void reopen_round(Tx& tx, const CaseId& id, std::int64_t n);

void add_doer(Tx& tx, const CaseId& id, std::string_view who);
/// Whoever did something of a merged case did it of the one that goes on.
void carry_doers(Tx& tx, const CaseId& from, const CaseId& to);
bool is_doer(Reader& reader, const CaseId& id, std::string_view who);

void keep_called(Tx& tx, const CaseId& id, const Called& called);
std::vector<Called> called(Reader& reader, const CaseId& id);
void keep_part(Tx& tx, const CaseId& id, const Part& part);
std::vector<Part> parts(Reader& reader, const CaseId& id);
void keep_check(Tx& tx, const CaseId& id, const CheckLine& line);
std::vector<CheckLine> checks(Reader& reader, const CaseId& id);

void keep_kind(Tx& tx, const Kind& kind, std::string_view by);
std::optional<Kind> find_kind(Reader& reader, std::string_view code);
std::optional<Kind> find_kind(Reader& reader, std::string_view code, std::int64_t version);
std::vector<Kind> kinds(Reader& reader, const KindFilter& filter);
std::int64_t count_kinds(Reader& reader, const KindFilter& filter);
std::vector<Kind> kind_versions(Reader& reader, std::string_view code);

// ---- the board (cases_store_board.cpp) ----------------------------------------------------------------------

struct OpenCount {
  std::string path;
  Circle circle;
  State state;
  bool overdue;
  std::int64_t count;
};
/// Open cases that they see by place or by call, drills left out, by place, circle, state and overdue.
std::vector<OpenCount> open_counts(Reader& reader, const Scope& scope, const BoardFilter& filter, Time now);
struct OfDay {
  std::int64_t day;  ///< of the zone, since 1970-01-01
  Circle circle;
  std::int64_t count;
};
/// How many were opened (or have ended) on each day from `from` on.
std::vector<OfDay> opened_by_day(Reader& reader, const Scope& scope, const BoardFilter& filter, Time from, int offset_minutes);
std::vector<OfDay> ended_by_day(Reader& reader, const Scope& scope, const BoardFilter& filter, Time from, int offset_minutes);

// ---- rates (cases_store_rates.cpp) --------------------------------------------------------------------------

/// `now`: what stands open beyond its time by then was missed. Of what they see by call alone, by organisation and by post their
/// own figures.
std::vector<Rates> rates(Reader& reader, const Scope& scope, const RatesFilter& filter, Time now);
std::vector<CaseId> behind(Reader& reader, const Scope& scope, const RatesFilter& filter, Measure measure, Time now);

}  // namespace lifang::cases::store
