// Faces: on persons' own pictures where there are some (FACES/PERSON/*: ORL, or a site's own), and on made-up gates.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "vision/accept_table.hpp"
#include "vision/commands/files.hpp"
#include "vision/commands/view.hpp"
#include "vision/detectors/face_finder.hpp"
#include "vision/judges/face_gate.hpp"
#include "vision/judges/face_trial.hpp"
#include "vision/sim_gate.hpp"

namespace lifang::vision::accept {
namespace {
namespace fs = std::filesystem;

using Prints = std::vector<std::vector<float>>;

struct Distances {
  std::vector<double> own, strangers;
};

Distances between(const std::vector<Prints>& persons) {
  Distances out;
  for (std::size_t a = 0; a < persons.size(); ++a)
    for (std::size_t b = a; b < persons.size(); ++b)
      for (std::size_t i = 0; i < persons[a].size(); ++i)
        for (std::size_t j = a == b ? i + 1 : 0; j < persons[b].size(); ++j)
          (a == b ? out.own : out.strangers).push_back(static_cast<double>(print_distance(persons[a][i], persons[b][j])));
  return out;
}

/// Small pictures (ORL: 92×112, the face from edge to edge) are brought to a gate's size, with room around.
cv::Mat roomy(const cv::Mat& picture) {
  if (picture.cols >= 400) return picture;
  cv::Mat large, out;
  cv::resize(picture, large, {}, 250.0 / picture.cols, 250.0 / picture.cols, cv::INTER_CUBIC);
  cv::copyMakeBorder(large, out, 120, 120, 120, 120, cv::BORDER_REPLICATE);
  return out;
}

void persons(const FaceFinder& finder, const fs::path& folder) {
  if (!fs::exists(folder)) {
    fmt::print("skip   {:<34} no data at {} (a folder a person: ORL, or a site's own)\n", "faces, known or not", folder.string());
    return;
  }
  std::map<std::string, Prints> all;
  int pictures = 0, without = 0;
  for (const fs::path& file : files_of(folder, picture_endings)) {
    ++pictures;
    const cv::Mat picture = roomy(cv::imread(file.string(), cv::IMREAD_COLOR));
    const auto found = finder.find(picture);
    if (found.empty()) ++without;
    else all[file.parent_path().filename().string()].push_back(finder.print(picture, found.front()));
  }
  std::vector<Prints> even, odd, both;
  for (const auto& [name, prints] : all) {
    (both.size() % 2 == 0 ? even : odd).push_back(prints);
    both.push_back(prints);
  }
  const Distances here = between(both), taught = between(even), scored = between(odd);
  if (here.own.empty() || taught.strangers.empty() || scored.strangers.empty()) {
    fmt::print("skip   {:<34} fewer than four persons with two pictures\n", "faces, known or not");
    return;
  }
  const FaceRate equal = equal_error(here.own, here.strangers);
  verdict((equal.rejected + equal.accepted) / 2 <= 0.04, "faces, known or not",
          fmt::format("EER {:.2f} % at {:.3f} over {} persons ({} pictures, {} without a face found)", 50 * (equal.rejected + equal.accepted), equal.threshold,
                      both.size(), pictures, without));
  for (const double far : {1e-3, 1e-4}) {
    if (const auto chosen = at_rate(taught.own, taught.strangers, far)) {
      const FaceRate there = at_threshold(scored.own, scored.strangers, chosen->threshold);
      fmt::print("figure {:<34} FAR {:g}: {:.3f}, chosen on every other person; on the rest {:.2f} % rejected, {:.4f} % accepted\n", "faces, threshold", far, chosen->threshold,
                 100 * there.rejected, 100 * there.accepted);
    } else {
      fmt::print("figure {:<34} FAR {:g} cannot be shown by {} pairs of strangers\n", "faces, threshold", far, taught.strangers.size());
    }
  }
}

/// How living each look was, of the faces of one half.
struct HalfOfFaces {
  std::vector<double> living, sheets, screens;
};

std::string share_below(const std::vector<double>& scores, double threshold) {
  return fmt::format("{} of {}", std::count_if(scores.begin(), scores.end(), [&](double s) { return s < threshold; }), scores.size());
}

/// The threshold that refuses one living look in ten, of every other face; what it does with the looks of the rest.
void score_by_halves(const HalfOfFaces (&halves)[2]) {
  for (int chosen = 0; chosen < 2; ++chosen) {
    std::vector<double> sorted = halves[chosen].living;
    if (sorted.size() < 20 || halves[1 - chosen].living.empty()) return;
    std::sort(sorted.begin(), sorted.end());
    const double threshold = sorted[sorted.size() / 10];
    const HalfOfFaces& rest = halves[1 - chosen];
    fmt::print("figure {:<34} {:.2f} chosen on every other face; of the rest it refuses {} living looks, {} sheets, {} screens\n", "faces, threshold of the networks",
               threshold, share_below(rest.living, threshold), share_below(rest.sheets, threshold), share_below(rest.screens, threshold));
  }
}

void made_up(const FaceFinder& finder) {
  const auto pictures = sim::face_pictures(LIFANG_SOURCE_DIR);
  if (pictures.empty()) return fmt::print("skip   {:<34} the pinned package with pictures is not installed\n", "faces, made-up gate");
  enum class Shown { living, sheet, screen };
  Distances between_looks;
  Table sheet_looks, screen_looks;
  HalfOfFaces halves[2];
  int seen = 0, looked = 0, sheets = 0;
  std::size_t faces = 0;
  double farthest = 0;
  const FaceWords words;
  for (const fs::path& file : pictures) {
    const cv::Mat picture = cv::imread(file.string(), cv::IMREAD_COLOR);
    Prints together;
    for (const FoundFace& face : finder.find(picture)) {
      together.push_back(finder.print(picture, face));
      if (FaceFinder::quality(picture, face) != FaceQuality::good) continue;
      HalfOfFaces& half = halves[faces++ % 2];
      std::vector<double> noses;
      for (std::uint64_t seed = 1; seed <= 12; ++seed)
        for (const Shown shown : {Shown::living, Shown::sheet, Shown::screen}) {
          const cv::Mat look = shown == Shown::living  ? sim::at_the_gate(picture, face, seed)
                               : shown == Shown::sheet ? sim::held_up(picture, face, seed, 20 * std::sin(static_cast<double>(seed)))
                                                       : sim::on_a_screen(picture, face, seed);
          const auto found = finder.find(look);
          const FoundFace* one = sim::middle(found);
          looked += shown == Shown::living;
          if (one == nullptr || FaceFinder::quality(look, *one) != FaceQuality::good) continue;
          const double score = static_cast<double>(finder.living(look, *one));
          const bool lives = score >= words.least_living;
          (shown == Shown::living ? half.living : shown == Shown::sheet ? half.sheets : half.screens).push_back(score);
          if (shown != Shown::screen) sheet_looks.count(shown == Shown::living, lives);
          if (shown != Shown::sheet) screen_looks.count(shown == Shown::living, lives);
          if (shown == Shown::sheet) noses.push_back(across(one->points[0], one->points[1], one->points[2], one->points[3]));
          if (shown != Shown::living) continue;
          ++seen;
          between_looks.own.push_back(static_cast<double>(print_distance(together.back(), finder.print(look, *one))));
        }
      if (noses.size() < 4) continue;
      std::sort(noses.begin(), noses.end());
      ++sheets;
      farthest = std::max(farthest, noses[noses.size() - 2] - noses[1]);
    }
    // Whoever stands beside somebody in one photograph is somebody else.
    for (std::size_t i = 0; i < together.size(); ++i)
      for (std::size_t j = i + 1; j < together.size(); ++j) between_looks.strangers.push_back(static_cast<double>(print_distance(together[i], together[j])));
  }
  const FaceRate rate = at_threshold(between_looks.own, between_looks.strangers, words.threshold);
  fmt::print("figure {:<34} {} of {} looks good enough; at {:.2f}: {:.1f} % of {} looks of one photograph rejected, {:.1f} % of {} pairs of strangers accepted\n", "faces, made-up gate", seen,
             looked, words.threshold, 100 * rate.rejected, between_looks.own.size(), 100 * rate.accepted, between_looks.strangers.size());
  score_by_halves(halves);
  fmt::print("figure {:<34} one look, networks alone, at the default of {:.2f} (chosen with all of them seen)\n", "faces, living or held up", words.least_living);
  sheet_looks.print("living", "a sheet");
  screen_looks.print("living", "a screen");
  verdict(farthest < words.turn, "faces, a sheet that is turned", fmt::format("its nose moved by {:.3f} at most over {} sheets; {:.2f} are asked for", farthest, sheets, words.turn));
}

}  // namespace

void faces(const Catalog& catalog, const fs::path& data) {
  const FaceFinder finder(catalog);
  persons(finder, data / "faces");
  made_up(finder);
}

}  // namespace lifang::vision::accept
