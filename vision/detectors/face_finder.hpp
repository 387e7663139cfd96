// Faces at a gate: where they are, whether the picture is good enough, whether it is a living face, and its print.
#pragma once
#include <array>
#include <opencv2/core.hpp>
#include <vector>

#include "vision/models/net.hpp"

namespace lifang::vision {

struct FoundFace {
  cv::Rect2f box;
  std::array<cv::Point2f, 6> points;  ///< right eye, left eye, nose, mouth, right ear, left ear (as MediaPipe orders them)
  float score = 0;
};

/// Why a face is not looked at further; a template made of a bad picture lets the wrong one in.
enum class FaceQuality { good, small, blurred, dark, turned };

inline constexpr std::size_t face_print_size = 128;

class FaceFinder {
 public:
  explicit FaceFinder(const Catalog& catalog);
  std::vector<FoundFace> find(const cv::Mat& picture) const;
  /// `least_px`: of the face's shorter side.
  static FaceQuality quality(const cv::Mat& picture, const FoundFace& face, float least_px = 60);
  /// 0–1: two networks that were taught on printed and replayed faces, the surer one weighing more. Never alone a reason to open.
  float living(const cv::Mat& picture, const FoundFace& face) const;
  /// 128 numbers, of the face with its eyes where the network was taught them; compare by distance. Stays where it is made.
  std::vector<float> print(const cv::Mat& picture, const FoundFace& face) const;

 private:
  Net finder_, real_, live_, print_;
};

/// Euclidean distance of two prints; the network's author calls two faces the same below 0.6.
float print_distance(const std::vector<float>& a, const std::vector<float>& b);

}  // namespace lifang::vision
