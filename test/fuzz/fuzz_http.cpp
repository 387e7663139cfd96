// Any bytes as what an HTTP client or server says: read alike in any pieces, and what is accepted
// keeps the promises of Request.
#include <algorithm>
#include <string>

#include "fuzz_main.hpp"

#include "base/check.hpp"
#include "platform/http/event_reader.hpp"
#include "platform/http/request_parser.hpp"
#include "platform/http/target.hpp"
#include "platform/http/url.hpp"

namespace {

using namespace lifang;
using namespace lifang::http;

void check_path(const std::string& path) {
  if (path == "*") return;
  check(path.starts_with('/') && is_utf8(path), "a path begins with '/' and is UTF-8");
  check(path.find("//") == path.npos, "a path has no empty segment");
  check((path + '/').find("/../") == path.npos, "a path leads nowhere up");
  check((path + '/').find("/./") == path.npos, "a path has no '.' segment");
  for (const char c : path)
    check(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f && c != '\\', "a path has no controls");
}

/// Everything that the bytes amount to, one request after the other, spelled out.
std::string requests_of(std::string_view text, std::size_t size) {
  RequestParser parser(2048);
  std::string input, said, body;
  while (true) {
    std::string_view view = input, piece;
    for (bool on = true; on;) {
      switch (parser.step(view, piece)) {
        case RequestParser::Step::head:
          check_path(parser.request().path);
          check(parser.request().headers.size() <= 200, "the number of fields is bounded");
          parser.expect_body(4096);
          break;
        case RequestParser::Step::body:
          check(!piece.empty(), "a stretch of body is not empty");
          body += piece;
          check(body.size() <= 4096, "the body is bounded");
          break;
        case RequestParser::Step::complete: {
          const Request request = std::move(parser.request());
          said += request.method + ' ' + request.path + ' ';
          for (const auto* pairs : {&request.query, &request.headers})
            for (const auto& [name, value] : *pairs) said += name + '=' + value + ';';
          said += parser.keep_alive() ? "keep " : "close ";
          said += body + '\n';
          body.clear();
          parser.reset();
          break;
        }
        case RequestParser::Step::refused:
          check(parser.refusal().status >= 400, "a refusal has a status");
          return said + std::string(parser.refusal().code);
        case RequestParser::Step::more: on = false; break;
      }
    }
    input.erase(0, input.size() - view.size());
    if (text.empty()) return said;
    input += text.substr(0, size);
    text.remove_prefix(std::min(size, text.size()));
  }
}

std::string events_of(std::string_view text, std::size_t size) {
  EventReader reader;
  std::string said;
  for (; !text.empty(); text.remove_prefix(std::min(size, text.size()))) {
    const bool go_on = reader.feed(text.substr(0, size), [&](const Event& event) {
      said += event.id + '|' + event.name + '|' + event.data + '\n';
      return said.size() < 4096;
    });
    if (!go_on) break;
  }
  return said;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string requests = requests_of(text, text.size() + 1);
  const std::string events = events_of(text, text.size() + 1);
  for (const std::size_t piece : {1u, 3u, 64u}) {
    check(requests_of(text, piece) == requests, "requests do not depend on how they arrive");
    check(events_of(text, piece) == events, "events do not depend on how they arrive");
  }
  if (const auto target = parse_target("GET", text)) {
    check_path(target->path);
    std::string again;
    std::string_view rest = target->path;
    while (!rest.empty()) {
      const std::string_view segment = rest.substr(1, rest.find('/', 1) - 1);
      (again += '/') += percent_encode(segment);
      rest.remove_prefix(segment.size() + 1);
    }
    const auto back = parse_target("GET", again);
    check(back && back->path == target->path, "a clean path reads back as itself");
    for (const auto& [name, value] : target->query)
      check(is_utf8(name) && is_utf8(value), "queries are UTF-8");
  }
  check(percent_decode(percent_encode(text)) == text, "what was encoded decodes");
  if (const auto url = parse_url(text)) {
    check(is_authority(url->authority()), "a host can be sent as Host");
    check(url->target.starts_with('/') && url->port != 0, "a URL leads somewhere");
  }
  return 0;
}
