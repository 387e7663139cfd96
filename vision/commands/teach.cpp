#include "vision/commands/teach.hpp"

#include <fmt/format.h>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <random>

#include "base/refusal.hpp"
#include "vision/commands/files.hpp"
#include "vision/detectors/plate_reader.hpp"

namespace lifang::vision {
namespace {

constexpr int views_a_crop = 4;
constexpr float decay = 1e-4F;  // chosen by two-fold runs within the taught half
constexpr int epochs = 60;
constexpr double strength = 1.3;

/// The crop as another camera might have cut it: moved, sheared, darker, softer. The first view is the crop itself.
cv::Mat varied(const cv::Mat& crop, int view, std::mt19937& chance) {
  if (view == 0) return crop;
  const auto around = [&](double middle, double reach) {
    // Written out because std::uniform_real_distribution differs between libraries.
    return middle + reach * strength * (2.0 * static_cast<double>(chance()) / 4294967295.0 - 1.0);
  };
  const cv::Mat way = (cv::Mat_<double>(2, 3) << around(1, 0.06), around(0, 0.15), around(0, 2), around(0, 0.03),
                       around(1, 0.06), around(0, 1.5));
  cv::Mat out;
  cv::warpAffine(crop, out, way, crop.size(), cv::INTER_CUBIC, cv::BORDER_REPLICATE);
  out.convertTo(out, -1, around(0.95, 0.25), around(0, 15));
  if (view % 2 == 1) cv::GaussianBlur(out, out, {}, std::max(0.2, around(0.5, 0.2)));
  return out;
}

}  // namespace

void teach_plates(const std::filesystem::path& folder, const std::filesystem::path& out, Fold fold) {
  const std::filesystem::path models = default_models_folder();
  PlateReader reader(Catalog(models / "models.toml", {models}));
  std::mt19937 chance(1);
  std::vector<HeadSample> samples;
  const std::vector<std::filesystem::path> files = files_of(folder, picture_endings);
  for (std::size_t i = fold == Fold::odd ? 1 : 0; i < files.size(); i += fold == Fold::all ? 1 : 2) {
    const cv::Mat crop = cv::imread(files[i].string());
    const std::string text = files[i].stem().string();
    if (crop.empty() || !is_plate(text)) continue;
    for (int view = 0; view < views_a_crop; ++view)
      for (HeadSample& sample : reader.lessons(varied(crop, view, chance), text)) samples.push_back(std::move(sample));
  }
  if (samples.empty()) throw invalid("vision.teach", "", fmt::format("{} holds no crop named by its plate", folder.string()));
  PlateHead::train(samples, decay, epochs).save(out);
}

}  // namespace lifang::vision
