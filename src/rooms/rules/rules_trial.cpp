#include "rooms/rules/rules_trial.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

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

/// The kinds of detections that the rules of a trial name, numbered for this trial alone: the lane's own numbers stay as they are.
class Kinds {
 public:
  /// As the live rules see the profile, but for the kinds.
  Words words(const Live& live, const devices::ProfileEntry& profile) {
    Words words = live.words_of(profile);
    words.detection = [this](std::string_view kind) {
      return numbers_.try_emplace(std::string(kind), static_cast<std::uint16_t>(numbers_.size() + 1)).first->second;
    };
    return words;
  }
  /// 0: no rule names it.
  std::uint16_t number(std::string_view kind) const {
    const auto found = numbers_.find(kind);
    return found == numbers_.end() ? std::uint16_t{0} : found->second;
  }

 private:
  std::map<std::string, std::uint16_t, std::less<>> numbers_;
};

/// What a device saw, in order of time, a page in memory.
class Seen {
 public:
  Seen(Reader& reader, const readings::Readings& readings, std::uint32_t device, Stretch stretch)
      : reader_(reader), readings_(readings), device_(device), stretch_(stretch) {}
  /// nullptr at the end.
  const readings::Detection* next() {
    if (at_ == page_.size() && !ended_) {
      const readings::Detection last = page_.empty() ? readings::Detection{} : page_.back();
      page_ = readings_.next_detections(reader_, device_, stretch_.from, stretch_.to, page_.empty() ? nullptr : &last, kPage);
      at_ = 0;
      ended_ = page_.empty();
    }
    return at_ < page_.size() ? &page_[at_] : nullptr;
  }
  void take() { ++at_; }

 private:
  static constexpr std::size_t kPage = 1000;
  Reader& reader_;
  const readings::Readings& readings_;
  std::uint32_t device_;
  Stretch stretch_;
  std::vector<readings::Detection> page_;
  std::size_t at_ = 0;
  bool ended_ = false;
};

/// Feeds one device's past in order of time: its values, and between them what it saw.
std::int64_t feed_device(Reader& reader, const readings::Readings& readings,
                         const devices::DeviceEntry& device, Stretch stretch, Backtest& test, std::size_t subject, const Kinds& kinds) {
  Seen seen(reader, readings, device.number, stretch);
  std::int64_t items = 0;
  const auto feed_seen = [&](std::int64_t until) {
    for (const readings::Detection* one = seen.next(); one != nullptr && one->ts <= until; seen.take(), one = seen.next(), ++items) {
      const Detection d{kinds.number(one->kind), one->confidence, mark_of(one->flags)};
      test.feed(subject, {from_ms(one->ts), from_ms(one->ts), {}, {&d, 1}});
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

struct Run {
  std::int64_t devices = 0, judged = 0;
};

/// Feeds the past of every device that the rule applies to and whose readings the caller may read, each in a snapshot of its own. All rules of the test apply to the same devices.
Run run_past(const db::Snapshots& past, const Caller& caller, const Live& live, const devices::Devices& devices, const readings::Readings& readings,
             const RulePtr& rule, Stretch stretch, Backtest& test, Time end) {
  const RuleSet alone({rule});
  Kinds kinds;
  Run run;
  auto all = devices.registry().all();
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a->number < b->number; });
  for (const devices::DevicePtr& device : all) {
    if (!caller.may("readings.read", device->path)) continue;
    const auto places = places::Places::ids_in(device->path);
    if (alone.applying({device->id, device->profile->id, device->tags, places}).empty()) continue;
    const std::size_t subject =
        test.add_subject(device->id, kinds.words(live, *device->profile),
                         [&](std::string_view name) { return device->attribute(std::string(name)); });
    run.judged += past.read([&](Reader& reader) {
      return feed_device(reader, readings, *device, stretch, test, subject, kinds);
    });
    test.finish(subject, end);  // one device's memory at a time
    ++run.devices;
  }
  return run;
}

Stretch stretch_of(std::optional<Time> from, std::optional<Time> to) {
  return {from ? to_ms(*from) : -readings::kMaxTs, to ? to_ms(*to) : readings::kMaxTs};
}

/// The roster as it is kept today, asked of the past.
Backtest::SubjectDue roster_of(const db::Snapshots& past, const Live& live, const devices::Devices& devices) {
  return [&past, &live, &devices](const std::string& subject, const std::string& post, Time at) {
    const auto device = devices.registry().find(subject);
    return !device || past.read([&](Reader& reader) { return live.due(reader, post, device->path, at); });
  };
}

const std::vector<std::string> kNotes = {"flagged readings (late, suspect, repeated) were skipped",
                                         "memory was empty at the beginning", "today's attributes were used",
                                         "only devices whose readings you may read were asked",
                                         "each situation counts as a case; a kind that joins what is near and close in time opens fewer"};

Candidate candidate_of(const Rule& present, const Proposal& p) {
  const Change change = change_of(present, p.rule);
  Candidate c;
  c.text = change.zh;
  c.text_en = change.en;
  c.rule = {to_json(p.rule)};
  c.false_alarms = static_cast<std::int64_t>(p.false_alarms);
  c.spared = static_cast<std::int64_t>(p.spared);
  c.kept = static_cast<std::int64_t>(p.kept);
  c.situations_before = static_cast<std::int64_t>(p.situations_before);
  c.situations_after = static_cast<std::int64_t>(p.situations_after);
  return c;
}

}  // namespace

