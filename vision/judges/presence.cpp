#include "vision/judges/presence.hpp"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace lifang::vision {

std::optional<PresenceEvent> DutyJudge::see(double seconds, bool present, bool on_duty) {
  if (first_look_ < 0 || !on_duty) first_look_ = last_seen_ = seconds;
  looks_present_ = present ? looks_present_ + 1 : 0;
  // One look is enough to spare somebody an alarm, two are needed to end one.
  if (present && !absent_) last_seen_ = seconds;
  if (absent_ && (looks_present_ >= 2 || !on_duty)) {
    absent_ = false;
    const double since = last_seen_;
    last_seen_ = seconds;
    return PresenceEvent{false, since, seconds, 1};
  }
  if (!absent_ && on_duty && seconds - last_seen_ >= absent_s_) {
    absent_ = true;
    return PresenceEvent{true, last_seen_, seconds, 1};
  }
  return std::nullopt;
}

std::optional<PresenceEvent> EbikeJudge::see(double seconds, double score) {
  if (score > 0) {
    seen_.push_back({seconds, score});
    last_ = seconds;
  }
  while (!seen_.empty() && seconds - seen_.front().seconds > window_s_) seen_.pop_front();
  if (!inside_ && seen_.size() >= votes_) {
    inside_ = true;
    since_ = seen_.front().seconds;
    double none = 1;  // that every picture was wrong
    for (const Vote& vote : seen_) none *= 1 - vote.score;
    return PresenceEvent{true, since_, seconds, 1 - none};
  }
  if (inside_ && seconds - last_ >= clear_s_) {
    inside_ = false;
    return PresenceEvent{false, since_, seconds, 1};
  }
  return std::nullopt;
}

bool stands_in(const cv::Rect2f& person, const std::vector<std::vector<cv::Point>>& zones) {
  const cv::Point2f feet(person.x + person.width / 2, person.y + person.height);
  return zones.empty() || std::any_of(zones.begin(), zones.end(), [&](const auto& zone) {
           return cv::pointPolygonTest(zone, feet, false) >= 0;
         });
}

}  // namespace lifang::vision
