// The board of devices: how many stand where.
#include "rooms/devices/devices_board.hpp"

#include "support/ward_fixture.hpp"

namespace lifang::devices {
namespace {

class DevicesBoard : public WardTest {
 protected:
  DevicesBoard() {
    ProfileWords lift;
    lift.name = "电梯";
    act([&](Tx& tx) { return house_.devices.put_profile(tx, root_, ProfileId{"lift"}, lift); });
    place("b3-u1", places::Kind::unit, "1单元", "b3");
    for (const auto& [id, where] : {std::pair("lift-1", "b3-u1"), std::pair("lift-2", "b3"), std::pair("lift-3", "yuli")}) {
      DeviceWords words;
      words.profile = ProfileId{"lift"};
      words.place = places::PlaceId{where};
      act([&](Tx& tx) { return house_.devices.put(tx, root_, DeviceId{id}, words); });
    }
  }
};
BOTH_ENGINES(DevicesBoard);

TEST_P(DevicesBoard, devices_are_counted_at_the_places_that_a_map_shows) {
  const auto all = ask([&](Reader& r) { return board(r, house_.devices.registry(), root_, {}); });
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].place, "b3");
  EXPECT_EQ(all[0].devices, 2);
  EXPECT_EQ(all[0].heard, 0);
  const Caller there = who("keeper", {"devices.read"}, "/xihu/wenxin/yuli/");
  EXPECT_EQ(ask([&](Reader& r) { return board(r, house_.devices.registry(), there, {}); }).size(), 1U);
  EXPECT_EQ(refused([&](Tx& tx) { board(tx, house_.devices.registry(), there, "fuyuan"); }), "access.not_here");
}

}  // namespace
}  // namespace lifang::devices
