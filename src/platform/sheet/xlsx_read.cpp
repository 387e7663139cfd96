#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <sstream>

#include "base/csv.hpp"
#include "base/reflect.hpp"
#include "base/refusal.hpp"
#include "base/text.hpp"
#include "platform/sheet/encoding.hpp"
#include "platform/sheet/sheet.hpp"
#include "platform/sheet/xml.hpp"
#include "platform/sheet/zip.hpp"

namespace lifang::sheet {
namespace {

[[noreturn]] void refuse(std::string why) {
  throw Refusal(RefusalKind::unreadable, "sheet.unreadable", std::move(why));
}
[[noreturn]] void refuse_size(std::string why) {
  throw Refusal(RefusalKind::too_large, "sheet.too_large", std::move(why));
}

std::string_view attribute(const Attributes& attributes, std::string_view name) {
  const auto found = attributes.find(name);
  return found == attributes.end() ? std::string_view{} : std::string_view(found->second);
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number number{};
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (bad != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// Counts what the cells take: a short text that a million cells share must not become a million
/// texts.
class Budget {
 public:
  explicit Budget(const ReadLimits& limits) : limits_(limits) {}
  void grow(std::string& text, std::string_view more) {
    if (more.size() > limits_.cell || text.size() > limits_.cell - more.size())
      refuse_size(fmt::format("a cell of more than {} bytes", limits_.cell));
    spend(more.size());
    text += more;
  }
  void spend(std::size_t bytes) {
    used_ += bytes;
    if (used_ > limits_.memory) refuse_size("the table takes too much memory");
  }

 private:
  const ReadLimits& limits_;
  std::size_t used_ = 0;
};

enum class Shown { number, date, elapsed };

/// What a number format shows: a number, a date or time, or hours that go beyond a day (ECMA-376
/// §18.8.30; 27–36 and 50–58 are the Chinese ones).
Shown shown_by(int id, std::string_view code) {
  if ((id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
      (id >= 50 && id <= 58))
    return id == 46 ? Shown::elapsed : Shown::date;
  char quote = '\0';
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '"') {
      quote = '"';
    } else if (c == '[') {
      // [h] and [mm] count hours and minutes; [Red] and [$-804] do not.
      const std::string_view word = code.substr(i + 1, code.find(']', i) - i - 1);
      if (!word.empty() && word.find_first_not_of("hHmMsS") == std::string_view::npos)
        return Shown::elapsed;
      quote = ']';
    } else if (c == '\\' || c == '_' || c == '*') {
      ++i;
    } else if (std::string_view("yYmMdDhHsS").find(c) != std::string_view::npos) {
      return Shown::date;
    }
  }
  return Shown::number;
}

std::string elapsed_text(double days) {
  if (!(days >= 0 && days < 2'958'466)) return to_json(days);
  const auto second = static_cast<std::int64_t>(std::round(days * 86'400.0));
  return fmt::format("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
}

/// A serial number of days as text. The 1900 calendar believes in a 29 February 1900.
std::string date_text(double serial, bool from_1904) {
  if (!(serial >= 0 && serial < 2'958'466)) return to_json(serial);
  const double seconds = std::round(serial * 86'400.0);
  auto day = static_cast<std::int64_t>(seconds / 86'400.0);
  const auto second = static_cast<std::int64_t>(seconds - static_cast<double>(day) * 86'400.0);
  const std::string clock =
      fmt::format("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
  if (day == 0) return clock;
  if (from_1904)
    day += 1462;
  else if (day < 60)
    day += 1;
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day - 25'569}}};
  const std::string text =
      fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return second == 0 ? text : text + " " + clock;
}

/// As a spreadsheet shows it: fifteen digits, so 0.1+0.2 is 0.3.
std::string number_text(double number) {
  char digits[32];
  const auto end =
      std::to_chars(digits, digits + sizeof digits, number, std::chars_format::general, 15).ptr;
  double rounded = number;
  std::from_chars(digits, end, rounded);
  return to_json(rounded);
}

class Book {
 public:
  Book(std::string_view bytes, const ReadLimits& limits)
      : limits_(limits), budget_(limits), zip_(bytes, {.unpacked = limits.unpacked}) {}
  std::vector<Row> read();

 private:
  std::string first_sheet();
  void read_strings();
  void read_styles();
  std::vector<Row> read_rows(const std::string& part);
  std::string cell_text(std::string_view type, int style, const std::string& raw) const;

  const ReadLimits& limits_;
  Budget budget_;
  ZipReader zip_;
  bool from_1904_ = false;
  std::vector<std::string> strings_;
  std::vector<Shown> shown_;  // by style
};

std::string Book::first_sheet() {
  std::string id;
  read_xml(zip_.take("xl/workbook.xml"), {.open =
                                              [&](std::string_view name, const Attributes& a) {
                                                if (name == "sheet" && id.empty())
                                                  id = attribute(a, "id");
                                                if (name == "workbookPr")
                                                  from_1904_ = attribute(a, "date1904") == "1" ||
                                                               attribute(a, "date1904") == "true";
                                              },
                                          .close = [](std::string_view) {},
                                          .text = [](std::string_view) {}});
  std::string target;
  read_xml(zip_.take("xl/_rels/workbook.xml.rels"),
           {.open =
                [&](std::string_view name, const Attributes& a) {
                  if (name == "Relationship" && attribute(a, "Id") == id)
                    target = attribute(a, "Target");
                },
            .close = [](std::string_view) {},
            .text = [](std::string_view) {}});
  if (target.empty()) refuse("the file has no sheet");
  return target.starts_with('/') ? target.substr(1) : "xl/" + target;
}

void Book::read_strings() {
  if (!zip_.contains("xl/sharedStrings.xml")) return;
  bool in_text = false;
  bool in_phonetic = false;  // <rPh>: how it is pronounced, not what it says
  std::string text;
  read_xml(zip_.take("xl/sharedStrings.xml"), {.open =
                                                   [&](std::string_view name, const Attributes&) {
                                                     if (name == "si") text.clear();
                                                     if (name == "rPh") in_phonetic = true;
                                                     if (name == "t") in_text = !in_phonetic;
                                                   },
                                               .close =
                                                   [&](std::string_view name) {
                                                     if (name == "t") in_text = false;
                                                     if (name == "rPh") in_phonetic = false;
                                                     if (name != "si") return;
                                                     budget_.spend(sizeof(std::string));
                                                     strings_.push_back(unescape_office(text));
                                                   },
                                               .text =
                                                   [&](std::string_view more) {
                                                     if (in_text) budget_.grow(text, more);
                                                   }});
}

void Book::read_styles() {
  if (!zip_.contains("xl/styles.xml")) return;
  std::map<int, std::string> codes;
  bool in_cells = false;
  read_xml(zip_.take("xl/styles.xml"),
           {.open =
                [&](std::string_view name, const Attributes& a) {
                  if (name == "numFmt")
                    codes[number_of<int>(attribute(a, "numFmtId")).value_or(-1)] =
                        attribute(a, "formatCode");
                  if (name == "cellXfs") in_cells = true;
                  if (name != "xf" || !in_cells) return;
                  const int id = number_of<int>(attribute(a, "numFmtId")).value_or(0);
                  const auto code = codes.find(id);
                  shown_.push_back(shown_by(id, code == codes.end() ? "" : code->second));
                },
            .close =
                [&](std::string_view name) {
                  if (name == "cellXfs") in_cells = false;
                },
            .text = [](std::string_view) {}});
}

std::string Book::cell_text(std::string_view type, int style, const std::string& raw) const {
  if (type == "s") {
    const auto index = number_of<std::size_t>(raw);
    if (!index || *index >= strings_.size()) refuse("a cell names a text that is not there");
    return strings_[*index];
  }
  if (type == "inlineStr" || type == "str") return unescape_office(raw);
  if (type == "b") return raw == "1" ? "TRUE" : "FALSE";
  if (type == "e" || type == "d") return raw;
  if (raw.empty()) return {};
  const auto number = number_of<double>(raw);
  if (!number) refuse("a cell's number is none: " + raw.substr(0, 40));
  const auto at = static_cast<std::size_t>(style);
  switch (style >= 0 && at < shown_.size() ? shown_[at] : Shown::number) {
    case Shown::date:
      return date_text(*number, from_1904_);
    case Shown::elapsed:
      return elapsed_text(*number);
    case Shown::number:
      break;
  }
  return number_text(*number);
}

/// "BC12" → 54; nullopt without letters.
std::optional<std::size_t> column_of(std::string_view reference) {
  std::size_t index = 0;
  std::size_t n = 0;
  for (; n < reference.size() && n < 4 && reference[n] >= 'A' && reference[n] <= 'Z'; ++n)
    index = index * 26 + static_cast<std::size_t>(reference[n] - 'A') + 1;
  return n == 0 ? std::nullopt : std::optional{index - 1};
}

std::vector<Row> Book::read_rows(const std::string& part) {
  std::vector<Row> rows;
  Row row;
  std::size_t column = 0;
  std::string type, raw;
  int style = -1;
  bool in_value = false;
  bool in_phonetic = false;
  const auto open = [&](std::string_view name, const Attributes& a) {
    if (name == "row") {
      row = {number_of<std::size_t>(attribute(a, "r")).value_or(row.line + 1), {}};
      column = 0;
    } else if (name == "c") {
      column = column_of(attribute(a, "r")).value_or(column);
      type = attribute(a, "t");
      style = number_of<int>(attribute(a, "s")).value_or(-1);
      raw.clear();
    } else if (name == "rPh") {
      in_phonetic = true;
    } else if (name == "v" || name == "t") {
      in_value = !in_phonetic;
    }
  };
  const auto close = [&](std::string_view name) {
    if (name == "v" || name == "t") in_value = false;
    if (name == "rPh") in_phonetic = false;
    if (name == "c") {
      const std::string text = cell_text(type, style, raw);
      if (!text.empty()) {
        if (column >= limits_.columns)
          refuse_size(fmt::format("more than {} columns", limits_.columns));
        if (row.cells.size() <= column) {
          budget_.spend((column + 1 - row.cells.size()) * sizeof(std::string));
          row.cells.resize(column + 1);
        }
        budget_.grow(row.cells[column], text);
      }
      ++column;
    }
    if (name != "row" || row.cells.empty()) return;
    if (rows.size() == limits_.rows) refuse_size(fmt::format("more than {} rows", limits_.rows));
    rows.push_back({row.line, std::move(row.cells)});
    row.cells.clear();
  };
  const auto text = [&](std::string_view more) {
    if (!in_value) return;
    if (raw.size() + more.size() > limits_.cell)
      refuse_size(fmt::format("a cell of more than {} bytes", limits_.cell));
    raw += more;
  };
  read_xml(zip_.take(part), {.open = open, .close = close, .text = text});
  return rows;
}

std::vector<Row> Book::read() {
  const std::string sheet = first_sheet();
  read_strings();
  read_styles();
  return read_rows(sheet);
}

/// Reads from memory without a copy.
class View final : public std::streambuf {
 public:
  explicit View(std::string_view bytes) {
    char* begin = const_cast<char*>(bytes.data());  // only read from
    setg(begin, begin, begin + bytes.size());
  }
};

std::vector<Row> read_csv(std::string_view bytes, const ReadLimits& limits) {
  View view(bytes);
  std::istream in(&view);
  CsvReader reader(in, {.separator = separator_of(bytes), .max_field = limits.cell, .max_fields = limits.columns});
  Budget budget(limits);
  std::vector<Row> rows;
  for (std::vector<std::string> fields; reader.next(fields);) {
    while (!fields.empty() && fields.back().empty()) fields.pop_back();
    if (fields.empty()) continue;
    if (rows.size() == limits.rows) refuse_size(fmt::format("more than {} rows", limits.rows));
    for (const std::string& field : fields) budget.spend(field.size() + sizeof(std::string));
    rows.push_back({reader.line(), fields});
  }
  return rows;
}

}  // namespace

std::vector<Row> read_table(std::string_view bytes, ReadLimits limits) {
  if (bytes.starts_with("PK\x03\x04")) return Book(bytes, limits).read();
  if (bytes.starts_with("\xd0\xcf\x11\xe0"))
    refuse("an old .xls file, or one with a password; save it as .xlsx");
  return read_csv(to_utf8(bytes), limits);
}

}  // namespace lifang::sheet
