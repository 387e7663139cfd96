// Finds lines of text in a picture (DBNet: Liao et al., "Real-time Scene Text Detection with Differentiable
// Binarization", AAAI 2020; the model of PP-OCRv4).
#pragma once
#include <opencv2/core.hpp>
#include <vector>

#include "vision/models/net.hpp"

namespace lifang::vision {

struct TextBox {
  cv::RotatedRect box;
  float score = 0;  ///< mean probability inside, 0–1
};

class TextFinder {
 public:
  explicit TextFinder(const Catalog& catalog);
  /// `limit`: the longer side of what the model sees. Boxes are in pixels of `picture`, grown to the full text.
  std::vector<TextBox> find(const cv::Mat& picture, int limit = 960) const;

 private:
  Net net_;
};

/// The box cut out, turned level; wider than high.
cv::Mat cut_level(const cv::Mat& picture, const cv::RotatedRect& box);

}  // namespace lifang::vision
