#include "base/reflect.hpp"

#include <fmt/format.h>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>
#include <charconv>
#include <cmath>

#include "base/refusal.hpp"

namespace lifang {
namespace {

namespace json = boost::json;
using boost::system::error_code;

enum class Trouble { none, zero_byte, number_too_large };

/// Builds a value like boost::json::parser does, with three differences: keys are counted (to find
/// repeated ones, of which the value keeps the last), U+0000 is refused (PostgreSQL has no place
/// for it), and doubles are read again from their text, because Boost 1.81 may miss the last digit.
struct Builder {
  static constexpr std::size_t max_object_size = json::object::max_size();
  static constexpr std::size_t max_array_size = json::array::max_size();
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();

  json::value_stack stack;
  std::size_t keys = 0;
  std::string number;  // the earlier part of a number, should the parser hand it over in parts
  Trouble trouble = Trouble::none;

  bool stop(Trouble why, error_code& ec) {
    trouble = why;
    ec = json::error::syntax;
    return false;
  }
  bool clean(std::string_view s, error_code& ec) {
    return s.find('\0') == std::string_view::npos || stop(Trouble::zero_byte, ec);
  }

  bool on_document_begin(error_code&) {
    stack.reset();
    return true;
  }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return true; }
  bool on_object_end(std::size_t n, error_code&) {
    keys += n;
    stack.push_object(n);
    return true;
  }
  bool on_array_begin(error_code&) { return true; }
  bool on_array_end(std::size_t n, error_code&) {
    stack.push_array(n);
    return true;
  }
  bool on_key_part(json::string_view s, std::size_t, error_code& ec) {
    stack.push_chars(s);
    return clean(s, ec);
  }
  bool on_key(json::string_view s, std::size_t, error_code& ec) {
    stack.push_key(s);
    return clean(s, ec);
  }
  bool on_string_part(json::string_view s, std::size_t, error_code& ec) {
    stack.push_chars(s);
    return clean(s, ec);
  }
  bool on_string(json::string_view s, std::size_t, error_code& ec) {
    stack.push_string(s);
    return clean(s, ec);
  }
  bool on_number_part(json::string_view s, error_code&) {
    number.append(s.data(), s.size());
    return true;
  }
  bool on_int64(std::int64_t i, json::string_view, error_code&) {
    number.clear();
    stack.push_int64(i);
    return true;
  }
  bool on_uint64(std::uint64_t u, json::string_view, error_code&) {
    number.clear();
    stack.push_uint64(u);
    return true;
  }
  bool on_double(double, json::string_view s, error_code& ec) {
    number.append(s.data(), s.size());
    double exact = 0;
    const auto [end, bad] = std::from_chars(number.data(), number.data() + number.size(), exact);
    if (bad == std::errc::result_out_of_range) {
      // Too small is as good as zero, too large is no number of ours.
      double rough = std::strtod(number.c_str(), nullptr);
      if (!std::isfinite(rough)) return stop(Trouble::number_too_large, ec);
      exact = rough;
    } else {
      check(bad == std::errc{}, "the parser found a number that is none");
    }
    number.clear();
    stack.push_double(exact);
    return true;
  }
  bool on_bool(bool b, error_code&) {
    stack.push_bool(b);
    return true;
  }
  bool on_null(error_code&) {
    stack.push_null();
    return true;
  }
  bool on_comment_part(json::string_view, error_code&) { return true; }
  bool on_comment(json::string_view, error_code&) { return true; }
};

std::size_t count_keys(const json::value& v) {
  std::size_t n = 0;
  if (const auto* array = v.if_array()) {
    for (const auto& item : *array) n += count_keys(item);
  } else if (const auto* object = v.if_object()) {
    n = object->size();
    for (const auto& item : *object) n += count_keys(item.value());
  }
  return n;
}

Refusal unreadable(std::string detail) {
  return {RefusalKind::unreadable, "json.unreadable", std::move(detail)};
}

std::string explain(Trouble trouble, const error_code& ec, std::size_t at) {
  switch (trouble) {
    case Trouble::zero_byte:
      return "a string may not contain U+0000";
    case Trouble::number_too_large:
      return "a number is too large";
    case Trouble::none:
      break;
  }
  return fmt::format("not JSON: {} at byte {}", ec.message(), at);
}

}  // namespace

