#include "vision/sim_facade.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace lifang::vision::sim {
namespace {
constexpr double gravity = 9.81;
constexpr double pi = 3.14159265358979;
}  // namespace

std::uint64_t Chance::bits() {
  std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}
double Chance::uniform(double low, double high) {
  return low + (high - low) * static_cast<double>(bits() >> 11) * 0x1.0p-53;
}
double Chance::normal() {
  return std::sqrt(-2 * std::log(uniform(1e-12, 1))) * std::cos(2 * pi * uniform(0, 1));
}

std::string name_of(Weather weather) {
  static const char* names[] = {"clear", "rain", "night", "windy"};
  return names[static_cast<int>(weather)];
}

/// Anything that moves. Places in metres on the façade (x right, y up).
struct FacadeFilm::Thing {
  enum class Kind { falling, bird, leaf, laundry } kind = Kind::falling;
  double from = 0;            ///< seconds
  cv::Point2d at, velocity;
  double size = 0.3, brightness = 0;
  double terminal = 40;       ///< m/s of free fall in air
  double phase = 0, sway = 0;
  bool gone = false;

  void move(double dt, double seconds) {
    switch (kind) {
      case Kind::falling: {
        // Quadratic drag against the speed through the air.
        const double speed = cv::norm(velocity), k = gravity / (terminal * terminal);
        velocity += cv::Point2d(-k * speed * velocity.x, -gravity - k * speed * velocity.y) * dt;
        at += velocity * dt;
        break;
      }
      case Kind::bird:
        velocity += cv::Point2d(0, 1.5 * std::sin(seconds * 7 + phase)) * dt;
        at += velocity * dt;
        break;
      case Kind::leaf:
        at += cv::Point2d(velocity.x + sway * std::cos(seconds * 4 + phase), velocity.y + 0.4 * sway * std::sin(seconds * 8 + phase)) * dt;
        break;
      case Kind::laundry:
        break;
    }
  }
};

FacadeFilm::~FacadeFilm() = default;

FacadeFilm::FacadeFilm(std::uint64_t seed) : chance_(seed) {
  film_.weather = static_cast<Weather>(seed / 2 % 4);
  make_building();
  make_things();
  shake_ = film_.weather == Weather::windy ? chance_.uniform(0.5, 1.5) : chance_.happens(0.3) ? 0.4 : 0.05;
}

void FacadeFilm::make_building() {
  Facade& f = film_.facade;
  f.floors = static_cast<int>(chance_.uniform(8, 21));
  f.columns = static_cast<int>(chance_.uniform(5, 12));
  f.floor_height_m = 3.0;
  f.column_width_m = chance_.uniform(3.2, 4.5);
  // The camera stands below and looks up: the top is narrower.
  const auto w = static_cast<float>(film_.size.width), h = static_cast<float>(film_.size.height);
  const auto lean = static_cast<float>(chance_.uniform(0, 0.08)) * w;
  const auto side = static_cast<float>(chance_.uniform(0.1, 0.25)) * w;
  const auto top = static_cast<float>(chance_.uniform(0.03, 0.08)) * h, bottom = static_cast<float>(chance_.uniform(0.92, 0.97)) * h;
  f.corners = {{side + lean, top}, {w - side - lean, top}, {w - side, bottom}, {side, bottom}};
  const auto width = static_cast<float>(f.columns * f.column_width_m), height = static_cast<float>(f.floors * f.floor_height_m);
  const std::vector<cv::Point2f> metres{{0, height}, {width, height}, {width, 0}, {0, 0}};
  projection_ = cv::Matx33d(cv::Mat(cv::getPerspectiveTransform(metres, f.corners)).ptr<double>());
  pixels_a_metre_ = static_cast<double>((bottom - top) / height);

  const bool night = film_.weather == Weather::night;
  const double wall = night ? chance_.uniform(18, 40) : chance_.uniform(110, 190);
  building_ = cv::Mat(film_.size, CV_32F, cv::Scalar(night ? 8 : chance_.uniform(180, 230)));
  std::vector<cv::Point> outline;
  for (const auto& c : f.corners) outline.emplace_back(cvRound(c.x), cvRound(c.y));
  cv::fillConvexPoly(building_, outline, cv::Scalar(wall));
  for (int floor = 0; floor < f.floors; ++floor)
    for (int column = 0; column < f.columns; ++column) {
      const double x = column * f.column_width_m, y = floor * f.floor_height_m;
      const cv::Point2d a = to_pixels({x + 0.25 * f.column_width_m, y + 2.4}), b = to_pixels({x + 0.75 * f.column_width_m, y + 0.9});
      const cv::Rect window(cv::Point(cvRound(a.x), cvRound(a.y)), cv::Point(cvRound(b.x), cvRound(b.y)));
      const bool lit = chance_.happens(night ? 0.35 : 0.1);
      cv::rectangle(building_, window, cv::Scalar(night ? (lit ? chance_.uniform(120, 220) : 10) : chance_.uniform(40, 90)), cv::FILLED);
      windows_.push_back(window);
      // A sill below each window, lighter than the wall.
      const cv::Point2d s = to_pixels({x, y}), e = to_pixels({x + f.column_width_m, y});
      cv::line(building_, {cvRound(s.x), cvRound(s.y)}, {cvRound(e.x), cvRound(e.y)}, cv::Scalar(wall * 1.15), 1);
    }
  cv::GaussianBlur(building_, building_, {}, 0.7);
}

