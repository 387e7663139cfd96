// The second look: taught, held out by lift and day, written, read and refused. Made-up looks; drawn rides are in test/vision.
#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "base/refusal.hpp"
#include "vision/judges/second_look_trial.hpp"

namespace lifang::vision {
namespace {

constexpr std::size_t kShort = 40;  // made-up looks need not be as long as those of pictures

/// Looks of `lifts` × `days` with `each` of each kind; `tells`: how far the kinds lie apart, `place`: how much every lift and day has of its own.
std::vector<LabelledLook> made_up(std::size_t lifts, std::size_t days, int each, float tells, float place) {
  cv::RNG dice(7);
  const auto noise = [&] { return static_cast<float>(dice.gaussian(1)); };
  std::vector<LabelledLook> out;
  for (std::size_t lift = 0; lift < lifts; ++lift)
    for (std::size_t day = 0; day < days; ++day) {
      std::vector<std::vector<float>> own(2, std::vector<float>(kShort));
      for (auto& kind : own)
        for (float& v : kind) v = place * noise();
      for (int i = 0; i < 2 * each; ++i) {
        LabelledLook look{{}, i % 2 == 0, "lift-" + std::to_string(lift), "2026-11-" + std::to_string(10 + day)};
        for (std::size_t k = 0; k < kShort; ++k) look.features.push_back(noise() + own[look.ebike ? 1 : 0][k] + (k < 3 && look.ebike ? tells : 0));
        out.push_back(std::move(look));
      }
    }
  return out;
}

double right(const LookTable& t) { return static_cast<double>(t.hit + t.quiet) / static_cast<double>(t.all()); }

std::string refusal_of(const std::function<void()>& doing) {
  try {
    doing();
  } catch (const Refusal& refusal) {
    return refusal.code + " " + refusal.field + ": " + refusal.detail;
  }
  return "";
}

TEST(SecondLook, tells_apart_what_differs_on_lifts_and_days_that_did_not_teach_it) {
  const LookTrial trial = try_looks(made_up(4, 4, 8, 3, 0));
  EXPECT_TRUE(trial.other_lifts);
  EXPECT_EQ(256, trial.table.all());
  EXPECT_EQ(0U, trial.not_scored);
  EXPECT_GT(right(trial.table), 0.9);
  EXPECT_GE(trial.table.hit, 128 * 85 / 100) << "a missed e-bike weighs more";
  EXPECT_EQ(128, trial.detector.hit);
  EXPECT_EQ(128, trial.detector.false_alarm);
}

TEST(SecondLook, knowing_the_place_by_heart_is_worth_nothing) {
  // Every lift and day has its own look of both kinds, and the kinds have nothing in common: by frames this would be right every time.
  const auto looks = made_up(4, 4, 12, 0, 3);
  std::vector<std::size_t> even, odd;
  for (std::size_t i = 0; i < looks.size(); ++i) ((i / 2) % 2 == 0 ? even : odd).push_back(i);
  const LinearLook by_heart = LinearLook::taught(looks, even);
  int good = 0;
  for (const std::size_t i : odd) good += (by_heart.score(looks[i].features) >= 0.5) == looks[i].ebike;
  EXPECT_GT(good, static_cast<int>(odd.size()) * 95 / 100) << "the trap is there";
  const LookTrial trial = try_looks(looks);
  EXPECT_LT(right(trial.table), 0.65) << "and is not stepped into";
}

TEST(SecondLook, is_judged_by_days_alone_where_one_lift_has_all_the_ebikes) {
  const LookTrial trial = try_looks(made_up(1, 5, 15, 3, 0));
  EXPECT_FALSE(trial.other_lifts);
  EXPECT_EQ(150, trial.table.all());
  EXPECT_GT(right(trial.table), 0.85);
}

TEST(SecondLook, refuses_too_few_and_says_how_many) {
  EXPECT_EQ("vision.too_few : needs 60 pictures of e-bikes and 60 of others, each from 3 days at least; there are 40 of e-bikes from 2 days and 40 of others from 2",
            refusal_of([] { try_looks(made_up(2, 2, 10, 3, 0)); }));
  EXPECT_EQ("vision.too_few : needs 60 pictures of e-bikes and 60 of others, each from 3 days at least; there are 0 of e-bikes from 0 days and 0 of others from 0",
            refusal_of([] { try_looks({}); }));
  // Enough in number, but all e-bikes of one lift and another day than the rest of it: nothing could be held out.
  auto looks = made_up(3, 3, 10, 3, 0);
  for (LabelledLook& look : looks) look.lift = look.ebike ? "a" : "b";
  EXPECT_FALSE(try_looks(looks).other_lifts) << "one lift with e-bikes";
}

TEST(SecondLook, the_threshold_keeps_nineteen_of_twenty_ebikes) {
  std::vector<std::pair<double, bool>> scores;
  for (int i = 1; i <= 40; ++i) scores.emplace_back(i * 0.02, true);
  for (int i = 1; i <= 40; ++i) scores.emplace_back(0.9, false);
  scores.emplace_back(0.05, false);
  EXPECT_NEAR(0.055, threshold_of(scores), 1e-9) << "two of forty lie below 0.06";
  EXPECT_EQ(0.5, threshold_of({{0.2, false}}));
  EXPECT_NEAR(0.55, threshold_of({{0.99, true}, {0.11, false}}), 1e-9) << "far apart: in the middle";
  EXPECT_EQ(0.02, threshold_of({{0.001, true}}));
}

TEST(SecondLook, teaching_twice_gives_the_same_to_the_bit) {
  const auto looks = made_up(3, 3, 8, 1, 1);
  std::vector<std::size_t> all(looks.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  const LinearLook a = LinearLook::taught(looks, all), b = LinearLook::taught(looks, all);
  EXPECT_EQ(a.weights, b.weights);
  EXPECT_EQ(a.bias, b.bias);
}

TEST(SecondLook, features_see_directions_and_colours_and_not_how_large_or_bright_it_is) {
  const auto look = [](const cv::Mat& picture, const cv::Rect2f& box) { return second_look_at(picture, box); };
  const auto far = [](const std::vector<float>& a, const std::vector<float>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += std::pow(static_cast<double>(a[i] - b[i]), 2);
    return std::sqrt(sum);
  };
  cv::Mat ring(200, 200, CV_8UC3, cv::Scalar(150, 150, 150)), bars = ring.clone(), large, dim;
  cv::circle(ring, {100, 100}, 60, cv::Scalar(20, 20, 20), 8, cv::LINE_AA);
  for (int x = 40; x < 170; x += 30) cv::line(bars, {x, 40}, {x, 160}, cv::Scalar(20, 20, 20), 8);
  cv::resize(ring, large, {}, 2.5, 2.5, cv::INTER_LINEAR);
  ring.convertTo(dim, -1, 0.8);
  const auto of_ring = look(ring, {30, 30, 140, 140});
  EXPECT_EQ(second_look_features, of_ring.size());
  const double other = far(of_ring, look(bars, {30, 30, 140, 140}));
  EXPECT_LT(far(of_ring, look(large, {75, 75, 350, 350})), other / 2);
  EXPECT_LT(far(of_ring, look(dim, {30, 30, 140, 140})), other / 2);
  for (const cv::Rect2f& box : {cv::Rect2f(-50, -50, 60, 60), cv::Rect2f(190, 190, 400, 20), cv::Rect2f(0, 0, 1, 1)})
    for (const float v : look(ring, box)) EXPECT_TRUE(std::isfinite(v)) << "a box that leaves the picture";
}

SecondLook made_model() {
  LinearLook model;
  for (std::size_t i = 0; i < second_look_features; ++i) model.weights.push_back(static_cast<float>(i % 17) * 0.01F - 0.08F);
  model.bias = -0.25F;
  return {model, 0.41, {from_ms(1'795'000'000'000), 90, 80, 4, 9, true, {85, 5, 10, 70}}};
}

TEST(SecondLook, reads_back_what_it_wrote) {
  const std::string text = made_model().text();
  const SecondLook again = SecondLook::read(text);
  EXPECT_EQ(text, again.text());
  cv::Mat picture(80, 80, CV_8UC3);
  cv::RNG(3).fill(picture, cv::RNG::UNIFORM, 0, 255);
  EXPECT_EQ(made_model().score(picture, {5, 5, 60, 60}), again.score(picture, {5, 5, 60, 60}));
  EXPECT_EQ(85, again.learned().table.hit);
}

TEST(SecondLook, a_broken_or_foreign_file_is_refused_with_its_reason) {
  const std::string text = made_model().text();
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string out = text;
    const auto at = out.find(from);
    EXPECT_NE(std::string::npos, at) << from;
    return out.replace(at, from.size(), to);
  };
  const auto said = [](const std::string& file) { return refusal_of([&] { SecondLook::read(file); }); };
  EXPECT_TRUE(said("").starts_with("json.unreadable"));
  EXPECT_TRUE(said(text.substr(0, text.size() / 2)).starts_with("json.unreadable"));
  EXPECT_TRUE(said("{}").starts_with("json.missing /")) << said("{}");
  EXPECT_TRUE(said(with("second look 1", "second look 9")).starts_with("vision.second_look /format")) << "of a later program";
  EXPECT_TRUE(said(with("hog 64", "hog 32")).starts_with("vision.second_look /features"));
  EXPECT_TRUE(said(with("\"weights\":[", "\"weights\":[0.5,")).starts_with("vision.second_look /weights"));
  EXPECT_TRUE(said(with("\"weights\":[-0.08", "\"weights\":[-0.09")).starts_with("vision.second_look /sha256"));
  EXPECT_TRUE(said(with("\"threshold\":0.41", "\"threshold\":1.5")).starts_with("vision.second_look /threshold"));
  EXPECT_TRUE(said(with("\"threshold\":0.41", "\"threshold\":0.11")).starts_with("vision.second_look /sha256"));
  EXPECT_TRUE(refusal_of([] { SecondLook::load("/nowhere/second.json"); }).starts_with("vision.second_look : /nowhere/second.json is not there"));
}

}  // namespace
}  // namespace lifang::vision
