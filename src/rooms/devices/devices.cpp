#include "rooms/devices/devices.hpp"

#include "base/check.hpp"
#include "base/reflect.hpp"
#include "platform/bus/typed.hpp"
#include "rooms/devices/devices_rules.hpp"
#include "rooms/devices/devices_store.hpp"

namespace lifang::devices {
namespace {

constexpr const char* kExpire = "devices.command_expires";
constexpr const char* kSweep = "devices.refusals_sweep";

std::shared_ptr<DeviceEntry> entry_of(const Device& device, std::uint32_t number, const std::string& secret,
                                      std::shared_ptr<const ProfileEntry> profile) {
  auto entry = std::make_shared<DeviceEntry>();
  entry->id = device.id.text;
  entry->name = device.name;
  entry->number = number;
  entry->place = device.place.text;
  entry->path = device.path;
  entry->tags = device.tags;
  entry->gateway = device.gateway ? device.gateway->text : "";
  entry->secret = secret;
  entry->profile = std::move(profile);
  entry->attributes = numbers_in(device.attributes);
  return entry;
}

}  // namespace

Devices::Devices(bus::Bus& bus, jobs::Jobs& jobs, const Vault& vault, int offset_minutes)
    : bus_(bus), jobs_(jobs), vault_(vault), refusals_(offset_minutes) {
  jobs_.every(kSweep, std::chrono::hours(24), [this](Tx& tx, const jobs::Job&) { refusals_.sweep(tx); });
  jobs_.on(kExpire, [this](Tx& tx, const jobs::Job& job) {
    const auto command = store::find_command(tx, CommandId{job.name});
    if (command && (command->state == CommandState::waiting || command->state == CommandState::sent))
      end_command(tx, *command, CommandState::expired, "");
  });
}

void Devices::open(Tx& tx) {
  for (const auto& [name, number] : store::metrics(tx)) registry_.keep_metric(name, number);
  for (std::string after;;) {
    const auto page = store::profiles(tx, after, 500);
    for (const Profile& profile : page)
      registry_.keep(devices::entry_of(profile, 1, [&](const std::string& name) { return number_of(tx, name); }));
    if (page.size() < 500) break;
    after = page.back().id.text;
  }
  store::each(tx, [&](store::Row row) {
    registry_.keep(entry_of(row.device, row.number, row.secret, registry_.profile(row.device.profile.text)));
  });
}

std::string Devices::digest(std::string_view secret) const { return vault_.blind_index("devices.secret", secret); }

std::uint16_t Devices::number_of(Tx& tx, const std::string& metric) {
  std::uint16_t highest = 0;
  for (const auto& [name, number] : store::metrics(tx)) {
    if (name == metric) return number;
    highest = std::max(highest, number);
  }
  if (highest == 0xfffe) throw invalid("devices.bad_profile", "/metrics", "this node knows 65,534 metrics already");
  const auto number = static_cast<std::uint16_t>(highest + 1);
  store::add_metric(tx, metric, number);
  tx.after_commit([this, metric, number] { registry_.keep_metric(metric, number); });
  return number;
}

Profile Devices::put_profile(Tx& tx, const Caller& caller, const ProfileId& id, const ProfileWords& words) {
  caller.must("devices.write", "/");
  check_words(words);
  const Profile profile{id,
                        words.name,
                        words.metrics.value_or(std::vector<Metric>{}),
                        words.commands.value_or(std::vector<CommandWord>{}),
                        words.detections.value_or(std::vector<std::string>{}),
                        words.silent_after};
  const auto was = store::find_profile(tx, id);
  check_new_metrics(profile.metrics, was ? was->metrics : std::vector<Metric>{});
  store::keep_profile(tx, profile);
  const auto before = registry_.profile(id.text);
  const auto entry = devices::entry_of(profile, before ? before->revision + 1 : 1,
                                       [&](const std::string& name) { return number_of(tx, name); });
  std::vector<store::Row> rows;
  if (before)
    for (const std::string& device : store::of_profile(tx, id)) rows.push_back(*store::find(tx, DeviceId{device}));
  tx.after_commit([this, entry, rows] {
    registry_.keep(entry);
    for (const store::Row& row : rows) registry_.keep(entry_of(row.device, row.number, row.secret, entry));
  });
  bus::tell(bus_, tx, ProfileKept{id, (was ? was->silent_after : std::nullopt) != profile.silent_after}, {id.text, "/", {}, caller.account});
  return profile;
}

Profile Devices::get_profile(Reader& reader, const ProfileId& id) {
  auto profile = store::find_profile(reader, id);
  if (!profile) throw missing("devices.unknown_profile", "no such profile");
  return *std::move(profile);
}

std::vector<Profile> Devices::list_profiles(Reader& reader, std::optional<std::string> after, std::size_t limit) {
  return store::profiles(reader, after.value_or(""), limit);
}

Kept Devices::put(Tx& tx, const Caller& caller, const DeviceId& id, const DeviceWords& words) {
  check_words(words);
  const std::string path = places::Places::path_of(tx, words.place);
  caller.must("devices.write", path);
  if (!store::find_profile(tx, words.profile)) throw invalid("devices.unknown_profile", "/profile", "no such profile");
  const std::optional<DeviceId> gateway = words.gateway ? std::optional<DeviceId>(*words.gateway) : std::nullopt;
  if (gateway && (*gateway == id || !store::find(tx, *gateway)))
    throw invalid("devices.bad_gateway", "/gateway", "the id of another device");
  auto row = store::find(tx, id);
  if (row) caller.must("devices.write", row->device.path);
  const Device before = row ? row->device : Device{};
  std::optional<std::string> made;
  if (!row && !words.secret) made = make_token(tx.ids(), "");
  if (!row) {
    const auto old = store::number_of_removed(tx, id);
    row = store::Row{{}, old ? *old : store::last_number(tx) + 1, {}};
    row->device.created_at = tx.now();
    store::end_maintenance(tx, id, caller.account);  // windows of one that was removed before removing ended them
  }
  Device& device = row->device;
  device.id = id;
  device.profile = words.profile;
  device.place = words.place;
  device.path = path;
  device.name = words.name.value_or(before.name.empty() ? id.text : before.name);
  device.tags = words.tags.value_or(before.tags);
  device.gateway = words.gateway ? gateway : before.gateway;
  device.attributes = words.attributes.value_or(before.attributes);
  device.upkeep = words.upkeep.value_or(before.upkeep);
  if (words.secret || made) row->secret = digest(words.secret ? *words.secret : *made);
  store::keep(tx, *row);
  publish(tx, device, row->number, row->secret);
  bus::tell(bus_, tx, DeviceKept{id}, {id.text, path, {}, caller.account});
  if (!before.id.text.empty() && before.attributes.text != device.attributes.text)
    bus::tell(bus_, tx, AttributesChanged{id, false}, {id.text, path, {}, caller.account});
  return {device.id,      device.profile,    device.place,  device.path,       device.name, device.tags,
          device.gateway, device.attributes, device.upkeep, device.created_at, made,
          registry_.shares_secret(row->secret, id.text)};
}

void Devices::publish(Tx& tx, const Device& device, std::uint32_t number, const std::string& secret) {
  tx.after_commit([this, device, number, secret] {
    registry_.keep(entry_of(device, number, secret, registry_.profile(device.profile.text)));
  });
}

void Devices::remove(Tx& tx, const Caller& caller, const DeviceId& id) {
  const Device device = get(tx, caller, id);
  caller.must("devices.write", device.path);
  store::remove(tx, id);
  store::end_maintenance(tx, id, caller.account);
  tx.after_commit([this, id] { registry_.remove(id.text); });
  bus::tell(bus_, tx, DeviceRemoved{id}, {id.text, device.path, {}, caller.account});
}

std::optional<Device> Devices::find(Reader& reader, const DeviceId& id) {
  auto row = store::find(reader, id);
  if (!row) return std::nullopt;
  return std::move(row->device);
}

Device Devices::get(Reader& reader, const Caller& caller, const DeviceId& id) {
  auto device = find(reader, id);
  if (!device) throw missing("devices.unknown", "no such device");
  caller.must("devices.read", device->path);
  return *std::move(device);
}

namespace {

std::optional<std::string> subtree(Reader& reader, const Filter& filter) {
  if (!filter.place) return std::nullopt;
  const auto place = places::Places::find(reader, *filter.place);
  return place ? place->path : "/-/";  // no path begins so: an unknown place holds nothing
}

}  // namespace

std::vector<Device> Devices::list(Reader& reader, const Caller& caller, const Filter& filter) {
  return store::list(reader, caller.paths("devices.read"), subtree(reader, filter), filter);
}

std::int64_t Devices::count(Reader& reader, const Caller& caller, const Filter& filter) {
  return store::count(reader, caller.paths("devices.read"), subtree(reader, filter), filter);
}

Device Devices::set_attributes(Tx& tx, const Caller& caller, const DeviceId& id, const std::string& changes) {
  auto row = store::find(tx, id);
  if (!row) throw missing("devices.unknown", "no such device");
  const bool by_device = caller.account == "device:" + id.text;
  if (!by_device) caller.must("devices.write", row->device.path);
  row->device.attributes = merged(row->device.attributes, changes);
  store::keep(tx, *row);
  publish(tx, row->device, row->number, row->secret);
  bus::tell(bus_, tx, AttributesChanged{id, by_device},
            {id.text, row->device.path, {}, by_device ? "" : caller.account});
  return row->device;
}

Command Devices::command(Tx& tx, const Caller& caller, const DeviceId& id, const CommandWords& words,
                         const std::string& cause, Duration patience) {
  const auto row = store::find(tx, id);
  if (!row) throw missing("devices.unknown", "no such device");
  caller.must("devices.command", row->device.path);
  const Profile profile = get_profile(tx, row->device.profile);
  bool known = false;
  for (const CommandWord& word : profile.commands) known = known || word.method == words.method;
  if (!known) throw invalid("devices.unknown_command", "/method", "the device's profile has no such command");
  Command command;
  command.id = CommandId::make(tx.ids());
  command.device = id;
  command.path = row->device.path;
  command.number = store::last_command_number(tx, id) + 1;
  command.method = words.method;
  command.params = words.params.value_or(JsonObject{});
  command.cause = cause;
  command.by = caller.account;
  command.asked_at = tx.now();
  command.expires_at = tx.now() + patience;
  store::keep_command(tx, command);
  jobs_.at(tx, kExpire, command.id.text, command.expires_at);
  bus::tell(bus_, tx, Commanded{command.id, id},
            {command.id.text, command.path, cause, caller.account == "system" ? "" : caller.account});
  return command;
}

std::optional<Command> Devices::find_command(Reader& reader, const CommandId& id) { return store::find_command(reader, id); }

std::vector<Command> Devices::list_commands(Reader& reader, const Caller& caller, const CommandFilter& filter) {
  return store::commands(reader, caller.paths("devices.read"), filter);
}

std::vector<Command> Devices::waiting_for(Reader& reader, const DeviceId& id) { return store::waiting(reader, id); }

void Devices::sent(Tx& tx, const CommandId& id) {
  auto command = store::find_command(tx, id);
  if (!command || command->state != CommandState::waiting) return;
  command->state = CommandState::sent;
  command->sent_at = tx.now();
  store::keep_command(tx, *command);
}

bool Devices::answered(Tx& tx, const DeviceId& id, std::int64_t number, const std::string& result) {
  const auto command = store::find_command(tx, id, number);
  if (!command || (command->state != CommandState::waiting && command->state != CommandState::sent)) return false;
  const auto parsed = parse_json(result.empty() ? "null" : result);
  // A device says that it could not by {"error":…}; anything else is an answer.
  const bool failed = parsed.is_object() && parsed.get_object().contains("error");
  end_command(tx, *command, failed ? CommandState::failed : CommandState::answered, result);
  return true;
}

void Devices::end_command(Tx& tx, const Command& command, CommandState state, const std::string& result) {
  Command ended = command;
  ended.state = state;
  ended.answered_at = tx.now();
  ended.result = result;
  store::keep_command(tx, ended);
  jobs_.cancel(tx, kExpire, command.id.text);
  bus::tell(bus_, tx, Answered{command.id, command.device, state}, {command.id.text, command.path, command.cause, {}});
}

Maintenance Devices::maintain(Tx& tx, const Caller& caller, const DeviceId& id, const MaintenanceWords& words) {
  const Device device = get(tx, caller, id);
  caller.must("devices.write", device.path);
  if (words.ends <= words.begins) throw invalid("devices.bad_window", "/ends", "after begins");
  if (words.reason.empty()) throw invalid("devices.bad_window", "/reason", "say why");
  const Maintenance maintenance{MaintenanceId::make(tx.ids()), id, words.begins, words.ends, words.reason, {}};
  store::keep_maintenance(tx, maintenance, caller.account);
  bus::tell(bus_, tx, MaintenanceSet{id, maintenance.id}, {id.text, device.path, {}, caller.account});
  return maintenance;
}

Maintenance Devices::end_maintenance(Tx& tx, const Caller& caller, const DeviceId& id,
                                     const MaintenanceId& maintenance) {
  const Device device = get(tx, caller, id);
  caller.must("devices.write", device.path);
  const auto window = store::find_maintenance(tx, id, maintenance);
  if (!window) throw missing("devices.unknown_window", "the device has no such maintenance window");
  if (window->ended_at || window->ends <= tx.now())
    throw conflict("devices.window_over", "this maintenance is over already");
  store::end_maintenance(tx, id, caller.account, maintenance);
  bus::tell(bus_, tx, MaintenanceEnded{id, maintenance}, {id.text, device.path, {}, caller.account});
  return *store::find_maintenance(tx, id, maintenance);
}

std::optional<Maintenance> Devices::find_maintenance(Reader& reader, const DeviceId& id,
                                                     const MaintenanceId& maintenance) {
  return store::find_maintenance(reader, id, maintenance);
}

std::vector<Maintenance> Devices::maintenance_of(Reader& reader, const DeviceId& id) {
  return store::maintenance(reader, id);
}

void Devices::place_moved(Tx& tx, const std::string& from, const std::string& to) {
  store::rebase(tx, from, to);
  for (const std::string& id : store::below(tx, to)) {
    const auto row = store::find(tx, DeviceId{id});
    publish(tx, row->device, row->number, row->secret);
  }
}

}  // namespace lifang::devices
