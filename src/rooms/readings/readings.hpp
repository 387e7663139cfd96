// THE DOOR of readings: what devices measured and detected. Appended by the lane, kept small, read
// by anybody.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "platform/db/tx.hpp"
#include "rooms/readings/readings_batch.hpp"
#include "rooms/readings/readings_directory.hpp"
#include "rooms/readings/readings_rollup.hpp"
#include "rooms/readings/readings_tail.hpp"

namespace lifang::readings {

struct Options {
  std::size_t fold_points = 1'000'000;    ///< unfolded points that start a fold
  std::size_t most_unfolded = 8'000'000;  ///< about 200 MB of memory
  Duration fold_after{10 * 60'000};       ///< age of unfolded points that starts one, too
  Duration settle_after{2 * 86'400'000};  ///< how long a block waits after its end for stragglers
  Duration pass_every{6 * 3'600'000};     ///< between looks for what is to be settled or removed
  Duration keep_raw{400 * 86'400'000LL};  ///< from arrival; removed within nine days after
  Duration keep_rollups{3653 * 86'400'000LL};  ///< from ts
  Duration keep_personal{90 * 86'400'000LL};  ///< plates, faces, persons; from arrival
};

/// What became of the values of one batch.
struct Appended {
  std::int64_t seq = 0;  ///< journal row, 0 if nothing was to be stored
  std::size_t stored = 0, suspect = 0, late = 0, repeated = 0;
  std::size_t dropped =
      0;  ///< not finite, or ts beyond ten thousand years: the porch should have refused them
  std::size_t detections = 0, detections_repeated = 0;
};

/// What was committed since the start.
struct Counters {
  std::atomic<std::uint64_t> stored{0}, suspect{0}, late{0}, repeated{0}, dropped{0}, detections{0},
      detections_repeated{0};
};

struct RawPage {
  std::vector<Point> points;         ///< rising; suspect and late ones carry their flags
  std::optional<std::int64_t> next;  ///< `from` of the next page, if there is more
};

struct DetectionsPage {
  std::vector<Detection> items;  ///< newest first
  std::string next;              ///< `after` of the next page; empty at the end
};
struct DetectionsWanted {
  std::optional<std::uint32_t> device;
  std::optional<std::string> kind;
  std::int64_t from = -kMaxTs, to = kMaxTs;           ///< from ≤ ts < to
  std::function<bool(std::uint32_t device)> visible;  ///< none: all
  std::function<bool(std::uint32_t device)> plain;    ///< where plates, faces and persons are shown; none: nowhere
  std::size_t limit = 50;
  std::string after;
};

class Readings {
 public:
  using InReader = std::function<void(const std::function<void(Reader&)>&)>;
  using InTx = std::function<void(const std::function<void(Tx&)>&)>;

  /// `vault` seals what tells who, and outlives the room; without one it is not kept at all.
  Readings(World& world, Options options, const Vault* vault = nullptr);
  explicit Readings(World& world) : Readings(world, Options{}) {}
  ~Readings();

  // ---- on the lane ----

  /// Once, when the lane opens: fills memory from series and journal (a million points take about
  /// 0.1 s).
  void start(Tx& tx);
  /// Writes the batch into the journal and sets `late` and `repeated` in it; rules are fed
  /// afterwards. Of a repeated (device, metric, ts) the first value stays. Memory follows after the
  /// commit, before anything is acknowledged. Detections get their ids here (none if they are
  /// repeated) and are late behind a newer one of their device and kind. What came without a time
  /// gets one behind all that its device said. May be called several times in one transaction.
  Appended append(Tx& tx, Batch& batch);
  /// The newest ts of all that the device ever said, suspect values and detections too, as far as that is known.
  struct Spoken {
    std::int64_t ts = INT64_MIN;
    std::optional<std::int64_t> arrived;  ///< by the server's clock; not kept of what is folded
  };
  std::optional<Spoken> last_spoken(Reader& reader, std::uint32_t device) const;

  // ---- on any thread ----

