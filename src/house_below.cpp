#include "house_below.hpp"

#include <algorithm>

#include "house.hpp"
#include "platform/bus/typed.hpp"
#include "rooms/cases/cases_catalogue.hpp"

namespace lifang {
namespace {

/// 数据哨 where figures raised it, 科技哨 where a device saw something or fell silent, 智能哨 where the rule weighs both.
cases::WhistleKind whistle_of(const rules::Rule& rule) {
  rules::Rule raised;
  raised.raise = rule.raise;
  const rules::Mentions seen = rules::mentions(raised);
  if (seen.metrics.empty()) return cases::WhistleKind::technology;
  return seen.detections.empty() ? cases::WhistleKind::data : cases::WhistleKind::intelligence;
}

}  // namespace

devices::Below below_devices(House& house) {
  devices::Below below;
  below.warnings = [&house](Reader& reader, const devices::Profile& before, const devices::ProfileWords& after) {
    rules::Warnings warnings = house.rules.warnings_of(reader, before, after);
    return devices::Below::Warnings{std::move(warnings.en), std::move(warnings.zh)};
  };
  below.ahead = [&house](std::uint32_t device) {
    // A device's clock may run a little before ours; a minute is worth no word.
    const std::int64_t soon = to_ms(house.world.clock.now()) + 60'000;
    std::optional<Time> ahead;
    house.readings.each_latest(device, [&](std::uint16_t, const readings::Point& point) {
      if (point.ts > soon && (!ahead || from_ms(point.ts) > *ahead)) ahead = from_ms(point.ts);
    });
    return ahead;
  };
  return below;
}

rules::Rules::Known known_to_rules(House& house) {
  return {[&house](Reader& reader, const std::string& kind) {
            const auto found = house.cases.catalogue().find(reader, kind);
            return found && !found->retired;
          },
          [](Reader& reader, rules::Rules::Whom whom, const std::string& id) {
            if (!is_client_id(id)) return false;
            if (whom == rules::Rules::Whom::post) return rosters::Rosters::is_known(reader, rosters::PostId{id});
            return people::People::find_organisation(reader, people::OrganisationId{id}).has_value();
          }};
}

void hear_of_situations(House& house) {
  bus::hear<situations::Rose>(house.bus, "cases", [&house](Tx& tx, const situations::Rose& rose, const bus::Told&) {
    house.cases.situation_rose(tx,
                               {rose.situation.text, std::string(enum_name(rose.severity)), rose.text, rose.text_en});
  });
  bus::hear<situations::Cleared>(house.bus, "cases", [&house](Tx& tx, const situations::Cleared& cleared, const bus::Told&) {
    if (!cleared.unmeasured) return house.cases.situation_cleared(tx, cleared.situation.text, cleared.ended_at);
    const bool removed = *cleared.unmeasured == situations::Unmeasured::device_removed;
    house.cases.situation_ended(tx, cleared.situation.text, cleared.ended_at,
                                removed ? cases::Said{"设备已撤除，须人工核实", "The device was removed; a person must verify it"}
                                        : cases::Said{"态势由人工结束，须人工核实", "The situation was ended by hand; a person must verify it"});
  });
  const auto end = [&house](Tx& tx, const situations::SituationId& id) {
    const auto situation = situations::Situations::find(tx, id);
    if (situation && situation->state == situations::State::open)
      house.rules.live().end(tx, situation->device.text, situation->rule.text);
  };
  bus::hear<situations::MarkedFalse>(house.bus, "rules", [end](Tx& tx, const situations::MarkedFalse& marked, const bus::Told&) {
    if (marked.false_alarm) end(tx, marked.situation);
  });
  for (const char* topic : {"cases.closed", "cases.false_alarm", "cases.refused"})
    house.bus.hear("rules", topic, [end](Tx& tx, const bus::Told& told) {
      for (const std::string& situation : cases::Cases::standing_behind(tx, from_json<cases::Step>(told.body).case_))
        end(tx, situations::SituationId{situation});
    });
}

void whistle_by_rule(House& house, Tx& tx, const cases::CaseId& id, const std::string& situation, const rules::Rule& rule) {
  const auto about = house.cases.find(tx, id);
  if (!about || about->cause != situation || !cases::is_open(about->state)) return;
  for (const rules::Action& action : rule.actions) {
    const auto* whistle = std::get_if<rules::Whistle>(&action);
    if (whistle == nullptr) continue;
    cases::Words words;
    words.note = "按规则“" + rule.name + "”吹哨";
    words.whistle = whistle_of(rule);
    words.report_in = whistle->report_in;
    words.call.emplace();
    for (const std::string& organisation : whistle->organisations)
      if (std::find(words.call->begin(), words.call->end(), cases::OrganisationId{organisation}) == words.call->end())
        words.call->emplace_back(organisation);
    house.cases.move(tx, Caller::system(), id, cases::Move::whistle, words);
  }
}

}  // namespace lifang
