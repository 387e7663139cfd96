#include "house_why.hpp"

#include "support/device_hand.hpp"
#include "support/ward_fixture.hpp"

namespace lifang {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

/// A bin that fills, and everything that follows from it.
class WhyChain : public WardTest {
 protected:
  WhyChain() : hand_(house_, world_) {
    hand_.profile("bin", R"({"name":"垃圾桶","metrics":[{"id":"fill","name":"满溢度","unit":"%"}],"commands":[{"method":"lock"}]})");
    hand_.device("bin-3", "bin", "b3");
    hand_.rule("full", R"({"name":"桶满","applies_to":{"profile":"bin"},"severity":"warning",
      "raise":{"when":{"metric":"fill","op":">","value":80}},"clear":{"when":{"metric":"fill","op":"<","value":20}},
      "actions":[{"command":"lock"}],"case":"bin-full"})");
    hand_.say("bin-3", {{"fill", 90}});
    began_ = hand_.now();
    situation_ = hand_.situations().front().id;
    case_ = *ask([&](Reader& r) { return house_.cases.of_situation(r, situation_.text); });
  }
  Why why(const Caller& caller, const std::string& id) {
    return ask([&](Reader& r) { return explain(r, house_, caller, id); });
  }
  static std::string kinds(const Why& why) {
    std::string all;
    for (const WhyLink& link : why.chain) all += (all.empty() ? "" : " ") + link.kind;
    return all;
  }
  std::string refusal(const Caller& caller, const std::string& id) {
    try {
      why(caller, id);
      return "";
    } catch (const Refusal& refusal) {
      return refusal.code;
    }
  }
  std::string reading() const { return fmt::format("reading:bin-3:fill:{}", to_ms(began_)); }

  DeviceHand hand_;
  Time began_;
  situations::SituationId situation_;
  cases::CaseId case_;
};
BOTH_ENGINES(WhyChain);

TEST_P(WhyChain, from_an_evaluation_back_to_the_reading) {
  hand_.answer("bin-3");
  move(cleaner_, case_, cases::Move::accept);
  move(cleaner_, case_, cases::Move::handle);
  pass(minutes(30));
  hand_.say("bin-3", {{"fill", 5}});
  ASSERT_EQ(look(case_).state, cases::State::closed);
  pass(hours(24 * 3));
  evaluations::Filter filter;
  filter.case_ = case_;
  const auto evaluations = ask([&](Reader& r) { return house_.evaluations.list(r, root_, filter); });
  ASSERT_EQ(evaluations.size(), 1U);
  const Why chain = why(root_, evaluations[0].id.text);
  ASSERT_EQ(kinds(chain), "evaluation case situation rule reading");
  EXPECT_EQ(chain.chain[1].id, case_.text);
  EXPECT_EQ(chain.chain[2].id, situation_.text);
  EXPECT_EQ(chain.chain[3].id, "rule:full:1");
  EXPECT_EQ(chain.chain[4].id, reading());
  EXPECT_NE(chain.chain[4].text.find("满溢度 90 %"), std::string::npos) << chain.chain[4].text;
  for (std::size_t i = 0; i + 1 < chain.chain.size(); ++i) EXPECT_EQ(chain.chain[i].cause, chain.chain[i + 1].id);
}

TEST_P(WhyChain, from_an_action_its_command_a_notice_and_a_ring) {
  const auto action = hand_.actions().front();
  EXPECT_EQ(kinds(why(root_, action.id.text)), "action situation rule reading");
  EXPECT_EQ(kinds(why(root_, action.command->text)), "command action situation rule reading");
  notices::Filter filter;
  const auto inbox = ask([&](Reader& r) { return house_.notices.list(r, who("cleaner", {"notices.read"}, "/"), filter); });
  ASSERT_FALSE(inbox.empty());
  EXPECT_EQ(kinds(why(who("cleaner", {"*"}, "/"), inbox.front().id.text)), "notice case situation rule reading");
  EXPECT_EQ(kinds(why(root_, "rule:full:1")), "rule");
  EXPECT_EQ(kinds(why(root_, reading())), "reading");
}

TEST_P(WhyChain, a_reading_that_is_past_its_retention_is_told_from_the_copy) {
  // The same evidence at another instant: nothing is stored there.
  house_.lane.now([&](Tx& tx) {
    tx.run("UPDATE situations SET evidence = replace(evidence, $1, $2) WHERE id = $3", to_rfc3339(began_).substr(0, 13),
           std::string("2019-01-01T00"), situation_);
  });
  const Why after = why(root_, situation_.text);
  ASSERT_EQ(kinds(after), "situation rule reading");
  EXPECT_NE(after.chain.back().text.find("90 %（原始读数已过保存期"), std::string::npos) << after.chain.back().text;
}

TEST_P(WhyChain, shows_what_lifted_the_severity) {
  hand_.device("bin-4", "bin", "b3");
  hand_.rule("spills", R"({"name":"桶溢","applies_to":{"devices":["bin-4"]},"severity":"warning",
    "raise":{"when":{"metric":"fill","op":">","value":60}},
    "escalate":[{"when":{"metric":"fill","op":">","value":75},"severity":"critical"}]})");
  hand_.say("bin-4", {{"fill", 70}});
  hand_.pass(minutes(1));
  hand_.say("bin-4", {{"fill", 79}});
  const auto s = hand_.situations().front();
  ASSERT_EQ(s.rule.text, "spills");
  const Why chain = why(root_, s.id.text);
  ASSERT_EQ(kinds(chain), "situation rule reading reading");
  EXPECT_EQ(chain.chain[2].id, fmt::format("reading:bin-4:fill:{}", to_ms(hand_.now())));
  EXPECT_TRUE(chain.chain[2].text.starts_with("升为“严重”：")) << chain.chain[2].text;
  EXPECT_NE(chain.chain[2].text.find("满溢度 79 %"), std::string::npos) << chain.chain[2].text;
  EXPECT_TRUE(chain.chain[2].text_en.starts_with("rose to critical: ")) << chain.chain[2].text_en;
  EXPECT_EQ(chain.chain[2].cause, chain.chain[3].id);
  EXPECT_NE(chain.chain[3].text.find("满溢度 70 %"), std::string::npos) << chain.chain[3].text;
}

TEST_P(WhyChain, shows_as_much_as_the_caller_may_see) {
  const Caller elsewhere = who("x", {"cases.read", "situations.read"}, "/xihu/wenxin/yuli/");
  EXPECT_EQ(refusal(elsewhere, case_.text), "access.not_here");
  EXPECT_EQ(refusal(resident("zhao"), case_.text), "access.no_right");
  EXPECT_EQ(kinds(why(who("x", {"cases.read"}, "/"), case_.text)), "case") << "the rest lies out of sight";
  EXPECT_EQ(kinds(why(who("x", {"cases.read", "situations.read"}, "/"), case_.text)), "case situation rule reading")
      << "who sees a situation sees what it rests on";
  EXPECT_EQ(refusal(who("x", {"cases.read"}, "/"), reading()), "access.no_right");
  EXPECT_EQ(refusal(root_, "case_00000000000000000000000000"), "why.unknown");
  EXPECT_EQ(refusal(root_, "reading:bin-3:fill:7"), "why.unknown");
  EXPECT_EQ(refusal(root_, "rule:full:9"), "why.unknown");
  EXPECT_EQ(refusal(root_, "nonsense"), "why.unknown");
}

}  // namespace
}  // namespace lifang
