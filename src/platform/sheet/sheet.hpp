// Sheets: lists as files that people open in a spreadsheet program (.xlsx, .csv), both ways.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.hpp"

namespace lifang::sheet {

/// Nothing, text, a number, yes or no, an instant.
using Cell = std::variant<std::monostate, std::string, double, bool, Time>;

/// Writes one list as it comes; what was written is kept packed.
class Writer {
 public:
  virtual ~Writer() = default;
  virtual void row(std::span<const Cell> cells) = 0;
  /// The file; once.
  virtual std::string finish() = 0;
};

/// Office Open XML (ISO/IEC 29500): bold and frozen header with filters, widths from the first
/// rows, times as real dates in the given zone. At most 1,048,575 rows; a text over 32,767
/// characters is cut, both are the format's limits.
std::unique_ptr<Writer> write_xlsx(std::string_view title, std::span<const std::string> columns,
                                   int zone_offset_minutes);
/// CSV with a byte order mark, formulas disarmed; times as RFC 3339 in the zone.
std::unique_ptr<Writer> write_csv(std::span<const std::string> columns, int zone_offset_minutes);

struct Row {
  std::size_t line = 0;  ///< as the spreadsheet program counts: the first is 1
  std::vector<std::string> cells;
};

struct ReadLimits {
  std::size_t rows = 200'000;
  std::size_t columns = 500;
  std::size_t cell = 32U << 10;       ///< bytes
  std::size_t unpacked = 128U << 20;  ///< bytes of an .xlsx file
  std::size_t memory = 256U << 20;    ///< bytes of all cells, 32 for each counted besides its text
};

/// The first sheet of an .xlsx file, or a CSV in whatever encoding.hpp tells apart: whichever the bytes are. Everything becomes
/// text as it was meant: numbers plainly (a phone number typed as a number is 13812345678), dates as
/// 2026-01-31 or 2026-01-31 08:30:00, spans of time as 26:15:00, yes and no as TRUE and FALSE. Empty
/// rows are left out, empty cells at the end of a row too. Throws Refusal: (unreadable)
/// `sheet.unreadable` or the codes of CsvReader, (too_large) `sheet.too_large`.
std::vector<Row> read_table(std::string_view bytes, ReadLimits limits = {});

/// "A" is 0, "AA" 26.
std::string column_letters(std::size_t index);

}  // namespace lifang::sheet
