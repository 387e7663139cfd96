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

/// Masks that do not say on which size they were drawn lie on the size that the stream had when they were first laid: FOLDER/masks/CAMERA.size
/// remembers it as long as they are the same.
View with_drawn_size(const std::filesystem::path& folder, const std::string& camera, View view);
/// The same, and the size of this stream is remembered where none was.
View with_first_size(const std::filesystem::path& folder, const std::string& camera, View view, cv::Size stream);
/// FOLDER/masks/CAMERA.jsonl, a line for each change. False when the disk refused.
bool note_masks(const std::filesystem::path& folder, const std::string& camera, Time now, const View& view);
/// Every mask that stood at any time between the two, fitted to pictures of this size; doubles once.
/// Throws Refusal (unreadable, "vision.masks") when a line cannot be read: better no export than a bare one.
std::vector<Polygon> masks_between(const std::filesystem::path& folder, const std::string& camera, Time from, Time to, cv::Size picture);

}  // namespace lifang::vision
