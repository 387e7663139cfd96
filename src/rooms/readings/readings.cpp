#include "rooms/readings/readings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/check.hpp"
#include "rooms/readings/readings_keeping.hpp"
#include "rooms/readings/readings_past.hpp"
#include "rooms/readings/readings_personal.hpp"
#include "rooms/readings/readings_seal.hpp"
#include "rooms/readings/readings_store.hpp"

namespace lifang::readings {
namespace {

/// Of several with the same ts the first to arrive moved the clock.
void take_newer(Readings::Spoken& last, std::int64_t ts, std::optional<std::int64_t> arrived) {
  if (ts > last.ts) last = {ts, arrived};
  else if (ts == last.ts && arrived) last.arrived = std::min(last.arrived.value_or(*arrived), *arrived);
}

/// What its device's clock shows when something without a time arrives: never what it showed before.
std::int64_t lifted(std::int64_t ts, std::int64_t arrived, const Readings::Spoken& last) {
  if (last.ts == INT64_MIN) return ts;
  const std::int64_t passed = last.arrived ? std::max<std::int64_t>(arrived - *last.arrived, 0) : 0;
  return std::max({ts, last.ts + 1, last.ts + paced(passed)});
}

}  // namespace

/// What one append changed, until its batch is committed or undone.
struct Readings::Staged {
  std::vector<Entry> entries;
  std::vector<std::pair<std::uint32_t, Newest>> before;
  std::int64_t seq = 0;
  std::int64_t last_seq_before = 0;
  std::uint32_t written_before = 0;
};

Readings::Readings(World& world, Options options, const Vault* vault)
    : world_(world),
      options_(options),
      vault_(vault),
      keeping_(std::make_unique<Keeping>(world, options_, directory_, tail_, vault)) {}
Readings::~Readings() = default;

// ---- starting
// ----------------------------------------------------------------------------------------------

void Readings::start(Tx& tx) {
  check(directory_.size() == 0, "readings start once");
  store::each_series(tx, [&](const store::SeriesRow& row) {
    check(directory_.add(row.device, row.metric) == row.series, "series are numbered without gaps");
    newest_.push_back({});
    if (!row.ts) return;
    newest_.back() = {*row.ts, *row.ts, INT64_MIN};
    directory_.offer(row.series, *row.ts, row.value);
  });
  written_series_ = directory_.size();
  rebuild(tx);
}

void Readings::rebuild(Tx& tx) {
  Staged staged;
  store::each_journal(tx, INT64_MAX, [&](std::int64_t seq, std::string_view body) {
    staged.entries.clear();
    check(decode_segment(body, staged.entries), "a journal row of readings cannot be read");
    staged.seq = last_seq_ = seq;
    for (const Entry& e : staged.entries) {
      check(e.series < newest_.size(), "the journal names a series that is not there");
      Newest& newest = newest_[e.series];
      if (e.ts > newest.any) newest.any = e.ts, newest.arrived = e.arrived;
      if ((e.flags & suspect) == 0) newest.judged = std::max(newest.judged, e.ts);
    }
    publish(staged);
    if (tail_.open().points() >= options_.fold_points) tail_.seal();
  });
}

// ---- appending
// ---------------------------------------------------------------------------------------------

std::uint32_t Readings::series_of(std::uint32_t device, std::uint16_t metric, std::uint32_t hint) {
  // Devices send their metrics in the same order each time, and got their series in that order.
  if (hint < directory_.size() && directory_.device_of(hint) == device &&
      directory_.metric_of(hint) == metric)
    return hint;
  if (const auto found = directory_.find(device, metric)) return *found;
  newest_.emplace_back();
  return directory_.add(device, metric);
}

// A series stays in memory when its batch is undone; its row is then written with the next batch.
void Readings::insert_new_series(Tx& tx) {
  for (; written_series_ < directory_.size(); ++written_series_)
    store::insert_series(tx, {written_series_, directory_.device_of(written_series_),
                              directory_.metric_of(written_series_), std::nullopt, 0});
}

void Readings::append_values(Batch& batch, Staged& staged, Appended& appended) {
  staged.entries.reserve(batch.values.size());
  staged.before.reserve(batch.values.size());
  std::uint32_t hint = 0;
  for (Item& item : batch.items) {
    if (item.by_arrival) item.ts = lifted(item.ts, item.arrived, last_said(item.device));
    for (Value& v : std::span(batch.values).subspan(item.first, item.count)) {
      v.flags &= suspect;  // a batch may come again after a rollback
      if (!std::isfinite(v.value) || item.ts < -kMaxTs || item.ts > kMaxTs) {
        ++appended.dropped;
        continue;
      }
      const std::uint32_t series = series_of(item.device, v.metric, hint);
      hint = series + 1;
      Newest& newest = newest_[series];
      if (item.ts == newest.any || item.ts == newest.judged) {
        v.flags |= repeated;
        ++appended.repeated;
        continue;
      }
      if (item.ts < newest.judged) v.flags |= late;
      appended.late += (v.flags & late) != 0;
      appended.suspect += (v.flags & suspect) != 0;
      staged.before.emplace_back(series, newest);
      if (item.ts > newest.any) newest.any = item.ts, newest.arrived = item.arrived;
      if ((v.flags & suspect) == 0) newest.judged = std::max(newest.judged, item.ts);
      staged.entries.push_back({item.ts, item.arrived, v.value, series, v.flags});
    }
  }
  appended.stored = staged.entries.size();
}

void Readings::append_detections(Tx& tx, Batch& batch, Appended& appended) {
  for (Detection& d : batch.detections) {
    d.flags &= suspect;
    if (d.by_arrival) d.ts = lifted(d.ts, d.arrived, last_spoken(tx, d.device).value_or(Spoken{}));
    if (const auto newest = store::newest_detection(tx, d.device, d.kind); newest && d.ts < *newest)
      d.flags |= late;
    d.id = "det_" + tx.ids().ulid();
    if (store::insert_detection(tx, sealed_row(vault_, d, tx.ids()), digest_of(vault_, d))) {
      ++appended.detections;
    } else {
      d.id.clear();
      ++appended.detections_repeated;
    }
  }
}

Appended Readings::append(Tx& tx, Batch& batch) {
  Appended appended;
  auto staged = std::make_shared<Staged>();
  staged->written_before = written_series_;
  staged->last_seq_before = last_seq_;
  // First of all, so that whatever throws below is put back.
  tx.on_rollback([this, staged] { undo(*staged); });
  append_values(batch, *staged, appended);
  insert_new_series(tx);
  append_detections(tx, batch, appended);
  if (!staged->entries.empty()) {
    appended.seq = staged->seq = ++last_seq_;
    store::insert_journal(tx, staged->seq, staged->entries.back().arrived, staged->entries.size(),
                          encode_segment(staged->entries));
  }
  tx.after_commit([this, staged, appended] {
    if (!staged->entries.empty()) publish(*staged);
    count(appended);
  });
  return appended;
}

void Readings::count(const Appended& appended) {
  counters_.stored += appended.stored;
  counters_.suspect += appended.suspect;
  counters_.late += appended.late;
  counters_.repeated += appended.repeated;
  counters_.dropped += appended.dropped;
  counters_.detections += appended.detections;
  counters_.detections_repeated += appended.detections_repeated;
}

/// Without the detections.
Readings::Spoken Readings::last_said(std::uint32_t device) const {
  Spoken last;
  directory_.each_of(device, [&](std::uint32_t series, std::uint16_t) {
    const Newest& newest = newest_[series];
    if (newest.any == INT64_MIN) return;
    take_newer(last, newest.any, newest.arrived == INT64_MIN ? std::nullopt : std::optional(newest.arrived));
  });
  return last;
}

std::optional<Readings::Spoken> Readings::last_spoken(Reader& reader, std::uint32_t device) const {
  Spoken last = last_said(device);
  if (const auto seen = store::last_detection(reader, device)) take_newer(last, seen->ts, seen->arrived);
  return last.ts == INT64_MIN ? std::nullopt : std::optional(last);
}

void Readings::publish(const Staged& staged) {
  tail_.add(staged.entries, staged.seq);
  for (const Entry& e : staged.entries)
    if ((e.flags & suspect) == 0) directory_.offer(e.series, e.ts, e.value);
}

void Readings::undo(const Staged& staged) {
  for (auto it = staged.before.rbegin(); it != staged.before.rend(); ++it)
    newest_[it->first] = it->second;
  written_series_ = staged.written_before;
  last_seq_ = staged.last_seq_before;
}

// ---- reading
// -----------------------------------------------------------------------------------------------

std::optional<Point> Readings::latest(std::uint32_t device, std::uint16_t metric) const {
  const auto series = directory_.find(device, metric);
  return series ? directory_.latest(*series) : std::nullopt;
}

void Readings::each_latest(std::uint32_t device,
                           const std::function<void(std::uint16_t, const Point&)>& fn) const {
  directory_.each_of(device, [&](std::uint32_t series, std::uint16_t metric) {
    if (const auto point = directory_.latest(series)) fn(metric, *point);
  });
}

RawPage Readings::raw(Reader& reader, std::uint32_t device, std::uint16_t metric, std::int64_t from,
                      std::int64_t to, std::size_t limit) const {
  RawPage page;
  const auto series = directory_.find(device, metric);
  if (!series) return page;
  const Past past(reader, tail_, *series, from, to);
  for (const std::int64_t block : past.blocks())
    for (const auto& [begin, end] : past.pieces(block)) {
      const auto points = past.points(begin, end);
      const std::size_t room = limit - page.points.size();
      page.points.insert(
          page.points.end(), points.begin(),
          points.begin() + static_cast<std::ptrdiff_t>(std::min(room, points.size())));
      if (points.size() > room) {
        page.next = points[room].ts;
        return page;
      }
    }
  return page;
}

std::vector<Bucket> Readings::stepped(Reader& reader, std::uint32_t device, std::uint16_t metric,
                                      std::int64_t from, std::int64_t to, Steps steps) const {
  check(steps.length > 0, "a step has a length");
  const auto series = directory_.find(device, metric);
  from = std::max(from, -kMaxTs);
  to = std::min(to, kMaxTs);
  if (!series || from >= to) return {};
  from = steps.start_of(from);
  to = steps.start_of(to - 1) + steps.length;
  const Past past(reader, tail_, *series, from, to);
  // Hours where they serve; finer steps as they are. Either way a step may be cut by a block's end,
  // and coarser() puts its pieces together.
  const Steps fine = steps.of_hours() ? Steps{} : steps;
  std::vector<Bucket> kept, buckets;
  const auto add_raw = [&](std::int64_t block) {
    std::vector<Bucket> raw;
    for (const auto& [begin, end] : past.pieces(block)) {
      const auto piece = buckets_of(past.points(begin, end), fine);
      raw.insert(raw.end(), piece.begin(), piece.end());
    }
    return coarser(raw, fine);
  };
  std::vector<std::int64_t> left = past.blocks();
  if (steps.of_hours())
    store::each_rollup(reader, *series, block_of(from), block_of(to - 1),
                       [&](std::int64_t block, std::string_view body) {
                         const std::size_t before = kept.size();
                         check(decode_hours(body, block * kBlockMs, kept),
                               "a roll-up of readings cannot be read");
                         const auto ours = std::span(kept).subspan(before);
                         if (!past.unfolded(block) && !store::touched(reader, block, *series)) {
                           std::erase(left, block);
                           buckets.insert(buckets.end(), ours.begin(), ours.end());
                         } else {
                           const auto hours = joined(ours, add_raw(block));
                           std::erase(left, block);
                           buckets.insert(buckets.end(), hours.begin(), hours.end());
                         }
                       });
  for (const std::int64_t block : left) {
    const auto raw = add_raw(block);
    buckets.insert(buckets.end(), raw.begin(), raw.end());
  }
  std::stable_sort(buckets.begin(), buckets.end(),
                   [](const Bucket& a, const Bucket& b) { return a.ts < b.ts; });
  std::erase_if(buckets, [&](const Bucket& b) { return b.ts < from || b.ts >= to; });
  return coarser(buckets, steps);
}

void Readings::replay(Reader& reader, std::uint32_t device, std::int64_t from, std::int64_t to,
                      const std::function<void(const Item&, std::span<const Value>)>& fn) const {
  std::vector<std::pair<std::uint16_t, Past>> pasts;
  std::vector<std::int64_t> blocks;
  directory_.each_of(device, [&](std::uint32_t series, std::uint16_t metric) {
    pasts.emplace_back(metric, Past(reader, tail_, series, from, to));
    const auto& more = pasts.back().second.blocks();
    blocks.insert(blocks.end(), more.begin(), more.end());
  });
  std::sort(blocks.begin(), blocks.end());
  blocks.erase(std::unique(blocks.begin(), blocks.end()), blocks.end());
  constexpr std::int64_t kDayMs = 86'400'000;
  for (const std::int64_t block : blocks)
    for (std::int64_t day = block * kBlockMs; day < (block + 1) * kBlockMs; day += kDayMs) {
      std::vector<std::pair<std::uint16_t, Point>> all;
      for (const auto& [metric, past] : pasts)
        for (const Point& p : past.points(day, day + kDayMs)) all.emplace_back(metric, p);
      std::stable_sort(all.begin(), all.end(),
                       [](const auto& a, const auto& b) { return a.second.ts < b.second.ts; });
      std::vector<Value> values;
      for (std::size_t i = 0; i < all.size();) {
        const std::int64_t ts = all[i].second.ts;
        values.clear();
        for (; i < all.size() && all[i].second.ts == ts; ++i)
          values.push_back({all[i].second.value, all[i].first, all[i].second.flags});
        fn({ts, ts, device, 0, static_cast<std::uint32_t>(values.size())}, values);
      }
    }
}

// ---- detections
// --------------------------------------------------------------------------------------------

DetectionsPage Readings::detections(Reader& reader, const DetectionsWanted& wanted) const {
  store::DetectionsAsked asked{wanted.device, wanted.kind, wanted.from, wanted.to, true, 0, {}};
  if (const auto comma = wanted.after.find('_'); comma != std::string::npos) {
    std::from_chars(wanted.after.data(), wanted.after.data() + comma, asked.after_ts);
    asked.after_id = wanted.after.substr(comma + 1);
  }
  DetectionsPage page;
  store::each_detection(reader, asked, [&](store::StoredDetection&& row) {
    const std::uint32_t device = row.detection.device;
    if (wanted.visible && !wanted.visible(device)) return true;
    if (page.items.size() == wanted.limit) {
      page.next = fmt::format("{}_{}", page.items.back().ts, page.items.back().id);
      return false;
    }
    page.items.push_back(opened(vault_, std::move(row), wanted.plain && wanted.plain(device)));
    return true;
  });
  return page;
}

std::optional<Detection> Readings::detection(Reader& reader, std::string_view id) const {
  auto row = store::detection(reader, id);
  return row ? std::optional(opened(vault_, *std::move(row), false)) : std::nullopt;
}

std::optional<Detection> Readings::plain_detection(Reader& reader, std::string_view id) const {
  auto row = store::detection(reader, id);
  return row ? std::optional(opened(vault_, *std::move(row), true)) : std::nullopt;
}

std::vector<Detection> Readings::next_detections(Reader& reader, std::uint32_t device, std::int64_t from, std::int64_t to,
                                                 const Detection* last, std::size_t limit) const {
  store::DetectionsAsked asked{device, std::nullopt, from, to, false, 0, {}};
  if (last != nullptr) {
    asked.after_ts = last->ts;
    asked.after_id = last->id;
  }
  std::vector<Detection> page;
  if (limit == 0) return page;
  store::each_detection(reader, asked, [&](store::StoredDetection&& row) {
    page.push_back(opened(vault_, std::move(row), false));
    return page.size() < limit;
  });
  return page;
}

bool Readings::swollen() const {
  const std::size_t points = unfolded();
  if (points >= options_.most_unfolded)
    swollen_ = true;
  else if (points <= options_.most_unfolded / 2)
    swollen_ = false;
  return swollen_;
}

bool Readings::tend(const InReader& in_reader, const InTx& in_tx) {
  return keeping_->tend(in_reader, in_tx);
}

}  // namespace lifang::readings
