#include "rooms/rules/rules.hpp"

#include <algorithm>

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

Kept Rules::put(Tx& tx, const Caller& caller, const RuleId& id, const std::string& words) {
  caller.must("rules.write", "/");
  const Rule rule = parse_rule(words);
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
  return {id, row->latest, state_of(*row, *latest), warnings_of(tx, rule)};
}

std::vector<std::string> Rules::warnings_of(Reader&, const Rule& rule) const {
  std::vector<std::string> warnings;
  if (rule.applies_to.profile.empty()) return warnings;
  const auto profile = devices_.registry().profile(rule.applies_to.profile);
  if (!profile) {
    warnings.push_back("no profile " + rule.applies_to.profile + " is known yet");
    return warnings;
  }
  const Mentions named = mentions(rule);
  for (const std::string& metric : named.metrics)
    if (!profile->find(metric)) warnings.push_back("profile " + profile->id + " has no metric " + metric);
  for (const std::string& kind : named.detections)
    if (std::find(profile->detections.begin(), profile->detections.end(), kind) == profile->detections.end())
      warnings.push_back("profile " + profile->id + " sees no " + kind);
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
  return {id, row.latest, State::active, {}};
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
  return {id, row.latest, State::retired, {}};
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

void Rules::profile_kept(Tx& tx, const devices::ProfileId& id) {
  const RuleId rule{"silent." + id.text};
  if (!is_client_id(rule.text)) return;
  const devices::Profile profile = devices::Devices::get_profile(tx, id);
  const Caller machine = Caller::system();
  if (!profile.silent_after) {
    if (store::find(tx, rule.text)) retire(tx, machine, rule);
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
