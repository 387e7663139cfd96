#include "ward/ward_society.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/members.hpp"
#include "ward/ward_picture.hpp"

namespace lifang::ward {
namespace {

using cases::Circle;
using cases::Move;
using cases::State;

struct Saying {
  const char* kind;
  const char* text;
  bool grounds;  ///< outside rather than in a home's flight of stairs
};
constexpr Saying kSayings[] = {
    {"noise", "楼上半夜还在拖椅子，孩子睡不着。", false},
    {"leak", "厨房天花板在滴水，越来越大。", false},
    {"street-light", "单元门口的灯不亮，晚上看不清台阶。", false},
    {"door-fault", "单元门关不上，风一吹就响。", false},
    {"corridor-clutter", "楼道里堆了纸箱和旧家具，走不过去。", false},
    {"ebike-indoors", "有人从窗口拉线给电动车充电。", false},
    {"dirty", "楼梯好几天没人打扫了。", false},
    {"road-occupied", "消防通道边停着一排车。", true},
    {"parking-disorder", "有车停在出口，转弯都困难。", true},
    {"fitness-damaged", "健身器材的踏板断了，怕孩子受伤。", true},
    {"green-damaged", "草坪被压坏了一大片。", true},
    {"bin-smell", "分类点味道很重，请来冲洗。", true},
    {"bulky-waste", "有人把旧床垫丢在路边。", true},
    {"manhole", "北边的井盖松了，踩上去会响。", true},
    {"dog", "有人遛狗不牵绳。", true},
    {"hardship", "家里老人行动不便，想申请帮助。", false},
    {"ask-policy", "老房加装电梯有补贴吗？", false},
    {"suggest-facility", "希望在大门口加一个雨棚。", true},
    {"estate-service", "电话打了三次没有人接。", false},
    {"sos", "老人按下了求助按钮。", false},
};

struct Judgement {
  int score;
  const char* text;
};
constexpr Judgement kJudgements[] = {
    {5, "很快就来了，谢谢师傅。"}, {5, "处理得很干净。"},     {5, "满意。"},           {4, "不错，就是等了一会儿。"}, {4, "已经好了。"},
    {4, "比上次快。"},             {3, "还行。"},             {3, "弄好了，但没人告诉我。"}, {2, "第二天又坏了。"},     {1, "根本没有人来过。"},
};

struct Announcement {
  const char* title;
  const char* text;
};
constexpr Announcement kAnnouncements[] = {
    {"二次供水水箱清洗通知", "本周六 8:00–14:00 清洗水箱，期间停水，请提前储水。"},
    {"电梯年度检验", "下周二起逐单元检验，每台约两小时，请走楼梯或错峰出行。"},
    {"垃圾分类投放时间调整", "早 6:30–9:00，晚 18:30–21:00，其余时间请投放到 1 号点。"},
    {"独居老人结对志愿者招募", "每周一次上门或电话，有意者到居委会登记。"},
    {"消防通道专项整治", "本月起对占用消防通道的车辆拍照并通知挪车，请互相提醒。"},
    {"居民议事会", "周日 15:00 在居民活动室，议题：非机动车充电棚选址。"},
    {"台风防御提醒", "请收好阳台花盆和晾晒物品，地下车库车辆尽量移出低洼处。"},
    {"家电以旧换新上门回收", "周三上午在南门，大件可预约上门，工作人员佩戴证件。"},
};

constexpr const char* kDone[] = {"已到场处理完毕，现场已清理。", "已修复，试用正常。", "已劝导整改，当事人配合。", "已更换部件，恢复正常。"};

bool is_new(State state) { return state == State::reported || state == State::assigned || state == State::reopened; }

/// What nobody does in time, of a hundred. In the great circle there is nobody to leave it to.
std::size_t idle_share(const cases::Case& owed) {
  if (owed.state == State::handled) return 6;
  if (owed.circle == Circle::micro) return owed.state == State::accepted ? 7 : 12;
  return owed.circle == Circle::small ? 15 : 4;
}

}  // namespace

Society::Society(const WardPlan& plan, Counter& counter, std::uint64_t seed, double speed)
    : plan_(plan), counter_(counter), chance_(seed, "society"), speed_(speed), residents_(ward::residents(plan)) {
  const std::string begin = plan.compounds.front().text + "-";
  for (const PlannedPlace& place : plan.places) {
    if (!place.id.text.starts_with(begin)) continue;
    if (place.words.kind == places::Kind::spot && !place.id.text.starts_with(begin + "b")) grounds_.push_back(place.id.text);
    if (place.words.kind == places::Kind::unit) stairs_.push_back(place.id.text);
  }
  for (const PlannedLogin& login : ward::logins(plan))
    if (login.words.person) logins_[*login.words.person] = login.words.login;
  second_ = login_of(cases::PersonId{staff_id("district-command", plan.district.text, 1).text});
}

// ---- who is who -----------------------------------------------------------------------------------------------

std::string Society::login_of(const std::optional<cases::PersonId>& person) const {
  const auto known = person ? logins_.find(person->text) : logins_.end();
  return known == logins_.end() ? std::string() : known->second;
}

/// "c12-b3" stands in the twelfth; what stands in none is the first's.
std::size_t Society::compound_of(const cases::Case& owed) const {
  const std::string& place = owed.place.text;
  if (!place.starts_with('c') || place.size() < 2 || place[1] < '0' || place[1] > '9') return 0;
  return std::min(plan_.compounds.size(), std::stoul(place.substr(1))) - 1;
}

std::string Society::office(const char* post, const places::PlaceId& place) const {
  return login_of(cases::PersonId{staff_id(post, place.text, 0).text});
}

std::string Society::desk(const cases::Case& owed) const {
  const std::size_t community = compound_of(owed) / 3;
  if (owed.circle == Circle::micro) return office("community-office", plan_.communities[community]);
  if (owed.circle == Circle::small) return office("street-office", plan_.streets[community / 8]);
  return "demo-district";
}

bool Society::is_of_an_office(const cases::Case& owed) const {
  if (!owed.organisation) return false;
  const std::size_t community = compound_of(owed) / 3;
  const std::string& who = owed.organisation->text;
  return who == "org-" + plan_.communities[community].text || who == "org-" + plan_.streets[community / 8].text;
}

std::string Society::above(const cases::Case& owed) const {
  return owed.circle == Circle::micro ? office("street-office", plan_.streets[compound_of(owed) / 24]) : "demo-district";
}

// ---- what they do ---------------------------------------------------------------------------------------------

bool Society::move(const std::string& login, const cases::Case& owed, Move move, const Said& said) {
  if (login.empty()) return false;
  const bool moved = counter_.move(login, owed.id.text, move, said);
  ++(moved ? done_.moved : done_.refused);
  if (moved) doers_[owed.id.text].insert(login);
  else given_up_.insert(owed.id.text + std::string(enum_name(owed.state)));
  return moved;
}

/// A file of the login's own; the same picture is uploaded once in a while: what nothing came to hold goes after a day.
std::vector<std::string> Society::photo(const std::string& login, const std::string& kind, std::uint64_t which, bool mended) {
  which %= 4;
  Photo& kept = photos_[fmt::format("{} {} {} {}", login, kind, which, mended)];
  if (kept.file.empty() || kept.at + std::chrono::hours(20) < counter_.now())
    kept = {counter_.upload(login, picture_of(kind, Chance::hash(kind) + which, mended)).value_or(""), counter_.now()};
  return kept.file.empty() ? std::vector<std::string>{} : std::vector{kept.file};
}

void Society::step(double reports) {
  counter_.trouble.clear();
  for (; reports > 0; reports -= 1)
    if (chance_.real() < reports) report();
  const auto all = counter_.owed();
  std::map<std::string, Time> still;
  std::vector<const cases::Case*> due;
  for (const cases::Case& owed : all) {
    const std::string key = fmt::format("{} {} {}", owed.id.text, enum_name(owed.state), enum_name(owed.circle));
    const auto known = when_.find(key);
    const Time when = known == when_.end() ? when_of(owed) : known->second;
    still[key] = when;
    const bool hopeless = given_up_.contains(owed.id.text + std::string(enum_name(owed.state)));
    if ((counter_.now() >= when || owed.deferral_asked) && !hopeless) due.push_back(&owed);
  }
  when_ = std::move(still);
  if (chance_.one_in(10)) merge_twins(all);
  for (const cases::Case* owed : due) look_at(*owed);
}

/// When somebody will do something about it: within a share of the time that is left, or not in time at all.
Time Society::when_of(const cases::Case& owed) {
  const Time now = counter_.now();
  const Duration left = owed.due ? *owed.due - now : Duration(std::chrono::minutes(20));
  if (chance_.below(100) < idle_share(owed)) return std::max(owed.due.value_or(now), now) + std::chrono::hours(2);
  const Duration delay(static_cast<std::int64_t>(static_cast<double>(left.count()) * (0.03 + 0.55 * chance_.real()) / speed_));
  return delay < std::chrono::seconds(90) ? now : now + delay;
}

void Society::report() {
  const Saying& saying = chance_.of(kSayings);
  if (std::string_view(saying.kind) == "sos" && !chance_.one_in(4)) return;
  const auto& where = saying.grounds ? grounds_ : stairs_;
  if (where.empty() || residents_.empty()) return;
  const std::string& login = residents_[chance_.below(residents_.size())].login;
  const auto files = chance_.one_in(2) ? photo(login, saying.kind, chance_.next(), false) : std::vector<std::string>{};
  const auto id = counter_.report(login, saying.kind, where[chance_.below(where.size())], saying.text, files);
  if (!id) return;
  ++done_.reported;
  reporters_.try_emplace(*id, login);
}

void Society::look_at(const cases::Case& owed) {
  if (owed.deferral_asked) {
    // In the great circle whoever does it stands above it, too, and another person approves.
    const bool own = owed.person && login_of(owed.person) == above(owed);
    if (chance_.one_in(8)) move(above(owed), owed, Move::deny, {"本月内必须办结。"});
    else move(own ? second_ : above(owed), owed, Move::approve);
    return;
  }
  if (owed.state == State::handled) return verify(owed);
  if (!is_new(owed.state) && owed.state != State::accepted) return;
  if (!owed.person) {
    move(desk(owed), owed, Move::assign);
    return;
  }
  const std::string holder = login_of(owed.person);
  if (holder.empty()) return;
  if (is_new(owed.state)) take(owed, holder);
  else work_on(owed, holder);
}

void Society::take(const cases::Case& owed, const std::string& holder) {
  const std::size_t way = chance_.below(100);
  const bool reported = owed.situation.empty();
  if (way < 3 && reported) move(desk(owed), owed, Move::refuse, {"不属于受理范围，已向报事人说明。"});
  else if (way < 5 && reported) move(holder, owed, Move::return_, {"不是本岗职责，请改派。"});
  else if (way < 8 && owed.circle == Circle::micro && owed.post != cases::PostId{"estate-office"})
    move(holder, owed, Move::transfer, {"转物业服务中心处理。", {}, "estate-office"});
  else move(holder, owed, Move::accept);
}

void Society::work_on(const cases::Case& owed, const std::string& holder) {
  const std::size_t way = chance_.below(100);
  const bool reported = owed.situation.empty();
  if (way < 4 && reported) {
    move(holder, owed, Move::defer, {"等待配件到货。", {}, {}, {}, {}, counter_.now() + std::chrono::days(chance_.between(1, 4))});
  } else if (way < 7 && owed.circle == Circle::micro) {
    move(holder, owed, Move::whistle, {"超出本级处置能力，请上级到场。"});
  } else if (way < 11 && !reported) {
    move(holder, owed, Move::false_alarm, {"现场核对，设备误报。"});
  } else {
    if (chance_.one_in(2)) move(holder, owed, Move::arrive);
    move(holder, owed, Move::handle, {chance_.of(kDone), photo(holder, owed.kind, chance_.next(), true)});
  }
}

void Society::verify(const cases::Case& owed) {
  const cases::Verifier who = counter_.verifier(owed.kind);
  const bool late = owed.was_late || (owed.due && *owed.due <= counter_.now());
  // A device says so by itself; people do only where it keeps silent.
  if (who == cases::Verifier::device && !owed.situation.empty() && !late) return;
  std::vector<std::string> may;
  if (who == cases::Verifier::reporter && reporters_.contains(owed.id.text)) may.push_back(reporters_[owed.id.text]);
  if (who == cases::Verifier::above) may = {above(owed), "demo-district", second_};
  else if (is_of_an_office(owed)) may.insert(may.end(), {"demo-inspector", desk(owed)});  // colleagues of the doer do not verify
  else may.insert(may.end(), {desk(owed), "demo-inspector"});
  const auto& doers = doers_[owed.id.text];
  const std::string holder = login_of(owed.person);
  for (const std::string& login : may) {
    if (login.empty() || login == holder || doers.contains(login)) continue;
    const bool passed = !chance_.one_in(12);
    if (move(login, owed, Move::verify, {passed ? "现场核实，已解决。" : "现场核实，问题仍在。", {}, {}, {}, passed})) return;
    doers_[owed.id.text].insert(login);  // it did it before this program was started: the next one may
  }
  given_up_.insert(owed.id.text + std::string(enum_name(owed.state)));
}

/// Two reports of one thing that came too far apart to be joined by themselves.
void Society::merge_twins(const std::vector<cases::Case>& all) {
  std::map<std::string, const cases::Case*> seen;
  for (const cases::Case& one : all) {
    if (!one.situation.empty() || one.circle != Circle::micro || (!is_new(one.state) && one.state != State::accepted)) continue;
    const auto [found, fresh] = seen.try_emplace(one.kind + " " + one.place.text, &one);
    if (fresh) continue;
    move(desk(one), one, Move::merge, {"同一问题，并案办理。", {}, {}, found->second->id.text});
    return;
  }
}

void Society::judge() {
  for (const PlannedResident& resident : residents_)
    for (const std::string& id : counter_.questions(resident.login)) {
      if (chance_.one_in(4)) continue;  // asked again tomorrow
      const Judgement& said = chance_.of(kJudgements);
      ++(counter_.evaluate(resident.login, id, said.score, said.text) ? done_.judged : done_.refused);
    }
}

void Society::announce() {
  const Announcement& one = chance_.of(kAnnouncements);
  std::vector<std::string> persons;
  for (const PlannedResident& resident : residents_) persons.push_back(resident.id.text);
  const auto& place = plan_.communities.front();
  if (!counter_.announce(office("community-office", place), place.text, persons, one.title, one.text)) ++done_.refused;
}

}  // namespace lifang::ward
