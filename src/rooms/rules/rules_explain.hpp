// Why a verdict was given, in names and numbers, and said in one plain sentence. A part of the door.
#pragma once
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rooms/rules/rules_judge.hpp"

namespace lifang::rules {

/// A test that decided, in words that outlive the program that judged it: what a situation copies.
struct Proof {
  std::string kind;  ///< "metric", "detection" or "silence"
  std::string
      name;        ///< of the metric or the kind of detection; a silence of the whole device: empty
  std::string of;  ///< silence: "device", "metric" or "detection"; else empty
  std::string op;  ///< metric: ">" …; else empty
  std::string attribute;  ///< metric compared with a fact of the device: its name
  bool held = true;       ///< whether the test was true (it may stand under a `not`)
  Time ts{};              ///< of the value; silence: of the newest data
  double value = 0;       ///< metric: the value; detection: its confidence
  double limit = 0;       ///< what it was compared with; NaN: the attribute is not known
  Duration silence{0};    ///< silence: the length asked for
};

/// The proofs of a verdict, in the reading order of the condition.
std::vector<Proof> proofs_of(const DeviceProgram& program, const Verdicts& verdicts,
                             const Verdict& verdict);
std::vector<Proof> proofs_of(const DeviceProgram& program, std::span<const Evidence> evidence);

/// A JSON array, and back (throws Refusal if it is none).
std::string to_json(std::span<const Proof> proofs);
std::vector<Proof> parse_proofs(std::string_view json);

/// What is to be told of: from the verdict, the rule's version and the stored proofs.
struct Told {
  VerdictKind kind = VerdictKind::raise;
  Time at{};
  Severity severity = Severity::info;
  std::string_view rule;  ///< its name
  std::uint32_t version = 0;
  Duration held_for{0};  ///< of the raise, or of the clear
  int times = 1;
  Duration within{0};
  std::span<const Proof> proofs;
};

/// Names as people know them. Each function may be empty or answer with empty text: then the id is
/// said, and of an attribute "设定值", "set value".
struct Names {
  struct Metric {
    std::string name;
    std::string unit;
  };
  std::string device;   ///< "fuyuan-gate"
  std::string profile;  ///< "空气站" (said before the device); may be empty
  std::function<Metric(std::string_view)> metric;
  std::function<std::string(std::string_view)> detection;
  std::function<std::string(std::string_view)> attribute;
  Time today{};  ///< the reader's now: times of the same day are said without a date
  int offset_minutes = 480;
};

/// "空气站 fuyuan-gate 的 PM2.5 在 08:00 为 151 µg/m³，高于 150，规则“扬尘”第 3 版据此判定。"
std::string explain_zh(const Told& told, const Names& names);
/// "PM2.5 of 空气站 fuyuan-gate was 151 µg/m³ at 08:00, above 150; rule “扬尘”, version 3,
/// therefore raised the situation."
std::string explain_en(const Told& told, const Names& names);

}  // namespace lifang::rules
