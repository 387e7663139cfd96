#include "vision/commands/learn.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <numeric>
#include <opencv2/imgcodecs.hpp>
#include <optional>

#include "base/real_world.hpp"
#include "base/refusal.hpp"
#include "base/reflect.hpp"
#include "vision/commands/files.hpp"
#include "vision/commands/view.hpp"
#include "vision/judges/second_look_trial.hpp"

namespace lifang::vision {
namespace fs = std::filesystem;
namespace {

struct BoxWords {
  std::vector<double> box;
};
BOOST_DESCRIBE_STRUCT(BoxWords, (), (box))

struct Counts {
  std::size_t unseen = 0, unreadable = 0;
};

/// The box that was written beside the picture when it was fetched.
std::optional<cv::Rect2f> box_beside(const fs::path& picture) {
  const fs::path at = fs::path(picture).replace_extension(".json");
  if (!fs::exists(at)) return std::nullopt;
  std::ifstream in(at, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  try {
    const BoxWords words = from_json<BoxWords>(text, {4096, 4});
    const bool fits = words.box.size() == 4 && std::all_of(words.box.begin(), words.box.end(), [](double v) { return v >= -1e5 && v <= 1e5; });
    if (!fits || words.box[2] < 1 || words.box[3] < 1) throw invalid("vision.learn", "/box", "is [x, y, width, height]");
    return cv::Rect2f(static_cast<float>(words.box[0]), static_cast<float>(words.box[1]), static_cast<float>(words.box[2]), static_cast<float>(words.box[3]));
  } catch (Refusal& refusal) {
    refusal.detail = fmt::format("{}: {}", at.string(), refusal.detail);
    throw;
  }
}

class Reader {
 public:
  explicit Reader(const LearnWords& words) : words_(words), view_(words.config.empty() ? View{} : load_view(words.config)) {
    if (words.crops) return;
    const fs::path models = default_models_folder();
    finder_.emplace(Catalog(models / "models.toml", {models}));
  }

  void read(bool ebike, std::vector<LabelledLook>& looks) {
    const fs::path folder = words_.from / (ebike ? "ebike" : "other");
    if (!fs::is_directory(folder)) return;
    for (const fs::path& file : files_of(folder, picture_endings)) {
      const fs::path at = fs::relative(file, folder);
      std::vector<std::string> steps;
      for (const fs::path& step : at) steps.push_back(step.string());
      if (steps.size() != 3 || !parse_time(steps[1] + "T00:00:00Z"))
        throw invalid("vision.learn", "", fmt::format("{} lies not at {}/LIFT/DAY/PICTURE with a day like 2026-11-22: days and lifts must be held apart", file.string(),
                                                      folder.filename().string()));
      cv::Mat picture = cv::imread(file.string(), cv::IMREAD_COLOR);
      if (picture.empty()) {
        ++counts_.unreadable;
        continue;
      }
      if (const auto box = candidate(file, picture)) looks.push_back({second_look_at(picture, *box), ebike, steps[0], steps[1]});
      else ++counts_.unseen;
    }
  }
  const Counts& counts() const { return counts_; }

 private:
  std::optional<cv::Rect2f> candidate(const fs::path& file, cv::Mat& picture) {
    if (words_.crops) return cv::Rect2f(0, 0, static_cast<float>(picture.cols), static_cast<float>(picture.rows));
    const View view = fitted(view_, picture.size());
    hide(picture, mask_pixels(view.masks));
    if (const auto box = box_beside(file)) return box;
    const auto found = finder_->find(picture, static_cast<float>(view_.ebike.least_score));
    const FoundObject* best = two_wheeler_of(view_.ebike, found, pixels_of(view.zones));
    if (best == nullptr) return std::nullopt;
    return best->box;
  }

  const LearnWords& words_;
  View view_;
  std::optional<ObjectFinder> finder_;
  Counts counts_;
};

double share(std::int64_t part, std::int64_t whole) { return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole); }

void print(std::FILE* say, const LookTrial& trial, const Counts& counts) {
  const LookTable& t = trial.table;
  fmt::print(say, "pictures: {} of e-bikes, {} of others, {} lifts, {} days; passed over: {} without a two-wheeler for the detector, {} unreadable\n",
             trial.ebikes, trial.others, trial.lifts, trial.days, counts.unseen, counts.unreadable);
  fmt::print(say, "each judged by a model and a threshold that saw neither its day nor its lift{}\n",
             trial.other_lifts ? "" : " — no: e-bikes come from fewer than three lifts, so only its day; what this says of other lifts is not measured");
  fmt::print(say, "{:>20} {:>10} {:>10}\n{:>20} {:>10} {:>10}\n{:>20} {:>10} {:>10}\n", "truth \\ said", "e-bike", "other", "e-bike", t.hit, t.missed, "other",
             t.false_alarm, t.quiet);
  fmt::print(say, "finds {:.1f} % of the e-bikes and spares {:.1f} % of the false alarms that the detector alone gives on these pictures\n", share(t.hit, t.hit + t.missed),
             share(t.quiet, t.quiet + t.false_alarm));
  if (trial.not_scored > 0) fmt::print(say, "{} pictures could not be held out\n", trial.not_scored);
}

}  // namespace

void learn_ebike(const LearnWords& words, std::FILE* say) {
  if (!fs::is_directory(words.from)) throw missing("vision.path", words.from.string() + " is no folder");
  Reader reader(words);
  std::vector<LabelledLook> looks;
  reader.read(true, looks);
  reader.read(false, looks);
  const LookTrial trial = try_looks(looks);
  print(say, trial, reader.counts());
  std::vector<std::size_t> all(looks.size());
  std::iota(all.begin(), all.end(), 0U);
  const LearnedFrom learned{RealClock().now(), static_cast<std::int64_t>(trial.ebikes), static_cast<std::int64_t>(trial.others),
                            static_cast<std::int64_t>(trial.lifts), static_cast<std::int64_t>(trial.days), trial.other_lifts, trial.table};
  SecondLook(LinearLook::taught(looks, all), trial.threshold, learned).save(words.out);
  fmt::print(say, "threshold {:.3f}, written to {}. Name it in [cameras.view.ebike] second_look = \"…\": it is written down beside the detector\n"
                  "and decides nothing until second_look_decides = true.\n",
             trial.threshold, words.out.string());
}

}  // namespace lifang::vision
