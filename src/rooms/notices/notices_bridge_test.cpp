// Calls in which neither sees the other's number, and whom an alarm rang.
#include "rooms/notices/notices_bridge.hpp"

#include "base/reflect.hpp"
#include "courier.hpp"
#include "rooms/notices/notices_rung.hpp"
#include "support/ward_fixture.hpp"

namespace lifang::notices {
namespace {

using namespace std::chrono_literals;
using cases::Move;

class NoticesBridge : public WardTest {
 protected:
  NoticesBridge() {
    worker_id_ = person("李师傅", "13800000001");
    zhao_id_ = person("赵大妈", "13800000002");
    shift("repairer", "fuyuan", {worker_id_}, "fuyuan-estate");
  }
  std::string person(const std::string& name, const std::string& phone) {
    people::PersonWords words{name, phone, {}, {}, {}, {}, places::PlaceId{"b3"}};
    return act([&](Tx& tx) { return house_.people.add(tx, root_, words).id.text; });
  }
  Bridge call(const Caller& caller, const cases::CaseId& id) {
    return act([&](Tx& tx) { return house_.bridges->ask(tx, caller, {id, 1}); });
  }
  std::string refused_call(const Caller& caller, const cases::CaseId& id) {
    return refused([&](Tx& tx) { house_.bridges->ask(tx, caller, {id, 1}); });
  }
  /// What the courier does: sends what is due, and tells how it went.
  void send(const std::shared_ptr<Gateway>& gateway) {
    BridgeChannel channel(house_.readers, house_.people, gateway);
    for (const Message& m : ask([&](Reader& r) { return house_.notices.due(r, world_.clock.now(), 100); }))
      if (m.channel == channel.name()) {
        const Attempt attempt = channel.send(m);
        act([&](Tx& tx) { house_.notices.attempted(tx, m.id, attempt); });
      }
  }
  Bridge look_at(const Caller& caller, const Bridge& bridge) {
    return ask([&](Reader& r) { return house_.bridges->get(r, caller, bridge.id); });
  }
  Caller me() { return worker(worker_id_); }
  Caller zhao() { return resident(zhao_id_); }
  RungOfCase rung(const Caller& caller, const cases::CaseId& id) {
    return ask([&](Reader& r) { return rung_of(r, caller, id, house_.cases, house_.people); });
  }

  std::string worker_id_, zhao_id_;
};
BOTH_ENGINES(NoticesBridge);

TEST_P(NoticesBridge, the_gateway_calls_the_worker_first_and_then_the_reporter) {
  const auto id = report(zhao(), "leak").id;
  EXPECT_EQ(refused_call(me(), id), "notices.no_gateway") << "said plainly";
  house_.bridges->open();
  auto gateway = std::make_shared<SandboxGateway>();
  const Bridge bridge = call(me(), id);
  EXPECT_EQ(bridge.state, MessageState::queued);
  send(gateway);
  EXPECT_EQ(look_at(me(), bridge).state, MessageState::sent);
  ASSERT_EQ(gateway->sent().size(), 1U);
  EXPECT_EQ(gateway->sent()[0].to, "13800000001");
  EXPECT_EQ(gateway->sent()[0].second, "13800000002");
  const auto message = ask([&](Reader& r) { return house_.notices.find_message(r, bridge.id); });
  EXPECT_EQ((message->to + message->body).find("1380000"), std::string::npos) << "numbers are kept nowhere";
  EXPECT_EQ(diary(id).back().code, "bridge");
  act([&](Tx& tx) { house_.phones->called(tx, bridge.id, {CallResult::answered, {}}); });
  EXPECT_EQ(diary(id).back().code, "bridged");
  EXPECT_EQ(diary(id).back().cause, bridge.id.text);
}

TEST_P(NoticesBridge, only_whoever_works_on_an_open_case_calls) {
  const auto id = report(zhao(), "leak").id;
  house_.bridges->open();
  EXPECT_EQ(refused_call(cleaner_, id), "notices.not_your_case") << "reads it, and has nothing to do with it";
  EXPECT_EQ(refused_call(zhao(), id), "notices.not_your_case");
  EXPECT_EQ(refused_call(resident("qian"), id), "cases.unknown");
  EXPECT_EQ(refused_call(manager_, id), "notices.own_number") << "the desk may, but the register has no number of theirs";
  const Bridge bridge = call(me(), id);
  EXPECT_EQ(refused([&](Tx& tx) { house_.bridges->get(tx, cleaner_, bridge.id); }), "notices.unknown_message");
  move(me(), id, Move::accept);
  move(me(), id, Move::handle, note("换了阀门"));
  move(manager_, id, Move::verify);
  EXPECT_EQ(refused_call(me(), id), "notices.not_your_case") << "it is over";
}

TEST_P(NoticesBridge, a_number_that_is_dead_or_unknown_says_so_and_is_not_tried_again) {
  house_.bridges->open();
  const auto nobody = report(resident("sun"), "leak").id;
  EXPECT_EQ(refused_call(me(), nobody), "notices.no_number");
  const std::string dead = person("钱大爷", "13800000000");
  const auto id = report(resident(dead), "leak", "b4").id;
  const Bridge bridge = call(me(), id);
  send(std::make_shared<SandboxGateway>());
  EXPECT_EQ(look_at(me(), bridge).state, MessageState::dead);
  EXPECT_EQ(diary(id).back().code, "bridge-missed") << "the diary says that they have not spoken";
  EXPECT_EQ(diary(id).back().cause, bridge.id.text);
  EXPECT_TRUE(ask([&](Reader& r) { return house_.notices.due(r, world_.clock.now() + 48h, 100); }).empty());
}

TEST_P(NoticesBridge, an_alarm_tells_whom_it_rang_when_and_who_answered) {
  const std::string first = person("王小明", "13800000003"), second = person("李建国", "13800000004");
  shift("guard", "fuyuan", {first, second}, "fuyuan-estate");
  const auto id = report(zhao(), "ebike-in-lift").id;
  pass(1min);
  move(worker(second), id, Move::accept);
  Caller desk = manager_;
  desk.grants.push_back({"notices.read", "/xihu/wenxin/fuyuan/"});
  const auto seen = rung(desk, id).rung;
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].name, "王**");
  EXPECT_EQ(seen[0].state, RungState::passed);
  EXPECT_EQ(seen[0].at, local("2026-03-02T10:00"));
  EXPECT_EQ(seen[1].name, "李**");
  EXPECT_EQ(seen[1].state, RungState::answered);
  EXPECT_EQ(seen[1].at, seen[0].ended_at);
  EXPECT_FALSE(seen[0].person) << "without the right to read people";
  desk.grants.push_back({"people.read", "/xihu/wenxin/fuyuan/"});
  EXPECT_EQ(rung(desk, id).rung[0].person->text, first);
  EXPECT_EQ(rung(zhao(), id).rung.size(), 2U) << "whoever cried for help sees who comes";
  EXPECT_FALSE(rung(zhao(), id).rung[0].person);
  EXPECT_EQ(refused([&](Tx& tx) { rung_of(tx, resident("qian"), id, house_.cases, house_.people); }), "cases.unknown");
}

}  // namespace
}  // namespace lifang::notices
