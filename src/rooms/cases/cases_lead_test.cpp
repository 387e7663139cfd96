// Whoever leads an organisation moves what its own posts hold, within it and within the time.
#include <algorithm>

#include "support/ward_fixture.hpp"

namespace lifang::cases {
namespace {

using namespace std::chrono_literals;

class CasesLead : public WardTest {
 protected:
  Caller lead_ = who("manager", {"cases.read", "cases.report", "cases.handle", "cases.lead"}, "/xihu/wenxin/fuyuan/");
  bool may(const CaseId& id, Move what) {
    const auto all = ask([&](Reader& r) { return house_.cases.get(r, lead_, id); }).allowed;
    return std::find(all.begin(), all.end(), what) != all.end();
  }
  static Words to_person(const char* person) {
    Words words;
    words.person = PersonId{person};
    return words;
  }
  static Words to_post(const char* post) {
    Words words;
    words.post = PostId{post};
    return words;
  }
};
BOTH_ENGINES(CasesLead);

TEST_P(CasesLead, assigns_takes_over_urges_and_whistles_on_what_their_own_posts_hold) {
  const CaseId id = report(resident("zhao"), "street-light", "b3").id;
  for (const Move what : {Move::assign, Move::accept, Move::urge, Move::whistle, Move::note}) EXPECT_TRUE(may(id, what)) << spelling(what);
  for (const Move what : {Move::refuse, Move::verify, Move::approve, Move::merge, Move::supervise}) EXPECT_FALSE(may(id, what)) << spelling(what);
  move(lead_, id, Move::urge);
  EXPECT_EQ(refused_move(lead_, id, Move::urge), "cases.urged_just_now");
  EXPECT_EQ(move(lead_, id, Move::assign, to_person("guard-li")).person, PersonId{"guard-li"});
  EXPECT_EQ(move(lead_, id, Move::assign, to_post("guard")).post, PostId{"guard"});
  const Case taken = move(lead_, id, Move::accept);
  EXPECT_EQ(taken.person, PersonId{"manager"}) << "taken over, not entered for somebody";
  EXPECT_FALSE(diary(id).back().on_behalf);
  EXPECT_EQ(move(lead_, id, Move::whistle).circle, Circle::small);
  EXPECT_FALSE(may(id, Move::assign)) << "it has moved up";
}

TEST_P(CasesLead, keeps_it_within_the_organisation) {
  const CaseId id = report(resident("zhao"), "street-light", "b3").id;
  EXPECT_EQ(refused_move(lead_, id, Move::assign, to_post("community-office")), "cases.not_your_organisation");
  EXPECT_EQ(refused_move(lead_, id, Move::assign, to_person("community")), "cases.not_your_organisation");
  EXPECT_EQ(refused_move(lead_, id, Move::assign, to_person("street")), "cases.not_your_organisation");
  move(manager_, id, Move::assign, to_post("community-office"));
  EXPECT_FALSE(may(id, Move::assign)) << "another organisation's";
  EXPECT_EQ(refused_move(lead_, id, Move::assign, to_post("guard")), "cases.not_yours");
  const Caller guard = who("guard-wang", {"cases.read", "cases.handle"}, "/xihu/wenxin/fuyuan/");
  const CaseId other = report(resident("zhao"), "leak", "b4").id;
  EXPECT_EQ(refused_move(guard, other, Move::urge), "cases.not_yours") << "a guard leads nobody";
}

TEST_P(CasesLead, turns_no_clock_back_by_moving_it_about) {
  const CaseId id = report(resident("zhao"), "street-light", "b3").id;
  const Time due = *look(id).due;
  pass((due - world_.clock.now()) / 2);
  EXPECT_LE(*move(lead_, id, Move::assign, to_person("guard-li")).due, due);
  EXPECT_LE(*move(lead_, id, Move::assign, to_post("guard")).due, due);
  move(wang_, id, Move::accept);
  const Time handle = *look(id).due;
  for (int i = 0; i < 3; ++i) {
    EXPECT_LE(*move(lead_, id, Move::assign, to_post("guard")).due, handle);
    move(wang_, id, Move::accept);
  }
  EXPECT_EQ(refused_move(lead_, id, Move::assign, to_post("guard")), "cases.too_many_transfers");
}

TEST_P(CasesLead, gives_another_post_of_theirs_no_new_time_to_handle_it) {
  const CaseId id = report(resident("zhao"), "leak", "b3").id;
  const Time by = *move(repairer_, id, Move::accept).handle_by;
  pass(1h);
  EXPECT_LE(*move(lead_, id, Move::assign, to_post("guard")).due, by);
  EXPECT_EQ(move(wang_, id, Move::accept).handle_by, by);
  pass(1h);
  move(wang_, id, Move::return_, note("还是水暖的事"));
  move(lead_, id, Move::assign, to_post("cleaner"));
  EXPECT_EQ(move(cleaner_, id, Move::accept).handle_by, by) << "nor by way of giving it back";
  pass(1h + 55min);
  EXPECT_EQ(move(lead_, id, Move::assign, to_post("repairer")).due, by)
      << "no time to accept beyond the time to handle";
  EXPECT_EQ(move(repairer_, id, Move::accept).due, by);
  move(manager_, id, Move::assign, to_post("estate-office"));
  EXPECT_GT(*move(manager_, id, Move::accept).handle_by, by) << "the desk may";
}

}  // namespace
}  // namespace lifang::cases
