#include "rooms/situations/situations.hpp"

#include <cmath>

#include "base/check.hpp"
#include "platform/bus/typed.hpp"
#include "rooms/situations/situations_rules.hpp"
#include "rooms/situations/situations_store.hpp"

namespace lifang::situations {
namespace {

std::uint64_t key_of(std::uint32_t device, std::uint32_t rule) { return std::uint64_t{device} << 32 | rule; }
std::uint64_t key_of(const rules::Judged& judged) { return key_of(judged.device.number, judged.rule.number); }
Severity severity_of(rules::Severity severity) { return static_cast<Severity>(severity); }
Interlock interlock_of(rules::Truth truth) {
  if (truth == rules::Truth::unknown) return Interlock::unknown;
  return truth == rules::Truth::yes ? Interlock::yes : Interlock::no;
}
std::optional<Unmeasured> unmeasured_of(rules::Ends ends) {
  if (ends == rules::Ends::judged) return std::nullopt;
  return ends == rules::Ends::by_hand ? Unmeasured::by_hand : Unmeasured::device_removed;
}
std::optional<double> peak_of(const rules::Verdict& verdict) {
  return std::isfinite(verdict.peak) ? std::optional(verdict.peak) : std::nullopt;
}

/// When the maintenance that covers `now` ends; nothing if none does. Windows that touch or overlap are one after another.
std::optional<Time> covered_until(Reader& reader, const devices::DeviceId& device, Time now) {
  std::optional<Time> until;
  for (const auto& window : devices::Devices::maintenance_of(reader, device))
    if (window.begins <= now && now < window.ends && (!until || *until < window.ends)) until = window.ends;
  return until;
}

constexpr const char* kSilence = "situations.silence";

}  // namespace

Situations::Situations(bus::Bus& bus, jobs::Jobs& jobs, int offset_minutes) : bus_(bus), jobs_(jobs), offset_minutes_(offset_minutes) {
  jobs_.on(kSilence, [this](Tx& tx, const jobs::Job& job) { maintenance_over(tx, SituationId{job.name}); });
}

void Situations::open(Tx& tx) {
  store::each_open(tx, [&](std::uint32_t device, std::uint32_t rule, SituationId id) { open_[key_of(device, rule)] = std::move(id); });
  // What an older program silenced has no job to wake it; and windows may have been changed since one was set.
  for (const auto& [id, device] : store::silenced(tx))
    jobs_.at(tx, kSilence, id.text, covered_until(tx, device, tx.now()).value_or(tx.now()));
}

void Situations::apply(Tx& tx, const rules::Judged& judged) {
  switch (judged.verdict.kind) {
    case rules::VerdictKind::raise: raise(tx, judged); break;
    case rules::VerdictKind::rise: rise(tx, judged); break;
    case rules::VerdictKind::clear: clear(tx, judged); break;
  }
}

void Situations::raise(Tx& tx, const rules::Judged& judged) {
  const auto key = key_of(judged);
  if (open_.contains(key)) return;  // at most one per rule and subject
  Situation s;
  s.id = SituationId::make(tx.ids());
  s.rule = rules::RuleId{judged.rule.id};
  s.rule_version = judged.rule.version;
  s.device = devices::DeviceId{judged.device.id};
  s.place = places::PlaceId{judged.device.place};
  s.path = judged.device.path;
  s.severity = severity_of(judged.verdict.severity);
  s.silenced = judged.verdict.silenced;
  s.began_at = judged.verdict.at;
  s.raised_at = tx.now();
  s.peak = peak_of(judged.verdict);
  s.readings = judged.verdict.count;
  s.evidence = evidence_of(judged);
  s.cause = cause_of(judged, s.evidence);
  const std::string place = places::Places::spoken_near(tx, s.place);
  Sentences sentences = sentences_of(judged, place, tx.now(), offset_minutes_);
  s.text = std::move(sentences.zh);
  s.text_en = std::move(sentences.en);
  store::add(tx, s, judged.rule.number, judged.device.number);
  open_[key] = s.id;
  tx.on_rollback([this, key] { open_.erase(key); });
  Opened event{s.id, s.rule, s.rule_version, s.device, s.place, s.path, s.severity, {}, s.silenced, s.began_at, s.text,
               s.raised_at, evidence_at(judged), {}};
  for (const rules::Truth truth : judged.interlocks) event.interlocks.push_back(interlock_of(truth));
  if (!judged.rule.rule.case_kind.empty()) event.case_kind = judged.rule.rule.case_kind;
  bus::tell(bus_, tx, event, {s.id.text, s.path, s.cause, {}});
  if (s.silenced) jobs_.at(tx, kSilence, s.id.text, covered_until(tx, s.device, tx.now()).value_or(tx.now()));
}

void Situations::maintenance_over(Tx& tx, const SituationId& id) {
  const auto s = store::find(tx, id);
  if (!s || s->state != State::open || !s->silenced || s->false_alarm) return;
  if (const auto until = covered_until(tx, s->device, tx.now())) return jobs_.at(tx, kSilence, id.text, *until);
  store::unsilence(tx, id);
  Unsilenced event{{s->id, s->rule, s->rule_version, s->device, s->place, s->path, s->severity, {}, false, s->began_at, s->text,
                    tx.now(), s->began_at, {}}};
  const auto version = rules::Rules::version(tx, s->rule, s->rule_version);
  if (version && !version->rule.case_kind.empty()) event.case_kind = version->rule.case_kind;
  bus::tell(bus_, tx, event, {s->id.text, s->path, s->id.text, {}});
}

void Situations::maintenance_ended(Tx& tx, const devices::DeviceId& device) {
  for (const store::OpenOne& one : store::open_of(tx, device)) {
    const auto s = store::find(tx, one.id);
    if (s && s->silenced && !s->false_alarm) jobs_.at(tx, kSilence, one.id.text, tx.now());
  }
}

void Situations::rise(Tx& tx, const rules::Judged& judged) {
  const auto it = open_.find(key_of(judged));
  if (it == open_.end()) return;
  auto s = store::find(tx, it->second);
  check(s.has_value(), "an open situation has its row");
  s->severity = severity_of(judged.verdict.severity);
  s->peak = peak_of(judged.verdict);
  s->readings = judged.verdict.count;
  const auto why = evidence_of(judged);
  for (const Evidence& e : why) {
    s->evidence.push_back(e);
    s->evidence.back().rose_to = s->severity;
  }
  store::rise(tx, *s);
  Sentences sentences = sentences_of(judged, places::Places::spoken_near(tx, s->place), tx.now(), offset_minutes_);
  bus::tell(bus_, tx, Rose{s->id, s->severity, judged.verdict.at, s->peak, std::move(sentences.zh), std::move(sentences.en)},
            {s->id.text, judged.device.path, cause_of(judged, why), {}});
}

void Situations::clear(Tx& tx, const rules::Judged& judged) {
  const auto key = key_of(judged);
  const auto it = open_.find(key);
  if (it == open_.end()) return;
  const SituationId id = it->second;
  store::clear(tx, id, judged.verdict.at, peak_of(judged.verdict), judged.verdict.count);
  open_.erase(it);
  tx.on_rollback([this, key, id] { open_[key] = id; });
  bus::tell(bus_, tx, Cleared{id, judged.verdict.at, unmeasured_of(judged.ends)}, {id.text, judged.device.path, id.text, {}});
}

void Situations::device_removed(Tx& tx, const devices::DeviceId& device) {
  for (const store::OpenOne& one : store::open_of(tx, device)) {
    const auto key = key_of(one.device, one.rule);
    store::end(tx, one.id);
    if (open_.erase(key) > 0) tx.on_rollback([this, key, id = one.id] { open_[key] = id; });
    bus::tell(bus_, tx, Cleared{one.id, tx.now(), Unmeasured::device_removed}, {one.id.text, one.path, one.id.text, {}});
  }
}

std::optional<Situation> Situations::find(Reader& reader, const SituationId& id) { return store::find(reader, id); }

Situation Situations::get(Reader& reader, const Caller& caller, const SituationId& id) {
  auto situation = store::find(reader, id);
  if (!situation) throw missing("situations.unknown", "no such situation");
  caller.must("situations.read", situation->path);
  return *std::move(situation);
}

namespace {

std::optional<std::string> subtree(Reader& reader, const Filter& filter) {
  if (!filter.place) return std::nullopt;
  const auto place = places::Places::find(reader, *filter.place);
  return place ? place->path : "/-/";  // no path begins so: an unknown place holds nothing
}

}  // namespace

std::vector<Situation> Situations::list(Reader& reader, const Caller& caller, const Filter& filter) {
  return store::list(reader, caller.paths("situations.read"), subtree(reader, filter), filter);
}

std::int64_t Situations::count(Reader& reader, const Caller& caller, const Filter& filter) {
  return store::count(reader, caller.paths("situations.read"), subtree(reader, filter), filter);
}

std::vector<FalseRate> Situations::false_rates(Reader& reader) { return store::false_rates(reader); }

FalseRate Situations::false_rate(Reader& reader, const rules::RuleId& rule) { return store::false_rate(reader, rule); }

std::vector<Outcome> Situations::outcomes(Reader& reader, const rules::RuleId& rule, std::optional<Time> from,
                                          std::optional<Time> to, std::size_t limit) {
  return store::outcomes(reader, rule, from, to, limit);
}

Situation Situations::acknowledge(Tx& tx, const Caller& caller, const SituationId& id) {
  const Situation situation = get(tx, caller, id);
  caller.must("situations.handle", situation.path);
  if (!situation.seen_at) {
    store::see(tx, id, caller.account);
    bus::tell(bus_, tx, Acknowledged{id}, {id.text, situation.path, id.text, caller.account});
  }
  return *store::find(tx, id);
}

Situation Situations::mark_false(Tx& tx, const Caller& caller, const SituationId& id, bool is_false,
                                 const std::string& reason) {
  const Situation situation = get(tx, caller, id);
  caller.must("situations.handle", situation.path);
  if (reason.empty()) throw invalid("situations.reason_needed", "/reason", "say why");
  if (situation.false_alarm == is_false) throw conflict("situations.already_marked", "it is marked so already");
  store::mark(tx, id, is_false, reason, caller.account);
  // Taken back: it is owed after all, at once or when the maintenance ends.
  if (!is_false && situation.silenced && situation.state == State::open) jobs_.at(tx, kSilence, id.text, tx.now());
  bus::tell(bus_, tx, MarkedFalse{id, situation.rule, is_false}, {id.text, situation.path, id.text, caller.account});
  return *store::find(tx, id);
}

void Situations::place_moved(Tx& tx, const std::string& from, const std::string& to) { store::rebase(tx, from, to); }

}  // namespace lifang::situations
