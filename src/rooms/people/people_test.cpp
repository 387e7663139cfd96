#include "rooms/people/people.hpp"

#include "rooms/people/people_rules.hpp"
#include "support/house_fixture.hpp"
#include "support/leap.hpp"

namespace lifang::people {
namespace {

using std::chrono::hours;

/// 18 characters with a right check character; the region code stands for no place.
std::string identity(const std::string& birth, int serial) {
  std::string text = "990000" + birth + std::to_string(1000 + serial).substr(1);
  for (const char c : std::string_view("0123456789X"))
    if (has_good_check_character(text + c)) return text + c;
  return {};
}

class People : public HouseTest {
 protected:
  People() {
    place("xihu", places::Kind::district, "");
    place("fuyuan", places::Kind::compound, "xihu");
    place("other", places::Kind::compound, "xihu");
    place("b3-101", places::Kind::home, "fuyuan");
    place("b3-102", places::Kind::home, "fuyuan");
    place("o1", places::Kind::home, "other");
  }
  void place(const std::string& id, places::Kind kind, const std::string& parent) {
    places::PlaceWords words{kind, id, {}, {}, {}, {}, {}};
    if (!parent.empty()) words.parent = places::PlaceId{parent};
    act([&](Tx& tx) { house_.places.put(tx, root_, places::PlaceId{id}, words); });
  }
  PersonWords wang(const std::string& where = "fuyuan") {
    PersonWords words;
    words.name = "王小明";
    words.phone = "138 0013 8000";
    words.identity = identity("19560312", 7);
    words.remarks = "狗很凶";
    words.place = places::PlaceId{where};
    return words;
  }
  PersonId add(const PersonWords& words) {
    return act([&](Tx& tx) { return house_.people.add(tx, root_, words).id; });
  }
  PersonId add(const std::string& name, const std::string& where) {
    PersonWords words;
    words.name = name;
    words.place = places::PlaceId{where};
    return add(words);
  }
  Person get(const PersonId& id, const Caller& caller) {
    return ask([&](Reader& r) { return house_.people.get(r, caller, id); });
  }
  Household home(const std::string& where) {
    return act([&](Tx& tx) { return house_.people.add_household(tx, root_, {places::PlaceId{where}, HouseholdKind::owned}); });
  }
  Residency move_in(const Household& home, const PersonId& person, ResidentRole role = ResidentRole::member) {
    return act([&](Tx& tx) { return house_.people.move_in(tx, root_, home.id, {person, role, {}}); });
  }
  static Caller himself(const PersonId& id) { return {"account_own", id.text, "own", "", "session_1", {}}; }
  std::vector<bus::Told> told() {
    return ask([](Reader& r) { return bus::Bus::after(r, 0, {"people"}, 1000); });
  }
  std::size_t found(const SearchWords& words, const Caller& caller) {
    return ask([&](Reader& r) { return house_.people.search(r, caller, words).size(); });
  }
  Caller steward_{"account_s", "", "steward", "", "",
                  {{"people.read", "/xihu/fuyuan/"}, {"people.write", "/xihu/fuyuan/"}, {"people.reveal", "/xihu/fuyuan/"},
                   {"purpose.care", "/xihu/fuyuan/"}, {"purpose.case", "/xihu/other/"}}};
  Caller stranger_{"account_t", "", "stranger", "", "", {{"people.read", "/xihu/other/"}, {"people.write", "/xihu/other/"}}};
};
BOTH_ENGINES(People);

TEST_P(People, the_store_holds_nothing_that_tells_who_somebody_is) {
  const PersonId id = add(wang());
  std::string everything;
  ask([&](Reader& r) {
    r.each("SELECT name, phone, identity, birth, sex, remarks, key FROM people_persons", [&](const db::Row& row) {
      for (int i = 0; i < 7; ++i) everything += row.null(i) ? "" : std::string(row.blob(i));
    });
    r.each("SELECT body, subject FROM bus_events", [&](const db::Row& row) {
      everything += std::string(row.text(0)) + std::string(row.text(1));
    });
  });
  for (const char* secret : {"王小明", "13800138000", "8000", "19560312", "990000", "male", "狗很凶"})
    EXPECT_EQ(everything.find(secret), std::string::npos) << secret;
  EXPECT_NE(everything.find(id.text), std::string::npos);
}

TEST_P(People, answers_are_masked_but_for_the_person_himself) {
  const PersonId id = add(wang());
  const Person seen = get(id, steward_);
  EXPECT_TRUE(seen.masked);
  EXPECT_EQ(seen.name, "王**");
  EXPECT_EQ(seen.phone, "138****8000");
  EXPECT_EQ(seen.identity->substr(4, 10), "**********");
  EXPECT_EQ(seen.born, 1956);
  EXPECT_FALSE(seen.birth);
  EXPECT_FALSE(seen.remarks);
  const Person own = get(id, himself(id));
  EXPECT_FALSE(own.masked);
  EXPECT_EQ(own.name, "王小明");
  EXPECT_EQ(own.phone, "13800138000");
  EXPECT_EQ(own.birth, std::chrono::year(1956) / 3 / 12);
  EXPECT_EQ(own.sex, Sex::male);
}

TEST_P(People, who_is_out_of_sight_is_unknown) {
  const PersonId id = add(wang());
  EXPECT_EQ(refused([&](Tx& tx) { house_.people.get(tx, stranger_, id); }), "people.unknown");
  EXPECT_EQ(refused([&](Tx& tx) { house_.people.get(tx, Caller{}, id); }), "access.no_right");
  EXPECT_EQ(refused([&](Tx& tx) { house_.people.get(tx, himself(PersonId{"person_other"}), id); }), "access.no_right");
  EXPECT_EQ(refused([&](Tx& tx) { house_.people.change(tx, stranger_, id, {}); }), "people.unknown");
  EXPECT_EQ(refused([&](Tx& tx) { house_.people.add(tx, stranger_, wang()); }), "access.not_here");
  EXPECT_TRUE(ask([&](Reader& r) { return house_.people.list(r, stranger_, {}); }).empty());
}

TEST_P(People, plain_fields_need_a_right_and_a_purpose_at_the_same_place_and_leave_a_trace) {
  const PersonId id = add(wang());
  Caller caller = steward_;
  const auto reveal = [&] { return refused([&](Tx& tx) { house_.people.reveal(tx, caller, id, {Field::phone}); }); };
  EXPECT_EQ(reveal(), "people.no_purpose");
  caller.purpose = "case";
  EXPECT_EQ(reveal(), "people.purpose_not_yours") << "that purpose is theirs elsewhere only";
  caller.purpose = "care";
  const Person plain = act([&](Tx& tx) { return house_.people.reveal(tx, caller, id, {Field::phone}); });
  EXPECT_EQ(plain.phone, "13800138000");
  EXPECT_EQ(plain.name, "王**") << "only what was asked for";
  std::size_t traces = 0;
  for (const auto& t : told())
    if (t.topic == Revealed::topic) {
      ++traces;
      EXPECT_EQ(t.subject, id.text);
      EXPECT_EQ(t.by, "account_s");
      EXPECT_NE(t.body.find("\"care\""), std::string::npos);
      EXPECT_NE(t.body.find("\"phone\""), std::string::npos);
    }
  EXPECT_EQ(traces, 1U);
  std::optional<std::int64_t> last;
  const auto views = ask([&](Reader& r) { return audit::Audit::views_of(r, id.text, {}, 10, last); });
  ASSERT_EQ(views.size(), 1U);
  EXPECT_EQ(views[0].what, "phone");
  caller = stranger_;
  caller.purpose = "care";
  EXPECT_EQ(reveal(), "access.no_right");
}

TEST_P(People, somebody_is_found_by_whole_values_and_tails_within_sight) {
  const PersonId id = add(wang());
  add("王小明", "other");
  EXPECT_EQ(found({.name = " 王 小明"}, steward_), 1U);
  EXPECT_EQ(found({.name = "王小明"}, root_), 2U);
  EXPECT_EQ(found({.name = "王小"}, root_), 0U);
  EXPECT_EQ(found({.phone = "+86 138-0013-8000"}, steward_), 1U);
  EXPECT_EQ(found({.phone = "１３８００１３８０００"}, steward_), 1U);
  EXPECT_EQ(found({.phone_tail = "8000"}, steward_), 1U);
  EXPECT_EQ(found({.phone_tail = "8000"}, stranger_), 0U);
  EXPECT_EQ(found({.identity = wang().identity}, steward_), 1U);
  EXPECT_EQ(found({.identity_tail = wang().identity->substr(14)}, steward_), 1U);
  EXPECT_EQ(found({.phone = "nonsense"}, steward_), 0U);
  SearchWords there{.name = "王小明"};
  there.place = places::PlaceId{"other"};
  EXPECT_EQ(found(there, root_), 1U);
  EXPECT_EQ(refused([&](Tx&) { found({}, root_); }), "people.one_key");
  EXPECT_EQ(refused([&](Tx&) { found({.name = "x", .phone = "12345678"}, root_); }), "people.one_key");
  act([&](Tx& tx) { house_.people.note_search(tx, steward_, {.phone = "13800138000"}, 1); });
  EXPECT_EQ(told().back().body, R"({"by":"phone","found":1})");
  EXPECT_EQ(get(id, root_).name, "王**");
}

TEST_P(People, a_change_moves_the_indices_along_and_keeps_the_rest) {
  const PersonId id = add(wang());
  act([&](Tx& tx) { house_.people.change(tx, steward_, id, {.name = "王大明", .phone = "13900139000"}); });
  EXPECT_EQ(found({.phone = "13800138000"}, root_), 0U);
  EXPECT_EQ(found({.phone = "13900139000"}, root_), 1U);
  EXPECT_EQ(found({.name = "王大明"}, root_), 1U);
  const Person own = get(id, himself(id));
  EXPECT_EQ(own.identity, wang().identity);
  EXPECT_EQ(own.remarks, "狗很凶");
  act([&](Tx& tx) { house_.people.change(tx, steward_, id, {.phone = "", .remarks = ""}); });
  EXPECT_FALSE(get(id, himself(id)).phone);
  EXPECT_EQ(found({.phone_tail = "9000"}, root_), 0U);
}

TEST_P(People, refuses_what_cannot_be) {
  const auto attempt = [&](const std::function<void(PersonWords&)>& twist) {
    PersonWords words = wang();
    twist(words);
    return refused([&](Tx& tx) { house_.people.add(tx, root_, words); });
  };
  EXPECT_EQ(attempt([](PersonWords& w) { w.name = "  "; }), "people.bad_name");
  EXPECT_EQ(attempt([](PersonWords& w) { w.phone = "12ab"; }), "people.bad_phone");
  EXPECT_EQ(attempt([](PersonWords& w) { w.identity->back() = w.identity->back() == '1' ? '2' : '1'; }), "people.bad_identity");
  EXPECT_EQ(attempt([](PersonWords& w) { w.birth = std::chrono::year(1957) / 3 / 12; }), "people.identity_disagrees");
  EXPECT_EQ(attempt([](PersonWords& w) { w.sex = Sex::female; }), "people.identity_disagrees");
  EXPECT_EQ(attempt([](PersonWords& w) { w.identity.reset(), w.birth = std::chrono::year(2030) / 1 / 1; }), "people.bad_birth");
  EXPECT_EQ(attempt([](PersonWords& w) { w.place = places::PlaceId{"nowhere"}; }), "places.unknown");
  EXPECT_EQ(attempt([](PersonWords&) {}), "");
  EXPECT_EQ(attempt([](PersonWords& w) { w.name = "双胞胎"; }), "people.known_already");
  EXPECT_EQ(attempt([](PersonWords& w) { w.identity = "E12345678"; }), "") << "a passport";
}

TEST_P(People, a_field_that_was_moved_to_another_row_does_not_open) {
  const PersonId one = add(wang()), two = add("李四", "fuyuan");
  act([&](Tx& tx) {
    tx.run("UPDATE people_persons SET name = (SELECT name FROM people_persons WHERE id = $1) WHERE id = $2", one.text, two.text);
  });
  EXPECT_THROW(get(two, root_), Bug);
}

TEST_P(People, erasing_destroys_the_key_and_keeps_the_skeleton) {
  const PersonId id = add(wang());
  const Household h = home("b3-101");
  move_in(h, id);
  act([&](Tx& tx) { house_.people.tag(tx, root_, id, "living-alone"); });
  EXPECT_EQ(refused([&](Tx& tx) { house_.people.erase(tx, steward_, id); }), "access.no_right");
  act([&](Tx& tx) { house_.people.erase(tx, root_, id); });
  const Person left = get(id, root_);
  EXPECT_EQ(left.state, State::erased);
  EXPECT_EQ(left.name, "");
  EXPECT_FALSE(left.born);
  EXPECT_TRUE(left.tags.empty());
  EXPECT_EQ(found({.phone = "13800138000"}, root_), 0U);
  EXPECT_TRUE(ask([&](Reader& r) { return people::People::residents_of(r, h.id); }).empty());
  Caller caller = root_;
  caller.purpose = "audit";
  EXPECT_EQ(refused([&](Tx& tx) { house_.people.reveal(tx, caller, id, {}); }), "people.is_erased");
  EXPECT_EQ(refused([&](Tx& tx) { house_.people.change(tx, root_, id, {.name = "x"}); }), "people.is_erased");
  EXPECT_EQ(ask([&](Reader& r) {
              return r.value<std::int64_t>("SELECT COUNT(*) FROM people_persons WHERE key IS NOT NULL OR name IS NOT NULL "
                                           "OR phone IS NOT NULL OR name_ix IS NOT NULL OR identity_tail_ix IS NOT NULL");
            }),
            0);
  EXPECT_EQ(refused([&](Tx& tx) { house_.people.add(tx, root_, wang()); }), "") << "the same person may come again";
}

TEST_P(People, a_household_code_leads_to_its_home_until_it_is_renewed) {
  const Household h = home("b3-101");
  const PersonId id = add(wang());
  move_in(h, id, ResidentRole::owner);
  const auto code = ask([&](Reader& r) { return house_.people.code(r, himself(id), h.id).code; });
  EXPECT_EQ(code.size(), 12U);
  const auto by = [&](const std::string& typed) {
    return ask([&](Reader& r) { return house_.people.household_by_code(r, typed); });
  };
  EXPECT_EQ(by(code.substr(0, 4) + "-" + code.substr(4, 4) + " " + code.substr(8))->id, h.id);
  std::string wrong = code;
  wrong[3] = wrong[3] == '7' ? '8' : '7';
  EXPECT_FALSE(by(wrong));
  EXPECT_EQ(refused([&](Tx& tx) { house_.people.code(tx, root_, h.id); }), "people.unknown_household");
  EXPECT_EQ(act([&](Tx& tx) { return house_.people.show_code(tx, steward_, h.id); }).code, code);
  EXPECT_EQ(told().back().topic, CodeShown::topic);
  EXPECT_EQ(refused([&](Tx& tx) { house_.people.show_code(tx, stranger_, h.id); }), "people.unknown_household");
  const auto fresh = act([&](Tx& tx) { return house_.people.renew_code(tx, himself(id), h.id); });
  EXPECT_FALSE(by(code));
  EXPECT_TRUE(by(fresh.code));
  act([&](Tx& tx) { house_.people.close_household(tx, root_, h.id); });
  EXPECT_FALSE(by(fresh.code));
  const auto stored = ask([](Reader& r) {
    return r.one("SELECT code FROM people_households", [](const db::Row& row) { return std::string(row.blob(0)); });
  });
  EXPECT_EQ(stored->find(fresh.code), std::string::npos);
}

TEST_P(People, moving_in_and_out_moves_what_may_be_seen) {
  const PersonId id = add(wang("other"));
  const Household h = home("b3-101");
  EXPECT_EQ(refused([&](Tx& tx) { house_.people.move_in(tx, steward_, h.id, {id, ResidentRole::tenant, {}}); }),
            "people.unknown") << "nobody pulls strangers into sight";
  const Residency r1 = move_in(h, id, ResidentRole::tenant);
  EXPECT_EQ(get(id, steward_).path, "/xihu/fuyuan/b3-101/");
  EXPECT_EQ(refused([&](Tx& tx) { house_.people.move_in(tx, root_, h.id, {id, ResidentRole::member, {}}); }), "people.lives_there");
  const auto members = ask([&](Reader& r) { return house_.people.members(r, steward_, h.id, false); });
  ASSERT_EQ(members.size(), 1U);
  EXPECT_EQ(members[0].person.name, "王**");
  EXPECT_EQ(members[0].residency.role, ResidentRole::tenant);
  EXPECT_EQ(refused([&](Tx& tx) { house_.people.members(tx, stranger_, h.id, false); }), "people.unknown_household");
  act([&](Tx& tx) { house_.people.move_out(tx, steward_, r1.id); });
  EXPECT_TRUE(ask([&](Reader& r) { return house_.people.members(r, steward_, h.id, false); }).empty());
  EXPECT_EQ(ask([&](Reader& r) { return house_.people.members(r, steward_, h.id, true).size(); }), 1U);
  EXPECT_EQ(refused([&](Tx& tx) { house_.people.move_out(tx, steward_, r1.id); }), "people.moved_out");
}

TEST_P(People, a_landlord_who_lives_elsewhere_is_seen_where_the_flat_is) {
  const PersonId id = add(wang("o1"));
  move_in(home("o1"), id);
  move_in(home("b3-101"), id, ResidentRole::owner);
  EXPECT_EQ(get(id, steward_).name, "王**");
  EXPECT_EQ(get(id, stranger_).path, "/xihu/other/o1/");
}

TEST_P(People, a_helper_acts_within_scope_and_time) {
  const PersonId father = add("王建国", "fuyuan"), daughter = add("王芳", "other");
  const Helper h = act([&](Tx& tx) {
    return house_.people.add_helper(tx, himself(father), {father, daughter, {"report", "pay"}, tx.now() + hours(48), "app"});
  });
  const auto may = [&](const char* what) {
    return ask([&](Reader& r) { return people::People::may_act_for(r, daughter, father, what, world_.clock.now()); });
  };
  EXPECT_TRUE(may("report"));
  EXPECT_FALSE(may("health"));
  EXPECT_FALSE(ask([&](Reader& r) { return people::People::may_act_for(r, father, daughter, "report", world_.clock.now()); }));
  pass(hours(49));
  EXPECT_FALSE(may("report"));
  EXPECT_EQ(refused([&](Tx& tx) { house_.people.end_helper(tx, himself(father), h.id); }), "people.helper_ended");
  const Helper all = act([&](Tx& tx) { return house_.people.add_helper(tx, steward_, {father, daughter, {"*"}, {}, "paper"}); });
  EXPECT_TRUE(may("book"));
  EXPECT_FALSE(may("health")) << "health stands for itself";
  act([&](Tx& tx) { house_.people.end_helper(tx, himself(daughter), all.id); });
  EXPECT_FALSE(may("book"));
  const auto attempt = [&](const Caller& caller, const HelperWords& words) {
    return refused([&](Tx& tx) { house_.people.add_helper(tx, caller, words); });
  };
  EXPECT_EQ(attempt(himself(daughter), {father, daughter, {"pay"}, {}, "app"}), "access.no_right") << "nobody makes himself a helper";
  EXPECT_EQ(attempt(himself(father), {father, father, {"pay"}, {}, "app"}), "people.bad_helper");
  EXPECT_EQ(attempt(himself(father), {father, daughter, {"everything"}, {}, "app"}), "people.bad_scope");
}

TEST_P(People, a_consent_is_withdrawn_as_easily_as_given) {
  const PersonId id = add(wang());
  const auto has = [&] { return ask([&](Reader& r) { return people::People::has_consent(r, id, "face"); }); };
  EXPECT_FALSE(has());
  act([&](Tx& tx) { house_.people.give_consent(tx, himself(id), id, {"face", "app"}); });
  EXPECT_TRUE(has());
  pass(hours(1));
  act([&](Tx& tx) { house_.people.withdraw_consent(tx, himself(id), id, {"face", "voice"}); });
  EXPECT_FALSE(has());
  EXPECT_EQ(told().back().topic, ConsentWithdrawn::topic);
  EXPECT_EQ(refused([&](Tx& tx) { house_.people.withdraw_consent(tx, himself(id), id, {"face", "app"}); }), "people.no_consent");
  EXPECT_EQ(refused([&](Tx& tx) { house_.people.give_consent(tx, steward_, id, {"face", "app"}); }), "people.bad_how")
      << "staff cannot consent in somebody's name but for paper, voice or desk";
  act([&](Tx& tx) { house_.people.give_consent(tx, steward_, id, {"face", "paper"}); });
  const auto all = ask([&](Reader& r) { return house_.people.consents(r, himself(id), id); });
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].withdrawn_how, "voice");
}

