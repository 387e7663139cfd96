// How well a second look does on lifts and days that did not teach it, and where its threshold lies: pure, labelled looks in, a verdict out.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "vision/judges/second_look.hpp"

namespace lifang::vision {

/// Fewer are refused: with less, what is held out says nothing.
struct LeastLooks {
  std::size_t of_each = 60;   ///< pictures of e-bikes, and of others
  std::size_t days = 3;       ///< with an e-bike, and with something else
};

struct LookTrial {
  LookTable table;            ///< each look judged by a model and a threshold that saw neither its day nor, if `other_lifts`, its lift
  LookTable detector;         ///< the same looks if every candidate is believed, as without a second look
  std::size_t not_scored = 0; ///< what was left to teach on lacked one of the kinds
  bool other_lifts = false;   ///< three lifts or more had e-bikes
  std::size_t lifts = 0, days = 0, ebikes = 0, others = 0;
  double threshold = 0.5;     ///< for the model that is taught on all
};

/// 19 of 20 e-bikes are still believed (a missed e-bike burns, a false alarm annoys): half-way from the last of them down to the next that is none,
/// so that kinds that lie far apart are parted in the middle; between 0.02 and 0.98.
/// `scores`: of looks that the model did not learn from, with their truth. Without an e-bike 0.5.
double threshold_of(const std::vector<std::pair<double, bool>>& scores);

/// What there is too little of; empty: enough.
std::string too_few(const std::vector<LabelledLook>& looks, const LeastLooks& least = {});

/// Lifts and days are cut into three parts each (days in their order). What is judged shares no day with what taught, and no lift
/// where three lifts or more have e-bikes; the threshold comes from a third group that shares none with either. Deterministic.
/// Throws Refusal invalid vision.too_few.
LookTrial try_looks(const std::vector<LabelledLook>& looks, const LeastLooks& least = {});

}  // namespace lifang::vision
