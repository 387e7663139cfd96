#include "rooms/readings/readings_keeping.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "rooms/readings/readings_past.hpp"
#include "rooms/readings/readings_seal.hpp"

namespace lifang::readings {
namespace {

// Sizes of slices: what the lane writes in a few milliseconds.
constexpr std::size_t kFoldRows = 512;
constexpr std::size_t kFoldPoints = 100'000;
constexpr std::int64_t kJournalPoints = 100'000;
constexpr std::int64_t kSettleRows = 64;
constexpr std::size_t kSettlePoints = 200'000;
constexpr std::size_t kSettleAtOnce =
    250'000;  // points of one series and block that are merged in memory
constexpr std::int64_t kRemoveRows = 200;
constexpr std::uint32_t kRemoveSeries = 500;
constexpr std::int64_t kDayMs = 86'400'000;

}  // namespace

std::int64_t Readings::Keeping::day() const {
  return day_of(world_.clock.now());
}

/// Blocks below it ended long enough ago to be settled.
std::int64_t Readings::Keeping::settled_before() const {
  return block_of(to_ms(world_.clock.now() - options_.settle_after));
}

bool Readings::Keeping::tend(const InReader& in_reader, const InTx& in_tx) {
  if (!folding_) folding_ = tail_.sealed();
  if (!folding_ && due()) {
    in_tx([this](Tx&) { tail_.seal(); });
    folding_ = tail_.sealed();
  }
  if (folding_) {
    if (folded_ < folding_->series().size())
      fold_slice(*folding_, in_reader, in_tx);
    else
      finish_fold(*folding_, in_tx);
    return true;
  }
  const Time now = world_.clock.now();
  if (stage_ == Stage::rest && (!next_pass_ || now >= *next_pass_)) stage_ = Stage::settle;
  switch (stage_) {
    case Stage::rest:
      return false;
    case Stage::settle:
      if (!settle_slice(in_reader, in_tx)) {
        stage_ = Stage::raw;
        block_ = -store::kBlockShift;
        after_ = -1;
      }
      return true;
    default:
      return remove_slice(in_reader, in_tx);
  }
}

// ---- folding
// -----------------------------------------------------------------------------------------------

bool Readings::Keeping::due() const {
  const std::size_t points = tail_.stretches().back()->points();
  if (points == 0) {
    waiting_since_.reset();
    return false;
  }
  const Time now = world_.clock.now();
  if (!waiting_since_ || *waiting_since_ > now) waiting_since_ = now;
  if (points < options_.fold_points && now - *waiting_since_ < options_.fold_after) return false;
  waiting_since_.reset();
  return true;
}

void Readings::Keeping::fold_series(Reader& reader, const Stretch& stretch, std::uint32_t series,
                                    Slice& slice) const {
  std::vector<Point> points;
  stretch.copy(series, INT64_MIN, INT64_MAX, points);
  settle(points);
  const std::int64_t arrived = stretch.last_arrival(series) * 1000 / kDayMs;
  for (const auto part : by_block(points)) {
    const std::int64_t block = block_of(part.front().ts);
    auto newest =
        store::newest_parts(reader, block, series, std::max<std::size_t>(256, 4 * part.size()));
    slice.touched.push_back(store::chunk_id(block, series, 0));
    slice.changes.push_back(
        fold_into(block, series, std::move(newest), {part.begin(), part.end()}, arrived));
    const auto known = std::find_if(slice.blocks.begin(), slice.blocks.end(),
                                    [&](const auto& b) { return b.block == block; });
    if (known == slice.blocks.end())
      slice.blocks.push_back({block, arrived});
    else
      known->oldest = std::min(known->oldest, arrived);
  }
  const auto newest = std::find_if(points.rbegin(), points.rend(),
                                   [](const Point& p) { return (p.flags & suspect) == 0; });
  if (newest != points.rend())
    slice.latest.push_back({series, directory_.device_of(series), directory_.metric_of(series),
                            newest->ts, newest->value});
}

void Readings::Keeping::fold_slice(const Stretch& stretch, const InReader& in_reader,
                                   const InTx& in_tx) {
  Slice slice;
  in_reader([&](Reader& reader) {
    slice = {};
    slice.next = folded_;
    for (std::size_t points = 0; slice.next < stretch.series().size() &&
                                 slice.changes.size() < kFoldRows && points < kFoldPoints;) {
      const std::size_t before = slice.changes.size();
      fold_series(reader, stretch, stretch.series()[slice.next++], slice);
      for (std::size_t i = before; i < slice.changes.size(); ++i)
        for (const Part& part : slice.changes[i].put)
          points += static_cast<std::size_t>(part.points);
    }
  });
  in_tx([&](Tx& tx) {
    // What is folded stays in the journal until all of it is: a crash between two slices folds some
    // points again, and a point that stands twice shows once.
    for (const auto& block : slice.blocks) store::note_block(tx, block);
    store::touch(tx, slice.touched);
    store::apply(tx, slice.changes);
    store::update_latest(tx, slice.latest);
  });
  folded_ = slice.next;
}

void Readings::Keeping::finish_fold(const Stretch& stretch, const InTx& in_tx) {
  const std::int64_t rows = stretch.last_seq() - stretch.first_seq() + 1;
  const auto each = std::max<std::int64_t>(
      1, static_cast<std::int64_t>(stretch.points()) / std::max<std::int64_t>(rows, 1));
  const std::int64_t limit = std::clamp<std::int64_t>(kJournalPoints / each, 1, 1000);
  std::int64_t removed = 0;
  in_tx([&](Tx& tx) { removed = store::delete_journal(tx, stretch.last_seq(), limit); });
  if (removed == limit) return;
  folding_.reset();
  folded_ = 0;
  tail_.drop_sealed();
}

// ---- settling
// ----------------------------------------------------------------------------------------------

Readings::Keeping::Settled Readings::Keeping::settle_one(Reader& reader, std::int64_t id,
                                                         std::size_t& cost) const {
  const std::int64_t block = store::block_of_chunk(id);
  const std::uint32_t series = store::series_of_chunk(id);
  Settled result{id, {block, series, {}, {}}, {}};
  std::vector<Part> parts = store::parts(reader, block, series);
  std::vector<Bucket> hours, kept;
  std::size_t points = 0;
  for (const Part& part : parts) points += static_cast<std::size_t>(part.points);
  cost += points;
  const bool at_once = points <= kSettleAtOnce;
  // A series that fills rows by itself is left as it is, but for its small and overlapping parts.
  std::vector<std::size_t> chosen = worth_merging(parts);
  if (at_once) {
    chosen.resize(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) chosen[i] = i;
  }
  std::size_t merged = 0;
  for (const std::size_t i : chosen) merged += static_cast<std::size_t>(parts[i].points);
  if (merged <= 4 * kSettleAtOnce && !chosen.empty()) {
    std::vector<Part> some;
    for (const std::size_t i : chosen) {
      parts[i].body = store::part_body(reader, block, series, parts[i].part);
      some.push_back(parts[i]);
      result.change.removed.push_back(parts[i].part);
    }
    std::vector<Point> all;
    const bool alone =
        some.size() == 1 && some[0].points <= static_cast<std::int64_t>(kSettledPartPoints);
    result.change.put = settled(block, some, at_once ? 0 : parts.back().part + 1, all);
    if (at_once) hours = buckets_of(all, {});
    if (alone && some[0].part == 0) result.change.put.clear();  // it is as it would be
    std::erase_if(result.change.removed, [&](std::int64_t part) {
      return (alone && part == 0) || std::any_of(result.change.put.begin(), result.change.put.end(),
                                                 [&](const Part& p) { return p.part == part; });
    });
  }
  if (!at_once) {
    const Tail nothing;
    const Past past(reader, nothing, series, block * kBlockMs, (block + 1) * kBlockMs);
    for (const auto& [from, to] : past.pieces(block)) {
      const auto piece = buckets_of(past.points(from, to), {});
      hours.insert(hours.end(), piece.begin(), piece.end());
    }
  }
  store::each_rollup(reader, series, block, block, [&](std::int64_t, std::string_view body) {
    check(decode_hours(body, block * kBlockMs, kept), "a roll-up of readings cannot be read");
  });
  hours = joined(kept, hours);
  if (!hours.empty()) result.rollup = encode_hours(hours, block * kBlockMs);
  return result;
}

bool Readings::Keeping::settle_slice(const InReader& in_reader, const InTx& in_tx) {
  std::vector<Settled> slice;
  bool any = false;
  in_reader([&](Reader& reader) {
    slice.clear();
    std::size_t cost = 0;
    const auto ids = store::first_touched(reader, settled_before(), kSettleRows);
    any = !ids.empty();
    for (const std::int64_t id : ids) {
      slice.push_back(settle_one(reader, id, cost));
      if (cost > kSettlePoints) break;
    }
  });
  if (!any) return false;
  in_tx([&](Tx& tx) {
    for (const Settled& one : slice) {
      store::apply(tx, {&one.change, 1});
      if (!one.rollup.empty())
        store::put_rollup(tx, one.change.series, one.change.block, one.rollup);
      store::untouch(tx, one.id);
    }
  });
  return true;
}

// ---- removing
// ----------------------------------------------------------------------------------------------

bool Readings::Keeping::remove_slice(const InReader& in_reader, const InTx& in_tx) {
  switch (stage_) {
    case Stage::raw:
      if (remove_raw(in_reader, in_tx)) return true;
      stage_ = Stage::rollups;
      series_ = 0;
      return true;
    case Stage::rollups:
      if (remove_rollups(in_reader, in_tx)) return true;
      stage_ = Stage::detections;
      return true;
    case Stage::detections:
      if (remove_detections(in_tx)) return true;
      stage_ = Stage::guard;
      return true;
    case Stage::guard:
      if (guard_old(in_reader, in_tx)) return true;
      stage_ = Stage::personal;
      return true;
    default:
      if (forget_personal(in_tx)) return true;
      stage_ = Stage::rest;
      next_pass_ = world_.clock.now() + options_.pass_every;
      return false;
  }
}

bool Readings::Keeping::remove_raw(const InReader& in_reader, const InTx& in_tx) {
  const std::int64_t before = day() - options_.keep_raw.count() / kDayMs;
  std::vector<std::int64_t> ids;
  std::optional<std::int64_t> block, oldest;
  in_reader([&](Reader& reader) {
    for (const auto& row : store::blocks(reader, block_, store::kBlockShift))
      if (row.oldest < before) {
        block = row.block;
        break;
      }
    if (!block) return;
    if (*block != block_) after_ = -1;
    ids = store::expired_chunks(reader, *block, after_, before, kRemoveRows);
    if (ids.empty()) oldest = store::oldest_in(reader, *block);
  });
  if (!block) return false;
  block_ = *block;
  in_tx([&](Tx& tx) {
    if (ids.empty())
      store::renew_block(tx, *block, oldest);
    else
      store::delete_chunks(tx, ids);
  });
  if (ids.empty())
    ++block_;
  else
    after_ = ids.back();
  return true;
}

bool Readings::Keeping::remove_rollups(const InReader& in_reader, const InTx& in_tx) {
  const std::int64_t before = block_of(to_ms(world_.clock.now() - options_.keep_rollups));
  if (series_ >= directory_.size() || rollups_done_ == before) {
    rollups_done_ = before;
    return false;
  }
  const std::uint32_t end = std::min(series_ + kRemoveSeries, directory_.size());
  std::vector<std::uint32_t> found;
  in_reader([&](Reader& reader) {
    found.clear();
    for (std::uint32_t series = series_; series < end; ++series)
      if (store::has_rollups_before(reader, series, before)) found.push_back(series);
  });
  if (!found.empty())
    in_tx([&](Tx& tx) {
      for (const std::uint32_t series : found) store::delete_rollups_before(tx, series, before);
    });
  series_ = end;
  return true;
}

bool Readings::Keeping::remove_detections(const InTx& in_tx) {
  const std::int64_t before = to_ms(world_.clock.now() - options_.keep_raw);
  std::int64_t removed = 0;
  in_tx([&](Tx& tx) { removed = store::delete_detections(tx, before, kRemoveRows); });
  return removed == kRemoveRows;
}

/// Rows that were written before what tells who was sealed.
bool Readings::Keeping::guard_old(const InReader& in_reader, const InTx& in_tx) {
  std::vector<Detection> old;
  in_reader([&](Reader& reader) { old = store::unguarded(reader, kRemoveRows); });
  if (old.empty()) return false;
  in_tx([&](Tx& tx) {
    for (const Detection& d : old) store::guard(tx, sealed_row(vault_, d, tx.ids()), digest_of(vault_, d));
  });
  return true;
}

bool Readings::Keeping::forget_personal(const InTx& in_tx) {
  const std::int64_t before = to_ms(world_.clock.now() - options_.keep_personal);
  std::int64_t removed = 0;
  in_tx([&](Tx& tx) { removed = store::forget_personal(tx, before, kRemoveRows); });
  return removed >= kRemoveRows;
}

}  // namespace lifang::readings
