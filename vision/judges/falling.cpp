#include "vision/judges/falling.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "base/refusal.hpp"
#include "vision/judges/quadratic.hpp"

namespace lifang::vision {
namespace {

constexpr double gravity = 9.81;
constexpr std::size_t most_spots = 200, most_tracks = 400;
constexpr double most_speed = 45;     // m/s: a fall of 100 m in air
constexpr double most_gap = 0.21;     // seconds without a spot: behind a pole, in the dark
constexpr double same_object_s = 0.8;
constexpr double young_s = 1.2;
constexpr double launch_error_m = 0.5;  // how it was let go is not seen: out of the hand, over the sill, upward

}  // namespace

struct FallingJudge::Track {
  std::vector<TrackPoint> points;
  cv::Point2d velocity;  ///< pixels a second

  cv::Point2d ahead(double seconds, double down) const {
    const double dt = seconds - points.back().seconds;
    return {points.back().at.x + velocity.x * dt, points.back().at.y + velocity.y * dt + 0.5 * down * dt * dt};
  }
  /// Velocity from the last points, brought forward to the newest.
  void learn(double down) {
    const std::size_t n = std::min<std::size_t>(points.size(), 5);
    const TrackPoint &a = points[points.size() - n], &b = points.back();
    const double dt = b.seconds - a.seconds;
    velocity = {(b.at.x - a.at.x) / dt, (b.at.y - a.at.y) / dt + 0.5 * down * dt};
  }
};

FallingJudge::~FallingJudge() = default;
FallingJudge::FallingJudge(FallingJudge&&) noexcept = default;

FallingJudge::FallingJudge(Facade facade, FallingLimits limits) : facade_(std::move(facade)), limits_(limits) {
  if (facade_.corners.size() != 4 || facade_.floors < 1 || facade_.columns < 1 || facade_.floor_height_m <= 0 ||
      facade_.column_width_m <= 0)
    throw invalid("vision.facade", "/facade", "four corners, and floors and columns of at least one");
  const auto width = static_cast<float>(facade_.columns * facade_.column_width_m);
  const auto height = static_cast<float>(facade_.floors * facade_.floor_height_m);
  const std::vector<cv::Point2f> metres{{0, height}, {width, height}, {width, 0}, {0, 0}};
  const cv::Mat h = cv::getPerspectiveTransform(facade_.corners, metres);
  homography_ = cv::Matx33d(h.ptr<double>());
  const double left = cv::norm(facade_.corners[0] - facade_.corners[3]);
  const double right = cv::norm(facade_.corners[1] - facade_.corners[2]);
  pixels_a_metre_ = (left + right) / 2 / static_cast<double>(height);
}

cv::Point2d FallingJudge::to_metres(cv::Point2f pixel) const {
  const cv::Vec3d v = homography_ * cv::Vec3d(pixel.x, pixel.y, 1);
  return {v[0] / v[2], v[1] / v[2]};
}

std::vector<Fall> FallingJudge::see(double seconds, const std::vector<Spot>& spots) {
  std::vector<Fall> out;
  if (spots.size() > most_spots || seconds <= before_seconds_) return out;
  const double down = 0.8 * gravity * pixels_a_metre_;
  std::vector<bool> taken(spots.size(), false);
  // Longest tracks choose first: what has fallen for a second is no noise.
  std::stable_sort(tracks_.begin(), tracks_.end(),
                   [](const Track& a, const Track& b) { return a.points.size() > b.points.size(); });
  for (Track& track : tracks_) {
    const double dt = seconds - track.points.back().seconds;
    const cv::Point2d want = track.ahead(seconds, down);
    double reach = 2.0 + (track.points.size() < 4 ? 0.35 : 0.12) * cv::norm(track.velocity) * dt + 6 * dt;
    std::size_t best = spots.size();
    for (std::size_t i = 0; i < spots.size(); ++i) {
      if (taken[i] || spots[i].at.y < track.points.back().at.y - 1.0F) continue;
      const double distance = cv::norm(cv::Point2d(spots[i].at) - want);
      if (distance >= reach) continue;
      reach = distance;
      best = i;
    }
    if (best == spots.size()) continue;
    taken[best] = true;
    track.points.push_back({seconds, spots[best].at});
    track.learn(down);
  }
  for (const Track& track : tracks_)
    if (seconds - track.points.back().seconds > most_gap) tell(track, out);
  std::erase_if(tracks_, [&](const Track& track) { return seconds - track.points.back().seconds > most_gap; });
  start_tracks(seconds, spots, taken);
  before_ = spots;
  before_seconds_ = seconds;
  std::erase_if(told_, [&](const Fall& fall) { return seconds - fall.ended > 2 * same_object_s; });
  return out;
}

void FallingJudge::start_tracks(double seconds, const std::vector<Spot>& spots, const std::vector<bool>& taken) {
  const double dt = seconds - before_seconds_;
  if (before_seconds_ < 0 || dt > most_gap) return;
  const double most_step = most_speed * pixels_a_metre_ * dt;
  for (std::size_t i = 0; i < spots.size(); ++i) {
    if (taken[i]) continue;
    for (const Spot& from : before_) {
      const cv::Point2f step = spots[i].at - from.at;
      if (step.y < 0.3F || step.y > most_step || std::abs(step.x) > 1.5F + 1.2F * step.y) continue;
      if (tracks_.size() >= most_tracks) return;
      Track track;
      track.points = {{before_seconds_, from.at}, {seconds, spots[i].at}};
      track.learn(0);
      tracks_.push_back(std::move(track));
    }
  }
}

std::vector<Fall> FallingJudge::finish() {
  std::vector<Fall> out;
  for (const Track& track : tracks_) tell(track, out);
  tracks_.clear();
  return out;
}

void FallingJudge::tell(const Track& track, std::vector<Fall>& out) {
  std::optional<Fall> fall = judge(track);
  if (!fall) return;
  for (const Fall& other : told_) {
    const bool close = fall->began < other.ended + same_object_s && other.began < fall->ended + same_object_s &&
                       std::abs(fall->track.back().at.x - other.track.back().at.x) < 6 * pixels_a_metre_;
    if (close) return;
  }
  told_.push_back(*fall);
  out.push_back(std::move(*fall));
}

std::optional<Fall> FallingJudge::judge(const Track& track) const {
  if (track.points.size() < limits_.least_points) return std::nullopt;
  const double start = track.points.front().seconds;
  std::vector<double> t, x, y;
  for (const TrackPoint& p : track.points) {
    const cv::Point2d m = to_metres(p.at);
    t.push_back(p.seconds - start);
    x.push_back(m.x);
    y.push_back(m.y);
  }
  const double drop = y.front() - y.back();
  if (drop < limits_.least_drop_m || std::abs(x.back() - x.front()) > limits_.most_sideways * drop) return std::nullopt;
  // Gravity speaks in the young fall; later the air brakes, and the path is a parabola no more.
  while (t.size() > limits_.least_points && t.back() > young_s) {
    t.pop_back();
    x.pop_back();
    y.pop_back();
  }
  const Parabola fall = fit_parabola(t, y), drift = fit_parabola(t, x);
  const double acceleration = -2 * fall.c[2], spread = 2 * std::sqrt(fall.covariance(2, 2));
  if (acceleration < limits_.least_acceleration || acceleration > limits_.most_acceleration) return std::nullopt;
  // A short track of noise has any acceleration, with an uncertainty as large.
  if (acceleration < 3.5 * spread) return std::nullopt;
  const double residual = std::hypot(fall.residual, drift.residual) * pixels_a_metre_;
  if (residual > limits_.most_residual_px) return std::nullopt;
  // Flights of birds bend sideways as much as down.
  if (std::abs(2 * drift.c[2]) > 0.45 * acceleration) return std::nullopt;

  Fall out;
  out.began = start;
  out.ended = track.points.back().seconds;
  out.acceleration = acceleration;
  out.track = track.points;
  // Back to where it stood still, with the acceleration of the young fall (little drag), and no further than
  // the first sight allows: v²/2g above it.
  const double speed = std::max(0.0, -fall.slope(0));
  const double g = std::clamp(acceleration * 1.08, 7.5, gravity);
  const double above = speed * speed / (2 * g);
  out.origin_m = fall.at(0) + above;
  const double speed_error = std::sqrt(fall.covariance(1, 1)), place_error = std::sqrt(fall.covariance(0, 0));
  out.origin_error_m = std::sqrt(place_error * place_error + std::pow(speed / g * speed_error, 2) + std::pow(0.15 * above, 2) +
                                 std::pow(0.6 / pixels_a_metre_, 2) + launch_error_m * launch_error_m);
  const double seconds_above = speed / g;
  const double origin_x = drift.at(0) - drift.slope(0) * seconds_above;
  const int floor = static_cast<int>(std::floor(out.origin_m / facade_.floor_height_m)) + 1;
  const int column = static_cast<int>(std::floor(origin_x / facade_.column_width_m)) + 1;
  out.floor = std::clamp(floor, 1, facade_.floors);
  out.floors_beyond = floor - out.floor;
  out.column = column >= 1 && column <= facade_.columns ? column : 0;
  out.floor_error = out.origin_error_m / facade_.floor_height_m;
  const double across_error = std::sqrt(drift.covariance(0, 0) + std::pow(seconds_above, 2) * drift.covariance(1, 1) +
                                        std::pow(0.6 / pixels_a_metre_, 2) + launch_error_m * launch_error_m);
  out.column_error = across_error / facade_.column_width_m;
  out.confidence = std::clamp(1 - 0.35 * residual / limits_.most_residual_px - spread / acceleration, 0.05, 0.99);
  return out;
}

}  // namespace lifang::vision
