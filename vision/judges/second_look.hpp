// The second look: whether what the detector took for a two-wheeler is one, as this site's own labelled pictures teach. A linear
// model on the crop of the box, simple enough to be read, taught in seconds and proved on other days.
//
// Features: histograms of oriented gradients (Dalal and Triggs, CVPR 2005: 64×64 pixels, cells of 8, 9 unsigned directions, blocks of
// 2×2 cells, L2-Hys at 0.2) and coarse colour (means of L*a*b* and the deviation of L* over 4×4 fields). Model: logistic regression,
// both classes weighed alike, with an L2 penalty (Bishop, Pattern Recognition and Machine Learning, 2006, §4.3.2).
#pragma once
#include <filesystem>
#include <opencv2/core.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/describe.hpp"
#include "base/time.hpp"

namespace lifang::vision {

inline constexpr std::size_t second_look_features = 7 * 7 * 36 + 4 * 4 * 4;

/// Of the square around `box`, a fifth wider than its longer side; what lies beyond the picture repeats its edge.
std::vector<float> second_look_at(const cv::Mat& bgr, const cv::Rect2f& box);

/// One labelled candidate.
struct LabelledLook {
  std::vector<float> features;  ///< second_look_features long
  bool ebike = false;
  std::string lift, day;  ///< where and when: what shares one of them is never on both sides of a comparison
};

/// What the guards' words and the model's said, counted over pictures.
struct LookTable {
  std::int64_t hit = 0, missed = 0, false_alarm = 0, quiet = 0;
  std::int64_t all() const { return hit + missed + false_alarm + quiet; }
};
BOOST_DESCRIBE_STRUCT(LookTable, (), (hit, missed, false_alarm, quiet))

/// A linear model; `score` is 0–1.
struct LinearLook {
  std::vector<float> weights;  ///< second_look_features long
  float bias = 0;
  double score(std::span<const float> features) const;
  /// Deterministic. Needs one look of each kind at least. `which`: the samples that teach, by number.
  static LinearLook taught(const std::vector<LabelledLook>& looks, std::span<const std::size_t> which);
};

/// What a model file says of itself.
struct LearnedFrom {
  Time at{};
  std::int64_t ebikes = 0, others = 0, lifts = 0, days = 0;
  bool other_lifts = false;  ///< scored on other lifts too, not on other days alone
  LookTable table;           ///< held out
};
BOOST_DESCRIBE_STRUCT(LearnedFrom, (), (at, ebikes, others, lifts, days, other_lifts, table))

/// A taught model with its threshold, as its file holds it.
class SecondLook {
 public:
  SecondLook(LinearLook model, double threshold, LearnedFrom learned);
  double score(const cv::Mat& bgr, const cv::Rect2f& box) const { return model_.score(second_look_at(bgr, box)); }
  double threshold() const { return threshold_; }
  const LearnedFrom& learned() const { return learned_; }

  /// One JSON object: format, features, threshold, bias, weights, learned, and the SHA-256 of all that.
  std::string text() const;
  /// Throws Refusal as reflect does (the field that is off), and invalid vision.second_look: of another format or other features,
  /// weights of another number, a threshold outside 0–1, or a sum that does not fit (/sha256).
  static SecondLook read(std::string_view text);
  /// The same of a file; also missing vision.second_look, and too_large.
  static SecondLook load(const std::filesystem::path& file);
  /// Throws Refusal unavailable vision.second_look. The file is there whole or not at all.
  void save(const std::filesystem::path& file) const;

 private:
  LinearLook model_;
  double threshold_;
  LearnedFrom learned_;
};

}  // namespace lifang::vision
