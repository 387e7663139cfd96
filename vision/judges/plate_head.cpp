#include "vision/judges/plate_head.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>

#include "base/check.hpp"
#include "base/refusal.hpp"

namespace lifang::vision {
namespace {

using Scores = std::array<float, head_symbols>;

void softmax(Scores& scores) {
  const float top = *std::max_element(scores.begin(), scores.end());
  float sum = 0;
  for (float& s : scores) sum += s = std::exp(s - top);
  for (float& s : scores) s /= sum;
}

}  // namespace

void PlateHead::scores(const std::vector<float>& features, float* out) const {
  check(features.size() == features_, "features belong to this head");
  for (std::size_t s = 0; s < head_symbols; ++s) {
    const float* row = weights_.data() + s * (features_ + 1);
    float sum = row[features_];
    for (std::size_t i = 0; i < features_; ++i) sum += row[i] * features[i];
    out[s] = sum;
  }
}

void PlateHead::apply(const std::vector<float>& features, float* letters_and_digits) const {
  Scores changed;
  scores(features, changed.data());
  float mass = 0;
  for (std::size_t s = 0; s < head_symbols; ++s) {
    mass += letters_and_digits[s];
    changed[s] += std::log(std::max(letters_and_digits[s], 1e-12F));
  }
  softmax(changed);
  for (std::size_t s = 0; s < head_symbols; ++s) letters_and_digits[s] = changed[s] * mass;
}

PlateHead PlateHead::train(const std::vector<HeadSample>& samples, float decay, int epochs) {
  check(!samples.empty(), "a head is taught on samples");
  PlateHead head(samples.front().features.size());
  Scores worth{};
  for (const HeadSample& s : samples) worth[s.truth] += 1;
  float present = 0;
  for (const float w : worth) present += w > 0;
  for (float& w : worth) w = w > 0 ? 1 / (w * present) : 0;

  // Adam (Kingma and Ba 2015) on the whole batch: no order of samples, so no chance in it.
  std::vector<float> gradient(head.weights_.size()), first(gradient.size()), second(gradient.size());
  const std::size_t width = head.features_ + 1;
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    std::fill(gradient.begin(), gradient.end(), 0.0F);
    for (const HeadSample& sample : samples) {
      Scores p;
      head.scores(sample.features, p.data());
      for (std::size_t s = 0; s < head_symbols; ++s) p[s] += sample.log_symbols[s];
      softmax(p);
      p[sample.truth] -= 1;
      for (std::size_t s = 0; s < head_symbols; ++s) {
        const float slope = p[s] * worth[sample.truth];
        if (std::abs(slope) < 1e-9F) continue;
        float* row = gradient.data() + s * width;
        for (std::size_t i = 0; i + 1 < width; ++i) row[i] += slope * sample.features[i];
        row[width - 1] += slope;
      }
    }
    const float rate = 0.02F * (1 - 0.9F * static_cast<float>(epoch) / static_cast<float>(epochs));
    const float debias1 = 1 - std::pow(0.9F, static_cast<float>(epoch)), debias2 = 1 - std::pow(0.999F, static_cast<float>(epoch));
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      const float g = gradient[i] + decay * head.weights_[i];
      first[i] = 0.9F * first[i] + 0.1F * g;
      second[i] = 0.999F * second[i] + 0.001F * g * g;
      head.weights_[i] -= rate * (first[i] / debias1) / (std::sqrt(second[i] / debias2) + 1e-8F);
    }
  }
  return head;
}

PlateHead PlateHead::load(const std::filesystem::path& file, std::size_t feature_count) {
  PlateHead head(feature_count);
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  const auto want = head.weights_.size() * sizeof(float);
  if (!in || static_cast<std::size_t>(in.tellg()) != want)
    throw invalid("vision.plate_head", "", fmt::format("{} is no plate head of {} bytes", file.string(), want));
  in.seekg(0);
  in.read(reinterpret_cast<char*>(head.weights_.data()), static_cast<std::streamsize>(want));
  return head;
}

void PlateHead::save(const std::filesystem::path& file) const {
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(weights_.data()), static_cast<std::streamsize>(weights_.size() * sizeof(float)));
  if (!out) throw Refusal{RefusalKind::unavailable, "vision.plate_head", fmt::format("cannot write {}", file.string())};
}

}  // namespace lifang::vision
