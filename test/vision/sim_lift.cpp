#include "vision/sim_lift.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace lifang::vision::sim {
namespace {

constexpr double walk_s = 1.2;  // from the door to where they stand

/// Draws in metres around a point of the floor; y points up.
class Pencil {
 public:
  Pencil(cv::Mat& picture, cv::Point2d at, double pixels_a_metre) : picture_(picture), at_(at), scale_(pixels_a_metre) {}
  cv::Point at(double x, double y) const {
    return {static_cast<int>(std::lround((at_.x + x * scale_) * 16)), static_cast<int>(std::lround((at_.y - y * scale_) * 16))};
  }
  void line(cv::Point2d a, cv::Point2d b, const cv::Scalar& colour, double metres) const {
    cv::line(picture_, at(a.x, a.y), at(b.x, b.y), colour, thick(metres), cv::LINE_AA, 4);
  }
  void ring(cv::Point2d middle, double radius, const cv::Scalar& colour, double metres) const {
    cv::circle(picture_, at(middle.x, middle.y), static_cast<int>(radius * scale_ * 16), colour, thick(metres), cv::LINE_AA, 4);
  }
  void disc(cv::Point2d middle, double width, double height, const cv::Scalar& colour, double degrees = 0) const {
    cv::ellipse(picture_, at(middle.x, middle.y), {static_cast<int>(width * scale_ * 8), static_cast<int>(height * scale_ * 8)}, degrees, 0, 360, colour,
                cv::FILLED, cv::LINE_AA, 4);
  }
  void shape(const std::vector<cv::Point2d>& corners, const cv::Scalar& colour) const {
    std::vector<cv::Point> points;
    for (const cv::Point2d& c : corners) points.push_back(at(c.x, c.y));
    cv::fillPoly(picture_, std::vector<std::vector<cv::Point>>{points}, colour, cv::LINE_AA, 4);
  }

 private:
  int thick(double metres) const { return std::max(1, static_cast<int>(std::lround(metres * scale_))); }
  cv::Mat& picture_;
  cv::Point2d at_;
  double scale_;
};

void draw_wheel(const Pencil& pencil, cv::Point2d hub) {
  constexpr double radius = 0.33;
  for (int spoke = 0; spoke < 16; ++spoke) {
    const double angle = spoke * CV_PI / 8 + 0.1;
    pencil.line(hub, hub + cv::Point2d(radius * std::cos(angle), radius * std::sin(angle)), {150, 150, 150}, 0.004);
  }
  pencil.ring(hub, radius, {25, 25, 25}, 0.045);
  pencil.ring(hub, radius - 0.03, {160, 160, 165}, 0.012);
  pencil.disc(hub, 0.08, 0.08, {60, 60, 60});
}

void draw_bicycle(const Pencil& pencil, const cv::Scalar& paint) {
  const cv::Point2d rear(-0.52, 0.34), front(0.54, 0.34), pedal(-0.06, 0.30), seat(-0.22, 0.82), head(0.36, 0.86), fork(0.40, 0.72);
  pencil.disc({0.02, 0.0}, 1.9, 0.10, {70, 72, 74});
  draw_wheel(pencil, rear);
  draw_wheel(pencil, front);
  pencil.line(rear, pedal, paint, 0.03);
  pencil.line(rear, seat, paint, 0.025);
  pencil.line(pedal, seat, paint, 0.04);
  pencil.line(pedal, fork, paint, 0.045);
  pencil.line({-0.19, 0.74}, {0.38, 0.80}, paint, 0.04);
  pencil.line(head, front, {90, 90, 90}, 0.035);
  pencil.line(seat, {-0.235, 0.93}, {110, 110, 110}, 0.03);
  pencil.disc({-0.25, 0.95}, 0.30, 0.08, {20, 20, 20}, 4);
  pencil.line(head, {0.34, 1.0}, {90, 90, 90}, 0.03);
  pencil.line({0.34, 1.0}, {0.20, 1.05}, {30, 30, 30}, 0.035);
  pencil.line({0.34, 1.0}, {0.44, 1.04}, {30, 30, 30}, 0.035);
  pencil.disc(pedal, 0.19, 0.19, {50, 50, 50});
  pencil.line(pedal, {0.06, 0.18}, {60, 60, 60}, 0.02);
  pencil.line(pedal, {-0.18, 0.42}, {60, 60, 60}, 0.02);
  pencil.shape({{-0.14, 0.40}, {-0.02, 0.40}, {0.03, 0.66}, {-0.10, 0.70}}, {45, 45, 48});  // the battery
}

void draw_person(const Pencil& pencil, const cv::Scalar& coat) {
  const cv::Scalar skin(150, 175, 215), trousers(80, 60, 50);
  pencil.disc({0, 0}, 0.7, 0.12, {70, 72, 74});
  pencil.shape({{-0.20, 0.90}, {-0.02, 0.90}, {-0.05, 0.06}, {-0.20, 0.06}}, trousers);
  pencil.shape({{0.02, 0.90}, {0.20, 0.90}, {0.22, 0.06}, {0.07, 0.06}}, trousers);
  pencil.disc({-0.12, 0.04}, 0.24, 0.10, {30, 30, 30});
  pencil.disc({0.15, 0.04}, 0.24, 0.10, {30, 30, 30});
  pencil.shape({{-0.25, 1.42}, {0.25, 1.42}, {0.23, 0.85}, {-0.23, 0.85}}, coat);
  pencil.disc({0, 1.40}, 0.52, 0.20, coat);
  pencil.line({-0.25, 1.38}, {-0.32, 0.95}, coat, 0.12);
  pencil.line({0.25, 1.38}, {0.33, 0.95}, coat, 0.12);
  pencil.disc({-0.33, 0.90}, 0.10, 0.12, skin);
  pencil.disc({0.34, 0.90}, 0.10, 0.12, skin);
  pencil.line({0, 1.44}, {0, 1.54}, skin, 0.12);
  pencil.disc({0, 1.63}, 0.20, 0.27, skin);
  pencil.disc({0, 1.70}, 0.22, 0.17, {25, 25, 28});
}

void draw_suitcase(const Pencil& pencil, const cv::Scalar& paint) {
  pencil.shape({{-0.22, 0.62}, {0.22, 0.62}, {0.22, 0.06}, {-0.22, 0.06}}, paint);
  for (const double x : {-0.12, 0.0, 0.12}) pencil.line({x, 0.60}, {x, 0.08}, paint * 0.8, 0.015);
  pencil.line({-0.12, 0.62}, {-0.12, 0.98}, {150, 150, 150}, 0.02);
  pencil.line({0.12, 0.62}, {0.12, 0.98}, {150, 150, 150}, 0.02);
  pencil.line({-0.12, 0.98}, {0.12, 0.98}, {40, 40, 40}, 0.03);
  pencil.disc({-0.16, 0.03}, 0.07, 0.07, {20, 20, 20});
  pencil.disc({0.16, 0.03}, 0.07, 0.07, {20, 20, 20});
}

/// Steel walls that shine, a floor of tiles, the panel of buttons.
cv::Mat make_cabin(Chance& chance) {
  cv::Mat cabin(LiftFilm::size(), CV_8UC3);
  const double light = chance.uniform(0.85, 1.05);
  for (int y = 0; y < cabin.rows; ++y)
    for (int x = 0; x < cabin.cols; ++x) {
      const double shine = 168 + 22 * std::cos((x - 200) / 130.0) - 0.05 * y;
      cabin.at<cv::Vec3b>(y, x) = {cv::saturate_cast<uchar>(shine * light * 1.0), cv::saturate_cast<uchar>(shine * light),
                                   cv::saturate_cast<uchar>(shine * light * 0.97)};
    }
  const std::vector<cv::Point> floor{{40, 430}, {664, 430}, {704, 575}, {0, 575}};
  cv::fillPoly(cabin, std::vector<std::vector<cv::Point>>{floor}, cv::Scalar(96, 104, 112) * light);
  for (int i = 0; i <= 6; ++i) cv::line(cabin, {40 + i * 104, 430}, {i * 117, 575}, cv::Scalar(80, 86, 92) * light, 1, cv::LINE_AA);
  for (const int y : {465, 512}) cv::line(cabin, {0, y}, {703, y}, cv::Scalar(80, 86, 92) * light, 1, cv::LINE_AA);
  for (const int x : {236, 468}) cv::line(cabin, {x, 0}, {x, 430}, cv::Scalar(120, 120, 118) * light, 2, cv::LINE_AA);
  cv::line(cabin, {40, 330}, {664, 330}, cv::Scalar(205, 205, 205) * light, 7, cv::LINE_AA);
  cv::rectangle(cabin, {622, 150, 46, 150}, cv::Scalar(120, 122, 125) * light, cv::FILLED);
  for (int i = 0; i < 8; ++i) cv::circle(cabin, {634 + 22 * (i % 2), 172 + 34 * (i / 2)}, 8, cv::Scalar(220, 225, 228) * light, cv::FILLED, cv::LINE_AA);
  cv::GaussianBlur(cabin, cabin, {}, 0.8);
  return cabin;
}

}  // namespace

