#include "rooms/rosters/rosters_rounds.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/secret.hpp"
#include "base/text.hpp"
#include "platform/bus/typed.hpp"
#include "rooms/files/files.hpp"
#include "rooms/rosters/rosters_rounds_store.hpp"

namespace lifang::rosters {
namespace {

constexpr const char* kBeginJob = "rosters.round_begins";  ///< name: the plan
constexpr std::size_t kAllOfThem = 100'000;
constexpr const char* kEndJob = "rosters.round_ends";      ///< name: the task
constexpr Duration kLongest = std::chrono::hours(12);
/// A phone that was in the cellar may tell so much later.
constexpr Duration kLatest = std::chrono::hours(24);
/// A phone's clock may be off by so much.
constexpr Duration kSkew = std::chrono::minutes(5);
constexpr std::string_view kMissed = "round-missed";  ///< the kind of case, where the plan names none

void check_name(const std::string& name) {
  if (name.empty() || name.size() > 200) throw invalid("rosters.bad_name", "/name", "1 to 200 bytes");
}

/// Whether the plan runs on this day.
bool runs_on(On on, const Calendar& calendar, Day day) {
  return on == On::every || calendar.is_working(day) == (on == On::working);
}

/// When they were there. @throws Refusal where it cannot have been then, or the round is over
Time time_of(const Task& task, const CheckWords& words, Time now) {
  Time at = words.at.value_or(now);
  if (words.at && at > now && at <= now + kSkew) at = now;
  if (words.at && at < task.from && at >= task.from - kSkew) at = std::min(task.from, now);
  if (at > now || at < now - kLatest || at < task.from || at > task.until)
    throw words.at ? invalid("rosters.bad_time", "/at", "within the round, and told within a day")
                   : conflict("rosters.round_over", "this round is over");
  return at;
}

}  // namespace

std::string mark_of(std::string_view code) {
  std::uint32_t hash = 2166136261U;
  for (const char c : code) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return fmt::format("{:08x}", hash);
}

Rounds::Rounds(bus::Bus& bus, jobs::Jobs& jobs, Rosters& rosters, files::Files& files)
    : bus_(bus), jobs_(jobs), rosters_(rosters), files_(files) {
  jobs_.on(kBeginJob, [this](Tx& tx, const jobs::Job& job) { begin_in_turn(tx, PlanId{job.name}, job.due); });
  jobs_.on(kEndJob, [this](Tx& tx, const jobs::Job& job) { end(tx, TaskId{job.name}); });
}

Point Rounds::put_point(Tx& tx, const Caller& caller, const PointId& id, const PointWords& words) {
  check_name(words.name);
  if (words.tag && (words.tag->size() < 4 || words.tag->size() > 200)) throw invalid("rosters.bad_tag", "/tag", "4 to 200 bytes");
  if (words.look && words.look->size() > 1000) throw invalid("rosters.too_long", "/look", "at most 1,000 bytes");
  Point point;
  static_cast<PointWords&>(point) = words;
  point.id = id;
  point.path = places::Places::path_of(tx, words.place);
  caller.must("rosters.write", point.path);
  const auto before = store::any_point(tx, id);
  if (before) caller.must("rosters.write", before->path);
  point.code = before ? before->code : make_token(tx.ids(), "pt_");
  store::keep(tx, point);
  return point;
}

Route Rounds::put_route(Tx& tx, const Caller& caller, const RouteId& id, const RouteWords& words) {
  check_name(words.name);
  if (words.points.empty() || words.points.size() > 100) throw invalid("rosters.too_many", "/points", "1 to 100");
  Route route;
  static_cast<RouteWords&>(route) = words;
  route.id = id;
  route.path = places::Places::path_of(tx, words.place);
  caller.must("rosters.write", route.path);
  if (const auto before = store::any_route(tx, id)) caller.must("rosters.write", before->path);
  for (std::size_t i = 0; i < words.points.size(); ++i) {
    const auto point = store::find_point(tx, words.points[i]);
    if (!point || !caller.may("rosters.write", point->path))
      throw invalid("rosters.unknown_point", "/points/" + std::to_string(i), "no such point");
    if (std::count(words.points.begin(), words.points.end(), words.points[i]) > 1)
      throw invalid("rosters.twice", "/points/" + std::to_string(i), "each point once");
  }
  store::keep(tx, route);
  return route;
}

Plan Rounds::put_plan(Tx& tx, const Caller& caller, const PlanId& id, const PlanWords& words) {
  const auto route = store::find_route(tx, words.route);
  if (!route) throw invalid("rosters.unknown_route", "/route", "no such route");
  caller.must("rosters.write", route->path);
  if (const auto before = store::any_plan(tx, id)) caller.must("rosters.write", before->path);
  if (words.times.empty() || words.times.size() > 48) throw invalid("rosters.bad_times", "/times", "1 to 48 times of day");
  for (std::size_t i = 0; i < words.times.size(); ++i)
    if (words.times[i].minutes >= 24 * 60) throw invalid("rosters.bad_times", "/times/" + std::to_string(i), "00:00 to 23:59");
  if (words.within < std::chrono::minutes(1) || words.within > kLongest) throw invalid("rosters.bad_within", "/within", "a minute to 12 hours");
  Plan plan;
  static_cast<PlanWords&>(plan) = words;
  plan.id = id;
  plan.path = route->path;
  store::keep(tx, plan);
  if (words.paused.value_or(false)) jobs_.cancel(tx, kBeginJob, id.text);
  else arm(tx, plan, tx.now());
  return plan;
}

void Rounds::remove_point(Tx& tx, const Caller& caller, const PointId& id) {
  const auto point = store::find_point(tx, id);
  if (!point || !caller.may("rosters.read", point->path)) throw missing("rosters.unknown_point", "no such point");
  caller.must("rosters.write", point->path);
  for (const Route& route : store::routes(tx, {"/"}, {}, kAllOfThem))
    if (std::find(route.points.begin(), route.points.end(), id) != route.points.end())
      throw conflict("rosters.in_use", "it stands in the route " + route.name);
  store::remove(tx, id);
}

void Rounds::remove_route(Tx& tx, const Caller& caller, const RouteId& id) {
  const auto route = store::find_route(tx, id);
  if (!route || !caller.may("rosters.read", route->path)) throw missing("rosters.unknown_route", "no such route");
  caller.must("rosters.write", route->path);
  for (const Plan& plan : store::plans(tx, {"/"}, {}, kAllOfThem))
    if (plan.route == id) throw conflict("rosters.in_use", "the plan " + plan.id.text + " goes it");
  store::remove(tx, id);
}

void Rounds::remove_plan(Tx& tx, const Caller& caller, const PlanId& id) {
  const auto plan = store::find_plan(tx, id);
  if (!plan || !caller.may("rosters.read", plan->path)) throw missing("rosters.unknown_plan", "no such plan");
  caller.must("rosters.write", plan->path);
  store::remove(tx, id);
  jobs_.cancel(tx, kBeginJob, id.text);
}

/// Sets the timer for the plan's next time of day after `after`.
void Rounds::arm(Tx& tx, const Plan& plan, Time after) {
  const Calendar calendar = rosters_.calendar(tx, after);
  Day day = calendar.local_day(after);
  for (int i = 0; i < 400; ++i, day += std::chrono::days(1)) {
    if (!runs_on(plan.on, calendar, day)) continue;
    std::optional<Time> next;
    for (const ClockTime clock : plan.times)
      if (const Time t = calendar.at(day, clock); t > after && (!next || t < *next)) next = t;
    if (!next) continue;
    jobs_.at(tx, kBeginJob, plan.id.text, *next);
    return;
  }
}

void Rounds::begin_in_turn(Tx& tx, const PlanId& id, Time at) {
  const auto plan = store::find_plan(tx, id);
  const auto route = plan ? store::find_route(tx, plan->route) : std::nullopt;
  if (!route || plan->paused.value_or(false)) return;
  begin(tx, *plan, *route, at);
  arm(tx, *plan, std::max(at, tx.now()));
}

Task Rounds::begin_now(Tx& tx, const Caller& caller, const PlanId& id) {
  const auto plan = store::find_plan(tx, id);
  const auto route = plan ? store::find_route(tx, plan->route) : std::nullopt;
  if (!route) throw missing("rosters.unknown_plan", "no such plan");
  caller.must("rosters.write", route->path);
  return *store::find_task(tx, begin(tx, *plan, *route, tx.now()).id);
}

Task Rounds::begin(Tx& tx, const Plan& plan, const Route& route, Time at) {
  Task task;
  task.id = TaskId::make(tx.ids());
  task.plan = plan.id;
  task.route = route.id;
  task.post = plan.post;
  task.path = route.path;
  task.from = at;
  task.until = at + plan.within;
  const auto duty = rosters_.on_duty(tx, plan.post, route.path, at);
  if (duty && !duty->persons.empty()) task.person = duty->persons.front();
  for (const PointId& point : route.points) {
    Check check;
    check.point = point;
    task.checks.push_back(std::move(check));
  }
  store::insert(tx, task);
  jobs_.at(tx, kEndJob, task.id.text, task.until);
  bus::tell(bus_, tx, RoundBegan{task.id, task.post}, {task.id.text, task.path, {}, {}});
  return task;
}

/// Its time is over: what was not looked at was missed.
void Rounds::end(Tx& tx, const TaskId& id) {
  auto task = store::find_task(tx, id);
  if (!task || task->state != TaskState::open) return;
  const auto left = std::count_if(task->checks.begin(), task->checks.end(), [](const Check& c) { return !c.at; });
  task->state = left == 0 ? TaskState::done : TaskState::missed;
  task->ended_at = tx.now();
  store::end(tx, *task);
  const auto plan = store::find_plan(tx, task->plan);
  const auto route = store::any_route(tx, task->route);
  if (left > 0 && route)
    bus::tell(bus_, tx, Missed{id, route->place, task->post, left, plan ? plan->missed.value_or(std::string(kMissed)) : ""},
              {id.text, task->path, {}, {}});
}

bool Rounds::is_theirs(Reader& reader, const Caller& caller, const Task& task) const {
  if (caller.may("rosters.write", task.path)) return true;
  if (caller.person.empty()) return false;
  if (task.person && task.person->text == caller.person) return true;
  for (const Membership& m : rosters_.memberships(reader, PersonId{caller.person}, rosters_.now()))
    if (m.post == task.post && task.path.starts_with(m.path)) return true;
  return false;
}

Task Rounds::check(Tx& tx, const Caller& caller, const TaskId& id, const CheckWords& words) {
  auto task = store::find_task(tx, id);
  if (!task) throw missing("rosters.unknown_task", "no such round");
  if (!is_theirs(tx, caller, *task)) throw forbidden("rosters.not_your_round", "this round is another post's");
  if (words.note && words.note->size() > 1000) throw invalid("rosters.too_long", "/note", "at most 1,000 bytes");
  if (words.files && words.files->size() > 20) throw invalid("rosters.too_many", "/files", "at most 20");
  for (std::size_t n = 0; n < task->checks.size(); ++n) {
    const auto point = store::any_point(tx, task->checks[n].point);
    const bool by_tag = point && words.tag && point->tag == words.tag;
    const bool by_code = point && words.code && equal_in_constant_time(point->code, *words.code);
    if (!by_tag && !by_code) continue;
    // Told twice, as phones do that lost the answer: nothing new.
    if (!task->checks[n].at) keep_check(tx, caller, *task, n, words);
    return *store::find_task(tx, id);
  }
  throw invalid("rosters.unknown_code", words.tag ? "/tag" : "/code", "no point of this round has it");
}

void Rounds::keep_check(Tx& tx, const Caller& caller, Task& task, std::size_t n, const CheckWords& words) {
  Check& check = task.checks[n];
  const auto point = store::any_point(tx, check.point);
  check.at = time_of(task, words, tx.now());
  check.told_at = tx.now();
  if (!caller.person.empty()) check.person = PersonId{caller.person};
  check.by_tag = words.tag.has_value() && point->tag == words.tag;
  check.fine = words.fine.value_or(!words.kind);
  check.note = words.note.value_or("");
  check.files = words.files.value_or(std::vector<std::string>{});
  for (std::size_t i = 0; i < check.files.size(); ++i) {
    const std::string field = fmt::format("/files/{}", i);
    if (!files::FileId::fits(check.files[i])) throw invalid("files.unknown", field, "the id of a file");
    files_.use(tx, caller, files::FileId{check.files[i]}, {"task", task.id.text, point->path, "rosters.read", caller.person}, field);
  }
  store::keep_check(tx, task.id, n, check);
  if (!check.fine)
    bus::tell(bus_, tx, Found{task.id, point->id, point->place, words.kind.value_or("other")}, {task.id.text, point->path, {}, caller.account});
  if (!std::all_of(task.checks.begin(), task.checks.end(), [](const Check& c) { return c.at.has_value(); })) return;
  const bool late = task.state == TaskState::missed;
  task.state = TaskState::done;
  task.ended_at = tx.now();
  store::end(tx, task);
  jobs_.cancel(tx, kEndJob, task.id.text);
  bus::tell(bus_, tx, RoundDone{task.id, late}, {task.id.text, task.path, {}, caller.account});
}

void Rounds::became(Tx& tx, const TaskId& id, const std::optional<PointId>& point, const std::string& case_id) {
  if (point) store::found_became(tx, id, *point, case_id);
  else store::missed_became(tx, id, case_id);
}

// ---- asking -------------------------------------------------------------------------------------------------------

std::vector<Point> Rounds::points(Reader& reader, const Caller& caller, const std::optional<std::string>& after, std::size_t limit) {
  auto all = store::points(reader, caller.paths("rosters.read"), after, limit);
  for (Point& point : all)
    if (!caller.may("rosters.write", point.path)) {
      // Who knows the code could be there without being there.
      point.code.clear();
      point.tag.reset();
    }
  return all;
}

std::vector<Route> Rounds::routes(Reader& reader, const Caller& caller, const std::optional<std::string>& after, std::size_t limit) {
  return store::routes(reader, caller.paths("rosters.read"), after, limit);
}
std::vector<Plan> Rounds::plans(Reader& reader, const Caller& caller, const std::optional<std::string>& after, std::size_t limit) {
  return store::plans(reader, caller.paths("rosters.read"), after, limit);
}

std::vector<Task> Rounds::tasks(Reader& reader, const Caller& caller, const TaskFilter& filter) const {
  std::optional<store::Own> own;
  if (filter.mine) {
    own.emplace();
    own->person = caller.person;
    if (!caller.person.empty())
      for (const Membership& m : rosters_.memberships(reader, PersonId{caller.person}, rosters_.now())) own->posts.emplace_back(m.post, m.path);
  }
  return store::tasks(reader, caller.paths("rosters.read"), filter, own);
}

std::optional<Point> Rounds::find_point(Reader& reader, const PointId& id) { return store::find_point(reader, id); }
std::optional<Route> Rounds::find_route(Reader& reader, const RouteId& id) { return store::find_route(reader, id); }
std::optional<Plan> Rounds::find_plan(Reader& reader, const PlanId& id) { return store::find_plan(reader, id); }
std::optional<Task> Rounds::find_task(Reader& reader, const TaskId& id) { return store::find_task(reader, id); }

void Rounds::place_moved(Tx& tx, const std::string& from, const std::string& to) { store::rebase_rounds(tx, from, to); }

}  // namespace lifang::rosters
