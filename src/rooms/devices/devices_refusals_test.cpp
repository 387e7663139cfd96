#include "rooms/devices/devices_refusals.hpp"

#include "support/house_fixture.hpp"
#include "support/leap.hpp"

namespace lifang::devices {
namespace {

using namespace std::chrono_literals;

class DeviceRefusals : public HouseTest {
 protected:
  Refusals& refusals() { return house_.devices.refusals(); }
  std::int64_t now() const { return to_ms(world_.clock.now()); }
  void note(std::uint32_t device, std::string_view reason, std::string_view sample = {}, std::uint64_t times = 1) {
    refusals().note(device, reason, now(), sample, times);
  }
  std::vector<RefusedFor> list(std::uint32_t device) {
    return ask([&](Reader& r) { return Refusals::list(r, device); });
  }
  std::optional<RefusedDays> find(std::uint32_t device, const std::string& reason) {
    return ask([&](Reader& r) { return Refusals::find(r, device, reason); });
  }
};
BOTH_ENGINES(DeviceRefusals);

TEST_P(DeviceRefusals, the_lane_writes_at_once_what_is_new_and_then_every_two_seconds) {
  note(1, "porch.future", "2030-01-01T00:00:00.000Z", 3);
  EXPECT_TRUE(list(1).empty()) << "noting takes no turn of the lane";
  house_.lane.settle();
  ASSERT_EQ(list(1).size(), 1U);
  EXPECT_EQ(list(1)[0].count, 3);
  EXPECT_EQ(list(1)[0].sample, "2030-01-01T00:00:00.000Z");
  world_.clock.advance(500ms);
  note(1, "porch.future");
  house_.lane.settle();
  EXPECT_EQ(list(1)[0].count, 3) << "a device that talks nonsense takes the lane no more than that";
  world_.clock.advance(1500ms);
  house_.lane.settle();
  EXPECT_EQ(list(1)[0].count, 4);
  EXPECT_EQ(to_ms(list(1)[0].last_at) - to_ms(list(1)[0].first_at), 500);
  EXPECT_EQ(list(1)[0].sample, "2030-01-01T00:00:00.000Z") << "no sample is no reason to forget the one before";
  EXPECT_TRUE(list(2).empty());
}

TEST_P(DeviceRefusals, days_begin_in_the_zone_of_the_district_and_are_added_up) {
  world_.clock.set(*parse_time("2026-03-01T15:59:00Z"));  // a minute to midnight in the district
  note(7, "porch.unknown_metric", "pm10", 2);
  note(7, "porch.unreadable", "3/9");
  world_.clock.advance(2min);
  note(7, "porch.unknown_metric", "pm11");
  house_.lane.settle();
  world_.clock.advance(5s);
  house_.lane.settle();
  const auto all = list(7);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].reason, "porch.unknown_metric") << "the newest first";
  EXPECT_EQ(all[0].count, 3);
  EXPECT_EQ(all[0].sample, "pm11");
  const auto days = find(7, "porch.unknown_metric");
  ASSERT_TRUE(days);
  ASSERT_EQ(days->days.size(), 2U);
  EXPECT_EQ(days->days[0].day, "2026-03-02");
  EXPECT_EQ(days->days[1].day, "2026-03-01");
  EXPECT_EQ(days->days[1].count, 2);
  EXPECT_EQ(days->days[1].sample, "pm10");
  EXPECT_FALSE(find(7, "porch.future"));
}

TEST_P(DeviceRefusals, go_after_ninety_days) {
  note(1, "porch.future");
  house_.lane.settle();
  leap(house_, world_, std::chrono::hours(24 * 60));
  note(1, "porch.empty");
  house_.lane.settle();
  EXPECT_EQ(list(1).size(), 2U);
  leap(house_, world_, std::chrono::hours(24 * 32));
  ASSERT_EQ(list(1).size(), 1U);
  EXPECT_EQ(list(1)[0].reason, "porch.empty");
}

TEST_P(DeviceRefusals, a_batch_that_is_undone_loses_none) {
  note(1, "porch.future", "one");
  const auto attempt = [&] {
    house_.lane.now([&](Tx& tx) {
      refusals().write(tx);
      throw invalid("test.undone", "");
    });
  };
  EXPECT_THROW(attempt(), Refusal);
  note(1, "porch.future", "two");
  world_.clock.advance(1min);
  house_.lane.settle();
  ASSERT_EQ(list(1).size(), 1U);
  EXPECT_EQ(list(1)[0].count, 2);
}

TEST_P(DeviceRefusals, a_sample_is_short_and_plain_and_memory_has_an_end) {
  note(1, "porch.foreign_topic", std::string("a\0b\n", 4) + std::string(40, 'x') + "里坊里坊里坊里坊里坊里坊");
  for (std::uint32_t device = 2; device < Refusals::kMostWaiting + 100; ++device) note(device, "porch.future");
  act([&](Tx& tx) { refusals().write(tx); });
  const auto sample = list(1).at(0).sample;
  EXPECT_LE(sample.size(), Refusals::kMostSample);
  EXPECT_TRUE(sample.starts_with("a?b?xxxx")) << sample;
  EXPECT_TRUE(sample.ends_with("…")) << sample;
  EXPECT_EQ(list(Refusals::kMostWaiting).size(), 1U);
  EXPECT_TRUE(list(Refusals::kMostWaiting + 50).empty());
}

}  // namespace
}  // namespace lifang::devices
