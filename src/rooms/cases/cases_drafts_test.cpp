// Drafts of kinds: kept half done, published as a version, never over somebody else's.
#include "rooms/cases/cases_drafts.hpp"

#include "support/ward_fixture.hpp"

namespace lifang::cases {
namespace {

using namespace std::chrono_literals;

class KindDrafts : public WardTest {
 protected:
  Drafts drafts() { return Drafts(house_.cases.catalogue()); }
  KindWords newest(const std::string& code) {
    return ask([&](Reader& r) -> KindWords { return *house_.cases.catalogue().find(r, code); });
  }
  Draft put(const std::string& code, const KindWords& words) {
    return act([&](Tx& tx) { return drafts().put(tx, keeper_, code, words); });
  }
  Caller keeper_ = root();

 private:
  static Caller root() {
    Caller caller;
    caller.account = "account_keeper";
    caller.grants = {{"cases.catalogue", "/"}};
    return caller;
  }
};
BOTH_ENGINES(KindDrafts);

TEST_P(KindDrafts, a_draft_counts_for_nobody_until_it_is_published) {
  KindWords words = newest("noise");
  words.name = "夜间噪音";
  words.micro.handle = 4h;
  const Draft draft = put("noise", words);
  EXPECT_EQ(draft.base, 1);
  EXPECT_FALSE(draft.fault.has_value());
  EXPECT_NE(newest("noise").name, "夜间噪音");
  const Kind kind = act([&](Tx& tx) { return drafts().publish(tx, keeper_, "noise"); });
  EXPECT_EQ(kind.version, 2);
  EXPECT_FALSE(kind.ready_made);
  EXPECT_EQ(newest("noise").micro.handle, Duration{4h});
  EXPECT_EQ(refused([&](Tx& tx) { drafts().publish(tx, keeper_, "noise"); }), "cases.unknown_draft");
}

TEST_P(KindDrafts, a_new_kind_is_kept_half_done_and_says_what_is_missing) {
  KindWords words = newest("noise");
  words.name.clear();
  const Draft half = put("market-stall", words);
  EXPECT_EQ(half.base, 0);
  ASSERT_TRUE(half.fault.has_value());
  EXPECT_EQ(half.fault->field, "/name");
  EXPECT_EQ(refused([&](Tx& tx) { drafts().publish(tx, keeper_, "market-stall"); }), "cases.bad_kind");
  words.name = "马路市场";
  EXPECT_FALSE(put("market-stall", words).fault.has_value());
  EXPECT_EQ(act([&](Tx& tx) { return drafts().publish(tx, keeper_, "market-stall"); }).version, 1);
  EXPECT_EQ(report(resident("zhao"), "market-stall").kind, "market-stall");
}

TEST_P(KindDrafts, a_draft_never_hides_what_somebody_published_meanwhile) {
  KindWords mine = newest("noise");
  mine.warn_percent = 50;
  put("noise", mine);
  KindWords theirs = newest("noise");
  theirs.grade = Grade::II;
  act([&](Tx& tx) { return house_.cases.catalogue().put(tx, keeper_, "noise", theirs); });
  EXPECT_EQ(refused([&](Tx& tx) { drafts().publish(tx, keeper_, "noise"); }), "cases.kind_changed");
  EXPECT_EQ(put("noise", mine).base, 1) << "writing on does not make the other's change seen";
  EXPECT_EQ(act([&](Tx& tx) { return drafts().rebase(tx, keeper_, "noise"); }).base, 2);
  EXPECT_EQ(act([&](Tx& tx) { return drafts().publish(tx, keeper_, "noise"); }).version, 3);
}

TEST_P(KindDrafts, drafts_are_listed_thrown_away_and_kept_from_others) {
  put("noise", newest("noise"));
  put("leak", newest("leak"));
  const auto listed = ask([&](Reader& r) { return drafts().list(r, keeper_, {}, 50); });
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[0].code, "leak");
  act([&](Tx& tx) { drafts().drop(tx, keeper_, "leak"); });
  EXPECT_EQ(ask([&](Reader& r) { return drafts().list(r, keeper_, {}, 50); }).size(), 1U);
  EXPECT_EQ(refused([&](Tx& tx) { drafts().get(tx, keeper_, "leak"); }), "cases.unknown_draft");
  EXPECT_EQ(refused([&](Tx& tx) { drafts().list(tx, resident("zhao"), {}, 50); }), "access.no_right");
  EXPECT_EQ(refused([&](Tx& tx) { drafts().put(tx, keeper_, "../x", newest("noise")); }), "cases.bad_kind");
}

TEST_P(KindDrafts, a_fault_is_named_to_the_leaf) {
  KindWords words = newest("noise");
  words.checklist = {{"关阀", {}}, {"", {}}};
  EXPECT_EQ(put("noise", words).fault->field, "/checklist/1/words");
  words.checklist.clear();
  EXPECT_EQ(ask([&](Reader& r) { return drafts().get(r, keeper_, "noise"); }).fault->field, "/checklist/1/words");
  words.great.handle = {};
  EXPECT_EQ(put("noise", words).fault->field, "/great/handle");
}

}  // namespace
}  // namespace lifang::cases
