// A maintenance that ends before its time: what it silenced is looked at then.
#include "support/device_hand.hpp"
#include "support/house_fixture.hpp"

namespace lifang::situations {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class MaintenanceEnds : public HouseTest {
 protected:
  MaintenanceEnds() : hand_(house_, world_) {
    hand_.place("fuyuan", places::Kind::compound);
    hand_.profile("air", R"({"name":"空气站","metrics":[{"id":"pm25","unit":"µg/m³","min":0,"max":2000}]})");
    hand_.device("station", "air", "fuyuan");
    hand_.rule("dust", R"({"name":"扬尘","applies_to":{"profile":"air"},"severity":"warning","case":"dust",
      "raise":{"when":{"metric":"pm25","op":">","value":150}},"clear":{"when":{"metric":"pm25","op":"<","value":115}}})");
  }
  Situation only() {
    const auto all = hand_.situations();
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? Situation{} : all.front();
  }
  std::int64_t cases() {
    return ask([&](Reader& r) { return house_.cases.count(r, root_, {}); });
  }
  const devices::DeviceId station_{"station"};
  DeviceHand hand_;
};
BOTH_ENGINES(MaintenanceEnds);

TEST_P(MaintenanceEnds, what_lasts_is_owed_when_somebody_ends_the_maintenance_before_its_time) {
  const auto maintain = [&](Duration from, Duration to) {
    return hand_.act([&](Tx& tx) {
      return house_.devices.maintain(tx, root_, station_, {hand_.now() + from, hand_.now() + to, "换滤膜"}).id;
    });
  };
  const auto end = [&](const devices::MaintenanceId& id) {
    return hand_.act([&](Tx& tx) { return house_.devices.end_maintenance(tx, root_, station_, id); });
  };
  const auto typo = maintain(minutes(0), hours(24 * 365 * 70));
  const auto second = maintain(minutes(0), hours(2));
  hand_.say("station", {{"pm25", 151}});
  hand_.pass(minutes(10));
  EXPECT_EQ(end(typo).ends, hand_.now());
  hand_.pass(minutes(1));
  EXPECT_TRUE(only().silenced) << "the other window goes on";
  EXPECT_EQ(cases(), 0);
  end(second);
  hand_.pass(minutes(1));
  EXPECT_FALSE(only().silenced);
  EXPECT_EQ(cases(), 1) << "at once, and not in two hours";
  hand_.pass(hours(3));
  EXPECT_EQ(cases(), 1) << "and once";
  hand_.say("station", {{"pm25", 100}});
  hand_.pass(minutes(1));
  hand_.say("station", {{"pm25", 151}});
  EXPECT_FALSE(hand_.situations().front().silenced) << "the rules know of the earlier end too";
}

TEST_P(MaintenanceEnds, a_maintenance_that_is_withdrawn_before_it_begins_silences_nothing) {
  const auto id = hand_.act([&](Tx& tx) {
    return house_.devices.maintain(tx, root_, station_, {hand_.now() + hours(1), hand_.now() + hours(9), "换滤膜"}).id;
  });
  hand_.act([&](Tx& tx) { return house_.devices.end_maintenance(tx, root_, station_, id); });
  hand_.pass(hours(2));
  hand_.say("station", {{"pm25", 151}});
  EXPECT_FALSE(only().silenced);
  EXPECT_EQ(cases(), 1);
}

TEST_P(MaintenanceEnds, a_device_that_comes_back_under_its_id_begins_without_the_silence_of_before) {
  hand_.act([&](Tx& tx) {
    house_.devices.maintain(tx, root_, station_, {hand_.now(), hand_.now() + hours(24 * 365 * 70), "换滤膜"});
  });
  hand_.say("station", {{"pm25", 20}});
  hand_.pass(minutes(1));
  const auto before = ask([&](Reader& r) { return *devices::Devices::find(r, station_); });
  hand_.act([&](Tx& tx) { house_.devices.remove(tx, root_, station_); });
  hand_.pass(minutes(1));
  hand_.device("station", before.profile.text, before.place.text);
  hand_.say("station", {{"pm25", 151}});
  ASSERT_EQ(hand_.situations().size(), 1U);
  EXPECT_FALSE(hand_.situations().front().silenced);
  EXPECT_EQ(cases(), 1);
}

}  // namespace
}  // namespace lifang::situations
