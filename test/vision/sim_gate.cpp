#include "vision/sim_gate.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <random>

namespace lifang::vision::sim {
namespace {

constexpr int gate_wide = 640, gate_high = 480;

struct GateChance {
  explicit GateChance(std::uint64_t seed) : engine(seed) {}
  /// From −1 to 1, the same on every machine.
  double operator()() { return static_cast<double>(engine() >> 11) / static_cast<double>(1ULL << 52) - 1; }
  std::mt19937_64 engine;
};

/// Turned about the upright axis through the middle, as a sheet is.
cv::Mat turned_sheet(const cv::Mat& picture, double yaw) {
  if (yaw == 0) return picture;
  const double narrow = std::cos(yaw * CV_PI / 180);
  const cv::Matx23d to(narrow, 0, gate_wide / 2.0 * (1 - narrow), 0, 1, 0);
  cv::Mat out;
  cv::warpAffine(picture, out, to, {gate_wide, gate_high}, cv::INTER_AREA, cv::BORDER_REPLICATE);
  return out;
}

cv::Mat brought_near(const cv::Mat& picture, const FoundFace& face, double width, double turn) {
  const cv::Point2f centre(face.box.x + face.box.width / 2, face.box.y + face.box.height / 2);
  cv::Mat to = cv::getRotationMatrix2D(centre, turn, width / static_cast<double>(face.box.width));
  to.at<double>(0, 2) += gate_wide / 2.0 - static_cast<double>(centre.x);
  to.at<double>(1, 2) += gate_high / 2.0 - static_cast<double>(centre.y);
  cv::Mat out;
  cv::warpAffine(picture, out, to, {gate_wide, gate_high}, cv::INTER_AREA, cv::BORDER_REPLICATE);
  // Who stood beside in the photograph fades into a wall: at a gate somebody is alone.
  for (int y = 0; y < gate_high; ++y)
    for (int x = 0; x < gate_wide; ++x) {
      const double away = std::hypot(x - gate_wide / 2.0, 0.8 * (y - gate_high / 2.0)) / width;
      const double share = std::clamp((1.15 - away) / 0.35, 0.0, 1.0);
      for (int k = 0; k < 3; ++k) out.at<cv::Vec3b>(y, x)[k] = cv::saturate_cast<uchar>(share * out.at<cv::Vec3b>(y, x)[k] + (1 - share) * 140);
    }
  return out;
}

/// What lens, light and sensor add to what stands before the camera.
cv::Mat through_lens(const cv::Mat& scene, GateChance& chance) {
  cv::Mat out, noisy;
  scene.convertTo(out, -1, 0.9 + 0.2 * chance(), 12 * chance());
  cv::GaussianBlur(out, out, {0, 0}, 0.6 + 0.3 * chance());
  out.convertTo(noisy, CV_16SC3);
  for (int y = 0; y < gate_high; ++y)
    for (int x = 0; x < gate_wide; ++x)
      for (int k = 0; k < 3; ++k) noisy.at<cv::Vec3s>(y, x)[k] = static_cast<short>(noisy.at<cv::Vec3s>(y, x)[k] + cvRound(4 * (chance() + chance())));
  noisy.convertTo(out, CV_8UC3);
  return out;
}

}  // namespace

std::vector<std::filesystem::path> face_pictures(const std::filesystem::path& source_folder) {
  std::vector<std::filesystem::path> out;
  for (const char* name : {"sample1.jpg", "sample2.jpg", "sample3.jpg", "sample4.jpg", "sample5.jpg", "sample6.jpg"})
    if (auto file = source_folder / "vision/node_modules/@vladmandic/face-api/demo" / name; std::filesystem::exists(file)) out.push_back(std::move(file));
  return out;
}

cv::Mat at_the_gate(const cv::Mat& picture, const FoundFace& face, std::uint64_t seed) {
  GateChance chance(seed);
  const double width = 135 + 35 * chance(), turn = 8 * chance();
  return through_lens(brought_near(picture, face, width, turn), chance);
}

cv::Mat held_up(const cv::Mat& picture, const FoundFace& face, std::uint64_t seed, double yaw) {
  GateChance chance(seed);
  const double width = 135 + 35 * chance(), turn = 8 * chance();
  cv::Mat scene(gate_high, gate_wide, CV_8UC3);
  for (int y = 0; y < gate_high; ++y) scene.row(y) = cv::Scalar(150 + y / 16, 150 + y / 16, 146 + y / 16);
  cv::Mat print = turned_sheet(brought_near(picture, face, width, turn), yaw);
  cv::GaussianBlur(print, print, {0, 0}, 1.3 + 0.3 * chance());
  print.convertTo(print, -1, 0.65 + 0.08 * chance(), 50 + 8 * chance());
  const double step = 1.3 + 0.2 * chance();
  for (int y = 0; y < gate_high; ++y)
    for (int x = 0; x < gate_wide; ++x) {
      const double ink = 1 + 0.06 * std::sin(x * step + y * 0.4) * std::sin(y * 1.1);
      for (int k = 0; k < 3; ++k) print.at<cv::Vec3b>(y, x)[k] = cv::saturate_cast<uchar>(print.at<cv::Vec3b>(y, x)[k] * ink);
    }
  const int half = cvRound(width * (1.0 + 0.15 * chance()));
  const cv::Rect sheet = cv::Rect(gate_wide / 2 - half, gate_high / 2 - half, 2 * half, cvRound(2.3 * half)) & cv::Rect(0, 0, gate_wide, gate_high);
  print(sheet).copyTo(scene(sheet));
  return through_lens(scene, chance);
}

cv::Mat on_a_screen(const cv::Mat& picture, const FoundFace& face, std::uint64_t seed) {
  GateChance chance(seed);
  const double width = 135 + 35 * chance(), turn = 8 * chance(), step = 2.5 + 0.4 * chance();
  cv::Mat shown = brought_near(picture, face, width, turn), scene(gate_high, gate_wide, CV_8UC3, cv::Scalar(150, 152, 152));
  cv::GaussianBlur(shown, shown, {0, 0}, 0.8);
  const int half = cvRound(170 + 20 * chance()), high = 212, frame = 14;
  for (int y = 0; y < gate_high; ++y)
    for (int x = 0; x < gate_wide; ++x) {
      const int aside = std::abs(x - gate_wide / 2), up = std::abs(y - gate_high / 2);
      if (aside > half + frame || up > high + frame) continue;
      if (aside > half || up > high) {
        scene.at<cv::Vec3b>(y, x) = {12, 12, 12};
        continue;
      }
      const double beat = 1 + 0.07 * std::sin(x * step) + 0.05 * std::sin(y * step) + 0.05 * std::sin(0.11 * x + 0.07 * y);
      const double cold[] = {1.16, 1.05, 0.98};
      for (int k = 0; k < 3; ++k) scene.at<cv::Vec3b>(y, x)[k] = cv::saturate_cast<uchar>(12 + shown.at<cv::Vec3b>(y, x)[k] * beat * cold[k]);
    }
  return through_lens(scene, chance);
}

const FoundFace* middle(const std::vector<FoundFace>& found) {
  for (const FoundFace& face : found)
    if (std::hypot(face.box.x + face.box.width / 2 - gate_wide / 2.0F, face.box.y + face.box.height / 2 - gate_high / 2.0F) < 40) return &face;
  return nullptr;
}

}  // namespace lifang::vision::sim