  /// The newest value that is not suspect.
  std::optional<Point> latest(std::uint32_t device, std::uint16_t metric) const;
  /// Of each metric that the device ever sent: (metric number, point).
  void each_latest(std::uint32_t device,
                   const std::function<void(std::uint16_t, const Point&)>& fn) const;
  /// Points with from ≤ ts < to, at most `limit`.
  RawPage raw(Reader& reader, std::uint32_t device, std::uint16_t metric, std::int64_t from,
              std::int64_t to, std::size_t limit) const;
  /// All steps that touch from ≤ ts < to, each whole, without the empty ones. Steps of whole hours
  /// come from roll-ups where raw points are settled or gone; finer ones from raw points alone.
  std::vector<Bucket> stepped(Reader& reader, std::uint32_t device, std::uint16_t metric,
                              std::int64_t from, std::int64_t to, Steps steps) const;
  /// The device's past as items in order of ts, as the lane would have got them: for backtests.
  /// Values that are suspect or late carry their flags; `arrived` is not kept and equals ts.
  void replay(Reader& reader, std::uint32_t device, std::int64_t from, std::int64_t to,
              const std::function<void(const Item&, std::span<const Value>)>& fn) const;

  /// Newest first, those that `wanted` names; `wanted.after` is DetectionsPage::next of the page before.
  DetectionsPage detections(Reader& reader, const DetectionsWanted& wanted) const;
  /// The detection "det_…", masked; nullopt if there is none, or none any more.
  std::optional<Detection> detection(Reader& reader, std::string_view id) const;
  /// The same with all that it said, as long as that is kept: for whoever answers for who sees it.
  std::optional<Detection> plain_detection(Reader& reader, std::string_view id) const;
  /// One device's detections in order of ts, masked, a page at a time, for backtests: those behind `last` (null: from the first),
  /// at most `limit`.
  std::vector<Detection> next_detections(Reader& reader, std::uint32_t device, std::int64_t from, std::int64_t to,
                                         const Detection* last, std::size_t limit) const;

  /// Points that are in the journal and in memory, not in chunks yet.
  std::size_t unfolded() const { return tail_.points(); }
  /// Folding does not keep up with what comes in: the porch should read no more. True from
  /// Options::most_unfolded points on until half of them are folded.
  bool swollen() const;
  /// Pairs of (device, metric) that ever had a point.
  std::uint32_t series() const { return directory_.size(); }
  /// What was committed since the start.
  const Counters& counters() const { return counters_; }

  // ---- on one background thread ----

  /// Folds, settles and removes, one slice a call: reads and computes here, takes the lane for a
  /// few milliseconds through `in_tx` (Lane::now). @returns whether more is to be done at once.
  /// What it throws (the database is away) costs only that slice.
  bool tend(const InReader& in_reader, const InTx& in_tx);

 private:
  struct Staged;
  class Keeping;

  std::uint32_t series_of(std::uint32_t device, std::uint16_t metric, std::uint32_t hint);
  void insert_new_series(Tx& tx);
  void append_values(Batch& batch, Staged& staged, Appended& appended);
  void append_detections(Tx& tx, Batch& batch, Appended& appended);
  Spoken last_said(std::uint32_t device) const;
  void publish(const Staged& staged);
  void count(const Appended& appended);
  void undo(const Staged& staged);
  void rebuild(Tx& tx);

  World& world_;
  Options options_;
  const Vault* vault_;
  Directory directory_;
  Tail tail_;
  Counters counters_;
  mutable std::atomic<bool> swollen_{false};

  // The lane's own memory: it runs ahead of what is published by the open batch, and is put back
  // with it.
  struct Newest {
    std::int64_t judged = INT64_MIN;  ///< newest ts that is not suspect
    std::int64_t any = INT64_MIN;
    std::int64_t arrived = INT64_MIN;  ///< when `any` did; unknown of what was folded before the start
  };
  std::vector<Newest> newest_;        ///< by series
  std::uint32_t written_series_ = 0;  ///< series below have their row
  std::int64_t last_seq_ = 0;

  std::unique_ptr<Keeping> keeping_;
};

}  // namespace lifang::readings
