#include "rooms/readings/readings_store.hpp"

#include <fmt/format.h>

#include <array>

#include "base/check.hpp"

namespace lifang::readings::store {
namespace {

constexpr std::size_t kRows =
    32;  // written by one statement: a round trip to PostgreSQL costs more than a row

/// "($1, $2), ($3, $4), …" for `rows` rows of `columns`.
std::string placeholders(std::size_t rows, std::size_t columns) {
  std::string text;
  std::size_t n = 0;
  for (std::size_t r = 0; r < rows; ++r) {
    text += r == 0 ? "(" : ", (";
    for (std::size_t c = 0; c < columns; ++c) text += fmt::format("{}${}", c == 0 ? "" : ", ", ++n);
    text += ")";
  }
  return text;
}

/// One statement in two sizes: for kRows rows at once, and for one.
struct Bulk {
  Bulk(std::string_view before, std::size_t columns_, std::string_view after)
      : columns(columns_),
        many(fmt::format("{} {} {}", before, placeholders(kRows, columns_), after)),
        one(fmt::format("{} {} {}", before, placeholders(1, columns_), after)) {}

  /// `fill(row, params)` appends the row's columns.
  template <class Rows, class Fill>
  void run(Tx& tx, const Rows& rows, Fill fill) const {
    std::vector<db::Param> params;
    params.reserve(kRows * columns);
    std::size_t i = 0;
    while (i < rows.size()) {
      const std::size_t n = rows.size() - i >= kRows ? kRows : 1;
      params.clear();
      for (const std::size_t end = i + n; i < end; ++i) fill(rows[i], params);
      tx.session().execute(n == kRows ? many : one, params, nullptr);
    }
  }

