#include "rooms/rules/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/check.hpp"
#include "base/reflect.hpp"
#include "platform/bus/typed.hpp"
#include "rooms/rules/rules_store.hpp"

namespace lifang::rules {
namespace {

State state_of(const store::Row& row, const VersionView& newest) {
  if (row.active == row.latest) return State::active;
  return row.active == 0 && newest.activated_at ? State::retired : State::draft;
}

RuleView view_of(Reader& reader, const store::Row& row) {
  const auto version = store::version(reader, row.id, row.latest);
  check(version.has_value(), "a rule has its newest version");
  return {RuleId{row.id}, parse_rule(version->rule.text).name, row.latest, row.active, state_of(row, *version), version->rule, 0, 0, {}};
}

RuleId silence_of(const devices::ProfileId& profile) { return RuleId{"silent." + profile.text}; }

/// Whether nobody but the machine wrote its last version.
bool is_machines(Reader& reader, const store::Row& row) {
  const auto latest = store::version(reader, row.id, row.latest);
  return latest && latest->by == Caller::system().account;
}

store::Row known(Reader& reader, const RuleId& id) {
  const auto row = store::find(reader, id.text);
  if (!row) throw missing("rules.unknown", "no such rule");
  return *row;
}

}  // namespace

Rules::Rules(bus::Bus& bus, jobs::Jobs& jobs, devices::Devices& devices, readings::Readings& readings, int offset_minutes)
    : bus_(bus), devices_(devices), live_(jobs, devices, readings, offset_minutes) {}

namespace {

std::vector<RulePtr> active_rules(Reader& reader) {
  std::vector<RulePtr> active;
  for (std::string after;;) {
    const auto page = store::list(reader, after, 500);
    for (const store::Row& row : page)
      if (row.active > 0) active.push_back(store::load(reader, row, row.active));
    if (page.size() < 500) return active;
    after = page.back().id;
  }
}

}  // namespace

void Rules::open(Tx& tx) { live_.open(tx, active_rules(tx)); }

namespace {

/// Not while reading: versions that were kept before this was asked must be read on.
void refuse_bad_posts(const Rule& rule) {
  for (std::size_t i = 0; i < rule.actions.size(); ++i)
    if (const auto* notify = std::get_if<Notify>(&rule.actions[i]); notify != nullptr && !is_client_id(notify->whom))
      throw invalid("json.bad_id", fmt::format("/actions/{}/notify", i), "not an id");
}

/// 《人脸识别技术应用安全管理办法》(2025) art. 10: a face is never the only way in. Neither may it be the only reason why a
/// machine moves; an interlock is a bar, not a second factor.
void refuse_face_alone(const Rule& rule) {
  if (!raises_on_face_alone(rule)) return;
  for (std::size_t i = 0; i < rule.actions.size(); ++i)
    if (std::holds_alternative<Command>(rule.actions[i]))
      throw invalid("rules.face_alone", fmt::format("/actions/{}/command", i),
                    "a face alone moves no machine: let the rule ask for a second factor beside it, such as the card that was read");
}

}  // namespace

Kept Rules::put(Tx& tx, const Caller& caller, const RuleId& id, const std::string& words) {
  caller.must("rules.write", "/");
  const Rule rule = parse_rule(words);
  refuse_bad_posts(rule);
  refuse_face_alone(rule);
  const std::string canonical = rules::to_json(rule);
  auto row = store::find(tx, id.text);
  if (!row) row = store::Row{id.text, store::last_number(tx) + 1, 0, 0};
  auto latest = store::version(tx, id.text, row->latest);
  if (!latest || latest->rule.text != canonical) {
    ++row->latest;
    latest = VersionView{row->latest, tx.now(), caller.account, {}, {canonical}};
    store::add_version(tx, id.text, *latest);
    store::keep(tx, *row);
    bus::tell(bus_, tx, RuleKept{id, row->latest}, {id.text, "/", {}, caller.account});
  }
  Warnings warnings = warnings_of(tx, rule);
  return {id, row->latest, state_of(*row, *latest), std::move(warnings.en), std::move(warnings.zh)};
}

/// By name, or because one of its devices is among those that the rule judges.
bool Rules::judges(const Rule& rule, const std::string& profile) const {
  if (!rule.applies_to.profile.empty()) return rule.applies_to.profile == profile;
  const RuleSet alone({std::make_shared<RuleVersion>(RuleVersion{0, 1, "alone", rule})});
  const auto all = devices_.registry().all();
  return std::any_of(all.begin(), all.end(), [&](const devices::DevicePtr& device) {
    return device && device->profile->id == profile &&
           !alone.applying({device->id, profile, device->tags, places::Places::ids_in(device->path)}).empty();
  });
}

Warnings Rules::warnings_of(Reader& reader, const devices::Profile& before, const devices::ProfileWords& after) const {
  struct Lost {
    std::string en, zh;
  };
  std::map<std::string, Lost> metrics, kinds;
  const std::vector<devices::Metric> now = after.metrics.value_or(std::vector<devices::Metric>{});
  for (const devices::Metric& was : before.metrics) {
    const auto is = std::find_if(now.begin(), now.end(), [&](const devices::Metric& m) { return m.id == was.id; });
    const std::string from = was.unit.value_or(""), to = is == now.end() ? "" : is->unit.value_or("");
    if (is == now.end()) metrics[was.id] = {"metric " + was.id + " goes", "指标 " + was.id + " 被去掉"};
    else if (from != to)
      metrics[was.id] = {fmt::format("metric {} changes its unit from “{}” to “{}”", was.id, from, to),
                         fmt::format("指标 {} 的单位由“{}”改为“{}”", was.id, from, to)};
  }
  const std::vector<std::string> seen = after.detections.value_or(std::vector<std::string>{});
  for (const std::string& kind : before.detections)
    if (std::find(seen.begin(), seen.end(), kind) == seen.end()) kinds[kind] = {"detection " + kind + " goes", "识别类型 " + kind + " 被去掉"};
  Warnings warnings;
  if (const RuleId silence = silence_of(before.id); before.silent_after != after.silent_after && is_client_id(silence.text)) {
    const auto row = store::find(reader, silence.text);
    if (row && !is_machines(reader, *row))
      warnings.add(fmt::format("silent_after: a person changed the rule {}: it stays as it is", silence.text),
                   fmt::format("失联时限：规则 {} 已由人工修改，保持不变", silence.text));
  }
  if (metrics.empty() && kinds.empty()) return warnings;
  for (const RulePtr& active : active_rules(reader)) {
    const Mentions named = mentions(active->rule);
    const auto warn = [&](const std::map<std::string, Lost>& lost, const std::vector<std::string>& of) {
      for (const std::string& name : of)
        if (const auto found = lost.find(name); found != lost.end() && judges(active->rule, before.id.text))
          warnings.add(fmt::format("{}: the active rule {} ({}) stands on it", found->second.en, active->id, active->rule.name),
                       fmt::format("{}：正在生效的规则 {}（{}）以它为据", found->second.zh, active->id, active->rule.name));
    };
    warn(metrics, named.metrics);
    warn(kinds, named.detections);
  }
  return warnings;
}

Kept Rules::activate(Tx& tx, const Caller& caller, const RuleId& id) {
  caller.must("rules.write", "/");
  store::Row row = known(tx, id);
  if (row.active != row.latest) {
    row.active = row.latest;
    store::keep(tx, row);
    store::stamp_activated(tx, id.text, row.active);
    live_.use(tx, store::load(tx, row, row.active));
    bus::tell(bus_, tx, Activated{id, row.active}, {id.text, "/", {}, caller.account});
  }
  Warnings warnings = warnings_of(tx, store::load(tx, row, row.active)->rule);
  return {id, row.latest, State::active, std::move(warnings.en), std::move(warnings.zh)};
}

Kept Rules::retire(Tx& tx, const Caller& caller, const RuleId& id) {
  caller.must("rules.write", "/");
  store::Row row = known(tx, id);
  if (row.active != 0) {
    const std::int64_t version = row.active;
    row.active = 0;
    store::keep(tx, row);
    live_.drop(tx, row.number);
    bus::tell(bus_, tx, Retired{id, version}, {id.text, "/", {}, caller.account});
  }
  return {id, row.latest, State::retired, {}, {}};
}

RuleView Rules::get(Reader& reader, const RuleId& id) { return view_of(reader, known(reader, id)); }

std::vector<RuleView> Rules::list(Reader& reader, std::optional<std::string> after, std::size_t limit) {
  std::vector<RuleView> views;
  for (const store::Row& row : store::list(reader, after.value_or(""), limit)) views.push_back(view_of(reader, row));
  return views;
}

std::vector<VersionView> Rules::versions(Reader& reader, const RuleId& id) {
  known(reader, id);
  return store::versions(reader, id.text);
}

RulePtr Rules::version(Reader& reader, const RuleId& id, std::int64_t version) {
  const auto row = store::find(reader, id.text);
  return row ? store::load(reader, *row, version) : nullptr;
}

void Rules::profile_kept(Tx& tx, const devices::ProfileId& id, bool silence_changed) {
  const RuleId rule = silence_of(id);
  if (!is_client_id(rule.text)) return;
  const auto row = store::find(tx, rule.text);
  if (row && (!silence_changed || !is_machines(tx, *row))) return;
  const devices::Profile profile = devices::Devices::get_profile(tx, id);
  const Caller machine = Caller::system();
  if (!profile.silent_after) {
    if (row) retire(tx, machine, rule);
    return;
  }
  boost::json::object words{
      {"name", profile.name + " · 失联"},
      {"applies_to", {{"profile", id.text}}},
      {"raise", {{"when", {{"silent", to_iso8601(*profile.silent_after)}}}}},
      {"severity", "warning"}};
  std::string text;
  write(text, boost::json::value(std::move(words)));
  put(tx, machine, rule, text);
  activate(tx, machine, rule);
}

}  // namespace lifang::rules
