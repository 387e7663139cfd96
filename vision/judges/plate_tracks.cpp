#include "vision/judges/plate_tracks.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "vision/judges/plate_grammar.hpp"

namespace lifang::vision {
namespace {

constexpr std::size_t kVoters = 3;  // each with several views: more looks cost time and change little

/// A plate moves by less than twice its width between two looks.
bool plate_is_near(const cv::Rect2f& a, const cv::Rect2f& b) {
  const cv::Point2f apart((a.x + a.width / 2) - (b.x + b.width / 2), (a.y + a.height / 2) - (b.y + b.height / 2));
  return std::hypot(apart.x, apart.y) < 2 * std::max(a.width, b.width);
}

}  // namespace

PlateText vote_looks(const std::vector<PlateLook>& looks) {
  std::vector<PlateColumns> views;
  std::map<std::string, std::pair<float, float>> sums;  // of scores, and the largest
  for (const PlateLook& look : looks) {
    views.insert(views.end(), look.views.begin(), look.views.end());
    auto& [sum, largest] = sums[look.text.text];
    sum += look.text.score;
    largest = std::max(largest, look.text.score);
  }
  if (!views.empty()) return vote_plate(views);
  PlateText best;
  float most = 0;
  for (const auto& [text, sum] : sums)
    if (sum.first > most) {
      most = sum.first;
      best = {text, sum.first / static_cast<float>(looks.size())};
    }
  return best;
}

PlateTracks::Track& PlateTracks::whose(const PlateLook& look, double seconds) {
  Track* best = nullptr;
  std::size_t closest = 3;  // two edits are still the same plate misread, where it stands in the same place; three are another one
  for (Track& track : tracks_) {
    if (track.seen >= seconds && track.looks > 0) continue;  // taken by another plate of this look
    const std::size_t apart = plate_distance(track.text, look.text.text);
    const bool same = apart <= 1 || plate_is_near(track.box, look.box);
    if (!same || apart >= closest) continue;
    closest = apart;
    best = &track;
  }
  if (best != nullptr) return *best;
  Track& fresh = tracks_.emplace_back();
  fresh.since = seconds;
  return fresh;
}

std::optional<PlateEvent> PlateTracks::judge(Track& track, double seconds) const {
  if (track.told || track.looks < limits_.looks) return std::nullopt;
  const PlateText voted = vote_looks(track.best);
  if (static_cast<double>(voted.score) < limits_.least_score) return std::nullopt;
  track.told = true;
  PlateEvent out{voted.text, voted.text, voted.score, {}, track.since, seconds, track.looks, track.box};
  if (limits_.list.empty()) return out;
  const std::size_t at = match_plate(voted.text, limits_.list);
  out.listed = at != npos;
  if (at != npos) out.plate = limits_.list[at];
  return out;
}

std::vector<PlateEvent> PlateTracks::see(double seconds, const std::vector<PlateLook>& found) {
  std::erase_if(tracks_, [&](const Track& track) { return seconds - track.seen >= limits_.forget_s; });
  std::vector<PlateEvent> out;
  for (const PlateLook& look : found) {
    if (look.text.text.empty()) continue;
    Track& track = whose(look, seconds);
    track.text = look.text.text;
    track.box = look.box;
    track.seen = seconds;
    ++track.looks;
    track.best.push_back(look);
    std::stable_sort(track.best.begin(), track.best.end(), [](const PlateLook& a, const PlateLook& b) { return a.text.score > b.text.score; });
    if (track.best.size() > kVoters) track.best.resize(kVoters);
    if (auto event = judge(track, seconds)) out.push_back(std::move(*event));
  }
  return out;
}

}  // namespace lifang::vision
