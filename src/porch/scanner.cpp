#include "porch/scanner.hpp"

#include <charconv>
#include <cmath>

#include "base/text.hpp"

namespace lifang::porch {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex(char c) {
  if (is_digit(c)) return c - '0';
  c = static_cast<char>(c | 0x20);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void append_utf8(std::string& out, std::uint32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0 | c >> 12);
    out += static_cast<char>(0x80 | (c >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | c >> 18);
    out += static_cast<char>(0x80 | (c >> 12 & 0x3f));
    out += static_cast<char>(0x80 | (c >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  }
}

/// Four hex digits at `p`, or −1.
std::int32_t four(const char* p, const char* end) {
  if (end - p < 4) return -1;
  std::int32_t v = 0;
  for (int i = 0; i < 4; ++i) {
    const int digit = hex(p[i]);
    if (digit < 0) return -1;
    v = v << 4 | digit;
  }
  return v;
}

}  // namespace

void Scanner::space() {
  while (p_ < end_ && (*p_ == ' ' || *p_ == '\n' || *p_ == '\t' || *p_ == '\r')) ++p_;
}

char Scanner::peek() {
  space();
  return p_ < end_ ? *p_ : '\0';
}

bool Scanner::take(char c) {
  space();
  if (p_ >= end_ || *p_ != c) return false;
  ++p_;
  return true;
}

bool Scanner::finished() {
  space();
  return good_ && p_ == end_;
}

bool Scanner::enter() {
  if (!good_ || depth_ == 0) return fail();
  --depth_;
  return true;
}

bool Scanner::word(std::string_view word) {
  if (static_cast<std::size_t>(end_ - p_) < word.size() || std::string_view(p_, word.size()) != word) return false;
  p_ += word.size();
  return true;
}

bool Scanner::string(std::string_view& out) {
  if (!good_ || !take('"')) return fail();
  const char* from = p_;
  bool plain = true, ascii = true;
  while (p_ < end_ && *p_ != '"') {
    const auto c = static_cast<unsigned char>(*p_);
    if (c < 0x20) return fail();
    if (c >= 0x80) ascii = false;
    if (c == '\\') {
      plain = false;
      ++p_;
      if (p_ == end_) return fail();
    }
    ++p_;
  }
  if (p_ >= end_) return fail();
  const char* to = p_++;
  out = {from, static_cast<std::size_t>(to - from)};
  if (!ascii && !valid_utf8(out)) return fail();
  if (plain) return true;
  if (!unescape(from, to)) return fail();
  out = unescaped_;
  return true;
}

bool Scanner::unescape(const char* from, const char* to) {
  unescaped_.clear();
  for (const char* p = from; p < to; ++p) {
    if (*p != '\\') {
      unescaped_ += *p;
      continue;
    }
    switch (*++p) {
      case '"': unescaped_ += '"'; break;
      case '\\': unescaped_ += '\\'; break;
      case '/': unescaped_ += '/'; break;
      case 'b': unescaped_ += '\b'; break;
      case 'f': unescaped_ += '\f'; break;
      case 'n': unescaped_ += '\n'; break;
      case 'r': unescaped_ += '\r'; break;
      case 't': unescaped_ += '\t'; break;
      case 'u': {
        const auto unit = four(p + 1, to);
        if (unit < 0 || (unit >= 0xdc00 && unit < 0xe000)) return false;
        p += 4;
        auto c = static_cast<std::uint32_t>(unit);
        if (unit >= 0xd800 && unit < 0xdc00) {
          if (to - p < 7 || p[1] != '\\' || p[2] != 'u') return false;
          const auto low = four(p + 3, to);
          if (low < 0xdc00 || low >= 0xe000) return false;
          c = 0x10000 + ((c - 0xd800) << 10 | (static_cast<std::uint32_t>(low) - 0xdc00));
          p += 6;
        }
        append_utf8(unescaped_, c);
        break;
      }
      default: return false;
    }
  }
  return true;
}

Scanner::Kind Scanner::number(double& value) {
  const char* from = p_;
  if (p_ < end_ && *p_ == '-') ++p_;
  if (word("Infinity") || word("inf")) return Kind::other;
  if (p_ >= end_ || !is_digit(*p_)) return fail(), Kind::other;
  if (*p_ == '0' && p_ + 1 < end_ && is_digit(p_[1])) return fail(), Kind::other;
  while (p_ < end_ && is_digit(*p_)) ++p_;
  if (p_ < end_ && *p_ == '.') {
    ++p_;
    if (p_ >= end_ || !is_digit(*p_)) return fail(), Kind::other;
    while (p_ < end_ && is_digit(*p_)) ++p_;
  }
  if (p_ < end_ && (*p_ == 'e' || *p_ == 'E')) {
    ++p_;
    if (p_ < end_ && (*p_ == '+' || *p_ == '-')) ++p_;
    if (p_ >= end_ || !is_digit(*p_)) return fail(), Kind::other;
    while (p_ < end_ && is_digit(*p_)) ++p_;
  }
  const auto [end, ec] = std::from_chars(from, p_, value);
  return ec == std::errc{} && end == p_ && std::isfinite(value) ? Kind::number : Kind::other;
}

Scanner::Kind Scanner::value(double& value) {
  if (!good_) return Kind::other;
  switch (peek()) {
    case '"': {
      std::string_view ignored;
      string(ignored);
      return Kind::other;
    }
    case '{': object([this](std::string_view) { skip(); }); return Kind::other;
    case '[': array([this] { skip(); }); return Kind::other;
    case 't':
      if (!word("true")) fail();
      value = 1;
      return Kind::boolean;
    case 'f':
      if (!word("false")) fail();
      value = 0;
      return Kind::boolean;
    case 'n':
      if (!word("null") && !word("nan")) fail();
      return Kind::other;
    case 'N':
      if (!word("NaN")) fail();
      return Kind::other;
    case 'I':
      if (!word("Infinity")) fail();
      return Kind::other;
    default: return number(value);
  }
}

}  // namespace lifang::porch
