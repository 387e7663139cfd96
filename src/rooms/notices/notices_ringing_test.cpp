// An alarm reaches only whoever can do something about it; when no such person is left in the posts, the desk.
#include <algorithm>

#include "rooms/notices/notices.hpp"
#include "rooms/notices/notices_phone.hpp"
#include "support/ward_fixture.hpp"

namespace lifang::notices {
namespace {

using namespace std::chrono_literals;

class NoticesRinging : public WardTest {
 protected:
  Ring ring_of(const cases::CaseId& id, const std::string& purpose = "") {
    RingFilter filter;
    filter.case_ = id;
    for (const Ring& ring : ask([&](Reader& r) { return house_.notices.rings(r, root_, filter); }))
      if (ring.purpose == purpose) return ring;
    ADD_FAILURE() << "nothing rings for \"" << purpose << '"';
    return {};
  }
  static std::vector<std::string> names(const Ring& ring) {
    std::vector<std::string> all;
    for (const PersonId& person : ring.rung) all.push_back(person.text);
    return all;
  }
  std::int64_t lines(const cases::CaseId& id, const std::string& code) {
    const auto all = diary(id);
    return std::count_if(all.begin(), all.end(), [&](const cases::DiaryLine& line) { return line.code == code; });
  }
  void put_post_above(const char* post, const char* above) {
    act([&](Tx& tx) { return house_.rosters.put_post(tx, root_, PostId{post}, {post, PostId{above}, {}}); });
  }
  using Names = std::vector<std::string>;
};
BOTH_ENGINES(NoticesRinging);

TEST_P(NoticesRinging, whoever_has_no_move_on_it_is_passed_over_and_the_diary_says_so) {
  login("guard-wang", {"cases.read"}, "fuyuan");
  const auto id = report(resident("zhao"), "ebike-in-lift").id;
  EXPECT_EQ(names(ring_of(id)), Names{"guard-li"});
  EXPECT_EQ(look(id).person->text, "guard-li");
  EXPECT_EQ(lines(id, "rang-past"), 1);
  pass(1min);
  EXPECT_EQ(names(ring_of(id)), (Names{"guard-li", "manager"})) << "the post above has moves on it";
  EXPECT_EQ(lines(id, "rang-past"), 1) << "said once";
}

TEST_P(NoticesRinging, when_nobody_of_the_posts_is_left_it_rings_at_the_desk) {
  for (const char* looker_on : {"guard-wang", "manager", "community", "street", "commander"}) login(looker_on, {"cases.read"}, "fuyuan");
  login("desk", {"cases.read", "cases.dispatch", "cases.handle"}, "fuyuan");
  const auto id = report(resident("zhao"), "ebike-in-lift").id;
  pass(1min);
  EXPECT_EQ(names(ring_of(id)), (Names{"guard-li", "desk"}));
  EXPECT_EQ(look(id).person->text, "desk");
  const auto all = diary(id);
  EXPECT_TRUE(std::any_of(all.begin(), all.end(), [](const cases::DiaryLine& l) { return l.words.find("工单台") != std::string::npos; }));
}

TEST_P(NoticesRinging, above_a_called_post_it_reaches_only_who_may_report_in) {
  put_post_above("fire", "district-command");
  login("commander", {"cases.read"}, "xihu");
  login("desk", {"cases.read", "cases.dispatch"}, "xihu");
  const auto id = report(resident("zhao"), "fire").id;
  const Ring first = ring_of(id, "fire");
  EXPECT_EQ(names(first), Names{"fireman"});
  pass(first.each);
  EXPECT_EQ(names(ring_of(id, "fire")), (Names{"fireman", "desk"})) << "the commander could only look on";
  EXPECT_GE(lines(id, "rang-past"), 1);
  EXPECT_GE(lines(id, "rang-desk"), 1);
  cases::Words words;
  words.organisation = cases::OrganisationId{"fire"};
  const Caller desk = ask([&](Reader& r) { return *accounts::Accounts::standing_of(r, "desk", world_.clock.now()); });
  move(desk, id, cases::Move::report_in, words);
  EXPECT_EQ(ring_of(id, "fire").state, RingState::answered);
}

// ---- everything read ----------------------------------------------------------------------------------------------

TEST_P(NoticesRinging, reading_all_stops_at_what_the_reader_has_seen) {
  const auto inbox = [&](bool unread) {
    Filter filter;
    filter.unread = unread;
    return ask([&](Reader& r) { return house_.notices.list(r, cleaner_, filter); });
  };
  for (const char* where : {"b3", "b4", "fuyuan"}) report(resident("zhao"), "bin-full", where);
  ASSERT_EQ(inbox(true).size(), 3U);
  const NoticeId seen = inbox(true)[1].id;
  const auto read = [&] { return act([&](Tx& tx) { return house_.notices.read_all(tx, cleaner_, seen); }); };
  EXPECT_EQ(read().read, 2);
  ASSERT_EQ(inbox(true).size(), 1U) << "what came after it waits";
  EXPECT_GT(inbox(true)[0].id.text, seen.text);
  EXPECT_EQ(read().read, 0) << "once more changes nothing";
  EXPECT_FALSE(read().more);
  EXPECT_EQ(ask([&](Reader& r) { return house_.notices.receipts(r, root_, seen).size(); }), 1U) << "nobody else has read anything";
}

}  // namespace
}  // namespace lifang::notices
