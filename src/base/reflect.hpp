// The one description turned into JSON, both ways. Describe once under the struct (describe.hpp);
// include this in .cpp files only: Boost.JSON costs most of a second to compile.
#pragma once
#include <boost/json/value.hpp>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/id.hpp"
#include "base/json_text.hpp"
#include "base/members.hpp"
#include "base/time.hpp"

namespace lifang {

/// A day of the calendar, "2026-11-21".
using Date = std::chrono::year_month_day;

struct ParseLimits {
  std::size_t bytes = 4U << 20;
  std::size_t depth = 32;
};

/// JSON text from outside. Refuses (unreadable, `json.unreadable`): malformed text, invalid UTF-8,
/// deeper nesting than the limit, an object with the same key twice, U+0000 in a string, numbers
/// beyond a double. More bytes than the limit: too_large, `json.too_large`. Doubles are read
/// exactly.
boost::json::value parse_json(std::string_view text, ParseLimits limits = {});
/// Whether parse_json() takes it.
bool is_json(std::string_view text, ParseLimits limits = {});

/// `value` as a T. `pointer` is where the value stands in its document; refusals (invalid) carry
/// the JSON pointer (RFC 6901) to the leaf in `field` and one of the codes json.wrong_type,
/// json.missing, json.unknown_member, json.not_one_of, json.out_of_range, json.bad_time,
/// json.bad_duration, json.bad_date, json.bad_id.
///
/// Understands bool, integers (with their range; 5.0 is 5), double (finite), std::string, Time (RFC
/// 3339 with zone, or Unix ms), Duration (ISO 8601), Date, Id<Tag>, described enums and structs,
/// JsonText types, std::optional, OrNull, std::unique_ptr (all absent or null when empty),
/// std::vector, std::map<std::string, T>, and JsonObject, JsonAny (or boost::json::value/object/array) as they are.
template <class T>
T read(const boost::json::value& value, std::string_view pointer = {});

/// Parses and reads.
template <class T>
T from_json(std::string_view text, ParseLimits limits = {}) {
  return read<T>(parse_json(text, limits));
}

/// Appends compact JSON. Numbers stand plainly (0.02, 20, never 2E1; shortest text that reads back
/// the same), empty optionals are left out, Time is RFC 3339 in UTC, NaN and infinities are null.
template <class T>
void write(std::string& out, const T& value);

template <class T>
std::string to_json(const T& value) {
  std::string out;
  write(out, value);
  return out;
}

namespace reflect {

/// Where a value stands: a chain on the stack, spelt out only when something is wrong.
struct Path {
  const Path* parent = nullptr;
  std::string_view key;           ///< of an object; at the root the whole pointer
  std::optional<std::size_t> at;  ///< of an array

