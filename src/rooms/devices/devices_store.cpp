#include "rooms/devices/devices_store.hpp"

#include "base/reflect.hpp"

namespace lifang::devices::store {
namespace {

constexpr std::string_view kKeepProfile =
    "INSERT INTO devices_profiles (id, words) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET words = excluded.words";
constexpr std::string_view kFindProfile = "SELECT words FROM devices_profiles WHERE id = $1";
constexpr std::string_view kProfiles = "SELECT words FROM devices_profiles WHERE id > $1 ORDER BY id LIMIT $2";
constexpr std::string_view kMetrics = "SELECT name, number FROM devices_metrics";
constexpr std::string_view kAddMetric = "INSERT INTO devices_metrics (name, number) VALUES ($1, $2)";

#define LIFANG_DEVICE_COLUMNS                                                                                     \
  "id, number, profile, place, path, name, tags, gateway, secret, attributes, upkeep, created_at"
constexpr std::string_view kKeep =
    "INSERT INTO devices (" LIFANG_DEVICE_COLUMNS
    ", removed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, NULL) ON CONFLICT (id) DO UPDATE SET "
    "profile = excluded.profile, place = excluded.place, path = excluded.path, name = excluded.name, "
    "tags = excluded.tags, gateway = excluded.gateway, secret = excluded.secret, attributes = excluded.attributes, "
    "upkeep = excluded.upkeep, removed_at = NULL";
constexpr std::string_view kRemove = "UPDATE devices SET removed_at = $1, secret = '' WHERE id = $2";
constexpr std::string_view kFind = "SELECT " LIFANG_DEVICE_COLUMNS " FROM devices WHERE id = $1 AND removed_at IS NULL";
constexpr std::string_view kNumberOf = "SELECT number FROM devices WHERE id = $1";
constexpr std::string_view kLastNumber = "SELECT MAX(number) FROM devices";
constexpr std::string_view kEach = "SELECT " LIFANG_DEVICE_COLUMNS " FROM devices WHERE removed_at IS NULL";
constexpr std::string_view kOfProfile = "SELECT id FROM devices WHERE profile = $1 AND removed_at IS NULL";
constexpr std::string_view kRebase = "UPDATE devices SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4";
constexpr std::string_view kRebaseCommands =
    "UPDATE devices_commands SET path = $1 || substr(path, $2) WHERE path >= $3 AND path < $4";
constexpr std::string_view kBelow = "SELECT id FROM devices WHERE path >= $1 AND path < $2 AND removed_at IS NULL";

#define LIFANG_COMMAND_COLUMNS                                                                                    \
  "id, device, path, number, method, params, state, cause, by, asked_at, expires_at, sent_at, answered_at, result"
constexpr std::string_view kKeepCommand =
    "INSERT INTO devices_commands (" LIFANG_COMMAND_COLUMNS
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (id) DO UPDATE SET "
    "state = excluded.state, sent_at = excluded.sent_at, answered_at = excluded.answered_at, result = excluded.result";
constexpr std::string_view kFindCommand = "SELECT " LIFANG_COMMAND_COLUMNS " FROM devices_commands WHERE id = $1";
constexpr std::string_view kFindByNumber =
    "SELECT " LIFANG_COMMAND_COLUMNS " FROM devices_commands WHERE device = $1 AND number = $2";
constexpr std::string_view kLastCommand = "SELECT MAX(number) FROM devices_commands WHERE device = $1";
constexpr std::string_view kWaiting = "SELECT " LIFANG_COMMAND_COLUMNS
                                      " FROM devices_commands WHERE state IN ('waiting', 'sent') AND device = $1 ORDER BY number";
constexpr std::string_view kKeepMaintenance =
    "INSERT INTO devices_maintenance (id, device, begins, ends, reason, by) VALUES ($1, $2, $3, $4, $5, $6)";
#define LIFANG_MAINTENANCE_COLUMNS "id, device, begins, ends, reason, ended_at"
constexpr std::string_view kMaintenance =
    "SELECT " LIFANG_MAINTENANCE_COLUMNS " FROM devices_maintenance WHERE device = $1 ORDER BY ends DESC LIMIT 100";
constexpr std::string_view kFindMaintenance =
    "SELECT " LIFANG_MAINTENANCE_COLUMNS " FROM devices_maintenance WHERE device = $1 AND id = $2";
constexpr std::string_view kEndMaintenance =
    "UPDATE devices_maintenance SET ends = CASE WHEN begins > $1 THEN begins ELSE $1 END, ended_at = $1, ended_by = $2 "
    "WHERE device = $3 AND ends > $1 AND ended_at IS NULL AND ($4 = '' OR id = $4)";

Row row_of(const db::Row& r) {
  Row row;
  Device& d = row.device;
  d.id = r.get<DeviceId>(0);
  row.number = r.get<std::uint32_t>(1);
  d.profile = r.get<ProfileId>(2);
  d.place = r.get<places::PlaceId>(3);
  d.path = r.text(4);
  d.name = r.text(5);
  d.tags = from_json<std::vector<std::string>>(r.text(6));
  if (!r.text(7).empty()) d.gateway = r.get<DeviceId>(7);
  row.secret = r.text(8);
  d.attributes.text = r.text(9);
  d.upkeep = from_json<Upkeep>(r.text(10));
  d.created_at = r.time(11);
  return row;
}

Command command_of(const db::Row& r) {
  Command c;
  c.id = r.get<CommandId>(0);
  c.device = r.get<DeviceId>(1);
  c.path = r.text(2);
  c.number = r.integer(3);
  c.method = r.text(4);
  c.params.text = r.text(5);
  c.state = enum_of<CommandState>(r.text(6));
  c.cause = r.text(7);
  c.by = r.text(8);
  c.asked_at = r.time(9);
  c.expires_at = r.time(10);
  c.sent_at = r.get<std::optional<Time>>(11);
  c.answered_at = r.get<std::optional<Time>>(12);
  c.result = r.text(13);
  return c;
}

Maintenance maintenance_row(const db::Row& r) {
  return {r.get<MaintenanceId>(0),   r.get<DeviceId>(1), r.time(2), r.time(3),
          r.get<std::string>(4), r.get<std::optional<Time>>(5)};
}

std::string end_of(std::string path) {
  path.back() = '0';  // follows '/': everything below the path lies between
  return path;
}

db::Where where_of(const std::vector<std::string>& roots, const std::optional<std::string>& under, const Filter& filter) {
  db::Where where;
  where.plain("removed_at IS NULL").under("path", roots);
  if (under) where.under("path", {*under});
  where.maybe("profile = $", filter.profile).maybe("gateway = $", filter.gateway);
  if (filter.tag) where.add("tags LIKE '%' || $ || '%'", to_json(*filter.tag));
  return where;
}

}  // namespace

void keep_profile(Tx& tx, const Profile& profile) { tx.run(kKeepProfile, profile.id, to_json(profile)); }

std::optional<Profile> find_profile(Reader& reader, const ProfileId& id) {
  return reader.one(kFindProfile, [](const db::Row& r) { return from_json<Profile>(r.text(0)); }, id);
}

std::vector<Profile> profiles(Reader& reader, const std::string& after, std::size_t limit) {
  return reader.all(kProfiles, [](const db::Row& r) { return from_json<Profile>(r.text(0)); }, after, limit);
}

std::vector<std::pair<std::string, std::uint16_t>> metrics(Reader& reader) {
  return reader.all(kMetrics, [](const db::Row& r) { return std::pair{r.get<std::string>(0), r.get<std::uint16_t>(1)}; });
}
void add_metric(Tx& tx, const std::string& name, std::uint16_t number) { tx.run(kAddMetric, name, number); }

void keep(Tx& tx, const Row& row) {
  const Device& d = row.device;
  tx.run(kKeep, d.id, row.number, d.profile, d.place, d.path, d.name, to_json(d.tags), d.gateway ? d.gateway->text : "",
         row.secret, d.attributes.text, to_json(d.upkeep), d.created_at);
}
void remove(Tx& tx, const DeviceId& id) { tx.run(kRemove, tx.now(), id); }
std::optional<Row> find(Reader& reader, const DeviceId& id) { return reader.one(kFind, row_of, id); }
std::optional<std::uint32_t> number_of_removed(Reader& reader, const DeviceId& id) {
  return reader.value<std::uint32_t>(kNumberOf, id);
}
std::uint32_t last_number(Reader& reader) { return reader.value<std::uint32_t>(kLastNumber).value_or(0); }
void each(Reader& reader, const std::function<void(Row)>& fn) {
  reader.each(kEach, [&](const db::Row& r) { fn(row_of(r)); });
}
std::vector<std::string> of_profile(Reader& reader, const ProfileId& id) {
  return reader.all(kOfProfile, [](const db::Row& r) { return r.get<std::string>(0); }, id);
}

std::vector<Device> list(Reader& reader, const std::vector<std::string>& roots, const std::optional<std::string>& under,
                         const Filter& filter) {
  db::Where where = where_of(roots, under, filter);
  where.maybe("id > $", filter.after);
  const std::string limit = where.placeholder(filter.limit);
  std::vector<Device> devices;
  reader.each_of("SELECT " LIFANG_DEVICE_COLUMNS " FROM devices" + where.sql() + " ORDER BY id LIMIT " + limit,
                 where.params(), [&](const db::Row& r) { devices.push_back(row_of(r).device); });
  return devices;
}

std::int64_t count(Reader& reader, const std::vector<std::string>& roots, const std::optional<std::string>& under,
                   const Filter& filter) {
  const db::Where where = where_of(roots, under, filter);
  std::int64_t n = 0;
  reader.each_of("SELECT COUNT(*) FROM devices" + where.sql(), where.params(), [&](const db::Row& r) { n = r.integer(0); });
  return n;
}

void rebase(Tx& tx, const std::string& from, const std::string& to) {
  for (const auto sql : {kRebase, kRebaseCommands})
    tx.run(sql, to, static_cast<std::int64_t>(from.size()) + 1, from, end_of(from));
}

std::vector<std::string> below(Reader& reader, const std::string& path) {
  return reader.all(kBelow, [](const db::Row& r) { return r.get<std::string>(0); }, path, end_of(path));
}

void keep_command(Tx& tx, const Command& c) {
  tx.run(kKeepCommand, c.id, c.device, c.path, c.number, c.method, c.params.text, enum_name(c.state), c.cause, c.by,
         c.asked_at, c.expires_at, c.sent_at, c.answered_at, c.result);
}
std::optional<Command> find_command(Reader& reader, const CommandId& id) { return reader.one(kFindCommand, command_of, id); }
std::optional<Command> find_command(Reader& reader, const DeviceId& id, std::int64_t number) {
  return reader.one(kFindByNumber, command_of, id, number);
}
std::int64_t last_command_number(Reader& reader, const DeviceId& id) {
  return reader.value<std::int64_t>(kLastCommand, id).value_or(0);
}
std::vector<Command> commands(Reader& reader, const std::vector<std::string>& roots, const CommandFilter& filter) {
  db::Where where;
  where.under("path", roots).maybe("device = $", filter.device).maybe("cause = $", filter.cause).maybe("id < $", filter.after);
  if (filter.state) where.add("state = $", enum_name(*filter.state));
  const std::string limit = where.placeholder(filter.limit);
  std::vector<Command> commands;
  reader.each_of("SELECT " LIFANG_COMMAND_COLUMNS " FROM devices_commands" + where.sql() + " ORDER BY id DESC LIMIT " + limit,
                 where.params(), [&](const db::Row& r) { commands.push_back(command_of(r)); });
  return commands;
}
std::vector<Command> waiting(Reader& reader, const DeviceId& id) { return reader.all(kWaiting, command_of, id); }

void keep_maintenance(Tx& tx, const Maintenance& m, const std::string& by) {
  tx.run(kKeepMaintenance, m.id, m.device, m.begins, m.ends, m.reason, by);
}
std::vector<Maintenance> maintenance(Reader& reader, const DeviceId& id) {
  return reader.all(kMaintenance, maintenance_row, id);
}
std::optional<Maintenance> find_maintenance(Reader& reader, const DeviceId& id, const MaintenanceId& maintenance) {
  return reader.one(kFindMaintenance, maintenance_row, id, maintenance);
}
void end_maintenance(Tx& tx, const DeviceId& id, const std::string& by, const std::optional<MaintenanceId>& one) {
  tx.run(kEndMaintenance, tx.now(), by, id, one ? one->text : "");
}

}  // namespace lifang::devices::store