TEST_P(People, sensitive_tags_are_shown_and_searched_with_a_purpose_only) {
  const PersonId id = add(wang());
  act([&](Tx& tx) { house_.people.tag(tx, steward_, id, "disabled"); });
  act([&](Tx& tx) { house_.people.tag(tx, steward_, id, "volunteer"); });
  EXPECT_EQ(get(id, steward_).tags, std::vector<std::string>{"volunteer"});
  PersonFilter filter;
  filter.tag = "volunteer";
  EXPECT_EQ(ask([&](Reader& r) { return house_.people.list(r, steward_, filter).size(); }), 1U);
  filter.tag = "disabled";
  EXPECT_EQ(refused([&](Tx& tx) { house_.people.list(tx, steward_, filter); }), "people.no_purpose");
  Caller caller = steward_;
  caller.purpose = "care";
  EXPECT_EQ(ask([&](Reader& r) { return house_.people.list(r, caller, filter).size(); }), 1U);
  EXPECT_EQ(act([&](Tx& tx) { return house_.people.reveal(tx, caller, id, {Field::tags}); }).tags.size(), 2U);
  EXPECT_EQ(refused([&](Tx& tx) { house_.people.tag(tx, steward_, id, "made-up"); }), "people.unknown_tag");
}

TEST_P(People, stale_records_are_found_until_somebody_confirms_them) {
  const PersonId id = add(wang());
  leap(house_, world_, hours(24 * 400));
  PersonFilter filter;
  filter.confirmed_before = world_.clock.now() - hours(24 * 365);
  const auto stale = [&] { return ask([&](Reader& r) { return house_.people.list(r, steward_, filter).size(); }); };
  EXPECT_EQ(stale(), 1U);
  act([&](Tx& tx) { house_.people.confirm(tx, himself(id), id); });
  EXPECT_EQ(stale(), 0U);
}

