#include "platform/http/body_reader.hpp"

#include <algorithm>
#include <limits>

namespace lifang::http {
namespace {

constexpr unsigned most_extra = 16 * 1024;

bool is_text(char c) {
  return static_cast<unsigned char>(c) >= 0x20 ? c != 0x7f : c == '\t';
}

}  // namespace

BodyReader BodyReader::of_length(std::uint64_t length, std::uint64_t limit) {
  return {At::data,
          length > limit ? State::too_large
          : length == 0  ? State::done
                         : State::more,
          length, limit};
}

BodyReader BodyReader::chunked(std::uint64_t limit) {
  BodyReader reader{At::size, State::more, 0, limit};
  reader.chunked_ = true;
  return reader;
}

BodyReader BodyReader::until_close(std::uint64_t limit) {
  BodyReader reader{At::data, State::more, std::numeric_limits<std::uint64_t>::max(), limit};
  reader.endless_ = true;
  return reader;
}

BodyReader::State BodyReader::next(std::string_view& input, std::string_view& piece) {
  piece = {};
  while (state_ == State::more && !input.empty()) {
    if (at_ != At::data) {
      const char c = input.front();
      input.remove_prefix(1);
      at_ == At::size ? size_digit(c) : frame(c);
      continue;
    }
    piece = input.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size())));
    if (piece.size() > limit_) {
      piece = {};
      return state_ = State::too_large;
    }
    input.remove_prefix(piece.size());
    limit_ -= piece.size();
    if (endless_) break;
    left_ -= piece.size();
    if (left_ == 0 && chunked_) at_ = At::data_cr;
    if (left_ == 0 && !chunked_) state_ = State::done;
    break;
  }
  return state_;
}

BodyReader::State BodyReader::close() {
  if (state_ == State::more) state_ = endless_ ? State::done : State::bad;
  return state_;
}

void BodyReader::size_digit(char c) {
  const int value = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
  if (value >= 0) {
    if (++digits_ > 15) state_ = State::bad;  // no overflow, and no padding with zeros without end
    left_ = left_ * 16 + static_cast<std::uint64_t>(value);
    return;
  }
  if (digits_ == 0 || (c != '\r' && c != ';')) {
    state_ = State::bad;
    return;
  }
  if (left_ > limit_) state_ = State::too_large;
  at_ = c == ';' ? At::extension : At::size_lf;
}

void BodyReader::frame(char c) {
  const auto expect = [&](char wanted, At then) {
    if (c != wanted) state_ = State::bad;
    at_ = then;
  };
  switch (at_) {
    case At::extension:
      if (c == '\r')
        at_ = At::size_lf;
      else if (!is_text(c) || ++extra_ > most_extra)
        state_ = State::bad;
      return;
    case At::size_lf:
      digits_ = 0;
      return expect('\n', left_ == 0 ? At::line : At::data);
    case At::data_cr:
      return expect('\r', At::data_lf);
    case At::data_lf:
      return expect('\n', At::size);
    case At::line:
      at_ = c == '\r' ? At::last_lf : At::trailer;
      if (at_ == At::trailer && !is_text(c)) state_ = State::bad;
      return;
    case At::trailer:
      if (c == '\r')
        at_ = At::trailer_lf;
      else if (!is_text(c) || ++extra_ > most_extra)
        state_ = State::bad;
      return;
    case At::trailer_lf:
      return expect('\n', At::line);
    case At::last_lf:
      state_ = c == '\n' ? State::done : State::bad;
      return;
    case At::data:
    case At::size:
      return;  // next() sees to these
  }
}

}  // namespace lifang::http
