#include "rooms/cases/cases_words.hpp"

#include <array>

namespace lifang::cases {

Said spoken(Circle circle) {
  switch (circle) {
    case Circle::micro: return {"社区微循环", "the micro circle (community)"};
    case Circle::small: return {"街镇小循环", "the small circle (street)"};
    case Circle::great: return {"城区大循环", "the great circle (district)"};
  }
  return {};
}

Said spoken(WhistleKind whistle) {
  switch (whistle) {
    case WhistleKind::management: return {"管理哨", "by management"};
    case WhistleKind::shared: return {"共治哨", "by residents"};
    case WhistleKind::emergency: return {"应急哨", "in an emergency"};
    case WhistleKind::data: return {"数据哨", "by figures"};
    case WhistleKind::technology: return {"科技哨", "by a device"};
    case WhistleKind::intelligence: return {"智能哨", "by a rule"};
  }
  return {};
}

Said spoken(Channel channel) {
  switch (channel) {
    case Channel::app: return {"手机", "by app"};
    case Channel::call: return {"电话", "by telephone"};
    case Channel::visit: return {"来访", "in person"};
    case Channel::paper: return {"书面", "on paper"};
    case Channel::hotline: return {"热线", "by the hotline"};
    case Channel::open311: return {"开放接口", "by Open311"};
    case Channel::device: return {"设备", "by a device"};
  }
  return {};
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

Said owed_in(State state) {
  if (state == State::accepted) return {"办结", "handle it"};
  if (state == State::handled) return {"核实", "verify it"};
  return {"接单", "accept it"};
}

Said spoken_day(Time t, int offset_minutes) {
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::string text = to_rfc3339(t, offset_minutes);
  const int month = std::stoi(text.substr(5, 2)), day = std::stoi(text.substr(8, 2));
  return {fmt::format("{}月{}日", month, day), fmt::format("{} {}", day, kMonths.at(static_cast<std::size_t>(month - 1)))};
}

Said spoken(Time t, int offset_minutes) {
  return say("{} {}", "{} {}", spoken_day(t, offset_minutes), to_rfc3339(t, offset_minutes).substr(11, 5));
}

Said please_by(const std::optional<Time>& by, const Said& what, int offset_minutes) {
  if (!by) return {};
  return say("，请于{0}前{1}", "; please {1} by {0}", spoken(*by, offset_minutes), what);
}

std::optional<std::string> unmanned_in_english(std::string_view kept) {
  for (const Said* one : {&unmanned::kUnregistered, &unmanned::kGrab, &unmanned::kNobody, &unmanned::kGivenBack})
    if (one->zh == kept) return one->en;
  return std::nullopt;
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
