// Actions: what the machine does about a situation, when it may, and how it lets go again. The door of the room.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "base/describe.hpp"
#include "platform/bus/bus.hpp"
#include "platform/jobs/jobs.hpp"
#include "rooms/devices/devices.hpp"
#include "rooms/readings/readings.hpp"
#include "rooms/rules/rules.hpp"
#include "rooms/situations/situations.hpp"

namespace lifang::actions {

struct ActionTag {
  static constexpr std::string_view prefix = "action";
};
using ActionId = Id<ActionTag>;

/// blocked: nothing was moved, `reason` says why. commanded: on its way. done: the device answered. held: done, and
/// to be released. failed, expired: the device could not, or never answered. released: let go again.
enum class State { blocked, commanded, done, held, failed, expired, released };
BOOST_DESCRIBE_ENUM(State, blocked, commanded, done, held, failed, expired, released)

struct Action {
  ActionId id;
  situations::SituationId situation;
  rules::RuleId rule;
  std::int64_t version = 0;
  std::int64_t step = 0;  ///< which of the rule's actions
  devices::DeviceId device;
  std::string path;
  std::string method;
  State state = State::blocked;
  std::string reason;   ///< actions.stale_evidence, actions.interlock, actions.maintenance, actions.no_such_device, …
  std::optional<devices::CommandId> command;
  std::optional<devices::CommandId> release;
  Time at;
  std::optional<Time> held_since;
  std::optional<Time> fresh_at;   ///< the newest evidence that a hold stands on, by the server's clock
  std::optional<Time> ended_at;
  std::optional<std::string> released_by;
};
BOOST_DESCRIBE_STRUCT(Action, (),
                      (id, situation, rule, version, step, device, path, method, state, reason, command, release, at,
                       held_since, fresh_at, ended_at, released_by))

struct Commanded {
  static constexpr std::string_view topic = "actions.commanded";
  ActionId action;
  situations::SituationId situation;
  devices::CommandId command;
};
struct Blocked {
  static constexpr std::string_view topic = "actions.blocked";
  ActionId action;
  situations::SituationId situation;
  std::string reason;
};
struct Released {
  static constexpr std::string_view topic = "actions.released";
  ActionId action;
  situations::SituationId situation;
  std::string reason;
};
/// The machine did not say that it has let go; it is told again until it does.
struct ReleaseUnanswered {
  static constexpr std::string_view topic = "actions.release_unanswered";
  ActionId action;
  situations::SituationId situation;
  devices::CommandId command;
};
struct Ended {
  static constexpr std::string_view topic = "actions.ended";
  ActionId action;
  State state = State::done;
};
/// Somebody is to be told; the room notices knows how.
struct Notify {
  static constexpr std::string_view topic = "actions.notify";
  situations::SituationId situation;
  std::string whom;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(Commanded, (), (action, situation, command))
BOOST_DESCRIBE_STRUCT(Blocked, (), (action, situation, reason))
BOOST_DESCRIBE_STRUCT(Released, (), (action, situation, reason))
BOOST_DESCRIBE_STRUCT(ReleaseUnanswered, (), (action, situation, command))
BOOST_DESCRIBE_STRUCT(Ended, (), (action, state))
BOOST_DESCRIBE_STRUCT(Notify, (), (situation, whom, text))

struct Filter {
  std::optional<situations::SituationId> situation;
  std::optional<devices::DeviceId> device;
  std::optional<State> state;
  std::optional<std::string> after;  ///< id of the last one seen; newest first
  std::size_t limit = 50;
};

class Actions {
 public:
  Actions(bus::Bus& bus, jobs::Jobs& jobs, devices::Devices& devices, readings::Readings& readings, rules::Rules& rules);

  void situation_opened(Tx& tx, const situations::Opened& opened);
  void situation_unsilenced(Tx& tx, const situations::Unsilenced& unsilenced);
  void situation_cleared(Tx& tx, const situations::Cleared& cleared);
  void device_answered(Tx& tx, const devices::Answered& answered);
  void place_moved(Tx& tx, const std::string& from, const std::string& to);

  /// Right `actions.release`: a guard lets a held machine go at once, with a reason.
  Action release(Tx& tx, const Caller& caller, const ActionId& id, const std::string& reason);

  static Action get(Reader& reader, const Caller& caller, const ActionId& id);
  static std::optional<Action> find(Reader& reader, const ActionId& id);
  static std::vector<Action> list(Reader& reader, const Caller& caller, const Filter& filter);

 private:
  void command(Tx& tx, const situations::Opened& opened, const rules::Command& words, std::int64_t step);
  std::string obstacle(Tx& tx, const situations::Opened& opened, const rules::Command& words, std::int64_t step) const;
  std::string interlocked(const situations::Opened& opened, const devices::DeviceEntry& subject, const rules::Command& words,
                          std::int64_t step, Time now) const;
  void let_go(Tx& tx, Action action, const std::string& reason, const std::string& by);
  void could_not_let_go(Tx& tx, Action action, const Refusal& refusal);
  void release_unanswered(Tx& tx, const Action& action, const devices::Answered& answered);
  void release_due(Tx& tx, const ActionId& id);
  void hold_due(Tx& tx, const ActionId& id);
  const rules::Command& words_of(Reader& reader, const Action& action, rules::RulePtr& keep) const;
  Time freshest(Tx& tx, const situations::SituationId& id, Time from) const;

  bus::Bus& bus_;
  jobs::Jobs& jobs_;
  devices::Devices& devices_;
  readings::Readings& readings_;
  rules::Rules& rules_;
};

}  // namespace lifang::actions
