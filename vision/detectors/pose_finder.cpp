#include "vision/detectors/pose_finder.hpp"

#include <algorithm>
#include <cmath>

#include "vision/detectors/picture.hpp"

namespace lifang::vision {
namespace {

constexpr int kEdge = 192;
constexpr float kMargin = 0.25F;  ///< of the person's longer side, because boxes cut off feet and raised arms
constexpr std::size_t kLeftShoulder = 5, kRightShoulder = 6, kLeftHip = 11, kRightHip = 12;

}  // namespace

Joints PoseFinder::find(const cv::Mat& picture, const cv::Rect2f& person) const {
  const float more = std::max(person.width, person.height) * kMargin;
  const cv::Rect part = cv::Rect(cv::Rect2f(person.x - more, person.y - more, person.width + 2 * more, person.height + 2 * more)) &
                        cv::Rect({0, 0}, picture.size());
  Joints joints;
  if (part.area() <= 0) return joints;
  const Letterbox box = letterbox(picture(part), {kEdge, kEdge});
  const Tensor out = net_.run(to_pixels(box.picture, 0, 1)).front();  // [1, 1, 17, 3]: row, column, score
  for (std::size_t i = 0; i < joints.size(); ++i) {
    const float* joint = out.data.data() + i * 3;
    const cv::Rect2f at = box.back({joint[1] * kEdge, joint[0] * kEdge, 0, 0});
    joints[i] = {{at.x + static_cast<float>(part.x), at.y + static_cast<float>(part.y)}, joint[2]};
  }
  return joints;
}

Posture posture_of(const Joints& joints, const cv::Rect2f& person) {
  const auto between = [&](std::size_t a, std::size_t b) { return (joints[a].at + joints[b].at) * 0.5F; };
  Posture posture{person, 0, 1};
  for (const std::size_t i : {kLeftShoulder, kRightShoulder, kLeftHip, kRightHip}) posture.score = std::min(posture.score, joints[i].score);
  const cv::Point2f trunk = between(kLeftShoulder, kRightShoulder) - between(kLeftHip, kRightHip);
  posture.tilt = static_cast<float>(std::atan2(static_cast<double>(std::abs(trunk.x)), static_cast<double>(-trunk.y)) * 180 / CV_PI);
  return posture;
}

}  // namespace lifang::vision
