// A camera's sign of life: only while pictures come.
#include <gtest/gtest.h>

#include "vision/serve/pulse.hpp"
#include "vision/sim_node.hpp"

namespace lifang::vision {
namespace {

Time minute(int m) { return from_ms(1'767'225'600'000) + std::chrono::minutes(m); }

WatchState state_of(const std::string& state, std::uint64_t packets, std::uint64_t corrupt = 0) {
  WatchState out;
  out.state = state;
  out.packets = packets;
  out.corrupt = corrupt;
  return out;
}

TEST(FrameRate, is_told_once_a_minute_while_pictures_come) {
  FrameRate rate;
  EXPECT_EQ(std::nullopt, rate.see(state_of("watching", 100), minute(0))) << "of what time?";
  EXPECT_EQ(std::nullopt, rate.see(state_of("watching", 800), minute(0) + std::chrono::seconds(30)));
  EXPECT_EQ(25.0, rate.see(state_of("watching", 1600), minute(1)));
  EXPECT_EQ(std::nullopt, rate.see(state_of("broken", 1700), minute(2)));
  EXPECT_EQ(std::nullopt, rate.see(state_of("dark", 1700), minute(3)));
  EXPECT_EQ(std::nullopt, rate.see(state_of("watching", 1700), minute(4))) << "it stands still";
  EXPECT_EQ(std::nullopt, rate.see(state_of("watching", 3200, 1500), minute(5))) << "nothing of it can be decoded";
  EXPECT_EQ(12.5, rate.see(state_of("watching", 4700, 2250), minute(6)));
  EXPECT_EQ(std::nullopt, rate.see(state_of("watching", 10), minute(7))) << "begun anew: counted from here";
  EXPECT_EQ(1.0, rate.see(state_of("watching", 70), minute(8)));
}

TEST(Pulse, speaks_to_the_porch_and_leaves_alone_what_knows_no_such_value) {
  const sim::Node node([](const sim::Node::Asked& a) {
    if (a.path == "/api/v1/lift/telemetry") return std::pair(422, std::string(R"({"code":"porch.unknown_metric"})"));
    return std::pair(200, std::string("{}"));
  });
  Pulse pulse(node.url());
  pulse.tell("lift", 15);
  ASSERT_TRUE(node.until([](const auto& asked) { return asked.size() == 1; }));
  pulse.tell("eye", 12.5);
  ASSERT_TRUE(node.until([](const auto& asked) { return asked.size() == 2; }));
  EXPECT_EQ("/api/v1/eye/telemetry", node.asked()[1].path);
  EXPECT_EQ(R"({"fps":12.5})", node.asked()[1].body);
  pulse.tell("lift", 15);
  pulse.tell("eye", 12);
  ASSERT_TRUE(node.until([](const auto& asked) { return asked.size() == 3; }));
  EXPECT_EQ("/api/v1/eye/telemetry", node.asked()[2].path);
}

}  // namespace
}  // namespace lifang::vision