void FacadeFilm::make_things() {
  const Facade& f = film_.facade;
  const bool night = film_.weather == Weather::night;
  const double width = f.columns * f.column_width_m, height = f.floors * f.floor_height_m;
  const int falls = static_cast<int>(chance_.uniform(0, 3));
  for (int i = 0; i < falls; ++i) {
    Thing t;
    TrueFall truth;
    truth.floor = static_cast<int>(chance_.uniform(std::min(4, f.floors), f.floors + 1));
    truth.floor = std::clamp(truth.floor, 3, f.floors);
    truth.column = static_cast<int>(chance_.uniform(1, f.columns + 1));
    truth.column = std::min(truth.column, f.columns);
    t.at = {(truth.column - 0.5) * f.column_width_m, (truth.floor - 1) * f.floor_height_m + chance_.uniform(0.9, 2.0)};
    // Dropped, or thrown out of the window.
    t.velocity = chance_.happens(0.5) ? cv::Point2d(chance_.uniform(-0.5, 0.5), 0) : cv::Point2d(chance_.uniform(-3, 3), chance_.uniform(-0.5, 1.0));
    t.from = 1.8 + i * 3.4 + chance_.uniform(0, 1.2);
    // Never smaller than a camera that is fit for the façade shows it: two pixels.
    t.size = std::max(chance_.uniform(0.12, 0.5), 2.0 / pixels_a_metre_);
    t.terminal = chance_.uniform(18, 45);
    t.brightness = night ? chance_.uniform(90, 200) : (chance_.happens(0.5) ? chance_.uniform(5, 35) : chance_.uniform(225, 255));
    truth.released = t.from;
    truth.size_m = t.size;
    Thing ghost = t;
    double at = t.from;
    while (ghost.at.y > 0 && at < film_.seconds) ghost.move(1 / film_.rate, at += 1 / film_.rate);
    truth.left = at;
    film_.truth.push_back(truth);
    things_.push_back(t);
  }
  const auto add = [&](Thing::Kind kind, int count) {
    for (int i = 0; i < count; ++i) {
      Thing t;
      t.kind = kind;
      t.phase = chance_.uniform(0, 6);
      t.brightness = night ? chance_.uniform(10, 60) : chance_.happens(0.7) ? chance_.uniform(5, 60) : chance_.uniform(200, 250);
      if (kind == Thing::Kind::bird) {
        const bool right = chance_.happens(0.5);
        t.at = {right ? -2 : width + 2, chance_.uniform(0.3, 1.1) * height};
        t.velocity = {(right ? 1 : -1) * chance_.uniform(4, 14), chance_.uniform(-3, 2)};
        t.size = chance_.uniform(0.25, 0.6);
        t.from = chance_.uniform(0.5, film_.seconds);
      } else if (kind == Thing::Kind::leaf) {
        t.at = {chance_.uniform(0, width), chance_.uniform(0.2, 1.1) * height};
        t.velocity = {chance_.uniform(-1.5, 1.5), -chance_.uniform(0.6, 2.2)};
        t.sway = chance_.uniform(0.3, 1.5);
        t.size = chance_.uniform(0.08, 0.25);
        t.from = chance_.uniform(0, film_.seconds);
      } else {
        const int floor = static_cast<int>(chance_.uniform(1, f.floors)), column = static_cast<int>(chance_.uniform(0, f.columns));
        t.at = {(column + 0.5) * f.column_width_m, floor * f.floor_height_m + 0.5};
        t.size = chance_.uniform(0.5, 1.0);
        t.sway = chance_.uniform(0.02, film_.weather == Weather::windy ? 0.35 : 0.1);
      }
      things_.push_back(t);
    }
  };
  const bool windy = film_.weather == Weather::windy;
  add(Thing::Kind::bird, static_cast<int>(chance_.uniform(0, 5)));
  add(Thing::Kind::leaf, static_cast<int>(chance_.uniform(0, windy ? 14 : 4)));
  add(Thing::Kind::laundry, static_cast<int>(chance_.uniform(0, 5)));
}