  std::string pointer() const;
};

using boost::json::value;

[[noreturn]] void refuse(const Path&, std::string_view code, std::string detail);
[[noreturn]] void refuse_type(const Path&, std::string_view expected, const value& found);
[[noreturn]] void refuse_missing(const Path&);
[[noreturn]] void refuse_unknown(const Path&, const boost::json::object&,
                                 std::span<const std::string_view> known);
[[noreturn]] void refuse_choice(const Path&, std::span<const std::string_view> choices);

const boost::json::object& object_of(const value&, const Path&);
const boost::json::array& array_of(const value&, const Path&);
bool read_bool(const value&, const Path&);
std::int64_t read_signed(const value&, const Path&, std::int64_t low, std::int64_t high);
std::uint64_t read_unsigned(const value&, const Path&, std::uint64_t high);
double read_double(const value&, const Path&);
std::string_view read_text(const value&, const Path&);
Time read_time(const value&, const Path&);
Duration read_duration(const value&, const Path&);
Date read_date(const value&, const Path&);

void write_text(std::string& out, std::string_view text);
void write_double(std::string& out, double number);
void write_integer(std::string& out, std::int64_t number);
void write_integer(std::string& out, std::uint64_t number);
void write_time(std::string& out, Time t);
void write_date(std::string& out, Date d);
void write_any(std::string& out, const value&);

template <class T, template <class...> class Template>
inline constexpr bool is_a = false;
template <class... Args, template <class...> class Template>
inline constexpr bool is_a<Template<Args...>, Template> = true;

template <class T>
inline constexpr bool is_id = false;
template <class Tag>
inline constexpr bool is_id<Id<Tag>> = true;

template <class T>
concept HasJsonText = requires(std::string_view text) {
  JsonText<T>::from(text);
};

/// Absent is fine, and null means empty.
template <class T>
concept Nullable = is_a<T, std::optional> || is_a<T, OrNull> || is_a<T, std::unique_ptr>;

template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>;

template <class>
inline constexpr bool no_mapping = false;

template <class Tag>
void read_id(const value& v, const Path& path, Id<Tag>& out) {
  const std::string_view text = read_text(v, path);
  bool fits = false;
  if constexpr (requires { Tag::prefix; })
    fits = Id<Tag>::fits(text);
  else
    fits = is_client_id(text);
  if (!fits) refuse(path, "json.bad_id", "not an id of this kind");
  out = Id<Tag>{std::string(text)};
}

template <class T>
void read_into(const value& v, const Path& path, T& out);

template <DescribedStruct T>
void read_struct(const value& v, const Path& path, T& out) {
  static_assert(is_fully_described<T>(),
                "a member is missing in BOOST_DESCRIBE_STRUCT under this struct");
  static_assert(defaulted_names_exist<T>(), "`defaulted` names something that is not a member");
  const boost::json::object& object = object_of(v, path);
  std::size_t found = 0;
  boost::mp11::mp_for_each<MembersOf<T>>([&](auto d) {
    using Member = std::remove_cvref_t<decltype(out.*d.pointer)>;
    constexpr std::string_view name = outward_name(decltype(d)::name);
    const Path here{&path, name, {}};
    if (const value* member = object.if_contains(name)) {
      ++found;
      read_into(*member, here, out.*d.pointer);
    } else if constexpr (!Nullable<Member> && !is_defaulted<T>(name)) {
      refuse_missing(here);
    }
  });
  if (found != object.size()) {
    static constexpr auto names = member_names<T>();
    refuse_unknown(path, object, names);
  }
}

template <class T>
void read_nullable(const value& v, const Path& path, T& out) {
  if constexpr (is_a<T, std::unique_ptr>) {
    out.reset();
    if (v.is_null()) return;
    out = std::make_unique<typename T::element_type>();
    read_into(v, path, *out);
  } else if constexpr (is_a<typename T::value_type, OrNull>) {
    read_into(v, path, out.emplace());
  } else {
    out.reset();
    if (!v.is_null()) read_into(v, path, out.emplace());
  }
}

template <class T>
void read_list(const value& v, const Path& path, std::vector<T>& out) {
  const boost::json::array& array = array_of(v, path);
  out.clear();
  out.reserve(array.size());
  for (std::size_t i = 0; i < array.size(); ++i) {
    T item{};
    read_into(array[i], Path{&path, {}, i}, item);
    out.push_back(std::move(item));
  }
}

template <class T>
void read_into(const value& v, const Path& path, T& out) {
  if constexpr (HasJsonText<T>) {
    std::optional<T> made = JsonText<T>::from(read_text(v, path));
    if (!made) refuse(path, JsonText<T>::code, "not " + std::string(JsonText<T>::expected));
    out = std::move(*made);
  } else if constexpr (std::derived_from<T, JsonObject>) {
    object_of(v, path);
    out.text.clear();
    write_any(out.text, v);
  } else if constexpr (std::same_as<T, JsonAny>) {
    out.text.clear();
    write_any(out.text, v);
  } else if constexpr (std::same_as<T, bool>) {
    out = read_bool(v, path);
  } else if constexpr (Integer<T> && std::is_signed_v<T>) {
    out = static_cast<T>(
        read_signed(v, path, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
  } else if constexpr (Integer<T>) {
    out = static_cast<T>(read_unsigned(v, path, std::numeric_limits<T>::max()));
  } else if constexpr (std::same_as<T, double>) {
    out = read_double(v, path);
  } else if constexpr (std::same_as<T, std::string>) {
    out = read_text(v, path);
  } else if constexpr (std::same_as<T, Time>) {
    out = read_time(v, path);
  } else if constexpr (std::same_as<T, Duration>) {
    out = read_duration(v, path);
  } else if constexpr (std::same_as<T, Date>) {
    out = read_date(v, path);
  } else if constexpr (std::same_as<T, value>) {
    out = v;
  } else if constexpr (std::same_as<T, boost::json::object>) {
    out = object_of(v, path);
  } else if constexpr (std::same_as<T, boost::json::array>) {
    out = array_of(v, path);
  } else if constexpr (is_id<T>) {
    read_id(v, path, out);
  } else if constexpr (Nullable<T>) {
    read_nullable(v, path, out);
  } else if constexpr (is_a<T, std::vector>) {
    read_list(v, path, out);
  } else if constexpr (is_a<T, std::map>) {
    static_assert(std::same_as<typename T::key_type, std::string>, "a map's keys are std::string");
    out.clear();
    for (const auto& [key, item] : object_of(v, path))
      read_into(item, Path{&path, key, {}}, out[std::string(key)]);
  } else if constexpr (DescribedEnum<T>) {
    const auto found = enum_from_name<T>(read_text(v, path));
    static constexpr auto names = enum_names<T>();
    if (!found) refuse_choice(path, names);
    out = *found;
  } else if constexpr (DescribedStruct<T>) {
    read_struct(v, path, out);
  } else {
    static_assert(no_mapping<T>, "this type has no JSON: describe it or give it a JsonText");
  }
}

template <class T>
bool is_left_out(const T& member) {
  if constexpr (is_a<T, std::optional> || is_a<T, std::unique_ptr>)
    return !member;
  else
    return false;
}

template <DescribedStruct T>
void write_struct(std::string& out, const T& object) {
  out += '{';
  const std::size_t start = out.size();
  for_each_member(object, [&](std::string_view name, const auto& member) {
    if (is_left_out(member)) return;
    if (out.size() != start) out += ',';
    ((out += '"') += name) += "\":";
    write(out, member);
  });
  out += '}';
}

template <class Items, class Each>
void write_joined(std::string& out, char open, const Items& items, char close, Each each) {
  out += open;
  bool first = true;
  for (const auto& item : items) {
    if (!first) out += ',';
    first = false;
    each(item);
  }
  out += close;
}

}  // namespace reflect

template <class T>
T read(const boost::json::value& value, std::string_view pointer) {
  T out{};
  reflect::read_into(value, reflect::Path{nullptr, pointer, {}}, out);
  return out;
}

template <class T>
void write(std::string& out, const T& value) {
  using namespace reflect;
  if constexpr (HasJsonText<T>) {
    write_text(out, JsonText<T>::to(value));
  } else if constexpr (std::derived_from<T, JsonObject> || std::same_as<T, JsonAny>) {
    out += value.text;
  } else if constexpr (std::same_as<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (Integer<T> && std::is_signed_v<T>) {
    write_integer(out, std::int64_t{value});
  } else if constexpr (Integer<T>) {
    write_integer(out, std::uint64_t{value});
  } else if constexpr (std::same_as<T, double>) {
    write_double(out, value);
  } else if constexpr (std::convertible_to<const T&, std::string_view>) {
    write_text(out, value);
  } else if constexpr (std::same_as<T, Time>) {
    write_time(out, value);
  } else if constexpr (std::same_as<T, Duration>) {
    write_text(out, to_iso8601(value));
  } else if constexpr (std::same_as<T, Date>) {
    write_date(out, value);
  } else if constexpr (std::same_as<T, boost::json::value>) {
    write_any(out, value);
  } else if constexpr (std::same_as<T, boost::json::object>) {
    write_joined(out, '{', value, '}', [&](const auto& item) {
      write_text(out, item.key());
      out += ':';
      write_any(out, item.value());
    });
  } else if constexpr (std::same_as<T, boost::json::array>) {
    write_joined(out, '[', value, ']', [&](const auto& item) { write_any(out, item); });
  } else if constexpr (is_id<T>) {
    write_text(out, value.text);
  } else if constexpr (Nullable<T>) {
    if (value)
      write(out, *value);
    else
      out += "null";
  } else if constexpr (is_a<T, std::vector>) {
    write_joined(out, '[', value, ']', [&](const auto& item) { write(out, item); });
  } else if constexpr (is_a<T, std::map>) {
    write_joined(out, '{', value, '}', [&](const auto& item) {
      write_text(out, item.first);
      out += ':';
      write(out, item.second);
    });
  } else if constexpr (DescribedEnum<T>) {
    write_text(out, enum_name(value));
  } else if constexpr (DescribedStruct<T>) {
    write_struct(out, value);
  } else {
    static_assert(no_mapping<T>, "this type has no JSON: describe it or give it a JsonText");
  }
}

}  // namespace lifang
