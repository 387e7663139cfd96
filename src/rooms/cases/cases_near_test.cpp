// Reports of one thing from two homes: what joins by itself, what is proposed, and what is neither.
#include "rooms/cases/cases_near.hpp"

#include "support/ward_fixture.hpp"

namespace lifang::cases {
namespace {

using namespace std::chrono_literals;

TEST(CasesNearRules, the_floor_stands_in_the_name_of_a_home) {
  EXPECT_EQ(floor_in("302"), 3);
  EXPECT_EQ(floor_in("1201室"), 12);
  EXPECT_EQ(floor_in("3-302"), 3);
  EXPECT_EQ(floor_in("12"), std::nullopt);
  EXPECT_EQ(floor_in("020"), std::nullopt);
  EXPECT_EQ(floor_in("东户"), std::nullopt);
  EXPECT_EQ(floor_in("20260302"), std::nullopt);
}

TEST(CasesNearRules, metres_are_metres) {
  EXPECT_NEAR(metres_between({120.1, 30.3}, {120.1, 30.3}), 0, 0.001);
  EXPECT_NEAR(metres_between({120.1, 30.3}, {120.1, 30.301}), 111.2, 0.5);
  EXPECT_NEAR(metres_between({120.1, 30.3}, {120.101, 30.3}), 96.0, 0.5);
}

TEST(CasesNearRules, indoors_floors_decide_and_outdoors_metres) {
  Spot low{places::PlaceId{"a"}, "b3", false, 2, places::Point{120.1, 30.3}}, high = low, whole = low, street = low;
  high.place = places::PlaceId{"b"};
  high.floor = 4;
  whole.place = places::PlaceId{"c"};
  whole.whole_building = true;
  whole.floor.reset();
  street.place = places::PlaceId{"d"};
  street.building.clear();
  const Near one_floor{Alike::join, 1, 0}, two_floors{Alike::join, 2, 0}, thirty_metres{Alike::join, 0, 30};
  EXPECT_FALSE(is_near(one_floor, low, high));
  EXPECT_TRUE(is_near(two_floors, low, high));
  EXPECT_TRUE(is_near(one_floor, low, whole));
  EXPECT_FALSE(is_near(thirty_metres, low, high)) << "two floors of one building are not thirty metres apart, and not one thing";
  EXPECT_TRUE(is_near(thirty_metres, low, street));
  street.point->lat += 0.001;
  EXPECT_FALSE(is_near(thirty_metres, low, street));
  street.point.reset();
  EXPECT_FALSE(is_near(thirty_metres, low, street)) << "nobody knows";
  EXPECT_TRUE(is_near(Near{}, low, low)) << "the same place always";
}

class CasesNear : public WardTest {
 protected:
  CasesNear() {
    for (const char* building : {"b3", "b4"})
      for (const char* home : {"201", "301", "302", "601"}) place(std::string(building) + "-" + home, places::Kind::home, home, building);
  }
  Case report_at(const std::string& person, const std::string& kind, const std::string& where, std::optional<places::Point> position = {}) {
    Report words;
    words.kind = kind;
    words.place = places::PlaceId{where};
    words.text = "出事了";
    words.position = position;
    return act([&](Tx& tx) { return house_.cases.report(tx, resident(person), words); });
  }
  std::vector<Similar> similar(const CaseId& id) {
    return ask([&](Reader& r) { return house_.cases.similar(r, manager_, id); });
  }
};
BOTH_ENGINES(CasesNear);

TEST_P(CasesNear, neighbours_above_one_another_report_one_leak) {
  const Case first = report_at("zhao", "leak", "b3-201");
  const Case second = report_at("qian", "leak", "b3-302");
  EXPECT_EQ(second.id, first.id);
  EXPECT_EQ(second.reporters, 2);
  EXPECT_NE(diary(first.id).back().words.find("302"), std::string::npos) << "the repairer learns where else it drips";
  EXPECT_NE(report_at("sun", "leak", "b3-601").id, first.id) << "four floors up";
  EXPECT_NE(report_at("li", "leak", "b4-201").id, first.id) << "another building";
  EXPECT_EQ(report_at("zhou", "leak", "b3").id, first.id) << "who names the building may mean it";
  pass(3h);
  EXPECT_NE(report_at("wu", "leak", "b3-301").id, first.id) << "later than the kind says";
}

TEST_P(CasesNear, what_a_kind_only_proposes_stays_two_cases_and_says_so) {
  const Case first = report_at("zhao", "noise", "b3-201");
  const Case second = report_at("qian", "noise", "b3-301");
  EXPECT_NE(second.id, first.id);
  EXPECT_EQ(codes(second.id), "open assign alike");
  EXPECT_NE(diary(second.id).back().words.find(first.number), std::string::npos);
  const auto found = similar(second.id);
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].id, first.id);
  EXPECT_TRUE(found[0].near);
}

TEST_P(CasesNear, outdoors_it_is_the_distance_where_both_are_known) {
  const Case first = report_at("zhao", "road-damaged", "fuyuan", places::Point{120.1, 30.3});
  place("gate", places::Kind::spot, "东门", "fuyuan");
  place("pond", places::Kind::spot, "水池", "fuyuan");
  EXPECT_EQ(report_at("qian", "road-damaged", "gate", places::Point{120.10005, 30.3}).id, first.id) << "five metres";
  EXPECT_NE(report_at("sun", "road-damaged", "pond", places::Point{120.101, 30.3}).id, first.id) << "a hundred";
  EXPECT_NE(report_at("li", "road-damaged", "yuli", places::Point{120.10005, 30.3}).id, first.id) << "another compound";
}

TEST_P(CasesNear, how_near_is_data_of_the_kind) {
  KindWords leak = *ask([&](Reader& r) { return house_.cases.catalogue().find(r, "leak"); });
  leak.near = {Alike::propose, 4, 0};
  act([&](Tx& tx) { return house_.cases.catalogue().put(tx, root_, "leak", leak); });
  const Case first = report_at("zhao", "leak", "b3-201");
  const Case far = report_at("sun", "leak", "b3-601");
  EXPECT_NE(far.id, first.id);
  EXPECT_EQ(codes(far.id), "open assign alike");
  leak.near.floors = -1;
  EXPECT_EQ(refused([&](Tx& tx) { house_.cases.catalogue().put(tx, root_, "leak", leak); }), "cases.bad_kind");
}

TEST_P(CasesNear, a_device_and_a_neighbour_are_joined_by_a_person_alone) {
  const Case first = report_at("zhao", "leak", "b3-201");
  const SituationOpened alarm{"situation_1", "rule-1", 1, "meter-7", places::PlaceId{"b3-301"}, "warning", "leak", "夜间持续用水", {}, false};
  const CaseId second = *act([&](Tx& tx) { return house_.cases.open_for_situation(tx, alarm); });
  EXPECT_NE(second, first.id);
  EXPECT_EQ(codes(second), "open assign alike");
}

}  // namespace
}  // namespace lifang::cases
