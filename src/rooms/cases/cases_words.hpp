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
/// Why a case has no person, as it is kept; the same for whoever reads English, nothing for what is none of these.
namespace unmanned {
inline const Said kUnregistered{"该岗位在岗，未登记到人", "the post is manned, by whom is not registered"};
inline const Said kGrab{"由在岗人员抢单", "whoever is on duty there may take it"};
inline const Said kNobody{"此刻无人值守，等待本岗接单", "nobody is on duty now; it waits for the post"};
inline const Said kGivenBack{"已退单，等待改派", "given back, to be assigned anew"};
}  // namespace unmanned
std::optional<std::string> unmanned_in_english(std::string_view kept);
/// The last two names of a place: 余杭区 · 府苑新村 · 3 幢 → 府苑新村 3 幢.
std::string short_place(const std::string& spoken_place);

}  // namespace lifang::cases
