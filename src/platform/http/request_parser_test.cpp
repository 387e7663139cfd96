#include "platform/http/request_parser.hpp"

#include <gtest/gtest.h>

#include "platform/http/event_reader.hpp"
#include "platform/http/target.hpp"
#include "platform/http/url.hpp"

namespace lifang::http {
namespace {

struct Read {
  int status = 0;  ///< 0: complete, -1: wants more, otherwise refused with it
  std::string code;
  Request request;
  std::string left;
  bool operator==(const Read& other) const {
    return status == other.status && code == other.code && request.method == other.request.method &&
           request.path == other.request.path && request.query == other.request.query &&
           request.headers == other.request.headers && request.body == other.request.body;
  }
};

/// Feeds `text` in pieces of `size` bytes, as a socket might.
Read read(std::string_view text, std::size_t size, std::uint64_t limit = 1000,
          std::size_t max_header = 4096) {
  RequestParser parser(max_header);
  std::string input, body;
  while (true) {
    std::string_view view = input, piece;
    for (bool on = true; on;) switch (parser.step(view, piece)) {
        case RequestParser::Step::head:
          parser.expect_body(limit);
          break;
        case RequestParser::Step::body:
          body += piece;
          break;
        case RequestParser::Step::complete: {
          Read done{0, "", std::move(parser.request()), std::string(view) + std::string(text)};
          done.request.body = body;
          return done;
        }
        case RequestParser::Step::refused:
          return {parser.refusal().status, std::string(parser.refusal().code), {}, {}};
        case RequestParser::Step::more:
          on = false;
          break;
      }
    input.erase(0, input.size() - view.size());
    if (text.empty()) return {-1, "", {}, input};
    input += text.substr(0, size);
    text.remove_prefix(std::min(size, text.size()));
  }
}

Read read_in_any_pieces(std::string_view text, std::uint64_t limit = 1000) {
  Read whole = read(text, text.size(), limit);
  for (const std::size_t size : {1u, 2u, 3u, 7u})
    EXPECT_EQ(read(text, size, limit), whole) << size << ": " << text;
  return whole;
}

std::string get(std::string_view target, std::string_view more = {}) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n" + std::string(more) + "\r\n";
}

TEST(HttpRequest, is_read_alike_in_any_pieces) {
  const Read one = read_in_any_pieces(
      "POST /a/b?x=%C3%A9&x=2&y HTTP/1.1\r\nHost: h:80\r\nContent-Length: 5\r\nX-Thing:  two words "
      "\r\n\r\nhelloGET");
  EXPECT_EQ(one.status, 0);
  EXPECT_EQ(one.request.path, "/a/b");
  EXPECT_EQ(one.request.query, (Pairs{{"x", "é"}, {"x", "2"}, {"y", ""}}));
  EXPECT_EQ(one.request.header("x-thing"), "two words");
  EXPECT_EQ(one.request.header("x-other"), "");
  EXPECT_EQ(one.request.parameter("x"), "é");
  EXPECT_EQ(one.request.parameter("z"), std::nullopt);
  EXPECT_EQ(one.request.body, "hello");
  EXPECT_EQ(one.left, "GET");
}

TEST(HttpRequest, reads_chunks_strictly) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  const Read good =
      read_in_any_pieces(head + "5;a=b\r\nhello\r\n00B\r\n, neighbour\r\n0\r\nX: y\r\n\r\nrest");
  EXPECT_EQ(good.request.body, "hello, neighbour");
  EXPECT_EQ(good.request.header("X"), "") << "a trailer is no header";
  EXPECT_EQ(good.left, "rest");
  for (const char* bad :
       {"5\nhello\r\n0\r\n\r\n", "5\r\nhello0\r\n\r\n", "5\r\nhello\n0\r\n\r\n", "-5\r\nhello\r\n",
        "+5\r\nhello\r\n", "0x5\r\nhello\r\n", " 5\r\nhello\r\n", "5 \r\nhello\r\n",
        "\r\nhello\r\n", "g\r\n", "10000000000000000\r\n", "0000000000000005\r\nhello\r\n",
        "0\r\nX: y\n\r\n", "0\r\n\x01\r\n\r\n", "0\r\n\r\r\n", "5;\x01\r\nhello\r\n0\r\n\r\n"})
    EXPECT_EQ(read_in_any_pieces(head + bad).code, "http.bad_body") << bad;
  EXPECT_EQ(read_in_any_pieces(head + "5\r\nhello\r\n6\r\n, you!\r\n0\r\n\r\n", 10).code,
            "http.too_large");
  EXPECT_EQ(read_in_any_pieces(head + "FFFFFFFFFFFFFFF\r\n").code, "http.too_large");
  EXPECT_EQ(read_in_any_pieces(head + "5\r\nhello\r\n0\r\n").status, -1);
  EXPECT_EQ(read(head + "5;" + std::string(20'000, 'x') + "\r\n", 4096).code, "http.bad_body");
  EXPECT_EQ(read(head + "0\r\nX: " + std::string(20'000, 'x'), 4096).code, "http.bad_body");
}

TEST(HttpRequest, refuses_what_two_servers_might_read_differently) {
  const std::string post = "POST / HTTP/1.1\r\nHost: h\r\n";
  const struct {
    std::string text;
    int status;
    std::string code;
  } table[] = {
      {post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
       "http.bad_request"},
      {post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400,
       "http.bad_request"},
      {post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
       "http.bad_request"},
      {post + "Transfer-Encoding: gzip, chunked\r\n\r\n", 501, "http.transfer_coding"},
      {post + "Transfer-Encoding: gzip\r\n\r\n", 501, "http.transfer_coding"},
      {post + "Transfer-Encoding: xchunked\r\nContent-Length: 3\r\n\r\nabc", 501,
       "http.transfer_coding"},
      {post + "Transfer-Encoding: identity\r\n\r\n", 501, "http.transfer_coding"},
      {post + "Transfer-Encoding:\r\n\r\n", 501, "http.transfer_coding"},
      {post + "Transfer-Encoding : chunked\r\n\r\n", 400, "http.bad_request"},
      {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "http.bad_length"},
      {post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400, "http.bad_length"},
      {post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400, "http.bad_request"},
      {post + "Content-Length: 5, 5\r\n\r\nhello", 400, "http.bad_length"},
      {post + "Content-Length: -1\r\n\r\n", 400, "http.bad_request"},
      {post + "Content-Length: +1\r\n\r\nx", 400, "http.bad_request"},
      {post + "Content-Length: 1x\r\n\r\nx", 400, "http.bad_request"},
      {post + "Content-Length: 0x1\r\n\r\nx", 400, "http.bad_request"},
      {post + "Content-Length: \r\n\r\n", 400, "http.bad_request"},
      {post + "Content-Length: 99999999999999999999999\r\n\r\n", 400, "http.bad_request"},
      {post + "Content-Length: 1001\r\n\r\n", 413, "http.too_large"},
      {post + "Expect: the-unexpected\r\n\r\n", 417, "http.expectation"},
      {"GET / HTTP/1.1\nHost: h\n\n", 400, "http.bad_request"},
      {"GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n", 400, "http.bad_request"},
      {"GET / HTTP/1.1\r\nHost: h\rX: y\r\n\r\n", 400, "http.bad_request"},
      {"GET / HTTP/1.1\r\nHost: h\r\nX: a\x01"
       "b\r\n\r\n",
       400, "http.bad_request"},
      {std::string("GET / HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n", 36), 400, "http.bad_request"},
      {"GET / HTTP/1.1\r\nHost: h\r\nX y\r\n\r\n", 400, "http.bad_request"},
      {"GET / HTTP/1.1\r\nHost: h\r\n: y\r\n\r\n", 400, "http.bad_request"},
      {"GET / HTTP/1.1\r\n\r\n", 400, "http.bad_host"},
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "http.bad_host"},
      {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400, "http.bad_host"},
      {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, "http.bad_host"},
      {"GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400, "http.bad_host"},
      {"GET / HTTP/2.0\r\nHost: h\r\n\r\n", 400, "http.bad_request"},
      {"GET / HTTP/1.2\r\nHost: h\r\n\r\n", 400, "http.bad_request"},
      {"GET / HTTP/1.1 \r\nHost: h\r\n\r\n", 400, "http.bad_request"},
      {"GET  / HTTP/1.1\r\nHost: h\r\n\r\n", 400, "http.bad_request"},
      {"GET /\r\n\r\n", 400, "http.bad_request"},
      {" GET / HTTP/1.1\r\nHost: h\r\n\r\n", 400, "http.bad_request"},
      {"G@T / HTTP/1.1\r\nHost: h\r\n\r\n", 400, "http.bad_request"},
      {"\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\n", 400, "http.bad_request"},
      {"\x16\x03\x01\x02", 400, "http.bad_request"},
  };
  for (const auto& [text, status, code] : table) {
    const Read one = read_in_any_pieces(text);
    EXPECT_EQ(one.status, status) << text;
    EXPECT_EQ(one.code, code) << text;
  }
}

TEST(HttpRequest, bounds_the_head) {
  EXPECT_EQ(read(get("/" + std::string(5000, 'x')), 1000).code, "http.target_too_long");
  EXPECT_EQ(read(get("/" + std::string(5000, 'x')), 100'000).code, "http.target_too_long");
  EXPECT_EQ(read("GET /" + std::string(100'000, 'x'), 1000).code, "http.target_too_long");
  EXPECT_EQ(read(get("/", "X: " + std::string(5000, 'x') + "\r\n"), 1000).code,
            "http.header_too_large");
  std::string many;
  for (int i = 0; i < 150; ++i) many += "X-Number: " + std::string(20, 'x') + "\r\n";
  EXPECT_EQ(read(get("/", many), 7).code, "http.header_too_large");
  many.clear();
  for (int i = 0; i < 250; ++i) many += "a:b\r\n";
  EXPECT_EQ(read(get("/", many), 1000, 0, 100'000).code, "http.header_too_large");
}

TEST(HttpTarget, is_decoded_and_made_clean) {
  const auto path = [](std::string_view target) {
    const auto parsed = parse_target("GET", target);
    return parsed ? parsed->path : "refused";
  };
  EXPECT_EQ(path("/"), "/");
  EXPECT_EQ(path("/a//b/./c"), "/a/b/c");
  EXPECT_EQ(path("//a"), "/a");
  EXPECT_EQ(path("/a/"), "/a/");
  EXPECT_EQ(path("/a/."), "/a/");
  EXPECT_EQ(path("/a..b/...c"), "/a..b/...c");
  EXPECT_EQ(path("/%E9%87%8C%E5%9D%8A"), "/里坊");
  EXPECT_EQ(path("/里坊"), "/里坊") << "raw UTF-8, as some clients send it";
  EXPECT_EQ(path("/a+b"), "/a+b");
  EXPECT_EQ(path("/api/v1/%64evices/x%41"), "/api/v1/devices/xA");
  EXPECT_EQ(path("/api/v1/s%2fe%5ccret%25+/telemetry"), "/api/v1/s%2Fe%5Ccret%25%2B/telemetry") << "a token stays encoded";
  EXPECT_EQ(path("http://h.example:81/a?x=1"), "/a");
  EXPECT_EQ(path("HTTPS://h"), "/");
  for (const char* bad : {"",
                          "a",
                          "?x",
                          "/..",
                          "/../a",
                          "/a/..",
                          "/a/../b",
                          "/%2e%2e/a",
                          "/.%2E",
                          "/%2E./x",
                          "/a%2fb",
                          "/a%2Fb",
                          "/api/v1/token/a%2Fb",
                          "/api/v1/%2e%2e/x",
                          "/api/v1/a%00b/x",
                          "/a%5cb",
                          "/a\\b",
                          "/a%00",
                          "/%0a",
                          "/%7f",
                          "/%",
                          "/%4",
                          "/%zz",
                          "/%c0%ae",
                          "/%ff",
                          "/%ed%a0%80",
                          "/%f4%90%80%80",
                          "/a#b",
                          "/a b",
                          "http://",
                          "http:///a",
                          "http://u@h/a",
                          "http://h/../a",
                          "ftp://h/a",
                          "h:80",
                          "*",
                          "/a?x=%",
                          "/a?x=%00",
                          "/a?%ff=1",
                          "http://[::1/a",
                          "http://h:x/"})
    EXPECT_EQ(path(bad), "refused") << bad;
  EXPECT_EQ(parse_target("OPTIONS", "*")->path, "*");
  EXPECT_EQ(read_in_any_pieces("GET http://real/x HTTP/1.1\r\nHost: other\r\n\r\n")
                .request.header("host"),
            "real");
  EXPECT_EQ(percent_decode(percent_encode("a/b ?&里\x01~")), "a/b ?&里\x01~");
}

TEST(HttpUrl, has_its_parts) {
  const auto url = parse_url("HTTPS://Example.COM:8443/a/b?x=1#f");
  ASSERT_TRUE(url);
  EXPECT_TRUE(url->tls);
  EXPECT_EQ(url->host, "example.com");
  EXPECT_EQ(url->target, "/a/b?x=1");
  EXPECT_EQ(url->authority(), "example.com:8443");
  EXPECT_EQ(parse_url("http://[::1]")->authority(), "[::1]");
  EXPECT_EQ(parse_url("http://h?x")->target, "/?x");
  for (const char* bad : {"", "/a", "h", "ftp://h", "http://", "http://u:p@h/", "http://h:0/",
                          "http://h:65536/", "http://h:x/", "http://a b/", "http:/h",
                          "javascript:alert(1)", "http://h%00/", "http://%E9%87%8C/"})
    EXPECT_FALSE(parse_url(bad)) << bad;
}

TEST(HttpUrl, knows_which_addresses_are_inside) {
  for (const char* outside :
       {"1.1.1.1", "172.32.0.1", "172.15.255.255", "100.128.0.1", "2606:4700::1111", "192.0.1.1"})
    EXPECT_TRUE(is_public_address(outside)) << outside;
  for (const char* inside : {"127.0.0.1",
                             "10.1.2.3",
                             "172.16.0.1",
                             "172.31.255.255",
                             "192.168.1.1",
                             "169.254.169.254",
                             "100.64.0.1",
                             "0.0.0.0",
                             "224.0.0.1",
                             "255.255.255.255",
                             "198.18.0.1",
                             "::1",
                             "::",
                             "fe80::1",
                             "fd00::1",
                             "::ffff:10.0.0.1",
                             "64:ff9b::a00:1",
                             "2002:0a00:0001::1",
                             "2001:db8::1",
                             "2001::1",
                             "ff02::1",
                             "localhost",
                             ""})
    EXPECT_FALSE(is_public_address(inside)) << inside;
}

TEST(HttpEvents, are_read_from_any_pieces) {
  constexpr std::string_view text =
      "\r\n: comment\nid: 7\nevent: opened\ndata: one\ndata:two\r\rdata\n\nid\nretry: 5\nevent: "
      "lost\n\ndata: a:b\r\n\r\n";
  for (std::size_t size = 1; size <= text.size(); ++size) {
    std::vector<std::string> seen;
    EventReader reader;
    for (std::size_t at = 0; at < text.size(); at += size)
      ASSERT_TRUE(reader.feed(text.substr(at, size), [&](const Event& event) {
        seen.push_back(event.id + '|' + event.name + '|' + event.data);
        return true;
      }));
    EXPECT_EQ(seen, (std::vector<std::string>{"7|opened|one\ntwo", "7|message|", "|message|a:b"}))
        << size;
  }
  EventReader bounded;
  EXPECT_FALSE(bounded.feed(
      "data: 0123456789", [](const Event&) { return true; }, 10));
}

}  // namespace
}  // namespace lifang::http
