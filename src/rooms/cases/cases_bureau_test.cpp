// A bureau reads the cases that its organisation has to do with, and no others.
#include <algorithm>

#include "house_live.hpp"
#include "rooms/accounts/accounts_rules.hpp"
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
