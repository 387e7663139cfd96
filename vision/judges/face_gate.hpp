// A face before a gate: somebody alone, living, and known here, over several looks. One of two factors, never a reason to open by itself.
#pragma once
#include <cstddef>
#include <deque>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "vision/judges/gaps.hpp"

namespace lifang::vision {

/// One face of one look.
struct FaceSight {
  cv::Rect2f box;
  bool good = false;     ///< large, sharp, lit and upright enough to be judged
  double living = 0;     ///< 0–1
  double nose = 0;       ///< across(): where it stands between eyes and mouth
  std::string template_id;  ///< whose template is near enough; empty: nobody's
  double distance = 0;   ///< to that template
};

struct FaceLimits {
  std::size_t looks = 3;       ///< good ones in a row that agree
  double least_living = 0.8;   ///< their mean
  double turn = 0.12;          ///< by so much the nose must have moved between eyes and mouth; 0: networks alone judge who lives
  double turn_s = 8;           ///< who is known and has not turned by then is a picture
  double threshold = 0.45;     ///< distance below which a print is that of a template
  double forget_s = 4;         ///< nobody there for so long: the visit is over
};

enum class FaceVerdict {
  known,       ///< told, with the template's id
  not_living,  ///< a picture or a screen is held up; told without a picture
  stranger,    ///< counted, never told: nothing is known of them and nothing is kept
};

struct FaceEvent {
  FaceVerdict verdict = FaceVerdict::stranger;
  double since = 0, seconds = 0;
  double confidence = 0;    ///< of known: 1 at distance 0, 0.5 at the threshold; of not_living: 1 − living
  double living = 0;
  bool flat = false;        ///< of not_living: nothing in it moved as a head does
  std::string template_id;
  cv::Rect2f box;
};

/// Where the nose stands along the eyes, in eye distances, once eyes and mouth are brought to their places. However a sheet of paper is turned, tilted
/// or moved, this stays (three points of a plane fix its affine map); on a head that turns by ten degrees the nose, a third of an eye
/// distance before them, moves by some 0.06.
double across(cv::Point2f right_eye, cv::Point2f left_eye, cv::Point2f nose, cv::Point2f mouth);

/// One verdict a visit. Who steps in from the side, a second face, or a hole in the looks begins the visit anew: what lived a moment ago says
/// nothing of the picture that is held up now. A visit in which a picture was held up knows nobody any more.
class FaceGate {
 public:
  explicit FaceGate(FaceLimits limits) : limits_(limits) {}
  /// `faces`: those that stand in the gate's zone.
  std::optional<FaceEvent> see(double seconds, const std::vector<FaceSight>& faces);

 private:
  struct Visit {
    double since = 0;
    cv::Rect2f box;
    std::deque<FaceSight> votes;
    std::vector<double> noses;  ///< of all good looks
    bool over = false;  ///< its verdict was given
    bool stranger = false;
  };
  std::optional<FaceEvent> judge(double seconds);
  bool has_turned() const;

  FaceLimits limits_;
  std::optional<Visit> visit_;
  double seen_ = 0;
  Gaps gaps_;
};

}  // namespace lifang::vision
