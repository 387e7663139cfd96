#include "rooms/devices/devices.hpp"
#include "rooms/devices/devices_rules.hpp"

#include "base/reflect.hpp"
#include "support/house_fixture.hpp"

namespace lifang::devices {
namespace {

using namespace std::chrono_literals;

class DevicesRoom : public HouseTest {
 protected:
  DevicesRoom() {
    act([&](Tx& tx) {
      house_.places.put(tx, root_, places::PlaceId{"ward"}, {places::Kind::compound, "里坊", {}, {}, {}, {}, {}});
      house_.devices.put_profile(tx, root_, ProfileId{"air"}, air());
    });
  }
  static ProfileWords air() {
    ProfileWords words;
    words.name = "空气站";
    words.metrics = {{{"pm25", "PM2.5", "µg/m³", JsonAny{"0"}, JsonAny{"2000"}},
                      {"cars", {}, {}, JsonAny{"0"}, JsonAny{R"({"attribute":"capacity"})"}}}};
    words.commands = {{{"set_mist", {}}}};
    return words;
  }
  DeviceWords words() {
    DeviceWords w;
    w.profile = ProfileId{"air"};
    w.place = places::PlaceId{"ward"};
    return w;
  }
  Kept put(const std::string& id, DeviceWords w) {
    return act([&](Tx& tx) { return house_.devices.put(tx, root_, DeviceId{id}, w); });
  }
  const Registry& registry() { return house_.devices.registry(); }
};
BOTH_ENGINES(DevicesRoom);

TEST_P(DevicesRoom, a_secret_is_made_once_shown_once_and_stored_as_a_hash) {
  const Kept first = put("air-1", words());
  ASSERT_TRUE(first.secret);
  EXPECT_GE(first.secret->size(), 32U);
  const Kept second = put("air-1", words());
  EXPECT_FALSE(second.secret);
  const auto entry = registry().find("air-1");
  ASSERT_TRUE(entry);
  EXPECT_NE(entry->secret, *first.secret);
  EXPECT_EQ(registry().by_secret(house_.vault.blind_index("devices.secret", *first.secret)), entry);
}

TEST_P(DevicesRoom, two_devices_with_one_secret_cannot_use_it_as_a_token) {
  auto w = words();
  w.secret = "a-shared-secret";
  put("air-1", w);
  put("air-2", w);
  EXPECT_EQ(registry().by_secret(house_.vault.blind_index("devices.secret", "a-shared-secret")), nullptr);
  w.secret.reset();
  EXPECT_TRUE(put("air-2", w).secret_shared) << "and whoever keeps one of them is told";
  w.secret = "a-secret-of-its-own";
  EXPECT_FALSE(put("air-2", w).secret_shared);
}

TEST_P(DevicesRoom, a_bound_may_be_an_attribute_of_the_device) {
  auto w = words();
  w.attributes = JsonObject{R"({"capacity":50})"};
  put("park", w);
  auto entry = registry().find("park");
  const auto* cars = entry->profile->find("cars");
  ASSERT_TRUE(cars);
  EXPECT_TRUE(entry->suspect(*cars, 51));
  EXPECT_FALSE(entry->suspect(*cars, 50));
  act([&](Tx& tx) { house_.devices.set_attributes(tx, root_, DeviceId{"park"}, R"({"capacity":100})"); });
  EXPECT_TRUE(entry->stale);
  EXPECT_FALSE(registry().find("park")->suspect(*registry().find("park")->profile->find("cars"), 51));
  act([&](Tx& tx) { house_.devices.set_attributes(tx, root_, DeviceId{"park"}, R"({"capacity":null})"); });
  EXPECT_FALSE(registry().find("park")->suspect(*registry().find("park")->profile->find("cars"), 1e9));
}

TEST_P(DevicesRoom, refuses_words_that_are_off_and_names_the_leaf) {
  auto w = words();
  w.secret = "short";
  EXPECT_EQ(refused([&](Tx& tx) { house_.devices.put(tx, root_, DeviceId{"x"}, w); }), "devices.bad_secret");
  w = words();
  w.profile = ProfileId{"none"};
  EXPECT_EQ(refused([&](Tx& tx) { house_.devices.put(tx, root_, DeviceId{"x"}, w); }), "devices.unknown_profile");
  w = words();
  w.place = places::PlaceId{"nowhere"};
  EXPECT_EQ(refused([&](Tx& tx) { house_.devices.put(tx, root_, DeviceId{"x"}, w); }), "places.unknown");
  w = words();
  w.gateway = DeviceId{"x"};
  EXPECT_EQ(refused([&](Tx& tx) { house_.devices.put(tx, root_, DeviceId{"x"}, w); }), "devices.bad_gateway");
  auto p = air();
  (*p.metrics)[0].min = JsonAny{"\"low\""};
  try {
    act([&](Tx& tx) { house_.devices.put_profile(tx, root_, ProfileId{"bad"}, p); });
    FAIL();
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.field, "/metrics/0/min");
  }
  EXPECT_EQ(registry().size(), 0U);
}

TEST_P(DevicesRoom, a_new_metric_has_an_id_that_can_be_asked_for_and_an_old_one_stays) {
  for (const char* id : {"a/b", "a\\b", "a\nb", "a\x7f"}) {
    auto p = air();
    (*p.metrics)[1].id = id;
    try {
      act([&](Tx& tx) { house_.devices.put_profile(tx, root_, ProfileId{"air"}, p); });
      ADD_FAILURE() << id;
    } catch (const Refusal& refusal) {
      EXPECT_EQ(refusal.field, "/metrics/1/id") << id;
    }
    EXPECT_NO_THROW(check_new_metrics(*p.metrics, {{id, {}, {}, {}, {}}, (*p.metrics)[0]})) << "what was kept once stays usable";
  }
  auto p = air();
  (*p.metrics)[1].id = "rh % 相对湿度";
  act([&](Tx& tx) { house_.devices.put_profile(tx, root_, ProfileId{"air"}, p); });
}

TEST_P(DevicesRoom, a_gateways_right_to_speak_is_given_kept_and_taken_away) {
  put("gw-1", words());
  auto w = words();
  w.gateway = DeviceId{"gw-1"};
  EXPECT_EQ(put("air-1", w).gateway, DeviceId{"gw-1"});
  const auto said = [&](const std::string& gateway) {
    return put("air-1", from_json<DeviceWords>(R"({"profile":"air","place":"ward")" + gateway + "}")).gateway;
  };
  EXPECT_EQ(said(""), DeviceId{"gw-1"}) << "unsaid changes nothing";
  EXPECT_EQ(registry().find("air-1")->gateway, "gw-1");
  EXPECT_EQ(said(R"(,"gateway":null)"), std::nullopt);
  EXPECT_EQ(registry().find("air-1")->gateway, "") << "and the porch knows it";
  EXPECT_EQ(said(""), std::nullopt);
  EXPECT_EQ(said(R"(,"gateway":"gw-1")"), DeviceId{"gw-1"});
}

TEST_P(DevicesRoom, a_command_waits_is_sent_and_answered) {
  put("mist", words());
  const Command command = act([&](Tx& tx) {
    return house_.devices.command(tx, root_, DeviceId{"mist"}, {"set_mist", JsonObject{R"({"on":true})"}}, "situation_x", 1min);
  });
  EXPECT_EQ(ask([](Reader& r) { return devices::Devices::waiting_for(r, DeviceId{"mist"}).size(); }), 1U);
  act([&](Tx& tx) { house_.devices.sent(tx, command.id); });
  EXPECT_TRUE(act([&](Tx& tx) { return house_.devices.answered(tx, DeviceId{"mist"}, command.number, R"({"ok":true})"); }));
  EXPECT_FALSE(act([&](Tx& tx) { return house_.devices.answered(tx, DeviceId{"mist"}, command.number, "{}"); }));
  const auto ended = ask([&](Reader& r) { return devices::Devices::find_command(r, command.id); });
  EXPECT_EQ(ended->state, CommandState::answered);
  EXPECT_EQ(ended->cause, "situation_x");
  pass(2min);
  EXPECT_EQ(ask([&](Reader& r) { return devices::Devices::find_command(r, command.id); })->state, CommandState::answered);
}

TEST_P(DevicesRoom, a_command_expires_when_nobody_answers_in_time) {
  put("mist", words());
  const Command command = act([&](Tx& tx) {
    return house_.devices.command(tx, root_, DeviceId{"mist"}, {"set_mist", {}}, "", 1min);
  });
  pass(59s);
  EXPECT_EQ(ask([&](Reader& r) { return devices::Devices::find_command(r, command.id); })->state, CommandState::waiting);
  pass(1s);
  EXPECT_EQ(ask([&](Reader& r) { return devices::Devices::find_command(r, command.id); })->state, CommandState::expired);
  EXPECT_EQ(refused([&](Tx& tx) { house_.devices.command(tx, root_, DeviceId{"mist"}, {"explode", {}}, "", 1min); }),
            "devices.unknown_command");
}

TEST_P(DevicesRoom, a_removed_device_may_speak_no_more_and_comes_back_with_its_number) {
  put("air-1", words());
  const auto number = registry().find("air-1")->number;
  act([&](Tx& tx) { house_.devices.remove(tx, root_, DeviceId{"air-1"}); });
  EXPECT_EQ(registry().find("air-1"), nullptr);
  EXPECT_TRUE(put("air-1", words()).secret);
  EXPECT_EQ(registry().find("air-1")->number, number);
}

TEST_P(DevicesRoom, a_maintenance_window_is_ended_once_or_withdrawn_before_it_begins) {
  const DeviceId air{"air-1"};
  put("air-1", words());
  put("air-2", words());
  const auto maintain = [&](Duration from, Duration to) {
    return act([&](Tx& tx) {
      return house_.devices.maintain(tx, root_, air, {tx.now() + from, tx.now() + to, "换滤膜"}).id;
    });
  };
  const auto end = [&](Tx& tx, const DeviceId& device, const MaintenanceId& id) {
    return house_.devices.end_maintenance(tx, root_, device, id);
  };
  const auto running = maintain(0min, 60min), planned = maintain(60min, 120min), over = maintain(0min, 1min);
  pass(10min);
  const Time now = world_.clock.now();
  const Maintenance ended = act([&](Tx& tx) { return end(tx, air, running); });
  EXPECT_EQ(ended.ends, now);
  EXPECT_EQ(ended.ended_at, now);
  const Maintenance withdrawn = act([&](Tx& tx) { return end(tx, air, planned); });
  EXPECT_EQ(withdrawn.ends, withdrawn.begins);
  EXPECT_EQ(withdrawn.ended_at, now);
  for (const auto& id : {running, planned, over})
    EXPECT_EQ(refused([&](Tx& tx) { end(tx, air, id); }), "devices.window_over");
  const auto open = maintain(0min, 60min);
  EXPECT_EQ(refused([&](Tx& tx) { end(tx, DeviceId{"air-2"}, open); }), "devices.unknown_window");
  Caller looker{"account_x", "", "looker", "", "", {{"devices.read", "/"}}};
  EXPECT_EQ(refused([&](Tx& tx) { house_.devices.end_maintenance(tx, looker, air, open); }), "access.no_right");
  EXPECT_FALSE(ask([&](Reader& r) { return Devices::find_maintenance(r, air, open); })->ended_at);
}

TEST_P(DevicesRoom, a_removed_device_takes_its_maintenance_along) {
  const DeviceId air{"air-1"};
  put("air-1", words());
  const auto maintain = [&](Duration from) {
    return act([&](Tx& tx) {
      return house_.devices.maintain(tx, root_, air, {tx.now() + from, tx.now() + 9h, "换滤膜"}).id;
    });
  };
  const auto running = maintain(0h), planned = maintain(1h);
  pass(1min);
  act([&](Tx& tx) { house_.devices.remove(tx, root_, air); });
  const Time gone = world_.clock.now();
  put("air-1", words());
  const auto window = [&](const MaintenanceId& id) { return *ask([&](Reader& r) { return Devices::find_maintenance(r, air, id); }); };
  EXPECT_EQ(window(running).ends, gone);
  EXPECT_EQ(window(planned).ends, window(planned).begins);
}

TEST_P(DevicesRoom, the_registry_is_the_same_after_a_restart) {
  auto w = words();
  w.attributes = JsonObject{R"({"capacity":50})"};
  put("park", w);
  devices::Devices again(house_.bus, house_.jobs, house_.vault);
  act([&](Tx& tx) { again.open(tx); });
  const auto before = registry().find("park"), after = again.registry().find("park");
  ASSERT_TRUE(after);
  EXPECT_EQ(after->secret, before->secret);
  EXPECT_EQ(after->bounds, before->bounds);
  EXPECT_EQ(after->profile->find("cars")->number, before->profile->find("cars")->number);
}

}  // namespace
}  // namespace lifang::devices
