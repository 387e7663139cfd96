#include <fmt/format.h>

#include <algorithm>

#include "base/check.hpp"
#include "base/csv.hpp"
#include "base/reflect.hpp"
#include "base/text.hpp"
#include "platform/sheet/sheet.hpp"
#include "platform/sheet/xml.hpp"
#include "platform/sheet/zip.hpp"

namespace lifang::sheet {
namespace {

constexpr std::string_view kDeclaration =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
constexpr std::string_view kMain = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
constexpr std::string_view kOffice =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
constexpr std::string_view kPackage = "http://schemas.openxmlformats.org/package/2006/";
constexpr std::size_t kMaxRows = 1'048'576;
constexpr std::size_t kMaxText = 32'767;
constexpr std::size_t kMeasuredRows = 200;  // rows that decide how wide columns are

constexpr int kHeaderStyle = 1;
constexpr int kTimeStyle = 2;

/// Days since 1899-12-30, the spreadsheet's zero for every date from March 1900.
double serial_of(Time t, int zone_offset_minutes) {
  const Time shown = t + std::chrono::minutes(zone_offset_minutes);
  return static_cast<double>(to_ms(shown)) / 86'400'000.0 + 25'569.0;
}

/// Titles of sheets: at most 31 characters, none of []:*?/\ .
std::string sheet_title(std::string_view wanted) {
  std::u32string title = to_code_points(trim(wanted)).substr(0, 31);
  for (char32_t& c : title)
    if (c < 0x20 || std::u32string_view(U"[]:*?/\\'").find(c) != std::u32string_view::npos)
      c = U' ';
  return title.empty() ? "Sheet1" : to_utf8(title);
}

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (const char32_t c : to_code_points(text)) width += c >= 0x1100 ? 2 : 1;
  return width;
}

std::string cut(std::string_view text) {
  if (text.size() <= kMaxText || length_of(text) <= kMaxText) return std::string(text);
  return to_utf8(to_code_points(text).substr(0, kMaxText));
}

class Xlsx final : public Writer {
 public:
  Xlsx(std::string_view title, std::span<const std::string> columns, int zone)
      : title_(sheet_title(title)), columns_(columns.begin(), columns.end()), zone_(zone) {
    for (const std::string& name : columns_)
      widths_.push_back(width_of(name) + 3);  // room for the filter's arrow
    write_parts();
    open_row();
    for (std::size_t i = 0; i < columns_.size(); ++i) text_cell(i, columns_[i], kHeaderStyle);
    rows_ += "</row>";
  }

  void row(std::span<const Cell> cells) override {
    check(cells.size() <= columns_.size(), "a row has more cells than the list has columns");
    check(row_ < kMaxRows, "more rows than a sheet can hold");
    open_row();
    for (std::size_t i = 0; i < cells.size(); ++i) cell(i, cells[i]);
    rows_ += "</row>";
    if (row_ == kMeasuredRows) begin_sheet();
    if (begun_ && rows_.size() > (1U << 18)) flush();
  }

  std::string finish() override {
    if (!begun_) begin_sheet();
    flush();
    zip_.add("</sheetData>");
    if (!columns_.empty())
      zip_.add(
          fmt::format("<autoFilter ref=\"A1:{}{}\"/>", column_letters(columns_.size() - 1), row_));
    zip_.add("</worksheet>");
    return zip_.finish();
  }

 private:
  void open_row() {
    ++row_;
    fmt::format_to(std::back_inserter(rows_), "<row r=\"{}\">", row_);
  }
  void measure(std::size_t i, std::size_t width) {
    if (!begun_) widths_[i] = std::max(widths_[i], width + 2);
  }
  void open_cell(std::size_t i, std::string_view attributes) {
    fmt::format_to(std::back_inserter(rows_), "<c r=\"{}{}\"{}>", column_letters(i), row_,
                   attributes);
  }
  void text_cell(std::size_t i, std::string_view text, int style) {
    measure(i, width_of(text));
    open_cell(i, style == 0 ? " t=\"inlineStr\"" : fmt::format(" t=\"inlineStr\" s=\"{}\"", style));
    ((rows_ += "<is><t xml:space=\"preserve\">") += escape_xml(cut(text))) += "</t></is></c>";
  }
  void number_cell(std::size_t i, double number, std::string_view attributes) {
    std::string text;
    write(text, number);
    if (text == "null") return;  // a sheet knows no infinities
    measure(i, attributes.empty() ? text.size() : 19);
    open_cell(i, attributes);
    ((rows_ += "<v>") += text) += "</v></c>";
  }
  void cell(std::size_t i, const Cell& value) {
    if (const auto* text = std::get_if<std::string>(&value)) {
      if (!text->empty()) text_cell(i, *text, 0);
    } else if (const auto* number = std::get_if<double>(&value)) {
      number_cell(i, *number, "");
    } else if (const auto* flag = std::get_if<bool>(&value)) {
      open_cell(i, " t=\"b\"");
      rows_ += *flag ? "<v>1</v></c>" : "<v>0</v></c>";
    } else if (const auto* time = std::get_if<Time>(&value)) {
      number_cell(i, serial_of(*time, zone_), fmt::format(" s=\"{}\"", kTimeStyle));
    }
  }
  void flush() {
    zip_.add(rows_);
    rows_.clear();
  }
  void part(const char* name, std::string_view body) {
    zip_.begin(name);
    zip_.add(kDeclaration);
    zip_.add(body);
  }
  void write_parts();
  void begin_sheet();

