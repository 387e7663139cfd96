#include "base/csv.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "base/refusal.hpp"

namespace lifang {
namespace {

using Row = std::vector<std::string>;

std::vector<Row> rows_of(const std::string& text, CsvOptions options = {}) {
  std::istringstream in(text);
  CsvReader reader(in, options);
  std::vector<Row> rows;
  for (Row row; reader.next(row);) rows.push_back(row);
  return rows;
}

Refusal refusal_of(const std::string& text, CsvOptions options = {}, bool header = false) {
  std::istringstream in(text);
  try {
    CsvReader reader(in, options);
    if (header) reader.read_header();
    for (Row row; reader.next(row);) continue;
  } catch (const Refusal& r) {
    return r;
  }
  ADD_FAILURE() << "was read: " << text;
  return {RefusalKind::invalid, "none"};
}

TEST(Csv, reads_quotes_line_ends_and_the_mark) {
  EXPECT_EQ(rows_of("\xef\xbb\xbf"
                    "a,b\r\n\"1,\"\"2\"\"\",\"x\ny\"\nz,\n"),
            (std::vector<Row>{{"a", "b"}, {"1,\"2\"", "x\ny"}, {"z", ""}}));
  EXPECT_EQ(rows_of("a,b"), (std::vector<Row>{{"a", "b"}}));
  EXPECT_EQ(rows_of("\"a\""), (std::vector<Row>{{"a"}}));
  EXPECT_EQ(rows_of(",\n"), (std::vector<Row>{{"", ""}}));
  EXPECT_EQ(rows_of("a\n\n\r\n\"\"\nb\n"), (std::vector<Row>{{"a"}, {""}, {"b"}}));
  EXPECT_EQ(rows_of("5\" pipe,a\rb\n"), (std::vector<Row>{{"5\" pipe", "a\rb"}}));
  EXPECT_EQ(rows_of("a;b", {.separator = ';'}), (std::vector<Row>{{"a", "b"}}));
  EXPECT_EQ(rows_of(""), std::vector<Row>{});
  EXPECT_EQ(rows_of("\n\n"), std::vector<Row>{});
}

TEST(Csv, sees_a_line_end_that_two_blocks_share) {
  const std::string field(65'535, 'x');
  EXPECT_EQ(rows_of(field + "\r\nb\r\n"), (std::vector<Row>{{field}, {"b"}}));
  EXPECT_EQ(rows_of("a," + std::string(65'533, 'x') + "\r"),
            (std::vector<Row>{{"a", std::string(65'533, 'x') + "\r"}}));
}

TEST(Csv, says_where_it_is_wrong) {
  EXPECT_EQ(refusal_of("a,b\nc,\"d").code, "csv.unclosed_quote");
  EXPECT_EQ(refusal_of("a,b\nc,\"d\"e").detail, "line 2, column 2: text follows a closing quote");
  EXPECT_EQ(refusal_of("aaaa", {.max_field = 3}).code, "csv.field_too_long");
  EXPECT_EQ(refusal_of("\"aaaa\"", {.max_field = 3}).code, "csv.field_too_long");
  EXPECT_EQ(refusal_of("a,b,c", {.max_fields = 2}).code, "csv.too_many_fields");
  EXPECT_EQ(refusal_of("a\n\xb5\xe7").detail.substr(0, 17), "line 2, column 1:");
  EXPECT_EQ(refusal_of("a\n\xb5\xe7").code, "csv.not_utf8");
  EXPECT_EQ(refusal_of("a,b\n1,2\n3\n", {}, true).detail,
            "line 3, column 2: 1 fields where the header has 2");
  EXPECT_EQ(refusal_of("a,b\n1,2,3\n", {}, true).code, "csv.ragged");
}

TEST(Csv, finds_columns_by_name) {
  std::istringstream in("day, PM2.5 ,hour\n1,151,2\n");
  CsvReader reader(in);
  EXPECT_EQ(reader.read_header().size(), 3U);
  EXPECT_EQ(reader.column("PM2.5"), 1U);
  EXPECT_EQ(reader.column("pm2.5"), std::nullopt);
  Row row;
  ASSERT_TRUE(reader.next(row));
  EXPECT_EQ(reader.line(), 2U);
  EXPECT_EQ(row[1], "151");
}

TEST(Csv, writes_what_it_reads_back) {
  const std::vector<Row> rows{{"a", "b,c", "d\"e"}, {"", " x ", "漏\n水"}, {"-5", "+1.5", "1e3"}};
  std::string text;
  CsvWriter writer(text);
  for (const Row& row : rows) writer.row(row);
  EXPECT_EQ(rows_of(text), rows);
  EXPECT_EQ(text.substr(0, 17), "a,\"b,c\",\"d\"\"e\"\r\n,");
  std::string lone;
  CsvWriter(lone).row(Row{""});
  EXPECT_EQ(rows_of(lone), std::vector<Row>{{""}});
}

TEST(Csv, disarms_formulas) {
  std::string text;
  CsvWriter(text).row(Row{"=1+1", "-2", "@x", "+a,b"});
  EXPECT_EQ(text, "'=1+1,-2,'@x,\"'+a,b\"\r\n");
  std::string plain;
  CsvWriter(plain, {.byte_order_mark = true, .guard_formulas = false}).row(Row{"=1"});
  EXPECT_EQ(plain, "\xef\xbb\xbf=1\r\n");
}

}  // namespace
}  // namespace lifang
