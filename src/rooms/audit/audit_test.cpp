#include "rooms/audit/audit.hpp"

#include "support/house_fixture.hpp"

namespace lifang::audit {
namespace {

class Audit : public HouseTest {
 protected:
  void tell(const std::string& by, const std::string& topic, const std::string& subject, const std::string& path = "/",
            const std::string& body = "{}") {
    act([&](Tx& tx) { house_.bus.tell(tx, topic, body, {subject, path, "cause_1", by}); });
  }
  std::vector<Shown> list(const Filter& filter, const Caller& caller) {
    return ask([&](Reader& r) { return audit::Audit::list(r, caller, filter); });
  }
  Verdict verify() {
    return ask([&](Reader& r) { return house_.audit.verify(r); });
  }
  void tamper(const std::string& sql) {
    act([&](Tx& tx) { tx.run(sql); });
  }
};
BOTH_ENGINES(Audit);

TEST_P(Audit, what_somebody_did_stands_in_the_chain_once_and_what_the_machine_did_does_not) {
  tell("account_a", "cases.opened", "case_1");
  tell("", "situations.raised", "sit_1");
  tell("system", "cases.escalated", "case_1");
  tell("device:lift-3", "devices.seen", "lift-3");
  tell("key_b", "devices.kept", "bin-1");
  const auto items = list({}, root_);
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0].action, "devices.kept");
  EXPECT_EQ(items[1].who, "account_a");
  EXPECT_EQ(verify().entries, 2);
  EXPECT_FALSE(verify().broken_at);
}

TEST_P(Audit, a_changed_entry_is_found) {
  for (int i = 0; i < 5; ++i) tell("account_a", "cases.opened", "case_" + std::to_string(i));
  tamper("UPDATE audit_entries SET who = 'account_b' WHERE seq = 3");
  EXPECT_EQ(verify().broken_at, 3);
  tamper("UPDATE audit_entries SET who = 'account_a' WHERE seq = 3");
  EXPECT_FALSE(verify().broken_at);
  tamper("UPDATE audit_entries SET body = '{\"a\":1}' WHERE seq = 4");
  EXPECT_EQ(verify().broken_at, 4);
}

TEST_P(Audit, a_removed_entry_is_found) {
  for (int i = 0; i < 5; ++i) tell("account_a", "cases.opened", "case_" + std::to_string(i));
  tamper("DELETE FROM audit_entries WHERE seq = 2");
  EXPECT_EQ(verify().broken_at, 2);
}

TEST_P(Audit, a_cut_end_is_found_by_the_anchor) {
  for (int i = 0; i < 5; ++i) tell("account_a", "cases.opened", "case_" + std::to_string(i));
  pass(std::chrono::hours(25));
  EXPECT_EQ(verify().anchors, 1);
  tamper("DELETE FROM audit_entries WHERE seq >= 4");
  EXPECT_EQ(verify().broken_at, 4);
}

TEST_P(Audit, a_cut_end_is_found_at_once_and_still_after_the_chain_went_on) {
  for (int i = 0; i < 5; ++i) tell("account_a", "cases.opened", "case_" + std::to_string(i));
  EXPECT_FALSE(verify().broken_at) << verify().why;
  tamper("DELETE FROM audit_entries WHERE seq >= 4");
  EXPECT_EQ(verify().broken_at, 4);
  tell("account_a", "cases.opened", "case_9");
  EXPECT_EQ(verify().broken_at, 4);
  tamper("DELETE FROM audit_head");
  EXPECT_TRUE(verify().broken_at);
  tell("account_a", "cases.opened", "case_10");
  EXPECT_TRUE(verify().broken_at) << "the next entry heals nothing";
}

