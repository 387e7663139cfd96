// How well two prints of one person are told from two of different persons: pure counting over distances.
#pragma once
#include <optional>
#include <vector>

namespace lifang::vision {

struct FaceRate {
  double threshold = 0;
  double rejected = 0;  ///< share of a person's own pairs that are farther
  double accepted = 0;  ///< share of strangers' pairs that are nearer
};

/// Where as many of one's own are rejected as strangers are accepted. Both lists need one distance at least.
FaceRate equal_error(std::vector<double> own, std::vector<double> strangers);
/// The largest threshold at which no more than `far` of the strangers' pairs are accepted. None where so small a share cannot be seen in so few
/// pairs: one in a thousand needs a thousand of them.
std::optional<FaceRate> at_rate(const std::vector<double>& own, std::vector<double> strangers, double far);
/// What a threshold that was chosen elsewhere does here.
FaceRate at_threshold(const std::vector<double>& own, const std::vector<double>& strangers, double threshold);

}  // namespace lifang::vision
