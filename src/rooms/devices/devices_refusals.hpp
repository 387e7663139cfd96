// Refusals: what of a device was not taken, or not as it was said, by reason and day. A part of the door of devices.
#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/describe.hpp"
#include "base/time.hpp"
#include "platform/db/tx.hpp"
#include "platform/lane/lane.hpp"

namespace lifang::devices {

/// One reason, over all days that are kept (Refusals::kDays).
struct RefusedFor {
  static constexpr std::string_view schema_name = "devices.RefusedFor";
  std::string reason;      ///< "porch.future", "mqtt.packet_too_large", "readings.suspect" …
  std::int64_t count = 0;  ///< values, detections, messages, packets or attempts to connect: what the reason is about
  Time first_at;
  Time last_at;
  std::string sample;  ///< of the newest: the metric, the topic, the address; at most 64 bytes, never a secret; may be empty
};
BOOST_DESCRIBE_STRUCT(RefusedFor, (), (reason, count, first_at, last_at, sample))

/// The same of one day in the district's zone, "2026-03-01".
struct RefusedOn {
  static constexpr std::string_view schema_name = "devices.RefusedOn";
  std::string day;
  std::int64_t count = 0;
  Time first_at;
  Time last_at;
  std::string sample;
};
BOOST_DESCRIBE_STRUCT(RefusedOn, (), (day, count, first_at, last_at, sample))

struct RefusedDays : RefusedFor {
  static constexpr std::string_view schema_name = "devices.RefusedDays";
  std::vector<RefusedOn> days;  ///< newest first
};
BOOST_DESCRIBE_STRUCT(RefusedDays, (RefusedFor), (days))

/// Gathered in memory by whoever meets them, written by the lane at most every two seconds. A kill loses what was noted
/// since; the counts of /metrics and of the device's condition do not hang on it.
class Refusals final : public lane::Clocked {
 public:
  static constexpr std::int64_t kDays = 90;            ///< how long a day's rows are kept
  static constexpr std::size_t kMostSample = 64;       ///< bytes
  static constexpr std::size_t kMostWaiting = 20'000;  ///< device × reason in memory; what comes beyond leaves no row

  explicit Refusals(int offset_minutes) : offset_(Duration{std::int64_t{offset_minutes} * 60'000}.count()) {}

  /// Any thread; takes a lock for some 50 ns. `device` is the registry's number, `at` Unix ms by the server's clock. Controls
  /// in `sample` become '?', it is cut to kMostSample bytes, and it must hold no secret.
  void note(std::uint32_t device, std::string_view reason, std::int64_t at, std::string_view sample = {}, std::uint64_t times = 1);

  /// Writes what waits, on the lane; when the node ends, or a test wants to see it.
  void write(Tx& tx);
  /// Takes away the days that need not be kept any longer.
  void sweep(Tx& tx) const;

  /// By reason, newest first.
  static std::vector<RefusedFor> list(Reader& reader, std::uint32_t device);
  /// nullopt if the device was never refused for it.
  static std::optional<RefusedDays> find(Reader& reader, std::uint32_t device, const std::string& reason);

  std::optional<Time> next_due() const override;
  void run_due(Tx& tx) override;

 private:
  struct Noted {
    std::string reason;
    std::int64_t day = 0, first = 0, last = 0;
    std::uint64_t times = 0;
    std::string sample;
  };
  using Waiting = std::map<std::uint32_t, std::vector<Noted>>;
  void add(std::uint32_t device, Noted noted);
  void write(Tx& tx, std::size_t most);

  const std::int64_t offset_;  ///< ms east of UTC
  mutable std::mutex mutex_;
  Waiting waiting_;
  std::size_t size_ = 0;
  std::int64_t due_ = 0;      ///< Unix ms; when what waits is to be written
  std::int64_t written_ = 0;  ///< Unix ms of the last write, or of when the next one may be tried
};

}  // namespace lifang::devices
