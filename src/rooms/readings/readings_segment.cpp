#include "rooms/readings/readings_segment.hpp"

#include <algorithm>
#include <cstring>

#include "rooms/readings/readings_ints.hpp"

// Layout: version byte 1, varint count, then for each entry a varint (zigzag of the series' step) ×
// 4
// + 2 if flags follow + 1 if it begins another item; [flags byte]; [zigzag steps of ts and
// arrived]; then the values, 8 bytes each.

namespace lifang::readings {
namespace {

using U = std::uint64_t;
constexpr char kVersion = 1;

std::int64_t step(std::int64_t to, std::int64_t from) {
  return static_cast<std::int64_t>(static_cast<U>(to) - static_cast<U>(from));
}

char* put(char* at, U value) {
  while (value >= 0x80) {
    *at++ = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  *at++ = static_cast<char>(value);
  return at;
}

bool get_entry(std::string_view& bytes, Entry& entry) {
  U head = 0, word = 0;
  if (!get_varint(bytes, head)) return false;
  const std::int64_t series = static_cast<std::int64_t>(entry.series) + unzigzag(head >> 2);
  if (series < 0 || series > UINT32_MAX) return false;
  entry.series = static_cast<std::uint32_t>(series);
  entry.flags = 0;
  if ((head & 2) != 0) {
    if (bytes.empty()) return false;
    entry.flags = static_cast<std::uint8_t>(bytes[0]);
    bytes.remove_prefix(1);
  }
  if ((head & 1) != 0) {
    if (!get_varint(bytes, word)) return false;
    entry.ts = static_cast<std::int64_t>(static_cast<U>(entry.ts) + static_cast<U>(unzigzag(word)));
    if (!get_varint(bytes, word)) return false;
    entry.arrived =
        static_cast<std::int64_t>(static_cast<U>(entry.arrived) + static_cast<U>(unzigzag(word)));
  }
  return true;
}

}  // namespace

std::string encode_segment(std::span<const Entry> entries) {
  std::string out;
  constexpr std::size_t kWidest = 6 + 1 + 10 + 10 + 8;
  out.resize(11 + entries.size() * kWidest);
  char* at = out.data();
  *at++ = kVersion;
  at = put(at, entries.size());
  Entry last;
  for (const Entry& e : entries) {
    const bool item = e.ts != last.ts || e.arrived != last.arrived;
    const std::int64_t series =
        static_cast<std::int64_t>(e.series) - static_cast<std::int64_t>(last.series);
    at = put(at, zigzag(series) << 2 | (e.flags != 0 ? 2U : 0U) | (item ? 1U : 0U));
    if (e.flags != 0) *at++ = static_cast<char>(e.flags);
    if (item) {
      at = put(at, zigzag(step(e.ts, last.ts)));
      at = put(at, zigzag(step(e.arrived, last.arrived)));
    }
    last = e;
  }
  for (const Entry& e : entries) {
    std::memcpy(at, &e.value, 8);
    at += 8;
  }
  out.resize(static_cast<std::size_t>(at - out.data()));
  return out;
}

bool decode_segment(std::string_view bytes, std::vector<Entry>& entries) {
  if (bytes.empty() || bytes[0] != kVersion) return false;
  bytes.remove_prefix(1);
  U n = 0;
  if (!get_varint(bytes, n) || n > bytes.size() / 9)
    return false;  // an entry takes nine bytes at least
  const std::size_t before = entries.size();
  entries.resize(before + n);
  const auto found = std::span(entries).subspan(before);
  Entry entry;
  bool good = true;
  for (std::size_t i = 0; i < n && good; ++i) {
    good = get_entry(bytes, entry);
    found[i] = entry;
  }
  if (!good || bytes.size() != n * 8) {
    entries.resize(before);
    return false;
  }
  for (std::size_t i = 0; i < n; ++i) std::memcpy(&found[i].value, bytes.data() + i * 8, 8);
  return true;
}

}  // namespace lifang::readings
