#include "rooms/situations/situations_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "rooms/devices/devices_detections.hpp"
#include "rooms/rules/rules_explain.hpp"

namespace lifang::situations {

std::vector<Evidence> evidence_of(const rules::Judged& judged) {
  std::vector<Evidence> list;
  const auto name = [](const std::vector<std::string>& names, std::uint16_t slot) {
    return slot < names.size() ? names[slot] : std::string{};
  };
  for (const rules::Evidence& e : judged.evidence) {
    Evidence copy;
    if (e.ts != rules::kNever) copy.ts = e.ts;
    if (!e.held) copy.held = false;
    switch (e.kind) {
      case rules::Evidence::Kind::metric:
        copy.metric = name(judged.program.metric_names, e.of);
        if (const auto* metric = judged.device.profile->find(*copy.metric); metric && !metric->unit.empty())
          copy.unit = metric->unit;
        copy.op = word_of(e.op);
        if (e.attribute != rules::kNone16) copy.attribute = judged.program.attributes[e.attribute];
        if (std::isfinite(e.value)) copy.value = e.value;
        if (std::isfinite(e.limit)) copy.limit = e.limit;
        break;
      case rules::Evidence::Kind::detection:
        copy.detection = name(judged.program.kind_names, e.of);
        copy.confidence = e.value;
        copy.limit = e.limit;
        if (judged.detection) {
          copy.detection_id = judged.detection->id;
          if (!judged.detection->file.empty()) copy.file = judged.detection->file;
        }
        break;
      case rules::Evidence::Kind::silence:
        copy.silent = to_iso8601(e.silence);
        if (e.silence_of == rules::Silence::Of::metric) copy.metric = name(judged.program.metric_names, e.of);
        if (e.silence_of == rules::Silence::Of::detection) copy.detection = name(judged.program.kind_names, e.of);
        break;
    }
    list.push_back(std::move(copy));
  }
  return list;
}

std::string cause_of(const rules::Judged& judged, const std::vector<Evidence>& evidence) {
  for (const Evidence& e : evidence) {
    if (e.detection_id) return *e.detection_id;
    const auto ts = e.ts ? to_ms(*e.ts) : to_ms(judged.verdict.at);
    if (e.silent) return fmt::format("silence:{}:{}", judged.device.id, ts);
    if (e.metric) return fmt::format("reading:{}:{}:{}", judged.device.id, *e.metric, ts);
  }
  return fmt::format("silence:{}:{}", judged.device.id, to_ms(judged.verdict.at));
}

Time evidence_at(const rules::Judged& judged) {
  Time oldest = judged.verdict.at;
  for (const rules::Evidence& e : judged.evidence)
    if (e.kind != rules::Evidence::Kind::silence && e.ts != rules::kNever) oldest = std::min(oldest, e.ts);
  return oldest;
}

Sentences sentences_of(const rules::Judged& judged, const std::string& place, Time now, int offset_minutes) {
  const auto proofs = rules::proofs_of(judged.program, judged.evidence);
  const rules::Rule& rule = judged.rule.rule;
  rules::Told told;
  told.kind = judged.verdict.kind;
  told.at = judged.verdict.at;
  told.severity = judged.verdict.severity;
  told.rule = rule.name;
  told.version = judged.rule.version;
  told.held_for = rule.raise.held_for;
  told.times = rule.raise.times;
  told.within = rule.raise.within;
  told.proofs = proofs;
  rules::Names names;
  names.metric = [&](std::string_view id) {
    const auto* metric = judged.device.profile->find(id);
    return metric ? rules::Names::Metric{metric->spoken, metric->unit} : rules::Names::Metric{};
  };
  names.today = now;
  names.offset_minutes = offset_minutes;
  const auto subject = [&](std::string_view opens, std::string_view closes) {
    return place.empty() ? judged.device.name : fmt::format("{}{}{}{}", judged.device.name, opens, place, closes);
  };
  names.device = subject("（", "）");
  names.detection = devices::detection_zh;
  const std::string zh = rules::explain_zh(told, names);
  names.device = subject(" (", ")");
  names.detection = devices::detection_en;
  return {zh, rules::explain_en(told, names)};
}

}  // namespace lifang::situations
