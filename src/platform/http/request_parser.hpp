// RequestParser: bytes in, one Request out, or the refusal that the sender deserves. Pure; Beast
// reads the head.
#pragma once
#include <memory>

#include "platform/http/body_reader.hpp"
#include "platform/http/message.hpp"

namespace lifang::http {

/// Beast is strict about the grammar of the head. On top of it this class refuses whatever a server
/// behind or before us might read differently: Content-Length beside Transfer-Encoding or twice,
/// other codings than "chunked", no Host or two, ambiguous targets (see parse_target).
class RequestParser {
 public:
  explicit RequestParser(std::size_t max_header);
  ~RequestParser();
  RequestParser(RequestParser&&) noexcept;
  RequestParser& operator=(RequestParser&&) noexcept;

  enum class Step {
    more,      ///< give the bytes left in `input` again, with those that follow
    head,      ///< the head is read: call expect_body() before the next step
    body,      ///< `piece` is the next stretch of the body
    complete,  ///< the request is read; what is left in `input` belongs to the next one
    refused,   ///< see refusal(); the connection cannot go on
  };
  struct Refused {
    int status = 400;
    std::string_view code, detail;  ///< literals
  };

  Step step(std::string_view& input, std::string_view& piece);
  /// How many bytes of body may come (a longer one is refused with 413).
  void expect_body(std::uint64_t limit);

  bool keep_alive() const;
  bool expects_continue() const;
  std::uint64_t announced_length() const;  ///< 0 for chunks
  bool bodiless() const;                   ///< after expect_body(): there is nothing to come
  /// Filled from Step::head on; the caller moves it out when complete.
  Request& request() { return request_; }
  bool old_version() const;  ///< HTTP/1.0
  const Refused& refusal() const { return refused_; }
  /// Ready for the next request on the same connection.
  void reset();

 private:
  struct Head;
  Step read_head(std::string_view& input);
  bool check_head();
  bool check_framing();
  bool deny(int status, std::string_view code, std::string_view detail);
  Step refuse(int status, std::string_view code, std::string_view detail);

  std::size_t max_header_;
  std::unique_ptr<Head> head_;
  Request request_;
  Refused refused_;
  BodyReader body_ = BodyReader::of_length(0, 0);
  bool head_done_ = false;
  unsigned blank_lines_ = 0;
  std::size_t scanned_ = 0, line_begin_ = 0;  ///< in the head so far
};

}  // namespace lifang::http
