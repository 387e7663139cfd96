#include "platform/http/allowance.hpp"

#include <gtest/gtest.h>

namespace lifang::http {
namespace {

TEST(Allowance, lets_so_many_through_and_fills_again_evenly) {
  Allowance allowance(60);
  Time now = from_ms(1'000'000);
  for (int i = 0; i < 60; ++i) EXPECT_TRUE(allowance.take("a", now)) << i;
  EXPECT_FALSE(allowance.take("a", now));
  EXPECT_TRUE(allowance.take("b", now)) << "each has an allowance of its own";
  now += std::chrono::seconds(1);
  EXPECT_TRUE(allowance.take("a", now));
  EXPECT_FALSE(allowance.take("a", now));
  now += std::chrono::hours(1);
  for (int i = 0; i < 60; ++i) EXPECT_TRUE(allowance.take("a", now)) << i;
  EXPECT_FALSE(allowance.take("a", now)) << "it never holds more than a minute's";
}

TEST(Allowance, of_nothing_sets_no_limit_and_a_clock_set_back_gives_nothing) {
  Allowance none(0);
  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(none.take("a", from_ms(0)));
  Allowance one(1);
  EXPECT_TRUE(one.take("a", from_ms(1'000'000)));
  EXPECT_FALSE(one.take("a", from_ms(0)));
  EXPECT_FALSE(one.take("a", from_ms(59'000)));
  EXPECT_TRUE(one.take("a", from_ms(61'000)));
}

TEST(Allowance, forgets_whoever_has_been_quiet) {
  Allowance allowance(1);
  for (int i = 0; i < 20'000; ++i) ASSERT_TRUE(allowance.take("caller " + std::to_string(i), from_ms(i * 1000)));
  EXPECT_FALSE(allowance.take("caller 19999", from_ms(19'999'000)));
}

}  // namespace
}  // namespace lifang::http
