#include "platform/http/request_parser.hpp"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <optional>

#include "platform/http/target.hpp"

namespace lifang::http {
namespace beast = boost::beast;

namespace {

constexpr std::size_t most_fields = 200;

bool is_method_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

}  // namespace

struct RequestParser::Head {
  /// Fills a Request from the head. Bodies never reach it: skip(true) ends the message after the
  /// header.
  class Parser final : public beast::http::basic_parser<true> {
   public:
    Parser(Request& request, std::size_t max_header) : request_(request) {
      header_limit(static_cast<std::uint32_t>(max_header));
      skip(true);
    }
    bool http11() const { return version_ == 11; }

   private:
    using Code = beast::error_code;
    using Text = beast::string_view;

    void on_request_impl(beast::http::verb, Text method, Text target, int version, Code&) override {
      request_.method.assign(method.data(), method.size());
      request_.target.assign(target.data(), target.size());
      version_ = version;
    }
    void on_field_impl(beast::http::field, Text name, Text value, Code& ec) override {
      if (request_.headers.size() == most_fields) {
        ec = beast::http::error::header_limit;
        return;
      }
      request_.headers.emplace_back(std::string(name.data(), name.size()),
                                    std::string(value.data(), value.size()));
    }
    void on_response_impl(int, Text, int, Code&) override {}
    void on_header_impl(Code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, Code&) override {}
    std::size_t on_body_impl(Text body, Code&) override { return body.size(); }
    void on_chunk_header_impl(std::uint64_t, Text, Code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, Text body, Code&) override { return body.size(); }
    void on_finish_impl(Code&) override {}

    Request& request_;
    int version_ = 0;
  };

