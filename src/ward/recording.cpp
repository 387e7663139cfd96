#include "ward/recording.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

#include "base/reflect.hpp"
#include "base/refusal.hpp"

namespace lifang::ward {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// Year, month, day, hour, minute, second as an instant of UTC; nothing if there is no such time.
std::optional<Time> instant(const std::array<std::int64_t, 6>& parts) {
  const auto [year, month, day, hour, minute, second] = parts;
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
  if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || second < 0 || second > 60) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return Time{std::chrono::sys_days{date}} + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

/// Takes digits and, if it is there, one of `after` from the front of `text`.
std::optional<std::int64_t> take_number(std::string_view& text, std::string_view after) {
  const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
  if (end == 0 || end > 4) return std::nullopt;
  const auto number = whole_number(text.substr(0, end));
  text.remove_prefix(end);
  if (!text.empty()) {
    if (after.find(text.front()) == std::string_view::npos) return std::nullopt;
    text.remove_prefix(1);
  }
  return number;
}

/// "13:20" or "13:20:00", a fraction of a second is dropped; "" is midnight.
bool take_clock(std::string_view text, std::array<std::int64_t, 6>& parts) {
  if (const auto fraction = text.find('.'); fraction != std::string_view::npos) text = text.substr(0, fraction);
  for (std::size_t i = 3; i < 6 && !text.empty(); ++i) {
    const auto number = take_number(text, ":");
    if (!number) return false;
    parts[i] = *number;
  }
  return text.empty();
}

/// A number that nobody explained: the digits of a date, seconds, or milliseconds; nothing if it is none of them.
std::optional<Time> number_of_time(std::string_view text, std::int64_t number) {
  constexpr std::int64_t kEarliest = 631'152'000'000, kLatest = 7'258'118'400'000;  // 1990 and 2200
  if (text.size() == 8 && number >= 1900'01'01 && number < 2200'00'00)
    if (const auto day = instant({number / 10000, number / 100 % 100, number % 100, 0, 0, 0})) return day;
  const std::int64_t ms = text.size() <= 11 ? number * 1000 : number;
  return ms >= kEarliest && ms < kLatest ? std::optional(from_ms(ms)) : std::nullopt;
}

bool says_nothing(std::string_view text) {
  constexpr std::string_view kWords[] = {"", "NA", "N/A", "na", "n/a", "NaN", "nan", "NAN", "null", "NULL", "-"};
  for (const std::string_view word : kWords)
    if (text == word) return true;
  return false;
}

}  // namespace

std::optional<Time> parse_recorded_time(std::string_view text, Numbers numbers, bool& implausible) {
  implausible = false;
  text = trimmed(text);
  if (const auto number = whole_number(text)) {
    if (numbers == Numbers::seconds) return text.size() <= 12 ? std::optional(from_ms(*number * 1000)) : std::nullopt;
    if (numbers == Numbers::milliseconds) return parse_time(text);
    const auto time = number_of_time(text, *number);
    implausible = !time;
    return time;
  }
  if (auto time = parse_time(text)) return time;
  std::array<std::int64_t, 6> parts{};
  const bool day_first = text.find('/') < 3;
  for (const std::size_t i : day_first ? std::array<std::size_t, 3>{2, 1, 0} : std::array<std::size_t, 3>{0, 1, 2}) {
    const auto number = take_number(text, day_first ? "/ " : "-/ T");
    if (!number) return std::nullopt;
    parts[i] = *number;
  }
  if (!take_clock(text, parts)) return std::nullopt;
  return instant(parts);
}

