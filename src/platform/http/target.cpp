#include "platform/http/target.hpp"

#include <algorithm>

namespace lifang::http {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

constexpr std::string_view kTokensBelow = "/api/v1";

/// The path without empty and "." segments; nothing when a ".." or an ambiguous character is in it.
std::optional<std::string> clean_path(std::string_view raw) {
  std::string path;
  std::string_view rest = raw;
  bool last_was_plain = true;  // a trailing "/" or "/." leaves a trailing '/'
  while (!rest.empty()) {
    rest.remove_prefix(1);  // the '/'
    const std::string_view segment = rest.substr(0, rest.find('/'));
    rest.remove_prefix(segment.size());
    const auto decoded = percent_decode(segment);
    if (!decoded || *decoded == "..") return std::nullopt;
    last_was_plain = !decoded->empty() && *decoded != ".";
    // A device's access token may hold a '/' or a '%': its segment stays encoded, in one spelling; the porch decodes it.
    const bool token = path == kTokensBelow;
    if (!token && decoded->find_first_of("/\\") != std::string::npos) return std::nullopt;
    if (token && (has_control(*decoded) || !is_utf8(*decoded))) return std::nullopt;
    if (last_was_plain) (path += '/') += token ? percent_encode(*decoded) : *decoded;
  }
  if (path.empty() || !last_was_plain) path += '/';
  if (has_control(path) || !is_utf8(path)) return std::nullopt;
  return path;
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t more = lead < 0x80   ? 0
                             : lead < 0xc2 ? 4
                             : lead < 0xe0 ? 1
                             : lead < 0xf0 ? 2
                             : lead < 0xf5 ? 3
                                           : 4;
    if (more == 4 || i + more >= text.size()) return false;
    for (std::size_t k = 1; k <= more; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return false;
    if (more > 1) {
      const auto second = static_cast<unsigned char>(text[i + 1]);
      if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ||
          (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f))
        return false;
    }
    i += more + 1;
  }
  return true;
}

std::optional<std::string> percent_decode(std::string_view text, bool form) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += form && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

std::optional<Pairs> parse_query(std::string_view text) {
  Pairs pairs;
  while (!text.empty()) {
    const std::string_view item = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(item.size() + 1, text.size()));
    if (item.empty()) continue;
    const std::size_t equals = item.find('=');
    auto name = percent_decode(item.substr(0, equals), true);
    auto value =
        percent_decode(equals == item.npos ? std::string_view{} : item.substr(equals + 1), true);
    if (!name || !value) return std::nullopt;
    for (const std::string& part : {*name, *value})
      if (part.find('\0') != part.npos || !is_utf8(part)) return std::nullopt;
    pairs.emplace_back(std::move(*name), std::move(*value));
  }
  return pairs;
}

bool is_authority(std::string_view text) {
  const bool bracketed = text.starts_with('[');
  const std::size_t end = bracketed ? text.find(']') : text.find(':');
  if (bracketed && end == text.npos) return false;
  const std::string_view host =
      text.substr(bracketed ? 1 : 0, end == text.npos ? end : end - (bracketed ? 1 : 0));
  std::string_view port =
      end == text.npos ? std::string_view{} : text.substr(end + (bracketed ? 1 : 0));
  if (host.empty()) return false;
  for (const char c : host) {
    const bool fits = bracketed ? hex_value(c) >= 0 || c == ':' || c == '.'
                                : is_alnum(c) || c == '-' || c == '.' || c == '_';
    if (!fits) return false;
  }
  if (port.empty()) return true;
  if (port.front() != ':' || port.size() > 6) return false;
  port.remove_prefix(1);
  return std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<Target> parse_target(std::string_view method, std::string_view target) {
  Target result;
  if (target == "*") {
    if (method != "OPTIONS") return std::nullopt;
    result.path = "*";
    return result;
  }
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (target.size() < scheme.size() || !same_token(target.substr(0, scheme.size()), scheme))
      continue;
    target.remove_prefix(scheme.size());
    const std::size_t end = std::min(target.find_first_of("/?"), target.size());
    if (!is_authority(target.substr(0, end))) return std::nullopt;
    result.authority = target.substr(0, end);
    target.remove_prefix(end);
    if (target.empty() || target.front() == '?') result.path = "/";
    break;
  }
  if (result.path.empty() && !target.starts_with('/')) return std::nullopt;
  if (target.find('#') != target.npos || has_control(target) || target.find(' ') != target.npos)
    return std::nullopt;
  const std::size_t mark = target.find('?');
  if (result.path.empty()) {
    auto path = clean_path(target.substr(0, mark));
    if (!path) return std::nullopt;
    result.path = std::move(*path);
  }
  if (mark == target.npos) return result;
  auto query = parse_query(target.substr(mark + 1));
  if (!query) return std::nullopt;
  result.query = std::move(*query);
  return result;
}

}  // namespace lifang::http
