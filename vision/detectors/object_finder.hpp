// Finds objects of COCO's classes (person, bicycle, car, …) in a picture: NanoDet-g, and tiles of it for large views.
#pragma once
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "vision/models/net.hpp"

namespace lifang::vision {

/// COCO's numbers of the classes that judgements ask for.
enum class Kind { person = 0, bicycle = 1, car = 2, motorcycle = 3, bus = 5, truck = 7, backpack = 24, handbag = 26, suitcase = 28 };
BOOST_DESCRIBE_ENUM(Kind, person, bicycle, car, motorcycle, bus, truck, backpack, handbag, suitcase)

struct FoundObject {
  Kind kind = Kind::person;
  cv::Rect2f box;   ///< pixels of the picture that was asked about
  float score = 0;  ///< 0–1
};

class ObjectFinder {
 public:
  explicit ObjectFinder(const Catalog& catalog);

  /// Objects of the whole picture at once, best first. `threshold` < 0: the catalogue's.
  std::vector<FoundObject> find(const cv::Mat& picture, float threshold = -1) const;
  /// The same over square tiles of `edge` pixels that overlap by a third, for objects that are small in the view.
  std::vector<FoundObject> find_in_tiles(const cv::Mat& picture, int edge, float threshold = -1) const;

 private:
  Net net_;
  cv::Size input_;
  std::vector<std::optional<Kind>> kinds_;  ///< by the model's number of a class
};

/// What a NanoDet answered, before doubles are dropped: boxes in pixels of its input, `kind` its own number of the class.
std::vector<FoundObject> read_nanodet(const std::vector<Tensor>& out, cv::Size input, float threshold);

/// Drops boxes that overlap a better one of their kind by more than `most`.
std::vector<FoundObject> without_doubles(std::vector<FoundObject> found, float most = 0.6F);

bool is_vehicle(Kind kind);  ///< car, bus or truck

}  // namespace lifang::vision
