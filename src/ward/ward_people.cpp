// Who lives and works in the made-up district.
#include <fmt/format.h>

#include <array>

#include "ward/chance.hpp"
#include "ward/ward_plan.hpp"

namespace lifang::ward {
namespace {

constexpr const char* kSurname[] = {"王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡",
                                    "郭", "何", "林", "高", "罗", "郑", "梁", "谢", "宋", "唐", "许", "邓", "冯", "韩", "曹",
                                    "曾", "彭", "萧", "蔡", "潘", "田", "董", "袁", "于", "余", "叶", "蒋", "杜", "苏", "魏"};
constexpr const char* kGiven[] = {"安", "宁", "清", "和", "明", "远", "思", "嘉", "文", "景", "若", "云", "舒", "怀", "瑾", "知",
                                  "予", "书", "禾", "朗", "澄", "岚", "颖", "峻", "逸", "瑶", "桐", "松", "梅", "兰", "竹", "月",
                                  "星", "辰", "晓", "晨", "欣", "然", "子", "可", "亦", "乐", "建", "国", "秀", "英", "志", "芳"};

/// 1990000 is no range that is given out; beyond ten thousand of them, eleven digits that begin with 12, as no
/// mobile number does.
std::string phone_number(std::size_t n) {
  return n < 10'000 ? fmt::format("1990000{:04}", n) : fmt::format("12{:09}", n);
}

constexpr std::size_t kMostMembers = 6;

std::string full_name(Chance& chance, std::string_view surname) {
  std::string name{surname};
  name += chance.of(kGiven);
  if (!chance.one_in(5)) name += chance.of(kGiven);
  return name;
}

}  // namespace

std::string identity_number(Chance& chance, int born, bool male) {
  constexpr std::array<int, 17> kWeights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  std::string digits = fmt::format("99{:04}{:04}{:02}{:02}{:02}{}", chance.below(10'000), born, chance.between(1, 12),
                                   chance.between(1, 28), chance.below(100), chance.below(5) * 2 + (male ? 1 : 0));
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) sum += kWeights[i] * (digits[i] - '0');
  return digits + "10X98765432"[sum % 11];
}

std::vector<MadeUpPerson> household_of(const WardPlan& plan, std::size_t home) {
  Chance chance(plan.size.seed ^ (home * 0x9e3779b97f4a7c15U), "household");
  std::vector<MadeUpPerson> members;
  if (chance.one_in(20)) return members;  // vacant
  const std::string surname = chance.of(kSurname);
  const auto live = [&](int born, bool male, std::string_view of) {
    MadeUpPerson person;
    person.name = full_name(chance, of);
    person.phone = phone_number(home * kMostMembers + members.size());
    person.identity = identity_number(chance, born, male);
    person.head = members.empty();
    person.born = born;
    person.old = born <= 1960;
    members.push_back(std::move(person));
  };
  const auto kind = chance.below(100);
  if (kind < 15) {  // old, alone or as a couple
    live(static_cast<int>(chance.between(1938, 1960)), chance.one_in(2), surname);
    if (kind < 8) live(members[0].born + static_cast<int>(chance.between(0, 6)), chance.one_in(2), chance.of(kSurname));
  } else if (kind < 35) {
    live(static_cast<int>(chance.between(1970, 2003)), chance.one_in(2), surname);
  } else {
    const int born = static_cast<int>(chance.between(1962, 1996));
    live(born, true, surname);
    live(born + static_cast<int>(chance.between(-2, 5)), false, chance.of(kSurname));
    for (std::size_t children = chance.below(3); children > 0; --children)
      live(std::min(2025, born + static_cast<int>(chance.between(24, 34))), chance.one_in(2), surname);
    if (chance.one_in(6)) live(born - static_cast<int>(chance.between(23, 30)), false, chance.of(kSurname));
  }
  if (members.size() == 1) members[0].alone = true;
  return members;
}

rosters::PersonId staff_id(std::string_view post, std::string_view place, int n) {
  Chance chance(Chance::hash(post) ^ Chance::hash(place) * 31, "staff");
  std::string text = "person_0";
  constexpr char kDigits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  for (int i = 0; i < n; ++i) chance.next();
  for (int i = 0; i < 25; ++i) text += kDigits[chance.below(32)];
  return rosters::PersonId{text};
}

// ---- posts, organisations, shifts ---------------------------------------------------------------------------

std::vector<PlannedOrganisation> organisations(const WardPlan& plan) {
  std::vector<PlannedOrganisation> all;
  const auto name_of = [&](const places::PlaceId& id) {
    for (const auto& place : plan.places)
      if (place.id == id) return place.words.name;
    return id.text;
  };
  constexpr std::array<std::array<const char*, 2>, 15> kBureaus = {{{"district-command", "城区指挥中心"},
                                                                    {"urban-management", "城市管理局"},
                                                                    {"police", "公安分局"},
                                                                    {"fire", "消防救援大队"},
                                                                    {"medical", "急救中心"},
                                                                    {"health-bureau", "卫生健康局"},
                                                                    {"civil-affairs", "民政局"},
                                                                    {"housing-bureau", "住建局"},
                                                                    {"environment-bureau", "生态环境分局"},
                                                                    {"market-supervision", "市场监管局"},
                                                                    {"water-utility", "水务公司"},
                                                                    {"power-utility", "供电公司"},
                                                                    {"gas-utility", "燃气公司"},
                                                                    {"lift-rescue", "电梯应急救援站"},
                                                                    {"data-office", "数据资源局"}}};
  for (const auto& [id, name] : kBureaus)
    all.push_back({id, std::string_view(id) == "district-command" ? "district_centre" : "bureau", std::string(name) + "（演示）", plan.district});
  for (const auto& street : plan.streets) all.push_back({"org-" + street.text, "street_office", name_of(street) + "办事处", street});
  for (const auto& community : plan.communities)
    all.push_back({"org-" + community.text, "community_office", name_of(community) + "居委会", community});
  for (const auto& compound : plan.compounds)
    all.push_back({"org-" + compound.text, "property_company", name_of(compound) + "物业服务处", compound});
  return all;
}

std::vector<PlannedPost> posts() {
  const auto post = [](const char* id, const char* name, const char* above) {
    rosters::PostWords words;
    words.name = name;
    if (*above) words.above = rosters::PostId{above};
    return PlannedPost{rosters::PostId{id}, std::move(words)};
  };
  std::vector<PlannedPost> all = {post("district-command", "城区指挥中心", "")};
  constexpr std::array<std::array<const char*, 2>, 14> kDistrict = {{{"urban-management", "城管"},
                                                                     {"police", "公安"},
                                                                     {"fire", "消防"},
                                                                     {"medical", "急救"},
                                                                     {"health-bureau", "卫健"},
                                                                     {"civil-affairs", "民政"},
                                                                     {"housing-bureau", "住建"},
                                                                     {"environment-bureau", "环保"},
                                                                     {"market-supervision", "市场监管"},
                                                                     {"water-utility", "供水"},
                                                                     {"power-utility", "供电"},
                                                                     {"gas-utility", "燃气"},
                                                                     {"lift-rescue", "电梯救援"},
                                                                     {"data-office", "数据局"}}};
  for (const auto& [id, name] : kDistrict) all.push_back(post(id, name, "district-command"));
  constexpr std::array<std::array<const char*, 2>, 5> kStreet = {{{"street-office", "街道值班"},
                                                                  {"street-safety", "街道应急消安"},
                                                                  {"street-order", "街道综合执法"},
                                                                  {"street-waste", "街道分类办"},
                                                                  {"street-care", "街道民生"}}};
  for (const auto& [id, name] : kStreet) all.push_back(post(id, name, "district-command"));
  all.push_back(post("community-office", "社区值班", "street-office"));
  all.push_back(post("community-care", "社区助老", "community-office"));
  all.push_back(post("grid-worker", "网格员", "community-office"));
  all.push_back(post("family-doctor", "家庭医生", "street-care"));
  all.push_back(post("estate-office", "物业服务中心", "community-office"));
  for (const auto& [id, name] : std::array<std::array<const char*, 2>, 5>{{{"guard", "保安"},
                                                                           {"repairer", "维修工"},
                                                                           {"cleaner", "保洁员"},
                                                                           {"gardener", "绿化工"},
                                                                           {"bin-attendant", "分类督导员"}}})
    all.push_back(post(id, name, "estate-office"));
  return all;
}

std::vector<PlannedShift> shifts(const WardPlan& plan) {
  std::vector<PlannedShift> all;
  const auto shift = [&](const char* post, const places::PlaceId& place, const std::string& organisation, int from, int to, int n) {
    rosters::ShiftWords words;
    words.post = rosters::PostId{post};
    words.place = place;
    words.organisation = rosters::OrganisationId{organisation};
    for (int i = 0; i < n; ++i) words.persons.push_back(staff_id(post, place.text, i));
    words.from = {from * 60};
    words.to = {to * 60};
    if (n > 1) words.hand_out = rosters::HandOut::rotate;
    all.push_back({rosters::ShiftId{place.text + "-" + post}, std::move(words)});
  };
  for (const auto& post : posts())
    if (!post.words.above || post.words.above->text == "district-command")
      if (!post.id.text.starts_with("street-")) shift(post.id.text.c_str(), plan.district, post.id.text, 0, 24, 1);
  for (const auto& street : plan.streets)
    for (const char* post : {"street-office", "street-safety", "street-order", "street-waste", "street-care", "family-doctor"})
      shift(post, street, "org-" + street.text, 0, 24, 1);
  for (const auto& community : plan.communities) {
    shift("community-office", community, "org-" + community.text, 8, 20, 1);
    shift("community-care", community, "org-" + community.text, 8, 18, 1);
    shift("grid-worker", community, "org-" + community.text, 7, 21, 2);
  }
  for (const auto& compound : plan.compounds) {
    const std::string organisation = "org-" + compound.text;
    shift("estate-office", compound, organisation, 0, 24, 1);
    shift("guard", compound, organisation, 0, 24, 2);
    shift("repairer", compound, organisation, 7, 23, 2);
    shift("cleaner", compound, organisation, 6, 20, 2);
    shift("gardener", compound, organisation, 7, 17, 1);
    shift("bin-attendant", compound, organisation, 6, 21, 1);
  }
  return all;
}

std::vector<PlannedLogin> logins(const WardPlan& plan) {
  const auto login = [](const char* name, std::string shown, const char* role, const places::PlaceId& place,
                        const rosters::PersonId& person, std::string does) {
    accounts::AccountWords words;
    words.login = name;
    words.name = std::move(shown);
    words.role = role;
    words.place = place;
    words.person = person.text;
    return PlannedLogin{std::move(words), std::move(does)};
  };
  const auto& compound = plan.compounds.front();
  const auto& community = plan.communities.front();
  const auto& street = plan.streets.front();
  return {
      login("demo-guard", "演示保安", "guard", compound, staff_id("guard", compound.text, 0), "guard of " + compound.text),
      login("demo-repairer", "演示维修工", "worker", compound, staff_id("repairer", compound.text, 0), "repairer of " + compound.text),
      login("demo-cleaner", "演示保洁员", "worker", compound, staff_id("cleaner", compound.text, 0), "cleaner of " + compound.text),
      login("demo-property", "演示物业", "property", compound, staff_id("estate-office", compound.text, 0), "property office of " + compound.text),
      login("demo-community", "演示社区", "community", community, staff_id("community-office", community.text, 0), "community office of " + community.text),
      login("demo-street", "演示街道", "street", street, staff_id("street-office", street.text, 0), "street office of " + street.text),
      login("demo-bureau", "演示城管", "bureau", plan.district, staff_id("urban-management", plan.district.text, 0), "a bureau of the district"),
      login("demo-district", "演示城区", "operator", plan.district, staff_id("district-command", plan.district.text, 0), "the district's command centre"),
      login("demo-resident", "演示居民", "resident", compound, staff_id("resident", compound.text, 0), "somebody who lives in " + compound.text),
  };
}

}  // namespace lifang::ward
