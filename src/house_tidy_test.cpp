#include "support/device_hand.hpp"
#include "support/house_fixture.hpp"
#include "support/leap.hpp"

namespace lifang {
namespace {

using std::chrono::minutes;

constexpr std::chrono::hours kDay(24);

class HouseTidy : public HouseTest {
 protected:
  HouseTidy() : hand_(house_, world_) {
    hand_.place("fuyuan", places::Kind::compound);
    hand_.profile("watch", R"({"name":"投放点相机","metrics":[{"id":"n"}],"detections":["dropped_bag"]})");
    hand_.device("cam", "watch", "fuyuan");
    hand_.rule("bag", R"({"name":"落地包","applies_to":{"profile":"watch"},"severity":"info","case":"dropped-bag",
      "raise":{"when":{"detection":"dropped_bag"}},"clear":{"when":{"detection":"dropped_bag","silent":"PT20M"}}})");
  }
  files::FileId picture() {
    const auto taken = house_.files.take_in("\xFF\xD8\xFF\xC0" + std::string("\x00\x11\x08\x00\x10\x00\x10", 7) + std::string(20, '\0'), "", "image/jpeg", world_.ids);
    return act([&](Tx& tx) { return house_.files.keep_for_machine(tx, "device:cam", taken, "").id; });
  }
  void leap_days(int n) {
    leap(house_, world_, kDay * n);
    hand_.pass(minutes(2));  // the slices of one sweep follow each other
  }
  bool is_there(const files::FileId& id) {
    return ask([&](Reader& r) { return files::Files::find(r, id).has_value(); });
  }
  std::optional<Time> kept_until(const files::FileId& id) {
    return ask([&](Reader& r) { return files::Files::find(r, id)->keep_until; });
  }
  DeviceHand hand_;
};
BOTH_ENGINES(HouseTidy);

TEST_P(HouseTidy, what_a_camera_saw_stays_with_its_case_and_goes_a_year_after_both_are_over) {
  const auto file = picture();
  hand_.see("cam", "dropped_bag", 0.9, file.text);
  EXPECT_FALSE(kept_until(file)) << "held";
  hand_.pass(minutes(30));
  ASSERT_EQ(hand_.situations().front().state, situations::State::cleared);
  // As if somebody had it in hand when the alarm ended.
  const auto about = ask([&](Reader& r) { return house_.cases.list(r, root_, {}).front(); });
  act([&](Tx& tx) { tx.run("UPDATE cases SET state = 'accepted', open = 1, closed_at = NULL WHERE id = $1", about.id); });
  leap_days(370);
  EXPECT_FALSE(kept_until(file)) << "the case is still owed";
  act([&](Tx& tx) { tx.run("UPDATE cases SET state = 'closed', open = 0, closed_at = $1 WHERE id = $2", tx.now(), about.id); });
  leap_days(364);
  EXPECT_TRUE(is_there(file));
  EXPECT_FALSE(kept_until(file));
  leap_days(1);
  leap_days(2);
  EXPECT_FALSE(is_there(file));
}

TEST_P(HouseTidy, events_past_their_time_go_as_fast_as_they_came) {
  // Numbered below all that was told since, long ago.
  act([&](Tx& tx) {
    tx.run("INSERT INTO bus_events (seq, at, topic, subject, path, cause, by, body) "
           "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 45000) "
           "SELECT -i, 0, 'places.kept', 'fuyuan', '/fuyuan/', '', '', '{}' FROM n");
  });
  const auto left = [&] { return ask([](Reader& r) { return r.value<std::int64_t>("SELECT COUNT(*) FROM bus_events WHERE seq < 0"); }); };
  ASSERT_EQ(left(), 45'000);
  hand_.pass(minutes(62));
  EXPECT_EQ(left(), 0) << "slice after slice, and not one an hour";
}

TEST_P(HouseTidy, more_holders_than_a_slice_are_all_looked_at) {
  const auto file = picture();
  act([&](Tx& tx) {
    for (int n = 0; n < 450; ++n)
      house_.files.use_evidence(tx, file.text, {"situation", "situation_" + std::to_string(1000 + n), "/fuyuan/", "situations.read", {}});
  });
  EXPECT_FALSE(kept_until(file));
  leap_days(366);
  leap_days(2);
  EXPECT_FALSE(is_there(file)) << "none of those situations is there any more";
}

}  // namespace
}  // namespace lifang
