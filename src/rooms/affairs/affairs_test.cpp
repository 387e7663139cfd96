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

TEST_P(AffairsRoom, every_run_says_how_far_it_is_and_what_was_remembered) {
  FormWords words{"助餐", {}, Subject::person, {}, {}, {{"姓名", "person.name", {}, {}}, {"手机", "person.phone", {}, {}}, {"助餐", "ask", "meals", {}}, {"标签", "person.address", {}, {}}}};
  keep("meals", words);
  const affairs::Run run = start("meals");
  const auto listed = [&](const RunId& id) {
    const auto all = ask([&](Reader& r) { return house_.affairs->runs(r, desk_, {}, 50); });
    return *std::find_if(all.begin(), all.end(), [&](const affairs::Run& r) { return r.id == id; });
  };
  EXPECT_EQ(listed(run.id).filled, 5) << "names and addresses of both, Wang's phone";
  EXPECT_EQ(listed(run.id).asked, 3);
  EXPECT_EQ(listed(run.id).answered, 0);
  EXPECT_TRUE(listed(run.id).counted_at);
  AnswersWords answers;
  for (const Blank& blank : blanks(run))
    if (blank.key == "meals") answers.items.push_back({blank.id, blank.subject == wang_.text ? "是" : "否"});
  act([&](Tx& tx) { return house_.affairs->answer(tx, desk_, run.id, answers); });
  EXPECT_EQ(listed(run.id).answered, 2);
  EXPECT_EQ(listed(run.id).asked, 3);
  EXPECT_EQ(listed(run.id).blank, 1) << "Li's phone";
  const auto said = ask([&](Reader& r) { return house_.affairs->answers(r, desk_, run.id, {}, 50); });
  ASSERT_EQ(said.size(), 2U);
  EXPECT_TRUE(said[0].in_run);
  EXPECT_EQ(said[0].by, "account-desk");
  EXPECT_TRUE(said[0].value == "是" || said[0].value == "否");
  EXPECT_EQ(ask([&](Reader& r) { return house_.affairs->answers(r, desk_, run.id, said[0].id, 50); }).size(), 1U);
  Caller reader = desk_;
  reader.grants = {{"affairs.read", "/"}, {"people.read", "/"}};
  EXPECT_EQ(ask([&](Reader& r) { return house_.affairs->answers(r, reader, run.id, {}, 50); })[0].value, "***");
  // For the next form it is remembered, not asked.
  const affairs::Run next = start("meals");
  EXPECT_EQ(listed(next.id).remembered, 2);
  EXPECT_EQ(listed(next.id).answered, 0);
  EXPECT_EQ(listed(next.id).asked, 1);
  EXPECT_FALSE(ask([&](Reader& r) { return house_.affairs->answers(r, desk_, next.id, {}, 50); })[0].in_run);
  // What the register learnt elsewhere shows when it is counted anew.
  people::PersonChange change;
  change.phone = "13800000009";
  act([&](Tx& tx) { house_.people.change(tx, root_, li_, change); });
  EXPECT_EQ(listed(next.id).blank, 1);
  EXPECT_EQ(act([&](Tx& tx) { return house_.affairs->recount(tx, desk_, next.id); }).blank, 0);
  EXPECT_EQ(listed(next.id).blank, 0);
}

TEST_P(AffairsRoom, an_answer_that_contradicts_another_waits_for_a_person) {
  keep("meals", {"助餐", {}, Subject::person, {}, {}, {{"姓名", "person.name", {}, {}}, {"手机", "person.phone", {}, {}}, {"助餐", "ask", "meals", {}}}});
  const affairs::Run run = start("meals");
  const std::string meals = li_.text + ":2", phone = li_.text + ":1", known = wang_.text + ":1";
  Caller other = desk_;
  other.account = "account-other";
  const auto say = [&](const Caller& who, const std::string& cell, const std::string& value) {
    return act([&](Tx& tx) { return house_.affairs->answer(tx, who, run.id, {{{cell, value}}}); }).conflicts;
  };
  const auto open = [&] { return ask([&](Reader& r) { return house_.affairs->conflicts(r, desk_, run.id, true); }); };
  const auto value_of = [&] { return ask([&](Reader& r) { return house_.affairs->answers(r, desk_, run.id, {}, 50); })[0].value; };
  EXPECT_EQ(say(desk_, meals, "是"), 0);
  EXPECT_EQ(say(other, meals, "是"), 0) << "the same is no news";
  EXPECT_EQ(say(other, meals, "否"), 1);
  EXPECT_EQ(say(other, meals, "否"), 1) << "and is not said twice";
  ASSERT_EQ(open().size(), 1U);
  EXPECT_EQ(open()[0].earlier, "是");
  EXPECT_EQ(open()[0].later, "否");
  EXPECT_EQ(open()[0].heading, "助餐");
  EXPECT_EQ(open()[0].earlier_by, "account-desk");
  EXPECT_EQ(value_of(), "是") << "the first stands meanwhile";
  const std::string id = open()[0].id;
  act([&](Tx& tx) { return house_.affairs->settle(tx, desk_, id, Kept::later); });
  EXPECT_EQ(value_of(), "否");
  EXPECT_TRUE(open().empty());
  EXPECT_EQ(refused([&](Tx& tx) { house_.affairs->settle(tx, desk_, id, Kept::earlier); }), "affairs.settled_already");
  EXPECT_EQ(say(other, meals, "要"), 0) << "one's own may be mended";
  // The register too: what it knows is not overwritten from here, and stays masked.
  EXPECT_EQ(say(desk_, phone, "13800000002"), 0);
  EXPECT_EQ(say(other, phone, "13800000003"), 1);
  EXPECT_EQ(say(desk_, known, "13800138000"), 2);
  for (const Conflict& c : open()) EXPECT_NE(c.later.find('*'), std::string::npos) << c.later;
  for (const Conflict& c : open()) act([&](Tx& tx) { return house_.affairs->settle(tx, desk_, c.id, Kept::earlier); });
  EXPECT_EQ(ask([&](Reader& r) { return house_.affairs->get(r, desk_, run.id); }).conflicts, 0);
  Caller elsewhere = desk_;
  elsewhere.grants = {{"affairs.*", "/other/"}};
  EXPECT_EQ(refused([&](Tx& tx) { house_.affairs->settle(tx, elsewhere, id, Kept::later); }), "affairs.unknown_conflict");
  act([&](Tx& tx) { house_.people.erase(tx, root_, li_); });
  EXPECT_EQ(ask([&](Reader& r) { return *r.value<std::int64_t>("SELECT COUNT(*) FROM affairs_conflicts WHERE subject = $1", li_.text); }), 0);
}

TEST_P(AffairsRoom, a_form_that_others_fill_in_is_not_changed_from_elsewhere) {
  FormWords words = Affairs::suggest("登记表\n姓名,是否需要助餐\n");
  keep("meals", words);
  const auto from = [&](const std::string& path) {
    Caller caller = desk_;
    caller.grants = {{"affairs.write", path}};
    return refused([&](Tx& tx) { house_.affairs->put(tx, caller, FormId{"meals"}, words); });
  };
  EXPECT_EQ(from("/west/"), "") << "nobody fills it in yet";
  start("meals");
  EXPECT_EQ(from("/west/"), "access.not_here");
  EXPECT_EQ(from("/fuyuan/"), "");
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
