#include "platform/sheet/sheet.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <limits>

#include "base/refusal.hpp"
#include "platform/sheet/list.hpp"
#include "platform/sheet/xml.hpp"
#include "platform/sheet/zip.hpp"
#include "support/paths.hpp"

namespace lifang::sheet {

namespace list_test {
enum class State { open, closed };
BOOST_DESCRIBE_ENUM(State, open, closed)
struct Tag {};
struct Place {
  std::string name;
  std::optional<double> area;
};
BOOST_DESCRIBE_STRUCT(Place, (), (name, area))
struct Item {
  Id<Tag> id;
  State state = State::open;
  std::optional<Place> place;
  std::vector<std::string> tags;
  std::int64_t score = 0;
  bool late = false;
  std::optional<Time> until;
  std::optional<Duration> left;
};
BOOST_DESCRIBE_STRUCT(Item, (), (id, state, place, tags, score, late, until, left))
}  // namespace list_test

namespace {

using Texts = std::vector<std::string>;

std::string fixture(const std::string& name) {
  std::ifstream stream(source_dir() + "/test/fixtures/sheet/" + name,
                       std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  EXPECT_FALSE(bytes.empty()) << name;
  return bytes;
}

template <class Do>
std::string code_of(Do act) {
  try {
    act();
  } catch (const Refusal& r) {
    return r.code;
  }
  return "none";
}

/// An .xlsx file whose one sheet has this XML inside <sheetData>.
std::string book_of(const std::string& rows, const std::string& strings = "") {
  ZipWriter zip;
  zip.begin("xl/workbook.xml");
  zip.add(R"(<workbook xmlns:r="r"><sheets><sheet name="a" r:id="rId1"/></sheets></workbook>)");
  zip.begin("xl/_rels/workbook.xml.rels");
  zip.add(R"(<Relationships><Relationship Id="rId1" Target="/xl/s.xml"/></Relationships>)");
  zip.begin("xl/sharedStrings.xml");
  zip.add("<sst>" + strings + "</sst>");
  zip.begin("xl/s.xml");
  zip.add("<x:worksheet xmlns:x='x'><x:sheetData>" + rows + "</x:sheetData></x:worksheet>");
  return zip.finish();
}

TEST(Sheet, writes_xlsx_that_it_reads_back) {
  const Texts columns{"name", "value", "late", "at"};
  const auto writer = write_xlsx("Cases: [all]", columns, 480);
  for (int i = 0; i < 300; ++i)
    writer->row(std::vector<Cell>{"漏水 <&\"> " + std::to_string(i), i / 4.0, i % 2 == 0,
                                  from_ms(1'767'225'600'000)});
  writer->row(std::vector<Cell>{std::monostate{}, std::numeric_limits<double>::infinity()});
  writer->row(std::vector<Cell>{"a\x01_x0041_\nb", 13812345678.0});
  const auto rows = read_table(writer->finish());
  ASSERT_EQ(rows.size(), 302U);
  EXPECT_EQ(rows[0].cells, columns);
  EXPECT_EQ(rows[1].cells, (Texts{"漏水 <&\"> 0", "0", "TRUE", "2026-01-01 08:00:00"}));
  EXPECT_EQ(rows[300].cells, (Texts{"漏水 <&\"> 299", "74.75", "FALSE", "2026-01-01 08:00:00"}));
  EXPECT_EQ(rows[301].cells, (Texts{"a\x01_x0041_\nb", "13812345678"}));
  EXPECT_EQ(rows[301].line, 303U);
}

TEST(Sheet, writes_the_same_bytes_for_the_same_list) {
  const auto make = [] { return write_xlsx("a", Texts{"b"}, 0)->finish(); };
  EXPECT_EQ(make(), make());
}

TEST(Sheet, writes_csv_for_spreadsheets) {
  const auto writer = write_csv(Texts{"a", "b"}, 480);
  writer->row(std::vector<Cell>{"=1", from_ms(1'767'225'600'000)});
  writer->row(std::vector<Cell>{-2.5, false});
  EXPECT_EQ(writer->finish(),
            "\xef\xbb\xbf"
            "a,b\r\n'=1,2026-01-01T08:00:00+08:00\r\n-2.5,FALSE\r\n");
}

TEST(Sheet, reads_csv_by_the_same_door) {
  const auto rows = read_table(
      "\xef\xbb\xbf"
      "a,b\n\n1,\"x,\n\"\n,\n");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].cells, (Texts{"1", "x,\n"}));
  EXPECT_EQ(rows[1].line, 3U);
}

TEST(Sheet, reads_what_another_program_wrote) {
  // Made with openpyxl 3.0: shared strings, formats of dates, a formula, a merged cell, a gap of
  // rows.
  const auto rows = read_table(fixture("openpyxl.xlsx"));
  ASSERT_EQ(rows.size(), 6U);
  EXPECT_EQ(rows[0].cells, (Texts{"姓名", "电话", "入住", "面积", "时间", "在住"}));
  EXPECT_EQ(rows[1].cells,
            (Texts{"王小明", "13800000000", "2024-02-29", "89.5", "08:30:00", "TRUE"}));
  EXPECT_EQ(rows[2].cells, (Texts{"李 <四> & \"co\"", "0571-88000000", "2026-01-31 08:30:00", "0.3",
                                  "", "FALSE"}));
  EXPECT_EQ(rows[3].line, 6U);
  EXPECT_EQ(rows[3].cells, (Texts{"", "", "1999-12-31"}));
  EXPECT_EQ(rows[4].cells, (Texts{"合并", "", "", "多\n行"}));
  EXPECT_EQ(rows[5].cells, (Texts{"#N/A", "330100190001011234", "26:15:00"}));
}

TEST(Sheet, reads_the_odd_corners_of_the_format) {
  const auto rows = read_table(book_of(
      "<x:row><x:c t='s'><x:v>0</x:v></x:c><x:c r='D1'><x:v>1e10</x:v></x:c></x:row>"
      "<x:row r='9'><x:c t='str'><x:v>_x0041_</x:v></x:c><x:c t='e'><x:v>#REF!</x:v></x:c></x:row>",
      "<si><r><t>a</t></r><r><t>b</t></r><rPh><t>never</t></rPh></si>"));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].cells, (Texts{"ab", "", "", "10000000000"}));
  EXPECT_EQ(rows[1].line, 9U);
  EXPECT_EQ(rows[1].cells, (Texts{"A", "#REF!"}));
}

