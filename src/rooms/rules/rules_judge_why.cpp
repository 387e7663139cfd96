// What a verdict carries: the tests that decided and what they saw.
#include <algorithm>
#include <cmath>

#include "rooms/rules/rules_judgement.hpp"

namespace lifang::rules {

void Judgement::add_leaf(const Entry& e, const RuleState& s, const Leaf& leaf, Truth truth) {
  Evidence ev;
  ev.op = leaf.op;
  ev.held = truth == Truth::yes;
  ev.of = leaf.of;
  ev.limit = leaf.limit;
  switch (leaf.kind) {
    case Leaf::Kind::attribute:
      ev.attribute = leaf.attribute;
      if (leaf.attribute < setting_.attributes.size())
        ev.limit = setting_.attributes[leaf.attribute];
      [[fallthrough]];
    case Leaf::Kind::within:
      ev.ts = latest_[leaf.of].ts;
      ev.value = latest_[leaf.of].value;
      break;
    case Leaf::Kind::detection:
      // At a due instant, and when something else decided, the newest detection still is what there
      // is to show.
      ev.kind = Evidence::Kind::detection;
      ev.ts = seen_[leaf.of].ts;
      ev.value = seen_[leaf.of].confidence;
      ev.held = ev.value >= leaf.lo;
      break;
    case Leaf::Kind::silent: {
      const Silence& silence = p_.silences[e.first_silence + leaf.of];
      ev.kind = Evidence::Kind::silence;
      ev.held = (s.silent >> leaf.of & 1) != 0;
      ev.silence_of = silence.of;
      ev.of = silence.which;
      ev.ts = base_of(silence);
      ev.silence = silence.length;
      break;
    }
    case Leaf::Kind::never_known:
      return;
  }
  if (ev.ts != kNever) out_.evidence.push_back(ev);
}

/// The tests that decided: of an `all` that fails those that failed, of an `any` that holds those
/// that held, else every one; if nothing is decided (a detection at a due instant) all that is
/// known.
void Judgement::add_evidence(const Entry& e, const RuleState& s, Code code) {
  if (code.count == 1) {
    const Leaf& leaf = p_.leaves[p_.steps[code.first].arg];
    return add_leaf(e, s, leaf, test(e, s, leaf));
  }
  Truth truth[kMostSteps];
  std::uint32_t begins[kMostSteps];  // first step of the subtree that ends here
  for (std::uint32_t i = 0; i < code.count; ++i) {
    begins[i] = i;
    const Step step = p_.steps[code.first + i];
    if (step.kind != Step::Kind::leaf)
      for (std::uint16_t part = 0; part < step.arg; ++part) begins[i] = begins[begins[i] - 1];
    truth[i] = evaluate(e, s, {code.first + begins[i], i - begins[i] + 1});
  }
  bool wanted[kMostSteps] = {};
  if (code.count > 0) wanted[code.count - 1] = true;
  for (std::uint32_t i = code.count; i-- > 0;) {
    const Step step = p_.steps[code.first + i];
    if (!wanted[i] || step.kind == Step::Kind::leaf) continue;
    const bool choosy = (step.kind == Step::Kind::all && truth[i] == Truth::no) ||
                        (step.kind == Step::Kind::any && truth[i] == Truth::yes);
    for (std::uint32_t part = i - 1, n = 0; n < step.arg; ++n, part = begins[part] - 1)
      wanted[part] = !choosy || truth[part] == truth[i];
  }
  for (std::uint32_t i = 0; i < code.count; ++i)
    if (const Step step = p_.steps[code.first + i]; wanted[i] && step.kind == Step::Kind::leaf)
      add_leaf(e, s, p_.leaves[step.arg], truth[i]);
}

/// What the interlocks of its commands say at the instant of the raise, over what is known then: by
/// the time that somebody acts on it, other values may stand.
void Judgement::add_interlocks(const Entry& e, Verdict& v) {
  Standing standing;
  standing.latest = [this](std::string_view name) -> std::optional<Standing::Reading> {
    const auto found = std::find(p_.metric_names.begin(), p_.metric_names.end(), name);
    if (found == p_.metric_names.end()) return std::nullopt;
    const Latest& l = latest_[static_cast<std::size_t>(found - p_.metric_names.begin())];
    return l.ts == kNever ? std::nullopt : std::optional(Standing::Reading{l.ts, l.value});
  };
  standing.attribute = [this](std::string_view name) -> std::optional<double> {
    const auto found = std::find(p_.attributes.begin(), p_.attributes.end(), name);
    const auto i = static_cast<std::size_t>(found - p_.attributes.begin());
    if (i >= setting_.attributes.size() || std::isnan(setting_.attributes[i])) return std::nullopt;
    return setting_.attributes[i];
  };
  if (m_.newest() != kNever) standing.newest = m_.newest();
  standing.now = v.at;
  v.first_interlock = static_cast<std::uint32_t>(out_.interlocks.size());
  v.interlocks = static_cast<std::uint32_t>(e.rule->rule.actions.size());
  for (const Action& action : e.rule->rule.actions) {
    const auto* command = std::get_if<Command>(&action);
    out_.interlocks.push_back(command && command->interlock ? rules::evaluate(*command->interlock, standing)
                                                            : Truth::yes);
  }
}

Verdict& Judgement::tell(VerdictKind kind, std::uint16_t index, Code why) {
  const Entry& e = p_.entries[index];
  const RuleState& s = states_[index];
  Verdict v;
  v.kind = kind;
  v.severity = s.severity;
  v.by_timer = by_timer_;
  v.entry = index;
  v.rule = {e.rule->number, e.rule->version};
  v.at = std::max(at_, s.changed_at);
  v.began_at = s.changed_at;
  v.peak = s.peak;
  v.count = s.count;
  if (kind != VerdictKind::clear)
    v.silenced =
        std::any_of(setting_.maintenance.begin(), setting_.maintenance.end(),
                    [&](const Period& period) { return v.at >= period.from && v.at < period.to; });
  v.first_evidence = static_cast<std::uint32_t>(out_.evidence.size());
  add_evidence(e, s, why);
  v.evidence = static_cast<std::uint32_t>(out_.evidence.size()) - v.first_evidence;
  if (kind == VerdictKind::raise && e.interlocked) add_interlocks(e, v);
  out_.list.push_back(v);
  return out_.list.back();
}

}  // namespace lifang::rules
