// Parking spaces: which of the marked slots hold a car.
#pragma once
#include <deque>
#include <map>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "vision/detectors/object_finder.hpp"

namespace lifang::vision {

struct Slot {
  std::string id;
  std::vector<cv::Point2f> polygon;  ///< in the picture, on the ground
  std::string building{};            ///< the place whose cars stand there
};

struct SlotState {
  std::string id;
  bool occupied = false;
  bool known = false;  ///< false until the first votes agree
  float score = 0;  ///< how much speaks for a car, 0–1
};

/// How much speaks for a car in each slot of one frame: every vehicle is given to the slot that it covers best, and
/// counts with its score times how well it fits.
std::vector<float> slot_scores(const std::vector<Slot>& slots, const std::vector<FoundObject>& found);

/// A slot changes when three frames in a row say so: a car that drives past, or a person in the way, is no parking. So it is with its first
/// state too.
class ParkingVotes {
 public:
  explicit ParkingVotes(float threshold, std::size_t votes = 3) : threshold_(threshold), votes_(votes) {}
  /// States after this frame.
  std::vector<SlotState> judge(const std::vector<Slot>& slots, const std::vector<float>& scores);

 private:
  struct Memory {
    std::optional<bool> occupied;
    bool last = false;
    std::size_t equal = 0;  ///< frames in a row that say `last`
  };
  float threshold_;
  std::size_t votes_;
  std::map<std::string, Memory> memory_;
};

struct SlotCount {
  int free = 0, occupied = 0, unknown = 0;
  int total() const { return free + occupied + unknown; }
};
/// How many slots of each building are free; slots without one count under "". `states` stand in the order of `slots`.
std::map<std::string, SlotCount> count_slots(const std::vector<Slot>& slots, const std::vector<SlotState>& states);
/// What a `parking_changed` says (a JSON object): free, occupied, unknown and total of all, the same of each building that is named, and the
/// known slots, true where taken. Empty while nothing is known.
std::string parking_words(const std::vector<Slot>& slots, const std::vector<SlotState>& states);

}  // namespace lifang::vision
