// Every SQL statement of the room devices.
#pragma once
#include <functional>

#include "rooms/devices/devices.hpp"

namespace lifang::devices::store {

/// A device with what only the room itself knows of it.
struct Row {
  Device device;
  std::uint32_t number = 0;
  std::string secret;
};

void keep_profile(Tx& tx, const Profile& profile);
std::optional<Profile> find_profile(Reader& reader, const ProfileId& id);
std::vector<Profile> profiles(Reader& reader, const std::string& after, std::size_t limit);

std::vector<std::pair<std::string, std::uint16_t>> metrics(Reader& reader);
void add_metric(Tx& tx, const std::string& name, std::uint16_t number);

void keep(Tx& tx, const Row& row);
void remove(Tx& tx, const DeviceId& id);
std::optional<Row> find(Reader& reader, const DeviceId& id);
/// A removed device keeps its number, for its history.
std::optional<std::uint32_t> number_of_removed(Reader& reader, const DeviceId& id);
std::uint32_t last_number(Reader& reader);
void each(Reader& reader, const std::function<void(Row)>& fn);
std::vector<std::string> of_profile(Reader& reader, const ProfileId& id);
std::vector<Device> list(Reader& reader, const std::vector<std::string>& roots, const std::optional<std::string>& under,
                         const Filter& filter);
std::int64_t count(Reader& reader, const std::vector<std::string>& roots, const std::optional<std::string>& under,
                   const Filter& filter);
void rebase(Tx& tx, const std::string& from, const std::string& to);
std::vector<std::string> below(Reader& reader, const std::string& path);

void keep_command(Tx& tx, const Command& command);
std::optional<Command> find_command(Reader& reader, const CommandId& id);
std::optional<Command> find_command(Reader& reader, const DeviceId& id, std::int64_t number);
std::int64_t last_command_number(Reader& reader, const DeviceId& id);
std::vector<Command> commands(Reader& reader, const std::vector<std::string>& roots, const CommandFilter& filter);
std::vector<Command> waiting(Reader& reader, const DeviceId& id);

struct RefusalRow {
  std::string reason;
  std::int64_t day = 0, times = 0;
  Time first, last;
  std::string sample;
};
/// Adds to the row of the same device, day and reason.
void keep_refusal(Tx& tx, std::uint32_t device, const RefusalRow& row);
/// By reason, and of each the newest day first.
std::vector<RefusalRow> refusals(Reader& reader, std::uint32_t device);
void forget_refusals(Tx& tx, std::int64_t before_day);

void keep_maintenance(Tx& tx, const Maintenance& maintenance, const std::string& by);
std::vector<Maintenance> maintenance(Reader& reader, const DeviceId& id);
std::optional<Maintenance> find_maintenance(Reader& reader, const DeviceId& id, const MaintenanceId& maintenance);
/// The device's windows that are not over end now, those that have not begun at their beginning; or `one` alone.
void end_maintenance(Tx& tx, const DeviceId& id, const std::string& by,
                     const std::optional<MaintenanceId>& one = std::nullopt);

}  // namespace lifang::devices::store
