// Remembers which masks a camera had when: what was private on a day stays so in every export of that day.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "vision/commands/view.hpp"

namespace lifang::vision {

struct MaskLine {
  Time from;
  std::vector<std::int64_t> size;  ///< of the pictures on which they lie
  std::vector<Polygon> masks;
};
BOOST_DESCRIBE_STRUCT(MaskLine, (), (from, size, masks))

/// FOLDER/masks/CAMERA.jsonl, a line for each change. False when the disk refused.
bool note_masks(const std::filesystem::path& folder, const std::string& camera, Time now, const View& view);
/// Every mask that stood at any time between the two, fitted to pictures of this size; doubles once.
/// Throws Refusal (unreadable, "vision.masks") when a line cannot be read: better no export than a bare one.
std::vector<Polygon> masks_between(const std::filesystem::path& folder, const std::string& camera, Time from, Time to, cv::Size picture);

}  // namespace lifang::vision
