// What a camera's judges remember between two pictures.
#pragma once
#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "vision/judges/face_gate.hpp"
#include "vision/judges/falling.hpp"
#include "vision/judges/holding.hpp"
#include "vision/judges/plate_tracks.hpp"
#include "vision/judges/posture.hpp"
#include "vision/judges/standing.hpp"
#include "vision/serve/watch.hpp"

namespace lifang::vision {

/// Judges keep what they have seen, also over a break of the stream: their clock runs on, and what stands stands until looks say otherwise.
/// Pictures of another size begin them anew.
struct Watch::Judges {
  /// `second`: the taught second look at e-bikes, where there is one that can be read.
  /// `fresh_bins`: fresh judges of view.bins, in this order.
  Judges(const View& view, std::optional<SecondLook> second, std::vector<BinJudge> fresh_bins, double repeat_s)
      : motion(pixels_of(view.shields)),
        bag({view.bag.still_s, view.bag.alone_s, view.bag.least_area, view.bag.most_area}, pixels_of(view.zones)),
        duty(view.duty.absent_s), second_look(std::move(second)), ebike(judge_of(view.ebike, second_look)), door(pixels_of(view.ebike.door)),
        parking(static_cast<float>(view.parking.threshold)), fall(limits_of(view.fall)), face(limits_of(view.face)), plates(limits_of(view.plates)),
        bins(std::move(fresh_bins)), holding(repeat_s) {
    for (const AreaWords& area : view.areas) areas.push_back(judge_of(area));
  }
  FacadeMotion motion;
  std::optional<FallingJudge> falling;
  BagJudge bag;
  DutyJudge duty;
  std::optional<SecondLook> second_look;
  EbikeJudge ebike;
  DoorSide door;
  ParkingVotes parking;
  PostureJudge fall;
  FaceGate face;
  PlateTracks plates;
  std::vector<AreaJudge> areas;
  std::vector<BinJudge> bins;
  std::string spaces;  ///< as told last
  Holding holding;

  /// The judges' clock over this stream's: it goes on where it stood, by the time that passed meanwhile.
  double clock_of(double stream_seconds, Time now) {
    if (resumed) shift = last + std::max(0.0, std::chrono::duration<double>(now - looked).count()) - stream_seconds;
    resumed = false;
    last = stream_seconds + shift;
    looked = now;
    return last;
  }
  /// A new stream of the same pictures: what falls along a façade is tracked anew.
  void resume() {
    resumed = last >= 0;
    falling.reset();
  }
  bool resumed = false;
  double shift = 0, last = -1;
  Time looked{};
};

}  // namespace lifang::vision
