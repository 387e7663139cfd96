#include "vision/motion/facade_motion.hpp"

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "base/check.hpp"

namespace lifang::vision {
namespace {

constexpr int analysed_rows = 540;
constexpr int farthest_shake = 6;      // pixels of the analysed picture
constexpr int learning_frames = 25;
constexpr int least_area = 2, most_area = 900;
constexpr double storm_share = 0.03;   // more of the picture moving at once is light, not things

/// Sub-pixel shift of profile `now` against `before`: the least squared difference, refined by a parabola.
double shift_of(const cv::Mat& before, const cv::Mat& now) {
  const int n = static_cast<int>(before.total());
  double cost[2 * farthest_shake + 1];
  int best = 0;
  for (int s = -farthest_shake; s <= farthest_shake; ++s) {
    double sum = 0;
    for (int i = farthest_shake + 1; i + farthest_shake + 1 < n; ++i) {
      const double d = static_cast<double>(now.at<float>(i + s) - now.at<float>(i + s - 1)) -
                       static_cast<double>(before.at<float>(i) - before.at<float>(i - 1));
      sum += d * d;
    }
    cost[s + farthest_shake] = sum;
    if (sum < cost[best + farthest_shake] || s == -farthest_shake) best = s;
  }
  if (std::abs(best) == farthest_shake) return 0;
  const double a = cost[best + farthest_shake - 1], b = cost[best + farthest_shake], c = cost[best + farthest_shake + 1];
  const double bend = a - 2 * b + c;
  return bend > 0 ? best + 0.5 * (a - c) / bend : best;
}

}  // namespace

FacadeMotion::FacadeMotion(std::vector<std::vector<cv::Point>> shields)
    : background_(cv::createBackgroundSubtractorMOG2(200, 20, false)), shields_(std::move(shields)) {
  background_->setNMixtures(3);
}

cv::Point2d FacadeMotion::shake_of(const cv::Mat& picture) {
  cv::Mat rows, columns;
  cv::reduce(picture, rows, 1, cv::REDUCE_AVG, CV_32F);
  cv::reduce(picture, columns, 0, cv::REDUCE_AVG, CV_32F);
  rows = rows.reshape(1, 1);
  if (rows_.empty()) {
    rows_ = rows.clone();
    columns_ = columns.clone();
    return {0, 0};
  }
  const cv::Point2d shake{shift_of(columns_, columns), shift_of(rows_, rows)};
  if (cv::norm(shake) < 0.3) {
    cv::accumulateWeighted(rows, rows_, 0.02);
    cv::accumulateWeighted(columns, columns_, 0.02);
  }
  return shake;
}

std::vector<Spot> FacadeMotion::see(const cv::Mat& grey) {
  check(grey.type() == CV_8UC1, "brightness is one channel of 8 bits");
  cv::Mat picture = grey;
  const double scale = grey.rows > analysed_rows ? std::ceil(static_cast<double>(grey.rows) / analysed_rows) : 1;
  if (scale > 1) cv::resize(grey, picture, {}, 1 / scale, 1 / scale, cv::INTER_AREA);
  const cv::Point2d shake = shake_of(picture);
  if (std::abs(shake.x) > 0.12 || std::abs(shake.y) > 0.12) {
    const cv::Mat way = (cv::Mat_<double>(2, 3) << 1, 0, shake.x, 0, 1, shake.y);
    cv::Mat still;
    cv::warpAffine(picture, still, way, picture.size(), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
    picture = still;
  }
  if (shield_mask_.empty() && !shields_.empty()) {
    shield_mask_ = cv::Mat(picture.size(), CV_8U, cv::Scalar(255));
    for (auto polygon : shields_) {
      for (cv::Point& p : polygon) p = {static_cast<int>(p.x / scale), static_cast<int>(p.y / scale)};
      cv::fillPoly(shield_mask_, std::vector<std::vector<cv::Point>>{polygon}, 0);
    }
  }
  cv::Mat moving;
  background_->apply(picture, moving, frames_ < learning_frames ? -1 : 0.01);
  if (++frames_ <= learning_frames) return {};
  if (!shield_mask_.empty()) cv::bitwise_and(moving, shield_mask_, moving);
  if (cv::countNonZero(moving) > storm_share * static_cast<double>(moving.total())) return {};
  std::vector<Spot> spots = spots_of(moving, picture);
  for (Spot& spot : spots) {
    // The centre of a pixel of the small picture is the centre of the square that it was made of.
    spot.at = (spot.at + cv::Point2f(0.5F, 0.5F)) * static_cast<float>(scale) - cv::Point2f(0.5F, 0.5F);
    spot.area *= static_cast<float>(scale * scale);
  }
  return spots;
}

std::vector<Spot> FacadeMotion::spots_of(const cv::Mat& moving, const cv::Mat& picture) const {
  cv::Mat closed, labels, stats, centres, background;
  cv::morphologyEx(moving, closed, cv::MORPH_CLOSE, cv::getStructuringElement(cv::MORPH_RECT, {3, 3}));
  background_->getBackgroundImage(background);
  const int count = cv::connectedComponentsWithStats(closed, labels, stats, centres, 8);
  std::vector<Spot> out;
  for (int i = 1; i < count; ++i) {
    const int area = stats.at<int>(i, cv::CC_STAT_AREA);
    if (area < least_area || area > most_area) continue;
    // Weighed by how much each pixel differs: a centre finer than a pixel.
    const cv::Rect box(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                       stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT));
    double weight = 0, x = 0, y = 0;
    for (int r = box.y; r < box.br().y; ++r)
      for (int c = box.x; c < box.br().x; ++c) {
        if (labels.at<int>(r, c) != i) continue;
        const double w = 1 + std::abs(picture.at<unsigned char>(r, c) - background.at<unsigned char>(r, c));
        weight += w;
        x += w * c;
        y += w * r;
      }
    out.push_back({{static_cast<float>(x / weight), static_cast<float>(y / weight)}, static_cast<float>(area)});
  }
  return out;
}

}  // namespace lifang::vision
