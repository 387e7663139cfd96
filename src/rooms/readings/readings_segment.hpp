// Segment: the readings of one batch as they stand in a journal row. Made to be fast, not small.
// Pure.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lifang::readings {

/// One value on its way into the journal and the tail.
struct Entry {
  std::int64_t ts = 0;       ///< Unix milliseconds
  std::int64_t arrived = 0;  ///< Unix milliseconds
  double value = 0;
  std::uint32_t series = 0;
  std::uint8_t flags = 0;  ///< suspect, late
};

/// About 10 bytes an entry when neighbours share their item.
std::string encode_segment(std::span<const Entry> entries);

/// Appends the entries; false, with nothing appended, if the bytes are no segment. Any bytes are
/// safe.
bool decode_segment(std::string_view bytes, std::vector<Entry>& entries);

}  // namespace lifang::readings
