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
  Devices(bus::Bus& bus, jobs::Jobs& jobs, const Vault& vault);

  /// Reads the registry from the tables; the lane is opening.
  void open(Tx& tx);
  /// The memory that the porch and the rules look into. Safe from any thread.
  const Registry& registry() const { return registry_; }
  Registry& registry() { return registry_; }

  /// Right `devices.write` everywhere ("/"): profiles belong to the whole node.
  Profile put_profile(Tx& tx, const Caller& caller, const ProfileId& id, const ProfileWords& words);
  static Profile get_profile(Reader& reader, const ProfileId& id);
  static std::vector<Profile> list_profiles(Reader& reader, std::optional<std::string> after, std::size_t limit);

  /// Makes or describes anew; right `devices.write` over its place. Without a secret in the words a new device
  /// gets one, which the answer holds this once; an old device keeps what it has.
  Kept put(Tx& tx, const Caller& caller, const DeviceId& id, const DeviceWords& words);
  /// Its history stays; it may speak no more.
  void remove(Tx& tx, const Caller& caller, const DeviceId& id);
  static std::optional<Device> find(Reader& reader, const DeviceId& id);
  static Device get(Reader& reader, const Caller& caller, const DeviceId& id);
  static std::vector<Device> list(Reader& reader, const Caller& caller, const Filter& filter);
  static std::int64_t count(Reader& reader, const Caller& caller, const Filter& filter);

  /// Merges `changes` (a JSON object; null removes) into the attributes, by the server or by the device itself.
  Device set_attributes(Tx& tx, const Caller& caller, const DeviceId& id, const std::string& changes);

  /// Puts a command on its way; it is sent when the device listens and expires after `patience`.
  /// @throws Refusal devices.unknown_command if the profile has none of that name
  Command command(Tx& tx, const Caller& caller, const DeviceId& id, const CommandWords& words, const std::string& cause,
                  Duration patience);
  static std::optional<Command> find_command(Reader& reader, const CommandId& id);
  static std::vector<Command> list_commands(Reader& reader, const Caller& caller, const CommandFilter& filter);
  /// What waits for a device, oldest first: the porch sends it when the device subscribes.
  static std::vector<Command> waiting_for(Reader& reader, const DeviceId& id);
  void sent(Tx& tx, const CommandId& id);
  /// The device's answer to its request `number`; unknown or late answers change nothing and say so.
  bool answered(Tx& tx, const DeviceId& id, std::int64_t number, const std::string& result);

  /// Silences situations of the device without losing them. Right `devices.write`.
  Maintenance maintain(Tx& tx, const Caller& caller, const DeviceId& id, const MaintenanceWords& words);
  static std::vector<Maintenance> maintenance_of(Reader& reader, const DeviceId& id);

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
};

}  // namespace lifang::devices
