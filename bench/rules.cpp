// How much does judging cost? 5,000 rules are loaded, about 20 apply to a device, an item brings 3
// values. Yardstick, in the same run: a bare loop that compares 20 numbers with 20 limits a device.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include "rooms/rules/rules_judge.hpp"

namespace {

using namespace lifang;
using namespace lifang::rules;

/// Time of the processor, not of the wall: other work shares the machine.
struct Stopwatch {
  std::clock_t start = std::clock();
  double ns() const { return static_cast<double>(std::clock() - start) * 1e9 / CLOCKS_PER_SEC; }
};

constexpr std::size_t kProfiles = 250, kRulesEach = 20, kMetrics = 3, kDevices = 2000;
constexpr std::int64_t kStart = 1'767'225'600'000;

/// A small generator of our own: the same numbers on every machine.
struct Chance {
  std::uint64_t state = 88172645463325252ULL;
  std::uint64_t next() {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return state;
  }
  double between(double low, double high) {
    return low + (high - low) * static_cast<double>(next() % 1'000'000) / 1e6;
  }
};

Words words_of(const std::string& profile) {
  Words words;
  words.profile = profile;
  words.metric = [](std::string_view name) -> std::optional<std::uint16_t> {
    return name.size() == 2 && name[0] == 'm'
               ? std::optional(static_cast<std::uint16_t>(name[1] - '0'))
               : std::nullopt;
  };
  words.detection = [](std::string_view) { return std::uint16_t{0}; };
  return words;
}

/// The n-th of a profile's rules. `mixed`: one in four is more than a threshold.
std::string rule_json(std::size_t profile, std::size_t n, bool mixed) {
  const std::string metric = fmt::format("m{}", n % kMetrics);
  const double limit = 60 + static_cast<double>(n);
  const std::string test = fmt::format(R"({{"metric":"{}","op":">","value":{}}})", metric, limit);
  std::string raise = fmt::format(R"({{"when":{}}})", test);
  if (mixed && n % 20 == 0) raise = R"({"when":{"silent":"PT30M"}})";
  if (mixed && n % 20 == 4) raise = fmt::format(R"({{"when":{},"for":"PT10M"}})", test);
  if (mixed && n % 20 == 8) raise = fmt::format(R"({{"when":{},"times":3,"within":"PT1H"}})", test);
  if (mixed && n % 20 == 12)
    raise = fmt::format(
        R"({{"when":{{"all":[{},{{"not":{{"metric":"m0","op":"<","value":5}}}}]}}}})", test);
  if (mixed && n % 20 == 16)
    raise = fmt::format(R"({{"when":{{"any":[{},{{"metric":"m1","silent":"PT1H"}}]}}}})", test);
  const bool threshold =
      raise.starts_with(R"({"when":{"metric")") && raise.find("for") == std::string::npos;
  const std::string clear =
      threshold ? fmt::format(R"(,"clear":{{"when":{{"metric":"{}","op":"<","value":{}}}}})",
                              metric, limit - 10)
                : "";
  return fmt::format(
      R"({{"name":"r","applies_to":{{"profile":"p{}"}},"raise":{}{},"severity":"warning"}})",
      profile, raise, clear);
}

struct Fleet {
  std::vector<ProgramPtr> programs;
  std::vector<DeviceMemory> memories;
  double set_up_ms = 0;
};

Fleet fleet_of(bool mixed) {
  const Stopwatch watch;
  std::vector<RulePtr> rules;
  for (std::size_t p = 0; p < kProfiles; ++p)
    for (std::size_t n = 0; n < kRulesEach; ++n) {
      auto rule = std::make_shared<RuleVersion>();
      rule->number = static_cast<std::uint32_t>(rules.size());
      rule->version = 1;
      rule->rule = parse_rule(rule_json(p, n, mixed));
      rules.push_back(std::move(rule));
    }
  const RuleSet set(rules);
  Programs shelf;
  Fleet fleet;
  for (std::size_t d = 0; d < kDevices; ++d) {
    const std::string profile = fmt::format("p{}", d % kProfiles), id = fmt::format("d{}", d);
    fleet.programs.push_back(shelf.fitting(words_of(profile), set.applying({id, profile, {}, {}})));
    fleet.memories.emplace_back(*fleet.programs.back());
  }
  fleet.set_up_ms = watch.ns() / 1e6;
  return fleet;
}

/// Values for many rounds, made beforehand: a device's values stay below 50, one in `one_in` items
/// crosses.
std::vector<double> values_for(std::size_t items, std::uint64_t one_in) {
  Chance chance;
  std::vector<double> values;
  for (std::size_t i = 0; i < items; ++i) {
    const bool high = one_in != 0 && chance.next() % one_in == 0;
    for (std::size_t m = 0; m < kMetrics; ++m)
      values.push_back(high ? chance.between(55, 90) : chance.between(10, 45));
  }
  return values;
}

double yardstick_ns(const std::vector<double>& values, std::size_t rounds, std::size_t& raised) {
  std::vector<double> limits;
  for (std::size_t n = 0; n < kRulesEach; ++n) limits.push_back(60 + static_cast<double>(n));
  std::vector<std::uint8_t> open(kDevices * kRulesEach, 0);
  std::size_t items = 0;
  const Stopwatch watch;
  for (std::size_t round = 0; round < rounds; ++round)
    for (std::size_t d = 0; d < kDevices; ++d, ++items) {
      const double* v = &values[items % (values.size() / kMetrics) * kMetrics];
      std::uint8_t* flags = &open[d * kRulesEach];
      for (std::size_t n = 0; n < kRulesEach; ++n) {
        const double x = v[n % kMetrics];
        if (flags[n] == 0 ? x > limits[n] : x < limits[n] - 10) {
          flags[n] ^= 1;
          raised += flags[n];
        }
      }
    }
  return watch.ns() / static_cast<double>(items);
}

double judging_ns(Fleet& fleet, const std::vector<double>& values, std::size_t rounds, bool images,
                  std::size_t& raised) {
  Verdicts out;
  std::vector<DeviceMemory> before(images ? kDevices : 0);
  std::size_t items = 0;
  const Stopwatch watch;
  for (std::size_t round = 0; round < rounds; ++round)
    for (std::size_t d = 0; d < kDevices; ++d, ++items) {
      const double* v = &values[items % (values.size() / kMetrics) * kMetrics];
      const Value list[kMetrics] = {
          {0, Mark::good, v[0]}, {1, Mark::good, v[1]}, {2, Mark::good, v[2]}};
      const Time ts = from_ms(kStart + static_cast<std::int64_t>(round) * 60'000);
      if (images) before[d] = fleet.memories[d];
      out.clear();
      judge(*fleet.programs[d], fleet.memories[d], {}, {ts, ts, list, {}}, out);
      for (const Verdict& verdict : out.list) raised += verdict.kind == VerdictKind::raise;
    }
  return watch.ns() / static_cast<double>(items);
}

void report(const char* what, bool mixed, std::uint64_t one_in, bool images) {
  Fleet fleet = fleet_of(mixed);
  const std::vector<double> values = values_for(100'003, one_in);
  constexpr std::size_t kRounds = 500;
  std::size_t bare_raised = 0, raised = 0;
  const double bare = yardstick_ns(values, kRounds, bare_raised);
  const double ns = judging_ns(fleet, values, kRounds, images, raised);
  fmt::print(
      "{:<58} {:>7.0f} ns an item, {:>5.2f} M items/s; bare loop {:>4.0f} ns; ratio {:>5.1f} ({} "
      "raised, bare {}; set up in {:.0f} ms)\n",
      what, ns, 1e3 / ns, bare, ns / bare, raised, bare_raised, fleet.set_up_ms);
}

}  // namespace

int main() {
  fmt::print("judging: {} rules loaded, {} a device, {} values an item, {} devices\n",
             kProfiles * kRulesEach, kRulesEach, kMetrics, kDevices);
  report("thresholds only, nothing crosses", false, 0, false);
  report("thresholds only, one item in 100 crosses", false, 100, false);
  report("the same, with a before-image of every device touched", false, 100, true);
  report("a quarter with for, times, silence or a tree; 1 in 100", true, 100, false);
}
