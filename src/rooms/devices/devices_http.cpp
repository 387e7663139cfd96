#include "rooms/devices/devices_http.hpp"

#include <algorithm>

#include "platform/http/routes.hpp"
#include "rooms/devices/devices_board.hpp"
#include "rooms/devices/devices_ready.hpp"
#include "rooms/devices/devices_store.hpp"

namespace lifang::devices {
namespace {

/// What a device's page shows beside what is stored: how it has behaved since the node started. Values: `suspect` out
/// of range, `late` behind a newer one, `repeated`; `refused`: values, messages, packets and attempts to come in of which
/// nothing was stored. What of it is kept over a restart stands among its refusals.
struct Condition {
  std::optional<Time> last_seen;
  bool connected = false;
  std::uint64_t messages = 0, suspect = 0, late = 0, repeated = 0, refused = 0;
  std::optional<Time> ahead;           ///< the instant of its newest reading, if that lies in the future: until then nothing is judged
  std::optional<std::string> note, note_en;  ///< the same as a sentence
};
BOOST_DESCRIBE_STRUCT(Condition, (), (last_seen, connected, messages, suspect, late, repeated, refused, ahead, note, note_en))

/// The answer to a PUT: the profile, and what of the active rules no longer fits.
struct KeptProfile : Profile {
  std::vector<std::string> warnings, warnings_zh;
};
BOOST_DESCRIBE_STRUCT(KeptProfile, (Profile), (warnings, warnings_zh))

struct DeviceView : Device {
  Condition condition;
};
BOOST_DESCRIBE_STRUCT(DeviceView, (Device), (condition))

Condition condition_of(const Devices& devices, const Below& below, const std::string& id) {
  Condition condition;
  const auto entry = devices.registry().find(id);
  if (!entry) return condition;
  const DeviceState& state = *entry->state;
  if (const auto seen = state.last_seen.load()) condition.last_seen = from_ms(seen);
  condition.connected = state.connections > 0;
  condition.messages = state.messages;
  condition.suspect = state.suspect;
  condition.late = state.late;
  condition.repeated = state.repeated;
  condition.refused = state.refused;
  condition.ahead = below.ahead ? below.ahead(entry->number) : std::nullopt;
  if (condition.ahead) {
    const std::string until = to_rfc3339(*condition.ahead);
    condition.note = "最新一条读数的时间在未来（" + until +
                     "）：在此之前，自带时间而比它早的读数只入历史，不参与判定（不带时间的照常判定），请校准设备或节点的时钟";
    condition.note_en = "its newest reading lies in the future (" + until +
                        "): until then what bears an earlier time goes to history only and is not judged (what bears "
                        "none is); set the clock of the device, or of the node, right";
  }
  return condition;
}

DeviceId device_id(const http::Call& call) {
  if (!is_client_id(call.id())) throw missing("devices.unknown", "no such device");
  return DeviceId{call.id()};
}

DeviceId new_device_id(const http::Call& call) {
  if (!is_client_id(call.id())) throw invalid("devices.bad_id", "/id", "letters, digits, '.', '_', '-', at most 64");
  return DeviceId{call.id()};
}

http::List<Device> list(Reader& reader, const http::Call& call) {
  Filter filter;
  filter.profile = call.query("profile");
  filter.tag = call.query("tag");
  filter.gateway = call.query("gateway");
  if (const auto place = call.query("place")) filter.place = places::Places::asked_for(reader, *place);
  filter.after = call.after();
  filter.limit = call.limit();
  http::List<Device> list{Devices::list(reader, call.caller, filter), {}, {}};
  if (list.items.size() == filter.limit) list.next = list.items.back().id.text;
  if (call.flag("count")) list.count = Devices::count(reader, call.caller, filter);
  return list;
}

http::List<Command> list_commands(Reader& reader, const http::Call& call) {
  CommandFilter filter;
  if (const auto device = call.query("device")) filter.device = DeviceId{*device};
  if (const auto state = call.query("state")) filter.state = read<CommandState>(boost::json::value(*state), "?state");
  filter.cause = call.query("cause");
  filter.after = call.after();
  filter.limit = call.limit();
  http::List<Command> list{Devices::list_commands(reader, call.caller, filter), {}, {}};
  if (list.items.size() == filter.limit) list.next = list.items.back().id.text;
  return list;
}

/// Beside the names that it was taken over with, those for whoever reads English.
struct NamedProfile : Profile {
  std::string name_en;
  std::vector<std::string> metrics_en;  ///< of the metrics, in their order
};
BOOST_DESCRIBE_STRUCT(NamedProfile, (Profile), (name_en, metrics_en))

NamedProfile named(Profile profile) {
  NamedProfile shown;
  static_cast<Profile&>(shown) = std::move(profile);
  shown.name_en = profile_name_in(Tongue::en, shown.id.text, shown.name);
  for (const Metric& m : shown.metrics) shown.metrics_en.push_back(metric_in(Tongue::en, shown.id.text, m.id, m.name.value_or(m.id)));
  return shown;
}

void add_profile_routes(http::Routes& routes, Devices& devices, const Below& below) {
  routes.get("/api/v1/devices/profiles", "devices.read", "Profiles", [](Reader& reader, const http::Call& call) {
    http::List<NamedProfile> list;
    for (Profile& profile : Devices::list_profiles(reader, call.after(), call.limit())) list.items.push_back(named(std::move(profile)));
    if (list.items.size() == call.limit()) list.next = list.items.back().id.text;
    return list;
  });
  routes.get("/api/v1/devices/profiles/{id}", "devices.read", "One profile", [](Reader& reader, const http::Call& call) {
    return named(Devices::get_profile(reader, ProfileId{call.id()}));
  });
  routes.put<ProfileWords>("/api/v1/devices/profiles/{id}", "devices.write", "Makes or changes a profile; `warnings`: active rules that stand on what changes",
                           [&devices, below](Tx& tx, const http::Call& call, const ProfileWords& words) {
                             const ProfileId id{new_device_id(call).text};
                             const auto before = store::find_profile(tx, id);
                             KeptProfile kept{devices.put_profile(tx, call.caller, id, words), {}, {}};
                             if (!before || !below.warnings) return kept;
                             Below::Warnings warnings = below.warnings(tx, *before, words);
                             kept.warnings = std::move(warnings.en);
                             kept.warnings_zh = std::move(warnings.zh);
                             return kept;
                           });
}

/// All of them, `after` by `after`: there are few.
template <class T>
http::List<T> page_of(std::vector<T> all, const http::Call& call) {
  http::List<T> list;
  if (call.flag("count")) list.count = static_cast<std::int64_t>(all.size());
  if (const auto after = call.after()) {
    const auto last = std::find_if(all.begin(), all.end(), [&](const T& t) { return t.id.text == *after; });
    all.erase(all.begin(), last == all.end() ? last : last + 1);
  }
  if (all.size() > call.limit()) {
    all.resize(call.limit());
    list.next = all.back().id.text;
  }
  list.items = std::move(all);
  return list;
}

void add_ready_routes(http::Routes& routes, Devices& devices) {
  routes.get("/api/v1/devices/ready", "devices.read", "Types of devices that the program brings along, and which of them stand here",
             [](Reader& reader, const http::Call& call) { return page_of(ready_profiles(reader), call); });
  routes.get("/api/v1/devices/ready/{id}", "devices.read", "One of them", [](Reader& reader, const http::Call& call) {
    auto found = ready_profile(reader, call.id());
    if (!found) throw missing("devices.unknown_profile", "the program brings no such type");
    return *found;
  });
  routes.post<AdoptWords>("/api/v1/devices/ready/adopt", "devices.write", "Takes ready-made types over: {ids,tongue,replace}",
                          [&devices](Tx& tx, const http::Call& call, const AdoptWords& words) {
                            return http::List<ReadyProfile>{adopt(tx, devices, call.caller, words), {}, {}};
                          });
}

void add_command_routes(http::Routes& routes, Devices& devices) {
  routes.get("/api/v1/devices/commands", "devices.read", "Commands, newest first: ?device= &state= &cause=", list_commands);
  routes.get("/api/v1/devices/commands/{id}", "devices.read", "One command", [](Reader& reader, const http::Call& call) {
    const auto command = Devices::find_command(reader, CommandId{call.id()});
    if (!command) throw missing("devices.unknown_command", "no such command");
    call.caller.must("devices.read", command->path);
    return *command;
  });
  routes.post<CommandWords>("/api/v1/devices/{id}/commands", "devices.command", "Sends a command to a device",
                            [&devices](Tx& tx, const http::Call& call, const CommandWords& words) {
                              return devices.command(tx, call.caller, device_id(call), words, "", std::chrono::minutes(1));
                            });
}

/// The number of a device that the caller may see.
std::uint32_t number_for(Reader& reader, const http::Call& call) {
  Devices::get(reader, call.caller, device_id(call));
  return *store::number_of_removed(reader, device_id(call));
}

void add_refusal_routes(http::Routes& routes) {
  routes.get("/api/v1/devices/{id}/refusals", "devices.read",
             "What of a device was not taken or not as it was said within 90 days, by reason, newest first",
             [](Reader& reader, const http::Call& call) {
               return http::List<RefusedFor>{Refusals::list(reader, number_for(reader, call)), {}, {}};
             });
  routes.get("/api/v1/devices/{id}/refusals/{reason}", "devices.read", "One reason, day by day",
             [](Reader& reader, const http::Call& call) {
               auto found = Refusals::find(reader, number_for(reader, call), call.path.at("reason"));
               if (!found) throw missing("devices.unknown_refusal", "the device was not refused for that");
               return *std::move(found);
             });
}

MaintenanceId window_id(const http::Call& call) {
  const std::string& id = call.path.at("window");
  if (!MaintenanceId::fits(id)) throw missing("devices.unknown_window", "no such maintenance window");
  return MaintenanceId{id};
}

void add_maintenance_routes(http::Routes& routes, Devices& devices) {
  routes.post<MaintenanceWords>("/api/v1/devices/{id}/maintenance", "devices.write", "Silences a device for a while",
                                [&devices](Tx& tx, const http::Call& call, const MaintenanceWords& words) {
                                  return devices.maintain(tx, call.caller, device_id(call), words);
                                });
  routes.get("/api/v1/devices/{id}/maintenance", "devices.read", "Maintenance windows of a device",
             [](Reader& reader, const http::Call& call) {
               Devices::get(reader, call.caller, device_id(call));
               return http::List<Maintenance>{Devices::maintenance_of(reader, device_id(call)), {}, {}};
             });
  routes.get("/api/v1/devices/{id}/maintenance/{window}", "devices.read", "One maintenance window",
             [](Reader& reader, const http::Call& call) {
               Devices::get(reader, call.caller, device_id(call));
               auto found = Devices::find_maintenance(reader, device_id(call), window_id(call));
               if (!found) throw missing("devices.unknown_window", "the device has no such maintenance window");
               return *std::move(found);
             });
  routes.post<http::Nothing>("/api/v1/devices/{id}/maintenance/{window}/end", "devices.write",
                             "Ends a maintenance window now; one that has not begun is withdrawn",
                             [&devices](Tx& tx, const http::Call& call, const http::Nothing&) {
                               return devices.end_maintenance(tx, call.caller, device_id(call), window_id(call));
                             });
}

}  // namespace

void add_routes(http::Routes& routes, Devices& devices, Below below) {
  add_profile_routes(routes, devices, below);
  add_ready_routes(routes, devices);
  routes.get("/api/v1/devices", "devices.read", "Devices: ?profile= &place= &tag= &gateway=", list);
  routes.get("/api/v1/devices/board", "devices.read", "How many devices stand at each place of a map: ?place= (a subtree)",
             [&devices](Reader& reader, const http::Call& call) {
               return http::List<PlaceCount>{board(reader, devices.registry(), call.caller, call.query("place")), {}, {}};
             });
  routes.get("/api/v1/devices/{id}", "devices.read", "One device, and how it has behaved since the node started",
             [&devices, below](Reader& reader, const http::Call& call) {
               return DeviceView{Devices::get(reader, call.caller, device_id(call)), condition_of(devices, below, call.id())};
             });
  routes.get("/api/v1/devices/{id}/condition", "devices.read", "How a device has behaved since the node started",
             [&devices, below](Reader& reader, const http::Call& call) {
               Devices::get(reader, call.caller, device_id(call));
               return condition_of(devices, below, call.id());
             });
  add_refusal_routes(routes);
  routes.put<DeviceWords>("/api/v1/devices/{id}", "devices.write", "Makes or describes a device",
                          [&devices](Tx& tx, const http::Call& call, const DeviceWords& words) {
                            return devices.put(tx, call.caller, new_device_id(call), words);
                          });
  routes.remove("/api/v1/devices/{id}", "devices.write", "Removes a device; its history stays",
                [&devices](Tx& tx, const http::Call& call) {
                  devices.remove(tx, call.caller, device_id(call));
                  return http::Nothing{};
                });
  routes.post<JsonObject>("/api/v1/devices/{id}/attributes", "devices.write", "Merges attributes; null removes one",
                          [&devices](Tx& tx, const http::Call& call, const JsonObject& changes) {
                            return devices.set_attributes(tx, call.caller, device_id(call), changes.text);
                          });
  add_maintenance_routes(routes, devices);
  add_command_routes(routes, devices);
}

}  // namespace lifang::devices
