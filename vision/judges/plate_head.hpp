// The plate head: a linear layer taught on plates that re-weighs letters and digits, because the recogniser
// was taught on print, where 0 beside digits is never D. Provinces are left alone: pictures of one city
// would teach it that every car comes from there.
#pragma once
#include <cstddef>
#include <filesystem>
#include <vector>

namespace lifang::vision {

/// Letters and digits in the order of plate_symbols(): symbols 31 to 66.
inline constexpr std::size_t head_symbols = 36;
inline constexpr std::size_t head_first_symbol = 31;

/// One column of the recogniser at a character whose identity is known.
struct HeadSample {
  std::vector<float> features;                 ///< see PlateReader::Sight
  std::vector<float> log_symbols;              ///< log probability of each letter and digit, head_symbols long
  std::size_t truth = 0;                       ///< 0 to head_symbols − 1
};

class PlateHead {
 public:
  /// A head that changes nothing.
  explicit PlateHead(std::size_t feature_count) : features_(feature_count), weights_(head_symbols * (feature_count + 1)) {}

  /// Redistributes the probabilities of letters and digits; their sum stays.
  void apply(const std::vector<float>& features, float* letters_and_digits) const;

  /// Softmax regression on top of the recogniser's own logits, classes weighed alike, with `decay` pulling
  /// towards changing nothing. Deterministic.
  static PlateHead train(const std::vector<HeadSample>& samples, float decay, int epochs);

  /// Little-endian floats, head_symbols rows of features + 1. Throws Refusal (invalid, "vision.plate_head") on another size.
  static PlateHead load(const std::filesystem::path& file, std::size_t feature_count);
  void save(const std::filesystem::path& file) const;

 private:
  void scores(const std::vector<float>& features, float* out) const;
  std::size_t features_;
  std::vector<float> weights_;
};

}  // namespace lifang::vision
