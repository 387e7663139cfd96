#include "house_why.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/check.hpp"
#include "base/reflect.hpp"
#include "house.hpp"
#include "rooms/devices/devices_detections.hpp"
#include "rooms/exchange/exchange_captures.hpp"
#include "rooms/rosters/rosters_rounds.hpp"

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

/// One question: who asks, and whether the id is the very one that they named. Of that one they are told why they
/// may not see it; a link further on that lies out of sight only ends the chain.
struct Asked {
  Reader& reader;
  House& house;
  const Caller& caller;
  bool first = true;

  bool sees(std::string_view right, const std::string& path) const {
    if (first) caller.must(right, path);
    return caller.may(right, path);
  }
  std::string shown(Time t) const { return lifang::shown(t, house.plan.offset_minutes); }
};

std::string number(double value) {
  std::string text;
  write(text, value);
  return text;
}

std::optional<WhyLink> reading(const Asked& asked, const std::string& id) {
  const auto parts = parts_of(id);
  if (parts.size() != 4 || parts[0] != "reading") return std::nullopt;
  const auto device = asked.house.devices.registry().find(parts[1]);
  const auto ts = number_in(parts[3]);
  const auto* metric = device ? device->profile->find(parts[2]) : nullptr;
  if (!metric || !ts || !asked.sees("readings.read", device->path)) return std::nullopt;
  const auto page = asked.house.readings.raw(asked.reader, device->number, metric->number, *ts, *ts + 1, 1);
  if (page.points.empty() && asked.first) return std::nullopt;
  const std::string value = page.points.empty() ? "" : number(page.points.front().value) + " " + metric->unit;
  const bool gone = page.points.empty();
  return WhyLink{id, "reading", from_ms(*ts),
                 fmt::format("{}，{} 上报{} {}{}", asked.shown(from_ms(*ts)), device->name, metric->spoken, value,
                             gone ? "（原始读数已过保存期）" : ""),
                 fmt::format("{} reported {} {}{}", device->name, metric->spoken, value, gone ? " (past its retention)" : ""),
                 {}};
}

std::optional<WhyLink> silence(const Asked& asked, const std::string& id) {
  const auto parts = parts_of(id);
  if (parts.size() != 3 || parts[0] != "silence") return std::nullopt;
  const auto ts = number_in(parts[2]);
  const auto device = asked.house.devices.registry().find(parts[1]);
  if (!ts || !device || !asked.sees("readings.read", device->path)) return std::nullopt;
  return WhyLink{id, "silence", from_ms(*ts), fmt::format("{} 起，{} 没有再上报", asked.shown(from_ms(*ts)), device->name),
                 fmt::format("{} has said nothing since", device->name), {}};
}

/// What was detected, in words of each language where there are any.
struct Spoken {
  explicit Spoken(const std::string& kind) : zh(devices::detection_zh(kind)), en(devices::detection_en(kind)) {
    if (zh.empty()) zh = kind;
    if (en.empty()) en = kind;
  }
  std::string zh, en;
};

std::optional<WhyLink> detection(const Asked& asked, const std::string& id) {
  const auto seen = asked.house.readings.detection(asked.reader, id);
  if (!seen) return std::nullopt;
  const auto device = asked.house.devices.registry().at(seen->device);
  if (!device || !asked.sees("readings.read", device->path)) return std::nullopt;
  const Spoken what(seen->kind);
  return WhyLink{id, "detection", from_ms(seen->ts),
                 fmt::format("{}，{} 识别到“{}”（置信度 {:.2f}）", asked.shown(from_ms(seen->ts)), device->name, what.zh,
                             seen->confidence),
                 fmt::format("{} saw {} (confidence {:.2f})", device->name, what.en, seen->confidence), {}};
}

std::string rule_link(const situations::Situation& s) { return fmt::format("rule:{}:{}", s.rule.text, s.rule_version); }

std::optional<WhyLink> situation(const Asked& asked, const std::string& id) {
  const auto s = situations::Situations::find(asked.reader, situations::SituationId{id});
  if (!s || !asked.sees("situations.read", s->path)) return std::nullopt;
  return WhyLink{id, "situation", s->began_at, s->text, s->text_en, rule_link(*s)};
}

