#include "vision/detectors/object_finder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/check.hpp"
#include "base/members.hpp"
#include "base/refusal.hpp"
#include "vision/detectors/picture.hpp"

namespace lifang::vision {
namespace {

constexpr int bins = 11;  // distances 0–10 in strides (Li et al., "Generalized Focal Loss", NeurIPS 2020)

/// Expected distance of one side: the mean of the distribution that the model draws over its bins.
float distance_of(const float* logits) {
  const float top = *std::max_element(logits, logits + bins);
  float sum = 0, weighted = 0;
  for (int i = 0; i < bins; ++i) {
    const float p = std::exp(logits[i] - top);
    sum += p;
    weighted += p * static_cast<float>(i);
  }
  return weighted / sum;
}

void read_level(const Tensor& scores, const Tensor& edges, int stride, cv::Size input, float threshold, std::vector<FoundObject>& out) {
  const int across = input.width / stride, cells = across * (input.height / stride);
  const auto classes = static_cast<std::size_t>(scores.shape[2]);
  check(scores.shape[1] == cells && edges.shape[2] == 4 * bins, "the detector is a NanoDet of the size that the catalogue names");
  for (int i = 0; i < cells; ++i) {
    const float* row = scores.data.data() + static_cast<std::size_t>(i) * classes;
    const float* best = std::max_element(row, row + classes);
    if (*best < threshold) continue;
    const float* sides = edges.data.data() + static_cast<std::size_t>(i) * 4 * bins;
    const auto s = static_cast<float>(stride);
    const float x = (static_cast<float>(i % across) + 0.5F) * s, y = (static_cast<float>(i / across) + 0.5F) * s;
    const float left = x - distance_of(sides) * s, top = y - distance_of(sides + bins) * s;
    const float right = x + distance_of(sides + 2 * bins) * s, bottom = y + distance_of(sides + 3 * bins) * s;
    out.push_back({static_cast<Kind>(best - row), {left, top, right - left, bottom - top}, *best});
  }
}

}  // namespace

std::vector<FoundObject> read_nanodet(const std::vector<Tensor>& out, cv::Size input, float threshold) {
  check(out.size() >= 6, "a NanoDet answers with scores and distances of three levels");
  std::vector<FoundObject> found;
  for (int level = 0; level < 3; ++level)
    read_level(out[static_cast<std::size_t>(level)], out[static_cast<std::size_t>(level) + 3], 8 << level, input, threshold, found);
  return found;
}

ObjectFinder::ObjectFinder(const Catalog& catalog) : net_(catalog.find("nanodet")) {
  const ModelSpec& spec = net_.spec();
  input_ = {spec.width, spec.height};
  const auto& shape = net_.input_shape();
  const auto fits = [](std::int64_t taken, int named) { return taken < 0 || taken == named; };
  if (input_.area() == 0 || input_.width % 32 != 0 || input_.height % 32 != 0 || shape.size() != 4 || !fits(shape[2], input_.height) || !fits(shape[3], input_.width))
    throw invalid("vision.models", "/nanodet/width", fmt::format("{}×{} is not what the model takes, or no multiple of 32", spec.width, spec.height));
  for (const std::string& name : spec.classes) kinds_.push_back(enum_from_name<Kind>(name));
}

std::vector<FoundObject> ObjectFinder::find(const cv::Mat& picture, float threshold) const {
  if (threshold < 0) threshold = net_.spec().threshold;
  const Letterbox box = letterbox(picture, input_);
  // Mean and deviation of NanoDet's own configuration, in BGR.
  const std::vector<Tensor> out = net_.run(to_planes(box.picture, {103.53F, 116.28F, 123.675F}, {57.375F, 57.12F, 58.395F}, false));
  std::vector<FoundObject> found;
  for (FoundObject& object : read_nanodet(out, input_, threshold)) {
    // A site's own model may number its classes in another way; those that no judgement asks for are left out.
    const auto number = static_cast<std::size_t>(object.kind);
    if (kinds_.empty()) found.push_back(object);
    else if (number < kinds_.size() && kinds_[number]) found.push_back({*kinds_[number], object.box, object.score});
  }
  const cv::Rect2f whole(0, 0, static_cast<float>(picture.cols), static_cast<float>(picture.rows));
  for (FoundObject& object : found) object.box = box.back(object.box) & whole;
  return without_doubles(std::move(found));
}

std::vector<FoundObject> ObjectFinder::find_in_tiles(const cv::Mat& picture, int tile, float threshold) const {
  std::vector<FoundObject> found;
  const auto starts = [tile](int length) {
    std::vector<int> at{0};
    if (length <= tile) return at;
    const int steps = static_cast<int>(std::ceil(static_cast<double>(length - tile) / (tile * 2.0 / 3.0)));
    for (int i = 1; i <= steps; ++i) at.push_back((length - tile) * i / steps);
    return at;
  };
  for (const int y : starts(picture.rows))
    for (const int x : starts(picture.cols)) {
      const cv::Rect part = cv::Rect(x, y, tile, tile) & cv::Rect(0, 0, picture.cols, picture.rows);
      for (FoundObject object : find(picture(part), threshold)) {
        object.box += cv::Point2f(part.tl());
        found.push_back(object);
      }
    }
  return without_doubles(std::move(found));
}

std::vector<FoundObject> without_doubles(std::vector<FoundObject> found, float most) {
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
  std::vector<FoundObject> kept;
  for (const FoundObject& object : found) {
    const bool doubled = std::any_of(kept.begin(), kept.end(), [&](const FoundObject& other) {
      return other.kind == object.kind && overlap(other.box, object.box) > most;
    });
    if (!doubled) kept.push_back(object);
  }
  return kept;
}

bool is_vehicle(Kind kind) { return kind == Kind::car || kind == Kind::bus || kind == Kind::truck; }

}  // namespace lifang::vision
