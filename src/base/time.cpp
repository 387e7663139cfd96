#include "base/time.hpp"

#include <fmt/format.h>

#include <charconv>

namespace lifang {
namespace {

/// Reads exactly n digits at the front of `text` and drops them.
std::optional<int> digits(std::string_view& text, std::size_t n) {
  if (text.size() < n) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(n);
  return value;
}

bool eat(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::int64_t> zone(std::string_view& text) {
  if (eat(text, 'Z') || eat(text, 'z')) return 0;
  const bool minus = !text.empty() && text.front() == '-';
  if (!eat(text, '+') && !eat(text, '-')) return std::nullopt;
  const auto h = digits(text, 2);
  if (!h || !eat(text, ':')) return std::nullopt;
  const auto m = digits(text, 2);
  if (!m || *h > 23 || *m > 59) return std::nullopt;
  const std::int64_t ms = (*h * 60 + *m) * 60'000LL;
  return minus ? -ms : ms;
}

/// A fraction ".123456" in milliseconds, truncated; 0 if there is none.
std::optional<std::int64_t> fraction(std::string_view& text) {
  if (!eat(text, '.')) return 0;
  std::int64_t ms = 0;
  int n = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    if (n < 3) ms = ms * 10 + (text.front() - '0');
    ++n;
    text.remove_prefix(1);
  }
  if (n == 0) return std::nullopt;
  for (; n < 3; ++n) ms *= 10;
  return ms;
}

}  // namespace

std::string to_rfc3339(Time t, int offset_minutes) {
  const Time shown = t + std::chrono::minutes(offset_minutes);
  const auto day = std::chrono::floor<std::chrono::days>(shown);
  const std::chrono::year_month_day ymd{day};
  const int ms = static_cast<int>((shown - day).count());
  std::string text;
  text.reserve(32);
  // Digits by hand: lists are full of times, and formatting them was half of writing an answer.
  const auto put = [&](int value, int width) {
    char digits[4];
    for (int i = width - 1; i >= 0; --i, value /= 10) digits[i] = static_cast<char>('0' + value % 10);
    text.append(digits, static_cast<std::size_t>(width));
  };
  const int year = static_cast<int>(ymd.year());
  if (year >= 0 && year <= 9999) put(year, 4);
  else text += fmt::format("{:04}", year);
  text += '-';
  put(static_cast<int>(static_cast<unsigned>(ymd.month())), 2);
  text += '-';
  put(static_cast<int>(static_cast<unsigned>(ymd.day())), 2);
  text += 'T';
  put(ms / 3'600'000, 2);
  text += ':';
  put(ms / 60'000 % 60, 2);
  text += ':';
  put(ms / 1000 % 60, 2);
  if (ms % 1000 != 0) {
    text += '.';
    put(ms % 1000, 3);
  }
  if (offset_minutes == 0) return text += 'Z';
  const int a = offset_minutes < 0 ? -offset_minutes : offset_minutes;
  text += offset_minutes < 0 ? '-' : '+';
  put(a / 60, 2);
  text += ':';
  put(a % 60, 2);
  return text;
}

std::optional<Time> parse_time(std::string_view text) {
  if (text.empty() || text.size() > 40) return std::nullopt;
  std::int64_t ms = 0;
  if (auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), ms);
      ec == std::errc{} && end == text.data() + text.size()) {
    constexpr std::int64_t kLimit = 253'402'300'800'000;  // 10000-01-01
    return ms > -kLimit && ms < kLimit ? std::optional{from_ms(ms)} : std::nullopt;
  }
  const auto y = digits(text, 4);
  if (!y || !eat(text, '-')) return std::nullopt;
  const auto mo = digits(text, 2);
  if (!mo || !eat(text, '-')) return std::nullopt;
  const auto d = digits(text, 2);
  if (!d || !(eat(text, 'T') || eat(text, 't') || eat(text, ' '))) return std::nullopt;
  const auto h = digits(text, 2);
  if (!h || !eat(text, ':')) return std::nullopt;
  const auto mi = digits(text, 2);
  if (!mi) return std::nullopt;
  int s = 0;
  if (eat(text, ':')) {
    const auto sec = digits(text, 2);
    if (!sec) return std::nullopt;
    s = *sec;
  }
  const auto frac = fraction(text);
  const auto off = zone(text);
  if (!frac || !off || !text.empty()) return std::nullopt;
  const std::chrono::year_month_day ymd{std::chrono::year{*y}, std::chrono::month{static_cast<unsigned>(*mo)},
                                        std::chrono::day{static_cast<unsigned>(*d)}};
  if (!ymd.ok() || *h > 23 || *mi > 59 || s > 59) return std::nullopt;
  const std::int64_t clock = ((*h * 60 + *mi) * 60 + s) * 1000LL + *frac - *off;
  return Time{std::chrono::sys_days{ymd}} + Duration{clock};
}

std::optional<Duration> parse_duration(std::string_view text) {
  if (!eat(text, 'P') || text.empty()) return std::nullopt;
  constexpr std::int64_t kMax = 100LL * 366 * 86'400'000;  // a century is beyond any rule
  bool in_time = false;
  int last_unit = -1;
  std::int64_t total = 0;
  bool any = false;
  while (!text.empty()) {
    if (!in_time && eat(text, 'T')) {
      in_time = true;
      if (text.empty()) return std::nullopt;
      continue;
    }
    std::int64_t n = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (ec != std::errc{} || n < 0 || text.front() == '-') return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const bool has_fraction = !text.empty() && text.front() == '.';
    const auto frac = fraction(text);
    if (!frac || text.empty()) return std::nullopt;
    const char unit = text.front();
    text.remove_prefix(1);
    constexpr std::string_view kUnits = "WDHMS";
    const auto index = kUnits.find(unit);
    if (index == std::string_view::npos || (index >= 2) != in_time) return std::nullopt;
    if (static_cast<int>(index) <= last_unit || (has_fraction && unit != 'S')) return std::nullopt;
    last_unit = static_cast<int>(index);
    constexpr std::int64_t kMs[] = {7 * 86'400'000LL, 86'400'000, 3'600'000, 60'000, 1000};
    if (n > kMax / kMs[index]) return std::nullopt;
    total += n * kMs[index] + *frac;
    any = true;
  }
  if (!any || total > kMax) return std::nullopt;
  return Duration{total};
}

std::string to_iso8601(Duration d) {
  std::int64_t ms = d.count();
  if (ms == 0) return "PT0S";
  std::string text = "P";
  if (const auto days = ms / 86'400'000) text += fmt::format("{}D", days);
  ms %= 86'400'000;
  if (ms == 0) return text;
  text += 'T';
  if (const auto h = ms / 3'600'000) text += fmt::format("{}H", h);
  ms %= 3'600'000;
  if (const auto m = ms / 60'000) text += fmt::format("{}M", m);
  ms %= 60'000;
  if (ms % 1000 != 0) text += fmt::format("{}.{:03}S", ms / 1000, ms % 1000);
  else if (ms != 0) text += fmt::format("{}S", ms / 1000);
  return text;
}

}  // namespace lifang