TEST_P(People, a_list_goes_on_where_it_stopped_and_counts) {
  for (int i = 0; i < 5; ++i) add("甲" + std::to_string(i), i % 2 ? "fuyuan" : "b3-101");
  add("乙", "other");
  PersonFilter filter;
  filter.limit = 3;
  const auto first = ask([&](Reader& r) { return house_.people.list(r, steward_, filter); });
  ASSERT_EQ(first.size(), 3U);
  filter.after = first.back().path + "\n" + first.back().id.text;
  const auto second = ask([&](Reader& r) { return house_.people.list(r, steward_, filter); });
  EXPECT_EQ(second.size(), 2U);
  EXPECT_NE(second[0].id, first[2].id);
  EXPECT_EQ(ask([&](Reader& r) { return people::People::count(r, steward_, filter); }), 5);
}

TEST_P(People, a_person_gets_all_that_is_known_of_him) {
  const PersonId id = add(wang());
  move_in(home("b3-101"), id);
  act([&](Tx& tx) { house_.people.give_consent(tx, himself(id), id, {"face", "app"}); });
  const Export all = act([&](Tx& tx) { return house_.people.export_of(tx, himself(id), id); });
  EXPECT_EQ(all.person.name, "王小明");
  EXPECT_EQ(all.residencies.size(), 1U);
  EXPECT_EQ(all.consents.size(), 1U);
  Caller caller = steward_;
  caller.purpose = "care";
  EXPECT_EQ(refused([&](Tx& tx) { house_.people.export_of(tx, caller, id); }), "people.no_purpose");
}

