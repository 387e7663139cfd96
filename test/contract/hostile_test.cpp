// More of what is tried against web programs: what one person writes and another's browser, spreadsheet program or proxy
// reads. Each was tried against this one through real sockets.
#include <fmt/format.h>

#include <algorithm>

#include "base/csv.hpp"
#include "platform/sheet/sheet.hpp"
#include "platform/sheet/zip.hpp"
#include "support/live_node.hpp"
#include "support/raw_client.hpp"

namespace lifang {
namespace {

const std::string kScript = "<script>alert(1)</script>";
const std::string kPicture = "\"><img src=x onerror=alert(1)>";

class Hostile : public testing::Test {
 protected:
  Hostile() { token_ = node_.enter(); }
  static std::string text_of(const http::Reply& reply, const char* name) {
    const auto answer = parse_json(reply.body);
    const auto* found = answer.is_object() ? answer.get_object().if_contains(name) : nullptr;
    return found && found->is_string() ? std::string(found->get_string()) : std::string();
  }
  http::Reply must(const std::string& method, const std::string& target, const std::string& body, http::Pairs headers = {}) {
    auto reply = node_.ask(method, target, token_, body, std::move(headers));
    EXPECT_LT(reply.status, 300) << method << " " << target << " " << body << "\n" << reply.body;
    return reply;
  }
  static std::string quoted(const std::string& text) { return to_json(text); }
  LiveNode node_;
  std::string token_;
};

// ---- spreadsheets ------------------------------------------------------------------------------------------------

TEST_F(Hostile, a_spreadsheet_program_computes_nothing_of_what_people_wrote) {
  const std::vector<std::string> formulas = {"=HYPERLINK(\"http://evil.example\",\"领奖\")", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)",
                                             "\t=1+1", "\r=1+1", "=1+1\n=2"};
  for (std::size_t i = 0; i < formulas.size(); ++i)
    must("PUT", fmt::format("/api/v1/places/p{}", i), fmt::format(R"({{"kind":"compound","name":{}}})", quoted(formulas[i])));
  const auto csv = node_.ask("GET", "/api/v1/places.csv", token_);
  ASSERT_EQ(csv.status, 200);
  int named = 0;
  for (const auto& row : sheet::read_table(csv.body))
    for (const std::string& cell : row.cells) {
      EXPECT_FALSE(!cell.empty() && std::string_view("=+-@\t\r").find(cell[0]) != std::string_view::npos && cell.size() > 1 &&
                   cell.find_first_not_of("+-.0123456789eE") != std::string::npos)
          << cell;
      named += cell.find("HYPERLINK") != std::string::npos;
    }
  EXPECT_EQ(named, 1) << "the words themselves are kept";
  const auto xlsx = node_.ask("GET", "/api/v1/places.xlsx", token_);
  ASSERT_EQ(xlsx.status, 200);
  sheet::ZipReader zip(xlsx.body);
  const std::string cells = zip.take("xl/worksheets/sheet1.xml");
  EXPECT_EQ(cells.find("<f"), std::string::npos) << "no cell is a formula";
  EXPECT_NE(cells.find("HYPERLINK"), std::string::npos);
}

TEST_F(Hostile, a_spreadsheet_that_unpacks_without_end_is_refused_over_http_too) {
  sheet::ZipWriter zip;
  zip.begin("[Content_Types].xml");
  zip.add("<Types/>");
  zip.begin("xl/workbook.xml");
  zip.add("<workbook><sheets><sheet name=\"a\" id=\"r1\"/></sheets></workbook>");
  zip.begin("xl/worksheets/sheet1.xml");
  const std::string zeros(1U << 20, ' ');
  for (int i = 0; i < 300; ++i) zip.add(zeros);
  const std::string bomb = zip.finish();
  for (const char* target : {"/api/v1/imports/places", "/api/v1/affairs/forms/suggest"}) {
    const auto reply = node_.ask("POST", target, token_, bomb, {{"Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}});
    EXPECT_TRUE(reply.status >= 400 && reply.status < 500) << target << " " << reply.status << " " << reply.body;
  }
  const auto packed = node_.ask("PUT", "/api/v1/places/x", token_, "\x1f\x8b\x08", {{"Content-Encoding", "gzip"}});
  EXPECT_TRUE(packed.status == 400 || packed.status == 415) << packed.status << ": packed bodies are not unpacked";
}

// ---- pages made of what people wrote -------------------------------------------------------------------------------

TEST_F(Hostile, printed_pages_and_xml_hold_no_script) {
  must("PUT", "/api/v1/places/here", fmt::format(R"({{"kind":"compound","name":{}}})", quoted(kScript)));
  must("PUT", "/api/v1/people/organisations/o1", fmt::format(R"({{"kind":"property_company","name":{},"place":"here"}})", quoted(kPicture)));
  must("PUT", "/api/v1/rosters/posts/repairer", fmt::format(R"({{"name":{},"organisation":"o1"}})", quoted(kScript)));
  must("POST", "/api/v1/people", R"({"name":"王小明","place":"here"})");
  const auto announced = must("POST", "/api/v1/notices/announcements",
                              fmt::format(R"({{"audience":{{"place":"here"}},"title":{},"text":{}}})", quoted(kScript), quoted(kPicture)));
  must("POST", "/api/v1/cases", fmt::format(R"({{"kind":"leak","place":"here","text":{}}})", quoted(kScript + kPicture)));
  must("POST", "/api/v1/cases", fmt::format(R"({{"kind":"noise","place":"here","text":{}}})", quoted("]]>" + kScript + "<!ENTITY x>")));
  for (const std::string& target : {"/api/v1/notices/announcements/" + text_of(announced, "id") + "/print", std::string("/api/v1/notices/stairwell?place=here"),
                                    std::string("/api/v1/scorecards/brief?place=here"), std::string("/open311/v2/requests.xml"),
                                    std::string("/open311/v2/services.xml")}) {
    const auto page = node_.ask("GET", target, token_);
    ASSERT_EQ(page.status, 200) << target << " " << page.body;
    EXPECT_EQ(page.body.find("<script"), std::string::npos) << target << "\n" << page.body;
    EXPECT_EQ(page.body.find("<img"), std::string::npos) << target << "\n" << page.body;
    EXPECT_EQ(page.body.find("<!ENTITY"), std::string::npos) << target;
    EXPECT_EQ(page.header("X-Content-Type-Options"), "nosniff") << target;
    const std::string policy(page.header("Content-Security-Policy"));
    EXPECT_TRUE(policy.find("default-src 'none'") != std::string::npos && policy.find("script-src") == std::string::npos) << target << " " << policy;
  }
  const auto print = node_.ask("GET", "/api/v1/notices/announcements/" + text_of(announced, "id") + "/print", token_);
  EXPECT_NE(print.body.find("&lt;script&gt;"), std::string::npos) << "it is there, as words";
}

// ---- uploads ---------------------------------------------------------------------------------------------------------

TEST_F(Hostile, a_picture_that_is_a_page_too_is_served_as_a_picture_that_runs_nothing) {
  const std::string png("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\x02\0\0\0", 26);
  const auto kept = must("POST", "/api/v1/files", png + "<html>" + kScript + "</html>", {{"Content-Type", "image/png"}});
  const auto served = node_.ask("GET", "/api/v1/files/" + text_of(kept, "id") + "/content", token_);
  ASSERT_EQ(served.status, 200);
  EXPECT_EQ(served.header("Content-Type"), "image/png");
  EXPECT_EQ(served.header("X-Content-Type-Options"), "nosniff");
  EXPECT_NE(served.header("Content-Security-Policy").find("sandbox"), std::string_view::npos);
  EXPECT_EQ(served.header("Content-Security-Policy").find("script-src"), std::string_view::npos);
  EXPECT_EQ(served.header("Content-Disposition"), "inline; filename=\"" + text_of(kept, "id") + ".png\"") << "no name that somebody chose";
  for (const auto& [bytes, type] : std::vector<std::pair<std::string, std::string>>{
           {"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>", "image/svg+xml"},
           {"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>", "image/png"},
           {"<?xml version=\"1.0\"?><x:stylesheet/>", "text/xml"},
           {"GIF89a/*" + std::string(40, ' ') + "*/=1;alert(1)", "text/javascript"},
           {"%PDF-1.4 <script>", "text/html"},
           {"PK\x03\x04" + std::string(60, '\0'), "application/java-archive"}}) {
    const auto reply = node_.ask("POST", "/api/v1/files", token_, bytes, {{"Content-Type", type}});
    EXPECT_GE(reply.status, 400) << type << " " << reply.body;
    EXPECT_LT(reply.status, 500) << type << " " << reply.body;
  }
}

// ---- heads of messages -------------------------------------------------------------------------------------------------

TEST_F(Hostile, no_head_of_an_answer_is_written_by_the_visitor) {
  for (const char* target :
       {"/api/v1/places%0d%0aX-Evil:%20yes.csv", "/api/v1/places.csv?x=%0d%0aX-Evil:%20yes", "/console%0d%0aX-Evil:%20yes", "/%0d%0aX-Evil:%20yes",
        "/api/v1/cases/x%0d%0aX-Evil:%20yes/diary.xlsx", "/api/v1/imports/templates/places%0d%0aX-Evil:%20yes?format=csv",
        "/api/v1/files/x%0aX-Evil:%20yes/content", "/api/v1/scorecards/brief?place=x%0d%0aX-Evil:%20yes"}) {
    const auto reply = node_.ask("GET", target, token_);
    EXPECT_EQ(reply.header("X-Evil"), "") << target;
    EXPECT_LT(reply.status, 500) << target;
  }
}

TEST_F(Hostile, the_name_by_which_a_visitor_calls_the_node_leads_nobody_elsewhere) {
  must("PUT", "/api/v1/places/here", R"({"kind":"compound","name":"here"})");
  for (const std::string target : {"/", "/console", "/console/", "/cockpit", "/api/openapi.json", "/api/v1/places", "/api/v1/notices/stairwell?place=here",
                                   "/api/v1/imports/templates/places", "/open311/v2/services.json", "/api/v1/accounts/me"}) {
    http::RawClient client(node_.node().http_port());
    client.say("GET " + target + " HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\nAuthorization: Bearer " +
               token_ + "\r\nConnection: close\r\n\r\n");
    const std::string answer = client.rest();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 ")) << target;
    EXPECT_EQ(answer.find("evil.example"), std::string::npos) << target << "\n" << answer.substr(0, 600);
  }
}

// ---- logins ------------------------------------------------------------------------------------------------------------

TEST_F(Hostile, a_foreign_page_logs_nobody_in) {
  const std::string words = R"({"login":"admin","password":")" + std::string(LiveNode::kPassword) + R"(","cookie":true})";
  const std::vector<http::Pairs> foreign = {{{"Origin", "https://evil.example"}},
                                            {{"Sec-Fetch-Site", "cross-site"}},
                                            {{"Origin", "null"}, {"Content-Type", "text/plain"}},
                                            {{"Content-Type", "application/x-www-form-urlencoded"}}};
  for (const auto& headers : foreign) {
    const auto reply = node_.ask("POST", "/api/v1/sessions", {}, words, headers);
    EXPECT_EQ(reply.header("Set-Cookie"), "") << "nobody works in another's name without knowing it: " << reply.status;
  }
}

TEST_F(Hostile, a_key_that_somebody_used_gives_nobody_else_their_answer) {
  must("PUT", "/api/v1/places/here", R"({"kind":"compound","name":"here"})");
  must("POST", "/api/v1/accounts", R"({"login":"second","role":"operator","place":"here","password":"gate-and-lane-77"})");
  const std::string second = text_of(node_.ask("POST", "/api/v1/sessions", {}, R"({"login":"second","password":"gate-and-lane-77"})"), "token");
  const std::string words = R"({"kind":"leak","place":"here","text":"漏水"})";
  const http::Pairs key = {{"Idempotency-Key", "the-same"}};
  const auto mine = must("POST", "/api/v1/cases", words, key);
  EXPECT_EQ(text_of(must("POST", "/api/v1/cases", words, key), "id"), text_of(mine, "id"));
  const auto theirs = node_.ask("POST", "/api/v1/people", second, R"({"name":"王小明","place":"here"})", key);
  EXPECT_LT(theirs.status, 300) << theirs.body;
  const auto again = node_.ask("POST", "/api/v1/people", token_, R"({"name":"王小明","place":"here"})", key);
  EXPECT_LT(again.status, 300) << again.body;
  EXPECT_NE(text_of(again, "id"), text_of(theirs, "id"));
  EXPECT_EQ(node_.ask("POST", "/api/v1/people", {}, R"({"name":"王小明","place":"here"})", key).status, 401) << "nor without a login";
}

TEST_F(Hostile, an_address_that_opens_a_file_opens_that_one_and_only_for_a_while) {
  const std::string png("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\x02\0\0\0", 26);
  const auto one = text_of(must("POST", "/api/v1/files", png + "one", {{"Content-Type", "image/png"}}), "id");
  const auto other = text_of(must("POST", "/api/v1/files", png + "other", {{"Content-Type", "image/png"}}), "id");
  std::string url = text_of(must("GET", "/api/v1/files/" + one + "/link", ""), "url");
  if (const auto at = url.find("/api/"); at != std::string::npos) url = url.substr(at);
  ASSERT_EQ(node_.ask("GET", url).status, 200) << url;
  const auto with = [&](const std::string& what, const std::string& instead) {
    std::string changed = url;
    const auto at = changed.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return node_.ask("GET", changed.replace(at, what.size(), instead)).status;
  };
  EXPECT_EQ(with(one, other), 403);
  EXPECT_EQ(with("expires=", "expires=9"), 403);
  EXPECT_EQ(with("signature=", "signature=A"), 403);
}

}  // namespace
}  // namespace lifang
