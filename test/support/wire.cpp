#include "support/wire.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace lifang {
namespace {

class Reading {
 public:
  explicit Reading(std::string_view text) : text_(text) {}

  std::string group(char end) {
    std::string bytes, last;
    while (true) {
      blanks();
      if (at_ == text_.size()) {
        if (end != 0) fail();
        return bytes + last;
      }
      const char c = text_[at_];
      if (c == end) {
        ++at_;
        return bytes + last;
      }
      if (c == '*') {
        const std::string one = last;
        last.clear();
        ++at_;
        for (std::size_t n = number(); n > 0; --n) last += one;
        continue;
      }
      bytes += last;
      last = piece(c);
    }
  }

 private:
  [[noreturn]] void fail() const {
    throw std::invalid_argument(fmt::format("wire: at {}: {}", at_, text_));
  }
  void blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  std::size_t number() {
    std::size_t n = 0;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9')
      n = n * 10 + static_cast<std::size_t>(text_[at_++] - '0');
    return n;
  }
  std::string quoted(char mark) {
    const std::size_t close = text_.find(mark, ++at_);
    if (close == std::string_view::npos) fail();
    const std::string inside(text_.substr(at_, close - at_));
    at_ = close + 1;
    return inside;
  }
  static int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
  }
  static std::string with_length(const std::string& bytes) {
    std::string length;
    std::size_t n = bytes.size();
    do {
      length += static_cast<char>(n % 128 | (n >= 128 ? 128 : 0));
      n /= 128;
    } while (n > 0);
    return length + bytes;
  }
  std::string piece(char c) {
    switch (c) {
      case '"': {
        const std::string inside = quoted('"');
        return std::string{static_cast<char>(inside.size() / 256),
                           static_cast<char>(inside.size() % 256)} +
               inside;
      }
      case '\'':
        return quoted('\'');
      case '{':
        ++at_;
        return with_length(group('}'));
      case '[':
        ++at_;
        return with_length(group(']'));
      default:
        break;
    }
    if (at_ + 1 >= text_.size() || digit(c) < 0 || digit(text_[at_ + 1]) < 0) fail();
    const int value = digit(c) * 16 + digit(text_[at_ + 1]);
    at_ += 2;
    return std::string(1, static_cast<char>(value));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::string wire(std::string_view text) {
  return Reading(text).group(0);
}

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) text += fmt::format("{:02X} ", static_cast<unsigned char>(c));
  if (!text.empty()) text.pop_back();
  return text;
}

}  // namespace lifang
