#include "rooms/rosters/rosters.hpp"

#include <functional>

#include "rooms/rosters/rosters_sight.hpp"
#include "rooms/rosters/rosters_store.hpp"
#include "support/house_fixture.hpp"
#include "support/known.hpp"

namespace lifang::rosters {
namespace {

using namespace std::chrono_literals;

class Rosters : public HouseTest {
 protected:
  Rosters() {
    place("xihu", places::Kind::district, "");
    place("fuyuan", places::Kind::compound, "xihu");
    place("b3", places::Kind::building, "fuyuan");
    place("yuli", places::Kind::compound, "xihu");
  }
  void place(const std::string& id, places::Kind kind, const std::string& parent) {
    places::PlaceWords words{kind, id, {}, {}, {}, {}, {}};
    if (!parent.empty()) words.parent = places::PlaceId{parent};
    act([&](Tx& tx) { return house_.places.put(tx, root_, places::PlaceId{id}, words); });
  }
  static ShiftWords words(const std::string& post, const std::string& place, std::vector<std::string> persons, int from = 0,
                          int to = 24 * 60) {
    ShiftWords w;
    w.post = PostId{post};
    w.place = places::PlaceId{place};
    for (std::string& person : persons) w.persons.emplace_back(std::move(person));
    w.from = {from};
    w.to = {to};
    return w;
  }
  void shift(const std::string& id, const ShiftWords& w) {
    act([&](Tx& tx) {
      make_known(tx, w);
      return house_.rosters.put_shift(tx, root_, ShiftId{id}, w);
    });
  }
  std::string who(const std::string& post, const std::string& path, const std::string& local) {
    return ask([&](Reader& r) {
      const auto duty = house_.rosters.on_duty_or_above(r, PostId{post}, path, at(local));
      if (!duty) return std::string("nobody");
      std::string text = duty->post.text + ":";
      for (const PersonId& person : duty->persons) text += " " + person.text;
      return text;
    });
  }
  static Time at(const std::string& local) { return *parse_time(local + ":00+08:00"); }
  void absent(const std::string& person, const std::string& from, const std::string& until, const std::string& substitute = "") {
    AbsenceWords w{PersonId{person}, at(from), at(until), {}, {}};
    if (!substitute.empty()) w.substitute = PersonId{substitute};
    if (w.substitute) staff({substitute});
    act([&](Tx& tx) {
      make_known(tx, w.person);
      return house_.rosters.report_absence(tx, root_, w);
    });
  }
  /// On a shift elsewhere, so that they may stand in here.
  void staff(const std::vector<std::string>& persons) {
    for (const std::string& person : persons) shift("porter-" + person, words("porter", "yuli", {person}));
  }
  void known(const std::vector<std::string>& persons) {
    act([&](Tx& tx) {
      for (const std::string& person : persons) make_known(tx, PersonId{person});
    });
  }
};
BOTH_ENGINES(Rosters);

TEST_P(Rosters, nobody_takes_another_compounds_people_or_posts_in_hand) {
  shift("east", words("guard", "fuyuan", {"wang"}));
  shift("west", words("guard", "yuli", {"li"}));
  staff({"west-manager", "zhao", "someone"});
  const auto desk = [](const std::string& who, const std::string& path) {
    return Caller{"account-" + who, who, who, {}, {}, {{"rosters.read", path}, {"rosters.write", path}}};
  };
  const Caller west = desk("west-manager", "/xihu/yuli/"), guard{"account-wang", "wang", "wang", {}, {}, {{"rosters.read", "/xihu/fuyuan/"}}};
  const auto away = [&](const std::string& person, const std::string& substitute) {
    AbsenceWords w{PersonId{person}, at("2026-03-02T08:00"), at("2026-03-03T08:00"), PersonId{substitute}, "住院"};
    return w;
  };
  // Standing in for somebody gives their posts: whoever could name themselves would sit in another compound's chair.
  EXPECT_EQ(refused([&](Tx& tx) { house_.rosters.report_absence(tx, west, away("wang", "west-manager")); }), "access.not_here");
  EXPECT_EQ(refused([&](Tx& tx) { house_.rosters.report_absence(tx, guard, away("li", "wang")); }), "access.no_right");
  const auto own = act([&](Tx& tx) { return house_.rosters.report_absence(tx, guard, away("wang", "zhao")); });
  EXPECT_EQ(refused([&](Tx& tx) { house_.rosters.remove_absence(tx, west, own.id); }), "access.not_here");
  const auto sees = [&](const Caller& caller) { return ask([&](Reader& r) { return absences_seen(r, caller, {}); }); };
  EXPECT_TRUE(sees(west).empty()) << "nor why somebody elsewhere is away";
  ASSERT_EQ(sees(guard).size(), 1U);
  EXPECT_EQ(sees(guard)[0].reason, "住院");
  const Caller colleague{"account-chen", "chen", "chen", {}, {}, {{"rosters.read", "/xihu/fuyuan/"}}};
  ASSERT_EQ(sees(colleague).size(), 1U) << "that they are away";
  EXPECT_FALSE(sees(colleague)[0].reason) << "and not why";
  const Caller deputy{"account-zhao", "zhao", "zhao", {}, {}, {{"rosters.read", "/xihu/yuli/"}}};
  EXPECT_EQ(sees(deputy).size(), 1U) << "whom one stands in for";
  EXPECT_EQ(sees(desk("east-manager", "/xihu/fuyuan/"))[0].reason, "住院");
  for (int i = 0; i < 3; ++i) act([&](Tx& tx) { house_.rosters.report_absence(tx, root_, away("li", "someone")); });
  AbsenceFilter two;
  two.limit = 2;
  const auto first = ask([&](Reader& r) { return absences_seen(r, west, two); });
  ASSERT_EQ(first.size(), 2U);
  two.after = first.back().id.text;
  EXPECT_EQ(ask([&](Reader& r) { return absences_seen(r, west, two); }).size(), 1U);
  // A post that is manned elsewhere, the hours of another's organisation.
  EXPECT_EQ(refused([&](Tx& tx) { house_.rosters.put_post(tx, west, PostId{"guard"}, {"x", PostId{"nobody"}, {}}); }), "access.not_here");
  EXPECT_EQ(refused([&](Tx& tx) { house_.rosters.put_post(tx, west, PostId{"gardener"}, {"园丁", {}, {}}); }), "");
  act([&](Tx& tx) {
    people::OrganisationWords estate;
    estate.name = "府苑物业";
    estate.place = places::PlaceId{"fuyuan"};
    house_.people.put_organisation(tx, root_, people::OrganisationId{"fuyuan-estate"}, estate);
  });
  EXPECT_EQ(refused([&](Tx& tx) { house_.rosters.put_hours(tx, west, OrganisationId{"fuyuan-estate"}, office_hours()); }), "access.not_here");
  EXPECT_EQ(refused([&](Tx& tx) { house_.rosters.put_hours(tx, desk("east-manager", "/xihu/fuyuan/"), OrganisationId{"fuyuan-estate"}, office_hours()); }), "rosters.hours_from_above");
  EXPECT_EQ(refused([&](Tx& tx) { house_.rosters.put_hours(tx, desk("district-desk", "/xihu/"), OrganisationId{"fuyuan-estate"}, office_hours()); }), "");
  EXPECT_EQ(refused([&](Tx& tx) { house_.rosters.put_hours(tx, root_, OrganisationId{"no-such-org"}, office_hours()); }), "rosters.unknown_organisation");
}

TEST_P(Rosters, everybody_on_duty_for_a_place_is_one_a_post) {
  shift("a", words("guard", "xihu", {"district-guard"}));
  shift("b", words("guard", "fuyuan", {"wang"}));
  shift("c", words("fire", "xihu", {"fireman"}));
  shift("d", words("cleaner", "yuli", {"sweeper"}));
  const auto duty = ask([&](Reader& r) { return house_.rosters.on_duty_for(r, "/xihu/fuyuan/b3/", at("2026-03-02T10:00")); });
  ASSERT_EQ(duty.size(), 2U);
  EXPECT_EQ(duty[0].post.text, "fire");
  EXPECT_EQ(duty[1].post.text, "guard");
  EXPECT_EQ(duty[1].persons.front().text, "wang");
}

TEST_P(Rosters, the_nearest_shift_up_the_tree_answers) {
  shift("a", words("guard", "xihu", {"district-guard"}));
  shift("b", words("guard", "fuyuan", {"wang"}));
  EXPECT_EQ(who("guard", "/xihu/fuyuan/b3/", "2026-03-02T10:00"), "guard: wang");
  EXPECT_EQ(who("guard", "/xihu/yuli/", "2026-03-02T10:00"), "guard: district-guard");
  EXPECT_EQ(who("cleaner", "/xihu/yuli/", "2026-03-02T10:00"), "nobody");
}

TEST_P(Rosters, a_night_shift_belongs_to_the_day_on_which_it_begins) {
  ShiftWords night = words("guard", "fuyuan", {"li"}, 20 * 60, 8 * 60);
  night.days = std::vector<std::int64_t>{5};  // Friday night
  shift("night", night);
  EXPECT_EQ(who("guard", "/xihu/fuyuan/", "2026-03-06T19:59"), "nobody");
  EXPECT_EQ(who("guard", "/xihu/fuyuan/", "2026-03-06T20:00"), "guard: li");
  EXPECT_EQ(who("guard", "/xihu/fuyuan/", "2026-03-07T07:59"), "guard: li");
  EXPECT_EQ(who("guard", "/xihu/fuyuan/", "2026-03-07T08:00"), "nobody");
  EXPECT_EQ(who("guard", "/xihu/fuyuan/", "2026-03-07T20:00"), "nobody");
}

TEST_P(Rosters, a_shift_may_follow_the_working_calendar) {
  ShiftWords office = words("office", "fuyuan", {"chen"}, 9 * 60, 17 * 60);
  office.on = On::working;
  ShiftWords weekend = words("office", "fuyuan", {"holiday-duty"}, 9 * 60, 17 * 60);
  weekend.on = On::off;
  shift("office", office);
  shift("weekend", weekend);
  EXPECT_EQ(who("office", "/xihu/fuyuan/", "2026-02-14T10:00"), "office: chen");  // a Saturday that is worked
  EXPECT_EQ(who("office", "/xihu/fuyuan/", "2026-02-17T10:00"), "office: holiday-duty");
  EXPECT_EQ(who("office", "/xihu/fuyuan/", "2026-03-07T10:00"), "office: holiday-duty");
}

TEST_P(Rosters, an_absent_person_is_replaced_and_the_substitutes_substitute_too) {
  shift("a", words("guard", "fuyuan", {"wang", "zhao"}));
  absent("wang", "2026-03-02T00:00", "2026-03-09T00:00", "li");
  EXPECT_EQ(who("guard", "/xihu/fuyuan/", "2026-03-02T10:00"), "guard: li zhao");
  absent("li", "2026-03-03T00:00", "2026-03-04T00:00", "qian");
  EXPECT_EQ(who("guard", "/xihu/fuyuan/", "2026-03-03T10:00"), "guard: qian zhao");
  absent("zhao", "2026-03-03T00:00", "2026-03-04T00:00");
  EXPECT_EQ(who("guard", "/xihu/fuyuan/", "2026-03-03T10:00"), "guard: qian");
  absent("qian", "2026-03-03T00:00", "2026-03-04T00:00", "wang");  // a circle is nobody
  EXPECT_EQ(who("guard", "/xihu/fuyuan/", "2026-03-03T10:00"), "nobody");
  EXPECT_EQ(who("guard", "/xihu/fuyuan/", "2026-03-09T10:00"), "guard: wang zhao");
}

TEST_P(Rosters, nobody_on_duty_means_the_post_above) {
  act([&](Tx& tx) {
    make_known(tx, OrganisationId{"wuye"});
    house_.rosters.put_post(tx, root_, PostId{"guard"}, {"保安岗", PostId{"estate-office"}, {}});
    return house_.rosters.put_post(tx, root_, PostId{"estate-office"}, {"物业值班室", {}, OrganisationId{"wuye"}});
  });
  shift("g", words("guard", "fuyuan", {"wang"}, 8 * 60, 20 * 60));
  shift("e", words("estate-office", "fuyuan", {"manager"}));
  EXPECT_EQ(who("guard", "/xihu/fuyuan/", "2026-03-02T10:00"), "guard: wang");
  EXPECT_EQ(who("guard", "/xihu/fuyuan/", "2026-03-02T22:00"), "estate-office: manager");
  const auto chain = ask([&](Reader& r) { return house_.rosters.chain(r, PostId{"guard"}, "/xihu/fuyuan/", at("2026-03-02T10:00")); });
  EXPECT_EQ(chain, (std::vector<PersonId>{PersonId{"wang"}, PersonId{"manager"}}));
  EXPECT_EQ(refused([&](Tx& tx) {
    house_.rosters.put_post(tx, root_, PostId{"estate-office"}, {"物业值班室", PostId{"guard"}, {}});
  }), "rosters.bad_chain");
}

TEST_P(Rosters, a_post_may_stand_for_the_one_that_catalogues_name) {
  ShiftWords w = words("fuyuan-gate-guard", "fuyuan", {"wang"});
  w.stands_for = PostId{"guard"};
  w.organisation = OrganisationId{"fuyuan-wuye"};
  shift("a", w);
  EXPECT_EQ(who("guard", "/xihu/fuyuan/b3/", "2026-03-02T10:00"), "fuyuan-gate-guard: wang");
  const auto memberships = ask([&](Reader& r) { return house_.rosters.memberships(r, PersonId{"wang"}, at("2026-03-02T10:00")); });
  ASSERT_EQ(memberships.size(), 2U);
  EXPECT_EQ(memberships[1].post.text, "guard");
  EXPECT_EQ(memberships[1].organisation->text, "fuyuan-wuye");
}

TEST_P(Rosters, a_shift_hands_out_to_the_first_in_turn_or_to_nobody) {
  ShiftWords w = words("repairer", "fuyuan", {"a", "b", "c"});
  const auto picked = [&](int times) {
    std::string all;
    for (int i = 0; i < times; ++i)
      all += act([&](Tx& tx) {
        const auto duty = house_.rosters.on_duty(tx, PostId{"repairer"}, "/xihu/fuyuan/", tx.now());
        const auto person = house_.rosters.pick(tx, *duty);
        return person ? person->text : "nobody";
      });
    return all;
  };
  shift("s", w);
  EXPECT_EQ(picked(2), "aa");
  w.hand_out = HandOut::rotate;
  shift("s", w);
  EXPECT_EQ(picked(4), "abca");
  w.hand_out = HandOut::grab;
  shift("s", w);
  EXPECT_EQ(picked(1), "nobody");
}

TEST_P(Rosters, shifts_between_dates_end) {
  ShiftWords w = words("guard", "fuyuan", {"wang"});
  w.first = DayText{*day_of_text("2026-03-02")};
  w.last = DayText{*day_of_text("2026-03-03")};
  shift("a", w);
  EXPECT_EQ(who("guard", "/xihu/fuyuan/", "2026-03-01T23:59"), "nobody");
  EXPECT_EQ(who("guard", "/xihu/fuyuan/", "2026-03-02T00:00"), "guard: wang");
  EXPECT_EQ(who("guard", "/xihu/fuyuan/", "2026-03-03T23:59"), "guard: wang");
  EXPECT_EQ(who("guard", "/xihu/fuyuan/", "2026-03-04T00:00"), "nobody");
  act([&](Tx& tx) { house_.rosters.remove_shift(tx, root_, ShiftId{"a"}); });
  EXPECT_EQ(who("guard", "/xihu/fuyuan/", "2026-03-03T10:00"), "nobody");
}

TEST_P(Rosters, refuses_what_cannot_be_kept) {
  const auto attempt = [&](const ShiftWords& w) {
    return refused([&](Tx& tx) { house_.rosters.put_shift(tx, root_, ShiftId{"x"}, w); });
  };
  ShiftWords w = words("guard", "nowhere", {"wang"});
  EXPECT_EQ(attempt(w), "places.unknown");
  w = words("guard", "fuyuan", {"wang", "wang"});
  EXPECT_EQ(attempt(w), "rosters.twice");
  w = words("guard", "fuyuan", {});
  w.days = std::vector<std::int64_t>{0};
  EXPECT_EQ(attempt(w), "rosters.bad_days");
  w.days = std::vector<std::int64_t>{1};
  w.on = On::off;
  EXPECT_EQ(attempt(w), "rosters.bad_days");
  act([&](Tx& tx) { make_known(tx, OrganisationId{"wuye"}); });
  const auto hours = [&](WorkingHours h) {
    return refused([&](Tx& tx) { house_.rosters.put_hours(tx, root_, OrganisationId{"wuye"}, h); });
  };
  EXPECT_EQ(hours({{}, true}), "rosters.bad_hours");
  EXPECT_EQ(hours({{{{1}, {60}, {120}}, {{1, 2}, {90}, {180}}}, true}), "rosters.bad_hours");
  EXPECT_EQ(hours({{{{1}, {120}, {60}}}, true}), "rosters.bad_hours");
  EXPECT_EQ(hours({{{{1}, {540}, {545}}}, true}), "rosters.few_hours") << "a deadline in nine years";
  EXPECT_EQ(hours({{{{1, 2, 3, 4, 5}, {60}, {90}}, {{1, 2, 3, 4, 5}, {90}, {180}}}, true}), "");
  const Caller steward{"account_x", "", "steward", "", "", {{"rosters.write", "/xihu/yuli/"}}};
  EXPECT_EQ(refused([&](Tx& tx) { house_.rosters.put_shift(tx, steward, ShiftId{"y"}, words("guard", "fuyuan", {})); }),
            "access.not_here");
}

TEST_P(Rosters, takes_nobody_and_nothing_that_is_not_in_the_register) {
  const auto attempt = [&](const ShiftWords& w) {
    std::string found = "kept";
    try {
      act([&](Tx& tx) { return house_.rosters.put_shift(tx, root_, ShiftId{"x"}, w); });
    } catch (const Refusal& refusal) {
      found = refusal.code + " " + refusal.field;
    }
    return found;
  };
  known({"wang"});
  EXPECT_EQ(attempt(words("guard", "fuyuan", {"wang", "person_NOPE"})), "rosters.unknown_person /persons/1");
  EXPECT_EQ(attempt(words("nope", "fuyuan", {"wang"})), "rosters.unknown_post /post");
  ShiftWords w = words("guard", "fuyuan", {"wang"});
  w.stands_for = PostId{"nope"};
  EXPECT_EQ(attempt(w), "rosters.unknown_post /stands_for");
  w.stands_for.reset();
  w.organisation = OrganisationId{"nope"};
  EXPECT_EQ(attempt(w), "rosters.unknown_organisation /organisation");
  w.organisation.reset();
  EXPECT_EQ(attempt(w), "kept");
  const auto post = [&](const PostWords& words) {
    return refused([&](Tx& tx) { house_.rosters.put_post(tx, root_, PostId{"gate"}, words); });
  };
  EXPECT_EQ(post({"门岗", PostId{"nope"}, {}}), "rosters.unknown_post");
  EXPECT_EQ(post({"门岗", {}, OrganisationId{"nope"}}), "rosters.unknown_organisation");
  EXPECT_EQ(post({"门岗", PostId{"gate"}, {}}), "rosters.bad_chain");
  EXPECT_EQ(post({"门岗", PostId{"guard"}, {}}), "");
  const auto away = [&](const std::string& person, const std::optional<PersonId>& substitute) {
    return refused([&](Tx& tx) {
      house_.rosters.report_absence(tx, root_, {PersonId{person}, at("2026-03-02T08:00"), at("2026-03-03T08:00"), substitute, {}});
    });
  };
  EXPECT_EQ(away("person_NOPE", {}), "rosters.unknown_person");
  EXPECT_EQ(away("wang", PersonId{"person_NOPE"}), "rosters.unknown_person");
  EXPECT_EQ(refused([&](Tx& tx) { rosters::Rosters::get_post(tx, PostId{"nope"}); }), "rosters.unknown_post");
  EXPECT_EQ(ask([&](Reader& r) { return rosters::Rosters::get_post(r, PostId{"guard"}); }).name, "保安岗");
}

TEST_P(Rosters, puts_no_resident_on_duty_who_is_no_staff) {
  shift("a", words("guard", "fuyuan", {"wang"}));
  place("home", places::Kind::home, "b3");
  const auto person = [&](const std::string& name) {
    people::PersonWords w;
    w.name = name;
    w.place = places::PlaceId{"fuyuan"};
    return act([&](Tx& tx) { return house_.people.add(tx, root_, w).id; });
  };
  const people::PersonId neighbour = person("王小明"), newcomer = person("李大伟"), lodger = person("赵强");
  act([&](Tx& tx) {
    const auto home =
        house_.people.add_household(tx, root_, {places::PlaceId{"home"}, people::HouseholdKind::owned}).id;
    house_.people.move_in(tx, root_, home, {neighbour, people::ResidentRole::owner, {}});
    const auto dormitory =
        house_.people.add_household(tx, root_, {places::PlaceId{"b3"}, people::HouseholdKind::dormitory}).id;
    house_.people.move_in(tx, root_, dormitory, {lodger, people::ResidentRole::member, {}});
  });
  const auto outcome = [&](const std::function<void(Tx&)>& attempt) {
    std::string found = "kept";
    try {
      act(attempt);
    } catch (const Refusal& refusal) {
      found = refusal.code + " " + refusal.field;
    }
    return found;
  };
  const auto stands_in = [&](const people::PersonId& substitute) {
    return outcome([&](Tx& tx) {
      house_.rosters.report_absence(
          tx, root_, {PersonId{"wang"}, at("2026-03-02T08:00"), at("2026-03-03T08:00"), PersonId{substitute.text}, {}});
    });
  };
  const auto on_shift = [&](const std::string& id, const people::PersonId& second) {
    return outcome([&](Tx& tx) {
      house_.rosters.put_shift(tx, root_, ShiftId{id}, words("guard", "fuyuan", {"wang", second.text}));
    });
  };
  EXPECT_EQ(stands_in(neighbour), "rosters.not_staff /substitute");
  EXPECT_EQ(on_shift("b", neighbour), "rosters.not_staff /persons/1");
  EXPECT_EQ(stands_in(newcomer), "rosters.not_staff /substitute") << "nobody has put them on a shift yet";
  EXPECT_EQ(who("guard", "/xihu/fuyuan/", "2026-03-02T10:00"), "guard: wang");
  EXPECT_EQ(on_shift("c", newcomer), "kept") << "a shift is what makes somebody staff";
  EXPECT_EQ(on_shift("d", lodger), "kept") << "who lives where they work is no neighbour";
  EXPECT_EQ(stands_in(newcomer), "kept");
  // A resident's login makes nobody staff, a login of staff does, also beside the other and for somebody with a home.
  const auto login = [&](const std::string& name, const std::string& role) {
    accounts::AccountWords w;
    w.login = name;
    w.person = neighbour.text;
    w.role = role;
    w.place = places::PlaceId{"fuyuan"};
    act([&](Tx& tx) { return house_.accounts.add(tx, root_, w, ""); });
  };
  login("neighbour", "resident");
  EXPECT_EQ(on_shift("b", neighbour), "rosters.not_staff /persons/1");
  login("neighbour-guard", "guard");
  EXPECT_EQ(on_shift("b", neighbour), "kept");
  EXPECT_EQ(stands_in(neighbour), "kept");
}

TEST_P(Rosters, takes_no_login_of_a_resident_for_a_newcomer) {
  known({"tenant"});
  accounts::AccountWords w;
  w.login = "tenant";
  w.person = "tenant";
  w.role = "resident";
  w.place = places::PlaceId{"fuyuan"};
  act([&](Tx& tx) { return house_.accounts.add(tx, root_, w, ""); });
  EXPECT_EQ(
      refused([&](Tx& tx) { house_.rosters.put_shift(tx, root_, ShiftId{"x"}, words("guard", "fuyuan", {"tenant"})); }),
      "rosters.not_staff");
}

TEST_P(Rosters, hours_are_an_organisations_own_or_the_districts) {
  const OrganisationId wuye{"wuye"};
  const auto due = [&] {
    return ask([&](Reader& r) { return to_rfc3339(house_.rosters.add_working_time(r, at("2026-03-02T07:00"), 30min, wuye), 480).substr(11, 5); });
  };
  EXPECT_EQ(due(), "09:00");
  act([&](Tx& tx) { make_known(tx, wuye); });
  // Kept before there was a least of them: no deadline is counted by five minutes a week.
  act([&](Tx& tx) { store::keep_hours(tx, wuye, {{{{1}, {540}, {545}}}, true}); });
  EXPECT_EQ(due(), "09:00");
  act([&](Tx& tx) { return house_.rosters.put_hours(tx, root_, OrganisationId{"district"}, {{{{1, 2, 3, 4, 5}, {600}, {720}}}, true}); });
  EXPECT_EQ(due(), "10:30");
  act([&](Tx& tx) { return house_.rosters.put_hours(tx, root_, wuye, {{{{1, 2, 3, 4, 5, 6, 7}, {0}, {1440}}}, false}); });
  EXPECT_EQ(due(), "07:30");
}

TEST_P(Rosters, a_year_is_provisional_until_it_is_published) {
  EXPECT_FALSE(ask([](Reader& r) { return rosters::Rosters::year(r, 2026); }).provisional);
  EXPECT_TRUE(ask([](Reader& r) { return rosters::Rosters::year(r, 2027); }).provisional);
  YearWords words{"国办 2026 年通知", {{{*day_of_text("2027-01-01")}, true, "元旦"}}};
  act([&](Tx& tx) { return house_.rosters.put_year(tx, root_, 2027, words); });
  const auto year = ask([](Reader& r) { return rosters::Rosters::year(r, 2027); });
  EXPECT_FALSE(year.provisional);
  EXPECT_EQ(year.days.size(), 1U);
  words.days[0].day = DayText{*day_of_text("2026-01-01")};
  EXPECT_EQ(refused([&](Tx& tx) { house_.rosters.put_year(tx, root_, 2027, words); }), "rosters.bad_day");
}

TEST_P(Rosters, a_note_for_the_next_shift_is_taken_once) {
  const auto note = act([&](Tx& tx) {
    return house_.rosters.hand_over(tx, root_, {PostId{"guard"}, places::PlaceId{"fuyuan"}, "3 幢地下室灯坏了"});
  });
  HandOverFilter open;
  open.open = true;
  EXPECT_EQ(ask([&](Reader& r) { return rosters::Rosters::hand_overs(r, root_, open); }).size(), 1U);
  act([&](Tx& tx) { return house_.rosters.take_over(tx, root_, note.id); });
  EXPECT_EQ(refused([&](Tx& tx) { house_.rosters.take_over(tx, root_, note.id); }), "rosters.already_taken");
  EXPECT_TRUE(ask([&](Reader& r) { return rosters::Rosters::hand_overs(r, root_, open); }).empty());
}

TEST_P(Rosters, a_shift_is_handed_on_among_those_who_have_it) {
  shift("a", words("guard", "fuyuan", {"wang", "li"}));
  const auto reads = [](const std::string& person) {
    Caller caller{"account-" + person, person, person, {}, {}, {}};
    caller.grants.push_back({"rosters.read", "/"});
    return caller;
  };
  const HandOverWords note{PostId{"guard"}, places::PlaceId{"fuyuan"}, "钥匙在抽屉里"};
  EXPECT_EQ(refused([&](Tx& tx) { house_.rosters.hand_over(tx, reads("onlooker"), note); }), "rosters.not_your_shift");
  const auto made = act([&](Tx& tx) { return house_.rosters.hand_over(tx, reads("wang"), note); });
  EXPECT_EQ(refused([&](Tx& tx) { house_.rosters.take_over(tx, reads("onlooker"), made.id); }), "rosters.not_your_shift");
  EXPECT_EQ(refused([&](Tx& tx) { house_.rosters.take_over(tx, reads("wang"), made.id); }), "rosters.own_note");
  EXPECT_TRUE(act([&](Tx& tx) { return house_.rosters.take_over(tx, reads("li"), made.id); }).taken_at);
}

TEST_P(Rosters, shifts_move_along_with_their_place) {
  shift("a", words("guard", "fuyuan", {"wang"}));
  place("street", places::Kind::street, "xihu");
  place("fuyuan", places::Kind::compound, "street");
  EXPECT_EQ(who("guard", "/xihu/street/fuyuan/b3/", "2026-03-02T10:00"), "guard: wang");
}

}  // namespace
}  // namespace lifang::rosters
