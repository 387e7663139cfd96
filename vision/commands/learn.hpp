// lifang-vision learn ebike: teaches the second look at e-bikes on a site's own labelled pictures.
#pragma once
#include <cstdio>
#include <filesystem>

namespace lifang::vision {

struct LearnWords {
  std::filesystem::path from;    ///< ebike/LIFT/DAY/PICTURE and other/LIFT/DAY/PICTURE; DAY is 2026-11-22
  std::filesystem::path out;     ///< the model file
  std::filesystem::path config;  ///< a view with `ebike.least_score` and `masks`; may be empty
  bool crops = false;            ///< each picture is the candidate from edge to edge
};

/// Where the candidate lies: PICTURE.json beside it ({"box":[x,y,width,height]}), else what the detector finds; pictures in which it finds
/// no two-wheeler are passed over and counted, because the second look would never be asked. Prints what was held out, writes `out`.
/// Throws Refusal missing vision.path, invalid vision.learn (a folder that is off), vision.too_few, unavailable vision.second_look.
void learn_ebike(const LearnWords& words, std::FILE* say);

}  // namespace lifang::vision
