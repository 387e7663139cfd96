// Reads number plates: the text on a crop, and the plates in a whole picture.
#pragma once
#include <opencv2/core.hpp>
#include <vector>

#include "vision/detectors/text_finder.hpp"
#include "vision/judges/plate_decode.hpp"
#include "vision/judges/plate_head.hpp"
#include "vision/models/net.hpp"

namespace lifang::vision {

struct FoundPlate {
  PlateText plate;
  std::vector<cv::Point2f> corners;  ///< in the picture, clockwise from the upper left
  std::vector<PlateColumns> views;   ///< what the text was voted over: several looks at one plate vote together
};

class PlateReader {
 public:
  explicit PlateReader(const Catalog& catalog);

  /// What the recogniser sees on a crop (BGR, plate edge to edge) before the head: the columns, and for each
  /// the features of the head (scaled log probabilities of the classes that can mean something on a plate,
  /// less their mean).
  struct Sight {
    PlateColumns columns;
    std::vector<std::vector<float>> features;
  };
  Sight look(const cv::Mat& crop, float widen) const;
  /// What a picture of a plate teaches the head: the columns of the characters of `text`, in three views.
  std::vector<HeadSample> lessons(const cv::Mat& crop, const std::string& text) const;
  std::size_t head_features() const { return feature_classes_.size(); }
  void wear(PlateHead head) { head_ = std::move(head); }

  /// The text of a crop, voted over several views of it.
  PlateText read(const cv::Mat& crop) const;
  /// Plates in a whole picture, most certain first.
  std::vector<FoundPlate> find(const cv::Mat& picture) const;

 private:
  struct View {
    cv::Mat picture;
    float widen;
  };
  static std::vector<View> views(const cv::Mat& crop);
  std::vector<PlateColumns> sights(const cv::Mat& crop) const;
  PlateColumns columns(const cv::Mat& crop, float widen) const;
  Net reader_;
  TextFinder finder_;
  /// Index of the recogniser's class → 1 + symbol of the grammar (0: counts as blank), with what it is worth.
  std::vector<std::pair<std::size_t, float>> symbol_of_class_;
  std::vector<std::size_t> feature_classes_;
  PlateHead head_;
};

}  // namespace lifang::vision