LiftFilm::LiftFilm(std::uint64_t seed, double seconds, std::vector<Ride> rides) : seconds_(seconds), rides_(std::move(rides)), chance_(seed) {
  cabin_ = make_cabin(chance_);
  paint_ = {chance_.uniform(20, 120), chance_.uniform(20, 90), chance_.uniform(60, 200)};
  scale_ = chance_.uniform(205, 235);  // pixels a metre
}

void LiftFilm::draw(cv::Mat& picture, const Ride& ride, double seconds) const {
  if (ride.load == Load::nobody || seconds < ride.from || seconds > ride.until) return;
  // In from the left edge and out the same way; while they stand they sway a little.
  const double way = std::min({(seconds - ride.from) / walk_s, (ride.until - seconds) / walk_s, 1.0});
  const double sway = way >= 1 ? 0.012 * std::sin(seconds * 1.7) : 0;
  const double x = -260 + 560 * way * (2 - way) + sway * scale_;
  draw_person(Pencil(picture, {x + 110 + (ride.load == Load::bicycle ? 120 : 0), 500}, scale_), {70, 110, 90});
  if (ride.load == Load::bicycle) draw_bicycle(Pencil(picture, {x + 40, 540}, scale_), paint_);
  if (ride.load == Load::suitcase) draw_suitcase(Pencil(picture, {x - 10, 535}, scale_), paint_);
}

bool LiftFilm::next(double& seconds, cv::Mat& picture) {
  seconds = static_cast<double>(frame_) / rate;
  if (seconds >= seconds_) return false;
  picture = cabin_.clone();
  for (const Ride& ride : rides_) draw(picture, ride, seconds);
  // Noise of a cheap sensor; cv::RNG is OpenCV's own and the same everywhere.
  cv::Mat grain(picture.size(), CV_16SC3), wide;
  cv::RNG noise(chance_.bits() ^ static_cast<std::uint64_t>(frame_));
  noise.fill(grain, cv::RNG::NORMAL, 0, 4);
  picture.convertTo(wide, CV_16S);
  wide += grain;
  wide.convertTo(picture, CV_8U);
  ++frame_;
  return true;
}

}  // namespace lifang::vision::sim
