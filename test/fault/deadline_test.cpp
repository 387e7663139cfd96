// A deadline passes while the node is down, on both engines, or while the standby takes over: the case moves up, once.
#include <gtest/gtest.h>

#include <filesystem>

#include "base/refusal.hpp"
#include "house.hpp"
#include "rooms/cases/cases_catalogue.hpp"
#include "support/fake_world.hpp"
#include "support/known.hpp"
#include "support/private_postgres.hpp"
#include "support/served_node.hpp"
#include "support/test_database.hpp"

namespace lifang {
namespace {

using namespace std::chrono_literals;

class FaultDeadline : public testing::TestWithParam<db::Engine> {
 protected:
  FaultDeadline() : database_(GetParam()) { world_.clock.set(*parse_time("2026-03-02T10:00:00+08:00")); }
  std::unique_ptr<House> house() {
    House::Plan plan;
    plan.directory = database_.directory();
    plan.node_key = Secret(std::string(kKeyBytes, 'k'));
    plan.accounts.cost = PasswordCost::for_tests();
    auto made = std::make_unique<House>(std::move(plan), database_.database(), world_.world);
    made->open();
    return made;
  }
  template <class Fn>
  static auto act(House& house, Fn&& fn) {
    auto result = house.lane.get(fn);
    house.lane.settle();
    return result;
  }
  /// A small ward with somebody on duty in each circle, and a leak that nobody takes.
  cases::CaseId leak(House& house) {
    const Caller root = Caller::system();
    return act(house, [&](Tx& tx) {
      const auto place = [&](const char* id, places::Kind kind, const char* parent) {
        places::PlaceWords words{kind, id, {}, {}, {}, {}, {}};
        if (*parent != '\0') words.parent = places::PlaceId{parent};
        house.places.put(tx, root, places::PlaceId{id}, words);
      };
      place("xihu", places::Kind::district, "");
      place("wenxin", places::Kind::street, "xihu");
      place("fuyuan", places::Kind::compound, "wenxin");
      const auto kind = *house.cases.catalogue().find(tx, "leak");
      for (const auto& [duty, where] : {std::pair{kind.micro, "fuyuan"}, {kind.small, "wenxin"}, {kind.great, "xihu"}}) {
        rosters::ShiftWords shift;
        shift.post = duty.post;
        shift.place = places::PlaceId{where};
        shift.persons = {rosters::PersonId{std::string("somebody-") + where}};
        shift.to = {1440};
        make_known(tx, shift);
        house.rosters.put_shift(tx, root, rosters::ShiftId{where}, shift);
      }
      cases::Report words;
      words.kind = "leak";
      words.place = places::PlaceId{"fuyuan"};
      return house.cases.report(tx, Caller{"account-zhao", "zhao", "zhao", {}, {}, {{"cases.report", "/"}}}, words).id;
    });
  }
  static cases::Case look(House& house, const cases::CaseId& id) {
    Reader reader(house.lane.session());
    return *house.cases.find(reader, id);
  }
  static std::int64_t times(House& house, const cases::CaseId& id, std::string_view code) {
    Reader reader(house.lane.session());
    const auto lines = house.cases.diary(reader, Caller::system(), id, 0, 500);
    return std::count_if(lines.begin(), lines.end(), [&](const cases::DiaryLine& line) { return line.code == code; });
  }
  FakeWorld world_;
  TestDatabase database_;
};
BOTH_ENGINES(FaultDeadline);

TEST_P(FaultDeadline, that_passed_while_the_node_was_down_moves_the_case_up_when_it_is_back_and_once) {
  auto first = house();
  const cases::CaseId id = leak(*first);
  const Time due = *look(*first, id).due;
  first.reset();
  world_.clock.set(due + 7min);  // nobody ran when it was due
  {
    auto second = house();
    second->lane.settle();
    EXPECT_EQ(look(*second, id).circle, cases::Circle::small);
    EXPECT_EQ(look(*second, id).late_since, due) << "late since the deadline, not since the node is back";
    EXPECT_EQ(times(*second, id, "escalate"), 1);
  }
  auto third = house();
  third->lane.settle();
  EXPECT_EQ(times(*third, id, "escalate"), 1) << "another start moves nothing twice";
  const Time next = *look(*third, id).due;
  world_.clock.set(next - 1ms);
  third->lane.settle();
  EXPECT_EQ(look(*third, id).circle, cases::Circle::small);
  world_.clock.set(next);
  third->lane.settle();
  EXPECT_EQ(look(*third, id).circle, cases::Circle::great) << "and the next deadline holds to the minute";
}

TEST(FaultDeadlinePostgres, a_case_moves_up_on_the_standby_when_the_first_node_is_killed) {
  if (lifang_program().empty()) GTEST_SKIP() << "skipped: no lifang beside the tests (./dev build)";
  std::string directory = "/tmp/lifang-fault-XXXXXX";
  mkdtemp(directory.data());
  {
    PrivatePostgres server;
    const std::string url = server.create("ward");
    ServedNode first(directory + "/first", url), second(directory + "/second", url);
    ASSERT_TRUE(first.start()) << first.words();
    first.must("PUT", "/api/v1/places/xihu", R"({"kind":"district","name":"xihu"})");
    first.must("PUT", "/api/v1/places/wenxin", R"({"kind":"street","name":"wenxin","parent":"xihu"})");
    first.must("PUT", "/api/v1/places/fuyuan", R"({"kind":"compound","name":"fuyuan","parent":"wenxin"})");
    for (const char* post : {"guard", "street-order", "urban-management"})
      first.must("PUT", std::string("/api/v1/rosters/shifts/") + post,
                 std::string(R"({"post":")") + post + R"(","place":"xihu","from":"00:00","to":"24:00"})");
    first.must("PUT", "/api/v1/cases/kinds/brief",
               R"({"name":"短时限","class":"event","grade":"III","micro":{"post":"guard","accept":"PT3S","handle":"PT1H","verify":"PT1H"},)"
               R"("small":{"post":"street-order","accept":"PT1H","handle":"PT1H","verify":"PT1H"},)"
               R"("great":{"post":"urban-management","accept":"PT1H","handle":"PT1H","verify":"PT1H"}})");
    std::filesystem::create_directories(second.directory());
    std::filesystem::copy(first.directory() + "/keys", second.directory() + "/keys", std::filesystem::copy_options::recursive);
    second.begin();
    EXPECT_TRUE(holds_within(30, [&] { return second.words().find("standby") != std::string::npos; })) << second.words();
    const auto made = first.must("POST", "/api/v1/cases", R"({"kind":"brief","place":"fuyuan"})");
    const std::string id(made.at("id").as_string());
    first.kill();
    ASSERT_TRUE(second.serves()) << second.words();
    const auto circle = [&] { return std::string(second.must("GET", "/api/v1/cases/" + id).at("circle").as_string()); };
    EXPECT_TRUE(holds_within(30, [&] { return circle() == "small"; })) << circle();
    const auto late = second.must("GET", "/api/v1/cases/" + id).at("late_since");
    EXPECT_TRUE(late.is_string());
    std::int64_t moved = 0;
    for (const auto& line : second.all("/api/v1/cases/" + id + "/diary")) moved += line.at("code").as_string() == "escalate" ? 1 : 0;
    EXPECT_EQ(moved, 1);
    EXPECT_EQ(second.stop(), 0);
  }
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace lifang
