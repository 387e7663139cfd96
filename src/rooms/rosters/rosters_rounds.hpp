// Rounds: inspection points, routes, plans and the tasks that come of them; checked in by a code or a tag. A part of the
// door of rosters.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "base/describe.hpp"
#include "base/id.hpp"
#include "platform/bus/bus.hpp"
#include "platform/db/tx.hpp"
#include "platform/jobs/jobs.hpp"
#include "rooms/rosters/rosters.hpp"

namespace lifang::files {
class Files;
}

namespace lifang::rosters {

using PointId = Id<struct PointTag>;  ///< chosen by the client
using RouteId = Id<struct RouteTag>;  ///< chosen by the client
using PlanId = Id<struct PlanTag>;    ///< chosen by the client
struct TaskTag {
  static constexpr std::string_view prefix = "task";
};
using TaskId = Id<TaskTag>;

/// Something to be looked at. `tag`: what an NFC tag there says, where one hangs; the printed code is made by us.
struct PointWords {
  std::string name;
  places::PlaceId place;
  std::optional<std::string> tag;
  std::optional<std::string> look;  ///< what to look at there
};
BOOST_DESCRIBE_STRUCT(PointWords, (), (name, place, tag, look))
struct Point : PointWords {
  PointId id;
  std::string path;
  std::string code;  ///< shown to those who print it (rosters.write), empty to others
};
BOOST_DESCRIBE_STRUCT(Point, (PointWords), (id, path, code))

struct RouteWords {
  std::string name;
  places::PlaceId place;
  std::vector<PointId> points;  ///< in order, 1 to 100
};
BOOST_DESCRIBE_STRUCT(RouteWords, (), (name, place, points))
struct Route : RouteWords {
  RouteId id;
  std::string path;
};
BOOST_DESCRIBE_STRUCT(Route, (RouteWords), (id, path))

/// `within`: how long a round may take. `missed`: the kind of case that missed points open (attendant-absent where somebody
/// ought to stand there); absent: round-missed; empty: it is only shown.
struct PlanWords {
  static constexpr auto defaulted = members("on");
  RouteId route;
  PostId post;
  std::vector<ClockTime> times;  ///< of the local day, 1 to 48
  On on = On::every;
  Duration within{};
  std::optional<std::string> missed;
  std::optional<bool> paused;
};
BOOST_DESCRIBE_STRUCT(PlanWords, (), (route, post, times, on, within, missed, paused))
struct Plan : PlanWords {
  PlanId id;
  std::string path;
};
BOOST_DESCRIBE_STRUCT(Plan, (PlanWords), (id, path))

enum class TaskState { open, done, missed };
BOOST_DESCRIBE_ENUM(TaskState, open, done, missed)

/// One point of one round. `at`: when they were there; `told_at`: when we learnt it (later, where there was no network).
struct Check {
  PointId point;
  std::string name;                 ///< of the point, so that a phone without a network has all that it needs
  std::optional<std::string> look;  ///< what to look at there
  std::string mark;                 ///< mark_of its code: which point a scanned code belongs to, before the node is asked
  std::optional<Time> at, told_at;
  std::optional<PersonId> person;
  bool by_tag = false;
  bool fine = true;
  std::string note;
  std::vector<std::string> files;
  std::string found;                ///< id of the case that the finding became
};
BOOST_DESCRIBE_STRUCT(Check, (), (point, name, look, mark, at, told_at, person, by_tag, fine, note, files, found))

struct Task {
  TaskId id;
  PlanId plan;
  RouteId route;
  PostId post;
  std::string name;                ///< of the route
  std::string path;
  std::optional<PersonId> person;  ///< on duty when it began; anybody of the post may do it
  Time from, until;
  TaskState state = TaskState::open;
  std::optional<Time> ended_at;
  std::string missed;              ///< id of the case that its missed points opened
  std::vector<Check> checks;
};
BOOST_DESCRIBE_STRUCT(Task, (), (id, plan, route, post, name, path, person, from, until, state, ended_at, missed, checks))

/// By the printed code, or by the tag. `kind`: of the case that a finding becomes; absent with `fine` false: "other".
/// A phone's clock may be off by five minutes: `at` is then taken as the nearest instant that it can have been.
struct CheckWords {
  std::optional<std::string> code, tag;
  std::optional<Time> at;              ///< offline: when it was; within the round
  std::optional<bool> fine;
  std::optional<std::string> kind, note;
  std::optional<std::vector<std::string>> files;
};
BOOST_DESCRIBE_STRUCT(CheckWords, (), (code, tag, at, fine, kind, note, files))

/// Something was found on a round: a duty for somebody.
struct Found {
  static constexpr std::string_view topic = "rosters.found";
  TaskId task;
  PointId point;
  places::PlaceId place;
  std::string kind;
};
BOOST_DESCRIBE_STRUCT(Found, (), (task, point, place, kind))
/// A round ended with points that nobody came to.
struct Missed {
  static constexpr std::string_view topic = "rosters.missed";
  TaskId task;
  places::PlaceId place;
  PostId post;
  std::int64_t points = 0;
  std::string kind;  ///< empty: no case
};
BOOST_DESCRIBE_STRUCT(Missed, (), (task, place, post, points, kind))
/// A round begins now: pages of those whose it is look again.
struct RoundBegan {
  static constexpr std::string_view topic = "rosters.round_began";
  TaskId task;
  PostId post;
};
BOOST_DESCRIBE_STRUCT(RoundBegan, (), (task, post))
/// `late`: it was counted as missed before a phone told what it had kept.
struct RoundDone {
  static constexpr std::string_view topic = "rosters.round_done";
  TaskId task;
  bool late = false;
};
BOOST_DESCRIBE_STRUCT(RoundDone, (), (task, late))

struct TaskFilter {
  std::optional<TaskState> state;
  std::optional<std::string> place_path;
  bool mine = false;             ///< those that wait for the caller or for a post of theirs
  std::optional<Time> from, to;  ///< that touch this stretch
  std::optional<std::string> after;
  std::size_t limit = 50;
};

/// A fingerprint of 32 bits (FNV-1a, 8 hexadecimal digits) of a code of 256 bits: a phone in the cellar tells by it which
/// point it stands at; nobody finds the code by it.
std::string mark_of(std::string_view code);

class Rounds {
 public:
  Rounds(bus::Bus& bus, jobs::Jobs& jobs, Rosters& rosters, files::Files& files);