json::value parse_json(std::string_view text, ParseLimits limits) {
  if (text.size() > limits.bytes)
    throw Refusal(RefusalKind::too_large, "json.too_large",
                  fmt::format("more than {} bytes of JSON", limits.bytes));
  json::parse_options options;
  options.max_depth = limits.depth;
  json::basic_parser<Builder> parser(options);
  error_code ec;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), ec);
  if (ec) throw unreadable(explain(parser.handler().trouble, ec, used));
  if (text.find_first_not_of(" \t\r\n", used) != std::string_view::npos)
    throw unreadable(fmt::format("not JSON: more text follows at byte {}", used));
  if (!parser.done()) throw unreadable("not JSON: the text ends too early");
  json::value value = parser.handler().stack.release();
  if (count_keys(value) != parser.handler().keys)
    throw unreadable("an object has the same key twice");
  return value;
}

bool is_json(std::string_view text, ParseLimits limits) {
  try {
    parse_json(text, limits);
    return true;
  } catch (const Refusal&) {
    return false;
  }
}

namespace reflect {
namespace {

std::string_view kind_of(const json::value& v) {
  switch (v.kind()) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return "true or false";
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_:
      return "a number";
    case json::kind::string:
      return "a string";
    case json::kind::array:
      return "an array";
    case json::kind::object:
      return "an object";
  }
  return "something else";
}

std::string quoted_list(std::span<const std::string_view> words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

/// Numbers beyond 2^53 have lost their last digits before they reached us as a double.
constexpr double kExact = 9'007'199'254'740'992.0;

}  // namespace

std::string Path::pointer() const {
  if (parent == nullptr) return std::string(key);
  std::string text = parent->pointer() + '/';
  if (at) return text + fmt::format("{}", *at);
  for (const char c : key) {
    if (c == '~')
      text += "~0";
    else if (c == '/')
      text += "~1";
    else
      text += c;
  }
  return text;
}

void refuse(const Path& path, std::string_view code, std::string detail) {
  throw Refusal(RefusalKind::invalid, std::string(code), std::move(detail), path.pointer());
}

void refuse_type(const Path& path, std::string_view expected, const value& found) {
  refuse(path, "json.wrong_type", fmt::format("expected {}, found {}", expected, kind_of(found)));
}

void refuse_missing(const Path& path) {
  refuse(path, "json.missing", "must be given");
}

void refuse_unknown(const Path& path, const json::object& object,
                    std::span<const std::string_view> known) {
  for (const auto& item : object) {
    const std::string_view key = item.key();
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    refuse(Path{&path, key, {}}, "json.unknown_member",
           known.empty() ? "nothing is known here" : "unknown; known are " + quoted_list(known));
  }
  fail_check("an unknown member that is known", std::source_location::current());
}

void refuse_choice(const Path& path, std::span<const std::string_view> choices) {
  refuse(path, "json.not_one_of", "not one of " + quoted_list(choices));
}

const json::object& object_of(const value& v, const Path& path) {
  if (const auto* object = v.if_object()) return *object;
  refuse_type(path, "an object", v);
}

const json::array& array_of(const value& v, const Path& path) {
  if (const auto* array = v.if_array()) return *array;
  refuse_type(path, "an array", v);
}

bool read_bool(const value& v, const Path& path) {
  if (const auto* b = v.if_bool()) return *b;
  refuse_type(path, "true or false", v);
}

std::int64_t read_signed(const value& v, const Path& path, std::int64_t low, std::int64_t high) {
  std::optional<std::int64_t> number;
  if (const auto* i = v.if_int64()) {
    number = *i;
  } else if (const auto* d = v.if_double()) {
    if (std::trunc(*d) != *d) refuse(path, "json.wrong_type", "expected a whole number");
    if (std::fabs(*d) <= kExact) number = static_cast<std::int64_t>(*d);
  } else if (!v.is_uint64()) {
    refuse_type(path, "a whole number", v);
  }
  if (!number || *number < low || *number > high)
    refuse(path, "json.out_of_range", fmt::format("not between {} and {}", low, high));
  return *number;
}

std::uint64_t read_unsigned(const value& v, const Path& path, std::uint64_t high) {
  std::optional<std::uint64_t> number;
  if (const auto* u = v.if_uint64()) {
    number = *u;
  } else if (const auto* i = v.if_int64()) {
    if (*i >= 0) number = static_cast<std::uint64_t>(*i);
  } else if (const auto* d = v.if_double()) {
    if (std::trunc(*d) != *d) refuse(path, "json.wrong_type", "expected a whole number");
    if (*d >= 0 && *d <= kExact) number = static_cast<std::uint64_t>(*d);
  } else {
    refuse_type(path, "a whole number", v);
  }
  if (!number || *number > high)
    refuse(path, "json.out_of_range", fmt::format("not between 0 and {}", high));
  return *number;
}

double read_double(const value& v, const Path& path) {
  double number = 0;
  if (const auto* d = v.if_double())
    number = *d;
  else if (const auto* i = v.if_int64())
    number = static_cast<double>(*i);
  else if (const auto* u = v.if_uint64())
    number = static_cast<double>(*u);
  else
    refuse_type(path, "a number", v);
  if (!std::isfinite(number)) refuse(path, "json.out_of_range", "not a finite number");
  return number;
}

std::string_view read_text(const value& v, const Path& path) {
  if (const auto* s = v.if_string()) return *s;
  refuse_type(path, "a string", v);
}

Time read_time(const value& v, const Path& path) {
  std::optional<Time> time;
  if (v.is_string()) {
    time = parse_time(read_text(v, path));
  } else if (v.is_number()) {
    constexpr std::int64_t kLimit = 253'402'300'800'000;  // 10000-01-01
    try {
      return from_ms(read_signed(v, path, -kLimit, kLimit - 1));
    } catch (const Refusal&) {  // a fraction or too far away: the same refusal as for text
    }
  } else {
    refuse_type(path, "a time", v);
  }
  if (!time)
    refuse(path, "json.bad_time", "not a time: RFC 3339 with a zone, or Unix milliseconds");
  return *time;
}

Duration read_duration(const value& v, const Path& path) {
  const auto duration = parse_duration(read_text(v, path));
  if (!duration) refuse(path, "json.bad_duration", "not a duration such as PT30M or P1DT2H");
  return *duration;
}

Date read_date(const value& v, const Path& path) {
  const std::string_view text = read_text(v, path);
  const bool shaped = text.size() == 10 && text[4] == '-' && text[7] == '-';
  int parts[3] = {};
  const std::string_view pieces[] = {text.substr(0, shaped ? 4 : 0), text.substr(shaped ? 5 : 0, 2),
                                     text.substr(shaped ? 8 : 0, 2)};
  bool good = shaped;
  for (int i = 0; i < 3 && good; ++i)
    for (const char c : pieces[i]) {
      good = good && c >= '0' && c <= '9';
      parts[i] = parts[i] * 10 + (c - '0');
    }
  const Date date{std::chrono::year{parts[0]}, std::chrono::month{static_cast<unsigned>(parts[1])},
                  std::chrono::day{static_cast<unsigned>(parts[2])}};
  if (!good || !date.ok()) refuse(path, "json.bad_date", "not a date such as 2026-11-21");
  return date;
}

void write_text(std::string& out, std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, from, i - from);
    from = i + 1;
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        ((out += "\\u00") += kHex[c >> 4]) += kHex[c & 15];
        break;
    }
  }
  out.append(text, from);
  out += '"';
}

