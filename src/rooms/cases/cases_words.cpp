#include "rooms/cases/cases_words.hpp"

#include <algorithm>
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

namespace {

/// "，请于2月14日 08:30前接单" asks whoever holds it; to whoever reported it is what they may expect.
Said expecting(Said said) {
  constexpr std::string_view kAsks = "，请于", kAsksEn = "; please ", kBy = " by ";
  struct Owed {
    std::string_view asked, told;
  };
  static constexpr std::array kOwed = {Owed{"accept it", "it should be accepted"}, Owed{"handle it", "it should be handled"},
                                       Owed{"verify it", "it should be verified"}, Owed{"finish it", "it should be done"},
                                       Owed{"report in", "they should be there"}};
  if (const auto at = said.zh.rfind(kAsks); at != std::string::npos) said.zh.replace(at, kAsks.size(), "，预计");
  const auto at = said.en.rfind(kAsksEn);
  if (at == std::string::npos) return said;
  for (const Owed& owed : kOwed)
    if (const auto from = at + kAsksEn.size(); said.en.substr(from).starts_with(std::string(owed.asked) + std::string(kBy)))
      said.en.replace(at, kAsksEn.size() + owed.asked.size(), "; " + std::string(owed.told));
  return said;
}

}  // namespace

Said told_to_reporters(const DiaryLine& line) {
  if (line.code == "return") return {"承办人员退回了工单，正在另行安排", "Whoever had it gave it back; somebody else is being found"};
  if (line.code == "deny") return {"延期办理未获同意，继续按原定时限办理", "Putting it off was not approved; the time that was set still holds"};
  if (line.code == "overdue") return {"办理超过了时限，已由上级督办", "It is past its time; the circle above supervises it"};
  if (line.code == "supervise") return {"上级已督办", "The circle above supervises it"};
  if (line.code == "joint") return {"由多个单位联合办理", "Several organisations handle it together"};
  if (line.code == "handle") return {"已办结，正在核实", "Handled; it is being verified"};
  static constexpr std::array<std::string_view, 6> kAsking = {"assign", "accept", "wake", "not-verified", "call", "part"};
  Said said{line.words, line.words_en.value_or("")};
  if (std::find(kAsking.begin(), kAsking.end(), line.code) == kAsking.end()) return said;
  said = expecting(std::move(said));
  if (line.code == "assign")
    if (const auto at = said.zh.find("派给"); at != std::string::npos) said.zh.insert(at, "已");
  return said;
}

}  // namespace lifang::cases
