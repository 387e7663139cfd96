// Pictures to tensors: 8-bit BGR in, normalised reals out.
#pragma once
#include <array>
#include <opencv2/core.hpp>

#include "vision/models/net.hpp"

namespace lifang::vision {

/// [1, 3, h, w], each channel (value − mean) / deviation; BGR, or RGB when `rgb`. `mean` and `deviation` follow the output's order.
Tensor to_planes(const cv::Mat& bgr, const std::array<float, 3>& mean, const std::array<float, 3>& deviation, bool rgb);
/// [1, h, w, 3] in RGB, (value − mean) / deviation.
Tensor to_pixels(const cv::Mat& bgr, float mean, float deviation);

/// A picture scaled to fit a square and padded with grey; `scale` and `shift` lead back.
struct Letterbox {
  cv::Mat picture;
  float scale = 1;
  cv::Point2f shift;
  cv::Rect2f back(const cv::Rect2f& box) const {
    return {(box.x - shift.x) / scale, (box.y - shift.y) / scale, box.width / scale, box.height / scale};
  }
};
Letterbox letterbox(const cv::Mat& picture, cv::Size size);

float overlap(const cv::Rect2f& a, const cv::Rect2f& b);  ///< intersection over union

}  // namespace lifang::vision
