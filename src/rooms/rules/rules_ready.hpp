// Ready-made rules: what most compounds want to be told of, as data of the program. A part of the door of rules.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "rooms/devices/devices_ready.hpp"
#include "rooms/rules/rules.hpp"

namespace lifang::rules {

using devices::ReadyState;
using devices::Tongue;

/// One line of data/rules.json. `rule`: as in PUT /api/v1/rules/{id}, without name and applies_to.
struct ReadyWords {
  RuleId id;
  std::int64_t version = 1;
  std::string name, name_en;
  devices::ProfileId profile;
  JsonObject rule;
};
BOOST_DESCRIBE_STRUCT(ReadyWords, (), (id, version, name, name_en, profile, rule))

struct ReadyRule : ReadyWords {
  static constexpr std::string_view schema_name = "rules.ReadyRule";
  ReadyState standing = ReadyState::absent;
  devices::ReadyState profile_standing = devices::ReadyState::absent;  ///< of the type of device that it judges
};
BOOST_DESCRIBE_STRUCT(ReadyRule, (ReadyWords), (standing, profile_standing))

/// A type of device that is not here yet is adopted along. `activate`: they judge at once.
struct AdoptRules {
  std::vector<std::string> ids;
  std::optional<Tongue> tongue;
  std::optional<bool> replace, activate;
};
BOOST_DESCRIBE_STRUCT(AdoptRules, (), (ids, tongue, replace, activate))

std::vector<ReadyRule> ready_rules(Reader& reader);
std::optional<ReadyRule> ready_rule(Reader& reader, const std::string& id);

/// How a rule that the program brought along is called in the tongue; a name that people gave stays as it is.
std::string rule_name_in(Tongue tongue, std::string_view rule, const std::string& name);

/// Keeps them as rules, all or none. Right rules.write over everything, and devices.write where a type is missing.
/// @throws Refusal invalid rules.unknown_ready at /ids/N; conflict rules.ready_changed
std::vector<ReadyRule> adopt(Tx& tx, Rules& rules, devices::Devices& devices, const Caller& caller, const AdoptRules& words);

}  // namespace lifang::rules
