// A bureau reads the cases that its organisation has to do with, and no others.
#include <algorithm>
#include <map>

#include "house_live.hpp"
#include "rooms/accounts/accounts_rules.hpp"
#include "rooms/cases/cases_board.hpp"
#include "rooms/cases/cases_standing.hpp"
#include "rooms/cases/cases_store_query.hpp"
#include "support/ward_fixture.hpp"

namespace lifang::cases {
namespace {

class CasesBureau : public WardTest {
 protected:
  /// With the rights that the program gives to a bureau, over the district.
  static Caller officer(const std::string& person) {
    const auto& all = accounts::supplied_roles();
    const auto role = std::find_if(all.begin(), all.end(), [](const auto& r) { return r.id == "bureau"; });
    std::vector<std::string> rights(role->rights.begin(), role->rights.end());
    return who(person, rights, "/xihu/");
  }
  bool sees(const Caller& caller, const CaseId& id) {
    return refused([&](Tx& tx) { house_.cases.get(tx, caller, id); }).empty();
  }
  std::vector<std::string> listed(const Caller& caller, bool mine = false) {
    Filter filter;
    filter.limit = 200;
    filter.mine = mine;
    return ask([&](Reader& r) {
      std::vector<std::string> ids;
      for (const Case& one : house_.cases.list(r, caller, filter)) ids.push_back(one.id.text);
      EXPECT_EQ(house_.cases.count(r, caller, filter), static_cast<std::int64_t>(ids.size()));
      std::sort(ids.begin(), ids.end());
      return ids;
    });
  }
  void give(const CaseId& id, const char* post) {
    Words words;
    words.post = PostId{post};
    move(district_, id, Move::assign, words);
  }
  void whistle(const CaseId& id, const char* organisation) {
    Words words;
    words.call = std::vector<OrganisationId>{OrganisationId{organisation}};
    move(street_, id, Move::whistle, words);
  }
  Caller chengguan_ = officer("chengguan"), police_ = officer("police-officer"), fire_ = officer("fireman");
};
BOTH_ENGINES(CasesBureau);

TEST_P(CasesBureau, reads_what_it_is_called_to_has_a_part_of_or_holds_and_nothing_else) {
  const CaseId lamp = report(resident("zhao"), "street-light", "b3").id, called = report(resident("zhao"), "leak", "b4").id,
               parted = report(resident("zhao"), "bin-full", "fuyuan").id, held = report(resident("zhao"), "illegal-building", "b3").id,
               need = report(resident("zhao"), "hardship", "b3", "家里断粮").id;
  EXPECT_FALSE(sees(chengguan_, lamp));
  whistle(called, "urban-management");
  Words joint;
  joint.parts = std::vector<PartWords>{{PostId{"police"}, "维持秩序", {}}};
  move(street_, parted, Move::joint, joint);
  give(held, "urban-management");
  EXPECT_TRUE(sees(chengguan_, called) && sees(chengguan_, held));
  EXPECT_FALSE(sees(chengguan_, parted) || sees(chengguan_, need) || sees(chengguan_, lamp));
  EXPECT_TRUE(sees(police_, parted));
  EXPECT_FALSE(sees(police_, called) || sees(police_, held) || sees(police_, need));
  EXPECT_TRUE(listed(fire_).empty());
  EXPECT_EQ(listed(police_), std::vector{parted.text});
  std::vector<std::string> both{called.text, held.text};
  std::sort(both.begin(), both.end());
  EXPECT_EQ(listed(chengguan_), both);
  EXPECT_EQ(listed(chengguan_, true), both) << "one is held, of the other it owes the reporting in";
  EXPECT_EQ(ask([&](Reader& r) { return house_.cases.reporters(r, chengguan_, held).size(); }), 1U) << "whom they call back";
  EXPECT_EQ(refused([&](Tx& tx) { house_.cases.diary(tx, police_, held, 0, 10); }), "cases.unknown");
  EXPECT_EQ(refused([&](Tx& tx) { house_.cases.similar(tx, police_, held); }), "cases.unknown");
}

TEST_P(CasesBureau, keeps_the_past_of_a_thing_in_sight_and_loses_that_of_a_person) {
  const CaseId thing = report(resident("zhao"), "street-light", "b3").id, person = report(resident("zhao"), "hardship", "b3").id;
  for (const CaseId& id : {thing, person}) {
    give(id, "urban-management");
    EXPECT_TRUE(sees(chengguan_, id));
    give(id, "street-office");
  }
  EXPECT_TRUE(sees(chengguan_, thing)) << "what they did with it counts in their figures";
  EXPECT_FALSE(sees(chengguan_, person));
  EXPECT_EQ(listed(chengguan_), std::vector{thing.text});
  EXPECT_TRUE(listed(chengguan_, true).empty()) << "they owe nothing on it";
}

TEST_P(CasesBureau, without_a_place_in_a_roster_there_is_nothing_to_read) {
  const CaseId id = report(resident("zhao"), "street-light", "b3").id;
  give(id, "urban-management");
  const Caller stranger = officer("somebody-else");
  EXPECT_FALSE(sees(stranger, id));
  EXPECT_TRUE(listed(stranger).empty());
  EXPECT_EQ(refused_move(stranger, id, Move::accept), "cases.unknown");
}

TEST_P(CasesBureau, handles_what_it_holds_and_opens_its_files_and_evaluations) {
  const CaseId id = report(resident("zhao"), "street-light", "b3").id, other = report(resident("qian"), "leak", "b4").id;
  give(id, "urban-management");
  const files::Use own{"case", id.text, "/xihu/wenxin/fuyuan/b3/", "cases.read", {}}, foreign{"case", other.text, "/xihu/wenxin/fuyuan/b4/", "cases.read", {}};
  ask([&](Reader& r) {
    EXPECT_TRUE(house_.files.opens_for(r, chengguan_, own));
    EXPECT_FALSE(house_.files.opens_for(r, chengguan_, foreign) || house_.files.opens_for(r, police_, own));
  });
  EXPECT_EQ(move(chengguan_, id, Move::accept).person, PersonId{"chengguan"});
  Words done = note("已修好");
  move(chengguan_, id, Move::handle, done);
  move(street_, id, Move::verify);
  move(street_, id, Move::close);
  const auto asked = [&](const Caller& caller) {
    return ask([&](Reader& r) {
      evaluations::Filter of;
      of.case_ = id;
      return house_.evaluations.list(r, caller, of).size();
    });
  };
  EXPECT_EQ(asked(chengguan_), 1U);
  EXPECT_EQ(asked(police_), 0U);
  EXPECT_TRUE(ask([&](Reader& r) { return house_.evaluations.list(r, chengguan_, {}); }).empty()) << "not those of the whole district";
}

TEST_P(CasesBureau, counts_on_its_board_and_in_its_rates_what_it_is_called_to_and_nothing_else) {
  const CaseId called = report(resident("zhao"), "leak", "b4").id, held = report(resident("zhao"), "illegal-building", "b3").id,
               person = report(resident("zhao"), "hardship", "b3").id;
  report(resident("zhao"), "street-light", "b3");
  report(resident("zhao"), "bin-full", "fuyuan");
  report(district_, "noise", "yuli");
  whistle(called, "urban-management");
  give(held, "urban-management");
  give(person, "urban-management");
  give(person, "street-office");
  const auto count_open = [&](const Caller& caller, const BoardFilter& filter = {}) {
    const Board board = ask([&](Reader& r) { return house_.cases.board(r, caller, filter); });
    std::int64_t n = 0, by_place = 0, today = 0;
    for (const CircleCount& circle : board.circles) n += circle.open, today += circle.opened_today;
    for (const PlaceCount& count : board.places) by_place += count.open;
    EXPECT_EQ(n, by_place);
    EXPECT_EQ(n, today);
    return n;
  };
  EXPECT_EQ(count_open(district_), 6);
  EXPECT_EQ(count_open(chengguan_), 2);
  EXPECT_EQ(count_open(chengguan_, {"fuyuan", {}, {}}), 2);
  EXPECT_EQ(count_open(chengguan_, {"b4", {}, {}}), 1);
  EXPECT_EQ(count_open(chengguan_, {"yuli", {}, {}}), 0);
  EXPECT_EQ(count_open(chengguan_, {{}, "leak", {}}), 1);
  EXPECT_EQ(count_open(fire_), 0);
  place("far", places::Kind::compound, "远处", "");
  EXPECT_EQ(refused([&](Tx& tx) { house_.cases.board(tx, chengguan_, {"far", {}, {}}); }), "access.not_here");
  EXPECT_EQ(refused([&](Tx& tx) { house_.cases.board(tx, chengguan_, {"nowhere", {}, {}}); }), "places.unknown");
  EXPECT_EQ(refused([&](Tx& tx) { house_.cases.rates(tx, resident("zhao"), {}); }), "access.no_right");

  const auto rates = [&](const Caller& caller, RatesBy by) {
    RatesFilter filter;
    filter.by = by;
    std::map<std::string, std::int64_t> cases;
    for (const Rates& line : ask([&](Reader& r) { return house_.cases.rates(r, caller, filter); })) cases[line.key] = line.cases;
    return cases;
  };
  using Lines = std::map<std::string, std::int64_t>;
  EXPECT_GT(rates(district_, RatesBy::organisation).size(), 1U);
  EXPECT_EQ(rates(chengguan_, RatesBy::organisation), (Lines{{"urban-management", 2}}));
  EXPECT_EQ(rates(chengguan_, RatesBy::post), (Lines{{"urban-management", 2}}));
  EXPECT_EQ(rates(chengguan_, RatesBy::kind), (Lines{{"illegal-building", 1}, {"leak", 1}}));
  EXPECT_TRUE(rates(fire_, RatesBy::kind).empty());
  RatesFilter late;
  late.by = RatesBy::kind;
  late.good = true;
  std::vector<CaseId> both{called, held};
  std::sort(both.begin(), both.end());
  std::reverse(both.begin(), both.end());
  EXPECT_EQ(ask([&](Reader& r) { return house_.cases.behind(r, chengguan_, late, Measure::overdue); }), both);
}

TEST_P(CasesBureau, sees_beside_what_it_is_called_to_the_places_that_it_may_read) {
  const CaseId called = report(resident("zhao"), "leak", "b4").id, near = report(district_, "noise", "yuli").id;
  report(resident("zhao"), "street-light", "b3");
  whistle(called, "urban-management");
  Caller mixed = who("chengguan", {"cases.called"}, "/xihu/wenxin/fuyuan/");
  mixed.grants.push_back({"cases.read", "/xihu/wenxin/yuli/"});
  std::vector<std::string> both{called.text, near.text};
  std::sort(both.begin(), both.end());
  EXPECT_EQ(listed(mixed), both);
  const Board board = ask([&](Reader& r) { return house_.cases.board(r, mixed, {}); });
  std::int64_t open = 0;
  for (const PlaceCount& count : board.places) open += count.open;
  EXPECT_EQ(open, 2);
  EXPECT_EQ(ask([&](Reader& r) { return house_.cases.rates(r, mixed, {}); }).size(), 2U) << "their own, and whoever holds it there";
}

/// Few cases are found by their ids and many by a condition on each row: both say what Viewer::may_see says.
TEST_P(CasesBureau, lists_the_same_whether_it_is_called_to_few_or_to_many) {
  std::vector<CaseId> all;
  for (const char* kind : {"leak", "illegal-building", "hardship", "noise", "bin-full", "street-light", "dirty"})
    all.push_back(report(resident("zhao"), kind, "b3").id);
  whistle(all[0], "urban-management");
  give(all[1], "urban-management");
  for (const std::size_t i : {2U, 3U}) {
    give(all[i], "urban-management");
    give(all[i], "street-office");
  }
  Words joint;
  joint.parts = std::vector<PartWords>{{PostId{"police"}, "维持秩序", {}}, {PostId{"fire"}, "清通道", {}}};
  move(street_, all[4], Move::joint, joint);
  whistle(all[5], "police");
  ask([&](Reader& reader) {
    for (const Caller* caller : {&chengguan_, &police_, &fire_}) {
      Viewer viewer(reader, house_.rosters, *caller);
      const auto ids = [&](bool as_set) {
        db::Where where;
        const std::string words = as_set ? "id IN (" + store::ids_called_to(where, viewer.scope()) + ")"
                                         : "(" + store::is_called_to(where, viewer.scope(), "cases") + ")";
        std::vector<std::string> found;
        reader.each_of("SELECT id FROM cases WHERE " + words + " ORDER BY id", where.params(),
                       [&](const db::Row& row) { found.emplace_back(row.text(0)); });
        return found;
      };
      std::vector<std::string> seen;
      for (const CaseId& id : all)
        if (viewer.may_see(*store::find(reader, id))) seen.push_back(id.text);
      std::sort(seen.begin(), seen.end());
      EXPECT_FALSE(seen.empty()) << caller->person;
      EXPECT_LT(seen.size(), all.size()) << caller->person;
      EXPECT_EQ(ids(true), seen) << caller->person;
      EXPECT_EQ(ids(false), seen) << caller->person;
    }
  });
}

TEST_P(CasesBureau, hears_live_of_what_names_them_alone) {
  bus::Told told;
  told.topic = "cases.assigned";
  told.path = "/xihu/wenxin/fuyuan/b3/";
  told.body = R"({"person":"cleaner"})";
  EXPECT_FALSE(may_hear(chengguan_, told));
  EXPECT_TRUE(may_hear(street_, told));
  told.body = R"({"person":"chengguan"})";
  EXPECT_TRUE(may_hear(chengguan_, told));
  told.topic = "evaluations.given";
  EXPECT_FALSE(may_hear(chengguan_, told));
}

}  // namespace
}  // namespace lifang::cases
