// Keeping: folds, settles and removes, slice by slice, on one background thread.
#pragma once
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "rooms/readings/readings.hpp"
#include "rooms/readings/readings_store.hpp"

namespace lifang::readings {

class Readings::Keeping {
 public:
  Keeping(World& world, const Options& options, const Directory& directory, Tail& tail, const Vault* vault)
      : world_(world), options_(options), directory_(directory), tail_(tail), vault_(vault) {}

  bool tend(const InReader& in_reader, const InTx& in_tx);

 private:
  /// What one slice of a fold writes.
  struct Slice {
    std::vector<Change> changes;
    std::vector<std::int64_t> touched;
    std::vector<store::BlockRow> blocks;
    std::vector<store::SeriesRow> latest;
    std::size_t next = 0;  ///< index of the first series that was left for later
  };
  /// What settling one series and block writes.
  struct Settled {
    std::int64_t id = 0;
    Change change;
    std::string rollup;  ///< empty: no points that count
  };

  bool due() const;
  void fold_series(Reader& reader, const Stretch& stretch, std::uint32_t series,
                   Slice& slice) const;
  void fold_slice(const Stretch& stretch, const InReader& in_reader, const InTx& in_tx);
  void finish_fold(const Stretch& stretch, const InTx& in_tx);
  bool settle_slice(const InReader& in_reader, const InTx& in_tx);
  Settled settle_one(Reader& reader, std::int64_t id, std::size_t& cost) const;
  bool remove_slice(const InReader& in_reader, const InTx& in_tx);
  bool remove_raw(const InReader& in_reader, const InTx& in_tx);
  bool remove_rollups(const InReader& in_reader, const InTx& in_tx);
  bool remove_detections(const InTx& in_tx);
  bool guard_old(const InReader& in_reader, const InTx& in_tx);
  bool forget_personal(const InTx& in_tx);
  std::int64_t day() const;
  std::int64_t settled_before() const;

  World& world_;
  const Options& options_;
  const Directory& directory_;
  Tail& tail_;
  const Vault* vault_;

  mutable std::optional<Time> waiting_since_;  ///< when points were first seen in the open stretch
  std::shared_ptr<const Stretch> folding_;
  std::size_t folded_ = 0;  ///< series of it that are done

  enum class Stage { rest, settle, raw, rollups, detections, guard, personal };
  Stage stage_ = Stage::settle;
  std::optional<Time> next_pass_;
  std::int64_t block_ = 0;                    ///< raw: blocks below are done
  std::int64_t after_ = -1;                   ///< raw: chunk ids up to here are done
  std::uint32_t series_ = 0;                  ///< roll-ups: series below are done
  std::optional<std::int64_t> rollups_done_;  ///< block up to which all were removed
};

}  // namespace lifang::readings
