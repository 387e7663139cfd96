// What a map shows of places: which, to whom, and with a tag that spares the second answer.
#include "rooms/places/places_outlines.hpp"

#include "support/house_fixture.hpp"
#include "support/http_house.hpp"

namespace lifang::places {
namespace {

class Outlines : public HouseTest {
 protected:
  Outlines() {
    put("xihu", Kind::district, "");
    put("fuyuan", Kind::compound, "xihu");
    put("gate", Kind::spot, "fuyuan");
    put("b3", Kind::building, "fuyuan");
    put("b3-u1", Kind::unit, "b3");
    put("b3-lift", Kind::spot, "b3-u1");
    put("b3-101", Kind::home, "b3-u1");
    put("yuli", Kind::compound, "xihu");
  }
  void put(const std::string& id, Kind kind, const std::string& parent) {
    PlaceWords words{kind, id, {}, {}, {}, {}, {}};
    if (!parent.empty()) words.parent = PlaceId{parent};
    if (kind == Kind::building) {
      words.outline = {{120.1, 30.2}, {120.2, 30.2}, {120.2, 30.3}};
      words.floors = 11;
      words.position = Point{120.15, 30.25};
    }
    act([&](Tx& tx) { return house_.places.put(tx, root_, PlaceId{id}, words); });
  }
  std::string ids(const Caller& caller, const std::optional<PlaceId>& under = {}) {
    std::string text;
    for (const Outline& o : ask([&](Reader& r) { return outlines(r, caller, under); })) text += (text.empty() ? "" : " ") + o.id.text;
    return text;
  }
  Caller steward_{"account_x", "", "steward", "", "", {{"places.read", "/xihu/fuyuan/"}}};
};
BOTH_ENGINES(Outlines);

TEST_P(Outlines, a_map_shows_down_to_buildings_and_nothing_inside_of_them) {
  EXPECT_EQ(ids(root_), "xihu fuyuan b3 gate yuli");
  EXPECT_EQ(ids(root_, PlaceId{"fuyuan"}), "fuyuan b3 gate");
  const auto b3 = ask([&](Reader& r) { return outlines(r, root_, PlaceId{"b3"}); });
  ASSERT_EQ(b3.size(), 1U);
  EXPECT_EQ(b3[0].ring, (std::vector<double>{120.1, 30.2, 120.2, 30.2, 120.2, 30.3}));
  EXPECT_EQ(b3[0].at, (std::vector<double>{120.15, 30.25}));
  EXPECT_EQ(b3[0].floors, 11);
  EXPECT_EQ(b3[0].parent, "fuyuan");
}

TEST_P(Outlines, a_login_sees_its_own_subtree_alone) {
  EXPECT_EQ(ids(steward_), "fuyuan b3 gate");
  EXPECT_EQ(refused([&](Tx& tx) { outlines(tx, steward_, PlaceId{"yuli"}); }), "access.not_here");
  EXPECT_EQ(refused([&](Tx& tx) { outlines(tx, steward_, PlaceId{"nowhere"}); }), "places.unknown");
}

TEST_P(Outlines, what_stands_in_a_home_is_counted_at_its_building) {
  ask([&](Reader& r) {
    const Shown shown(r, {"/xihu/"});
    EXPECT_EQ(shown.id_of("/xihu/fuyuan/b3/b3-u1/b3-101/"), "b3");
    EXPECT_EQ(shown.id_of("/xihu/fuyuan/b3/b3-u1/b3-lift/"), "b3");
    EXPECT_EQ(shown.id_of("/xihu/fuyuan/gate/"), "gate");
    EXPECT_EQ(shown.id_of("/elsewhere/x/"), "x");
    EXPECT_EQ(shown.id_of("/"), "");
  });
}

TEST(OutlinesHttp, an_unchanged_map_is_not_sent_twice) {
  HttpHouse ward;
  ward.place("xihu", Kind::district);
  const std::string token = ward.login("root", "admin");
  const auto first = ward.ask("GET", "/api/v1/places/outlines", token);
  ASSERT_EQ(first.status, 200);
  const std::string tag{first.header("ETag")};
  const auto counted = ward.ask("GET", "/api/v1/places/outlines?count=true", token);
  EXPECT_EQ(parse_json(counted.body).at("count").to_number<int>(), 1);
  ASSERT_FALSE(tag.empty());
  EXPECT_EQ(ward.ask("GET", "/api/v1/places/outlines", token, {}, {{"If-None-Match", tag}}).status, 304);
  ward.place("fuyuan", Kind::compound, "xihu");
  const auto second = ward.ask("GET", "/api/v1/places/outlines", token, {}, {{"If-None-Match", tag}});
  EXPECT_EQ(second.status, 200);
  EXPECT_NE(second.header("ETag"), tag);
}

}  // namespace
}  // namespace lifang::places
