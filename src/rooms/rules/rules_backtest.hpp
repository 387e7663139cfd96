// A rule tried on the recorded past, by the code that judges live; and the search for a milder one.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rooms/rules/rules_judge.hpp"

namespace lifang::rules {

/// A situation that a rule would have caused.
struct PastSituation {
  std::uint32_t rule = 0;  ///< number of the RuleVersion
  std::string subject;
  Time began_at{};
  std::optional<Time> ended_at;  ///< absent: still open at the end of the test
  double peak = 0;               ///< NaN: the rule measures nothing
  Severity severity = Severity::info;
  std::uint32_t count = 0;
};

/// What people said of a situation that the present rule raised.
struct Marked {
  std::string subject;
  Time began_at{};
  std::optional<Time> ended_at;
  double peak = 0;  ///< as the situation kept it
  bool false_alarm = false;
};

/// Runs rules (one, or candidates beside each other) over stored readings. Memory is empty at the
/// beginning, so a silence is armed by the first item and a `for` that ran before it is not known;
/// attributes are today's. Flagged readings are fed as they are marked: what is late or repeated
/// has no effect, what is suspect shows that the device spoke. Items of one subject come in order
/// of time; subjects may be fed in any order.
class Backtest {
 public:
  /// For rules with `on_duty`; without it somebody is always due.
  using SubjectDue = std::function<bool(const std::string& subject, const std::string& post, Time at)>;
  explicit Backtest(std::vector<RulePtr> rules, SubjectDue due = {});

  /// A device to try on; `attribute` gives today's number of one of its attributes, NaN if it has
  /// none.
  std::size_t add_subject(std::string id, const Words& words,
                          const std::function<double(std::string_view)>& attribute = {});
  void feed(std::size_t subject, const Item& item);
  /// Of more than so many situations only the number is kept, so that a rule that raises at every word costs no memory.
  void keep_at_most(std::size_t situations) { most_ = situations; }
  /// Keeps no situation: counts them rule by rule, and which of these each rule's situations meet in time. What it takes grows with
  /// rules × marks, not with what the past would have raised. Before anything is fed; `marked` outlives the test.
  void tally(std::span<const Marked> marked);
  /// Of a tally: how many the rule of that number raised, and whether one of them met the mark.
  std::size_t raised_by(std::size_t rule) const { return tally_.raised.at(rule); }
  bool has_met(std::size_t rule, std::size_t mark) const { return tally_.met.at(rule).at(mark); }
  /// How many were raised, kept or not.
  std::size_t raised() const { return raised_; }
  /// Lets the timers run until `to` by every device's clock. Nothing may be fed afterwards.
  void finish(Time to);
  /// The same for one subject, whose memory goes: it may not be fed any more.
  void finish(std::size_t subject, Time to);

  /// In the order in which they were raised, subject by subject as they were fed.
  const std::vector<PastSituation>& situations() const { return situations_; }
  const std::vector<RulePtr>& rules() const { return rules_; }

 private:
  struct Trial {
    std::string id;
    ProgramPtr program;
    DeviceMemory memory;
    std::vector<double> attributes;
    std::vector<std::size_t> open;  // by entry: index of the open situation
    std::vector<Time> began;        // by entry, of a tally: when the open situation began
    bool finished = false;
  };
  struct Tally {
    std::span<const Marked> marked;
    std::map<std::string_view, std::vector<std::size_t>> of_subject;  ///< marks in order of time
    std::vector<std::size_t> raised;                                  ///< by rule
    std::vector<std::vector<bool>> met;                               ///< by rule and mark
    bool on = false;
  };
  void take_verdicts(Trial& trial);
  void count(const Trial& trial, std::size_t rule, Time began, Time ended);

  std::vector<RulePtr> rules_;
  SubjectDue due_;
  Programs programs_;
  std::vector<Trial> trials_;
  std::vector<PastSituation> situations_;
  std::size_t most_ = SIZE_MAX;
  std::size_t raised_ = 0;
  Tally tally_;
  Verdicts out_;
};

/// Rules to try instead of `rule`, itself first (number 0): its first constant threshold moved to
/// where it would spare false alarms, a longer `for`, and both. At most 400. Only milder ones: a
/// rule that sees too little is not mended by marks on what it saw.
std::vector<RulePtr> milder_rules(const Rule& rule, std::span<const Marked> marked);

/// The best of them after a backtest of all: it spares most false alarms of those that lose no true
/// one, and among equals it changes least. A person approves it.
struct Proposal {
  Rule rule;
  std::size_t false_alarms = 0;       ///< marked so and raised by the present rule in the same past
  std::size_t spared = 0;             ///< of them
  std::size_t kept = 0;               ///< true ones, all kept
  std::size_t situations_before = 0;  ///< marked or not
  std::size_t situations_after = 0;
};
/// Nothing if no candidate spares any. `backtest` ran over `milder_rules(…)` with a tally of the marks.
std::optional<Proposal> propose(const Backtest& backtest, std::span<const Marked> marked);
/// The best `most` of them, the best first.
std::vector<Proposal> proposals(const Backtest& backtest, std::span<const Marked> marked,
                                std::size_t most);

/// What a milder rule changes, as people say it: "PM2.5 > 150 改为 > 162；持续时间由 PT0S 改为 PT5M".
struct Change {
  std::string zh, en;
};
Change change_of(const Rule& present, const Rule& milder);

}  // namespace lifang::rules
