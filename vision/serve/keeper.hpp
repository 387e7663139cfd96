// Keeps the disk: recordings go after their time, and before it when the disk runs full; events stay as long as the law asks.
#pragma once
#include <filesystem>
#include <vector>

#include "base/time.hpp"

namespace lifang::vision {

struct KeeperLimits {
  Duration recordings, events;
  std::uint64_t free_bytes = 0;
};

struct Kept {
  std::size_t expired = 0;   ///< files that had had their time
  std::size_t sacrificed = 0;  ///< recordings that went early because the disk ran full
  bool full = false;         ///< still below the floor: only events are left
};

/// FOLDER/recordings/CAMERA/*.mkv and FOLDER/events/CAMERA/*. `free_bytes` asks the disk (a test gives its own).
/// Events are never sacrificed, nor the newest recording of a camera, which is being written.
Kept keep(const std::filesystem::path& folder, const KeeperLimits& limits, Time now,
          std::uint64_t (*free_bytes)(const std::filesystem::path&));

std::uint64_t free_bytes_of(const std::filesystem::path& folder);

}  // namespace lifang::vision
