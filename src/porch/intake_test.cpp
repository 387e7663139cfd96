// What waits for the lane has one bound, whatever it is.
#include "porch/intake.hpp"

#include "support/house_fixture.hpp"

namespace lifang::porch {
namespace {

class IntakeBound : public HouseTest {};
BOTH_ENGINES(IntakeBound);

TEST_P(IntakeBound, other_words_than_readings_count_as_much) {
  Intake intake(house_.lane, house_.metrics, house_.devices.refusals(), [](Tx&, readings::Batch&) {}, 100);
  std::vector<bool> told;
  intake.on_pressure([&](bool full) { told.push_back(full); });
  intake.expect(60);
  EXPECT_FALSE(intake.full());
  intake.expect(60);
  EXPECT_TRUE(intake.full()) << "nothing more is read until half of it is done";
  intake.done(60);
  EXPECT_TRUE(intake.full());
  intake.done(60);
  EXPECT_EQ(told, (std::vector<bool>{true, false}));
}

}  // namespace
}  // namespace lifang::porch
