// Every SQL statement about rounds.
#pragma once
#include <utility>

#include "rooms/rosters/rosters_rounds.hpp"

namespace lifang::rosters::store {

void keep(Tx& tx, const Point& point);
void keep(Tx& tx, const Route& route);
void keep(Tx& tx, const Plan& plan);
std::optional<Point> find_point(Reader& reader, const PointId& id);
std::optional<Route> find_route(Reader& reader, const RouteId& id);
std::optional<Plan> find_plan(Reader& reader, const PlanId& id);
void remove(Tx& tx, const PointId& id);
void remove(Tx& tx, const RouteId& id);
void remove(Tx& tx, const PlanId& id);
/// Also what is gone: a round that goes on is gone to its end, and what comes back is still its place's.
std::optional<Point> any_point(Reader& reader, const PointId& id);
std::optional<Route> any_route(Reader& reader, const RouteId& id);
std::optional<Plan> any_plan(Reader& reader, const PlanId& id);
std::vector<Point> points(Reader& reader, const std::vector<std::string>& roots, const std::optional<std::string>& after, std::size_t limit);
std::vector<Route> routes(Reader& reader, const std::vector<std::string>& roots, const std::optional<std::string>& after, std::size_t limit);
std::vector<Plan> plans(Reader& reader, const std::vector<std::string>& roots, const std::optional<std::string>& after, std::size_t limit);

void insert(Tx& tx, const Task& task);
void end(Tx& tx, const Task& task);
std::optional<Task> find_task(Reader& reader, const TaskId& id);
/// Whose rounds are wanted: the person's, and those of these posts at or below these paths.
struct Own {
  std::string person;
  std::vector<std::pair<PostId, std::string>> posts;
};
std::vector<Task> tasks(Reader& reader, const std::vector<std::string>& roots, const TaskFilter& filter, const std::optional<Own>& own);
void found_became(Tx& tx, const TaskId& id, const PointId& point, const std::string& case_id);
void missed_became(Tx& tx, const TaskId& id, const std::string& case_id);
/// The n-th point of the task, from 0.
void keep_check(Tx& tx, const TaskId& id, std::size_t n, const Check& check);
void rebase_rounds(Tx& tx, const std::string& from, const std::string& to);

}  // namespace lifang::rosters::store
