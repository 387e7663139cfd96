// What a camera's judges remember between two pictures.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "vision/judges/falling.hpp"
#include "vision/judges/posture.hpp"
#include "vision/judges/standing.hpp"
#include "vision/serve/watch.hpp"

namespace lifang::vision {

/// Judges keep what they have seen; a stream that begins anew begins them anew.
struct Watch::Judges {
  /// Something that was told to begin and stands: it is told again, because the node acts on fresh evidence only.
  struct Held {
    int count = 0;  ///< several bags may lie about at once
    double told = 0, confidence = 0;
    std::string attributes;
  };
  /// `second`: the taught second look at e-bikes, where there is one that can be read.
  Judges(const View& view, std::optional<SecondLook> second)
      : motion(pixels_of(view.shields)),
        bag({view.bag.still_s, view.bag.alone_s, view.bag.least_area, view.bag.most_area}, pixels_of(view.zones)),
        duty(view.duty.absent_s), second_look(std::move(second)), ebike(judge_of(view.ebike, second_look)),
        parking(static_cast<float>(view.parking.threshold)), fall(limits_of(view.fall)) {
    for (const AreaWords& area : view.areas) areas.push_back(judge_of(area));
    for (const BinWords& bin : view.bins) bins.push_back(judge_of(bin));
  }
  FacadeMotion motion;
  std::optional<FallingJudge> falling;
  BagJudge bag;
  DutyJudge duty;
  std::optional<SecondLook> second_look;
  EbikeJudge ebike;
  ParkingVotes parking;
  PostureJudge fall;
  std::vector<AreaJudge> areas;
  std::vector<BinJudge> bins;
  std::string spaces;
  std::map<std::string, Held> held;  ///< by kind
};

}  // namespace lifang::vision