ProposeAnswer propose_from_past(const db::Snapshots& past, const Caller& caller, const Live& live, const devices::Devices& devices,
                                const readings::Readings& readings, const RulePtr& rule, std::span<const Marked> marked,
                                std::optional<Time> from, std::optional<Time> to, Time now) {
  constexpr std::size_t kMost = 10;
  constexpr std::chrono::hours kBefore(24);  // so that a `for`, a count or a silence can have begun
  ProposeAnswer answer;
  answer.version = rule->version;
  answer.situations = static_cast<std::int64_t>(marked.size());
  std::optional<Time> first;
  for (const Marked& m : marked) {
    answer.false_alarms += m.false_alarm;
    if (!first || m.began_at < *first) first = m.began_at;
  }
  answer.from = from ? from : first ? std::optional(*first - kBefore) : std::nullopt;
  answer.to = to;
  answer.notes = kNotes;
  answer.notes.push_back("every situation that nobody marked counts as a true one");
  if (answer.false_alarms == 0) {
    answer.notes.push_back("no situation of this rule is marked as a false alarm in that stretch");
    return answer;
  }
  Backtest test(milder_rules(rule->rule, marked), roster_of(past, live, devices));
  answer.tried = static_cast<std::int64_t>(test.rules().size()) - 1;
  test.tally(marked);
  answer.judged = run_past(past, caller, live, devices, readings, rule, stretch_of(answer.from, to), test, std::min(to.value_or(now), now)).judged;
  for (const Proposal& p : proposals(test, marked, kMost)) answer.candidates.push_back(candidate_of(rule->rule, p));
  return answer;
}

TrialAnswer try_on_past(const db::Snapshots& past, const Caller& caller, const Live& live, const devices::Devices& devices,
                        const readings::Readings& readings, const RulePtr& rule, std::optional<Time> from,
                        std::optional<Time> to, Time now) {
  Backtest test({rule}, roster_of(past, live, devices));
  test.keep_at_most(kMostItems);
  TrialAnswer answer;
  const Run run = run_past(past, caller, live, devices, readings, rule, stretch_of(from, to), test, std::min(to.value_or(now), now));
  answer.devices = run.devices;
  answer.judged = run.judged;
  for (const PastSituation& s : test.situations()) {
    TrialItem item{s.subject, s.began_at, s.ended_at, {}, std::string(word_of(s.severity)), s.count};
    if (std::isfinite(s.peak)) item.peak = s.peak;
    answer.items.push_back(std::move(item));
  }
  answer.situations = static_cast<std::int64_t>(test.raised());
  answer.cases = rule->rule.case_kind.empty() ? 0 : answer.situations;
  answer.notes = kNotes;
  if (test.raised() > answer.items.size()) answer.notes.push_back("only the first situations are listed; the number counts all of them");
  return answer;
}

}  // namespace lifang::rules