TEST_P(People, an_audience_is_chosen_by_place_tag_age_and_role) {
  const PersonId old = add(wang());
  const PersonId young = add("小李", "fuyuan");
  add("远", "other");
  move_in(home("b3-101"), old, ResidentRole::owner);
  act([&](Tx& tx) { house_.people.tag(tx, root_, young, "volunteer"); });
  const auto count = [&](const Audience& audience) {
    return ask([&](Reader& r) { return people::People::audience_count(r, audience); });
  };
  Audience audience;
  audience.paths = {"/xihu/fuyuan/"};
  EXPECT_EQ(count(audience), 2);
  audience.tags = {"volunteer", "veteran"};
  EXPECT_EQ(count(audience), 1);
  audience.tags.clear();
  audience.born_to = 1966;
  EXPECT_EQ(count(audience), 1);
  audience.born_to.reset();
  audience.roles = {ResidentRole::owner};
  const auto ids = ask([&](Reader& r) { return people::People::audience(r, audience, "", 10); });
  ASSERT_EQ(ids.size(), 1U);
  EXPECT_EQ(ids[0], old);
}

TEST_P(People, organisations_answer_to_one_another_without_a_circle) {
  const auto put = [&](const std::string& id, OrganisationKind kind, const std::string& above) {
    OrganisationWords words{kind, id, places::PlaceId{"fuyuan"}, {}, "0571-88888888"};
    if (!above.empty()) words.above = OrganisationId{above};
    return refused([&](Tx& tx) { house_.people.put_organisation(tx, steward_, OrganisationId{id}, words); });
  };
  EXPECT_EQ(put("street", OrganisationKind::street_office, ""), "");
  EXPECT_EQ(put("estate", OrganisationKind::property_company, "street"), "");
  EXPECT_EQ(put("street", OrganisationKind::street_office, "estate"), "people.cycle");
  EXPECT_EQ(put("x", OrganisationKind::bureau, "nobody"), "people.unknown_organisation");
  const auto found = ask([](Reader& r) { return people::People::find_organisation(r, OrganisationId{"estate"}); });
  EXPECT_EQ(found->phone, "057188888888");
  EXPECT_EQ(ask([](Reader& r) {
              return people::People::organisations(r, OrganisationKind::property_company, {}, {}, 10).size();
            }),
            1U);
}