TEST_P(Audit, a_chain_of_which_every_trace_was_taken_away_is_missed_by_what_was_noted_outside) {
  for (int i = 0; i < 5; ++i) tell("account_a", "cases.opened", "case_" + std::to_string(i));
  pass(std::chrono::hours(2));
  const std::string noted = house_.audit_noted();
  ASSERT_FALSE(noted.empty());
  const auto verdict = [&](const std::string& line) { return ask([&](Reader& r) { return house_.audit.verify(r, line); }); };
  EXPECT_FALSE(verdict(noted).broken_at) << verdict(noted).why;
  tell("account_a", "cases.opened", "case_9");
  EXPECT_FALSE(verdict(noted).broken_at) << "it has grown since";
  std::string forged = noted;
  forged[0] = '9';
  EXPECT_TRUE(verdict(forged).broken_at);
  tamper("DELETE FROM audit_entries");
  tamper("DELETE FROM audit_anchors");
  tamper("DELETE FROM audit_head");
  EXPECT_FALSE(verify().broken_at) << "the rows alone say nothing";
  EXPECT_EQ(verdict(noted).broken_at, 1);
  tell("account_b", "cases.opened", "case_1");
  pass(std::chrono::hours(2));
  EXPECT_EQ(house_.audit_noted(), noted) << "the proof is not written over by what it disproves";
  EXPECT_TRUE(verdict(house_.audit_noted()).broken_at);
}

TEST_P(Audit, a_forged_end_is_found) {
  for (int i = 0; i < 5; ++i) tell("account_a", "cases.opened", "case_" + std::to_string(i));
  tamper("DELETE FROM audit_entries WHERE seq >= 4");
  tamper("UPDATE audit_head SET seq = 3, hash = (SELECT hash FROM audit_entries WHERE seq = 3)");
  EXPECT_EQ(verify().broken_at, 3);
  EXPECT_EQ(verify().why, "the end of the chain is not signed by this node");
}

TEST_P(Audit, a_rewritten_chain_is_found_by_the_anchor) {
  tell("account_a", "cases.opened", "case_1");
  pass(std::chrono::hours(25));
  tamper("DELETE FROM audit_entries");
  tell("account_b", "cases.opened", "case_1");
  EXPECT_EQ(verify().broken_at, 1);
}

TEST_P(Audit, old_entries_go_and_the_rest_still_proves_itself) {
  for (int i = 0; i < 5; ++i) tell("account_a", "cases.opened", "case_" + std::to_string(i));
  pass(std::chrono::hours(48));
  for (int i = 5; i < 8; ++i) tell("account_a", "cases.opened", "case_" + std::to_string(i));
  const Time then = world_.clock.now() - std::chrono::hours(24);
  EXPECT_EQ(act([&](Tx& tx) { return house_.audit.forget(tx, then, 3); }), 3);
  EXPECT_EQ(act([&](Tx& tx) { return house_.audit.forget(tx, then, 100); }), 2);
  EXPECT_EQ(act([&](Tx& tx) { return house_.audit.forget(tx, then, 100); }), 0);
  EXPECT_EQ(verify().entries, 3);
  EXPECT_FALSE(verify().broken_at) << verify().why;
  tell("account_a", "cases.opened", "case_9");
  EXPECT_FALSE(verify().broken_at) << verify().why;
  tamper("UPDATE audit_base SET seq = 4");
  EXPECT_TRUE(verify().broken_at);
}

