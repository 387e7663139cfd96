#include "vision/judges/standing.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <tuple>

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

/// How unlike two boxes of persons are, in heights: feet and size count twice, because who passes in front or behind stands nearer or
/// further and is larger or smaller. None: too far for one person in `lost` seconds.
std::optional<double> apart_as_persons(const cv::Rect2f& a, const cv::Rect2f& b, double lost) {
  const double height = static_cast<double>(std::max({a.height, b.height, 1.0F}));
  const double aside = static_cast<double>(a.x + a.width / 2 - b.x - b.width / 2) / height;
  const double feet = static_cast<double>(a.y + a.height - b.y - b.height) / height, larger = static_cast<double>(a.height - b.height) / height;
  const double apart = std::sqrt(aside * aside + 4 * feet * feet + 4 * larger * larger);
  if (apart >= std::min(0.25 + 0.25 * lost, 0.75)) return std::nullopt;
  return apart + 0.05 * lost;
}

}  // namespace

void AreaJudge::found_again(Stay& stay, double seconds, const std::pair<cv::Rect2f, float>& thing) const {
  const cv::Rect2f& box = thing.first;
  if (limits_.moves) {
    const cv::Point2f went = (box.tl() + box.br() - stay.box.tl() - stay.box.br()) * (0.5 / std::max(seconds - stay.seen, 0.05));
    stay.velocity = stay.hits == 1 ? went : stay.velocity * 0.7F + went * 0.3F;
    stay.box = box;
  }
  stay.seen = seconds;
  ++stay.hits;
  stay.score = thing.second;
}

/// All pairs at once, the likeliest first: by turns, who passes would take the place of who stands.
void AreaJudge::follow(double seconds, const std::vector<std::pair<cv::Rect2f, float>>& things) {
  std::vector<std::tuple<double, std::size_t, std::size_t>> pairs;  // how unlike, which stay, which thing
  for (std::size_t i = 0; i < stays_.size(); ++i)
    for (std::size_t k = 0; k < things.size(); ++k) {
      const double lost = seconds - stays_[i].seen;
      const cv::Rect2f there = stays_[i].box + stays_[i].velocity * static_cast<float>(std::min(lost, a_step_s));
      const float shared = overlap(there, things[k].first);
      const auto apart = limits_.moves ? apart_as_persons(there, things[k].first, lost) : shared >= same_place ? std::optional(1.0 - static_cast<double>(shared)) : std::nullopt;
      if (apart) pairs.emplace_back(*apart, i, k);
    }
  std::sort(pairs.begin(), pairs.end());
  std::vector<bool> taken(things.size()), found(stays_.size());
  for (const auto& [apart, stay, thing] : pairs) {
    if (taken[thing] || found[stay]) continue;
    taken[thing] = found[stay] = true;
    found_again(stays_[stay], seconds, things[thing]);
  }
  for (std::size_t k = 0; k < things.size(); ++k)
    if (!taken[k]) stays_.push_back({things[k].first, {}, seconds, seconds, 1, 1, things[k].second});
}

std::optional<PresenceEvent> AreaJudge::see_stays(double seconds, const std::vector<std::pair<cv::Rect2f, float>>& things) {
  if (gaps_.before(seconds)) {
    if (!lasting_.stands()) stays_.clear();
    for (Stay& stay : stays_) stay.seen = std::max(stay.seen, seconds - 1e-3);
  }
  for (Stay& stay : stays_) ++stay.looks;
  std::vector<std::pair<cv::Rect2f, float>> inside;
  for (const auto& thing : things)
    if (stands_in(thing.first, {zone_})) inside.push_back(thing);
  follow(seconds, inside);
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