/// "rule:ID:VERSION": the words that judged. Who sees the situation sees what judged it.
std::optional<WhyLink> rule(const Asked& asked, const std::string& id) {
  const auto parts = parts_of(id);
  const auto version = parts.size() == 3 && parts[0] == "rule" ? number_in(parts[2]) : std::nullopt;
  if (!version || !is_client_id(parts[1])) return std::nullopt;
  if (asked.first) asked.caller.must("rules.read");
  const auto found = rules::Rules::version(asked.reader, rules::RuleId{parts[1]}, *version);
  if (!found) return std::nullopt;
  for (const rules::VersionView& v : rules::Rules::versions(asked.reader, rules::RuleId{parts[1]}))
    if (v.version == *version)
      return WhyLink{id, "rule", v.activated_at ? v.activated_at : std::optional(v.kept_at),
                     fmt::format("规则“{}”第 {} 版", found->rule.name, *version),
                     fmt::format("rule \"{}\", version {}", found->rule.name, *version), {}};
  return std::nullopt;
}

/// What a situation copied of one thing that decided: it stands when the reading itself is gone.
WhyLink evidence(const Asked& asked, const situations::Situation& s, const situations::Evidence& e) {
  const Time ts = e.ts.value_or(s.began_at);
  if (e.detection_id) {
    if (auto kept = detection(asked, *e.detection_id)) return *std::move(kept);
    const Spoken what(e.detection.value_or(""));
    return {*e.detection_id, "detection", ts, fmt::format("{}，识别到“{}”（置信度 {:.2f}）", asked.shown(ts), what.zh, e.confidence.value_or(0)),
            fmt::format("saw {} (confidence {:.2f})", what.en, e.confidence.value_or(0)), {}};
  }
  if (e.silent) {
    const std::string id = fmt::format("silence:{}:{}", s.device.text, to_ms(ts));
    if (auto known = silence(asked, id)) return *std::move(known);
    return {id, "silence", ts, fmt::format("{} 起，{} 没有再上报", asked.shown(ts), s.device.text), s.device.text + " has said nothing since", {}};
  }
  const std::string metric = e.metric.value_or(e.detection.value_or(""));
  const std::string id = fmt::format("reading:{}:{}:{}", s.device.text, metric, to_ms(ts));
  if (auto kept = e.metric ? reading(asked, id) : std::nullopt; kept && kept->text.find("保存期") == std::string::npos) return *std::move(kept);
  const std::string value = e.value ? number(*e.value) + (e.unit ? " " + *e.unit : "") : "";
  return {id, "reading", ts, fmt::format("{}，{} 上报 {} {}（原始读数已过保存期，此为立案时留存）", asked.shown(ts), s.device.text, metric, value),
          fmt::format("{} reported {} {} (past its retention; kept with the situation)", s.device.text, metric, value), {}};
}

/// The same as a step of the situation: what lifted its severity.
WhyLink risen(WhyLink link, situations::Severity to) {
  constexpr std::string_view kSeverities[] = {"提示", "警告", "严重"};
  link.text = fmt::format("升为“{}”：{}", kSeverities[static_cast<std::size_t>(to)], link.text);
  link.text_en = fmt::format("rose to {}: {}", enum_name(to), link.text_en);
  return link;
}

std::optional<WhyLink> action(const Asked& asked, const std::string& id) {
  const auto a = actions::Actions::find(asked.reader, actions::ActionId{id});
  if (!a || !asked.sees("actions.read", a->path)) return std::nullopt;
  const bool blocked = a->state == actions::State::blocked;
  return WhyLink{id, "action", a->at,
                 fmt::format("按规则“{}”第 {} 版，{}向 {} 发出指令 {}{}", a->rule.text, a->version, blocked ? "本应但未" : "", a->device.text,
                             a->method, a->reason.empty() ? "" : "（" + a->reason + "）"),
                 fmt::format("rule {} version {} {} {} to {}{}", a->rule.text, a->version, blocked ? "did not send" : "sent",
                             a->method, a->device.text, a->reason.empty() ? "" : " (" + a->reason + ")"),
                 a->situation.text};
}

