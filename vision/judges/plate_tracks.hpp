// Plates over time: each plate in view is a track of its own, and several looks at it vote before it is told.
#pragma once
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "vision/judges/plate_decode.hpp"

namespace lifang::vision {

struct PlateLimits {
  double least_score = 0.8;       ///< of the vote
  std::size_t looks = 3;          ///< that vote before a plate is told
  double forget_s = 8;            ///< a plate unseen for so long has left; when it comes back it is told again
  std::vector<std::string> list;  ///< plates that are known here; a reading within one edit of exactly one of them is taken for it
};

/// One plate in one look.
struct PlateLook {
  PlateText text;
  cv::Rect2f box;                   ///< pixels
  std::vector<PlateColumns> views;  ///< as the recogniser saw it; none: only the text votes
};

struct PlateEvent {
  std::string plate;  ///< as the list has it, else as read
  std::string read;
  float score = 0;
  std::optional<bool> listed;  ///< none: there is no list
  double since = 0, seconds = 0;
  std::size_t looks = 0;
  cv::Rect2f box;  ///< in the last look
};

/// Pure. Told once a visit.
class PlateTracks {
 public:
  explicit PlateTracks(PlateLimits limits) : limits_(std::move(limits)) {}
  std::vector<PlateEvent> see(double seconds, const std::vector<PlateLook>& found);

 private:
  struct Track {
    std::vector<PlateLook> best;  ///< the surest looks, few: they vote
    std::string text;             ///< of the last look
    cv::Rect2f box;
    double since = 0, seen = 0;
    std::size_t looks = 0;
    bool told = false;
  };
  Track& whose(const PlateLook& look, double seconds);
  std::optional<PlateEvent> judge(Track& track, double seconds) const;
  PlateLimits limits_;
  std::vector<Track> tracks_;
};

/// The text that the looks together find most likely; without columns the text with the largest sum of scores.
PlateText vote_looks(const std::vector<PlateLook>& looks);

}  // namespace lifang::vision
