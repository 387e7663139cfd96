// CSV (RFC 4180): a streaming reader that names line and column of what is wrong, and a writer.
#pragma once
#include <cstddef>
#include <istream>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lifang {

struct CsvOptions {
  char separator = ',';
  std::size_t max_field = 64U << 10;  ///< bytes
  std::size_t max_fields = 1000;      ///< of one row
};

/// Reads rows one by one; memory is bounded by one row. Lines end with LF or CRLF, a UTF-8 byte
/// order mark is skipped, so are empty lines. A quote inside an unquoted field stands for itself.
/// Throws Refusal (unreadable), `detail` beginning with "line 3, column 2: ": `csv.unclosed_quote`,
/// `csv.after_quote`, `csv.field_too_long`, `csv.too_many_fields`, `csv.ragged`, `csv.not_utf8`.
class CsvReader {
 public:
  explicit CsvReader(std::istream& in, CsvOptions options = {});

  /// Reads the first row as names of columns; from then on every row must have as many fields.
  const std::vector<std::string>& read_header();
  /// The place of a column by its name, without white space around it.
  std::optional<std::size_t> column(std::string_view name) const;

  /// The next row into `fields`; false at the end.
  bool next(std::vector<std::string>& fields);
  /// Line on which the row read last began; the first is 1.
  std::size_t line() const { return row_line_; }

 private:
  enum class End { field, row, file };

  int peek();
  int take();
  bool take_line_end();
  End read_field(std::string& field, std::size_t column);
  End read_quoted(std::string& field, std::size_t column);
  void append(std::string& field, int c, std::size_t column);
  [[noreturn]] void refuse(const char* code, std::size_t column, std::string_view why) const;

  std::istream& in_;
  CsvOptions options_;
  std::vector<std::string> header_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;  // of the byte to be read next
  std::size_t row_line_ = 0;
};

struct CsvStyle {
  char separator = ',';
  bool byte_order_mark = false;  ///< spreadsheet programs need it to see UTF-8
  /// A text that a spreadsheet would run as a formula (= + - @ tab, not a number) gets a leading
  /// apostrophe (OWASP, "CSV injection"). Off where another program reads.
  bool guard_formulas = true;
};

/// Appends rows, lines ending with CRLF; fields with separator, quote, line end or outer spaces are
/// quoted.
class CsvWriter {
 public:
  explicit CsvWriter(std::string& out, CsvStyle style = {});
  void row(std::span<const std::string> fields);

 private:
  void field(std::string_view text);
  std::string& out_;
  CsvStyle style_;
};

}  // namespace lifang
