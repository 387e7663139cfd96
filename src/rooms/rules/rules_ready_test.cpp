// Ready-made types of devices and rules: every one of them can be adopted, and stands as it is described.
#include "rooms/rules/rules_ready.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/reflect.hpp"
#include "rooms/cases/cases_catalogue.hpp"
#include "support/house_fixture.hpp"

namespace lifang::rules {
namespace {

class ReadyMade : public HouseTest {
 protected:
  std::vector<ReadyRule> rules() { return ask([](Reader& r) { return ready_rules(r); }); }
  std::vector<devices::ReadyProfile> profiles() { return ask([](Reader& r) { return devices::ready_profiles(r); }); }
  std::vector<ReadyRule> take(const AdoptRules& words) {
    return act([&](Tx& tx) { return adopt(tx, house_.rules, house_.devices, root_, words); });
  }
  template <class T>
  static std::vector<std::string> ids_of(const std::vector<T>& all) {
    std::vector<std::string> ids;
    for (const T& t : all) ids.push_back(t.id.text);
    return ids;
  }
};
BOTH_ENGINES(ReadyMade);

TEST_P(ReadyMade, every_type_is_adopted_as_the_page_used_to_keep_it) {
  EXPECT_EQ(profiles().size(), 24U);
  act([&](Tx& tx) { return devices::adopt(tx, house_.devices, root_, {ids_of(profiles()), {}, {}}); });
  for (const auto& p : profiles()) EXPECT_EQ(p.standing, devices::ReadyState::same) << p.id.text;
  const auto bin = ask([](Reader& r) { return devices::Devices::get_profile(r, devices::ProfileId{"bin"}); });
  EXPECT_EQ(lifang::to_json(bin),
            R"({"id":"bin","name":"垃圾桶","metrics":[{"id":"level","name":"满溢度","unit":"%","min":0,"max":110},)"
            R"({"id":"weight","name":"重量","unit":"kg","min":0,"max":400}],"commands":[],"detections":[],"silent_after":"PT6H"})");
  const auto lift = ask([](Reader& r) { return devices::Devices::get_profile(r, devices::ProfileId{"lift"}); });
  EXPECT_EQ(lift.commands.at(1).params->text, R"({"reason":"ebike"})");
  EXPECT_EQ(lift.detections, (std::vector<std::string>{"ebike_in_lift", "ebike_in_lift_over"}));
}

TEST_P(ReadyMade, every_rule_is_adopted_with_its_type_compiles_and_opens_a_kind_that_there_is) {
  EXPECT_EQ(rules().size(), 30U);
  const AdoptRules everything{ids_of(rules()), {}, {}, true};
  for (const ReadyRule& rule : take(everything)) {
    EXPECT_EQ(rule.standing, ReadyState::same) << rule.id.text;
    EXPECT_EQ(rule.profile_standing, ReadyState::same) << rule.id.text;
    const auto kept = ask([&](Reader& r) { return Rules::get(r, rule.id); });
    EXPECT_EQ(kept.state, State::active);
    EXPECT_EQ(kept.name, rule.name);
    const auto words = parse_json(kept.rule.text).as_object();
    const auto* opens = words.if_contains("case");
    const auto kind = opens ? std::string(opens->as_string()) : "other";
    EXPECT_TRUE(ask([&](Reader& r) { return house_.cases.catalogue().find(r, kind).has_value(); })) << kind;
    EXPECT_TRUE(act([&](Tx& tx) { return house_.rules.put(tx, root_, rule.id, kept.rule.text); }).warnings.empty())
        << rule.id.text << " says what its type of device says";
  }
  take(everything);
  EXPECT_EQ(ask([&](Reader& r) { return Rules::get(r, RuleId{"smoke"}); }).version, 1) << "again is no new version";
}

TEST_P(ReadyMade, names_are_there_in_both_tongues_whichever_they_were_taken_over_in) {
  for (const auto& p : profiles()) {
    EXPECT_EQ(devices::profile_name_in(devices::Tongue::en, p.id.text, p.name), p.name_en);
    EXPECT_EQ(devices::profile_name_in(devices::Tongue::zh, p.id.text, p.name_en), p.name);
    for (const auto& m : p.metrics) EXPECT_EQ(devices::metric_in(devices::Tongue::en, p.id.text, m.id, m.name), m.name_en);
  }
  for (const auto& r : rules()) EXPECT_EQ(rule_name_in(devices::Tongue::en, r.id.text, r.name), r.name_en);
  EXPECT_EQ(devices::profile_name_in(devices::Tongue::en, "bin", "东门的桶"), "东门的桶") << "what people call it stands";
  EXPECT_EQ(devices::metric_in(devices::Tongue::en, "bin", "level", "有多满"), "有多满");
  EXPECT_EQ(rule_name_in(devices::Tongue::en, "nobody-made-it", "自己的规则"), "自己的规则");
}

TEST_P(ReadyMade, a_lift_is_held_only_where_the_operator_switched_it_on) {
  for (const ReadyRule& ready : rules()) {
    if (ready.rule.text.find(R"("command":"hold")") == std::string::npos) continue;
    take({{ready.id.text}, {}, {}, {}});
    const auto kept = parse_json(ask([&](Reader& r) { return Rules::get(r, ready.id); }).rule.text);
    EXPECT_EQ(boost::json::serialize(kept.at("applies_to").at("tags")), R"(["hold-for-ebikes"])") << ready.id.text;
  }
}

TEST_P(ReadyMade, what_people_changed_is_left_alone_unless_they_say_so) {
  take({{"dust"}, devices::Tongue::en, {}, {}});
  EXPECT_EQ(ask([&](Reader& r) { return Rules::get(r, RuleId{"dust"}); }).name, "Dust");
  EXPECT_EQ(ask([&](Reader& r) { return ready_rule(r, "dust"); })->standing, ReadyState::same);
  EXPECT_EQ(ask([&](Reader& r) { return Rules::get(r, RuleId{"dust"}); }).state, State::draft);
  act([&](Tx& tx) {
    return house_.rules.put(tx, root_, RuleId{"dust"},
                            R"({"name":"扬尘","applies_to":{"profile":"air-station"},"raise":{"when":{"metric":"pm25","op":">","value":100}},"severity":"info"})");
  });
  EXPECT_EQ(ask([&](Reader& r) { return ready_rule(r, "dust"); })->standing, ReadyState::changed);
  const auto again = [&](bool replace) {
    return refused([&](Tx& tx) { adopt(tx, house_.rules, house_.devices, root_, {{"dust"}, {}, replace, {}}); });
  };
  EXPECT_EQ(again(false), "rules.ready_changed");
  EXPECT_EQ(again(true), "");
  EXPECT_EQ(ask([&](Reader& r) { return ready_rule(r, "dust"); })->standing, ReadyState::same);
  devices::ProfileWords own;
  own.name = "我们的空气站";
  act([&](Tx& tx) { return house_.devices.put_profile(tx, root_, devices::ProfileId{"air-station"}, own); });
  EXPECT_EQ(refused([&](Tx& tx) { devices::adopt(tx, house_.devices, root_, {{"smoke", "air-station"}, {}, {}}); }), "devices.ready_changed");
  EXPECT_EQ(ask([&](Reader& r) { return devices::ready_profile(r, "smoke"); })->standing, devices::ReadyState::absent) << "all or none";
  EXPECT_EQ(refused([&](Tx& tx) { devices::adopt(tx, house_.devices, root_, {{"no-such"}, {}, {}}); }), "devices.unknown_ready");
  EXPECT_EQ(refused([&](Tx& tx) { adopt(tx, house_.rules, house_.devices, root_, {{"no-such"}, {}, {}, {}}); }), "rules.unknown_ready");
  const Caller nobody{"account_n", {}, "n", {}, {}, {{"rules.write", "/"}}};
  EXPECT_EQ(refused([&](Tx& tx) { adopt(tx, house_.rules, house_.devices, nobody, {{"smoke"}, {}, {}, {}}); }), "access.no_right")
      << "a missing type takes the right to make it";
}

}  // namespace
}  // namespace lifang::rules
