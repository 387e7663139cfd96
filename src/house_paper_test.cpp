// The reminder of the stairwell's page: once a working week, to whoever is in charge, where somebody reads on paper.
#include "house_paper.hpp"

#include "support/house_fixture.hpp"

namespace lifang {
namespace {

class PaperReminder : public HouseTest {
 protected:
  PaperReminder() {
    house_.plan.weekly_paper = true;
    place("xihu", places::Kind::district, {});
    place("wenxin", places::Kind::street, "xihu");
    place("fuyuan", places::Kind::compound, "wenxin");
    place("empty", places::Kind::compound, "wenxin");
    act([&](Tx& tx) {
      people::PersonWords words;
      words.name = "王奶奶";
      words.place = places::PlaceId{"fuyuan"};
      house_.people.add(tx, root_, words);
      estate_ = house_.accounts.add(tx, root_, {"estate", "", {}, {}, "property", places::PlaceId{"fuyuan"}}, "x").id;
      street_ = house_.accounts.add(tx, root_, {"street", "", {}, {}, "street", places::PlaceId{"wenxin"}}, "x").id;
    });
  }
  void place(const std::string& id, places::Kind kind, const std::string& parent) {
    places::PlaceWords words{kind, id, {}, {}, {}, {}, {}};
    if (!parent.empty()) words.parent = places::PlaceId{parent};
    act([&](Tx& tx) { house_.places.put(tx, root_, places::PlaceId{id}, words); });
  }
  std::vector<notices::Notice> inbox(const accounts::AccountId& id) {
    const Caller caller{id.text, "", "x", "", "", {}};
    return ask([&](Reader& r) { return house_.notices.list(r, caller, {}); });
  }
  /// The house asks every hour by itself.
  void come(const char* at) {
    world_.clock.set(*parse_time(at));
    house_.lane.settle();
  }
  void read(const accounts::AccountId& id) {
    const auto newest = inbox(id).at(0).id;
    act([&](Tx& tx) { return house_.notices.read(tx, Caller{id.text, "", "x", "", "", {}}, newest); });
  }
  accounts::AccountId estate_, street_;
};
BOTH_ENGINES(PaperReminder);

TEST_P(PaperReminder, comes_in_the_first_working_hour_of_a_week_to_the_nearest_in_charge) {
  come("2026-11-22T10:00:00+08:00");
  EXPECT_TRUE(inbox(estate_).empty()) << "a Sunday";
  come("2026-11-23T07:00:00+08:00");
  EXPECT_TRUE(inbox(estate_).empty()) << "nobody is at work yet";
  come("2026-11-23T09:30:00+08:00");
  ASSERT_EQ(inbox(estate_).size(), 1U);
  EXPECT_NE(inbox(estate_)[0].text.find("/api/v1/notices/stairwell?place=fuyuan"), std::string::npos);
  EXPECT_EQ(inbox(estate_)[0].text.find("place=empty"), std::string::npos) << "nobody lives there";
  EXPECT_EQ(inbox(estate_)[0].title_en.value_or(""), "Please print this week's page for the stairwells");
  EXPECT_TRUE(inbox(street_).empty()) << "the estate is nearer";
  read(estate_);
  come("2026-11-25T10:00:00+08:00");
  EXPECT_EQ(inbox(estate_).size(), 1U) << "once a week";
  come("2026-11-30T10:00:00+08:00");
  EXPECT_EQ(inbox(estate_).size(), 2U);
  come("2026-12-07T10:00:00+08:00");
  EXPECT_EQ(inbox(estate_).size(), 2U) << "the one of last week still waits to be read";
}

TEST_P(PaperReminder, keeps_the_working_calendar) {
  act([&](Tx& tx) {
    house_.rosters.put_year(tx, root_, 2026, {"国办发明电〔2025〕0号", {{{*rosters::day_of_text("2026-11-23")}, true, "调休"}}});
  });
  come("2026-11-23T10:00:00+08:00");
  EXPECT_TRUE(inbox(estate_).empty()) << "a holiday";
  come("2026-11-24T10:00:00+08:00");
  EXPECT_EQ(inbox(estate_).size(), 1U);
}

TEST_P(PaperReminder, can_be_switched_off) {
  house_.plan.weekly_paper = false;
  come("2026-11-23T10:00:00+08:00");
  EXPECT_TRUE(inbox(estate_).empty());
}

}  // namespace
}  // namespace lifang
