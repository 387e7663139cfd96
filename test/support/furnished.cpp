#include "support/furnished.hpp"

#include <fmt/format.h>

#include <sstream>
#include <thread>

namespace lifang {
namespace {

constexpr const char* kPost = "POST";
constexpr const char* kPut = "PUT";
const std::string kSmallPicture("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\x02\0\0\0", 26);

std::string text_in(const boost::json::value& value, const char* name) {
  const auto* found = value.is_object() ? value.get_object().if_contains(name) : nullptr;
  return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

}  // namespace

Furnished::Furnished(TestNode& node) : node_(node) {
  for (const char* place : {"here", "there"})
    node_.must(kPut, std::string("/api/v1/places/") + place, fmt::format(R"({{"kind":"compound","name":"{}"}})", place));
  node_.must(kPut, "/api/v1/places/here-1", R"({"kind":"home","parent":"here","name":"1-101"})");
  ids_["/api/v1/places"] = "here";
  people();
  machines();
  duty();
  work();
  words();
  more_words();
}

boost::json::value Furnished::must(const std::string& method, const std::string& target, const std::string& body, http::Pairs headers) {
  remember(method, target, body, headers);
  headers.emplace_back("Authorization", "Bearer " + maker_);
  http::Client client(node_.origin());
  const auto reply = client.request(method, target, headers, body);
  EXPECT_TRUE(reply.good()) << method << " " << target << ": " << reply.status << " " << reply.body;
  return reply.good() && !reply.body.empty() && reply.body.front() == '{' ? parse_json(reply.body) : boost::json::object{};
}

void Furnished::remember(const std::string& method, const std::string& target, const std::string& body, const http::Pairs& headers) {
  if (body.empty()) return;
  const auto parts_of = [](const std::string& path) {
    std::vector<std::string> parts;
    std::istringstream in(path.substr(1));
    for (std::string part; std::getline(in, part, '/');) parts.push_back(part);
    return parts;
  };
  const auto asked = parts_of(target);
  std::string best;
  std::size_t fixed = 0;
  for (const auto& route : node_.house().routes->all()) {
    const auto parts = parts_of(route.pattern);
    if (route.method != method || parts.size() != asked.size()) continue;
    std::size_t same = 0;
    bool fits = true;
    for (std::size_t i = 0; fits && i < parts.size(); ++i) {
      fits = parts[i] == asked[i] || parts[i].front() == '{';
      same += parts[i] == asked[i];
    }
    if (fits && same >= fixed) best = route.method + " " + route.pattern, fixed = same;
  }
  if (!best.empty()) words_.try_emplace(best, Words{body, headers.empty() ? "application/json" : headers.front().second, {}});
}

Furnished::Words Furnished::words_of(const http::Routes::Route& route) const {
  const auto found = words_.find(route.method + " " + route.pattern);
  if (found != words_.end()) return found->second;
  return route.method == "GET" ? Words{""} : Words{};
}

std::string Furnished::made(const std::string& target, const std::string& body) { return text_in(must(kPost, target, body), "id"); }

std::string Furnished::first(const std::string& list) {
  for (int turn = 0; turn < 3'000; ++turn) {
    const auto answer = must("GET", list);
    const auto* items = answer.as_object().if_contains("items");
    if (items && !items->as_array().empty()) return text_in(items->as_array().front(), "id");
    std::this_thread::yield();
  }
  ADD_FAILURE() << "nothing ever stood in " << list;
  return {};
}

const std::string& Furnished::login(const std::string& role, const std::string& place) {
  std::string& token = tokens_[role + "@" + place];
  if (token.empty()) token = node_.login(role + "-" + place, role, place);
  return token;
}

std::string Furnished::target_of(const http::Routes::Route& route) const {
  const std::string& pattern = route.pattern;
  if (const auto own = ids_.find(route.method + " " + pattern); own != ids_.end())
    return pattern.substr(0, pattern.find('{')) + own->second + pattern.substr(pattern.find('}') + 1);
  std::string target;
  std::istringstream parts(pattern.substr(1));
  for (std::string part; std::getline(parts, part, '/');) {
    if (part.starts_with('{')) {
      const auto id = ids_.find(target);
      part = id == ids_.end() || id->second.empty() ? "nothing" : id->second;
    }
    target += "/" + part;
  }
  return target;
}

void Furnished::people() {
  const auto person = [&](const std::string& body) { return text_in(node_.must(kPost, "/api/v1/people", body), "id"); };
  of_maker_ = person(R"({"name":"王小明","place":"here","phone":"13800138000"})");
  maker_ = node_.login("maker", "admin", "", of_maker_);
  person_ = person(fmt::format(R"({{"name":"{}","phone":"{}","identity":"{}","birth":"1951-03-02","place":"here-1"}})", kName,
                               kPhone, kIdentity));
  ids_["/api/v1/people"] = person_;
  const std::string household = made("/api/v1/people/households", R"({"place":"here-1"})");
  ids_["/api/v1/people/households"] = household;
  ids_["/api/v1/people/residencies"] =
      made("/api/v1/people/households/" + household + "/members", fmt::format(R"({{"person":"{}","role":"owner"}})", person_));
  made("/api/v1/people/households/" + household + "/members", fmt::format(R"({{"person":"{}","role":"tenant"}})", of_maker_));
  ids_["/api/v1/people/helpers"] =
      made("/api/v1/people/helpers", fmt::format(R"({{"person":"{}","helper":"{}","scope":["report"]}})", person_, of_maker_));
  put("/api/v1/people/organisations/estate", R"({"kind":"property_company","name":"物业","place":"here"})");
  ids_["/api/v1/people/organisations"] = "estate";
  ids_["/api/v1/people/tags"] = "volunteer";
  ids_["/api/v1/people/" + person_ + "/tags"] = "volunteer";
  put("/api/v1/people/" + person_ + "/tags/volunteer", "{}");
  own_ = node_.login("her-own", "resident", "here", person_);
  ids_["/api/v1/accounts"] = made("/api/v1/accounts", fmt::format(R"({{"login":"gate","name":"{}","role":"guard","place":"here","person":"{}"}})",
                                                                  kName, person_));
  ids_["/api/v1/accounts/" + ids_["/api/v1/accounts"] + "/assignments"] =
      made("/api/v1/accounts/" + ids_["/api/v1/accounts"] + "/assignments", R"({"role":"worker","place":"here"})");
  ids_["/api/v1/accounts/candidates"] = ids_["/api/v1/accounts"];
  ids_["/api/v1/accounts/roles"] = "guard";
  ids_["/api/v1/accounts/keys"] = text_in(must(kPost, "/api/v1/accounts/keys", R"({"name":"bins","rights":["places.read"],"place":"here"})").at("key"), "id");
  ids_["/api/v1/accounts/phones"] = made("/api/v1/accounts/phones", R"({"name":"门岗手机","pin":"470911"})");
  put("/api/v1/accounts/me/views/cases", R"({"views":[{"name":"南区","search":"井盖","columns":["title"],"filters":{"place":"here"}}]})");
  ids_["/api/v1/accounts/me/views"] = "cases";
  made("/api/v1/accounts/me/deputies",
      fmt::format(R"({{"deputy":"{}","until":"{}"}})", ids_["/api/v1/accounts"],
                  to_rfc3339(node_.world().clock.now() + std::chrono::hours(240))));
  ids_["/api/v1/accounts/deputies"] = first("/api/v1/accounts/deputies");
  ids_["/api/v1/sessions"] = first("/api/v1/sessions");
  ids_["/api/v1/audit"] = "1";
  ids_["/api/v1/audit/people"] = person_;
}

void Furnished::machines() {
  put("/api/v1/devices/profiles/lift", R"({"name":"电梯","metrics":[{"id":"dust"},{"id":"empty"}],"detections":["ebike","plate"],)"
                                       R"("commands":[{"method":"hold"},{"method":"go"}]})");
  ids_["/api/v1/devices/profiles"] = "lift";
  put("/api/v1/devices/lift-1", R"({"profile":"lift","place":"here","secret":"the-lift-secret"})");
  ids_["/api/v1/devices"] = "lift-1";
  ids_["/api/v1"] = "the-lift-secret";
  const auto in = [&](int hours) { return to_rfc3339(node_.world().clock.now() + std::chrono::hours(hours)); };
  ids_["/api/v1/devices/lift-1/maintenance"] =
      made("/api/v1/devices/lift-1/maintenance", fmt::format(R"({{"begins":"{}","ends":"{}","reason":"年检"}})", in(48), in(50)));
  ids_["/api/v1/devices/ready"] = first("/api/v1/devices/ready");
  ids_["/api/v1/rules/ready"] = first("/api/v1/rules/ready");
  put("/api/v1/rules/hold", R"({"name":"扬尘","applies_to":{"profile":"lift","place":"here"},"severity":"warning",
    "raise":{"when":{"metric":"dust","op":">","value":150}},
    "case":"noise","actions":[{"command":"hold","release":{"command":"go"},"hold":"PT2H"}]})");
  must(kPost, "/api/v1/rules/hold/activate");
  ids_["/api/v1/rules"] = "hold";
  put("/api/v1/exchange/libraries/xihu", R"({"name":"分局视图库","url":"http://127.0.0.1:9","system":"33010600002000000001",
    "password":"viid-secret-1","places":["here"],"purpose":"public_security","basis":"西公视〔2026〕7号","plates":true,"paused":true})");
  ids_["/api/v1/exchange/libraries"] = "xihu";
  const auto say = [&](const std::string& what, const std::string& body) { must(kPost, "/api/v1/the-lift-secret/" + what, body); };
  say("telemetry", R"({"dust":200,"empty":0})");
  say("detections", R"({"kind":"plate","confidence":0.9,"attributes":{"plate":"浙A12345","colour":"blue","box":[1,2,3,4]}})");
  ids_["/api/v1/readings/detections"] = first("/api/v1/readings/detections?device=lift-1");
  ids_["/api/v1/exchange/captures"] = first("/api/v1/exchange/captures");
  ids_["/api/v1/situations"] = first("/api/v1/situations");
  ids_["/api/v1/actions"] = first("/api/v1/actions");
  ids_["/api/v1/devices/commands"] = first("/api/v1/devices/commands");
}

