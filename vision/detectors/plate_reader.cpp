#include "vision/detectors/plate_reader.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <map>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <string>
#include <utility>

#include "base/check.hpp"
#include "vision/detectors/picture.hpp"

namespace lifang::vision {
namespace {

constexpr int reader_height = 48;
constexpr float usual_length = 440.0F / 140.0F;  // a blue plate is 440 × 140 mm (GA 36-2018)

/// The recogniser knows 6,623 characters and was taught on print, not on plates: what it calls 院 on a plate is 皖.
/// A look-alike counts for less than the character itself.
constexpr std::array<std::pair<std::string_view, std::string_view>, 27> look_alikes{{
    {"皖", "院浣晥皓睆莞脘"}, {"浙", "淅渐折"}, {"苏", "办蘇芬"}, {"渝", "榆输喻愉"}, {"沪", "护炉泸沖"},
    {"粤", "奥粵"}, {"赣", "贛"}, {"鲁", "魯曾會"}, {"津", "律洋"}, {"晋", "普晉"}, {"辽", "过迂遼江"},
    {"闽", "闵閩间"}, {"陕", "侠陝峡狭"}, {"贵", "責费贲"}, {"桂", "柱佳挂"}, {"湘", "相箱汨"}, {"川", "州圳"},
    {"京", "亰哀"}, {"琼", "凉瓊"}, {"甘", "廿日"}, {"吉", "古言告"}, {"云", "去雲"}, {"蒙", "豪矇"},
    {"冀", "翼奠"}, {"豫", "像橡"}, {"鄂", "鄭郭"}, {"新", "斩析"}}};
constexpr float look_alike_worth = 0.5F;

cv::Mat shear(cv::Size size, double slant, bool rows) {
  if (rows) return (cv::Mat_<double>(2, 3) << 1, 0, 0, slant, 1, -slant * size.width / 2);
  return (cv::Mat_<double>(2, 3) << 1, slant, -slant * size.height / 2, 0, 1, 0);
}

/// Slant of the plate's lines (`rows`) or of its strokes, as a tangent: the shear under which sums along them
/// change most abruptly from line to line.
double slant_of(const cv::Mat& grey, bool rows) {
  double best = 0, sharpest = -1;
  for (double slant = -0.26; slant <= 0.261; slant += 0.02) {
    cv::Mat sheared, sums;
    cv::warpAffine(grey, sheared, shear(grey.size(), slant, rows), grey.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    cv::reduce(sheared, sums, rows ? 1 : 0, cv::REDUCE_AVG, CV_64F);
    double energy = 0;
    for (int i = 1; i < static_cast<int>(sums.total()); ++i) {
      const double step = sums.at<double>(i) - sums.at<double>(i - 1);
      energy += step * step;
    }
    energy *= 1 - 0.3 * std::abs(slant);  // upright unless the picture speaks clearly
    if (energy <= sharpest) continue;
    sharpest = energy;
    best = slant;
  }
  return best;
}

/// The plate with lines level and strokes upright.
cv::Mat levelled(const cv::Mat& crop) {
  cv::Mat grey, out;
  cv::resize(crop, out, {280, 90}, 0, 0, cv::INTER_CUBIC);
  cv::cvtColor(out, grey, cv::COLOR_BGR2GRAY);
  for (const bool rows : {true, false}) {
    const cv::Mat way = shear(grey.size(), slant_of(grey, rows), rows);
    cv::warpAffine(out, out, way, out.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    cv::warpAffine(grey, grey, way, grey.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  }
  return out;
}

std::map<std::string, std::pair<std::size_t, float>> spellings() {
  std::map<std::string, std::pair<std::size_t, float>> out;
  const auto& symbols = plate_symbols();
  const auto number = [&](std::string_view s) {
    return static_cast<std::size_t>(std::find(symbols.begin(), symbols.end(), s) - symbols.begin()) + 1;
  };
  for (const auto& [symbol, others] : look_alikes)
    for (const std::string& other : characters_of(others)) out[other] = {number(symbol), look_alike_worth};
  for (char c = 'a'; c <= 'z'; ++c)
    out[std::string(1, c)] = {number(std::string(1, static_cast<char>(c - 'a' + 'A'))), 1.0F};
  for (std::size_t s = 0; s < symbols.size(); ++s) out[symbols[s]] = {s + 1, 1.0F};
  return out;
}

}  // namespace

PlateReader::PlateReader(const Catalog& catalog) : reader_(catalog.find("text-reader")), finder_(catalog), head_(0) {
  const ModelSpec& keys = catalog.find("text-keys");
  verify(keys);
  const auto known = spellings();
  symbol_of_class_.emplace_back(0, 1.0F);  // class 0 is CTC's blank
  std::ifstream in(keys.file);
  for (std::string line; std::getline(in, line);) {
    const auto at = known.find(line);
    symbol_of_class_.push_back(at == known.end() ? std::pair<std::size_t, float>{0, 1.0F} : at->second);
  }
  symbol_of_class_.emplace_back(0, 1.0F);  // the last class is the space
  for (std::size_t c = 0; c < symbol_of_class_.size(); ++c)
    if (symbol_of_class_[c].first != 0) feature_classes_.push_back(c);
  const ModelSpec& head = catalog.find("plate-head");
  verify(head);
  head_ = PlateHead::load(head.file, feature_classes_.size());
}

PlateReader::Sight PlateReader::look(const cv::Mat& crop, float widen) const {
  const int width = std::clamp(static_cast<int>(std::lround(static_cast<float>(reader_height) * usual_length * widen / 8)) * 8,
                               64, 640);
  cv::Mat picture;
  cv::resize(crop, picture, {width, reader_height}, 0, 0, cv::INTER_CUBIC);
  constexpr std::array<float, 3> half{127.5F, 127.5F, 127.5F};
  const Tensor out = reader_.run(to_planes(picture, half, half, false)).front();
  const auto classes = static_cast<std::size_t>(out.shape[2]);
  check(classes == symbol_of_class_.size(), "the key file belongs to the recogniser");
  Sight sight;
  for (std::size_t t = 0; t < static_cast<std::size_t>(out.shape[1]); ++t) {
    const float* row = out.data.data() + t * classes;
    std::vector<float>& column = sight.columns.emplace_back(plate_symbols().size() + 1);
    // What can stand on no plate (the dot, a bolt read as 。) is as good as blank.
    for (std::size_t c = 0; c < classes; ++c) column[symbol_of_class_[c].first] += row[c] * symbol_of_class_[c].second;
    const float sum = std::accumulate(column.begin(), column.end(), 0.0F);
    for (float& p : column) p /= sum;

    std::vector<float>& features = sight.features.emplace_back();
    for (const std::size_t c : feature_classes_) features.push_back(0.1F * std::log(std::max(row[c], 1e-12F)));
    const float mean = std::accumulate(features.begin(), features.end(), 0.0F) / static_cast<float>(features.size());
    for (float& f : features) f -= mean;
  }
  return sight;
}

PlateColumns PlateReader::columns(const cv::Mat& crop, float widen) const {
  Sight sight = look(crop, widen);
  for (std::size_t t = 0; t < sight.columns.size(); ++t)
    head_.apply(sight.features[t], sight.columns[t].data() + 1 + head_first_symbol);
  return std::move(sight.columns);
}

std::vector<PlateReader::View> PlateReader::views(const cv::Mat& crop) {
  const cv::Mat level = levelled(crop);
  cv::Mat framed;
  constexpr int frame = 6;
  cv::copyMakeBorder(level, framed, frame, frame, 2 * frame, 2 * frame, cv::BORDER_REPLICATE);
  return {{crop, 1.0F}, {level, 1.0F}, {level, 1.5F}, {framed, 1.25F}};
}

std::vector<HeadSample> PlateReader::lessons(const cv::Mat& crop, const std::string& text) const {
  std::vector<HeadSample> out;
  const std::vector<std::size_t> symbols = symbols_of(text);
  for (const View& view : views(crop)) {
    const Sight sight = look(view.picture, view.widen);
    const std::vector<std::size_t> places = align_plate(sight.columns, symbols);
    for (std::size_t t = 0; t < places.size(); ++t) {
      if (places[t] == npos || symbols[places[t]] < head_first_symbol ||
          symbols[places[t]] >= head_first_symbol + head_symbols)
        continue;
      const float* from = sight.columns[t].data() + 1 + head_first_symbol;
      if (std::accumulate(from, from + head_symbols, 0.0F) < 0.2F) continue;
      HeadSample sample{sight.features[t], {}, symbols[places[t]] - head_first_symbol};
      for (std::size_t s = 0; s < head_symbols; ++s) sample.log_symbols.push_back(std::log(std::max(from[s], 1e-12F)));
      out.push_back(std::move(sample));
    }
  }
  return out;
}

std::vector<PlateColumns> PlateReader::sights(const cv::Mat& crop) const {
  std::vector<PlateColumns> seen;
  for (const View& view : views(crop)) seen.push_back(columns(view.picture, view.widen));
  return seen;
}

PlateText PlateReader::read(const cv::Mat& crop) const { return vote_plate(sights(crop)); }

std::vector<FoundPlate> PlateReader::find(const cv::Mat& picture) const {
  std::vector<FoundPlate> out;
  for (const TextBox& box : finder_.find(picture)) {
    const float longer = std::max(box.box.size.width, box.box.size.height);
    const float shorter = std::min(box.box.size.width, box.box.size.height);
    if (longer < 40 || longer < 1.8F * shorter || longer > 8 * shorter) continue;
    std::vector<PlateColumns> seen = sights(cut_level(picture, box.box));
    const PlateText text = vote_plate(seen);
    if (text.score < reader_.spec().threshold) continue;
    FoundPlate plate{text, std::vector<cv::Point2f>(4), std::move(seen)};
    box.box.points(plate.corners.data());
    out.push_back(std::move(plate));
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.plate.score > b.plate.score; });
  return out;
}

}  // namespace lifang::vision
