// Judgements that only ask who or what is there: a post that is left, an e-bike in a lift.
#pragma once
#include <deque>
#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "vision/judges/gaps.hpp"

namespace lifang::vision {

struct PresenceEvent {
  bool began = true;   ///< false: it is over
  double since = 0;    ///< seconds at which it began to be so
  double seconds = 0;  ///< now
  double score = 0;    ///< of an e-bike: 1 − Π(1 − score) of the pictures that voted
};

/// Off duty: nobody's feet in the zone for `absent_s` while somebody ought to be there. Two looks in a row end it.
/// Where the looks have a gap, the time begins anew: nobody saw whether the post was empty.
class DutyJudge {
 public:
  explicit DutyJudge(double absent_s) : absent_s_(absent_s) {}
  /// `on_duty`: what the roster says of this minute.
  std::optional<PresenceEvent> see(double seconds, bool present, bool on_duty);

 private:
  double absent_s_;
  double last_seen_ = -1, first_look_ = -1;
  Gaps gaps_;
  int looks_present_ = 0;
  bool absent_ = false;
};

/// How a second look (second_look.hpp) stands beside the detector. In its shadow time it is only written down.
struct SecondWord {
  double threshold = 0.5;
  bool decides = false;  ///< an alarm needs it too; switched on by the operator
};

struct EbikeEvent : PresenceEvent {
  std::optional<double> second;  ///< mean of the second looks at the pictures that voted
  bool agrees = true;            ///< reached its threshold, or there was none
  bool told = true;              ///< false: the second look withheld what the detector alone would have told
};

/// E-bike in a lift: votes of several pictures within a window, because one picture takes a pram or a wheelchair
/// for a bicycle now and then. Where a second look decides, their mean must reach its threshold too; what it withholds is an event as well,
/// and it may come round while the thing stands there.
class EbikeJudge {
 public:
  EbikeJudge(double window_s, std::size_t votes, double clear_s, std::optional<SecondWord> second = {})
      : window_s_(window_s), votes_(votes), clear_s_(clear_s), second_(second) {}
  /// `score`: of the best two-wheeler in this picture, 0 when there is none above the threshold; `second`: of the second look at it.
  std::optional<EbikeEvent> see(double seconds, double score, std::optional<double> second = {});
  /// How sure it is that what was told stands there: the surest three seconds since it came in; 0 while nothing is told.
  double sure() const { return told_ ? sure_ : 0; }

 private:
  double together() const;
  EbikeEvent began(double seconds) const;

  double window_s_;
  std::size_t votes_;
  double clear_s_;
  std::optional<SecondWord> second_;
  struct Vote {
    double seconds, score;
    std::optional<double> second;
  };
  std::deque<Vote> seen_;
  bool inside_ = false, told_ = false;
  double since_ = 0, last_ = 0, sure_ = 0;
  Gaps gaps_;
};

/// The side of the door of a lift. What came in was seen there; a poster, a picture on the wall or what the mirror shows never was. Each thing is followed
/// from look to look; one that was lost for a minute must come through the door again.
class DoorSide {
 public:
  explicit DoorSide(std::vector<cv::Point> door) : door_(std::move(door)) {}
  /// @returns for each box whether it came in. Without a door all did.
  std::vector<bool> see(double seconds, const std::vector<cv::Rect2f>& things);

 private:
  struct Thing {
    cv::Rect2f box;
    double seen = 0;
    bool came_in = false;
  };
  std::vector<cv::Point> door_;
  std::vector<Thing> things_;
};

/// Whether a person or thing with this box stands in one of the zones (feet: the middle of its lower edge; the whole picture when there are none).
bool stands_in(const cv::Rect2f& person, const std::vector<std::vector<cv::Point>>& zones);

}  // namespace lifang::vision