std::optional<WhyLink> command(const Asked& asked, const std::string& id) {
  const auto c = devices::Devices::find_command(asked.reader, devices::CommandId{id});
  if (!c || !asked.sees("devices.read", c->path)) return std::nullopt;
  return WhyLink{id, "command", c->asked_at, fmt::format("{}，向 {} 发出指令 {}", asked.shown(c->asked_at), c->device.text, c->method),
                 fmt::format("command {} to {}", c->method, c->device.text), c->cause};
}

std::optional<WhyLink> duty(const Asked& asked, const std::string& id) {
  const auto c = asked.house.cases.find(asked.reader, cases::CaseId{id});
  if (!c) return std::nullopt;
  if (!asked.house.cases.reads(asked.reader, asked.caller, c->id) && !asked.sees("cases.read", c->path)) return std::nullopt;
  const std::string begun = !c->situation.empty() ? "由态势自动立案" : c->cause.starts_with("task_") ? "由巡查引发" : "由居民或工作人员上报";
  return WhyLink{id, "case", c->opened_at, fmt::format("{}，工单 {}“{}”{}", asked.shown(c->opened_at), c->number, c->title, begun),
                 fmt::format("case {} \"{}\" {}", c->number, c->title, !c->situation.empty() ? "was opened for a situation" : c->cause.starts_with("task_") ? "comes of a round" : "was reported"),
                 c->cause};
}

std::optional<WhyLink> evaluation(const Asked& asked, const std::string& id) {
  if (!evaluations::EvaluationId::fits(id)) return std::nullopt;
  if (!asked.first && !asked.caller.may("evaluations.read")) return std::nullopt;
  const auto e = asked.house.evaluations.get(asked.reader, asked.caller, evaluations::EvaluationId{id});
  const bool device = e.by == evaluations::By::device;
  const std::string who = device ? "设备复测" : "评价";
  std::string said = !e.answered_at ? "尚未答复" : e.score ? fmt::format("{} 分", *e.score) : e.solved.value_or(false) ? "已恢复正常" : "仍未解决";
  if (e.score && e.solved) said += *e.solved ? "，已解决" : "，未解决";
  const std::string said_en = !e.answered_at ? "not answered yet" : e.score ? fmt::format("score {}", *e.score) : e.solved.value_or(false) ? "stayed away" : "came back";
  return WhyLink{id, "evaluation", e.answered_at.value_or(e.asked_at),
                 fmt::format("{}，{}：{}{}", asked.shown(e.answered_at.value_or(e.asked_at)), who, said, e.reopened ? "，工单因此重开" : ""),
                 fmt::format("{}: {}{}", device ? "measured again" : "evaluation", said_en, e.reopened ? ", which opened the case again" : ""),
                 e.case_.text};
}

std::optional<WhyLink> notice(const Asked& asked, const std::string& id) {
  if (!notices::NoticeId::fits(id)) return std::nullopt;
  const auto n = asked.house.notices.get(asked.reader, asked.caller, notices::NoticeId{id});
  const std::string cause = !n.cause.empty() ? n.cause : !n.about.empty() ? n.about : n.case_ ? n.case_->text : "";
  return WhyLink{id, "notice", n.at, fmt::format("{}，通知“{}”", asked.shown(n.at), n.title), fmt::format("notice \"{}\"", n.title_en.value_or(n.title)), cause};
}

std::optional<WhyLink> ring(const Asked& asked, const std::string& id) {
  const auto r = asked.house.notices.find_ring(asked.reader, notices::RingId{id});
  if (!r || !asked.sees("notices.read", r->path) || !notices::Notices::may_see(asked.caller, *r)) return std::nullopt;
  return WhyLink{id, "ring", r->began_at, fmt::format("{}，呼叫岗位 {}", asked.shown(r->began_at), r->post.text),
                 fmt::format("rang the post {}", r->post.text), r->case_.text};
}

