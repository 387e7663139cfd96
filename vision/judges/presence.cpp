#include "vision/judges/presence.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

namespace lifang::vision {

std::optional<PresenceEvent> DutyJudge::see(double seconds, bool present, bool on_duty) {
  const bool gap = gaps_.before(seconds);
  if (first_look_ < 0 || !on_duty || (gap && !absent_)) first_look_ = last_seen_ = seconds;
  if (gap) looks_present_ = 0;
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

double EbikeJudge::together() const {
  double none = 1;  // that every picture was wrong
  for (const Vote& vote : seen_) none *= 1 - vote.score;
  return 1 - none;
}

EbikeEvent EbikeJudge::began(double seconds) const {
  double sum = 0;  // of the second looks
  int looks = 0;
  for (const Vote& vote : seen_) {
    if (!vote.second) continue;
    sum += *vote.second;
    ++looks;
  }
  EbikeEvent out{{true, since_, seconds, together()}, {}, true, true};
  if (!second_ || looks == 0) return out;
  out.second = sum / looks;
  out.agrees = *out.second >= second_->threshold;
  out.told = out.agrees || !second_->decides;
  return out;
}

std::optional<EbikeEvent> EbikeJudge::see(double seconds, double score, std::optional<double> second) {
  if (gaps_.before(seconds)) last_ = seconds;  // it is gone only when looks without it say so
  if (score > 0) {
    seen_.push_back({seconds, score, second});
    last_ = seconds;
  }
  while (!seen_.empty() && seconds - seen_.front().seconds > window_s_) seen_.pop_front();
  if (told_) sure_ = std::max(sure_, together());
  if (seen_.size() >= votes_ && !told_) {
    const bool first = !std::exchange(inside_, true);
    if (first) since_ = seen_.front().seconds;
    const EbikeEvent event = began(seconds);
    told_ = event.told;
    sure_ = event.score;
    if (first || told_) return event;
  }
  if (inside_ && seconds - last_ >= clear_s_) {
    inside_ = false;
    return EbikeEvent{{false, since_, seconds, 1}, {}, true, std::exchange(told_, false)};
  }
  return std::nullopt;
}

namespace {

constexpr double lost_s = 60;  // people stand before it; it stands in the cabin all the same

/// Between two looks a thing is pushed by less than its own size; in a minute somebody may have turned it round where it stands.
bool is_same_thing(const cv::Rect2f& a, const cv::Rect2f& b) {
  const cv::Point2f apart = (a.tl() + a.br() - b.tl() - b.br()) * 0.5F;
  return std::hypot(apart.x, apart.y) < 0.8F * std::max({a.width, a.height, b.width, b.height});
}

}  // namespace

std::vector<bool> DoorSide::see(double seconds, const std::vector<cv::Rect2f>& things) {
  if (door_.empty()) return std::vector<bool>(things.size(), true);
  std::erase_if(things_, [&](const Thing& thing) { return seconds - thing.seen >= lost_s; });
  std::vector<bool> out;
  for (const cv::Rect2f& box : things) {
    const cv::Point2f middle(box.x + box.width / 2, box.y + box.height / 2);
    const bool at_door = stands_in(box, {door_}) || cv::pointPolygonTest(door_, middle, false) >= 0;
    Thing* same = nullptr;
    for (Thing& thing : things_)
      if (thing.seen < seconds && is_same_thing(thing.box, box) && (same == nullptr || (thing.box & box).area() > (same->box & box).area())) same = &thing;
    if (same == nullptr) same = &things_.emplace_back();
    same->box = box;
    same->seen = seconds;
    same->came_in = same->came_in || at_door;
    out.push_back(same->came_in);
  }
  return out;
}

bool stands_in(const cv::Rect2f& person, const std::vector<std::vector<cv::Point>>& zones) {
  const cv::Point2f feet(person.x + person.width / 2, person.y + person.height);
  return zones.empty() || std::any_of(zones.begin(), zones.end(), [&](const auto& zone) {
           return cv::pointPolygonTest(zone, feet, false) >= 0;
         });
}

}  // namespace lifang::vision
