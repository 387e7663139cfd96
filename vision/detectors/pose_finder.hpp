// The joints of a person: MoveNet (Lightning) on one person's part of the picture.
#pragma once
#include <array>
#include <opencv2/core.hpp>

#include "vision/judges/posture.hpp"
#include "vision/models/net.hpp"

namespace lifang::vision {

struct Joint {
  cv::Point2f at;   ///< pixels of the picture that was asked about
  float score = 0;  ///< 0–1
};
/// COCO's order: nose, eyes, ears, shoulders, elbows, wrists, hips, knees, ankles; left before right.
using Joints = std::array<Joint, 17>;

class PoseFinder {
 public:
  explicit PoseFinder(const Catalog& catalog) : net_(catalog.find("movenet-lightning")) {}
  Joints find(const cv::Mat& picture, const cv::Rect2f& person) const;

 private:
  Net net_;
};

/// The trunk's tilt, and the box around the joints that were seen.
Posture posture_of(const Joints& joints, const cv::Rect2f& person);

}  // namespace lifang::vision
