// A simulated façade: the camera's picture of a building before which things fall, fly, drift and rain. Seeded: the
// same seed is the same film, bit for bit, on every machine with IEEE arithmetic. All of it is simulated, none recorded.
#pragma once
#include <cstdint>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "vision/judges/falling.hpp"

namespace lifang::vision::sim {

/// SplitMix64 (Steele et al. 2014), because std's distributions differ between libraries.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15ULL + 1) {}
  std::uint64_t bits();
  double uniform(double low, double high);
  double normal();
  bool happens(double probability) { return uniform(0, 1) < probability; }

 private:
  std::uint64_t state_;
};

enum class Weather { clear, rain, night, windy };
std::string name_of(Weather weather);

/// What really fell.
struct TrueFall {
  double released = 0;  ///< seconds
  double left = 0;      ///< seconds at which it passed the lower edge of the picture or the ground
  int floor = 0, column = 0;
  double size_m = 0;
};

struct Film {
  Weather weather = Weather::clear;
  double seconds = 10;
  double rate = 25;
  cv::Size size{960, 540};
  Facade facade;
  std::vector<TrueFall> truth;
};

/// Weather goes by the seed: 0 clear, 1 rain, 2 night, 3 windy (of seed / 2 modulo 4), so that even and odd seeds are alike.
class FacadeFilm {
 public:
  explicit FacadeFilm(std::uint64_t seed);
  const Film& film() const { return film_; }
  bool next(double& seconds, cv::Mat& grey);  ///< false at the end

 private:
  struct Thing;
  void make_building();
  void make_things();
  void draw(cv::Mat& canvas, cv::Point2d metres, double size_m, double brightness) const;
  void move_lights();
  cv::Point2d to_pixels(cv::Point2d metres) const;

  Film film_;
  Chance chance_;
  cv::Mat building_, grain_;
  cv::Matx33d projection_;
  double pixels_a_metre_ = 1;
  std::vector<Thing> things_;
  std::vector<cv::Rect> windows_;
  double shake_ = 0;
  cv::Point2d shaken_;
  long frame_ = 0;

 public:
  ~FacadeFilm();
};

}  // namespace lifang::vision::sim
