#include "rooms/situations/situations_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "rooms/devices/devices_detections.hpp"
#include "rooms/rules/rules_explain.hpp"
#include "rooms/rules/rules_ready.hpp"

namespace lifang::situations {
namespace {

/// A whole number above zero; else none. Attributes are what a device sent: anything may stand there.
std::optional<std::int64_t> count_at(const boost::json::object& attributes, std::string_view name) {
  const auto* value = attributes.if_contains(name);
  return value && value->is_int64() && value->get_int64() > 0 ? std::optional(value->get_int64()) : std::nullopt;
}
/// How far a count may be off: at least a tenth, at most what a house can have.
std::optional<double> error_at(const boost::json::object& attributes, std::string_view name) {
  const auto* value = attributes.if_contains(name);
  if (!value || !value->is_number()) return std::nullopt;
  const double error = value->to_number<double>();
  return error > 0 && error < 1000 ? std::optional(std::max(error, 0.1)) : std::nullopt;
}

/// ", about floor 12 ± 0.7, column 3 ± 0.4": where a thing came from, in the words of one language; empty where the detection says none.
std::string origin_of(const rules::Judged& judged, std::string_view kind, bool chinese) {
  if (!judged.detection || judged.detection->kind != kind || judged.detection->attributes.empty()) return {};
  // What cannot be read says nothing: a message that was taken in must not undo the batch in which it is judged.
  boost::json::error_code unreadable;
  const boost::json::value value = boost::json::parse(judged.detection->attributes, unreadable);
  if (unreadable || !value.is_object()) return {};
  std::string out;
  const auto add = [&](const char* name, const char* named_error, const char* zh, const char* en) {
    const auto count = count_at(value.get_object(), name);
    if (!count) return;
    const auto error = error_at(value.get_object(), named_error);
    const std::string number = error ? fmt::format("{} ± {:.1f}", *count, *error) : std::to_string(*count);
    out += chinese ? fmt::format("{}{} {}", out.empty() ? "，约" : "、", zh, number) : fmt::format("{}{} {}", out.empty() ? ", about " : ", ", en, number);
  };
  add("floor", "floor_error", "楼层", "floor");
  add("column", "column_error", "列", "column");
  return out;
}

}  // namespace

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
  told.version = judged.rule.version;
  told.held_for = rule.raise.held_for;
  told.times = rule.raise.times;
  told.within = rule.raise.within;
  told.proofs = proofs;
  rules::Names names;
  std::string rule_name;
  const auto in = [&](devices::Tongue tongue) {
    rule_name = rules::rule_name_in(tongue, judged.rule.id, rule.name);
    told.rule = rule_name;
    names.metric = [&judged, tongue](std::string_view id) {
      const auto* metric = judged.device.profile->find(id);
      if (metric == nullptr) return rules::Names::Metric{};
      return rules::Names::Metric{devices::metric_in(tongue, judged.device.profile->id, id, metric->spoken), metric->unit};
    };
  };
  names.today = now;
  names.offset_minutes = offset_minutes;
  const auto subject = [&](std::string_view opens, std::string_view closes) {
    return place.empty() ? judged.device.name : fmt::format("{}{}{}{}", judged.device.name, opens, place, closes);
  };
  names.device = subject("（", "）");
  names.detection = [&](std::string_view kind) { return std::string(devices::detection_zh(kind)) + origin_of(judged, kind, true); };
  in(devices::Tongue::zh);
  const std::string zh = rules::explain_zh(told, names);
  in(devices::Tongue::en);
  names.device = subject(" (", ")");
  names.detection = [&](std::string_view kind) { return std::string(devices::detection_en(kind)) + origin_of(judged, kind, false); };
  return {zh, rules::explain_en(told, names)};
}

}  // namespace lifang::situations
