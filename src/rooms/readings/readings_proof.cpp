#include "rooms/readings/readings_proof.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "rooms/readings/readings_segment.hpp"
#include "rooms/readings/readings_store.hpp"

namespace lifang::readings {
namespace {

constexpr std::int64_t kWholePoints = 100'000'000;
constexpr std::size_t kMostFaults = 1000;
constexpr std::int64_t kPageChunks = 500;
constexpr std::int64_t kSettledPoints = 250'000;  ///< beyond it small parts may be left as they are

/// Walks all chunks, series by series within each block.
class Walk {
 public:
  Walk(Reader& reader, Time rollups_from, Proof& proof)
      : reader_(reader), rollups_from_(block_of(to_ms(rollups_from))), proof_(proof) {
    store::each_series(reader_, [this](const store::SeriesRow& row) { series_ = std::max(series_, row.series + 1); });
    for (const auto& row : store::blocks(reader_, -store::kBlockShift, store::kBlockShift)) blocks_[row.block] = row.oldest;
    const std::int64_t total = store::total_points(reader_);
    stride_ = static_cast<std::uint32_t>(total / kWholePoints + 1);
    proof_.whole = stride_ == 1;
  }

  void journal() {
    std::vector<Entry> entries;
    store::each_journal_row(reader_, [&](std::int64_t seq, std::int64_t points, std::string_view body) {
      ++proof_.journal_rows;
      entries.clear();
      if (!decode_segment(body, entries)) return fault(fmt::format("journal row {} cannot be read", seq));
      if (static_cast<std::int64_t>(entries.size()) != points)
        return fault(fmt::format("journal row {} holds {} points instead of {}", seq, entries.size(), points));
      for (const Entry& e : entries)
        if (e.series >= series_) return fault(fmt::format("journal row {} names series {}, which is not there", seq, e.series));
    });
  }

  void chunks() {
    std::vector<std::pair<std::int64_t, Part>> page;
    for (std::int64_t after = -1;; after = page.back().first) {
      page = store::chunks_after(reader_, after, kPageChunks);
      for (auto& [id, part] : page) take(id, std::move(part));
      if (static_cast<std::int64_t>(page.size()) < kPageChunks) break;
    }
    close_group();
  }

 private:
  void fault(std::string what) {
    if (proof_.faults.size() < kMostFaults) proof_.faults.push_back(std::move(what));
  }
  std::string here() const { return fmt::format("series {} block {}", store::series_of_chunk(group_), store::block_of_chunk(group_)); }

  void take(std::int64_t id, Part part) {
    const std::int64_t group = store::chunk_id(store::block_of_chunk(id), store::series_of_chunk(id), 0);
    if (group != group_) {
      close_group();
      group_ = group;
    }
    if (store::series_of_chunk(id) % stride_ != 0) return;
    part.part = id - group;
    ++proof_.chunks;
    const std::int64_t block = store::block_of_chunk(id), origin = block * kBlockMs;
    const auto noted = blocks_.find(block);
    if (noted == blocks_.end()) fault(here() + " lies in a block that no reader looks into");
    else if (noted->second > part.arrived) fault(here() + " arrived before its block says");
    if (store::series_of_chunk(id) >= series_) fault(here() + " belongs to no series");
    std::vector<Point> points;
    if (!decode_chunk(part.body, origin, points)) {
      broken_ = true;
      return fault(fmt::format("{} part {} cannot be read", here(), part.part));
    }
    const bool rises = std::is_sorted(points.begin(), points.end(), [](const Point& a, const Point& b) { return a.ts <= b.ts; });
    if (!rises || static_cast<std::int64_t>(points.size()) != part.points || points.front().ts - origin != part.since ||
        points.back().ts - origin != part.till)
      fault(fmt::format("{} part {} is not what its row says", here(), part.part));
    proof_.points += static_cast<std::int64_t>(points.size());
    points_.insert(points_.end(), points.begin(), points.end());
    part.body.clear();
    parts_.push_back(std::move(part));
  }

  void close_group() {
    if (!parts_.empty() && !broken_ && !store::touched(reader_, store::block_of_chunk(group_), store::series_of_chunk(group_)))
      look_at_settled();
    parts_.clear();
    points_.clear();
    broken_ = false;
  }

  void look_at_settled() {
    const std::int64_t block = store::block_of_chunk(group_);
    if (static_cast<std::int64_t>(points_.size()) <= kSettledPoints) {
      std::sort(parts_.begin(), parts_.end(), [](const Part& a, const Part& b) {
        return a.arrived != b.arrived ? a.arrived < b.arrived : a.since < b.since;
      });
      for (std::size_t i = 1; i < parts_.size(); ++i)
        if (parts_[i].arrived == parts_[i - 1].arrived && parts_[i].since <= parts_[i - 1].till)
          fault(fmt::format("{} parts {} and {} overlap", here(), parts_[i - 1].part, parts_[i].part));
    }
    if (block < rollups_from_) return;
    settle(points_);
    std::vector<Bucket> kept;
    bool read = true;
    store::each_rollup(reader_, store::series_of_chunk(group_), block, block, [&](std::int64_t, std::string_view body) {
      read = decode_hours(body, block * kBlockMs, kept) && read;
    });
    if (!read) return fault(here() + " has a roll-up that cannot be read");
    ++proof_.rollups;
    for (const Bucket& fresh : buckets_of(points_, {})) {
      const auto found = std::find_if(kept.begin(), kept.end(), [&](const Bucket& b) { return b.ts == fresh.ts; });
      if (found == kept.end() || found->count < fresh.count || (found->count == fresh.count && *found != fresh))
        return fault(fmt::format("{} has a roll-up that does not agree with its points at {}", here(), to_rfc3339(from_ms(fresh.ts))));
    }
  }

  Reader& reader_;
  std::int64_t rollups_from_;
  Proof& proof_;
  std::uint32_t series_ = 0;
  std::uint32_t stride_ = 1;
  std::map<std::int64_t, std::int64_t> blocks_;
  std::int64_t group_ = -1;
  std::vector<Part> parts_;
  std::vector<Point> points_;
  bool broken_ = false;
};

}  // namespace

Proof prove(Reader& reader, Time rollups_from) {
  Proof proof;
  Walk walk(reader, rollups_from, proof);
  walk.journal();
  walk.chunks();
  return proof;
}

}  // namespace lifang::readings
