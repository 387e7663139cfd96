#include "house_why.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/reflect.hpp"
#include "house.hpp"

namespace lifang {
namespace {

std::string shown(Time t, int offset_minutes) {
  const std::string text = to_rfc3339(t, offset_minutes);
  return text.substr(0, 10) + " " + text.substr(11, 5);
}

/// "reading:DEVICE:METRIC:TS" → its parts; the device's id may hold dots and dashes but no colon.
std::vector<std::string> parts_of(const std::string& id) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  for (;;) {
    const auto colon = id.find(':', from);
    parts.push_back(id.substr(from, colon - from));
    if (colon == std::string::npos) return parts;
    from = colon + 1;
  }
}

std::optional<std::int64_t> number_in(const std::string& text) {
  std::int64_t n = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
  return ec == std::errc{} && end == text.data() + text.size() ? std::optional(n) : std::nullopt;
}

std::optional<WhyLink> reading(Reader& reader, House& house, const std::string& id) {
  const auto parts = parts_of(id);
  if (parts.size() != 4 || parts[0] != "reading") return std::nullopt;
  const auto device = house.devices.registry().find(parts[1]);
  const auto ts = number_in(parts[3]);
  const auto* metric = device ? device->profile->find(parts[2]) : nullptr;
  if (!metric || !ts) return std::nullopt;
  const auto page = house.readings.raw(reader, device->number, metric->number, *ts, *ts + 1, 1);
  const std::string value = page.points.empty() ? "" : fmt::format("{}", page.points.front().value);
  const std::string gone = page.points.empty() ? "（原始读数已过保存期）" : "";
  return WhyLink{id, "reading", from_ms(*ts),
                 fmt::format("{}，{} 上报{} {} {}{}", shown(from_ms(*ts), house.plan.offset_minutes), device->name,
                             metric->spoken, value, metric->unit, gone),
                 fmt::format("{} reported {} {} {}{}", device->name, metric->spoken, value, metric->unit,
                             page.points.empty() ? " (past its retention)" : ""),
                 {}};
}

std::optional<WhyLink> silence(House& house, const std::string& id) {
  const auto parts = parts_of(id);
  if (parts.size() != 3 || parts[0] != "silence") return std::nullopt;
  const auto ts = number_in(parts[2]);
  if (!ts) return std::nullopt;
  return WhyLink{id, "silence", from_ms(*ts),
                 fmt::format("{} 起，{} 没有再上报", shown(from_ms(*ts), house.plan.offset_minutes), parts[1]),
                 fmt::format("{} has said nothing since", parts[1]), {}};
}

std::optional<WhyLink> detection(Reader& reader, House& house, const std::string& id) {
  const auto seen = house.readings.detection(reader, id);
  if (!seen) return std::nullopt;
  const auto device = house.devices.registry().at(seen->device);
  const std::string name = device ? device->name : "?";
  return WhyLink{id, "detection", from_ms(seen->ts),
                 fmt::format("{}，{} 识别到 {}（置信度 {:.2f}）", shown(from_ms(seen->ts), house.plan.offset_minutes), name,
                             seen->kind, seen->confidence),
                 fmt::format("{} saw {} (confidence {:.2f})", name, seen->kind, seen->confidence), {}};
}

std::optional<WhyLink> situation(Reader& reader, const Caller& caller, const std::string& id) {
  const auto s = situations::Situations::find(reader, situations::SituationId{id});
  if (!s) return std::nullopt;
  caller.must("situations.read", s->path);
  return WhyLink{id, "situation", s->began_at, s->text, s->text_en, s->cause};
}

std::optional<WhyLink> action(Reader& reader, const Caller& caller, const std::string& id) {
  const auto a = actions::Actions::find(reader, actions::ActionId{id});
  if (!a) return std::nullopt;
  caller.must("actions.read", a->path);
  const bool blocked = a->state == actions::State::blocked;
  return WhyLink{id, "action", a->at,
                 fmt::format("按规则“{}”第 {} 版，{}向 {} 发出指令 {}{}", a->rule.text, a->version, blocked ? "本应但未" : "", a->device.text,
                             a->method, a->reason.empty() ? "" : "（" + a->reason + "）"),
                 fmt::format("rule {} version {} {} {} to {}{}", a->rule.text, a->version, blocked ? "did not send" : "sent",
                             a->method, a->device.text, a->reason.empty() ? "" : " (" + a->reason + ")"),
                 a->situation.text};
}

std::optional<WhyLink> command(Reader& reader, const Caller& caller, House& house, const std::string& id) {
  const auto c = devices::Devices::find_command(reader, devices::CommandId{id});
  if (!c) return std::nullopt;
  caller.must("devices.read", c->path);
  return WhyLink{id, "command", c->asked_at,
                 fmt::format("{}，向 {} 发出指令 {}", shown(c->asked_at, house.plan.offset_minutes), c->device.text, c->method),
                 fmt::format("command {} to {}", c->method, c->device.text), c->cause};
}

std::optional<WhyLink> duty(Reader& reader, const Caller& caller, House& house, const std::string& id) {
  const auto c = house.cases.find(reader, cases::CaseId{id});
  if (!c) return std::nullopt;
  caller.must("cases.read", c->path);
  const std::string begun = c->situation.empty() ? "由居民或工作人员上报" : "由态势自动立案";
  return WhyLink{id, "case", c->opened_at,
                 fmt::format("{}，工单 {}“{}”{}", shown(c->opened_at, house.plan.offset_minutes), c->number, c->title, begun),
                 fmt::format("case {} \"{}\" {}", c->number, c->title, c->situation.empty() ? "was reported" : "was opened for a situation"),
                 c->cause};
}

std::optional<WhyLink> link(Reader& reader, House& house, const Caller& caller, const std::string& id) {
  if (id.starts_with("case_")) return duty(reader, caller, house, id);
  if (id.starts_with("situation_")) return situation(reader, caller, id);
  if (id.starts_with("action_")) return action(reader, caller, id);
  if (id.starts_with("command_")) return command(reader, caller, house, id);
  if (id.starts_with("reading:")) return reading(reader, house, id);
  if (id.starts_with("silence:")) return silence(house, id);
  return detection(reader, house, id);
}

}  // namespace

Why explain(Reader& reader, House& house, const Caller& caller, const std::string& id) {
  constexpr std::size_t kLongest = 64;  // no chain of ours is a tenth of that
  Why why{id, {}};
  for (std::string next = id; !next.empty() && why.chain.size() < kLongest;) {
    auto found = link(reader, house, caller, next);
    if (!found) break;
    next = found->cause;
    why.chain.push_back(*std::move(found));
  }
  if (why.chain.empty()) throw missing("why.unknown", "nothing has this id");
  return why;
}

}  // namespace lifang
