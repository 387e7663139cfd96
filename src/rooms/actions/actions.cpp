#include "rooms/actions/actions.hpp"

#include "base/check.hpp"
#include "platform/bus/typed.hpp"
#include "rooms/actions/actions_store.hpp"

namespace lifang::actions {
namespace {

constexpr const char* kHold = "actions.hold";
constexpr const char* kRelease = "actions.release";
/// How long a release that is sent again waits for a device that is away, and how soon one that failed is tried again.
constexpr Duration kReleaseWaits = std::chrono::hours(1);
constexpr Duration kReleaseAgain = std::chrono::minutes(1);

/// Whether the machine is to be let go when the situation ends. What was never answered may have happened all the same.
bool stands(const Action& action) {
  return action.state == State::commanded || action.state == State::done || action.state == State::held ||
         action.state == State::expired;
}

}  // namespace

Actions::Actions(bus::Bus& bus, jobs::Jobs& jobs, devices::Devices& devices, readings::Readings& readings,
                 rules::Rules& rules)
    : bus_(bus), jobs_(jobs), devices_(devices), readings_(readings), rules_(rules) {
  jobs_.on(kHold, [this](Tx& tx, const jobs::Job& job) { hold_due(tx, ActionId{job.name}); });
  jobs_.on(kRelease, [this](Tx& tx, const jobs::Job& job) { release_due(tx, ActionId{job.name}); });
}

void Actions::situation_opened(Tx& tx, const situations::Opened& opened) {
  const auto version = rules::Rules::version(tx, opened.rule, opened.rule_version);
  if (!version) return;
  std::int64_t step = 0;
  for (const rules::Action& action : version->rule.actions) {
    if (const auto* words = std::get_if<rules::Command>(&action)) command(tx, opened, *words, step);
    else if (const auto* notify = std::get_if<rules::Notify>(&action); notify && !opened.silenced)
      bus::tell(bus_, tx, Notify{opened.situation, notify->whom, notify->text.empty() ? opened.text : notify->text},
                {opened.situation.text, opened.path, opened.situation.text, {}});
    ++step;
  }
}

void Actions::situation_unsilenced(Tx& tx, const situations::Unsilenced& unsilenced) {
  // What was seen during the maintenance moves nothing: newer evidence of the same, and what stands now, must say so.
  situations::Opened opened = unsilenced;
  opened.evidence_at = freshest(tx, opened.situation, opened.began_at);
  const auto version = rules::Rules::version(tx, opened.rule, opened.rule_version);
  if (version) opened.interlocks.assign(version->rule.actions.size(), situations::Interlock::yes);
  situation_opened(tx, opened);
}

/// Why this command must not go out, or nothing.
std::string Actions::obstacle(Tx& tx, const situations::Opened& opened, const rules::Command& words,
                              std::int64_t step) const {
  if (opened.silenced) return "actions.maintenance";
  // By both clocks: a device whose own runs ahead must not make old news young.
  if (tx.now() - opened.evidence_at > words.max_age || tx.now() - opened.raised_at > words.max_age)
    return "actions.stale_evidence";
  const auto subject = devices_.registry().find(opened.device.text);
  if (!subject || (!words.device.empty() && !devices_.registry().find(words.device))) return "actions.no_such_device";
  if (words.interlock)
    if (std::string bar = interlocked(opened, *subject, words, step, tx.now()); !bar.empty()) return bar;
  // The situation may be over already: a hearer comes after its cause.
  const auto situation = situations::Situations::find(tx, opened.situation);
  if (!situation || situation->state == situations::State::cleared) return "actions.already_over";
  return {};
}

/// The interlock must have said yes over the values that raised the situation, and say yes over those that stand now:
/// between the two the device may have spoken many times.
std::string Actions::interlocked(const situations::Opened& opened, const devices::DeviceEntry& subject,
                                 const rules::Command& words, std::int64_t step, Time now) const {
  const auto i = static_cast<std::size_t>(step);
  const auto then = i < opened.interlocks.size() ? opened.interlocks[i] : situations::Interlock::unknown;
  const auto truth = rules::evaluate(*words.interlock, rules_.live().standing(subject, now));
  if (then == situations::Interlock::no || truth == rules::Truth::no) return "actions.interlock";
  if (then != situations::Interlock::yes || truth != rules::Truth::yes) return "actions.interlock_unknown";
  return {};
}

void Actions::command(Tx& tx, const situations::Opened& opened, const rules::Command& words, std::int64_t step) {
  Action action;
  action.id = ActionId::make(tx.ids());
  action.situation = opened.situation;
  action.rule = opened.rule;
  action.version = opened.rule_version;
  action.step = step;
  action.device = words.device.empty() ? opened.device : devices::DeviceId{words.device};
  action.path = opened.path;
  action.method = words.method;
  action.at = tx.now();
  action.reason = obstacle(tx, opened, words, step);
  if (action.reason.empty()) {
    try {
      tx.savepoint([&] {
        action.command = devices_.command(tx, Caller::system(), action.device, {words.method, JsonObject{words.params}},
                                          action.id.text, words.timeout).id;
      });
      action.state = State::commanded;
      action.fresh_at = tx.now();
      if (words.hold) jobs_.at(tx, kHold, action.id.text, tx.now() + *words.hold);
    } catch (const Refusal& refusal) {
      action.reason = refusal.code;  // a profile without that command: a rule's mistake, shown with the action
    }
  }
  store::keep(tx, action);
  const bus::About about{action.id.text, action.path, opened.situation.text, {}};
  if (action.state == State::commanded) bus::tell(bus_, tx, Commanded{action.id, action.situation, *action.command}, about);
  else bus::tell(bus_, tx, Blocked{action.id, action.situation, action.reason}, about);
}

void Actions::device_answered(Tx& tx, const devices::Answered& answered) {
  if (const auto let = store::by_release(tx, answered.command); let && answered.state != devices::CommandState::answered)
    release_unanswered(tx, *let, answered);
  auto action = store::by_command(tx, answered.command);
  if (!action || action->state != State::commanded) return;
  rules::RulePtr keep;
  switch (answered.state) {
    case devices::CommandState::answered:
      action->state = words_of(tx, *action, keep).release_method.empty() ? State::done : State::held;
      if (action->state == State::held) action->held_since = tx.now();
      break;
    case devices::CommandState::failed: action->state = State::failed; break;
    default: action->state = State::expired; break;
  }
  if (action->state != State::held) action->ended_at = tx.now();
  store::keep(tx, *action);
  bus::tell(bus_, tx, Ended{action->id, action->state}, {action->id.text, action->path, answered.command.text, {}});
}

void Actions::situation_cleared(Tx& tx, const situations::Cleared& cleared) {
  for (const Action& action : store::of_situation(tx, cleared.situation))
    if (stands(action)) let_go(tx, action, "actions.situation_cleared", "");
}

const rules::Command& Actions::words_of(Reader& reader, const Action& action, rules::RulePtr& keep) const {
  keep = rules::Rules::version(reader, action.rule, action.version);
  check(keep && static_cast<std::size_t>(action.step) < keep->rule.actions.size(), "an action has its rule's words");
  return std::get<rules::Command>(keep->rule.actions[static_cast<std::size_t>(action.step)]);
}

void Actions::let_go(Tx& tx, Action action, const std::string& reason, const std::string& by) {
  rules::RulePtr keep;
  const rules::Command& words = words_of(tx, action, keep);
  jobs_.cancel(tx, kHold, action.id.text);
  if (words.release_method.empty()) return;
  try {
    tx.savepoint([&] {
      action.release = devices_.command(tx, Caller::system(), action.device,
                                        {words.release_method, JsonObject{words.release_params}}, action.id.text,
                                        std::max<Duration>(words.timeout, std::chrono::minutes(10))).id;
    });
  } catch (const Refusal& refusal) {
    if (!by.empty()) throw;  // who lets go by hand is told so, and the hold stands as before
    return could_not_let_go(tx, std::move(action), refusal);
  }
  action.state = State::released;
  action.reason = reason;
  action.ended_at = tx.now();
  if (!by.empty()) action.released_by = by;
  store::keep(tx, action);
  bus::tell(bus_, tx, Released{action.id, action.situation, reason}, {action.id.text, action.path, action.situation.text, by});
}

/// The device is gone, or its profile no longer has the word: this one action failed, and no other waits for it.
void Actions::could_not_let_go(Tx& tx, Action action, const Refusal& refusal) {
  action.state = State::failed;
  action.reason = refusal.code;
  action.release.reset();
  action.ended_at = tx.now();
  store::keep(tx, action);
  jobs_.at(tx, kRelease, action.id.text, tx.now() + kReleaseWaits);  // the word may come back
  bus::tell(bus_, tx, ReleaseUnanswered{action.id, action.situation, action.command.value_or(devices::CommandId{})},
            {action.id.text, action.path, action.situation.text, {}});
}

void Actions::release_unanswered(Tx& tx, const Action& action, const devices::Answered& answered) {
  const bool failed = answered.state == devices::CommandState::failed;
  jobs_.at(tx, kRelease, action.id.text, failed ? tx.now() + kReleaseAgain : tx.now());
  bus::tell(bus_, tx, ReleaseUnanswered{action.id, action.situation, answered.command},
            {action.id.text, action.path, answered.command.text, {}});
}

void Actions::release_due(Tx& tx, const ActionId& id) {
  auto action = store::find(tx, id);
  if (!action || !(action->state == State::released || (action->state == State::failed && !action->release))) return;
  // What moves the machine since then is another's, who lets it go in turn.
  Filter since;
  since.device = action->device;
  for (const Action& other : store::list(tx, {"/"}, since))
    if (other.id > action->id && stands(other)) return;
  rules::RulePtr keep;
  const rules::Command& words = words_of(tx, *action, keep);
  try {
    tx.savepoint([&] {
      action->release = devices_.command(tx, Caller::system(), action->device,
                                         {words.release_method, JsonObject{words.release_params}}, action->id.text, kReleaseWaits).id;
    });
  } catch (const Refusal&) {
    // The word is gone, perhaps for now; a device that is gone does not come back as the same.
    if (devices_.registry().find(action->device.text)) jobs_.at(tx, kRelease, id.text, tx.now() + kReleaseWaits);
    return;
  }
  action->state = State::released;
  store::keep(tx, *action);
}

/// How new the newest evidence is that could carry the hold, `from` if there is none newer: any detection or metric that the rule names.
Time Actions::freshest(Tx& tx, const situations::SituationId& id, Time from) const {
  const auto situation = situations::Situations::find(tx, id);
  const auto entry = situation ? devices_.registry().find(situation->device.text) : nullptr;
  Time newest = from;
  if (!entry) return newest;
  // Evidence is as fresh as its own instant, told by our clock: a device whose own runs ahead must not hold for longer,
  // nor one that delivers late what it saw long ago.
  const Duration ahead = std::max(Duration{0}, rules_.live().standing(*entry, tx.now()).now - tx.now());
  for (const situations::Evidence& e : situation->evidence) {
    if (e.rose_to) continue;  // a machine moved because the situation was raised, and is held by that alone
    if (e.detection) {
      readings::DetectionsWanted wanted;
      wanted.device = entry->number;
      wanted.kind = *e.detection;
      wanted.limit = 20;
      // One that the rule would not have believed keeps nothing held.
      for (const auto& detection : readings_.detections(tx, wanted).items)
        if (detection.confidence >= e.limit.value_or(0) && detection.flags == 0)
          newest = std::max(newest, std::min(from_ms(detection.arrived), from_ms(detection.ts) - ahead));
    } else if (e.metric) {
      const auto* metric = entry->profile->find(*e.metric);
      const auto point = metric ? readings_.latest(entry->number, metric->number) : std::nullopt;
      if (point) newest = std::max(newest, from_ms(point->ts) - ahead);
    }
  }
  return newest;
}

void Actions::hold_due(Tx& tx, const ActionId& id) {
  auto action = store::find(tx, id);
  if (!action || !stands(*action)) return;
  rules::RulePtr keep;
  const rules::Command& words = words_of(tx, *action, keep);
  const Time fresh = std::min(freshest(tx, action->situation, action->at), tx.now());
  if (fresh + *words.hold <= tx.now()) {
    let_go(tx, *action, "actions.no_fresh_evidence", "");
    return;
  }
  action->fresh_at = fresh;
  store::keep(tx, *action);
  jobs_.at(tx, kHold, id.text, fresh + *words.hold);
}

Action Actions::release(Tx& tx, const Caller& caller, const ActionId& id, const std::string& reason) {
  const Action action = get(tx, caller, id);
  caller.must("actions.release", action.path);
  if (reason.empty()) throw invalid("actions.reason_needed", "/reason", "say why it is released");
  rules::RulePtr keep;
  if (!stands(action) || words_of(tx, action, keep).release_method.empty())
    throw conflict("actions.not_held", "nothing is held by this action");
  let_go(tx, action, reason, caller.account);
  return *store::find(tx, id);
}

Action Actions::get(Reader& reader, const Caller& caller, const ActionId& id) {
  auto action = store::find(reader, id);
  if (!action) throw missing("actions.unknown", "no such action");
  caller.must("actions.read", action->path);
  return *std::move(action);
}

std::optional<Action> Actions::find(Reader& reader, const ActionId& id) { return store::find(reader, id); }

std::vector<Action> Actions::list(Reader& reader, const Caller& caller, const Filter& filter) {
  return store::list(reader, caller.paths("actions.read"), filter);
}

void Actions::place_moved(Tx& tx, const std::string& from, const std::string& to) { store::rebase(tx, from, to); }

}  // namespace lifang::actions