  std::string title_;
  std::vector<std::string> columns_;
  int zone_;
  std::vector<std::size_t> widths_;
  std::string rows_;
  std::size_t row_ = 0;
  bool begun_ = false;
  ZipWriter zip_;
};

void Xlsx::write_parts() {
  const std::string content = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
  part("[Content_Types].xml",
       fmt::format(
           "<Types xmlns=\"{0}content-types\"><Default Extension=\"rels\" "
           "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
           "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
           "<Override PartName=\"/xl/workbook.xml\" ContentType=\"{1}sheet.main+xml\"/>"
           "<Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"{1}worksheet+xml\"/>"
           "<Override PartName=\"/xl/styles.xml\" ContentType=\"{1}styles+xml\"/></Types>",
           kPackage, content));
  part("_rels/.rels",
       fmt::format("<Relationships xmlns=\"{}relationships\"><Relationship Id=\"rId1\" "
                   "Type=\"{}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
                   kPackage, kOffice));
  part("xl/_rels/workbook.xml.rels",
       fmt::format(
           "<Relationships xmlns=\"{0}relationships\">"
           "<Relationship Id=\"rId1\" Type=\"{1}/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
           "<Relationship Id=\"rId2\" Type=\"{1}/styles\" Target=\"styles.xml\"/></Relationships>",
           kPackage, kOffice));
  part("xl/workbook.xml",
       fmt::format("<workbook xmlns=\"{}\" xmlns:r=\"{}\"><sheets>"
                   "<sheet name=\"{}\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
                   kMain, kOffice, escape_xml(title_)));
  part(
      "xl/styles.xml",
      fmt::format(
          "<styleSheet xmlns=\"{}\"><numFmts count=\"1\">"
          "<numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm:ss\"/></numFmts>"
          "<fonts count=\"2\"><font><sz val=\"11\"/></font><font><b/><sz "
          "val=\"11\"/></font></fonts>"
          "<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>"
          "<fill><patternFill patternType=\"gray125\"/></fill></fills>"
          "<borders "
          "count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
          "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" "
          "borderId=\"0\"/></cellStyleXfs>"
          "<cellXfs count=\"3\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" "
          "xfId=\"0\"/>"
          "<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/>"
          "<xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" "
          "applyNumberFormat=\"1\"/>"
          "</cellXfs><cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" "
          "builtinId=\"0\"/></cellStyles></styleSheet>",
          kMain));
}

void Xlsx::begin_sheet() {
  begun_ = true;
  std::string head = fmt::format(
      "<worksheet xmlns=\"{}\"><sheetViews><sheetView workbookViewId=\"0\">"
      "<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/>"
      "</sheetView></sheetViews>",
      kMain);
  if (!columns_.empty()) {
    head += "<cols>";
    for (std::size_t i = 0; i < widths_.size(); ++i)
      head += fmt::format("<col min=\"{0}\" max=\"{0}\" width=\"{1}\" customWidth=\"1\"/>", i + 1,
                          std::min<std::size_t>(widths_[i], 60));
    head += "</cols>";
  }
  part("xl/worksheets/sheet1.xml", head + "<sheetData>");
}

class Csv final : public Writer {
 public:
  Csv(std::span<const std::string> columns, int zone)
      : writer_(out_, {.byte_order_mark = true}), zone_(zone) {
    writer_.row(columns);
  }
  void row(std::span<const Cell> cells) override {
    std::vector<std::string> fields;
    for (const Cell& cell : cells) fields.push_back(text_of(cell));
    writer_.row(fields);
  }
  std::string finish() override { return std::move(out_); }

 private:
  std::string text_of(const Cell& cell) const {
    if (const auto* text = std::get_if<std::string>(&cell)) return *text;
    if (const auto* number = std::get_if<double>(&cell)) {
      std::string text;
      write(text, *number);
      return text == "null" ? "" : text;
    }
    if (const auto* flag = std::get_if<bool>(&cell)) return *flag ? "TRUE" : "FALSE";
    if (const auto* time = std::get_if<Time>(&cell)) return to_rfc3339(*time, zone_);
    return {};
  }

  std::string out_;
  CsvWriter writer_;
  int zone_;
};

}  // namespace

std::string column_letters(std::size_t index) {
  std::string letters;
  for (++index; index > 0; index = (index - 1) / 26)
    letters.insert(letters.begin(), static_cast<char>('A' + (index - 1) % 26));
  return letters;
}

std::unique_ptr<Writer> write_xlsx(std::string_view title, std::span<const std::string> columns,
                                   int zone_offset_minutes) {
  return std::make_unique<Xlsx>(title, columns, zone_offset_minutes);
}

std::unique_ptr<Writer> write_csv(std::span<const std::string> columns, int zone_offset_minutes) {
  return std::make_unique<Csv>(columns, zone_offset_minutes);
}

}  // namespace lifang::sheet
