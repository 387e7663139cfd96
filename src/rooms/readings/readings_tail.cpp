#include "rooms/readings/readings_tail.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace lifang::readings {

Stretch::Stretch(std::int64_t first_seq)
    : first_seq_(first_seq), last_seq_(first_seq - 1), pages_(kPages), heads_(kHeadPages) {}

Stretch::~Stretch() {
  for (auto& page : pages_) delete[] page.load(std::memory_order_relaxed);
  for (auto& page : heads_) delete[] page.load(std::memory_order_relaxed);
}

// Who reads a head (acquire) sees everything that was written before that head was (release): the
// point, its page, and all points before it. So pages themselves may be published relaxed, except
// the pages of heads.

std::atomic<std::uint32_t>& Stretch::head(std::uint32_t series) {
  auto& page = heads_[series / kHeads];
  auto* heads = page.load(std::memory_order_relaxed);
  if (heads == nullptr) {
    heads = new HeadPage{};
    page.store(heads, std::memory_order_release);
  }
  return heads[series % kHeads];
}

std::uint32_t Stretch::find(std::uint32_t series) const {
  if (series >= kMaxSeries) return 0;
  const auto* heads = heads_[series / kHeads].load(std::memory_order_acquire);
  return heads == nullptr ? 0 : heads[series % kHeads].load(std::memory_order_acquire);
}

const Stretch::Kept& Stretch::at(std::uint32_t index) const {
  return pages_[index / kPage].load(std::memory_order_relaxed)[index % kPage];
}

bool Stretch::add(std::span<const Entry> entries, std::int64_t seq) {
  const std::size_t before = points_.load(std::memory_order_relaxed);
  if (before + entries.size() > std::size_t{kPage} * kPages) return false;
  auto index = static_cast<std::uint32_t>(before);
  for (const Entry& e : entries) {
    check(e.series < kMaxSeries, "more series than the tail has room for");
    auto& page = pages_[index / kPage];
    if (index % kPage == 0) page.store(new Kept[kPage], std::memory_order_relaxed);
    auto& newest = head(e.series);
    const std::uint32_t last = newest.load(std::memory_order_relaxed);
    if (last == 0) series_.push_back(e.series);
    // Heads and links count from 1, so that 0 means none; 2^26 of them and two flags fit into 32
    // bits.
    page.load(std::memory_order_relaxed)[index % kPage] = {
        e.ts, e.value, last << 2 | (e.flags & 3U),
        static_cast<std::uint32_t>((e.arrived + 999) / 1000)};
    newest.store(++index, std::memory_order_release);
  }
  points_.store(index, std::memory_order_relaxed);
  last_seq_ = seq;
  return true;
}

void Stretch::copy(std::uint32_t series, std::int64_t from, std::int64_t to,
                   std::vector<Point>& points) const {
  const auto before = static_cast<std::ptrdiff_t>(points.size());
  for (std::uint32_t i = find(series); i != 0;) {
    const Kept& kept = at(i - 1);
    if (kept.ts >= from && kept.ts < to)
      points.push_back({kept.ts, kept.value, static_cast<std::uint8_t>(kept.before & 3)});
    i = kept.before >> 2;
  }
  std::reverse(points.begin() + before, points.end());
}

std::int64_t Stretch::last_arrival(std::uint32_t series) const {
  std::int64_t last = 0;
  for (std::uint32_t i = find(series); i != 0; i = at(i - 1).before >> 2)
    last = std::max<std::int64_t>(last, at(i - 1).arrived);
  return last;
}

Tail::Tail() : open_(std::make_shared<Stretch>(1)) {
  stretches_.push_back(open_);
}

void Tail::add(std::span<const Entry> entries, std::int64_t seq) {
  if (open_->add(entries, seq)) return;
  seal();
  check(open_->add(entries, seq), "one batch fills a whole stretch");
}

void Tail::seal() {
  if (open_->points() == 0) return;
  auto next = std::make_shared<Stretch>(open_->last_seq() + 1);
  const std::lock_guard lock(mutex_);
  stretches_.push_back(next);
  open_ = std::move(next);
}

Tail::Stretches Tail::stretches() const {
  const std::lock_guard lock(mutex_);
  return {stretches_.begin(), stretches_.end()};
}

std::shared_ptr<const Stretch> Tail::sealed() const {
  const std::lock_guard lock(mutex_);
  return stretches_.size() < 2 ? nullptr : stretches_.front();
}

void Tail::drop_sealed() {
  std::shared_ptr<Stretch> gone;  // freed outside the lock
  const std::lock_guard lock(mutex_);
  check(stretches_.size() >= 2, "no sealed stretch to drop");
  gone = std::move(stretches_.front());
  stretches_.erase(stretches_.begin());
}

std::size_t Tail::points() const {
  std::size_t n = 0;
  for (const auto& stretch : stretches()) n += stretch->points();
  return n;
}

std::vector<Point> points_of(const Tail::Stretches& stretches, std::uint32_t series,
                             std::int64_t from, std::int64_t to) {
  std::vector<Point> points;
  for (const auto& stretch : stretches) stretch->copy(series, from, to, points);
  settle(points);
  return points;
}

}  // namespace lifang::readings
