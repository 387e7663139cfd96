// kill -9 at random instants under load: what was acknowledged is there once, and the loop closes as if nothing had been.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "support/fault_load.hpp"

namespace lifang {
namespace {

int rounds(int usual) {
  const char* wanted = std::getenv("LIFANG_FAULT_ROUNDS");
  return wanted && *wanted ? std::atoi(wanted) : usual;
}

std::uint64_t seed() {
  const char* wanted = std::getenv("LIFANG_FAULT_SEED");
  return wanted && *wanted ? std::strtoull(wanted, nullptr, 10) : std::random_device{}();
}

class FaultKill : public testing::Test {
 protected:
  void SetUp() override {
    if (lifang_program().empty()) GTEST_SKIP() << "skipped: no lifang beside the tests (./dev build)";
    std::string pattern = "/tmp/lifang-fault-XXXXXX";
    directory_ = mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }
  std::string directory_;
};

TEST_F(FaultKill, acknowledged_readings_and_reports_survive_kill_9_at_any_instant) {
  const std::uint64_t seed_now = seed();
  const int wanted = rounds(4);
  std::printf("seed %llu, %d rounds\n", static_cast<unsigned long long>(seed_now), wanted);
  ServedNode node(directory_ + "/data");
  ASSERT_TRUE(node.start()) << node.words();
  FaultLoad load;
  load.prepare(node);
  for (int round = 0; round < wanted && !HasFailure(); ++round) {
    load.begin(node, std::int64_t{1} << 40);
    const auto after = chance_of(seed_now + static_cast<std::uint64_t>(round)) % 300'000;
    std::this_thread::sleep_for(std::chrono::microseconds(after));  // the random instant, of a process of its own
    node.kill();
    load.end();
    const Ran verified = run_lifang({"verify", "--data", node.directory()});
    EXPECT_EQ(verified.code, 0) << "round " << round << ": " << verified.words;
    ASSERT_TRUE(node.start()) << node.words();
    load.check_readings(node);
  }
  std::int64_t most = 0;
  for (const auto& device : load.devices()) most = std::max(most, device->said());
  const std::int64_t until = most + 200;
  load.begin(node, until);
  load.wait();
  load.check_readings(node);
  load.check_outcome(node);
  EXPECT_EQ(node.stop(), 0);
  std::printf("%lld messages and %zu reports acknowledged over %d kills\n", static_cast<long long>(load.acknowledged()),
              load.reports(), wanted);

  // The same readings, told to a node that nobody kills.
  ServedNode calm(directory_ + "/calm");
  ASSERT_TRUE(calm.start()) << calm.words();
  FaultLoad same;
  same.prepare(calm);
  same.begin(calm, until);
  same.wait();
  EXPECT_EQ(same.acknowledged(), load.acknowledged());
  same.check_outcome(calm);
  EXPECT_EQ(calm.stop(), 0);
}

TEST_F(FaultKill, a_second_process_on_the_same_folder_is_refused_by_name_and_the_lock_dies_with_its_holder) {
  ServedNode first(directory_ + "/data");
  ASSERT_TRUE(first.start()) << first.words();
  const Ran second = run_lifang({"serve", "--data", first.directory(), "--http", "127.0.0.1:0", "--mqtt", "127.0.0.1:0"});
  EXPECT_NE(second.code, 0);
  EXPECT_NE(second.words.find(fmt::format("held by process {}", first.pid())), std::string::npos) << second.words;
  EXPECT_EQ(first.ready().first, 200);
  first.kill();
  // The same folder and the same two ports, at once.
  EXPECT_TRUE(first.start()) << first.words();
  EXPECT_EQ(first.ready().first, 200);
  EXPECT_EQ(first.stop(), 0);
}

}  // namespace
}  // namespace lifang