TEST_P(People, a_moved_place_takes_its_people_along) {
  const PersonId id = add(wang("b3-101"));
  const Household h = home("b3-101");
  place("b3-101", places::Kind::home, "other");
  EXPECT_EQ(get(id, root_).path, "/xihu/other/b3-101/");
  EXPECT_EQ(ask([&](Reader& r) { return people::People::household(r, root_, h.id).path; }), "/xihu/other/b3-101/");
}

TEST_P(People, a_bulk_load_makes_the_same_as_one_by_one) {
  LoadHousehold words{places::PlaceId{"b3-101"}, "/xihu/fuyuan/b3-101/", HouseholdKind::rented, world_.clock.now(), {}};
  words.members.push_back({wang(), ResidentRole::tenant, {"volunteer"}, {}});
  PersonWords child;
  child.name = "王小小";
  words.members.push_back({child, ResidentRole::member, {}, {}});
  const auto prepared = house_.people.prepare(words, world_.clock.now(), world_.ids);
  act([&](Tx& tx) { house_.people.load(tx, std::vector{prepared}); });
  EXPECT_EQ(found({.phone = "13800138000"}, steward_), 1U);
  const auto homes = ask([](Reader& r) { return people::People::households_at(r, places::PlaceId{"b3-101"}); });
  ASSERT_EQ(homes.size(), 1U);
  const auto members = ask([&](Reader& r) { return house_.people.members(r, steward_, homes[0].id, false); });
  ASSERT_EQ(members.size(), 2U);
  EXPECT_EQ(members[0].person.tags, std::vector<std::string>{"volunteer"});
  EXPECT_EQ(told().back().topic, Loaded::topic);
}

TEST(PeopleRules, an_identity_number_says_birth_and_sex) {
  // The worked example of GB 11643-1999, annex A: 11010519491231002X.
  EXPECT_TRUE(has_good_check_character("11010519491231002X"));
  EXPECT_FALSE(has_good_check_character("110105194912310021"));
  const auto said = said_by("11010519491231002X");
  ASSERT_TRUE(said);
  EXPECT_EQ(said->birth, std::chrono::year(1949) / 12 / 31);
  EXPECT_EQ(said->sex, Sex::female);
  EXPECT_EQ(normal_identity("11010519491231002x"), "11010519491231002X");
}

TEST(PeopleRules, a_code_shows_a_single_wrong_character) {
  FakeWorld world;
  for (int n = 0; n < 50; ++n) {
    const std::string code = make_code(world.ids);
    ASSERT_EQ(normal_code(code), code);
    for (std::size_t i = 0; i < code.size(); ++i)
      for (const char c : std::string_view("0123456789ABCDEFGHJKMNPQRSTVWXYZ")) {
        std::string wrong = code;
        wrong[i] = c;
        EXPECT_EQ(normal_code(wrong).has_value(), wrong == code);
      }
  }
}

}  // namespace
}  // namespace lifang::people