TEST(Sheet, refuses_what_is_damaged) {
  const std::string good =
      book_of("<x:row><x:c t='s'><x:v>0</x:v></x:c></x:row>", "<si><t>a</t></si>");
  EXPECT_EQ(code_of([&] { read_table(good); }), "none");
  for (std::size_t size = 4; size < good.size(); size += 7)
    EXPECT_EQ(code_of([&] { read_table(std::string_view(good).substr(0, size)); }),
              "sheet.unreadable")
        << size;
  EXPECT_EQ(code_of([&] { read_table(book_of("<x:row><x:c t='s'><x:v>1</x:v></x:c></x:row>")); }),
            "sheet.unreadable");
  EXPECT_EQ(code_of([&] { read_table(book_of("<x:row>")); }), "sheet.unreadable");
  EXPECT_EQ(code_of([&] { read_table(book_of("<x:row><x:c><x:v>x</x:v></x:c></x:row>")); }),
            "sheet.unreadable");
  EXPECT_EQ(code_of([&] { read_table("\xd0\xcf\x11\xe0 old"); }), "sheet.unreadable");
  ZipWriter zip;
  zip.begin("xl/workbook.xml");
  zip.add("<!DOCTYPE a [<!ENTITY b 'c'>]><workbook/>");
  const std::string bomb = zip.finish();
  EXPECT_EQ(code_of([&] { read_table(bomb); }), "sheet.unreadable");
}

TEST(Sheet, bounds_what_it_takes_in) {
  const std::string two =
      "<x:row><x:c><x:v>1</x:v></x:c></x:row><x:row><x:c r='C2'><x:v>1</x:v></x:c></x:row>";
  EXPECT_EQ(code_of([&] { read_table(book_of(two), {.rows = 1}); }), "sheet.too_large");
  EXPECT_EQ(code_of([&] { read_table(book_of(two), {.columns = 2}); }), "sheet.too_large");
  EXPECT_EQ(code_of([&] { read_table(book_of(two), {.unpacked = 300}); }), "sheet.too_large");
  EXPECT_EQ(code_of([&] { read_table(book_of(two), {.memory = 100}); }), "sheet.too_large");
  EXPECT_EQ(code_of([&] { read_table(book_of(two), {.memory = 1000}); }), "none");
  EXPECT_EQ(code_of([&] { read_table(book_of("", "<si><t>abcdefghij</t></si>"), {.cell = 9}); }),
            "sheet.too_large");
  EXPECT_EQ(code_of([&] { read_table("a\nb\n", {.rows = 1}); }), "sheet.too_large");
  EXPECT_EQ(code_of([&] { read_table("a\nb\n", {.memory = 40}); }), "sheet.too_large");
}

TEST(Sheet, names_columns_by_letters) {
  EXPECT_EQ(column_letters(0), "A");
  EXPECT_EQ(column_letters(25), "Z");
  EXPECT_EQ(column_letters(26), "AA");
  EXPECT_EQ(column_letters(16'383), "XFD");
}

TEST(Sheet, makes_rows_of_described_structs) {
  using list_test::Item;
  EXPECT_EQ(columns_of<Item>(), (Texts{"id", "state", "place.name", "place.area", "tags", "score",
                                       "late", "until", "left"}));
  Item item{
      Id<list_test::Tag>{"case-1"}, list_test::State::closed, {}, {"a", "b"}, 7, true, from_ms(0),
      std::chrono::minutes(5)};
  using V = std::vector<Cell>;
  EXPECT_EQ(cells_of(item), (V{"case-1", "closed", {}, {}, "a, b", 7.0, true, from_ms(0), "PT5M"}));
  item.place = {"府苑新村", 88.5};
  item.until.reset();
  EXPECT_EQ(cells_of(item),
            (V{"case-1", "closed", "府苑新村", 88.5, "a, b", 7.0, true, {}, "PT5M"}));
}

TEST(Sheet, keeps_files_in_an_archive) {
  ZipWriter writer;
  writer.begin("empty");
  writer.begin("a/b.txt");
  const std::string text(100'000, 'x');
  writer.add(text);
  writer.add("end");
  const std::string archive = writer.finish();
  EXPECT_LT(archive.size(), 1000U);
  ZipReader reader(archive);
  EXPECT_EQ(reader.take("empty"), "");
  EXPECT_EQ(reader.take("a/b.txt"), text + "end");
  EXPECT_EQ(code_of([&] { reader.take("c"); }), "sheet.unreadable");
  EXPECT_EQ(code_of([&] { ZipReader(archive, {.unpacked = 1000}).take("a/b.txt"); }),
            "sheet.too_large");
}

}  // namespace
}  // namespace lifang::sheet
