// The values and events of cases: what goes in and out of the door. A part of the door.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/time.hpp"
#include "rooms/cases/cases_kinds.hpp"
#include "rooms/cases/cases_moves.hpp"
#include "rooms/places/places.hpp"

namespace lifang::cases {

struct CaseTag {
  static constexpr std::string_view prefix = "case";
};
using CaseId = Id<CaseTag>;

/// How a report came in; everything but `app` was entered by staff on behalf of somebody.
enum class Channel { app, call, visit, paper, hotline, open311, device };
BOOST_DESCRIBE_ENUM(Channel, app, call, visit, paper, hotline, open311, device)

/// 管理哨, 共治哨, 应急哨, 数据哨, 科技哨, 智能哨: by staff, residents, in an emergency, by figures, by a device, by a rule.
enum class WhistleKind { management, shared, emergency, data, technology, intelligence };
BOOST_DESCRIBE_ENUM(WhistleKind, management, shared, emergency, data, technology, intelligence)

/// How it ended.
enum class Ending { solved, cleared, refused, merged, false_alarm };
BOOST_DESCRIBE_ENUM(Ending, solved, cleared, refused, merged, false_alarm)

/// 申诉: that this should not count in the rates. `asked`: somebody of the circle above has yet to decide.
enum class Appeal { asked, granted, refused };
BOOST_DESCRIBE_ENUM(Appeal, asked, granted, refused)

/// One sentence of the program's own in both tongues. Names, and what people wrote, stand in it as they are.
struct Said {
  std::string zh, en;
};

// ---- what goes in -------------------------------------------------------------------------------------------

struct ReporterWords {
  std::optional<PersonId> person;    ///< absent: the caller, or on behalf of somebody not registered
  std::optional<Channel> channel;    ///< absent: app for oneself, call for somebody else
  std::optional<bool> anonymous;     ///< the holder does not learn who
};
BOOST_DESCRIBE_STRUCT(ReporterWords, (), (person, channel, anonymous))

struct Report {
  std::string kind;
  places::PlaceId place;
  std::optional<std::string> text;                ///< at most 4,000 bytes
  std::optional<std::vector<std::string>> files;  ///< ids of files, at most 20
  std::optional<ReporterWords> reporter;
  std::optional<places::Point> position;
  std::optional<std::string> outer_number;  ///< of the system it came from; the same number twice is one case
  std::optional<bool> drill;                ///< rings people, counts nowhere
};
BOOST_DESCRIBE_STRUCT(Report, (), (kind, place, text, files, reporter, position, outer_number, drill))

/// A sub-order of a joint case.
struct PartWords {
  PostId post;
  std::string task;
  std::optional<Duration> handle;  ///< absent: what is left of the case's own
};
BOOST_DESCRIBE_STRUCT(PartWords, (), (post, task, handle))

/// The body of every move; what a move does not know is refused (cases.not_for_this_move).
struct Words {
  std::optional<std::string> note;                ///< the reason where one is needed, at most 2,000 bytes
  std::optional<std::vector<std::string>> files;
  std::optional<PostId> post;                     ///< assign, transfer
  std::optional<PersonId> person;                 ///< assign, transfer
  std::optional<Time> until;                      ///< defer: the day on which it wakes
  std::optional<std::vector<OrganisationId>> call;  ///< whistle
  std::optional<WhistleKind> whistle;
  std::optional<Duration> report_in;              ///< whistle: within
  std::optional<OrganisationId> organisation;     ///< report-in, where the caller's own is not meant
  std::optional<std::vector<PartWords>> parts;    ///< joint
  std::optional<std::int64_t> part;               ///< done: number of the sub-order
  std::optional<std::int64_t> check;              ///< confirm: line of the emergency plan, from 1
  std::optional<CaseId> into;                     ///< merge
  std::optional<bool> passed;                     ///< verify; absent: true
  std::optional<bool> granted;                    ///< decide
};
BOOST_DESCRIBE_STRUCT(Words, (), (note, files, post, person, until, call, whistle, report_in, organisation, parts, part, check,
                                  into, passed, granted))

/// The same as situations.opened, with what the place is.
struct SituationOpened {
  std::string situation, rule;
  std::int64_t rule_version = 0;
  std::string device;
  places::PlaceId place;
  std::string severity;
  std::string case_kind;
  std::string text;
  std::vector<std::string> files = {};
  bool drill = false;
  std::string text_en = {};  ///< empty: `text` is all that there is
};

/// The same as situations.rose; the text may be empty.
struct SituationRose {
  std::string situation, severity, text, text_en;
};

/// What a person or a device says of a case that ended.
struct Verdict {
  std::string cause;          ///< id of the evaluation
  bool by_device = false;
  std::optional<std::int64_t> score;  ///< 1…5
  std::optional<bool> solved;
  bool bad = false;           ///< score ≤ 2 or not solved
  std::string by = {};        ///< account
  std::optional<std::int64_t> instead_of = {};  ///< the score that this one takes the place of
  bool by_staff = false;      ///< nobody reported it: staff's own word, which no rate counts
  bool on_behalf = false;     ///< a reporter's, written down by somebody else
  bool by_helper = false;     ///< and that is a helper who is registered for them
};

// ---- what comes out -----------------------------------------------------------------------------------------

/// Who decides on an appeal, and by when.
struct AppealCourse {
  std::optional<Circle> appeal_circle;  ///< above the circle that held the case
  std::optional<Time> appeal_by;        ///< while it is asked: then it moves up
};
BOOST_DESCRIBE_STRUCT(AppealCourse, (), (appeal_circle, appeal_by))

/// What the caller owes on a case that another may hold: to report in where their organisation was called, or a
/// sub-order of theirs. Only what is still open.
struct Owed {
  std::optional<std::int64_t> part;            ///< number of the sub-order; absent: to report in
  std::optional<OrganisationId> organisation;  ///< that was called, or that does the sub-order
  std::optional<PostId> post;                  ///< of the sub-order
  std::optional<PersonId> person;              ///< on duty there when it was asked
  std::string task;
  Time due;
  bool late = false;
};
BOOST_DESCRIBE_STRUCT(Owed, (), (part, organisation, post, person, task, due, late))

struct OwedToOthers {
  std::vector<Owed> owed;       ///< by the caller, soonest first
  std::optional<Time> owed_by;  ///< where something is owed: the soonest of it and of what they hold themselves
};
BOOST_DESCRIBE_STRUCT(OwedToOthers, (), (owed, owed_by))

/// What a case says to whoever reads English.
struct SaidInEnglish {
  std::optional<std::string> emergency_en;  ///< "call 119 now"; absent if the kind has none
  std::optional<std::string> unmanned_en;   ///< `unmanned` in English; absent where it is empty
};
BOOST_DESCRIBE_STRUCT(SaidInEnglish, (), (emergency_en, unmanned_en))

struct Lateness {
  bool overdue = false;   ///< open, and the deadline that runs now has passed
  bool was_late = false;  ///< a deadline of this round has passed, now or before: it may have moved up since
  std::optional<Time> late_since;
};
BOOST_DESCRIBE_STRUCT(Lateness, (), (overdue, was_late, late_since))

struct Case : AppealCourse, OwedToOthers, SaidInEnglish, Lateness {
  CaseId id;
  std::string number;  ///< to be spoken on the phone: "20261121-0042"
  std::string kind;
  std::int64_t kind_version = 1;
  std::string title;   ///< the kind's name and the place's
  Grade grade = Grade::III;
  Class class_ = Class::event;
  State state = State::reported;
  Circle circle = Circle::micro;
  places::PlaceId place;
  std::string path;
  std::optional<places::Point> position;
  std::string text;
  std::vector<std::string> files;
  std::string emergency;   ///< "立即拨打 119", empty if none
  std::string cause;       ///< id of the situation or of the round, or empty
  std::string situation, device, rule;
  std::string outer_number;

