// A bureau's form through the door, on both engines.
#include "rooms/affairs/affairs.hpp"

#include <gtest/gtest.h>

#include "platform/sheet/sheet.hpp"
#include "support/house_fixture.hpp"

namespace lifang::affairs {
namespace {

class AffairsRoom : public HouseTest {
 protected:
  AffairsRoom() {
    world_.clock.set(*parse_time("2026-03-02T08:00:00+08:00"));
    act([&](Tx& tx) {
      house_.places.put(tx, root_, places::PlaceId{"fuyuan"}, {places::Kind::compound, "府苑新村", {}, {}, {}, {}, {}});
      house_.places.put(tx, root_, places::PlaceId{"h1"}, {places::Kind::home, "101", places::PlaceId{"fuyuan"}, {}, {}, {}, {}});
      const auto household = house_.people.add_household(tx, root_, {places::PlaceId{"h1"}, people::HouseholdKind::owned}).id;
      wang_ = house_.people.add(tx, root_, {"王小明", "13800000001", {}, people::Day{std::chrono::year{1950}, std::chrono::month{5}, std::chrono::day{1}}, {}, {}, places::PlaceId{"h1"}}).id;
      li_ = house_.people.add(tx, root_, {"李阿姨", {}, {}, {}, {}, {}, places::PlaceId{"h1"}}).id;
      house_.people.move_in(tx, root_, household, {wang_, people::ResidentRole::owner, {}});
      house_.people.move_in(tx, root_, household, {li_, people::ResidentRole::member, {}});
    });
    desk_.purpose = "registration";
  }
  affairs::Run start(const std::string& form) {
    return act([&](Tx& tx) { return house_.affairs->start(tx, desk_, {FormId{form}, places::PlaceId{"fuyuan"}}); });
  }
  std::vector<Blank> blanks(const affairs::Run& run) {
    return ask([&](Reader& r) { return house_.affairs->blanks(r, desk_, run.id, {}, 50); });
  }
  void keep(const std::string& id, const FormWords& words) {
    act([&](Tx& tx) { house_.affairs->put(tx, desk_, FormId{id}, words); });
  }
  people::PersonId wang_, li_;
  Caller desk_{"account-desk", "", "desk", "", "", {{"affairs.*", "/"}, {"people.*", "/"}, {"places.read", "/"}, {"purpose.registration", "/"}}};
};
BOTH_ENGINES(AffairsRoom);

TEST_P(AffairsRoom, what_is_known_is_filled_and_workers_are_asked_for_the_rest_once) {
  FormWords words = Affairs::suggest("民政局养老情况登记表\n序号,姓名,联系电话,出生日期,住址,是否需要助餐,填表日期\n");
  EXPECT_EQ(words.name, "民政局养老情况登记表");
  ASSERT_EQ(words.columns.size(), 7U);
  EXPECT_EQ(words.columns[2].source, "person.phone");
  EXPECT_EQ(words.columns[5].source, "ask");
  words.columns[5].key = "meals";
  keep("meals", words);

  const affairs::Run run = start("meals");
  EXPECT_EQ(run.rows, 2);
  // Li's phone and birth, and whether either needs meals.
  EXPECT_EQ(run.blank, 4);
  const auto asked = blanks(run);
  ASSERT_EQ(asked.size(), 4U);
  EXPECT_EQ(asked[0].label.find("王小明"), std::string::npos) << "masked";
  AnswersWords answers;
  for (const Blank& blank : asked)
    answers.items.push_back({blank.id, blank.heading == "联系电话" ? "13800000002" : blank.heading == "出生日期" ? "1955-06-01" : "是"});
  EXPECT_EQ(act([&](Tx& tx) { return house_.affairs->answer(tx, desk_, run.id, answers); }).blank, 0);

  const auto rows = sheet::read_table(act([&](Tx& tx) { return house_.affairs->file(tx, desk_, run.id); }));
  ASSERT_EQ(rows.size(), 3U);
  const auto& cells = rows[1].cells[1] == "王小明" ? rows[1].cells : rows[2].cells;
  EXPECT_EQ(cells[2], "13800000001");
  EXPECT_EQ(cells[3], "1950-05-01");
  EXPECT_EQ(cells[5], "是");
  EXPECT_EQ(cells[6], "2026-03-02");
  EXPECT_NE(cells[7].find("联系电话：登记 2026-03-02"), std::string::npos) << cells[7];
  EXPECT_NE(cells[7].find("是否需要助餐：社区填报 2026-03-02"), std::string::npos) << cells[7];

  // Another bureau asks the same in other words: nobody is asked again.
  FormWords other{"街道助餐名册", {}, Subject::person, {}, {}, {{"居民", "person.name", {}, {}}, {"联系方式", "person.phone", {}, {}}, {"助餐", "ask", "meals", {}}}};
  keep("other", other);
  EXPECT_EQ(start("other").blank, 0);
  // Who is erased is forgotten here too.
  act([&](Tx& tx) { house_.people.erase(tx, root_, li_); });
  EXPECT_EQ(ask([&](Reader& r) { return *r.value<std::int64_t>("SELECT COUNT(*) FROM affairs_answers"); }), 1);
}

TEST_P(AffairsRoom, a_filled_form_is_plain_only_with_a_purpose_and_leaves_its_trace) {
  keep("f", {"名册", {}, Subject::person, {}, {}, {{"姓名", "person.name", {}, {}}}});
  const affairs::Run run = start("f");
  Caller idle = desk_;
  idle.purpose.clear();
  EXPECT_EQ(refused([&](Tx& tx) { house_.affairs->file(tx, idle, run.id); }), "people.no_purpose");
  act([&](Tx& tx) { house_.affairs->file(tx, desk_, run.id); });
  EXPECT_GE(ask([&](Reader& r) { return *r.value<std::int64_t>("SELECT COUNT(*) FROM bus_events WHERE topic = 'people.revealed'"); }), 2);
  Caller elsewhere = desk_;
  elsewhere.grants = {{"affairs.*", "/other/"}};
  EXPECT_EQ(refused([&](Tx& tx) { house_.affairs->blanks(tx, elsewhere, run.id, {}, 50); }), "affairs.unknown_run");
}

TEST_P(AffairsRoom, households_and_buildings_are_rows_too) {
  keep("homes", {"房屋", {}, Subject::household, {}, {}, {{"住址", "household.address", {}, {}}, {"人口", "household.members", {}, {}}}});
  EXPECT_EQ(start("homes").blank, 0);
  keep("compounds", {"小区", {}, Subject::place, places::Kind::compound, {}, {{"名称", "place.name", {}, {}}, {"有无充电棚", "ask", {}, {}}}});
  EXPECT_EQ(start("compounds").blank, 1);
  EXPECT_EQ(refused([&](Tx& tx) {
              house_.affairs->put(tx, desk_, FormId{"x"}, {"x", {}, Subject::place, places::Kind::compound, {}, {{"姓名", "person.name", {}, {}}}});
            }),
            "affairs.bad_form");
}

}  // namespace
}  // namespace lifang::affairs
