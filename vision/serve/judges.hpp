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
      : motion(pixels_of(view.shields)), bag(bag_of(view)), duty(view.duty.absent_s), second_look(std::move(second)),
        ebike(judge_of(view.ebike, second_look)), door(pixels_of(view.ebike.door)),
        parking(static_cast<float>(view.parking.threshold)),
        fall(limits_of(view.fall)), face(limits_of(view.face)), plates(limits_of(view.plates)), areas(areas_of(view)),
        bins(std::move(fresh_bins)), holding(repeat_s) {}
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
  /// One of them forgets what it has seen, because its hour begins or ends; the others go on.
  void begin_anew(Judgement judgement, const View& view, const std::vector<BinJudge>& fresh_bins) {
    switch (judgement) {
      case Judgement::falling:
        motion = FacadeMotion(pixels_of(view.shields));
        falling.reset();
        break;
      case Judgement::ebike:
        ebike = judge_of(view.ebike, second_look);
        door = DoorSide(pixels_of(view.ebike.door));
        break;
      case Judgement::bag: bag = bag_of(view); break;
      case Judgement::duty: duty = DutyJudge(view.duty.absent_s); break;
      case Judgement::parking:
        parking = ParkingVotes(static_cast<float>(view.parking.threshold));
        spaces.clear();
        break;
      case Judgement::plates: plates = PlateTracks(limits_of(view.plates)); break;
      case Judgement::areas: areas = areas_of(view); break;
      case Judgement::bins: bins = fresh_bins; break;
      case Judgement::fall: fall = PostureJudge(limits_of(view.fall)); break;
      case Judgement::face: face = FaceGate(limits_of(view.face)); break;
    }
  }
  /// A new stream of the same pictures: what falls along a façade is tracked anew.
  void resume() {
    resumed = last >= 0;
    falling.reset();
  }
  bool resumed = false;
  double shift = 0, last = -1;
  Time looked{};

 private:
  static BagJudge bag_of(const View& view) {
    return {{view.bag.still_s, view.bag.alone_s, view.bag.least_area, view.bag.most_area}, pixels_of(view.zones)};
  }
  static std::vector<AreaJudge> areas_of(const View& view) {
    std::vector<AreaJudge> out;
    for (const AreaWords& area : view.areas) out.push_back(judge_of(area));
    return out;
  }
};

}  // namespace lifang::vision
