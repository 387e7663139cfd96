#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace lifang {
namespace {

constexpr char32_t kUnknown = 0xFFFD;

/// The code point at the front of `text` and its length; length 0 if the bytes are no UTF-8 (RFC
/// 3629).
struct Decoded {
  char32_t point = kUnknown;
  std::size_t length = 0;
};

Decoded decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {};
  char32_t point = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    point = point << 6 | (byte(i) & 0x3F);
  }
  const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
  if (overlong || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return {};
  return {point, length};
}

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&](char32_t byte) {
    out += static_cast<char>(static_cast<unsigned char>(byte));
  };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6);
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3F));
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

bool is_space(char32_t c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x3000 ||
         (c >= 0x2000 && c <= 0x200B) || c == 0xFEFF;
}

bool is_digit(char32_t c) {
  return c >= '0' && c <= '9';
}

bool is_word(char32_t c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') ||
         (c >= 0xC0 && c < 0x250 && c != 0xD7 && c != 0xF7);
}

/// Full-width forms (U+FF01–FF5E) to ASCII, ASCII capitals to small letters.
char32_t fold(char32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;
  if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
  return c;
}

std::string stars(std::size_t n) {
  return std::string(n, '*');
}

}  // namespace

bool valid_utf8(std::string_view text) {
  while (!text.empty()) {
    const Decoded next = decode(text);
    if (next.length == 0) return false;
    text.remove_prefix(next.length);
  }
  return true;
}

std::u32string to_code_points(std::string_view text) {
  std::u32string points;
  points.reserve(text.size());
  while (!text.empty()) {
    const Decoded next = decode(text);
    points += next.point;
    text.remove_prefix(std::max<std::size_t>(next.length, 1));
  }
  return points;
}

std::string to_utf8(std::u32string_view points) {
  std::string text;
  text.reserve(points.size());
  for (const char32_t c : points) append_utf8(text, c);
  return text;
}

std::size_t length_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string_view trim(std::string_view text) {
  while (!text.empty()) {
    const Decoded next = decode(text);
    if (next.length == 0 || !is_space(next.point)) break;
    text.remove_prefix(next.length);
  }
  while (!text.empty()) {
    std::size_t at = text.size() - 1;  // step back to the first byte of the last character
    while (at > 0 && text.size() - at < 4 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80)
      --at;
    const Decoded last = decode(text.substr(at));
    if (last.length != text.size() - at || !is_space(last.point)) break;
    text.remove_suffix(last.length);
  }
  return text;
}

std::string normalise(std::string_view text) {
  std::u32string out;
  bool space = false;
  for (const char32_t raw : to_code_points(text)) {
    const char32_t c = fold(raw);
    if (is_space(c)) {
      space = true;
      continue;
    }
    if (space && !out.empty() && !is_cjk(out.back()) && !is_cjk(c)) out += U' ';
    space = false;
    out += c;
  }
  return to_utf8(out);
}

std::string mask_name(std::string_view name) {
  constexpr std::u32string_view kDouble[] = {U"欧阳", U"上官", U"司马", U"诸葛", U"东方", U"皇甫",
                                             U"尉迟", U"公孙", U"慕容", U"令狐", U"长孙", U"宇文",
                                             U"司徒", U"夏侯", U"端木", U"南宫", U"百里", U"独孤"};
  const std::u32string points = to_code_points(trim(name));
  if (points.empty()) return {};
  if (points.size() == 1) return "*";
  std::size_t keep = 1;
  if (points.size() > 2)
    for (const auto surname : kDouble) keep = points.starts_with(surname) ? 2 : keep;
  return to_utf8(points.substr(0, keep)) + stars(std::min<std::size_t>(points.size() - keep, 3));
}

std::string mask_phone(std::string_view phone) {
  const std::string text = normalise(phone);
  if (text.size() < 8)
    return text.size() < 3 ? stars(text.size())
                           : stars(text.size() - 2) + text.substr(text.size() - 2);
  return text.substr(0, text.size() - 8) + "****" + text.substr(text.size() - 4);
}

std::string mask_identity(std::string_view number) {
  const std::string text = normalise(number);
  if (text.size() <= 8) return stars(text.size());
  return text.substr(0, 4) + stars(text.size() - 8) + text.substr(text.size() - 4);
}

