#include "vision/judges/second_look.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <iterator>
#include <opencv2/imgproc.hpp>

#include "base/check.hpp"
#include "base/refusal.hpp"
#include "base/reflect.hpp"
#include "base/secret.hpp"

namespace lifang::vision {
namespace fs = std::filesystem;
namespace {

constexpr int edge = 64, cell = 8, cells = edge / cell, directions = 9, fields = 4;
constexpr double wider = 1.2;
constexpr const char* format_word = "lifang second look 1";
constexpr const char* features_word = "hog 64/8/9/2 + lab 4x4";
constexpr std::size_t most_model_bytes = 1 << 20;
// Fixed, not searched for: with some hundred pictures a search would fit the pictures.
constexpr double penalty = 0.01;
constexpr int rounds = 400;
constexpr double settled = 2e-5;  ///< slopes below this change no judgement

/// What the file holds; the member that proves the others stands last.
struct FileWords {
  std::string format, features;
  double threshold = 0, bias = 0;
  std::vector<double> weights;
  LearnedFrom learned;
  std::string sha256;
};
BOOST_DESCRIBE_STRUCT(FileWords, (), (format, features, threshold, bias, weights, learned, sha256))

/// Of the file's words without the sum itself. SHA-256 finds what a bad disk or a careless hand did; it is no signature.
std::string sum_of(FileWords words) {
  words.sha256.clear();
  return sha256_hex(to_json(words));
}

cv::Mat square_of(const cv::Mat& bgr, const cv::Rect2f& box) {
  const double side = std::max({static_cast<double>(box.width), static_cast<double>(box.height), 4.0}) * wider;
  const double left = static_cast<double>(box.x) + static_cast<double>(box.width) / 2 - side / 2;
  const double top = static_cast<double>(box.y) + static_cast<double>(box.height) / 2 - side / 2;
  // Shrunk by areas first, so that fine stripes do not turn into coarse ones; then cut out to a fraction of a pixel.
  const double shrink = std::max(1.0, side / (2.0 * edge));
  cv::Mat small = bgr;
  if (shrink > 1) cv::resize(bgr, small, {}, 1 / shrink, 1 / shrink, cv::INTER_AREA);
  const double scale = edge / (side / shrink);
  const cv::Mat way = (cv::Mat_<double>(2, 3) << scale, 0, -left / shrink * scale, 0, scale, -top / shrink * scale);
  cv::Mat out;
  cv::warpAffine(small, out, way, {edge, edge}, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  return out;
}

using CellHistograms = std::array<std::array<float, directions>, cells * cells>;

CellHistograms histograms_of(const cv::Mat& bgr) {
  cv::Mat grey, real, dx, dy, magnitude, angle;
  cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
  grey.convertTo(real, CV_32F, 1 / 255.0);
  cv::sqrt(real, real);  // evens out light and shadow
  const cv::Mat across = (cv::Mat_<float>(1, 3) << -1, 0, 1);
  cv::filter2D(real, dx, CV_32F, across);
  cv::filter2D(real, dy, CV_32F, across.t());
  cv::cartToPolar(dx, dy, magnitude, angle, true);
  CellHistograms out{};
  for (int y = 0; y < edge; ++y)
    for (int x = 0; x < edge; ++x) {
      const float turn = std::fmod(angle.at<float>(y, x), 180.0F) / 180.0F * directions - 0.5F;
      const float low = std::floor(turn), share = turn - low;
      const int first = (static_cast<int>(low) + directions) % directions;
      auto& histogram = out[static_cast<std::size_t>(y / cell * cells + x / cell)];
      histogram[static_cast<std::size_t>(first)] += magnitude.at<float>(y, x) * (1 - share);
      histogram[static_cast<std::size_t>((first + 1) % directions)] += magnitude.at<float>(y, x) * share;
    }
  return out;
}

void level(std::span<float> block) {
  float sum = 1e-4F;
  for (const float v : block) sum += v * v;
  for (float& v : block) v /= std::sqrt(sum);
}

void add_blocks(const CellHistograms& histograms, std::vector<float>& out) {
  for (int y = 0; y + 1 < cells; ++y)
    for (int x = 0; x + 1 < cells; ++x) {
      const std::size_t from = out.size();
      for (const int at : {y * cells + x, y * cells + x + 1, (y + 1) * cells + x, (y + 1) * cells + x + 1})
        out.insert(out.end(), histograms[static_cast<std::size_t>(at)].begin(), histograms[static_cast<std::size_t>(at)].end());
      const std::span<float> block(out.data() + from, out.size() - from);
      level(block);
      for (float& v : block) v = std::min(v, 0.2F);
      level(block);
    }
}

void add_colours(const cv::Mat& bgr, std::vector<float>& out) {
  cv::Mat lab;
  cv::cvtColor(bgr, lab, cv::COLOR_BGR2Lab);
  constexpr int size = edge / fields;
  for (int y = 0; y < fields; ++y)
    for (int x = 0; x < fields; ++x) {
      cv::Scalar mean, deviation;
      cv::meanStdDev(lab(cv::Rect(x * size, y * size, size, size)), mean, deviation);
      for (const double v : {mean[0], mean[1], mean[2], deviation[0]}) out.push_back(static_cast<float>(v / 255));
    }
}

}  // namespace

std::vector<float> second_look_at(const cv::Mat& bgr, const cv::Rect2f& box) {
  const cv::Mat square = square_of(bgr, box);
  std::vector<float> out;
  out.reserve(second_look_features);
  add_blocks(histograms_of(square), out);
  add_colours(square, out);
  check(out.size() == second_look_features, "a second look has its features");
  return out;
}

double LinearLook::score(std::span<const float> features) const {
  check(features.size() == weights.size(), "features belong to this model");
  double sum = static_cast<double>(bias);
  for (std::size_t i = 0; i < weights.size(); ++i) sum += static_cast<double>(weights[i]) * static_cast<double>(features[i]);
  return 1 / (1 + std::exp(-sum));
}

LinearLook LinearLook::taught(const std::vector<LabelledLook>& looks, std::span<const std::size_t> which) {
  const auto ebikes = static_cast<std::size_t>(std::count_if(which.begin(), which.end(), [&](std::size_t i) { return looks[i].ebike; }));
  check(ebikes > 0 && ebikes < which.size(), "a model is taught on looks of both kinds");
  const std::size_t width = looks[which[0]].features.size();
  // Centred, because the slope is then not spent on what all looks share.
  std::vector<float> middle(width);
  for (const std::size_t i : which)
    for (std::size_t k = 0; k < width; ++k) middle[k] += looks[i].features[k] / static_cast<float>(which.size());
  cv::Mat rows(static_cast<int>(which.size()), static_cast<int>(width), CV_32F);
  double longest = 1;
  for (std::size_t r = 0; r < which.size(); ++r) {
    float* row = rows.ptr<float>(static_cast<int>(r));
    for (std::size_t k = 0; k < width; ++k) row[k] = looks[which[r]].features[k] - middle[k];
    longest = std::max(longest, 1 + cv::norm(rows.row(static_cast<int>(r)), cv::NORM_L2SQR));
  }
  // Accelerated descent for a strongly convex loss (Nesterov 2004, §2.2): the whole of the looks each round, so no chance in it.
  const double most = longest / 4 + penalty;
  const double momentum = (std::sqrt(most) - std::sqrt(penalty)) / (std::sqrt(most) + std::sqrt(penalty));
  // Rows for the scores, columns for the slopes: both are then sums over what lies side by side.
  const cv::Mat columns = rows.t();
  cv::Mat weights = cv::Mat::zeros(1, static_cast<int>(width), CV_32F), ahead = weights.clone(), slope(1, static_cast<int>(width), CV_32F),
          slopes(1, rows.rows, CV_32F);
  double bias = 0, bias_ahead = 0;
  for (int round = 0; round < rounds; ++round) {
    double slope_of_bias = 0;
    for (int r = 0; r < rows.rows; ++r) {
      const bool ebike = looks[which[static_cast<std::size_t>(r)]].ebike;
      const double p = 1 / (1 + std::exp(-(rows.row(r).dot(ahead) + bias_ahead)));
      const double own = (p - (ebike ? 1 : 0)) * 0.5 / static_cast<double>(ebike ? ebikes : which.size() - ebikes);
      slopes.at<float>(r) = static_cast<float>(own);
      slope_of_bias += own;
    }
    for (int k = 0; k < columns.rows; ++k) slope.at<float>(k) = static_cast<float>(columns.row(k).dot(slopes));
    slope += penalty * ahead;
    const cv::Mat before = weights;
    const double bias_before = bias;
    weights = ahead - slope / most;
    bias = bias_ahead - slope_of_bias / most;
    ahead = weights + momentum * (weights - before);
    bias_ahead = bias + momentum * (bias - bias_before);
    if (cv::norm(slope, cv::NORM_INF) < settled && std::abs(slope_of_bias) < settled) break;
  }
  LinearLook out;
  out.weights.assign(weights.begin<float>(), weights.end<float>());
  for (std::size_t k = 0; k < width; ++k) bias -= static_cast<double>(out.weights[k]) * static_cast<double>(middle[k]);
  out.bias = static_cast<float>(bias);
  return out;
}

SecondLook::SecondLook(LinearLook model, double threshold, LearnedFrom learned)
    : model_(std::move(model)), threshold_(threshold), learned_(learned) {
  check(model_.weights.size() == second_look_features, "a second look has its weights");
}

std::string SecondLook::text() const {
  FileWords words{format_word, features_word, threshold_, static_cast<double>(model_.bias), {}, learned_, ""};
  // What a float holds, in as few digits as read back to it.
  for (const float w : model_.weights) words.weights.push_back(std::stod(fmt::format("{}", w)));
  words.sha256 = sum_of(words);
  return to_json(words) + "\n";
}

SecondLook SecondLook::read(std::string_view text) {
  FileWords words = from_json<FileWords>(text, {most_model_bytes, 8});
  const auto off = [](const char* field, std::string why) { return invalid("vision.second_look", field, std::move(why)); };
  if (words.format != format_word) throw off("/format", fmt::format("is not \"{}\"; teach it again with this program", format_word));
  if (words.features != features_word) throw off("/features", fmt::format("is not \"{}\"; teach it again with this program", features_word));
  if (words.weights.size() != second_look_features) throw off("/weights", fmt::format("are {}, not {}", words.weights.size(), second_look_features));
  if (!(words.threshold > 0 && words.threshold < 1)) throw off("/threshold", "is not between 0 and 1");
  if (words.sha256 != sum_of(words)) throw off("/sha256", "does not fit the rest: the file was altered or damaged");
  LinearLook model;
  const auto real = [&](double number, const std::string& field) {
    if (!(std::abs(number) < 1e6)) throw invalid("vision.second_look", field, "is beyond any taught weight");
    return static_cast<float>(number);
  };
  for (std::size_t i = 0; i < words.weights.size(); ++i) model.weights.push_back(real(words.weights[i], fmt::format("/weights/{}", i)));
  model.bias = real(words.bias, "/bias");
  return {std::move(model), words.threshold, words.learned};
}

SecondLook SecondLook::load(const fs::path& file) {
  std::error_code failed;
  if (!fs::is_regular_file(file, failed)) throw missing("vision.second_look", file.string() + " is not there");
  if (fs::file_size(file, failed) > most_model_bytes) throw Refusal{RefusalKind::too_large, "vision.second_look", file.string() + " is no second look: too large"};
  std::ifstream in(file, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  try {
    return read(text);
  } catch (Refusal& refusal) {
    refusal.detail = fmt::format("{}: {}", file.string(), refusal.detail);
    throw;
  }
}

void SecondLook::save(const fs::path& file) const {
  const fs::path part = file.string() + ".part";
  std::error_code failed;
  {
    std::ofstream out(part, std::ios::binary);
    out << text() << std::flush;
    if (!out) failed = std::make_error_code(std::errc::io_error);
  }
  if (!failed) fs::rename(part, file, failed);
  if (failed) throw Refusal{RefusalKind::unavailable, "vision.second_look", fmt::format("cannot write {}", file.string())};
}

}  // namespace lifang::vision
