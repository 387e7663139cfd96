// Walks described types: their members and the names of their enumerators. For code that maps
// structs to JSON, SQL rows or documents; door headers need only describe.hpp.
#pragma once
#include <array>
#include <boost/describe/bases.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>
#include <boost/pfr/tuple_size.hpp>
#include <optional>
#include <string_view>
#include <type_traits>

#include "base/check.hpp"
#include "base/describe.hpp"

namespace lifang {

template <class T>
concept DescribedStruct = std::is_class_v<T> && boost::describe::has_describe_members<T>::value;

template <class E>
concept DescribedEnum = std::is_enum_v<E> && boost::describe::has_describe_enumerators<E>::value;

template <DescribedStruct T>
using MembersOf = boost::describe::describe_members<T, boost::describe::mod_public |
                                                           boost::describe::mod_inherited>;

/// The outward name: C++ keywords get a trailing underscore in code only.
constexpr std::string_view outward_name(std::string_view name) {
  if (name.size() > 1 && name.back() == '_') name.remove_suffix(1);
  return name;
}

/// True if every member is described. Known by counting, for aggregates without bases.
template <DescribedStruct T>
constexpr bool is_fully_described() {
  if constexpr (std::is_aggregate_v<T> &&
                boost::mp11::mp_empty<
                    boost::describe::describe_bases<T, boost::describe::mod_any_access>>::value) {
    return boost::pfr::tuple_size_v<T> == boost::mp11::mp_size<MembersOf<T>>::value;
  } else {
    return true;
  }
}

template <DescribedStruct T>
constexpr auto member_names() {
  std::array<std::string_view, boost::mp11::mp_size<MembersOf<T>>::value> names{};
  std::size_t i = 0;
  boost::mp11::mp_for_each<MembersOf<T>>([&](auto d) { names[i++] = outward_name(d.name); });
  return names;
}

/// Calls visit(name, member) for each described member in order; `object` may be const.
template <class T, class Visit>
requires DescribedStruct<std::remove_const_t<T>>
void for_each_member(T& object, Visit&& visit) {
  using Plain = std::remove_const_t<T>;
  static_assert(is_fully_described<Plain>(),
                "a member is missing in BOOST_DESCRIBE_STRUCT under this struct");
  boost::mp11::mp_for_each<MembersOf<Plain>>(
      [&](auto d) { visit(outward_name(d.name), object.*d.pointer); });
}

/// Whether the struct lets this member be absent (see `defaulted` in describe.hpp).
template <DescribedStruct T>
constexpr bool is_defaulted([[maybe_unused]] std::string_view name) {
  if constexpr (requires { T::defaulted; }) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(T::defaulted)>, AllMembers>) {
      return true;
    } else {
      for (const auto each : T::defaulted)
        if (each == name) return true;
      return false;
    }
  } else {
    return false;
  }
}

/// True if every name in `defaulted` is a member: a misspelt one must not compile.
template <DescribedStruct T>
constexpr bool defaulted_names_exist() {
  if constexpr (requires { T::defaulted.size(); }) {
    for (const auto each : T::defaulted) {
      bool known = false;
      for (const auto name : member_names<T>()) known = known || name == each;
      if (!known) return false;
    }
  }
  return true;
}

namespace detail {
template <DescribedEnum E>
constexpr std::string_view spell([[maybe_unused]] E value, [[maybe_unused]] std::string_view name) {
  if constexpr (requires { spelling(value); })
    return spelling(value);
  else
    return outward_name(name);
}
}  // namespace detail

template <DescribedEnum E>
constexpr auto enum_names() {
  using List = boost::describe::describe_enumerators<E>;
  std::array<std::string_view, boost::mp11::mp_size<List>::value> names{};
  std::size_t i = 0;
  boost::mp11::mp_for_each<List>([&](auto d) { names[i++] = detail::spell<E>(d.value, d.name); });
  return names;
}

/// The outward name of a value; a value without a name is a bug.
template <DescribedEnum E>
std::string_view enum_name(E value) {
  std::string_view found;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) {
    if (d.value == value && found.empty()) found = detail::spell<E>(d.value, d.name);
  });
  check(!found.empty(), "an enum holds a value that has no name");
  return found;
}

template <DescribedEnum E>
std::optional<E> enum_from_name(std::string_view name) {
  std::optional<E> found;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) {
    if (!found && detail::spell<E>(d.value, d.name) == name) found = d.value;
  });
  return found;
}

/// The value of a name that we wrote ourselves (a column of our own table); another name is a bug.
template <DescribedEnum E>
E enum_of(std::string_view name) {
  const auto found = enum_from_name<E>(name);
  check(found.has_value(), "a stored name is none of the enum's");
  return *found;
}

}  // namespace lifang
