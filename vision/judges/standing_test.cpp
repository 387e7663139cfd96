// Areas, bins and falls of people, on made-up boxes and painted bins.
#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "vision/judges/posture.hpp"
#include "vision/judges/standing.hpp"

namespace lifang::vision {
namespace {

using Things = std::vector<std::pair<cv::Rect2f, float>>;
const std::vector<cv::Point> kLane{{100, 100}, {300, 100}, {300, 200}, {100, 200}};
const Things kTruck{{{150, 50, 100, 120}, 0.8F}};

TEST(Area, a_lane_is_blocked_after_its_time_and_free_after_another) {
  AreaJudge judge({1, 60, 20, {}}, kLane);
  int told = 0;
  for (double t = 0; t < 59.5; t += 0.5) {
    // A detector blinks: every fifth look misses the truck.
    const bool blink = static_cast<int>(t * 2) % 5 == 4;
    EXPECT_FALSE(judge.see(t, blink ? Things{} : kTruck, {}));
  }
  for (double t = 59.5; t < 61; t += 0.5)
    if (const auto event = judge.see(t, kTruck, {})) {
      ++told;
      EXPECT_TRUE(event->began);
      EXPECT_EQ(0, event->since);
      EXPECT_NEAR(0.8, event->score, 1e-6);
    }
  EXPECT_EQ(1, told);
  std::optional<PresenceEvent> over;
  double t = 61;
  for (; t < 90 && !over; t += 0.5) over = judge.see(t, {}, {});
  ASSERT_TRUE(over);
  EXPECT_NEAR(over->seconds, 80.5, 1);
  EXPECT_FALSE(over->began);
  EXPECT_FALSE(judge.stands());
}

TEST(Area, what_passes_or_stands_elsewhere_is_nothing) {
  AreaJudge judge({1, 60, 20, {}}, kLane);
  for (double t = 0; t < 300; t += 0.5) {
    const bool passing = static_cast<int>(t) % 60 < 10;
    EXPECT_FALSE(judge.see(t, passing ? kTruck : Things{{{400, 100, 50, 50}, 0.9F}}, {})) << t;
  }
}

/// Somebody 20 wide and 60 high whose feet stand in the lane.
std::pair<cv::Rect2f, float> person_at(double x) { return {{static_cast<float>(x), 100, 20, 60}, 0.8F}; }

TEST(Area, a_hundred_who_pass_are_none_who_stays) {
  AreaJudge loitering({1, 60, 20, {}, true}, kLane), lane({1, 60, 20, {}, false}, kLane);
  int told = 0;
  for (double t = 0; t < 600; t += 0.5) {
    // One after the other, 6 s each: there is always somebody, there is always a car.
    const Things things{person_at(100 + std::fmod(t, 6) / 6 * 190), person_at(100 + std::fmod(t + 3, 6) / 6 * 190)};
    const Things cars{{{static_cast<float>(60 + std::fmod(t, 6) / 6 * 200), 80, 80, 80}, 0.8F}};
    told += loitering.see(t, things, {}).has_value() + lane.see(t, cars, {}).has_value();
  }
  EXPECT_EQ(0, told);
}

TEST(Area, who_walks_to_and_fro_among_those_who_pass_stays) {
  AreaJudge judge({1, 60, 20, {}, true}, kLane);
  std::optional<PresenceEvent> event;
  for (double t = 0; t < 100 && !event; t += 0.5) {
    const double to_and_fro = t < 10 ? -100 : 150 + 40 * std::sin(t / 5);  // comes after ten seconds
    event = judge.see(t, {person_at(to_and_fro), person_at(100 + std::fmod(t, 12) / 6 * 190)}, {});
  }
  ASSERT_TRUE(event);
  EXPECT_TRUE(event->began);
  EXPECT_NEAR(10, event->since, 1);
  EXPECT_NEAR(70, event->seconds, 1);
}

TEST(Area, who_passes_in_front_does_not_take_the_place_of_who_stays) {
  AreaJudge judge({1, 60, 20, {}, true}, kLane);
  std::optional<PresenceEvent> event;
  for (int i = 0; i < 400 && !event; ++i) {
    const double t = i * 0.25;
    // Every four seconds somebody larger walks by, nearer to the camera, and hides who stands there for a moment.
    const double x = 60 + std::fmod(t, 4) * 70;
    Things things{{{static_cast<float>(x), 80, 30, 95}, 0.8F}};
    if (std::abs(x - 200) > 25) things.push_back(person_at(200 + 3 * std::sin(t)));
    event = judge.see(t, things, {});
  }
  ASSERT_TRUE(event);
  EXPECT_TRUE(event->began);
  EXPECT_NEAR(0, event->since, 1) << "one and the same from the beginning";
}

TEST(Area, a_crowd_counts_heads_within) {
  AreaJudge judge({3, 10, 5, {}}, kLane);
  Things people{{{110, 100, 20, 60}, 0.9F}, {{150, 100, 20, 60}, 0.7F}, {{500, 100, 20, 60}, 0.9F}};
  for (double t = 0; t < 30; ++t) EXPECT_FALSE(judge.see(t, people, {}));
  people.push_back({{200, 100, 20, 60}, 0.6F});
  std::optional<PresenceEvent> event;
  for (double t = 30; t < 45 && !event; ++t) event = judge.see(t, people, {});
  ASSERT_TRUE(event);
  EXPECT_NEAR(0.6, event->score, 1e-6) << "no surer than of the third";
}

TEST(Area, light_is_left_on_only_where_nobody_is) {
  const cv::Mat lit(240, 400, CV_8U, cv::Scalar(150)), dark(240, 400, CV_8U, cv::Scalar(20));
  const Things somebody{{{150, 100, 30, 80}, 0.8F}};
  AreaJudge judge({1, 600, 60, 90.0}, kLane);
  for (double t = 0; t < 1200; t += 10) EXPECT_FALSE(judge.see(t, somebody, lit));
  for (double t = 1200; t < 2400; t += 10) EXPECT_FALSE(judge.see(t, {}, dark));
  bool told = false;
  for (double t = 2400; t < 3100; t += 10) told = told || judge.see(t, {}, lit);
  EXPECT_TRUE(told);
}

/// A bin seen from above and in front: dark mouth with a liner's folds; `level` of it covered with bags, from below.
cv::Mat painted_bin(double level, double light, std::uint64_t seed) {
  cv::Mat picture(240, 320, CV_8U, cv::Scalar(140));
  cv::rectangle(picture, {100, 60, 120, 120}, cv::Scalar(35), cv::FILLED);
  for (int x = 104; x < 216; x += 14) cv::line(picture, {x, 62}, {x + 6, 176}, cv::Scalar(60), 2);
  cv::RNG dice(seed);
  const int top = 180 - static_cast<int>(120 * level);
  for (int i = 0; i < 400; ++i) {
    const cv::Point at(dice.uniform(104, 216), dice.uniform(top, 180));
    if (level > 0) cv::circle(picture, at, 9, cv::Scalar(dice.uniform(70, 230)), cv::FILLED);
  }
  cv::Mat noise(picture.size(), CV_8U);
  dice.fill(noise, cv::RNG::NORMAL, 4, 4);
  picture += noise;
  picture.convertTo(picture, -1, light);
  return picture;
}
const std::vector<cv::Point> kMouth{{102, 62}, {218, 62}, {218, 178}, {102, 178}};

TEST(Bin, fills_and_is_emptied_whatever_the_light_and_whoever_stands_before_it) {
  BinJudge judge({}, kMouth, painted_bin(0, 1, 1));
  double t = 0;
  for (std::uint64_t i = 0; i < 120; ++i, ++t) {
    const double light = 0.5 + static_cast<double>(i % 10) * 0.1;
    EXPECT_FALSE(judge.see(t, painted_bin(0, light, 100 + i), false)) << "empty at light " << light << ", level " << judge.level();
  }
  for (std::uint64_t i = 0; i < 60; ++i, ++t) EXPECT_FALSE(judge.see(t, painted_bin(0.3, 1, 300), false)) << judge.level();
  for (std::uint64_t i = 0; i < 60; ++i, ++t) EXPECT_FALSE(judge.see(t, painted_bin(1, 1, 400), true)) << "somebody before it";
  std::optional<PresenceEvent> event;
  for (std::uint64_t i = 0; i < 40 && !event; ++i, ++t) event = judge.see(t, painted_bin(1, 0.8, 500), false);
  ASSERT_TRUE(event) << judge.level();
  EXPECT_TRUE(event->began);
  EXPECT_GE(event->seconds - event->since, 20);
  event.reset();
  for (std::uint64_t i = 0; i < 40 && !event; ++i, ++t) event = judge.see(t, painted_bin(0, 1.1, 600), false);
  ASSERT_TRUE(event);
  EXPECT_FALSE(event->began);
}

Posture upright(float x) { return {{x, 100, 60, 180}, 8, 0.8F}; }
Posture lying(float x) { return {{x - 50, 230, 170, 60}, 80, 0.7F}; }

TEST(Fall, who_falls_and_stays_down_is_told_once_and_getting_up_ends_it) {
  PostureJudge judge{{}};
  double t = 0;
  for (; t < 10; t += 0.25) EXPECT_TRUE(judge.see(t, {upright(100)}).empty());
  const double fell = t;
  std::vector<FallenEvent> events;
  for (; t < fell + 20; t += 0.25)
    for (const FallenEvent& e : judge.see(t, {lying(110)})) events.push_back(e);
  ASSERT_EQ(1U, events.size());
  EXPECT_TRUE(events[0].began && events[0].seen_falling);
  EXPECT_NEAR(5, events[0].seconds - fell, 0.3);
  for (const double up = t; t < up + 3; t += 0.25)
    for (const FallenEvent& e : judge.see(t, {upright(115)})) events.push_back(e);
  ASSERT_EQ(2U, events.size());
  EXPECT_FALSE(events[1].began);
}

TEST(Fall, stumbling_sitting_and_bending_are_nothing) {
  PostureJudge judge{{}};
  double t = 0;
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 8; ++i, t += 0.25) EXPECT_TRUE(judge.see(t, {upright(100)}).empty());
    for (int i = 0; i < 12; ++i, t += 0.25) EXPECT_TRUE(judge.see(t, {lying(100)}).empty()) << "up again within three seconds";
    for (int i = 0; i < 40; ++i, t += 0.25) EXPECT_TRUE(judge.see(t, {{{100, 170, 80, 110}, 20, 0.8F}}).empty()) << "sitting";
    for (int i = 0; i < 40; ++i, t += 0.25) EXPECT_TRUE(judge.see(t, {{{100, 150, 90, 130}, 70, 0.8F}}).empty()) << "bent over";
  }
}

TEST(Fall, who_lies_for_long_is_told_though_nobody_saw_the_fall) {
  PostureJudge judge{{}};
  std::vector<FallenEvent> events;
  for (double t = 0; t < 70; t += 0.25)
    for (const FallenEvent& e : judge.see(t, {lying(100), upright(400)})) events.push_back(e);
  ASSERT_EQ(1U, events.size());
  EXPECT_FALSE(events[0].seen_falling);
  EXPECT_TRUE(judge.stands());
}

}  // namespace
}  // namespace lifang::vision