  std::unique_ptr<Request> request =
      std::make_unique<Request>();  // stays put when the parser is moved
  std::optional<Parser> parser;
  bool continues = false, chunked = false;
  std::uint64_t length = 0;
};

RequestParser::RequestParser(std::size_t max_header)
    : max_header_(max_header), head_(std::make_unique<Head>()) {
  reset();
}
RequestParser::~RequestParser() = default;
RequestParser::RequestParser(RequestParser&&) noexcept = default;
RequestParser& RequestParser::operator=(RequestParser&&) noexcept = default;

void RequestParser::reset() {
  *head_->request = Request{};
  request_ = Request{};
  head_->parser.emplace(*head_->request, max_header_);
  head_->continues = head_->chunked = false;
  head_->length = 0;
  head_done_ = false;
  blank_lines_ = 0;
  scanned_ = line_begin_ = 0;
  refused_ = {};
}

bool RequestParser::keep_alive() const {
  return head_done_ && head_->parser->keep_alive();
}
bool RequestParser::expects_continue() const {
  return head_->continues;
}
std::uint64_t RequestParser::announced_length() const {
  return head_->length;
}
bool RequestParser::bodiless() const {
  return body_.state() == BodyReader::State::done;
}
bool RequestParser::old_version() const {
  return !head_->parser->http11();
}

RequestParser::Step RequestParser::refuse(int status, std::string_view code,
                                          std::string_view detail) {
  refused_ = {status, code, detail};
  return Step::refused;
}

bool RequestParser::deny(int status, std::string_view code, std::string_view detail) {
  refuse(status, code, detail);
  return false;
}

RequestParser::Step RequestParser::step(std::string_view& input, std::string_view& piece) {
  piece = {};
  if (refused_.code.data()) return Step::refused;
  if (!head_done_) return read_head(input);
  switch (body_.next(input, piece)) {
    case BodyReader::State::bad:
      return refuse(400, "http.bad_body", "the chunks of the body cannot be read");
    case BodyReader::State::too_large:
      return refuse(413, "http.too_large", "the body is larger than accepted here");
    case BodyReader::State::done:
      return piece.empty() ? Step::complete : Step::body;
    case BodyReader::State::more:
      break;
  }
  return piece.empty() ? Step::more : Step::body;
}

// Beast gets the whole head in one piece. In several pieces it would look for the end of all fields
// before it looks at the first line, so that the answer to a bad line would depend on how the bytes
// happened to arrive.
RequestParser::Step RequestParser::read_head(std::string_view& input) {
  while (scanned_ == 0 &&
         input.starts_with('\r')) {  // RFC 9112 §2.2: ignore an empty line before a request
    if (input.size() < 2) return Step::more;
    if (input[1] != '\n' || ++blank_lines_ > 4)
      return refuse(400, "http.bad_request", "a request line is missing");
    input.remove_prefix(2);
  }
  if (input.empty()) return Step::more;
  if (!is_method_letter(input.front()))
    return refuse(400, "http.bad_request", "this is no HTTP request");
  std::size_t end = 0;
  while (end == 0) {
    const std::size_t feed = input.find('\n', scanned_);
    if (std::min(feed, input.size()) >= max_header_) {
      if (line_begin_ > 0)
        return refuse(431, "http.header_too_large", "the header fields are too large");
      return refuse(414, "http.target_too_long", "the request line is too long");
    }
    scanned_ = input.size();
    if (feed == input.npos) return Step::more;
    if (feed == line_begin_ || input[feed - 1] != '\r')
      return refuse(400, "http.bad_request", "a line ends without a carriage return");
    if (feed == line_begin_ + 1) end = feed + 1;
    scanned_ = line_begin_ = feed + 1;
  }
  beast::error_code ec;
  const std::size_t taken = head_->parser->put({input.data(), end}, ec);
  if (ec == beast::http::error::header_limit)
    return refuse(431, "http.header_too_large", "there are too many header fields");
  if (ec || taken != end)
    return refuse(400, "http.bad_request", "the head of the request cannot be read");
  input.remove_prefix(end);
  request_ = std::move(*head_->request);
  head_done_ = true;
  return check_head() && check_framing() ? Step::head : Step::refused;
}

bool RequestParser::check_head() {
  std::size_t hosts = 0;
  for (const auto& [name, value] : request_.headers) {
    if (!same_token(name, "host")) continue;
    ++hosts;
    if (!value.empty() && !is_authority(value))
      return deny(400, "http.bad_host", "the Host is no name");
  }
  if (hosts > 1 || (hosts == 0 && !old_version()))
    return deny(400, "http.bad_host", "exactly one Host is needed");

  auto target = parse_target(request_.method, request_.target);
  if (!target) return deny(400, "http.bad_target", "the target is no clean path");
  request_.path = std::move(target->path);
  request_.query = std::move(target->query);
  if (!target->authority.empty())  // RFC 9112 §3.2.2: it wins over the Host
    for (auto& [name, value] : request_.headers)
      if (same_token(name, "host")) value = target->authority;
  return true;
}

bool RequestParser::check_framing() {
  std::size_t lengths = 0, codings = 0;
  for (const auto& [name, value] : request_.headers) {
    if (same_token(name, "content-length")) {
      ++lengths;
      if (value.find(',') != value.npos) ++lengths;
    } else if (same_token(name, "transfer-encoding")) {
      ++codings;
      if (!same_token(value, "chunked"))
        return deny(501, "http.transfer_coding", "no other coding than chunked is known here");
    } else if (same_token(name, "expect")) {
      if (!same_token(value, "100-continue"))
        return deny(417, "http.expectation", "nothing but 100-continue can be expected");
      head_->continues = !old_version();
    }
  }
  if (lengths + codings > 1 || (codings > 0 && old_version()))
    return deny(400, "http.bad_length", "the length of the body is told twice, or in a wrong way");
  head_->chunked = codings == 1;
  head_->length = lengths == 1 ? head_->parser->content_length().value_or(0) : 0;
  return true;
}

void RequestParser::expect_body(std::uint64_t limit) {
  body_ = head_->chunked ? BodyReader::chunked(limit) : BodyReader::of_length(head_->length, limit);
}

}  // namespace lifang::http
