// Gaps in looking: minutes that nobody watched are no evidence of anything.
#pragma once
#include <algorithm>

namespace lifang::vision {

/// Two looks that lie further apart than this stream's looks usually do, with several seconds as the least and half a minute as the most,
/// have a gap between them. A judge that is given few looks (a full machine, one picture in ten seconds) gets used to it.
class Gaps {
 public:
  /// Whether there was a gap just before this look.
  bool before(double seconds) {
    const double apart = last_ < 0 ? 0 : seconds - last_;
    last_ = seconds;
    const bool gap = apart < 0 || apart > std::clamp(3 * usual_, kLeast, kMost);
    if (apart >= 0) usual_ += 0.3 * (std::min(apart, kMost) - usual_);
    return gap;
  }

 private:
  static constexpr double kLeast = 5, kMost = 30;
  double last_ = -1, usual_ = 0;
};

}  // namespace lifang::vision
