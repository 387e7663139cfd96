#include "platform/metrics/metrics.hpp"

#include <fmt/format.h>

namespace lifang {
namespace {

std::string escaped(const std::string& value) {
  std::string text;
  for (const char c : value) {
    if (c == '\\' || c == '"') text += '\\';
    if (c == '\n') text += "\\n";
    else text += c;
  }
  return text;
}

}  // namespace

Metrics::Counter& Metrics::counter(const std::string& name, const std::string& label, const std::string& value) {
  const std::lock_guard lock(mutex_);
  Family& family = families_[name];
  family.label = label;
  auto& counter = family.counters[value];
  if (!counter) counter = std::make_unique<Counter>(0);
  return *counter;
}

void Metrics::gauges(Gauges fn) {
  const std::lock_guard lock(mutex_);
  gauges_.push_back(std::move(fn));
}

std::string Metrics::text(const std::map<std::string, std::uint64_t>& refused_below) const {
  struct Shown {
    std::string label;
    std::map<std::string, std::uint64_t> counts;
  };
  std::map<std::string, Shown> shown;
  std::vector<Gauges> gauges;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, family] : families_) {
      shown[name].label = family.label;
      for (const auto& [value, counter] : family.counters) shown[name].counts[value] = counter->load();
    }
    gauges = gauges_;
  }
  if (!refused_below.empty()) shown["lifang_refused_total"].label = "reason";
  for (const auto& [reason, count] : refused_below) shown["lifang_refused_total"].counts[reason] += count;
  std::string text;
  for (const auto& [name, family] : shown) {
    text += fmt::format("# TYPE {} counter\n", name);
    for (const auto& [value, count] : family.counts) {
      if (family.label.empty()) text += fmt::format("{} {}\n", name, count);
      else text += fmt::format("{}{{{}=\"{}\"}} {}\n", name, family.label, escaped(value), count);
    }
  }
  for (const auto& fn : gauges)
    fn([&](const std::string& name, double value) {
      text += fmt::format("# TYPE {0} {1}\n{0} {2}\n", name, name.ends_with("_total") ? "counter" : "gauge", value);
    });
  return text;
}

std::map<std::string, std::uint64_t> Metrics::of(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, std::uint64_t> counts;
  if (const auto it = families_.find(name); it != families_.end())
    for (const auto& [value, counter] : it->second.counters) counts[value] = counter->load();
  return counts;
}

}  // namespace lifang
