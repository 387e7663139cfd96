#include "pages.hpp"

#include <gtest/gtest.h>

namespace lifang {
namespace {

const std::vector<embedded::File> kFiles{{"web/dist/console/index.html", "<html>"},
                                         {"web/dist/console/assets/a-1.js", "let a"},
                                         {"web/dist/console/assets/a-1.js.gz", "packed"},
                                         {"web/dist/resident/index.html", "<home>"},
                                         {"web/dist/resident/sw.js", "self"}};

http::Response get(const Pages& pages, std::string path, std::string encoding = "") {
  http::Request request;
  request.method = "GET";
  request.path = std::move(path);
  if (!encoding.empty()) request.headers.emplace_back("Accept-Encoding", encoding);
  return pages.answer(request);
}

std::string header(const http::Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return {};
}

TEST(Pages, the_residents_page_is_the_root_and_has_no_fallback) {
  const Pages pages(kFiles);
  EXPECT_EQ(get(pages, "/").bytes.view(), "<home>");
  EXPECT_EQ(get(pages, "/sw.js").bytes.view(), "self");
  EXPECT_EQ(header(get(pages, "/sw.js"), "Cache-Control"), "no-cache");
  EXPECT_EQ(get(pages, "/resident/index.html").status, 404);
  EXPECT_EQ(get(pages, "/reports").status, 404);
}

TEST(Pages, the_fallback_answers_below_the_pages_words_only) {
  const Pages pages(kFiles);
  EXPECT_EQ(get(pages, "/console/any/where").bytes.view(), "<html>");
  EXPECT_EQ(get(pages, "/elsewhere").status, 404);
  EXPECT_EQ(get(pages, "/console/assets/gone.js").status, 404);
  EXPECT_EQ(get(pages, "/api/v1/none").status, 404);
  EXPECT_EQ(header(get(pages, "/console"), "Location"), "/console/");
}

TEST(Pages, hashed_assets_are_kept_for_ever_and_packed_where_wanted) {
  const Pages pages(kFiles);
  const auto packed = get(pages, "/console/assets/a-1.js", "br, gzip");
  EXPECT_EQ(packed.bytes.view(), "packed");
  EXPECT_EQ(header(packed, "Content-Encoding"), "gzip");
  EXPECT_NE(header(packed, "Cache-Control").find("immutable"), std::string::npos);
  EXPECT_EQ(get(pages, "/console/assets/a-1.js").bytes.view(), "let a");
  EXPECT_EQ(get(pages, "/console/assets/a-1.js.gz").status, 404);
  EXPECT_EQ(header(get(pages, "/console/"), "Cache-Control"), "no-cache");
}

TEST(Pages, a_page_may_load_nothing_foreign_and_be_framed_by_nobody) {
  const auto policy = header(get(Pages(kFiles), "/console/"), "Content-Security-Policy");
  EXPECT_NE(policy.find("default-src 'none'"), std::string::npos);
  EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos);
  EXPECT_EQ(policy.find("script-src 'self' 'unsafe"), std::string::npos);
}

TEST(Pages, a_program_without_pages_says_how_to_get_them) {
  EXPECT_EQ(get(Pages({}), "/console/").status, 503);
  EXPECT_EQ(get(Pages({}), "/").status, 503);
}

}  // namespace
}  // namespace lifang
