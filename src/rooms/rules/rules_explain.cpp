#include "rooms/rules/rules_explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/describe/class.hpp>
#include <cmath>

#include "base/reflect.hpp"

namespace lifang::rules {

namespace {

/// What is written: members that say nothing are left out.
struct StoredProof {
  std::string kind;
  std::optional<std::string> name, of, op, attribute;
  std::optional<bool> held;
  Time ts{};
  std::optional<double> value, limit;
  std::optional<Duration> silence;
};
BOOST_DESCRIBE_STRUCT(StoredProof, (),
                      (kind, name, of, op, attribute, held, ts, value, limit, silence))

/// Years 1 to 9999: beyond them a device's claim cannot be written as text and read back.
constexpr Time kFirstYear = from_ms(-62'135'596'800'000), kLastYear = from_ms(253'402'300'799'999);

std::string exact(double v) {
  std::string text;
  write(text, v);
  return text;
}

/// As people say it: four digits that count (three of a fraction), and every digit of a whole number.
std::string number(double v) {
  const double size = std::fabs(v);
  if (!std::isfinite(v) || size >= 1e15 || (size < 1e-9 && size > 0)) return exact(v);
  const int magnitude = size > 0 ? static_cast<int>(std::floor(std::log10(size))) : 0;
  const int decimals = magnitude < 0 ? 2 - magnitude : std::max(0, 3 - magnitude);
  std::string text = fmt::format("{:.{}f}", v, decimals);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

/// What somebody set: as it was written, unless it was computed.
std::string set_number(double v) {
  const std::string text = exact(v);
  return text.size() <= 8 ? text : number(v);
}

/// A value beside what it was compared with: rounding does not make the two one.
std::string value_beside(double v, double limit) {
  const std::string text = number(v);
  return v != limit && text == set_number(limit) ? exact(v) : text;
}

std::string_view word_of(Silence::Of of) {
  constexpr std::string_view kWords[] = {"device", "metric", "detection"};
  return kWords[static_cast<std::size_t>(of)];
}

Names::Metric metric_of(const Names& names, const std::string& id) {
  Names::Metric m = names.metric ? names.metric(id) : Names::Metric{};
  if (m.name.empty()) m.name = id;
  return m;
}

std::string name_of(const std::function<std::string(std::string_view)>& names,
                    const std::string& id) {
  std::string name = names ? names(id) : std::string{};
  return name.empty() ? id : name;
}

std::string subject(const Names& names) {
  return names.profile.empty() ? names.device : names.profile + " " + names.device;
}

std::string value_of(const Proof& p, const std::string& unit) {
  const std::string value = value_beside(p.value, p.limit);
  return unit.empty() ? value : fmt::format("{} {}", value, unit);
}

struct Clock {
  std::chrono::year_month_day date, today;
  std::string time;  // "08:00", with seconds only where there are some
};

Clock clock_of(Time t, const Names& names) {
  const auto shown = plus(t, std::chrono::minutes(names.offset_minutes));
  const auto day = std::chrono::floor<std::chrono::days>(shown);
  const std::chrono::hh_mm_ss hms{shown - day};
  Clock c{day,
          std::chrono::floor<std::chrono::days>(
              plus(names.today, std::chrono::minutes(names.offset_minutes))),
          {}};
  c.time = fmt::format("{:02}:{:02}", hms.hours().count(), hms.minutes().count());
  if (hms.seconds().count() != 0) c.time += fmt::format(":{:02}", hms.seconds().count());
  return c;
}

/// An amount of time in the largest units that leave no rest.
template <std::size_t N>
std::string amount(Duration d, const std::string_view (&units)[N], std::string_view between,
                   bool plural) {
  constexpr std::int64_t kMs[] = {86'400'000, 3'600'000, 60'000, 1000};
  std::string text;
  std::int64_t rest = d.count();
  for (std::size_t i = 0; i < N; ++i) {
    const std::int64_t n = rest / kMs[i];
    rest %= kMs[i];
    if (n == 0) continue;
    if (!text.empty()) text += between;
    text += fmt::format("{} {}{}", n, units[i], plural && n != 1 ? "s" : "");
  }
  return text.empty() ? fmt::format("0 {}{}", units[N - 1], plural ? "s" : "") : text;
}

// --- Chinese ---

std::string time_zh(Time t, const Names& names) {
  const Clock c = clock_of(t, names);
  if (c.date == c.today) return c.time;
  const std::string day = fmt::format("{} 月 {} 日 {}", static_cast<unsigned>(c.date.month()),
                                      static_cast<unsigned>(c.date.day()), c.time);
  return c.date.year() == c.today.year()
             ? day
             : fmt::format("{} 年 {}", static_cast<int>(c.date.year()), day);
}

std::string amount_zh(Duration d) {
  static constexpr std::string_view kUnits[] = {"天", "小时", "分钟", "秒"};
  return amount(d, kUnits, " ", false);
}

std::string_view comparison_zh(std::string_view op, bool held) {
  if (op == ">" || op == "<=") return (op == ">") == held ? "高于" : "不高于";
  if (op == "<" || op == ">=") return (op == "<") == held ? "低于" : "不低于";
  return (op == "==") == held ? "等于" : "不等于";
}

std::string limit_zh(const Proof& p, const Names& names) {
  if (p.attribute.empty()) return " " + set_number(p.limit);
  std::string name = names.attribute ? names.attribute(p.attribute) : std::string{};
  if (name.empty()) name = "设定值";
  return std::isnan(p.limit) ? name : fmt::format("{} {}", name, set_number(p.limit));
}

std::string proof_zh(const Proof& p, const Names& names) {
  const std::string when = time_zh(p.ts, names);
  if (p.kind == "metric") {
    const Names::Metric m = metric_of(names, p.name);
    return fmt::format("的 {} 在 {} 为 {}，{}{}", m.name, when, value_of(p, m.unit),
                       comparison_zh(p.op, p.held), limit_zh(p, names));
  }
  if (p.kind == "detection") {
    const std::string sure = fmt::format("可信度 {}%", number(std::round(p.value * 1000) / 10));
    const std::string seen =
        fmt::format("在 {} 发现“{}”（{}", when, name_of(names.detection, p.name), sure);
    return p.held ? seen + "）"
                  : seen + fmt::format("，低于 {}%）", number(std::round(p.limit * 1000) / 10));
  }
  std::string what;
  if (p.of == "metric") what = fmt::format("的 {} ", metric_of(names, p.name).name);
  if (p.of == "detection") what = fmt::format("的“{}”识别", name_of(names.detection, p.name));
  if (p.held) return fmt::format("{}自 {} 起已有 {}没有新数据", what, when, amount_zh(p.silence));
  return fmt::format("{}在 {} 有新数据", what, when);
}

std::string ending_zh(const Told& told) {
  constexpr std::string_view kSeverities[] = {"提示", "警告", "严重"};
  switch (told.kind) {
    case VerdictKind::raise:
      return "据此判定";
    case VerdictKind::clear:
      return "据此解除";
    case VerdictKind::rise:
      return fmt::format("据此升为“{}”", kSeverities[static_cast<std::size_t>(told.severity)]);
  }
  return {};
}

// --- English ---

std::string time_en(Time t, const Names& names) {
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Clock c = clock_of(t, names);
  if (c.date == c.today) return c.time;
  const std::string day = fmt::format("{} {}", static_cast<unsigned>(c.date.day()),
                                      kMonths[static_cast<unsigned>(c.date.month()) - 1]);
  if (c.date.year() == c.today.year()) return fmt::format("{} on {}", c.time, day);
  return fmt::format("{} on {} {}", c.time, day, static_cast<int>(c.date.year()));
}

std::string amount_en(Duration d) {
  static constexpr std::string_view kUnits[] = {"day", "hour", "minute", "second"};
  return amount(d, kUnits, " ", true);
}

std::string_view comparison_en(std::string_view op, bool held) {
  if (op == ">" || op == "<=") return (op == ">") == held ? "above" : "not above";
  if (op == "<" || op == ">=") return (op == "<") == held ? "below" : "not below";
  return (op == "==") == held ? "equal to" : "different from";
}

std::string limit_en(const Proof& p, const Names& names) {
  if (p.attribute.empty()) return set_number(p.limit);
  std::string name = names.attribute ? names.attribute(p.attribute) : std::string{};
  if (name.empty()) name = "set value";
  return std::isnan(p.limit) ? "its " + name : fmt::format("its {} {}", name, set_number(p.limit));
}

std::string proof_en(const Proof& p, const Names& names) {
  const std::string when = time_en(p.ts, names);
  if (p.kind == "metric") {
    const Names::Metric m = metric_of(names, p.name);
    return fmt::format("{} of {} was {} at {}, {} {}", m.name, subject(names),
                       value_of(p, m.unit), when, comparison_en(p.op, p.held),
                       limit_en(p, names));
  }
  if (p.kind == "detection") {
    const std::string sure = fmt::format("{}%", number(std::round(p.value * 1000) / 10));
    const std::string seen = fmt::format("{} saw “{}” at {} (confidence {}", subject(names),
                                         name_of(names.detection, p.name), when, sure);
    return p.held ? seen + ")"
                  : seen + fmt::format(", below {}%)", number(std::round(p.limit * 1000) / 10));
  }
  std::string what = subject(names);
  if (p.of == "metric") what = fmt::format("{} of {}", metric_of(names, p.name).name, what);
  if (p.of == "detection") what = fmt::format("“{}” of {}", name_of(names.detection, p.name), what);
  if (p.held)
    return fmt::format("{} has been silent since {}, for {}", what, when, amount_en(p.silence));
  return fmt::format("{} spoke again at {}", what, when);
}

std::string ending_en(const Told& told) {
  switch (told.kind) {
    case VerdictKind::raise:
      return "raised the situation";
    case VerdictKind::clear:
      return "cleared the situation";
    case VerdictKind::rise:
      return fmt::format("raised its severity to {}", rules::word_of(told.severity));
  }
  return {};
}

}  // namespace

std::vector<Proof> proofs_of(const DeviceProgram& program, const Verdicts& verdicts,
                             const Verdict& verdict) {
  return proofs_of(program, verdicts.evidence_of(verdict));
}

std::vector<Proof> proofs_of(const DeviceProgram& program, std::span<const Evidence> evidence) {
  std::vector<Proof> list;
  for (const Evidence& e : evidence) {
    Proof p;
    p.held = e.held;
    p.ts = std::clamp(e.ts, kFirstYear, kLastYear);
    if (e.kind == Evidence::Kind::silence) {
      p.kind = "silence";
      p.of = word_of(e.silence_of);
      p.silence = e.silence;
      if (e.silence_of == Silence::Of::metric) p.name = program.metric_names[e.of];
      if (e.silence_of == Silence::Of::detection) p.name = program.kind_names[e.of];
    } else {
      const bool metric = e.kind == Evidence::Kind::metric;
      p.kind = metric ? "metric" : "detection";
      p.name = metric ? program.metric_names[e.of] : program.kind_names[e.of];
      if (metric) p.op = rules::word_of(e.op);
      if (e.attribute != kNone16) p.attribute = program.attributes[e.attribute];
      p.value = e.value;
      p.limit = e.limit;
    }
    list.push_back(std::move(p));
  }
  return list;
}

std::string to_json(std::span<const Proof> proofs) {
  const auto given = [](const std::string& text) {
    return text.empty() ? std::nullopt : std::optional{text};
  };
  std::vector<StoredProof> list;
  for (const Proof& p : proofs) {
    StoredProof s{p.kind, given(p.name), given(p.of), given(p.op), given(p.attribute),
                  {},     p.ts,          {},          {},          {}};
    if (!p.held) s.held = false;
    if (p.kind != "silence") {
      s.value = p.value;
      if (std::isfinite(p.limit)) s.limit = p.limit;
    } else {
      s.silence = p.silence;
    }
    list.push_back(std::move(s));
  }
  return lifang::to_json(list);
}

std::vector<Proof> parse_proofs(std::string_view json) {
  std::vector<Proof> list;
  for (const StoredProof& s : from_json<std::vector<StoredProof>>(json)) {
    const auto text = [](const std::optional<std::string>& given) {
      return given.value_or(std::string{});
    };
    list.push_back({s.kind, text(s.name), text(s.of), text(s.op), text(s.attribute),
                    s.held.value_or(true), s.ts, s.value.value_or(0),
                    s.limit.value_or(s.kind == "silence" ? 0 : std::nan("")),
                    s.silence.value_or(Duration{0})});
  }
  return list;
}

std::string explain_zh(const Told& told, const Names& names) {
  std::string text = subject(names);
  bool first = true;
  for (const Proof& p : told.proofs) {
    const std::string proof = proof_zh(p, names);
    // The subject is said once; what follows it joins on with or without a space as Chinese does.
    if (!first)
      text += "，";
    else if (!text.ends_with("）"))
      text += " ";
    text +=
        first || !proof.starts_with("的 ") ? proof : proof.substr(std::string_view("的 ").size());
    first = false;
  }
  if (told.kind != VerdictKind::rise && told.held_for.count() > 0)
    text += fmt::format("，持续 {}", amount_zh(told.held_for));
  if (told.kind == VerdictKind::raise && told.times > 1)
    text += fmt::format("，{}内第 {} 次", amount_zh(told.within), told.times);
  return text + fmt::format("，规则“{}”第 {} 版{}。", told.rule, told.version, ending_zh(told));
}

std::string explain_en(const Told& told, const Names& names) {
  std::string text;
  for (const Proof& p : told.proofs) text += (text.empty() ? "" : ", and ") + proof_en(p, names);
  if (text.empty()) text = subject(names);
  if (told.kind != VerdictKind::rise && told.held_for.count() > 0)
    text += fmt::format(", for {}", amount_en(told.held_for));
  if (told.kind == VerdictKind::raise && told.times > 1)
    text += fmt::format(", {} times within {}", told.times, amount_en(told.within));
  return text + fmt::format("; rule “{}”, version {}, therefore {}.", told.rule, told.version,
                            ending_en(told));
}

}  // namespace lifang::rules
