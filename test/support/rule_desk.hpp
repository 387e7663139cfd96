// One made-up device on a desk: say what it says, read what the rules make of it. Times in minutes
// since Monday 2024-01-01 00:00 UTC, verdicts as text: "raise dust 10 warning, clear dust 20
// warning".
#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "rooms/rules/rules_judge.hpp"

namespace lifang::rules {

inline Time at(double minute) {
  return from_ms(1'704'067'200'000 + static_cast<std::int64_t>(minute * 60'000));
}
inline double minute_of(Time t) {
  return (static_cast<double>(to_ms(t)) - 1'704'067'200'000) / 60'000;
}

inline const std::vector<std::string> kDeskMetrics{"pm25", "temp", "rain", "door"};

/// Metrics are numbered from 10, so that slots and numbers never agree by chance.
inline Words desk_words() {
  Words words;
  words.profile = "desk";
  words.offset_minutes = 0;
  words.metric = [](std::string_view name) -> std::optional<std::uint16_t> {
    const auto found = std::find(kDeskMetrics.begin(), kDeskMetrics.end(), name);
    if (found == kDeskMetrics.end()) return std::nullopt;
    return static_cast<std::uint16_t>(10 + (found - kDeskMetrics.begin()));
  };
  words.detection = [](std::string_view name) {
    return static_cast<std::uint16_t>(name == "ebike" ? 7 : 70 + name.size());
  };
  return words;
}

inline RulePtr make_rule(std::uint32_t number, std::uint32_t version, std::string id,
                         std::string_view json) {
  return std::make_shared<const RuleVersion>(
      RuleVersion{number, version, std::move(id), parse_rule(json)});
}

/// A rule in which only the interesting members are written; its severity is warning.
inline std::string rule_text(std::string_view members) {
  return fmt::format(
      R"({{"name":"test","applies_to":{{"profile":"desk"}},"severity":"warning",{}}})", members);
}

struct NamedRule {
  std::string id;
  std::string members;
};

class Desk {
 public:
  /// Numbered from 1, version 1.
  explicit Desk(const std::vector<NamedRule>& rules) {
    std::uint32_t number = 0;
    for (const auto& [id, members] : rules)
      current_.push_back(make_rule(++number, 1, id, rule_text(members)));
    program_ = compile(words_, current_);
    memory_ = DeviceMemory(*program_);
  }

  std::string say(double minute, const std::vector<std::pair<std::string, double>>& values) {
    return say_at(minute, minute, values);
  }
  /// With the server's clock at arrival.
  std::string say_at(double minute, double arrival,
                     const std::vector<std::pair<std::string, double>>& values) {
    std::vector<Value> list;
    for (const auto& [name, value] : values) list.push_back({number(name), mark, value});
    return judge_item({at(minute), at(arrival), list, {}, by_arrival});
  }
  std::string see(double minute, const std::string& kind, double confidence) {
    const Detection detection{words_.detection(kind), confidence};
    return judge_item({at(minute), at(minute), {}, {&detection, 1}});
  }
  std::string judge_item(const Item& item) {
    out.clear();
    judge(*program_, memory_, setting(), item, out);
    return text();
  }
  std::string until(double minute) {
    out.clear();
    judge_until(*program_, memory_, setting(), at(minute), out);
    return text();
  }
  std::string server(double minute) {
    out.clear();
    judge_timers(*program_, memory_, setting(), at(minute), out);
    return text();
  }
  double due() const {
    const auto due = next_due(memory_);
    return due ? minute_of(*due) : -1;
  }

  /// A new version of a rule becomes current; an open situation of the old one stays with it.
  void change(std::uint32_t number, std::uint32_t version, const std::string& members) {
    for (RulePtr& rule : current_)
      if (rule->number == number) rule = make_rule(number, version, rule->id, rule_text(members));
    rebuild();
  }
  void withdraw(std::uint32_t number) {
    std::erase_if(current_, [&](const RulePtr& rule) { return rule->number == number; });
    rebuild();
  }
  void rebuild() {
    std::vector<RulePtr> pinned;
    for (const RulePtr& rule : open_in(*program_, memory_))
      if (std::find(current_.begin(), current_.end(), rule) == current_.end())
        pinned.push_back(rule);
    const ProgramPtr next = compile(words_, current_, pinned);
    memory_ = carry_over(*program_, memory_, *next, setting());
    program_ = next;
  }
  /// As after a kill: the blob, and clock and latest values as the readings keep them.
  void restart() {
    const std::string blob = memory_.blob(*program_);
    DeviceMemory fresh(*program_);
    fresh.load(*program_, blob);
    fresh.set_clock(memory_.newest(), memory_.arrival(), memory_.by_arrival());
    for (std::size_t slot = 0; slot < program_->metrics.size(); ++slot)
      fresh.set_latest(*program_, program_->metrics[slot], memory_.latest()[slot].ts,
                       memory_.latest()[slot].value);
    rearm(*program_, fresh, setting());
    memory_ = fresh;
  }

  Setting setting() const { return {attributes, maintenance}; }
  const DeviceProgram& program() const { return *program_; }
  DeviceMemory& memory() { return memory_; }

  std::string text() const {
    std::string words;
    for (const Verdict& v : out.list) {
      if (!words.empty()) words += ", ";
      constexpr const char* kKinds[] = {"raise", "clear", "rise"};
      words +=
          fmt::format("{} {} {} {}", kKinds[static_cast<int>(v.kind)],
                      program_->entries[v.entry].rule->id, minute_of(v.at), word_of(v.severity));
      if (v.rule.version != 1) words += fmt::format(" v{}", v.rule.version);
      if (v.silenced) words += " silenced";
    }
    return words;
  }

  Verdicts out;
  std::vector<double> attributes;
  std::vector<Period> maintenance;
  Mark mark = Mark::good;
  bool by_arrival = false;  ///< says no times of its own

 private:
  std::uint16_t number(const std::string& name) const { return words_.metric(name).value_or(9999); }

  Words words_ = desk_words();
  std::vector<RulePtr> current_;
  ProgramPtr program_;
  DeviceMemory memory_;
};

}  // namespace lifang::rules