void write_double(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  if (number == 0) {  // also minus zero
    out += '0';
    return;
  }
  // As ECMAScript does: plain digits between 1e-7 and 1e21, beyond that nobody could read them.
  const double size = std::fabs(number);
  const auto format =
      size >= 1e-7 && size < 1e21 ? std::chars_format::fixed : std::chars_format::scientific;
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, number, format).ptr;
  out.append(text, end);
}

void write_integer(std::string& out, std::int64_t number) {
  const fmt::format_int text(number);
  out.append(text.data(), text.size());
}

void write_integer(std::string& out, std::uint64_t number) {
  const fmt::format_int text(number);
  out.append(text.data(), text.size());
}

void write_time(std::string& out, Time t) {
  ((out += '"') += to_rfc3339(t)) += '"';
}

void write_date(std::string& out, Date d) {
  fmt::format_to(std::back_inserter(out), "\"{:04}-{:02}-{:02}\"", static_cast<int>(d.year()),
                 static_cast<unsigned>(d.month()), static_cast<unsigned>(d.day()));
}

void write_any(std::string& out, const value& v) {
  switch (v.kind()) {
    case json::kind::null:
      out += "null";
      return;
    case json::kind::bool_:
      write(out, v.get_bool());
      return;
    case json::kind::int64:
      write_integer(out, v.get_int64());
      return;
    case json::kind::uint64:
      write_integer(out, v.get_uint64());
      return;
    case json::kind::double_:
      write_double(out, v.get_double());
      return;
    case json::kind::string:
      write_text(out, v.get_string());
      return;
    case json::kind::array:
      write(out, v.get_array());
      return;
    case json::kind::object:
      write(out, v.get_object());
      return;
  }
}

}  // namespace reflect
}  // namespace lifang
