#include "vision/detectors/face_finder.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "vision/detectors/picture.hpp"

namespace lifang::vision {
namespace {

constexpr int finder_edge = 256;

void read_level(const Tensor& scores, const Tensor& boxes, int stride, int anchors, float threshold, std::vector<FoundFace>& out) {
  const int cells = finder_edge / stride;
  for (int i = 0; i < cells * cells * anchors; ++i) {
    const float score = 1 / (1 + std::exp(-scores.data[static_cast<std::size_t>(i)]));
    if (score < threshold) continue;
    const int cell = i / anchors;
    const auto s = static_cast<float>(stride);
    const cv::Point2f anchor((static_cast<float>(cell % cells) + 0.5F) * s, (static_cast<float>(cell / cells) + 0.5F) * s);
    const float* row = boxes.data.data() + static_cast<std::size_t>(i) * 16;
    FoundFace face;
    face.score = score;
    face.box = {anchor.x + row[0] - row[2] / 2, anchor.y + row[1] - row[3] / 2, row[2], row[3]};
    for (std::size_t k = 0; k < 6; ++k) face.points[k] = anchor + cv::Point2f(row[4 + 2 * k], row[5 + 2 * k]);
    out.push_back(face);
  }
}

/// The face upright with its eyes level, filling `size` with a margin.
cv::Mat upright(const cv::Mat& picture, const FoundFace& face, int size, float margin) {
  const cv::Point2f eyes = face.points[1] - face.points[0];
  const double angle = std::atan2(static_cast<double>(eyes.y), static_cast<double>(eyes.x)) * 180 / CV_PI;
  const cv::Point2f centre(face.box.x + face.box.width / 2, face.box.y + face.box.height / 2);
  const double scale = size / (static_cast<double>(std::max(face.box.width, face.box.height)) * static_cast<double>(margin));
  cv::Mat turn = cv::getRotationMatrix2D(centre, angle, scale);
  turn.at<double>(0, 2) += size / 2.0 - static_cast<double>(centre.x);
  turn.at<double>(1, 2) += size / 2.0 - static_cast<double>(centre.y);
  cv::Mat out;
  cv::warpAffine(picture, out, turn, {size, size}, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  return out;
}

/// The face with its eyes where dlib's face chips have them (get_face_chip_details, padding 0.25).
cv::Mat chip(const cv::Mat& picture, const FoundFace& face, int size) {
  constexpr double left = 0.3182, right = 0.6685, height = 0.3142;
  const cv::Point2f eyes = face.points[1] - face.points[0], centre = (face.points[0] + face.points[1]) * 0.5F;
  const double apart = std::max(1.0, std::hypot(static_cast<double>(eyes.x), static_cast<double>(eyes.y)));
  const double angle = std::atan2(static_cast<double>(eyes.y), static_cast<double>(eyes.x)) * 180 / CV_PI;
  cv::Mat turn = cv::getRotationMatrix2D(centre, angle, (right - left) * size / apart);
  turn.at<double>(0, 2) += (left + right) / 2 * size - static_cast<double>(centre.x);
  turn.at<double>(1, 2) += height * size - static_cast<double>(centre.y);
  cv::Mat out;
  cv::warpAffine(picture, out, turn, {size, size}, cv::INTER_AREA, cv::BORDER_REPLICATE);
  return out;
}

/// Turned aside, tilted, or looking up or down: by where nose and mouth stand between the eyes.
bool is_turned(const FoundFace& face) {
  const cv::Point2f eyes = face.points[1] - face.points[0], nose = face.points[2] - face.points[0], mouth = face.points[3] - face.points[0];
  const float apart = eyes.dot(eyes);
  if (eyes.x < 0.15F * face.box.width || std::abs(eyes.y) > 0.5F * eyes.x) return true;
  const float aside = nose.dot(eyes) / apart;
  const double chin = mouth.cross(eyes), between = chin == 0 ? 0 : nose.cross(eyes) / chin;  // of the way from the eyes to the mouth
  return aside < 0.2F || aside > 0.8F || between < 0.25 || between > 0.85;
}

/// Log odds of what a network says of a picture and of its mirror image.
float mean_odds(const Net& net, const cv::Mat& face) {
  cv::Mat mirrored;
  cv::flip(face, mirrored, 1);
  float sum = 0;
  for (const cv::Mat& one : {face, mirrored}) {
    const float sure = std::clamp(net.run(to_pixels(one, 0, 255)).front().data[0], 0.001F, 0.999F);
    sum += std::log(sure / (1 - sure));
  }
  return sum / 2;
}

}  // namespace

FaceFinder::FaceFinder(const Catalog& catalog)
    : finder_(catalog.find("blazeface")), real_(catalog.find("antispoof")), live_(catalog.find("liveness")),
      print_(catalog.find("dlib-face")) {}

std::vector<FoundFace> FaceFinder::find(const cv::Mat& picture) const {
  const Letterbox box = letterbox(picture, {finder_edge, finder_edge});
  const std::vector<Tensor> out = finder_.run(to_pixels(box.picture, 127.5F, 127.5F));
  std::vector<FoundFace> found;
  read_level(out[0], out[2], 16, 2, finder_.spec().threshold, found);
  read_level(out[1], out[3], 32, 6, finder_.spec().threshold, found);
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
  std::vector<FoundFace> kept;
  for (FoundFace face : found) {
    face.box = box.back(face.box);
    for (cv::Point2f& p : face.points) p = (p - box.shift) / box.scale;
    const bool doubled = std::any_of(kept.begin(), kept.end(), [&](const FoundFace& k) { return overlap(k.box, face.box) > 0.3F; });
    if (!doubled) kept.push_back(face);
  }
  return kept;
}

FaceQuality FaceFinder::quality(const cv::Mat& picture, const FoundFace& face, float least_px) {
  if (std::min(face.box.width, face.box.height) < least_px) return FaceQuality::small;
  if (is_turned(face)) return FaceQuality::turned;
  cv::Mat grey, edges;
  cv::cvtColor(upright(picture, face, 112, 1.0F), grey, cv::COLOR_BGR2GRAY);
  if (cv::mean(grey)[0] < 40) return FaceQuality::dark;
  cv::Laplacian(grey, edges, CV_32F);
  cv::Scalar mean, deviation;
  cv::meanStdDev(edges, mean, deviation);
  return deviation[0] < 5 ? FaceQuality::blurred : FaceQuality::good;
}

float FaceFinder::living(const cv::Mat& picture, const FoundFace& face) const {
  // With what stands around the face: a print has an edge, a screen a glow. Single answers of networks this small jump with a pixel, so each is asked
  // several times and the odds are averaged: one that is sure outweighs one that wavers. The second network tells more (docs/measured-vision.md).
  const float real = mean_odds(real_, upright(picture, face, 128, 1.6F));
  const float live = (mean_odds(live_, upright(picture, face, 32, 1.6F)) + mean_odds(live_, upright(picture, face, 32, 2.0F))) / 2;
  return 1 / (1 + std::exp(-0.3F * real - 0.7F * live));
}

std::vector<float> FaceFinder::print(const cv::Mat& picture, const FoundFace& face) const {
  return print_.run(to_pixels(chip(picture, face, 150), 0, 1)).front().data;
}

float print_distance(const std::vector<float>& a, const std::vector<float>& b) {
  float sum = 0;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(sum);
}

}  // namespace lifang::vision