std::optional<double> parse_recorded_value(std::string_view text, bool& readable) {
  readable = true;
  text = trimmed(text);
  if (says_nothing(text)) return std::nullopt;
  if (text == "true" || text == "TRUE" || text == "True") return 1;
  if (text == "false" || text == "FALSE" || text == "False") return 0;
  if (text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  readable = ec == std::errc{} && end == text.data() + text.size() && std::isfinite(value);
  return readable ? std::optional(value) : std::nullopt;
}

std::pair<std::string, std::string> parse_pair(std::string_view text, std::string_view option) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0 || equals + 1 == text.size())
    throw invalid("replay.bad_pair", std::string(option), fmt::format("{} wants NAME=COLUMN, not {}", option, text));
  return {std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

Recording::Recording(std::istream& in, const RecordingColumns& columns)
    : columns_(columns), reader_(in, {.separator = columns.separator}) {
  width_ = columns.names.empty() ? reader_.read_header().size() : columns.names.size();
  // A name with a comma in it is a column if the file has it.
  if (columns.names.empty() && reader_.column(columns.time)) {
    time_at_ = {place_of(columns.time)};
  } else {
    for (std::string_view rest = columns.time; !rest.empty();) {
      const auto comma = std::min(rest.find(','), rest.size());
      time_at_.push_back(place_of(trimmed(rest.substr(0, comma))));
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  if (time_at_.empty() || time_at_.size() == 2 || time_at_.size() > 6)
    throw invalid("replay.bad_time", "--time", "one column, or year,month,day[,hour[,minute[,second]]]");
  if (columns.values.empty()) throw invalid("replay.bad_pair", "--value", "at least one METRIC=COLUMN");
  for (const auto& [metric, column] : columns.values) value_at_.emplace_back(to_json(metric) + ":", place_of(column));
  for (const auto& [column, value] : columns.only) only_at_.emplace_back(place_of(column), value);
}

std::size_t Recording::place_of(std::string_view column) const {
  for (std::size_t i = 0; i < columns_.names.size(); ++i)
    if (columns_.names[i] == column) return i;
  const auto at = columns_.names.empty() ? reader_.column(column) : std::nullopt;
  if (!at) throw invalid("replay.no_column", {}, fmt::format("the file has no column {}", column));
  return *at;
}

bool Recording::is_meant(const std::vector<std::string>& row) const {
  for (const auto& [at, value] : only_at_)
    if (trimmed(row[at]) != value) return false;
  return true;
}

std::optional<Time> Recording::time_of(const std::vector<std::string>& row) {
  if (time_at_.size() == 1) {
    bool implausible = false;
    const auto time = parse_recorded_time(row[time_at_[0]], columns_.numbers, implausible);
    if (implausible && counts_.implausible_times++ == 0) counts_.implausible = trimmed(row[time_at_[0]]);
    return time;
  }
  std::array<std::int64_t, 6> parts{};
  for (std::size_t i = 0; i < time_at_.size(); ++i) {
    const auto number = whole_number(trimmed(row[time_at_[i]]));
    if (!number) return std::nullopt;
    parts[i] = *number;
  }
  return instant(parts);
}

std::optional<RecordedMessage> Recording::next() {
  std::vector<std::string> row;
  while (reader_.next(row)) {
    row.resize(width_);  // without a header rows may be short
    if (!is_meant(row)) continue;
    ++counts_.rows;
    const auto ts = time_of(row);
    if (!ts) {
      ++counts_.without_time;
      continue;
    }
    RecordedMessage message{*ts, fmt::format("{{\"ts\":{},\"values\":{{", to_ms(*ts)), 0};
    for (const auto& [name, at] : value_at_) {
      bool readable = true;
      const auto value = parse_recorded_value(row[at], readable);
      counts_.unreadable_values += readable ? 0U : 1U;
      if (!value) continue;
      // fmt writes the shortest digits that read back as the same number.
      message.payload += fmt::format("{}{}{}", message.values == 0 ? "" : ",", name, *value);
      ++message.values;
    }
    if (message.values == 0) {
      ++counts_.without_values;
      continue;
    }
    message.payload += "}}";
    counts_.values += message.values;
    return message;
  }
  return std::nullopt;
}

}  // namespace lifang::ward
