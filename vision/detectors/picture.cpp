#include "vision/detectors/picture.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "base/check.hpp"

namespace lifang::vision {

Tensor to_planes(const cv::Mat& bgr, const std::array<float, 3>& mean, const std::array<float, 3>& deviation, bool rgb) {
  check(bgr.type() == CV_8UC3, "pictures are 8-bit BGR");
  const auto plane = static_cast<std::size_t>(bgr.rows) * static_cast<std::size_t>(bgr.cols);
  Tensor out{{1, 3, bgr.rows, bgr.cols}, std::vector<float>(plane * 3)};
  for (std::size_t c = 0; c < 3; ++c) {
    const std::size_t from = rgb ? 2 - c : c;
    // A table of 256 values replaces a division a pixel.
    std::array<float, 256> table;
    for (std::size_t v = 0; v < 256; ++v) table[v] = (static_cast<float>(v) - mean[c]) / deviation[c];
    float* to = out.data.data() + c * plane;
    for (int y = 0; y < bgr.rows; ++y) {
      const unsigned char* row = bgr.ptr<unsigned char>(y) + from;
      for (int x = 0; x < bgr.cols; ++x, row += 3) *to++ = table[*row];
    }
  }
  return out;
}

Tensor to_pixels(const cv::Mat& bgr, float mean, float deviation) {
  check(bgr.type() == CV_8UC3, "pictures are 8-bit BGR");
  Tensor out{{1, bgr.rows, bgr.cols, 3}, {}};
  out.data.reserve(static_cast<std::size_t>(bgr.rows) * static_cast<std::size_t>(bgr.cols) * 3);
  for (int y = 0; y < bgr.rows; ++y) {
    const unsigned char* row = bgr.ptr<unsigned char>(y);
    for (int x = 0; x < bgr.cols; ++x, row += 3)
      for (int c = 2; c >= 0; --c) out.data.push_back((static_cast<float>(row[c]) - mean) / deviation);
  }
  return out;
}

Letterbox letterbox(const cv::Mat& picture, cv::Size size) {
  Letterbox out;
  out.scale = std::min(static_cast<float>(size.width) / static_cast<float>(picture.cols),
                       static_cast<float>(size.height) / static_cast<float>(picture.rows));
  const int w = std::clamp(static_cast<int>(std::lround(static_cast<float>(picture.cols) * out.scale)), 1, size.width);
  const int h = std::clamp(static_cast<int>(std::lround(static_cast<float>(picture.rows) * out.scale)), 1, size.height);
  const cv::Point at{(size.width - w) / 2, (size.height - h) / 2};
  out.shift = cv::Point2f(at);
  out.picture = cv::Mat(size, CV_8UC3, cv::Scalar::all(114));
  cv::resize(picture, out.picture(cv::Rect(at, cv::Size(w, h))), {w, h}, 0, 0,
             out.scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  return out;
}

float overlap(const cv::Rect2f& a, const cv::Rect2f& b) {
  const float both = (a & b).area();
  const float all = a.area() + b.area() - both;
  return all > 0 ? both / all : 0;
}

}  // namespace lifang::vision
