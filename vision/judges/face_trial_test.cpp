// Rates of acceptance and rejection, on distances that were made up.
#include <gtest/gtest.h>

#include "vision/judges/face_trial.hpp"

namespace lifang::vision {
namespace {

std::vector<double> evenly(double from, double to, int count) {
  std::vector<double> out;
  for (int i = 0; i < count; ++i) out.push_back(from + (to - from) * (i + 0.5) / count);
  return out;
}

TEST(FaceTrial, where_the_two_meet_is_the_equal_error) {
  // Own pairs from 0 to 0.6, strangers' from 0.5 to 1.1: they meet at 0.55, where a twelfth of either is on the wrong side.
  const FaceRate rate = equal_error(evenly(0, 0.6, 1200), evenly(0.5, 1.1, 1200));
  EXPECT_NEAR(0.55, rate.threshold, 0.002);
  EXPECT_NEAR(1.0 / 12, rate.rejected, 0.002);
  EXPECT_NEAR(1.0 / 12, rate.accepted, 0.002);
  EXPECT_EQ(0, equal_error(evenly(0, 0.3, 50), evenly(0.5, 1, 50)).accepted);
}

TEST(FaceTrial, a_rate_that_so_few_pairs_cannot_show_is_not_claimed) {
  const auto own = evenly(0, 0.6, 100);
  EXPECT_FALSE(at_rate(own, evenly(0.5, 1.1, 999), 1e-3));
  const auto rate = at_rate(own, evenly(0.5, 1.1, 20'000), 1e-3);
  ASSERT_TRUE(rate);
  EXPECT_NEAR(0.5006, rate->threshold, 0.0001);
  EXPECT_LE(rate->accepted, 1e-3);
  EXPECT_NEAR(0.17, rate->rejected, 0.01);
  EXPECT_EQ(1, at_threshold(own, {0.2}, 0.3).accepted);
}

}  // namespace
}  // namespace lifang::vision
