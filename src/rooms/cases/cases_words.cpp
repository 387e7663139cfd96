#include "rooms/cases/cases_words.hpp"

#include <fmt/format.h>

namespace lifang::cases {

std::string_view spoken(Circle circle) {
  switch (circle) {
    case Circle::micro: return "社区微循环";
    case Circle::small: return "街镇小循环";
    case Circle::great: return "城区大循环";
  }
  return "";
}

std::string_view spoken(WhistleKind whistle) {
  switch (whistle) {
    case WhistleKind::management: return "管理哨";
    case WhistleKind::shared: return "共治哨";
    case WhistleKind::emergency: return "应急哨";
    case WhistleKind::data: return "数据哨";
    case WhistleKind::technology: return "科技哨";
    case WhistleKind::intelligence: return "智能哨";
  }
  return "";
}

std::string_view spoken(Channel channel) {
  switch (channel) {
    case Channel::app: return "手机";
    case Channel::call: return "电话";
    case Channel::visit: return "来访";
    case Channel::paper: return "书面";
    case Channel::hotline: return "热线";
    case Channel::open311: return "开放接口";
    case Channel::device: return "设备";
  }
  return "";
}

std::string_view spoken(Move move) {
  switch (move) {
    case Move::assign: return "派单";
    case Move::accept: return "接单";
    case Move::arrive: return "到场";
    case Move::handle: return "办结";
    case Move::verify: return "核实";
    case Move::close: return "结案";
    case Move::return_: return "退单";
    case Move::transfer: return "转办";
    case Move::defer: return "挂账";
    case Move::approve: return "同意挂账";
    case Move::deny: return "不同意挂账";
    case Move::wake: return "到期唤醒";
    case Move::urge: return "催办";
    case Move::supervise: return "督办";
    case Move::whistle: return "吹哨";
    case Move::report_in: return "报到";
    case Move::joint: return "联办";
    case Move::done: return "分项办结";
    case Move::confirm: return "预案确认";
    case Move::refuse: return "不予受理";
    case Move::false_alarm: return "误报";
    case Move::merge: return "并案";
    case Move::join: return "重复上报";
    case Move::reopen: return "重开";
    case Move::escalate: return "升级";
    case Move::clear: return "自行解除";
    case Move::appeal: return "申诉";
    case Move::decide: return "申诉裁定";
    case Move::note: return "备注";
  }
  return "";
}

std::string spoken_day(Time t, int offset_minutes) {
  const std::string text = to_rfc3339(t, offset_minutes);
  return fmt::format("{}月{}日", std::stoi(text.substr(5, 2)), std::stoi(text.substr(8, 2)));
}

std::string spoken(Time t, int offset_minutes) {
  return spoken_day(t, offset_minutes) + " " + to_rfc3339(t, offset_minutes).substr(11, 5);
}

std::string please_by(const std::optional<Time>& by, std::string_view what, int offset_minutes) {
  if (!by) return {};
  return fmt::format("，请于{}前{}", spoken(*by, offset_minutes), what);
}

std::string short_place(const std::string& spoken_place) {
  constexpr std::string_view kDot = " · ";
  const auto last = spoken_place.rfind(kDot);
  if (last == std::string::npos) return spoken_place;
  const auto before = last == 0 ? std::string::npos : spoken_place.rfind(kDot, last - 1);
  const auto from = before == std::string::npos ? 0 : before + kDot.size();
  return spoken_place.substr(from, last - from) + " " + spoken_place.substr(last + kDot.size());
}

}  // namespace lifang::cases