cv::Point2d FacadeFilm::to_pixels(cv::Point2d metres) const {
  const cv::Vec3d v = projection_ * cv::Vec3d(metres.x, metres.y, 1);
  return {v[0] / v[2], v[1] / v[2]};
}

/// A soft-edged disc at a place finer than a pixel.
void FacadeFilm::draw(cv::Mat& canvas, cv::Point2d metres, double size_m, double brightness) const {
  const cv::Point2d centre = to_pixels(metres) + shaken_;
  const double radius = std::max(0.6, size_m * pixels_a_metre_ / 2);
  for (int y = cvFloor(centre.y - radius - 1); y <= cvCeil(centre.y + radius + 1); ++y)
    for (int x = cvFloor(centre.x - radius - 1); x <= cvCeil(centre.x + radius + 1); ++x) {
      if (x < 0 || y < 0 || x >= canvas.cols || y >= canvas.rows) continue;
      const double cover = std::clamp(radius + 0.5 - std::hypot(x - centre.x, y - centre.y), 0.0, 1.0);
      float& pixel = canvas.at<float>(y, x);
      pixel = static_cast<float>(pixel * (1 - cover) + brightness * cover);
    }
}

void FacadeFilm::move_lights() {
  const bool night = film_.weather == Weather::night;
  if (!chance_.happens(night ? 0.02 : 0.005)) return;
  const cv::Rect window = windows_[chance_.bits() % windows_.size()] & cv::Rect({0, 0}, film_.size);
  const float now = window.area() > 0 ? building_.at<float>(window.y + window.height / 2, window.x + window.width / 2) : 0;
  cv::rectangle(building_, window, cv::Scalar(now > 100 ? (night ? 10 : 60) : (night ? 180 : 110)), cv::FILLED);
}

bool FacadeFilm::next(double& seconds, cv::Mat& grey) {
  seconds = static_cast<double>(frame_) / film_.rate;
  if (seconds >= film_.seconds) return false;
  ++frame_;
  move_lights();
  shaken_ = 0.6 * shaken_ + cv::Point2d(chance_.normal(), chance_.normal()) * shake_ * 0.5;
  const cv::Mat way = (cv::Mat_<double>(2, 3) << 1, 0, shaken_.x, 0, 1, shaken_.y);
  cv::Mat canvas;
  cv::warpAffine(building_, canvas, way, film_.size, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  for (Thing& t : things_) {
    if (t.kind == Thing::Kind::laundry) {
      draw(canvas, t.at + cv::Point2d(t.sway * std::sin(seconds * 3 + t.phase), 0), t.size, t.brightness);
      continue;
    }
    if (seconds < t.from || t.gone) continue;
    // Half a dozen sub-steps draw the smear of a short exposure.
    constexpr int steps = 3;
    const cv::Point2d before = t.at;
    t.move(1 / film_.rate, seconds);
    for (int i = 0; i < steps; ++i) {
      const cv::Point2d at = before + (t.at - before) * (0.25 * i / steps);
      draw(canvas, at, t.kind == Thing::Kind::bird ? t.size * (0.7 + 0.3 * std::sin(seconds * 20 + t.phase)) : t.size, t.brightness);
    }
    t.gone = t.at.y < 0 || std::abs(t.at.x) > 300;
  }
  if (film_.weather == Weather::rain)
    for (int i = 0; i < 60; ++i) {
      // Drops live one frame here: at 9 m/s and more they are elsewhere in the next.
      const cv::Point a(static_cast<int>(chance_.uniform(0, film_.size.width)), static_cast<int>(chance_.uniform(0, film_.size.height)));
      const int length = static_cast<int>(chance_.uniform(3, 12));
      cv::line(canvas, a, a + cv::Point(static_cast<int>(chance_.uniform(-2, 2)), length), cv::Scalar(200), 1, cv::LINE_AA);
    }
  const double cloud = 1 + (film_.weather == Weather::night ? 0 : 0.04 * std::sin(seconds * 0.9));
  const double noise = film_.weather == Weather::night ? 5.0 : 2.0;
  // Grain is cut from one large field at a place of chance: a new field a frame costs half of the film's time.
  if (grain_.empty()) {
    grain_.create(film_.size + cv::Size(256, 256), CV_32F);
    cv::RNG generator(chance_.bits());
    generator.fill(grain_, cv::RNG::NORMAL, 0, noise);
  }
  const cv::Point corner(static_cast<int>(chance_.bits() % 256), static_cast<int>(chance_.bits() % 256));
  cv::scaleAdd(canvas, cloud, grain_(cv::Rect(corner, film_.size)), canvas);
  canvas.convertTo(grey, CV_8U);
  return true;
}

}  // namespace lifang::vision::sim