  std::optional<PostId> post;                  ///< who owes the next step
  std::optional<OrganisationId> organisation;
  std::optional<PersonId> person;              ///< absent: the whole post may take it
  std::string unmanned;                        ///< why there is no person, in words

  Time opened_at;
  std::optional<Time> due;  ///< of the step that is owed now
  std::optional<Time> accept_by, handle_by, verify_by;
  std::optional<Time> accepted_at, arrived_at, handled_at, verified_at, closed_at;
  std::optional<Time> deferred_until;
  bool deferral_asked = false;
  bool supervised = false;
  bool drill = false;
  std::optional<Ending> ending;
  std::string reason;       ///< of a refusal, deferral or false alarm
  std::optional<Appeal> appeal;
  std::optional<CaseId> merged_into;
  std::int64_t reporters = 0, urged = 0, reopened = 0, transferred = 0, parts_open = 0, calls_open = 0;
  std::optional<double> score;  ///< mean of what people said
  std::vector<Move> allowed;    ///< to the caller, now
};
BOOST_DESCRIBE_STRUCT(Case, (AppealCourse, OwedToOthers, SaidInEnglish, Lateness), (id, number, kind, kind_version, title, grade, class_, state, circle, place, path, position, text,
                                 files, emergency, cause, situation, device, rule, outer_number, post, organisation, person,
                                 unmanned, opened_at, due, accept_by, handle_by, verify_by, accepted_at, arrived_at, handled_at,
                                 verified_at, closed_at, deferred_until, deferral_asked, supervised, drill,
                                 ending, reason, appeal, merged_into, reporters, urged, reopened, transferred, parts_open, calls_open,
                                 score, allowed))

/// How a list of other things calls a case.
struct Named {
  CaseId id;
  std::string number;
  std::string kind;
};
BOOST_DESCRIBE_STRUCT(Named, (), (id, number, kind))

struct DiaryLine {
  std::int64_t n = 0;    ///< from 1
  Time at;
  std::string code;      ///< "accept", "escalate", "rang" …
  std::string words;     ///< one plain Chinese sentence, without names of persons
  std::string by;        ///< account; "system" for the machine
  std::optional<PersonId> person;
  bool on_behalf = false;
  std::string note;
  std::vector<std::string> files;
  std::string cause;     ///< id of what caused it, or empty
  std::optional<std::string> words_en;  ///< `words` in English; absent: written before there was any
};
BOOST_DESCRIBE_STRUCT(DiaryLine, (), (n, at, code, words, by, person, on_behalf, note, files, cause, words_en))

/// What stands where somebody's words stood who had themselves erased: in sentences of either tongue, and in what has one only.
constexpr std::string_view kWithdrawnZh = "（应本人要求已删除）";
constexpr std::string_view kWithdrawnEn = "(removed at the person's request)";
constexpr std::string_view kWithdrawn = "（应本人要求已删除）(removed at the person's request)";

/// The code of the line that says that the situation behind it is critical now: it must be heard as at the beginning.
constexpr std::string_view kRoseCritical = "rose-critical";

/// What of a line whoever reported reads: what was done and what comes next, not what staff are asked to do or say to each
/// other. English is empty where the line has none.
Said told_to_reporters(const DiaryLine& line);

struct Reporter {
  std::int64_t n = 0;
  std::optional<PersonId> person;
  Channel channel = Channel::app;
  std::string account;   ///< who entered it
  bool on_behalf = false;
  bool anonymous = false;
  Time at;
  std::string text;
  std::vector<std::string> files;
  bool by_helper = false;  ///< with `on_behalf`: a helper who is registered for them; else staff
};
BOOST_DESCRIBE_STRUCT(Reporter, (), (n, person, channel, account, on_behalf, anonymous, at, text, files, by_helper))

/// A stretch of time in which one post owed the case. Nothing of it is ever lost.
struct Holding {
  std::int64_t n = 0;
  Circle circle = Circle::micro;
  PostId post;
  std::optional<OrganisationId> organisation;
  std::optional<PersonId> person;
  std::string why;  ///< diary code of what gave it to them: "assign", "escalate", "whistle" …
  Time from;
  std::optional<Time> until, accept_by, accepted_at, handle_by, handled_at;
};
BOOST_DESCRIBE_STRUCT(Holding, (), (n, circle, post, organisation, person, why, from, until, accept_by, accepted_at, handle_by,
                                    handled_at))

struct Similar {
  CaseId id;
  std::string number, title, text;
  State state = State::reported;
  Time opened_at;
  double likeness = 0;  ///< 0…1
  bool near = false;    ///< of the same kind, as near and as close in time as the kind asks
  std::string kind, path;
};
BOOST_DESCRIBE_STRUCT(Similar, (), (id, number, title, text, state, opened_at, likeness, near, kind, path))

/// One that was called: by a whistle, or at once by the grade.
struct Called {
  OrganisationId organisation;                ///< as it was called: an organisation's id, or a post's
  std::optional<OrganisationId> answers_for;  ///< whose figures it counts in: of a post, its organisation then
  WhistleKind whistle = WhistleKind::management;
  std::optional<PersonId> person;  ///< on duty there when it was called
  Time called_at, report_in_by;
  std::optional<Time> in_at;
  std::string by;
  bool late = false;
};
BOOST_DESCRIBE_STRUCT(Called, (), (organisation, answers_for, whistle, person, called_at, report_in_by, in_at, by, late))

struct Part {
  std::int64_t n = 0;
  PostId post;
  std::optional<OrganisationId> organisation;
  std::optional<PersonId> person;
  std::string task;
  Time due;
  bool late = false;
  std::optional<Time> done_at;
  std::string by, note;
};
BOOST_DESCRIBE_STRUCT(Part, (), (n, post, organisation, person, task, due, late, done_at, by, note))

/// A line of the emergency plan and who has confirmed it.
struct CheckLine {
  std::int64_t n = 0;
  std::string words;
  std::optional<PostId> post;
  std::optional<Time> at;
  std::string by, note;
};
BOOST_DESCRIBE_STRUCT(CheckLine, (), (n, words, post, at, by, note))

/// What stands beside a case: GET /api/v1/cases/{id} gives it with the case.
struct Beside {
  std::vector<Called> called;
  std::vector<Part> parts;
  std::vector<CheckLine> checklist;
};
BOOST_DESCRIBE_STRUCT(Beside, (), (called, parts, checklist))

struct BatchResult {
  CaseId id;
  bool done = false;
  std::string code, detail;
};
BOOST_DESCRIBE_STRUCT(BatchResult, (), (id, done, code, detail))

struct Cause {
  std::string id, cause, words;
  Time at;
};
BOOST_DESCRIBE_STRUCT(Cause, (), (id, cause, words, at))

struct Filter {
  std::optional<State> state;
  std::optional<bool> open;
  std::optional<Circle> circle;
  std::optional<std::string> place_path; ///< its subtree
  bool overdue = false;
  bool mine = false;                     ///< held by the caller, waiting for a post of theirs, or they owe a part of it
  bool reported = false;                 ///< the caller's own reports
  std::optional<PostId> post;
  std::optional<PersonId> person;
  std::optional<OrganisationId> organisation;
  std::optional<std::string> kind;
  std::optional<Grade> grade;
  std::optional<std::string> situation;
  std::optional<Appeal> appeal;
  bool deciding = false;                 ///< an appeal or a deferral waits for the caller's decision
  std::optional<std::string> q;          ///< words of the text, or the number
  std::optional<Time> from, to;          ///< opened
  std::optional<Time> closed_from;       ///< closed then or later
  bool by_due = false;                   ///< soonest deadline first; otherwise newest first
  std::optional<std::string> after;      ///< cursor
  std::size_t limit = 50;
};

enum class Measure { response, solved, satisfied, overdue, reopened };
BOOST_DESCRIBE_ENUM(Measure, response, solved, satisfied, overdue, reopened)
enum class RatesBy { organisation, post, kind };
BOOST_DESCRIBE_ENUM(RatesBy, organisation, post, kind)

struct RatesFilter {
  RatesBy by = RatesBy::organisation;
  std::optional<std::string> key;        ///< one organisation, post or kind
  std::optional<std::string> place_path;
  std::optional<Time> from, to;          ///< opened
  bool good = false;                     ///< behind(): those that count for it instead of against
  std::optional<std::string> after;
  std::size_t limit = 50;
};

/// Every number counts cases, each once, so that it equals the list behind it. `response`: of the cases that they were
/// to take, those that they took in time each time; `solved`: of those with a verdict (person or device); `satisfied`:
/// score 3 and above of those with a score (满意 and 基本满意). `overdue`: late at least once. A case has one kind, but
/// may have had several holders: a post or an organisation has the verdict, the scores and the reopening of what they
/// handled themselves (the last round of theirs that was judged), a kind those of the case.
struct Rates {
  std::string key;
  std::int64_t cases = 0;
  std::int64_t response_good = 0, response_all = 0;
  std::int64_t solved_good = 0, solved_all = 0;
  std::int64_t satisfied_good = 0, satisfied_all = 0;
  std::int64_t overdue = 0, reopened = 0;
  std::optional<double> response, solved, satisfied;  ///< 0…1, absent without cases
};
BOOST_DESCRIBE_STRUCT(Rates, (), (key, cases, response_good, response_all, solved_good, solved_all, satisfied_good, satisfied_all,
                                  overdue, reopened, response, solved, satisfied))

// ---- what is told -------------------------------------------------------------------------------------------

/// The body of every event. Topics: cases.opened, cases.joined (a further reporter), cases.assigned (a holder, also by
/// escalation, whistle, return), cases.warned, cases.escalated, cases.called (one a bureau: `organisation`), cases.closed,
/// cases.reopened, cases.refused, cases.false_alarm, and `cases.stepped` for every other line of the diary.
/// Subject is the case, path its place, cause what caused the step.
struct Step {
  CaseId case_;
  std::string code;  ///< the diary line's
  std::int64_t n = 0;  ///< the diary line's
  std::string kind;
  Grade grade = Grade::III;
  State state = State::reported;
  Circle circle = Circle::micro;
  std::optional<PostId> post;
  std::optional<OrganisationId> organisation;
  std::optional<PersonId> person;
  std::optional<Time> due;
  std::string situation, device, rule;
  Duration ring{};     ///< cases.assigned, cases.called, rose-critical: it must be heard within; 0: it need not
  std::optional<Ending> ending;
  bool drill = false;
};
BOOST_DESCRIBE_STRUCT(Step, (), (case_, code, n, kind, grade, state, circle, post, organisation, person, due, situation, device,
                                 rule, ring, ending, drill))

}  // namespace lifang::cases
