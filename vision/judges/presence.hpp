// Judgements that only ask who or what is there: a post that is left, an e-bike in a lift.
#pragma once
#include <deque>
#include <opencv2/core.hpp>
#include <optional>
#include <vector>

namespace lifang::vision {

struct PresenceEvent {
  bool began = true;   ///< false: it is over
  double since = 0;    ///< seconds at which it began to be so
  double seconds = 0;  ///< now
  double score = 0;    ///< of an e-bike: 1 − Π(1 − score) of the pictures that voted
};

/// Off duty: nobody's feet in the zone for `absent_s` while somebody ought to be there. Two looks in a row end it.
class DutyJudge {
 public:
  explicit DutyJudge(double absent_s) : absent_s_(absent_s) {}
  /// `on_duty`: what the roster says of this minute.
  std::optional<PresenceEvent> see(double seconds, bool present, bool on_duty);

 private:
  double absent_s_;
  double last_seen_ = -1, first_look_ = -1;
  int looks_present_ = 0;
  bool absent_ = false;
};

/// E-bike in a lift: votes of several pictures within a window, because one picture takes a pram or a wheelchair
/// for a bicycle now and then.
class EbikeJudge {
 public:
  EbikeJudge(double window_s, std::size_t votes, double clear_s) : window_s_(window_s), votes_(votes), clear_s_(clear_s) {}
  /// `score`: of the best two-wheeler in this picture, 0 when there is none above the threshold.
  std::optional<PresenceEvent> see(double seconds, double score);

 private:
  double window_s_;
  std::size_t votes_;
  double clear_s_;
  struct Vote {
    double seconds, score;
  };
  std::deque<Vote> seen_;
  bool inside_ = false;
  double since_ = 0, last_ = 0;
};

/// Whether a person with this box stands in one of the zones (feet: the middle of its lower edge; the whole picture when there are none).
bool stands_in(const cv::Rect2f& person, const std::vector<std::vector<cv::Point>>& zones);

}  // namespace lifang::vision
