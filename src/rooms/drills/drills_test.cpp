// Drills through the door, on both engines.
#include "rooms/drills/drills.hpp"

#include <gtest/gtest.h>

#include "rooms/cases/cases_catalogue.hpp"
#include "support/house_fixture.hpp"

namespace lifang::drills {
namespace {

class DrillsRoom : public HouseTest {
 protected:
  DrillsRoom() {
    world_.clock.set(*parse_time("2026-03-02T22:00:00+08:00"));
    act([&](Tx& tx) {
      house_.places.put(tx, root_, places::PlaceId{"fuyuan"}, {places::Kind::compound, "府苑新村", {}, {}, {}, {}, {}});
      house_.places.put(tx, root_, places::PlaceId{"b3"}, {places::Kind::building, "3幢", places::PlaceId{"fuyuan"}, {}, {}, {}, {}});
    });
    first_ = person("王一", "13800000001");
    second_ = person("李二", {});
    // Whoever holds the first post of a chain that rings.
    const auto kinds = ask([&](Reader& r) { return house_.cases.catalogue().list(r, {}); });
    for (const cases::Kind& kind : cases::ready_made_kinds())
      if (kind_.empty() && kind.ring > Duration{0} && kind.grade != cases::Grade::I) {
        kind_ = kind.code;
        ring_ = kind.ring;
        rosters::ShiftWords shift;
        shift.post = kind.micro.post;
        shift.place = places::PlaceId{"fuyuan"};
        shift.persons = {rosters::PersonId{first_.text}, rosters::PersonId{second_.text}};
        shift.to = {1440};
        act([&](Tx& tx) { return house_.rosters.put_shift(tx, root_, rosters::ShiftId{"night"}, shift); });
      }
  }
  people::PersonId person(const std::string& name, const std::optional<std::string>& phone) {
    people::PersonWords words{name, phone, {}, {}, {}, {}, places::PlaceId{"fuyuan"}};
    return act([&](Tx& tx) { return house_.people.add(tx, root_, words).id; });
  }
  Drill begin() {
    DrillWords words;
    words.kind = kind_;
    words.place = places::PlaceId{"b3"};
    return act([&](Tx& tx) { return house_.drills->begin(tx, root_, words); });
  }
  Report report(const Drill& drill) {
    return ask([&](Reader& r) { return house_.drills->report(r, root_, drill.id); });
  }
  Caller as(const people::PersonId& who) { return {"account-" + who.text, who.text, "guard", "", "", {{"cases.handle", "/fuyuan/"}, {"cases.read", "/fuyuan/"}}}; }

