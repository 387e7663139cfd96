// Moves the clock in one leap, as after a long standstill: what fell due happens then, once. For months and years, of which
// HouseTest::pass would live through every minute.
#pragma once
#include "house.hpp"
#include "support/fake_world.hpp"

namespace lifang {

inline void leap(House& house, FakeWorld& world, Duration d) {
  world.clock.set(world.clock.now() + d);
  while (house.lane.step()) {
  }
  house.lane.settle();
}

}  // namespace lifang
