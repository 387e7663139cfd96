// A house that can be dropped at any instant and opened again on its own database, with the real porch before it.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "house.hpp"
#include "porch/intake.hpp"
#include "support/fake_world.hpp"
#include "support/test_database.hpp"

namespace lifang {

class SimHouse {
 public:
  explicit SimHouse(db::Engine engine);
  ~SimHouse();

  /// What the lane has not committed is gone, what hearers have not heard is heard after the next open().
  void drop();
  void open();
  House& house() { return *house_; }
  FakeClock& clock() { return world_.clock; }
  Reader reader() { return Reader(house_->lane.session()); }

  /// One message of a device, as any protocol hands it over; `stored` is told once, true after the commit.
  void say(const std::string& device, const std::string& payload, porch::Stored stored);
  /// What was said since goes to the lane.
  void hand_over();
  /// Moves the clock forward and lets each timer fire at its own instant.
  void pass_to(Time end);
  /// Folds and settles readings, a slice.
  void tend();

  /// Runs a use case and lets everything follow.
  void act(const lane::Lane::UseCase& fn) {
    house_->lane.now(fn);
    house_->lane.settle();
  }
  /// How often each event took effect: (events that were heard other than once, events that were not heard).
  std::pair<std::int64_t, std::int64_t> events_amiss();

 private:
  House::Plan plan();
  FakeWorld world_;
  TestDatabase database_;
  std::unique_ptr<House> house_;
  std::unique_ptr<porch::Intake> intake_;
  porch::Portion portion_;
};

}  // namespace lifang
