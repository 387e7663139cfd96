// What kinds and cases say to whoever reads English.
#include "rooms/cases/cases_catalogue.hpp"

#include <algorithm>

#include "support/house_fixture.hpp"

namespace lifang::cases {
namespace {

class EnglishCases : public HouseTest {};
BOTH_ENGINES(EnglishCases);

TEST_P(EnglishCases, every_ready_made_kind_with_an_emergency_says_it_in_both_tongues) {
  for (const Kind& kind : ready_made_kinds()) {
    EXPECT_EQ(kind.emergency.empty(), !kind.emergency_en.has_value()) << kind.code;
    const std::string english = kind.emergency_en.value_or("");
    EXPECT_TRUE(std::all_of(english.begin(), english.end(), [](char c) { return c > 0; })) << kind.code;
  }
}

TEST_P(EnglishCases, a_case_carries_its_kinds_emergency_in_both) {
  act([&](Tx& tx) {
    house_.places.put(tx, root_, places::PlaceId{"fuyuan"}, {places::Kind::compound, "府苑新村", {}, {}, {}, {}, {}});
  });
  const auto reported = [&](const std::string& kind) {
    Report words{kind, places::PlaceId{"fuyuan"}, {}, {}, {}, {}, {}, {}};
    return act([&](Tx& tx) { return house_.cases.report(tx, root_, words); });
  };
  const Case fire = reported("fire");
  EXPECT_TRUE(fire.emergency.starts_with("立即拨打 119"));
  EXPECT_TRUE(fire.emergency_en && fire.emergency_en->starts_with("Call 119 now"));
  EXPECT_FALSE(reported("noise").emergency_en);
}

}  // namespace
}  // namespace lifang::cases
