// The one description read from words: the query of a URL ("?limit=50&state=open") or a submitted
// form.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "base/reflect.hpp"

namespace lifang {

namespace reflect {
enum class WordKind { text, number, flag };
struct WordMember {
  std::string_view name;
  WordKind kind = WordKind::text;
  bool list = false;
};
boost::json::object object_of_words(const std::vector<std::pair<std::string, std::string>>& words,
                                    std::span<const WordMember> members);

template <class T>
constexpr WordMember word_member(std::string_view name) {
  if constexpr (is_a<T, std::optional> || is_a<T, OrNull>) {
    return word_member<typename T::value_type>(name);
  } else if constexpr (is_a<T, std::vector>) {
    WordMember each = word_member<typename T::value_type>(name);
    each.list = true;
    return each;
  } else if constexpr (std::same_as<T, bool>) {
    return {name, WordKind::flag, false};
  } else if constexpr (Integer<T> || std::same_as<T, double>) {
    return {name, WordKind::number, false};
  } else {
    static_assert(!is_a<T, std::map> && (!DescribedStruct<T> || HasJsonText<T>),
                  "words have no depth");
    return {name, WordKind::text, false};
  }
}
}  // namespace reflect

/// Reads decoded name–value pairs as a T, like `read` does, with "/limit" as the field of a
/// refusal. A vector takes repeated names and commas (`state=open,deferred`), `open` and `open=`
/// mean true, an empty word for an optional means absent. A name that repeats without being a
/// vector: json.repeated.
template <DescribedStruct T>
T read_words(const std::vector<std::pair<std::string, std::string>>& words) {
  static constexpr auto members = [] {
    std::array<reflect::WordMember, boost::mp11::mp_size<MembersOf<T>>::value> all{};
    std::size_t i = 0;
    boost::mp11::mp_for_each<MembersOf<T>>([&](auto d) {
      using Member = std::remove_cvref_t<decltype(std::declval<T&>().*d.pointer)>;
      all[i++] = reflect::word_member<Member>(outward_name(decltype(d)::name));
    });
    return all;
  }();
  return read<T>(reflect::object_of_words(words, members));
}

}  // namespace lifang
