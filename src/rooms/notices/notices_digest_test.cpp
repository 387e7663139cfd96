// What can wait comes once a day, at the receiver's hour, on both engines.
#include "rooms/notices/notices_digest.hpp"

#include <gtest/gtest.h>

#include "rooms/notices/notices_announce.hpp"
#include "rooms/notices/notices_phone.hpp"
#include "support/house_fixture.hpp"

namespace lifang::notices {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

Time at(const char* text) { return *parse_time(text); }

TEST(QuietHours, an_hour_inside_them_means_their_end) {
  const Quiet quiet;
  EXPECT_EQ(next_hour(at("2026-03-02T10:00:00+08:00"), 18, quiet), at("2026-03-02T18:00:00+08:00"));
  EXPECT_EQ(next_hour(at("2026-03-02T18:00:00+08:00"), 18, quiet), at("2026-03-03T18:00:00+08:00"));
  EXPECT_EQ(next_hour(at("2026-03-02T10:00:00+08:00"), 3, quiet), at("2026-03-03T07:00:00+08:00"));
  EXPECT_EQ(next_hour(at("2026-03-02T10:00:00+08:00"), 23, quiet), at("2026-03-03T07:00:00+08:00"));
  EXPECT_EQ(next_hour(at("2026-03-03T00:30:00+08:00"), 23, quiet), at("2026-03-03T07:00:00+08:00"));
}

class DigestRoom : public HouseTest {
 protected:
  DigestRoom() {
    world_.clock.set(at("2026-03-02T10:00:00+08:00"));
    act([&](Tx& tx) {
      house_.places.put(tx, root_, places::PlaceId{"fuyuan"}, {places::Kind::compound, "府苑新村", {}, {}, {}, {}, {}});
    });
    for (int i = 0; i < 6; ++i) {
      people::PersonWords words{"居民", "1380000000" + std::to_string(i), {}, {}, {}, {}, places::PlaceId{"fuyuan"}};
      everybody_.push_back(act([&](Tx& tx) { return house_.people.add(tx, root_, words).id; }));
    }
  }
  Announcement announce(const std::string& title, Urgency urgency = Urgency::low) {
    AnnouncementWords words{{places::PlaceId{"fuyuan"}, {}, {}, {}, {}, {}}, title, "详情见楼道", {}, {}, urgency, {}};
    return act([&](Tx& tx) { return house_.announcements->announce(tx, root_, words); });
  }
  Announcement find(const Announcement& a) {
    return ask([&](Reader& r) { return house_.announcements->get(r, root_, a.id); });
  }
  Caller as(std::size_t i) { return {"account-" + std::to_string(i), everybody_[i].text, "x", "", "", {}}; }
  std::vector<Notice> inbox(std::size_t i) {
    return ask([&](Reader& r) { return house_.notices.list(r, as(i), {}); });
  }
  DigestHours choose(std::size_t i, std::int64_t hour, std::optional<bool> phone = {}) {
    return act([&](Tx& tx) { return house_.announcements->digest().choose(tx, as(i), {hour, phone}); });
  }
  DigestHours hours_of(std::size_t i) {
    return ask([&](Reader& r) { return house_.announcements->digest().hours(r, as(i), world_.clock.now()); });
  }
  std::vector<people::PersonId> everybody_;
};
BOTH_ENGINES(DigestRoom);

TEST_P(DigestRoom, gathers_the_day_and_comes_once_at_the_receiver_s_hour) {
  choose(1, 12);
  announce("旧书交换");
  pass(minutes(30));
  const Announcement second = announce("周末义诊");
  EXPECT_TRUE(inbox(0).empty());
  EXPECT_EQ(hours_of(0).waiting, 2);
  EXPECT_EQ(hours_of(0).next_at, at("2026-03-02T18:00:00+08:00"));
  EXPECT_EQ(hours_of(1).next_at, at("2026-03-02T12:00:00+08:00"));
  pass(hours(2));
  ASSERT_EQ(inbox(1).size(), 1U) << "noon is past";
  EXPECT_EQ(inbox(1)[0].title, "今日消息 2 条");
  EXPECT_NE(inbox(1)[0].text.find("1. 旧书交换"), std::string::npos);
  EXPECT_NE(inbox(1)[0].text.find("2. 周末义诊"), std::string::npos);
  EXPECT_TRUE(inbox(0).empty());
  pass(hours(8));
  ASSERT_EQ(inbox(0).size(), 1U);
  pass(hours(48));
  EXPECT_EQ(inbox(0).size(), 1U) << "once";
  EXPECT_EQ(inbox(1).size(), 1U);
  EXPECT_EQ(find(second).read, 0);
  act([&](Tx& tx) { house_.notices.read(tx, as(0), inbox(0)[0].id); });
  EXPECT_EQ(find(second).read, 1) << "whoever reads the digest has read its pieces";
  EXPECT_EQ(find(second).reached, 6);
}

TEST_P(DigestRoom, what_is_urgent_or_ordinary_does_not_wait_for_it) {
  announce("停水通知", Urgency::normal);
  ASSERT_EQ(inbox(0).size(), 1U);
  const Announcement fire = announce("燃气泄漏", Urgency::emergency);
  act([&](Tx& tx) { house_.announcements->confirm(tx, root_, fire.id, {6}); });
  EXPECT_EQ(inbox(0).size(), 2U);
  EXPECT_EQ(hours_of(0).waiting, 0);
}

TEST_P(DigestRoom, the_quiet_hours_hold_also_for_a_node_that_was_off) {
  EXPECT_EQ(choose(0, 23).next_at, at("2026-03-03T07:00:00+08:00"));
  announce("旧书交换");
  // Everybody else's hour passes while nothing runs; at 23:30 the node is back.
  world_.clock.set(at("2026-03-02T23:30:00+08:00"));
  pass(minutes(1));
  for (std::size_t i = 0; i < everybody_.size(); ++i) EXPECT_TRUE(inbox(i).empty());
  pass(hours(8));
  for (std::size_t i = 0; i < everybody_.size(); ++i) EXPECT_EQ(inbox(i).size(), 1U);
}

TEST_P(DigestRoom, a_new_hour_counts_for_what_waits_already) {
  announce("旧书交换");
  EXPECT_EQ(choose(2, 11).next_at, at("2026-03-02T11:00:00+08:00"));
  pass(hours(1));
  EXPECT_EQ(inbox(2).size(), 1U);
  EXPECT_EQ(inbox(2)[0].title, "旧书交换") << "a single one comes as it is";
  EXPECT_EQ(refused([&](Tx& tx) { house_.announcements->digest().choose(tx, as(2), {24, {}}); }), "notices.bad_hour");
}

TEST_P(DigestRoom, the_phone_is_told_only_where_it_was_wished) {
  house_.phones->use(std::set<Medium>{Medium::sms});
  choose(3, 18, true);
  for (const char* title : {"一", "二", "三", "四"}) announce(title);
  pass(hours(9));
  const auto queued = ask([&](Reader& r) { return house_.notices.messages(r, {}); });
  ASSERT_EQ(queued.size(), 1U);
  EXPECT_EQ(queued[0].to, everybody_[3].text);
  EXPECT_NE(queued[0].body.find("今日社区消息4条：一；二；三等"), std::string::npos) << queued[0].body;
}

TEST_P(DigestRoom, what_waits_can_be_withdrawn_and_goes_with_an_erased_person) {
  choose(0, 11);
  const Announcement wrong = announce("写错了");
  pass(hours(2));
  EXPECT_EQ(inbox(0).size(), 1U);
  EXPECT_EQ(act([&](Tx& tx) { return house_.announcements->withdraw(tx, root_, wrong.id); }).state, AnnouncementState::withdrawn);
  EXPECT_FALSE(find(wrong).reached) << "one who got it would be named";
  EXPECT_EQ(refused([&](Tx& tx) { house_.announcements->withdraw(tx, root_, wrong.id); }), "notices.sent_already");
  announce("旧书交换");
  act([&](Tx& tx) { Digest::forget(tx, everybody_[1].text); });
  EXPECT_EQ(hours_of(1).waiting, 0);
  pass(hours(12));
  EXPECT_TRUE(inbox(1).empty());
  EXPECT_EQ(inbox(2).size(), 1U);
  act([&](Tx& tx) { Digest::sweep(tx, tx.now(), 1000); });
}

}  // namespace
}  // namespace lifang::notices
