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

void made_up(const FaceFinder& finder) {
  const auto pictures = sim::face_pictures(LIFANG_SOURCE_DIR);
  if (pictures.empty()) return fmt::print("skip   {:<34} the pinned package with pictures is not installed\n", "faces, made-up gate");
  Distances between_looks;
  Table living;
  int seen = 0, looked = 0, sheets = 0;
  double farthest = 0;
  const FaceWords words;
  for (const fs::path& file : pictures) {
    const cv::Mat picture = cv::imread(file.string(), cv::IMREAD_COLOR);
    Prints together;
    for (const FoundFace& face : finder.find(picture)) {
      together.push_back(finder.print(picture, face));
      if (FaceFinder::quality(picture, face) != FaceQuality::good) continue;
      std::vector<double> noses;
      for (std::uint64_t seed = 1; seed <= 12; ++seed)
        for (const bool sheet : {false, true}) {
          const cv::Mat look = sheet ? sim::held_up(picture, face, seed, 20 * std::sin(static_cast<double>(seed))) : sim::at_the_gate(picture, face, seed);
          const auto found = finder.find(look);
          const FoundFace* one = sim::middle(found);
          looked += !sheet;
          if (one == nullptr || FaceFinder::quality(look, *one) != FaceQuality::good) continue;
          seen += !sheet;
          living.count(!sheet, static_cast<double>(finder.living(look, *one)) >= words.least_living);
          if (sheet) noses.push_back(across(one->points[0], one->points[1], one->points[2], one->points[3]));
          else between_looks.own.push_back(static_cast<double>(print_distance(together.back(), finder.print(look, *one))));
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
  fmt::print("figure {:<34} one look, networks alone\n", "faces, living or held up");
  living.print("living", "held up");
  verdict(farthest < words.turn, "faces, a sheet that is turned", fmt::format("its nose moved by {:.3f} at most over {} sheets; {:.2f} are asked for", farthest, sheets, words.turn));
}

}  // namespace

void faces(const Catalog& catalog, const fs::path& data) {
  const FaceFinder finder(catalog);
  persons(finder, data / "faces");
  made_up(finder);
}

}  // namespace lifang::vision::accept
