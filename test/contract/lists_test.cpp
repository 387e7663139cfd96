// Lists as outsiders get them: pages of every list, and the whole of it as .csv and .xlsx.
#include "platform/sheet/sheet.hpp"
#include "support/http_house.hpp"

namespace lifang {
namespace {

class Lists : public testing::Test {
 protected:
  Lists() {
    ward_.place("here", places::Kind::compound);
    admin_ = ward_.login("root", "admin");
    const auto put = [&](const std::string& target, const std::string& body) {
      const auto reply = ward_.ask("PUT", target, admin_, body);
      EXPECT_EQ(reply.status, 200) << target << " " << reply.body;
    };
    put("/api/v1/devices/profiles/air", R"({"name":"空气站","metrics":[{"id":"pm25","min":0,"max":2000}]})");
    put("/api/v1/devices/air-1", R"~({"profile":"air","place":"here","name":"=HYPERLINK(\"http://x\")","secret":"a-long-secret"})~");
  }
  /// The rows of a list as a spreadsheet program reads them: column → text.
  std::vector<std::map<std::string, std::string>> sheet(const std::string& target) {
    const auto reply = ward_.ask("GET", target, admin_);
    EXPECT_EQ(reply.status, 200) << reply.body;
    const auto rows = sheet::read_table(reply.body);
    std::vector<std::map<std::string, std::string>> found;
    for (std::size_t i = 1; i < rows.size(); ++i) {
      auto& row = found.emplace_back();
      for (std::size_t c = 0; c < rows[i].cells.size(); ++c) row[rows[0].cells.at(c)] = rows[i].cells[c];
    }
    return found;
  }
  HttpHouse ward_;
  std::string admin_;
};

TEST_F(Lists, an_xlsx_is_a_workbook_with_dates_in_the_zone_of_the_district) {
  ward_.world().clock.set(*parse_time("2026-03-01T16:30:00Z"));
  admin_ = ward_.enter("root");  // the session of before has ended
  const auto reported = ward_.ask("POST", "/api/v1/cases", admin_, R"({"kind":"noise","place":"here","text":"=1+1 吵"})");
  ASSERT_LT(reported.status, 300) << reported.body;
  const auto reply = ward_.ask("GET", "/api/v1/cases.xlsx", admin_);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("Content-Type"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
  EXPECT_EQ(reply.header("Content-Disposition"), "attachment; filename=\"cases.xlsx\"");
  EXPECT_EQ(reply.body.substr(0, 4), "PK\x03\x04");
  const auto rows = sheet("/api/v1/cases.xlsx");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].at("id"), HttpHouse::text_of(reported, "id"));
  EXPECT_EQ(rows[0].at("opened_at"), "2026-03-02 00:30:00") << "a date, eight hours east";
  EXPECT_EQ(rows[0].at("overdue"), "FALSE");
  EXPECT_EQ(rows[0].at("text"), "=1+1 吵") << "text in the cell, and no formula";
}

TEST_F(Lists, a_csv_runs_no_formula) {
  const auto reply = ward_.ask("GET", "/api/v1/devices.csv", admin_);
  EXPECT_EQ(reply.header("Content-Type"), "text/csv; charset=utf-8");
  EXPECT_EQ(reply.body.substr(0, 3), "\xEF\xBB\xBF");
  EXPECT_NE(reply.body.find(R"~("'=HYPERLINK(""http://x"")")~"), std::string::npos) << reply.body;
  EXPECT_EQ(sheet("/api/v1/devices.xlsx").at(0).at("name"), "=HYPERLINK(\"http://x\")");
}

TEST_F(Lists, a_workbook_holds_no_formula_whatever_the_cells_begin_with) {
  for (const char* start : {"=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(A1)", "\\t=1"}) {
    const auto reply = ward_.ask("PUT", "/api/v1/places/" + std::to_string(start[0]), admin_,
                                 std::string(R"({"kind":"spot","parent":"here","name":")") + start + "\"}");
    ASSERT_EQ(reply.status, 200) << reply.body;
  }
  const std::string file = ward_.ask("GET", "/api/v1/places.xlsx", admin_).body;
  const auto rows = sheet::read_table(file);
  EXPECT_EQ(rows.size(), 7U);
  std::size_t texts = 0;
  for (const auto& row : rows)
    for (const auto& cell : row.cells) texts += cell == "=cmd|' /C calc'!A0" || cell == "+1" || cell == "-1+1" || cell == "@SUM(A1)";
  EXPECT_EQ(texts, 4U);
}

TEST_F(Lists, of_a_room_within_a_room_are_files_too_and_items_are_not) {
  EXPECT_EQ(sheet("/api/v1/devices/profiles.xlsx").at(0).at("name"), "空气站");
  EXPECT_GE(sheet("/api/v1/cases/kinds.csv").size(), 60U);
  EXPECT_EQ(ward_.ask("GET", "/api/v1/devices/air-1.csv", admin_).status, 404) << "one device is no list";
  EXPECT_EQ(ward_.ask("POST", "/api/v1/cases.csv", admin_, "{}").status, 404);
  EXPECT_EQ(ward_.ask("GET", "/api/v1/cases.csv").status, 401);
}

TEST_F(Lists, a_file_holds_the_whole_list_and_the_filter_counts) {
  for (int i = 0; i < 620; ++i)
    ward_.place("spot-" + std::to_string(i), places::Kind::spot, "here");
  EXPECT_EQ(sheet("/api/v1/places.csv").size(), 621U);
  EXPECT_EQ(sheet("/api/v1/places.xlsx?kind=spot&limit=3").size(), 620U) << "limit is for pages";
  EXPECT_EQ(sheet("/api/v1/places.xlsx?kind=compound").size(), 1U);
}

TEST_F(Lists, the_last_page_says_so_although_it_is_full) {
  for (int i = 0; i < 4; ++i) ward_.place("spot-" + std::to_string(i), places::Kind::spot, "here");
  const auto first = parse_json(ward_.ask("GET", "/api/v1/places?kind=spot&limit=2", admin_).body);
  ASSERT_TRUE(first.at("next").is_string());
  const std::string after = "&after=" + std::string(first.at("next").as_string());
  const auto last = parse_json(ward_.ask("GET", "/api/v1/places?kind=spot&limit=2&count=true" + after, admin_).body);
  EXPECT_EQ(last.at("items").as_array().size(), 2U);
  EXPECT_TRUE(last.at("next").is_null());
  EXPECT_EQ(last.at("count").as_int64(), 4);
}

TEST_F(Lists, that_are_short_by_nature_honour_limit_after_and_count) {
  const auto whole = parse_json(ward_.ask("GET", "/api/v1/accounts/roles", admin_).body);
  const std::size_t all = whole.at("items").as_array().size();
  ASSERT_GT(all, 4U);
  EXPECT_TRUE(whole.at("next").is_null());
  std::size_t seen = 0;
  std::string target = "/api/v1/accounts/roles?limit=4&count=true";
  for (;;) {
    const auto page = parse_json(ward_.ask("GET", target, admin_).body);
    EXPECT_EQ(page.at("count").as_int64(), static_cast<std::int64_t>(all));
    for (const auto& item : page.at("items").as_array()) EXPECT_EQ(item.at("id"), whole.at("items").as_array().at(seen++).at("id"));
    if (page.at("next").is_null()) break;
    target = "/api/v1/accounts/roles?limit=4&count=true&after=" + std::string(page.at("next").as_string());
  }
  EXPECT_EQ(seen, all);
  EXPECT_EQ(ward_.ask("GET", "/api/v1/accounts/roles?limit=0", admin_).status, 422);
  EXPECT_EQ(HttpHouse::code_of(ward_.ask("GET", "/api/v1/accounts/roles?after=x!", admin_)), "http.bad_cursor");
}

TEST_F(Lists, a_damaged_cursor_and_an_unknown_word_are_refused_instead_of_ignored) {
  for (int i = 0; i < 4; ++i) ward_.place("spot-" + std::to_string(i), places::Kind::spot, "here");
  const auto first = parse_json(ward_.ask("GET", "/api/v1/places?kind=spot&limit=2", admin_).body);
  std::string after(first.at("next").as_string());
  EXPECT_EQ(ward_.ask("GET", "/api/v1/places?kind=spot&after=" + after, admin_).status, 200);
  std::swap(after[8], after[9] == after[8] ? after[10] : after[9]);
  EXPECT_EQ(HttpHouse::code_of(ward_.ask("GET", "/api/v1/places?kind=spot&after=" + after, admin_)), "http.bad_cursor");

  const auto slip = ward_.ask("GET", "/api/v1/places?knd=spot", admin_);
  EXPECT_EQ(slip.status, 422);
  EXPECT_EQ(HttpHouse::code_of(slip), "http.unknown_query");
  EXPECT_EQ(parse_json(slip.body).at("field").as_string(), "?knd");
  EXPECT_EQ(ward_.ask("GET", "/api/v1/places?knd=spot", {}).status, 401) << "who is not logged in learns nothing of words";
  EXPECT_EQ(ward_.ask("GET", "/api/v1/places?kind=spot&purpose=care", admin_).status, 200);
}

TEST_F(Lists, every_list_tells_its_count_when_asked) {
  std::size_t lists = 0;
  for (const auto& route : ward_.house().routes->all()) {
    if (route.method != "GET" || !route.list || route.pattern.find('{') != std::string::npos) continue;
    const auto reply = ward_.ask("GET", route.pattern + "?limit=1&count=true", admin_);
    if (reply.status == 422 || reply.status == 404) continue;  // wants to know of what: a device, a place
    ++lists;
    ASSERT_EQ(reply.status, 200) << route.pattern << " " << reply.body;
    const auto page = parse_json(reply.body);
    ASSERT_TRUE(page.as_object().contains("count")) << route.pattern;
    EXPECT_GE(page.at("count").as_int64(), static_cast<std::int64_t>(page.at("items").as_array().size())) << route.pattern;
  }
  EXPECT_GT(lists, 25U);
}

TEST_F(Lists, a_count_that_no_room_keeps_is_that_of_all_pages) {
  for (int i = 0; i < 7; ++i)
    EXPECT_EQ(ward_.ask("POST", "/api/v1/accounts/keys", admin_, R"({"name":"k","rights":["places.read"]})").status, 201);
  for (const char* more : {"", "&limit=2", "&limit=7"}) {
    const auto page = parse_json(ward_.ask("GET", std::string("/api/v1/accounts/keys?count=true") + more, admin_).body);
    EXPECT_EQ(page.at("count").as_int64(), 7) << more;
  }
  EXPECT_FALSE(parse_json(ward_.ask("GET", "/api/v1/accounts/keys", admin_).body).as_object().contains("count"));
}

TEST_F(Lists, readings_come_as_points_and_as_steps) {
  EXPECT_EQ(ward_.ask("GET", "/api/v1/readings.csv?device=air-1&metric=pm25", admin_).body, "\xEF\xBB\xBFts,value,suspect,late\r\n");
  EXPECT_EQ(ward_.ask("GET", "/api/v1/readings.csv?device=air-1&metric=pm25&step=PT1H", admin_).body,
            "\xEF\xBB\xBFts,count,min,max,mean,last\r\n");
}

}  // namespace
}  // namespace lifang
