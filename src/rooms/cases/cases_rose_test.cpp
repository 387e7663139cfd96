// What becomes worse while somebody is at it: the diary says so, and those hear it who must.
#include <algorithm>

#include "rooms/notices/notices.hpp"
#include "support/device_hand.hpp"
#include "support/ward_fixture.hpp"

namespace lifang::cases {
namespace {

using namespace std::chrono_literals;

class CasesRose : public WardTest {
 protected:
  CasesRose() : hand_(house_, world_) {
    KindWords kind;
    kind.name = "配电间高温";
    kind.micro = {PostId{"guard"}, 30min, 4h, 4h};
    kind.small = {PostId{"street-office"}, 1h, 4h, 4h};
    kind.great = {PostId{"district-command"}, 2h, 4h, 4h};
    kind.emergency = "立即断电并远离";
    kind.emergency_en = "Cut the power and keep away";
    kind.ring = 1min;
    kind.merge_within = 2h;
    act([&](Tx& tx) { return house_.cases.catalogue().put(tx, root_, "heat", kind); });
    hand_.profile("cabinet",
                  R"({"name":"配电柜","metrics":[{"id":"temp","name":"温度","unit":"°C","min":-50,"max":2000}]})");
    hand_.device("cabinet-1", "cabinet", "b3");
    hand_.rule("heat", R"({"name":"高温","applies_to":{"profile":"cabinet"},"severity":"info",
      "raise":{"when":{"metric":"temp","op":">","value":50}},
      "escalate":[{"when":{"metric":"temp","op":">","value":70},"severity":"warning"},
                  {"when":{"metric":"temp","op":">","value":90},"severity":"critical"}],"case":"heat"})");
  }
  void measure(double temp) {
    pass(1min);
    hand_.say("cabinet-1", {{"temp", temp}});
  }
  /// The case of the one situation that stands.
  CaseId begun() {
    measure(55);
    const auto all = hand_.situations();
    EXPECT_EQ(all.size(), 1U);
    situation_ = all.at(0).id.text;
    return *ask([&](Reader& r) { return house_.cases.of_situation(r, situation_); });
  }
  std::vector<DiaryLine> lines(const CaseId& id, const std::string& code) {
    auto all = diary(id);
    std::erase_if(all, [&](const DiaryLine& line) { return line.code != code; });
    return all;
  }
  notices::Notice told(const std::string& person, const CaseId& id) {
    notices::Filter filter;
    filter.case_ = id;
    const auto all = ask([&](Reader& r) { return house_.notices.list(r, who(person, {"notices.read"}, "/"), filter); });
    return all.empty() ? notices::Notice{} : all.front();
  }
  DeviceHand hand_;
  std::string situation_;
};
BOTH_ENGINES(CasesRose);

TEST_P(CasesRose, the_diary_says_so_and_whoever_has_it_hears_it) {
  const CaseId id = begun();
  ASSERT_EQ(report(resident("zhao"), "heat").id, id);
  move(wang_, id, Move::accept);
  const std::string heard = told("zhao", id).text;
  measure(75);
  ASSERT_EQ(lines(id, "rose").size(), 1U);
  const DiaryLine worse = lines(id, "rose")[0];
  EXPECT_TRUE(worse.words.starts_with("设备告警加重：")) << worse.words;
  EXPECT_NE(worse.words.find("高于 70"), std::string::npos) << worse.words;
  EXPECT_NE(worse.words_en.value_or("").find("raised its severity to warning"), std::string::npos)
      << worse.words_en.value_or("");
  EXPECT_EQ(worse.cause, situation_);
  EXPECT_NE(told("guard-wang", id).text.find("高于 70"), std::string::npos);
  EXPECT_FALSE(told("guard-wang", id).urgent);
  EXPECT_EQ(told("zhao", id).text, heard) << "that is the staff's matter";
  measure(95);
  ASSERT_EQ(lines(id, "rose-critical").size(), 1U);
  const notices::Notice urgent = told("guard-wang", id);
  EXPECT_NE(urgent.text.find("高于 90"), std::string::npos) << urgent.text;
  EXPECT_NE(urgent.text.find("立即断电并远离"), std::string::npos) << urgent.text;
  EXPECT_TRUE(urgent.urgent);
  const notices::Notice warned = told("zhao", id);
  EXPECT_NE(warned.text.find("立即断电并远离"), std::string::npos) << warned.text;
  EXPECT_NE(warned.text_en.value_or("").find("Cut the power and keep away"), std::string::npos)
      << warned.text_en.value_or("");
  measure(60);
  measure(95);
  EXPECT_EQ(lines(id, "rose").size() + lines(id, "rose-critical").size(), 2U) << "it never fell";
  EXPECT_EQ(look(id).state, State::accepted);
}

TEST_P(CasesRose, what_nobody_answered_rings_again_when_it_becomes_critical) {
  const CaseId id = begun();
  ASSERT_FALSE(lines(id, "rang").empty());
  pass(20min);
  ASSERT_EQ(lines(id, "unanswered").size(), 1U);
  const std::size_t rang = lines(id, "rang").size();
  measure(75);
  EXPECT_EQ(lines(id, "rang").size(), rang) << "worse is told, critical rings";
  measure(95);
  EXPECT_EQ(lines(id, "rang").size(), rang + 1);
}

TEST_P(CasesRose, a_case_that_has_ended_hears_nothing_of_it) {
  const CaseId id = begun();
  move(manager_, id, Move::refuse, note("试验"));
  act([&](Tx& tx) { house_.cases.situation_rose(tx, {situation_, "critical", "更热了", "hotter"}); });
  act([&](Tx& tx) { house_.cases.situation_rose(tx, {"situation_of_nobody", "critical", "更热了", "hotter"}); });
  EXPECT_TRUE(lines(id, "rose-critical").empty());
}

}  // namespace
}  // namespace lifang::cases
