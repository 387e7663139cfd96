// Things left behind: what differs from the background of minutes but not from that of seconds stands still and is new.
#pragma once
#include <opencv2/core.hpp>
#include <vector>

#include "vision/judges/gaps.hpp"

namespace lifang::vision {

struct BagLimits {
  double still_s = 20, alone_s = 5;
  double least_area = 0.0008, most_area = 0.08;  ///< share of the picture
};

struct BagEvent {
  bool left = true;    ///< false: it was taken away
  double since = 0;    ///< seconds at which it came to rest
  double seconds = 0;  ///< now
  cv::Rect2f box;      ///< pixels of the picture that was given
};

/// Two running averages of brightness (Porikli et al., "Robust abandoned object detection using dual foregrounds", 2008). Where something was taken that the
/// slow one took for the floor (a thing that stood there from the start, a car that parked for minutes), a hole is left that differs and lies still as a bag
/// does. Its outline is drawn in the slow average and not in the picture (Tian et al., "Robust and efficient foreground analysis for real-time video
/// surveillance", 2005): it is no bag, and is learnt at once. What somebody hides who stands before it has not been taken yet.
class BagJudge {
 public:
  BagJudge(BagLimits limits, std::vector<std::vector<cv::Point>> zones);
  /// `grey`: 8-bit brightness, always of one size; `people`: boxes of persons now. Call 2 to 10 times a second.
  std::vector<BagEvent> see(double seconds, const cv::Mat& grey, const std::vector<cv::Rect2f>& people);

 private:
  struct Thing {
    cv::Rect box;
    double since = 0, seen = 0, lonely_since = -1;
    bool told = false;
  };
  void learn(double seconds, const cv::Mat& now);
  std::vector<cv::Rect> still_things(const cv::Mat& now);

  BagLimits limits_;
  std::vector<std::vector<cv::Point>> zones_;
  cv::Mat slow_, fast_, zone_mask_;
  double scale_ = 1, started_ = -1, before_ = -1;
  std::vector<Thing> things_;
  Gaps gaps_;
};

}  // namespace lifang::vision
