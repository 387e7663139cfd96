// Small things that move before a façade: a background that learns, held still against the camera's shake.
#pragma once
#include <opencv2/core.hpp>
#include <opencv2/video/background_segm.hpp>
#include <vector>

#include "vision/judges/falling.hpp"

namespace lifang::vision {

/// Zivkovic's adaptive mixture (MOG2, 2004) on brightness. Pictures are halved until they are at most 540 rows high;
/// spots are told in pixels of the picture that was given.
class FacadeMotion {
 public:
  /// `shields` are polygons (pixels of the given picture) in which nothing is looked for: trees, flags, streets.
  explicit FacadeMotion(std::vector<std::vector<cv::Point>> shields = {});
  /// `grey`: 8-bit brightness. The first second only teaches the background.
  std::vector<Spot> see(const cv::Mat& grey);

 private:
  cv::Point2d shake_of(const cv::Mat& picture);
  std::vector<Spot> spots_of(const cv::Mat& moving, const cv::Mat& picture) const;

  cv::Ptr<cv::BackgroundSubtractorMOG2> background_;
  std::vector<std::vector<cv::Point>> shields_;
  cv::Mat rows_, columns_;  ///< profiles of the first picture, slowly renewed
  cv::Mat shield_mask_;
  long frames_ = 0;
};

}  // namespace lifang::vision
