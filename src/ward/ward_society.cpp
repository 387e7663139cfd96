#include "ward/ward_society.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

namespace lifang::ward {
namespace {

namespace json = boost::json;

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

constexpr const char* kStaff[] = {"demo-guard", "demo-repairer", "demo-cleaner", "demo-property",
                                  "demo-community", "demo-street", "demo-bureau", "demo-district"};

std::string text_of(const json::object& object, const char* member) {
  const auto* value = object.if_contains(member);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

bool ApiCounter::log_in(const std::string& login) {
  const http::Reply reply =
      client_.post("/api/v1/sessions", json::serialize(json::object{{"login", login}, {"password", password_}}));
  json::error_code error;
  const auto answer = json::parse(reply.body, error);
  if (!reply.good() || error || !answer.is_object()) {
    trouble = fmt::format("{} cannot log in: {} {}", login, reply.status, reply.body);
    return false;
  }
  tokens_[login] = text_of(answer.get_object(), "token");
  return true;
}

http::Reply ApiCounter::ask(const std::string& login, std::string_view method, const std::string& target, const std::string& body) {
  if (!tokens_.contains(login) && !log_in(login)) return {};
  const auto once = [&] {
    http::Pairs headers{{"Authorization", "Bearer " + tokens_[login]}};
    if (!body.empty()) headers.push_back({"Content-Type", "application/json"});
    return client_.request(method, target, headers, body);
  };
  http::Reply reply = once();
  if (reply.status == 401 && log_in(login)) reply = once();
  if (!reply.good()) trouble = fmt::format("{} {} {}: {} {}", login, method, target, reply.status, reply.body);
  return reply;
}

bool ApiCounter::report(const std::string& login, const std::string& kind, const std::string& place, const std::string& text) {
  const json::object words{{"kind", kind}, {"place", place}, {"text", text}};
  return ask(login, "POST", "/api/v1/cases", json::serialize(words)).good();
}

std::vector<Owed> ApiCounter::owed(const std::string& login) {
  const http::Reply reply = ask(login, "GET", "/api/v1/cases?open=true&limit=100", {});
  std::vector<Owed> all;
  json::error_code error;
  const auto answer = json::parse(reply.body, error);
  if (!reply.good() || error || !answer.is_object() || !answer.get_object().contains("items")) return all;
  for (const auto& item : answer.at("items").as_array()) {
    const auto& one = item.as_object();
    Owed owed{text_of(one, "id"), {}, false};
    if (const auto* moves = one.if_contains("allowed"); moves && moves->is_array())
      for (const auto& name : moves->get_array()) owed.allowed.emplace_back(name.as_string());
    const auto* late = one.if_contains("overdue");
    owed.late = late && late->is_bool() && late->get_bool();
    all.push_back(std::move(owed));
  }
  return all;
}

bool ApiCounter::move(const std::string& login, const std::string& id, const std::string& move, const Said& said) {
  json::object words{{"note", said.note}};
  if (!said.files.empty()) words["files"] = json::value_from(said.files);
  if (said.post) words["post"] = *said.post;
  if (said.passed) words["passed"] = *said.passed;
  return ask(login, "POST", fmt::format("/api/v1/cases/{}/{}", id, move), json::serialize(words)).good();
}

Society::Society(const WardPlan& plan, Counter& counter, std::uint64_t seed)
    : plan_(plan), counter_(counter), chance_(seed, "society") {
  const std::string begin = plan.compounds.front().text + "-";
  for (const PlannedPlace& place : plan.places) {
    if (!place.id.text.starts_with(begin)) continue;
    if (place.words.kind == places::Kind::spot && !place.id.text.starts_with(begin + "b")) grounds_.push_back(place.id.text);
    if (place.words.kind == places::Kind::unit) stairs_.push_back(place.id.text);
  }
}

void Society::step(double reports) {
  counter_.trouble.clear();
  for (; reports > 0; reports -= 1)
    if (chance_.real() < reports) report();
  for (const char* login : kStaff)
    for (const Owed& owed : counter_.owed(login)) work(login, owed);
}

void Society::report() {
  const Saying& saying = chance_.of(kSayings);
  if (std::string_view(saying.kind) == "sos" && !chance_.one_in(4)) return;
  const auto& where = saying.grounds ? grounds_ : stairs_;
  if (where.empty()) return;
  if (counter_.report("demo-resident", saying.kind, where[chance_.below(where.size())], saying.text)) ++done_.reported;
}

void Society::move(const std::string& login, const Owed& owed, const char* move, const Said& said) {
  ++(counter_.move(login, owed.id, move, said) ? done_.moved : done_.refused);
}

void Society::work(const std::string& login, const Owed& owed) {
  const auto may = [&](std::string_view name) { return std::find(owed.allowed.begin(), owed.allowed.end(), name) != owed.allowed.end(); };
  // The same case is left lying by the same people until it is late and has moved up.
  if (!owed.late && Chance(Chance::hash(owed.id) ^ Chance::hash(login)).one_in(4)) return;
  if (may("accept") && chance_.real() < 0.8) {
    move(login, owed, "accept", {""});
  } else if (may("handle") && chance_.real() < 0.6) {
    const double way = chance_.real();
    if (way < 0.04 && may("refuse")) move(login, owed, "refuse", {"不属于受理范围，已向报事人说明。"});
    else if (way < 0.08 && may("whistle")) move(login, owed, "whistle", {"需要上级部门到场。"});
    else if (way < 0.12 && may("transfer")) move(login, owed, "transfer", {"转物业服务中心处理。", {}, "estate-office"});
    else move(login, owed, "handle", {"已到现场处理完毕。", {"demo-photo"}});
  } else if (may("verify") && chance_.real() < 0.6) {
    move(login, owed, "verify", {"现场核实。", {}, {}, !chance_.one_in(12)});
  } else if (may("close") && chance_.real() < 0.5) {
    move(login, owed, "close", {"办结。"});
  }
}

}  // namespace lifang::ward
