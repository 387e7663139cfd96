#include "rooms/rules/rules_live.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "rooms/rules/rules_store.hpp"

namespace lifang::rules {
namespace {

constexpr std::size_t kRebuildSlice = 1000;  // devices a batch: a few milliseconds
constexpr std::size_t kClockSlice = 5000;

Mark mark_of(std::uint8_t flags) {
  if (flags & (readings::late | readings::repeated)) return Mark::skip;
  return flags & readings::suspect ? Mark::suspect : Mark::good;
}

std::vector<std::string> places_on(std::string_view path) { return places::Places::ids_in(path); }

}  // namespace

Live::Live(jobs::Jobs& jobs, devices::Devices& devices, readings::Readings& readings, int offset_minutes)
    : devices_(devices), readings_(readings), offset_minutes_(offset_minutes) {
  jobs.every("rules.clocks", std::chrono::minutes(1), [this](Tx& tx, const jobs::Job&) { keep_clocks(tx); });
}

Words Live::words_of(const devices::ProfileEntry& profile) const {
  Words words;
  words.profile = profile.id;
  words.revision = profile.revision;
  words.offset_minutes = offset_minutes_;
  const auto kept = devices_.registry().profile(profile.id);
  words.metric = [kept](std::string_view name) -> std::optional<std::uint16_t> {
    const auto* metric = kept ? kept->find(name) : nullptr;
    return metric ? std::optional(metric->number) : std::nullopt;
  };
  words.detection = [this](std::string_view kind) { return devices_.registry().intern_kind(kind); };
  return words;
}

void Live::rebuild(Tx& tx, Subject& s, devices::DevicePtr entry, std::string_view blob) {
  const ProgramPtr before = s.program;
  const devices::DevicePtr old_entry = s.entry;
  s.entry = std::move(entry);
  s.current = true;
  const auto place_ids = places_on(s.entry->path);
  const auto current = set_.applying({s.entry->id, s.entry->profile->id, s.entry->tags, place_ids});
  std::vector<RulePtr> pinned;
  if (before) {
    for (const RulePtr& rule : open_in(*before, s.memory)) pinned.push_back(rule);
  } else {
    for (const RuleRef ref : open_in(blob))
      if (auto rule = store::load(tx, ref)) pinned.push_back(std::move(rule));
  }
  // A version that still judges here is no pin: it stands among the current ones.
  std::erase_if(pinned, [&](const RulePtr& p) {
    return std::any_of(current.begin(), current.end(),
                       [&](const RulePtr& c) { return c->number == p->number && c->version == p->version; });
  });
  s.program = programs_.fitting(words_of(*s.entry->profile), current, pinned);
  s.attributes.clear();
  for (const std::string& name : s.program->attributes) s.attributes.push_back(s.entry->attribute(name));
  s.maintenance.clear();
  for (const auto& window : devices::Devices::maintenance_of(tx, devices::DeviceId{s.entry->id}))
    s.maintenance.push_back({window.begins, window.ends});
  if (before) s.memory = carry_over(*before, s.memory, *s.program, setting(s));
  else s.memory = DeviceMemory(*s.program);
  if (!blob.empty()) s.memory.load(*s.program, blob);
  readings_.each_latest(s.entry->number, [&](std::uint16_t metric, const readings::Point& point) {
    s.memory.set_latest(*s.program, metric, from_ms(point.ts), point.value);
  });
  rearm(*s.program, s.memory, setting(s));
}

Live::Subject* Live::subject(Tx& tx, std::uint32_t device) {
  if (device >= subjects_.size()) subjects_.resize(std::max<std::size_t>(device + 1UL, subjects_.size() * 2));
  auto& slot = subjects_[device];
  if (slot && slot->current && !slot->entry->stale.load(std::memory_order_relaxed)) return &touch(tx, *slot);
  const auto entry = devices_.registry().at(device);
  if (!entry) return nullptr;  // removed while its message waited
  if (!slot) {
    slot = std::make_unique<Subject>();
    rebuild(tx, *slot, entry);
  } else {
    touch(tx, *slot);
    rebuild(tx, *slot, entry);
  }
  return &touch(tx, *slot);
}

Live::Subject& Live::touch(Tx& tx, Subject& s) {
  if (s.touched) return s;
  if (images_used_ == 0) {
    tx.after_commit([this] { forget_images(); });
    tx.on_rollback([this] { restore(); });
  }
  s.touched = true;
  if (images_used_ == images_.size()) images_.emplace_back();
  Image& image = images_[images_used_++];
  image.device = s.entry->number;
  image.entry = s.entry;
  image.program = s.program;
  image.memory = s.memory;
  image.attributes = s.attributes;
  image.maintenance = s.maintenance;
  image.current = s.current;
  image.kept = s.kept;
  return s;
}

void Live::restore() {
  for (std::size_t i = images_used_; i-- > 0;) {
    Image& image = images_[i];
    Subject& s = *subjects_[image.device];
    s.entry = image.entry;
    s.program = image.program;
    s.memory = image.memory;
    s.attributes = image.attributes;
    s.maintenance = image.maintenance;
    s.current = image.current;
    s.kept = image.kept;
  }
  forget_images();
}

void Live::forget_images() {
  for (std::size_t i = 0; i < images_used_; ++i) {
    Subject& s = *subjects_[images_[i].device];
    s.touched = false;
    s.memory.written();
  }
  images_used_ = 0;
}

void Live::judge(Tx& tx, const readings::Batch& batch) {
  for (const readings::Item& item : batch.items) {
    Subject* s = subject(tx, item.device);
    if (!s) continue;
    values_.clear();
    for (const readings::Value& v : batch.values_of(item)) values_.push_back({v.metric, mark_of(v.flags), v.value});
    judge_item(tx, *s, {from_ms(item.ts), from_ms(item.arrived), values_, {}, item.by_arrival}, nullptr);
  }
  for (const readings::Detection& d : batch.detections) {
    Subject* s = subject(tx, d.device);
    if (!s || d.id.empty()) continue;
    const Detection seen{devices_.registry().kind_number(d.kind), d.confidence, mark_of(d.flags)};
    judge_item(tx, *s, {from_ms(d.ts), from_ms(d.arrived), {}, {&seen, 1}, d.by_arrival}, &d);
  }
  write_touched(tx);
}

void Live::judge_item(Tx& tx, Subject& s, const Item& item, const readings::Detection* detection) {
  verdicts_.clear();
  rules::judge(*s.program, s.memory, setting(s), item, verdicts_);
  if (!s.clock_moved) {
    s.clock_moved = true;
    moved_.push_back(s.entry->number);
  }
  if (!verdicts_.list.empty()) hand_over(tx, s, detection);
  plan(s);
}

void Live::hand_over(Tx& tx, Subject& s, const readings::Detection* detection, Ends ends) {
  if (asks_roster(*s.program, verdicts_))
    take_back(*s.program, s.memory, setting(s), verdicts_,
              [&](const std::string& post, Time at) { return due(tx, post, s.entry->path, at); });
  for (const Verdict& verdict : verdicts_.list)
    sink_(tx, {*s.entry, *s.program->entries[verdict.entry].rule, *s.program, verdict, verdicts_.evidence_of(verdict),
               verdicts_.interlocks_of(verdict), detection, ends});
  if (verdicts_.pin_released) rebuild(tx, s, s.entry);
}

void Live::plan(Subject& s) {
  const auto due = rules::next_due(s.memory);
  // A place in the heap that is a little early costs one look; one that is late would cost a late alarm.
  if (!due || *due >= s.in_heap) return;
  s.in_heap = *due;
  heap_.emplace(*due, s.entry->number);
}

std::optional<Time> Live::next_due() const {
  if (!to_rebuild_.empty()) return Time::min();
  if (heap_.empty()) return std::nullopt;
  return heap_.top().first;
}

void Live::run_due(Tx& tx) {
  for (std::size_t n = 0; n < kRebuildSlice && !to_rebuild_.empty(); ++n) {
    const std::uint32_t device = to_rebuild_.back();
    to_rebuild_.pop_back();
    // Undone with the batch, it must be asked again: the device that says nothing is the one that a silence is about.
    tx.on_rollback([this, device] { to_rebuild_.push_back(device); });
    if (Subject* s = subject(tx, device)) plan(*s);
  }
  for (std::size_t n = 0; n < kRebuildSlice && !heap_.empty() && heap_.top().first <= tx.now(); ++n) {
    const auto [at, device] = heap_.top();
    heap_.pop();
    if (device >= subjects_.size() || !subjects_[device] || subjects_[device]->in_heap != at) continue;
    subjects_[device]->in_heap = kForever;
    Subject* s = subject(tx, device);
    if (!s) continue;
    // Undone with the batch, the place in the heap must come back too.
    tx.on_rollback([this, at = at, device = device] { heap_.emplace(at, device), subjects_[device]->in_heap = at; });
    verdicts_.clear();
    judge_timers(*s->program, s->memory, setting(*s), tx.now(), verdicts_);
    if (!verdicts_.list.empty()) hand_over(tx, *s, nullptr);
    plan(*s);
  }
  write_touched(tx);
}

void Live::keep(Tx& tx, const Subject& s) {
  const DeviceMemory& m = s.memory;
  store::keep_memory(tx, {s.entry->number, m.blob(*s.program), m.newest(), m.arrival(), m.by_arrival()});
}

void Live::write_touched(Tx& tx) {
  for (std::size_t i = 0; i < images_used_; ++i) {
    Subject& s = *subjects_[images_[i].device];
    // The first words of a device are written at once: who falls silent before the minute is over is missed, too.
    if (!s.memory.must_write() && (s.kept || s.memory.newest() == kNever)) continue;
    keep(tx, s);
    s.memory.written();
    s.kept = true;
  }
}

void Live::keep_clocks(Tx& tx) {
  for (std::size_t n = 0; n < kClockSlice && !moved_.empty(); ++n) {
    const std::uint32_t device = moved_.front();
    moved_.pop_front();
    Subject* s = device < subjects_.size() ? subjects_[device].get() : nullptr;
    if (!s) continue;
    s->clock_moved = false;
    tx.on_rollback([this, device] {
      if (!subjects_[device] || std::exchange(subjects_[device]->clock_moved, true)) return;
      moved_.push_front(device);
    });
    keep(tx, *s);
  }
  programs_.sweep();
}

void Live::close(Tx& tx) {
  while (!moved_.empty()) keep_clocks(tx);
}

void Live::open(Tx& tx, std::vector<RulePtr> active) {
  set_ = RuleSet(std::move(active));
  std::vector<store::Memory> memories;
  store::each_memory(tx, [&](store::Memory memory) { memories.push_back(std::move(memory)); });
  for (const store::Memory& memory : memories) {
    const auto entry = devices_.registry().at(memory.device);
    if (!entry) continue;
    if (memory.device >= subjects_.size()) subjects_.resize(memory.device + 1UL);
    auto& s = subjects_[memory.device] = std::make_unique<Subject>();
    s->kept = true;
    rebuild(tx, *s, entry, memory.blob);
    // The clock is written once a minute: what was said since moves it as it did live, suspect values and detections too.
    Time newest = memory.newest, arrived = memory.arrived;
    const auto spoken = readings_.last_spoken(tx, memory.device);
    if (spoken && newest != kNever && from_ms(spoken->ts) > newest) {
      const Time ts = from_ms(spoken->ts);
      const Time guess = std::min(arrived + (ts - newest), std::max(arrived, tx.now()));
      arrived = spoken->arrived ? from_ms(*spoken->arrived) : guess;
      newest = ts;
    }
    s->memory.set_clock(newest, arrived, memory.by_arrival);
    rearm(*s->program, s->memory, setting(*s));
    s->memory.written();
    plan(*s);
  }
}

void Live::use(Tx& tx, RulePtr rule) {
  tx.after_commit([this, rule = std::move(rule)] { take_over(rule->number, rule); });
}

void Live::drop(Tx& tx, std::uint32_t number) {
  tx.after_commit([this, number] { take_over(number, nullptr); });
}

void Live::take_over(std::uint32_t number, RulePtr rule) {
  const RulePtr before = set_.find(number);
  if (rule) set_.put(rule);
  else set_.remove(number);
  const auto concerns = [](const RulePtr& version, const devices::DeviceEntry& device) {
    if (!version) return false;
    const AppliesTo& to = version->rule.applies_to;
    // Most devices are out by their profile, before their places are spelled.
    if (!to.profile.empty() && to.profile != device.profile->id) return false;
    const auto place_ids = places_on(device.path);
    return applies(to, {device.id, device.profile->id, device.tags, place_ids});
  };
  for (std::uint32_t device = 0; device < subjects_.size(); ++device) {
    Subject* s = subjects_[device].get();
    if (!s || !s->current || !(concerns(before, *s->entry) || concerns(rule, *s->entry))) continue;
    s->current = false;
    to_rebuild_.push_back(device);
  }
}

void Live::device_changed(Tx&, const std::string& id) {
  const auto entry = devices_.registry().find(id);
  if (!entry || entry->number >= subjects_.size() || !subjects_[entry->number]) return;
  subjects_[entry->number]->current = false;  // maintenance is not in the entry: build anew in any case
  to_rebuild_.push_back(entry->number);
}

void Live::device_removed(Tx& tx, const std::string& id) {
  for (std::uint32_t device = 0; device < subjects_.size(); ++device) {
    if (!subjects_[device] || subjects_[device]->entry->id != id) continue;
    Subject& s = touch(tx, *subjects_[device]);
    // A hearer's savepoint may be undone alone, while the images go back with the whole batch only.
    tx.on_rollback([this, device, program = s.program, memory = s.memory] {
      subjects_[device]->program = program;
      subjects_[device]->memory = memory;
    });
    for (std::uint16_t entry = 0; entry < s.program->entries.size(); ++entry) {
      verdicts_.clear();
      const auto verdict = end_by_hand(*s.program, s.memory, entry, tx.now());
      if (!verdict) continue;
      verdicts_.list.push_back(*verdict);
      hand_over(tx, s, nullptr, Ends::device_removed);
    }
    store::remove_memory(tx, device);
    tx.after_commit([this, device] { subjects_[device].reset(); });
  }
}

void Live::end(Tx& tx, const std::string& device, const std::string& rule) {
  const auto known = devices_.registry().find(device);
  Subject* s = known ? subject(tx, known->number) : nullptr;
  if (!s) return;
  for (std::uint16_t entry = 0; entry < s->program->entries.size(); ++entry) {
    const Entry& e = s->program->entries[entry];
    if (e.rule->id != rule || can_end(e.rule->rule)) continue;
    // A hearer's savepoint may be undone alone, while the images go back with the whole batch only.
    tx.on_rollback([this, number = known->number, program = s->program, memory = s->memory] {
      subjects_[number]->program = program;
      subjects_[number]->memory = memory;
    });
    verdicts_.clear();
    const auto verdict = end_by_hand(*s->program, s->memory, entry, tx.now());
    if (!verdict) continue;
    verdicts_.list.push_back(*verdict);
    verdicts_.pin_released = e.pinned;
    hand_over(tx, *s, nullptr, Ends::by_hand);
    plan(*s);
    return write_touched(tx);  // one is open at most, and the program may be another now
  }
}

Standing Live::standing(const devices::DeviceEntry& device, Time server_now) const {
  Standing standing;
  const auto profile = device.profile;
  standing.latest = [this, profile, number = device.number](std::string_view name) -> std::optional<Standing::Reading> {
    const auto* metric = profile->find(name);
    const auto point = metric ? readings_.latest(number, metric->number) : std::nullopt;
    if (!point) return std::nullopt;
    return Standing::Reading{from_ms(point->ts), point->value};
  };
  standing.attribute = [&device](std::string_view name) -> std::optional<double> {
    const double v = device.attribute(std::string(name));
    return std::isnan(v) ? std::nullopt : std::optional(v);
  };
  standing.now = server_now;
  const Subject* s = device.number < subjects_.size() ? subjects_[device.number].get() : nullptr;
  if (s && s->memory.newest() != kNever) {
    standing.newest = s->memory.newest();
    standing.now = s->memory.shown(server_now);
  }
  return standing;
}

}  // namespace lifang::rules
