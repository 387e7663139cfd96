// What a rule that is kept may be meant otherwise than it was said: words that nobody knows, and tests that cannot decide.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "rooms/rules/rules.hpp"

namespace lifang::rules {
namespace {

using ProfilePtr = std::shared_ptr<const devices::ProfileEntry>;

/// Whom the rule meets today: devices, and their types (the named one also without a device).
struct Met {
  std::vector<devices::DevicePtr> devices;
  std::vector<ProfilePtr> profiles;
  void add(const ProfilePtr& profile) {
    const auto same = [&](const ProfilePtr& known) { return known->id == profile->id; };
    if (std::none_of(profiles.begin(), profiles.end(), same)) profiles.push_back(profile);
  }
};

Met met_by(const devices::Registry& registry, const AppliesTo& to) {
  Met met;
  if (const auto named = to.profile.empty() ? nullptr : registry.profile(to.profile)) met.add(named);
  const auto look = [&](const devices::DevicePtr& device) {
    // Most devices are out by their profile, before their places are spelled.
    if (!device || (!to.profile.empty() && to.profile != device->profile->id)) return;
    const auto places = to.place.empty() ? std::vector<std::string>{} : places::Places::ids_in(device->path);
    if (!applies(to, {device->id, device->profile->id, device->tags, places})) return;
    met.devices.push_back(device);
    met.add(device->profile);
  };
  if (to.devices.empty()) {
    for (const devices::DevicePtr& device : registry.all()) look(device);
  } else {
    for (const std::string& id : to.devices) look(registry.find(id));
  }
  std::sort(met.profiles.begin(), met.profiles.end(), [](const ProfilePtr& a, const ProfilePtr& b) { return a->id < b->id; });
  return met;
}

template <class Fn>
void each_part(const Condition& condition, const Fn& fn) {
  fn(condition);
  for (const Condition& part : condition.parts) each_part(part, fn);
}

/// Every condition of the rule with all its parts, those of its commands too.
template <class Fn>
void each_condition(const Rule& rule, const Fn& fn) {
  each_part(rule.raise.when, fn);
  if (rule.clear) each_part(rule.clear->when, fn);
  for (const Stage& stage : rule.escalate) each_part(stage.when, fn);
  for (const Action& action : rule.actions)
    if (const auto* command = std::get_if<Command>(&action); command && command->interlock) each_part(*command->interlock, fn);
}

std::string names_of(const std::vector<ProfilePtr>& profiles, std::string_view between) {
  constexpr std::size_t kNamed = 5;
  std::vector<std::string> names;
  for (const ProfilePtr& profile : profiles)
    if (names.size() < kNamed) names.push_back(profile->id);
  return fmt::format("{}{}", fmt::join(names, between), profiles.size() > kNamed ? " …" : "");
}

/// "profile air has no metric x", or of several that none has it.
void lacks(Warnings& warnings, const std::vector<ProfilePtr>& profiles, std::string_view one, std::string_view none, std::string_view zh,
           const std::string& name, std::string_view before = {}, std::string_view before_zh = {}) {
  const std::string en = names_of(profiles, ", "), chinese = names_of(profiles, "、");
  if (profiles.size() == 1)
    return warnings.add(fmt::format("{}profile {} {} {}", before, en, one, name), fmt::format("{}设备类型 {} {} {}", before_zh, chinese, zh, name));
  warnings.add(fmt::format("{}none of the profiles {} {} {}", before, en, none, name),
               fmt::format("{}设备类型 {} 都{} {}", before_zh, chinese, zh, name));
}

bool any_has(const std::vector<ProfilePtr>& profiles, const std::string& metric) {
  return std::any_of(profiles.begin(), profiles.end(), [&](const ProfilePtr& p) { return p->find(metric) != nullptr; });
}

bool any_sees(const std::vector<ProfilePtr>& profiles, const std::string& kind) {
  return std::any_of(profiles.begin(), profiles.end(), [&](const ProfilePtr& p) {
    return std::find(p->detections.begin(), p->detections.end(), kind) != p->detections.end();
  });
}

void warn_of_words(Warnings& warnings, const Rule& rule, const Met& met) {
  std::vector<std::string> metrics, kinds, attributes;
  const auto note = [](std::vector<std::string>& list, const std::string& name) {
    if (!name.empty() && std::find(list.begin(), list.end(), name) == list.end()) list.push_back(name);
  };
  each_condition(rule, [&](const Condition& c) { note(metrics, c.metric), note(kinds, c.detection), note(attributes, c.attribute); });
  for (const std::string& metric : metrics)
    if (!any_has(met.profiles, metric)) lacks(warnings, met.profiles, "has no metric", "has the metric", "没有指标", metric);
  for (const std::string& kind : kinds)
    if (!any_sees(met.profiles, kind)) lacks(warnings, met.profiles, "sees no", "sees", "不会识别", kind);
  if (met.devices.empty()) return;
  for (const std::string& attribute : attributes)
    if (std::all_of(met.devices.begin(), met.devices.end(),
                    [&](const devices::DevicePtr& device) { return std::isnan(device->attribute(attribute)); }))
      warnings.add("no device that it meets has a number as attribute " + attribute, "适用的设备都没有数值属性 " + attribute);
}

enum class Reach { sometimes, never, always };

/// Whether a value within the bounds can decide the test at all; others are suspect and judged by nobody.
Reach reach_of(Op op, double value, double min, double max) {
  const auto of = [](bool never, bool always) { return never ? Reach::never : always ? Reach::always : Reach::sometimes; };
  const bool outside = value < min || value > max, only = min == max && value == min;
  switch (op) {
    case Op::gt: return of(max <= value, min > value);
    case Op::ge: return of(max < value, min >= value);
    case Op::lt: return of(min >= value, max < value);
    case Op::le: return of(min > value, max <= value);
    case Op::eq: return of(outside, only);
    case Op::ne: return of(only, outside);
  }
  return Reach::sometimes;
}

void warn_of_bounds(Warnings& warnings, const Rule& rule, const Met& met) {
  std::set<std::string> said;
  each_condition(rule, [&](const Condition& c) {
    if (c.kind != Condition::Kind::compare || !c.attribute.empty()) return;
    const devices::ProfileEntry* first = nullptr;
    Reach reach = Reach::sometimes;
    double min = 0, max = 0;
    for (const ProfilePtr& profile : met.profiles) {
      const auto* metric = profile->find(c.metric);
      if (!metric) continue;
      const double low = metric->min_attribute.empty() ? metric->min : -INFINITY;
      const double high = metric->max_attribute.empty() ? metric->max : INFINITY;
      const Reach here = reach_of(c.op, c.value, low, high);
      if (first && here != reach) return;
      if (!first) first = profile.get(), reach = here, min = low, max = high;
    }
    if (!first || reach == Reach::sometimes) return;
    const std::string test = fmt::format("{} {} {}", c.metric, word_of(c.op), c.value);
    if (!said.insert(test).second) return;
    const std::string bounds = fmt::format("{}…{}", std::isinf(min) ? "" : fmt::format("{}", min), std::isinf(max) ? "" : fmt::format("{}", max));
    const bool never = reach == Reach::never;
    warnings.add(fmt::format("{} {}: profile {} bounds it to {}", test, never ? "can never hold" : "always holds", first->id, bounds),
                 fmt::format("{} {}：设备类型 {} 把它限定在 {}", test, never ? "永远不会成立" : "总是成立", first->id, bounds));
  });
}

void warn_of_commands(Warnings& warnings, Reader& reader, const devices::Registry& registry, const Rule& rule, const Met& met) {
  for (const Action& action : rule.actions) {
    const auto* command = std::get_if<Command>(&action);
    if (!command) continue;
    std::vector<ProfilePtr> targets = met.profiles;
    if (!command->device.empty()) {
      const auto device = registry.find(command->device);
      if (!device) {
        warnings.add("command: no device is called " + command->device, "指令：没有名为 " + command->device + " 的设备");
        continue;
      }
      targets = {device->profile};
    }
    if (targets.empty()) continue;
    std::set<std::string> known;
    for (const ProfilePtr& target : targets)
      for (const devices::CommandWord& word : devices::Devices::get_profile(reader, devices::ProfileId{target->id}).commands)
        known.insert(word.method);
    for (const std::string& method : {command->method, command->release_method})
      if (!method.empty() && !known.contains(method))
        lacks(warnings, targets, "has no command", "has the command", "没有指令", method, "command: ", "指令：");
  }
}

/// Whether a sighting alone carries a `for` to its end: nothing beside it says that the kind must not fall silent.
bool lasts_unseen(const Condition& condition, std::vector<std::string> breaks = {}) {
  if (condition.kind == Condition::Kind::detection)
    return std::find(breaks.begin(), breaks.end(), condition.detection) == breaks.end();
  if (condition.kind == Condition::Kind::all)
    for (const Condition& part : condition.parts)
      if (part.kind == Condition::Kind::negation && part.parts[0].kind == Condition::Kind::silent)
        breaks.push_back(part.parts[0].detection);
  return std::any_of(condition.parts.begin(), condition.parts.end(),
                     [&](const Condition& part) { return lasts_unseen(part, breaks); });
}

}  // namespace

Warnings Rules::warnings_of(Reader& reader, const Rule& rule) const {
  Warnings warnings;
  if (!rule.case_kind.empty() && known_.case_kind && !known_.case_kind(reader, rule.case_kind))
    warnings.add("no kind of case is called " + rule.case_kind, "没有名为 " + rule.case_kind + " 的工单类别");
  for (const Action& action : rule.actions) {
    if (!known_.whom) break;
    if (const auto* whistle = std::get_if<Whistle>(&action))
      for (const std::string& organisation : whistle->organisations)
        if (!known_.whom(reader, Whom::organisation, organisation))
          warnings.add("whistle: no organisation is called " + organisation, "吹哨：没有名为 " + organisation + " 的单位");
    if (const auto* notify = std::get_if<Notify>(&action); notify != nullptr && !known_.whom(reader, Whom::post, notify->whom))
      warnings.add("notify: no post is called " + notify->whom, "通知：没有名为 " + notify->whom + " 的岗位");
  }
  if (!can_end(rule) && !is_seen_to_end(rule))
    warnings.add("clear: a detection is an instant, so nothing ends the situation but people, or the end of its case",
                 "解除条件：识别只是一瞬间，没有解除条件时，态势只能由人员结束，或随工单结案而结束");
  if (rule.raise.held_for.count() > 0 && lasts_unseen(rule.raise.when))
    warnings.add("raise: a detection is an instant, so one sighting starts the `for` and none is needed for it to run "
                 "out: say times and within, or beside it (all) that the same detection is not silent (not, silent)",
                 "触发条件：识别只是一瞬间，看到一次就开始计时（for），之后再也没看到也会计满；请改用次数与时间窗（times、within），"
                 "或同时要求（all）这种识别没有中断（not、silent）");
  const devices::Registry& registry = devices_.registry();
  const AppliesTo& to = rule.applies_to;
  const std::size_t before = warnings.en.size();
  if (!to.profile.empty() && !registry.profile(to.profile))
    warnings.add("no profile " + to.profile + " is known yet", "设备类型 " + to.profile + " 还没有登记");
  if (!to.place.empty() && !places::Places::find(reader, places::PlaceId{to.place}))
    warnings.add("no place " + to.place + " is known yet", "地点 " + to.place + " 还没有登记");
  for (const std::string& device : to.devices)
    if (!registry.find(device)) warnings.add("no device " + device + " is known yet", "设备 " + device + " 还没有登记");
  const Met met = met_by(registry, to);
  if (met.profiles.empty()) {
    if (warnings.en.size() == before) warnings.add("applies_to: it fits no device today", "适用范围：目前没有符合的设备");
  } else {
    warn_of_words(warnings, rule, met);
    warn_of_bounds(warnings, rule, met);
  }
  warn_of_commands(warnings, reader, registry, rule, met);
  return warnings;
}

}  // namespace lifang::rules
