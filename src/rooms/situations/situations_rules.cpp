#include "rooms/situations/situations_rules.hpp"

#include <fmt/format.h>

#include <cmath>

namespace lifang::situations {
namespace {

std::string spoken_duration_zh(Duration d) {
  const auto minutes = d.count() / 60'000;
  if (minutes >= 2880 && minutes % 1440 == 0) return fmt::format("{} 天", minutes / 1440);
  if (minutes >= 60) return minutes % 60 ? fmt::format("{} 小时 {} 分", minutes / 60, minutes % 60) : fmt::format("{} 小时", minutes / 60);
  if (minutes > 0) return fmt::format("{} 分钟", minutes);
  return fmt::format("{} 秒", d.count() / 1000);
}

std::string_view than_zh(std::string_view op) {
  if (op == ">") return "高于";
  if (op == ">=") return "不低于";
  if (op == "<") return "低于";
  if (op == "<=") return "不高于";
  return op == "==" ? "等于" : "不等于";
}

std::string spoken_metric(const rules::Judged& judged, const std::string& metric) {
  const auto* entry = judged.device.profile->find(metric);
  return entry ? entry->spoken : metric;
}

std::string clause_zh(const rules::Judged& judged, const Evidence& e) {
  if (e.silent) {
    const auto length = spoken_duration_zh(parse_duration(*e.silent).value_or(Duration{0}));
    const std::string what = e.metric ? "的" + spoken_metric(judged, *e.metric) : "";
    return fmt::format("{}已 {} 没有数据", what, length);
  }
  if (e.detection) return fmt::format("识别到 {}（置信度 {}）", *e.detection, number(e.confidence.value_or(0)));
  if (!e.value) return "";
  const std::string unit = e.unit.value_or("");
  return fmt::format("的{}为 {}{}{}，{} {}", spoken_metric(judged, *e.metric), number(*e.value), unit.empty() ? "" : " ", unit,
                     than_zh(*e.op), number(*e.limit));
}

std::string clause_en(const rules::Judged& judged, const Evidence& e) {
  if (e.silent) return fmt::format("has sent no {} for {}", e.metric.value_or("data"), *e.silent);
  if (e.detection) return fmt::format("saw {} (confidence {})", *e.detection, number(e.confidence.value_or(0)));
  if (!e.value) return "";
  return fmt::format("has {} {} {} ({} {})", spoken_metric(judged, *e.metric), number(*e.value), e.unit.value_or(""), *e.op,
                     number(*e.limit));
}

std::string joined(const rules::Judged& judged, const std::vector<Evidence>& evidence,
                   std::string (*clause)(const rules::Judged&, const Evidence&), std::string_view between) {
  std::string text;
  for (const Evidence& e : evidence) {
    const std::string words = clause(judged, e);
    if (words.empty()) continue;
    if (!text.empty()) text += between;
    text += words;
  }
  return text;
}

}  // namespace

std::string number(double value) {
  std::string text = fmt::format("{:.3f}", value);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

std::vector<Evidence> evidence_of(const rules::Judged& judged) {
  std::vector<Evidence> list;
  const auto name = [](const std::vector<std::string>& names, std::uint16_t slot) {
    return slot < names.size() ? names[slot] : std::string{};
  };
  for (const rules::Evidence& e : judged.evidence) {
    Evidence copy;
    if (e.ts != rules::kNever) copy.ts = e.ts;
    switch (e.kind) {
      case rules::Evidence::Kind::metric:
        copy.metric = name(judged.program.metric_names, e.of);
        if (const auto* metric = judged.device.profile->find(*copy.metric); metric && !metric->unit.empty())
          copy.unit = metric->unit;
        copy.op = word_of(e.op);
        if (std::isfinite(e.value)) copy.value = e.value;
        if (std::isfinite(e.limit)) copy.limit = e.limit;
        break;
      case rules::Evidence::Kind::detection:
        copy.detection = name(judged.program.kind_names, e.of);
        copy.confidence = e.value;
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

std::string sentence_zh(const rules::Judged& judged, const std::vector<Evidence>& evidence, const std::string& place,
                        int offset_minutes) {
  const std::string when = to_rfc3339(judged.verdict.at, offset_minutes).substr(0, 16);
  return fmt::format("{} {}，{}（{}）{}，按规则“{}”第 {} 版判定。", when.substr(0, 10), when.substr(11), judged.device.name, place,
                     joined(judged, evidence, clause_zh, "；"), judged.rule.rule.name, judged.rule.version);
}

std::string sentence_en(const rules::Judged& judged, const std::vector<Evidence>& evidence, const std::string& place) {
  return fmt::format("At {} {} ({}) {}: rule \"{}\", version {}.", to_rfc3339(judged.verdict.at), judged.device.name, place,
                     joined(judged, evidence, clause_en, "; "), judged.rule.rule.name, judged.rule.version);
}

}  // namespace lifang::situations
