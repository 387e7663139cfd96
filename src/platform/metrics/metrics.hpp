// Metrics: counters and gauges of the node in the Prometheus text format. Safe from any thread.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace lifang {

class Metrics {
 public:
  using Counter = std::atomic<std::uint64_t>;

  /// The counter `name` with one label, made on first use and valid for the life of this object; keep the
  /// reference on hot paths. `value` is escaped; `label` may be empty.
  Counter& counter(const std::string& name, const std::string& label = {}, const std::string& value = {});
  /// One more refusal: `lifang_refused_total{reason="…"}`, at the porch and at the API alike.
  void refused(const std::string& reason) { ++counter("lifang_refused_total", "reason", reason); }
  /// Asked at each scrape: adds gauge lines (name, value); a name that ends in _total is a counter.
  using Gauges = std::function<void(const std::function<void(const std::string& name, double value)>&)>;
  void gauges(Gauges fn);

  /// Text exposition format 0.0.4. `refused_below`: what the servers below refused by themselves, by reason; it is one
  /// family with what was refused above.
  std::string text(const std::map<std::string, std::uint64_t>& refused_below = {}) const;
  /// Every counter of `name`: label value → count, for pages.
  std::map<std::string, std::uint64_t> of(const std::string& name) const;

 private:
  struct Family {
    std::string label;
    std::map<std::string, std::unique_ptr<Counter>> counters;
  };
  mutable std::mutex mutex_;
  std::map<std::string, Family> families_;
  std::vector<Gauges> gauges_;
};

}  // namespace lifang
