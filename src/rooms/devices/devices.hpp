// Devices: what stands where, what it can say and do, and how it proves who it is. The door of the room.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/secret.hpp"
#include "platform/bus/bus.hpp"
#include "platform/db/tx.hpp"
#include "platform/jobs/jobs.hpp"
#include "rooms/devices/devices_refusals.hpp"
#include "rooms/devices/devices_registry.hpp"
#include "rooms/devices/devices_values.hpp"
#include "rooms/places/places.hpp"

namespace lifang::devices {

struct Filter {
  std::optional<std::string> profile, tag, gateway;
  std::optional<places::PlaceId> place;  ///< the subtree
  std::optional<std::string> after;      ///< id of the last one seen
  std::size_t limit = 50;
};

struct CommandFilter {
  std::optional<DeviceId> device;
  std::optional<CommandState> state;
  std::optional<std::string> cause;
  std::optional<std::string> after;  ///< id of the last one seen; newest first
  std::size_t limit = 50;
};

class Devices {
 public:
  /// `offset_minutes`: the district's zone, in which the days of refusals begin.
  Devices(bus::Bus& bus, jobs::Jobs& jobs, const Vault& vault, int offset_minutes = 480);

  /// Reads the registry from the tables; the lane is opening.
  void open(Tx& tx);
  /// The memory that the porch and the rules look into. Safe from any thread.
  const Registry& registry() const { return registry_; }
  Registry& registry() { return registry_; }
  /// What was not taken of whom, and why. Safe from any thread.
  Refusals& refusals() { return refusals_; }

  /// Makes it or describes it anew; its devices follow after the commit. Right `devices.write` everywhere ("/"):
  /// profiles belong to the whole node. @throws Refusal invalid devices.bad_profile at the leaf to blame
  Profile put_profile(Tx& tx, const Caller& caller, const ProfileId& id, const ProfileWords& words);
  /// @throws Refusal missing devices.unknown_profile
  static Profile get_profile(Reader& reader, const ProfileId& id);
  /// In order of id, those behind `after`, at most `limit`.
  static std::vector<Profile> list_profiles(Reader& reader, std::optional<std::string> after, std::size_t limit);

  /// Makes or describes anew; right `devices.write` over its place. Without a secret in the words a new device
  /// gets one, which the answer holds this once; an old device keeps what it has.
  /// @throws Refusal places.unknown, devices.unknown_profile, devices.bad_gateway, devices.bad_secret
  Kept put(Tx& tx, const Caller& caller, const DeviceId& id, const DeviceWords& words);
  /// Its history stays; it may speak no more, and its maintenance windows end. Right `devices.write` over its place.
  /// @throws Refusal devices.unknown
  void remove(Tx& tx, const Caller& caller, const DeviceId& id);
  /// For rooms, whoever may see it; nullopt also for one that was removed.
  static std::optional<Device> find(Reader& reader, const DeviceId& id);
  /// Right `devices.read` over its place. @throws Refusal missing devices.unknown, access.not_here
  static Device get(Reader& reader, const Caller& caller, const DeviceId& id);
  /// Those in the caller's places, in order of id; an unknown `filter.place` holds none.
  static std::vector<Device> list(Reader& reader, const Caller& caller, const Filter& filter);
  /// How many list() would give without `after` and `limit`.
  static std::int64_t count(Reader& reader, const Caller& caller, const Filter& filter);

  /// Merges `changes` (a JSON object; null removes) into the attributes, by the server (right `devices.write`) or by the
  /// device itself (account "device:ID"). What the server changes is pushed to the device.
  /// @throws Refusal devices.unknown, invalid devices.bad_attributes (no object, or over 16 KiB in all)
  Device set_attributes(Tx& tx, const Caller& caller, const DeviceId& id, const std::string& changes);

  /// Puts a command on its way; it is sent when the device listens and expires after `patience`.
  /// @throws Refusal devices.unknown_command if the profile has none of that name
  Command command(Tx& tx, const Caller& caller, const DeviceId& id, const CommandWords& words, const std::string& cause,
                  Duration patience);
  /// For rooms; whoever answers people looks at its path.
  static std::optional<Command> find_command(Reader& reader, const CommandId& id);
  /// Those of the caller's places (`devices.read`), newest first.
  static std::vector<Command> list_commands(Reader& reader, const Caller& caller, const CommandFilter& filter);
  /// What waits for a device, oldest first: the porch sends it when the device subscribes.
  static std::vector<Command> waiting_for(Reader& reader, const DeviceId& id);
  /// It was handed to a connection of the device; a command that no longer waits stays as it is.
  void sent(Tx& tx, const CommandId& id);
  /// The device's answer to its request `number`; unknown or late answers change nothing and say so.
  bool answered(Tx& tx, const DeviceId& id, std::int64_t number, const std::string& result);

  /// Silences situations of the device without losing them. Right `devices.write`.
  /// @throws Refusal invalid devices.bad_window (ends not after begins, no reason)
  Maintenance maintain(Tx& tx, const Caller& caller, const DeviceId& id, const MaintenanceWords& words);
  /// Ends it now; before its beginning that withdraws it. Right `devices.write`.
  /// @throws Refusal missing devices.unknown_window, conflict devices.window_over
  Maintenance end_maintenance(Tx& tx, const Caller& caller, const DeviceId& id, const MaintenanceId& maintenance);
  /// Those of the device, the latest end first, at most 100.
  static std::vector<Maintenance> maintenance_of(Reader& reader, const DeviceId& id);
  static std::optional<Maintenance> find_maintenance(Reader& reader, const DeviceId& id,
                                                     const MaintenanceId& maintenance);

  /// Hears `places.moved`: paths below `from` begin with `to` from now on.
  void place_moved(Tx& tx, const std::string& from, const std::string& to);

 private:
  std::uint16_t number_of(Tx& tx, const std::string& metric);
  std::uint32_t next_number(Tx& tx);
  void publish(Tx& tx, const Device& device, std::uint32_t number, const std::string& secret);
  std::string digest(std::string_view secret) const;
  void end_command(Tx& tx, const Command& command, CommandState state, const std::string& result);

  bus::Bus& bus_;
  jobs::Jobs& jobs_;
  const Vault& vault_;
  Registry registry_;
  Refusals refusals_;
};

}  // namespace lifang::devices
