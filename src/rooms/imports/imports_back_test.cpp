// Lists that the node exported come back: unchanged they say nothing new, and one changed cell changes that alone.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/reflect.hpp"
#include "platform/sheet/list.hpp"
#include "rooms/cases/cases_catalogue.hpp"
#include "rooms/imports/imports.hpp"
#include "rooms/rosters/rosters.hpp"
#include "support/house_fixture.hpp"

namespace lifang::imports {
namespace {

/// A cell that somebody changes in a spreadsheet program.
struct Edit {
  std::size_t row = 0;
  std::string column;
  sheet::Cell cell;
};

/// The file that `/api/v1/….xlsx` or `.csv` gives of these items.
template <class T>
std::string exported(const std::vector<T>& items, bool as_csv, const std::vector<Edit>& edits = {}) {
  const auto columns = sheet::columns_of<T>();
  const auto writer = as_csv ? sheet::write_csv(columns, 480) : sheet::write_xlsx("list", columns, 480);
  for (std::size_t i = 0; i < items.size(); ++i) {
    auto cells = sheet::cells_of(items[i]);
    for (const Edit& edit : edits) {
      const auto column = std::find(columns.begin(), columns.end(), edit.column);
      EXPECT_NE(column, columns.end()) << edit.column;
      if (edit.row == i && column != columns.end()) cells[static_cast<std::size_t>(column - columns.begin())] = edit.cell;
    }
    writer->row(cells);
  }
  return writer->finish();
}

class ImportsBack : public HouseTest {
 protected:
  ImportsBack() {
    act([&](Tx& tx) {
      house_.places.put(tx, root_, places::PlaceId{"wenxin"}, {places::Kind::street, "文新街道", {}, {}, {}, {}, {}});
      house_.places.put(tx, root_, places::PlaceId{"fuyuan"},
                        {places::Kind::compound, "府苑新村", places::PlaceId{"wenxin"}, places::Point{120.123456789012345, 30.2}, {}, {}, {}});
      house_.places.put(tx, root_, places::PlaceId{"fuyuan-3"},
                        {places::Kind::building, "3幢", places::PlaceId{"fuyuan"}, places::Point{120.1, 30.1 + 0.2 / 3},
                         std::vector<places::Point>{{120.1, 30.2}, {120.2, 30.2}, {120.2, 30.3}}, 18, 54.3});
      house_.places.put(tx, root_, places::PlaceId{"fuyuan-b1"},
                        {places::Kind::spot, "-1层车库", places::PlaceId{"fuyuan-3"}, {}, {}, {}, {}});
      for (const char* home : {"501", "502"})
        house_.places.put(tx, root_, places::PlaceId{std::string("fuyuan-3-") + home},
                          {places::Kind::home, home, places::PlaceId{"fuyuan-3"}, {}, {}, {}, {}});
    });
  }
  Import check(What what, const std::string& file) {
    auto checked = ask([&](Reader& r) {
      return house_.imports->check(r, root_, what, file, world_.clock.now(), world_.world.ids);
    });
    return act([&](Tx& tx) { return house_.imports->keep(tx, checked); });
  }
  Applied bring(What what, const std::string& file) {
    const Import checked = check(what, file);
    for (const Problem& p : checked.problems) ADD_FAILURE() << p.row << " " << p.column << " " << p.code << " " << p.advice;
    return act([&](Tx& tx) { return house_.imports->apply(tx, root_, checked.id, {}); });
  }
  std::int64_t events() {
    return ask([&](Reader& r) { return *r.value<std::int64_t>("SELECT COUNT(*) FROM bus_events"); });
  }
  /// `list`: what the route exports. `expect`: makes of what was what is there now.
  template <class List, class Expect>
  void there_and_back(What what, const List& list, const Edit& edit, const Expect& expect) {
    auto was = ask(list);
    ASSERT_GT(was.size(), edit.row);
    for (const bool as_csv : {false, true}) {
      const auto before = events();
      const Applied again = bring(what, exported(was, as_csv));
      EXPECT_EQ(again.same, static_cast<std::int64_t>(was.size())) << edit.column;
      EXPECT_EQ(again.made + again.changed, 0) << edit.column;
      EXPECT_EQ(events(), before + 1) << "nothing was told but that the list came";
      EXPECT_EQ(to_json(ask(list)), to_json(was));
    }
    const Applied mended = bring(what, exported(was, edit.column.size() % 2 == 0, {edit}));
    EXPECT_EQ(mended.changed, 1) << edit.column;
    EXPECT_EQ(mended.same, static_cast<std::int64_t>(was.size()) - 1) << edit.column;
    EXPECT_EQ(mended.made, 0) << edit.column;
    const auto is = ask(list);
    ASSERT_EQ(is.size(), was.size());
    expect(was[edit.row], is[edit.row]);
    EXPECT_EQ(to_json(is), to_json(was)) << edit.column;
  }
  std::vector<std::string> codes(const Import& import_) {
    std::vector<std::string> all;
    for (const Problem& p : import_.problems) all.push_back(fmt::format("{} {} {}", p.row, p.column, p.code));
    return all;
  }
  people::PersonId person(const std::string& name, const std::string& phone, const std::string& place) {
    people::PersonWords words;
    words.name = name;
    words.phone = phone;
    words.place = places::PlaceId{place};
    return act([&](Tx& tx) { return house_.people.add(tx, root_, words).id; });
  }
};
BOTH_ENGINES(ImportsBack);

TEST_P(ImportsBack, places_keep_position_outline_and_height_and_take_one_new_floor) {
  const auto list = [&](Reader& r) {
    places::Filter filter;
    filter.limit = 500;
    return places::Places::list(r, root_, filter);
  };
  there_and_back(What::places, list, {2, "floors", 17.0}, [](places::Place& was, const places::Place&) { was.floors = 17; });
  there_and_back(What::places, list, {2, "position.lat", 30.25}, [](places::Place& was, const places::Place& is) {
    was.position->lat = 30.25;
    was.position->lon = is.position->lon;
  });
  const std::string corners = R"([{"lon":120.1,"lat":30.2},{"lon":120.2,"lat":30.2},{"lon":120.3,"lat":30.4}])";
  there_and_back(What::places, list, {2, "outline", corners}, [](places::Place& was, const places::Place&) {
    was.outline->back() = {120.3, 30.4};
  });
  const auto places = ask(list);
  EXPECT_EQ(codes(check(What::places, exported(places, false, {{2, "outline", std::string("[{")}}))),
            (std::vector<std::string>{"4 outline imports.bad_cell"}));
  EXPECT_EQ(codes(check(What::places, exported(places, false, {{2, "outline", std::string(R"([{"lon":"x","lat":1}])")}}))),
            (std::vector<std::string>{"4 outline imports.bad_cell"}));
}

TEST_P(ImportsBack, homes_are_found_by_the_id_of_the_household) {
  act([&](Tx& tx) {
    house_.people.add_household(tx, root_, {places::PlaceId{"fuyuan-3-501"}, people::HouseholdKind::owned});
    house_.people.add_household(tx, root_, {places::PlaceId{"fuyuan-3-502"}, people::HouseholdKind::rented});
  });
  const auto list = [&](Reader& r) { return people::People::households(r, root_, {}); };
  there_and_back(What::homes, list, {0, "kind", std::string("vacant")},
                 [](people::Household& was, const people::Household&) { was.kind = people::HouseholdKind::vacant; });
  // Without its id a household is that of its home; an id that nobody has is blamed.
  const auto homes = ask(list);
  EXPECT_EQ(bring(What::homes, exported(homes, true, {{0, "id", std::string()}, {1, "id", std::string()}})).same, 2);
  EXPECT_EQ(codes(check(What::homes, exported(homes, true, {{1, "id", people::HouseholdId::make(world_.world.ids).text}}))),
            (std::vector<std::string>{"3 id people.unknown_household"}));
}

TEST_P(ImportsBack, organisations_come_back_with_their_phones) {
  act([&](Tx& tx) {
    house_.people.put_organisation(tx, root_, people::OrganisationId{"street"},
                                   {people::OrganisationKind::street_office, "文新街道办", places::PlaceId{"wenxin"}, {}, {}});
    house_.people.put_organisation(tx, root_, people::OrganisationId{"estate"},
                                   {people::OrganisationKind::property_company, "府苑物业", places::PlaceId{"fuyuan"},
                                    people::OrganisationId{"street"}, "0571-88880000"});
  });
  const auto list = [](Reader& r) { return people::People::organisations(r, {}, {}, {}, 500); };
  there_and_back(What::organisations, list, {0, "phone", std::string("0571-88880001")},
                 [](people::Organisation& was, const people::Organisation&) { was.phone = "057188880001"; });
}

TEST_P(ImportsBack, people_are_found_by_their_id_and_what_is_masked_stays_as_it_is) {
  const auto first = person("王小明", "13800000001", "fuyuan-3-501");
  const auto second = person("李阿姨", "13800000002", "fuyuan-3-501");
  const auto gone = person("赵某", "13800000003", "fuyuan-3-502");
  act([&](Tx& tx) {
    house_.people.put_tag_kind(tx, root_, "singer", {"合唱队", false});
    house_.people.put_tag_kind(tx, root_, "grower", {"种菜", false});
    house_.people.put_tag_kind(tx, root_, "poor", {"困难", true});
    for (const char* tag : {"singer", "poor"}) house_.people.tag(tx, root_, first, tag);
    house_.people.erase(tx, root_, gone);
  });
  const auto list = [&](Reader& r) {
    people::PersonFilter filter;
    filter.gone = true;
    auto found = house_.people.list(r, root_, filter);
    std::sort(found.begin(), found.end(), [](const people::Person& a, const people::Person& b) { return a.id < b.id; });
    return found;
  };
  const auto all = ask(list);
  ASSERT_EQ(all.size(), 3U);
  const auto row = [&](const people::PersonId& id) {
    return static_cast<std::size_t>(std::find_if(all.begin(), all.end(), [&](const people::Person& p) { return p.id == id; }) - all.begin());
  };
  there_and_back(What::people, list, {row(second), "phone", std::string("13800000009")}, [](people::Person& was, const people::Person& is) {
    was.phone = "138****0009";
    was.confirmed_at = is.confirmed_at;
  });
  there_and_back(What::people, list, {row(first), "path", std::string("/wenxin/fuyuan/fuyuan-3/fuyuan-3-502/")},
                 [](people::Person& was, const people::Person& is) {
                   was.path = "/wenxin/fuyuan/fuyuan-3/fuyuan-3-502/";
                   was.confirmed_at = is.confirmed_at;
                 });
  there_and_back(What::people, list, {row(first), "tags", std::string("grower")},
                 [](people::Person& was, const people::Person&) { was.tags = {"grower"}; });
  ask([&](Reader& r) {
    EXPECT_EQ(house_.people.phone_for_channel(r, first), "13800000001");
    EXPECT_EQ(house_.people.phone_for_channel(r, second), "13800000009");
    people::SearchWords words;
    words.name = "王小明";
    EXPECT_EQ(house_.people.search(r, root_, words).size(), 1U) << "the whole name is still there";
    const auto tags = r.all("SELECT tag FROM people_tags WHERE person = $1 ORDER BY tag",
                            [](const db::Row& tag) { return std::string(tag.text(0)); }, first);
    EXPECT_EQ(tags, (std::vector<std::string>{"grower", "poor"})) << "what an export leaves out is not taken off";
  });
  // An erased person does not come back, nobody is found by stars, and nobody else's id is taken for a new person.
  EXPECT_EQ(codes(check(What::people, exported(all, true, {{row(gone), "phone", std::string("13800000003")}}))),
            (std::vector<std::string>{fmt::format("{}  people.is_erased", row(gone) + 2)}));
  EXPECT_EQ(codes(check(What::people, "姓名,手机,小区\n王**,138****0001,府苑新村\n")), (std::vector<std::string>{"2 姓名 imports.masked"}));
  EXPECT_EQ(codes(check(What::people, "id,name,path\n" + people::PersonId::make(world_.world.ids).text + ",王**,/wenxin/fuyuan/\n")),
            (std::vector<std::string>{"2 id people.unknown"}));
}

TEST_P(ImportsBack, devices_keep_their_upkeep_and_their_secret) {
  act([&](Tx& tx) {
    house_.devices.put_profile(tx, root_, devices::ProfileId{"lift"}, {"电梯", {}, {}, {}, {}});
    devices::DeviceWords words;
    words.profile = devices::ProfileId{"lift"};
    words.place = places::PlaceId{"fuyuan-3"};
    words.name = "3幢电梯";
    words.tags = std::vector<std::string>{"客梯、货梯", "old"};
    words.attributes = JsonObject{R"({"load_kg":800})"};
    words.upkeep = devices::Upkeep{"业主", "府苑物业", "某电梯维保", parse_time("2020-05-01T09:30:15.250+08:00"), 25'000'000};
    house_.devices.put(tx, root_, devices::DeviceId{"lift-3"}, words);
    words = {};
    words.profile = devices::ProfileId{"lift"};
    words.place = places::PlaceId{"fuyuan"};
    house_.devices.put(tx, root_, devices::DeviceId{"lift-4"}, words);
  });
  const auto list = [&](Reader& r) { return devices::Devices::list(r, root_, {}); };
  there_and_back(What::devices, list, {0, "upkeep.maintainer", std::string("另一家")},
                 [](devices::Device& was, const devices::Device&) { was.upkeep.maintainer = "另一家"; });
  there_and_back(What::devices, list, {1, "upkeep.installed_at", std::string("2026-01-31")}, [](devices::Device& was, const devices::Device&) {
    was.upkeep.installed_at = parse_time("2026-01-31T00:00:00+08:00");
  });
  there_and_back(What::devices, list, {1, "upkeep.cost_fen", 1'250'000.0},
                 [](devices::Device& was, const devices::Device&) { was.upkeep.cost_fen = 1'250'000; });
  EXPECT_TRUE(bring(What::devices, exported(ask(list), false, {{0, "name", std::string("电梯")}})).secrets.empty());
}

TEST_P(ImportsBack, posts_come_back_also_one_that_is_named_by_its_id) {
  act([&](Tx& tx) {
    house_.rosters.put_post(tx, root_, rosters::PostId{"watch"}, {"watch", {}, {}});
    house_.rosters.put_post(tx, root_, rosters::PostId{"night-watch"}, {"夜班", rosters::PostId{"watch"}, {}});
  });
  const auto list = [](Reader& r) { return rosters::Rosters::posts(r, {}, 500); };
  there_and_back(What::posts, list, {0, "name", std::string("另一个名称")},
                 [](rosters::Post& was, const rosters::Post&) { was.name = "另一个名称"; });
}

TEST_P(ImportsBack, kinds_come_back_with_all_that_they_promise) {
  const auto list = [&](Reader& r) {
    cases::KindFilter filter;
    filter.retired = true;
    filter.limit = 2000;
    return house_.cases.catalogue().list(r, filter);
  };
  const auto as_kept = [](cases::Kind& was, const cases::Kind& is) {
    was.version = is.version;
    was.ready_made = is.ready_made;
    was.at = is.at;
  };
  EXPECT_EQ(check(What::kinds, exported(ask(list), false)).ignored, (std::vector<std::string>{"version", "ready_made", "at"}));
  there_and_back(What::kinds, list, {3, "micro.handle", std::string("PT3H7M")}, [&](cases::Kind& was, const cases::Kind& is) {
    was.micro.handle = std::chrono::minutes(187);
    as_kept(was, is);
  });
  there_and_back(What::kinds, list, {4, "checklist", std::string(R"([{"words":"先断电","post":"guard"}])")},
                 [&](cases::Kind& was, const cases::Kind& is) {
                   was.checklist = {{"先断电", cases::PostId{"guard"}}};
                   as_kept(was, is);
                 });
  there_and_back(What::kinds, list, {5, "near.floors", 9.0}, [&](cases::Kind& was, const cases::Kind& is) {
    was.near.floors = 9;
    as_kept(was, is);
  });
  there_and_back(What::kinds, list, {6, "retired", true}, [&](cases::Kind& was, const cases::Kind& is) {
    was.retired = true;
    as_kept(was, is);
  });
  EXPECT_EQ(codes(check(What::kinds, exported(ask(list), false, {{2, "near.floors", 900.0}}))),
            (std::vector<std::string>{"4 near.floors cases.bad_kind"}));
  EXPECT_EQ(codes(check(What::kinds, exported(ask(list), false, {{2, "micro.accept", std::string("soon")}}))),
            (std::vector<std::string>{"4 micro.accept imports.bad_duration"}));
}

}  // namespace
}  // namespace lifang::imports
