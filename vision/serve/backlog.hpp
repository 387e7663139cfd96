// How far whoever reads a live stream lags behind it, and whether pictures must be passed over to catch up.
#pragma once
#include <algorithm>
#include <limits>

namespace lifang::vision {

/// A stream that is read too slowly waits in the network: its packets come later and later by a clock that does not step. Against the
/// promptest packet of the last five to ten minutes, because no two clocks run alike for days.
class Backlog {
 public:
  static constexpr double most_s = 2, caught_up_s = 0.5;
  /// Passing over that has not helped for so long does not help: the camera itself had paused.
  static constexpr double patience_s = 10, window_s = 300;

  /// `seconds` of the stream, `now` of a steady clock. @returns whether to pass over.
  bool see(double seconds, double now) {
    const double late = now - seconds;
    if (now - window_began_ >= window_s) {
      before_ = best_;
      best_ = std::numeric_limits<double>::infinity();
      window_began_ = now;
    }
    best_ = std::min(best_, late);
    delay_ = late - std::min(best_, before_);
    if (delay_ > most_s && !behind_) {
      behind_ = true;
      behind_since_ = now;
    } else if (behind_ && now - behind_since_ > patience_s) {
      best_ = before_ = late;
      delay_ = 0;
    }
    if (delay_ < caught_up_s) behind_ = false;
    return behind_;
  }
  double delay() const { return delay_; }
  bool behind() const { return behind_; }

 private:
  double best_ = std::numeric_limits<double>::infinity(), before_ = best_;
  double window_began_ = -window_s, behind_since_ = 0, delay_ = 0;
  bool behind_ = false;
};

}  // namespace lifang::vision
