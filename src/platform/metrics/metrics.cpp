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

std::string Metrics::text() const {
  std::string text;
  std::vector<Gauges> gauges;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, family] : families_) {
      text += fmt::format("# TYPE {} counter\n", name);
      for (const auto& [value, counter] : family.counters) {
        if (family.label.empty()) text += fmt::format("{} {}\n", name, counter->load());
        else text += fmt::format("{}{{{}=\"{}\"}} {}\n", name, family.label, escaped(value), counter->load());
      }
    }
    gauges = gauges_;
  }
  for (const auto& fn : gauges)
    fn([&](const std::string& name, double value) { text += fmt::format("# TYPE {0} gauge\n{0} {1}\n", name, value); });
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
