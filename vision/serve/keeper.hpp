// Keeps the disk: recordings go after their time, and before it when the disk runs full; events stay as long as the law asks.
#pragma once
#include <atomic>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace lifang::vision {

struct KeeperLimits {
  Duration recordings, events;
  std::uint64_t free_bytes = 0;
  Duration young = std::chrono::minutes(2);  ///< what was written so lately may be being written
};

struct Kept {
  std::size_t expired = 0;   ///< files that had had their time
  std::size_t sacrificed = 0;  ///< recordings that went early because the disk ran full
  bool full = false;         ///< still below the floor: only events are left
};

/// What the disk has room for, of all cameras: read by their threads, set by who keeps the house. The floor is not for
/// evidence: with only events left below it clips and recordings are given up, below half of it pictures too, and the
/// rest is for what waits for the node and for what is said about all this.
struct Room {
  std::atomic<bool> for_films{true};  ///< recordings and clips
  std::atomic<bool> for_stills{true};
  void set(const Kept& kept, std::uint64_t free, std::uint64_t floor) {
    for_films = !kept.full;
    for_stills = free >= floor / 2;
  }
};

/// FOLDER/recordings/CAMERA/*.mkv, FOLDER/events/CAMERA/* and FOLDER/refused/*. `free_bytes` asks the disk (a test gives its own).
/// A segment that an event references stays as long as events do, unless the disk runs full: then it goes after all others.
/// Events are never sacrificed, nor the newest recording of a camera while it is young: it is being written.
Kept keep(const std::filesystem::path& folder, const KeeperLimits& limits, Time now,
          std::uint64_t (*free_bytes)(const std::filesystem::path&));

/// FOLDER/events/CAMERA/SEGMENT.segment names the events that lie in a segment; it is as old as the newest of them.
std::filesystem::path reference_of(const std::filesystem::path& folder, const std::filesystem::path& camera, const std::filesystem::path& segment);
void reference(const std::filesystem::path& folder, const std::string& camera, const std::string& segment, std::string_view event);

/// Recordings that a kill or a power cut left without their name get it. To be called before anything is recorded. @returns how many.
std::size_t adopt_torn(const std::filesystem::path& folder);

std::uint64_t free_bytes_of(const std::filesystem::path& folder);

/// Puts `text` in the place of a file at once. False when the disk took no more: the file is then what it was.
bool write_whole(const std::filesystem::path& file, std::string_view text);

}  // namespace lifang::vision