TEST_P(Audit, a_list_filters_goes_on_and_keeps_to_the_callers_places) {
  tell("account_a", "cases.opened", "case_1", "/xihu/fuyuan/");
  tell("account_b", "cases.closed", "case_1", "/xihu/fuyuan/");
  pass(std::chrono::hours(1));
  tell("account_a", "places.kept", "other", "/xihu/other/");
  Filter filter;
  filter.action = "cases.";
  EXPECT_EQ(list(filter, root_).size(), 2U);
  filter = {};
  filter.who = "account_b";
  EXPECT_EQ(list(filter, root_).size(), 1U);
  filter = {};
  filter.subject = "case_1";
  EXPECT_EQ(list(filter, root_).size(), 2U);
  filter = {};
  filter.from = world_.clock.now();
  EXPECT_EQ(list(filter, root_).size(), 1U);
  filter = {};
  filter.limit = 2;
  const auto first = list(filter, root_);
  filter.before = std::stoll(first.back().id);
  EXPECT_EQ(list(filter, root_).at(0).action, "cases.opened");
  const Caller steward{"a", "", "steward", "", "", {{"audit.read", "/xihu/fuyuan/"}}};
  EXPECT_EQ(list({}, steward).size(), 2U);
  EXPECT_EQ(ask([&](Reader& r) { return audit::Audit::count(r, steward, {}); }), 2);
  EXPECT_EQ(refused([&](Tx& tx) { audit::Audit::get(tx, steward, 3); }), "audit.unknown");
}

TEST_P(Audit, a_person_sees_who_looked_and_what_for) {
  tell("account_a", "people.revealed", "person_1", "/xihu/", R"({"person":"person_1","purpose":"care","what":"phone"})");
  tell("account_b", "people.revealed", "person_2", "/xihu/", R"({"person":"person_2","purpose":"case","what":"phone"})");
  tell("account_b", "people.kept", "person_1", "/xihu/");
  std::optional<std::int64_t> last;
  const auto views = ask([&](Reader& r) { return audit::Audit::views_of(r, "person_1", {}, 50, last); });
  ASSERT_EQ(views.size(), 1U);
  EXPECT_EQ(views[0].purpose, "care");
  EXPECT_EQ(views[0].what, "phone");
}

TEST_P(Audit, who_has_no_login_is_told_through_a_helper_and_in_the_copy_of_their_data) {
  using people::PersonId;
  act([&](Tx& tx) { house_.places.put(tx, root_, places::PlaceId{"xihu"}, {places::Kind::district, "西湖区", {}, {}, {}, {}, {}}); });
  const auto add = [&](const std::string& name) {
    people::PersonWords words;
    words.name = name;
    words.phone = "13800138000";
    words.place = places::PlaceId{"xihu"};
    return act([&](Tx& tx) { return house_.people.add(tx, root_, words).id; });
  };
  const PersonId father = add("王小明"), daughter = add("王芳"), neighbour = add("李强");
  Caller worker = root_;
  worker.account = "account_w";
  worker.purpose = "care";
  act([&](Tx& tx) { house_.people.reveal(tx, worker, father, {people::Field::phone}); });
  act([&](Tx& tx) { house_.people.add_helper(tx, root_, {father, daughter, {"affairs"}, {}, "paper"}); });
  act([&](Tx& tx) { house_.people.add_helper(tx, root_, {father, neighbour, {"report"}, {}, "paper"}); });

  const auto answer = [&](const PersonId& person, const PersonId& of) {
    const Caller caller{"account_x", person.text, "x", "", "", {}};
    return refused([&](Tx& tx) { audit::Audit::must_read_views(tx, caller, of.text, world_.clock.now()); });
  };
  EXPECT_EQ(answer(father, father), "");
  EXPECT_EQ(answer(daughter, father), "");
  EXPECT_EQ(answer(neighbour, father), "people.unknown") << "who only reports for somebody does not read who looked at them";
  EXPECT_EQ(answer(father, daughter), "people.unknown") << "help goes one way";

  worker.purpose = "request";
  const people::Export copy = act([&](Tx& tx) { return house_.people.export_of(tx, worker, father); });
  ASSERT_EQ(copy.looks.size(), 1U);
  EXPECT_EQ(copy.looks[0].purpose, "care");
  EXPECT_EQ(copy.looks[0].what, "phone");
  const people::Export again = act([&](Tx& tx) { return house_.people.export_of(tx, worker, father); });
  ASSERT_EQ(again.looks.size(), 2U) << "the copy itself is a look";
  EXPECT_EQ(again.looks[0].purpose, "request");
}

}  // namespace
}  // namespace lifang::audit
