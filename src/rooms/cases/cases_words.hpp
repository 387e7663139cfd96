// The plain Chinese of diaries: how circles, instants and steps are called.
#pragma once
#include <string>
#include <string_view>

#include "rooms/cases/cases_values.hpp"

namespace lifang::cases {

std::string_view spoken(Circle circle);        ///< 社区微循环
std::string_view spoken(WhistleKind whistle);  ///< 管理哨
std::string_view spoken(Channel channel);      ///< 电话
std::string_view spoken(Move move);            ///< 接单
/// "2月14日 08:30" in the district's zone.
std::string spoken(Time t, int offset_minutes);
/// "2月14日".
std::string spoken_day(Time t, int offset_minutes);
/// "，请于2月14日 08:30前接单", or nothing without a deadline.
std::string please_by(const std::optional<Time>& by, std::string_view what, int offset_minutes);
/// The last two names of a place: 余杭区 · 府苑新村 · 3 幢 → 府苑新村 3 幢.
std::string short_place(const std::string& spoken_place);

}  // namespace lifang::cases
