// BodyReader: where a body ends, by its length, by chunks or by the close. Pure; for requests and
// answers.
#pragma once
#include <cstdint>
#include <string_view>

namespace lifang::http {

/// RFC 9112 §6–7, read strictly: a chunk line ends with CR LF and nothing else, sizes are plain hex
/// digits, trailer fields are skipped (nobody upstairs shall mistake them for headers). Allocates
/// nothing.
class BodyReader {
 public:
  enum class State { more, done, bad, too_large };

  static BodyReader of_length(std::uint64_t length, std::uint64_t limit);
  static BodyReader chunked(std::uint64_t limit);
  static BodyReader until_close(std::uint64_t limit);

  State state() const { return state_; }
  /// Takes bytes from the front of `input` up to and with one stretch of body, which `piece` then
  /// shows (empty: there was none in this input). Call again while it says `more` and input is
  /// left.
  State next(std::string_view& input, std::string_view& piece);
  /// The sender has closed: done for until_close, otherwise bad.
  State close();

 private:
  enum class At {
    data,
    size,
    extension,
    size_lf,
    data_cr,
    data_lf,
    line,
    trailer,
    trailer_lf,
    last_lf
  };
  BodyReader(At at, State state, std::uint64_t left, std::uint64_t limit)
      : at_(at), state_(state), left_(left), limit_(limit) {}
  void size_digit(char c);
  void frame(char c);

  At at_;
  State state_;
  bool chunked_ = false, endless_ = false;
  std::uint64_t left_;   ///< of the length or of this chunk
  std::uint64_t limit_;  ///< of body that may still come
  unsigned digits_ = 0;
  unsigned extra_ = 0;  ///< bytes of extensions and trailers so far
};

}  // namespace lifang::http
