// The values of the room devices: profiles, devices, commands, events.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/json_text.hpp"
#include "base/time.hpp"
#include "rooms/places/places.hpp"

namespace lifang::devices {

using ProfileId = Id<struct ProfileTag>;  ///< chosen by the client
using DeviceId = Id<struct DeviceTag>;    ///< chosen by the client
struct CommandTag {
  static constexpr std::string_view prefix = "command";
};
using CommandId = Id<CommandTag>;
struct MaintenanceTag {
  static constexpr std::string_view prefix = "maint";
};
using MaintenanceId = Id<MaintenanceTag>;

/// A numeric value that devices of a profile may say. A value outside min…max is suspect; each bound is a number
/// or `{"attribute":"capacity"}`, the attribute of the device that holds it.
struct Metric {
  std::string id;
  std::optional<std::string> name;  ///< as people read it, "PM2.5"
  std::optional<std::string> unit;
  std::optional<JsonAny> min, max;
};

struct CommandWord {
  std::string method;
  std::optional<JsonObject> params;  ///< an example, for forms and integrators
};

struct ProfileWords {
  std::string name;
  std::optional<std::vector<Metric>> metrics;
  std::optional<std::vector<CommandWord>> commands;
  std::optional<std::vector<std::string>> detections;  ///< kinds that it may see
  std::optional<Duration> silent_after;  ///< no word for so long is a situation of its own
};

struct Profile {
  ProfileId id;
  std::string name;
  std::vector<Metric> metrics;
  std::vector<CommandWord> commands;
  std::vector<std::string> detections;
  std::optional<Duration> silent_after;
};

/// Who paid for it, who runs it, who repairs it (seed: modes of investment; idle devices).
struct Upkeep {
  std::optional<std::string> investor, operator_, maintainer;
  std::optional<Time> installed_at;
  std::optional<std::int64_t> cost_fen;
};

struct DeviceWords {
  ProfileId profile;
  places::PlaceId place;
  std::optional<std::string> name;
  std::optional<std::vector<std::string>> tags;
  std::optional<std::string> secret;   ///< 8 to 128 printable characters
  std::optional<OrNull<DeviceId>> gateway;  ///< the device that may speak for it; null takes that away
  std::optional<JsonObject> attributes;
  std::optional<Upkeep> upkeep;
};

struct Device {
  DeviceId id;
  ProfileId profile;
  places::PlaceId place;
  std::string path;
  std::string name;
  std::vector<std::string> tags;
  std::optional<DeviceId> gateway;
  JsonObject attributes;
  Upkeep upkeep;
  Time created_at;
};

/// The answer to a PUT: the device, and its secret if one was made now.
struct Kept {
  DeviceId id;
  ProfileId profile;
  places::PlaceId place;
  std::string path;
  std::string name;
  std::vector<std::string> tags;
  std::optional<DeviceId> gateway;
  JsonObject attributes;
  Upkeep upkeep;
  Time created_at;
  std::optional<std::string> secret;
  bool secret_shared = false;  ///< another device has this secret: as an access token it opens neither, only with the id
};

enum class CommandState { waiting, sent, answered, failed, expired };

struct CommandWords {
  std::string method;
  std::optional<JsonObject> params;
};

struct Command {
  CommandId id;
  DeviceId device;
  std::string path;
  std::int64_t number = 0;  ///< the request id on the wire, counting up
  std::string method;
  JsonObject params;
  CommandState state = CommandState::waiting;
  std::string cause;
  std::string by;
  Time asked_at;
  Time expires_at;
  std::optional<Time> sent_at;
  std::optional<Time> answered_at;
  std::string result;  ///< JSON text of the device's answer, empty before
};

struct MaintenanceWords {
  Time begins;
  Time ends;
  std::string reason;
};

struct Maintenance {
  MaintenanceId id;
  DeviceId device;
  Time begins;
  Time ends;
  std::string reason;
  std::optional<Time> ended_at;  ///< by somebody, before its time; `ends` equal to `begins`: withdrawn, it silenced nothing
};

struct DeviceKept {
  static constexpr std::string_view topic = "devices.kept";
  DeviceId device;
};
struct DeviceRemoved {
  static constexpr std::string_view topic = "devices.removed";
  DeviceId device;
};
struct ProfileKept {
  static constexpr std::string_view topic = "devices.profile_kept";
  ProfileId profile;
  std::optional<bool> silence_changed;  ///< whether `silent_after` is another than before
};
struct AttributesChanged {
  static constexpr std::string_view topic = "devices.attributes_changed";
  DeviceId device;
  bool by_device = false;
};
struct Commanded {
  static constexpr std::string_view topic = "devices.commanded";
  CommandId command;
  DeviceId device;
};
/// A command came to its end: answered by the device, refused by it, or expired.
struct Answered {
  static constexpr std::string_view topic = "devices.answered";
  CommandId command;
  DeviceId device;
  CommandState state = CommandState::answered;
};
struct MaintenanceSet {
  static constexpr std::string_view topic = "devices.maintenance_set";
  DeviceId device;
  MaintenanceId maintenance;
};
/// Somebody ended it before its time, or withdrew it before it began.
struct MaintenanceEnded {
  static constexpr std::string_view topic = "devices.maintenance_ended";
  DeviceId device;
  MaintenanceId maintenance;
};

BOOST_DESCRIBE_ENUM(CommandState, waiting, sent, answered, failed, expired)
BOOST_DESCRIBE_STRUCT(Metric, (), (id, name, unit, min, max))
BOOST_DESCRIBE_STRUCT(CommandWord, (), (method, params))
BOOST_DESCRIBE_STRUCT(ProfileWords, (), (name, metrics, commands, detections, silent_after))
BOOST_DESCRIBE_STRUCT(Profile, (), (id, name, metrics, commands, detections, silent_after))
BOOST_DESCRIBE_STRUCT(Upkeep, (), (investor, operator_, maintainer, installed_at, cost_fen))
BOOST_DESCRIBE_STRUCT(DeviceWords, (), (profile, place, name, tags, secret, gateway, attributes, upkeep))
BOOST_DESCRIBE_STRUCT(Device, (), (id, profile, place, path, name, tags, gateway, attributes, upkeep, created_at))
BOOST_DESCRIBE_STRUCT(Kept, (),
                      (id, profile, place, path, name, tags, gateway, attributes, upkeep, created_at, secret, secret_shared))
BOOST_DESCRIBE_STRUCT(CommandWords, (), (method, params))
BOOST_DESCRIBE_STRUCT(Command, (),
                      (id, device, path, number, method, params, state, cause, by, asked_at, expires_at, sent_at,
                       answered_at, result))
BOOST_DESCRIBE_STRUCT(MaintenanceWords, (), (begins, ends, reason))
BOOST_DESCRIBE_STRUCT(Maintenance, (), (id, device, begins, ends, reason, ended_at))
BOOST_DESCRIBE_STRUCT(DeviceKept, (), (device))
BOOST_DESCRIBE_STRUCT(DeviceRemoved, (), (device))
BOOST_DESCRIBE_STRUCT(ProfileKept, (), (profile, silence_changed))
BOOST_DESCRIBE_STRUCT(AttributesChanged, (), (device, by_device))
BOOST_DESCRIBE_STRUCT(Commanded, (), (command, device))
BOOST_DESCRIBE_STRUCT(Answered, (), (command, device, state))
BOOST_DESCRIBE_STRUCT(MaintenanceSet, (), (device, maintenance))
BOOST_DESCRIBE_STRUCT(MaintenanceEnded, (), (device, maintenance))

}  // namespace lifang::devices
