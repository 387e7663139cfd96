#include "vision/judges/standing.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "base/check.hpp"
#include "vision/detectors/picture.hpp"

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

namespace {

constexpr double found_share = 0.4;   // of the looks at something that stays; who stands where others stood before is found in fewer
constexpr float same_place = 0.4F;    // overlap over union
constexpr double a_step_s = 3;        // so long somebody may be lost who walks on

/// Nobody walks further between two looks than three quarters of their own height.
bool a_step_away(const cv::Rect2f& a, const cv::Rect2f& b) {
  const cv::Point2f apart = (a.tl() + a.br() - b.tl() - b.br()) * 0.5F;
  return std::hypot(apart.x, apart.y) < 0.75F * std::max(a.height, b.height);
}

}  // namespace

void AreaJudge::follow(double seconds, const cv::Rect2f& box, float score) {
  Stay* best = nullptr;
  std::pair<double, float> best_fit;
  for (Stay& stay : stays_) {
    if (stay.seen >= seconds) continue;  // found already in this look
    const cv::Rect2f there = stay.box + stay.velocity * static_cast<float>(std::min(seconds - stay.seen, 1.0));
    const bool same = overlap(there, box) >= same_place || (limits_.moves && seconds - stay.seen <= a_step_s && a_step_away(there, box));
    // Who was there a moment ago rather than who was lost at this place before.
    const std::pair fit(stay.seen, overlap(there, box));
    if (!same || (best != nullptr && fit <= best_fit)) continue;
    best = &stay;
    best_fit = fit;
  }
  if (best == nullptr) {
    stays_.push_back({box, {}, seconds, seconds, 1, 1, score});
    return;
  }
  if (limits_.moves) {
    const cv::Point2f went = (box.tl() + box.br() - best->box.tl() - best->box.br()) * (0.5 / std::max(seconds - best->seen, 0.05));
    best->velocity = best->hits == 1 ? went : (best->velocity + went) * 0.5F;
    best->box = box;
  }
  best->seen = seconds;
  ++best->hits;
  best->score = score;
}

std::optional<PresenceEvent> AreaJudge::see_stays(double seconds, const std::vector<std::pair<cv::Rect2f, float>>& things) {
  if (gaps_.before(seconds)) {
    if (!lasting_.stands()) stays_.clear();
    for (Stay& stay : stays_) stay.seen = std::max(stay.seen, seconds - 1e-3);
  }
  for (Stay& stay : stays_) ++stay.looks;
  for (const auto& [box, sure] : things)
    if (stands_in(box, {zone_})) follow(seconds, box, sure);
  std::erase_if(stays_, [&](const Stay& stay) { return stay.seen < seconds && seconds - stay.seen >= limits_.clear_s; });
  const Stay* longest = nullptr;
  for (const Stay& stay : stays_) {
    const bool stays = seconds - stay.since >= limits_.for_s && static_cast<double>(stay.hits) >= found_share * static_cast<double>(stay.looks);
    if (stays && stay.seen >= seconds && (longest == nullptr || stay.since < longest->since)) longest = &stay;
  }
  auto event = lasting_.see(seconds, longest == nullptr ? 0 : static_cast<double>(longest->score));
  if (event && event->began && longest != nullptr) event->since = longest->since;
  return event;
}

std::optional<PresenceEvent> AreaJudge::see(double seconds, const std::vector<std::pair<cv::Rect2f, float>>& things, const cv::Mat& grey) {
  if (!limits_.brightness && limits_.least == 1) return see_stays(seconds, things);
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
