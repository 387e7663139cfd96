// Objects that fall along a façade: tracks of small moving spots, held against gravity, led back to the floor
// and column that they came from.
#pragma once
#include <deque>
#include <opencv2/core.hpp>
#include <optional>
#include <vector>

namespace lifang::vision {

/// The façade as the camera sees it. Corners clockwise from the upper left, in pixels of the analysed picture; the upper edge is
/// the top of the highest floor, the lower edge the ground line of floor 1.
struct Facade {
  std::vector<cv::Point2f> corners;
  int floors = 1;
  int columns = 1;
  double floor_height_m = 3.0;
  double column_width_m = 4.0;
};

/// Something that moved in one frame.
struct Spot {
  cv::Point2f at;
  float area = 0;  ///< pixels
};

struct TrackPoint {
  double seconds = 0;
  cv::Point2f at;  ///< pixels
};

/// One object that fell. Metres are upward from the ground line; `floor` counts from 1.
struct Fall {
  double began = 0, ended = 0;  ///< seconds of the stream's clock
  double acceleration = 0;      ///< m/s², downward; near 9.8, less where the air brakes
  double origin_m = 0;
  double origin_error_m = 0;    ///< one standard deviation
  int floor = 0, column = 0;    ///< column 0: beside the façade
  int floors_beyond = 0;        ///< where the origin lies above the highest floor (the roof: above 0) or below the first, `floor` is the nearest
  double floor_error = 0, column_error = 0;  ///< in floors and columns, one standard deviation
  double confidence = 0;        ///< 0–1
  std::vector<TrackPoint> track;
};

/// What the judge holds against an object; defaults were chosen on the even seeds of the simulator.
struct FallingLimits {
  double least_acceleration = 3.5, most_acceleration = 13.5;  ///< m/s²; drag brakes light things
  double least_drop_m = 2.5;
  std::size_t least_points = 7;
  double most_residual_px = 1.6;   ///< root mean square of the fit
  double most_sideways = 0.9;      ///< sideways path over drop
};

/// Pure: spots in, falls out. Tracks are told once, when they end or leave the façade.
class FallingJudge {
 public:
  explicit FallingJudge(Facade facade, FallingLimits limits = {});
  ~FallingJudge();
  FallingJudge(FallingJudge&&) noexcept;

  /// `seconds` must rise from call to call. At most 200 spots a frame are looked at: more is a storm or a cut
  /// in the stream, and the frame is passed over.
  std::vector<Fall> see(double seconds, const std::vector<Spot>& spots);
  /// Tracks that are still open at the end of a clip.
  std::vector<Fall> finish();

 private:
  struct Track;
  void start_tracks(double seconds, const std::vector<Spot>& spots, const std::vector<bool>& taken);
  std::optional<Fall> judge(const Track& track) const;
  void tell(const Track& track, std::vector<Fall>& out);
  cv::Point2d to_metres(cv::Point2f pixel) const;

  Facade facade_;
  FallingLimits limits_;
  cv::Matx33d homography_;
  double pixels_a_metre_ = 1;
  std::vector<Track> tracks_;
  std::vector<Spot> before_;
  double before_seconds_ = -1;
  std::vector<Fall> told_;  ///< of the last seconds: one object may leave two tracks
};

}  // namespace lifang::vision
