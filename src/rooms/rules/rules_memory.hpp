// What judging remembers of one device: its clock, latest values, and one state for each rule.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rooms/rules/rules_program.hpp"

namespace lifang::rules {

struct Latest {
  Time ts = kNever;  ///< kNever: the metric was never seen
  double value = 0;
};

/// The newest detection of a kind.
struct Seen {
  Time ts = kNever;
  double confidence = 0;
};

struct RuleState {
  Time pending_since = kNever;  ///< closed: since when the condition holds
  Time clear_since = kNever;    ///< open: since when the clear condition holds
  Time changed_at = kNever;     ///< open: when it was raised; closed: when it last cleared
  double peak = 0;              ///< open: extreme so far; NaN if the rule measures nothing
  std::uint64_t silent = 0;     ///< bit i: the rule's i-th silence stands
  std::uint32_t count = 0;      ///< open: items judged, the raising one included
  std::uint16_t head = 0;       ///< occurrences: place of the oldest
  std::uint16_t size = 0;       ///< occurrences: how many are kept
  Severity severity = Severity::info;
  bool open = false;
  bool ripe = false;  ///< `for` is over but `times` is not reached
};

/// Copying is one allocation and one memcpy (assignment between equal shapes: the memcpy alone), so
/// a batch keeps a before-image of each device that it touches and puts it back on a rollback.
///
/// Durable is what cannot be had from elsewhere: `blob()`. The clock and the latest values are the
/// readings' and are set after a restart by `set_clock` and `set_latest`.
class DeviceMemory {
 public:
  DeviceMemory() = default;  ///< fits no program; assign before use
  explicit DeviceMemory(const DeviceProgram& program);
  DeviceMemory(const DeviceMemory& other);
  DeviceMemory& operator=(const DeviceMemory& other);
  DeviceMemory(DeviceMemory&&) noexcept = default;
  DeviceMemory& operator=(DeviceMemory&&) noexcept = default;
  ~DeviceMemory() = default;

  bool empty() const { return block_ == nullptr; }

  /// Newest ts of the device (suspect values included) and the server's clock when that arrived.
  Time newest() const { return newest_; }
  Time arrival() const { return arrival_; }
  /// Whether the newest came without a time.
  bool by_arrival() const { return by_arrival_; }
  void set_clock(Time newest, Time arrival, bool by_arrival = false) {
    newest_ = newest, arrival_ = arrival, by_arrival_ = by_arrival;
  }
  /// What the device's clock shows at a time of the server, once it has spoken, and the first time of the server at
  /// which it shows `device_time`. A clock that is the server's own gives back what it is ahead (readings::paced).
  Time shown(Time server_now) const;
  Time server_time(Time device_time) const;
  /// `metric` is the caller's number; nothing happens if no rule names it, or if a newer value was
  /// judged already (in a batch that is not committed yet the readings may know less than the
  /// memory).
  void set_latest(const DeviceProgram& program, std::uint16_t metric, Time ts, double value);

  std::span<Latest> latest() { return {at<Latest>(0), shape_.metrics}; }
  std::span<const Latest> latest() const { return {at<Latest>(0), shape_.metrics}; }
  std::span<RuleState> states() { return {at<RuleState>(shape_.states_at), shape_.entries}; }
  std::span<const RuleState> states() const {
    return {at<RuleState>(shape_.states_at), shape_.entries};
  }
  std::span<Time> dues() { return {at<Time>(shape_.dues_at), shape_.entries}; }
  std::span<const Time> dues() const { return {at<Time>(shape_.dues_at), shape_.entries}; }
  /// Bit i: state i is open. Kept beside the states so that the common item reads one word, not all
  /// of them.
  std::span<std::uint64_t> open_bits() { return {at<std::uint64_t>(shape_.bits_at), shape_.words}; }
  std::span<Seen> seen() { return {at<Seen>(shape_.seen_at), shape_.kinds}; }
  std::span<const Seen> seen() const { return {at<Seen>(shape_.seen_at), shape_.kinds}; }
  std::span<Time> occurrences() { return {at<Time>(shape_.rings_at), shape_.slots}; }
  std::span<const Time> occurrences() const { return {at<Time>(shape_.rings_at), shape_.slots}; }

  /// Device time at or before which no timer is due (it may lie early, never late); kForever: none.
  Time next_due() const { return next_due_; }
  void set_next_due(Time due) { next_due_ = due; }

  /// Set by judging: the blob must be written with this transaction / only counts of readings
  /// moved, which may be written at leisure (a crash then loses no verdict, only part of a count).
  bool must_write() const { return must_write_; }
  bool may_write() const { return may_write_; }
  void note_change() { must_write_ = true; }
  void note_count() { may_write_ = true; }
  void written() { must_write_ = may_write_ = false; }

  /// The durable part, empty if there is nothing to remember. Independent of how entries are
  /// numbered.
  std::string blob(const DeviceProgram& program) const;
  /// Takes a blob over: states of versions that the program lacks are left out. Throws Bug if it is
  /// damaged. Call `rearm` (rules_judge.hpp) once clock and latest values are set too.
  void load(const DeviceProgram& program, std::string_view blob);

 private:
  struct Shape {
    std::uint32_t metrics = 0, words = 0, entries = 0, kinds = 0, slots = 0;
    std::uint32_t bits_at = 0, states_at = 0, dues_at = 0, seen_at = 0, rings_at = 0, bytes = 0;
    bool operator==(const Shape&) const = default;
  };
  template <class T>
  T* at(std::uint32_t offset) const {
    return reinterpret_cast<T*>(block_.get() + offset);
  }

  Time newest_ = kNever;
  Time arrival_ = kNever;
  Time next_due_ = kForever;
  Shape shape_;
  bool must_write_ = false;
  bool may_write_ = false;
  bool by_arrival_ = false;
  std::unique_ptr<std::byte[]> block_;
};

/// The versions with an open situation in a blob: what to pin when the device's program is built
/// after a start.
std::vector<RuleRef> open_in(std::string_view blob);
/// The same of a living memory.
std::vector<RulePtr> open_in(const DeviceProgram& program, const DeviceMemory& memory);

}  // namespace lifang::rules
