#include "vision/judges/second_look_trial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <set>

#include "base/refusal.hpp"

namespace lifang::vision {
namespace {

constexpr std::size_t parts = 3;
constexpr double believed = 0.95;
using Numbers = std::vector<std::size_t>;

std::set<std::string> names_of(const std::vector<LabelledLook>& looks, bool ebike, std::string LabelledLook::*name) {
  std::set<std::string> out;
  for (const LabelledLook& look : looks)
    if (look.ebike == ebike) out.insert(look.*name);
  return out;
}

/// The part of each name: `in_order` cuts the sorted names into thirds of the looks, else the largest goes to the smallest part.
std::map<std::string, std::size_t> parts_of(const std::vector<LabelledLook>& looks, std::string LabelledLook::*name, bool in_order) {
  std::map<std::string, std::size_t> sizes, out;
  for (const LabelledLook& look : looks) ++sizes[look.*name];
  if (in_order) {
    std::size_t before = 0, at = 0, part = 0;
    for (const auto& [day, size] : sizes) {
      // Every part gets a day, however uneven they are.
      const std::size_t left = sizes.size() - at++, by_size = before * parts / looks.size();
      if (before > 0) part = std::clamp(by_size, left < parts ? parts - left : part, part + 1);
      out[day] = part;
      before += size;
    }
    return out;
  }
  std::vector<std::pair<std::size_t, std::string>> largest;
  for (const auto& [lift, size] : sizes) largest.emplace_back(size, lift);
  std::sort(largest.rbegin(), largest.rend());
  std::array<std::size_t, parts> filled{};
  for (const auto& [size, lift] : largest) {
    const auto least = static_cast<std::size_t>(std::min_element(filled.begin(), filled.end()) - filled.begin());
    out[lift] = least;
    filled[least] += size;
  }
  return out;
}

class Trial {
 public:
  explicit Trial(const std::vector<LabelledLook>& looks) : looks_(looks) {
    other_lifts_ = names_of(looks, true, &LabelledLook::lift).size() >= parts;
    const auto lifts = parts_of(looks, &LabelledLook::lift, false), days = parts_of(looks, &LabelledLook::day, true);
    for (const LabelledLook& look : looks) at_.push_back({other_lifts_ ? lifts.at(look.lift) : 0, days.at(look.day)});
  }
  bool other_lifts() const { return other_lifts_; }

  /// Scores of those of `which` that a model taught on the rest of `which` could judge; others are absent.
  std::vector<std::pair<std::size_t, double>> held_out(const Numbers& which) const {
    std::vector<std::pair<std::size_t, double>> out;
    for (const Block& block : blocks(which)) {
      const Numbers teaching = apart(which, block);
      if (!both_kinds(teaching)) continue;
      const LinearLook model = LinearLook::taught(looks_, teaching);
      for (const std::size_t i : which)
        if (at_[i] == block) out.emplace_back(i, model.score(looks_[i].features));
    }
    return out;
  }
  double threshold(const Numbers& which) const {
    std::vector<std::pair<double, bool>> scores;
    for (const auto& [i, score] : held_out(which)) scores.emplace_back(score, looks_[i].ebike);
    return threshold_of(scores);
  }
  /// Every look judged by what shares neither its day nor its lift: model and threshold.
  void judge(const Numbers& all, LookTrial& out) const {
    for (const Block& block : blocks(all)) {
      const Numbers teaching = apart(all, block);
      const bool can = both_kinds(teaching);
      const double threshold = can ? this->threshold(teaching) : 0;
      const LinearLook model = can ? LinearLook::taught(looks_, teaching) : LinearLook{};
      for (const std::size_t i : all) {
        if (at_[i] != block) continue;
        if (!can) {
          ++out.not_scored;
          continue;
        }
        const bool said = model.score(looks_[i].features) >= threshold, truth = looks_[i].ebike;
        (truth ? said ? out.table.hit : out.table.missed : said ? out.table.false_alarm : out.table.quiet)++;
        (truth ? out.detector.hit : out.detector.false_alarm)++;
      }
    }
  }

 private:
  struct Block {
    std::size_t lift = 0, day = 0;
    auto operator<=>(const Block&) const = default;
  };
  std::set<Block> blocks(const Numbers& which) const {
    std::set<Block> out;
    for (const std::size_t i : which) out.insert(at_[i]);
    return out;
  }
  Numbers apart(const Numbers& which, const Block& block) const {
    Numbers out;
    for (const std::size_t i : which)
      if (at_[i].day != block.day && (!other_lifts_ || at_[i].lift != block.lift)) out.push_back(i);
    return out;
  }
  bool both_kinds(const Numbers& which) const {
    const auto ebikes = std::count_if(which.begin(), which.end(), [&](std::size_t i) { return looks_[i].ebike; });
    return ebikes > 0 && ebikes < static_cast<std::ptrdiff_t>(which.size());
  }

  const std::vector<LabelledLook>& looks_;
  std::vector<Block> at_;
  bool other_lifts_ = false;
};

}  // namespace

double threshold_of(const std::vector<std::pair<double, bool>>& scores) {
  std::vector<double> ebikes;
  double below = 0;
  for (const auto& [score, ebike] : scores)
    if (ebike) ebikes.push_back(score);
  if (ebikes.empty()) return 0.5;
  std::sort(ebikes.begin(), ebikes.end());
  const auto may_miss = static_cast<std::size_t>((1 - believed) * static_cast<double>(ebikes.size()) + 1e-9);
  for (const auto& [score, ebike] : scores)
    if (!ebike && score < ebikes[may_miss]) below = std::max(below, score);
  return std::clamp((ebikes[may_miss] + below) / 2, 0.02, 0.98);
}

std::string too_few(const std::vector<LabelledLook>& looks, const LeastLooks& least) {
  const auto ebikes = static_cast<std::size_t>(std::count_if(looks.begin(), looks.end(), [](const LabelledLook& l) { return l.ebike; }));
  const std::size_t others = looks.size() - ebikes, days = names_of(looks, true, &LabelledLook::day).size(),
                    other_days = names_of(looks, false, &LabelledLook::day).size();
  if (ebikes >= least.of_each && others >= least.of_each && days >= least.days && other_days >= least.days) return "";
  return fmt::format("needs {0} pictures of e-bikes and {0} of others, each from {1} days at least; there are {2} of e-bikes from {3} days and {4} of others from {5}",
                     least.of_each, least.days, ebikes, days, others, other_days);
}

LookTrial try_looks(const std::vector<LabelledLook>& looks, const LeastLooks& least) {
  if (const std::string lacks = too_few(looks, least); !lacks.empty()) throw invalid("vision.too_few", "", lacks);
  const Trial trial(looks);
  Numbers all(looks.size());
  std::iota(all.begin(), all.end(), 0U);
  LookTrial out;
  out.other_lifts = trial.other_lifts();
  std::set<std::string> lifts, days;
  for (const LabelledLook& look : looks) {
    lifts.insert(look.lift);
    days.insert(look.day);
    (look.ebike ? out.ebikes : out.others)++;
  }
  out.lifts = lifts.size();
  out.days = days.size();
  trial.judge(all, out);
  if (2 * out.not_scored > looks.size())
    throw invalid("vision.too_few", "", fmt::format("{} of {} pictures cannot be held out: the e-bikes lie on too few days or lifts", out.not_scored, looks.size()));
  out.threshold = trial.threshold(all);
  return out;
}

}  // namespace lifang::vision
