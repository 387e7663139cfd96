#include "rooms/places/places.hpp"

#include "support/house_fixture.hpp"

namespace lifang::places {
namespace {

class Places : public HouseTest {
 protected:
  Place put(const std::string& id, Kind kind, const std::string& name, const std::string& parent = "") {
    PlaceWords words{kind, name, {}, {}, {}, {}, {}};
    if (!parent.empty()) words.parent = PlaceId{parent};
    return act([&](Tx& tx) { return house_.places.put(tx, root_, PlaceId{id}, words); });
  }
  void ward() {
    put("xihu", Kind::district, "西湖区");
    put("fuyuan", Kind::compound, "府苑新村", "xihu");
    put("b3", Kind::building, "3幢", "fuyuan");
    put("b3-101", Kind::home, "101", "b3");
  }
  Caller steward_{"account_x", "", "steward", "", "", {{"places.read", "/xihu/fuyuan/"}, {"places.write", "/xihu/fuyuan/"}}};
};
BOTH_ENGINES(Places);

TEST_P(Places, a_place_stands_on_the_path_of_its_parent) {
  ward();
  EXPECT_EQ(ask([](Reader& r) { return places::Places::get(r, PlaceId{"b3-101"}).path; }), "/xihu/fuyuan/b3/b3-101/");
  EXPECT_EQ(ask([](Reader& r) { return places::Places::spoken(r, PlaceId{"b3"}); }), "西湖区 · 府苑新村 · 3幢");
  EXPECT_EQ(ask([](Reader& r) { return places::Places::spoken_near(r, PlaceId{"b3"}); }), "府苑新村 · 3幢");
  EXPECT_EQ(ask([](Reader& r) { return places::Places::spoken_near(r, PlaceId{"xihu"}); }), "西湖区");
  EXPECT_EQ(ask([](Reader& r) { return places::Places::spoken_near(r, PlaceId{"nowhere"}); }), "nowhere");
}

TEST_P(Places, an_outline_comes_back_as_it_was_given) {
  const std::vector<Point> outline{{120.1, 30.2}, {120.2, 30.2}, {120.2, 30.3}};
  act([&](Tx& tx) {
    return house_.places.put(tx, root_, PlaceId{"b"}, {Kind::building, "b", {}, Point{120.15, 30.25}, outline, 18, 54.5});
  });
  const Place place = ask([](Reader& r) { return places::Places::get(r, PlaceId{"b"}); });
  ASSERT_TRUE(place.outline);
  EXPECT_EQ(place.outline->size(), 3U);
  EXPECT_EQ((*place.outline)[2].lat, 30.3);
  EXPECT_EQ(place.floors, 18);
  EXPECT_EQ(place.height, 54.5);
  EXPECT_EQ(place.position->lon, 120.15);
}

TEST_P(Places, a_move_takes_the_subtree_along_and_is_told) {
  ward();
  put("other", Kind::compound, "别处", "xihu");
  std::vector<std::string> moved;
  put("b3", Kind::building, "3幢", "other");
  ask([&](Reader& r) {
    for (const auto& told : bus::Bus::after(r, 0, {"places"}, 100))
      if (told.topic == Moved::topic) moved.push_back(told.body);
  });
  ASSERT_EQ(moved.size(), 1U);
  EXPECT_NE(moved[0].find("/xihu/other/b3/"), std::string::npos);
  EXPECT_EQ(ask([](Reader& r) { return places::Places::get(r, PlaceId{"b3-101"}).path; }), "/xihu/other/b3/b3-101/");
}

TEST_P(Places, refuses_what_cannot_stand) {
  ward();
  const auto attempt = [&](const std::string& id, PlaceWords words) {
    return refused([&](Tx& tx) { house_.places.put(tx, root_, PlaceId{id}, words); });
  };
  EXPECT_EQ(attempt("x", {Kind::home, "x", PlaceId{"nowhere"}, {}, {}, {}, {}}), "places.bad_parent");
  EXPECT_EQ(attempt("x", {Kind::district, "x", PlaceId{"b3"}, {}, {}, {}, {}}), "places.bad_parent");
  EXPECT_EQ(attempt("fuyuan", {Kind::spot, "x", PlaceId{"b3"}, {}, {}, {}, {}}), "places.cycle");
  EXPECT_EQ(attempt("x", {Kind::home, "x", {}, {}, std::vector<Point>{{1, 2}}, {}, {}}), "places.bad_outline");
  EXPECT_EQ(attempt("x", {Kind::home, "x", {}, Point{200, 0}, {}, {}, {}}), "places.bad_position");
  EXPECT_EQ(attempt("x", {Kind::home, "", {}, {}, {}, {}, {}}), "places.bad_name");
}

TEST_P(Places, a_kind_changes_only_so_that_what_stands_in_the_place_still_fits) {
  ward();
  const auto become = [&](const std::string& id, Kind kind, const std::string& parent) {
    return refused([&](Tx& tx) { house_.places.put(tx, root_, PlaceId{id}, {kind, id, PlaceId{parent}, {}, {}, {}, {}}); });
  };
  EXPECT_EQ(become("fuyuan", Kind::unit, "xihu"), "places.bad_kind");
  EXPECT_EQ(become("b3", Kind::home, "fuyuan"), "places.bad_kind");
  EXPECT_EQ(become("b3", Kind::spot, "fuyuan"), "places.bad_kind");
  EXPECT_EQ(ask([](Reader& r) { return places::Places::kind_of(r, PlaceId{"b3"}); }), Kind::building);
  EXPECT_EQ(become("b3", Kind::unit, "fuyuan"), "") << "a home stands in a unit too";
  EXPECT_EQ(become("b3-101", Kind::spot, "b3"), "") << "nothing stands in it";
  EXPECT_EQ(become("b3", Kind::home, "fuyuan"), "") << "a spot stands anywhere";
}

TEST_P(Places, a_login_sees_and_changes_only_its_own_subtree) {
  ward();
  EXPECT_EQ(refused([&](Tx& tx) { house_.places.put(tx, steward_, PlaceId{"new"}, {Kind::spot, "门", PlaceId{"fuyuan"}, {}, {}, {}, {}}); }), "");
  EXPECT_EQ(refused([&](Tx& tx) { house_.places.put(tx, steward_, PlaceId{"new2"}, {Kind::spot, "门", PlaceId{"xihu"}, {}, {}, {}, {}}); }),
            "access.not_here");
  const auto seen = ask([&](Reader& r) { return places::Places::list(r, steward_, {}); });
  EXPECT_EQ(seen.size(), 4U);
  EXPECT_EQ(ask([&](Reader& r) { return places::Places::count(r, root_, {}); }), 5);
  const auto nobody = Caller{"a", "", "n", "", "", {{"cases.read", "/"}}};
  EXPECT_TRUE(ask([&](Reader& r) { return places::Places::list(r, nobody, {}); }).empty());
}

TEST_P(Places, a_list_goes_on_where_it_stopped) {
  ward();
  Filter filter;
  filter.limit = 2;
  auto first = ask([&](Reader& r) { return places::Places::list(r, root_, filter); });
  filter.after = first.back().path;
  auto second = ask([&](Reader& r) { return places::Places::list(r, root_, filter); });
  EXPECT_EQ(first[0].id.text, "xihu");
  EXPECT_EQ(second[0].id.text, "b3");
  EXPECT_EQ(second.size(), 2U);
}

}  // namespace
}  // namespace lifang::places
