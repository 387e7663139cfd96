#include "vision/serve/mask_log.hpp"

#include <algorithm>
#include <fstream>
#include <boost/json.hpp>

#include "base/refusal.hpp"
#include "base/reflect.hpp"
#include "vision/serve/durable.hpp"

namespace lifang::vision {
namespace fs = std::filesystem;
namespace {

fs::path file_of(const fs::path& folder, const std::string& camera) { return folder / "masks" / (camera + ".jsonl"); }

std::vector<MaskLine> lines_of(const fs::path& file) {
  std::vector<MaskLine> out;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.empty()) continue;
    try {
      out.push_back(from_json<MaskLine>(line));
    } catch (const Refusal& refusal) {
      throw Refusal{RefusalKind::unreadable, "vision.masks", file.string() + ": " + refusal.detail};
    }
  }
  return out;
}

}  // namespace

bool note_masks(const fs::path& folder, const std::string& camera, Time now, const View& view) {
  const fs::path file = file_of(folder, camera);
  const MaskLine line{now, view.size, view.masks};
  try {
    const std::vector<MaskLine> before = lines_of(file);
    if (before.empty() ? line.masks.empty() : before.back().masks == line.masks && before.back().size == line.size) return true;
  } catch (const Refusal&) {
    // A torn line is no reason not to write the next one; exports of this camera wait until somebody has looked.
  }
  return append_durably(file, to_json(line));
}

std::vector<Polygon> masks_between(const fs::path& folder, const std::string& camera, Time from, Time to, cv::Size picture) {
  std::vector<Polygon> out;
  const std::vector<MaskLine> lines = lines_of(file_of(folder, camera));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].from > to || (i + 1 < lines.size() && lines[i + 1].from < from)) continue;
    View view;
    view.size = lines[i].size;
    view.masks = lines[i].masks;
    for (Polygon& mask : fitted(std::move(view), picture).masks)
      if (std::find(out.begin(), out.end(), mask) == out.end()) out.push_back(std::move(mask));
  }
  return out;
}

}  // namespace lifang::vision
