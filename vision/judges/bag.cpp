#include "vision/judges/bag.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace lifang::vision {
namespace {

constexpr int analysed_width = 320;
constexpr double fast_s = 1.5, slow_s = 240, teaching_s = 2;
constexpr double differs = 18;  // of 255
constexpr double forget_s = 3;  // a thing unseen for so long is gone

cv::Rect grown(cv::Rect box) {
  const int reach = std::max(box.width, box.height);
  return {box.x - reach, box.y - reach, box.width + 2 * reach, box.height + 2 * reach};
}

/// How steep brightness is across the outline of `shape`: a thing has its outline where it lies.
double outline(const cv::Mat& picture, const cv::Mat& shape) {
  static const cv::Mat round = cv::getStructuringElement(cv::MORPH_ELLIPSE, {5, 5});
  cv::Mat outer, inner, x, y, steep;
  cv::dilate(shape, outer, round);
  cv::erode(shape, inner, round);
  cv::Sobel(picture, x, CV_32F, 1, 0);
  cv::Sobel(picture, y, CV_32F, 0, 1);
  cv::magnitude(x, y, steep);
  return cv::mean(steep, outer & ~inner)[0];
}

constexpr double more_steep = 1.5;

}  // namespace

BagJudge::BagJudge(BagLimits limits, std::vector<std::vector<cv::Point>> zones) : limits_(limits), zones_(std::move(zones)) {}

void BagJudge::learn(double seconds, const cv::Mat& now) {
  const double dt = before_ < 0 ? 0 : seconds - before_;
  cv::accumulateWeighted(now, fast_, 1 - std::exp(-dt / fast_s));
  const bool teaching = seconds - started_ < teaching_s;
  // What lies there is kept out of the slow background, or it would forget it.
  cv::Mat learns(now.size(), CV_8U, cv::Scalar(255));
  for (const Thing& thing : things_) learns(thing.box & cv::Rect({0, 0}, now.size())) = 0;
  cv::accumulateWeighted(now, slow_, teaching ? 0.3 : 1 - std::exp(-dt / slow_s), learns);
}

std::vector<cv::Rect> BagJudge::still_things(const cv::Mat& now) {
  cv::Mat from_slow, from_fast, still;
  cv::absdiff(now, slow_, from_slow);
  cv::absdiff(now, fast_, from_fast);
  still = (from_slow > differs) & (from_fast < differs * 0.6);
  if (!zone_mask_.empty()) still &= zone_mask_;
  cv::morphologyEx(still, still, cv::MORPH_OPEN, cv::getStructuringElement(cv::MORPH_RECT, {2, 2}));
  cv::morphologyEx(still, still, cv::MORPH_CLOSE, cv::getStructuringElement(cv::MORPH_ELLIPSE, {7, 7}));
  cv::Mat labels, stats, centres;
  const int count = cv::connectedComponentsWithStats(still, labels, stats, centres, 8);
  std::vector<cv::Rect> out;
  for (int i = 1; i < count; ++i) {
    const double share = stats.at<int>(i, cv::CC_STAT_AREA) / static_cast<double>(now.total());
    if (share < limits_.least_area || share > limits_.most_area) continue;
    const cv::Rect box(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP), stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT));
    const cv::Rect around = cv::Rect(box.x - 4, box.y - 4, box.width + 8, box.height + 8) & cv::Rect({0, 0}, now.size());
    const cv::Mat shape = labels(around) == i;
    if (outline(slow_(around), shape) > more_steep * outline(now(around), shape)) {
      cv::Mat hole;
      cv::dilate(shape, hole, cv::getStructuringElement(cv::MORPH_ELLIPSE, {7, 7}));
      now(around).copyTo(slow_(around), hole);
      continue;
    }
    out.push_back(box);
  }
  return out;
}

std::vector<BagEvent> BagJudge::see(double seconds, const cv::Mat& grey, const std::vector<cv::Rect2f>& people) {
  cv::Mat small, now;
  scale_ = std::max(1.0, static_cast<double>(grey.cols) / analysed_width);
  cv::resize(grey, small, {}, 1 / scale_, 1 / scale_, cv::INTER_AREA);
  small.convertTo(now, CV_32F);
  if (slow_.empty()) {
    slow_ = now.clone();
    fast_ = now.clone();
    started_ = seconds;
    if (!zones_.empty()) {
      zone_mask_ = cv::Mat::zeros(now.size(), CV_8U);
      for (auto zone : zones_) {
        for (cv::Point& p : zone) p = {cvRound(p.x / scale_), cvRound(p.y / scale_)};
        cv::fillPoly(zone_mask_, std::vector<std::vector<cv::Point>>{zone}, 255);
      }
    }
  }
  learn(seconds, now);
  before_ = seconds;
  // While nobody looked, nothing lay and nobody stayed away; what was told stands until looks say otherwise.
  if (gaps_.before(seconds)) {
    std::erase_if(things_, [](const Thing& thing) { return !thing.told; });
    for (Thing& thing : things_) thing.seen = seconds;
  }
  if (seconds - started_ < teaching_s) return {};

  for (const cv::Rect& box : still_things(now)) {
    const auto same = std::find_if(things_.begin(), things_.end(), [&](const Thing& thing) {
      return (thing.box & box).area() > 0.4 * std::min(thing.box.area(), box.area());
    });
    if (same == things_.end()) things_.push_back({box, seconds, seconds, -1, false});
    else same->seen = seconds;
  }
  std::vector<BagEvent> out;
  for (Thing& thing : things_) {
    const cv::Rect2f box(static_cast<float>(thing.box.x * scale_), static_cast<float>(thing.box.y * scale_),
                         static_cast<float>(thing.box.width * scale_), static_cast<float>(thing.box.height * scale_));
    const cv::Rect around = grown(thing.box);
    bool near = false, hidden = false;
    for (const cv::Rect2f& person : people) {
      const cv::Rect small_person(cvRound(person.x / scale_), cvRound(person.y / scale_), cvRound(person.width / scale_),
                                  cvRound(person.height / scale_));
      near = near || (small_person & around).area() > 0;
      hidden = hidden || 2 * (small_person & thing.box).area() > thing.box.area();
    }
    // Whoever stands before it has not taken it: that shows when they have gone on, and the fast average has forgotten them.
    if (hidden && thing.told) thing.seen = seconds + 3 * fast_s;
    if (near) thing.lonely_since = -1;
    else if (thing.lonely_since < 0) thing.lonely_since = seconds;
    const bool lies = seconds - thing.since >= limits_.still_s && seconds - thing.seen < 1;
    if (!thing.told && lies && thing.lonely_since >= 0 && seconds - thing.lonely_since >= limits_.alone_s) {
      thing.told = true;
      out.push_back({true, thing.since, seconds, box});
    }
    if (thing.told && seconds - thing.seen > forget_s) out.push_back({false, thing.since, seconds, box});
  }
  std::erase_if(things_, [&](const Thing& thing) { return seconds - thing.seen > forget_s; });
  return out;
}

}  // namespace lifang::vision
