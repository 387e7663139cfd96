#include "house_paper.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "house.hpp"

namespace lifang {
namespace {

constexpr std::string_view kTitle = "请打印本周的楼道公告";
constexpr std::size_t kMostNamed = 20;    ///< compounds in one notice
constexpr std::size_t kMostAsked = 1000;  ///< persons of a compound, until one is found who has no login

/// Whether anybody there needs paper.
bool is_read_on_paper(Tx& tx, const std::string& path) {
  people::Audience all;
  all.paths = {path};
  const auto persons = people::People::audience(tx, all, "", kMostAsked);
  return std::any_of(persons.begin(), persons.end(), [&](const people::PersonId& person) {
    return !accounts::Accounts::find_by_person(tx, person.text);
  });
}

/// Those who hold the right there and nowhere above, else those one level up.
std::vector<accounts::AccountId> in_charge(Tx& tx, std::string path) {
  for (;;) {
    const auto here = accounts::Accounts::holders(tx, "notices.send", path, tx.now());
    if (path == "/") return here;
    path.erase(path.rfind('/', path.size() - 2) + 1);
    const auto above = accounts::Accounts::holders(tx, "notices.send", path, tx.now());
    std::vector<accounts::AccountId> nearest;
    std::copy_if(here.begin(), here.end(), std::back_inserter(nearest),
                 [&](const accounts::AccountId& id) { return std::find(above.begin(), above.end(), id) == above.end(); });
    if (!nearest.empty()) return nearest;
  }
}

/// Monday, at midnight where the district is.
Time week_began(const rosters::Calendar& calendar, Time now) {
  const rosters::Day today = calendar.local_day(now);
  const std::chrono::days since_monday{std::chrono::weekday{today}.iso_encoding() - 1};
  return calendar.at(today - since_monday, {});
}

void tell(House& house, Tx& tx, const notices::PersonId& person, const std::vector<places::Place>& compounds) {
  notices::SendWords words;
  words.place = compounds.front().id;
  words.title = kTitle;
  words.persons = {person};
  words.text = "有居民不用手机：请打印本周的一页，贴到楼道里。\n";
  std::string english = "Some residents have no login: please print this week's page and put it up in the stairwells.\n";
  for (std::size_t i = 0; i < compounds.size() && i < kMostNamed; ++i) {
    const std::string line = fmt::format("{}：{}/api/v1/notices/stairwell?place={}\n", compounds[i].name, house.plan.public_url,
                                         compounds[i].id.text);
    words.text += line;
    english += line;
  }
  if (compounds.size() > kMostNamed) {
    words.text += fmt::format("另有 {} 个小区，请到工作台“通知 → 楼道里的一页”。", compounds.size() - kMostNamed);
    english += fmt::format("{} more compounds: console, Notices, a page for the stairwell.", compounds.size() - kMostNamed);
  }
  house.notices.send(tx, Caller::system(), words, {"Please print this week's page for the stairwells", english});
}

}  // namespace

void remind_of_paper(House& house, Tx& tx) {
  if (!house.plan.weekly_paper) return;
  const rosters::Calendar calendar = house.rosters.calendar(tx, tx.now());
  if (calendar.next_opening(tx.now(), rosters::office_hours()) != tx.now()) return;
  const Time since = week_began(calendar, tx.now());
  places::Filter compounds;
  compounds.kind = places::Kind::compound;
  compounds.limit = 2000;
  std::map<std::string, std::vector<places::Place>> owed;  ///< by person
  std::map<std::string, bool> dues;  ///< whether they are to be told
  for (const places::Place& compound : places::Places::list(tx, Caller::system(), compounds)) {
    std::vector<std::string> whom;
    for (const accounts::AccountId& id : in_charge(tx, compound.path)) {
      const std::string person = accounts::Accounts::get(tx, Caller::system(), id).person.value_or(id.text);
      auto due = dues.find(person);
      if (due == dues.end()) {
        const bool is_told = notices::Notices::has_told(tx, notices::PersonId{person}, std::string(kTitle), since);
        due = dues.emplace(person, !is_told).first;
      }
      if (due->second) whom.push_back(person);
    }
    // Asked last: it is the dear question.
    if (whom.empty() || !is_read_on_paper(tx, compound.path)) continue;
    for (const std::string& person : whom) owed[person].push_back(compound);
  }
  for (const auto& [person, all] : owed) tell(house, tx, notices::PersonId{person}, all);
}

}  // namespace lifang