  /// Right rosters.write over the place. @throws Refusal invalid rosters.bad_name, rosters.bad_tag, places.unknown
  Point put_point(Tx& tx, const Caller& caller, const PointId& id, const PointWords& words);
  /// @throws Refusal invalid rosters.unknown_point, rosters.too_many
  Route put_route(Tx& tx, const Caller& caller, const RouteId& id, const RouteWords& words);
  /// @throws Refusal invalid rosters.unknown_route, rosters.bad_times, rosters.bad_within
  Plan put_plan(Tx& tx, const Caller& caller, const PlanId& id, const PlanWords& words);
  /// Gone from the lists; rounds that were gone keep its name, and putting it again brings it back. Not while something
  /// that is used stands on it. @throws Refusal missing rosters.unknown_point, …; conflict rosters.in_use
  void remove_point(Tx& tx, const Caller& caller, const PointId& id);
  void remove_route(Tx& tx, const Caller& caller, const RouteId& id);
  /// The plan begins no more rounds; one that goes on is gone to its end.
  void remove_plan(Tx& tx, const Caller& caller, const PlanId& id);
  /// A round of the plan out of turn, from now on. Right rosters.write. @throws Refusal missing rosters.unknown_plan
  Task begin_now(Tx& tx, const Caller& caller, const PlanId& id);
  /// Whoever has the task's post, or rosters.write there. The same point again is no error and changes nothing.
  /// @throws Refusal missing rosters.unknown_task; forbidden rosters.not_your_round; invalid rosters.unknown_code,
  /// rosters.bad_time, rosters.too_long, files.unknown; conflict rosters.round_over
  Task check(Tx& tx, const Caller& caller, const TaskId& id, const CheckWords& words);

  static std::vector<Point> points(Reader& reader, const Caller& caller, const std::optional<std::string>& after, std::size_t limit);
  static std::vector<Route> routes(Reader& reader, const Caller& caller, const std::optional<std::string>& after, std::size_t limit);
  static std::vector<Plan> plans(Reader& reader, const Caller& caller, const std::optional<std::string>& after, std::size_t limit);
  std::vector<Task> tasks(Reader& reader, const Caller& caller, const TaskFilter& filter) const;
  static std::optional<Point> find_point(Reader& reader, const PointId& id);
  static std::optional<Route> find_route(Reader& reader, const RouteId& id);
  static std::optional<Plan> find_plan(Reader& reader, const PlanId& id);
  static std::optional<Task> find_task(Reader& reader, const TaskId& id);
  /// For the room of cases: what became of a finding, or (without a point) of a missed round.
  static void became(Tx& tx, const TaskId& id, const std::optional<PointId>& point, const std::string& case_id);
  void place_moved(Tx& tx, const std::string& from, const std::string& to);

 private:
  void arm(Tx& tx, const Plan& plan, Time after);
  void begin_in_turn(Tx& tx, const PlanId& id, Time at);
  Task begin(Tx& tx, const Plan& plan, const Route& route, Time at);
  void end(Tx& tx, const TaskId& id);
  bool is_theirs(Reader& reader, const Caller& caller, const Task& task) const;
  void keep_check(Tx& tx, const Caller& caller, Task& task, std::size_t n, const CheckWords& words);

  bus::Bus& bus_;
  jobs::Jobs& jobs_;
  Rosters& rosters_;
  files::Files& files_;
};

}  // namespace lifang::rosters
