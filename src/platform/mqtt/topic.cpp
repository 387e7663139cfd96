#include "platform/mqtt/topic.hpp"

#include <cstring>

namespace lifang::mqtt {
namespace {

constexpr std::uint64_t kOnes = 0x0101010101010101U;
constexpr std::uint64_t kHighs = 0x8080808080808080U;

/// Nonzero if one of the eight bytes is zero (Mycroft's test).
constexpr std::uint64_t zero_byte(std::uint64_t word) {
  return (word - kOnes) & ~word & kHighs;
}

struct Seen {
  std::uint64_t high = 0;  ///< bytes outside ASCII
  std::uint64_t null = 0;
  std::uint64_t wild = 0;

  void add(std::uint64_t word) {
    high |= word & kHighs;
    null |= zero_byte(word);
    wild |= zero_byte(word ^ (kOnes * '#')) | zero_byte(word ^ (kOnes * '+'));
  }
};

/// Topics are looked at with every message, so eight bytes at a time.
Seen scan(std::string_view text) {
  Seen seen;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + at, 8);
    seen.add(word);
  }
  if (at < text.size()) {
    std::uint64_t word = kOnes * ' ';
    std::memcpy(&word, text.data() + at, text.size() - at);
    seen.add(word);
  }
  return seen;
}

/// Well-formed UTF-8 by table 3-7 of the Unicode standard.
bool is_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  for (std::size_t i = 0; i < text.size();) {
    const unsigned lead = byte(i);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    std::size_t more = 0;
    unsigned low = 0x80, high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) {
      more = 1;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
      more = 2;
      if (lead == 0xE0) low = 0xA0;
      if (lead == 0xED) high = 0x9F;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
      more = 3;
      if (lead == 0xF0) low = 0x90;
      if (lead == 0xF4) high = 0x8F;
    } else {
      return false;
    }
    if (text.size() - i <= more) return false;
    if (byte(i + 1) < low || byte(i + 1) > high) return false;
    for (std::size_t k = 2; k <= more; ++k)
      if ((byte(i + k) & 0xC0) != 0x80) return false;
    i += more + 1;
  }
  return true;
}

Why judge(std::string_view text, const Seen& seen) {
  if (seen.null) return Why::utf8_null;
  if (seen.high && !is_utf8(text)) return Why::utf8_malformed;
  return Why::ok;
}

}  // namespace

Why check_text(std::string_view text) {
  return judge(text, scan(text));
}

Why check_topic(std::string_view topic) {
  if (topic.empty()) return Why::topic_empty;
  const Seen seen = scan(topic);
  if (const Why why = judge(topic, seen); why != Why::ok) return why;
  return seen.wild ? Why::topic_wildcard : Why::ok;
}

Why check_filter(std::string_view filter) {
  if (filter.empty()) return Why::filter_malformed;
  const Seen seen = scan(filter);
  if (const Why why = judge(filter, seen); why != Why::ok) return why;
  if (!seen.wild) return Why::ok;
  for (std::size_t i = 0; i < filter.size(); ++i) {
    const char c = filter[i];
    if (c != '#' && c != '+') continue;
    const bool begins = i == 0 || filter[i - 1] == '/';
    const bool ends = i + 1 == filter.size() || (c == '+' && filter[i + 1] == '/');
    if (!begins || !ends) return Why::filter_malformed;
  }
  return Why::ok;
}

bool matches(std::string_view filter, std::string_view topic) {
  if (topic.starts_with('$') && (filter.starts_with('#') || filter.starts_with('+'))) return false;
  std::size_t f = 0, t = 0;
  while (f < filter.size()) {
    if (filter[f] == '#') return true;
    if (filter[f] == '+') {
      while (t < topic.size() && topic[t] != '/') ++t;
      ++f;
    } else if (t < topic.size() && filter[f] == topic[t]) {
      ++f, ++t;
      continue;
    } else {
      // "a/#" takes "a" as well: the parent level belongs to '#'.
      return t == topic.size() && filter.substr(f) == "/#";
    }
    // Behind '+': both at the end of a level.
    if (f == filter.size()) return t == topic.size();
    if (t == topic.size()) return filter.substr(f) == "/#";
    ++f, ++t;
  }
  return t == topic.size();
}

}  // namespace lifang::mqtt
