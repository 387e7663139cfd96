// Parking spaces: which of the marked slots hold a car.
#pragma once
#include <deque>
#include <map>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "vision/detectors/object_finder.hpp"

namespace lifang::vision {

struct Slot {
  std::string id;
  std::vector<cv::Point2f> polygon;  ///< in the picture, on the ground
};

struct SlotState {
  std::string id;
  bool occupied = false;
  float score = 0;  ///< how much speaks for a car, 0–1
};

/// How much speaks for a car in each slot of one frame: every vehicle is given to the slot that it covers best, and
/// counts with its score times how well it fits.
std::vector<float> slot_scores(const std::vector<Slot>& slots, const std::vector<FoundObject>& found);

/// A slot changes when three frames in a row say so: a car that drives past, or a person in the way, is no parking.
class ParkingVotes {
 public:
  explicit ParkingVotes(float threshold, std::size_t votes = 3) : threshold_(threshold), votes_(votes) {}
  /// States after this frame; the first frame of a slot decides at once.
  std::vector<SlotState> judge(const std::vector<Slot>& slots, const std::vector<float>& scores);

 private:
  struct Memory {
    bool occupied = false;
    std::size_t against = 0;
  };
  float threshold_;
  std::size_t votes_;
  std::map<std::string, Memory> memory_;
};

}  // namespace lifang::vision
