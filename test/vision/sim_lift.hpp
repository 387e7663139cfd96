// A simulated lift: the picture of the camera above its door, into which people, prams and two-wheelers come. Seeded. All of it is
// drawn: that the detector takes the drawn bicycle for one is tested, how it fares with real lifts is not.
#pragma once
#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

#include "vision/sim_facade.hpp"

namespace lifang::vision::sim {

enum class Load { nobody, person, suitcase, bicycle };

/// Someone comes in at `from` with a load and leaves at `until` (seconds).
struct Ride {
  Load load = Load::nobody;
  double from = 0, until = 0;
};

/// D1 pictures (704×576, BGR) of a cabin, 12 a second; the same seed gives the same film.
class LiftFilm {
 public:
  LiftFilm(std::uint64_t seed, double seconds, std::vector<Ride> rides);
  static constexpr double rate = 12;
  static cv::Size size() { return {704, 576}; }
  bool next(double& seconds, cv::Mat& picture);

 private:
  void draw(cv::Mat& picture, const Ride& ride, double seconds) const;

  double seconds_;
  std::vector<Ride> rides_;
  cv::Mat cabin_;
  Chance chance_;
  cv::Scalar paint_;
  double scale_ = 1;
  long frame_ = 0;
};

}  // namespace lifang::vision::sim