std::string mask_address(std::string_view address) {
  const std::u32string text = to_code_points(trim(address));
  std::size_t keep = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool after_number =
        i > 0 && (is_word(fold(text[i - 1])) || is_space(text[i - 1]) ||
                  std::u32string_view(U"一二三四五六七八九十").find(text[i - 1]) !=
                      std::u32string_view::npos);
    if (!after_number) continue;
    if (text[i] == U'幢' || text[i] == U'栋' || text[i] == U'座') keep = i + 1;
    if (text[i] == U'号' && i + 1 < text.size() && text[i + 1] == U'楼') keep = i + 2;
    if (keep > i) break;
  }
  if (keep == 0) {  // no building named: the number of the house in its road, if any
    for (std::size_t i = 1; i < text.size() && keep == 0; ++i)
      if (text[i] == U'号') keep = i + 1;
  }
  if (keep == 0) keep = text.size() / 2;
  return to_utf8(std::u32string_view(text).substr(0, keep)) + (keep < text.size() ? "***" : "");
}

std::optional<std::size_t> edit_distance(std::string_view a, std::string_view b,
                                         std::size_t limit) {
  const std::u32string x = to_code_points(a);
  const std::u32string y = to_code_points(b);
  if (std::max(x.size(), y.size()) - std::min(x.size(), y.size()) > limit) return std::nullopt;
  // The usual table, one row at a time (Wagner and Fischer 1974).
  std::vector<std::size_t> row(y.size() + 1);
  for (std::size_t j = 0; j <= y.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= x.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    std::size_t best = i;
    for (std::size_t j = 1; j <= y.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (x[i - 1] == y[j - 1] ? 0U : 1U)});
      diagonal = above;
      best = std::min(best, row[j]);
    }
    if (best > limit) return std::nullopt;
  }
  return row.back() <= limit ? std::optional{row.back()} : std::nullopt;
}

bool is_cjk(char32_t c) {
  return (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x4E00 && c <= 0x9FFF) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x323AF) ||
         (c >= 0x3040 && c <= 0x30FF) || (c >= 0xAC00 && c <= 0xD7A3) || c == 0x3005 || c == 0x3007;
}

std::vector<std::string> search_terms(std::string_view text) {
  std::u32string points = to_code_points(text);
  std::transform(points.begin(), points.end(), points.begin(), fold);
  std::vector<std::string> terms;
  std::size_t i = 0;
  const auto run = [&](auto belongs) {
    const std::size_t from = i;
    while (i < points.size() && belongs(points[i])) ++i;
    return std::u32string_view(points).substr(from, i - from);
  };
  while (i < points.size()) {
    if (is_cjk(points[i])) {
      const auto cjk = run(is_cjk);
      if (cjk.size() == 1) terms.push_back(to_utf8(cjk));
      for (std::size_t k = 0; k + 1 < cjk.size(); ++k) terms.push_back(to_utf8(cjk.substr(k, 2)));
    } else if (is_word(points[i])) {
      terms.push_back(to_utf8(run(is_word)));
    } else {
      ++i;
    }
  }
  return terms;
}

bool equal_in_constant_time(std::string_view expected, std::string_view given) {
  unsigned different = expected.size() == given.size() ? 0 : 1;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const char other = expected.empty() ? '\0' : expected[i % expected.size()];
    different |= static_cast<unsigned char>(given[i] ^ other);
  }
  const volatile unsigned result = different;
  return result == 0;
}

std::string to_hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    (hex += kDigits[byte >> 4]) += kDigits[byte & 15];
  }
  return hex;
}

std::optional<std::string> from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  const auto digit = [](char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
  };
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit(hex[i]);
    const int low = digit(hex[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(static_cast<unsigned char>(high * 16 + low));
  }
  return bytes;
}

namespace {
constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
}

std::string to_base64url(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  unsigned held = 0;
  int bits = 0;
  for (const char c : bytes) {
    held = (held << 8 | static_cast<unsigned char>(c)) & 0xFFFF;
    for (bits += 8; bits >= 6; bits -= 6) text += kBase64[held >> (bits - 6) & 63];
  }
  if (bits > 0) text += kBase64[held << (6 - bits) & 63];
  return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  unsigned held = 0;
  int bits = 0;
  for (const char c : text) {
    const auto value = kBase64.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    held = (held << 6 | static_cast<unsigned>(value)) & 0xFFFF;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(static_cast<unsigned char>(held >> bits));
  }
  // One spelling for one value: the bits left over must be zero.
  if ((held & ((1U << bits) - 1)) != 0) return std::nullopt;
  return bytes;
}

}  // namespace lifang
