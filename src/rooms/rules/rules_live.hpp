// Live: judging for all devices of the node, inside batches that may be undone.
#pragma once
#include <deque>
#include <functional>
#include <memory>
#include <queue>
#include <vector>

#include "platform/db/tx.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/lane/lane.hpp"
#include "rooms/devices/devices.hpp"
#include "rooms/readings/readings.hpp"
#include "rooms/rules/rules_judge.hpp"
#include "rooms/rules/rules_program.hpp"

namespace lifang::rules {

/// What a verdict that clears rests on.
enum class Ends : std::uint8_t { judged, device_removed, by_hand };

/// One verdict with what is needed to act on it. The references live during the call.
struct Judged {
  const devices::DeviceEntry& device;
  const RuleVersion& rule;
  const DeviceProgram& program;
  const Verdict& verdict;
  std::span<const Evidence> evidence;
  std::span<const Truth> interlocks;  ///< of a raise, as Verdict::interlocks says
  /// The detection that the item brought, if one did: evidence of a detection names it.
  const readings::Detection* detection = nullptr;
  Ends ends = Ends::judged;
};

/// On the lane only. Memory changes in place; the first touch of a device in a batch keeps a before-image, which
/// a rollback puts back. The durable part of a memory is written with the batch that changed it.
class Live final : public lane::Clocked {
 public:
  using Sink = std::function<void(Tx&, const Judged&)>;

  Live(jobs::Jobs& jobs, devices::Devices& devices, readings::Readings& readings, int offset_minutes);

  /// Who acts on verdicts; in the same transaction, in the order in which things happened.
  void on_verdict(Sink sink) { sink_ = std::move(sink); }

  /// Who knows the roster, for rules with `on_duty`; without it somebody is always due.
  using Roster = std::function<bool(Reader&, const std::string& post, std::string_view path, Time at)>;
  void ask_roster(Roster roster) { roster_ = std::move(roster); }
  /// Any thread. `path`: of the device's place.
  bool due(Reader& reader, const std::string& post, std::string_view path, Time at) const {
    return !roster_ || roster_(reader, post, path, at);
  }

  /// Reads the memories of all devices and arms their timers.
  void open(Tx& tx, std::vector<RulePtr> active);
  /// At a clean stop: writes every clock that moved since it was written.
  void close(Tx& tx);
  /// After the batch went through Readings::append.
  void judge(Tx& tx, const readings::Batch& batch);
  /// After this transaction `rule` judges in place of the version of it that does now; the devices to which one of the
  /// two applies are taken over in slices.
  void use(Tx& tx, RulePtr rule);
  /// After this transaction no version of the rule judges any more.
  void drop(Tx& tx, std::uint32_t number);
  /// The device, its attributes or its maintenance changed.
  void device_changed(Tx& tx, const std::string& id);
  /// Its open situations end.
  void device_removed(Tx& tx, const std::string& id);
  /// People say that it is over: what the rule has open of the device ends, unless the device itself can end it.
  void end(Tx& tx, const std::string& device, const std::string& rule);

  std::optional<Time> next_due() const override;
  void run_due(Tx& tx) override;

  std::size_t rules() const { return set_.size(); }
  /// Latest values as a condition sees them, for interlocks.
  Standing standing(const devices::DeviceEntry& device, Time server_now) const;
  Words words_of(const devices::ProfileEntry& profile) const;

 private:
  struct Subject {
    devices::DevicePtr entry;
    ProgramPtr program;
    DeviceMemory memory;
    std::vector<double> attributes;
    std::vector<Period> maintenance;
    bool current = false;        ///< the program is what the active rules and the device ask for
    bool touched = false;
    bool clock_moved = false;    ///< since the clock was written
    bool kept = false;           ///< there is a row of it: what a restart knows of
    Time in_heap = kForever;     ///< earliest place in the heap
  };
  struct Image {
    std::uint32_t device = 0;
    devices::DevicePtr entry;
    ProgramPtr program;
    DeviceMemory memory;
    std::vector<double> attributes;
    std::vector<Period> maintenance;
    bool current = false;
    bool kept = false;
  };

  Subject* subject(Tx& tx, std::uint32_t device);
  Subject& touch(Tx& tx, Subject& subject);
  void rebuild(Tx& tx, Subject& subject, devices::DevicePtr entry, std::string_view blob = {});
  Setting setting(const Subject& subject) const { return {subject.attributes, subject.maintenance}; }
  void judge_item(Tx& tx, Subject& subject, const Item& item, const readings::Detection* detection);
  void hand_over(Tx& tx, Subject& subject, const readings::Detection* detection, Ends ends = Ends::judged);
  void plan(Subject& subject);
  static void keep(Tx& tx, const Subject& subject);
  void write_touched(Tx& tx);
  void keep_clocks(Tx& tx);
  void take_over(std::uint32_t number, RulePtr rule);
  void restore();
  void forget_images();

  devices::Devices& devices_;
  readings::Readings& readings_;
  int offset_minutes_;
  Sink sink_;
  Roster roster_;
  RuleSet set_;
  Programs programs_;
  std::vector<std::unique_ptr<Subject>> subjects_;  ///< by device number
  std::deque<std::uint32_t> moved_;                 ///< devices whose clock is to be written, who waits longest first
  std::vector<std::uint32_t> to_rebuild_;
  std::vector<Image> images_;                       ///< of this batch; the first `images_used_` count
  std::size_t images_used_ = 0;
  using Place = std::pair<Time, std::uint32_t>;
  std::priority_queue<Place, std::vector<Place>, std::greater<>> heap_;
  Verdicts verdicts_;
  std::vector<Value> values_;
};

}  // namespace lifang::rules
