// A whole house on a fake world for one test: real rooms, real store, no sockets, no threads.
#pragma once
#include <gtest/gtest.h>

#include "house.hpp"
#include "support/fake_world.hpp"
#include "support/test_database.hpp"

namespace lifang {

/// `class Cases : public HouseTest {}; BOTH_ENGINES(Cases);` then TEST_P(Cases, a_sentence).
class HouseTest : public testing::TestWithParam<db::Engine> {
 protected:
  House::Plan plan() {
    House::Plan plan;
    plan.directory = database_.directory();
    plan.node_key = Secret(std::string(kKeyBytes, 'k'));
    plan.accounts.cost = PasswordCost::for_tests();
    return plan;
  }
  HouseTest() : database_(GetParam()), house_(plan(), database_.database(), world_.world) {
    house_.open();
  }

  /// Runs a use case and everything that hears of it.
  template <class Fn>
  auto act(Fn&& fn) {
    if constexpr (std::is_void_v<std::invoke_result_t<Fn, Tx&>>) {
      house_.lane.now(fn);
      house_.lane.settle();
    } else {
      auto result = house_.lane.get(fn);
      house_.lane.settle();
      return result;
    }
  }
  /// Asks within the lane's own connection.
  template <class Fn>
  auto ask(Fn&& fn) {
    Reader reader(house_.lane.session());
    return fn(reader);
  }
  /// Moves the clock and lets everything happen that becomes due on the way, at its own instant: the clock
  /// stops at each due time that the lane knows.
  void pass(Duration d) {
    const Time end = world_.clock.now() + d;
    for (;;) {
      auto due = house_.jobs.next_due();
      if (const auto timer = house_.rules.live().next_due(); timer && (!due || *timer < *due)) due = timer;
      if (!due || *due > end) break;
      if (*due > world_.clock.now()) world_.clock.set(*due);
      if (!house_.lane.step()) break;
      house_.lane.settle();
    }
    world_.clock.set(end);
    house_.lane.settle();
  }
  /// The refusal code that `fn` ends with, or "" if it went through.
  template <class Fn>
  std::string refused(Fn&& fn) {
    try {
      act(fn);
      return "";
    } catch (const Refusal& refusal) {
      return refusal.code;
    }
  }

  FakeWorld world_;
  TestDatabase database_;
  House house_;
  Caller root_ = Caller::system();
};

}  // namespace lifang
