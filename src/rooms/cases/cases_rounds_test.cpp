// Whose work it stays: with bureaus called in, parts that are open, work given back or found wanting.
#include <algorithm>

#include "support/ward_fixture.hpp"

namespace lifang::cases {
namespace {

using namespace std::chrono_literals;

class CasesRounds : public WardTest {
 protected:
  Beside beside(const CaseId& id) {
    return ask([&](Reader& r) { return house_.cases.beside(r, id); });
  }
  Caller police_ = who("police-officer", {"cases.read", "cases.handle"}, "/xihu/");
};
BOTH_ENGINES(CasesRounds);

TEST_P(CasesRounds, a_whistle_in_the_great_circle_calls_bureaus_and_takes_nothing_from_whoever_is_at_it) {
  const CaseId id = report(resident("zhao"), "fire").id;
  move(district_, id, Move::accept);
  const Case before = look(id);
  ASSERT_EQ(before.circle, Circle::great);
  pass(5min);
  Words words = note("需要城管清障");
  words.call = std::vector<OrganisationId>{OrganisationId{"urban-management"}};
  const Case after = move(district_, id, Move::whistle, words);
  EXPECT_EQ(after.state, State::accepted);
  EXPECT_EQ(after.person, before.person);
  EXPECT_EQ(after.post, before.post);
  EXPECT_EQ(after.due, before.due);
  EXPECT_EQ(after.handle_by, before.handle_by);
  EXPECT_EQ(after.accepted_at, before.accepted_at);
  const auto called = beside(id).called;
  EXPECT_TRUE(std::any_of(called.begin(), called.end(), [](const Called& c) { return c.organisation.text == "urban-management"; }));
}

}  // namespace
}  // namespace lifang::cases
