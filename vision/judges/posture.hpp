// A person who fell: from the posture of each look and how fast it came about.
#pragma once
#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "vision/judges/gaps.hpp"

namespace lifang::vision {

/// One person in one look.
struct Posture {
  cv::Rect2f box;
  float tilt = 0;   ///< degrees of the line hips → shoulders from the vertical, 0–180
  float score = 0;  ///< of the joints that the tilt was read from
};

struct FallLimits {
  double tilt = 45;         ///< degrees from which a trunk lies
  double drop = 0.35;       ///< of the height when upright, by which the middle sinks …
  double within_s = 2;      ///< … within so long: a fall, not a lying down
  double down_s = 5;        ///< and stays down: who gets up at once needs nobody
  double lying_s = 60;      ///< lying for so long is told even if nobody saw the fall
  double least_score = 0.3;
  double up_s = 2;          ///< who fell is up again after so long upright: a helper who bends over them is not them
  double unseen_s = 60;     ///< who fell and is not found any more (under a blanket, behind a helper) lies there for so long
};

struct FallenEvent {
  bool began = true;    ///< false: up again, or helped away
  bool seen_falling = false;
  double since = 0, seconds = 0;
  float tilt = 0;
  cv::Rect2f box;
  std::size_t person = 0;  ///< the same number when it begins and when it is over
};

/// Three tests of Chen, Jiang, Guo, Ni, "Fall Detection Based on Key Points of Human-Skeleton Using OpenPose", Symmetry
/// 12(5), 2020: the speed with which the middle of the body sinks, the angle of the trunk with the ground, and width over
/// height of the body's box; told only when the person does not get up. The sinking is measured in heights of that person,
/// because a camera knows no metres.
class PostureJudge {
 public:
  explicit PostureJudge(FallLimits limits) : limits_(limits) {}
  std::vector<FallenEvent> see(double seconds, const std::vector<Posture>& people);
  bool stands() const;

 private:
  struct Person {
    cv::Rect2f box;
    double seen = 0;
    float upright = 0;             ///< height of the box when last upright, pixels
    double upright_at = -1;
    float upright_middle = 0;      ///< row of its middle then
    double down_since = -1;
    bool fell = false, told = false;
    double up_since = -1;
    std::size_t number = 0;
  };
  bool lies(const Posture& posture) const;
  Person& whose(const Posture& posture, double seconds);
  std::optional<FallenEvent> stand_up(Person& person, const Posture& posture, double seconds);
  std::optional<FallenEvent> judge(Person& person, const Posture& posture, double seconds);

  FallLimits limits_;
  std::vector<Person> people_;
  std::size_t numbers_ = 0;
  Gaps gaps_;
};

}  // namespace lifang::vision
