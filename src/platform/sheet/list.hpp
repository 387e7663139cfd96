// A list of described structs as a file: the same description that gives its JSON gives columns and
// cells.
#pragma once
#include <algorithm>

#include "base/reflect.hpp"
#include "platform/sheet/sheet.hpp"

namespace lifang::sheet {

namespace detail {

template <class T>
constexpr bool is_plain_list = false;
template <class T>
constexpr bool is_plain_list<std::vector<T>> = !DescribedStruct<T> || reflect::HasJsonText<T>;

template <class T>
std::string text_of(const T& value) {
  std::string text = to_json(value);
  return text.starts_with('"') ? read<std::string>(parse_json(text)) : text;
}

template <class T>
constexpr bool is_nested = DescribedStruct<T> && !reflect::HasJsonText<T>;

template <class T>
void add_columns(const std::string& name, std::vector<std::string>& columns) {
  if constexpr (reflect::is_a<T, std::optional> || reflect::is_a<T, OrNull>) {
    add_columns<typename T::value_type>(name, columns);
  } else if constexpr (is_nested<T>) {
    boost::mp11::mp_for_each<MembersOf<T>>([&](auto d) {
      using Member = std::remove_cvref_t<decltype(std::declval<T&>().*d.pointer)>;
      const std::string member(outward_name(decltype(d)::name));
      add_columns<Member>(name.empty() ? member : name + "." + member, columns);
    });
  } else {
    columns.push_back(name);
  }
}

template <class T>
std::size_t count_columns() {
  std::vector<std::string> columns;
  add_columns<T>("", columns);
  return columns.size();
}

/// `value` null: empty cells, as many as T takes.
template <class T>
void add_cells(const T* value, std::vector<Cell>& cells) {
  if constexpr (reflect::is_a<T, std::optional> || reflect::is_a<T, OrNull>) {
    add_cells<typename T::value_type>(value != nullptr && *value ? &**value : nullptr, cells);
  } else if (value == nullptr) {
    cells.resize(cells.size() + count_columns<T>());
  } else if constexpr (is_nested<T>) {
    for_each_member(*value,
                    [&](std::string_view, const auto& member) { add_cells(&member, cells); });
  } else if constexpr (std::same_as<T, bool>) {
    cells.emplace_back(*value);
  } else if constexpr (reflect::Integer<T> || std::same_as<T, double>) {
    cells.emplace_back(static_cast<double>(*value));
  } else if constexpr (std::same_as<T, Time>) {
    cells.emplace_back(*value);
  } else if constexpr (std::same_as<T, std::string>) {
    cells.emplace_back(*value);
  } else if constexpr (is_plain_list<T>) {
    std::string joined;
    for (const auto& item : *value) joined += (joined.empty() ? "" : ", ") + text_of(item);
    cells.emplace_back(std::move(joined));
  } else {
    cells.emplace_back(text_of(*value));
  }
}

}  // namespace detail

/// Names of the columns: members, those of nested structs as "place.name".
template <DescribedStruct T>
std::vector<std::string> columns_of() {
  std::vector<std::string> columns;
  detail::add_columns<T>("", columns);
  return columns;
}

/// One row; as many cells as columns. Lists of plain values are joined with ", ", deeper things are
/// JSON.
template <DescribedStruct T>
std::vector<Cell> cells_of(const T& item) {
  std::vector<Cell> cells;
  detail::add_cells(&item, cells);
  return cells;
}

}  // namespace lifang::sheet
