// The made-up district: the same for the same seed, nobody real in it, and every room takes it.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/reflect.hpp"
#include "rooms/rules/rules_rules.hpp"
#include "support/house_fixture.hpp"
#include "node.hpp"
#include "rooms/devices/devices_detections.hpp"
#include "rooms/devices/devices_ready.hpp"
#include "rooms/files/files_types.hpp"
#include "ward/ward_load.hpp"
#include "ward/ward_past.hpp"
#include "ward/ward_picture.hpp"
#include "ward/ward_plan.hpp"
#include "ward/ward_sense.hpp"

namespace lifang::ward {
namespace {

TEST(WardPlan, the_same_seed_gives_the_same_district) {
  const WardPlan a = plan_ward({3, 400, 7}), b = plan_ward({3, 400, 7}), c = plan_ward({3, 400, 8});
  ASSERT_EQ(a.places.size(), b.places.size());
  for (std::size_t i = 0; i < a.places.size(); ++i) EXPECT_EQ(to_json(a.places[i].words), to_json(b.places[i].words));
  ASSERT_EQ(a.devices.size(), b.devices.size());
  for (std::size_t i = 0; i < a.devices.size(); ++i) EXPECT_EQ(a.devices[i].words.secret, b.devices[i].words.secret);
  EXPECT_EQ(household_of(a, 5).size(), household_of(b, 5).size());
  EXPECT_NE(a.devices[0].words.secret, c.devices[0].words.secret);
}

TEST(WardPlan, every_place_stands_under_one_that_came_before_and_ids_are_unique) {
  const WardPlan plan = plan_ward({7, 3000, 1});
  std::map<std::string, places::Kind> known;
  std::size_t homes = 0;
  for (const PlannedPlace& place : plan.places) {
    if (place.words.parent) {
      const auto parent = known.find(place.words.parent->text);
      ASSERT_NE(parent, known.end()) << place.id.text;
      EXPECT_LT(static_cast<int>(parent->second), static_cast<int>(place.words.kind)) << place.id.text;
    }
    homes += place.words.kind == places::Kind::home;
    EXPECT_TRUE(known.emplace(place.id.text, place.words.kind).second) << place.id.text;
  }
  EXPECT_EQ(homes, 3000U);
  EXPECT_EQ(plan.homes.size(), 3000U);
  std::set<std::string> devices;
  for (const PlannedDevice& device : plan.devices) {
    EXPECT_TRUE(devices.insert(device.id.text).second) << device.id.text;
    EXPECT_TRUE(known.contains(device.words.place.text)) << device.id.text;
    if (device.words.gateway) { EXPECT_TRUE(devices.contains(device.words.gateway.value()->text)) << device.id.text; }
  }
}

TEST(WardPlan, an_ebike_is_warned_in_every_lift_and_held_only_where_the_operator_switched_it_on) {
  std::vector<std::string> held;
  std::size_t lifts = 0;
  for (const PlannedDevice& device : plan_ward({2, 1000, 1}).devices) {
    lifts += device.words.profile.text == "lift";
    for (const std::string& tag : device.words.tags.value_or(std::vector<std::string>{}))
      if (tag == "hold-for-ebikes") held.push_back(device.words.profile.text);
  }
  EXPECT_GT(lifts, 3U);
  EXPECT_EQ(held, std::vector<std::string>{"lift"}) << "one lift of the district";
  for (const PlannedRule& planned : rules())
    for (const rules::Rule rule = rules::parse_rule(planned.words); const rules::Action& action : rule.actions) {
      const auto* command = std::get_if<rules::Command>(&action);
      if (command == nullptr || command->method != "hold") continue;
      EXPECT_EQ(rule.applies_to.tags, std::vector<std::string>{"hold-for-ebikes"}) << planned.id;
    }
}

TEST(WardPlan, has_devices_of_every_profile) {
  std::set<std::string> used;
  for (const PlannedDevice& device : plan_ward({2, 1000, 1}).devices) used.insert(device.words.profile.text);
  for (const std::string& profile : profiles()) EXPECT_TRUE(used.contains(profile)) << profile;
}

TEST(WardPlan, nobody_in_it_can_be_a_real_person) {
  const WardPlan plan = plan_ward({2, 3000, 3});
  std::set<std::string> phones;
  for (std::size_t home = 0; home < plan.homes.size(); ++home)
    for (const MadeUpPerson& person : household_of(plan, home)) {
      EXPECT_EQ(person.phone.size(), 11U);
      EXPECT_TRUE(person.phone.starts_with("1990000") || person.phone.starts_with("12")) << person.phone;
      EXPECT_TRUE(phones.insert(person.phone).second) << person.phone;
      EXPECT_EQ(person.identity.size(), 18U);
      EXPECT_TRUE(person.identity.starts_with("99")) << "no division has such a code: " << person.identity;
    }
  EXPECT_GT(phones.size(), 5000U);
}

TEST(WardPlan, a_size_that_cannot_be_is_refused) {
  EXPECT_THROW(plan_ward({0, 10, 1}), Refusal);
  EXPECT_THROW(plan_ward({10, 5, 1}), Refusal);
  EXPECT_THROW(plan_ward({1, 300'000, 1}), Refusal);
}

TEST(WardSense, devices_say_only_what_their_profile_knows) {
  const WardPlan plan = plan_ward({2, 300, 1});
  std::map<std::string, std::set<std::string>> metrics, detections;
  for (const std::string& id : profiles()) {
    const devices::ReadyWords* profile = devices::ready_words(id);
    ASSERT_NE(profile, nullptr) << id;
    for (const auto& metric : profile->metrics) metrics[id].insert(metric.id);
    detections[id].insert(profile->detections.begin(), profile->detections.end());
    for (const std::string& kind : detections[id])
      EXPECT_TRUE(!devices::detection_zh(kind).empty() && !devices::detection_en(kind).empty()) << kind << " has no words for people";
  }
  const Time start = from_ms(1'767'225'600'000);
  std::size_t seen = 0;
  for (const PlannedDevice& device : plan.devices)
    for (int hour = 0; hour < 200; ++hour) {
      const Time at = start + std::chrono::hours(hour);
      const Sensed sensed = sense(device, 1, at - std::chrono::hours(1), at, {});
      for (const auto& [metric, value] : sensed.values) {
        EXPECT_TRUE(metrics[device.words.profile.text].contains(metric)) << device.id.text << " " << metric;
        EXPECT_TRUE(std::isfinite(value));
      }
      for (const SeenThing& thing : sensed.seen) EXPECT_TRUE(detections[device.words.profile.text].contains(thing.kind));
      seen += sensed.seen.size();
    }
  EXPECT_GT(seen, 0U);
}

TEST(WardSense, a_camera_says_once_that_what_stood_is_over) {
  const WardPlan plan = plan_ward({2, 300, 1});
  std::size_t ends = 0;
  for (const PlannedDevice& device : plan.devices) {
    if (device.words.profile.text != "lift" && device.words.profile.text != "bin-camera") continue;
    const Duration step = interval_of(device.words.profile);
    std::set<std::string> stands;
    for (Time at = from_ms(1'767'225'600'000), until = at + std::chrono::hours(24 * 5); at < until; at += step)
      for (const SeenThing& thing : sense(device, 1, at - step, at, {}).seen) {
        if (!thing.kind.ends_with("_over")) {
          stands.insert(thing.kind);
          continue;
        }
        ++ends;
        EXPECT_EQ(1, thing.confidence) << "it was seen to be over, and the ready-made rules clear on that";
        EXPECT_EQ(1U, stands.erase(thing.kind.substr(0, thing.kind.size() - 5))) << device.id.text << " " << thing.kind << ": nothing of it was told, or it was over before";
      }
  }
  EXPECT_GT(ends, 10U);
}

class WardLoad : public HouseTest {};
INSTANTIATE_TEST_SUITE_P(, WardLoad, testing::Values(db::Engine::sqlite, db::Engine::postgres));

TEST_P(WardLoad, every_room_takes_the_district_and_no_rule_names_what_no_device_says) {
  const WardPlan plan = plan_ward({2, 60, 1});
  act([&](Tx& tx) {
    accounts::AccountWords admin;
    admin.login = admin.role = "admin";
    house_.accounts.add(tx, root_, admin, "");
  });
  load_ward(house_, plan, "a-made-up-password-7", [](const std::string&) {});
  EXPECT_EQ(ask([&](Reader& reader) { return places::Places::count(reader, root_, {}); }),
            static_cast<std::int64_t>(plan.places.size()));
  EXPECT_EQ(house_.devices.registry().size(), plan.devices.size());
  act([&](Tx& tx) {
    for (const PlannedRule& rule : rules()) {
      const auto kept = house_.rules.put(tx, root_, rules::RuleId{rule.id}, rule.words);
      EXPECT_TRUE(kept.warnings.empty()) << rule.id << ": " << (kept.warnings.empty() ? "" : kept.warnings[0]);
      EXPECT_EQ(kept.version, 1) << rule.id;
    }
  });
  const auto guard = ask([&](Reader& reader) {
    return house_.rosters.on_duty(reader, rosters::PostId{"guard"}, places::Places::path_of(reader, places::PlaceId{"c1-gate-n"}), world_.clock.now());
  });
  ASSERT_TRUE(guard);
  EXPECT_EQ(guard->persons.size(), 2U);
}

TEST(WardPicture, is_a_small_png_and_the_same_for_the_same_seed) {
  std::set<std::string> all;
  for (const char* what : {"bin-full", "parking-disorder", "smoke", "street-light", "corridor-clutter"}) {
    const std::string png = picture_of(what, 3, false);
    EXPECT_EQ(files::type_of(png, "image/png"), files::Type::png);
    const auto size = files::size_of(files::Type::png, png);
    ASSERT_TRUE(size);
    EXPECT_EQ(size->width, 160);
    EXPECT_LT(png.size(), 8000U);
    EXPECT_EQ(png, picture_of(what, 3, false));
    EXPECT_NE(png, picture_of(what, 3, true));
    all.insert(png);
  }
  EXPECT_EQ(all.size(), 5U);
}

TEST(WardPlan, has_a_login_of_every_role_and_nobody_works_twice) {
  const WardPlan plan = plan_ward({2, 60, 1});
  std::set<std::string> names, persons, roles;
  for (const PlannedLogin& login : logins(plan)) {
    EXPECT_TRUE(names.insert(login.words.login).second) << login.words.login;
    if (login.words.person) { EXPECT_TRUE(persons.insert(*login.words.person).second) << login.words.login; }
    if (!login.does.empty()) roles.insert(login.words.role);
  }
  for (const char* role : {"operator", "street", "community", "property", "bureau", "guard", "worker", "doctor", "merchant",
                           "integrator", "resident", "viewer", kInspectorRole})
    EXPECT_TRUE(roles.contains(role)) << role;
  for (const PlannedShift& shift : shifts(plan))
    for (const auto& person : shift.words.persons) EXPECT_TRUE(persons.contains(person.text)) << shift.id.text;
}

/// A district with three days behind it, as the demo finds it at its start.
class WardPast : public testing::Test {
 protected:
  void SetUp() override {
    config::Config config;
    config.accounts.password_passes = 1;
    config.accounts.password_memory_kib = 8;
    Begin begin{{2, 90, 1}, "a-made-up-password-7", 3, 2, 480};
    try {
      begin_ward(config, database_.directory(), begin, plan_ward(begin.size), now_, [this](const std::string& said) { told_ = said; });
    } catch (const Refusal& refusal) {
      FAIL() << refusal.code << ": " << refusal.detail;
    }
    database_again_ = open_database(config, database_.directory(), now_);
    session_ = database_again_->connect();
  }
  std::int64_t count(const std::string& sql) { return Reader(*session_).value<std::int64_t>(sql).value_or(0); }

  const Time now_ = from_ms(1'790'000'000'000);
  TestDatabase database_{db::Engine::sqlite};
  std::string told_;
  std::unique_ptr<db::Database> database_again_;
  std::unique_ptr<db::Session> session_;
};

TEST_F(WardPast, holds_cases_of_every_state_and_circle_and_evaluations_good_and_bad) {
  for (const char* state : {"reported", "assigned", "accepted", "handled", "verified", "closed", "deferred", "merged", "refused", "reopened"})
    EXPECT_GT(count(fmt::format("SELECT count(*) FROM cases WHERE state = '{}'", state)), 0) << state;
  for (const char* circle : {"micro", "small", "great"})
    EXPECT_GT(count(fmt::format("SELECT count(*) FROM cases WHERE circle = '{}'", circle)), 0) << circle;
  EXPECT_GT(count("SELECT count(*) FROM evaluations WHERE score >= 4"), 0);
  EXPECT_GT(count("SELECT count(*) FROM evaluations WHERE score <= 2"), 0);
  EXPECT_GT(count("SELECT count(*) FROM cases_diary WHERE code = 'escalate'"), 0) << "nobody was late";
  EXPECT_GT(count("SELECT count(*) FROM notices WHERE class = 'announcement'"), 0);
  EXPECT_GT(count("SELECT count(*) FROM actions"), 0);
  EXPECT_GT(count("SELECT count(*) FROM files_uses WHERE owner_kind = 'case'"), 0) << "nobody took a picture";
  EXPECT_NE(told_.find(" 0 refused"), std::string::npos) << told_;
}

TEST_F(WardPast, has_machines_that_mostly_did_within_seconds_what_they_were_told) {
  const auto answered = count("SELECT count(*) FROM devices_commands WHERE state = 'answered'");
  EXPECT_GT(answered, 0);
  EXPECT_GT(answered, count("SELECT count(*) FROM devices_commands WHERE state <> 'answered'"));
  EXPECT_EQ(count("SELECT count(*) FROM devices_commands WHERE state = 'answered' AND answered_at > asked_at + 60000"), 0);
  EXPECT_GT(count("SELECT count(*) FROM actions WHERE state IN ('done', 'held', 'released')"), 0);
}

TEST(WardBegin, ends_when_somebody_wants_it_to_and_says_that_it_is_no_district) {
  config::Config config;
  config.accounts.password_passes = 1;
  config.accounts.password_memory_kib = 8;
  for (const int patience : {0, 60}) {
    TestDatabase database(db::Engine::sqlite);
    int asked = 0;
    const Begin begin{{2, 90, 1}, "a-made-up-password-7", 3, 2, 480, [&] { return ++asked > patience; }};
    EXPECT_FALSE(begin_ward(config, database.directory(), begin, plan_ward(begin.size), from_ms(1'790'000'000'000), [](const std::string&) {}));
    EXPECT_GT(asked, patience);
  }
}

TEST_F(WardPast, has_a_household_for_every_home_and_everybody_on_duty_is_a_person) {
  EXPECT_EQ(count("SELECT count(*) FROM people_households WHERE kind <> 'dormitory'"), 90);
  EXPECT_GT(count("SELECT count(*) FROM people_persons"), 150);
  EXPECT_EQ(count("SELECT count(*) FROM rosters_shift_persons WHERE person NOT IN (SELECT id FROM people_persons)"), 0);
  EXPECT_GT(count("SELECT count(*) FROM people_organisations"), 15);
  EXPECT_EQ(count("SELECT count(*) FROM people_helpers"), 1);
}

}  // namespace
}  // namespace lifang::ward