void Furnished::duty() {
  for (const char* post : {"guard", "repairer", "estate-office", "community-office", "district-command"})
    put(std::string("/api/v1/rosters/posts/") + post, R"({"name":"岗","organisation":"estate"})");
  ids_["/api/v1/rosters/posts"] = "guard";
  for (const char* post : {"guard", "repairer", "district-command"})
    put(std::string("/api/v1/rosters/shifts/s-") + post,
        fmt::format(R"({{"post":"{}","place":"here","organisation":"estate","persons":["{}"],"from":"00:00","to":"24:00"}})", post, person_));
  ids_["/api/v1/rosters/shifts"] = "s-guard";
  ids_["/api/v1/rosters/handovers"] = made("/api/v1/rosters/handovers", R"({"post":"guard","place":"here","note":"钥匙在抽屉里"})");
  ids_["/api/v1/rosters/absences"] = made("/api/v1/rosters/absences", fmt::format(
      R"({{"person":"{}","from":"2030-01-01T00:00:00Z","until":"2030-01-02T00:00:00Z"}})", person_));
  put("/api/v1/rosters/points/gate", R"({"name":"东门","place":"here"})");
  put("/api/v1/rosters/routes/evening", R"({"name":"夜巡","place":"here","points":["gate"]})");
  put("/api/v1/rosters/plans/nightly", R"({"route":"evening","post":"guard","times":["20:00"],"within":"PT30M"})");
  for (const auto& [list, id] : {std::pair{"points", "gate"}, {"routes", "evening"}, {"plans", "nightly"}, {"calendar", "2026"}})
    ids_[std::string("/api/v1/rosters/") + list] = id;
  ids_["/api/v1/rosters/tasks"] = made("/api/v1/rosters/plans/nightly/begin", "{}");
}

