// The values and events of affairs. A part of the door.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/time.hpp"
#include "rooms/people/people.hpp"
#include "rooms/places/places.hpp"

namespace lifang::affairs {

using FormId = Id<struct FormTag>;  ///< chosen by the client
struct RunTag {
  static constexpr std::string_view prefix = "run";
};
using RunId = Id<RunTag>;

/// What one row of the form is about.
enum class Subject { person, household, place };
BOOST_DESCRIBE_ENUM(Subject, person, household, place)

/// `source`: what Lifang knows, one of `sources()` ("person.phone"), "today", "text:…" for what is the same in every row, or
/// "ask": workers are asked once, and the answer is remembered under `key` (absent: the heading) for every form.
struct FormColumn {
  std::string heading;
  std::string source;
  std::optional<std::string> key, question;
};
BOOST_DESCRIBE_STRUCT(FormColumn, (), (heading, source, key, question))

/// `kind`: of the places that are its rows; `tag`: only persons who have it.
struct FormWords {
  std::string name;
  std::optional<people::OrganisationId> bureau;
  Subject subject = Subject::person;
  std::optional<places::Kind> kind;
  std::optional<std::string> tag;
  std::vector<FormColumn> columns;
};
BOOST_DESCRIBE_STRUCT(FormWords, (), (name, bureau, subject, kind, tag, columns))

struct Form : FormWords {
  FormId id;
  Time kept_at;
  std::string by;
};
BOOST_DESCRIBE_STRUCT(Form, (FormWords), (id, kept_at, by))

/// A form for one place and all below it.
struct RunWords {
  FormId form;
  places::PlaceId place;
};
BOOST_DESCRIBE_STRUCT(RunWords, (), (form, place))

/// How far a run is, in cells. known = filled + remembered + answered; asked = answered + what can still be asked.
struct Counts {
  std::int64_t rows = 0, cells = 0, known = 0, blank = 0;
  std::int64_t filled = 0;      ///< by the program, from the registers
  std::int64_t remembered = 0;  ///< from answers that were given for an earlier form
  std::int64_t answered = 0;    ///< by workers, for this one
  std::int64_t asked = 0;       ///< of workers: answered, or still blank and for them to say
  std::int64_t registers = 0;   ///< blank, and to be completed in the registers, not here
  std::int64_t conflicts = 0;   ///< answers that contradict another and that nobody has settled
  std::optional<Time> counted_at;
};
BOOST_DESCRIBE_STRUCT(Counts, (), (rows, cells, known, blank, filled, remembered, answered, asked, registers, conflicts, counted_at))

/// In a list as it was counted when it was begun or last answered; by itself counted anew.
struct Run : Counts {
  RunId id;
  FormId form;
  places::PlaceId place;
  std::string path;
  std::string by;
  Time made_at;
};
BOOST_DESCRIBE_STRUCT(Run, (Counts), (id, form, place, path, by, made_at))

/// A cell that nobody could fill. `label` is masked: who it is, as the caller may see it.
struct Blank {
  std::string id;       ///< subject and column: "person_…:3"
  std::string subject;
  std::string label, heading, question, key;
};
BOOST_DESCRIBE_STRUCT(Blank, (), (id, subject, label, heading, question, key))

struct AnswerWords {
  std::string id;  ///< of a blank
  std::string value;
};
BOOST_DESCRIBE_STRUCT(AnswerWords, (), (id, value))
struct AnswersWords {
  std::vector<AnswerWords> items;
};
BOOST_DESCRIBE_STRUCT(AnswersWords, (), (items))

/// What workers said, in this run or for an earlier form. `value` is plain for those who may answer (affairs.write) where it
/// stands here; what went into the register is seen there.
struct Remembered {
  std::string id;  ///< of the cell: subject and column
  std::string subject, label, heading, key, value;
  std::string by;  ///< account
  Time at;
  bool in_run = false;
};
BOOST_DESCRIBE_STRUCT(Remembered, (), (id, subject, label, heading, key, value, by, at, in_run))

enum class Kept { earlier, later };
BOOST_DESCRIBE_ENUM(Kept, earlier, later)

/// A later answer that says something else than what stands. The earlier one stands until a person settles it.
struct Conflict {
  std::string id;
  RunId run;
  std::string cell, subject, label, heading;
  std::string earlier, later;  ///< plain as in Remembered, else masked
  std::string earlier_by;      ///< account, or empty: it came from the register
  std::optional<Time> earlier_at;
  std::string later_by;
  Time later_at;
  std::optional<Kept> kept;
  std::string settled_by;
  std::optional<Time> settled_at;
};
BOOST_DESCRIBE_STRUCT(Conflict, (), (id, run, cell, subject, label, heading, earlier, later, earlier_by, earlier_at, later_by,
                                     later_at, kept, settled_by, settled_at))
struct SettleWords {
  Kept keep = Kept::earlier;
};
BOOST_DESCRIBE_STRUCT(SettleWords, (), (keep))

struct Filled {
  static constexpr std::string_view topic = "affairs.filled";
  RunId run;
  FormId form;
  std::int64_t rows = 0;
};
BOOST_DESCRIBE_STRUCT(Filled, (), (run, form, rows))
struct Answered {
  static constexpr std::string_view topic = "affairs.answered";
  RunId run;
  std::int64_t answers = 0;
};
BOOST_DESCRIBE_STRUCT(Answered, (), (run, answers))

struct Cell {
  std::string value;
  std::string source;  ///< "登记 2026-03-02"
};

}  // namespace lifang::affairs
