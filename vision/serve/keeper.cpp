#include "vision/serve/keeper.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

namespace lifang::vision {
namespace fs = std::filesystem;
namespace {

/// A machine whose clock has no battery begins in 1970, or when its system was made; what it wrote before it was told the time is of unknown age.
constexpr Time no_clock_before = from_ms(1'735'689'600'000);  // 2025

struct Old {
  fs::path file;
  Time written;
};

std::vector<Old> files_below(const fs::path& folder, Time now) {
  std::vector<Old> out;
  std::error_code failed;
  for (auto at = fs::recursive_directory_iterator(folder, failed); !failed && at != fs::recursive_directory_iterator();
       at.increment(failed)) {
    std::error_code gone;
    if (!at->is_regular_file(gone)) continue;
    const auto written = fs::last_write_time(at->path(), gone);
    if (gone) continue;
    const Time system = std::chrono::floor<Duration>(fs::file_time_type::clock::to_sys(written));
    // Its days begin once the clock is right.
    if (system < no_clock_before && now >= no_clock_before) {
      fs::last_write_time(at->path(), fs::file_time_type::clock::now(), gone);
      out.push_back({at->path(), now});
    } else {
      out.push_back({at->path(), system});
    }
  }
  std::sort(out.begin(), out.end(), [](const Old& a, const Old& b) { return a.written < b.written; });
  return out;
}

}  // namespace

std::uint64_t free_bytes_of(const fs::path& folder) {
  std::error_code failed;
  const auto space = fs::space(folder, failed);
  return failed ? 0 : space.available;
}

bool write_whole(const fs::path& file, std::string_view text) {
  const std::string part = file.string() + ".part";
  std::ofstream out(part, std::ios::binary);
  out << text;
  out.close();
  std::error_code failed;
  if (out) fs::rename(part, file, failed);
  else fs::remove(part, failed);
  return out && !failed;
}

fs::path reference_of(const fs::path& folder, const fs::path& camera, const fs::path& segment) {
  const fs::path whole = segment.extension() == ".part" ? segment.stem() : segment;  // as it is called while it is written
  return folder / "events" / camera / (whole.string() + ".segment");
}

std::size_t adopt_torn(const fs::path& folder) {
  std::size_t adopted = 0;
  for (const Old& torn : files_below(folder / "recordings", Time{})) {
    std::error_code failed;
    fs::path whole = torn.file;
    if (torn.file.extension() != ".part" || fs::exists(whole.replace_extension(), failed)) continue;
    fs::rename(torn.file, whole, failed);
    adopted += !failed;
  }
  return adopted;
}

void reference(const fs::path& folder, const std::string& camera, const std::string& segment, std::string_view event) {
  const fs::path file = reference_of(folder, camera, segment);
  std::error_code failed;
  fs::create_directories(file.parent_path(), failed);
  std::ofstream(file, std::ios::app) << event << "\n";
}

Kept keep(const fs::path& folder, const KeeperLimits& limits, Time now, std::uint64_t (*free_bytes)(const fs::path&)) {
  Kept out;
  std::error_code ignored;
  for (const Old& old : files_below(folder / "events", now))
    if (now - old.written > limits.events) out.expired += fs::remove(old.file, ignored);
  for (const Old& old : files_below(folder / "refused", now))
    if (now - old.written > limits.events) out.expired += fs::remove(old.file, ignored);
  const std::vector<Old> recordings = files_below(folder / "recordings", now);
  std::map<fs::path, fs::path> newest;
  for (const Old& old : recordings) newest[old.file.parent_path()] = old.file;
  // Below the floor what no event references goes first.
  for (const bool referenced : {false, true})
    for (const Old& old : recordings) {
      if (newest[old.file.parent_path()] == old.file && now - old.written < limits.young) continue;
      if (fs::exists(reference_of(folder, old.file.parent_path().filename(), old.file.filename()), ignored) != referenced) continue;
      if (!referenced && now - old.written > limits.recordings) out.expired += fs::remove(old.file, ignored);
      else if (free_bytes(folder) < limits.free_bytes) out.sacrificed += fs::remove(old.file, ignored);
    }
  out.full = free_bytes(folder) < limits.free_bytes;
  return out;
}

}  // namespace lifang::vision