void Furnished::work() {
  const std::string file = text_in(must(kPost, "/api/v1/files", kSmallPicture, {{"Content-Type", "image/png"}}), "id");
  ids_["/api/v1/files"] = file;
  const std::string id = made("/api/v1/cases", fmt::format(
      R"({{"kind":"leak","place":"here","text":"漏水","files":["{}"],"reporter":{{"person":"{}","channel":"call"}}}})", file, person_));
  ids_["/api/v1/cases"] = id;
  // One whose ending waits to be looked at, and one that is over, so that somebody may evaluate it.
  const auto handled = [&](const char* kind) {
    const std::string done = made("/api/v1/cases", fmt::format(
        R"({{"kind":"{}","place":"here","text":"请来处理","reporter":{{"person":"{}","channel":"call"}}}})", kind, person_));
    for (const char* move : {"accept", "arrive", "handle"})
      must(kPost, "/api/v1/cases/" + done + "/" + move, fmt::format(R"({{"note":"办好了","files":["{}"]}})", file));
    return done;
  };
  ids_["POST /api/v1/cases/{id}/verify"] = handled("bin-smell");
  const std::string over = handled("bulky-waste");
  for (const char* move : {"verify", "close"}) node_.must(kPost, "/api/v1/cases/" + over + "/" + move, R"({"note":"属实"})");
  ids_["/api/v1/evaluations"] = first("/api/v1/evaluations");
  made("/api/v1/cases", R"({"kind":"lift-trapped","place":"here","text":"有人被困"})");
  ids_["/api/v1/cases/kinds"] = "noise";
  ids_["/api/v1/cases/drafts"] = "tree-on-car";
  for (const char* code : {"tree-on-car", "tree-on-lane"})
    put(std::string("/api/v1/cases/drafts/") + code,
        R"({"name":"树倒","class":"component","grade":"III","micro":{"post":"guard","accept":"PT1H","handle":"PT4H","verify":"PT4H"},
            "small":{"post":"guard","accept":"PT1H","handle":"PT4H","verify":"PT4H"},
            "great":{"post":"guard","accept":"PT1H","handle":"PT4H","verify":"PT4H"}})");
  for (const char* route : {"POST /api/v1/cases/drafts/{id}/rebase", "DELETE /api/v1/cases/drafts/{id}"}) ids_[route] = "tree-on-lane";
  ids_["/api/v1/notices/rings"] = first("/api/v1/notices/rings");
  ids_["/api/v1/drills"] = made("/api/v1/drills", R"({"kind":"lift-trapped","place":"here","note":"演练"})");
  ids_["/api/v1/exchange/hotline"] = "12345-1";
  made("/api/v1/exchange/hotline", R"({"items":[{"number":"12345-1","kind":"noise","place":"here","text":"夜里施工"}]})");
}

