#include "rooms/rules/rules_trial.hpp"

#include <algorithm>
#include <cmath>

#include "rooms/rules/rules_backtest.hpp"

namespace lifang::rules {
namespace {

Mark mark_of(std::uint8_t flags) {
  if (flags & (readings::late | readings::repeated)) return Mark::skip;
  return flags & readings::suspect ? Mark::suspect : Mark::good;
}

struct Stretch {
  std::int64_t from, to;  ///< Unix ms, from ≤ ts < to
};

/// Feeds one device's past in order of time: its values, and between them what it saw.
std::int64_t feed_device(Reader& reader, const Live& live, const readings::Readings& readings,
                         const devices::DeviceEntry& device, Stretch stretch, Backtest& test, std::size_t subject) {
  const Words words = live.words_of(*device.profile);
  std::vector<readings::Detection> seen;
  readings.replay_detections(reader, device.number, stretch.from, stretch.to,
                             [&](const readings::Detection& d) { seen.push_back(d); });
  std::size_t next = 0;
  std::int64_t items = 0;
  const auto feed_seen = [&](std::int64_t until) {
    for (; next < seen.size() && seen[next].ts <= until; ++next, ++items) {
      const Detection d{words.detection(seen[next].kind), seen[next].confidence, mark_of(seen[next].flags)};
      test.feed(subject, {from_ms(seen[next].ts), from_ms(seen[next].ts), {}, {&d, 1}});
    }
  };
  std::vector<Value> values;
  readings.replay(reader, device.number, stretch.from, stretch.to,
                  [&](const readings::Item& item, std::span<const readings::Value> stored) {
                    feed_seen(item.ts);
                    values.clear();
                    for (const readings::Value& v : stored) values.push_back({v.metric, mark_of(v.flags), v.value});
                    test.feed(subject, {from_ms(item.ts), from_ms(item.ts), values, {}});
                    ++items;
                  });
  feed_seen(INT64_MAX);
  return items;
}

}  // namespace

TrialAnswer try_on_past(Reader& reader, const Live& live, const devices::Devices& devices,
                        const readings::Readings& readings, const RulePtr& rule, std::optional<Time> from,
                        std::optional<Time> to, Time now) {
  const RuleSet alone({rule});
  const Stretch stretch{from ? to_ms(*from) : -readings::kMaxTs, to ? to_ms(*to) : readings::kMaxTs};
  Backtest test({rule});
  TrialAnswer answer;
  auto all = devices.registry().all();
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a->number < b->number; });
  for (const devices::DevicePtr& device : all) {
    const auto places = places::Places::ids_in(device->path);
    if (alone.applying({device->id, device->profile->id, device->tags, places}).empty()) continue;
    const std::size_t subject =
        test.add_subject(device->id, live.words_of(*device->profile),
                         [&](std::string_view name) { return device->attribute(std::string(name)); });
    answer.judged += feed_device(reader, live, readings, *device, stretch, test, subject);
    ++answer.devices;
  }
  test.finish(to.value_or(now));
  for (const PastSituation& s : test.situations()) {
    TrialItem item{s.subject, s.began_at, s.ended_at, {}, std::string(word_of(s.severity)), s.count};
    if (std::isfinite(s.peak)) item.peak = s.peak;
    answer.items.push_back(std::move(item));
  }
  answer.situations = static_cast<std::int64_t>(test.situations().size());
  answer.cases = rule->rule.case_kind.empty() ? 0 : answer.situations;
  answer.notes = {"flagged readings (late, suspect, repeated) were skipped", "memory was empty at the beginning",
                  "today's attributes were used"};
  return answer;
}

}  // namespace lifang::rules
