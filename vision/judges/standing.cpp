#include "vision/judges/standing.hpp"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "base/check.hpp"

namespace lifang::vision {

std::optional<PresenceEvent> Standing::see(double seconds, double score) {
  if (gaps_.before(seconds) && since_ >= 0) {
    last_ = seconds;
    if (!stands_) since_ = score > 0 ? seconds : -1, best_ = 0;
  }
  if (score > 0) {
    if (since_ < 0) since_ = seconds, best_ = 0;
    last_ = seconds;
    best_ = std::max(best_, score);
    if (stands_ || seconds - since_ < for_s_) return std::nullopt;
    stands_ = true;
    return PresenceEvent{true, since_, seconds, best_};
  }
  if (since_ < 0 || seconds - last_ < clear_s_) return std::nullopt;
  const PresenceEvent over{false, since_, seconds, best_};
  since_ = -1;
  if (!std::exchange(stands_, false)) return std::nullopt;
  return over;
}

double AreaJudge::score(const std::vector<std::pair<cv::Rect2f, float>>& things, const cv::Mat& grey) const {
  std::vector<float> inside;
  for (const auto& [box, sure] : things)
    if (stands_in(box, {zone_})) inside.push_back(sure);
  if (limits_.brightness) {
    if (!inside.empty() || grey.empty()) return 0;
    cv::Mat mask = cv::Mat::zeros(grey.size(), CV_8U);
    cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{zone_}, cv::Scalar(255));
    return cv::mean(grey, mask)[0] >= *limits_.brightness ? 0.9 : 0;
  }
  if (inside.size() < limits_.least) return 0;
  std::sort(inside.begin(), inside.end(), std::greater<>());
  return static_cast<double>(inside[limits_.least - 1]);
}

std::optional<PresenceEvent> AreaJudge::see(double seconds, const std::vector<std::pair<cv::Rect2f, float>>& things, const cv::Mat& grey) {
  // A detector that misses somebody now and then has not emptied the room: one look at somebody outweighs many without.
  if (limits_.brightness && std::any_of(things.begin(), things.end(), [&](const auto& thing) { return stands_in(thing.first, {zone_}); })) standing_.contradict();
  return standing_.see(seconds, score(things, grey));
}

BinJudge::BinJudge(BinLimits limits, std::vector<cv::Point> mouth, const cv::Mat& empty) : limits_(limits) {
  const cv::Rect box = cv::boundingRect(mouth);
  const cv::Point more(box.width / 4 + 1, box.height / 4 + 1);
  around_ = cv::Rect(box.tl() - more, box.br() + more) & cv::Rect({0, 0}, empty.size());
  mouth_ = cv::Mat::zeros(around_.size(), CV_8U);
  for (cv::Point& p : mouth) p -= around_.tl();
  if (around_.area() > 0) cv::fillPoly(mouth_, std::vector<std::vector<cv::Point>>{mouth}, cv::Scalar(255));
  check(around_.area() > 0 && cv::countNonZero(mouth_) > 0, "the mouth of a bin lies in its picture");
  rim_ = 255 - mouth_;
  empty_ = cut(empty);
  light_ = std::max(cv::mean(empty_, rim_)[0], 1.0);
}

cv::Mat BinJudge::cut(const cv::Mat& grey) const {
  cv::Mat out;
  cv::GaussianBlur(grey(around_), out, {5, 5}, 0);
  out.convertTo(out, CV_32F);
  return out;
}

std::optional<PresenceEvent> BinJudge::see(double seconds, const cv::Mat& grey, bool somebody) {
  if (somebody) return std::nullopt;
  if (gaps_.before(seconds)) since_ = -1;
  constexpr double kDiffers = 25;  // of 255, at the light of the empty picture
  const cv::Mat now = cut(grey);
  const double gain = light_ / std::max(cv::mean(now, rim_)[0], 1.0);
  cv::Mat differs = cv::abs(now * gain - empty_) > kDiffers;
  differs &= mouth_;
  level_ = static_cast<double>(cv::countNonZero(differs)) / cv::countNonZero(mouth_);
  if (full_ ? level_ > limits_.emptied : level_ < limits_.full) {
    since_ = -1;
    return std::nullopt;
  }
  if (since_ < 0) since_ = seconds;
  if (seconds - since_ < limits_.for_s) return std::nullopt;
  full_ = !full_;
  return PresenceEvent{full_, std::exchange(since_, -1), seconds, full_ ? level_ : 1};
}

}  // namespace lifang::vision
