// The reminder of the next year's holidays: from November on, to whoever can enter them, and no more once they are there.
#include "house_calendar.hpp"

#include "support/house_fixture.hpp"

namespace lifang {
namespace {

class HolidayReminder : public HouseTest {
 protected:
  HolidayReminder() {
    act([&](Tx& tx) {
      house_.places.put(tx, root_, places::PlaceId{"xihu"}, {places::Kind::district, "西湖区", {}, {}, {}, {}, {}});
      keeper_ = house_.accounts.add(tx, root_, {"keeper", "", {}, {}, "operator", {}}, "x").id;
      house_.accounts.add(tx, root_, {"street", "", {}, {}, "street", places::PlaceId{"xihu"}}, "x");
    });
  }
  std::size_t reminded() {
    const Caller keeper{keeper_.text, "", "keeper", "", "", {}};
    return ask([&](Reader& r) { return house_.notices.list(r, keeper, {}).size(); });
  }
  std::vector<notices::Notice> inbox() {
    const Caller keeper{keeper_.text, "", "keeper", "", "", {}};
    return ask([&](Reader& r) { return house_.notices.list(r, keeper, {}); });
  }
  void read_newest() {
    const Caller keeper{keeper_.text, "", "keeper", "", "", {}};
    const auto newest = inbox().at(0).id;
    act([&](Tx& tx) { return house_.notices.read(tx, keeper, newest); });
  }
  /// The house asks once a day by itself.
  void come(const char* at) {
    world_.clock.set(*parse_time(at));
    house_.lane.settle();
  }
  accounts::AccountId keeper_;
};
BOTH_ENGINES(HolidayReminder);

TEST_P(HolidayReminder, comes_from_november_on_until_the_year_is_entered) {
  come("2026-10-29T10:00:00+08:00");
  EXPECT_EQ(reminded(), 0U);
  come("2026-11-01T10:00:00+08:00");
  EXPECT_EQ(reminded(), 1U);
  come("2026-11-02T10:00:00+08:00");
  EXPECT_EQ(reminded(), 1U) << "once a week is enough";
  act([&](Tx& tx) {
    house_.rosters.put_year(tx, root_, 2027, {"国办发明电〔2026〕0号", {{{*rosters::day_of_text("2027-01-01")}, true, "元旦"}}});
  });
  come("2026-11-08T10:00:00+08:00");
  EXPECT_EQ(reminded(), 1U);
  const Caller street{"account-street", "", "street", "", "", {}};
  EXPECT_TRUE(ask([&](Reader& r) { return house_.notices.list(r, street, {}).empty(); }));
}

TEST_P(HolidayReminder, does_not_pile_up_while_the_earlier_one_is_unread_or_fresh) {
  come("2026-11-01T10:00:00+08:00");
  for (const char* day : {"2026-11-08T10:00:00+08:00", "2026-11-15T10:00:00+08:00", "2026-12-01T10:00:00+08:00"}) {
    come(day);
    EXPECT_EQ(reminded(), 1U) << day << ": the earlier one still waits to be read";
  }
  read_newest();
  come("2026-12-08T10:00:00+08:00");
  EXPECT_EQ(reminded(), 2U) << "read, and older than 28 days";
  read_newest();
  come("2026-12-15T10:00:00+08:00");
  EXPECT_EQ(reminded(), 2U) << "read a week ago is fresh enough";
  come("2027-11-01T10:00:00+08:00");
  EXPECT_EQ(inbox().at(0).title, "请录入 2028 年放假安排") << "another year is another matter";
}

TEST_P(HolidayReminder, speaks_english_too) {
  come("2026-11-01T10:00:00+08:00");
  ASSERT_EQ(reminded(), 1U);
  const notices::Notice notice = inbox().at(0);
  EXPECT_EQ(notice.title, "请录入 2027 年放假安排");
  EXPECT_EQ(notice.title_en.value_or(""), "Please enter the holidays of 2027");
  EXPECT_NE(notice.text_en.value_or("").find("of 2027 yet"), std::string::npos);
}

}  // namespace
}  // namespace lifang
