#include "rooms/rosters/rosters_rounds_store.hpp"

#include "base/reflect.hpp"

namespace lifang::rosters::store {
namespace {

constexpr std::string_view kKeepPoint =
    "INSERT INTO rosters_points (id, name, place, path, tag, look, code) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO UPDATE "
    "SET name = excluded.name, place = excluded.place, path = excluded.path, tag = excluded.tag, look = excluded.look, code = excluded.code, gone = 0";
constexpr std::string_view kPointColumns = "SELECT id, name, place, path, tag, look, code FROM rosters_points";
constexpr std::string_view kPoint = "SELECT id, name, place, path, tag, look, code FROM rosters_points WHERE id = $1 AND gone = 0";
constexpr std::string_view kAnyPoint = "SELECT id, name, place, path, tag, look, code FROM rosters_points WHERE id = $1";
constexpr std::string_view kGone[] = {"UPDATE rosters_points SET gone = 1 WHERE id = $1", "UPDATE rosters_routes SET gone = 1 WHERE id = $1",
                                      "UPDATE rosters_plans SET gone = 1 WHERE id = $1"};
constexpr std::string_view kKeepRoute =
    "INSERT INTO rosters_routes (id, path, words) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET path = excluded.path, words = excluded.words, gone = 0";
constexpr std::string_view kRouteColumns = "SELECT id, path, words FROM rosters_routes";
constexpr std::string_view kRoute = "SELECT id, path, words FROM rosters_routes WHERE id = $1 AND gone = 0";
constexpr std::string_view kAnyRoute = "SELECT id, path, words FROM rosters_routes WHERE id = $1";
constexpr std::string_view kKeepPlan =
    "INSERT INTO rosters_plans (id, path, words) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET path = excluded.path, words = excluded.words, gone = 0";
constexpr std::string_view kPlanColumns = "SELECT id, path, words FROM rosters_plans";
constexpr std::string_view kPlan = "SELECT id, path, words FROM rosters_plans WHERE id = $1 AND gone = 0";
constexpr std::string_view kAnyPlan = "SELECT id, path, words FROM rosters_plans WHERE id = $1";
constexpr std::string_view kInsertTask =
    "INSERT INTO rosters_tasks (id, plan, route, post, path, person, starts_at, until, state, ended_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL)";
constexpr std::string_view kEndTask = "UPDATE rosters_tasks SET state = $2, ended_at = $3 WHERE id = $1";
constexpr std::string_view kTaskColumns =
    "SELECT id, plan, route, post, path, person, starts_at, until, state, ended_at, missed FROM rosters_tasks";
constexpr std::string_view kTask =
    "SELECT id, plan, route, post, path, person, starts_at, until, state, ended_at, missed FROM rosters_tasks WHERE id = $1";
constexpr std::string_view kMissedBecame = "UPDATE rosters_tasks SET missed = $2 WHERE id = $1";
constexpr std::string_view kFoundBecame = "UPDATE rosters_checks SET found = $3 WHERE task = $1 AND point = $2";
constexpr std::string_view kKeepCheck =
    "INSERT INTO rosters_checks (task, n, point, at, told_at, person, by_tag, fine, note, files) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
    "$9, $10) ON CONFLICT (task, n) DO UPDATE SET at = excluded.at, told_at = excluded.told_at, person = excluded.person, "
    "by_tag = excluded.by_tag, fine = excluded.fine, note = excluded.note, files = excluded.files";
constexpr std::string_view kChecks =
    "SELECT c.point, c.at, c.told_at, c.person, c.by_tag, c.fine, c.note, c.files, c.found, p.name, p.look, p.code "
    "FROM rosters_checks c LEFT JOIN rosters_points p ON p.id = c.point WHERE c.task = $1 ORDER BY c.n";
constexpr std::string_view kRebase[] = {
    "UPDATE rosters_points SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4",
    "UPDATE rosters_routes SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4",
    "UPDATE rosters_plans SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4",
    "UPDATE rosters_tasks SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4"};

Point point_of(const db::Row& row) {
  Point p;
  p.id = row.get<PointId>(0);
  p.name = row.text(1);
  p.place = row.get<places::PlaceId>(2);
  p.path = row.text(3);
  if (!row.text(4).empty()) p.tag = std::string(row.text(4));
  if (!row.text(5).empty()) p.look = std::string(row.text(5));
  p.code = row.text(6);
  return p;
}

Route route_of(const db::Row& row) {
  Route r;
  static_cast<RouteWords&>(r) = from_json<RouteWords>(row.text(2));
  r.id = row.get<RouteId>(0);
  r.path = row.text(1);
  return r;
}

Plan plan_of(const db::Row& row) {
  Plan p;
  static_cast<PlanWords&>(p) = from_json<PlanWords>(row.text(2));
  p.id = row.get<PlanId>(0);
  p.path = row.text(1);
  return p;
}

Task task_of(const db::Row& row) {
  Task t;
  t.id = row.get<TaskId>(0);
  t.plan = row.get<PlanId>(1);
  t.route = row.get<RouteId>(2);
  t.post = row.get<PostId>(3);
  t.path = row.text(4);
  t.person = row.get<std::optional<PersonId>>(5);
  t.from = row.time(6);
  t.until = row.time(7);
  t.state = enum_of<TaskState>(row.text(8));
  t.ended_at = row.get<std::optional<Time>>(9);
  t.missed = row.text(10);
  return t;
}

Check check_of(const db::Row& row) {
  Check c;
  c.point = row.get<PointId>(0);
  c.at = row.get<std::optional<Time>>(1);
  c.told_at = row.get<std::optional<Time>>(2);
  c.person = row.get<std::optional<PersonId>>(3);
  c.by_tag = row.get<bool>(4);
  c.fine = row.get<bool>(5);
  c.note = row.text(6);
  c.files = from_json<std::vector<std::string>>(row.text(7));
  c.found = row.text(8);
  c.name = row.text(9);
  if (!row.text(10).empty()) c.look = std::string(row.text(10));
  c.mark = mark_of(row.text(11));
  return c;
}

std::string end_of(std::string path) {
  path.back() = '0';  // the character after '/'
  return path;
}

/// Its points, and what its route is called.
void complete(Reader& reader, Task& task) {
  task.checks = reader.all(kChecks, check_of, task.id);
  if (const auto route = reader.one(kAnyRoute, route_of, task.route)) task.name = route->name;
}

template <class T>
std::vector<T> page(Reader& reader, std::string_view columns, T (*map)(const db::Row&), const std::vector<std::string>& roots,
                    const std::optional<std::string>& after, std::size_t limit) {
  db::Where where;
  where.plain("gone = 0");
  where.under("path", roots);
  where.maybe("id > $", after);
  const std::string most = where.placeholder(limit);
  std::vector<T> found;
  reader.each_of(std::string(columns) + where.sql() + " ORDER BY id LIMIT " + most, where.params(),
                 [&](const db::Row& row) { found.push_back(map(row)); });
  return found;
}

}  // namespace

void keep(Tx& tx, const Point& p) { tx.run(kKeepPoint, p.id, p.name, p.place, p.path, p.tag.value_or(""), p.look.value_or(""), p.code); }
void keep(Tx& tx, const Route& r) { tx.run(kKeepRoute, r.id, r.path, to_json(static_cast<const RouteWords&>(r))); }
void keep(Tx& tx, const Plan& p) { tx.run(kKeepPlan, p.id, p.path, to_json(static_cast<const PlanWords&>(p))); }

std::optional<Point> find_point(Reader& reader, const PointId& id) { return reader.one(kPoint, point_of, id); }
std::optional<Route> find_route(Reader& reader, const RouteId& id) { return reader.one(kRoute, route_of, id); }
std::optional<Plan> find_plan(Reader& reader, const PlanId& id) { return reader.one(kPlan, plan_of, id); }

void remove(Tx& tx, const PointId& id) { tx.run(kGone[0], id); }
void remove(Tx& tx, const RouteId& id) { tx.run(kGone[1], id); }
void remove(Tx& tx, const PlanId& id) { tx.run(kGone[2], id); }
std::optional<Point> any_point(Reader& reader, const PointId& id) { return reader.one(kAnyPoint, point_of, id); }
std::optional<Route> any_route(Reader& reader, const RouteId& id) { return reader.one(kAnyRoute, route_of, id); }
std::optional<Plan> any_plan(Reader& reader, const PlanId& id) { return reader.one(kAnyPlan, plan_of, id); }

std::vector<Point> points(Reader& reader, const std::vector<std::string>& roots, const std::optional<std::string>& after, std::size_t limit) {
  return page<Point>(reader, kPointColumns, point_of, roots, after, limit);
}
std::vector<Route> routes(Reader& reader, const std::vector<std::string>& roots, const std::optional<std::string>& after, std::size_t limit) {
  return page<Route>(reader, kRouteColumns, route_of, roots, after, limit);
}
std::vector<Plan> plans(Reader& reader, const std::vector<std::string>& roots, const std::optional<std::string>& after, std::size_t limit) {
  return page<Plan>(reader, kPlanColumns, plan_of, roots, after, limit);
}

void insert(Tx& tx, const Task& t) {
  tx.run(kInsertTask, t.id, t.plan, t.route, t.post, t.path, t.person, t.from, t.until, enum_name(t.state));
  for (std::size_t n = 0; n < t.checks.size(); ++n) keep_check(tx, t.id, n, t.checks[n]);
}

void end(Tx& tx, const Task& t) { tx.run(kEndTask, t.id, enum_name(t.state), t.ended_at); }

std::optional<Task> find_task(Reader& reader, const TaskId& id) {
  auto task = reader.one(kTask, task_of, id);
  if (task) complete(reader, *task);
  return task;
}

std::vector<Task> tasks(Reader& reader, const std::vector<std::string>& roots, const TaskFilter& filter, const std::optional<Own>& own) {
  db::Where where;
  where.under("path", roots);
  if (filter.place_path) where.under("path", {*filter.place_path});
  if (filter.state) where.add("state = $", enum_name(*filter.state));
  where.maybe("until >= $", filter.from);
  where.maybe("starts_at < $", filter.to);
  if (own) {
    std::string any = "(person = " + where.placeholder(own->person);
    for (const auto& [post, path] : own->posts)
      any += " OR (post = " + where.placeholder(post.text) + " AND path >= " + where.placeholder(path) + " AND path < " +
             where.placeholder(end_of(path)) + ")";
    where.plain(any + ")");
  }
  where.maybe("id < $", filter.after);
  const std::string most = where.placeholder(filter.limit);
  std::vector<Task> found;
  reader.each_of(std::string(kTaskColumns) + where.sql() + " ORDER BY id DESC LIMIT " + most, where.params(),
                 [&](const db::Row& row) { found.push_back(task_of(row)); });
  for (Task& task : found) complete(reader, task);
  return found;
}

void found_became(Tx& tx, const TaskId& id, const PointId& point, const std::string& case_id) { tx.run(kFoundBecame, id, point, case_id); }
void missed_became(Tx& tx, const TaskId& id, const std::string& case_id) { tx.run(kMissedBecame, id, case_id); }

void keep_check(Tx& tx, const TaskId& id, std::size_t n, const Check& c) {
  tx.run(kKeepCheck, id, n, c.point, c.at, c.told_at, c.person, c.by_tag, c.fine, c.note, to_json(c.files));
}

void rebase_rounds(Tx& tx, const std::string& from, const std::string& to) {
  for (const std::string_view sql : kRebase) tx.run(sql, to, static_cast<std::int64_t>(from.size()) + 1, from, end_of(from));
}

}  // namespace lifang::rosters::store