void Furnished::words() {
  made("/api/v1/notices", fmt::format(R"({{"title":"请来一趟","text":"有事","place":"here","persons":["{}","{}"]}})", person_, of_maker_));
  ids_["/api/v1/notices"] = first("/api/v1/notices");
  words_.insert_or_assign("POST /api/v1/notices/read-all", Words{fmt::format(R"({{"up_to":"{}"}})", ids_["/api/v1/notices"])});
  put("/api/v1/notices/templates/water", R"({"name":"停水","title":"停水","text":"明天停水"})");
  ids_["/api/v1/notices/templates"] = "water";
  ids_["/api/v1/notices/announcements"] =
      made("/api/v1/notices/announcements", R"({"audience":{"place":"here"},"title":"停水","text":"明天停水"})");
  put("/api/v1/notices/webhooks/mine", R"({"url":"https://hook.example/","topics":["cases.opened"],"place":"here","secret":"a-hook-secret-of-mine"})");
  ids_["/api/v1/notices/webhooks"] = "mine";
  made("/api/v1/cases", R"({"kind":"corridor-clutter","place":"here","text":"楼道堆物"})");
  ids_["/api/v1/notices/messages"] = first("/api/v1/notices/messages");
  put("/api/v1/affairs/forms/meals", R"({"name":"助餐","subject":"person","columns":[{"heading":"姓名","source":"person.name"},)"
                                     R"({"heading":"联系电话","source":"person.phone"},{"heading":"是否助餐","source":"ask"}]})");
  ids_["/api/v1/affairs/forms"] = "meals";
  ids_["/api/v1/affairs/runs"] = made("/api/v1/affairs/runs", R"({"form":"meals","place":"here"})");
  ids_["/api/v1/imports"] = text_in(must(kPost, "/api/v1/imports/homes", "小区,楼栋,房号\n福源,1,101\n", {{"Content-Type", "text/csv"}}), "id");
  ids_["/api/v1/imports/templates"] = "homes";
  // Two who answer differently.
  const std::string run = "/api/v1/affairs/runs/" + ids_["/api/v1/affairs/runs"];
  const std::string blank = first(run + "/blanks");
  must(kPost, run + "/answers", fmt::format(R"({{"items":[{{"id":"{}","value":"是"}}]}})", blank));
  node_.must(kPost, run + "/answers", fmt::format(R"({{"items":[{{"id":"{}","value":"否"}}]}})", blank));
  ids_["/api/v1/affairs/conflicts"] = first(run + "/conflicts");
  ids_["POST /api/v1/imports/{id}"] = "homes";
  ids_["/api/v1/scorecards"] = first("/api/v1/scorecards");
  ids_["POST /api/v1/people/{id}/export"] = of_maker_;
  ids_["/open311/v2/services"] = "leak";
  ids_["/open311/v2/requests"] = ids_["/open311/v2/tokens"] = ids_["/api/v1/why"] = ids_["/api/v1/cases"];
}

/// What the fixture itself had no need to say.
void Furnished::more_words() {
  const auto say = [this](const std::string& route, const std::string& body) { words_.insert_or_assign(route, Words{body}); };
  const auto ask = [this](const std::string& pattern, const std::string& query) {
    words_.insert_or_assign("GET " + pattern, Words{"", "", query});
  };
  ask("/api/v1/readings", "?device=lift-1&metric=dust");
  ask("/api/v1/rosters/duty", "?post=guard&place=here");
  ask("/api/v1/cases/rates/cases", "?by=kind&key=leak&place=here");
  ask("/api/v1/scorecards/cases", "?by=kind&key=leak&place=here");
  ask("/api/v1/scorecards/cases/file", "?by=kind&key=leak&place=here");
  ask("/api/v1/scorecards/brief", "?place=here");
  ask("/api/v1/notices/stairwell", "?place=here");
  ask("/api/v1/notices/rung", "?case=" + ids_["/api/v1/cases"]);
  for (const char* room : {"people", "places", "accounts", "cases"}) {
    const std::string list = std::string("/api/v1/") + room;
    ask(list + "/names", "?ids=" + ids_[list]);
  }
  const std::string note = R"({"note":"请看"})", soon = to_rfc3339(node_.world().clock.now() + std::chrono::hours(48));
  for (const char* move : {"return", "deny", "refuse", "false-alarm", "appeal", "note", "accept", "arrive", "urge", "close", "reopen"})
    say(std::string("POST /api/v1/cases/{id}/") + move, note);
  say("POST /api/v1/cases/{id}/transfer", R"({"note":"转办","post":"repairer"})");
  say("POST /api/v1/cases/{id}/defer", R"({"note":"等配件","until":")" + soon + "\"}");
  say("POST /api/v1/cases/{id}/report-in", R"({"note":"到了","post":"guard"})");
  say("POST /api/v1/cases/{id}/done", R"({"note":"好了","part":1})");
  say("POST /api/v1/cases/{id}/confirm", R"({"check":1})");
  say("POST /api/v1/cases/batch", fmt::format(R"({{"ids":["{}"],"move":"urge"}})", ids_["/api/v1/cases"]));
  say("POST /api/v1/evaluations/{id}", R"({"score":5,"solved":true})");
  say("POST /api/v1/situations/{id}/false-alarm", R"({"reason":"sensor","note":"误报"})");
  say("POST /api/v1/actions/{id}/release", R"({"reason":"stroller","note":"婴儿车"})");
  say("POST /api/v1/devices/{id}/commands", R"({"method":"go"})");
  say("POST /api/v1/devices/{id}/maintenance", R"({"begins":")" + soon + R"(","ends":")" +
      to_rfc3339(node_.world().clock.now() + std::chrono::hours(50)) + R"(","reason":"年检"})");
  say("POST /api/v1/devices/ready/adopt", fmt::format(R"({{"ids":["{}"],"replace":true}})", ids_["/api/v1/devices/ready"]));
  say("POST /api/v1/rules/ready/adopt", fmt::format(R"({{"ids":["{}"],"replace":true}})", ids_["/api/v1/rules/ready"]));
  say("POST /api/v1/rules/backtest", R"({"rule":)" + words_["PUT /api/v1/rules/{id}"].body + "}");
  say("PUT /api/v1/accounts/roles/{id}", R"({"name":"门岗","rights":["cases.read"]})");
  say("PUT /api/v1/accounts/me/views/{id}", R"({"views":[{"name":"北区"}]})");
  say("POST /api/v1/accounts/{id}/deputies", words_["POST /api/v1/accounts/me/deputies"].body);
  say("POST /api/v1/people/search", R"({"phone_tail":"8000"})");
  say("POST /api/v1/people", R"({"name":"李四","place":"here"})");
  for (const char* end : {"", "/withdraw"}) say(std::string("POST /api/v1/people/{id}/consents") + end, R"({"purpose":"care","how":"当面"})");
  say("PATCH /api/v1/people/households/{id}", R"({"place":"here-1"})");
  say("POST /api/v1/people/households/by-code", R"({"code":"nobody-has-it"})");
  say("PUT /api/v1/people/tags/{id}", R"({"name":"志愿者"})");
  say("PUT /api/v1/places/{id}", R"({"kind":"compound","name":"这里"})");
  say("PUT /api/v1/rosters/calendar/{id}", R"({"source":"通知","days":[]})");
  say("PUT /api/v1/rosters/hours/{id}", R"({"week":[["09:00-17:00"],["09:00-17:00"],["09:00-17:00"],["09:00-17:00"],["09:00-17:00"],[],[]]})");
  say("PUT /api/v1/cases/kinds/{id}", words_["PUT /api/v1/cases/drafts/{id}"].body);
  say("POST /api/v1/rosters/tasks/{id}/check", R"({"code":"nobody-has-it","fine":true})");
  say("POST /api/v1/affairs/conflicts/{id}/settle", R"({"keep":"answer"})");
  say("POST /api/v1/notices/announcements/preview", R"({"place":"here"})");
  say("PUT /api/v1/notices/digest", R"({"hour":8,"phone":false})");
  say("POST /api/v1/notices/calls/{id}", R"({"result":"answered","key":"1"})");
  say("POST /api/v1/exchange/hotline/{id}/reply", R"({"text":"已经办结"})");
  say("POST /api/v1/node/backup", R"({"file":"/nowhere/backup"})");
  say("POST /api/v1/node/users", R"({"login":"nobody","role":"guard","password":"correct horse 7"})");
}

}  // namespace lifang
