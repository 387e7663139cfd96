#include "vision/detectors/text_finder.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "vision/detectors/picture.hpp"

namespace lifang::vision {
namespace {

constexpr float unclip_ratio = 1.6F;  // the model draws shrunken text; PP-OCR's own value is 1.5–1.6
constexpr float box_score = 0.5F;
constexpr int smallest_side = 3;

int multiple_of_32(float size) { return std::max(32, static_cast<int>(std::lround(size / 32)) * 32); }

}  // namespace

TextFinder::TextFinder(const Catalog& catalog) : net_(catalog.find("text-finder")) {}

std::vector<TextBox> TextFinder::find(const cv::Mat& picture, int limit) const {
  const float scale = std::min(1.0F, static_cast<float>(limit) / static_cast<float>(std::max(picture.cols, picture.rows)));
  const cv::Size size{multiple_of_32(static_cast<float>(picture.cols) * scale),
                      multiple_of_32(static_cast<float>(picture.rows) * scale)};
  cv::Mat small;
  cv::resize(picture, small, size, 0, 0, cv::INTER_LINEAR);
  const Tensor input = to_planes(small, {123.675F, 116.28F, 103.53F}, {58.395F, 57.12F, 57.375F}, false);
  const Tensor output = net_.run(input).front();
  const cv::Mat map(size, CV_32F, const_cast<float*>(output.data.data()));

  cv::Mat mask;
  cv::threshold(map, mask, net_.spec().threshold, 255, cv::THRESH_BINARY);
  mask.convertTo(mask, CV_8U);
  std::vector<std::vector<cv::Point>> contours;
  cv::findContours(mask, contours, cv::RETR_LIST, cv::CHAIN_APPROX_SIMPLE);
  std::vector<TextBox> out;
  const float x = static_cast<float>(picture.cols) / static_cast<float>(size.width);
  const float y = static_cast<float>(picture.rows) / static_cast<float>(size.height);
  for (const auto& contour : contours) {
    cv::RotatedRect box = cv::minAreaRect(contour);
    if (std::min(box.size.width, box.size.height) < smallest_side) continue;
    const cv::Rect around = cv::boundingRect(contour) & cv::Rect({0, 0}, size);
    cv::Mat inside = cv::Mat::zeros(around.size(), CV_8U);
    std::vector<std::vector<cv::Point>> moved{contour};
    for (cv::Point& p : moved[0]) p -= around.tl();
    cv::fillPoly(inside, moved, 1);
    const auto score = static_cast<float>(cv::mean(map(around), inside)[0]);
    if (score < box_score) continue;
    const float grow = box.size.area() * unclip_ratio / (2 * (box.size.width + box.size.height));
    box.size.width += 2 * grow;
    box.size.height += 2 * grow;
    // The picture's two scales differ by less than 32 pixels in its length, so angles stay.
    box.center = {box.center.x * x, box.center.y * y};
    box.size = {box.size.width * x, box.size.height * y};
    out.push_back({box, score});
  }
  return out;
}

cv::Mat cut_level(const cv::Mat& picture, const cv::RotatedRect& box) {
  cv::Size2f size = box.size;
  float angle = box.angle;
  if (size.width < size.height) {
    std::swap(size.width, size.height);
    angle -= 90;
  }
  if (angle < -90) angle += 180;
  if (angle > 90) angle -= 180;
  const cv::Mat turn = cv::getRotationMatrix2D(box.center, angle, 1);
  cv::Mat out, shift = turn.clone();
  shift.at<double>(0, 2) += static_cast<double>(size.width / 2 - box.center.x);
  shift.at<double>(1, 2) += static_cast<double>(size.height / 2 - box.center.y);
  cv::warpAffine(picture, out, shift, {std::max(1, static_cast<int>(size.width)), std::max(1, static_cast<int>(size.height))},
                 cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  return out;
}

}  // namespace lifang::vision
