// Neither whoever did it nor a colleague says that it is done, unless nobody else could.
#include <algorithm>

#include "support/ward_fixture.hpp"

namespace lifang::cases {
namespace {

class CasesVerifying : public WardTest {
 protected:
  /// Done by the cleaner of the estate.
  CaseId done() {
    const CaseId id = report(resident("zhao"), "bin-full", "b3").id;
    move(cleaner_, id, Move::accept);
    Words words = note("清了");
    move(cleaner_, id, Move::handle, words);
    return id;
  }
  bool may(const Caller& caller, const CaseId& id) {
    const auto all = ask([&](Reader& r) { return house_.cases.get(r, caller, id); }).allowed;
    return std::find(all.begin(), all.end(), Move::verify) != all.end();
  }
  const std::vector<std::string> looks_{"cases.read", "cases.verify"};
};
BOTH_ENGINES(CasesVerifying);

TEST_P(CasesVerifying, a_colleague_may_not_where_another_organisation_can) {
  const Caller manager = login("manager", looks_, "fuyuan"), community = login("community", looks_, "fuyuan");
  const CaseId id = done();
  EXPECT_FALSE(may(manager, id)) << "what would be refused is not offered";
  EXPECT_EQ(refused_move(manager, id, Move::verify), "cases.colleague_may_not_verify");
  Words bad = note("没做好");
  bad.passed = false;
  EXPECT_EQ(refused_move(manager, id, Move::verify, bad), "cases.colleague_may_not_verify") << "nor gets the clock turned back that way";
  EXPECT_TRUE(may(community, id));
  move(community, id, Move::verify);
  EXPECT_EQ(diary(id).back().words, "核实通过");
}

TEST_P(CasesVerifying, a_colleague_who_reported_it_is_a_colleague_still) {
  login("community", looks_, "fuyuan");
  const CaseId id = report(wang_, "bin-full", "b3").id;
  move(cleaner_, id, Move::accept);
  move(cleaner_, id, Move::handle, note("清了"));
  EXPECT_EQ(refused_move(wang_, id, Move::verify), "cases.colleague_may_not_verify");
}

TEST_P(CasesVerifying, where_nobody_else_could_the_desk_ends_it_and_the_diary_says_so) {
  const Caller manager = login("manager", looks_, "fuyuan");
  const CaseId id = done();
  EXPECT_TRUE(may(manager, id));
  move(manager, id, Move::verify);
  const auto lines = diary(id);
  EXPECT_TRUE(std::any_of(lines.begin(), lines.end(), [](const DiaryLine& l) { return l.words.find("无其他单位可核实") != std::string::npos; }));
  EXPECT_EQ(refused_move(cleaner_, done(), Move::verify), "cases.doer_may_not_verify") << "never whoever did it";
}

TEST_P(CasesVerifying, whoever_did_a_part_bars_their_organisation_too) {
  const Caller officer = login("police-officer", looks_, "xihu"), street = login("street", looks_, "wenxin");
  const CaseId id = report(resident("zhao"), "bin-full", "b3").id;
  move(cleaner_, id, Move::accept);
  Words joint;
  joint.parts = std::vector<PartWords>{{PostId{"police"}, "维持秩序", {}}};
  move(street_, id, Move::joint, joint);
  Words part;
  part.part = 1;
  const Caller other = who("police-two", {"cases.read", "cases.handle"}, "/xihu/");
  shift("police", "xihu", {"police-officer", "police-two"}, "police");
  move(other, id, Move::done, part);
  EXPECT_EQ(refused_move(officer, id, Move::verify), "cases.colleague_may_not_verify");
  move(street, id, Move::verify);
}

TEST_P(CasesVerifying, of_what_the_circle_above_verifies_only_those_count_who_stand_there) {
  shift("street-office", "wenxin", {"street", "street-two"}, "wenxin-street");
  const Caller street = login("street", {"cases.read", "cases.verify", "cases.oversee"}, "wenxin");
  const Caller manager = login("manager", looks_, "fuyuan");
  const auto handled = [&](const std::string& where) {
    const CaseId id = report(resident("zhao"), "attitude", where).id;
    const Caller community = worker("community");
    move(community, id, Move::accept);
    Words joint;
    joint.parts = std::vector<PartWords>{{PostId{"street-office"}, "约谈当事人", {}}};
    move(community, id, Move::joint, joint);
    Words part = note("已约谈");
    part.part = 1;
    EXPECT_EQ(move(who("street-two", {"cases.read", "cases.handle"}, "/xihu/wenxin/"), id, Move::done, part).state,
              State::handled);
    return id;
  };
  const CaseId id = handled("b3");
  EXPECT_FALSE(may(manager, id)) << "what would be refused is not offered";
  EXPECT_EQ(refused_move(manager, id, Move::verify), "cases.above_verifies");
  EXPECT_TRUE(may(street, id)) << "the desk below could not in their place";
  move(street, id, Move::verify);
  const auto lines = diary(id);
  EXPECT_TRUE(std::any_of(lines.begin(), lines.end(),
                          [](const DiaryLine& l) { return l.words.find("无其他单位可核实") != std::string::npos; }));
  const Caller commander = login("commander", {"cases.read", "cases.oversee"}, "xihu");
  const CaseId other = handled("b4");
  EXPECT_FALSE(may(street, other));
  EXPECT_EQ(refused_move(street, other, Move::verify), "cases.colleague_may_not_verify");
  EXPECT_TRUE(may(commander, other));
  move(commander, other, Move::verify);
}

}  // namespace
}  // namespace lifang::cases
