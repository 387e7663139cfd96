#include "rooms/devices/devices_refusals.hpp"

#include <algorithm>

#include "rooms/devices/devices_store.hpp"

namespace lifang::devices {
namespace {

constexpr std::int64_t kBetweenWrites = 2'000;  // ms
constexpr std::int64_t kAfterTrouble = 30'000;  // ms; the batch was rolled back, for whatever reason
constexpr std::size_t kRowsAWrite = 500;        // some milliseconds of the lane
constexpr std::size_t kMostReasons = 64;        // of one device; there are not more names than that

std::string shortened(std::string_view text) {
  text = text.substr(0, Refusals::kMostSample + 1);
  if (text.size() > Refusals::kMostSample) {
    // Not through the middle of a character, and seen to go on.
    std::size_t end = Refusals::kMostSample - 3;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    text = text.substr(0, end);
    return std::string(text) + "…";
  }
  return std::string(text);
}

/// PostgreSQL takes no U+0000 in a text, and no page wants the others.
std::string plain(std::string_view text) {
  std::string sample = shortened(text);
  for (char& c : sample)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return sample;
}

std::string day_text(std::int64_t day) {
  return to_rfc3339(Time{std::chrono::days{day}}).substr(0, 10);
}

}  // namespace

void Refusals::add(std::uint32_t device, Noted noted) {
  auto& list = waiting_[device];
  const auto same = [&](const Noted& n) { return n.day == noted.day && n.reason == noted.reason; };
  if (const auto it = std::find_if(list.begin(), list.end(), same); it != list.end()) {
    it->times += noted.times;
    it->first = std::min(it->first, noted.first);
    it->last = std::max(it->last, noted.last);
    if (it->sample.empty()) it->sample = std::move(noted.sample);
    return;
  }
  if (size_ >= kMostWaiting || list.size() >= kMostReasons) {
    if (list.empty()) waiting_.erase(device);
    return;
  }
  // A clock that was set back does not put it off.
  if (size_++ == 0) due_ = noted.last < written_ - kAfterTrouble ? noted.last : std::max(noted.last, written_ + kBetweenWrites);
  list.push_back(std::move(noted));
}

void Refusals::note(std::uint32_t device, std::string_view reason, std::int64_t at, std::string_view sample, std::uint64_t times) {
  const std::int64_t day = day_of(from_ms(at + offset_));
  const std::lock_guard lock(mutex_);
  // The frequent case, without making a text of anything.
  if (const auto it = waiting_.find(device); it != waiting_.end())
    for (Noted& n : it->second)
      if (n.day == day && n.reason == reason && !n.sample.empty()) {
        n.times += times;
        n.last = std::max(n.last, at);
        return;
      }
  add(device, {std::string(reason), day, at, at, times, plain(sample)});
}

std::optional<Time> Refusals::next_due() const {
  const std::lock_guard lock(mutex_);
  if (size_ == 0) return std::nullopt;
  return from_ms(due_);
}

void Refusals::run_due(Tx& tx) { write(tx, kRowsAWrite); }
void Refusals::write(Tx& tx) { write(tx, kMostWaiting); }

void Refusals::write(Tx& tx, std::size_t most) {
  auto taken = std::make_shared<Waiting>();
  {
    const std::lock_guard lock(mutex_);
    std::size_t rows = 0;
    while (!waiting_.empty() && rows < most) {
      auto node = waiting_.extract(waiting_.begin());
      rows += node.mapped().size();
      taken->insert(std::move(node));
    }
    size_ -= rows;
    written_ = to_ms(tx.now());
    due_ = written_ + (size_ > 0 ? 0 : kBetweenWrites);
  }
  // Before anything is written: whatever happens from here on, they are not lost.
  tx.on_rollback([this, taken, later = to_ms(tx.now()) + kAfterTrouble] {
    const std::lock_guard lock(mutex_);
    for (auto& [device, list] : *taken)
      for (Noted& noted : list) add(device, std::move(noted));
    due_ = later;
    written_ = later - kBetweenWrites;
  });
  for (const auto& [device, list] : *taken)
    for (const Noted& n : list)
      store::keep_refusal(tx, device, {n.reason, n.day, static_cast<std::int64_t>(n.times), from_ms(n.first), from_ms(n.last), n.sample});
}

void Refusals::sweep(Tx& tx) const {
  store::forget_refusals(tx, day_of(from_ms(to_ms(tx.now()) + offset_)) - kDays);
}

std::vector<RefusedFor> Refusals::list(Reader& reader, std::uint32_t device) {
  std::vector<RefusedFor> all;
  for (store::RefusalRow& row : store::refusals(reader, device)) {
    // By reason, and of each the newest day first: that one holds the newest sample.
    if (all.empty() || all.back().reason != row.reason) all.push_back({row.reason, 0, row.first, row.last, row.sample});
    RefusedFor& one = all.back();
    one.count += row.times;
    one.first_at = std::min(one.first_at, row.first);
    one.last_at = std::max(one.last_at, row.last);
    if (one.sample.empty()) one.sample = std::move(row.sample);
  }
  std::stable_sort(all.begin(), all.end(), [](const RefusedFor& a, const RefusedFor& b) { return a.last_at > b.last_at; });
  return all;
}

std::optional<RefusedDays> Refusals::find(Reader& reader, std::uint32_t device, const std::string& reason) {
  RefusedDays found;
  for (const RefusedFor& one : list(reader, device))
    if (one.reason == reason) static_cast<RefusedFor&>(found) = one;
  if (found.count == 0) return std::nullopt;
  for (const store::RefusalRow& row : store::refusals(reader, device))
    if (row.reason == reason) found.days.push_back({day_text(row.day), row.times, row.first, row.last, row.sample});
  return found;
}

}  // namespace lifang::devices