/// An inspection round: where a finding or a missed point comes from.
std::optional<WhyLink> round(const Asked& asked, const std::string& id) {
  const auto t = rosters::Rounds::find_task(asked.reader, rosters::TaskId{id});
  if (!t || !asked.sees("rosters.read", t->path)) return std::nullopt;
  const auto seen = std::count_if(t->checks.begin(), t->checks.end(), [](const rosters::Check& c) { return c.at.has_value(); });
  return WhyLink{id, "round", t->from, fmt::format("{}，巡查“{}”开始，{} 个点位到了 {} 个", asked.shown(t->from), t->name, t->checks.size(), seen),
                 fmt::format("round \"{}\": {} of {} points looked at", t->name, seen, t->checks.size()), {}};
}

/// What went out to a viewing library, or did not.
std::optional<WhyLink> capture(const Asked& asked, const std::string& id) {
  const auto c = exchange::Captures::find(asked.reader, exchange::CaptureId{id});
  if (!c || !asked.sees("exchange.libraries", c->path)) return std::nullopt;
  const bool face = c->kind == exchange::CaptureKind::face;
  return WhyLink{id, "capture", c->left_at.value_or(c->queued_at),
                 fmt::format("{}，{}抓拍{}视图库 {}", asked.shown(c->left_at.value_or(c->queued_at)), face ? "人脸" : "车牌",
                             c->left_at ? "送往" : "未送往", c->library.text),
                 fmt::format("{} {} viewing library {}", face ? "a face" : "a plate", c->left_at ? "went to" : "did not go to", c->library.text),
                 c->detection};
}

std::optional<WhyLink> link(const Asked& asked, const std::string& id) {
  if (id.starts_with("case_")) return duty(asked, id);
  if (id.starts_with("situation_")) return situation(asked, id);
  if (id.starts_with("action_")) return action(asked, id);
  if (id.starts_with("command_")) return command(asked, id);
  if (id.starts_with("evaluation_")) return evaluation(asked, id);
  if (id.starts_with("notice_")) return notice(asked, id);
  if (id.starts_with("ring_")) return ring(asked, id);
  if (id.starts_with("task_")) return round(asked, id);
  if (id.starts_with("capture_")) return capture(asked, id);
  if (id.starts_with("rule:")) return rule(asked, id);
  if (id.starts_with("reading:")) return reading(asked, id);
  if (id.starts_with("silence:")) return silence(asked, id);
  return detection(asked, id);
}

/// Behind a situation: the rule that judged, and everything that decided.
void add_grounds(const Asked& asked, const std::string& id, std::vector<WhyLink>& chain) {
  const auto s = situations::Situations::find(asked.reader, situations::SituationId{id});
  check(s.has_value(), "a link of the chain exists");
  std::vector<WhyLink> grounds;
  if (auto judged = rule(asked, rule_link(*s))) grounds.push_back(*std::move(judged));
  // Newest first: what lifted its severity, then what raised it.
  for (auto e = s->evidence.rbegin(); e != s->evidence.rend(); ++e)
    if (e->rose_to) grounds.push_back(risen(evidence(asked, *s, *e), *e->rose_to));
  for (const situations::Evidence& e : s->evidence)
    if (!e.rose_to) grounds.push_back(evidence(asked, *s, e));
  for (std::size_t i = 0; i < grounds.size(); ++i) {
    if (i + 1 < grounds.size()) grounds[i].cause = grounds[i + 1].id;
    chain.push_back(std::move(grounds[i]));
  }
}

}  // namespace

Why explain(Reader& reader, House& house, const Caller& caller, const std::string& id) {
  constexpr std::size_t kLongest = 64;  // no chain of ours is a tenth of that
  Why why{id, {}};
  Asked asked{reader, house, caller};
  for (std::string next = id; !next.empty() && why.chain.size() < kLongest; asked.first = false) {
    auto found = link(asked, next);
    if (!found) break;
    why.chain.push_back(*std::move(found));
    if (why.chain.back().kind == "situation") {
      asked.first = false;
      add_grounds(asked, next, why.chain);
      break;
    }
    next = why.chain.back().cause;
  }
  if (why.chain.empty()) throw missing("why.unknown", "nothing has this id");
  return why;
}

}  // namespace lifang
