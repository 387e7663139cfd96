#include "rooms/devices/devices_board.hpp"

#include <algorithm>
#include <map>

#include "rooms/places/places_outlines.hpp"

namespace lifang::devices {

std::vector<PlaceCount> board(Reader& reader, const Registry& registry, const Caller& caller, const std::optional<std::string>& place) {
  const auto roots = places::board_roots(reader, caller, "devices.read", place);
  const places::Shown shown(reader, roots);
  std::map<std::string, PlaceCount, std::less<>> places;
  for (const DevicePtr& device : registry.all()) {
    if (!device || std::none_of(roots.begin(), roots.end(), [&](const std::string& root) { return device->path.starts_with(root); })) continue;
    const std::string_view id = shown.id_of(device->path);
    auto at = places.find(id);
    if (at == places.end()) at = places.emplace(std::string(id), PlaceCount{std::string(id)}).first;
    ++at->second.devices;
    if (device->state->last_seen.load() != 0) ++at->second.heard;
  }
  std::vector<PlaceCount> board;
  for (auto& [id, count] : places) board.push_back(std::move(count));
  return board;
}

}  // namespace lifang::devices
