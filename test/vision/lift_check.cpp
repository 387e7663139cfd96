// A drawn lift before the detector and the judge: an e-bike is told, a person and a suitcase are not.
#include <gtest/gtest.h>

#include <filesystem>

#include "vision/commands/view.hpp"
#include "vision/detectors/object_finder.hpp"
#include "vision/judges/presence.hpp"
#include "vision/models/catalog.hpp"
#include "vision/sim_lift.hpp"

namespace lifang::vision {
namespace {
namespace fs = std::filesystem;

std::vector<PresenceEvent> judged(const ObjectFinder& finder, sim::Load load) {
  sim::LiftFilm film(1, 10, {{load, 1, 4}});
  const EbikeWords words;
  EbikeJudge judge(words.window_s, static_cast<std::size_t>(words.votes), words.clear_s);
  std::vector<PresenceEvent> out;
  double due = 0;
  cv::Mat picture;
  for (double seconds = 0; film.next(seconds, picture);) {
    if (seconds < due) continue;
    due = seconds + 0.25;
    double best = 0;
    for (const FoundObject& o : finder.find(picture, static_cast<float>(words.least_score)))
      if (o.kind == Kind::bicycle || o.kind == Kind::motorcycle) best = std::max(best, static_cast<double>(o.score));
    if (const auto e = judge.see(seconds, best)) out.push_back(*e);
  }
  return out;
}

TEST(Lift, a_drawn_bicycle_is_told_and_what_is_none_is_not) {
  const fs::path models = fs::path(LIFANG_BINARY_DIR) / "models";
  if (!fs::exists(models / "nanodet.onnx")) GTEST_SKIP() << "no models; run vision/setup";
  const ObjectFinder finder(Catalog(models / "models.toml", {models}));
  const auto told = judged(finder, sim::Load::bicycle);
  ASSERT_EQ(2U, told.size()) << "it came and it left";
  EXPECT_TRUE(told[0].began);
  EXPECT_LT(told[0].seconds, 3.5);
  EXPECT_FALSE(told[1].began);
  EXPECT_TRUE(judged(finder, sim::Load::person).empty());
  EXPECT_TRUE(judged(finder, sim::Load::suitcase).empty());
}

}  // namespace
}  // namespace lifang::vision
