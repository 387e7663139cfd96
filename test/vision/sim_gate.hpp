// A made-up gate camera: faces of the pictures that come with a pinned npm package (people who posed for them), seen again in other light, and
// held up as prints. Two looks at one photograph are not two photographs of one person: figures from here say so.
#pragma once
#include <cstdint>
#include <filesystem>
#include <opencv2/core.hpp>
#include <vector>

#include "vision/detectors/face_finder.hpp"

namespace lifang::vision::sim {

/// The package's pictures that are there; none where it is not installed.
std::vector<std::filesystem::path> face_pictures(const std::filesystem::path& source_folder);

/// 640×480 with the face in the middle, 100 to 170 pixels wide: another size, turn, light, sharpness and noise for each seed.
cv::Mat at_the_gate(const cv::Mat& picture, const FoundFace& face, std::uint64_t seed);
/// The same face as a sheet of paper that somebody holds up before a wall: paler, softer, with the raster of a printer. `yaw`: degrees by which it is turned aside.
cv::Mat held_up(const cv::Mat& picture, const FoundFace& face, std::uint64_t seed, double yaw = 0);
/// The same face on the screen of a telephone or tablet: pixels that beat against the camera's, a colder light, a black frame.
cv::Mat on_a_screen(const cv::Mat& picture, const FoundFace& face, std::uint64_t seed);
/// The face in the middle of a picture of this gate; nullptr when it was not found.
const FoundFace* middle(const std::vector<FoundFace>& found);

}  // namespace lifang::vision::sim
