#include "vision/serve/mask_log.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <boost/json.hpp>

#include "base/refusal.hpp"
#include "base/reflect.hpp"
#include "vision/serve/durable.hpp"

namespace lifang::vision {
namespace fs = std::filesystem;
namespace {

fs::path file_of(const fs::path& folder, const std::string& camera) { return folder / "masks" / (camera + ".jsonl"); }

bool is_size(const std::vector<std::int64_t>& size) {
  return size.size() == 2 && std::all_of(size.begin(), size.end(), [](std::int64_t edge) { return edge >= 16 && edge <= 16'384; });
}

/// What is laid on a picture must be points of it. Nothing else: what was checked when it was drawn may have been scaled since.
void check_line(const MaskLine& line) {
  constexpr double farthest_pixel = 1'000'000;
  const auto is_point = [](const std::vector<double>& at) {
    return at.size() == 2 && std::abs(at[0]) <= farthest_pixel && std::abs(at[1]) <= farthest_pixel;
  };
  if (!line.size.empty() && !is_size(line.size)) throw invalid("vision.masks", "/size", "is [width, height]");
  for (const Polygon& mask : line.masks)
    if (mask.size() < 3 || !std::all_of(mask.begin(), mask.end(), is_point))
      throw invalid("vision.masks", "/masks", "a mask is three corners or more, each [x, y]");
}

std::vector<MaskLine> lines_of(const fs::path& file) {
  std::vector<MaskLine> out;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.empty()) continue;
    try {
      out.push_back(from_json<MaskLine>(line));
      check_line(out.back());
    } catch (const Refusal& refusal) {
      throw Refusal{RefusalKind::unreadable, "vision.masks", file.string() + ": " + refusal.detail};
    }
  }
  return out;
}

}  // namespace

namespace {

/// Of masks that say no size themselves.
struct FirstSize {
  std::vector<std::int64_t> size;
  std::vector<Polygon> masks;
};
BOOST_DESCRIBE_STRUCT(FirstSize, (), (size, masks))

fs::path size_file(const fs::path& folder, const std::string& camera) { return folder / "masks" / (camera + ".size"); }

}  // namespace

View with_drawn_size(const fs::path& folder, const std::string& camera, View view) {
  if (view.masks.empty() || !view.size.empty()) return view;
  std::ifstream in(size_file(folder, camera));
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  try {
    const auto first = from_json<FirstSize>(text);
    if (first.masks == view.masks && is_size(first.size)) view.size = first.size;
  } catch (const Refusal&) {
    // Never written, or torn: as if it were the first time.
  }
  return view;
}

View with_first_size(const fs::path& folder, const std::string& camera, View view, cv::Size stream) {
  view = with_drawn_size(folder, camera, std::move(view));
  if (view.masks.empty() || !view.size.empty() || stream.area() == 0) return view;
  view.size = {stream.width, stream.height};
  write_durably(size_file(folder, camera), to_json(FirstSize{view.size, view.masks}));
  return view;
}

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
