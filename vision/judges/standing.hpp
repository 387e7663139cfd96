// What must hold for a while before it is told, and be gone for a while before it is over: areas, bins.
#pragma once
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "vision/judges/gaps.hpp"
#include "vision/judges/presence.hpp"

namespace lifang::vision {

/// A condition over time. It begins once it has held for `for_s` (looks without it up to `clear_s` apart are forgiven,
/// because detectors blink) and is over after `clear_s` without it. A gap in looking begins both times anew.
class Standing {
 public:
  Standing(double for_s, double clear_s) : for_s_(for_s), clear_s_(clear_s) {}
  /// `score`: of this look, 0 where the condition does not hold.
  std::optional<PresenceEvent> see(double seconds, double score);
  /// Something spoke against it: what has not been told begins its time anew.
  void contradict() {
    if (!stands_) since_ = -1;
  }
  bool stands() const { return stands_; }

 private:
  double for_s_, clear_s_;
  Gaps gaps_;
  double since_ = -1, last_ = -1, best_ = 0;
  bool stands_ = false;
};

/// What an area is watched for: a class of things (a blocked fire lane), many of them (a crowd), somebody who stays
/// (loitering), or light where nobody is (lights left on).
struct AreaLimits {
  std::size_t least = 1;                ///< so many things of the classes at once
  double for_s = 60, clear_s = 20;
  std::optional<double> brightness;     ///< mean of 0–255 from which a place counts as lit; then nobody may be there
  bool moves = false;                   ///< somebody who walks about counts too; else only what does not move
};

/// One area of a picture. Where one thing is enough (a lane, loitering) it must be the same one for `for_s`, followed from look to look: a hundred
/// who pass are none who stays.
class AreaJudge {
 public:
  AreaJudge(AreaLimits limits, std::vector<cv::Point> zone) : limits_(limits), zone_(std::move(zone)), standing_(limits.for_s, limits.clear_s), lasting_(0, limits.clear_s) {}
  /// `things`: boxes and scores of the area's classes in the whole picture; for lit areas the persons. `grey`: brightness.
  std::optional<PresenceEvent> see(double seconds, const std::vector<std::pair<cv::Rect2f, float>>& things, const cv::Mat& grey);
  bool stands() const { return standing_.stands() || lasting_.stands(); }

 private:
  /// One thing in the zone.
  struct Stay {
    cv::Rect2f box;  ///< where it was seen last; of what may not move: first
    cv::Point2f velocity;  ///< pixels a second; two who pass each other go on as they went
    double since = 0, seen = 0;
    std::size_t looks = 0, hits = 0;  ///< since it came, and those in which it was found
    float score = 0;
  };
  std::optional<PresenceEvent> see_stays(double seconds, const std::vector<std::pair<cv::Rect2f, float>>& things);
  void follow(double seconds, const std::vector<std::pair<cv::Rect2f, float>>& things);
  void found_again(Stay& stay, double seconds, const std::pair<cv::Rect2f, float>& thing) const;
  double score(const std::vector<std::pair<cv::Rect2f, float>>& things, const cv::Mat& grey) const;
  AreaLimits limits_;
  std::vector<cv::Point> zone_;
  Standing standing_, lasting_;
  std::vector<Stay> stays_;
  Gaps gaps_;
};

struct BinLimits {
  double full = 0.6, emptied = 0.3;  ///< share of the mouth that no longer looks as when it was empty
  double for_s = 20;                 ///< a lid, a hand, a passing coat are not a full bin
};

/// Full bin: the mouth of the bin against its picture when it was empty, at equal light. How bright it is is read from
/// what lies around the mouth, so that lamps and clouds do not fill bins. A level sensor, where there is one, has the last
/// word at the node. Looks that say nothing, and gaps in looking, begin the time anew once they have lasted some seconds.
class BinJudge {
 public:
  /// `mouth`: what lies above the rim; `empty`: brightness of the whole picture with the bin empty.
  BinJudge(BinLimits limits, std::vector<cv::Point> mouth, const cv::Mat& empty);
  /// `somebody`: a person stands before it; such looks say nothing.
  std::optional<PresenceEvent> see(double seconds, const cv::Mat& grey, bool somebody);
  /// 0–1, of the last look that counted.
  double level() const { return level_; }
  bool stands() const { return full_; }

 private:
  cv::Mat cut(const cv::Mat& grey) const;
  BinLimits limits_;
  cv::Rect around_;
  cv::Mat mouth_, rim_, empty_;  ///< of `around_`; masks are 255 where they count
  double light_ = 1;             ///< mean of the rim when it was empty
  Gaps gaps_;
  double level_ = 0, since_ = -1;
  bool full_ = false;
};

}  // namespace lifang::vision
