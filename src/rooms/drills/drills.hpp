// Drills: any alarm chain rings real people, under a flag; no machine moves and nothing counts. The door of the room.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/time.hpp"
#include "platform/bus/bus.hpp"
#include "platform/db/tx.hpp"
#include "platform/jobs/jobs.hpp"
#include "rooms/cases/cases.hpp"
#include "rooms/cases/cases_outside.hpp"
#include "rooms/notices/notices.hpp"
#include "rooms/notices/notices_phone.hpp"
#include "rooms/notices/notices_rung.hpp"
#include "rooms/people/people.hpp"

namespace lifang::drills {

struct DrillTag {
  static constexpr std::string_view prefix = "drill";
};
using DrillId = Id<DrillTag>;

/// Either `rule` and `device` (as if the rule had found something at the device), or `kind` and `place`.
struct DrillWords {
  std::optional<std::string> rule;
  std::optional<std::string> device;
  std::optional<std::string> kind;
  std::optional<places::PlaceId> place;
  std::optional<std::string> note;     ///< what is being tried, at most 500 bytes
  std::optional<Duration> lasts;       ///< ends by itself after so long; absent: PT30M, at most P1D
};
BOOST_DESCRIBE_STRUCT(DrillWords, (), (rule, device, kind, place, note, lasts))

struct Drill {
  DrillId id;
  std::string kind, rule, device, note;
  places::PlaceId place;
  std::string path;
  cases::CaseId case_;
  std::string by;
  Time began_at, until;
  std::optional<Time> ended_at;
  std::vector<std::string> blocked;  ///< commands that the alarm itself would have sent: "lift-3 hold"
};
BOOST_DESCRIBE_STRUCT(Drill, (), (id, kind, rule, device, note, place, path, case_, by, began_at, until, ended_at, blocked))

/// `none`: no number in the register; `dead`: the telephone network or the gateway says so; `works`: it rang there;
/// `unheard`: the call is out and nobody has said what came of it; `untried`: no call has left.
enum class Number { none, dead, works, unheard, untried };
BOOST_DESCRIBE_ENUM(Number, none, dead, works, unheard, untried)

/// One person at whom it rang.
struct Rung {
  cases::PersonId person;
  std::string name;                    ///< masked
  std::string purpose;                 ///< the organisation that was called; empty: the holder
  std::int64_t step = 1;
  Time at;                             ///< it began to ring at them
  notices::RungState state = notices::RungState::passed;  ///< passed: no answer, it rang on
  std::optional<Time> answered_at;
  std::optional<std::int64_t> seconds;  ///< from its ringing at them to their answer
  Number number = Number::untried;
  std::optional<notices::CallResult> call;  ///< what the telephone network said of the call
};
BOOST_DESCRIBE_STRUCT(Rung, (), (person, name, purpose, step, at, state, answered_at, seconds, number, call))

/// Who answered when, and which numbers are dead.
struct Report : Drill {
  bool answered = false;               ///< by the holder's chain
  std::optional<std::int64_t> seconds;  ///< from the beginning to the first answer
  cases::State state = cases::State::reported;
  std::vector<Rung> rung;
  std::int64_t unreachable = 0;        ///< of those, how many have no number or a dead one
  std::int64_t unanswered = 0;         ///< of those, how many let it ring
};
BOOST_DESCRIBE_STRUCT(Report, (Drill), (answered, seconds, state, rung, unreachable, unanswered))

struct Began {
  static constexpr std::string_view topic = "drills.began";
  DrillId drill;
  cases::CaseId case_;
};
BOOST_DESCRIBE_STRUCT(Began, (), (drill, case_))
struct Ended {
  static constexpr std::string_view topic = "drills.ended";
  DrillId drill;
};
BOOST_DESCRIBE_STRUCT(Ended, (), (drill))

struct Filter {
  bool running = false;
  std::optional<std::string> place_path;
  std::optional<std::string> after;
  std::size_t limit = 50;
};

class Drills {
 public:
  Drills(bus::Bus& bus, jobs::Jobs& jobs, files::Files& files, cases::Cases& cases, rosters::Rosters& rosters,
         const notices::Notices& notices, const people::People& people);

  /// Right drills.run over the place. One at a time of a kind and place.
  /// @throws Refusal invalid drills.what, drills.unknown_rule, drills.no_case, drills.unknown_device, drills.too_long; conflict
  /// drills.runs_already
  Drill begin(Tx& tx, const Caller& caller, const DrillWords& words);
  /// Its case ends where it stands, and what rings stops. Again is no error.
  Drill end(Tx& tx, const Caller& caller, const DrillId& id);
  /// Right drills.read over the place. @throws Refusal missing drills.unknown
  Report report(Reader& reader, const Caller& caller, const DrillId& id) const;
  static std::vector<Drill> list(Reader& reader, const Caller& caller, const Filter& filter);
  static std::int64_t count(Reader& reader, const Caller& caller, const Filter& filter);
  static std::optional<Drill> find(Reader& reader, const DrillId& id);
  void place_moved(Tx& tx, const std::string& from, const std::string& to);

 private:
  void add_call(Reader& reader, Rung& rung, const std::string& ring) const;
  void finish(Tx& tx, const Caller& caller, Drill& drill);

  bus::Bus& bus_;
  jobs::Jobs& jobs_;
  cases::Cases& cases_;
  const notices::Notices& notices_;
  const people::People& people_;
  cases::Outside outside_;
};

}  // namespace lifang::drills