  std::size_t columns;
  std::string many, one;
};

}  // namespace

// ---- series ----

constexpr std::string_view kEachSeries =
    "SELECT series, device, metric, ts, value FROM readings_series ORDER BY series";
constexpr std::string_view kInsertSeries =
    "INSERT INTO readings_series (series, device, metric) VALUES ($1, $2, $3)";

void each_series(Reader& reader, const std::function<void(const SeriesRow&)>& fn) {
  reader.each(kEachSeries, [&](const db::Row& row) {
    fn({row.get<std::uint32_t>(0), row.get<std::uint32_t>(1), row.get<std::uint16_t>(2),
        row.get<std::optional<std::int64_t>>(3), row.null(4) ? 0 : row.real(4)});
  });
}

void insert_series(Tx& tx, const SeriesRow& row) {
  tx.run(kInsertSeries, row.series, row.device, row.metric);
}

void update_latest(Tx& tx, std::span<const SeriesRow> rows) {
  static const Bulk bulk(
      "INSERT INTO readings_series (series, device, metric, ts, value) VALUES", 5,
      "ON CONFLICT (series) DO UPDATE SET ts = excluded.ts, value = excluded.value "
      "WHERE readings_series.ts IS NULL OR readings_series.ts < excluded.ts");
  bulk.run(tx, rows, [](const SeriesRow& row, std::vector<db::Param>& params) {
    for (const db::Param& p : {db::param(row.series), db::param(row.device), db::param(row.metric),
                               db::param(row.ts), db::param(row.value)})
      params.push_back(p);
  });
}

// ---- journal ----

constexpr std::string_view kInsertJournal =
    "INSERT INTO readings_journal (seq, arrived, points, body) VALUES ($1, $2, $3, $4)";
constexpr std::string_view kEachJournal =
    "SELECT seq, body FROM readings_journal WHERE seq < $1 ORDER BY seq";
constexpr std::string_view kLastSeq = "SELECT MAX(seq) FROM readings_journal";
constexpr std::string_view kDeleteJournal =
    "DELETE FROM readings_journal WHERE seq IN "
    "(SELECT seq FROM readings_journal WHERE seq <= $1 ORDER BY seq LIMIT $2)";

void insert_journal(Tx& tx, std::int64_t seq, std::int64_t arrived, std::size_t points,
                    std::string_view body) {
  tx.run(kInsertJournal, seq, arrived, points, db::Blob{body});
}

void each_journal(Reader& reader, std::int64_t before,
                  const std::function<void(std::int64_t seq, std::string_view body)>& fn) {
  reader.each(
      kEachJournal, [&](const db::Row& row) { fn(row.integer(0), row.blob(1)); }, before);
}

std::int64_t last_seq(Reader& reader) {
  return reader.value<std::int64_t>(kLastSeq).value_or(0);
}

std::int64_t delete_journal(Tx& tx, std::int64_t through, std::int64_t limit) {
  return tx.run(kDeleteJournal, through, limit);
}

// ---- chunks ----

constexpr std::string_view kNewestParts =
    "SELECT id, since, till, points, arrived, CASE WHEN points <= $3 THEN body END FROM "
    "readings_chunks "
    "WHERE id >= $1 AND id < $2 ORDER BY id DESC LIMIT 4";
constexpr std::string_view kParts =
    "SELECT id, since, till, points, arrived FROM readings_chunks WHERE id >= $1 AND id < $2 ORDER "
    "BY id";
constexpr std::string_view kPartBody = "SELECT body FROM readings_chunks WHERE id = $1";
constexpr std::string_view kEachBody =
    "SELECT body FROM readings_chunks WHERE id >= $1 AND id < $2 AND since <= $4 AND till >= $3 "
    "ORDER BY id";
constexpr std::string_view kPointsIn =
    "SELECT SUM(points) FROM readings_chunks WHERE id >= $1 AND id < $2";
constexpr std::string_view kDeleteChunk = "DELETE FROM readings_chunks WHERE id = $1";
constexpr std::string_view kBlocks =
    "SELECT block, oldest FROM readings_blocks WHERE block >= $1 AND block <= $2 ORDER BY block";
constexpr std::string_view kNoteBlock =
    "INSERT INTO readings_blocks (block, oldest) VALUES ($1, $2) ON CONFLICT (block) DO UPDATE "
    "SET oldest = excluded.oldest WHERE excluded.oldest < readings_blocks.oldest";
constexpr std::string_view kOldestIn =
    "SELECT MIN(arrived) FROM readings_chunks WHERE id >= $1 AND id < $2";
constexpr std::string_view kSetOldest = "UPDATE readings_blocks SET oldest = $2 WHERE block = $1";
constexpr std::string_view kForgetBlock = "DELETE FROM readings_blocks WHERE block = $1";
constexpr std::string_view kExpired =
    "SELECT id FROM readings_chunks WHERE id > $1 AND id < $2 AND arrived < $3 ORDER BY id LIMIT "
    "$4";

namespace {

Part part_of(const db::Row& row) {
  return {row.integer(0) % kMaxPart,
          row.integer(1),
          row.integer(2),
          row.integer(3),
          row.integer(4),
          {}};
}
std::int64_t first_of(std::int64_t block, std::uint32_t series) {
  return chunk_id(block, series, 0);
}
std::int64_t end_of(std::int64_t block, std::uint32_t series) {
  return chunk_id(block, series, 0) + kMaxPart;
}

}  // namespace

std::vector<Part> newest_parts(Reader& reader, std::int64_t block, std::uint32_t series,
                               std::size_t body_points) {
  return reader.all(
      kNewestParts,
      [](const db::Row& row) {
        Part part = part_of(row);
        if (!row.null(5)) part.body = row.blob(5);
        return part;
      },
      first_of(block, series), end_of(block, series), body_points);
}

std::vector<Part> parts(Reader& reader, std::int64_t block, std::uint32_t series) {
  return reader.all(kParts, part_of, first_of(block, series), end_of(block, series));
}

std::string part_body(Reader& reader, std::int64_t block, std::uint32_t series, std::int64_t part) {
  auto body = reader.one(
      kPartBody, [](const db::Row& row) { return std::string(row.blob(0)); },
      chunk_id(block, series, part));
  check(body.has_value(), "a part of a chunk is gone");
  return std::move(*body);
}

void each_body(Reader& reader, std::int64_t block, std::uint32_t series, std::int64_t since,
               std::int64_t till, const std::function<void(std::string_view body)>& fn) {
  reader.each(
      kEachBody, [&](const db::Row& row) { fn(row.blob(0)); }, first_of(block, series),
      end_of(block, series), since, till);
}

std::int64_t points_in(Reader& reader, std::int64_t block, std::uint32_t series) {
  return reader.value<std::int64_t>(kPointsIn, first_of(block, series), end_of(block, series))
      .value_or(0);
}

void apply(Tx& tx, std::span<const Change> changes) {
  static const Bulk bulk(
      "INSERT INTO readings_chunks (id, since, till, points, arrived, body) VALUES", 6,
      "ON CONFLICT (id) DO UPDATE SET since = excluded.since, till = excluded.till, "
      "points = excluded.points, arrived = excluded.arrived, body = excluded.body");
  struct Put {
    std::int64_t id;
    const Part* part;
  };
  std::vector<Put> puts;
  for (const Change& change : changes) {
    for (const std::int64_t part : change.removed)
      tx.run(kDeleteChunk, chunk_id(change.block, change.series, part));
    for (const Part& part : change.put) {
      check(part.part < kMaxPart, "too many parts in one block");
      puts.push_back({chunk_id(change.block, change.series, part.part), &part});
    }
  }
  bulk.run(tx, puts, [](const Put& put, std::vector<db::Param>& params) {
    const Part& part = *put.part;
    for (const db::Param& p :
         {db::param(put.id), db::param(part.since), db::param(part.till), db::param(part.points),
          db::param(part.arrived), db::param(db::Blob{part.body})})
      params.push_back(p);
  });
}

std::vector<BlockRow> blocks(Reader& reader, std::int64_t from, std::int64_t to) {
  return reader.all(
      kBlocks,
      [](const db::Row& row) {
        return BlockRow{row.integer(0), row.integer(1)};
      },
      from, to);
}

void note_block(Tx& tx, const BlockRow& row) {
  tx.run(kNoteBlock, row.block, row.oldest);
}

std::optional<std::int64_t> oldest_in(Reader& reader, std::int64_t block) {
  return reader.value<std::int64_t>(kOldestIn, first_of(block, 0), first_of(block + 1, 0));
}

void renew_block(Tx& tx, std::int64_t block, std::optional<std::int64_t> oldest) {
  if (oldest)
    tx.run(kSetOldest, block, *oldest);
  else
    tx.run(kForgetBlock, block);
}

std::vector<std::int64_t> expired_chunks(Reader& reader, std::int64_t block, std::int64_t after,
                                         std::int64_t day, std::int64_t limit) {
  return reader.all(
      kExpired, [](const db::Row& row) { return row.integer(0); },
      std::max(after, first_of(block, 0) - 1), first_of(block + 1, 0), day, limit);
}

void delete_chunks(Tx& tx, std::span<const std::int64_t> ids) {
  for (const std::int64_t id : ids) tx.run(kDeleteChunk, id);
}

// ---- what waits to be settled ----

constexpr std::string_view kTouched = "SELECT 1 FROM readings_touched WHERE id = $1";
constexpr std::string_view kFirstTouched =
    "SELECT id FROM readings_touched WHERE id < $1 ORDER BY id LIMIT $2";
constexpr std::string_view kUntouch = "DELETE FROM readings_touched WHERE id = $1";

void touch(Tx& tx, std::span<const std::int64_t> chunk_ids) {
  static const Bulk bulk("INSERT INTO readings_touched (id) VALUES", 1,
                         "ON CONFLICT (id) DO NOTHING");
  bulk.run(tx, chunk_ids, [](std::int64_t id, std::vector<db::Param>& params) {
    params.push_back(db::param(id));
  });
}

bool touched(Reader& reader, std::int64_t block, std::uint32_t series) {
  return reader.value<std::int64_t>(kTouched, first_of(block, series)).has_value();
}

std::vector<std::int64_t> first_touched(Reader& reader, std::int64_t before_block,
                                        std::int64_t limit) {
  return reader.all(
      kFirstTouched, [](const db::Row& row) { return row.integer(0); }, first_of(before_block, 0),
      limit);
}

void untouch(Tx& tx, std::int64_t chunk_id) {
  tx.run(kUntouch, chunk_id);
}

// ---- roll-ups ----

constexpr std::string_view kPutRollup =
    "INSERT INTO readings_rollups (id, body) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET body = "
    "excluded.body";
constexpr std::string_view kEachRollup =
    "SELECT id, body FROM readings_rollups WHERE id >= $1 AND id <= $2 ORDER BY id";
constexpr std::string_view kHasRollups =
    "SELECT 1 FROM readings_rollups WHERE id >= $1 AND id < $2 LIMIT 1";
constexpr std::string_view kDeleteRollups =
    "DELETE FROM readings_rollups WHERE id >= $1 AND id < $2";

void put_rollup(Tx& tx, std::uint32_t series, std::int64_t block, std::string_view body) {
  tx.run(kPutRollup, rollup_id(series, block), db::Blob{body});
}

void each_rollup(Reader& reader, std::uint32_t series, std::int64_t from_block,
                 std::int64_t to_block,
                 const std::function<void(std::int64_t block, std::string_view body)>& fn) {
  reader.each(
      kEachRollup, [&](const db::Row& row) { fn(block_of_rollup(row.integer(0)), row.blob(1)); },
      rollup_id(series, from_block), rollup_id(series, to_block));
}

bool has_rollups_before(Reader& reader, std::uint32_t series, std::int64_t block) {
  return reader
      .value<std::int64_t>(kHasRollups, rollup_id(series, -kBlockShift), rollup_id(series, block))
      .has_value();
}

void delete_rollups_before(Tx& tx, std::uint32_t series, std::int64_t block) {
  tx.run(kDeleteRollups, rollup_id(series, -kBlockShift), rollup_id(series, block));
}

// ---- detections ----

constexpr std::string_view kNewestDetection =
    "SELECT ts FROM readings_detections WHERE device = $1 AND kind = $2 ORDER BY ts DESC LIMIT 1";
constexpr std::string_view kLastDetection =
    "SELECT ts, MIN(arrived) FROM readings_detections WHERE device = $1 AND ts = "
    "(SELECT MAX(ts) FROM readings_detections WHERE device = $1) GROUP BY ts";
constexpr std::string_view kInsertDetection =
    "INSERT INTO readings_detections (id, device, ts, kind, digest, arrived, flags, confidence, "
    "attributes, file, sealed, guard) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (device, ts, kind, digest) DO "
    "NOTHING";
constexpr std::string_view kDetectionColumns =
    "SELECT id, device, ts, kind, arrived, flags, confidence, attributes, file, sealed, guard FROM "
    "readings_detections";
constexpr std::string_view kDeleteReads =
    "DELETE FROM readings_detections WHERE id IN (SELECT id FROM readings_detections WHERE guard = 2 AND "
    "arrived < $1 AND kind IN ('plate', 'face') ORDER BY arrived LIMIT $2)";
constexpr std::string_view kForgetSealed =
    "UPDATE readings_detections SET sealed = NULL, guard = 3 WHERE id IN (SELECT id FROM readings_detections "
    "WHERE guard = 2 AND arrived < $1 AND kind NOT IN ('plate', 'face') ORDER BY arrived LIMIT $2)";
constexpr std::string_view kGuard =
    "UPDATE readings_detections SET attributes = $1, sealed = $2, guard = $3, digest = $4 WHERE id = $5 AND NOT EXISTS "
    "(SELECT 1 FROM readings_detections other WHERE other.device = $6 AND other.ts = $7 AND other.kind = $8 AND "
    "other.digest = $4 AND other.id <> $5)";
constexpr std::string_view kDeleteDetection = "DELETE FROM readings_detections WHERE id = $1";
constexpr std::string_view kDeleteDetections =
    "DELETE FROM readings_detections WHERE id IN "
    "(SELECT id FROM readings_detections WHERE arrived < $1 ORDER BY arrived LIMIT $2)";

namespace {

StoredDetection detection_of(const db::Row& row) {
  StoredDetection stored;
  Detection& d = stored.detection;
  d.id = row.text(0);
  d.device = row.get<std::uint32_t>(1);
  d.ts = row.integer(2);
  d.kind = row.text(3);
  d.arrived = row.integer(4);
  d.flags = row.get<std::uint8_t>(5);
  d.confidence = row.real(6);
  d.attributes = row.text(7);
  d.file = row.text(8);
  stored.sealed = std::string(row.blob(9));
  stored.guard = static_cast<Guard>(row.integer(10));
  return stored;
}

}  // namespace

std::optional<std::int64_t> newest_detection(Reader& reader, std::uint32_t device,
                                             std::string_view kind) {
  return reader.value<std::int64_t>(kNewestDetection, device, kind);
}

std::optional<LastDetection> last_detection(Reader& reader, std::uint32_t device) {
  return reader.one(
      kLastDetection, [](const db::Row& row) { return LastDetection{row.integer(0), row.integer(1)}; }, device);
}

bool insert_detection(Tx& tx, const StoredDetection& row, std::int64_t digest) {
  const Detection& d = row.detection;
  return tx.run(kInsertDetection, d.id, d.device, d.ts, d.kind, digest, d.arrived, d.flags,
                d.confidence, d.attributes, d.file, db::Blob{row.sealed}, static_cast<std::int64_t>(row.guard)) > 0;
}

void each_detection(Reader& reader, const DetectionsAsked& asked,
                    const std::function<bool(StoredDetection&&)>& fn) {
  // Pages of its own, because a statement runs to its end once begun.
  constexpr std::int64_t kPage = 200;
  DetectionsAsked next = asked;
  for (;;) {
    db::Where where;
    where.maybe("device = $", next.device)
        .maybe("kind = $", next.kind)
        .add("ts >= $", next.from)
        .add("ts < $", next.to);
    if (!next.after_id.empty()) {
      const std::string ts = where.placeholder(next.after_ts),
                        id = where.placeholder(next.after_id);
      where.plain(fmt::format("(ts, id) {} ({}, {})", next.newest_first ? '<' : '>', ts, id));
    }
    const std::string limit = where.placeholder(kPage);
    const char* order = next.newest_first ? "DESC" : "ASC";
    const std::string sql = fmt::format("{}{} ORDER BY ts {}, id {} LIMIT {}", kDetectionColumns,
                                        where.sql(), order, order, limit);
    std::vector<StoredDetection> page;
    reader.each_of(sql, where.params(),
                   [&](const db::Row& row) { page.push_back(detection_of(row)); });
    for (StoredDetection& d : page) {
      next.after_ts = d.detection.ts;
      next.after_id = d.detection.id;
      if (!fn(std::move(d))) return;
    }
    if (page.size() < static_cast<std::size_t>(kPage)) return;
  }
}

std::optional<StoredDetection> detection(Reader& reader, std::string_view id) {
  return reader.one(fmt::format("{} WHERE id = $1", kDetectionColumns), detection_of, id);
}

std::int64_t delete_detections(Tx& tx, std::int64_t arrived_before, std::int64_t limit) {
  return tx.run(kDeleteDetections, arrived_before, limit);
}

std::int64_t forget_personal(Tx& tx, std::int64_t arrived_before, std::int64_t limit) {
  return tx.run(kDeleteReads, arrived_before, limit) + tx.run(kForgetSealed, arrived_before, limit);
}

std::vector<Detection> unguarded(Reader& reader, std::int64_t limit) {
  return reader.all(fmt::format("{} WHERE guard = 0 ORDER BY arrived LIMIT $1", kDetectionColumns),
                    [](const db::Row& row) { return detection_of(row).detection; }, limit);
}

void guard(Tx& tx, const StoredDetection& row, std::int64_t digest) {
  const Detection& d = row.detection;
  if (tx.run(kGuard, d.attributes, db::Blob{row.sealed}, static_cast<std::int64_t>(row.guard), digest, d.id, d.device, d.ts,
             d.kind) == 0)
    tx.run(kDeleteDetection, d.id);
}

// ---- for the proof ----

namespace {

constexpr std::string_view kJournalRows = "SELECT seq, points, body FROM readings_journal ORDER BY seq";
constexpr std::string_view kChunksAfter =
    "SELECT id, since, till, points, arrived, body FROM readings_chunks WHERE id > $1 ORDER BY id "
    "LIMIT $2";
constexpr std::string_view kTotalPoints = "SELECT SUM(points) FROM readings_chunks";

}  // namespace

void each_journal_row(Reader& reader,
                      const std::function<void(std::int64_t seq, std::int64_t points,
                                               std::string_view body)>& fn) {
  reader.each(kJournalRows,
              [&](const db::Row& r) { fn(r.integer(0), r.integer(1), r.blob(2)); });
}

std::vector<std::pair<std::int64_t, Part>> chunks_after(Reader& reader, std::int64_t after,
                                                        std::int64_t limit) {
  return reader.all(
      kChunksAfter,
      [](const db::Row& r) {
        return std::pair{r.integer(0), Part{0, r.integer(1), r.integer(2), r.integer(3),
                                            r.integer(4), std::string(r.blob(5))}};
      },
      after, limit);
}

std::int64_t total_points(Reader& reader) {
  return reader.value<std::int64_t>(kTotalPoints).value_or(0);
}

}  // namespace lifang::readings::store
