// The SQL of the room, and nothing but SQL.
#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/db/tx.hpp"
#include "rooms/readings/readings_batch.hpp"
#include "rooms/readings/readings_fold.hpp"

namespace lifang::readings::store {

// Keys in one number. Blocks lie within ±2^19, series below 2^26, parts below 2^17.
constexpr std::int64_t kBlockShift = std::int64_t{1} << 19;
constexpr std::int64_t kMaxPart = std::int64_t{1} << 17;
constexpr std::int64_t chunk_id(std::int64_t block, std::uint32_t series, std::int64_t part) {
  return (block + kBlockShift) << 43 | static_cast<std::int64_t>(series) << 17 | part;
}
constexpr std::int64_t rollup_id(std::uint32_t series, std::int64_t block) {
  return static_cast<std::int64_t>(series) << 20 | (block + kBlockShift);
}
constexpr std::int64_t block_of_chunk(std::int64_t id) {
  return (id >> 43) - kBlockShift;
}
constexpr std::uint32_t series_of_chunk(std::int64_t id) {
  return static_cast<std::uint32_t>(id >> 17 & ((1 << 26) - 1));
}
constexpr std::int64_t block_of_rollup(std::int64_t id) {
  return (id & ((1 << 20) - 1)) - kBlockShift;
}

// ---- series ----
struct SeriesRow {
  std::uint32_t series = 0;
  std::uint32_t device = 0;
  std::uint16_t metric = 0;
  std::optional<std::int64_t> ts;
  double value = 0;
};
void each_series(Reader& reader, const std::function<void(const SeriesRow&)>& fn);
void insert_series(Tx& tx, const SeriesRow& row);
/// Keeps the newer of the stored and the given point of each.
void update_latest(Tx& tx, std::span<const SeriesRow> rows);

// ---- journal ----
void insert_journal(Tx& tx, std::int64_t seq, std::int64_t arrived, std::size_t points,
                    std::string_view body);
/// Rows with seq < `before`, oldest first.
void each_journal(Reader& reader, std::int64_t before,
                  const std::function<void(std::int64_t seq, std::string_view body)>& fn);
std::int64_t last_seq(Reader& reader);
/// Removes at most `limit` rows with seq ≤ `through`, oldest first. @returns how many.
std::int64_t delete_journal(Tx& tx, std::int64_t through, std::int64_t limit);

// ---- chunks ----
/// The newest parts of one series and block, newest first, at most four; bodies only up to
/// `body_points`.
std::vector<Part> newest_parts(Reader& reader, std::int64_t block, std::uint32_t series,
                               std::size_t body_points);
/// All parts without bodies, in order of arrival.
std::vector<Part> parts(Reader& reader, std::int64_t block, std::uint32_t series);
std::string part_body(Reader& reader, std::int64_t block, std::uint32_t series, std::int64_t part);
/// Bodies of the parts that overlap [since, till] (ms within the block), in order of arrival.
void each_body(Reader& reader, std::int64_t block, std::uint32_t series, std::int64_t since,
               std::int64_t till, const std::function<void(std::string_view body)>& fn);
std::int64_t points_in(Reader& reader, std::int64_t block, std::uint32_t series);
void apply(Tx& tx, std::span<const Change> changes);

// ---- for the proof ----
/// All rows, oldest first.
void each_journal_row(Reader& reader,
                      const std::function<void(std::int64_t seq, std::int64_t points,
                                               std::string_view body)>& fn);
/// (id, row with its body), ids rising, those behind `after`; their part number is left 0.
std::vector<std::pair<std::int64_t, Part>> chunks_after(Reader& reader, std::int64_t after,
                                                        std::int64_t limit);
std::int64_t total_points(Reader& reader);

struct BlockRow {
  std::int64_t block = 0;
  std::int64_t oldest = 0;
};
/// Blocks with chunks between two (inclusive), in order.
std::vector<BlockRow> blocks(Reader& reader, std::int64_t from, std::int64_t to);
/// Notes a block; `oldest` only ever falls.
void note_block(Tx& tx, const BlockRow& row);
/// The day on which the oldest chunk's last point arrived; none if the block has no chunk.
std::optional<std::int64_t> oldest_in(Reader& reader, std::int64_t block);
/// After a removal: what `oldest_in` found.
void renew_block(Tx& tx, std::int64_t block, std::optional<std::int64_t> oldest);
/// Chunks of the block after `after` whose last point arrived before the day; at most `limit`.
std::vector<std::int64_t> expired_chunks(Reader& reader, std::int64_t block, std::int64_t after,
                                         std::int64_t day, std::int64_t limit);
void delete_chunks(Tx& tx, std::span<const std::int64_t> ids);

// ---- what waits to be settled ----
void touch(Tx& tx, std::span<const std::int64_t> chunk_ids);
bool touched(Reader& reader, std::int64_t block, std::uint32_t series);
/// The first `limit` in blocks before `before_block`, as chunk ids of part 0.
std::vector<std::int64_t> first_touched(Reader& reader, std::int64_t before_block,
                                        std::int64_t limit);
void untouch(Tx& tx, std::int64_t chunk_id);

// ---- roll-ups ----
void put_rollup(Tx& tx, std::uint32_t series, std::int64_t block, std::string_view body);
void each_rollup(Reader& reader, std::uint32_t series, std::int64_t from_block,
                 std::int64_t to_block,
                 const std::function<void(std::int64_t block, std::string_view body)>& fn);
bool has_rollups_before(Reader& reader, std::uint32_t series, std::int64_t block);
void delete_rollups_before(Tx& tx, std::uint32_t series, std::int64_t block);

// ---- detections ----
/// The newest ts of that kind by that device.
std::optional<std::int64_t> newest_detection(Reader& reader, std::uint32_t device,
                                             std::string_view kind);
/// The newest ts of that device, and when the first of that instant arrived.
struct LastDetection {
  std::int64_t ts = 0, arrived = 0;
};
std::optional<LastDetection> last_detection(Reader& reader, std::uint32_t device);
/// How what tells who is kept; the numbers stand in the table.
enum class Guard : std::int64_t { unknown, nobody, sealed, forgotten };
struct StoredDetection {
  Detection detection;
  Guard guard = Guard::nobody;
  std::string sealed;  ///< all attributes, under the node's key; empty: none, or gone
};
/// @returns false if it was there already.
bool insert_detection(Tx& tx, const StoredDetection& row, std::int64_t digest);
struct DetectionsAsked {
  std::optional<std::uint32_t> device;
  std::optional<std::string> kind;
  std::int64_t from = 0, to = 0;  ///< from ≤ ts < to
  bool newest_first = true;
  std::int64_t after_ts = 0;  ///< with after_id: what follows this one in the order
  std::string after_id;
};
/// In order, until `fn` returns false.
void each_detection(Reader& reader, const DetectionsAsked& asked,
                    const std::function<bool(StoredDetection&&)>& fn);
std::optional<StoredDetection> detection(Reader& reader, std::string_view id);
std::int64_t delete_detections(Tx& tx, std::int64_t arrived_before, std::int64_t limit);
/// Reads of plates and faces go; of others what was sealed. At most `limit` of each. @returns how many
std::int64_t forget_personal(Tx& tx, std::int64_t arrived_before, std::int64_t limit);
/// Rows of before, at most `limit`.
std::vector<Detection> unguarded(Reader& reader, std::int64_t limit);
/// Writes how such a row is guarded; one that was sent again meanwhile goes.
void guard(Tx& tx, const StoredDetection& row, std::int64_t digest);

}  // namespace lifang::readings::store
