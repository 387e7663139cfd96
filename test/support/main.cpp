// Runs every test of the project; the closing line is the one that continuous integration reads.
#include <gtest/gtest.h>
#include <sodium.h>

#include <cstdio>

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (sodium_init() < 0) return 1;
  const int result = RUN_ALL_TESTS();
  const auto& unit = *testing::UnitTest::GetInstance();
  if (unit.skipped_test_count() > 0)
    std::printf("%d passed, %d failed, %d skipped\n", unit.successful_test_count(), unit.failed_test_count(),
                unit.skipped_test_count());
  else
    std::printf("%d passed, %d failed\n", unit.successful_test_count(), unit.failed_test_count());
  return result;
}
