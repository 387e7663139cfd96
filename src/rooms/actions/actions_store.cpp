#include "rooms/actions/actions_store.hpp"

#include "base/members.hpp"

namespace lifang::actions::store {
namespace {

#define LIFANG_ACTION_COLUMNS                                                                                     \
  "id, situation, rule, version, step, device, path, method, state, reason, command, release, at, held_since, "   \
  "fresh_at, ended_at, released_by"
constexpr std::string_view kKeep =
    "INSERT INTO actions (" LIFANG_ACTION_COLUMNS
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ON CONFLICT (id) DO UPDATE SET "
    "state = excluded.state, reason = excluded.reason, command = excluded.command, release = excluded.release, "
    "held_since = excluded.held_since, fresh_at = excluded.fresh_at, ended_at = excluded.ended_at, "
    "released_by = excluded.released_by";
constexpr std::string_view kFind = "SELECT " LIFANG_ACTION_COLUMNS " FROM actions WHERE id = $1";
constexpr std::string_view kByCommand = "SELECT " LIFANG_ACTION_COLUMNS " FROM actions WHERE command = $1";
constexpr std::string_view kByRelease = "SELECT " LIFANG_ACTION_COLUMNS " FROM actions WHERE release = $1";
constexpr std::string_view kOfSituation = "SELECT " LIFANG_ACTION_COLUMNS " FROM actions WHERE situation = $1 ORDER BY id";
constexpr std::string_view kRebase = "UPDATE actions SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4";

Action action_of(const db::Row& r) {
  Action a;
  a.id = r.get<ActionId>(0);
  a.situation = r.get<situations::SituationId>(1);
  a.rule = r.get<rules::RuleId>(2);
  a.version = r.integer(3);
  a.step = r.integer(4);
  a.device = r.get<devices::DeviceId>(5);
  a.path = r.text(6);
  a.method = r.text(7);
  a.state = enum_of<State>(r.text(8));
  a.reason = r.text(9);
  if (!r.text(10).empty()) a.command = r.get<devices::CommandId>(10);
  if (!r.text(11).empty()) a.release = r.get<devices::CommandId>(11);
  a.at = r.time(12);
  a.held_since = r.get<std::optional<Time>>(13);
  a.fresh_at = r.get<std::optional<Time>>(14);
  a.ended_at = r.get<std::optional<Time>>(15);
  if (!r.text(16).empty()) a.released_by = r.get<std::string>(16);
  return a;
}

}  // namespace

void keep(Tx& tx, const Action& a) {
  tx.run(kKeep, a.id, a.situation, a.rule, a.version, a.step, a.device, a.path, a.method, enum_name(a.state), a.reason,
         a.command ? a.command->text : "", a.release ? a.release->text : "", a.at, a.held_since, a.fresh_at, a.ended_at,
         a.released_by.value_or(""));
}
std::optional<Action> find(Reader& reader, const ActionId& id) { return reader.one(kFind, action_of, id); }
std::optional<Action> by_command(Reader& reader, const devices::CommandId& command) {
  return reader.one(kByCommand, action_of, command);
}
std::optional<Action> by_release(Reader& reader, const devices::CommandId& command) {
  return reader.one(kByRelease, action_of, command);
}
std::vector<Action> of_situation(Reader& reader, const situations::SituationId& situation) {
  return reader.all(kOfSituation, action_of, situation);
}
std::vector<Action> list(Reader& reader, const std::vector<std::string>& roots, const Filter& filter) {
  db::Where where;
  where.under("path", roots).maybe("situation = $", filter.situation).maybe("device = $", filter.device);
  where.maybe("id < $", filter.after);
  if (filter.state) where.add("state = $", enum_name(*filter.state));
  const std::string limit = where.placeholder(filter.limit);
  std::vector<Action> list;
  reader.each_of("SELECT " LIFANG_ACTION_COLUMNS " FROM actions" + where.sql() + " ORDER BY id DESC LIMIT " + limit,
                 where.params(), [&](const db::Row& r) { list.push_back(action_of(r)); });
  return list;
}
void rebase(Tx& tx, const std::string& from, const std::string& to) {
  std::string end = from;
  end.back() = '0';  // follows '/': everything below `from` lies between
  tx.run(kRebase, to, static_cast<std::int64_t>(from.size()) + 1, from, end);
}

}  // namespace lifang::actions::store
