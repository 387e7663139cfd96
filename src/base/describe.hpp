// What a type says about itself, light enough for door headers: under a struct stands
// BOOST_DESCRIBE_STRUCT(T, (), (a, b, c)), under an enum BOOST_DESCRIBE_ENUM(E, x, y).
#pragma once
#include <array>
#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <optional>
#include <string_view>

namespace lifang {

/// Members of a described struct must be present in what is read, except optionals and those named
/// by
///   `static constexpr auto defaulted = members("limit", "order");`   or   `= all_members;`
/// inside the struct: absent ones keep their in-class default.
struct AllMembers {};
inline constexpr AllMembers all_members;

template <class... Names>
constexpr std::array<std::string_view, sizeof...(Names)> members(Names... names) {
  return {std::string_view{names}...};
}

/// An optional that is written as null when empty ("next" at the end of a list); a plain
/// std::optional is left out. `std::optional<OrNull<T>>` tells "absent" from "null" when read.
template <class T>
struct OrNull : std::optional<T> {
  using std::optional<T>::optional;
};

/// Specialise for a type whose JSON is one string:
///   static std::optional<T> from(std::string_view);  static std::string to(const T&);
///   static constexpr std::string_view code, expected;   // refusal code and "a colour such as
///   #ff8800"
/// An enum with other spellings than its names has a function beside it, found by its argument:
///   constexpr std::string_view spelling(Op op);
/// A trailing underscore of a member or enumerator is dropped: `case_` is written "case".
template <class T>
struct JsonText;

}  // namespace lifang