  std::string kind_;
  Duration ring_{};
  people::PersonId first_, second_;
};
BOTH_ENGINES(DrillsRoom);

TEST_P(DrillsRoom, rings_real_people_one_after_the_other_and_shows_who_answered_when) {
  const Drill drill = begin();
  EXPECT_EQ(refused([&](Tx& tx) {
              DrillWords words;
              words.kind = kind_;
              words.place = places::PlaceId{"b3"};
              house_.drills->begin(tx, root_, words);
            }),
            "drills.runs_already");
  pass(ring_ + std::chrono::seconds(20));
  act([&](Tx& tx) { return house_.cases.move(tx, as(second_), drill.case_, cases::Move::accept, {}); });
  const Report told = report(drill);
  EXPECT_TRUE(told.answered);
  ASSERT_EQ(told.rung.size(), 2U);
  EXPECT_EQ(told.rung[0].person.text, first_.text);
  EXPECT_FALSE(told.rung[0].answered_at);
  EXPECT_EQ(told.rung[0].number, Number::untried);
  EXPECT_EQ(told.rung[1].name, "李*");
  EXPECT_EQ(told.rung[1].seconds, 20);
  EXPECT_EQ(told.rung[1].number, Number::none);
  EXPECT_EQ(told.unreachable, 1);
  // It carries the flag wherever it is seen.
  EXPECT_TRUE(ask([&](Reader& r) { return house_.cases.find(r, drill.case_)->drill; }));
  notices::Filter mine;
  for (const auto& notice : ask([&](Reader& r) { return house_.notices.list(r, as(second_), mine); }))
    EXPECT_TRUE(notice.drill && notice.title.starts_with("【演练】")) << notice.title;
}

TEST_P(DrillsRoom, shows_when_it_really_rang_who_let_it_ring_and_which_numbers_are_dead) {
  house_.phones->use({notices::Medium::voice});
  const people::PersonId third = person("张三", "13800000003"), fourth = person("赵四", "13800000004");
  rosters::ShiftWords shift = ask([](Reader& r) { return rosters::Rosters::get_shift(r, rosters::ShiftId{"night"}); });
  shift.persons = {rosters::PersonId{first_.text}, rosters::PersonId{third.text}, rosters::PersonId{fourth.text}};
  act([&](Tx& tx) { return house_.rosters.put_shift(tx, root_, rosters::ShiftId{"night"}, shift); });
  const auto say = [&](const people::PersonId& who, notices::CallResult result) {
    notices::MessageFilter calls;
    calls.to = who.text;
    const auto found = ask([&](Reader& r) { return house_.notices.messages(r, calls); });
    act([&](Tx& tx) { house_.phones->called(tx, found.at(0).id, {result, {}}); });
  };
  const Drill drill = begin();
  pass(std::chrono::seconds(12));
  say(first_, notices::CallResult::no_answer);  // on to the next at once, not after the whole time of one person
  pass(std::chrono::seconds(5));
  say(third, notices::CallResult::dead);
  pass(std::chrono::seconds(8));
  act([&](Tx& tx) { return house_.cases.move(tx, as(fourth), drill.case_, cases::Move::accept, {}); });
  const Report told = report(drill);
  ASSERT_EQ(told.rung.size(), 3U);
  EXPECT_EQ(told.rung[0].at, drill.began_at);
  EXPECT_EQ(told.rung[0].state, notices::RungState::passed);
  EXPECT_EQ(told.rung[0].call, notices::CallResult::no_answer);
  EXPECT_EQ(told.rung[0].number, Number::works);
  EXPECT_EQ(told.rung[1].at, drill.began_at + std::chrono::seconds(12)) << "when it rang there, not when it would have";
  EXPECT_EQ(told.rung[1].call, notices::CallResult::dead);
  EXPECT_EQ(told.rung[1].number, Number::dead);
  EXPECT_EQ(told.rung[2].at, drill.began_at + std::chrono::seconds(17));
  EXPECT_EQ(told.rung[2].seconds, 8);
  EXPECT_EQ(told.rung[2].state, notices::RungState::answered);
  EXPECT_EQ(told.seconds, 25);
  EXPECT_EQ(told.unanswered, 2);
  EXPECT_EQ(told.unreachable, 1);
}

TEST_P(DrillsRoom, says_of_no_number_that_it_works_or_is_dead_before_somebody_has_heard_so) {
  house_.phones->use({notices::Medium::voice});
  const Drill drill = begin();
  notices::MessageFilter calls;
  calls.to = first_.text;
  const auto call = ask([&](Reader& r) { return house_.notices.messages(r, calls); }).at(0);
  EXPECT_EQ(report(drill).rung.at(0).number, Number::untried) << "it waits for the gateway";
  act([&](Tx& tx) { house_.notices.attempted(tx, call.id, {true, false, "200"}); });
  EXPECT_EQ(report(drill).rung.at(0).number, Number::unheard) << "a gateway that took the call has not reached anybody yet";
  act([&](Tx& tx) { house_.phones->called(tx, call.id, {notices::CallResult::busy, {}}); });
  EXPECT_EQ(report(drill).rung.at(0).number, Number::works);
  EXPECT_EQ(report(drill).rung.at(0).call, notices::CallResult::busy);
}

TEST_P(DrillsRoom, a_gateway_that_is_out_of_order_makes_no_number_dead) {
  house_.phones->use({notices::Medium::voice});
  const Drill drill = begin();
  notices::MessageFilter calls;
  calls.to = first_.text;
  const auto call = ask([&](Reader& r) { return house_.notices.messages(r, calls); }).at(0);
  for (std::int64_t i = 0; i < notices::kMostAttempts; ++i)
    act([&](Tx& tx) { house_.notices.attempted(tx, call.id, {false, false, "connection refused"}); });
  EXPECT_EQ(ask([&](Reader& r) { return house_.notices.find_message(r, call.id)->state; }), notices::MessageState::dead);
  EXPECT_EQ(report(drill).rung.at(0).number, Number::untried);
}

TEST_P(DrillsRoom, a_number_that_the_gateway_refuses_is_dead) {
  house_.phones->use({notices::Medium::voice});
  const Drill drill = begin();
  notices::MessageFilter calls;
  calls.to = first_.text;
  const auto call = ask([&](Reader& r) { return house_.notices.messages(r, calls); }).at(0);
  act([&](Tx& tx) { house_.notices.attempted(tx, call.id, {false, true, "404"}); });
  EXPECT_EQ(report(drill).rung.at(0).number, Number::dead);
  EXPECT_EQ(report(drill).unreachable, 2) << "the next is rung at once, and has no number";
}

TEST_P(DrillsRoom, ends_by_itself_stops_ringing_and_counts_nowhere) {
  const Drill drill = begin();
  pass(std::chrono::hours(1));
  EXPECT_TRUE(ask([&](Reader& r) { return Drills::find(r, drill.id)->ended_at.has_value(); }));
  EXPECT_FALSE(cases::is_open(ask([&](Reader& r) { return house_.cases.find(r, drill.case_)->state; })));
  for (const auto& ring : ask([&](Reader& r) { return house_.notices.rings(r, root_, {}); }))
    EXPECT_NE(ring.state, notices::RingState::ringing);
  EXPECT_TRUE(ask([&](Reader& r) { return house_.cases.rates(r, root_, {}); }).empty());
  EXPECT_TRUE(ask([&](Reader& r) { return house_.evaluations.list(r, root_, {}); }).empty());
  EXPECT_FALSE(report(drill).answered);
}

TEST_P(DrillsRoom, a_rule_is_drilled_at_its_device_and_no_machine_moves) {
  act([&](Tx& tx) {
    house_.devices.put_profile(tx, root_, devices::ProfileId{"lift"}, {"电梯", {{{"speed", {}, {}, {}, {}}}}, {{{"hold", {}}}}, {{"ebike_in_lift"}}, {}});
    house_.devices.put(tx, root_, devices::DeviceId{"lift-3"}, {devices::ProfileId{"lift"}, places::PlaceId{"b3"}, {}, {}, "a-long-secret", {}, {}, {}});
  });
  const std::string rule = R"({"name":"电动车入梯","applies_to":{"profile":"lift"},"raise":{"when":{"detection":"ebike_in_lift","confidence":0.6}},)"
                           R"("severity":"warning","actions":[{"command":"hold"}],"case":")" + kind_ + "\"}";
  const std::string refusal = refused([&](Tx& tx) {
    house_.rules.put(tx, root_, rules::RuleId{"ebike"}, rule);
    house_.rules.activate(tx, root_, rules::RuleId{"ebike"});
  });
  ASSERT_EQ(refusal, "");
  DrillWords words;
  words.rule = "ebike";
  words.device = "lift-3";
  const Drill drill = act([&](Tx& tx) { return house_.drills->begin(tx, root_, words); });
  EXPECT_EQ(drill.place.text, "b3");
  EXPECT_EQ(drill.blocked, (std::vector<std::string>{"lift-3 hold"}));
  pass(std::chrono::minutes(5));
  EXPECT_TRUE(ask([&](Reader& r) { return devices::Devices::list_commands(r, root_, {}); }).empty());
}

}  // namespace
}  // namespace lifang::drills
