// A case as the purpose for which somebody looks at personal data.
#include "support/ward_fixture.hpp"

namespace lifang::cases {
namespace {

using namespace std::chrono_literals;

class CasesPurpose : public WardTest {
 protected:
  std::string named(const Caller& caller, const std::string& what) {
    std::string found;
    const std::string code = refused([&](Tx& tx) { found = house_.cases.for_purpose(tx, caller, what).text; });
    return code.empty() ? found : code;
  }
};
BOTH_ENGINES(CasesPurpose);

TEST_P(CasesPurpose, is_named_by_id_or_number_and_one_that_the_caller_works_on) {
  const Case one = report(resident("zhao"), "leak");
  EXPECT_EQ(named(repairer_, one.id.text), one.id.text);
  EXPECT_EQ(named(repairer_, one.number), one.id.text);
  EXPECT_EQ(named(repairer_, ""), "cases.purpose_names_none");
  EXPECT_EQ(named(repairer_, "19990101-0001"), "cases.purpose_not_theirs");
  EXPECT_EQ(named(who("guard-chen", {"cases.read", "cases.handle"}, "/xihu/wenxin/yuli/"), one.number), "cases.purpose_not_theirs");
  EXPECT_EQ(named(resident("zhao"), one.number), "cases.purpose_not_theirs") << "to have reported it is no reason to look at others";
}

TEST_P(CasesPurpose, is_none_any_more_when_it_was_settled_long_ago) {
  const Case one = report(resident("zhao"), "leak");
  move(manager_, one.id, Move::refuse, note("不归本小区"));
  pass(29 * 24h);
  EXPECT_EQ(named(repairer_, one.number), one.id.text) << "somebody may still have to be called back";
  pass(2 * 24h);
  EXPECT_EQ(named(repairer_, one.number), "cases.purpose_settled");
}

}  // namespace
}  // namespace lifang::cases
