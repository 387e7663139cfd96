// The plain words of diaries in both tongues: how circles, instants and steps are called.
#pragma once
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "rooms/cases/cases_values.hpp"

namespace lifang::cases {

inline const std::string& zh_of(const Said& said) { return said.zh; }
inline const std::string& en_of(const Said& said) { return said.en; }
template <class T>
const T& zh_of(const T& value) {
  return value;
}
template <class T>
const T& en_of(const T& value) {
  return value;
}

/// The same sentence in both tongues; what is itself said in both goes into each in its own.
template <class... Args>
Said say(fmt::format_string<decltype(zh_of(std::declval<const Args&>()))...> zh,
         fmt::format_string<decltype(en_of(std::declval<const Args&>()))...> en, const Args&... args) {
  return {fmt::format(zh, zh_of(args)...), fmt::format(en, en_of(args)...)};
}

Said spoken(Circle circle);        ///< 社区微循环, the micro circle
Said spoken(WhistleKind whistle);  ///< 管理哨, a whistle of management
Said spoken(Channel channel);      ///< 电话, by telephone
std::string_view spoken(Move move);  ///< 接单
/// What is owed in that state: 接单, accept.
Said owed_in(State state);
/// "2月14日 08:30", "14 Feb 08:30" in the district's zone.
Said spoken(Time t, int offset_minutes);
/// "2月14日", "14 Feb".
Said spoken_day(Time t, int offset_minutes);
/// "，请于2月14日 08:30前接单", "; please accept by 14 Feb 08:30", or nothing without a deadline.
Said please_by(const std::optional<Time>& by, const Said& what, int offset_minutes);
/// The last two names of a place: 余杭区 · 府苑新村 · 3 幢 → 府苑新村 3 幢.
std::string short_place(const std::string& spoken_place);

}  // namespace lifang::cases
